package slack_test

import (
	"context"
	"log/slog"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"careerbot/adapters/slack"
	"careerbot/adapters/slack/slacktest"
	"careerbot/adapters/slack/slacktest/history"
	"careerbot/adapters/slack/slacktest/soak"
)

// TestSoak sends mixed events with refreshes, cut sockets, repeats, twins, 429s, 5xx and lost answers. It is short by
// itself; CAREERBOT_SLACK_SOAK=500000 makes it as long as one likes.
func TestSoak(t *testing.T) {
	events := 3000
	if testing.Short() {
		events = 500
	}
	if n, err := strconv.Atoi(os.Getenv("CAREERBOT_SLACK_SOAK")); err == nil {
		events = n
	}
	for _, http := range []bool{false, true} {
		name := "socket"
		if http {
			name = "http"
		}
		t.Run(name, func(t *testing.T) { endure(t, events, http) })
	}
}

func endure(t *testing.T, events int, http bool) {
	keep := &logs{}
	r := begin(t, setup{
		http: http,
		platform: slacktest.Options{
			// The history has to outlast the search for a post that Slack took and then denied: some seconds of the soak.
			Seed: 1, Keep: 20_000, HookLife: 30 * time.Second, Ack: 3 * time.Second, Linger: 50 * time.Millisecond,
			Retries: append([]time.Duration{0, 200 * time.Millisecond}, slices.Repeat([]time.Duration{time.Second}, 20)...),
		},
		config: func(c *slack.Config) { // less than a line for each event
			c.Times.Answer = 0 // as it is usually
			c.Logger = slog.New(slog.NewTextHandler(keep, &slog.HandlerOptions{Level: slog.LevelError}))
		},
	})
	r.echo.long = "many words "
	for _, f := range soak.Faults() {
		r.slack.Fault(f)
		if !f.Late { // what arrived at a response_url although Slack says otherwise cannot be looked up, and comes twice
			f.Method = slacktest.ResponseURL
			r.slack.Fault(f)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute+time.Duration(events)*4*time.Millisecond)
	defer cancel()
	disconnect := 300
	if http {
		disconnect = 0
	}
	report, err := soak.Run(ctx, r.slack, soak.Plan{
		Seed: 2, Events: events, Disconnect: disconnect, Duplicates: 0.01, Twins: 0.5, NoiseChance: 0.1,
		Press: func(a slacktest.Action) (question, yes bool) {
			return true, strings.HasPrefix(a.ActionID, "careerbot.ask")
		},
		Progress: func(sent int, v history.Verdict) { t.Logf("%d sent: %s", sent, v) },
	})
	t.Log(report)
	t.Logf("%.0f MiB resident, the loopback Slack included", resident())
	if err != nil || report.Lost+report.Doubled+report.Unacked+report.NoiseUnacked > 0 {
		t.Errorf("%v; lost %q, doubled %q, unacknowledged %q\n%s", err, r.slack.Lost(), r.slack.Doubled(), r.slack.Unacked(), keep)
	}
	if grown := float64(report.Heap[1]) - float64(report.Heap[0]); events >= 100_000 && grown > 8<<20 {
		t.Errorf("the heap has grown by %.1f MiB", grown/(1<<20))
	}
	if events >= 100_000 && report.Goroutines[1] > report.Goroutines[0]+200 { // those on their way come and go
		t.Errorf("there are %d goroutines, %d at the tenth", report.Goroutines[1], report.Goroutines[0])
	}
}
