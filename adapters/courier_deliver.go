package adapters

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"careerbot/bot/chat"
)

// Limits in time of one Deliver, of its parts, and of the wait for a post of another.
const (
	deliverLimit = 45 * time.Second
	askLimit     = 10 * time.Second
	sendLimit    = 10 * time.Second
)

// Deliver asks the bot and sends the answer to e, which Accept has accepted; an error of the bot is sent in words.
// Deliveries of one key join: the later ones wait for the first and get its result, and for an event that is answered
// already there is nothing to do. It does not stop with ctx, which gives its values only, but takes at most 45 s, and
// at a shutdown no longer than Run waits.
//
// An error says why no answer was sent. [ErrExpired] is final. After any other the event stays promised and Run
// delivers it later, so the caller logs the error and does nothing else.
func (c *Courier) Deliver(ctx context.Context, e Event) error {
	if !c.life.enter() {
		return fmt.Errorf("deliver %s event %q: %w", c.platform, e.Key, ErrStopping)
	}
	defer c.life.leave()
	return c.deliver(ctx, e.Key)
}

func (c *Courier) deliver(ctx context.Context, key string) error {
	f, other, answered := c.book.begin(key)
	switch {
	case answered:
		return nil
	case other != nil:
		return c.join(ctx, key, other)
	case f == nil:
		return fmt.Errorf("deliver %s event %q: %w", c.platform, key, ErrNotAccepted)
	}
	work, done := c.life.work(ctx, deliverLimit)
	defer done()
	how, wait, err := c.carry(work, f)
	if err != nil {
		err = fmt.Errorf("deliver %s event %q: %w", c.platform, key, err)
	}
	c.book.end(f, how, err, c.options.Now().Add(wait))
	if how != nil {
		c.keeper.settle(work, debt{key: c.key(f.event), how: *how})
	}
	return err
}

// join waits for a delivery of the same event.
func (c *Courier) join(ctx context.Context, key string, other *delivery) error {
	select {
	case <-other.done:
		return other.err
	case <-ctx.Done():
		return fmt.Errorf("wait for the delivery of %s event %q: %w", c.platform, key, ctx.Err())
	}
}

// carry tries to send until the event has an ending, or a wait before the next delivery.
func (c *Courier) carry(ctx context.Context, f *flight) (how *ending, wait time.Duration, err error) {
	if wait = f.look.Sub(c.options.Now()); wait > 0 && !c.pause(ctx, f, wait) {
		return nil, wait, ErrStopping
	}
	for n := 1; ; n++ {
		if !c.options.Now().Before(f.event.Deadline) {
			return c.late(ctx, f, err)
		}
		err = c.try(ctx, f)
		if err == nil {
			return &ending{}, 0, nil
		}
		if errors.Is(err, ErrNotAccepted) {
			return nil, 0, err
		}
		if final := (*FinalError)(nil); errors.As(err, &final) {
			if f.plain {
				return &ending{why: err.Error()}, 0, fmt.Errorf("%w: %w", ErrExpired, err)
			}
			f.refuse()
			continue
		}
		f.tries++
		wait = c.wait(f, err)
		if n >= c.options.Attempts || !c.pause(ctx, f, wait) {
			return nil, wait, err
		}
	}
}

// refuse puts a sentence in the place of an answer that cannot be sent.
func (f *flight) refuse() { f.plain, f.answer = true, new(words(f.event.Question, refusedWords)) }

// late ends an event that is past its deadline: as answered, where an earlier attempt arrived after all.
func (c *Courier) late(ctx context.Context, f *flight, last error) (*ending, time.Duration, error) {
	why := fmt.Sprintf("its time was over at %s", f.event.Deadline.UTC().Format(time.RFC3339))
	if f.doubt == posted {
		sent, err := c.sent(ctx, f.event)
		if sent {
			return &ending{}, 0, nil
		}
		if err != nil {
			why += "; whether an earlier attempt arrived is not known"
			last = err
		}
	}
	if last == nil {
		return &ending{why: why}, 0, fmt.Errorf("%w: %s", ErrExpired, why)
	}
	return &ending{why: why + ": " + last.Error()}, 0, fmt.Errorf("%w: %s: %w", ErrExpired, why, last)
}

// try looks, asks and sends once.
func (c *Courier) try(ctx context.Context, f *flight) error {
	if (f.tries > 0 || f.doubt == posted) && c.book.isDurable(f) && !c.keeper.holds(ctx, c.key(f.event)) {
		return ErrNotAccepted
	}
	if f.doubt != certain {
		sent, err := c.sent(ctx, f.event)
		if sent {
			return nil
		}
		if err != nil && f.doubt == posted {
			return err
		}
		f.doubt = certain
	}
	if f.answer == nil {
		a, err := c.answer(ctx, f)
		if err != nil {
			return err
		}
		f.answer = &a
	}
	err := c.send(ctx, f.event, *f.answer)
	if err == nil {
		return nil
	}
	var later *RetryError
	var final *FinalError
	if !errors.As(err, &later) && !errors.As(err, &final) {
		f.doubt = posted
	}
	if errors.Is(err, errPanic) { // as it may have been over how the answer is drawn
		f.refuse()
	}
	return fmt.Errorf("send: %w", err)
}

// answer is what was made before the delivery, or else what the bot says now.
func (c *Courier) answer(ctx context.Context, f *flight) (chat.Answer, error) {
	if m := f.made; m != nil {
		select {
		case <-m.done:
		case <-ctx.Done():
			return chat.Answer{}, ctx.Err()
		}
		if f.made = nil; m.err == nil {
			return m.answer, nil
		}
	}
	return c.ask(ctx, f.event.Question)
}

// wait is how long to leave the platform alone after err: what it asked for, or the next step of the backoff, and
// long enough for a post to show.
func (c *Courier) wait(f *flight, err error) time.Duration {
	d := c.options.Backoff(f.tries)
	if later := (*RetryError)(nil); errors.As(err, &later) && later.After > 0 {
		d = later.After
	}
	if f.doubt == posted {
		d = max(d, c.options.Settle)
	}
	return d
}

// pause waits within a delivery; false says that the delivery is to end instead: the wait is too long for it, or the
// process stops and the outbox keeps the event.
func (c *Courier) pause(ctx context.Context, f *flight, d time.Duration) bool {
	if end, ok := ctx.Deadline(); ok && time.Until(end) < d+sendLimit {
		return false
	}
	var stop <-chan struct{}
	if c.book.isDurable(f) {
		stop = c.life.stop.Done()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err() == nil
	case <-ctx.Done():
	case <-stop:
	}
	return false
}

// send calls the sender; a panic is an error that leaves open what was posted, and has words sent in place of the
// answer that it could not draw.
func (c *Courier) send(ctx context.Context, e Event, a chat.Answer) (err error) {
	ctx, cancel := context.WithTimeout(ctx, sendLimit)
	defer cancel()
	defer c.caught("send", e, &err)
	return c.sender.Send(ctx, e, a)
}

// sent looks up whether the platform has an answer to e.
func (c *Courier) sent(ctx context.Context, e Event) (sent bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, sendLimit)
	defer cancel()
	defer c.caught("look up", e, &err)
	if sent, err = c.sender.Sent(ctx, e); err != nil {
		return false, fmt.Errorf("look up whether an answer was sent: %w", err)
	}
	return sent, nil
}

// caught, deferred, turns a panic into an error, so that one event costs that event: a process that dies of it would
// take it up again after every restart.
func (c *Courier) caught(what string, e Event, err *error) {
	if r := recover(); r != nil {
		c.options.Logger.Error("panic", "platform", c.platform, "event", e.Key, "doing", what, "panic", r, "stack", string(debug.Stack()))
		*err = fmt.Errorf("%s: %w: %v", what, errPanic, r)
	}
}

var errPanic = errors.New("panic")
