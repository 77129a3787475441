package bot

import (
	"time"

	"careerbot/bot/chat"
	"careerbot/bot/compose"
	"careerbot/bot/intent"

	"github.com/maypok86/otter/v2"
)

// WithCache keeps the last n answers to questions that stand on their own: commands, buttons and common questions come
// again and again, and the same knowledge gives the same answer. One takes about 10 KB. 0 keeps none, which is the
// default: measurements of answering are then just that.
func WithCache(n int) Option {
	return func(b *Bot) {
		if n > 0 {
			b.cache = otter.Must(&otter.Options[cacheKey, *composed]{MaximumSize: n})
		}
	}
}

// cacheKey is everything an answer depends on, but for who asked. Answers say how old figures are, in days at most.
type cacheKey struct {
	volume *volume
	day    int64
	topic  chat.Topic
	text   string
}

// composed is an answer before it is anybody's, with what later questions need of it. It is shared: nobody changes it.
type composed struct {
	in     intent.Intent
	answer chat.Answer
	hits   []compose.Hit
}

// cacheText is how many bytes of a question are worth keeping an answer for: longer ones do not come again.
const cacheText = 200

// cached gives the key of a question, and the answer kept for it where one is; keep is false for a question that
// answers are not kept of.
func (b *Bot) cached(v *volume, q chat.Question) (key cacheKey, c *composed, keep bool) {
	if b.cache == nil || len(q.Text) > cacheText {
		return key, nil, false
	}
	if b.cacheOf.Swap(v) != v {
		b.cache.InvalidateAll() // or it would hold the pack and index of before in memory
	}
	key = cacheKey{v, b.now().Unix() / int64(24*time.Hour/time.Second), q.Topic, q.Text}
	c, _ = b.cache.GetIfPresent(key)
	return key, c, true
}
