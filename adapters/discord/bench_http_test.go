//go:build unix

package discord_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"careerbot/adapters"
	"careerbot/adapters/discord"
	"careerbot/adapters/discord/discordtest"
	"careerbot/bot"
	"careerbot/bot/store"
)

// inFlight is how many interactions are on their way at once, as the bar has it.
const inFlight = 16

// benchQuestions are what people ask: most of what a server sees, pictures too.
func benchQuestions(d *discordtest.Server, who discordtest.Caller) []discordtest.Interaction {
	sub := func(name string, options ...discordtest.Option) discordtest.Interaction {
		return d.Command(who, "backend", discordtest.Sub(name, options...))
	}
	return []discordtest.Interaction{
		sub("salary", discordtest.Str("level", "senior"), discordtest.Str("region", "india")),
		sub("skills"), sub("tools", discordtest.Str("tool", "databases")), sub("roles", discordtest.Str("role", "devops engineer")),
		sub("compare", discordtest.Str("first", "rest"), discordtest.Str("second", "graphql")),
		sub("roadmap"), sub("next", discordtest.Str("known", "python, sql")),
		sub("ask", discordtest.Str("question", "do I need a degree?")), sub("sources"), sub("help"),
	}
}

// realBot is the bot with its embedded knowledge, and a state in SQLite.
func realBot(tb testing.TB) (askerFunc, *store.Store) {
	tb.Helper()
	ctx := context.Background()
	lib, err := bot.OpenLibrary(ctx, bot.LibraryConfig{Builtin: true})
	if err != nil {
		tb.Fatal(err)
	}
	state, err := store.Open(ctx, "sqlite:"+filepath.Join(tb.TempDir(), "state.db"), store.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := state.Close(); err != nil {
			tb.Error(err)
		}
		if err := lib.Close(); err != nil {
			tb.Error(err)
		}
	})
	return bot.New(lib, bot.WithJournal(state), bot.WithTurns(state), bot.WithCache(1000)).Ask, state // as serve has it
}

// BenchmarkHTTP measures signed interactions over HTTP to the reply in hand: signing, loopback, verification, claim in
// SQLite, bot, drawing and load generator all on the same processors.
func BenchmarkHTTP(b *testing.B) {
	ask, state := realBot(b)
	d := discordtest.Start(b, quick(discordtest.Options{Heartbeat: time.Minute}))
	r := online(b, d, ask, func(c *discord.Config) {
		c.PublicKey, c.Outbox = d.PublicKey(), adapters.OutboxOf(state)
	})
	var bodies [][]byte
	for _, q := range benchQuestions(d, member(d)) {
		body, err := json.Marshal(q)
		if err != nil {
			b.Fatal(err)
		}
		bodies = append(bodies, bytes.ReplaceAll(body, []byte(q.ID), []byte("%ID%")))
	}
	var serial atomic.Uint64
	serial.Store(1 << 60)
	var mu sync.Mutex
	var all []time.Duration
	var peers sync.WaitGroup
	var left atomic.Int64
	left.Store(int64(b.N))
	b.ResetTimer()
	begin, used := time.Now(), cpu()
	for range inFlight {
		peers.Go(func() {
			var mine []time.Duration
			c, err := dial(r.web.Listener.Addr().String())
			if err != nil {
				b.Error(err)
				return
			}
			defer c.Close()
			for left.Add(-1) >= 0 {
				n := serial.Add(1)
				body := bytes.ReplaceAll(bodies[n%uint64(len(bodies))], []byte("%ID%"), fmt.Append(nil, n))
				t := time.Now()
				if err := c.post(d.Sign(body, t)); err != nil {
					b.Error(err)
					return
				}
				mine = append(mine, time.Since(t))
			}
			mu.Lock()
			all = append(all, mine...)
			mu.Unlock()
		})
	}
	peers.Wait()
	took := time.Since(begin)
	b.StopTimer()
	report(b, all, took, cpu()-used)
}

// peer is a kept connection to the bot, which costs the load generator less than an http.Client.
type peer struct {
	net.Conn
	in      *bufio.Reader
	request []byte
}

func dial(address string) (*peer, error) {
	c, err := new(net.Dialer).DialContext(context.Background(), "tcp", address)
	if err != nil {
		return nil, err
	}
	return &peer{Conn: c, in: bufio.NewReader(c)}, nil
}

// post sends an interaction and reads the reply to its end.
func (p *peer) post(s discordtest.Signed) error {
	p.request = fmt.Appendf(p.request[:0], "POST /discord/interactions HTTP/1.1\r\nHost: bot\r\nContent-Type: application/json\r\n"+
		"X-Signature-Timestamp: %s\r\nX-Signature-Ed25519: %s\r\nContent-Length: %d\r\n\r\n", s.Timestamp, s.Signature, len(s.Body))
	if _, err := p.Write(append(p.request, s.Body...)); err != nil {
		return err
	}
	res, err := http.ReadResponse(p.in, nil)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if _, err = io.Copy(io.Discard, res.Body); err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("the status is %d", res.StatusCode)
	}
	return err
}

// cpu is the processor time that this process has used: on a machine that others use too it says more than the clock.
func cpu() time.Duration {
	var r syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &r) != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

func report(b *testing.B, all []time.Duration, took, used time.Duration) {
	b.Helper()
	if len(all) == 0 {
		return
	}
	b.ReportMetric(used.Seconds()*1000/float64(len(all)), "cpu-ms/answer")
	slices.Sort(all)
	b.ReportMetric(float64(len(all))/took.Seconds(), "answers/s")
	b.ReportMetric(float64(all[len(all)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(all[len(all)*99/100].Microseconds())/1000, "p99-ms")
}
