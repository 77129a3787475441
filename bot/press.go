package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"careerbot/bot/chat"
	"careerbot/bot/compose"
	"careerbot/bot/store"
)

// Beginnings of the tokens about one answer; its id follows, after the page in one that asks for more.
const (
	aboutMore    = "more:"
	aboutWhy     = "why:"
	aboutSources = "from:"
	aboutAgain   = "show:"
)

// mark gives an answer the tokens that ask about it, as far as what they need is kept.
func (b *Bot) mark(q chat.Question, a *chat.Answer, hits []compose.Hit) {
	if b.turns == nil || q.Thread == "" || a.Topic == chat.TopicChat || a.Topic == chat.TopicHelp {
		return
	}
	a.About.Why, a.About.Again = token(aboutWhy, a.ID), token(aboutAgain, a.ID)
	if a.Answered && compose.Further(hits, compose.Page) {
		a.About.More = token(aboutMore, "1:"+a.ID)
	}
	if len(a.Sources) > 0 && a.Topic != chat.TopicSources {
		a.About.Sources = token(aboutSources, a.ID)
	}
	if b.journal != nil {
		a.About.Up, a.About.Down = token(VoteUp, a.ID), token(VoteDown, a.ID)
	}
}

// token is "" where it would be too long for a button.
func token(prefix, rest string) string {
	if len(prefix)+len(rest) > chat.MaxToken {
		return ""
	}
	return prefix + rest
}

// forgottenSay is told to who presses a button of an answer that is kept no longer.
const forgottenSay = "I no longer know what that answer was about; please ask the question again."

// press is a pressed button that is about one answer.
type press struct {
	what string // one of the tokens' beginnings
	page int    // of more
	id   string // of the answer
	past []turn // that ended in the answer
}

// press answers a button that is about one answer. What was asked is read again and searched again, so that it holds
// for the knowledge of now.
func (b *Bot) press(ctx context.Context, v *volume, q chat.Question, p press) (a chat.Answer, err error) {
	in := p.past[len(p.past)-1].in
	hits, err := b.find(ctx, v, &in)
	if err != nil {
		return a, &chat.Fault{Say: "I couldn't search just now; please try again.", Err: fmt.Errorf("find: %w", err)}
	}
	ev := compose.Evidence{Book: v.book, Hits: hits, Now: b.now()}
	switch p.what {
	case aboutMore:
		a = compose.More(in, ev, p.page*compose.Page)
		if compose.Further(hits, (p.page+1)*compose.Page) {
			a.About.More = token(aboutMore, strconv.Itoa(p.page+1)+":"+p.id)
		}
	case aboutAgain: // the same answer, so it keeps its id: votes on it count for the question
		a = compose.Answer(in, ev)
		if rest := p.past[len(p.past)-1].rest; rest != "" {
			b.second(ctx, v, &a, rest)
		}
		a.ID, a.Private = p.id, q.Private
		a.Trace = trace(&in, hits, a.Trace.Grounds)
		b.mark(q, &a, hits)
		return a, nil
	default:
		first := compose.Answer(in, ev)
		if p.what == aboutSources {
			a = compose.Sources(in.Topic, v.book, first.Sources, b.now())
			break
		}
		a = compose.Why(in.Topic, trace(&in, hits, first.Trace.Grounds), first.Sources)
	}
	a.ID, a.Private = b.id(q), q.Private
	return a, nil
}

// readToken takes a token about an answer apart; what is "" where it is none.
func readToken(action string) (what string, page int, id string) {
	for _, what := range []string{aboutMore, aboutWhy, aboutSources, aboutAgain} {
		rest, ok := strings.CutPrefix(action, what)
		if !ok || rest == "" {
			continue
		}
		if what != aboutMore {
			return what, 0, rest
		}
		n, id, ok := strings.Cut(rest, ":")
		page, err := strconv.Atoi(n)
		if !ok || err != nil || page < 1 || page > 1000 || id == "" {
			return "", 0, ""
		}
		return what, page, id
	}
	return "", 0, ""
}

// recallAnswer gives the questions that led to an answer, oldest first; none where it is kept no longer.
func (b *Bot) recallAnswer(ctx context.Context, id string) []saved {
	if b.turns == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, recallWait)
	defer cancel()
	kept, err := b.turns.TurnsTo(ctx, id, maxTurns+1)
	if err != nil {
		b.log.Warn("answer not recalled", "err", err)
		return nil
	}
	return unpack(kept)
}

// unpack reads questions as they are kept.
func unpack(kept [][]byte) []saved {
	var out []saved
	for _, raw := range kept {
		var s saved
		if json.Unmarshal(raw, &s) == nil {
			out = append(out, s)
		}
	}
	return out
}

// readTurns reads kept questions again, each in the light of those before it.
func readTurns(v *volume, kept []saved) []turn {
	var past []turn
	for _, s := range kept {
		in, rest := v.read(chat.Question{Text: s.Text, Topic: s.Topic}, intents(past))
		past = append(past, turn{in: in, rest: rest})
	}
	return past
}

// entry is a question as the journal keeps it.
func entry(q chat.Question, a *chat.Answer) store.Entry {
	e := store.Entry{
		Answer: a.ID, Platform: q.Platform, Topic: string(a.Topic), Text: normal(q.Text), Confidence: a.Confidence,
		Answered: a.Answered, Took: a.Trace.Took(), User: user(q),
	}
	if q.Server != "" {
		e.Server = q.Platform + ":" + q.Server
	}
	return e
}
