package bot_test

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"careerbot/bot"
	"careerbot/bot/chat"
)

// TestLimitLine puts more questions than are answered at once: the oldest goes first, those beyond the line and
// those that wait too long hear that the bot is busy.
func TestLimitLine(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		limits   bot.Limits
		platform string
		each     time.Duration
		want     []string // of question n, asked n milliseconds after the start: when it was answered, and how
	}{
		{
			"in turn",
			bot.Limits{Concurrent: 1, Waiting: 9},
			"slack", time.Second,
			[]string{"1s yes", "2s yes, waited 999ms", "3s yes, waited 1.998s", "4s yes, waited 2.997s"},
		},
		{
			"two at once",
			bot.Limits{Concurrent: 2, Waiting: 9},
			"slack", time.Second,
			[]string{"1s yes", "1.001s yes", "2s yes, waited 998ms", "2.001s yes, waited 998ms"},
		},
		{
			"line is full",
			bot.Limits{Concurrent: 1, Waiting: 1},
			"slack", time.Second,
			[]string{"1s yes", "2s yes, waited 999ms", "2ms private: " + busy, "3ms private: " + busy},
		},
		{
			"no line",
			bot.Limits{Concurrent: 1},
			"web", time.Second,
			[]string{"1s yes", "1ms fault: " + busy},
		},
		{
			"deadline under way after the line",
			bot.Limits{Concurrent: 1, Waiting: 9, Deadline: 1500 * time.Millisecond},
			"slack", time.Second,
			[]string{"1s yes", "1.501s fault: " + tooLong, "1.502s fault: " + tooLong},
		},
		{
			"deadline under way",
			bot.Limits{Deadline: time.Second},
			"slack", time.Minute,
			[]string{"1s fault: " + tooLong, "1.001s fault: " + tooLong},
		},
		{"no bounds", bot.Limits{}, "slack", time.Minute, []string{"1m0s yes", "1m0.001s yes", "1m0.002s yes"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.limits.Programs = []string{"web"}
			synctest.Test(t, func(t *testing.T) {
				asker, start := bot.Limit(takes(test.each), test.limits), time.Now()
				have := make([]string, len(test.want))
				var all sync.WaitGroup
				for i := range have {
					all.Go(func() {
						time.Sleep(time.Duration(i) * time.Millisecond)
						a, err := asker.Ask(t.Context(), chat.Question{Platform: test.platform})
						have[i] = fmt.Sprintf("%v %s", time.Since(start), got(a, err))
						for _, s := range a.Trace.Steps {
							have[i] += fmt.Sprintf(", %sed %v", s.Name, s.Took)
						}
					})
				}
				all.Wait()
				if !slices.Equal(have, test.want) {
					t.Errorf("got\n%q, want\n%q", have, test.want)
				}
			})
		})
	}
}

// TestLimitDeadlineInLine has an answer that heeds no deadline: who waits for it hears that the bot is busy.
func TestLimitDeadlineInLine(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		asker := bot.Limit(askFunc(func(_ context.Context, q chat.Question) (chat.Answer, error) {
			return takes(3*time.Second)(context.Background(), q)
		}), bot.Limits{Concurrent: 1, Waiting: 2, Deadline: time.Second})
		var all sync.WaitGroup
		start := time.Now()
		for i, want := range []string{"3s yes", "1s private: " + busy, "1s private: " + busy} {
			all.Go(func() {
				have := got(asker.Ask(t.Context(), chat.Question{}))
				if have = fmt.Sprintf("%v %s", time.Since(start), have); have != want {
					t.Errorf("question %d: %q, want %q", i+1, have, want)
				}
			})
			synctest.Wait()
		}
		all.Wait()
		if have := got(asker.Ask(t.Context(), chat.Question{})); have != "yes" {
			t.Errorf("afterwards: %q", have)
		}
	})
}

// TestLimitGone has askers leave the line and answers panic: no place is lost by that.
func TestLimitGone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		next := takes(time.Second)
		asker := bot.Limit(askFunc(func(ctx context.Context, q chat.Question) (chat.Answer, error) {
			if q.Text == "panic" {
				panic("what a question")
			}
			return next(ctx, q)
		}), bot.Limits{Concurrent: 1, Waiting: 2})
		ask := func(ctx context.Context) string { return got(asker.Ask(ctx, chat.Question{})) }
		var all sync.WaitGroup
		all.Go(func() { ask(t.Context()) })
		synctest.Wait()
		gone, leave := context.WithCancel(t.Context())
		all.Go(func() {
			if have, want := ask(gone), "error: wait for a turn: context canceled"; have != want {
				t.Errorf("who has left got %q, want %q", have, want)
			}
		})
		synctest.Wait()
		all.Go(func() {
			if have := ask(t.Context()); have != "yes" {
				t.Errorf("the next in line got %q", have)
			}
		})
		synctest.Wait()
		leave()
		all.Wait()
		for range 3 {
			func() {
				defer func() { _ = recover() }()
				_, _ = asker.Ask(t.Context(), chat.Question{Text: "panic"})
			}()
		}
		if have := ask(t.Context()); have != "yes" {
			t.Errorf("after panics: %q", have)
		}
	})
}

// TestLimitPhotoFinish has turns come in the moment in which patience ends, over and over: either may win, and the place
// is free again every time.
func TestLimitPhotoFinish(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		asker := bot.Limit(takes(time.Second), bot.Limits{Concurrent: 1, Waiting: 1})
		for round := range 1000 {
			var all sync.WaitGroup
			ctx, cancel := context.WithTimeout(t.Context(), time.Second) // before the other's second starts
			all.Go(func() {
				if have := got(asker.Ask(t.Context(), chat.Question{})); have != "yes" {
					t.Errorf("round %d: the place is lost: %q", round, have)
				}
			})
			synctest.Wait()
			all.Go(func() {
				switch have := got(asker.Ask(ctx, chat.Question{})); have {
				case "private: " + busy, "fault: " + tooLong:
				default:
					t.Errorf("round %d: %q", round, have)
				}
			})
			all.Wait()
			cancel()
		}
	})
}

// TestLimitTogether asks from many goroutines, some of which give up: the bound holds and every place comes back.
func TestLimitTogether(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const most = 4
		var under, peak, said atomic.Int64
		next := takes(3 * time.Millisecond)
		asker := bot.Limit(askFunc(func(ctx context.Context, q chat.Question) (chat.Answer, error) {
			n := under.Add(1)
			defer under.Add(-1)
			for p := peak.Load(); n > p && !peak.CompareAndSwap(p, n); p = peak.Load() {
			}
			return next(ctx, q)
		}), bot.Limits{Concurrent: most, Waiting: 20, User: bot.Rate{Every: time.Millisecond, Burst: 5}})
		var all sync.WaitGroup
		for i := range 40 {
			all.Go(func() {
				for n := range 50 {
					ctx, cancel := context.WithTimeout(t.Context(), time.Duration(1+(i*7+n)%20)*time.Millisecond)
					a, err := asker.Ask(ctx, chat.Question{Platform: "p", User: strconv.Itoa(i % 10)})
					cancel()
					if got(a, err) != "" {
						said.Add(1)
					}
				}
			})
		}
		all.Wait()
		if said.Load() != 40*50 {
			t.Errorf("%d of %d questions got a word", said.Load(), 40*50)
		}
		if p := peak.Load(); p != most {
			t.Errorf("%d answers were under way at once, want %d", p, most)
		}
		for range most { // all places are free again
			all.Go(func() {
				if have := got(asker.Ask(t.Context(), chat.Question{})); have != "yes" {
					t.Errorf("afterwards: %q", have)
				}
			})
		}
		all.Wait()
	})
}
