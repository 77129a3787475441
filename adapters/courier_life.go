package adapters

import (
	"context"
	"sync"
	"time"
)

// life is how far a courier is on its way to its end: at work, stopping (finish what is under way), over (nothing is
// touched any more).
type life struct {
	stop, over       context.Context
	endStop, endOver context.CancelFunc

	mu      sync.Mutex
	working int
	closed  bool
	idle    chan struct{} // closed when stopping and nothing is under way
}

func newLife() *life {
	l := &life{idle: make(chan struct{})}
	l.stop, l.endStop = context.WithCancel(context.Background())
	l.over, l.endOver = context.WithCancel(context.Background())
	return l
}

func (l *life) stopping() bool { return l.stop.Err() != nil }

// work is a ctx for a piece of work that ends when it took limit or when the life is over, but not with ctx, whose
// values it keeps: an adapter's ctx ends at the start of a shutdown, the answers under way do not.
func (l *life) work(ctx context.Context, limit time.Duration) (context.Context, func()) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
	unlink := context.AfterFunc(l.over, cancel)
	if l.over.Err() != nil {
		cancel() // AfterFunc takes a moment
	}
	return ctx, func() { unlink(); cancel() }
}

// enter counts a delivery in, unless the life is over; leave counts it out.
func (l *life) enter() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed || l.over.Err() != nil {
		return false
	}
	l.working++
	return true
}

func (l *life) leave() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.working--
	l.signal()
}

// halt begins the stopping.
func (l *life) halt() {
	l.endStop()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.signal()
}

func (l *life) signal() {
	if l.working == 0 && !l.closed && l.stopping() {
		l.closed = true
		close(l.idle)
	}
}
