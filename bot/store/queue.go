package store

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"careerbot/bot/store/engine"
)

// queue carries rows of one table to the database without making anybody wait. While the database is lost it keeps what fits and
// drops the rest, counted.
type queue[T any] struct {
	what    string         // the table, in words
	key     func(T) string // rows with one key replace each other
	write   func(context.Context, []T) error
	limit   time.Duration // for one write
	log     *slog.Logger
	dropped atomic.Uint64
	wake    chan struct{}   // something has been added
	flushes chan chan error // asked for by flush
	quit    chan struct{}   // closed: write once more and end
	done    chan struct{}   // closed: ended

	mu      sync.Mutex
	waiting []T // removed from by run only
	closed  bool
}

const (
	queueSize  = 4096                   // a second of answers, about 2 MiB
	entryBatch = 32                     // rows in one statement: SQLite looks for each of its values among all before it
	gatherTime = 100 * time.Millisecond // a row waits at most this long for others
	retryAfter = time.Second            // when the database is lost
)

func newQueue[T any](what string, key func(T) string, write func(context.Context, []T) error, limit time.Duration, log *slog.Logger) *queue[T] {
	q := &queue[T]{
		what: what, key: key, write: write, limit: limit, log: log, wake: make(chan struct{}, 1),
		flushes: make(chan chan error), quit: make(chan struct{}), done: make(chan struct{}),
	}
	go q.run()
	return q
}

func (q *queue[T]) add(row T) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case q.closed:
		return ErrClosed
	case len(q.waiting) >= queueSize:
		q.dropped.Add(1)
		return ErrDropped
	}
	q.waiting = append(q.waiting, row)
	q.nudge()
	return nil
}

func (q *queue[T]) nudge() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// holds says whether a row is waiting that is as wanted.
func (q *queue[T]) holds(wanted func(T) bool) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return slices.ContainsFunc(q.waiting, wanted)
}

func (q *queue[T]) depth() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.waiting)
}

// flush writes what has been added and says whether that worked.
func (q *queue[T]) flush(ctx context.Context) error {
	reply := make(chan error, 1)
	select {
	case q.flushes <- reply:
	case <-q.done:
		return ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-reply:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// close takes no more, tries once to write what is left, and counts what could not be written as dropped.
func (q *queue[T]) close(ctx context.Context) {
	q.mu.Lock()
	if !q.closed {
		q.closed = true
		close(q.quit)
	}
	q.mu.Unlock()
	select {
	case <-q.done:
	case <-ctx.Done():
	}
	if n := q.depth(); n > 0 {
		q.dropped.Add(uint64(n))
		q.log.Error("the last rows are lost", "of", q.what, "rows", n)
	}
}

func (q *queue[T]) run() {
	defer close(q.done)
	pause, failing := gatherTime, false
	for {
		reply, quit := q.await(pause)
		err := q.drain()
		if reply != nil {
			reply <- err
		}
		if quit {
			return
		}
		pause = gatherTime
		if err != nil {
			pause = retryAfter
			q.nudge()
		}
		if failing != (err != nil) {
			failing = err != nil
			q.report(err)
		}
	}
}

// await returns when it is time to write: a while after something was added, at a flush, which is to be replied to, or to quit.
func (q *queue[T]) await(pause time.Duration) (reply chan error, quit bool) {
	select {
	case <-q.wake:
	case reply = <-q.flushes:
		return reply, false
	case <-q.quit:
		return nil, true
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
	case reply = <-q.flushes:
	case <-q.quit:
		quit = true
	}
	return reply, quit
}

func (q *queue[T]) report(err error) {
	if err != nil {
		q.log.Error("rows cannot be written; answers go on without them", "of", q.what, "err", err)
		return
	}
	q.log.Info("rows can be written again", "of", q.what, "dropped", q.dropped.Load())
}

// drain writes what waits now. What the database refuses for what it is, is dropped; after any other failure the rest stays.
func (q *queue[T]) drain() error {
	for left := q.depth(); left > 0; {
		q.mu.Lock()
		part := slices.Clone(q.waiting[:min(entryBatch, left)])
		q.mu.Unlock()
		err := q.put(q.lastOfEach(part))
		if err != nil && !engine.Hopeless(err) {
			return err
		}
		if err != nil {
			q.dropped.Add(uint64(len(part)))
			q.log.Error("the database refused rows", "of", q.what, "rows", len(part), "err", err)
		}
		q.mu.Lock()
		q.waiting = slices.Delete(q.waiting, 0, len(part))
		q.mu.Unlock()
		left -= len(part)
	}
	return nil
}

// put writes rows. What did not end in time is written once more: after a machine stood still for seconds the database
// answers at once, and rows that were written all the same replace themselves.
func (q *queue[T]) put(rows []T) (err error) {
	for _, limit := range []time.Duration{q.limit, q.limit / 2} {
		ctx, cancel := context.WithTimeout(context.Background(), limit)
		err = q.write(ctx, rows)
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) {
			break
		}
	}
	return err
}

// lastOfEach keeps the last row of each key: one statement may change a row only once.
func (q *queue[T]) lastOfEach(list []T) []T {
	slices.SortStableFunc(list, func(a, b T) int { return strings.Compare(q.key(a), q.key(b)) })
	out := list[:0]
	for i, row := range list {
		if i+1 == len(list) || q.key(list[i+1]) != q.key(row) {
			out = append(out, row)
		}
	}
	return out
}
