package slacktest_test

import (
	"strings"
	"testing"
	"time"

	"careerbot/adapters/slack/slacktest"

	"github.com/slack-go/slack"
)

func TestSlashIsAnsweredInTheAcknowledgement(t *testing.T) {
	t.Parallel()
	s := newSlack(t, slacktest.Options{})
	run(t, s, &app{})
	const question = "100% C++ + <@U1> & \"quoted\" ₹"
	d := s.Ask(s.Slash(slacktest.Place{}, "/backend", question))
	out, err := d.Wait(within(t))
	if err != nil || !out.Acked || out.Attempts != 1 {
		t.Fatalf("outcome is %+v, %v", out, err)
	}
	posts := s.Messages()
	if len(posts) != 1 || posts[0].Via != "ack" || posts[0].Ephemeral != "U0ASKER" || posts[0].Text != "answer: "+question {
		t.Fatalf("posts are %+v", posts)
	}
	if !contains(posts[0].Blocks, "100% C++") {
		t.Errorf("blocks are %s", posts[0].Blocks)
	}
	settledOK(t, s, 1)
}

func TestMentionAndTwinAreOneQuestion(t *testing.T) {
	t.Parallel()
	s := newSlack(t, slacktest.Options{})
	run(t, s, &app{})
	mention := s.Mention(slacktest.Place{}, "<@U0BOT> salary")
	twin := s.Twin(mention)
	if mention.Payload["event_id"] == twin.Payload["event_id"] || mention.Key != twin.Key {
		t.Fatalf("mention and twin are %v and %v", mention, twin)
	}
	s.Ask(mention)
	s.Ask(twin)
	s.Ask(s.SayIM(slacktest.Place{}, "skills"))
	settledOK(t, s, 2)
	for _, m := range s.Messages() {
		if m.ThreadTS == "" || !strings.HasPrefix(m.Text, "answer: ") || m.Answers == "" {
			t.Errorf("answer %+v", m)
		}
	}
}

func TestEventsComeBackUntilAcknowledged(t *testing.T) {
	t.Parallel()
	s := newSlack(t, slacktest.Options{Ack: 2 * time.Second, Retries: []time.Duration{0, time.Millisecond}})
	a := run(t, s, &app{})
	if err := s.Until(within(t), func() bool { return len(s.Sockets()) == 1 }); err != nil {
		t.Fatal(err)
	}
	d := s.Send(slacktest.Envelope{Type: "something_new", Payload: map[string]any{}})
	if out, err := d.Wait(within(t)); err != nil || out.Acked || out.Attempts != 1 {
		t.Errorf("an unknown envelope ended with %+v, %v: the client does not acknowledge it", out, err)
	}
	e := s.Mention(slacktest.Place{}, "hello")
	e.Raw = `{"envelope_id":%q,"type":"events_api","payload":{"type":"event_callback","event":{"type":"message","blocks":[{"type":"section","text":1}]}}}`
	if out, err := s.Send(e).Wait(within(t)); err != nil || out.Acked || out.Attempts != 3 {
		t.Errorf("an event with a malformed block ended with %+v, %v", out, err)
	}
	s.Ask(s.Mention(slacktest.Place{}, "the last one"))
	settledOK(t, s, 1) // and the app went through all before it
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.bad) != 4 {
		t.Errorf("the client called %d envelopes bad, want 4", len(a.bad))
	}
}

func TestRetriesAreNumbered(t *testing.T) {
	t.Parallel()
	s := newSlack(t, slacktest.Options{Ack: 500 * time.Millisecond, Retries: make([]time.Duration, 50)})
	s.Fault(slacktest.Fault{Method: "chat.postMessage", Times: 1, Delay: 700 * time.Millisecond})
	a := run(t, s, &app{}) // it acknowledges after it posted, so the first attempt is too late
	if err := s.Until(within(t), func() bool { return len(s.Sockets()) == 1 }); err != nil {
		t.Fatal(err)
	}
	d := s.Ask(s.Mention(slacktest.Place{}, "slow"))
	if out, err := d.Wait(within(t)); err != nil || !out.Acked || out.Attempts < 2 {
		t.Fatalf("outcome is %+v, %v", out, err)
	}
	settledOK(t, s, 1)
	a.mu.Lock()
	defer a.mu.Unlock()
	for i, n := range a.retries {
		if n != i {
			t.Errorf("retry_attempts are %v", a.retries)
		}
	}
}

func TestRefreshWithAndWithoutOverlap(t *testing.T) {
	t.Parallel()
	s := newSlack(t, slacktest.Options{Ack: time.Second, Retries: make([]time.Duration, 20)})
	run(t, s, &app{sockets: 2}) // one, as the retry of what it acknowledges late may take either
	lost := 0
	for try := 0; try < 10 && lost == 0; try++ { // whether slack-go is quick enough to close is a matter of luck
		if err := s.Until(within(t), func() bool { return len(s.Sockets()) == 2 }); err != nil {
			t.Fatal(err)
		}
		numbers := s.Sockets()
		s.Disconnect(numbers[0], slacktest.RefreshRequested)
		var late []*slacktest.Delivery
		for range 5 { // on the socket that was told to go: slack-go closes it at once
			late = append(late, s.SendOn(numbers[0], s.Slash(slacktest.Place{}, "/backend", "late")))
		}
		for _, d := range late {
			out, err := d.Wait(within(t))
			if err != nil {
				t.Fatal(err)
			}
			if !out.Acked {
				lost++
			}
		}
	}
	if lost == 0 {
		t.Error("nothing that was sent after the disconnect was lost, as it is with slack-go")
	}
	for range 20 { // the other socket takes over
		s.Ask(s.Mention(slacktest.Place{}, "overlap"))
	}
	settledOK(t, s, 20)
	if err := s.Until(within(t), func() bool { return len(s.Sockets()) == 2 }); err != nil {
		t.Errorf("the client did not connect again: %v", err)
	}
}

func TestStorm(t *testing.T) {
	t.Parallel()
	s := newSlack(t, slacktest.Options{Linger: time.Millisecond, Ack: 3 * time.Second, Retries: make([]time.Duration, 20)})
	s.Storm(slacktest.LinkDisabled)
	run(t, s, &app{})
	if err := s.Until(within(t), func() bool { return s.Called("apps.connections.open") > 30 }); err != nil {
		t.Fatal(err) // slack-go has no backoff after a connect
	}
	s.Storm("")
	s.Ask(s.Mention(slacktest.Place{}, "after the storm"))
	settledOK(t, s, 1)
}

func TestTooManyWebsockets(t *testing.T) {
	t.Parallel()
	s := newSlack(t, slacktest.Options{Sockets: 1, Linger: time.Millisecond})
	run(t, s, &app{})
	run(t, s, &app{})
	if err := s.Until(within(t), func() bool { return s.SocketStats().Opened > 5 }); err != nil {
		t.Fatal(err)
	}
}

func TestLongAcknowledgementIsDropped(t *testing.T) {
	t.Parallel()
	s := newSlack(t, slacktest.Options{Ack: 100 * time.Millisecond})
	a := run(t, s, &app{})
	a.answer = func(string) []slack.Block {
		var blocks []slack.Block
		for range 8 {
			blocks = append(blocks, section(strings.Repeat("x", 2900))...)
		}
		return blocks
	}
	d := s.Ask(s.Slash(slacktest.Place{}, "/backend", "long"))
	out, err := d.Wait(within(t))
	if err != nil || out.Acked || out.Failure != "operation_timeout" {
		t.Fatalf("outcome is %+v, %v", out, err)
	}
	if v := s.Verdict(); v.Failed != 1 || v.Lost != 0 {
		t.Errorf("verdict is %s", v)
	}
}

func TestFatalErrorsOfConnecting(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"invalid_auth", "token_revoked", "account_inactive"} {
		s := newSlack(t, slacktest.Options{})
		s.Fault(slacktest.Fault{Method: "apps.connections.open", Error: name})
		_, _, err := client(t, s).StartSocketModeContext(within(t))
		if err == nil || err.Error() != name {
			t.Errorf("%s came as %v", name, err)
		}
	}
	s := newSlack(t, slacktest.Options{App: slacktest.App{AppScopes: []string{"authorizations:read"}}})
	_, _, err := client(t, s).StartSocketModeContext(within(t))
	if err == nil || err.Error() != "missing_scope" {
		t.Errorf("without the scope: %v", err)
	}
	_, _, err = client(t, s, slack.OptionAppLevelToken(s.Team(0).BotToken)).StartSocketModeContext(within(t))
	if err == nil || err.Error() != "not_allowed_token_type" {
		t.Errorf("with a bot token: %v", err)
	}
}

func TestPingsAreMissed(t *testing.T) {
	t.Parallel()
	s := newSlack(t, slacktest.Options{Ping: 5 * time.Millisecond})
	a := run(t, s, &app{})
	a.mu.Lock() // the app hangs with its first event, and the queue of the client fills up
	for range 70 {
		s.Send(s.Mention(slacktest.Place{}, "flood"))
	}
	err := s.Until(within(t), func() bool { return s.SocketStats().Missed >= 5 })
	a.mu.Unlock()
	if err != nil {
		t.Fatal(err)
	}
}
