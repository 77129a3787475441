package adapters

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"careerbot/bot/chat"
)

// Event is one question as a platform delivered it.
type Event struct {
	// Key names the event among all of its platform's. Every delivery of one event has the same key: retries,
	// replays after a reconnect, and the same message arriving as two kinds of event.
	Key string

	Question chat.Question

	// Reply says where the answer goes. It is the adapter's own JSON: the courier stores it and gives it back.
	// What is secret in it is stored as it is until the answer is delivered.
	Reply json.RawMessage

	// Deadline is the last moment at which the platform takes an answer. The zero time stands for
	// CourierOptions.Window after the event was accepted.
	Deadline time.Time
}

// Sender writes answers to one platform. Its methods are called by several goroutines at once and return soon
// after their ctx ends.
type Sender interface {
	// Send posts a as the answer to e. It may be called again for one event, so the post carries e.Key as its
	// nonce or metadata where the platform can enforce or find it. The error says what became of the post: a
	// [RetryError] or a [FinalError] says that nothing was posted; after any other error that is not known, and
	// Sent is asked before the next attempt.
	Send(ctx context.Context, e Event, a chat.Answer) error

	// Sent looks up whether the platform holds an answer to e. It is asked only where an earlier attempt may have
	// arrived: after a restart, after an error that leaves it open, and where the outbox could not say whether the
	// event is new. Platforms that enforce nonces return false, nil.
	Sent(ctx context.Context, e Event) (bool, error)
}

// RetryError is a Send that the platform refused for now: nothing was posted.
type RetryError struct {
	After time.Duration // what the platform asked to wait, such as its Retry-After; 0 leaves it to the courier
	Err   error
}

// Error gives the cause and the wait.
func (e *RetryError) Error() string { return fmt.Sprintf("%v (retry after %s)", e.Err, e.After) }

// Unwrap gives the cause.
func (e *RetryError) Unwrap() error { return e.Err }

// FinalError is a Send that the platform will never take: nothing was posted. The courier tries once more with a
// sentence in place of the answer, since what was refused may be the answer's form, and then gives up.
type FinalError struct{ Err error }

// Error gives the cause.
func (e *FinalError) Error() string { return e.Err.Error() }

// Unwrap gives the cause.
func (e *FinalError) Unwrap() error { return e.Err }

var (
	// ErrExpired is returned by Deliver for an event that is recorded as never answered: its deadline was over, or
	// the platform refused the answer for good.
	ErrExpired = errors.New("no answer was sent")

	// ErrNotAccepted is returned by Deliver for an event that this courier has not accepted, or that has passed to
	// another process since.
	ErrNotAccepted = errors.New("the event was not accepted here")

	// ErrBusy is returned by Accept while more events are under way than CourierOptions.Memory: say so, in words,
	// or leave the event unacknowledged where the platform delivers it again.
	ErrBusy = errors.New("too many events are under way")

	// ErrStopping is returned by Accept when the process is about to end and no outbox can keep the event, and by
	// Deliver when it has ended: then the outbox keeps the event for the next process.
	ErrStopping = errors.New("shutting down")
)

// Courier is the one way from an event to its answer: claim, acknowledge, ask, send, delivered. Every adapter calls
// it in this order:
//
//	first, err := courier.Accept(ctx, e) // durable
//	if err == nil { acknowledge(e) }
//	if first { go courier.Deliver(ctx, e) }
//
// with courier.Run beside it. What was accepted is answered once, also when the process is killed in between: Run
// delivers what an earlier process promised. Once means: exactly once where the platform enforces the key as a nonce
// or can look it up; elsewhere a process killed between the post and its record posts again after the restart.
//
// A Courier decides neither what is answered nor how it looks, and does not limit rates. Its methods may be called
// by any number of goroutines.
type Courier struct {
	platform string
	asker    chat.Asker
	sender   Sender
	options  CourierOptions
	book     *book
	keeper   *keeper
	life     *life
}

// NewCourier returns the courier of one platform. A nil box keeps claims in memory alone: then nothing outlives the
// process.
func NewCourier(platform string, box Outbox, ask chat.Asker, send Sender, o CourierOptions) *Courier {
	o = o.withDefaults()
	alive := newLife()
	return &Courier{
		platform: platform,
		asker:    ask,
		sender:   send,
		options:  o,
		book:     newBook(o),
		keeper:   newKeeper(platform, box, o, alive),
		life:     alive,
	}
}

// Accept claims e. When it returns without an error the event is kept and may be acknowledged to the platform, not
// before; first says that the caller is the one to Deliver it. A delivery of an event that is answered or on its way
// gives false; one whose last attempt failed gives true again, so that a retry is delivered and never dropped.
//
// An outbox that fails costs durability, not answers: the claim then stands in memory alone, see [Courier.Ready].
// Accept takes about two seconds at most (an outbox that hangs) and does not stop when ctx ends, so that no claim is left
// half made. The errors are [ErrBusy], [ErrStopping], and an event without a key or with a Reply that is no JSON.
func (c *Courier) Accept(ctx context.Context, e Event) (first bool, err error) {
	if e.Deadline.IsZero() {
		e.Deadline = c.options.Now().Add(c.options.Window)
	}
	defer c.book.discard(e.Key)
	p, err := c.promise(e)
	if err == nil {
		err = check(p)
	}
	if err != nil {
		return false, fmt.Errorf("accept %s event %q: %w", c.platform, e.Key, err)
	}
	known := c.book.look(e.Key)
	if known.answered || known.durable {
		c.options.Meter.Claimed(ClaimDuplicate)
		return c.book.again(e.Key), nil
	}
	if !known.known && c.book.full() {
		return false, fmt.Errorf("accept %s event %q: %w", c.platform, e.Key, ErrBusy)
	}
	standing, err := c.keeper.claim(ctx, p)
	c.options.Meter.Claimed(result(standing, err))
	d, look := certain, time.Time{}
	switch {
	case err != nil && c.life.stopping():
		return false, fmt.Errorf("accept %s event %q: %w", c.platform, e.Key, ErrStopping)
	case err != nil && c.keeper.box != nil:
		d = unclaimed
	case standing == Again:
		d, look = posted, c.options.Now().Add(c.options.Settle)
	case err == nil && standing == Repeated && !c.book.look(e.Key).known:
		return false, nil // another process has it
	}
	return c.book.open(e, err == nil, d, look), nil
}

// result is how a claim counts.
func result(s Standing, err error) string {
	switch {
	case err != nil:
		return ClaimFailed
	case s == Repeated:
		return ClaimDuplicate
	}
	return ClaimNew
}

// Ready says whether what is accepted now would outlive the process: nil, or since when and why it would not. It
// is nil where there is no outbox at all.
func (c *Courier) Ready() error { return c.keeper.ready() }

// payload is what a promise keeps of an event.
type payload struct {
	Question chat.Question
	Reply    json.RawMessage
}

// key is the key of e in the outbox, which holds events of all platforms.
func (c *Courier) key(e Event) string { return c.platform + ":" + e.Key }

// promise is the outbox row of e.
func (c *Courier) promise(e Event) (Promise, error) {
	if e.Key == "" {
		return Promise{}, errors.New("it has no key")
	}
	text, err := json.Marshal(payload{e.Question, e.Reply})
	if err != nil {
		return Promise{}, fmt.Errorf("write it down: %w", err)
	}
	return Promise{Key: c.key(e), Platform: c.platform, Payload: string(text), Deadline: e.Deadline}, nil
}

// Limits of what is promised, within those of the bot's store: 512 bytes and 1 MiB. An id of a platform has tens of
// bytes, its longest message 40,000 characters (https://api.slack.com/methods/chat.postMessage).
const (
	maxKey     = 400
	maxPayload = 512 << 10
)

// check finds in an event what an outbox would refuse, so that it does not pass for a failure of the outbox.
func check(p Promise) error {
	switch {
	case len(p.Key) > maxKey:
		return fmt.Errorf("its key has %d bytes, more than %d", len(p.Key), maxKey)
	case chat.Line(p.Key) != p.Key:
		return errors.New("its key has characters that are not for names")
	case len(p.Payload) > maxPayload:
		return fmt.Errorf("it has %d bytes, more than %d", len(p.Payload), maxPayload)
	}
	return nil
}

// event is the event that p was made of.
func (c *Courier) event(p Promise) (Event, error) {
	key, ok := strings.CutPrefix(p.Key, c.platform+":")
	if !ok {
		return Event{}, fmt.Errorf("promise %q is of another platform than %s", p.Key, c.platform)
	}
	var kept payload
	if err := json.Unmarshal([]byte(p.Payload), &kept); err != nil {
		return Event{}, fmt.Errorf("read promise %q: %w", p.Key, err)
	}
	if string(kept.Reply) == "null" {
		kept.Reply = nil
	}
	return Event{Key: key, Question: kept.Question, Reply: kept.Reply, Deadline: p.Deadline}, nil
}
