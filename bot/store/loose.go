package store

import (
	"context"
	"sync"
	"sync/atomic"

	"careerbot/bot/store/engine"
)

// loose are the ends left loose by failed writes: takings of promises that may have happened, though the caller was told of an
// error, and settlements that were not recorded. Nothing is claimed or taken up before they are tied, so that a retry finds the
// state as its caller was told it is.
type loose struct {
	tying   chan struct{} // held by whoever ties; a channel, to be waited for with a context
	waiting atomic.Int64  // how many ends there are

	mu     sync.Mutex
	stamps []int64        // of takings in doubt
	ends   map[string]end // by key
}

// end is how a promise ended.
type end struct {
	state int
	why   string
}

// maxLoose bounds what is remembered while a database is lost. What goes beyond is found by Pending as Stuck.
const maxLoose = 100_000

func newLoose() *loose {
	return &loose{tying: make(chan struct{}, 1), ends: map[string]end{}}
}

// doubt notes a taking at stamp that failed with err, if it may have happened all the same.
func (l *loose) doubt(stamp int64, err error) {
	if !engine.Unsure(err) {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.waiting.Load() < maxLoose {
		l.stamps = append(l.stamps, stamp)
		l.waiting.Add(1)
	}
}

// settled notes an end that was not recorded.
func (l *loose) settled(key string, e end) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, known := l.ends[key]; !known && l.waiting.Load() < maxLoose {
		l.ends[key] = e
		l.waiting.Add(1)
	}
}

// tidy ties all loose ends, and fails if it cannot: then nothing may be claimed yet.
func (l *loose) tidy(ctx context.Context, s *Store) error {
	if l.waiting.Load() == 0 {
		return nil
	}
	select {
	case l.tying <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-l.tying }()
	for {
		stamp, ok := l.nextStamp()
		if !ok {
			break
		}
		if err := s.disown(ctx, stamp); err != nil {
			return err
		}
		l.mu.Lock()
		l.stamps = l.stamps[1:]
		l.waiting.Add(-1)
		l.mu.Unlock()
	}
	for {
		key, e, ok := l.nextEnd()
		if !ok {
			return nil
		}
		if err := s.db.Single(ctx, func(ctx context.Context, q engine.Querier) error { return s.recordEnd(ctx, q, key, e) }); err != nil {
			return err
		}
		l.mu.Lock()
		delete(l.ends, key)
		l.waiting.Add(-1)
		l.mu.Unlock()
	}
}

func (l *loose) nextStamp() (int64, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.stamps) == 0 {
		return 0, false
	}
	return l.stamps[0], true
}

func (l *loose) nextEnd() (string, end, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for key, e := range l.ends {
		return key, e, true
	}
	return "", end{}, false
}

// disown gives back what was taken at stamp.
func (s *Store) disown(ctx context.Context, stamp int64) error {
	return s.db.Single(ctx, func(ctx context.Context, q engine.Querier) error {
		const disown = `UPDATE claims SET owner = '', until = 0 WHERE state = 0 AND owner = $1 AND taken = $2`
		_, err := q.Exec(ctx, disown, s.id, stamp)
		return err
	})
}
