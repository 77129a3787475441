package adapters

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// redeliveries is how many events Run delivers at once, beside those that the adapter delivers.
const redeliveries = 8

// Run delivers what is promised and not delivered, at once for what a process before this one promised and then
// every so often, until ctx ends. Then it waits for the deliveries under way, at most CourierOptions.Drain, and
// returns; after that nothing touches the outbox any more. The error says how many accepted events are left behind
// and lost, since no outbox holds them; those that are held are delivered after the next start.
//
// Run is called once. Without it a Courier works but delivers nothing again.
func (c *Courier) Run(ctx context.Context) error {
	slots := make(chan struct{}, redeliveries)
	timer := time.NewTimer(c.options.Settle)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return c.drain(ctx, slots)
		case <-timer.C:
		}
		c.keeper.pay(ctx, false)
		for _, key := range c.book.due(false) {
			c.redeliver(ctx, slots, key)
		}
		c.takeOver(ctx, slots)
		timer.Reset(c.options.Every)
	}
}

// takeOver delivers what the outbox hands back, until it hands back nothing new.
func (c *Courier) takeOver(ctx context.Context, slots chan struct{}) {
	if c.keeper.box == nil {
		return
	}
	for more := true; more && ctx.Err() == nil; {
		promises, err := c.keeper.pending(ctx)
		if err != nil {
			return // the keeper has logged it
		}
		more = false
		for _, p := range promises {
			more = c.resume(ctx, slots, p) || more
		}
	}
}

// resume takes up one promise of the outbox; it says whether it is delivered anew.
func (c *Courier) resume(ctx context.Context, slots chan struct{}, p Promise) bool {
	e, err := c.event(p)
	if err != nil {
		c.options.Logger.Error("a promise cannot be kept", "platform", c.platform, "event", p.Key, "error", err)
		c.keeper.settle(ctx, debt{key: p.Key, how: ending{why: err.Error()}})
		return false
	}
	how, due := c.book.recover(e)
	if how != nil {
		c.keeper.settle(ctx, debt{key: p.Key, how: *how})
	}
	if due {
		c.redeliver(ctx, slots, e.Key)
	}
	return due
}

// redeliver delivers a known event in the background as soon as a slot is free, or not at all where ctx ends before.
func (c *Courier) redeliver(ctx context.Context, slots chan struct{}, key string) {
	select {
	case slots <- struct{}{}:
	case <-ctx.Done():
		return
	}
	if !c.life.enter() {
		return
	}
	go func() {
		defer func() { <-slots }()
		defer c.life.leave()
		err := c.deliver(ctx, key)
		switch {
		case errors.Is(err, ErrExpired):
			c.options.Logger.Error("a question ends without an answer", "platform", c.platform, "error", err)
		case err != nil && !errors.Is(err, ErrNotAccepted):
			c.options.Logger.Warn("an answer is still owed", "platform", c.platform, "error", err)
		}
	}()
}

// drain ends the courier's life in two steps: finish what is under way, then touch nothing any more.
func (c *Courier) drain(ctx context.Context, slots chan struct{}) error {
	rest := c.options.Drain / 10 // for what is broken off
	finish, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.options.Drain-rest)
	defer cancel()
	for _, key := range c.book.due(true) {
		c.redeliver(finish, slots, key)
	}
	c.life.halt()
	select {
	case <-c.life.idle:
		c.keeper.pay(ctx, true)
	case <-finish.Done():
	}
	c.life.endOver()
	select {
	case <-c.life.idle:
	case <-time.After(rest):
	}
	if n := c.book.lost(); n > 0 {
		return fmt.Errorf("%s: %d accepted questions end without an answer: the process stops and no outbox holds them", c.platform, n)
	}
	return nil
}
