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

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// queue carries entries to the journal without making anybody wait. While the database is lost it keeps what fits and drops the
// rest, counted.
type queue struct {
	write   func(context.Context, []Entry) error
	log     *slog.Logger
	dropped atomic.Uint64
	wake    chan struct{}   // something has been added
	flushes chan chan error // asked for by flush
	quit    chan struct{}   // closed: write once more and end
	done    chan struct{}   // closed: ended

	mu      sync.Mutex
	waiting []Entry // removed from by run only
	closed  bool
}

const (
	queueSize  = 4096                   // a second of answers at full speed, about 2 MiB
	entryBatch = 100                    // entries in one statement
	gatherTime = 100 * time.Millisecond // an entry waits at most this long for others
	retryAfter = time.Second            // when the database is lost
)

func newQueue(write func(context.Context, []Entry) error, log *slog.Logger) *queue {
	q := &queue{
		write: write, log: log, wake: make(chan struct{}, 1),
		flushes: make(chan chan error), quit: make(chan struct{}), done: make(chan struct{}),
	}
	go q.run()
	return q
}

func (q *queue) add(e Entry) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case q.closed:
		return ErrClosed
	case len(q.waiting) >= queueSize:
		q.dropped.Add(1)
		return ErrDropped
	}
	q.waiting = append(q.waiting, e)
	q.nudge()
	return nil
}

func (q *queue) nudge() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

func (q *queue) depth() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.waiting)
}

// flush writes what has been added and says whether that worked.
func (q *queue) flush(ctx context.Context) error {
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
func (q *queue) close(ctx context.Context) {
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
		q.log.Error("the last entries of the journal are lost", "entries", n)
	}
}

func (q *queue) run() {
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
func (q *queue) await(pause time.Duration) (reply chan error, quit bool) {
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

func (q *queue) report(err error) {
	if err != nil {
		q.log.Error("the journal cannot be written; answers go on without it", "err", err)
		return
	}
	q.log.Info("the journal can be written again", "dropped", q.dropped.Load())
}

// drain writes what waits now. What the database refuses for what it is, is dropped; after any other failure the rest stays.
func (q *queue) drain() error {
	for left := q.depth(); left > 0; {
		q.mu.Lock()
		part := slices.Clone(q.waiting[:min(entryBatch, left)])
		q.mu.Unlock()
		ctx, cancel := context.WithTimeout(context.Background(), closeWait/2)
		err := q.write(ctx, lastOfEach(part))
		cancel()
		if err != nil && !hopeless(err) {
			return err
		}
		if err != nil {
			q.dropped.Add(uint64(len(part)))
			q.log.Error("the database refused entries of the journal", "entries", len(part), "err", err)
		}
		q.mu.Lock()
		q.waiting = slices.Delete(q.waiting, 0, len(part))
		q.mu.Unlock()
		left -= len(part)
	}
	return nil
}

// lastOfEach keeps the last entry of each answer: one statement may change a row only once.
func lastOfEach(list []Entry) []Entry {
	slices.SortStableFunc(list, func(a, b Entry) int { return strings.Compare(a.Answer, b.Answer) })
	out := list[:0]
	for i, e := range list {
		if i+1 == len(list) || list[i+1].Answer != e.Answer {
			out = append(out, e)
		}
	}
	return out
}

// hopeless says that an error will come again however often the same is tried: the data are at fault, not the database.
func hopeless(err error) bool {
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		switch lite.Code() & 0xff {
		case sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_RANGE:
			return true
		}
	}
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (strings.HasPrefix(pg.Code, "22") || strings.HasPrefix(pg.Code, "23"))
}
