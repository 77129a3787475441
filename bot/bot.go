package bot

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"careerbot/bot/chat"
	"careerbot/bot/compose"
	"careerbot/bot/intent"
	"careerbot/index"

	"github.com/maypok86/otter/v2"
)

// Bot answers questions from a library. It is safe for concurrent use.
type Bot struct {
	lib     *Library
	threads *threads
	journal Journal // nil: nothing is kept
	turns   Turns   // nil: conversations end with the process
	eraser  Eraser  // nil: nobody can have anything erased
	log     *slog.Logger
	now     func() time.Time
	cache   *otter.Cache[cacheKey, *composed] // nil: nothing is answered from memory
	cacheOf atomic.Pointer[volume]            // what cache was filled from
	dropped atomic.Int64                      // when a question was last not kept, in Unix seconds
	serial  atomic.Uint64
	prefix  string // of made ids: differs between processes, so that the journal keeps them apart
}

var _ chat.Asker = (*Bot)(nil)

// Option changes a Bot.
type Option func(*Bot)

// WithClock sets the clock dates are compared with; the default is time.Now.
func WithClock(now func() time.Time) Option { return func(b *Bot) { b.now = now } }

// New makes a Bot on a library, which the caller closes.
func New(lib *Library, opts ...Option) *Bot {
	b := &Bot{lib: lib, threads: newThreads(), now: time.Now, prefix: rand.Text()[:8] + "-", log: slog.New(slog.DiscardHandler)}
	for _, o := range opts {
		o(b)
	}
	return b
}

// Ask answers one question: recall, read, find, compose, remember.
func (b *Bot) Ask(ctx context.Context, q chat.Question) (chat.Answer, error) {
	if a, ok, err := b.vote(ctx, q); ok {
		return a, err
	}
	if a, ok, err := b.forget(ctx, q); ok {
		return a, err
	}
	t := timer{last: time.Now()}
	what, page, id := readToken(q.Action)
	var asked []saved
	if what != "" {
		if asked = b.recallAnswer(ctx, id); len(asked) == 0 {
			return chat.Answer{}, &chat.Fault{Say: forgottenSay}
		}
		q.Packs = asked[len(asked)-1].Packs // those the answer was from
	}
	v, err := b.volume(ctx, q.Packs)
	if err != nil {
		return chat.Answer{}, err
	}
	defer v.release()
	if what != "" {
		return b.press(ctx, v, q, press{what, page, id, readTurns(v, asked)})
	}
	past := b.recall(ctx, v, q)
	if q.Text == "" && strings.HasPrefix(q.Action, compose.AskToken) {
		past = nil // a follow-up says all that it asks, whatever was asked before it was pressed
	}
	q = expand(q)
	t.step("recall")
	c, a, done, err := b.compose(ctx, v, q, past, &t)
	if done || err != nil {
		return a, err
	}
	a = c.answer
	a.ID, a.Private = b.id(q), q.Private
	if c.in.Topic == chat.TopicChat && c.in.Chat == chatPrivacy {
		b.privacy(&a)
	}
	b.mark(q, &a, c.hits)
	a.Trace.Steps = t.steps[:t.n]
	b.remember(ctx, q, turn{in: c.in, last: &shownAnswer{a.Topic, a.Trace, a.Sources, c.hits, compose.Page}}, &a)
	t.step("remember")
	a.Trace.Steps = t.steps[:t.n]
	return a, nil
}

// volume lends out the volume of the packs that are to answer.
func (b *Bot) volume(ctx context.Context, packs []string) (*volume, error) {
	v, err := b.lib.openSome(ctx, packs)
	switch {
	case err != nil:
		return nil, &chat.Fault{Say: "I couldn't open the knowledge that is chosen here; please tell whoever runs me.", Err: err}
	case v == nil:
		return nil, &chat.Fault{Say: "I'm shutting down; please ask again in a moment.", Err: index.ErrClosed}
	}
	return v, nil
}

// compose reads a question, finds evidence and composes, or takes what it composed before. done says that a is the
// answer already: to "more" or "why", which are about the turn before.
func (b *Bot) compose(ctx context.Context, v *volume, q chat.Question, past []turn, t *timer) (c *composed, a chat.Answer, done bool, err error) {
	key, c, keep := b.cached(v, q)
	if c != nil && len(past) == 0 {
		t.step("recall answer")
		return c, a, false, nil
	}
	in, rest := v.read(q, intents(past))
	t.step("read")
	if a, ok := b.again(v, q, &in, past); ok {
		return nil, a, true, nil
	}
	if in.Follow {
		keep = false // it means another thing after other questions
	} else if c != nil {
		return c, a, false, nil
	}
	hits, err := b.find(ctx, v, &in)
	if err != nil {
		return nil, a, false, &chat.Fault{Say: "I couldn't search just now; please try again.", Err: fmt.Errorf("find: %w", err)}
	}
	t.step("find")
	a = compose.Answer(in, compose.Evidence{Book: v.book, Hits: hits, Now: b.now()})
	if rest != "" {
		b.second(ctx, v, &a, rest)
	}
	t.step("compose")
	a.Trace = trace(&in, hits, a.Trace.Grounds)
	c = &composed{in, a, hits}
	if keep {
		b.cache.Set(key, c)
	}
	return c, a, false, nil
}

// id is the answer's: the question's, so that a repeated delivery names the same answer, or a new one.
func (b *Bot) id(q chat.Question) string {
	if q.ID != "" {
		return q.ID
	}
	return b.prefix + strconv.FormatUint(b.serial.Add(1), 36)
}

// expand turns a pressed button into the question its token carries.
func expand(q chat.Question) chat.Question {
	if q.Text != "" {
		return q
	}
	if text, ok := strings.CutPrefix(q.Action, compose.AskToken); ok {
		q.Text = text
	}
	if rest, ok := strings.CutPrefix(q.Action, compose.AsToken); ok {
		if topic, text, ok := strings.Cut(rest, ":"); ok {
			q.Topic, q.Text = chat.Topic(topic), text
		}
	}
	if q.Action == chat.TokenMore || q.Action == chat.TokenWhy {
		q.Text = q.Action
	}
	return q
}

func intents(past []turn) []intent.Intent {
	out := make([]intent.Intent, len(past))
	for i := range past {
		out[i] = past[i].in
	}
	return out
}

// timer measures the steps of one question.
type timer struct {
	steps [5]chat.Step
	n     int
	last  time.Time
}

func (t *timer) step(name string) {
	now := time.Now()
	t.steps[t.n] = chat.Step{Name: name, Took: now.Sub(t.last)}
	t.n++
	t.last = now
}

// trace says what was understood and found.
func trace(in *intent.Intent, hits []compose.Hit, g chat.Grounds) chat.Trace {
	t := chat.Trace{Understood: in.String(), Grounds: g}
	for _, term := range in.Terms {
		t.Terms = append(t.Terms, term.Word)
	}
	for _, h := range hits[:min(len(hits), traced)] {
		t.Hits = append(t.Hits, chat.TraceHit{ID: h.ID(), Title: h.Title(), Source: h.Source(), Score: h.Score, Matched: h.Matched})
	}
	return t
}

// traced is how many hits a trace names.
const traced = 5
