package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"runtime/debug"
	"sync"
	"time"

	"careerbot/adapters"
	"careerbot/adapters/slack/blocks"
	"careerbot/adapters/slack/payload"
	"careerbot/adapters/slack/webapi"
	"careerbot/bot/chat"
)

// Kinds of deliveries, by the names that Socket Mode gives them.
const (
	viaEvents      = "events_api"
	viaCommand     = "slash_commands"
	viaInteraction = "interactive"
)

// delivery is one event as a transport brought it.
type delivery struct {
	kind    string
	payload []byte     // JSON
	form    url.Values // of a command over HTTP, in place of the payload
	retry   int
	inline  bool // the acknowledgement may carry an answer
	room    int  // of an answer there, in bytes
}

// verdict is what a transport does about a delivery.
type verdict struct {
	ack    bool            // false leaves it to Slack's retries
	body   json.RawMessage // of the acknowledgement; nil for an empty one
	then   func()          // after the acknowledgement
	unsent func()          // where a body did not get through
}

// maxAck is what an acknowledgement over Socket Mode may have in bytes: from 20,480 on Slack drops it, and slack-go v0.34.0
// refuses it. The envelope around the payload and what it escapes have the rest.
const maxAck = 19_000

// hookLife is how long a response_url is used, less than the 30 minutes that it lives.
const hookLife = 29 * time.Minute

// busyWords is said where there is more to do than can be done.
const busyWords = "I am busy just now and could not take your question. Please ask again in a minute."

// handle does what one delivery asks, as far as it has to be done before the acknowledgement. It takes no longer than
// Times.Answer, about.
func (a *Adapter) handle(ctx context.Context, d delivery) (v verdict) {
	if !a.gate.enter() {
		return a.unable(d, "I am starting or shutting down. Please ask again in a moment.")
	}
	defer a.gate.leave()
	defer func() {
		if r := recover(); r != nil {
			a.log.Error("panic over a delivery", "type", d.kind, "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
			v = a.unable(d, "Something went wrong on my side, so I have no answer to this. Please ask again.")
		}
	}()
	q := a.read(d)
	switch q.Kind {
	case payload.KindIgnored:
		a.log.Debug("a delivery is ignored", "type", d.kind, "why", q.Why)
		return verdict{ack: true}
	case payload.KindUnknown:
		a.log.Warn("a delivery is not understood", "type", d.kind, "why", q.Why)
		return verdict{ack: true}
	}
	if d.retry > 0 {
		a.log.Info("Slack delivers again", "type", d.kind, "retry", d.retry, "event", q.Key)
	}
	return a.act(ctx, d, a.settled(ctx, q))
}

// unable says words to whoever typed a command; of all else nothing is acknowledged.
func (a *Adapter) unable(d delivery, words string) verdict {
	if d.kind != viaCommand || !d.inline {
		return verdict{}
	}
	return verdict{ack: true, body: blocks.Ephemeral(words)}
}

func (a *Adapter) read(d delivery) payload.Request {
	switch d.kind {
	case viaCommand:
		if d.form != nil {
			return payload.ReadCommand(d.form)
		}
		return payload.ReadCommandJSON(d.payload)
	case viaEvents:
		// Slack sends messages of threads where that was granted.
		return payload.ReadEvent(d.payload, payload.Options{Self: a.tokens.self(), Follow: true})
	case viaInteraction:
		return payload.ReadInteraction(d.payload)
	}
	return payload.UnknownType(d.kind)
}

// settled applies what the workspace has chosen; a state that fails costs that, not the answer.
func (a *Adapter) settled(ctx context.Context, q payload.Request) payload.Request {
	ctx, cancel := context.WithTimeout(ctx, a.cfg.Times.Answer/2)
	defer cancel()
	p, err := a.book.Get(ctx, q.Place.Server())
	if err != nil {
		a.log.Warn("the choices of a workspace are not read", "err", err)
	}
	return payload.Settle(q, p, a.packs())
}

func (a *Adapter) act(ctx context.Context, d delivery, q payload.Request) verdict {
	switch q.Kind {
	case payload.KindFollow:
		ours, err := a.ours(ctx, q.Place)
		if err != nil {
			a.log.Warn("whether a thread is the bot's is not known; left to Slack's retry", "err", err)
			return verdict{}
		}
		if !ours {
			return verdict{ack: true}
		}
		return a.answer(ctx, d, q)
	case payload.KindQuestion, payload.KindVote, payload.KindShare, payload.KindSay, payload.KindReport:
		return a.answer(ctx, d, q)
	case payload.KindVoteDown:
		a.later(q, "open a modal", a.openReason)
		return a.answer(ctx, d, q)
	case payload.KindHome:
		return a.later(q, "publish the Home tab", a.publishHome)
	case payload.KindPrompts:
		return a.later(q, "suggest prompts", a.suggest)
	case payload.KindAskModal:
		return a.later(q, "open a modal", a.openAsk)
	case payload.KindSettings:
		return a.later(q, "open the settings", a.openSettings)
	case payload.KindSave:
		return a.later(q, "keep the settings", a.save)
	case payload.KindUninstalled:
		return a.forget(ctx, q)
	case payload.KindRevoked:
		if len(q.Bots) == 0 {
			return verdict{ack: true} // tokens of users, which the bot does not have
		}
		return a.forget(ctx, q)
	}
	a.log.Error("nobody handles a kind of event", "kind", string(q.Kind))
	return verdict{ack: true}
}

// later acknowledges at once and does the rest in the background: it would be pointless after a restart.
func (a *Adapter) later(q payload.Request, what string, do func(context.Context, payload.Request) error) verdict {
	begun := a.jobs.do(func(ctx context.Context) {
		ctx, cancel := context.WithTimeout(ctx, a.cfg.Times.Call)
		defer cancel()
		if err := do(ctx, q); err != nil {
			a.log.Warn("something in the background failed", "doing", what, "team", q.Place.Team, "err", err,
				"advice", webapi.Advice(err), "at", webapi.Pointers(err))
		}
	})
	return verdict{ack: begun}
}

// answer claims a question, acknowledges it and has it answered, within the acknowledgement where that is possible.
func (a *Adapter) answer(ctx context.Context, d delivery, q payload.Request) verdict {
	if a.jobs.busy() {
		return a.unable(d, busyWords)
	}
	e, err := a.event(q)
	if err != nil {
		a.log.Error("an event cannot be kept", "err", err)
		return a.unable(d, busyWords)
	}
	inline := d.kind == viaCommand && d.inline
	if inline {
		if v, done := a.instant(ctx, d, e, q); done {
			return v
		}
	}
	first, err := a.courier.Accept(ctx, e)
	if err != nil {
		a.log.Warn("an event is not accepted", "err", err)
		return a.unable(d, busyWords)
	}
	if !first {
		// An envelope of a command that comes twice is acknowledged by who answers it: the first acknowledgement is the
		// one that Slack takes.
		return verdict{ack: !inline || d.form != nil}
	}
	if inline {
		s := a.slots.open(e.Key, d.room)
		defer a.slots.close(e.Key, s)
		return a.inline(e, q, s)
	}
	return verdict{ack: true, then: func() {
		if !a.jobs.do(func(ctx context.Context) { a.deliver(ctx, e) }) {
			a.log.Debug("no room to deliver at once; the courier does it", "event", e.Key)
		}
	}}
}

// event is what the courier keeps of a question.
func (a *Adapter) event(q payload.Request) (adapters.Event, error) {
	reply, err := json.Marshal(q.Place)
	if err != nil {
		return adapters.Event{}, err
	}
	e := adapters.Event{Key: q.Key, Question: q.Question, Reply: reply}
	if q.Place.Hook != "" {
		e.Deadline = a.cfg.Now().Add(hookLife)
	}
	switch q.Kind {
	case payload.KindSay:
		e.Question.Topic, e.Question.Text = topicSay, q.Say
	case payload.KindReport:
		e.Question.Topic, e.Question.Text = topicReport, fmt.Sprint(q.Days)
	}
	e.Question.ID, e.Question.Platform = q.Key, "slack"
	e.Question.Server, e.Question.User = q.Place.Server(), q.Place.User
	return e, nil
}

// deliver logs what became of an answer; the courier tries again what can be tried.
func (a *Adapter) deliver(ctx context.Context, e adapters.Event) {
	switch err := a.courier.Deliver(ctx, e); {
	case errors.Is(err, adapters.ErrExpired):
		a.log.Error("a question ends without an answer", "event", e.Key, "err", err)
	case err != nil && !errors.Is(err, adapters.ErrStopping) && !errors.Is(err, adapters.ErrNotAccepted):
		a.log.Warn("an answer is still owed", "event", e.Key, "err", err)
	}
}

// instant has the answer to a command leave with the acknowledgement, where it is quick, small, and made of blocks that the
// workspace is known to take; done is false for any other.
func (a *Adapter) instant(ctx context.Context, d delivery, e adapters.Event, q payload.Request) (v verdict, done bool) {
	ctx, cancel := context.WithTimeout(ctx, a.cfg.Times.Answer/2)
	defer cancel()
	var body json.RawMessage
	given := false
	done, err := a.courier.Instant(ctx, e, func(answer chat.Answer) func() error {
		m := &message{a: a, event: e, place: q.Place, answer: answer}
		r := m.draw(m.place, a.level(m.place.Server()))
		if _, proven := a.proven.get(m.place.Server()); r.Staged() && !proven && m.place.Hook != "" {
			return nil
		}
		data, err := json.Marshal(r.Hook(m.place))
		if err != nil || len(data) >= d.room {
			return nil
		}
		body = data
		return func() error { given = true; return nil }
	})
	switch {
	case err != nil:
		a.log.Error("an answer did not leave with the acknowledgement", "event", e.Key, "err", err)
	case done && !given: // as in answer, of a repeat
		return verdict{ack: d.form != nil}, true
	}
	return verdict{ack: true, body: body, unsent: func() { a.rescue(q.Place, body) }}, done
}

// inline waits for the answer to a command and lets it ride on the acknowledgement. It is recorded as delivered before:
// killed in between, the process has acknowledged nothing, and Slack tells the person so. An answer that takes longer,
// or is too large, goes to the response_url.
func (a *Adapter) inline(e adapters.Event, q payload.Request, s *slot) verdict {
	done := make(chan struct{})
	if !a.quick.do(func() {
		defer close(done)
		a.deliver(context.Background(), e)
	}) {
		return verdict{ack: true} // the courier delivers it
	}
	timer := time.NewTimer(a.cfg.Times.Answer)
	defer timer.Stop()
	var body json.RawMessage
	select {
	case body = <-s.body:
	case <-done:
	case <-timer.C:
		if a.slots.close(e.Key, s) {
			return verdict{ack: true} // it will not come this way any more
		}
		body = <-s.body // it is being drawn
	}
	if body == nil {
		select {
		case body = <-s.body: // done and body came at once
		default:
			return verdict{ack: true}
		}
	}
	timer.Reset(a.cfg.Times.Answer / 4)
	select {
	case <-done:
	case <-timer.C: // the outbox hangs, the person does not have to
	}
	return verdict{ack: true, body: body, unsent: func() { a.rescue(q.Place, body) }}
}

// rescue posts an answer whose acknowledgement did not get through.
func (a *Adapter) rescue(p payload.Place, body json.RawMessage) {
	a.jobs.do(func(ctx context.Context) {
		if err := a.api.Hook(ctx, p.Hook, body); err != nil {
			a.log.Error("an answer is lost with its acknowledgement; Slack has told the person that the command failed", "err", err)
		}
	})
}

// slots are the acknowledgements that wait for an answer, by event.
type slots struct {
	mu   sync.Mutex
	held map[string]*slot
}

type slot struct {
	body chan json.RawMessage
	room int
}

func newSlots() *slots { return &slots{held: map[string]*slot{}} }

func (s *slots) open(key string, room int) *slot {
	o := &slot{body: make(chan json.RawMessage, 1), room: room}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held[key] = o
	return o
}

// close says whether nobody had taken o.
func (s *slots) close(key string, o *slot) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held[key] != o {
		return false
	}
	delete(s.held, key)
	return true
}

// take gives the slot of a key to who fills it; nil where none waits.
func (s *slots) take(key string) *slot {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.held[key]
	delete(s.held, key)
	return o
}

// Topics of what the adapter says itself. They pass through the courier like questions, so that they too are said once
// and not lost, and never reach the bot.
const (
	topicSay    chat.Topic = "slack:say"
	topicReport chat.Topic = "slack:report"
)

// asker answers those and asks the bot everything else.
type asker struct {
	a    *Adapter
	next chat.Asker
}

// Ask answers q.
func (k *asker) Ask(ctx context.Context, q chat.Question) (chat.Answer, error) {
	switch q.Topic {
	case topicSay:
		return chat.Answer{Lead: q.Text, Private: q.Private}, nil
	case topicReport:
		return k.a.report(ctx, q)
	}
	return k.next.Ask(ctx, q)
}
