package store_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"careerbot/bot/store"
)

func promise(key string) store.Promise {
	return store.Promise{Key: key, Platform: "discord", Payload: "payload of " + key}
}

func keys(list []store.Promise) []string {
	out := []string{}
	for _, p := range list {
		out = append(out, p.Key)
	}
	return out
}

func TestClaimIsFirstOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		c := &clock{}
		s := open(t, url, store.Options{Now: c.now})
		claim := func(key string) bool { t.Helper(); return must[bool](t)(s.Claim(t.Context(), promise(key))) }
		if !claim("a") || claim("a") {
			t.Error("a claim under way is not told from a new one")
		}
		c.pass(10 * time.Minute) // its renewal is late, but it is ours and we live
		if claim("a") {
			t.Error("a store takes its own promise from itself")
		}
		check(t, s.Delivered(t.Context(), "a"))
		check(t, s.Delivered(t.Context(), "a"))
		c.pass(time.Hour)
		if claim("a") {
			t.Error("a delivered claim is forgotten within the hour")
		}
		if !claim("b") {
			t.Error("b is new")
		}
		check(t, s.Expired(t.Context(), "b", "the interaction is gone"))
		if claim("b") {
			t.Error("an expired claim is new again")
		}
		check(t, s.Delivered(t.Context(), "never claimed"))
		if claim("never claimed") {
			t.Error("what was answered without a claim is answered again")
		}
		st := must[store.Stats](t)(s.Stats(t.Context()))
		if st.Claims != 3 || st.Outbox != 0 || st.Expired != 1 || st.Claimed != 2 || st.Repeated != 5 {
			t.Errorf("stats %+v", st)
		}
	})
}

func TestClaimRefusesBadPromises(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s := open(t, url, store.Options{})
		for name, p := range map[string]store.Promise{
			"no key":         {Platform: "p"},
			"no platform":    {Key: "k"},
			"zero byte":      {Key: "k\x00", Platform: "p"},
			"not UTF-8":      {Key: "k\xff", Platform: "p"},
			"long key":       {Key: string(make([]byte, 600)), Platform: "p"},
			"large payload":  {Key: "k", Platform: "p", Payload: string(make([]byte, 1<<20+1))},
			"platform bytes": {Key: "k", Platform: "\xff"},
		} {
			if first, err := s.Claim(t.Context(), p); err == nil || first {
				t.Errorf("%s: %v, %v", name, first, err)
			}
		}
		odd := store.Promise{Key: "odd", Platform: "p", Payload: "\x00\xff bytes", Deadline: time.Unix(0, 12345).UTC()}
		must[bool](t)(s.Claim(t.Context(), odd))
		check(t, s.Close())
		s = open(t, url, store.Options{})
		got := must[[]store.Promise](t)(s.Pending(t.Context(), "p", 0))
		odd.Tries = 2
		if len(got) != 1 || got[0] != odd {
			t.Errorf("got %+v, want %+v", got, odd)
		}
	})
}

func TestClaimByMany(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s := open(t, url, store.Options{})
		const workers, each = 16, 60
		var firsts [workers * each]atomic.Int32
		var wg sync.WaitGroup
		for w := range workers {
			wg.Go(func() {
				for i := range each {
					n := w*each + i
					if i%10 == 9 {
						n = (n + each) % (workers * each) // a key that another worker claims as well, at about the same time
					}
					first, err := s.Claim(t.Context(), promise(fmt.Sprint("k", n)))
					if err != nil {
						t.Error(err)
					}
					if first {
						firsts[n].Add(1)
					}
					if i%3 == 0 {
						if err := s.Delivered(t.Context(), fmt.Sprint("k", n)); err != nil {
							t.Error(err)
						}
					}
				}
			})
		}
		for range 4 { // all at once for the same keys
			for n := range 50 {
				wg.Go(func() {
					first, err := s.Claim(t.Context(), promise(fmt.Sprint("k", n)))
					if err != nil {
						t.Error(err)
					}
					if first {
						firsts[n].Add(1)
					}
				})
			}
		}
		wg.Wait()
		total := 0
		for n := range firsts {
			if got := firsts[n].Load(); got > 1 {
				t.Errorf("k%d was first %d times", n, got)
			}
			total += int(firsts[n].Load())
		}
		if st := must[store.Stats](t)(s.Stats(t.Context())); st.Claims != total {
			t.Errorf("%d claims, %d of them first", st.Claims, total)
		}
	})
}

func TestPendingAfterRestart(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		c := &clock{}
		s := open(t, url, store.Options{Now: c.now})
		for _, k := range []string{"b", "a", "c"} {
			must[bool](t)(s.Claim(t.Context(), promise(k)))
			c.pass(time.Second)
		}
		check(t, s.Delivered(t.Context(), "c"))
		if got := must[[]store.Promise](t)(s.Pending(t.Context(), "discord", 0)); len(got) != 0 {
			t.Errorf("what is under way is handed out: %v", keys(got))
		}
		check(t, s.Close())

		s = open(t, url, store.Options{Now: c.now})
		if got := must[[]store.Promise](t)(s.Pending(t.Context(), "slack", 0)); len(got) != 0 {
			t.Errorf("another platform gets %v", keys(got))
		}
		if got := must[[]store.Promise](t)(s.Pending(t.Context(), "discord", time.Minute)); len(got) != 0 {
			t.Errorf("too young: %v", keys(got))
		}
		got := must[[]store.Promise](t)(s.Pending(t.Context(), "discord", 0))
		if fmt.Sprint(keys(got)) != "[b a]" || got[0].Payload != "payload of b" || got[0].Tries != 2 {
			t.Errorf("got %+v", got)
		}
		if got := must[[]store.Promise](t)(s.Pending(t.Context(), "discord", 0)); len(got) != 0 {
			t.Errorf("handed out twice: %v", keys(got))
		}
		if !must[bool](t)(s.Hold(t.Context(), "a")) {
			t.Error("a is not ours")
		}
		check(t, s.Delivered(t.Context(), "a"))
		if must[bool](t)(s.Hold(t.Context(), "a")) {
			t.Error("a is ours though it is delivered")
		}
		c.pass(store.Stuck + time.Second)
		if got := must[[]store.Promise](t)(s.Pending(t.Context(), "discord", 0)); fmt.Sprint(keys(got)) != "[b]" || got[0].Tries != 3 {
			t.Errorf("stuck: %+v", got)
		}
	})
}

func TestRetryAfterRestartIsTakenAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s := open(t, url, store.Options{})
		if got := must[store.Standing](t)(s.Take(t.Context(), promise("a"))); got != store.First {
			t.Errorf("the first is %v", got)
		}
		check(t, s.Close())
		s = open(t, url, store.Options{})
		if got := must[store.Standing](t)(s.Take(t.Context(), promise("a"))); got != store.Again {
			t.Errorf("the retry is %v", got)
		}
		if got := must[[]store.Promise](t)(s.Pending(t.Context(), "discord", 0)); len(got) != 0 {
			t.Errorf("and handed out as well: %v", keys(got))
		}
	})
}

// Two replicas share a state; the one that made the promises has died without a word.
func TestTakeoverByOneOfTwo(t *testing.T) {
	t.Parallel()
	url := postgresURL(t)
	c := &clock{}
	dead := open(t, url, store.Options{Now: c.now})
	one, two := open(t, url, store.Options{Now: c.now}), open(t, url, store.Options{Now: c.now})
	const n = 300
	for i := range n {
		must[bool](t)(dead.Claim(t.Context(), promise(fmt.Sprint("k", i))))
	}
	for _, s := range []*store.Store{one, two} {
		if got := must[[]store.Promise](t)(s.Pending(t.Context(), "discord", 0)); len(got) != 0 {
			t.Fatalf("taken from one that lives: %d", len(got))
		}
	}
	c.pass(store.PromiseLease)
	var taken [n]atomic.Int32
	note := func(key string) {
		var i int
		fmt.Sscanf(key, "k%d", &i)
		taken[i].Add(1)
	}
	var wg sync.WaitGroup
	for _, s := range []*store.Store{one, two, one, two} {
		wg.Go(func() {
			list, err := s.Pending(t.Context(), "discord", 0)
			if err != nil {
				t.Error(err)
			}
			for _, p := range list {
				note(p.Key)
			}
		})
		wg.Go(func() { // and the platform retries meanwhile
			for i := range n {
				key := fmt.Sprint("k", i)
				first, err := s.Claim(t.Context(), promise(key))
				if err != nil {
					t.Error(err)
				}
				if first {
					note(key)
				}
			}
		})
	}
	wg.Wait()
	for i := range taken {
		if got := taken[i].Load(); got != 1 {
			t.Errorf("k%d was taken over %d times", i, got)
		}
	}
	if must[bool](t)(dead.Hold(t.Context(), "k0")) {
		t.Error("the one that was thought dead still holds k0")
	}
}

func TestRenewalKeepsPromises(t *testing.T) {
	t.Parallel()
	url := postgresURL(t)
	c := &clock{}
	slow, other := open(t, url, store.Options{Now: c.now}), open(t, url, store.Options{Now: c.now})
	must[bool](t)(slow.Claim(t.Context(), promise("a")))
	for range 10 {
		c.pass(store.PromiseLease / 3)
		slow.Tend()
		if got := must[[]store.Promise](t)(other.Pending(t.Context(), "discord", 0)); len(got) != 0 {
			t.Fatal("taken from one that renews")
		}
	}
	check(t, slow.Close()) // gives it back at once
	if got := must[[]store.Promise](t)(other.Pending(t.Context(), "discord", 0)); len(got) != 1 {
		t.Errorf("got %v", keys(got))
	}
}

func TestServerClockIsFollowed(t *testing.T) {
	t.Parallel()
	s := open(t, postgresURL(t), store.Options{})
	st := must[store.Stats](t)(s.Stats(t.Context()))
	for range 5 { // the two agree to the nanosecond now and then
		if st.Clock != 0 {
			break
		}
		s.Tend()
		st = must[store.Stats](t)(s.Stats(t.Context()))
	}
	if st.Clock.Abs() > time.Minute || st.Clock == 0 {
		t.Errorf("the server's clock is %v ahead", st.Clock)
	}
}
