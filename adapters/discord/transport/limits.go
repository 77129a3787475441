package transport

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// route is what a request's limits go by.
type route struct {
	bucket     string // "" has no bucket: a route of one interaction, which is used a few times and never again
	asBot      bool   // goes out in the bot's name and counts for its limit of requests a second
	repeatable bool   // may be made again when it is not known whether it has arrived
}

// routeOf finds the route of a path without version. Buckets are kept for each method, form of path and first id, as
// Discord does: https://discord.com/developers/docs/topics/rate-limits. Interactions have none: the library kept one
// for each of their tokens for ever (bwmarrin/discordgo#1333), and one for all edits (#1384).
func routeOf(method, path string) route {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	switch parts[0] {
	case "interactions":
		return route{repeatable: true} // a second one is refused with 40060
	case "webhooks":
		return route{repeatable: method != http.MethodPost}
	}
	for i := 2; i < len(parts); i++ {
		if parts[i] != "" && parts[i][0] >= '0' && parts[i][0] <= '9' {
			parts[i] = "#"
		}
	}
	return route{bucket: method + " " + strings.Join(parts, "/"), asBot: true, repeatable: true} // messages carry a nonce
}

// limits are Discord's limits of requests as it tells them. It is safe for concurrent use.
type limits struct {
	now    func() time.Time
	second *rate.Limiter

	mu      *sync.Mutex
	global  *time.Time // no request in the bot's name before
	buckets map[string]*bucket
}

// idleBuckets is how many buckets are kept before those that nobody uses are thrown away.
const idleBuckets = 512

func newLimits(o Options) limits {
	burst := max(o.PerSecond/10, 1) // so many and those of one second are never more than allowed
	return limits{
		now: o.Now, second: rate.NewLimiter(rate.Limit(max(o.PerSecond-burst, 1)), burst),
		mu: new(sync.Mutex), global: new(time.Time), buckets: map[string]*bucket{},
	}
}

// bucket is the limit of one route. Until Discord has told it, one request goes at a time.
type bucket struct {
	told      bool
	free      bool // Discord answered without telling a limit
	remaining int
	limit     int
	flying    int
	reset     time.Time
	changed   chan struct{} // closed when a request has come back
}

// wait is how long a request has to wait; below 0 is until one comes back.
func (b *bucket) wait(now time.Time) time.Duration {
	if b.told && !now.Before(b.reset) {
		b.remaining = b.limit
	}
	switch {
	case b.free, b.flying == 0 && !b.told, b.told && b.remaining > b.flying:
		return 0
	case b.told && b.remaining <= 0:
		return b.reset.Sub(now)
	}
	return -1
}

// enter waits until a request may go, at most until end.
func (l *limits) enter(ctx context.Context, at route, end time.Time) error {
	if at.bucket != "" {
		if err := l.take(ctx, at.bucket, end); err != nil {
			return err
		}
	}
	if !at.asBot {
		return nil
	}
	if err := l.turn(ctx, end); err != nil {
		l.leave(at, nil, l.now())
		return err
	}
	return nil
}

// take waits for a place in a bucket.
func (l *limits) take(ctx context.Context, key string, end time.Time) error {
	for {
		now := l.now()
		l.mu.Lock()
		b := l.bucket(key, now)
		wait := b.wait(now)
		if wait == 0 {
			b.flying++
			l.mu.Unlock()
			return nil
		}
		changed := b.changed
		l.mu.Unlock()
		limit := end.Sub(now)
		if wait > limit {
			return &LimitedError{wait}
		}
		if wait < 0 {
			wait = limit
		}
		timer := time.NewTimer(wait)
		select {
		case <-changed:
		case <-timer.C:
		case <-ctx.Done():
		}
		timer.Stop()
		if err := ctx.Err(); err != nil {
			return err
		}
		if !l.now().Before(end) {
			return &LimitedError{time.Second}
		}
	}
}

// turn waits for the limit of requests a second. What need not wait goes though end is over: the process was stopped.
func (l *limits) turn(ctx context.Context, end time.Time) error {
	now := l.now()
	l.mu.Lock()
	wait := l.global.Sub(now)
	l.mu.Unlock()
	if wait > 0 && now.Add(wait).After(end) {
		return &LimitedError{wait}
	}
	place := l.second.ReserveN(now.Add(max(wait, 0)), 1)
	wait = place.DelayFrom(now)
	if wait > 0 && now.Add(wait).After(end) {
		place.CancelAt(now)
		return &LimitedError{wait}
	}
	if wait <= 0 {
		return nil
	}
	return Wait(ctx, wait)
}

// bucket finds or makes a bucket. The caller holds the lock.
func (l *limits) bucket(key string, now time.Time) *bucket {
	b, ok := l.buckets[key]
	if ok {
		return b
	}
	if len(l.buckets) >= idleBuckets {
		for k, old := range l.buckets {
			if old.flying == 0 && now.After(old.reset) {
				delete(l.buckets, k)
			}
		}
	}
	b = &bucket{changed: make(chan struct{})}
	l.buckets[key] = b
	return b
}

// leave takes a request out of its bucket and learns what its response says; nil is a request without a response.
func (l *limits) leave(at route, res *http.Response, now time.Time) {
	if at.bucket == "" {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.bucket(at.bucket, now)
	b.flying = max(b.flying-1, 0)
	close(b.changed)
	b.changed = make(chan struct{})
	if res == nil {
		return
	}
	remaining, err := strconv.Atoi(res.Header.Get("X-RateLimit-Remaining"))
	if err != nil {
		b.free = b.free || !b.told && res.StatusCode < http.StatusTooManyRequests
		return
	}
	after, _ := strconv.ParseFloat(res.Header.Get("X-RateLimit-Reset-After"), 64)
	limit, _ := strconv.Atoi(res.Header.Get("X-RateLimit-Limit"))
	const rounded = time.Millisecond
	reset := now.Add(time.Duration(after*float64(time.Second)) + rounded)
	if b.told && now.Before(b.reset) && reset.Sub(b.reset).Abs() < time.Second { // of the same window: the lower figure is the later one
		remaining = min(remaining, b.remaining)
	}
	b.told, b.free, b.remaining, b.limit, b.reset = true, false, remaining, max(limit, 1), reset
}

// refused learns from a refusal with 429 and gives the wait.
func (l *limits) refused(at route, res *http.Response, now time.Time) time.Duration {
	after, global := retryAfter(res)
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case global && at.asBot:
		*l.global = now.Add(after)
	case at.bucket != "":
		b := l.bucket(at.bucket, now)
		b.told, b.free, b.remaining, b.limit, b.reset = true, false, 0, max(b.limit, 1), now.Add(after)
	}
	return after
}

// refusals counts the requests that Discord refused in the last ten minutes, minute by minute.
type refusals struct {
	limit int

	mu      sync.Mutex
	minutes [10]int
	current int64 // minute of Unix that was counted last
}

// roll forgets the minutes that are over. The caller holds the lock.
func (r *refusals) roll(now time.Time) {
	minute := now.Unix() / 60
	for ; r.current < minute; r.current++ {
		if minute-r.current > int64(len(r.minutes)) {
			r.minutes, r.current = [10]int{}, minute
			return
		}
		r.minutes[(r.current+1)%int64(len(r.minutes))] = 0
	}
}

func (r *refusals) add(now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.roll(now)
	r.minutes[r.current%int64(len(r.minutes))]++
}

// block is how long no request may go out: until the oldest minute is forgotten, or 0.
func (r *refusals) block(now time.Time) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.roll(now)
	sum := 0
	for _, n := range r.minutes {
		sum += n
	}
	if sum < r.limit {
		return 0
	}
	return time.Unix((r.current+1)*60, 0).Sub(now)
}
