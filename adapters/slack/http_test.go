package slack_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"careerbot/adapters/slack"
	"careerbot/adapters/slack/slacktest"
)

func TestSignatureVectors(t *testing.T) {
	t.Parallel()
	vectors, err := slacktest.Vectors()
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range vectors {
		t.Run(v.Name, func(t *testing.T) {
			t.Parallel()
			a := slack.New(slack.Config{SigningSecret: slack.Secret(v.Secret), Now: func() time.Time { return time.Unix(v.Clock, 0) }})
			mux := http.NewServeMux()
			a.Mount(mux)
			r := httptest.NewRequest(http.MethodPost, "/slack/commands", strings.NewReader(v.Body))
			if v.Timestamp != "" {
				r.Header.Set("X-Slack-Request-Timestamp", v.Timestamp)
			}
			if v.Signature != "" {
				r.Header.Set("X-Slack-Signature", v.Signature)
			}
			w := httptest.NewRecorder()
			mux.ServeHTTP(w, r)
			accepted := w.Code != http.StatusUnauthorized
			if v.Verdict == "accept" && !accepted || v.Verdict == "refuse" && accepted {
				t.Errorf("status %d; it should %s", w.Code, v.Verdict)
			}
		})
	}
	if len(vectors) < 24 {
		t.Errorf("there are %d vectors only", len(vectors))
	}
}

func TestTamperedRequestsAreRefused(t *testing.T) {
	t.Parallel()
	r := begin(t, setup{http: true})
	for _, how := range []slacktest.Tamper{slacktest.Forged, slacktest.Stale, slacktest.Future, slacktest.Malformed, slacktest.Unsigned, slacktest.Altered} {
		for _, e := range []slacktest.Envelope{r.slack.Slash(slacktest.Place{}, "/backend", "x"), r.slack.Mention(slacktest.Place{}, "<@U0BOT> x")} {
			request, err := r.slack.Request(r.ctx(), e, how)
			if err != nil {
				t.Fatal(err)
			}
			status, header, _, err := r.slack.Post(request)
			if err != nil || status != http.StatusUnauthorized || header.Get("X-Slack-No-Retry") != "1" {
				t.Errorf("tampered %d: status %d, %v", how, status, err)
			}
		}
	}
	if n := r.echo.asked.Load(); n != 0 {
		t.Errorf("%d questions were asked", n)
	}
}

func TestVerificationAndChecks(t *testing.T) {
	t.Parallel()
	r := begin(t, setup{http: true})
	if err := r.slack.Verify(r.ctx()); err != nil {
		t.Error(err)
	}
	if status, err := r.slack.SSLCheck(r.ctx()); err != nil || status != http.StatusOK {
		t.Errorf("ssl_check: status %d, %v", status, err)
	}
	for _, test := range []struct {
		name, method, path, kind, body string
		how                            slacktest.Tamper
		status                         int
		noRetry                        bool
	}{
		{"get", http.MethodGet, "/slack/events", "", "", slacktest.Genuine, http.StatusMethodNotAllowed, true},
		{"ssl_check by get", http.MethodGet, "/slack/commands?ssl_check=1", "", "", slacktest.Unsigned, http.StatusOK, false},
		{"too large", http.MethodPost, "/slack/events", "application/json", strings.Repeat("x", 1<<20+1), slacktest.Genuine, http.StatusRequestEntityTooLarge, true},
		{"no JSON", http.MethodPost, "/slack/events", "application/json", "{", slacktest.Genuine, http.StatusBadRequest, true},
		{"no form", http.MethodPost, "/slack/commands", "application/x-www-form-urlencoded", "%zz", slacktest.Genuine, http.StatusBadRequest, true},
		{"no payload", http.MethodPost, "/slack/interactions", "application/x-www-form-urlencoded", "a=b", slacktest.Genuine, http.StatusBadRequest, true},
		{"odd payload", http.MethodPost, "/slack/interactions", "application/x-www-form-urlencoded", "payload=[1]", slacktest.Genuine, http.StatusOK, false},
		{"odd event", http.MethodPost, "/slack/events", "application/json", `{"type":7}`, slacktest.Genuine, http.StatusOK, false},
		{"rate limited", http.MethodPost, "/slack/events", "application/json", `{"type":"app_rate_limited","team_id":"T0ACME"}`, slacktest.Genuine, http.StatusOK, false},
		{"empty command", http.MethodPost, "/slack/commands", "application/x-www-form-urlencoded", "", slacktest.Genuine, http.StatusOK, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			request, err := r.slack.Signed(r.ctx(), r.server.URL+test.path, test.kind, []byte(test.body), test.how)
			if err != nil {
				t.Fatal(err)
			}
			request.Method = test.method
			status, header, body, err := r.slack.Post(request)
			if err != nil || status != test.status || (header.Get("X-Slack-No-Retry") == "1") != test.noRetry {
				t.Errorf("status %d, %v, %s", status, err, body)
			}
		})
	}
	if !strings.Contains(r.logs.String(), "Slack holds events back") {
		t.Error("app_rate_limited is not logged")
	}
}

// A body that is read must be the signed one byte for byte, so that parsing cannot see anything else.
func TestBodyIsReadOnce(t *testing.T) {
	t.Parallel()
	r := begin(t, setup{http: true})
	body := url.Values{
		"command": {"/backend"}, "text": {"what is + and % and é and 100%25?"}, "team_id": {"T0ACME"}, "channel_id": {"C1"},
		"user_id": {"U1"}, "trigger_id": {"1.2.3"}, "response_url": {"http://127.0.0.1:1/"},
	}.Encode()
	request, err := r.slack.Signed(r.ctx(), r.server.URL+"/slack/commands", "application/x-www-form-urlencoded", []byte(body), slacktest.Genuine)
	if err != nil {
		t.Fatal(err)
	}
	_, _, got, err := r.slack.Post(request)
	if err != nil || !bytes.Contains(got, []byte("what is + and % and é and 100%25?")) {
		t.Errorf("the answer is %s, %v", got, err)
	}
}

// Before Run and after it, requests are refused in words, and Slack may try again.
func TestRequestsOutsideOfRun(t *testing.T) {
	t.Parallel()
	r := prepare(t, setup{http: true})
	mux := http.NewServeMux()
	r.adapter.Mount(mux)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	r.slack.Connect(slacktest.Target{Base: server.URL})
	for _, e := range []slacktest.Envelope{r.slack.Slash(slacktest.Place{}, "/backend", "x"), r.slack.Mention(slacktest.Place{}, "<@U0BOT> x")} {
		request, err := r.slack.Request(r.ctx(), e, slacktest.Genuine)
		if err != nil {
			t.Fatal(err)
		}
		status, header, body, err := r.slack.Post(request)
		want := http.StatusServiceUnavailable
		if e.Type == slacktest.SlashCommands {
			want = http.StatusOK
		}
		if err != nil || status != want || header.Get("X-Slack-No-Retry") != "" || len(body) == 0 {
			t.Errorf("status %d, %v, %s", status, err, body)
		}
	}
}

func TestRoutesOnlyWhereTheyAreSetUp(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	slack.New(slack.Config{BotToken: "xoxb-1", AppToken: "xapp-1"}).Mount(mux)
	for _, path := range []string{"/slack/commands", "/slack/events", "/slack/interactions", "/slack/install", "/slack/oauth_redirect"} {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest(http.MethodPost, path, nil))
		if w.Code != http.StatusNotFound {
			t.Errorf("%s: status %d", path, w.Code)
		}
	}
}

func TestSecretsAreNotPrinted(t *testing.T) {
	t.Parallel()
	c := slack.Config{BotToken: "xoxb-secret", ClientSecret: "hush"}
	text := fmt.Sprintf("%v %+v %#v", c, c, c)
	if strings.Contains(text, "xoxb-secret") || strings.Contains(text, "hush") {
		t.Errorf("printed: %s", text)
	}
}
