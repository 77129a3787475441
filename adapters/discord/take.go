package discord

import (
	"context"
	"encoding/json"
	"errors"
	"runtime/debug"
	"strconv"
	"sync"
	"time"

	"github.com/valyala/fastjson"

	"careerbot/adapters"
	"careerbot/adapters/discord/commands"
	"careerbot/adapters/discord/layout"
	"careerbot/adapters/discord/wire"
	"careerbot/bot/chat"
)

// Bounds of what is under way at once.
const (
	maxUnderWay = 1024 // events that are answered
	maxBusy     = 64   // events that are told, in words, that there are too many
)

// shift is one Run of an adapter: what it takes while it lasts.
type shift struct {
	*Adapter
	courier     *adapters.Courier
	slots, busy chan struct{}
	work        sync.WaitGroup
	parsers     fastjson.ParserPool
}

func newShift(a *Adapter, ask chat.Asker) *shift {
	s := &shift{Adapter: a, slots: make(chan struct{}, maxUnderWay), busy: make(chan struct{}, maxBusy)}
	s.courier = adapters.NewCourier(name, a.cfg.Outbox, ask, sender{a}, adapters.CourierOptions{
		Logger: a.log, Meter: a.cfg.Meter, Now: a.cfg.Now, Every: a.cfg.Times.Every, Drain: a.cfg.Times.Drain,
	})
	return s
}

// destination is what is kept of an event beside its question: where and how it is answered.
type destination struct {
	Place   place `json:"place"`
	InPlace bool  `json:"in_place,omitempty"` // the answer replaces the message of the button
	Silent  bool  `json:"silent,omitempty"`   // a form was shown; the answer is not
}

// event is q as the courier keeps it.
func (s *shift) event(q asked) (adapters.Event, destination) {
	d := destination{Place: q.place, InPlace: q.kind == turned && q.inPlace, Silent: q.kind == reason}
	d.Place.Look = q.look()
	e := adapters.Event{Key: q.question.ID, Question: q.question}
	e.Reply, _ = json.Marshal(d) // plain strings, numbers and booleans
	if d.Place.Interaction != "" {
		e.Deadline = s.cfg.Now().Add(answerLife)
	}
	return e, d
}

// taken has f run beside others and gives its place back when it is through. Where there is no room for as long as wait,
// instead runs in its place, and where there is none for that either, nothing but a line in the log.
func (s *shift) taken(wait time.Duration, f, instead func()) {
	room, run := s.slots, f
	if !s.roomWithin(wait) {
		room, run = s.busy, instead
		select {
		case s.busy <- struct{}{}:
		default:
			s.log.Error("an event is dropped: too many are under way", "under_way", maxUnderWay)
			return
		}
	}
	s.work.Go(func() {
		defer func() { <-room }()
		defer s.caught()
		run()
	})
}

// roomWithin takes a place among what is under way and says whether there was one.
func (s *shift) roomWithin(wait time.Duration) bool {
	select {
	case s.slots <- struct{}{}:
		return true
	default:
	}
	if wait <= 0 {
		return false
	}
	limit := time.NewTimer(wait)
	defer limit.Stop()
	select {
	case s.slots <- struct{}{}:
		return true
	case <-limit.C:
		return false
	}
}

// caught, deferred, ends a panic with the event that caused it.
func (s *shift) caught() {
	if r := recover(); r != nil {
		s.log.Error("panic", "panic", r, "stack", string(debug.Stack()))
	}
}

// dispatch takes an event of the gateway, from the shard that holds lease. It returns at once, or when there is room for
// what the event asks, at most after wait.
func (s *shift) dispatch(ctx context.Context, kind string, raw json.RawMessage, from *lease, wait time.Duration) {
	switch kind {
	case "INTERACTION_CREATE":
		s.taken(wait, func() { s.fromGateway(ctx, raw, false) }, func() { s.fromGateway(ctx, raw, true) })
	case "MESSAGE_CREATE":
		q, ok := s.reader().message(raw)
		if !ok {
			return // most messages are not for us: no goroutine for those
		}
		s.taken(wait, func() { s.message(ctx, q, from) }, func() { s.tooBusy(ctx, q, nil) })
	}
}

// packs are those there are now.
func (a *Adapter) packs() []chat.Pack {
	if a.cfg.Packs == nil {
		return nil
	}
	return a.cfg.Packs()
}

// reader reads events as the application and its user.
func (s *shift) reader() reader {
	id := s.who()
	return reader{parsers: &s.parsers, application: id.application, bot: id.user, word: s.cfg.Command, packs: s.packs()}
}

// fromGateway takes an interaction that came over the gateway.
func (s *shift) fromGateway(ctx context.Context, raw json.RawMessage, full bool) {
	q, err := s.reader().interaction(raw)
	if err != nil {
		s.log.Error("an interaction cannot be read", "err", err)
		return
	}
	if full {
		s.tooBusy(ctx, q, newVisit(q.place))
		return
	}
	s.interaction(ctx, q, newVisit(q.place))
}

// under is q as the preferences of its server want it.
func (s *shift) under(ctx context.Context, q asked) asked {
	p, err := s.book.Get(ctx, q.place.Guild)
	if err != nil {
		s.log.Warn("the preferences of a server cannot be read", "err", err)
	}
	return q.under(p)
}

// message takes a message: a mention, a direct message, a reply to the bot.
func (s *shift) message(ctx context.Context, q asked, from *lease) {
	if q = s.under(ctx, q); q.kind == ignored {
		return
	}
	e, _ := s.event(q)
	v := newVisit(q.place)
	v.lease, v.fence = from, from.current()
	s.ask(ctx, e, v, nil)
}

// interaction takes an interaction, and returns when it is answered or left to the courier.
func (s *shift) interaction(ctx context.Context, q asked, v *visit) {
	q = s.under(ctx, q)
	look := q.look()
	switch q.kind {
	case ignored:
	case pinged:
		s.give(ctx, v, wire.Pong())
	case completed:
		s.give(ctx, v, commands.Complete(s.cfg.Completer, q.option, q.typed))
	case unknown:
		s.give(ctx, v, wire.Answered(layout.Notify(q.notice(), look)))
	case settings:
		s.settings(ctx, q, v)
	case report:
		s.report(ctx, q, v)
	case reason:
		e, _ := s.event(q)
		s.ask(ctx, e, v, func() { s.give(ctx, v, layout.ReasonForm(q.question.Action, look.Locale)) })
	default:
		e, d := s.event(q)
		stop := s.deferral(ctx, v, look.Private, d.InPlace)
		defer stop()
		s.ask(ctx, e, v, nil)
	}
}

// ask has the courier take and answer an event; once it is claimed, claimed runs.
func (s *shift) ask(ctx context.Context, e adapters.Event, v *visit, claimed func()) {
	if !s.visits.enter(e.Key, v) {
		return // the same event, delivered twice, is under way here
	}
	defer s.visits.leave(e.Key)
	first, err := s.courier.Accept(ctx, e)
	if err != nil {
		s.log.Error("a question is not taken", "err", err)
		s.sorry(ctx, e, v)
		return
	}
	close(v.claimed)
	if !first {
		return
	}
	if claimed != nil {
		claimed()
	}
	if err := s.courier.Deliver(ctx, e); err != nil && !errors.Is(err, adapters.ErrNotAccepted) {
		s.log.Warn("a question is not answered yet", "err", err, "final", errors.Is(err, adapters.ErrExpired))
	}
}

// tooBusy says so to who asked.
func (s *shift) tooBusy(ctx context.Context, q asked, v *visit) {
	if q.kind == completed {
		return // nothing is said while typing
	}
	e, _ := s.event(q)
	s.sorry(ctx, e, v)
}

// sorry tells who asked that the question was not taken, and to ask again: to them alone where that is possible.
func (s *shift) sorry(ctx context.Context, e adapters.Event, v *visit) {
	var d destination
	_ = json.Unmarshal(e.Reply, &d) // as event wrote it
	d.Place.Look.Private = d.Place.Interaction != ""
	r := layout.Notify(layout.Busy, d.Place.Look)
	if v != nil && d.Place.Interaction != "" {
		s.give(ctx, v, wire.Answered(r))
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), answerWait)
	defer cancel()
	if err := s.api.say(ctx, d.Place.Channel, replyTo(d.Place, e.Key, r)); err != nil {
		s.log.Error("a question is not taken, and that could not be said", "err", err)
	}
}

// answerWait is how long a direct answer may take, without a courier to try again.
const answerWait = 10 * time.Second

// give gives the first answer to an interaction where nothing is lost if it fails. What is begun then is what is known to be.
func (s *shift) give(ctx context.Context, v *visit, c wire.Callback) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), answerWait)
	defer cancel()
	v.mu.Lock()
	defer v.mu.Unlock()
	err := v.give(ctx, s.api, c)
	v.begun = err == nil || codeOf(err) == alreadyAnswered
	if !v.begun {
		s.log.Error("an interaction is not answered", "err", err, "type", c.Type)
	}
}

// finish gives r to an interaction: as its first answer, or in place of the promise of one.
func (s *shift) finish(ctx context.Context, v *visit, d destination, r wire.Reply) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), answerWait)
	defer cancel()
	if err := (sender{s.Adapter}).respond(ctx, v, d, r); err != nil {
		s.log.Error("an interaction is not answered", "err", err)
	}
}

// settings changes the preferences of a server.
func (s *shift) settings(ctx context.Context, q asked, v *visit) {
	close(v.claimed)
	defer s.deferral(ctx, v, true, false)()
	p, err := s.book.Get(ctx, q.place.Guild)
	if err == nil && !q.change.show {
		if p, err = q.change.apply(p); err == nil {
			err = s.book.Set(ctx, q.place.Guild, p)
		}
	}
	if err != nil {
		s.log.Warn("the preferences of a server are not changed", "err", err)
	}
	s.finish(ctx, v, destination{Place: q.place}, renderSettings(p, err, q.look()))
}

// report shows who manages a server what was asked there.
func (s *shift) report(ctx context.Context, q asked, v *visit) {
	close(v.claimed)
	look := q.look()
	defer s.deferral(ctx, v, look.Private, false)()
	within, cancel := context.WithTimeout(ctx, answerWait)
	defer cancel()
	r := layout.Notify(layout.Failed, look)
	if s.cfg.Reporter != nil {
		a, err := s.cfg.Reporter.Report(within, name, q.question.Server, q.days)
		if err == nil {
			r = s.charts.Render(a, look)
		} else {
			s.log.Error("there is no report", "err", err)
			if fault, ok := errors.AsType[*chat.Fault](err); ok && fault.Say != "" {
				r = layout.Sentence(fault.Say, look)
			}
		}
	}
	s.finish(ctx, v, destination{Place: q.place}, r)
}

// deferral tells an interaction to wait if nothing has been said to it after Times.Defer, but not before it is claimed.
// The function it returns ends the waiting.
func (s *shift) deferral(ctx context.Context, v *visit, private, inPlace bool) (stop func()) {
	over := make(chan struct{})
	timer := time.AfterFunc(s.cfg.Times.Defer, func() {
		defer s.caught()
		select {
		case <-v.claimed:
			s.promise(ctx, v, wire.Deferred(private, inPlace))
		case <-over:
		}
	})
	return func() {
		timer.Stop()
		close(over)
	}
}

// promise tells an interaction to wait, if nothing was said to it yet.
func (s *shift) promise(ctx context.Context, v *visit, c wire.Callback) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.begun {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), answerWait)
	defer cancel()
	err := v.give(ctx, s.api, c)
	if err != nil {
		s.log.Warn("an interaction cannot be told to wait", "err", err)
	}
	v.begun = err == nil || !refused(err) || codeOf(err) == alreadyAnswered
}

// born is when Discord made an id: https://discord.com/developers/docs/reference#snowflakes.
func born(id string) time.Time {
	n, err := strconv.ParseUint(id, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(int64(n>>22) + 1420070400000) //nolint:gosec // 42 bits
}
