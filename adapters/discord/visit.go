package discord

import (
	"context"
	"errors"
	"sync"

	"careerbot/adapters/discord/wire"
)

// visit is an event under way in this process.
type visit struct {
	place place
	lease *lease // of the shard that a message came from; nil otherwise
	fence int64  // of the lease when it came

	claimed chan struct{} // closed when the event may be acknowledged

	mu    sync.Mutex // held while something is said, so that promise and answer do not cross
	begun bool       // a first answer was given, or may have been
	body  func(context.Context, wire.Callback) error
}

func newVisit(p place) *visit { return &visit{place: p, claimed: make(chan struct{})} }

// give gives the first answer: in the HTTP response that waits for it, or else by a call. The caller holds the lock.
func (v *visit) give(ctx context.Context, p api, c wire.Callback) error {
	if body := v.body; body != nil {
		v.body = nil
		if err := body(ctx, c); err == nil || !errors.Is(err, errBodyGone) {
			return err
		}
	}
	return p.callback(ctx, v.place, c)
}

// hasBegun says whether a first answer was given.
func (v *visit) hasBegun() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.begun
}

// visits finds the visit of an event. The zero value is ready to use.
type visits struct {
	mu    sync.Mutex
	byKey map[string]*visit
}

// enter notes a visit, unless there is one for key.
func (vs *visits) enter(key string, v *visit) bool {
	vs.mu.Lock()
	defer vs.mu.Unlock()
	if _, ok := vs.byKey[key]; ok {
		return false
	}
	if vs.byKey == nil {
		vs.byKey = map[string]*visit{}
	}
	vs.byKey[key] = v
	return true
}

func (vs *visits) leave(key string) {
	vs.mu.Lock()
	defer vs.mu.Unlock()
	delete(vs.byKey, key)
}

func (vs *visits) of(key string) *visit {
	vs.mu.Lock()
	defer vs.mu.Unlock()
	return vs.byKey[key]
}
