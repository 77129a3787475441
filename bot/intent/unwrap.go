package intent

import (
	"slices"
	"strings"

	"careerbot/knowledge/lexicon"
)

// unwrap takes off what people say around a question: "hello everyone, …", "ok thanks, …", "… thank you so much". A
// message that is no more than that is left as it is.
func unwrap(r *lexicon.Reading) {
	from, to := 0, len(r.Tokens)
	for from < to {
		n := courtesy(r, from)
		if w := r.Tokens[from].Word; n == 0 && (from == 0 || !crowd[w]) && !said[w] {
			break
		}
		from += max(n, 1)
	}
	for to > from {
		if m := endsAt(r, to); m != nil && thanks(m) {
			to = m.From
		} else if tail := to - 1; crowd[r.Tokens[tail].Word] && tail > from && endsAt(r, tail) != nil && thanks(endsAt(r, tail)) {
			to = tail
		} else {
			break
		}
	}
	if !greeted(r, from, to) || !asksSomething(r, from, to) {
		return
	}
	keep(r, from, to)
}

// courtesy is how many words of a greeting, of thanks or of praise begin at i, 0 where none do.
func courtesy(r *lexicon.Reading, i int) int {
	for _, m := range r.Mentions {
		if m.From == i && polite(&m) {
			return m.To - m.From
		}
	}
	return 0
}

func polite(m *lexicon.Mention) bool {
	if m.Entity.Kind != lexicon.KindChat {
		return false
	}
	switch m.Entity.Name {
	case "greeting", "thanks", "howareyou", "praise":
		return true
	}
	return false
}

func thanks(m *lexicon.Mention) bool { return polite(m) && m.Entity.Name == "thanks" }

// endsAt gives the mention that ends before token i.
func endsAt(r *lexicon.Reading, i int) *lexicon.Mention {
	for n := range r.Mentions {
		if r.Mentions[n].To == i {
			return &r.Mentions[n]
		}
	}
	return nil
}

// greeted says whether a courtesy lies outside the words from … to: mere "ok" and "so" are part of how a follow-up opens.
func greeted(r *lexicon.Reading, from, to int) bool {
	return slices.ContainsFunc(r.Mentions, func(m lexicon.Mention) bool { return polite(&m) && (m.To <= from || m.From >= to) })
}

// crowd holds who is greeted, said what stands before a courtesy.
var (
	crowd = words("all everyone everybody guys folks friends people there team sir madam bro bhai yaar dude buddy bot again ji")
	said  = words("ok okay hmm hm oh ah well great cool nice got it so alright right yes yeah")
)

func words(s string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		out[w] = true
	}
	return out
}

// asksSomething says whether the words from … to are a question of their own: they name something of the field, hint at
// a topic or open as questions do.
func asksSomething(r *lexicon.Reading, from, to int) bool {
	within := func(a, b int) bool { return a >= from && b <= to }
	for _, m := range r.Mentions {
		if within(m.From, m.To) && m.Entity.Kind != lexicon.KindChat {
			return true
		}
	}
	hints := false
	for _, c := range r.Cues {
		if within(c.From, c.To) {
			switch id, _, _ := strings.Cut(c.ID, "."); id {
			case "help", "more":
				return false
			case "flag", "definition", "responsibilities":
			default:
				hints = true
			}
		}
	}
	return hints || to-from >= 3 && opening[r.Tokens[from].Word]
}

var opening = words("what which who how when where why is are do does can should could will and only")

// keep cuts the reading down to the words from … to.
func keep(r *lexicon.Reading, from, to int) {
	r.Tokens = r.Tokens[from:to]
	mentions := r.Mentions[:0:0]
	for _, m := range r.Mentions {
		if m.From >= from && m.To <= to {
			mentions = append(mentions, lexicon.Mention{Entity: m.Entity, From: m.From - from, To: m.To - from})
		}
	}
	cues := r.Cues[:0:0]
	for _, c := range r.Cues {
		if c.From >= from && c.To <= to {
			cues = append(cues, lexicon.Cue{ID: c.ID, From: c.From - from, To: c.To - from})
		}
	}
	sentences := r.Sentences[:0:0]
	for _, s := range r.Sentences {
		if a, b := max(s.From, from), min(s.To, to); a < b {
			sentences = append(sentences, lexicon.Sentence{From: a - from, To: b - from, Asks: s.Asks})
		}
	}
	r.Mentions, r.Cues, r.Sentences = mentions, cues, sentences
}
