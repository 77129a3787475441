package adapters_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"careerbot/adapters"
)

// TestCourierStops ends Run while one delivery is under way: it is waited for, but not for ever.
func TestCourierStops(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		step    step
		after   time.Duration // the gate opens so long after the stop; 0 never
		durable bool
		posts   int
		took    time.Duration
		lost    bool
	}{
		{name: "finishes", step: step{take: true}, after: 3 * time.Second, durable: true, posts: 1, took: 3 * time.Second},
		{name: "finishes without an outbox", step: step{take: true}, after: 3 * time.Second, posts: 1, took: 3 * time.Second},
		{name: "breaks off", durable: true, took: 9 * time.Second},
		{name: "breaks off and says what is lost", took: 9 * time.Second, lost: true},
		{name: "leaves a retry to the next process", step: step{err: errDisk}, after: time.Second, durable: true, took: time.Second},
		{name: "retries what no next process would", step: step{err: errDisk}, after: time.Second, posts: 1, took: 5 * time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "state.db")
			synctest.Test(t, func(t *testing.T) {
				var box adapters.Outbox
				if tt.durable {
					var closeStore func()
					box, closeStore = openStore(t, path)
					defer closeStore()
				}
				gate := make(chan struct{})
				tt.step.gate = gate
				wall := newWall(map[string][]step{"e": {tt.step}})
				courier := adapters.NewCourier("test", box, echo{}, wall, adapters.CourierOptions{
					Backoff: func(int) time.Duration { return 4 * time.Second },
				})
				stop := running(courier)
				ctx, leave := context.WithCancel(t.Context()) // an adapter's ctx ends with Run's
				if first, err := courier.Accept(ctx, event("e")); !first || err != nil {
					t.Fatalf("Accept: %v, %v", first, err)
				}
				delivered := make(chan error, 1)
				go func() { delivered <- courier.Deliver(ctx, event("e")) }()
				synctest.Wait()
				begin := time.Now()
				leave()
				if tt.after > 0 {
					time.AfterFunc(tt.after, func() { close(gate) })
				}
				err := stop()
				if took := time.Since(begin).Truncate(time.Millisecond); took != tt.took { // the store's writes wait for each other
					t.Errorf("Run ended after %s, want %s", took, tt.took)
				}
				if (err != nil) != tt.lost || tt.lost && !strings.Contains(err.Error(), "1 accepted question") {
					t.Errorf("Run: %v", err)
				}
				if err := <-delivered; (err == nil) != (tt.posts == 1) {
					t.Errorf("Deliver: %v", err)
				}
				if posts, _, _ := wall.count("e"); posts != tt.posts {
					t.Errorf("%d answers, want %d", posts, tt.posts)
				}
				if err := courier.Deliver(t.Context(), event("e")); !errors.Is(err, adapters.ErrStopping) {
					t.Errorf("Deliver after the end: %v", err)
				}
				if _, err := courier.Accept(t.Context(), event("f")); !errors.Is(err, adapters.ErrStopping) {
					t.Errorf("Accept after the end: %v", err)
				}
			})
		})
	}
}

// TestCourierDeliversForTheAdapter accepts events whose Deliver never comes: Run delivers them, at the latest when it
// ends.
func TestCourierDeliversForTheAdapter(t *testing.T) {
	t.Parallel()
	for name, wait := range map[string]time.Duration{"in time": time.Minute, "at the end": 0} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				wall := newWall(nil)
				courier := adapters.NewCourier("test", nil, echo{}, wall, adapters.CourierOptions{})
				stop := running(courier)
				if first, err := courier.Accept(t.Context(), event("e")); !first || err != nil {
					t.Fatalf("Accept: %v, %v", first, err)
				}
				time.Sleep(wait)
				posts, _, _ := wall.count("e")
				if (posts == 1) != (wait > 0) {
					t.Errorf("%d answers before the end", posts)
				}
				if err := stop(); err != nil {
					t.Error(err)
				}
				if posts, _, _ := wall.count("e"); posts != 1 {
					t.Errorf("%d answers after the end", posts)
				}
			})
		})
	}
}

// TestCourierBrokenPromise finds something in the outbox that is no event: it is recorded, not tried for ever.
func TestCourierBrokenPromise(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state.db")
	for _, p := range []adapters.Promise{
		{Key: "test:e", Platform: "test", Payload: "{"},
		{Key: "other:e", Platform: "test", Payload: "{}"},
		{Key: "test:f", Platform: "test", Payload: ""},
	} {
		box, closeStore := openStore(t, path)
		if _, err := box.Take(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		closeStore()
	}
	synctest.Test(t, func(t *testing.T) {
		box, closeStore := openStore(t, path)
		wall := newWall(nil)
		stop := running(adapters.NewCourier("test", box, echo{}, wall, adapters.CourierOptions{}))
		time.Sleep(time.Second)
		if err := stop(); err != nil {
			t.Error(err)
		}
		closeStore()
		box, closeStore = openStore(t, path)
		defer closeStore()
		if left, err := box.Pending(t.Context(), "test", 0); len(left) > 0 || err != nil {
			t.Errorf("still promised: %v, %v", left, err)
		}
		for _, key := range []string{"e", "f"} {
			if posts, tried, _ := wall.count(key); posts+tried > 0 {
				t.Errorf("%s was sent", key)
			}
		}
	})
}
