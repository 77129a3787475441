package store_test

import (
	"testing"
	"time"

	"careerbot/bot/store"
)

// TestSessions wants the last state of a session to be there after a restart, with its time.
func TestSessions(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		c := &clock{}
		s := open(t, url, store.Options{Now: c.now})
		if state, _, ok, err := s.Session(t.Context(), "shard 0"); ok || err != nil {
			t.Errorf("before any: %q, %v, %v", state, ok, err)
		}
		check(t, s.KeepSession(t.Context(), "shard 0", []byte("first")))
		check(t, s.KeepSession(t.Context(), "shard 1", []byte("other")))
		c.pass(time.Minute)
		before := c.now()
		check(t, s.KeepSession(t.Context(), "shard 0", []byte("second")))
		after := c.now()
		check(t, s.Close())

		s = open(t, url, store.Options{Now: c.now})
		state, at, ok, err := s.Session(t.Context(), "shard 0")
		if string(state) != "second" || at.Before(before) || at.After(after) || !ok || err != nil {
			t.Errorf("after a restart: %q of %v, %v, %v; want the second, of %v", state, at, ok, err, before)
		}
		if err := s.KeepSession(t.Context(), "shard 0", make([]byte, 5<<10)); err == nil {
			t.Error("a state of 5 KiB is taken")
		}
		if err := s.KeepSession(t.Context(), "", nil); err == nil {
			t.Error("a session without a name is taken")
		}
	})
}
