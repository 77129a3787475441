package slacktest_test

import (
	"slices"
	"testing"
	"time"

	"careerbot/adapters/slack/slacktest"
	"careerbot/adapters/slack/slacktest/history"

	"github.com/slack-go/slack"
)

// TestVerdictNotices plants each fault of an app and looks whether it is seen.
func TestVerdictNotices(t *testing.T) {
	t.Parallel()
	s := newSlack(t, slacktest.Options{Retries: []time.Duration{}})
	host(t, s) // acknowledges everything, answers commands only
	api := client(t, s)
	ctx := within(t)
	post := func(e slacktest.Envelope) {
		t.Helper()
		if _, _, err := api.PostMessageContext(ctx, e.Channel, slack.MsgOptionTS(e.Thread), slack.MsgOptionText("x", false)); err != nil {
			t.Fatal(err)
		}
	}
	fine, lost, doubled := s.Mention(slacktest.Place{}, "a"), s.Mention(slacktest.Place{}, "b"), s.SayIM(slacktest.Place{}, "c")
	command := s.Slash(slacktest.Place{}, "/backend", "d")
	for _, e := range []slacktest.Envelope{fine, lost, doubled, command} {
		if out, err := s.Ask(e).Wait(ctx); err != nil || !out.Acked {
			t.Fatalf("%+v, %v", out, err)
		}
	}
	post(fine)
	post(doubled)
	post(doubled)
	_, _, _, err := api.SendMessageContext(ctx, "", slack.MsgOptionResponseURL(hookOf(command), ""), slack.MsgOptionText("again", false))
	if err != nil {
		t.Fatal(err)
	}
	post(slacktest.Envelope{Channel: "C0GENERAL"}) // answers nobody

	s.Connect(slacktest.Target{Base: "http://127.0.0.1:1"}) // nobody is there
	deaf, told := s.Mention(slacktest.Place{}, "e"), s.Slash(slacktest.Place{}, "/backend", "f")
	for _, e := range []slacktest.Envelope{deaf, told} {
		if out, err := s.Ask(e).Wait(ctx); err != nil || out.Acked || out.Failure == "" {
			t.Fatalf("%+v, %v", out, err)
		}
	}
	want := history.Verdict{Asked: 6, Acked: 4, Answered: 3, Failed: 1, Unacked: 1, Lost: 2, Doubled: 2, Stray: 1}
	if v := s.Verdict(); v != want {
		t.Errorf("verdict is %s, want %s", v, want)
	}
	for got, want := range map[*[]string][]string{
		new(s.Lost()): {lost.Key, deaf.Key}, new(s.Doubled()): {doubled.Key, command.Key}, new(s.Unacked()): {deaf.Key},
	} {
		if !slices.Equal(*got, want) {
			t.Errorf("keys are %q, want %q", *got, want)
		}
	}
}

// TestAnswersByMetadata has the app's own metadata say which question a post answers, where a thread holds several.
func TestAnswersByMetadata(t *testing.T) {
	t.Parallel()
	s := newSlack(t, slacktest.Options{Answers: func(m history.Message) string { return m.Text }})
	host(t, s)
	first := s.Mention(slacktest.Place{}, "a")
	second := s.Mention(slacktest.Place{Thread: first.Thread}, "b")
	for _, e := range []slacktest.Envelope{first, second} {
		if _, err := s.Ask(e).Wait(within(t)); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 { // both posts are for the second, which a count by thread would not see
		_, _, err := client(t, s).PostMessageContext(within(t), first.Channel, slack.MsgOptionTS(first.Thread), slack.MsgOptionText(second.Key, false))
		if err != nil {
			t.Fatal(err)
		}
	}
	if v := s.Verdict(); v.Lost != 1 || v.Doubled != 1 || !slices.Equal(s.Lost(), []string{first.Key}) {
		t.Errorf("verdict is %s", v)
	}
}

// TestSameEnvelopeTwice is what live Slack does at times.
func TestSameEnvelopeTwice(t *testing.T) {
	t.Parallel()
	s := newSlack(t, slacktest.Options{})
	run(t, s, &app{})
	if err := s.Until(within(t), func() bool { return len(s.Sockets()) == 1 }); err != nil {
		t.Fatal(err)
	}
	d := s.Ask(s.Mention(slacktest.Place{}, "once"))
	s.Resend(d)
	if err := s.Until(within(t), func() bool { return s.SocketStats().Needless == 1 }); err != nil {
		t.Fatal(err)
	}
	settledOK(t, s, 1)
}
