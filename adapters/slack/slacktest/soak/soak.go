// Package soak sends a Slack on loopback a long run of mixed events, questions and noise, while sockets go and envelopes
// come twice, and reports what became of them.
//
// It delivers nothing by itself and knows no app: that is connected before. What goes wrong with the Web API is the
// caller's to add, as [Faults] or otherwise. It is for tests only.
package soak

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strconv"
	"time"

	"careerbot/adapters/slack/slacktest"
	"careerbot/adapters/slack/slacktest/history"
)

// Plan is what is sent. Give the platform's Options a Keep (1,000 say) and a short HookLife, so that its own memory stays
// flat.
type Plan struct {
	Seed        uint64
	Events      int                     // questions and noise in all
	InFlight    int                     // questions that are open at most; 0 is 64
	Disconnect  int                     // a socket is told to go each so many events; 0 is never
	Commands    []string                // subcommands for the slash command; nil is a few
	Words       func(*rand.Rand) string // what is asked; nil is a few words and a number
	Duplicates  float64                 // chance that an envelope comes twice, with the same id
	Twins       float64                 // chance that a mention has its message twin
	NoiseChance float64                 // chance of an event that nobody is to answer; all of them want acknowledging

	Press    func(slacktest.Action) (question, yes bool) // whether an element may be pressed and is answered; nil presses nothing
	Progress func(sent int, v history.Verdict)           // called each tenth
}

// Faults are what befalls a few posts in a hundred of a soak: limits, failures before and after the post is there,
// connections that are cut, delays. They strike chat.postMessage alone.
func Faults() []slacktest.Fault {
	faults := []slacktest.Fault{
		{Chance: 0.01, Status: 429, RetryAfter: "1"},
		{Chance: 0.005, Status: 429},
		{Chance: 0.005, Status: 503},
		{Chance: 0.005, Status: 503, Late: true},
		{Chance: 0.005, Cut: true},
		{Chance: 0.005, Cut: true, Late: true},
		{Chance: 0.005, Delay: 20 * time.Millisecond},
	}
	for i := range faults {
		faults[i].Method = "chat.postMessage"
	}
	return faults
}

// Report is what became of it.
type Report struct {
	history.Verdict
	Sent, Noise   int
	NoiseUnacked  int // events without a question that were never acknowledged
	Disconnects   int
	Took          time.Duration
	Ack, AckSlow  time.Duration // p50 and p99 of the last 65,536
	Answer, Slow  time.Duration // the same for answers
	Heap          [2]uint64     // bytes in use after a collection, at a tenth of the way and at the end
	Goroutines    [2]int        // at the same times
	Sockets       slacktest.SocketStats
	RateLimited   int // calls that got a 429
	OtherFailures int // calls that failed otherwise
}

// String is a line for each figure that matters.
func (r Report) String() string {
	return fmt.Sprintf("%d events in %s (%.0f/s): %s; noise %d, of it unacknowledged %d; %d disconnects, %d sockets, "+
		"%d calls limited, %d failed; ack p50 %s p99 %s, answer p50 %s p99 %s; heap %.1f to %.1f MiB, goroutines %d to %d",
		r.Sent, r.Took.Round(time.Second), float64(r.Sent)/r.Took.Seconds(), r.Verdict, r.Noise, r.NoiseUnacked,
		r.Disconnects, r.Sockets.Opened, r.RateLimited, r.OtherFailures, r.Ack, r.AckSlow, r.Answer, r.Slow,
		float64(r.Heap[0])/(1<<20), float64(r.Heap[1])/(1<<20), r.Goroutines[0], r.Goroutines[1])
}

// run is one under way.
type run struct {
	Plan
	s       *slacktest.Slack
	random  *rand.Rand
	teams   []slacktest.Team // with the app installed
	report  Report
	noise   []*slacktest.Delivery // not yet known to be acknowledged
	threads []slacktest.Place     // of late
}

// Run sends events as they come until there were as many as planned, and waits until all are answered or ctx ends. The
// app must be connected. Faults of the Web API are added by the caller, before.
func Run(ctx context.Context, s *slacktest.Slack, plan Plan) (Report, error) {
	k := &run{Plan: plan, s: s, random: rand.New(rand.NewPCG(plan.Seed, 2))}
	for _, t := range s.Teams() {
		if !t.Pending {
			k.teams = append(k.teams, t)
		}
	}
	if k.InFlight <= 0 {
		k.InFlight = 64
	}
	if k.Commands == nil {
		k.Commands = []string{"salary", "skills", "roles", "tools", "ask"}
	}
	if k.Words == nil {
		k.Words = someWords
	}
	began := time.Now()
	for k.report.Sent < k.Events {
		if err := s.Until(ctx, k.room); err != nil {
			return k.finish(began), err
		}
		k.next()
	}
	err := s.Until(ctx, func() bool { return s.Open() == 0 && k.quiet(0) })
	return k.finish(began), err
}

func someWords(r *rand.Rand) string {
	words := []string{"salary senior india", "which skills", "100% C++ & <tags>", "roadmap", "what is docker", "and in the US?"}
	return words[r.IntN(len(words))] + " " + strconv.Itoa(r.IntN(1_000_000))
}

// room says whether one more question may be asked now.
func (k *run) room() bool { return k.s.Open() < k.InFlight && k.s.Reachable() }

// next sends one event.
func (k *run) next() {
	k.report.Sent++
	if k.Disconnect > 0 && k.report.Sent%k.Disconnect == 0 {
		k.disconnect()
	}
	if k.random.Float64() < k.NoiseChance {
		k.sendNoise()
	} else {
		k.ask()
	}
	if len(k.noise) > 2*k.InFlight {
		k.quiet(k.InFlight)
	}
	if tenth := max(1, k.Events/10); k.report.Sent%tenth == 0 {
		if k.report.Sent == tenth {
			k.measure(0)
		}
		if k.Progress != nil {
			k.Progress(k.report.Sent, k.s.Verdict())
		}
	}
}

func (k *run) place() slacktest.Place {
	return slacktest.Place{
		Team:    k.teams[k.random.IntN(len(k.teams))].ID,
		Channel: fmt.Sprintf("C0ROOM%02d", k.random.IntN(20)),
		User:    fmt.Sprintf("U0PERSON%02d", k.random.IntN(50)),
	}
}

// ask sends a question: a command, a mention, a direct message, a follow-up in a thread, or a press of a button.
func (k *run) ask() {
	p, words := k.place(), k.Words(k.random)
	switch n := k.random.IntN(100); {
	case n < 40:
		k.sendTwice(k.s.Ask(k.s.Slash(p, "/backend", k.Commands[k.random.IntN(len(k.Commands))]+" "+words)))
	case n < 60:
		k.mention(p, words)
	case n < 80:
		k.sendTwice(k.s.Ask(k.s.SayIM(p, words)))
	case n < 90 && len(k.threads) > 0:
		old := k.threads[k.random.IntN(len(k.threads))]
		old.User = p.User
		k.mention(old, words)
	default:
		if !k.press() {
			k.mention(p, words)
		}
	}
}

func (k *run) mention(p slacktest.Place, words string) {
	i := slices.IndexFunc(k.teams, func(t slacktest.Team) bool { return t.ID == p.Team })
	e := k.s.Mention(p, "<@"+k.teams[i].BotUser+"> "+words)
	twin := k.s.Twin(e)
	d := k.s.Ask(e)
	if k.random.Float64() < k.Twins {
		k.s.Ask(twin)
	}
	k.sendTwice(d)
	k.threads = append(k.threads, slacktest.Place{Team: e.Team, Channel: e.Channel, Thread: e.Thread})
	if len(k.threads) > 100 {
		k.threads = append(k.threads[:0], k.threads[50:]...)
	}
}

func (k *run) sendTwice(d *slacktest.Delivery) {
	if k.random.Float64() < k.Duplicates {
		k.s.Resend(d)
	}
}

// press presses something on one of the last messages.
func (k *run) press() bool {
	if k.Press == nil {
		return false
	}
	for _, m := range k.s.Latest(20) {
		actions := slacktest.Actions(m)
		if len(actions) == 0 {
			continue
		}
		a := actions[k.random.IntN(len(actions))]
		question, yes := k.Press(a)
		if !yes {
			continue
		}
		e := k.s.Click(k.place(), m, a)
		if question {
			k.s.Ask(e)
		} else {
			k.noise = append(k.noise, k.s.Send(e))
			k.report.Noise++
		}
		return true
	}
	return false
}

// sendNoise sends what nobody is to answer.
func (k *run) sendNoise() {
	p, s := k.place(), k.s
	var e slacktest.Envelope
	switch k.random.IntN(8) {
	case 0:
		e = s.FromBot(p, "I am a bot", k.random.IntN(2) == 0)
	case 1:
		e = s.Changed(s.Say(p, "befor"), "before")
	case 2:
		e = s.Removed(s.Say(p, "gone"))
	case 3:
		e = s.HomeOpened(p, "home")
	case 4:
		e = s.Subtype(p, "channel_join", "joined")
	case 5:
		e = s.Say(p, "people talk to each other")
	case 6:
		e = s.Event(p, map[string]any{"type": "an_event_of_tomorrow", "user": p.User})
	default:
		e = s.Malformed(p)
	}
	k.noise = append(k.noise, s.Send(e))
	k.report.Noise++
}

// quiet forgets noise that was settled, and says whether no more than n is left.
func (k *run) quiet(n int) bool {
	left := k.noise[:0]
	for _, d := range k.noise {
		select {
		case <-d.Done():
			if out, err := d.Wait(context.Background()); err != nil || !out.Acked {
				k.report.NoiseUnacked++
			}
		default:
			left = append(left, d)
		}
	}
	clear(k.noise[len(left):])
	k.noise = left
	return len(left) <= n
}

// disconnect has one socket go, for one of Slack's reasons, or cuts it.
func (k *run) disconnect() {
	open := k.s.Sockets()
	if len(open) == 0 {
		return
	}
	k.report.Disconnects++
	number := open[k.random.IntN(len(open))]
	switch k.random.IntN(3) {
	case 0:
		k.s.Cut(number)
	case 1:
		k.s.Disconnect(number, slacktest.Warning)
	default:
		k.s.Disconnect(number, slacktest.RefreshRequested)
	}
}

func (k *run) measure(i int) {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	k.report.Heap[i], k.report.Goroutines[i] = m.HeapAlloc, runtime.NumGoroutine()
}

func (k *run) finish(began time.Time) Report {
	s := k.s
	k.report.Took = time.Since(began)
	k.quiet(0)
	k.report.NoiseUnacked += len(k.noise)
	k.measure(1)
	k.report.Verdict, k.report.Sockets = s.Verdict(), s.SocketStats()
	k.report.Ack, k.report.AckSlow = s.AckTime(0.5), s.AckTime(0.99)
	k.report.Answer, k.report.Slow = s.AnswerTime(0.5), s.AnswerTime(0.99)
	k.report.RateLimited, k.report.OtherFailures = s.Failures()
	return k.report
}
