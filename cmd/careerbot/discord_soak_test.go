package main

import (
	"fmt"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"careerbot/adapters/discord/discordtest"
	"careerbot/adapters/discord/discordtest/campaign"
	"careerbot/adapters/discord/discordtest/ledger"
	"careerbot/adapters/discord/discordtest/object"
	"careerbot/adapters/discord/discordtest/rest"
)

// discordSoakVar is how many questions TestDiscordSoak asks.
const discordSoakVar = "CAREERBOT_DISCORD_SOAK"

// maxResident is how many bytes the program may hold in memory.
const maxResident = 128 << 20

// Measures of the soak.
const (
	soakShards   = 16 // of the gateway: a session that is silent for seconds holds up a sixteenth of what goes on
	soakInFlight = 64 // what the program holds in memory goes by this, and more is no faster on two cores
	soakMessages = 0.05
	soakSamples  = 40 // of memory and goroutines
)

// TestDiscordSoak asks the real program questions of every kind, over HTTP and over the gateway by turns, while its
// sessions are disturbed, REST fails and it is killed: none is lost, none is answered twice, none is left without a word,
// and its memory and goroutines stay few and flat. CAREERBOT_DISCORD_SOAK=500000 makes it as long as one likes.
//
// The kills come in its first quarter; the life after them is the one that is measured. One question in 20 is a message:
// answers to those go out at 50 a second, Discord's limit, which the program keeps to.
func TestDiscordSoak(t *testing.T) {
	s := newDiscordSoak(t, numberOf(discordSoakVar, 600))
	got, err := campaign.Run(t.Context(), s.discord, campaign.Settings{
		Seed: 2, Questions: s.questions, InFlight: soakInFlight, Guilds: 2 * soakShards, Members: 256, Messages: soakMessages,
		Disturb: 1 / float64(min(max(s.questions/25, 50), 500)), Noise: 0.1, Duplicate: 0.05,
		Options: [][]object.Option{
			{object.Sub("skills")},
			{object.Sub("salary", object.Str("level", "senior"), object.Str("region", "india"))},
			{object.Sub("ask", object.Str("question", "do I need a degree?"))},
			{object.Sub("help")},
		},
		Typed:          [][]object.Option{{object.Sub("skills", object.Typed("role", "dev"))}},
		MessageCommand: "Answer this question",
		Texts:          []string{"what does a senior back-end developer earn in India?", "python or go?", "what is redis?", "zanzibar"},
		Before:         func(n int) { s.before(t, n) },
	})
	if err != nil {
		t.Fatal(err)
	}
	s.sample(t)
	peak := s.process.peak()
	within(t, startWait, "nothing is promised", func() bool { return s.outbox(t.Context()) == "0" })
	s.process.stop(t)
	t.Logf("%s\n%d kills; resident at most %d MiB; in %s", got, s.kills, peak>>20, got.Took.Round(time.Second))
	s.judge(t, got.Verdict)
	s.flat(t, peak)
}

// discordSoak is a soak under way.
type discordSoak struct {
	*discordCampaign
	process   *discordProcess
	questions int
	kills     int
	last      string // an id made at the last kill
	samples   []discordUsage
}

// discordUsage is what the program holds in a moment.
type discordUsage struct{ resident, goroutines int }

func newDiscordSoak(t *testing.T, questions int) *discordSoak {
	t.Helper()
	c := newDiscordCampaign(t, true, discordtest.Options{
		// The library gives a session up that has no answer to its heartbeat for five of them: more than a machine stands still.
		Heartbeat: 2 * time.Second, Shards: soakShards, MaxConcurrency: soakShards,
		Keep: 20_000, // half a minute of questions: what is asked while an answer may be tried again
	})
	for _, f := range []rest.Fault{
		{Chance: 0.01, Status: http.StatusTooManyRequests, RetryAfter: 20 * time.Millisecond},
		{Chance: 0.005, Status: http.StatusServiceUnavailable, Before: true},
		{Chance: 0.01, Status: http.StatusBadGateway},
		{Chance: 0.01, Cut: true},
		{Chance: 0.05, Delay: 15 * time.Millisecond},
	} {
		for _, route := range []string{"POST /channels/*/messages", "POST /interactions/*/*/callback", "PATCH /webhooks/*/*/messages/*"} {
			f.Route = route
			c.discord.Inject(f)
		}
	}
	s := &discordSoak{discordCampaign: c, questions: questions, process: c.start(t)}
	c.ask(0)
	within(t, startWait, "it answers", func() bool { return c.discord.Open() == 0 }) // a session cut before its READY is none yet
	return s
}

// before is called before the n-th question.
func (s *discordSoak) before(t *testing.T, n int) {
	t.Helper()
	turn, quarter := max(min(s.questions/8, 500), 1), max(s.questions/4, 1)
	switch n / turn % 2 {
	case 0:
		s.discord.SetEndpoint(s.endpoint)
	default:
		s.discord.SetEndpoint("")
	}
	if every := max(quarter/10, 100); n > 0 && n <= quarter && n%every == every/2 {
		s.kill(t, s.process)
		s.last = s.discord.ID()
		s.checkLog(t, s.process)
		s.process = s.start(t)
		s.kills++
	}
	if n > quarter && n%max((s.questions-quarter)/soakSamples, 1) == 0 {
		s.sample(t)
	}
}

// sample notes what the program holds.
func (s *discordSoak) sample(t *testing.T) {
	t.Helper()
	goroutines, _ := strconv.Atoi(s.metric(t.Context(), "go_goroutines"))
	s.samples = append(s.samples, discordUsage{s.process.resident(), goroutines})
	if len(s.samples)%(soakSamples/8) == 0 {
		t.Logf("%s: %s", s.discord.Verdict(), s.samples[len(s.samples)-1])
	}
}

// judge wants every question to be answered once, but for those that nobody had claimed when the program was killed.
func (s *discordSoak) judge(t *testing.T, v ledger.Verdict) {
	t.Helper()
	log := s.process.log.String()
	if !v.OK() {
		t.Errorf("lost %v, doubled %v\n%s", v.Lost, v.Doubled, log)
	}
	for _, id := range v.Lost {
		t.Log(s.about(id))
	}
	for _, id := range v.Undelivered {
		if id > s.last {
			t.Errorf("asked after the last kill and without an answer: %s", s.about(id))
		}
	}
	if t.Failed() {
		t.Log(log) // says what became of the sessions
	}
	for _, id := range s.claimed(t, v.Undelivered) {
		t.Errorf("it was claimed and has no answer: %s", s.about(id))
	}
	s.checkLog(t, s.process)
	for _, words := range []string{"an event is dropped", "a question is not taken"} { // it was not to be that busy
		if strings.Contains(log, words) {
			t.Errorf("the log says %q\n%s", words, log)
		}
	}
}

// about is what is known of a question.
func (s *discordSoak) about(id string) string {
	x, ok := s.discord.Exchange(id)
	if !ok {
		return id + ", a message, or forgotten"
	}
	return fmt.Sprintf("%s of %s, type %d, %s: response %+v, refused %v, missed %v",
		id, x.Sent.Format(time.RFC3339Nano), x.Interaction.Type, x.Interaction.Data, x.Response, x.Refused, x.Missed)
}

// flat compares the last quarter with that before the middle. What is on its way comes and goes.
func (s *discordSoak) flat(t *testing.T, peak int) {
	t.Helper()
	if peak > maxResident {
		t.Errorf("the program has held %d MiB, more than %d", peak>>20, maxResident>>20)
	}
	busy := s.samples[:len(s.samples)-1]
	first, last := most(busy[:len(busy)/3]), most(busy[len(busy)-len(busy)/3:])
	idle := s.samples[len(busy)]
	t.Logf("first third at most %s; last third at most %s; at the end %s", first, last, idle)
	if s.questions < 20_000 {
		return // the index, the database's pages and the charts are still being filled in
	}
	if last.resident > first.resident+first.resident/5 || last.goroutines > first.goroutines+soakInFlight {
		t.Errorf("the program has grown: %v", s.samples)
	}
}

// String is for people.
func (u discordUsage) String() string {
	return fmt.Sprintf("%d MiB and %d goroutines", u.resident>>20, u.goroutines)
}

// most is the most of each.
func most(list []discordUsage) (u discordUsage) {
	for _, one := range list {
		u.resident, u.goroutines = max(u.resident, one.resident), max(u.goroutines, one.goroutines)
	}
	return u
}

// resident is how many bytes the process holds in memory; 0 where that cannot be seen.
func (p *discordProcess) resident() int { return p.held("VmRSS:") }

// peak is the most that resident ever was.
func (p *discordProcess) peak() int { return p.held("VmHWM:") }

// held is a line of the process's status, in bytes.
func (p *discordProcess) held(name string) int {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	parts := strings.Fields(string(text))
	kib, err := strconv.Atoi(parts[min(slices.Index(parts, name)+1, len(parts)-1)])
	if err != nil {
		return 0
	}
	return kib << 10
}
