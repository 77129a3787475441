package soak_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"careerbot/adapters/slack/slacktest"
	"careerbot/adapters/slack/slacktest/history"
	"careerbot/adapters/slack/slacktest/soak"
)

// parrot is the smallest app that answers everything, over HTTP. It trusts whoever calls.
type parrot struct {
	slack  *slacktest.Slack
	silent bool // acknowledges, and answers commands only

	mu   sync.Mutex
	seen map[string]bool
}

func (p *parrot) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	if r.URL.Path == "/slack/commands" {
		_, _ = io.WriteString(w, `{"text":"an answer"}`)
		return
	}
	var e struct {
		Team  string `json:"team_id"`
		Event struct {
			Type, Subtype, Channel, TS string
			Thread                     string `json:"thread_ts"`
			Kind                       string `json:"channel_type"`
			Bot                        string `json:"bot_id"`
		}
	}
	if json.NewDecoder(r.Body).Decode(&e) != nil || p.silent || e.Event.Bot != "" || e.Event.Subtype != "" {
		return
	}
	if e.Event.Type != "app_mention" && e.Event.Kind != "im" || !p.first(e.Event.Channel+e.Event.TS) {
		return
	}
	if e.Event.Thread == "" {
		e.Event.Thread = e.Event.TS
	}
	body, _ := json.Marshal(map[string]string{"channel": e.Event.Channel, "thread_ts": e.Event.Thread, "text": "an answer"})
	post, err := http.NewRequestWithContext(r.Context(), http.MethodPost, p.slack.URL()+"chat.postMessage", bytes.NewReader(body))
	if err != nil {
		return
	}
	post.Header.Set("Content-Type", "application/json")
	post.Header.Set("Authorization", "Bearer "+p.slack.Team(0).BotToken)
	_, _, _, _ = p.slack.Post(post) // what is not answered is in the report
}

// first says whether a message is seen for the first time.
func (p *parrot) first(message string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	again := p.seen[message]
	p.seen[message] = true
	return !again
}

// connect has a Slack deliver to a parrot.
func connect(t *testing.T, silent bool) *slacktest.Slack {
	t.Helper()
	s := slacktest.Start(t, slacktest.Options{Seed: 1, Ack: time.Minute})
	server := httptest.NewServer(&parrot{slack: s, silent: silent, seen: map[string]bool{}})
	t.Cleanup(server.Close)
	s.Connect(slacktest.Target{Base: server.URL})
	return s
}

func TestRunReports(t *testing.T) {
	t.Parallel()
	const events = 300
	s := connect(t, false)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	told := 0
	report, err := soak.Run(ctx, s, soak.Plan{
		Seed: 2, Events: events, InFlight: 8, Twins: 0.5, NoiseChance: 0.2,
		Progress: func(int, history.Verdict) { told++ },
	})
	if err != nil || report.Lost+report.Doubled+report.Unacked+report.NoiseUnacked+report.Stray > 0 {
		t.Errorf("%v; %s", err, report)
	}
	if report.Sent != events || report.Noise == 0 || report.Asked != events-report.Noise || report.Answered != report.Asked || told != 10 {
		t.Errorf("told %d times; %s", told, report)
	}
	if line := report.String(); !strings.HasPrefix(line, "300 events in ") || report.Heap[0] == 0 || report.Goroutines[1] == 0 {
		t.Errorf("the report says %s", line)
	}
}

// TestRunNoticesSilence: a run with an app that acknowledges and says nothing ends with its context, and reports the loss.
func TestRunNoticesSilence(t *testing.T) {
	t.Parallel()
	s := connect(t, true)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	report, err := soak.Run(ctx, s, soak.Plan{Seed: 2, Events: 50, Progress: func(sent int, _ history.Verdict) {
		if sent == 50 {
			cancel()
		}
	}})
	if err == nil || report.Sent != 50 || report.Lost == 0 {
		t.Errorf("%v; %s", err, report)
	}
}

func TestFaultsStrikePostsAlone(t *testing.T) {
	t.Parallel()
	chance := 0.0
	for _, f := range soak.Faults() {
		if chance += f.Chance; f.Method != "chat.postMessage" {
			t.Errorf("%+v", f)
		}
	}
	if chance < 0.03 || chance > 0.05 {
		t.Errorf("%.3f of all posts are struck", chance)
	}
}
