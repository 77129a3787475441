package slack_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"careerbot/adapters/slack"
	"careerbot/adapters/slack/slacktest"
)

// Pitfall 10: 429 with a wait and without, 5xx, cut connections, before and after the post took effect.
func TestFaultyPostsAreAnsweredOnce(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]slacktest.Fault{
		"429":                 {Status: 429, RetryAfter: "1", Times: 2},
		"429 without a wait":  {Status: 429, Times: 3},
		"ratelimited":         {Error: "ratelimited", Times: 2},
		"500":                 {Status: 500, Times: 2},
		"503 late":            {Status: 503, Late: true, Times: 1},
		"cut":                 {Cut: true, Times: 2},
		"cut late":            {Cut: true, Late: true, Times: 1},
		"internal_error":      {Error: "internal_error", Times: 1},
		"internal_error late": {Error: "internal_error", Late: true, Times: 1},
		"slow":                {Delay: 500 * time.Millisecond, Times: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := begin(t, setup{})
			f.Method = "chat.postMessage"
			r.slack.Fault(f)
			r.outcome(r.slack.Ask(r.slack.Mention(slacktest.Place{}, "<@U0BOT> hello")))
			r.outcome(r.slack.Ask(r.slack.SayIM(slacktest.Place{}, "hello")))
			r.answered(2)
		})
	}
}

// The same for a response_url, where nothing can be looked up: a second post takes the place of the first.
func TestFaultyResponseURLs(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]slacktest.Fault{
		"429":      {Status: 429, RetryAfter: "1", Times: 1},
		"500":      {Status: 500, Times: 2},
		"500 late": {Status: 500, Late: true, Times: 1},
		"cut late": {Cut: true, Late: true, Times: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := begin(t, setup{})
			f.Method = slacktest.ResponseURL
			r.slack.Fault(f)
			r.echo.long = "many words "
			o := r.outcome(r.slack.Ask(r.slack.Slash(slacktest.Place{}, "/backend", strings.Repeat("long ", 600))))
			_ = o
			r.answered(1)
		})
	}
}

// An answer that takes longer than Slack waits goes to the response_url.
func TestSlowCommandIsAnsweredLater(t *testing.T) {
	t.Parallel()
	transports(t, func(t *testing.T, s setup) {
		s.config = func(c *slack.Config) { c.Times.Answer = 100 * time.Millisecond }
		r := begin(t, s)
		o := r.outcome(r.slack.Ask(r.slack.Slash(slacktest.Place{}, "/backend", "hold")))
		if !o.Acked || len(o.Payload) > 0 {
			t.Errorf("the acknowledgement is %+v", o)
		}
		close(r.echo.hold)
		r.answered(1)
		if got := r.last(); got.Via != slacktest.ResponseURL || got.Ephemeral != "U0ASKER" {
			t.Errorf("the answer is %+v", got)
		}
	})
}

// 20,480 bytes and more on an acknowledgement are dropped by Slack without a word.
func TestLargeAnswerTakesTheResponseURL(t *testing.T) {
	t.Parallel()
	transports(t, func(t *testing.T, s setup) {
		r := begin(t, s)
		r.echo.long = "“ü&<%” " // six characters, many bytes
		o := r.outcome(r.slack.Ask(r.slack.Slash(slacktest.Place{}, "/backend", "long")))
		if !o.Acked || len(o.Payload) > 0 {
			t.Errorf("the acknowledgement has %d bytes", len(o.Payload))
		}
		r.answered(1)
		if got := r.last(); got.Via != slacktest.ResponseURL || len(got.Blocks) < 19_000 {
			t.Errorf("the answer came by %s with %d bytes", got.Via, len(got.Blocks))
		}
		if n := r.slack.SocketStats().Dropped; n > 0 {
			t.Errorf("%d frames were dropped", n)
		}
	})
}

// What Slack refuses is sent again with plainer blocks, and remembered for the workspace.
func TestRefusedBlocksAreSentPlainer(t *testing.T) {
	t.Parallel()
	for name, refuse := range map[string][]string{
		"chart": {"data_visualization"}, "tables": {"data_visualization", "data_table", "table"},
		"everything": {"data_visualization", "data_table", "table", "section", "rich_text", "context", "actions", "header", "context_actions", "divider"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := begin(t, setup{platform: slacktest.Options{Reject: refuse}})
			asked := 0
			ask := func(e slacktest.Envelope) {
				asked++
				r.outcome(r.slack.Ask(e))
				r.answered(asked)
			}
			ask(r.slack.Slash(slacktest.Place{}, "/backend", "pay"))
			ask(r.slack.Mention(slacktest.Place{}, "<@U0BOT> pay"))
			ask(r.slack.SayIM(slacktest.Place{}, "pay"))
			before := r.slack.Called("chat.postMessage")
			ask(r.slack.SayIM(slacktest.Place{}, "pay"))
			if n := r.slack.Called("chat.postMessage") - before; n != 1 {
				t.Errorf("what the workspace refuses was tried again: %d posts", n)
			}
			if !bytes.Contains([]byte(r.logs.String()), []byte("json-pointer:/blocks/")) {
				t.Error("where the refused block stands is not logged")
			}
			for _, m := range r.slack.Messages() {
				if !strings.Contains(m.Text, "pay") {
					t.Errorf("a message says %q", m.Text)
				}
			}
		})
	}
}

// A workspace that takes charts gets them in acknowledgements too, from the second on.
func TestChartsRideOnceProven(t *testing.T) {
	t.Parallel()
	r := begin(t, setup{})
	first := r.outcome(r.slack.Ask(r.slack.Slash(slacktest.Place{}, "/backend", "pay")))
	r.answered(1)
	if !first.Acked || len(first.Payload) > 0 || !bytes.Contains(r.last().Blocks, []byte("data_visualization")) {
		t.Errorf("the first was acknowledged with %s", first.Payload)
	}
	second := r.outcome(r.slack.Ask(r.slack.Slash(slacktest.Place{}, "/backend", "pay")))
	r.answered(2)
	if !bytes.Contains(second.Payload, []byte("data_visualization")) {
		t.Errorf("the second was acknowledged with %s", second.Payload)
	}
}

// Where the bot may not post, the person hears it directly.
func TestUnreachableChannels(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"not_in_channel", "channel_not_found", "is_archived", "restricted_action", "msg_too_long"} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			r := begin(t, setup{})
			r.slack.Fault(slacktest.Fault{Method: "chat.postMessage", Error: code, Times: 1})
			r.outcome(r.slack.Ask(r.slack.Mention(slacktest.Place{}, "<@U0BOT> hello")))
			r.until("it is said", func() bool { return len(r.slack.Messages()) == 1 })
			got := r.last()
			if code == "msg_too_long" {
				r.answered(1)
			} else if got.Channel != slacktest.DM("U0ASKER") || !strings.Contains(got.Text, "could not answer where you asked") || !strings.Contains(got.Text, "hello") {
				t.Errorf("it says %+v", got)
			}
		})
	}
}

// A public command works where the bot is no member: over the response_url.
func TestPublicCommandWithoutMembership(t *testing.T) {
	t.Parallel()
	transports(t, func(t *testing.T, s setup) {
		s.platform.Teams = []slacktest.Team{{Absent: []string{"C0PRIVATE"}}}
		s.config = func(c *slack.Config) { c.Times.Answer = 50 * time.Millisecond }
		r := begin(t, s)
		r.outcome(r.slack.Ask(r.slack.Slash(slacktest.Place{Channel: "C0PRIVATE"}, "/backend", "--public hold")))
		close(r.echo.hold)
		r.answered(1)
		if got := r.last(); got.Ephemeral != "" || got.Channel != "C0PRIVATE" || !strings.Contains(string(got.Blocks), "hold") {
			t.Errorf("the answer is %+v", got)
		}
	})
}

// A response_url that is over: the person is answered in the channel, or directly.
func TestExpiredResponseURL(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"expired_url", "used_url"} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			r := begin(t, setup{config: func(c *slack.Config) { c.Times.Answer = 50 * time.Millisecond }})
			r.slack.Fault(slacktest.Fault{Method: slacktest.ResponseURL, Error: code})
			r.outcome(r.slack.Ask(r.slack.Slash(slacktest.Place{}, "/backend", "hold")))
			close(r.echo.hold)
			r.until("it is said", func() bool { return len(r.slack.Messages()) == 1 })
			if got := r.last(); got.Via != "chat.postEphemeral" || got.Ephemeral != "U0ASKER" {
				t.Errorf("it says %+v", got)
			}
		})
	}
}

// What only an operator can mend is said to the operator, with advice, and does not stop the rest.
func TestOperatorHearsOfScopesAndTokens(t *testing.T) {
	t.Parallel()
	for code, advice := range map[string]string{"missing_scope": "chat:write", "token_revoked": "token_revoked", "account_inactive": "account_inactive"} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			r := begin(t, setup{})
			if code == "missing_scope" {
				r.slack.Scope("T0ACME", "commands", "im:history")
			} else {
				r.slack.Revoke("T0ACME", code)
			}
			r.outcome(r.slack.Ask(r.slack.Mention(slacktest.Place{}, "<@U0BOT> hello")))
			r.until("it is logged", func() bool {
				text := r.logs.String()
				return strings.Contains(text, "a question ends without an answer") && strings.Contains(text, advice)
			})
			saidIn(t, r.outcome(r.slack.Ask(r.slack.Slash(slacktest.Place{}, "/backend", "commands need no token"))))
		})
	}
}

func TestFaultsAreSaidInWords(t *testing.T) {
	t.Parallel()
	r := begin(t, setup{})
	got := saidIn(t, r.outcome(r.slack.Ask(r.slack.Slash(slacktest.Place{}, "/backend", "fault"))))
	if !strings.Contains(got.Text, "I have a bad day.") {
		t.Errorf("it says %q", got.Text)
	}
}

func TestMessageOf40000Characters(t *testing.T) {
	t.Parallel()
	transports(t, func(t *testing.T, s setup) {
		r := begin(t, s)
		for _, text := range []string{strings.Repeat("why? ", 8000), strings.Repeat("<!channel> & ", 3000), strings.Repeat("ü", 40_000)} {
			r.outcome(r.slack.Ask(r.slack.SayIM(slacktest.Place{}, text)))
			r.outcome(r.slack.Ask(r.slack.Mention(slacktest.Place{}, "<@U0BOT> "+text)))
			r.outcome(r.slack.Ask(r.slack.Slash(slacktest.Place{}, "/backend", text)))
		}
		r.answered(9)
		for _, m := range r.slack.Messages() {
			if strings.Contains(m.Text, "<!") || bytes.Contains(m.Blocks, []byte("<!")) {
				t.Errorf("a message can call everybody: %.200s", m.Text)
			}
		}
	})
}

// A token that is taken back shows in Ready, until a post works again.
func TestLostTokenShows(t *testing.T) {
	t.Parallel()
	r := begin(t, setup{})
	r.slack.Fault(slacktest.Fault{Method: "chat.postMessage", Error: "token_revoked", Times: 2})
	r.outcome(r.slack.Send(r.slack.Mention(slacktest.Place{}, "<@U0BOT> hello")))
	r.until("it shows", func() bool {
		err := r.adapter.Ready()
		return err != nil && strings.Contains(err.Error(), "install it again")
	})
	r.outcome(r.slack.Ask(r.slack.Mention(slacktest.Place{}, "<@U0BOT> hello")))
	r.answered(1)
	r.until("it works again", func() bool { return r.adapter.Ready() == nil })
}
