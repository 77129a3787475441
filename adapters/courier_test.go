package adapters_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"careerbot/adapters"
	"careerbot/bot/chat"
	"careerbot/bot/chat/chattest"
)

// asker is a bot made of a function.
type asker func(ctx context.Context, q chat.Question) (chat.Answer, error)

func (f asker) Ask(ctx context.Context, q chat.Question) (chat.Answer, error) { return f(ctx, q) }

func TestCourierSpeaksWhenTheBotFails(t *testing.T) {
	t.Parallel()
	script := chattest.NewScript(map[string]chattest.Reply{
		"about answer": {Answer: chat.Answer{Lead: "An answer."}},
		"about fault":  {Err: fmt.Errorf("ask: %w", &chat.Fault{Say: "No pack is loaded.", Err: errDisk})},
		"about error":  {Err: errDisk},
	})
	ask := asker(func(ctx context.Context, q chat.Question) (chat.Answer, error) {
		switch q.ID {
		case "panic":
			panic("in the bot")
		case "slow":
			<-ctx.Done()
			return chat.Answer{}, ctx.Err()
		}
		return script.Ask(ctx, q)
	})
	for key, want := range map[string]string{
		"answer": "An answer.",
		"fault":  "No pack is loaded.",
		"error":  "Something went wrong",
		"panic":  "Something went wrong",
		"slow":   "took me too long",
	} {
		t.Run(key, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				wall := newWall(nil)
				courier := adapters.NewCourier("test", nil, ask, wall, adapters.CourierOptions{})
				if _, err := receive(courier, event(key)); err != nil {
					t.Error(err)
				}
				if got := wall.leads(key); !strings.Contains(got, want) || strings.Contains(got, " + ") {
					t.Errorf("sent %q, want one answer with %q", got, want)
				}
			})
		})
	}
}

func TestCourierSends(t *testing.T) {
	t.Parallel()
	final := step{err: &adapters.FinalError{Err: errors.New("channel is gone")}}
	tests := []struct {
		name     string
		script   []step
		look     bool
		tries    int
		lookups  int
		sent     string
		is       error
		from, to time.Duration // how long it takes
	}{
		{name: "at once", tries: 1, sent: "You asked: about e"},
		{
			name: "after what the platform asks for", script: []step{{err: &adapters.RetryError{After: 7 * time.Second, Err: errDisk}}},
			tries: 2, sent: "You asked: about e", from: 7 * time.Second, to: 7 * time.Second,
		},
		{
			name: "after a backoff", script: []step{{err: errDisk}, {err: errDisk}},
			tries: 3, lookups: 2, sent: "You asked: about e", from: 4 * time.Second, to: 4 * time.Second,
		}, // Settle
		{
			name: "not again what arrived", script: []step{{take: true, err: errDisk}}, look: true,
			tries: 1, lookups: 1, sent: "You asked: about e", from: 2 * time.Second, to: 2 * time.Second,
		},
		{
			name: "not again what arrived late", script: []step{{take: true, blocks: true}}, look: true,
			tries: 1, lookups: 1, sent: "You asked: about e", from: 12 * time.Second, to: 12 * time.Second,
		},
		{name: "words for what is refused", script: []step{final}, tries: 2, sent: "cannot be shown here"},
		{
			name: "words for what cannot be drawn", script: []step{{panics: true}}, tries: 2, lookups: 1,
			sent: "cannot be shown here", from: 2 * time.Second, to: 2 * time.Second,
		},
		{name: "nothing to where nothing arrives", script: []step{final, final}, tries: 2, is: adapters.ErrExpired},
		{
			name: "until it gives up for now", script: []step{{err: errDisk}, {err: errDisk}, {err: errDisk}, {err: errDisk}},
			tries: 4, lookups: 3, is: errDisk, from: 6 * time.Second, to: 6 * time.Second,
		},
		{
			name: "not after a long wait", script: []step{{err: &adapters.RetryError{After: time.Minute, Err: errDisk}}},
			tries: 1, is: errDisk,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				wall := newWall(map[string][]step{"e": tt.script})
				wall.look = tt.look
				courier := adapters.NewCourier("test", nil, echo{}, wall, adapters.CourierOptions{Settle: 2 * time.Second})
				begin := time.Now()
				if _, err := receive(courier, event("e")); !errors.Is(err, tt.is) {
					t.Errorf("Deliver: %v, want %v", err, tt.is)
				}
				if took := time.Since(begin); took < tt.from || took > tt.to {
					t.Errorf("it took %s, want %s to %s", took, tt.from, tt.to)
				}
				if got := wall.leads("e"); !strings.Contains(got, tt.sent) || (got == "") != (tt.sent == "") {
					t.Errorf("sent %q, want %q", got, tt.sent)
				}
				if _, tries, lookups := wall.count("e"); tries != tt.tries || lookups != tt.lookups {
					t.Errorf("%d posts and %d look-ups, want %d and %d", tries, lookups, tt.tries, tt.lookups)
				}
			})
		})
	}
}

func TestCourierDeadline(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state.db")
	synctest.Test(t, func(t *testing.T) {
		box, closeStore := openStore(t, path)
		defer closeStore()
		fail := step{err: errDisk}
		wall := newWall(map[string][]step{"late": {fail, fail, fail, fail, fail, fail, fail, fail, fail, fail, fail, fail}, "lost": {{take: true, err: errDisk}}})
		wall.look = true
		courier := adapters.NewCourier("test", box, echo{}, wall, adapters.CourierOptions{Settle: 3 * time.Second})
		stop := running(courier)
		late, lost := event("late"), event("lost")
		late.Deadline = time.Now().Add(20 * time.Second)
		lost.Deadline = time.Now().Add(2 * time.Second)
		if _, err := receive(courier, late); err == nil || errors.Is(err, adapters.ErrExpired) {
			t.Errorf("Deliver before the deadline: %v", err)
		}
		lost.Deadline = time.Now().Add(2 * time.Second)
		if _, err := receive(courier, lost); err != nil {
			t.Errorf("Deliver of what arrived although it seemed lost: %v", err)
		}
		time.Sleep(time.Minute)
		_, tried, _ := wall.count("late")
		if first, err := courier.Accept(t.Context(), late); first || err != nil {
			t.Errorf("Accept after the deadline: %v, %v", first, err)
		}
		time.Sleep(time.Minute)
		if posts, after, _ := wall.count("late"); posts != 0 || after != tried || tried >= 12 {
			t.Errorf("%d answers after %d and %d attempts", posts, tried, after)
		}
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
}

// TestCourierRetryOfFailed has the platform deliver an event again whose delivery has failed.
func TestCourierRetryOfFailed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		fail := step{err: &adapters.RetryError{Err: errDisk}}
		wall := newWall(map[string][]step{"e": {fail, fail, fail, fail}})
		courier := adapters.NewCourier("test", nil, echo{}, wall, adapters.CourierOptions{})
		if _, err := receive(courier, event("e")); !errors.Is(err, errDisk) {
			t.Errorf("the first delivery: %v", err)
		}
		if first, _ := courier.Accept(t.Context(), event("e")); first {
			t.Error("a retry came before the platform wants one, and was to be delivered")
		}
		time.Sleep(time.Minute)
		if _, err := receive(courier, event("e")); err != nil {
			t.Errorf("the second delivery: %v", err)
		}
		if posts, _, _ := wall.count("e"); posts != 1 {
			t.Errorf("%d answers", posts)
		}
	})
}

// TestCourierTakesOver has a process die between its post and its record, and the platform's retry reach the next one
// before that looks for promises: it must look the post up, not take the event for new.
func TestCourierTakesOver(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state.db")
	synctest.Test(t, func(t *testing.T) {
		wall := newWall(nil)
		wall.look = true
		box, closeStore := openStore(t, path)
		dead := adapters.NewCourier("test", &faulty{Outbox: box, kind: before, first: 2, last: 99}, echo{}, wall, adapters.CourierOptions{})
		if _, err := receive(dead, event("e")); err != nil {
			t.Fatal(err)
		}
		closeStore()
		box, closeStore = openStore(t, path)
		defer closeStore()
		courier := adapters.NewCourier("test", box, echo{}, wall, adapters.CourierOptions{Settle: 3 * time.Second})
		first, err := courier.Accept(t.Context(), event("e"))
		if !first || err != nil {
			t.Fatalf("Accept: %v, %v; the promise should be taken over", first, err)
		}
		begin := time.Now()
		if err := courier.Deliver(t.Context(), event("e")); err != nil {
			t.Error(err)
		}
		if took := time.Since(begin); took != 3*time.Second {
			t.Errorf("it looked after %s, when a post of the dead process may still have been on its way", took)
		}
		if posts, _, lookups := wall.count("e"); posts != 1 || lookups != 1 {
			t.Errorf("%d answers, %d look-ups", posts, lookups)
		}
	})
}

// TestCourierForgets remembers two events at most: the outbox knows the others.
func TestCourierForgets(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state.db")
	synctest.Test(t, func(t *testing.T) {
		box, closeStore := openStore(t, path)
		defer closeStore()
		wall := newWall(nil)
		courier := adapters.NewCourier("test", box, echo{}, wall, adapters.CourierOptions{Memory: 2})
		for n := range 10 {
			if _, err := receive(courier, event(fmt.Sprint("e", n%5))); err != nil {
				t.Error(err)
			}
		}
		for n := range 5 {
			if posts, _, _ := wall.count(fmt.Sprint("e", n)); posts != 1 {
				t.Errorf("e%d has %d answers", n, posts)
			}
		}
	})
}

// TestCourierYields has another process take an event over while this one waits to retry it.
func TestCourierYields(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state.db")
	synctest.Test(t, func(t *testing.T) {
		box, closeStore := openStore(t, path)
		defer closeStore()
		wall := newWall(map[string][]step{"e": {{err: &adapters.RetryError{After: time.Minute, Err: errDisk}}}})
		courier := adapters.NewCourier("test", box, echo{}, wall, adapters.CourierOptions{})
		stop := running(courier)
		if _, err := receive(courier, event("e")); !errors.Is(err, errDisk) {
			t.Errorf("Deliver: %v", err)
		}
		if err := box.Delivered(t.Context(), "test:e"); err != nil { // as the other process does
			t.Error(err)
		}
		time.Sleep(5 * time.Minute)
		if err := stop(); err != nil {
			t.Error(err)
		}
		if posts, tried, _ := wall.count("e"); posts != 0 || tried != 1 {
			t.Errorf("%d answers after %d attempts here, want none after 1", posts, tried)
		}
	})
}

func TestCourierRefuses(t *testing.T) {
	t.Parallel()
	courier := adapters.NewCourier("test", nil, echo{}, newWall(nil), adapters.CourierOptions{Memory: 2})
	broken := event("e")
	broken.Reply = []byte("{")
	big := event("e")
	big.Question.Text = strings.Repeat("x", 1<<20)
	for name, e := range map[string]adapters.Event{
		"no key": event(""), "a long key": event(strings.Repeat("x", 999)), "a key of two lines": event("a\nb"),
		"broken JSON": broken, "a large question": big,
	} {
		if first, err := courier.Accept(t.Context(), e); first || err == nil {
			t.Errorf("%s: Accept gives %v, %v", name, first, err)
		}
	}
	if err := courier.Deliver(t.Context(), event("e")); !errors.Is(err, adapters.ErrNotAccepted) {
		t.Errorf("Deliver of what was not accepted: %v", err)
	}
	for _, key := range []string{"a", "b"} {
		if first, err := courier.Accept(t.Context(), event(key)); !first || err != nil {
			t.Errorf("Accept(%s): %v, %v", key, first, err)
		}
	}
	if first, err := courier.Accept(t.Context(), event("c")); first || !errors.Is(err, adapters.ErrBusy) {
		t.Errorf("Accept of one too many: %v, %v", first, err)
	}
	if first, err := courier.Accept(t.Context(), event("a")); first || err != nil {
		t.Errorf("Accept of a repeat while busy: %v, %v", first, err)
	}
}

// TestCourierReportsOutage looks at what an operator sees of an outbox that fails and works again.
func TestCourierReportsOutage(t *testing.T) {
	t.Parallel()
	for _, kind := range []fault{before, hangs} {
		t.Run(kind.String(), func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "state.db")
			synctest.Test(t, func(t *testing.T) {
				box, closeStore := openStore(t, path)
				defer closeStore()
				var log bytes.Buffer
				broken := &faulty{Outbox: box, kind: kind, first: 2, last: 1 << 30} // the first looks for promises
				wall := newWall(nil)
				courier := adapters.NewCourier("test", broken, echo{}, wall, adapters.CourierOptions{Logger: slog.New(slog.NewTextHandler(&log, nil))})
				stop := running(courier)
				synctest.Wait()
				if err := courier.Ready(); err != nil {
					t.Errorf("Ready before: %v", err)
				}
				begin := time.Now()
				for n := range 100 {
					if _, err := receive(courier, event(fmt.Sprint("e", n))); err != nil {
						t.Error(err)
					}
				}
				if took := time.Since(begin); took > 10*time.Second {
					t.Errorf("100 questions took %s", took)
				}
				if err := courier.Ready(); err == nil || !strings.Contains(err.Error(), "memory alone since 2000-01-01") {
					t.Errorf("Ready during the outage: %v", err)
				}
				broken.mend()
				time.Sleep(20 * time.Second)
				if err := courier.Ready(); err != nil {
					t.Errorf("Ready after: %v", err)
				}
				if err := stop(); err != nil {
					t.Error(err)
				}
				if text := log.String(); strings.Count(text, "level=ERROR") != 1 || strings.Count(text, "works again") != 1 {
					t.Errorf("the log says\n%s", text)
				}
				// What was answered during the outage is recorded after it.
				next := adapters.NewCourier("test", box, echo{}, wall, adapters.CourierOptions{})
				if first, err := next.Accept(t.Context(), event("e42")); first || err != nil {
					t.Errorf("Accept in the next process: %v, %v", first, err)
				}
			})
		})
	}
}
