package store

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// queue carries entries to the journal without making anybody wait.
type queue struct {
	in      chan Entry
	flushes chan chan error
	done    chan struct{}
	write   func(context.Context, []Entry) error
	log     *slog.Logger
	dropped atomic.Uint64

	mu     sync.RWMutex // held for reading while adding, so that nothing is added after the last write
	closed bool
}

const (
	queueSize  = 4096                   // a second of answers at full speed, about 2 MiB
	entryBatch = 100                    // entries in one statement
	gatherTime = 100 * time.Millisecond // an entry waits at most this long for others
	retryAfter = time.Second            // when the database is lost
)

func newQueue(write func(context.Context, []Entry) error, log *slog.Logger) *queue {
	q := &queue{
		in: make(chan Entry, queueSize), flushes: make(chan chan error), done: make(chan struct{}),
		write: write, log: log,
	}
	go q.run()
	return q
}

func (q *queue) add(e Entry) error {
	q.mu.RLock()
	defer q.mu.RUnlock()
	if q.closed {
		return ErrClosed
	}
	select {
	case q.in <- e:
		return nil
	default:
		q.dropped.Add(1)
		return ErrDropped
	}
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
func (q *queue) close(ctx context.Context) error {
	q.mu.Lock()
	q.closed = true
	close(q.in)
	q.mu.Unlock()
	select {
	case <-q.done:
		return nil
	case <-ctx.Done():
		return errors.New("the journal could not be written to its end")
	}
}

// run writes until the queue is closed. batch is what has been taken from the queue and not been written.
func (q *queue) run() {
	defer close(q.done)
	var batch []Entry
	var due <-chan time.Time // when batch is to be written, nil while it is empty
	var failing bool
	for {
		in := q.in
		if len(batch) >= entryBatch {
			in = nil // until it is written; the channel holds the rest
		}
		open, asked := true, chan error(nil)
		select {
		case e, ok := <-in:
			if open = ok; ok {
				batch = append(batch, e)
			}
		case asked = <-q.flushes:
		case <-due:
			due = nil
		}
		switch {
		case asked != nil || !open:
			var err error
			batch, err = q.drain(batch)
			failing = q.report(failing, err)
			if asked != nil {
				asked <- err
			}
			if !open {
				q.dropped.Add(uint64(len(batch) + len(q.in)))
				return
			}
		case len(batch) < entryBatch && (due != nil || len(batch) == 1):
			if due == nil {
				due = time.After(gatherTime)
			}
			continue
		case failing && due != nil:
			continue
		default:
			var err error
			batch, err = q.store(batch)
			failing = q.report(failing, err)
		}
		due = nil
		if len(batch) > 0 {
			due = time.After(retryAfter)
		}
	}
}
