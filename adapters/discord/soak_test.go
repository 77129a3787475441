package discord_test

import (
	"context"
	"net/http"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"careerbot/adapters"
	"careerbot/adapters/discord"
	"careerbot/adapters/discord/discordtest"
	"careerbot/adapters/discord/discordtest/campaign"
	"careerbot/adapters/discord/discordtest/object"
	"careerbot/adapters/discord/discordtest/rest"
	"careerbot/bot/chat"
)

// soakVar is how many questions TestSoak asks.
const soakVar = "CAREERBOT_DISCORD_SOAK"

// TestSoak asks questions of every kind, over the gateway and over HTTP by turns, while sessions are disturbed and REST
// fails: none is lost, none is answered twice, and neither memory nor goroutines grow.
func TestSoak(t *testing.T) {
	questions, err := strconv.Atoi(os.Getenv(soakVar))
	if err != nil {
		questions = 1000
		if testing.Short() {
			questions = 200
		}
	}
	ask, state := realBot(t)
	d := discordtest.Start(t, discordtest.Options{
		Seed: 5, Heartbeat: beat, IdentifyEvery: 10 * time.Millisecond, SessionStarts: 1 << 30, Shards: 8, MaxConcurrency: 8,
		Limits: rest.Limits{Off: true}, Keep: 20_000, // more than is asked while an answer may be tried again
		AnswerWithin: time.Minute, // what a dead session had comes late, and a busy machine is no failure here
	})
	r := signed(t, d, ask, func(c *discord.Config) {
		c.Outbox, c.Settings, c.Completer = adapters.OutboxOf(state), state, completer{}
		c.Times.Identify = 20 * time.Millisecond
		c.Times.Patience = patience // what is given once, without a courier, is lost where the machine stands still between two tries
	})
	for _, f := range []rest.Fault{
		{Chance: 0.02, Status: http.StatusTooManyRequests, RetryAfter: 20 * time.Millisecond},
		{Chance: 0.01, Status: http.StatusServiceUnavailable, Before: true},
		{Chance: 0.01, Status: http.StatusBadGateway},
		{Chance: 0.005, Cut: true},
		{Chance: 0.01, Delay: 10 * time.Millisecond},
	} {
		for _, route := range []string{"POST /channels/*/messages", "PATCH /webhooks/*/*/messages/*"} {
			f.Route = route
			d.Inject(f)
		}
		f.Route = "POST /interactions/*/*/callback"
		f.Chance /= 3 // a completion is tried four times and no more: one in 300 million is lost so, and one in 4 million with the others' chances
		d.Inject(f)
	}
	var half usage
	settle := questions / 2
	endpoint := r.web.URL + "/discord/interactions"
	got, err := campaign.Run(context.Background(), d, campaign.Settings{
		Seed: 11, Questions: questions, InFlight: 128, Guilds: 16, Members: 128, Messages: 0.05,
		Disturb: 1 / float64(min(max(questions/25, 50), 500)), Noise: 0.1, Duplicate: 0.05, Withdraw: 0.01,
		Options: [][]object.Option{
			{object.Sub("skills")},
			{object.Sub("salary", object.Str("level", "senior"), object.Str("region", "india"))},
			{object.Sub("ask", object.Str("question", "do I need a degree?"))},
			{object.Sub("help")},
		},
		Typed:          [][]object.Option{{object.Sub("skills", object.Typed("role", "dev"))}},
		MessageCommand: "Answer this question",
		Texts:          []string{"what does a senior back-end developer earn in India?", "python or go?", "what is redis?", "zanzibar"},
		Before: func(n int) {
			if n == settle {
				half = measured()
			}
			switch n % 1000 {
			case 500:
				d.SetEndpoint("")
			case 0:
				d.SetEndpoint(endpoint)
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	var end usage
	until(t, d, "as few goroutines as at half: "+half.String(), func() bool {
		end = measured()
		return end.goroutines <= half.goroutines+100
	})
	t.Logf("%s\nafter half: %s, at the end: %s", got, half, end)
	if !got.Verdict.OK() {
		t.Errorf("lost %d, doubled %d", len(got.Verdict.Lost), len(got.Verdict.Doubled))
	}
	if questions > 100_000 && end.heap > half.heap+half.heap/4+8<<20 {
		t.Errorf("the second half grew from %s to %s", half, end)
	}
	if r.log.has("panic") {
		t.Error("there was a panic")
	}
}

// usage is what the process holds.
type usage struct {
	heap       uint64
	goroutines int
	resident   string
}

func (u usage) String() string {
	return strconv.FormatUint(u.heap>>20, 10) + " MiB of heap, " + strconv.Itoa(u.goroutines) + " goroutines, resident " + u.resident
}

func measured() usage {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	u := usage{heap: m.HeapAlloc, goroutines: goroutines(), resident: "unknown"}
	if text, err := os.ReadFile("/proc/self/statm"); err == nil {
		parts := strings.Fields(string(text))
		resident, _ := strconv.Atoi(parts[1])
		u.resident = strconv.Itoa(resident*os.Getpagesize()>>20) + " MiB"
	}
	return u
}

// goroutines counts all but those of kept connections: of these there are as many as requests were once on their way together.
func goroutines() int {
	all := make([]byte, 1<<20)
	for n := runtime.Stack(all, true); ; n = runtime.Stack(all, true) {
		if n < len(all) {
			all = all[:n]
			break
		}
		all = make([]byte, 2*len(all))
	}
	count := 0
	for one := range strings.SplitSeq(string(all), "\n\n") {
		idle := strings.Contains(one, "net/http.(*conn).serve(") && strings.Contains(one, " [IO wait")
		if !idle && !strings.Contains(one, "net/http.(*persistConn).") {
			count++
		}
	}
	return count
}

// completer completes everything to one thing.
type completer struct{}

func (completer) Complete(_, typed string, _ int) []chat.Choice {
	return []chat.Choice{{Label: typed + " developer", Value: typed + " developer"}}
}
