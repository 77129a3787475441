package slack_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"careerbot/adapters/slack"
	"careerbot/adapters/slack/slacktest"
)

// A mention comes as app_mention and as message, with different event ids, and is one question.
func TestTwinsAreAnsweredOnce(t *testing.T) {
	t.Parallel()
	transports(t, func(t *testing.T, s setup) {
		r := begin(t, s)
		for i := range 20 {
			m := r.slack.Mention(slacktest.Place{}, fmt.Sprint("<@U0BOT> question ", i))
			a, b := r.slack.Ask(m), r.slack.Send(r.slack.Twin(m))
			if !r.outcome(a).Acked || !r.outcome(b).Acked {
				t.Fatal("a twin is not acknowledged")
			}
		}
		r.answered(20)
	})
}

// Slack sends an envelope again though it was acknowledged, or since it did not see that, or with retry_attempt 0.
func TestRepeatsAreAnsweredOnce(t *testing.T) {
	t.Parallel()
	r := begin(t, setup{})
	for i := range 20 {
		d := r.slack.Ask(r.slack.Mention(slacktest.Place{}, fmt.Sprint("<@U0BOT> question ", i)))
		r.slack.Resend(d)
		r.outcome(d)
		r.slack.Resend(d)
		c := r.slack.Ask(r.slack.Slash(slacktest.Place{}, "/backend", fmt.Sprint("question ", i)))
		r.outcome(c)
		r.slack.Resend(c)
	}
	r.answered(40)
}

// Two replicas on one state, behind a balancer that sends each delivery to either.
func TestReplicasAnswerOnce(t *testing.T) {
	t.Parallel()
	one := begin(t, setup{config: func(c *slack.Config) { c.Sockets = 1 }})
	begin(t, setup{share: one, config: func(c *slack.Config) { c.Sockets = 1 }})
	one.until("both are connected", func() bool { return len(one.slack.Sockets()) == 2 })
	sockets := one.slack.Sockets()
	for i := range 30 {
		m := one.slack.Mention(slacktest.Place{}, fmt.Sprint("<@U0BOT> question ", i))
		a, b := one.slack.AskOn(sockets[i%2], m), one.slack.SendOn(sockets[1-i%2], one.slack.Twin(m))
		one.outcome(a)
		one.outcome(b)
	}
	one.answered(30)
}

// The same over HTTP on PostgreSQL, each replica with its own connections: a balancer gives a mention to one and its
// twin to the other.
func TestReplicasOnPostgreSQL(t *testing.T) {
	t.Parallel()
	address := os.Getenv("TEST_DATABASE_URL")
	if address == "" {
		t.Skip("TEST_DATABASE_URL names no PostgreSQL database")
	}
	address += map[bool]string{false: "?", true: "&"}[strings.Contains(address, "?")] + "connect_timeout=60" // a busy server is no outage
	one := begin(t, setup{http: true, state: openAt(t, address)})
	two := begin(t, setup{http: true, share: one, state: openAt(t, address)})
	var all []*slacktest.Delivery
	for i := range 100 {
		m := one.slack.Mention(slacktest.Place{}, fmt.Sprint("<@U0BOT> question ", i))
		one.slack.Connect(slacktest.Target{Base: one.server.URL})
		all = append(all, one.slack.Ask(m))
		one.slack.Connect(slacktest.Target{Base: two.server.URL})
		all = append(all, one.slack.Send(one.slack.Twin(m)))
	}
	for _, d := range all {
		one.outcome(d)
	}
	one.answered(100)
}

// A retry of what was not acknowledged in time is delivered, never dropped for being a retry.
func TestRetriesAreNeverDropped(t *testing.T) {
	t.Parallel()
	r := prepare(t, setup{platform: slacktest.Options{Ack: 500 * time.Millisecond, Retries: slices.Repeat([]time.Duration{100 * time.Millisecond}, 1000)}})
	var all []*slacktest.Delivery
	for i := range 5 {
		all = append(all, r.slack.Ask(r.slack.Mention(slacktest.Place{}, fmt.Sprint("<@U0BOT> question ", i))))
	}
	r.until("the last retry is next", func() bool { return r.slack.Verdict().Asked == 5 })
	r.run(t, setup{})
	for _, d := range all {
		r.outcome(d)
	}
	r.answered(5)
}

// What a process promised and did not deliver, the next one does, though Slack is long in saying who the bot is.
func TestNextProcessKeepsPromises(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state.db")
	one := begin(t, setup{state: openStore(t, path), config: func(c *slack.Config) { c.Times.Drain = 100 * time.Millisecond }})
	one.outcome(one.slack.Ask(one.slack.Mention(slacktest.Place{}, "<@U0BOT> hold")))
	one.until("the question is asked", func() bool { return one.echo.asked.Load() > 0 })
	_ = one.stop() // the answer is still owed
	if err := one.store.Close(); err != nil {
		t.Fatal(err)
	}
	s := setup{share: one, state: openStore(t, path)}
	two := prepare(t, s)
	two.slack.Fault(slacktest.Fault{Method: "auth.test", Times: 1, Delay: 500 * time.Millisecond}) // ten times Settle
	close(two.echo.hold)
	two.run(t, s)
	two.answered(1)
}
