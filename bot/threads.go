package bot

import (
	"slices"
	"sync"
	"time"

	"careerbot/bot/chat"
	"careerbot/bot/compose"
	"careerbot/bot/intent"

	"github.com/maypok86/otter/v2"
)

// turn is what is kept of one question: enough for a follow-up to lean on, for "more" and for "why".
type turn struct {
	in   intent.Intent
	rest string       // a second question of the same message, of turns read from the store
	last *shownAnswer // of a thread's last turn only
}

// shownAnswer is what "more" and "why" need of an answer; the answer itself is long forgotten.
type shownAnswer struct {
	topic   chat.Topic
	trace   chat.Trace
	sources []chat.Source
	hits    []compose.Hit
	shown   int // of the hits, by "more"
}

// Limits of what is remembered of conversations, in this process only.
const (
	maxTurns   = 2                // follow-ups look back this far
	threadLife = 30 * time.Minute // after the last turn
	maxThreads = 4_000            // the least recently used are forgotten first
)

// threads remembers the last turns of each user in each thread.
type threads struct {
	cache *otter.Cache[threadKey, []turn]
	mu    sync.Mutex // makes append one step
}

type threadKey struct{ platform, thread, user string }

func newThreads() *threads {
	return &threads{cache: otter.Must(&otter.Options[threadKey, []turn]{
		MaximumSize:      maxThreads,
		ExpiryCalculator: otter.ExpiryAccessing[threadKey, []turn](threadLife),
	})}
}

func key(q chat.Question) threadKey { return threadKey{q.Platform, q.Thread, q.User} }

// recall gives the earlier turns, oldest first. Questions without a thread have none.
func (t *threads) recall(q chat.Question) []turn {
	if q.Thread == "" {
		return nil
	}
	past, _ := t.cache.GetIfPresent(key(q))
	return past
}

func (t *threads) remember(q chat.Question, turn turn) {
	if q.Thread == "" {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	past, _ := t.cache.GetIfPresent(key(q))
	past = append(slices.Clone(past), turn)
	for i := range past[:len(past)-1] {
		past[i].last = nil
	}
	t.cache.Set(key(q), past[max(0, len(past)-maxTurns):])
}

// replace puts another turn in the place of the last.
func (t *threads) replace(q chat.Question, turn turn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	past, _ := t.cache.GetIfPresent(key(q))
	if len(past) > 0 {
		past = slices.Clone(past)
		past[len(past)-1] = turn
		t.cache.Set(key(q), past)
	}
}

// forget drops every conversation of who asks.
func (t *threads) forget(q chat.Question) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for k := range t.cache.Keys() {
		if k.platform == q.Platform && k.user == q.User {
			t.cache.Invalidate(k)
		}
	}
}
