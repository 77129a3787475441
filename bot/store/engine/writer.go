package engine

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

// writer is the one goroutine that writes to a SQLite file. What has queued up while one transaction is being stored goes into
// the next as a whole: sixteen writers of their own waited 12 ms for each other at the 99th percentile, this way they share one
// write to the disk.
type writer struct {
	ops    chan *op
	wait   time.Duration // for the last transaction
	quit   chan struct{} // closed: take no more
	done   chan struct{} // closed: the goroutine has ended
	closer sync.Once
}

// op is one piece of work on its way through the writer.
type op struct {
	fn    Work
	state atomic.Int32
	done  chan error // one error, buffered
}

// States of an op. A caller who gives up takes it back only while it waits.
const (
	waiting = iota
	running
	takenBack
)

const (
	// maxGroup bounds a transaction, and with it how long the first of a group waits for the last.
	maxGroup = 256
	// pace is the least time from one transaction's begin to the next one's, where several writers share them. Without it
	// sixteen writers made transactions of two, and the processor's time went into committing: with it a seventh more answers
	// go out (BenchmarkCommand of Slack's adapter); 0.3 ms is too little, 1 ms too much.
	pace = 600 * time.Microsecond
)

func newWriter(db *sql.DB, inMemory bool, wait time.Duration) *writer {
	w := &writer{ops: make(chan *op, maxGroup), wait: wait, quit: make(chan struct{}), done: make(chan struct{})}
	go w.run(&session{db: db, inMemory: inMemory})
	return w
}

// Write runs fn in the next transaction. When ctx ends while fn runs, the error is marked unsure.
func (w *writer) Write(ctx context.Context, fn Work) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if w.isClosed() {
		return ErrClosed
	}
	o := &op{fn: fn, done: make(chan error, 1)}
	select {
	case w.ops <- o:
	case <-ctx.Done():
		return ctx.Err()
	case <-w.quit:
		return ErrClosed
	}
	select {
	case err := <-o.done:
		return err
	case <-ctx.Done():
		if o.state.CompareAndSwap(waiting, takenBack) {
			return ctx.Err()
		}
		return o.outcome(unsure{ctx.Err()})
	case <-w.done:
		return o.outcome(ErrClosed)
	}
}

// outcome is what came of the op, or otherwise if that is not known yet.
func (o *op) outcome(otherwise error) error {
	select {
	case err := <-o.done:
		return err
	default:
		return otherwise
	}
}

func (w *writer) isClosed() bool {
	select {
	case <-w.quit:
		return true
	default:
		return false
	}
}

// finish does what is queued and ends. A disk that does not answer is not waited for for ever; once the time is over there is a
// moment more, as a machine that stood still is no such disk.
func (w *writer) finish() error {
	w.closer.Do(func() { close(w.quit) })
	for _, wait := range []time.Duration{w.wait, w.wait / 5} {
		select {
		case <-w.done:
			return nil
		case <-time.After(wait):
		}
	}
	return errors.New("the disk does not answer; what was being written may be lost")
}

func (w *writer) run(s *session) {
	defer close(w.done)
	defer s.close()
	var next time.Time // when the next transaction may begin
	for {
		select {
		case o := <-w.ops:
			time.Sleep(time.Until(next))
			began := time.Now()
			group := w.gather(o)
			s.group(group)
			if next = (time.Time{}); len(group) > 1 {
				next = began.Add(pace)
			}
		case <-w.quit:
			for group := w.gather(nil); len(group) > 0; group = w.gather(nil) {
				s.group(group)
			}
			return
		}
	}
}

// gather takes what waits, without waiting for more, and leaves out what was taken back.
func (w *writer) gather(o *op) []*op {
	var group []*op
	if o != nil && o.state.CompareAndSwap(waiting, running) {
		group = append(group, o)
	}
	for len(group) < maxGroup {
		select {
		case o := <-w.ops:
			if o.state.CompareAndSwap(waiting, running) {
				group = append(group, o)
			}
		default:
			return group
		}
	}
	return group
}

// session is the writing connection. It is made anew after a failure that it may not have survived.
type session struct {
	db       *sql.DB
	inMemory bool // then a new connection would be an empty state
	conn     *sql.Conn
}

// group stores a group as one transaction, and if one of it fails, each by itself, so that nobody suffers from another's fault.
func (s *session) group(group []*op) {
	if len(group) == 0 {
		return
	}
	began, err := s.transaction(func(ctx context.Context, q Querier) error {
		for _, o := range group {
			if err := o.fn(ctx, q); err != nil {
				return err
			}
		}
		return nil
	})
	// After a commit that may have happened nothing is tried again: a claim would find itself and call itself a repeat.
	var doubt unsure
	if err == nil || !began || len(group) == 1 || errors.As(err, &doubt) {
		for _, o := range group {
			o.done <- err
		}
		return
	}
	for _, o := range group {
		_, err := s.transaction(o.fn)
		o.done <- err
	}
}

// transaction runs fn and commits; began is false if it did not come to that. Its context never ends: interrupting one caller's work would undo that of others.
func (s *session) transaction(fn Work) (began bool, err error) {
	ctx := context.Background()
	if err := s.connect(ctx); err != nil {
		return false, err
	}
	if _, err := s.conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		s.rollback(ctx)
		return false, err
	}
	if err := fn(ctx, Querier{s.conn}); err != nil {
		s.rollback(ctx)
		return true, err
	}
	if _, err := s.conn.ExecContext(ctx, "COMMIT"); err != nil {
		s.rollback(ctx)
		return true, unsure{err}
	}
	return true, nil
}

func (s *session) connect(ctx context.Context) (err error) {
	if s.conn != nil {
		return nil
	}
	s.conn, err = s.db.Conn(ctx)
	return err
}

// rollback undoes the transaction, if need be by closing the connection.
func (s *session) rollback(ctx context.Context) {
	_, err := s.conn.ExecContext(ctx, "ROLLBACK")
	if err == nil || s.inMemory && !errors.Is(err, driver.ErrBadConn) {
		return
	}
	s.close()
}

// close closes the connection for good; the pool must not hand it out again.
func (s *session) close() {
	if s.conn == nil {
		return
	}
	if !s.inMemory {
		s.conn.Raw(func(any) error { return driver.ErrBadConn }) //nolint:errcheck // it returns what it is given
	}
	s.conn.Close() //nolint:errcheck // what it had to say was said by the failure that led here
	s.conn = nil
}
