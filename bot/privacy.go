package bot

import (
	"context"
	"fmt"

	"careerbot/bot/chat"
)

// Eraser removes what is kept of somebody. Package store's Store is one.
type Eraser interface {
	// EraseUser removes everything kept of a user, named as in Journal, and says how many rows that were.
	EraseUser(ctx context.Context, user string) (erased int, err error)
}

// WithEraser lets people have what is kept of them erased; without it they are told whom to ask.
func WithEraser(e Eraser) Option { return func(b *Bot) { b.eraser = e } }

// chatPrivacy is the lexicon's name of questions about what is kept of who asks: "what do you store about me?".
const chatPrivacy = "privacy"

// tokenForget is of the button that has everything erased that is kept of who presses it.
const tokenForget = "forget:me"

// privacy tells what is kept of who asks, and offers to erase it.
func (b *Bot) privacy(a *chat.Answer) {
	a.Title, a.Blocks, a.Actions = "What I keep", nil, nil
	switch {
	case b.journal == nil && b.turns == nil:
		a.Lead = "I keep nothing of what you ask, but for our last questions, in memory, for half an hour."
	case b.eraser == nil:
		a.Lead = keptSay + " Whoever runs me can erase it."
	default:
		a.Lead = keptSay + " Press the button and it is gone, your votes too."
		a.Actions = []chat.Action{{Label: "Forget what I asked", Token: tokenForget}}
	}
}

const keptSay = "I keep your questions for 90 days, unless whoever runs me has set another time, under a code in place of your name: " +
	"follow-ups need them, and they show what my articles lack."

// forget erases what is kept of who presses the button; ok is false for every other question.
func (b *Bot) forget(ctx context.Context, q chat.Question) (a chat.Answer, ok bool, err error) {
	if q.Action != tokenForget {
		return a, false, nil
	}
	if b.eraser == nil || q.User == "" {
		return a, true, &chat.Fault{Say: "I can't erase anything here; please ask whoever runs me."}
	}
	n, err := b.eraser.EraseUser(ctx, user(q))
	if err != nil {
		return a, true, &chat.Fault{Say: "I couldn't erase it just now; please press the button again in a moment.", Err: fmt.Errorf("erase on request: %w", err)}
	}
	b.threads.forget(q)
	lead := "Done: nothing of what you asked is kept any more."
	if n == 0 {
		lead = "There was nothing kept of you."
	}
	return chat.Answer{ID: b.id(q), Topic: chat.TopicChat, Title: "Forgotten", Lead: lead, Private: true}, true, nil
}
