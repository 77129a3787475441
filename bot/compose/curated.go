package compose

import (
	"slices"
	"strings"

	"careerbot/bot/chat"
	"careerbot/bot/intent"
	"careerbot/knowledge"
	"careerbot/knowledge/lexicon"
)

// Pinned picks, of the curated answers a search found, the first that was written for the question; nil where none
// was. It is strict, since a curated answer comes before all the articles say: the question must ask the same of the
// same things in the same words, synonyms and word forms aside.
func (b *Book) Pinned(in *intent.Intent, found []*knowledge.Curated) *knowledge.Curated {
	if len(found) == 0 || in.Topic == chat.TopicChat || in.Chat == "attack" {
		return nil
	}
	asked := b.wording(in)
	alone := asked
	if in.Follow { // what the turn before lends to a question says nothing of one that stands alone
		own := intent.Read(chat.Question{Text: in.Text}, nil, b.lex, b.role())
		alone = b.wording(&own)
	}
	for _, c := range found {
		for _, q := range b.pins[c.ID] {
			if b.same(alone, q) || in.Follow && b.continues(asked, q) {
				return c
			}
		}
	}
	return nil
}

// wording is a question as it is compared with another.
type wording struct {
	words   []intent.Term
	carried []intent.Term // words of the turn before
	named   []string      // everything named but the pack's own role, sorted
	flags   intent.Flags
	wants   wants
	ours    bool // about the people who run the bot: "our meetup"
	strange bool // has a word the articles never use
}

// wants is what a question word asks for. Other words that ask, such as "what", may ask for anything.
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
var light = map[string]wants{"date": moment, "time": moment, "day": moment, "schedul": moment, "locat": place, "venu": place,
	"next": 0, "upcom": 0, "take": 0, "place": 0, "happen": 0, "held": 0, "hold": 0}

// ours holds the words with which people speak of themselves.
var ours = map[string]bool{"our": true, "ours": true, "we": true, "here": true}

// decisive are the flags that turn a question into another.
const decisive = intent.Highest | intent.Lowest | intent.First | intent.Month | intent.Compare | intent.Factor

// pinsOf reads the questions of the curated answers, by answer.
func (b *Book) pinsOf(answers []knowledge.Curated) map[string][]wording {
	pins := make(map[string][]wording, len(answers))
	for _, c := range answers {
		for _, q := range c.Questions {
			in := intent.Read(chat.Question{Text: q}, nil, b.lex, b.role())
			if w := b.wording(&in); len(w.words) > 0 {
				pins[c.ID] = append(pins[c.ID], w)
			}
		}
	}
	return pins
}

func (b *Book) wording(in *intent.Intent) wording {
	w := wording{flags: in.Flags & decisive}
	for _, t := range in.Terms {
		switch {
		case b.greets(in, t):
		case in.Follow && t.Weight < 1:
			w.carried = append(w.carried, t)
		default:
			w.words = append(w.words, t)
			w.strange = w.strange || !t.Domain
		}
	}
	generic := func(t intent.Term) bool { return t.Generic }
	if slices.ContainsFunc(w.words, func(t intent.Term) bool { return !t.Generic }) {
		w.words = slices.DeleteFunc(w.words, generic)
	}
	hollow := func(t intent.Term) bool { _, ok := light[t.Stem]; return ok && !t.Entity }
	rest := slices.DeleteFunc(slices.Clone(w.words), hollow)
	for _, t := range w.words {
		if hollow(t) && len(rest)+len(w.carried) > 0 {
			w.wants |= light[t.Stem]
		}
	}
	if len(rest)+len(w.carried) > 0 {
		w.words = rest
	}
	for _, t := range b.lex.Read(in.Text).Tokens {
		w.wants |= asking[t.Word]
		w.ours = w.ours || ours[t.Word]
	}
	w.named = b.names(in)
	return w
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

// same says whether a question is, in other words, one that a curated answer was written for: all its words are that
// one's, and no more than a by-word of that one is left out.
func (b *Book) same(asked, q wording) bool {
	if len(asked.words) == 0 || !slices.Equal(asked.named, q.named) || !asked.agrees(q) || q.ours && !asked.ours && !q.strange {
		return false
	}
	if len(b.missing(asked.words, q.words)) > 0 {
		return false
	}
	left := b.missing(q.words, asked.words)
	if len(left) == 0 {
		return true
	}
	core := slices.ContainsFunc(asked.words, func(t intent.Term) bool { return !t.Domain && !t.Entity }) || len(asked.words) >= 3
	return len(left) == 1 && core && left[0].Domain && !left[0].Cue && !left[0].Entity
}

// continues says whether a follow-up asks such a question together with the turn before: "and where?".
func (b *Book) continues(asked, q wording) bool {
	if len(asked.carried) == 0 || !slices.Equal(asked.named, q.named) || !asked.agrees(q) {
		return false
	}
	if len(asked.words) == 0 && asked.wants&q.wants == 0 {
		return false
	}
	return len(b.missing(asked.words, q.words)) == 0 && len(b.missing(q.words, slices.Concat(asked.words, asked.carried))) == 0
}

// agrees says whether two questions can want the same: neither asks for a place where the other asks for a time.
func (w wording) agrees(q wording) bool {
	if w.flags != q.flags || w.wants&reason != q.wants&reason {
		return false
	}
	return w.wants == 0 || q.wants == 0 || w.wants&q.wants != 0
}

// missing gives the words of a that b's words do not say.
func (b *Book) missing(words, among []intent.Term) []intent.Term {
	return slices.DeleteFunc(slices.Clone(words), func(t intent.Term) bool {
		return slices.ContainsFunc(among, func(o intent.Term) bool {
			return t.Stem == o.Stem || slices.Contains(b.lex.Synonyms(t.Stem), o.Stem) || slices.Contains(b.lex.Synonyms(o.Stem), t.Stem)
		})
	})
}

// takeCurated takes the curated answer out of the hits: what the articles say is weighed without it.
func (c *composer) takeCurated() *Hit {
	i := slices.IndexFunc(c.hits, func(h Hit) bool { return h.Curated != nil })
	if i < 0 {
		return nil
	}
	hit := c.hits[i]
	c.hits = slices.DeleteFunc(slices.Clone(c.hits), func(h Hit) bool { return h.Curated != nil })
	return &hit
}

// curated answers with what somebody wrote for the question. What the articles say of it follows, unless they would
// have declined.
func (c *composer) curated(h *Hit, declined bool) chat.Answer {
	c.used, c.seen = nil, map[string]bool{}
	c.in.Runner = "" // there is no second reading to offer
	if declined {
		c.hits = nil
	}
	c.grounds.Coverage, c.grounds.Score = max(c.grounds.Coverage, h.Coverage), h.Score
	a := c.answer(h.Curated.Title)
	a.Confidence = 1
	var rest string
	a.Lead, rest = opening(h.Curated)
	a.Blocks = append([]chat.Block{chat.Text{Text: "Curated by " + h.Curated.Author + ", " + chat.Day(h.Curated.Date) + "."}}, written(rest)...)
	a.Sources = []chat.Source{{ID: h.Curated.ID, Title: h.Curated.Title, Publisher: h.Curated.Author, Date: h.Curated.Date}}
	return a
}

// opening parts the first sentence of a curated answer from the rest; its title leads where it begins with a list.
func opening(c *knowledge.Curated) (lead, rest string) {
	first, after, _ := strings.Cut(c.Text, "\n\n")
	if _, _, ok := listed(first); ok {
		return sentence(c.Title), c.Text
	}
	for i := 0; i+2 < len(first); i++ {
		if (strings.IndexByte(".!?", first[i]) < 0 || first[i+1] != ' ' || abbreviated(first[:i])) && first[i] != '\n' {
			continue
		}
		if next := strings.TrimSpace(first[i+1:]); first[i] == '\n' || next[0] < 'a' || next[0] > 'z' {
			return sentence(first[:i+1]), strings.TrimSpace(next + "\n\n" + after)
		}
	}
	return sentence(first), after
}

// abbreviated says whether the full stop after s belongs to a short form: "e.g.", "No.", an initial.
func abbreviated(s string) bool {
	word := s[strings.LastIndexAny(s, " (")+1:]
	switch strings.ToLower(word) {
	case "no", "dr", "mr", "mrs", "ms", "st", "vs", "approx":
		return true
	}
	return len(word) == 1 || strings.Contains(word, ".") && len(word) <= 4
}

// written makes blocks of a text: paragraphs and lists.
func written(text string) []chat.Block {
	var out []chat.Block
	var l chat.List
	var lines []string
	flush := func() {
		if len(l.Items) > 0 {
			out = append(out, l)
		}
		if s := strings.TrimSpace(strings.Join(lines, "\n")); s != "" {
			out = append(out, chat.Text{Text: s})
		}
		l, lines = chat.List{}, nil
	}
	for line := range strings.SplitSeq(text, "\n") {
		item, ordered, ok := listed(line)
		if ok != (len(l.Items) > 0) || strings.TrimSpace(line) == "" {
			flush()
		}
		if ok {
			l.Ordered = ordered
			l.Items = append(l.Items, chat.Item{Text: item})
		} else {
			lines = append(lines, line)
		}
	}
	flush()
	return out
}

// listed takes the mark off a line of a list.
func listed(line string) (item string, ordered, ok bool) {
	mark, item, ok := strings.Cut(strings.TrimSpace(line), " ")
	digits := strings.TrimSuffix(mark, ".")
	ordered = digits != mark && digits != "" && strings.Trim(digits, "0123456789") == ""
	return item, ordered, ok && (mark == "-" || ordered)
}
