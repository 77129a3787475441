package adapters_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"careerbot/adapters"
	"careerbot/bot/chat"
	"careerbot/bot/store"
)

// wall is a platform within the process: posts hang on it, and it does with a post what the script of its event says.
type wall struct {
	nonce, look bool

	mu      sync.Mutex
	script  map[string][]step // by key, one for each post
	posts   map[string][]chat.Answer
	tried   map[string]int
	lookups map[string]int
}

// step is what happens to one post.
type step struct {
	take   bool
	err    error
	panics bool
	blocks bool            // until the sender gives up
	gate   <-chan struct{} // wait for this first
}

func newWall(script map[string][]step) *wall {
	return &wall{script: script, posts: map[string][]chat.Answer{}, tried: map[string]int{}, lookups: map[string]int{}}
}

func (w *wall) Send(ctx context.Context, e adapters.Event, a chat.Answer) error {
	w.mu.Lock()
	now := step{take: true}
	if n := w.tried[e.Key]; n < len(w.script[e.Key]) {
		now = w.script[e.Key][n]
	}
	w.tried[e.Key]++
	w.mu.Unlock()
	if now.gate != nil {
		select {
		case <-now.gate:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if now.take {
		w.mu.Lock()
		if !w.nonce || len(w.posts[e.Key]) == 0 {
			w.posts[e.Key] = append(w.posts[e.Key], a)
		}
		w.mu.Unlock()
	}
	if now.blocks {
		<-ctx.Done()
		return ctx.Err()
	}
	if now.panics {
		panic("cannot draw this")
	}
	return now.err
}

func (w *wall) Sent(_ context.Context, e adapters.Event) (bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lookups[e.Key]++
	return w.look && len(w.posts[e.Key]) > 0, nil
}

// leads are the first lines of what hangs there for key.
func (w *wall) leads(key string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var leads []string
	for _, a := range w.posts[key] {
		leads = append(leads, a.Lead)
	}
	return strings.Join(leads, " + ")
}

func (w *wall) count(key string) (posts, tried, lookups int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.posts[key]), w.tried[key], w.lookups[key]
}

// fault is what happens to one operation of an outbox.
type fault int

const (
	before fault = iota // it fails
	after               // it is done, and fails
	hangs               // it does not end in time
	late                // it is done, and does not end in time
)

func (f fault) String() string { return [...]string{"before", "after", "hangs", "late"}[f] }

var errDisk = errors.New("the disk is on fire")

// faulty is an outbox whose operations fail from the first-th on, counted from 1, until the last-th.
type faulty struct {
	adapters.Outbox
	kind fault

	mu          sync.Mutex
	first, last int
	seen        int
}

func (f *faulty) do(ctx context.Context, op func() error) error {
	f.mu.Lock()
	f.seen++
	fails := f.seen >= f.first && f.seen <= f.last
	f.mu.Unlock()
	if !fails {
		return op()
	}
	var err error
	if f.kind == after || f.kind == late {
		err = op()
	}
	if f.kind == hangs || f.kind == late {
		<-ctx.Done()
		return ctx.Err()
	}
	return errors.Join(errDisk, err)
}

func (f *faulty) mend() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.first, f.last = 0, 0
}

func (f *faulty) Take(ctx context.Context, p adapters.Promise) (s adapters.Standing, err error) {
	err = f.do(ctx, func() error { s, err = f.Outbox.Take(ctx, p); return err })
	return s, err
}

func (f *faulty) Hold(ctx context.Context, key string) (ours bool, err error) {
	err = f.do(ctx, func() error { ours, err = f.Outbox.Hold(ctx, key); return err })
	return ours, err
}

func (f *faulty) Pending(ctx context.Context, platform string, age time.Duration) (ps []adapters.Promise, err error) {
	err = f.do(ctx, func() error { ps, err = f.Outbox.Pending(ctx, platform, age); return err })
	if err != nil {
		ps = nil
	}
	return ps, err
}

func (f *faulty) Delivered(ctx context.Context, key string) error {
	return f.do(ctx, func() error { return f.Outbox.Delivered(ctx, key) })
}

func (f *faulty) Expired(ctx context.Context, key, why string) error {
	return f.do(ctx, func() error { return f.Outbox.Expired(ctx, key, why) })
}

// openStore opens the state at path; it is closed by the func.
func openStore(t *testing.T, path string) (adapters.Outbox, func()) {
	t.Helper()
	state, err := store.Open(t.Context(), "sqlite:"+path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return adapters.OutboxOf(state), func() {
		if err := state.Close(); err != nil {
			t.Error(err)
		}
	}
}

// event is an event whose answer goes nowhere in particular.
func event(key string) adapters.Event {
	return adapters.Event{Key: key, Question: chat.Question{ID: key, Platform: "test", Text: "about " + key}}
}

// running runs courier until the func is called, which gives what Run returned.
func running(courier *adapters.Courier) func() error {
	ctx, stop := context.WithCancel(context.Background())
	ran := make(chan error, 1)
	go func() { ran <- courier.Run(ctx) }()
	return func() error {
		stop()
		return <-ran
	}
}

// receive does with e what an adapter does.
func receive(courier *adapters.Courier, e adapters.Event) (acknowledged bool, err error) {
	first, err := courier.Accept(context.Background(), e)
	if err != nil {
		return false, err
	}
	if first {
		err = courier.Deliver(context.Background(), e)
	}
	return true, err
}
