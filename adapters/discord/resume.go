package discord

import (
	"context"
	"encoding/json"
	"time"
)

// Sessions keeps how far a session of the gateway had come when the program was stopped, so that the process after it, or
// another one, goes on with it: what is said while nobody is connected comes then, instead of to nobody. After a crash
// there is nothing to go on with, as it is not known what had been claimed.
type Sessions interface {
	// KeepSession keeps state under a name, instead of what was kept before.
	KeepSession(ctx context.Context, name string, state []byte) error
	// Session gives it and when it was kept; ok is false where nothing was.
	Session(ctx context.Context, name string) (state []byte, at time.Time, ok bool, err error)
}

const (
	// keptLife is how long a session is worth a try. Discord does not say how long it keeps one; a Resume that it refuses
	// costs the five seconds until an Identify.
	keptLife = 5 * time.Minute
	// catchUp is how long an event of what was missed waits for its turn, where others only hear that the bot is busy. While
	// the gateway's acknowledgements wait behind it the connection may be taken for dead: the next one goes on from here.
	catchUp = 10 * time.Second
	// resumeLater closes a connection and leaves its session to be resumed, as any code but 1000 and 1001 does:
	// https://discord.com/developers/docs/events/gateway#initiating-a-disconnect.
	resumeLater = 4000
)

// bookmark is how far a session has come.
type bookmark struct {
	ID  string `json:"id"`
	Seq int64  `json:"seq"` // of the last event that need not come again
	URL string `json:"url"` // where to resume
}

// bookmark gives where a session of this shard may be taken up, once; one without an id is none.
func (s *shard) bookmark(ctx context.Context) (p bookmark) {
	if s.cfg.Sessions == nil {
		return bookmark{}
	}
	state, at, ok, err := s.cfg.Sessions.Session(ctx, s.lease.name)
	if err == nil && ok {
		err = s.cfg.Sessions.KeepSession(ctx, s.lease.name, []byte("{}")) // should this process die, it is too old
	}
	switch {
	case err != nil:
		s.log.Warn("whether a session of the gateway can be taken up is not known", "shard", s.id, "err", err)
		return bookmark{}
	case !ok || s.cfg.Now().Sub(at) > keptLife:
		return bookmark{}
	}
	if err := json.Unmarshal(state, &p); err != nil {
		s.log.Error("what was kept of the gateway's session cannot be read", "shard", s.id, "err", err)
		return bookmark{}
	}
	return p
}

// next makes the session that the shard is to have next: one to be taken up at a place, or a new one when it is its turn.
func (s *shard) next(ctx context.Context, at bookmark) (*session, error) {
	about, err := s.ask(ctx, time.Hour)
	if err != nil {
		return nil, err
	}
	l := s.session(about.URL)
	if at.ID != "" {
		l.takeUp(at)
	} else if l.identified, err = s.turnOf(ctx); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = l
	return l, nil
}

// takeUp has a session go on at a place.
func (l *session) takeUp(at bookmark) {
	l.line.Resume(at.ID, at.Seq)
	l.identified = func() {} // a Resume has no turns
	l.mu.Lock()
	defer l.mu.Unlock()
	l.begun, l.at = true, at
	l.log.Info("a session of the gateway is taken up", "shard", l.id, "shards", l.count)
}

// keepBookmark keeps how far the session has come, at its end. What was taken until then is claimed before the program
// ends.
func (l *session) keepBookmark(ctx context.Context) {
	l.mu.Lock()
	at, begun := l.at, l.begun
	l.mu.Unlock()
	if l.cfg.Sessions == nil || !begun || at.ID == "" || l.lease.current() == 0 {
		return
	}
	state, err := json.Marshal(at)
	if err == nil {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		err = l.cfg.Sessions.KeepSession(ctx, l.lease.name, state)
	}
	if err != nil {
		l.log.Warn("the place in the gateway's session is not kept: what is said during a restart is lost", "shard", l.id, "err", err)
	}
}
