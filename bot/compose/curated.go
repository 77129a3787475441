package compose

import (
	"slices"
	"strings"

	"careerbot/bot/chat"
	"careerbot/bot/intent"
	"careerbot/knowledge"
)

// pins holds the questions that curated answers were written for.
type pins struct {
	all    []pin
	byStem map[string][]int // positions in all, by the stems of their words and what means the same
}

type pin struct {
	wording
	answer *knowledge.Curated
}

// layPins reads the questions of the curated answers.
func (b *Book) layPins(answers []knowledge.Curated) pins {
	p := pins{byStem: map[string][]int{}}
	for i := range answers {
		for _, q := range answers[i].Questions {
			in := intent.Read(chat.Question{Text: q}, nil, b.lex, b.role())
			w := b.wording(&in)
			for _, t := range w.words {
				for _, stem := range append([]string{t.Stem}, b.lex.Synonyms(t.Stem)...) {
					p.byStem[stem] = append(p.byStem[stem], len(p.all))
				}
			}
			p.all = append(p.all, pin{w, &answers[i]})
		}
	}
	return p
}

// Pinned gives the curated answer that was written for a question; nil where there is none. It is strict, since that
// answer comes before all the articles say: the question must ask the same of the same things. Where the articles
// speak of them too, it must do so in the same words, but for word forms, synonyms and misspellings.
func (b *Book) Pinned(in *intent.Intent) *Hit {
	if len(b.pins.all) == 0 || in.Topic == chat.TopicChat || in.Chat == "attack" {
		return nil
	}
	asked := b.wording(in)
	alone := asked
	if in.Follow { // what the turn before lends to a question says nothing of one that stands alone
		own := intent.Read(chat.Question{Text: in.Text}, nil, b.lex, b.role())
		alone = b.wording(&own)
	}
	var best *pin
	for _, i := range b.candidates(&asked) {
		q := &b.pins.all[i]
		switch {
		case b.same(&alone, &q.wording):
			return asHit(q)
		case best == nil && (b.nearly(&alone, &q.wording) || in.Follow && b.continues(&asked, &q.wording)):
			best = q
		}
	}
	return asHit(best)
}

// asHit is a curated answer as evidence: it meets the whole question.
func asHit(p *pin) *Hit {
	if p == nil {
		return nil
	}
	h := Hit{Curated: p.answer, Score: 1, Coverage: 1}
	for _, t := range p.words {
		h.Matched = append(h.Matched, t.Word)
	}
	return &h
}

// candidates gives the positions of the pins that share a word with a question, in order.
func (b *Book) candidates(w *wording) []int {
	var out []int
	for _, t := range slices.Concat(w.words, w.carried) {
		out = append(out, b.pins.byStem[t.Stem]...)
		for _, stem := range b.lex.Synonyms(t.Stem) {
			out = append(out, b.pins.byStem[stem]...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// same says whether a question is one that a curated answer was written for, in other words.
func (b *Book) same(asked, q *wording) bool {
	if len(asked.words) == 0 || !asked.agrees(q) {
		return false
	}
	if !q.strange {
		return b.literally(asked, q)
	}
	return len(b.missing(asked.words, q.words)) == 0 && len(b.missing(q.words, asked.words)) == 0
}

// nearly is same, but the question may leave out one by-word of what the articles do not speak of.
func (b *Book) nearly(asked, q *wording) bool {
	if !asked.strange || !q.strange || !asked.agrees(q) || len(b.missing(asked.words, q.words)) > 0 {
		return false
	}
	left := b.missing(q.words, asked.words)
	return len(left) == 1 && left[0].Domain && !left[0].Cue && !left[0].Entity
}

// continues says whether a follow-up asks such a question together with the turn before: "and where?".
func (b *Book) continues(asked, q *wording) bool {
	if !q.strange || len(asked.carried) == 0 || !asked.agrees(q) || len(asked.words) == 0 && asked.wants&q.wants == 0 {
		return false
	}
	return len(b.missing(asked.words, q.words)) == 0 && len(b.missing(q.words, slices.Concat(asked.words, asked.carried))) == 0
}

// literally says whether two questions have the same words, small ones such as "without" included: of what the
// articles speak of, many things are asked in nearly the same words.
func (b *Book) literally(asked, q *wording) bool {
	lacks := func(words []string) func(string) bool {
		return func(w string) bool {
			return !slices.Contains(words, w) && !slices.ContainsFunc(b.lex.Synonyms(w), func(s string) bool { return slices.Contains(words, s) })
		}
	}
	return asked.ours == q.ours && !slices.ContainsFunc(asked.all, lacks(q.all)) && !slices.ContainsFunc(q.all, lacks(asked.all))
}

// missing gives those words that others do not say.
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
	mark := "Curated by " + h.Curated.Author + ", " + chat.Day(h.Curated.Date) + "."
	a.Blocks = append([]chat.Block{chat.Text{Text: mark}}, written(rest)...)
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
