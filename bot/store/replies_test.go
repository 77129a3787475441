package store_test

import (
	"bytes"
	"testing"
	"time"

	"careerbot/bot/store"
)

// TestReplies wants the first reply to a key to stay, over a restart, until it is too old to be asked for.
func TestReplies(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		c := &clock{}
		s := open(t, url, store.Options{Now: c.now})
		if body, ok, err := s.Reply(t.Context(), "web/1"); ok || err != nil {
			t.Errorf("before any: %q, %v, %v", body, ok, err)
		}
		first := []byte("{\"a\":\"₹3–5 LPA\x00\"}")
		save := func(key string, body []byte) []byte { return must[[]byte](t)(s.SaveReply(t.Context(), key, body)) }
		for _, body := range [][]byte{first, []byte("another")} {
			if kept := save("web/1", body); !bytes.Equal(kept, first) {
				t.Errorf("%q is saved, and %q is kept", body, kept)
			}
		}
		save("web/2", []byte("other"))
		check(t, s.Close())

		s = open(t, url, store.Options{Now: c.now})
		if body, ok, err := s.Reply(t.Context(), "web/1"); !ok || err != nil || !bytes.Equal(body, first) {
			t.Errorf("after a restart: %q, %v, %v", body, ok, err)
		}
		c.pass(store.ClaimLife + time.Minute)
		if n := must[int](t)(s.Sweep(t.Context())); n != 2 {
			t.Errorf("%d rows were swept, want 2", n)
		}
		if _, ok, err := s.Reply(t.Context(), "web/1"); ok || err != nil {
			t.Errorf("after its time: %v, %v", ok, err)
		}
	})
}

func TestRepliesAreBounded(t *testing.T) {
	s := open(t, sqliteURL(t), store.Options{})
	if _, err := s.SaveReply(t.Context(), "k", make([]byte, 2<<20)); err == nil {
		t.Error("a reply may be of any size")
	}
	if _, err := s.SaveReply(t.Context(), "", nil); err == nil {
		t.Error("a reply may have no key")
	}
}
