package bot_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"careerbot/bot"
	"careerbot/bot/chat"

	"go.uber.org/goleak"
	"pgregory.net/rapid"
)

// askFunc is an Asker made of a function.
type askFunc func(ctx context.Context, q chat.Question) (chat.Answer, error)

func (f askFunc) Ask(ctx context.Context, q chat.Question) (chat.Answer, error) { return f(ctx, q) }

// answers answers everything at once.
var answers = askFunc(func(_ context.Context, q chat.Question) (chat.Answer, error) {
	return chat.Answer{ID: q.ID, Topic: q.Topic, Lead: "Yes.", Answered: true}, nil
})

// takes answers everything after d, unless ctx ends.
func takes(d time.Duration) askFunc {
	return func(ctx context.Context, q chat.Question) (chat.Answer, error) {
		select {
		case <-time.After(d):
			return answers(ctx, q)
		case <-ctx.Done():
			return chat.Answer{}, &chat.Fault{Say: "I couldn't search just now.", Err: ctx.Err()}
		}
	}
}

// got says in short what came back: "yes", "private: …", "told: …", "fault: …" or "error: …".
func got(a chat.Answer, err error) string {
	var fault *chat.Fault
	var told interface{ Told() bool } // as an adapter finds it, which does not know package bot
	switch {
	case err == nil && a.Answered:
		return "yes"
	case err == nil && a.Private:
		return "private: " + a.Lead
	case err == nil:
		return "public: " + a.Lead
	case !errors.As(err, &fault):
		return "error: " + err.Error()
	case errors.As(err, &told) && told.Told():
		return "told: " + fault.Say
	default:
		return "fault: " + fault.Say
	}
}

const (
	youOver    = "You have asked more than I may answer at once; please try again in "
	threadOver = "People in this conversation have together asked more than I may answer at once; please try again in "
	serverOver = "People here have together asked more than I may answer at once; please try again in "
	busy       = "I am answering many questions just now; please ask again in a moment."
	tooLong    = "That took me too long; please ask again in a moment."
)

func TestLimitRates(t *testing.T) {
	t.Parallel()
	type ask struct {
		at                   time.Duration // since the start
		user, thread, server string
		want                 string
	}
	two := bot.Rate{Every: 10 * time.Second, Burst: 2}
	tests := []struct {
		name   string
		limits bot.Limits
		asks   []ask
	}{
		{"no limits", bot.Limits{}, []ask{
			{0, "ann", "t", "s", "yes"}, {0, "ann", "t", "s", "yes"}, {0, "ann", "t", "s", "yes"},
		}},
		{"one person", bot.Limits{User: two}, []ask{
			{0, "ann", "t", "s", "yes"},
			{0, "ann", "u", "s", "yes"},
			{500 * time.Millisecond, "ann", "t", "s", "private: " + youOver + "10 seconds."},
			{1 * time.Second, "bob", "t", "s", "yes"},
			{9 * time.Second, "ann", "t", "s", "told: " + youOver + "1 second."},
			{10 * time.Second, "ann", "t", "s", "yes"},
			{10 * time.Second, "ann", "t", "s", "told: " + youOver + "10 seconds."},
			{60 * time.Second, "ann", "t", "s", "yes"},
			{60 * time.Second, "ann", "t", "s", "yes"},
			{60 * time.Second, "ann", "t", "s", "told: " + youOver + "10 seconds."},
			{61 * time.Second, "ann", "t", "s", "private: " + youOver + "9 seconds."},
		}},
		{"no rate without a name", bot.Limits{User: two}, []ask{
			{0, "", "t", "s", "yes"}, {0, "", "t", "s", "yes"}, {0, "", "t", "s", "yes"},
		}},
		{"all of a thread, each told once", bot.Limits{Thread: two}, []ask{
			{0, "ann", "t", "s", "yes"},
			{0, "bob", "t", "s", "yes"},
			{0, "ann", "t", "s", "private: " + threadOver + "10 seconds."},
			{0, "bob", "t", "s", "private: " + threadOver + "10 seconds."},
			{0, "bob", "t", "s", "told: " + threadOver + "10 seconds."},
			{0, "bob", "u", "s", "yes"},
			{0, "", "t", "s", "private: " + threadOver + "10 seconds."},
			{0, "", "t", "s", "told: " + threadOver + "10 seconds."},
		}},
		{"all of a server", bot.Limits{Server: two}, []ask{
			{0, "ann", "t", "s", "yes"},
			{0, "bob", "u", "s", "yes"},
			{0, "cas", "v", "s", "private: " + serverOver + "10 seconds."},
			{0, "cas", "v", "r", "yes"},
			{0, "cas", "v", "", "yes"},
			{0, "cas", "v", "", "yes"},
			{0, "cas", "v", "", "yes"},
		}},
		{
			"the longest wait counts, and who is refused takes nothing from others",
			bot.Limits{User: two, Server: bot.Rate{Every: 3 * time.Minute, Burst: 3}},
			[]ask{
				{0, "ann", "t", "s", "yes"},
				{0, "ann", "t", "s", "yes"},
				{0, "ann", "t", "s", "private: " + youOver + "10 seconds."},
				{0, "ann", "t", "s", "told: " + youOver + "10 seconds."},
				{0, "bob", "t", "s", "yes"},
				{0, "ann", "t", "s", "told: " + serverOver + "3 minutes."},
				{0, "bob", "t", "s", "private: " + serverOver + "3 minutes."},
				{0, "bob", "t", "", "yes"}, // the refusal cost bob nothing
				{90 * time.Second, "bob", "t", "s", "told: " + serverOver + "90 seconds."},
				{3 * time.Minute, "bob", "t", "s", "yes"},
			},
		},
		{"a window longer than a minute where the wait is", bot.Limits{User: bot.Rate{Every: time.Hour, Burst: 1}}, []ask{
			{0, "ann", "t", "s", "yes"},
			{0, "ann", "t", "s", "private: " + youOver + "60 minutes."},
			{59 * time.Minute, "ann", "t", "s", "told: " + youOver + "60 seconds."},
			{time.Hour, "ann", "t", "s", "yes"},
			{time.Hour, "ann", "t", "s", "private: " + youOver + "60 minutes."},
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				asker, start := bot.Limit(answers, test.limits), time.Now()
				for i, a := range test.asks {
					time.Sleep(time.Until(start.Add(a.at))) // of the bubble: takes no time
					q := chat.Question{ID: "q", Platform: "slack", User: a.user, Thread: a.thread, Server: a.server}
					if have := got(asker.Ask(t.Context(), q)); have != a.want {
						t.Errorf("question %d at %v: %q, want %q", i+1, a.at, have, a.want)
					}
				}
			})
		})
	}
}

// TestLimitRefusal looks at all of a refusal: on platforms for people, and for programs.
func TestLimitRefusal(t *testing.T) {
	t.Parallel()
	now := time.Unix(1e9, 0)
	asker := bot.Limit(answers, bot.Limits{
		User: bot.Rate{Every: 4 * time.Second, Burst: 1}, Programs: []string{"web"}, Now: func() time.Time { return now },
	})
	q := chat.Question{ID: "q1", Platform: "slack", User: "ann", Topic: chat.TopicSkills}
	for _, want := range []string{"yes", "private: " + youOver + "4 seconds."} {
		a, err := asker.Ask(t.Context(), q)
		if have := got(a, err); have != want {
			t.Fatalf("%q, want %q", have, want)
		}
		if a.ID != q.ID || a.Topic != q.Topic {
			t.Errorf("the answer is %q on %q, want those of the question", a.ID, a.Topic)
		}
	}
	q.Platform = "web" // another person, although the name is the same
	for _, want := range []string{"yes", "fault: " + youOver + "4 seconds.", "told: " + youOver + "4 seconds."} {
		_, err := asker.Ask(t.Context(), q)
		if have := got(chat.Answer{Answered: true}, err); have != want {
			t.Fatalf("%q, want %q", have, want)
		}
		var retry interface{ RetryAfter() time.Duration }
		if err != nil && (!errors.As(err, &retry) || retry.RetryAfter() != 4*time.Second) {
			t.Errorf("the error %v does not say when to try again", err)
		}
	}
}

// TestLimitRateHolds asks at random times: never is more answered than the rate allows, and whoever waits as long
// as they are told is answered.
func TestLimitRateHolds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		every := time.Duration(rapid.Int64Range(1, int64(time.Minute)).Draw(t, "every"))
		burst := rapid.IntRange(1, 5).Draw(t, "burst")
		now := time.Unix(1e9, 0)
		asker := bot.Limit(answers, bot.Limits{
			User: bot.Rate{Every: every, Burst: burst}, Programs: []string{"p"}, Now: func() time.Time { return now },
		})
		ask := func() error {
			_, err := asker.Ask(context.Background(), chat.Question{Platform: "p", User: "ann"})
			return err
		}
		start, answered := now, 0
		for range rapid.IntRange(1, 40).Draw(t, "questions") {
			now = now.Add(time.Duration(rapid.Int64Range(0, 2*int64(every)).Draw(t, "pause")))
			err := ask()
			if err != nil && rapid.Bool().Draw(t, "wait") {
				limit, ok := errors.AsType[*bot.LimitError](err)
				if !ok || limit.RetryAfter() <= 0 {
					t.Fatalf("refused with %v", err)
				}
				now = now.Add(limit.RetryAfter())
				if err = ask(); err != nil {
					t.Fatalf("refused after the wait that was told: %v", err)
				}
			}
			if err == nil {
				answered++
			}
			// A nanosecond more may be granted: rates count in floating point.
			if most := burst + int((now.Sub(start)+time.Duration(answered))/every); answered > most {
				t.Fatalf("answered %d in %v, want at most %d", answered, now.Sub(start), most)
			}
		}
	})
}

// TestLimitForgets has a crowd ask once each: memory stays, and nothing runs on once the Asker is left alone.
func TestLimitForgets(t *testing.T) { // not parallel: it looks at the whole process
	leaks := goleak.IgnoreCurrent()
	now := time.Unix(1e9, 0)
	asker := bot.Limit(answers, bot.Limits{User: bot.Rate{Every: time.Second, Burst: 10}, Now: func() time.Time { return now }})
	crowd := func(name string, n int, pause time.Duration) uint64 {
		for i := range n {
			now = now.Add(pause)
			_, _ = asker.Ask(t.Context(), chat.Question{Platform: "slack", User: name + strconv.Itoa(i)})
		}
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := crowd("a", 1_000, 0)
	const most = 40 << 20
	if all := crowd("b", 80_000, 0); all > before+most {
		t.Errorf("a crowd at once takes %d KiB, want at most %d", (all-before)>>10, most>>10)
	}
	now = now.Add(time.Hour)
	const little = 4 << 20 // a minute of them is 600 people, and tables keep their size
	if idle := crowd("c", 20_000, 100*time.Millisecond); idle > before+little {
		t.Errorf("a crowd over half an hour takes %d KiB, want at most %d", (idle-before)>>10, little>>10)
	}
	runtime.KeepAlive(asker)
	goleak.VerifyNone(t, leaks)
}

func TestGuard(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	asker := bot.Guard(askFunc(func(ctx context.Context, q chat.Question) (chat.Answer, error) {
		if q.Text != "" {
			var none []int
			_ = none[len(q.Text)]
		}
		return answers(ctx, q)
	}), slog.New(slog.NewTextHandler(&log, nil)))
	q := chat.Question{ID: "q7", Platform: "slack", Text: "a secret of mine"}
	_, err := asker.Ask(t.Context(), q)
	var fault *chat.Fault
	if !errors.As(err, &fault) || fault.Say == "" || strings.Contains(fault.Error(), "goroutine") {
		t.Errorf("a panic gives %v, want a fault in words without a stack", err)
	}
	for _, want := range []string{"level=ERROR", "question=q7", "platform=slack", "index out of range", "limit_test.go"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log lacks %q:\n%s", want, &log)
		}
	}
	if strings.Contains(log.String(), q.Text) {
		t.Errorf("the log has the question:\n%s", &log)
	}
	q.Text = ""
	if have := got(asker.Ask(t.Context(), q)); have != "yes" {
		t.Errorf("the next question got %q", have)
	}
}

// BenchmarkDecorators measures what the whole stack adds to a question: a thousand people, none over a limit.
func BenchmarkDecorators(b *testing.B) {
	rate := bot.Rate{Every: time.Nanosecond, Burst: 1 << 20}
	limits := bot.DefaultLimits()
	limits.User, limits.Thread, limits.Server = rate, rate, rate
	asker := bot.Measure(bot.Limit(bot.Guard(answers, slog.New(slog.DiscardHandler)), limits), &tally{})
	people := make([]string, 1000)
	for i := range people {
		people[i] = "U0" + strconv.Itoa(1_000_000+i)
	}
	ask := func(i int) {
		q := chat.Question{Platform: "slack", User: people[i%1000], Thread: people[i/10%100], Server: "T1"}
		if a, err := asker.Ask(context.Background(), q); err != nil || !a.Answered {
			b.Errorf("%+v, %v", a, err)
		}
	}
	b.Run("one", func(b *testing.B) {
		b.ReportAllocs()
		i := 0
		for b.Loop() {
			ask(i)
			i++
		}
	})
	b.Run("parallel", func(b *testing.B) {
		b.ReportAllocs()
		b.RunParallel(func(pb *testing.PB) {
			for i := 0; pb.Next(); i++ {
				ask(i)
			}
		})
	})
}
