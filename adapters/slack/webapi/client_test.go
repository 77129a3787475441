package webapi_test

import (
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"careerbot/adapters"
	"careerbot/adapters/slack/slacktest"
	"careerbot/adapters/slack/webapi"
)

// tally counts calls by what became of them.
type tally struct {
	adapters.Meter

	mu     sync.Mutex
	counts map[string]int
}

func (c *tally) Called(_, outcome string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.counts[outcome]++
}

func begin(t *testing.T) (*slacktest.Slack, *webapi.Client, *tally) {
	t.Helper()
	s := slacktest.Start(t, slacktest.Options{})
	counted := &tally{Meter: adapters.Metered(nil), counts: map[string]int{}}
	client := webapi.New(s.URL(), time.Minute, 4, counted)
	t.Cleanup(client.Close)
	return s, client, counted
}

func TestCallsAreCounted(t *testing.T) {
	t.Parallel()
	s, client, counted := begin(t)
	token := adapters.Secret(s.Team(0).BotToken)
	call := func(token adapters.Secret) error {
		var said slack.SlackResponse
		return client.Call(t.Context(), "auth.test", token, url.Values{}, &said)
	}
	if err := call(token); err != nil {
		t.Error(err)
	}
	if err := call("xoxb-wrong"); !webapi.OneOf(err, "invalid_auth") || !strings.HasPrefix(err.Error(), "auth.test: ") {
		t.Errorf("a wrong token: %v", err)
	}
	s.Fault(slacktest.Fault{Method: "auth.test", Status: 429, RetryAfter: "3", Times: 1})
	if err := call(token); webapi.RetryAfter(err) != 3*time.Second {
		t.Errorf("a limit: %v", err)
	}
	s.Fault(slacktest.Fault{Method: "auth.test", Cut: true, Times: 1})
	if err := call(token); !webapi.Unclear(err) || strings.Contains(err.Error(), s.URL()) {
		t.Errorf("a cut connection: %v", err)
	}
	counted.mu.Lock()
	defer counted.mu.Unlock()
	for _, outcome := range []string{adapters.CallOK, adapters.CallRefused, adapters.CallLimited, adapters.CallFailed} {
		if counted.counts[outcome] != 1 {
			t.Errorf("%s: %d calls", outcome, counted.counts[outcome])
		}
	}
}

// TestHookSaysWhy: a response_url answers in words, and its address stays out of every error.
func TestHookSaysWhy(t *testing.T) {
	t.Parallel()
	s, client, _ := begin(t)
	gone := strings.TrimSuffix(s.URL(), "api/") + "hooks/secret"
	for _, address := range []string{gone, "http://127.0.0.1:1/secret", "://secret"} {
		err := client.Hook(t.Context(), address, map[string]string{"text": "x"})
		if err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", address, err)
		}
	}
	if err := client.Hook(t.Context(), gone, map[string]string{"text": "x"}); !webapi.Spent(err) {
		t.Errorf("an address that is not there: %v", err)
	}
	if err := client.Hook(t.Context(), gone, make(chan int)); !webapi.Refused(err) {
		t.Errorf("what is no JSON: %v", err)
	}
}
