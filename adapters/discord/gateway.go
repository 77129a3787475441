package discord

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"

	"careerbot/adapters/discord/transport"
)

// intents are messages in servers, for mentions, and direct messages. Neither needs approval, and interactions need
// none: https://discord.com/developers/docs/events/gateway#gateway-intents.
const intents = discordgo.IntentGuildMessages | discordgo.IntentDirectMessages

// Times of a session's watch. A session is dead when no heartbeat was acknowledged for one and a half intervals and
// deadSlack, and for deadLooks more looks; with the second that the library takes to close it, and a new connection, that
// is within two intervals and five seconds.
const (
	deadSlack  = 1500 * time.Millisecond
	deadLooks  = 4                       // eighths of an interval, each half a second at most: a process that was stopped asks again first
	lockLimit  = 3500 * time.Millisecond // the library holds a session's lock for a second when it closes it
	closeLimit = 2 * time.Second         // the same, and what the library's goroutines take to notice
	openLeast  = 3 * time.Second
	openMost   = 15 * time.Second
)

// shard is one shard of the gateway: one session after the other.
type shard struct {
	*gateway
	id, count int
	lease     *lease

	mu    sync.Mutex
	up    bool
	since time.Time
	now   *session // the one that lives, nil before the first
}

// ready says since when the shard is not connected.
func (s *shard) ready() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.up {
		return nil
	}
	return fmt.Errorf("shard %d of Discord's gateway is not connected since %s", s.id, s.since.UTC().Format(time.RFC3339))
}

func (s *shard) set(up bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.up != up {
		s.up, s.since = up, time.Now()
	}
}

// run keeps the shard connected until ctx ends. The error is one that no further attempt will mend.
func (s *shard) run(ctx context.Context) error {
	defer s.set(false)
	at := s.bookmark(ctx)
	for n := 0; ctx.Err() == nil; n++ {
		if n > 0 {
			s.cfg.Meter.Reconnected(name)
		}
		l, err := s.next(ctx, at)
		if err != nil {
			return err
		}
		at = bookmark{} // what cannot be taken up once cannot be again
		lived, err := l.live(ctx)
		if err != nil {
			return err
		}
		again := pause(n)
		if lived {
			n, again = 0, pause(0)/4
		}
		if l.line.End().Invalid { // https://discord.com/developers/docs/events/gateway#resuming: 1 to 5 s
			again = s.cfg.Times.Invalid/5 + rand.N(s.cfg.Times.Invalid*4/5+1)
		}
		if err := transport.Wait(ctx, again); err != nil {
			return nil //nolint:nilerr // the end of ctx is no failure
		}
	}
	return nil
}

// live connects, resumes and returns when the session is of no more use; lived says that it had begun. The error is one
// that no other session will mend.
func (l *session) live(ctx context.Context) (lived bool, err error) {
	defer l.leave(ctx)
	defer func() {
		if ctx.Err() != nil {
			l.keepBookmark(ctx)
		}
	}()
	for n := 0; ctx.Err() == nil; n++ {
		if n > 0 {
			if err := transport.Wait(ctx, pause(n-1)/4); err != nil {
				break
			}
		}
		again, err := l.open(ctx, n)
		l.identified()
		if err != nil || !again && !l.hasBegun() {
			return l.hasBegun(), err
		}
		if !again {
			continue // it could not be reached: resume later
		}
		n = 0
		l.set(true)
		usable := l.watch(ctx)
		l.set(false)
		if err := l.fatal(); err != nil {
			return true, err
		}
		if !usable || !l.resumable() || ctx.Err() != nil {
			return true, nil
		}
		l.cfg.Meter.Reconnected(name)
		l.log.Info("the gateway connection is lost and resumed", "shard", l.id, "code", l.line.End().Code)
	}
	return l.hasBegun(), nil
}

// open connects once and says whether the session is connected. The library's Open has no limit of time and holds the
// session's lock, so it is cut off from outside. A session that is lost for good gives an error of ctx or a fatal one,
// or none and resumable says no.
func (l *session) open(ctx context.Context, failures int) (connected bool, err error) {
	l.mu.Lock()
	address := l.at.URL
	l.behind.Store(l.begun)
	l.mu.Unlock()
	if failures > 2 { // should that address be what is wrong
		address = l.home
	}
	l.line.Redirect(address)
	for len(l.down) > 0 {
		<-l.down
	}
	for {
		moved := l.line.Moved()
		opened := make(chan error, 1)
		go func() { opened <- l.client.Open() }()
		err, ok := l.opened(ctx, opened)
		switch {
		case !ok: // locked up
			l.abandon()
			return false, ctx.Err()
		case err == nil, errors.Is(err, discordgo.ErrWSAlreadyOpen):
			return true, nil
		case moved:
			continue // the library has forgotten the old address now
		}
		if fatal := l.fatal(); fatal != nil {
			return false, fatal
		}
		l.log.Warn("the gateway is not reached", "shard", l.id, "err", err, "code", l.line.End().Code)
		if !l.resumable() {
			l.mu.Lock()
			l.begun = false
			l.mu.Unlock()
		}
		return false, nil
	}
}

// opened waits for Open; not ok says that it did not come back.
func (l *session) opened(ctx context.Context, opened <-chan error) (err error, ok bool) { //nolint:revive // ok goes last
	if err, ok = transport.Await(ctx, opened, min(max(l.line.Interval(), openLeast), openMost)); ok {
		return err, true
	}
	l.line.Cut()
	if err, ok = transport.Await(context.WithoutCancel(ctx), opened, closeLimit); ok && err == nil {
		err = errors.New("it was cut off")
	}
	return err, ok
}

// watch returns when the connection is lost: usable says that the session can be resumed on another one. It counts its
// looks, and not the time between them, for the same reason as transport.Await.
func (l *session) watch(ctx context.Context) (usable bool) {
	interval := max(l.line.Interval(), 10*time.Millisecond)
	every := min(max(interval/8, 10*time.Millisecond), 500*time.Millisecond)
	tick := time.NewTicker(every)
	defer tick.Stop()
	for locked, silent := 0, 0; ; {
		select {
		case <-ctx.Done():
			return false
		case <-l.down:
			return true
		case <-tick.C:
		}
		if locked = l.stuck(locked); locked > int(lockLimit/every) {
			l.log.Error("the client library is locked up: it gets a new session", "shard", l.id)
			l.abandon()
			return false
		}
		silence := l.line.Silence()
		if silent++; silence <= interval*3/2+deadSlack {
			silent = 0
		}
		if silent > deadLooks {
			l.log.Warn("the gateway is silent", "shard", l.id, "for", silence)
			l.line.Cut()
			return l.closed(ctx)
		}
	}
}

// closed waits until the library has noticed that its connection was cut.
func (l *session) closed(ctx context.Context) bool {
	_, noticed := transport.Await(ctx, l.down, closeLimit)
	if !noticed && ctx.Err() == nil {
		l.log.Error("the client library does not notice that its connection is cut: it gets a new session", "shard", l.id)
		l.abandon()
	}
	return noticed
}

// stuck counts the looks in a row at which somebody had the session's lock. That nobody gives it back for longer than
// anything takes is bwmarrin/discordgo#513.
func (l *session) stuck(looks int) int {
	if l.client.TryRLock() {
		l.client.RUnlock()
		return 0
	}
	return looks + 1
}

// fatal is the error of a close code that every further attempt would get too:
// https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes.
func (l *session) fatal() error {
	end := l.line.End()
	if end.Code == 4004 {
		return transport.ErrRevoked
	}
	advice, ok := map[int]string{
		4010: "the shard does not exist; start again, so that Discord says how many there are",
		4011: "the bot is in too many servers for so few shards; start again without a number of shards of your own",
		4012: "Discord no longer speaks this version of its gateway; a newer careerbot is needed",
		4013: "Discord no longer knows the kinds of events that careerbot asks for; a newer careerbot is needed",
		4014: "the app may not have direct messages or messages of servers; see the Bot page of the developer portal",
	}[end.Code]
	if !ok {
		return nil
	}
	return fmt.Errorf("the gateway of Discord has closed for good (code %d, %s): %s", end.Code, end.Reason, advice)
}
