package bot

import (
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"time"

	"careerbot/bot/chat"
	"careerbot/bot/store"
)

// Journal keeps which questions were asked, how they went, and what people think of the answers. Record returns at
// once; what it cannot keep it drops.
type Journal interface {
	Record(ctx context.Context, e store.Entry) error
	Vote(ctx context.Context, v store.Vote) error
}

// Turns keeps the last turns of conversations beyond this process. A store that fails costs the context, never the
// answer.
type Turns interface {
	ThreadOf(thread, user string) string
	SaveTurn(ctx context.Context, thread, answer string, turn []byte) error
	Turns(ctx context.Context, thread string, n int) ([][]byte, error)
	TurnsTo(ctx context.Context, answer string, n int) ([][]byte, error)
}

// WithJournal has questions and votes kept.
func WithJournal(j Journal) Option { return func(b *Bot) { b.journal = j } }

// WithTurns has conversations survive a restart and reach other replicas.
func WithTurns(t Turns) Option { return func(b *Bot) { b.turns = t } }

// WithLogger sets where failures of the journal and of turns are logged; nothing else is.
func WithLogger(l *slog.Logger) Option { return func(b *Bot) { b.log = l } }

// recallWait is how long a store may keep an answer waiting for its context.
const recallWait = 200 * time.Millisecond

// saved is a turn as it is kept: the question, from which the intent is read again.
type saved struct {
	Text  string     `json:"q"`
	Topic chat.Topic `json:"t,omitempty"`
}

// recall gives the earlier turns of the question's thread: from memory, or read again from what was kept.
func (b *Bot) recall(ctx context.Context, v *volume, q chat.Question) []turn {
	past := b.threads.recall(q)
	if len(past) > 0 || b.turns == nil || q.Thread == "" {
		return past
	}
	ctx, cancel := context.WithTimeout(ctx, recallWait)
	defer cancel()
	kept, err := b.turns.Turns(ctx, b.threadName(q), maxTurns)
	if err != nil {
		b.log.Warn("conversation not recalled", "err", err)
		return nil
	}
	return readTurns(v, kept)
}

// threadName names one user's conversation in one thread.
func (b *Bot) threadName(q chat.Question) string {
	return b.turns.ThreadOf(q.Platform+":"+q.Thread, user(q))
}

// user names the asker among those of all platforms.
func user(q chat.Question) string { return q.Platform + ":" + q.User }

// remember keeps a turn for follow-ups and, where a journal is kept, the question and how it went.
func (b *Bot) remember(ctx context.Context, q chat.Question, t turn, a *chat.Answer) {
	b.threads.remember(q, t)
	if b.turns != nil && q.Thread != "" {
		if raw, err := json.Marshal(saved{cutText(q.Text), q.Topic}); err == nil {
			if err := b.turns.SaveTurn(ctx, b.threadName(q), a.ID, raw); err != nil {
				b.log.Warn("conversation not kept", "err", err)
			}
		}
	}
	if b.journal == nil {
		return
	}
	err := b.journal.Record(ctx, entry(q, a))
	if now := b.now().Unix(); err != nil && b.dropped.Swap(now) < now-quietSeconds { // under overload each question would log
		b.log.Warn("questions not kept", "err", err)
	}
}

// quietSeconds is how long the journal must have kept everything before what it drops is logged again.
const quietSeconds = 60

// keptText is how many bytes of a question are kept for a follow-up to lean on.
const keptText = 2000

func cutText(s string) string {
	if len(s) > keptText {
		s = strings.ToValidUTF8(s[:keptText], "")
	}
	return s
}

// normal is a question as the journal keeps it: small letters, single blanks.
func normal(s string) string { return strings.Join(strings.Fields(strings.ToLower(cutText(s))), " ") }

// VoteUp and VoteDown are the beginnings of the tokens of the thumbs; the answer's id follows. Text of the question is
// the reason.
const (
	VoteUp   = "vote:up:"
	VoteDown = "vote:down:"
)

// vote takes a vote; ok is false for every other question.
func (b *Bot) vote(ctx context.Context, q chat.Question) (a chat.Answer, ok bool, err error) {
	id, up := strings.CutPrefix(q.Action, VoteUp)
	if !up {
		if id, ok = strings.CutPrefix(q.Action, VoteDown); !ok {
			return a, false, nil
		}
	}
	if b.journal == nil {
		return a, true, &chat.Fault{Say: "Votes are not kept here."}
	}
	v := store.Vote{Answer: id, User: user(q), Up: up, Reason: q.Text}
	if err := b.journal.Vote(ctx, v); err != nil {
		return a, true, &chat.Fault{Say: "I couldn't keep your vote; please try again.", Err: err}
	}
	lead := "Thanks, noted."
	if !up && q.Text == "" {
		lead = "Thanks, noted. What was wrong or missing?"
	}
	return chat.Answer{ID: b.id(q), Topic: chat.TopicChat, Title: "Thanks", Lead: lead, Private: true}, true, nil
}
