package slack

import (
	"strings"
	"sync"
	"time"

	"careerbot/adapters/slack/blocks"
)

// Bounds of what is remembered to spare calls.
const (
	threadLife  = 10 * time.Minute
	rightLife   = 5 * time.Minute
	levelLife   = 24 * time.Hour // roll-outs of new blocks go on
	doubtLife   = time.Hour      // longer than a response_url lives
	rememberMax = 20_000
)

// recent remembers something for a while.
type recent[V any] struct {
	now  func() time.Time
	life time.Duration

	mu sync.Mutex
	m  map[string]kept[V]
}

type kept[V any] struct {
	value V
	until time.Time
}

func newRecent[V any](now func() time.Time, life time.Duration) *recent[V] {
	return &recent[V]{now: now, life: life, m: map[string]kept[V]{}}
}

func (r *recent[V]) get(parts ...string) (v V, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	k, ok := r.m[strings.Join(parts, "\x00")]
	return k.value, ok && r.now().Before(k.until)
}

func (r *recent[V]) put(v V, parts ...string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.m) >= rememberMax {
		clear(r.m)
	}
	r.m[strings.Join(parts, "\x00")] = kept[V]{v, r.now().Add(r.life)}
}

// level is the level of drawing that a workspace takes, as far as it has refused others.
func (a *Adapter) level(server string) blocks.Level {
	l, _ := a.levels.get(server)
	return l
}

// once lets one at a time do something under a name.
type once struct {
	mu sync.Mutex
	m  map[string]bool
}

func newOnce() *once { return &once{m: map[string]bool{}} }

// begin says whether nobody does it; who begins ends it.
func (o *once) begin(name string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.m[name] {
		return false
	}
	o.m[name] = true
	return true
}

func (o *once) end(name string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.m, name)
}
