package slacktest_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log"
	"net/http"
	"sync"
	"testing"
	"time"

	"careerbot/adapters/slack/slacktest"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"
)

// limit is how long a test waits for anything at most.
const limit = 20 * time.Second

func newSlack(t *testing.T, o slacktest.Options) *slacktest.Slack {
	t.Helper()
	s, err := slacktest.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	t.Cleanup(cancel)
	return ctx
}

// client is the real one, on the first team.
func client(t *testing.T, s *slacktest.Slack, options ...slack.Option) *slack.Client {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	options = append([]slack.Option{
		slack.OptionAPIURL(s.URL()), slack.OptionAppLevelToken(s.App().AppToken),
		slack.OptionHTTPClient(&http.Client{Transport: transport, Timeout: limit}),
	}, options...)
	return slack.New(s.Team(0).BotToken, options...)
}

// app is a small bot on the real Socket Mode client: it answers commands in the acknowledgement and mentions and
// direct messages in their thread.
type app struct {
	api    *slack.Client
	socket *socketmode.Client
	answer func(text string) []slack.Block

	mu      sync.Mutex
	seen    map[string]bool // questions, by channel and ts
	retries []int
	bad     []string // envelopes that the client could not read
}

// run starts the app; it ends with the test.
func run(t *testing.T, s *slacktest.Slack, a *app) *app {
	t.Helper()
	a.api = client(t, s)
	a.seen = map[string]bool{}
	if a.answer == nil {
		a.answer = func(text string) []slack.Block { return section("answer: " + text) }
	}
	a.socket = socketmode.New(a.api, socketmode.OptionLog(log.New(io.Discard, "", 0)))
	ctx, cancel := context.WithCancel(context.Background())
	var work sync.WaitGroup
	work.Go(func() {
		if err := a.socket.RunContext(ctx); err != nil && ctx.Err() == nil {
			t.Logf("the client ended: %v", err)
		}
		cancel()
	})
	work.Go(func() { a.serve(ctx) })
	t.Cleanup(func() {
		cancel()
		work.Wait()
	})
	return a
}

func section(text string) []slack.Block {
	return []slack.Block{slack.NewSectionBlock(slack.NewTextBlockObject(slack.PlainTextType, text, false, false), nil, nil)}
}

func (a *app) serve(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case e := <-a.socket.Events:
			a.handle(ctx, e)
		}
	}
}

func (a *app) handle(ctx context.Context, e socketmode.Event) {
	switch data := e.Data.(type) {
	case slack.SlashCommand:
		_ = a.socket.Ack(*e.Request, map[string]any{"text": "answer: " + data.Text, "blocks": a.answer(data.Text)})
	case slack.InteractionCallback:
		_ = a.socket.Ack(*e.Request)
	case slackevents.EventsAPIEvent:
		a.mu.Lock()
		a.retries = append(a.retries, e.Request.RetryAttempt)
		a.mu.Unlock()
		a.event(ctx, data)
		_ = a.socket.Ack(*e.Request)
	case *socketmode.ErrorBadMessage:
		a.mu.Lock()
		a.bad = append(a.bad, string(data.Message))
		a.mu.Unlock()
	}
}

func (a *app) event(ctx context.Context, e slackevents.EventsAPIEvent) {
	var channel, ts, thread, text string
	switch m := e.InnerEvent.Data.(type) {
	case *slackevents.AppMentionEvent:
		channel, ts, thread, text = m.Channel, m.TimeStamp, m.ThreadTimeStamp, m.Text
	case *slackevents.MessageEvent:
		if m.BotID != "" || m.ChannelType != "im" {
			return
		}
		channel, ts, thread, text = m.Channel, m.TimeStamp, m.ThreadTimeStamp, m.Text
	default:
		return
	}
	a.mu.Lock()
	again := a.seen[channel+ts]
	a.seen[channel+ts] = true
	a.mu.Unlock()
	if again {
		return
	}
	if thread == "" {
		thread = ts
	}
	for ctx.Err() == nil {
		_, _, err := a.api.PostMessageContext(ctx, channel, slack.MsgOptionTS(thread), slack.MsgOptionText("answer: "+text, false),
			slack.MsgOptionMetadata(slack.SlackMetadata{EventType: "answer", EventPayload: map[string]any{"ts": ts}}))
		limited, ok := errors.AsType[*slack.RateLimitedError](err)
		if !ok {
			return
		}
		wait := time.NewTimer(min(limited.RetryAfter, 10*time.Millisecond)) // tests do not wait a second
		select {
		case <-wait.C:
		case <-ctx.Done():
		}
		wait.Stop()
	}
}

// settledOK waits until every question has its answer, and fails where the verdict is not clean.
func settledOK(t *testing.T, s *slacktest.Slack, asked int) {
	t.Helper()
	err := s.Until(within(t), func() bool {
		v := s.Verdict()
		return v.Asked == asked && v.Answered == asked && v.Unacked == 0
	})
	if v := s.Verdict(); err != nil || v.Lost+v.Doubled+v.Stray > 0 {
		t.Fatalf("%v; %s", err, v)
	}
}

func contains(b []byte, part string) bool { return bytes.Contains(b, []byte(part)) }
