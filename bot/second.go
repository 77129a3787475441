package bot

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"careerbot/bot/chat"
	"careerbot/bot/compose"
	"careerbot/bot/intent"
)

// another matches where a second question begins: after a question mark, or at "and" before a word that asks.
var another = regexp.MustCompile(`(?i)(\?+\s+(?:and |also )?|,?\s+and (?:also )?)(?:what|which|how|do|does|should|is|are|can|where|who|when|why)\b`)

// read reads a question; rest is the second one of a message that asks two.
func (v *volume) read(q chat.Question, past []intent.Intent) (in intent.Intent, rest string) {
	if in, rest = v.split(q, past); rest != "" {
		return in, rest
	}
	return intent.Read(q, past, v.pack.Lexicon, v.pack.Role), ""
}

// split parts a message that asks two things into both; rest is "" where it asks one. What stands before is read alone, so
// both must name a topic of their own.
func (v *volume) split(q chat.Question, past []intent.Intent) (first intent.Intent, rest string) {
	if q.Topic != "" || len(q.Text) > cacheText {
		return first, ""
	}
	at := another.FindStringSubmatchIndex(q.Text)
	if at == nil {
		return first, ""
	}
	rest = strings.TrimSpace(q.Text[at[3]:])
	first = intent.Read(chat.Question{Text: q.Text[:at[0]]}, past, v.pack.Lexicon, v.pack.Role)
	second := intent.Read(chat.Question{Text: rest}, nil, v.pack.Lexicon, v.pack.Role)
	if first.Topic == second.Topic || !plain(&first) || !plain(&second) {
		return first, ""
	}
	leaning := intent.Read(chat.Question{Text: rest}, []intent.Intent{first}, v.pack.Lexicon, v.pack.Role).Follow
	if leaning && !second.Flags.Has(intent.Duration) { // "how long does it take" leans on nothing
		return first, "" // "and what does it pay": one question, about what the first part describes
	}
	return first, rest
}

// plain says whether it is plain what a question asks of the articles.
func plain(in *intent.Intent) bool {
	switch in.Topic {
	case chat.TopicChat, chat.TopicHelp, chat.TopicSources, chat.TopicNone, chat.TopicFAQ:
		return false
	case chat.TopicDefinition:
		return len(in.Things) == 1 && len(in.Absent) == 0
	}
	return in.Strong && len(in.Absent) == 0
}

// second adds the answer to a message's second question to that to its first: its first sentence, and a follow-up that
// gives it whole. It leaves the answer alone where the second one is declined.
func (b *Bot) second(ctx context.Context, v *volume, a *chat.Answer, text string) {
	in := intent.Read(chat.Question{Text: text}, nil, v.pack.Lexicon, v.pack.Role)
	in.Flags |= intent.Short
	hits, err := b.find(ctx, v, &in)
	if err != nil {
		return // the first question is answered all the same
	}
	o := compose.Answer(in, compose.Evidence{Book: v.book, Hits: hits, Now: b.now()})
	if !o.Answered || !a.Answered {
		return
	}
	a.Lead += " " + o.Lead
	for _, s := range o.Sources {
		if !slices.Contains(a.Sources, s) {
			a.Sources = append(a.Sources, s)
		}
	}
	if token := compose.AskToken + text; len(token) <= chat.MaxToken {
		a.Actions = append([]chat.Action{{Label: "More: " + o.Title, Token: token}}, a.Actions...)
		a.Actions = a.Actions[:min(len(a.Actions), chat.MaxActions)]
	}
}
