package slacktest_test

import (
	"context"
	"os"
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"

	"careerbot/adapters/slack/slacktest"
	"careerbot/adapters/slack/slacktest/history"
	"careerbot/adapters/slack/slacktest/soak"
)

// TestSoak is short by itself; SLACKTEST_SOAK=500000 makes it as long as one likes.
func TestSoak(t *testing.T) {
	events := 4000
	if testing.Short() {
		events = 2000
	}
	if n, err := strconv.Atoi(os.Getenv("SLACKTEST_SOAK")); err == nil {
		events = n
	}
	s := newSlack(t, slacktest.Options{
		// The history has to outlast the search for a post that Slack took and then denied.
		Seed: 1, Keep: 20_000, HookLife: 10 * time.Second, Ack: 3 * time.Second, Linger: 50 * time.Millisecond,
		Retries: append([]time.Duration{0, 200 * time.Millisecond}, slices.Repeat([]time.Duration{time.Second}, 20)...),
	})
	for _, f := range soak.Faults() {
		s.Fault(f)
	}
	run(t, s, &app{sockets: 2, atOnce: true, ackBad: true})
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute+time.Duration(events)*2*time.Millisecond)
	defer cancel()
	report, err := soak.Run(ctx, s, soak.Plan{
		Seed: 2, Events: events, Disconnect: 500, Duplicates: 0.01, Twins: 0.5, NoiseChance: 0.1,
		Progress: func(sent int, v history.Verdict) { t.Logf("%d sent: %s", sent, v) },
	})
	t.Log(report)
	if err != nil || report.Lost+report.Doubled+report.Unacked+report.NoiseUnacked+report.Stray > 0 {
		t.Errorf("%v; lost %q, doubled %q, unacknowledged %q", err, s.Lost(), s.Doubled(), s.Unacked())
	}
	if report.Failed > 64*report.Disconnects { // slack-go drops what is on its way to a socket that it closes
		t.Errorf("%d commands failed with %d disconnects", report.Failed, report.Disconnects)
	}
}

// TestNothingIsLeftRunning counts goroutines around a whole life.
func TestNothingIsLeftRunning(t *testing.T) {
	before := runtime.NumGoroutine()
	t.Run("life", func(t *testing.T) {
		s := newSlack(t, slacktest.Options{Linger: time.Millisecond})
		run(t, s, &app{sockets: 3})
		for range 20 {
			s.Ask(s.Mention(slacktest.Place{}, "hello"))
		}
		settledOK(t, s, 20)
		s.Disconnect(0, slacktest.RefreshRequested)
		s.Send(s.Mention(slacktest.Place{}, "never acknowledged"))
	})
	deadline := time.Now().Add(limit)
	for runtime.NumGoroutine() > before && time.Now().Before(deadline) {
		runtime.Gosched()
	}
	if after := runtime.NumGoroutine(); after > before {
		stacks := make([]byte, 1<<20)
		t.Errorf("%d goroutines before, %d after:\n%s", before, after, stacks[:runtime.Stack(stacks, true)])
	}
}
