package adapters

import (
	"errors"
	"sync"
	"time"

	"careerbot/bot/chat"
)

// book is what a courier remembers: the events under way, and the last answered ones.
type book struct {
	now   func() time.Time
	limit int

	mu      sync.Mutex
	flights map[string]*flight // under way, by key
	ready   map[string]*made   // by Instant, for events that are delivered after all
	ended   map[string]ending  // the last limit that ended, by key
	order   []string           // ring of the keys of ended
	oldest  int
}

// flight is an event between its claim and its end. The book guards the first fields; the others belong to who
// delivers it, and to the book while nobody does.
type flight struct {
	event   Event
	durable bool      // the outbox has it
	ready   time.Time // the time to deliver it, for one that nobody is delivering
	failed  bool      // a delivery of it has failed
	under   *delivery // the delivery under way; nil while there is none

	doubt  doubt        // whether it was sent already
	look   time.Time    // when a post of the process before this one is to be seen at the latest
	tries  int          // attempts to send that failed
	made   *made        // an answer made, or being made, before the delivery
	answer *chat.Answer // what is sent, once it is known
	plain  bool         // answer is words in place of one that was refused
}

// delivery is one run of Deliver, which others may wait for.
type delivery struct {
	done chan struct{}
	err  error // how it went, once done is closed
}

// doubt is how sure it is that nothing was posted for an event.
type doubt int

const (
	certain   doubt = iota
	unclaimed       // the outbox could not say whether the event is new: look, but send if there is no telling
	posted          // a post is under way or lost: send only if the platform says that it has none
)

// ending is how an event ended: why it expired, or "" for an answer.
type ending struct{ why string }

func newBook(o CourierOptions) *book {
	return &book{now: o.Now, limit: o.Memory, flights: map[string]*flight{}, ready: map[string]*made{}, ended: map[string]ending{}}
}

// state is what a book knows of one key.
type state struct{ known, durable, answered bool }

func (b *book) look(key string) state {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, ok := b.ended[key]; ok {
		return state{known: true, answered: true}
	}
	f, ok := b.flights[key]
	return state{known: ok, durable: ok && f.durable}
}

func (b *book) full() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.flights) >= b.limit
}

// again says whether a repeat of an event that is known must be delivered by who brought it.
func (b *book) again(key string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	f, ok := b.flights[key]
	return ok && f.failed && f.under == nil && !b.now().Before(f.ready)
}

// open enters a claimed event and says whether who brought it delivers it.
func (b *book) open(e Event, durable bool, d doubt, look time.Time) bool {
	b.mu.Lock()
	if _, ok := b.ended[e.Key]; ok {
		b.mu.Unlock()
		return false
	}
	f, ok := b.flights[e.Key]
	if ok {
		f.durable = f.durable || durable
		b.mu.Unlock()
		return b.again(e.Key)
	}
	b.flights[e.Key] = &flight{event: e, durable: durable, doubt: d, look: look, ready: b.now().Add(deliverLimit), made: b.ready[e.Key]}
	b.mu.Unlock()
	return true
}

// prepare keeps an answer until its event is opened; discard drops what was not taken then.
func (b *book) prepare(key string, m *made) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ready[key] = m
}

func (b *book) discard(key string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.ready, key)
}

// finish enters an event that is answered already; false says that it is known: answered, or on its way.
func (b *book) finish(key string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, ended := b.ended[key]; ended || b.flights[key] != nil {
		return false
	}
	b.remember(key, ending{})
	return true
}

// begin takes the flight of key for a delivery. Where another delivery of it is under way, it gives that one and no
// flight; an ended or unknown event has neither.
func (b *book) begin(key string) (f *flight, other *delivery, answered bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, ok := b.ended[key]; ok {
		return nil, nil, true
	}
	f, ok := b.flights[key]
	if !ok {
		return nil, nil, false
	}
	if f.under != nil {
		return nil, f.under, false
	}
	f.under = &delivery{done: make(chan struct{})}
	return f, nil, false
}

// end closes the delivery of f: how it ended or, where how is nil, when it is time to deliver it again. One that has
// passed to another process is forgotten.
func (b *book) end(f *flight, how *ending, err error, ready time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case how != nil:
		delete(b.flights, f.event.Key)
		b.remember(f.event.Key, *how)
	case errors.Is(err, ErrNotAccepted):
		delete(b.flights, f.event.Key)
	default:
		f.failed, f.ready = true, ready
	}
	f.under.err = err
	close(f.under.done)
	f.under = nil
}

// recover enters an event that the outbox handed back. It gives the ending, where only the outbox did not know of
// it, and says whether it is time to deliver the event.
func (b *book) recover(e Event) (how *ending, due bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if how, ok := b.ended[e.Key]; ok {
		return &how, false
	}
	f, ok := b.flights[e.Key]
	if !ok {
		f = &flight{event: e}
		b.flights[e.Key] = f
	}
	f.durable = true
	if f.under != nil {
		return nil, false
	}
	if !ok || f.failed {
		f.doubt = posted // perhaps, by who held it before
	}
	return nil, !ok || f.failed && !b.now().Before(f.ready)
}

// isDurable says whether the outbox has f.
func (b *book) isDurable(f *flight) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return f.durable
}

// remember keeps the last limit endings.
func (b *book) remember(key string, how ending) {
	b.ended[key] = how
	if len(b.order) < b.limit {
		b.order = append(b.order, key)
		return
	}
	delete(b.ended, b.order[b.oldest])
	b.order[b.oldest] = key
	b.oldest = (b.oldest + 1) % b.limit
}

// due lists the events that nobody delivers although it is time. Whoever leaves delivers more, whatever the time:
// those that never had a delivery, and those that end with the process.
func (b *book) due(leaving bool) []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var keys []string
	now := b.now()
	for key, f := range b.flights {
		if f.under == nil && (!now.Before(f.ready) || leaving && (!f.failed || !f.durable)) {
			keys = append(keys, key)
		}
	}
	return keys
}

// lost counts the events that end with the process: under way or waiting, and not in the outbox.
func (b *book) lost() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := 0
	for _, f := range b.flights {
		if !f.durable {
			n++
		}
	}
	return n
}
