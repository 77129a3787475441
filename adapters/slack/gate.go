package slack

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"sync"
	"time"
)

// gate lets events in while Run runs, and lets Run wait until they have left. Its zero value is shut.
// A sync.WaitGroup would not do: none may enter while Run waits for it.
type gate struct {
	mu     sync.Mutex
	opened bool
	inside int
	idle   chan struct{} // closed when the gate is shut and nobody is inside
}

func (g *gate) open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.opened, g.idle = true, make(chan struct{})
}

// shut lets nobody in any more; what it gives is closed when the last one has left.
func (g *gate) shut() <-chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.idle == nil {
		g.idle = make(chan struct{})
		g.opened = true
	}
	if g.opened && g.inside == 0 {
		close(g.idle)
	}
	g.opened = false
	return g.idle
}

// enter says whether one may come in; who may calls leave.
func (g *gate) enter() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.opened {
		g.inside++
	}
	return g.opened
}

func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.inside--
	if g.inside == 0 && !g.opened {
		close(g.idle)
	}
}

func (g *gate) isOpen() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.opened
}

// Bounds of what is done at once, in the background. What waits longer than the courier's patience is delivered by the
// courier itself.
const (
	workers = 96   // mostly waiting for Slack: it takes about one message a second for each channel
	backlog = 4096 // waiting for a worker; when it is full, events are left to Slack's retries
)

// jobs does what comes after an acknowledgement, a bounded number at a time. A panic in one costs that one.
type jobs struct {
	log   *slog.Logger
	queue chan func(context.Context)
	done  sync.WaitGroup
	ctx   context.Context // of the jobs: ends when stop has waited long enough
	end   context.CancelFunc

	mu     sync.Mutex
	closed bool
}

func newJobs(log *slog.Logger) *jobs {
	ctx, end := context.WithCancel(context.Background())
	return &jobs{log: log, queue: make(chan func(context.Context), backlog), ctx: ctx, end: end}
}

func (j *jobs) start() {
	for range workers {
		j.done.Go(func() {
			for job := range j.queue {
				j.run(job)
			}
		})
	}
}

func (j *jobs) run(job func(context.Context)) {
	defer func() {
		if r := recover(); r != nil {
			j.log.Error("panic in the background", "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
		}
	}()
	job(j.ctx)
}

// busy says that no more should be accepted.
func (j *jobs) busy() bool { return len(j.queue) >= backlog-workers }

// do queues a job; false says that there is no room, or that the end has come.
func (j *jobs) do(job func(context.Context)) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.closed {
		return false
	}
	select {
	case j.queue <- job:
		return true
	default:
		return false
	}
}

// stop does what is queued, breaks off what takes longer than grace, and returns.
func (j *jobs) stop(grace time.Duration) {
	j.mu.Lock()
	j.closed = true
	close(j.queue)
	j.mu.Unlock()
	end := time.AfterFunc(grace, j.end)
	defer end.Stop()
	j.done.Wait()
	j.end()
}

// wait waits for d; false says that ctx ended.
func wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// backoff is the wait after the n-th failure in a row: first doubled each time up to 64 times itself, a random part
// shorter, so that those who failed together do not come back together.
func backoff(n int, first time.Duration) time.Duration {
	d := first << min(max(n-1, 0), 6)
	return d - rand.N(d/4+1)
}

// quick does at once what a person waits for, up to a number at a time.
type quick struct {
	log  *slog.Logger
	room chan struct{}
	done sync.WaitGroup
}

// atOnce is how many answers to commands are on their way at once, most of them for less than a millisecond.
const atOnce = 1024

func newQuick(log *slog.Logger) *quick { return &quick{log: log, room: make(chan struct{}, atOnce)} }

// do begins a job; false says that there is no room.
func (q *quick) do(job func()) bool {
	select {
	case q.room <- struct{}{}:
	default:
		return false
	}
	q.done.Go(func() {
		defer func() { <-q.room }()
		defer func() {
			if r := recover(); r != nil {
				q.log.Error("panic over a command", "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
			}
		}()
		job()
	})
	return true
}
