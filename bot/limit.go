package bot

import (
	"container/list"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"careerbot/bot/chat"

	"github.com/maypok86/otter/v2"
	"golang.org/x/time/rate"
)

// Limits say how much is answered and how long it may take. The zero value limits nothing.
type Limits struct {
	User   Rate // of one person on one platform
	Thread Rate // of one Question.Thread: all who ask there together
	Server Rate // of one guild or workspace: all who ask there together

	// Window is the time in which a person over a limit is told so once; 0 is a minute. Where it takes longer
	// until they may ask again, they are told once in that time.
	Window time.Duration

	Concurrent int           // answers under way at once; 0 sets no bound
	Waiting    int           // questions in the line when all Concurrent are taken; further ones are told "busy"
	Deadline   time.Duration // for each answer, time in the line included; 0 sets none

	// Programs are the platforms whose askers are programs, such as "web". There every refusal is an error, so
	// that it has a status of its own, and none is an answer.
	Programs []string

	Now func() time.Time // clock of the rates; nil is time.Now
}

// Rate is how often somebody may ask: Burst questions at once, then one more each Every. It limits nothing where
// either is 0.
type Rate struct {
	Every time.Duration
	Burst int
}

// DefaultLimits are far above what people type and far below what two cores answer, which is thousands a second.
func DefaultLimits() Limits {
	return Limits{
		User:       Rate{Every: 3 * time.Second, Burst: 10},
		Thread:     Rate{Every: time.Second, Burst: 30},
		Server:     Rate{Every: 100 * time.Millisecond, Burst: 100},
		Window:     time.Minute,
		Concurrent: 64,
		Waiting:    1024,
		Deadline:   10 * time.Second,
	}
}

// maxBuckets bounds the memory of the rates, about 300 bytes for each: whoever has not asked for longest is forgotten
// first, and that only gives them a full bucket back.
const maxBuckets = 50_000

// LimitError is the cause of the [chat.Fault] that refuses a person over a limit. Adapters, which do not know this
// package, find its methods with an interface of their own.
type LimitError struct {
	wait time.Duration
	told bool
}

// Error says it for logs.
func (e *LimitError) Error() string { return fmt.Sprintf("over the limit for another %v", e.wait) }

// RetryAfter is when the next question will be answered, if no other is asked before.
func (e *LimitError) RetryAfter() time.Duration { return e.wait }

// Told holds where the person was told in this window already. An adapter that owes its platform a reply, such as
// one to a slash command, shows Fault.Say to that person; one that would have to post a message posts nothing.
func (e *LimitError) Told() bool { return e.told }

// errBusy is the cause of the fault that tells a program of overload.
var errBusy = errors.New("too many questions at once")

// Marks in Trace.Understood of the answers that refuse; [Outcome] reads them.
const (
	understoodLimit = "not read: over the limit"
	understoodBusy  = "not read: busy"
)

// Limit keeps what next is asked within o. Nobody is left without a word, and nobody is told twice:
//   - The first question over a rate gets a private answer that says when to try again.
//   - Further ones in the same [Limits.Window] get a [chat.Fault] that says it too, with a [*LimitError] that asks the
//     adapter to pass it on only where the platform waits for a reply.
//   - Under overload questions wait in line, the oldest first. Where the line is full, or the deadline ends before a
//     question's turn, a private answer says that the bot is busy.
//   - An answer that is not done by the deadline is a Fault in words. next must heed its ctx: Limit leaves no
//     goroutine behind and so waits for it.
//
// Refused questions take nothing from a rate. Ids that are "" have no rate. Limit counts within this process.
func Limit(next chat.Asker, o Limits) chat.Asker {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Window <= 0 {
		o.Window = time.Minute
	}
	l := &limiter{next: next, o: o, rated: o.User.limits() || o.Thread.limits() || o.Server.limits()}
	l.buckets = otter.Must(&otter.Options[bucketKey, *bucket]{
		MaximumSize: maxBuckets,
		// A bucket that is full again and whose owner may be told again is as good as a new one.
		ExpiryCalculator: otter.ExpiryAccessing[bucketKey, *bucket](max(o.Window, o.User.refill(), o.Thread.refill(), o.Server.refill())),
		Clock:            &l.clock,
		Executor:         func(task func()) { task() }, // no goroutines: upkeep is done while asking
	})
	return l
}

func (r Rate) limits() bool { return r.Every > 0 && r.Burst > 0 }

// refill is how long an empty bucket takes to be full.
func (r Rate) refill() time.Duration {
	if !r.limits() {
		return 0
	}
	return r.Every * time.Duration(r.Burst)
}

// limiter is the Asker that Limit makes.
type limiter struct {
	next  chat.Asker
	o     Limits
	rated bool // some rate limits

	mu      sync.Mutex // makes looking at all rates and at the line, and taking from them, one step
	buckets *otter.Cache[bucketKey, *bucket]
	clock   bucketClock // of buckets
	running int         // answers under way
	line    list.List   // of chan struct{}, oldest first; closed when its turn has come
}

type bucketKey struct {
	level        level
	platform, id string
}

// level is whose rate it is.
type level uint8

const (
	levelUser level = iota
	levelThread
	levelServer
)

// bucket is one rate of one owner.
type bucket struct {
	level level
	every time.Duration
	rate  *rate.Limiter // nil limits nothing
	quiet time.Time     // until then the person is not told again
}

// bucketClock is a clock for the cache: it shows when the question under way was asked, as reading a real one costs
// as much as looking up a bucket. It never ticks: what has expired is cleared while asking.
type bucketClock int64

// NowNano reads the clock.
func (c *bucketClock) NowNano() int64 { return int64(*c) }

// Tick does not.
func (*bucketClock) Tick(time.Duration) <-chan time.Time { return nil }

// Ask asks next, after a wait where many ask at once, or refuses in words.
func (l *limiter) Ask(ctx context.Context, q chat.Question) (chat.Answer, error) {
	v := l.admit(&q)
	if v.busy || v.wait > 0 {
		return l.refuse(&q, v)
	}
	turn := v.turn
	if l.o.Deadline > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, l.o.Deadline)
		defer cancel()
	}
	var waited time.Duration
	if turn != nil {
		began := time.Now()
		if err := l.await(ctx, turn); err != nil {
			if errors.Is(err, context.DeadlineExceeded) {
				return l.refuse(&q, verdict{busy: true})
			}
			return chat.Answer{}, fmt.Errorf("wait for a turn: %w", err)
		}
		waited = time.Since(began)
	}
	defer l.release()
	a, err := l.next.Ask(ctx, q)
	if err != nil && errors.Is(err, context.DeadlineExceeded) && ctx.Err() != nil {
		return a, &chat.Fault{Say: "That took me too long; please ask again in a moment.", Err: err}
	}
	if turn != nil && err == nil {
		a.Trace.Steps = slices.Insert(slices.Clip(a.Trace.Steps), 0, chat.Step{Name: StepWait, Took: waited})
	}
	return a, err
}

// StepWait names the time a question spent in the line, in the Trace.Steps of answers that had to wait.
const StepWait = "wait"

// verdict is what becomes of a question. The zero value answers it at once.
type verdict struct {
	wait  time.Duration // over a rate, until then
	level level         // whose rate that is
	told  bool          // the person knows
	busy  bool          // the line is full
	turn  *list.Element // place in the line
}

// admit decides on a question without waiting, and takes for it what it needs.
func (l *limiter) admit(q *chat.Question) (v verdict) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.o.Now()
	l.clock = bucketClock(now.UnixNano())
	var room [3]*bucket
	rates := l.rates(room[:0], q, now)
	for _, b := range rates {
		if wait := b.wait(now); wait > v.wait {
			v.wait, v.level = wait, b.level
		}
	}
	switch {
	case v.wait > 0:
		teller := rates[0] // the person's own where they have a name
		if v.told = now.Before(teller.quiet); !v.told {
			teller.quiet = now.Add(max(l.o.Window, v.wait))
		}
		return v
	case l.o.Concurrent <= 0 || l.running < l.o.Concurrent:
		l.running++
	case l.line.Len() < l.o.Waiting:
		v.turn = l.line.PushBack(make(chan struct{}))
	default:
		v.busy = true
		return v
	}
	for _, b := range rates {
		if b.rate != nil {
			b.rate.AllowN(now, 1)
		}
	}
	return v
}

// rates appends the buckets a question takes from, the person's first.
func (l *limiter) rates(to []*bucket, q *chat.Question, now time.Time) []*bucket {
	if !l.rated {
		return to
	}
	for _, own := range [...]struct {
		level level
		rate  Rate
		id    string
	}{{levelUser, l.o.User, q.User}, {levelThread, l.o.Thread, q.Thread}, {levelServer, l.o.Server, q.Server}} {
		// People have one even where only others' rates limit: it knows when they were told.
		if own.id != "" && (own.rate.limits() || own.level == levelUser) {
			to = append(to, l.bucket(bucketKey{own.level, q.Platform, own.id}, own.rate))
		}
	}
	return to
}

func (l *limiter) bucket(k bucketKey, r Rate) *bucket {
	b, ok := l.buckets.GetIfPresent(k)
	if !ok {
		b = &bucket{level: k.level, every: r.Every}
		if r.limits() {
			b.rate = rate.NewLimiter(rate.Every(r.Every), r.Burst)
		}
		l.buckets.Set(k, b)
	}
	return b
}

// wait is how long until b has room for a question, rounded up to a millisecond, as tokens count in floating point:
// whoever waits for so long is let in. 0 is now.
func (b *bucket) wait(now time.Time) time.Duration {
	if b.rate == nil {
		return 0
	}
	missing := time.Duration((1 - b.rate.TokensAt(now)) * float64(b.every))
	if missing <= 0 {
		return 0
	}
	return (missing + time.Millisecond - 1).Truncate(time.Millisecond)
}

// await returns when the turn has come, or with the error of an ended ctx and the turn given up.
func (l *limiter) await(ctx context.Context, turn *list.Element) error {
	come := turn.Value.(chan struct{})
	select {
	case <-come:
		return nil
	case <-ctx.Done():
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case <-come: // just now: to the next in line with it
		l.pass()
	default:
		l.line.Remove(turn)
	}
	return ctx.Err()
}

// release ends an answer.
func (l *limiter) release() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pass()
}

// pass gives a place among those under way to whoever waits longest. The caller holds mu.
func (l *limiter) pass() {
	oldest := l.line.Front()
	if oldest == nil {
		l.running--
		return
	}
	close(l.line.Remove(oldest).(chan struct{}))
}

// refuse says no in words.
func (l *limiter) refuse(q *chat.Question, v verdict) (chat.Answer, error) {
	say, mark, cause := "I am answering many questions just now; please ask again in a moment.", understoodBusy, errBusy
	if !v.busy {
		say, mark, cause = over(v), understoodLimit, &LimitError{wait: v.wait, told: v.told}
	}
	if v.told || slices.Contains(l.o.Programs, q.Platform) {
		return chat.Answer{}, &chat.Fault{Say: say, Err: cause}
	}
	return chat.Answer{ID: q.ID, Topic: q.Topic, Lead: say, Private: true, Trace: chat.Trace{Understood: mark}}, nil
}

// over says whose rate is used up and when to try again.
func over(v verdict) string {
	who := "You have"
	switch v.level {
	case levelUser:
	case levelThread:
		who = "People in this conversation have together"
	case levelServer:
		who = "People here have together"
	}
	return fmt.Sprintf("%s asked more than I may answer at once; please try again in %s.", who, inWords(v.wait))
}

// inWords rounds up, so that whoever waits as long as they are told is answered.
func inWords(d time.Duration) string {
	n, unit := int((d+time.Second-1)/time.Second), "second"
	if n > 90 {
		n, unit = (n+59)/60, "minute"
	}
	if n > 1 {
		unit += "s"
	}
	return fmt.Sprintf("%d %s", n, unit)
}

// Guard keeps a panic inside the question that caused it: it is logged with its stack, and who asked gets a
// [chat.Fault] in words. It cannot help where next panics in a goroutine of its own.
func Guard(next chat.Asker, log *slog.Logger) chat.Asker { return &guard{next, log} }

type guard struct {
	next chat.Asker
	log  *slog.Logger
}

// Ask asks next.
func (g *guard) Ask(ctx context.Context, q chat.Question) (a chat.Answer, err error) {
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		g.log.LogAttrs(ctx, slog.LevelError, "question panicked", slog.String("question", q.ID),
			slog.String("platform", q.Platform), slog.Any("panic", p), slog.String("stack", string(debug.Stack())))
		a, err = chat.Answer{}, &chat.Fault{
			Say: "Something went wrong inside me on this question, and it is noted. Please ask in other words.",
			Err: fmt.Errorf("panic: %v", p),
		}
	}()
	return g.next.Ask(ctx, q)
}
