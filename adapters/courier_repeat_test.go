package adapters_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"careerbot/adapters"
)

// TestCourierRepeats delivers each event in many ways at once and again after a restart; with the outbox, without,
// and on a platform that tells nothing.
func TestCourierRepeats(t *testing.T) {
	t.Parallel()
	for _, durable := range []bool{true, false} {
		t.Run(fmt.Sprintf("durable=%v", durable), func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "state.db")
			synctest.Test(t, func(t *testing.T) { repeatLives(t, durable, path) }) // where no machine is too slow for the outbox
		})
	}
}

// repeatLives are two processes, one after the other; one where nothing outlives it.
func repeatLives(t *testing.T, durable bool, path string) {
	t.Helper()
	wall := newWall(nil)
	var firsts atomic.Int32
	for range 2 {
		if !durable {
			repeatLife(t, nil, wall, &firsts)
			break
		}
		box, closeStore := openStore(t, path)
		repeatLife(t, box, wall, &firsts)
		closeStore()
	}
	for n := range 8 {
		if posts, _, _ := wall.count(fmt.Sprint("e", n)); posts != 1 {
			t.Errorf("e%d has %d answers", n, posts)
		}
	}
	if n := firsts.Load(); n != 8 {
		t.Errorf("%d deliveries were the first of 8 events", n)
	}
}

// repeatLife is one process.
func repeatLife(t *testing.T, box adapters.Outbox, wall *wall, firsts *atomic.Int32) {
	t.Helper()
	courier := adapters.NewCourier("test", box, echo{}, wall, adapters.CourierOptions{Every: time.Millisecond})
	stop := running(courier)
	repeat(t, courier, firsts)
	if err := stop(); err != nil {
		t.Error(err)
	}
}

// repeat has 16 goroutines deliver 8 events, each in an order of its own, and all of them deliver, first or not.
func repeat(t *testing.T, courier *adapters.Courier, firsts *atomic.Int32) {
	t.Helper()
	var wait sync.WaitGroup
	for g := range 16 {
		wait.Go(func() {
			for n := range 8 {
				e := event(fmt.Sprint("e", (n*(2*g+1)+g)%8))
				first, err := courier.Accept(t.Context(), e)
				if err != nil {
					t.Error(err)
				}
				if first {
					firsts.Add(1)
				}
				if err := courier.Deliver(t.Context(), e); err != nil && !errors.Is(err, adapters.ErrNotAccepted) {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
}
