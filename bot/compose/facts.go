package compose

import (
	"fmt"
	"slices"
	"strings"

	"careerbot/bot/chat"
	"careerbot/bot/intent"
	"careerbot/knowledge"
)

// telling says whether the question holds words beyond its topic that the evidence answers to: then facts are
// ranked, not listed.
func (c *composer) telling() bool {
	return len(c.in.Specific()) > 0 && len(c.hits) > 0
}

// beyond says whether a word of the question that hints at the topic also narrows it: "remote" among the jobs.
func (c *composer) beyond(plain []string) bool {
	return slices.ContainsFunc(c.in.Terms, func(t intent.Term) bool {
		return t.Cue && !t.Generic && t.Weight >= 1 && !slices.Contains(plain, t.Stem)
	})
}

// Hits below tailShare of the best one's score are another subject.
const tailShare = 0.36

// found answers with the facts the search ranked, best first. Kinds that fit the topic come before others of
// nearly the same score; the search has weighed that already.
func (c *composer) found(prefer ...knowledge.Kind) chat.Answer {
	facts := c.pad(c.best(maxRows), prefer)
	if len(facts) == 0 {
		return c.passages()
	}
	return c.show(facts)
}

// show makes an answer of facts: the first leads, the others follow with their sources.
func (c *composer) show(facts []*knowledge.Fact) chat.Answer {
	a := c.answer(facts[0].Subject)
	c.use(facts[0])
	a.Lead = c.lead(facts[0])
	c.disagreement(&a, facts[0])
	var items []chat.Item
	for _, f := range facts[1:] {
		if !c.seen[f.ID] {
			items = append(items, c.item(f))
		}
	}
	if len(items) > 0 {
		a.Blocks = append(a.Blocks, chat.List{Title: restTitle(facts), Items: items})
	}
	return a
}

// fewRows is how many facts make an answer thin.
const fewRows = 5

// padShare is the share of the best hit's score that a fact must have to fill up a thin answer.
const padShare = 0.25

// pad adds facts of the topic's kinds that the search also found where few were found, overviews first.
func (c *composer) pad(facts []*knowledge.Fact, kinds []knowledge.Kind) []*knowledge.Fact {
	if len(facts) == 0 || len(kinds) == 0 {
		return facts
	}
	for _, h := range c.hits {
		if len(facts) >= fewRows || h.Score < padShare*c.hits[0].Score {
			break
		}
		if h.Fact != nil && !h.Fact.Listing && slices.Contains(kinds, h.Fact.Kind) && !slices.Contains(facts, h.Fact) {
			facts = append(facts, h.Fact)
		}
	}
	return facts
}

// lead is a fact as the first sentence of an answer, with its source.
func (c *composer) lead(f *knowledge.Fact) string {
	text := strings.TrimSuffix(sentence(f.Text), ".")
	switch {
	case yesOrNo(text):
		text = strings.TrimSuffix(c.asked(f), ".")
	case f.Kind != knowledge.KindFAQ:
		text = c.named(f, text)
	}
	return fmt.Sprintf("%s (%s).", upper(text), c.b.cite(f.Article, c.now))
}

// statement is a fact as a line of a list: it names what it speaks of.
func (c *composer) statement(f *knowledge.Fact) string {
	if yesOrNo(f.Text) {
		return c.asked(f)
	}
	return sentence(c.prefixed(f, sentence(f.Text)))
}

// asked is a yes or no with what it answers: alone it could be read as the answer to the opposite question.
func (c *composer) asked(f *knowledge.Fact) string {
	return sentence(strings.TrimSuffix(f.Subject, "?") + "? " + upper(f.Text))
}

// yesOrNo says whether a statement answers a question rather than standing alone.
func yesOrNo(s string) bool {
	first, _, _ := strings.Cut(s, " ")
	switch strings.ToLower(strings.Trim(first, ":,;.")) {
	case "yes", "no", "not":
		return true
	}
	return false
}

// named puts before a statement what it speaks of: "PostgreSQL: known for complex queries".
func (c *composer) named(f *knowledge.Fact, text string) string {
	if f.Kind == knowledge.KindResponsibility && !strings.Contains(strings.ToLower(text), "back") && !headed(text) {
		return "Part of a " + c.subject() + "'s work: " + c.b.lower(text)
	}
	return c.prefixed(f, text)
}

// prefixed puts the subject before a statement that has no word of it.
func (c *composer) prefixed(f *knowledge.Fact, text string) string {
	subject, _, _ := strings.Cut(f.Subject, " (")
	if kind, name, ok := strings.Cut(subject, ": "); ok && (strings.HasPrefix(subject, "Step ") || !strings.Contains(kind, " ")) {
		subject = upper(name) // "Location: higher-paying cities" are higher-paying cities
	}
	if f.Kind == knowledge.KindResponsibility && headed(text) {
		return text // "Seven duties: …" says what it is
	}
	have := strings.ToLower(text)
	if strings.HasPrefix(have, strings.ToLower(subject)) {
		return text
	}
	for w := range strings.FieldsSeq(strings.ToLower(subject)) {
		if w = strings.TrimRight(w, "s:,?'’"); len(w) > 2 && !c.b.lex.Stop(w) && strings.Contains(have, w) {
			return text
		}
	}
	if headed(text) {
		return strings.TrimRight(subject, "?:") + ", " + c.b.lower(text)
	}
	return strings.TrimRight(subject, "?:") + ": " + c.b.lower(text)
}

// headed says whether a statement has a heading of its own before a colon: another before it would read badly.
func headed(text string) bool {
	head, _, ok := strings.Cut(text, ": ")
	return ok && len(head) <= maxHead && !strings.ContainsAny(head, ".;(")
}

// maxHead is how many bytes a heading inside a statement has at most.
const maxHead = 48

// restTitle heads the facts behind the first.
func restTitle(facts []*knowledge.Fact) string {
	n := len(articlesOf(facts))
	if n < 2 {
		return "More on this"
	}
	return fmt.Sprintf("More on this, from %d articles", n)
}

// best gives up to n facts of the hits, without those that say the same in the same article.
func (c *composer) best(n int) []*knowledge.Fact {
	var out []*knowledge.Fact
	for _, h := range c.hits {
		if h.Fact == nil {
			continue
		}
		if len(out) == n || len(out) > 0 && h.Score < tailShare*c.hits[0].Score {
			break
		}
		if !slices.ContainsFunc(out, func(f *knowledge.Fact) bool { return alike(f, h.Fact) }) {
			out = append(out, h.Fact)
		}
	}
	return out
}

// alike says whether two facts of one article say nearly the same.
func alike(a, b *knowledge.Fact) bool {
	return a.Article == b.Article && a.Subject == b.Subject && a.Kind == b.Kind && a.Listing && b.Listing
}

// passages answers with sections where no single fact was found.
func (c *composer) passages() chat.Answer {
	for _, h := range c.hits {
		if h.Section == nil {
			continue
		}
		a := c.answer(h.Section.Title)
		a.Lead = fmt.Sprintf("%s says under “%s”:", c.b.cite(h.Article.ID, c.now), h.Section.Title)
		a.Blocks = append(a.Blocks, chat.Quote{Text: chat.Clip(h.Section.Text, maxExtract), Source: h.Article.ID})
		a.Sources = append(a.Sources, c.source(h.Article.ID, h.Section.ID))
		c.seen[h.ID()] = true
		return a
	}
	return c.unknown()
}

// overview answers a whole topic: the overview facts of every article first, then one fact for each further subject.
func (c *composer) overview(title string, kinds ...knowledge.Kind) chat.Answer {
	var facts []*knowledge.Fact
	for _, k := range kinds[:1] {
		facts = append(facts, c.b.byKind[k]...)
	}
	facts = slices.Clone(facts)
	if kinds[0] == knowledge.KindDefinition && len(c.in.Things) == 0 {
		facts = slices.DeleteFunc(facts, func(f *knowledge.Fact) bool { return !slices.Contains(f.About, c.in.Role(c.b.role())) })
	}
	slices.SortStableFunc(facts, func(x, y *knowledge.Fact) int { return c.weigh(y) - c.weigh(x) })
	var chosen []*knowledge.Fact
	for _, f := range facts {
		if len(chosen) == maxRows {
			break
		}
		chosen = append(chosen, f)
	}
	if len(chosen) == 0 {
		return c.found(kinds...)
	}
	a := c.answer(title)
	c.use(chosen[0])
	a.Lead = c.lead(chosen[0])
	c.disagreement(&a, chosen[0])
	l := chat.List{Title: title + ": what " + articleCount(len(articlesOf(chosen)))}
	for _, f := range chosen[1:] {
		if !c.seen[f.ID] {
			l.Items = append(l.Items, c.item(f))
		}
	}
	a.Blocks = append(a.Blocks, l)
	return a
}

// articleCount is "one article says" or "3 articles say".
func articleCount(n int) string {
	if n == 1 {
		return "one article says"
	}
	return fmt.Sprintf("%d articles say", n)
}

// weigh ranks a fact for an overview: overviews first, then what the search found, mere mentions last.
func (c *composer) weigh(f *knowledge.Fact) int {
	w := 0
	if strings.Contains(f.Subject, "overview") {
		w += 100
	}
	if f.Listing {
		w -= 50
	}
	for i, h := range c.hits {
		if h.Fact == f {
			w += 40 - i
			break
		}
	}
	return w
}

// disagreement shows the other side where the pack marks a fact as disputed.
func (c *composer) disagreement(a *chat.Answer, f *knowledge.Fact) {
	var items []chat.Item
	for _, id := range f.But {
		if o := c.b.pack.Fact(id); o != nil && !c.seen[id] {
			items = append(items, c.item(o))
		}
	}
	if len(items) > 0 {
		a.Blocks = append(a.Blocks, chat.List{Title: "Not everyone agrees", Items: items})
	}
}

// yes says whether the question wants a yes or a no.
func (c *composer) yes() bool { return c.in.Flags.Has(intent.YesNo) }
