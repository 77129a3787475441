package slacktest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"careerbot/adapters/slack/slacktest"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
)

// hosted is a small app behind HTTP, with slack-go's verifier and parsers.
type hosted struct {
	s *slacktest.Slack

	mu    sync.Mutex
	seen  []string // what came: path, retry number, text
	fails []func(http.ResponseWriter, *http.Request)
}

func host(t *testing.T, s *slacktest.Slack) *hosted {
	t.Helper()
	h := &hosted{s: s}
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	s.Connect(slacktest.Target{Base: server.URL})
	return h
}

func (h *hosted) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	if strings.Contains(string(body), "ssl_check=1") {
		return
	}
	verifier, err := slack.NewSecretsVerifier(r.Header, h.s.App().SigningSecret)
	if err == nil {
		_, _ = verifier.Write(body)
		err = verifier.Ensure()
	}
	if err != nil {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	h.mu.Lock()
	h.seen = append(h.seen, r.URL.Path+" "+r.Header.Get("X-Slack-Retry-Num")+" "+r.Header.Get("X-Slack-Retry-Reason"))
	var fail func(http.ResponseWriter, *http.Request)
	if len(h.fails) > 0 {
		fail, h.fails = h.fails[0], h.fails[1:]
	}
	h.mu.Unlock()
	if fail != nil {
		fail(w, r)
		return
	}
	r.Body = io.NopCloser(strings.NewReader(string(body)))
	switch r.URL.Path {
	case "/slack/commands":
		command, _ := slack.SlashCommandParse(r)
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{"text": "answer: " + command.Text, "response_type": "in_channel"})
	case "/slack/events":
		var challenge slackevents.ChallengeResponse
		if json.Unmarshal(body, &challenge) == nil && challenge.Challenge != "" {
			_, _ = io.WriteString(w, challenge.Challenge)
		}
	case "/slack/interactions":
		if _, err := slack.InteractionCallbackParse(r); err != nil {
			w.WriteHeader(http.StatusBadRequest)
		}
	}
}

func TestHTTPDeliveries(t *testing.T) {
	t.Parallel()
	s := newSlack(t, slacktest.Options{})
	host(t, s)
	ctx := within(t)
	if err := s.Verify(ctx); err != nil {
		t.Error(err)
	}
	if status, err := s.SSLCheck(ctx); err != nil || status != http.StatusOK {
		t.Errorf("ssl_check gave %d, %v", status, err)
	}
	out, err := s.Ask(s.Slash(slacktest.Place{}, "/backend", "100% C++")).Wait(ctx)
	if err != nil || !out.Acked || out.Status != http.StatusOK {
		t.Fatalf("outcome is %+v, %v", out, err)
	}
	m := s.Messages()[0]
	if m.Text != "answer: 100% C++" || m.Ephemeral != "" {
		t.Errorf("answer is %+v", m)
	}
	out, err = s.Send(s.Click(slacktest.Place{}, m, slacktest.Action{Type: "button", ActionID: "more"})).Wait(ctx)
	if err != nil || !out.Acked {
		t.Errorf("a click ended with %+v, %v", out, err)
	}
	if v := s.Verdict(); v.Answered != 1 || v.Lost+v.Doubled != 0 {
		t.Errorf("verdict is %s", v)
	}
}

func TestBadSignatures(t *testing.T) {
	t.Parallel()
	s := newSlack(t, slacktest.Options{})
	host(t, s)
	for how, want := range map[slacktest.Tamper]int{
		slacktest.Genuine: 200, slacktest.Forged: 401, slacktest.Stale: 401, slacktest.Future: 401,
		slacktest.Malformed: 401, slacktest.Unsigned: 401, slacktest.Altered: 401,
	} {
		r, err := s.Request(within(t), s.Mention(slacktest.Place{}, "hello"), how)
		if err != nil {
			t.Fatal(err)
		}
		if status, _, _, err := s.Post(r); err != nil || status != want {
			t.Errorf("tamper %d gave status %d, %v; want %d", how, status, err, want)
		}
	}
}

func TestHTTPRetries(t *testing.T) {
	t.Parallel()
	s := newSlack(t, slacktest.Options{Ack: 10 * time.Second, Retries: []time.Duration{0, 0, 0}})
	h := host(t, s)
	h.fails = []func(http.ResponseWriter, *http.Request){
		func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) },
		func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, // too slow
	}
	out, err := s.Send(s.Mention(slacktest.Place{}, "hello")).Wait(within(t))
	if err != nil || !out.Acked || out.Attempts != 3 {
		t.Fatalf("outcome is %+v, %v", out, err)
	}
	h.mu.Lock()
	got := strings.Join(h.seen, ",")
	h.mu.Unlock()
	if want := "/slack/events  ,/slack/events 1 http_error,/slack/events 2 http_timeout"; got != want {
		t.Errorf("deliveries were %q, want %q", got, want)
	}
	h.mu.Lock()
	h.fails = []func(http.ResponseWriter, *http.Request){func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Slack-No-Retry", "1")
		w.WriteHeader(http.StatusInternalServerError)
	}}
	h.mu.Unlock()
	out, err = s.Send(s.Mention(slacktest.Place{}, "hello")).Wait(within(t))
	if err != nil || out.Acked || out.Attempts != 1 || out.Failure != "http_error" {
		t.Errorf("with X-Slack-No-Retry the outcome is %+v, %v", out, err)
	}
}
