package discord

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math"
	mathrand "math/rand/v2"
	"sync"
	"time"

	"careerbot/adapters/discord/transport"
)

// Leases says which process has which shard of the gateway, among those that share a state.
type Leases interface {
	// Lease takes or renews a lease for ttl; ok is false while somebody else has it. The fence rises each time the
	// lease changes hands or had run out.
	Lease(ctx context.Context, name, owner string, ttl time.Duration) (fence int64, ok bool, err error)
	// Release gives a lease back before it runs out, if owner has it.
	Release(ctx context.Context, name, owner string) error
}

// gateway is the adapter's connections to Discord's gateway.
type gateway struct {
	*Adapter
	owner string // in leases: this process

	mu     sync.Mutex
	known  gatewayBot
	asked  time.Time             // when known was asked for; zero is never
	turns  map[int]chan struct{} // to identify, by shard_id % max_concurrency: each holds one while it is free
	count  int                   // of all shards, once it is known
	shards []*shard              // those of this process
	begun  bool                  // who has which shard was asked once
	blind  error                 // why it is not known whether another process has a shard
}

// see notes whether the state says who has which shard.
func (g *gateway) see(err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.begun, g.blind = true, err
}

func newGateway(a *Adapter) *gateway {
	return &gateway{Adapter: a, owner: rand.Text(), turns: map[int]chan struct{}{}}
}

// run keeps every shard connected that is this process's, until ctx ends or Discord refuses for good.
func (g *gateway) run(ctx context.Context) error {
	about, err := g.ask(ctx, 0)
	if err != nil {
		return err
	}
	if err := g.patiently(ctx, "who the bot is", g.identify); err != nil {
		return err
	}
	count := g.cfg.Shards
	if count <= 0 {
		count = max(about.Shards, 1)
	}
	g.mu.Lock()
	g.count = count
	g.mu.Unlock()
	g.log.Info("connecting to Discord's gateway", "shards", count, "max_concurrency", about.Limit.Concurrency,
		"starts_left", about.Limit.Remaining)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var all sync.WaitGroup
	for id := range count {
		all.Go(func() {
			if err := g.hold(ctx, id, count); err != nil && ctx.Err() == nil {
				cancel(err)
			}
		})
	}
	all.Wait()
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
		return cause
	}
	return nil
}

// ask gives what Discord says of its gateway, not older than age, and waits for a Discord that cannot be reached.
func (g *gateway) ask(ctx context.Context, age time.Duration) (about gatewayBot, err error) {
	g.mu.Lock()
	about = g.known
	fresh := !g.asked.IsZero() && time.Since(g.asked) < age
	g.mu.Unlock()
	if fresh {
		return about, nil
	}
	err = g.patiently(ctx, "where its gateway is", func(ctx context.Context) (err error) {
		about, err = g.api.gatewayBot(ctx)
		return err
	})
	if err == nil {
		g.mu.Lock()
		g.known, g.asked = about, time.Now()
		g.mu.Unlock()
	}
	return about, err
}

// patiently does something until it succeeds, ctx ends or Discord has refused the token.
func (g *gateway) patiently(ctx context.Context, asking string, do func(context.Context) error) error {
	for n := 0; ; n++ {
		err := do(ctx)
		switch {
		case err == nil:
			return nil
		case g.rest.Revoked():
			return transport.ErrRevoked
		case ctx.Err() != nil:
			return ctx.Err()
		}
		g.log.Error("Discord does not answer at the start", "asked", asking, "err", err)
		if err := transport.Wait(ctx, pause(n)); err != nil {
			return err
		}
	}
}

// pause is the wait after n failures in a row: from 1 s doubled to 30 s, each a random part shorter, at most half.
func pause(n int) time.Duration {
	d := min(time.Second<<min(n, 5), 30*time.Second)
	return d - mathrand.N(d/2)
}

// hold runs one shard while its lease is this process's.
func (g *gateway) hold(ctx context.Context, id, count int) error {
	for {
		l := &lease{name: fmt.Sprintf("discord:%s:shard:%d/%d", g.who().application, id, count), owner: g.owner, of: g}
		if err := l.take(ctx); err != nil {
			return nil //nolint:nilerr // the end of ctx is no failure
		}
		held, cancel := context.WithCancel(ctx)
		var keeping sync.WaitGroup
		keeping.Go(func() { l.keep(held, cancel) })
		err := g.serve(held, id, count, l)
		cancel()
		keeping.Wait()
		l.release(ctx)
		if err != nil || ctx.Err() != nil {
			return err
		}
	}
}

// serve runs one shard until ctx ends.
func (g *gateway) serve(ctx context.Context, id, count int, l *lease) error {
	s := &shard{gateway: g, id: id, count: count, lease: l, since: time.Now()}
	g.mu.Lock()
	g.shards = append(g.shards, s)
	g.mu.Unlock()
	defer func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		for i, other := range g.shards {
			if other == s {
				g.shards = append(g.shards[:i:i], g.shards[i+1:]...)
				break
			}
		}
	}()
	return s.run(ctx)
}

// ready is nil while every shard of this process is connected.
func (g *gateway) ready() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.asked.IsZero() {
		return errors.New("the gateway of Discord is not reached yet")
	}
	for _, s := range g.shards {
		if err := s.ready(); err != nil {
			return err
		}
	}
	if alone := g.cfg.Leases == nil; alone && len(g.shards) < max(g.count, 1) || !alone && len(g.shards) == 0 && !g.begun {
		return errors.New("not every shard of Discord's gateway is connected yet")
	}
	if g.blind != nil {
		return fmt.Errorf("whether another process has the shards of Discord's gateway is not known: %w", g.blind)
	}
	return nil // where another process has all shards, this one stands by
}

// turnOf waits until the shard may identify; done ends its turn, once.
func (s *shard) turnOf(ctx context.Context) (done func(), err error) {
	if done, err = s.pace(ctx, s.id); err != nil {
		return nil, err
	}
	return sync.OnceFunc(done), nil
}

// pace waits until a shard may identify: one in five seconds of those with the same rest, and none when the starts of
// the day are used up, since Discord then resets the token. The five seconds of the next one begin when done is called:
// after the session was opened, as how long that takes differs.
func (g *gateway) pace(ctx context.Context, id int) (done func(), err error) {
	about, err := g.starts(ctx)
	if err != nil {
		return nil, err
	}
	bucket := id % max(about.Limit.Concurrency, 1)
	turn := g.turn(bucket)
	select {
	case <-turn:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	pass := func() {
		time.AfterFunc(g.cfg.Times.Identify, func() { turn <- struct{}{} })
	}
	if g.cfg.Leases == nil {
		return pass, nil
	}
	// Other processes identify with the same token: the lease is a turn among them, and runs out by itself.
	l := &lease{name: fmt.Sprintf("discord:%s:identify:%d", g.who().application, bucket), owner: rand.Text(), of: g}
	for {
		_, ok, err := l.try(ctx, openMost)
		switch {
		case ctx.Err() != nil:
			pass()
			return nil, ctx.Err()
		case err != nil: // without the state there is no knowing
			return pass, nil
		case ok:
			return func() {
				pass()
				_, _, _ = l.try(ctx, g.cfg.Times.Identify) // else it runs out a little later
			}, nil
		}
		if err := transport.Wait(ctx, g.cfg.Times.Identify/4); err != nil {
			pass()
			return nil, err
		}
	}
}

// starts says how sessions are to be started, once there are starts left.
func (g *gateway) starts(ctx context.Context) (gatewayBot, error) {
	for {
		about, err := g.ask(ctx, time.Minute)
		if err != nil || about.Limit.Total <= 0 || about.Limit.Remaining > 0 {
			return about, err
		}
		after := time.Duration(about.Limit.ResetAfter * float64(time.Millisecond))
		g.log.Error("all of today's connections to Discord's gateway are used up", "wait", after)
		if err := transport.Wait(ctx, min(after, 10*time.Minute)); err != nil {
			return about, err
		}
		g.mu.Lock()
		g.asked = time.Time{}.Add(1) // long ago, but reached
		g.mu.Unlock()
	}
}

// turn gives the turns of a bucket, and counts a start.
func (g *gateway) turn(bucket int) chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.known.Limit.Remaining--
	turn, ok := g.turns[bucket]
	if !ok {
		turn = make(chan struct{}, 1)
		turn <- struct{}{}
		g.turns[bucket] = turn
	}
	return turn
}

// lease is one shard's: which process has it, and since which change of hands.
type lease struct {
	name, owner string
	of          *gateway

	mu    sync.Mutex
	fence int64 // 0 is none
	blind bool  // the state did not answer when it was last asked
}

// doubtful says that another process may have the lease by now, or soon.
func (l *lease) doubtful() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.blind
}

// current is the fence of the lease now; 0 where it is lost, and for no lease.
func (l *lease) current() int64 {
	if l == nil {
		return 0
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.fence
}

func (l *lease) set(fence int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.fence = fence
}

func (l *lease) try(ctx context.Context, ttl time.Duration) (int64, bool, error) {
	ctx, cancel := context.WithTimeout(ctx, ttl/3)
	defer cancel()
	fence, ok, err := l.of.cfg.Leases.Lease(ctx, l.name, l.owner, ttl)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.blind = err != nil
	return fence, ok, err
}

// take waits for the lease; the error is the end of ctx. A state that fails is no reason to stay away: while it does,
// nobody else can take the lease either, and events that two processes have are told apart by their claims and nonces.
func (l *lease) take(ctx context.Context) error {
	if l.of.cfg.Leases == nil {
		l.set(math.MaxInt64)
		return ctx.Err()
	}
	ttl := l.of.cfg.Times.Lease
	var failed time.Time
	for {
		fence, ok, err := l.try(ctx, ttl)
		if ctx.Err() == nil {
			l.of.see(err)
		}
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case ok:
			l.set(fence)
			return nil
		case err == nil:
			failed = time.Time{}
		case failed.IsZero():
			failed = time.Now()
			l.of.log.Error("whether another process has a shard is not known", "lease", l.name, "err", err)
		case time.Since(failed) > 2*ttl:
			l.set(math.MaxInt64)
			return nil
		}
		if err := transport.Wait(ctx, ttl/6+mathrand.N(ttl/15)); err != nil {
			return err
		}
	}
}

// keep renews the lease until ctx ends, or ends it where another process has the lease.
func (l *lease) keep(ctx context.Context, lost context.CancelFunc) {
	if l.of.cfg.Leases == nil {
		<-ctx.Done()
		return
	}
	ttl := l.of.cfg.Times.Lease
	for transport.Wait(ctx, ttl/3) == nil {
		fence, ok, err := l.try(ctx, ttl)
		if ctx.Err() != nil {
			return
		}
		l.of.see(err)
		switch {
		case err != nil:
			l.of.log.Error("a shard's lease is not renewed", "lease", l.name, "err", err)
		case !ok:
			l.of.log.Warn("a shard has passed to another process", "lease", l.name)
			l.set(0)
			lost()
			return
		default:
			l.set(fence)
		}
	}
}

// release gives the lease back, so that another process need not wait.
func (l *lease) release(ctx context.Context) {
	if l.of.cfg.Leases == nil || l.current() == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if err := l.of.cfg.Leases.Release(ctx, l.name, l.owner); err != nil {
		l.of.log.Warn("a shard's lease is not given back", "lease", l.name, "err", err)
	}
	l.set(0)
}
