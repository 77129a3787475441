package transport_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"careerbot/adapters/discord/transport"
)

func TestAwait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const limit = 2 * time.Second
		for name, test := range map[string]struct {
			comes, ends time.Duration // when the value comes, and when ctx ends; 0 is never
			ok          bool
			took        time.Duration
		}{
			"in time":  {comes: limit - time.Millisecond, ok: true, took: limit - time.Millisecond},
			"never":    {took: limit},
			"too late": {comes: limit + time.Millisecond, took: limit},
			"ended":    {comes: limit / 2, ends: limit / 3, took: limit / 3},
		} {
			ctx, cancel := context.WithCancel(t.Context())
			c := make(chan string, 1)
			if test.comes > 0 {
				time.AfterFunc(test.comes, func() { c <- "here" })
			}
			if test.ends > 0 {
				time.AfterFunc(test.ends, cancel)
			}
			begin := time.Now()
			v, ok := transport.Await(ctx, c, limit)
			if took := time.Since(begin); ok != test.ok || took != test.took || (v == "here") != ok {
				t.Errorf("%s: %q, %t after %s", name, v, ok, took)
			}
			cancel()
		}
	})
}

// TestAwaitStopped: while a process is stopped all but one of its ticks are lost, and what it waits for has the rest of the
// time to come.
func TestAwaitStopped(t *testing.T) {
	t.Parallel()
	c, tick := make(chan string), make(chan time.Time)
	go func() {
		tick <- time.Time{} // for seconds
		c <- "here"
	}()
	if v, ok := transport.AwaitParts(t.Context(), c, tick); !ok || v != "here" {
		t.Errorf("%q, %t: its own sleep is taken for silence", v, ok)
	}
	go func() {
		for range transport.Parts {
			tick <- time.Time{}
		}
	}()
	if v, ok := transport.AwaitParts(t.Context(), c, tick); ok {
		t.Errorf("%q, %t: it waits for longer than it was told", v, ok)
	}
}
