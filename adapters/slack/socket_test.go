package slack_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"careerbot/adapters"
	"careerbot/adapters/slack"
	"careerbot/adapters/slack/slacktest"
)

// Pitfall 1: slack-go's client asks for a new socket 1,000 times a second when each is refused right after it opened.
func TestStormOfDisconnectsIsSpaced(t *testing.T) {
	t.Parallel()
	for _, reason := range []string{slacktest.TooManyWebsockets, slacktest.LinkDisabled} {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			r := begin(t, setup{platform: slacktest.Options{Linger: time.Millisecond, Ack: 2 * time.Second, Retries: make([]time.Duration, 50)}, config: func(c *slack.Config) { c.Times.Open = 50 * time.Millisecond }})
			before := r.slack.Called("apps.connections.open")
			start := time.Now()
			r.slack.Storm(reason)
			r.slack.Disconnect(0, reason)
			r.until("ten sockets were asked for", func() bool { return r.slack.Called("apps.connections.open") >= before+10 })
			if took := time.Since(start); took < 700*time.Millisecond {
				t.Errorf("ten calls took %s only", took)
			}
			if r.adapter.Ready() == nil {
				r.until("it is said that there is no socket", func() bool { return r.adapter.Ready() != nil })
			}
			r.slack.Storm("")
			r.until("it works again", func() bool { return r.adapter.Ready() == nil && len(r.slack.Sockets()) == 2 })
			r.outcome(r.slack.Ask(r.slack.Mention(slacktest.Place{}, "<@U0BOT> hello")))
			r.answered(1)
		})
	}
}

// Pitfall 2: slack-go's client tries forever what can never succeed.
func TestFatalErrorsEndWithAdvice(t *testing.T) {
	t.Parallel()
	for _, code := range []string{
		"invalid_auth", "not_authed", "account_inactive", "token_revoked", "missing_scope", "token_expired", "not_allowed_token_type", "forbidden_team",
	} {
		for _, method := range []string{"apps.connections.open", "auth.test"} {
			t.Run(code+" of "+method, func(t *testing.T) {
				t.Parallel()
				r := prepare(t, setup{})
				r.slack.Fault(slacktest.Fault{Method: method, Error: code})
				ctx, cancel := context.WithTimeout(t.Context(), patience)
				defer cancel()
				err := r.adapter.Run(ctx, r.echo)
				if err == nil || !strings.Contains(err.Error(), code) || !strings.Contains(err.Error(), ";") {
					t.Errorf("Run ends with %v", err)
				}
				if n := r.slack.Called(method); n > 2 {
					t.Errorf("it was tried %d times", n)
				}
			})
		}
	}
}

// Pitfall 3: what Slack sends to the old socket after its disconnect is lost with slack-go's client.
func TestRefreshLosesNothing(t *testing.T) {
	t.Parallel()
	for _, reason := range []string{slacktest.Warning, slacktest.RefreshRequested} {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			r := begin(t, setup{
				platform: slacktest.Options{Linger: patience, Ack: patience},
				config:   func(c *slack.Config) { c.Sockets, c.Times.Linger = 1, 5*time.Second }, // what is sent to the old one must be read by then
			})
			var all []*slacktest.Delivery
			for range 3 {
				old := r.slack.Sockets()[0]
				r.slack.Disconnect(old, reason)
				for range 5 {
					all = append(all, r.slack.AskOn(old, r.slack.Mention(slacktest.Place{}, "<@U0BOT> hello")))
				}
				r.until("there is a new socket", func() bool { s := r.slack.Sockets(); return len(s) > 0 && s[len(s)-1] != old })
				all = append(all, r.slack.Ask(r.slack.Mention(slacktest.Place{}, "<@U0BOT> hello")))
				for _, d := range all {
					r.outcome(d)
				}
				r.until("the old socket is closed", func() bool { s := r.slack.Sockets(); return len(s) > 0 && s[0] != old })
			}
			for _, d := range all {
				if o := r.outcome(d); !o.Acked || o.Attempts != 1 {
					t.Fatalf("a delivery ended so: %+v", o)
				}
			}
			r.answered(len(all))
		})
	}
}

// Pitfall 4: an acknowledgement that is late, on a socket that has gone.
func TestLateAcknowledgementTakesAnotherSocket(t *testing.T) {
	t.Parallel()
	r := begin(t, setup{platform: slacktest.Options{Ack: patience}})
	r.until("both sockets are open", func() bool { return len(r.slack.Sockets()) == 2 })
	gone := r.slack.Sockets()[0]
	d := r.slack.AskOn(gone, r.slack.Slash(slacktest.Place{}, "/backend", "hold"))
	r.until("the question is taken", func() bool { return r.echo.asked.Load() > 0 })
	r.slack.Cut(gone)
	r.until("there is another socket", func() bool { s := r.slack.Sockets(); return len(s) == 2 && !slices.Contains(s, gone) })
	close(r.echo.hold)
	saidIn(t, r.outcome(d))
	r.answered(1)
}

// Pitfall 5: envelopes that nobody knows are acknowledged, or Slack sends them again and counts a failure.
func TestUnknownEnvelopesAreAcknowledged(t *testing.T) {
	t.Parallel()
	r := begin(t, setup{})
	for name, raw := range map[string]string{
		"type":            `{"envelope_id":"%s","type":"workflow_of_tomorrow","payload":{"a":1},"accepts_response_payload":false}`,
		"no type":         `{"envelope_id":"%s"}`,
		"event":           `{"envelope_id":"%s","type":"events_api","payload":{"type":"event_callback","event":{"type":"new_thing","user":{"id":7}}}}`,
		"malformed block": `{"envelope_id":"%s","type":"interactive","payload":{"type":"block_actions","actions":[{"type":7}],"message":{"blocks":[{"type":"section","text":3}]}}}`,
		"no payload":      `{"envelope_id":"%s","type":"slash_commands","payload":null}`,
		"string payload":  `{"envelope_id":"%s","type":"events_api","payload":"text"}`,
		"list payload":    `{"envelope_id":"%s","type":"interactive","payload":[1,2]}`,
		"odd members":     `{"envelope_id":"%s","type":"events_api","retry_attempt":"three","payload":{}}`,
		"no actions":      `{"envelope_id":"%s","type":"interactive","payload":{"type":"block_actions","actions":[]}}`,
	} {
		t.Run(name, func(t *testing.T) {
			o := r.outcome(r.slack.Send(slacktest.Envelope{Type: slacktest.EventsAPI, Raw: raw}))
			if !o.Acked {
				t.Errorf("it ended so: %+v", o)
			}
		})
	}
	r.slack.Push(r.slack.Sockets()[0], "this is no JSON")
	r.outcome(r.slack.Ask(r.slack.Mention(slacktest.Place{}, "<@U0BOT> hello")))
	r.answered(1)
}

// slowBox is an outbox that hangs while it is held.
type slowBox struct {
	adapters.Outbox
	mu   sync.Mutex
	held chan struct{}
}

func (b *slowBox) Take(ctx context.Context, p adapters.Promise) (adapters.Standing, error) {
	b.mu.Lock()
	held := b.held
	b.mu.Unlock()
	if held != nil {
		<-held
	}
	return b.Outbox.Take(ctx, p)
}

func (b *slowBox) hold() (release func()) {
	held := make(chan struct{})
	b.mu.Lock()
	defer b.mu.Unlock()
	b.held = held
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.held = nil
		close(held)
	}
}

// Pitfall 6: a full queue is left to Slack's retries, and sockets are read all the time, so that pings are answered.
func TestFullQueueIsLeftToRetries(t *testing.T) {
	t.Parallel()
	box := &slowBox{}
	r := begin(t, setup{
		platform: slacktest.Options{Ping: 50 * time.Millisecond, Ack: 400 * time.Millisecond, Retries: slices.Repeat([]time.Duration{300 * time.Millisecond}, 400)},
		config:   func(c *slack.Config) { box.Outbox = c.Outbox; c.Outbox = box },
	})
	release := box.hold()
	const n = 200
	all := make([]*slacktest.Delivery, n)
	for i := range all {
		all[i] = r.slack.Ask(r.slack.Mention(slacktest.Place{}, fmt.Sprint("<@U0BOT> question ", i)))
	}
	r.until("it is too much", func() bool { return strings.Contains(r.logs.String(), "too much at once") })
	full := r.slack.SocketStats().Pongs
	r.until("20 pings are answered", func() bool { return r.slack.SocketStats().Pongs >= full+20 })
	release()
	again := 0
	for _, d := range all {
		o := r.outcome(d)
		if !o.Acked {
			t.Fatalf("a delivery ended so: %+v", o)
		}
		again += o.Attempts - 1
	}
	if again == 0 {
		t.Error("nothing was left to retries")
	}
	r.answered(n)
	if stats := r.slack.SocketStats(); stats.Opened > 2 {
		t.Errorf("the sockets fared so: %+v", stats)
	}
}

// Pitfall 8: a socket without a sign of life is replaced.
func TestSilentSocketIsReplaced(t *testing.T) {
	t.Parallel()
	r := begin(t, setup{config: func(c *slack.Config) { c.Times.Silent = time.Second }, platform: slacktest.Options{Ping: 50 * time.Millisecond}})
	r.until("both sockets are open", func() bool { return len(r.slack.Sockets()) == 2 })
	r.slack.Mute(true)
	r.until("other sockets are opened", func() bool { return r.slack.SocketStats().Opened >= 4 })
	r.slack.Mute(false)
	r.until("it works again", func() bool { return r.adapter.Ready() == nil })
}

// Pitfall 9: a server that says nothing, and frames without end.
func TestSilentServerIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	r := begin(t, setup{config: func(c *slack.Config) { c.Times.Call = 2 * time.Second; c.Sockets = 1 }})
	r.slack.Fault(slacktest.Fault{Method: "apps.connections.open", Delay: time.Hour})
	r.slack.Cut(0)
	r.until("it is said that no socket is open", func() bool {
		err := r.adapter.Ready()
		return err != nil && strings.Contains(err.Error(), "no socket is open since")
	})
	r.until("it was tried again", func() bool { return strings.Contains(r.logs.String(), "failures=2") })
	r.slack.ClearFaults()
	r.until("it works again", func() bool { return r.adapter.Ready() == nil })
}

func TestFrameWithoutEnd(t *testing.T) {
	t.Parallel()
	r := begin(t, setup{config: func(c *slack.Config) { c.Sockets = 1 }})
	opened := r.slack.SocketStats().Opened
	r.slack.Push(r.slack.Sockets()[0], `{"type":"events_api","payload":"`+strings.Repeat("x", 5<<20)+`"}`)
	r.until("another socket is opened", func() bool { return r.slack.SocketStats().Opened > opened && r.adapter.Ready() == nil })
}

// Pitfall 10: 429 for a new socket, with a wait and without.
func TestLimitedSocketsWait(t *testing.T) {
	t.Parallel()
	for _, after := range []string{"", "1"} {
		t.Run("after "+after, func(t *testing.T) {
			t.Parallel()
			r := prepare(t, setup{})
			r.slack.Fault(slacktest.Fault{Method: "apps.connections.open", Times: 2, Status: 429, RetryAfter: after})
			start := time.Now()
			r.run(t, setup{})
			if took := time.Since(start); after == "1" && took < time.Second {
				t.Errorf("Slack asked to wait a second, and was asked again after %s", took)
			}
		})
	}
}

// Pitfall 7: a panic costs the one question, which is answered in words.
func TestPanicIsAnsweredInWords(t *testing.T) {
	t.Parallel()
	transports(t, func(t *testing.T, s setup) {
		r := begin(t, s)
		got := saidIn(t, r.outcome(r.slack.Ask(r.slack.Slash(slacktest.Place{}, "/backend", "panic"))))
		if !strings.Contains(got.Text, "wrong") {
			t.Errorf("the answer is %+v", got)
		}
		r.outcome(r.slack.Ask(r.slack.Mention(slacktest.Place{}, "<@U0BOT> panic")))
		r.answered(2)
	})
}

func TestStopFinishesWhatIsUnderWay(t *testing.T) {
	t.Parallel()
	transports(t, func(t *testing.T, s setup) {
		s.config = func(c *slack.Config) { c.Times.Drain = patience } // what comes after it is of the next process
		r := begin(t, s)
		for range 20 {
			r.outcome(r.slack.Ask(r.slack.Mention(slacktest.Place{}, "<@U0BOT> hold")))
		}
		command := r.slack.Ask(r.slack.Slash(slacktest.Place{}, "/backend", "hold"))
		r.until("all are under way", func() bool { return r.echo.asked.Load() == 21 })
		ended := make(chan error, 1)
		go func() { ended <- r.stop() }()
		r.until("it is stopping", func() bool { return r.adapter.Ready() != nil || len(r.slack.Sockets()) == 0 || s.http })
		close(r.echo.hold)
		if err := <-ended; err != nil {
			t.Error(err)
		}
		r.outcome(command)
		if v := r.slack.Verdict(); v.Lost+v.Doubled > 0 || v.Answered+v.Failed != 21 {
			t.Errorf("the verdict is: %s", v)
		}
	})
}

func TestRunsOnce(t *testing.T) {
	t.Parallel()
	r := begin(t, setup{})
	if err := r.adapter.Run(t.Context(), r.echo); err == nil || errors.Is(err, context.Canceled) {
		t.Errorf("a second Run ends with %v", err)
	}
}
