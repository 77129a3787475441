package compose

import (
	"slices"
	"strings"

	"careerbot/bot/intent"
	"careerbot/knowledge/lexicon"
)

// wording is a question as it is compared with another.
type wording struct {
	words   []intent.Term // those that tell
	carried []intent.Term // words of the turn before
	all     []string      // stems of all words but those of grammar
	named   []string      // everything named but the pack's own role, sorted
	flags   intent.Flags
	wants   wants
	ours    bool // about the people who run the bot: "our meetup"
	strange bool // has a word the articles never use
}

// wants is what a question word asks for. Others, such as "what", may ask for anything.
type wants uint8

const (
	moment wants = 1 << iota
	place
	person
	reason
	manner
)

var asking = map[string]wants{"when": moment, "where": place, "who": person, "whom": person, "why": reason, "how": manner}

// light holds stems that say no more than a question word does: "when does it take place", "the date of".
var light = map[string]wants{
	"date": moment, "time": moment, "day": moment, "schedul": moment, "locat": place, "venu": place,
	"next": 0, "upcom": 0, "take": 0, "place": 0, "happen": 0, "held": 0, "hold": 0,
}

// ours holds the words with which people speak of themselves.
var ours = wordSet("our ours we here")

// grammar holds the words that every question may have. What is left of a question without them is what it asks;
// "which" and "what" are left, for "do I need a degree" and "which degree do I need" are two questions.
var grammar = wordSet(`a an the i you one they it is are am be do does did can could would will to of for in on as my your
	me us this that there and so use please pls tell s really actually hi hello hey`)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		set[w] = true
	}
	return set
}

// decisive are the flags that turn a question into another.
const decisive = intent.Highest | intent.Lowest | intent.First | intent.Month | intent.Compare | intent.Factor

// wording lays a question out for comparing.
func (b *Book) wording(in *intent.Intent) wording {
	w := wording{flags: in.Flags & decisive, named: b.names(in)}
	for _, t := range in.Terms {
		switch {
		case b.greets(in, t):
		case in.Follow && t.Weight < 1:
			w.carried = append(w.carried, t)
		default:
			w.words = append(w.words, t)
		}
	}
	w.words = without(w.words, len(w.carried) > 0, func(t intent.Term) bool { return t.Generic })
	w.words = without(w.words, len(w.carried) > 0, func(t intent.Term) bool { _, ok := light[t.Stem]; return ok && !t.Entity })
	w.strange = slices.ContainsFunc(w.words, func(t intent.Term) bool { return !t.Domain })
	bare := !slices.ContainsFunc(w.words, func(t intent.Term) bool { return !t.Generic }) // then the pack's subject is what is asked about
	role := b.lex.Entity(b.role())
	for _, t := range b.lex.Read(in.Text).Tokens {
		generic := t.Word == "become" || role != nil && role.Speaks(t.Word) ||
			slices.ContainsFunc(in.Terms, func(o intent.Term) bool { return o.Generic && o.Stem == t.Stem })
		w.add(t, generic && !bare)
	}
	return w
}

// add notes a word of the question as it was typed.
func (w *wording) add(t lexicon.Token, generic bool) {
	w.wants |= asking[t.Word] | light[t.Stem]
	w.ours = w.ours || ours[t.Word]
	switch {
	case generic || grammar[t.Word] || ours[t.Word]:
	case t.Word == "which":
		w.all = append(w.all, "what")
	default:
		w.all = append(w.all, t.Stem)
	}
}

// without drops the words that say nothing of their own, unless there are no others.
func without(words []intent.Term, others bool, hollow func(intent.Term) bool) []intent.Term {
	rest := slices.DeleteFunc(slices.Clone(words), hollow)
	if len(rest) == 0 && !others {
		return words
	}
	return rest
}

// greets says whether a word is a greeting beside the question.
func (b *Book) greets(in *intent.Intent, t intent.Term) bool {
	return in.Chat != "" && t.Entity && slices.ContainsFunc(b.lex.All(), func(e *lexicon.Entity) bool {
		return e.Kind == lexicon.KindChat && e.Name == in.Chat && e.Speaks(t.Word)
	})
}

// names gives what a question names, apart from the role the pack is about.
func (b *Book) names(in *intent.Intent) []string {
	out := slices.Concat(in.Roles, in.Levels, in.Regions, in.Things, []string{in.Currency, in.Article, in.Provider})
	for _, e := range in.Absent {
		out = append(out, e.ID)
	}
	out = slices.DeleteFunc(out, func(id string) bool { return id == "" || id == b.role() })
	slices.Sort(out)
	return slices.Compact(out)
}

// agrees says whether two questions name the same and can want the same: neither asks for a place where the other
// asks for a time.
func (w *wording) agrees(q *wording) bool {
	if w.flags != q.flags || w.wants&reason != q.wants&reason || !slices.Equal(w.named, q.named) {
		return false
	}
	return w.wants == 0 || q.wants == 0 || w.wants&q.wants != 0
}
