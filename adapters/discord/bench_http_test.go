//go:build unix

package discord_test

import (
	"bytes"
	"context"
	"encoding/json"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"careerbot/adapters"
	"careerbot/adapters/adaptertest"
	"careerbot/adapters/discord"
	"careerbot/adapters/discord/discordtest"
	"careerbot/adapters/discord/discordtest/object"
	"careerbot/bot"
	"careerbot/bot/store"
)

// inFlight is how many interactions are on their way at once, as the bar has it.
const inFlight = 16

// benchQuestions are what people ask: most of what a server sees, pictures too.
func benchQuestions(d *discordtest.Server, who discordtest.Caller) []object.Interaction {
	sub := func(name string, options ...object.Option) object.Interaction {
		return d.Command(who, "backend", object.Sub(name, options...))
	}
	return []object.Interaction{
		sub("salary", object.Str("level", "senior"), object.Str("region", "india")),
		sub("skills"), sub("tools", object.Str("tool", "databases")), sub("roles", object.Str("role", "devops engineer")),
		sub("compare", object.Str("first", "rest"), object.Str("second", "graphql")),
		sub("roadmap"), sub("next", object.Str("known", "python, sql")),
		sub("ask", object.Str("question", "do I need a degree?")), sub("sources"), sub("help"),
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

// BenchmarkHTTP measures signed interactions over HTTP to the reply in hand: loopback, verification, claim in SQLite, bot,
// drawing and load generator all on the same processors. They are signed before, as load generators send what they hold.
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
	load := adaptertest.Load{
		Address: r.web.Listener.Addr().String(), Path: "/discord/interactions", InFlight: inFlight, Posts: b.N,
	}
	body := func(n int) []byte {
		return bytes.ReplaceAll(bodies[n%len(bodies)], []byte("%ID%"), strconv.AppendUint(nil, 1<<60+uint64(n), 10))
	}
	headers := make([]string, b.N)
	for i := range headers {
		s := d.Sign(body(i+1), time.Now().Add(20*time.Second)) // of 30 that clocks may differ: the last is sent long after it was signed
		headers[i] = "Content-Type: application/json\r\nX-Signature-Timestamp: " + s.Timestamp + "\r\nX-Signature-Ed25519: " + s.Signature + "\r\n"
	}
	load.Post = func(n int) (string, []byte) { return headers[n-1], body(n) }
	b.ResetTimer()
	used := cpu()
	took, err := load.Run(b.Context())
	used = cpu() - used
	b.StopTimer()
	if err != nil {
		b.Error(err)
	}
	report(b, took, used)
}

// cpu is the processor time that this process has used: on a machine that others use too it says more than the clock.
func cpu() time.Duration {
	var r syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &r) != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

func report(b *testing.B, took adaptertest.Took, used time.Duration) {
	b.Helper()
	if len(took.Posts) == 0 {
		return
	}
	b.ReportMetric(used.Seconds()*1000/float64(len(took.Posts)), "cpu-ms/answer")
	b.ReportMetric(took.PerSecond(), "answers/s")
	b.ReportMetric(float64(took.Quantile(0.5).Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took.Quantile(0.99).Microseconds())/1000, "p99-ms")
}
