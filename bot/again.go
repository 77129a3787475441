package bot

import (
	"careerbot/bot/chat"
	"careerbot/bot/compose"
	"careerbot/bot/intent"
)

// again answers "more", "why?" and "shorter please", which ask about the turn before; ok is false for every other
// question, and where there is no turn before.
func (b *Bot) again(v *volume, q chat.Question, in *intent.Intent, past []turn) (a chat.Answer, ok bool) {
	if len(past) == 0 || !in.Again() {
		return a, false
	}
	turn := past[len(past)-1]
	if turn.last == nil {
		return a, false
	}
	last := *turn.last
	ev := compose.Evidence{Book: v.book, Hits: last.hits, Now: b.now()}
	switch {
	case in.Flags.Has(intent.WhyAnswer) || in.Flags.Has(intent.Why):
		a = compose.Why(last.topic, last.trace, last.sources)
	case in.Flags&(intent.Short|intent.Anew) != 0:
		same := turn.in
		same.Flags = same.Flags&^intent.Short | in.Flags&intent.Short
		a = compose.Answer(same, ev)
	default:
		a = compose.More(turn.in, ev, last.shown)
		last.shown += compose.Page
	}
	a.ID, a.Private = b.id(q), q.Private
	turn.last = &last
	b.threads.replace(q, turn) // the turn before stays the one that follow-ups lean on
	return a, true
}
