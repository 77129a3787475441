//go:build unix

package discord_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
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
	return bot.New(lib).Ask, state
}

// BenchmarkHTTP measures signed interactions over HTTP to the reply in hand: signing, loopback, verification, claim in
// SQLite, bot, drawing and load generator all on the same processors.
func BenchmarkHTTP(b *testing.B) {
	ask, state := realBot(b)
	d := discordtest.Start(b, quick(discordtest.Options{Heartbeat: time.Minute}))
	r := online(b, d, ask, func(c *discord.Config) {
		c.PublicKey, c.Outbox = d.PublicKey(), adapters.OutboxOf(state)
	})
	url := r.web.URL + "/discord/interactions"
	var bodies [][]byte
	for _, q := range benchQuestions(d, member(d)) {
		body, err := json.Marshal(q)
		if err != nil {
			b.Fatal(err)
		}
		bodies = append(bodies, bytes.ReplaceAll(body, []byte(q.ID), []byte("%ID%")))
	}
	transport := &http.Transport{MaxIdleConns: inFlight, MaxIdleConnsPerHost: inFlight, DisableCompression: true}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport}
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
			for left.Add(-1) >= 0 {
				n := serial.Add(1)
				body := bytes.ReplaceAll(bodies[n%uint64(len(bodies))], []byte("%ID%"), fmt.Append(nil, n))
				t := time.Now()
				reply, err := d.Sign(body, t).Do(context.Background(), client, url)
				if err != nil || reply.Status != http.StatusOK {
					b.Errorf("%v %d %s", err, reply.Status, reply.Body)
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
