package bot_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"careerbot/bot"
	"careerbot/bot/chat"
)

// tally is a Meter that only counts calls.
type tally struct{ questions, steps atomic.Int64 }

func (t *tally) Answered(string, chat.Topic, string, time.Duration) { t.questions.Add(1) }
func (t *tally) Step(string, time.Duration)                         { t.steps.Add(1) }

// ledger is a Meter that writes down what it is told.
type ledger struct {
	mu    sync.Mutex
	lines []string
}

func (l *ledger) write(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, fmt.Sprintf(format, args...))
}

func (l *ledger) Answered(platform string, topic chat.Topic, outcome string, took time.Duration) {
	l.write("%s %q %s %v", platform, topic, outcome, took)
}

func (l *ledger) Step(name string, took time.Duration) {
	l.write("step %s %v", name, took)
}

func TestMeasure(t *testing.T) {
	t.Parallel()
	steps := chat.Trace{Steps: []chat.Step{{Name: "read", Took: time.Millisecond}, {Name: "find", Took: 2 * time.Millisecond}}}
	failure := errors.New("failure")
	tests := []struct {
		name   string
		topic  chat.Topic // of the question
		answer chat.Answer
		err    error
		want   []string
	}{
		{
			"answered", "",
			chat.Answer{Topic: chat.TopicSkills, Answered: true, Trace: steps},
			nil,
			[]string{`slack "skills" answered 3ms`, "step read 1ms", "step find 2ms"},
		},
		{"declined", "", chat.Answer{Topic: chat.TopicNone}, nil, []string{`slack "none" declined 3ms`}},
		{"error", chat.TopicTools, chat.Answer{}, failure, []string{`slack "tools" fault 3ms`}},
		{"fault", "", chat.Answer{}, &chat.Fault{Say: "No.", Err: failure}, []string{`slack "" fault 3ms`}},
		{"too late", "", chat.Answer{}, &chat.Fault{Say: "No.", Err: context.DeadlineExceeded}, []string{`slack "" fault 3ms`}},
		{"gone", "", chat.Answer{}, fmt.Errorf("wait: %w", context.Canceled), []string{`slack "" gone 3ms`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var l ledger
				asker := bot.Measure(askFunc(func(context.Context, chat.Question) (chat.Answer, error) {
					time.Sleep(3 * time.Millisecond) // of the bubble: takes no time
					return test.answer, test.err
				}), &l)
				a, err := asker.Ask(t.Context(), chat.Question{Platform: "slack", Topic: test.topic})
				if a.Answered != test.answer.Answered || !errors.Is(err, test.err) {
					t.Errorf("%+v, %v: not what was answered", a, err)
				}
				if !slices.Equal(l.lines, test.want) {
					t.Errorf("told %q, want %q", l.lines, test.want)
				}
			})
		})
	}
}

// TestMeasureStack counts what the other decorators refuse and catch.
func TestMeasureStack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var l ledger
		next := askFunc(func(ctx context.Context, q chat.Question) (chat.Answer, error) {
			if q.Text == "panic" {
				panic("what a question")
			}
			return takes(time.Second)(ctx, q)
		})
		asker := bot.Measure(bot.Limit(bot.Guard(next, slog.New(slog.DiscardHandler)), bot.Limits{
			User: bot.Rate{Every: time.Hour, Burst: 3}, Concurrent: 1, Waiting: 1, Deadline: 1500 * time.Millisecond,
			Programs: []string{"web"},
		}), &l)
		ask := func(platform, text string) {
			_, _ = asker.Ask(t.Context(), chat.Question{Platform: platform, User: "ann", Text: text})
		}
		go ask("slack", "")
		synctest.Wait()
		go ask("slack", "") // in line, and half a second of its time is left then
		synctest.Wait()
		ask("slack", "")
		ask("web", "")
		time.Sleep(time.Minute)
		ask("slack", "panic")
		ask("slack", "")
		ask("slack", "")
		for range 4 {
			ask("web", "panic")
		}
		want := []string{
			`slack "" busy 0s`, `web "" busy 0s`, `slack "" answered 1s`, `slack "" fault 1.5s`,
			`slack "" fault 0s`, `slack "" limited 0s`, `slack "" limited 0s`,
			`web "" fault 0s`, `web "" fault 0s`, `web "" fault 0s`, `web "" limited 0s`,
		}
		if !slices.Equal(l.lines, want) {
			t.Errorf("told\n%q, want\n%q", l.lines, want)
		}
	})
}
