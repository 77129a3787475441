package bot

import (
	"careerbot/bot/chat"
	"careerbot/bot/compose"
	"careerbot/bot/intent"
)

// again answers "more" and "why?", which ask about the turn before; ok is false for every other question, and where
// there is no turn before.
func (b *Bot) again(v *volume, q chat.Question, in *intent.Intent, past []turn) (a chat.Answer, ok bool) {
	if len(past) == 0 || !in.Again() {
		return a, false
	}
	last := past[len(past)-1]
	if in.Flags.Has(intent.WhyAnswer) || in.Flags.Has(intent.Why) {
		a = compose.Why(last.answer)
	} else {
		a = compose.More(last.in, compose.Evidence{Book: v.book, Hits: last.hits, Now: b.now()}, last.shown)
		last.shown += compose.Page
	}
	a.ID, a.Private = b.id(q), q.Private
	last.answer.Trace.Steps = append([]chat.Step(nil), last.answer.Trace.Steps...)
	b.threads.remember(q, last) // the turn before stays the one that follow-ups lean on
	return a, true
}
