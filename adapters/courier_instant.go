package adapters

import (
	"context"
	"fmt"

	"careerbot/bot/chat"
)

// Instant answers an event whose answer can leave with its acknowledgement: it asks, has the answer drawn, records the
// event as answered, and gives it: one write in place of the claim and the delivery. It is for platforms that take nothing
// after an acknowledgement that did not come, as with Slack's commands: a process killed before has promised nothing, and
// the platform says so to who asked. Discord takes an answer later, too, so there the claim comes first.
//
// draw gives what sends the answer, or nil where it cannot leave that way. done says that the event needs nothing more:
// it was given, or answered before. Otherwise it is to be accepted and delivered as usual, without being asked again.
// An error says why an answer could not be given after it was recorded.
func (c *Courier) Instant(ctx context.Context, e Event, draw func(chat.Answer) (give func() error)) (done bool, err error) {
	p, err := c.promise(e)
	if err != nil || check(p) != nil || c.life.stopping() || c.keeper.box == nil {
		return false, nil // Accept says why
	}
	if c.book.look(e.Key).known {
		return false, nil
	}
	m := c.make(ctx, e)
	if m == nil {
		return false, nil
	}
	select {
	case <-m.done:
	case <-ctx.Done():
	}
	give, err := c.drawn(e, m, draw)
	if give == nil || err != nil || ctx.Err() != nil {
		c.book.prepare(e.Key, m)
		return false, nil //nolint:nilerr // Deliver takes the answer that was made, and draws it another way
	}
	standing, err := c.keeper.finish(ctx, p)
	c.options.Meter.Claimed(result(standing, err))
	if err == nil && standing == Repeated || !c.book.finish(e.Key) {
		return true, nil
	}
	if err != nil { // the answer goes on; that it went is recorded when the outbox works again
		c.keeper.owe(debt{key: c.key(e)})
	}
	if err := c.given(e, give); err != nil {
		return true, fmt.Errorf("give the answer to %s event %q: %w", c.platform, e.Key, err)
	}
	return true, nil
}

// made is an answer that is being made ahead of its delivery. answer and err are fixed once done is closed.
type made struct {
	done   chan struct{}
	answer chat.Answer
	err    error
}

// make begins to make the answer to e; nil at a shutdown. It goes on when ctx has ended, of which it takes the values.
func (c *Courier) make(ctx context.Context, e Event) *made {
	if !c.life.enter() {
		return nil
	}
	m := &made{done: make(chan struct{})}
	go func() {
		defer c.life.leave()
		defer close(m.done)
		work, finish := c.life.work(ctx, deliverLimit)
		defer finish()
		m.answer, m.err = c.ask(work, e.Question)
	}()
	return m
}

// drawn draws what was made; give is nil where it is not made yet, or cannot be. A panic is an error.
func (c *Courier) drawn(e Event, m *made, draw func(chat.Answer) func() error) (give func() error, err error) {
	defer c.caught("draw", e, &err)
	select {
	case <-m.done:
	default:
		return nil, nil
	}
	if m.err != nil {
		return nil, m.err
	}
	return draw(m.answer), nil
}

// given gives; a panic is an error.
func (c *Courier) given(e Event, give func() error) (err error) {
	defer c.caught("give", e, &err)
	return give()
}
