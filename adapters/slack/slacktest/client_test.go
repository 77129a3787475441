package slacktest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"careerbot/adapters/slack/slacktest"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"
)

// limit is how long a test waits for anything at most: much, as only a failure waits for it, and machines are busy.
const limit = 2 * time.Minute

// newSlack is a Slack that waits longer than its 3 s for acknowledgements and views, unless o says how long: a busy machine
// may be late.
func newSlack(t *testing.T, o slacktest.Options) *slacktest.Slack {
	t.Helper()
	if o.Ack == 0 {
		o.Ack = limit
	}
	if o.TriggerLife == 0 && o.Clock == nil {
		o.TriggerLife = limit
	}
	return slacktest.Start(t, o)
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
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
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
	api     *slack.Client
	sockets int  // 0 is one
	ackBad  bool // acknowledges what the client cannot read
	atOnce  bool // handles events side by side
	answer  func(text string) []slack.Block

	mu      sync.Mutex
	seen    map[string]bool // questions, by channel and ts
	before  map[string]bool // those of an earlier time, so that memory stays flat
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
	ctx, cancel := context.WithCancel(context.Background())
	var work sync.WaitGroup
	for range max(1, a.sockets) {
		socket := socketmode.New(a.api, socketmode.OptionLog(log.New(io.Discard, "", 0)))
		work.Go(func() {
			if err := socket.RunContext(ctx); err != nil && ctx.Err() == nil {
				t.Logf("the client ended: %v", err)
			}
		})
		work.Go(func() { a.serve(ctx, socket) })
	}
	t.Cleanup(func() {
		cancel()
		work.Wait()
	})
	return a
}

func section(text string) []slack.Block {
	return []slack.Block{slack.NewSectionBlock(slack.NewTextBlockObject(slack.PlainTextType, text, false, false), nil, nil)}
}

func (a *app) serve(ctx context.Context, socket *socketmode.Client) {
	var work sync.WaitGroup
	defer work.Wait()
	for {
		select {
		case <-ctx.Done():
			return
		case e := <-socket.Events:
			if a.atOnce {
				work.Go(func() { a.handle(ctx, socket, e) })
			} else {
				a.handle(ctx, socket, e)
			}
		}
	}
}

func (a *app) handle(ctx context.Context, socket *socketmode.Client, e socketmode.Event) {
	switch data := e.Data.(type) {
	case slack.SlashCommand:
		_ = socket.Ack(*e.Request, map[string]any{"text": "answer: " + data.Text, "blocks": a.answer(data.Text)})
	case slack.InteractionCallback:
		_ = socket.Ack(*e.Request)
	case slackevents.EventsAPIEvent:
		a.mu.Lock()
		if len(a.retries) < 1000 {
			a.retries = append(a.retries, e.Request.RetryAttempt)
		}
		a.mu.Unlock()
		a.event(ctx, data)
		_ = socket.Ack(*e.Request)
	case *socketmode.ErrorBadMessage:
		a.mu.Lock()
		if len(a.bad) < 1000 {
			a.bad = append(a.bad, string(data.Message))
		}
		a.mu.Unlock()
		var envelope struct {
			ID string `json:"envelope_id"`
		}
		if a.ackBad && json.Unmarshal(data.Message, &envelope) == nil {
			_ = socket.AckCtx(ctx, envelope.ID, nil)
		}
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
	again := a.seen[channel+ts] || a.before[channel+ts]
	a.seen[channel+ts] = true
	if len(a.seen) > 5000 {
		a.before, a.seen = a.seen, map[string]bool{}
	}
	a.mu.Unlock()
	if again {
		return
	}
	if thread == "" {
		thread = ts
	}
	a.post(ctx, channel, thread, ts, "answer: "+text)
}

// post posts until it is sure that the answer is there, once: what failed may have been posted all the same.
func (a *app) post(ctx context.Context, channel, thread, ts, text string) {
	for ctx.Err() == nil {
		_, _, err := a.api.PostMessageContext(ctx, channel, slack.MsgOptionTS(thread), slack.MsgOptionText(text, false),
			slack.MsgOptionMetadata(slack.SlackMetadata{EventType: "answer", EventPayload: map[string]any{"ts": ts}}))
		if err == nil {
			return
		}
		if _, ok := errors.AsType[*slack.RateLimitedError](err); ok {
			continue // tests do not wait a second
		}
		if a.posted(ctx, channel, thread, ts) {
			return
		}
	}
}

func (a *app) posted(ctx context.Context, channel, thread, ts string) bool {
	replies, _, _, err := a.api.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{
		ChannelID: channel, Timestamp: thread, IncludeAllMetadata: true, Limit: 999,
	})
	return err == nil && slices.ContainsFunc(replies, func(m slack.Message) bool { return m.Metadata.EventPayload["ts"] == ts })
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
