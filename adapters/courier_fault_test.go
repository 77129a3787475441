package adapters_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"careerbot/adapters"
)

// manners are what a platform can do about a second post; short are the faults that are tried in a short run.
var manners = []struct {
	name        string
	nonce, look bool
	short       []fault
}{
	{"nonce", true, false, []fault{late}},
	{"lookup", false, true, []fault{after, hangs}},
	{"neither", false, false, []fault{before}},
}

// TestOutboxFaults lets the N-th operation of the outbox fail, for all N and in four ways, while a process answers
// and is stopped and started again.
func TestOutboxFaults(t *testing.T) {
	t.Parallel()
	fresh := freshState(t)
	for _, m := range manners {
		for kind := before; kind <= late; kind++ {
			if os.Getenv("CAREERBOT_KILLS") == "" && !slices.Contains(m.short, kind) {
				continue // the rest goes with the long campaign
			}
			t.Run(fmt.Sprintf("%s/%v", m.name, kind), func(t *testing.T) {
				t.Parallel()
				n := 1
				for ; ; n++ {
					s := &faultScene{kind: kind, first: n, last: n, nonce: m.nonce, look: m.look}
					if s.run(t, fresh); s.seen < n || t.Failed() {
						break
					}
				}
				if n < 20 {
					t.Errorf("only %d operations were made to fail", n-1)
				}
				t.Logf("%d operations failed in turn", n-1)
			})
		}
	}
}

// TestOutboxOutage lets all operations from the N-th on fail until the process is started again.
func TestOutboxOutage(t *testing.T) {
	t.Parallel()
	fresh := freshState(t)
	for _, m := range manners[:2] {
		for _, kind := range []fault{before, hangs} {
			t.Run(fmt.Sprintf("%s/%v", m.name, kind), func(t *testing.T) {
				t.Parallel()
				for n := 1; n < 40 && !t.Failed(); n += 3 {
					s := &faultScene{kind: kind, first: n, last: math.MaxInt, nonce: m.nonce, look: m.look}
					s.run(t, fresh)
				}
			})
		}
	}
}

// freshState is the file of a new state, to be copied: making one takes longer than all the rest.
func freshState(t *testing.T) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "state.db")
	_, closeStore := openStore(t, path)
	closeStore()
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// faultScene is five questions, their repeats, and a restart.
type faultScene struct {
	kind        fault
	first, last int
	nonce, look bool
	seen        int // operations of the outbox

	mu    sync.Mutex
	acked map[string]bool
}

func (s *faultScene) run(t *testing.T, fresh []byte) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "state.db")
	if err := os.WriteFile(path, fresh, 0o600); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		s.acked = map[string]bool{}
		wall := newWall(map[string][]step{
			"q1": {{err: &adapters.RetryError{After: time.Second, Err: errDisk}}},
			"q2": {{err: errDisk}, {err: errDisk}, {err: errDisk}, {err: errDisk}, {err: errDisk}}, // Run has to deliver it
			"q3": {{err: &adapters.FinalError{Err: errDisk}}},
			"q4": {{take: s.nonce || s.look, err: errDisk}}, // a post that seems to fail
		})
		wall.nonce, wall.look = s.nonce, s.look
		box := &faulty{kind: s.kind, first: s.first, last: s.last}
		begin := time.Now()
		s.life(t, path, box, wall, true)
		s.check(t, wall, "before the restart") // nothing waits for the outbox to hand it out
		if s.last == math.MaxInt {
			box.mend()
		}
		s.life(t, path, box, wall, s.repeats())
		s.seen = box.seen
		s.check(t, wall, "at the end")
		if len(s.acked) != 5 {
			t.Errorf("operation %d fails (%v): %d of 5 acknowledged", s.first, s.kind, len(s.acked))
		}
		if took := time.Since(begin); took > 4*time.Minute {
			t.Errorf("operation %d fails (%v): it took %s", s.first, s.kind, took)
		}
	})
}

// check looks for one answer to each question that was acknowledged.
func (s *faultScene) check(t *testing.T, wall *wall, when string) {
	t.Helper()
	for key := range s.acked {
		if posts, tried, _ := wall.count(key); posts != 1 {
			t.Errorf("operation %d fails (%v): %s has %d answers %s, after %d attempts", s.first, s.kind, key, posts, when, tried)
		}
	}
}

// repeats says whether repeats come after the restart, too. Where the outbox kept nothing, or gives no answer, only the
// nonce tells them from questions; a look-up does, too, where the outbox gives no answer.
func (s *faultScene) repeats() bool {
	if s.last == math.MaxInt {
		return s.nonce
	}
	return s.nonce || s.look || s.kind == before || s.kind == after
}

// life is one process: every question arrives twice at once and again later.
func (s *faultScene) life(t *testing.T, path string, box *faulty, wall *wall, asks bool) {
	t.Helper()
	var closeStore func()
	box.Outbox, closeStore = openStore(t, path)
	courier := adapters.NewCourier("test", box, echo{}, wall, adapters.CourierOptions{Settle: time.Second})
	stop := running(courier)
	for range 2 {
		if asks {
			s.ask(courier)
		}
		time.Sleep(30 * time.Second) // of the bubble: Run comes by several times
	}
	if err := stop(); err != nil {
		t.Errorf("operation %d fails (%v): Run: %v", s.first, s.kind, err)
	}
	closeStore()
}

func (s *faultScene) ask(courier *adapters.Courier) {
	var wait sync.WaitGroup
	for n := range 10 {
		wait.Go(func() {
			key := "q" + strconv.Itoa(n%5)
			if acknowledged, _ := receive(courier, event(key)); acknowledged { // what is left undelivered is Run's
				s.mu.Lock()
				s.acked[key] = true
				s.mu.Unlock()
			}
		})
	}
	wait.Wait()
}

// TestStandstill has one operation of the outbox not end in time, as when the machine stands still for seconds: the event is
// claimed all the same, and another process that gets its repeat leaves it alone. So it is where the operation is one
// that looks for promises of others.
func TestStandstill(t *testing.T) {
	t.Parallel()
	for _, kind := range []fault{hangs, late} {
		for operation, run := range map[string]bool{"claim": false, "look": true} {
			t.Run(fmt.Sprint(operation, " ", kind), func(t *testing.T) {
				t.Parallel()
				path := filepath.Join(t.TempDir(), "state.db")
				synctest.Test(t, func(t *testing.T) {
					box, closeStore := openStore(t, path)
					defer closeStore()
					halting := &faulty{Outbox: box, kind: kind, first: 1, last: 1}
					courier := adapters.NewCourier("test", halting, echo{}, newWall(nil), adapters.CourierOptions{})
					if run {
						defer running(courier)() //nolint:errcheck // it is stopped
						time.Sleep(2 * time.Second)
						synctest.Wait()
					}
					if first, err := courier.Accept(t.Context(), event("e")); !first || err != nil {
						t.Errorf("Accept: %v, %v", first, err)
					}
					if err := courier.Ready(); err != nil {
						t.Errorf("Ready: %v", err)
					}
					other := adapters.NewCourier("test", box, echo{}, newWall(nil), adapters.CourierOptions{})
					if first, err := other.Accept(t.Context(), event("e")); first || err != nil {
						t.Errorf("Accept of another process: %v, %v", first, err)
					}
				})
			})
		}
	}
}
