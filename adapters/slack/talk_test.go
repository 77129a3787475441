package slack_test

import (
	"strings"
	"testing"

	"careerbot/adapters/slack/slacktest"
)

func TestCommandIsAnsweredInTheAcknowledgement(t *testing.T) {
	t.Parallel()
	transports(t, func(t *testing.T, s setup) {
		r := begin(t, s)
		got := saidIn(t, r.outcome(r.slack.Ask(r.slack.Slash(slacktest.Place{}, "/backend", "100% of C++ & <b>"))))
		if got.Type != "ephemeral" || !strings.Contains(got.Text, "100% of C++ &amp; &lt;b&gt;") {
			t.Errorf("the answer is %+v", got)
		}
		r.answered(1)
	})
}

func TestMentionIsAnsweredInItsThread(t *testing.T) {
	t.Parallel()
	transports(t, func(t *testing.T, s setup) {
		r := begin(t, s)
		m := r.slack.Mention(slacktest.Place{}, "<@U0BOT> what about 100% C++?")
		r.outcome(r.slack.Ask(m))
		r.answered(1)
		got := r.last()
		if got.ThreadTS != m.Thread || got.Broadcast || got.UnfurlLinks != "false" || got.UnfurlMedia != "false" || !strings.Contains(got.Text, "100% C++") {
			t.Errorf("the answer is %+v", got)
		}
	})
}

func TestDirectMessage(t *testing.T) {
	t.Parallel()
	transports(t, func(t *testing.T, s setup) {
		r := begin(t, s)
		r.outcome(r.slack.Ask(r.slack.SayIM(slacktest.Place{}, "pay")))
		r.answered(1)
	})
}
