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

// turn is one question of a thread with its answer.
type turn struct {
	in     intent.Intent
	answer chat.Answer
	hits   []compose.Hit
	shown  int // of the hits, by "more"
}

// Limits of what is remembered of conversations, in this process only.
const (
	maxTurns   = 4                // follow-ups look back this far
	threadLife = 30 * time.Minute // after the last turn
	maxThreads = 10_000           // the least recently used are forgotten first
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
	t.cache.Set(key(q), past[max(0, len(past)-maxTurns):])
}
