package compose

import (
	"fmt"
	"slices"
	"strings"

	"careerbot/bot/chat"
	"careerbot/bot/intent"
	"careerbot/knowledge"
	"careerbot/knowledge/lexicon"
)

// compare puts two things side by side: what the articles compare themselves first, then what each is said to be.
func (c *composer) compare() chat.Answer {
	pair := c.pair()
	if len(pair) < 2 && len(c.in.Levels) > 1 && c.tellingWords() == 0 {
		if a, ok := c.compareLevels(); ok {
			return a
		}
	}
	if len(pair) < 2 || slices.ContainsFunc(pair, func(id string) bool { return c.kindOf(id) == lexicon.KindGroup }) {
		if c.telling() || len(c.in.Things) > 0 {
			return c.found(knowledge.KindComparison)
		}
		return c.overview("Comparisons", knowledge.KindComparison)
	}
	both := c.comparing(pair)
	if c.kindOf(pair[0]) == lexicon.KindRole && c.barely() { // what sets roles apart comes before what joins them
		slices.SortStableFunc(both, func(x, y *knowledge.Fact) int { return c.apartness(y) - c.apartness(x) })
	}
	if len(both) == 0 && len(c.sides(pair)) == 0 {
		return c.found(knowledge.KindComparison)
	}
	var names []string
	for _, id := range pair {
		names = append(names, c.b.lex.Name(id))
	}
	a := c.answer(join(names))
	if len(both) > 0 && comparesAll(both[0], c.b, pair) {
		c.use(both[0])
		a.Lead = c.lead(both[0])
		c.disagreement(&a, both[0])
	} else {
		a.Lead = c.sideLead(pair)
	}
	l := chat.List{Title: "Side by side in the articles"}
	for _, f := range both {
		if len(l.Items) < maxRows && !c.seen[f.ID] {
			l.Items = append(l.Items, c.item(f))
		}
	}
	if len(l.Items) > 0 {
		a.Blocks = append(a.Blocks, l)
	}
	if t := c.sideTable(pair); len(t.Rows) > 0 && len(l.Items) < 4 {
		a.Blocks = append(a.Blocks, t)
	}
	return a
}

// compareLevels puts what the role does, and what it pays, at several levels side by side.
func (c *composer) compareLevels() (chat.Answer, bool) {
	var names, parts []string
	for _, level := range c.in.Levels {
		names = append(names, c.b.lex.Name(level))
		if f := c.levelFact(level); f != nil {
			c.use(f)
			parts = append(parts, fmt.Sprintf("%s: %s (%s)", f.Subject, c.b.lower(strings.TrimSuffix(f.Text, ".")), c.b.cite(f.Article, c.now)))
		}
	}
	a := c.answer(upper(join(names)) + " " + c.subject())
	if len(parts) > 0 {
		a.Lead = strings.Join(parts, "; ") + "."
	}
	for _, region := range c.regions(c.b.role()) {
		if pay := c.table(&a, c.b.role(), region); len(parts) < 2 && pay != "" {
			a.Lead = strings.TrimSpace(a.Lead + " " + pay)
		}
	}
	return a, a.Lead != ""
}

// pair gives what is compared: roles, things or levels; one role alone is compared with the pack's own.
func (c *composer) pair() []string {
	ids := slices.Concat(c.in.Roles, c.in.Things)
	if len(c.in.Roles) == 1 && c.in.Roles[0] != c.b.role() && len(c.in.Things) == 0 {
		ids = []string{c.b.role(), c.in.Roles[0]}
	}
	if len(c.otherRoles()) == 0 && len(c.in.Things) > 0 || len(ids) > 2 && len(c.in.Things) >= 2 {
		ids = c.in.Things // the pack's own role is only the setting
	}
	if len(ids) > 2 && c.kindOf(ids[2]) != c.kindOf(ids[0]) {
		ids = ids[:2] // named in passing
	}
	return ids[:min(len(ids), maxSides)]
}

// maxSides is how many things are put side by side: a table with more columns than these and the source is not read on a phone.
const maxSides = 3

// comparing gives facts about both sides, as the search ranked them, comparisons first.
func (c *composer) comparing(pair []string) []*knowledge.Fact {
	var out []*knowledge.Fact
	for _, h := range c.hits {
		if h.Fact != nil && aboutAll(h.Fact, pair[:2]) && h.Fact.Kind != knowledge.KindSalary && !h.Fact.Listing &&
			(h.Fact.Kind == knowledge.KindComparison || h.Fact.Kind == knowledge.KindFAQ || len(h.Fact.About) <= 3 && !strings.Contains(h.Fact.Text, "such as ")) {
			out = append(out, h.Fact)
		}
	}
	for _, f := range c.b.byKind[knowledge.KindComparison] {
		if aboutAll(f, pair[:2]) && !slices.Contains(out, f) {
			out = append(out, f)
		}
	}
	return out
}

// barely says whether a question names two things and asks nothing more particular than how they differ.
func (c *composer) barely() bool {
	return !slices.ContainsFunc(c.in.Terms, func(t intent.Term) bool {
		return t.Weight >= 1 && !t.Entity && !t.Generic && !setsApart[t.Stem]
	})
}

// setsApart holds the stems that only ask for a comparison.
var setsApart = map[string]bool{"vs": true, "versus": true, "compar": true, "comparison": true, "differ": true, "between": true, "distinguish": true}

// apartness is 1 for facts that set things apart as such, 0 for others about both.
func (c *composer) apartness(f *knowledge.Fact) int {
	if f.Kind == knowledge.KindComparison && !headed(f.Text) && !mentionsPay(f) {
		return 1
	}
	return 0
}

// comparesAll says whether a fact sets the two against each other rather than naming both in passing.
func comparesAll(f *knowledge.Fact, b *Book, pair []string) bool {
	subject := b.lex.Entities(f.Subject)
	if f.Kind == knowledge.KindComparison {
		return len(f.About) <= wholeTable || slices.Contains(subject, pair[0]) || slices.Contains(subject, pair[1])
	}
	return f.Kind == knowledge.KindFAQ && slices.Contains(subject, pair[0]) && slices.Contains(subject, pair[1])
}

// wholeTable is how many things a comparison names at most that is about each of them; one of more is about families.
const wholeTable = 6

// sides gives the most telling facts about each of the two.
func (c *composer) sides(pair []string) []*knowledge.Fact {
	var out []*knowledge.Fact
	for _, id := range pair {
		if f := c.b.telling[id]; f != nil {
			out = append(out, f)
		}
	}
	return out
}

// sideLead joins what is said of each side in one sentence.
func (c *composer) sideLead(pair []string) string {
	if f := c.together(pair[0], pair[1]); f != nil && len(pair) == 2 {
		c.use(f)
		return fmt.Sprintf("The articles name the two together and do not compare them: %s (%s).",
			strings.TrimSuffix(c.statement(f), "."), c.b.cite(f.Article, c.now))
	}
	var parts []string
	for _, id := range pair {
		f := c.b.telling[id]
		if f == nil {
			f = c.listedAlone(id)
		}
		if f == nil {
			parts = append(parts, c.b.lex.Name(id)+": named, not described")
			continue
		}
		c.use(f)
		text := strings.TrimSuffix(c.statement(f), ".")
		text = c.called(id, text)
		parts = append(parts, fmt.Sprintf("%s (%s)", text, c.b.cite(f.Article, c.now)))
	}
	return strings.Join(parts, "; ") + "."
}

// listedAlone is where a thing that nothing describes is listed, by itself rather than among others.
func (c *composer) listedAlone(id string) *knowledge.Fact {
	if len(c.b.about[id]) == 0 {
		return nil
	}
	return slices.MinFunc(c.b.about[id], func(x, y *knowledge.Fact) int { return len(x.About) - len(y.About) })
}

// together is the fact that is all there is to say of two things: what describes both, or names both where one of them
// is not described.
func (c *composer) together(one, other string) *knowledge.Fact {
	a, b := c.b.telling[one], c.b.telling[other]
	if a != nil && b != nil {
		if a == b {
			return a
		}
		return nil
	}
	for _, f := range c.b.about[one] {
		if slices.Contains(f.About, other) && len(f.About) <= 3 && f.Kind != knowledge.KindSalary {
			return f
		}
	}
	return nil
}

// called puts an entity's name before a statement that does not begin with it.
func (c *composer) called(id, text string) string {
	name := c.b.lex.Name(id)
	head, _, _ := strings.Cut(text, ": ")
	switch {
	case strings.HasPrefix(strings.ToLower(text), strings.ToLower(name)):
		return text
	case headed(text) && slices.Contains(c.b.lex.Entities(head), id):
		return text // "Effective communication: …"
	case headed(text):
		return name + ", " + c.b.lower(text)
	}
	return name + ": " + c.b.lower(text)
}

// sideTable has a row for each article that describes a side.
func (c *composer) sideTable(pair []string) chat.Table {
	t := chat.Table{Columns: []string{"source"}}
	for _, id := range pair {
		t.Columns = append(t.Columns, c.b.lex.Name(id))
	}
	for _, article := range c.b.newest {
		row := []string{c.b.cite(article, c.now)}
		for _, id := range pair {
			row = append(row, c.said(article, id, pair))
		}
		if strings.Join(row[1:], "") != "" {
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}

// said joins what one article says of an entity and of no other side, "" where it says nothing but that it is listed.
func (c *composer) said(article, id string, pair []string) string {
	other := func(o string) bool { return o != id && slices.Contains(pair, o) }
	var parts []string
	for _, f := range c.b.about[id] {
		if f.Article != article || f.Listing && f.Kind != knowledge.KindRole || f.Kind == knowledge.KindSalary || c.things(f) > 2 || slices.ContainsFunc(f.About, other) {
			continue
		}
		parts = append(parts, strings.TrimSuffix(f.Text, "."))
		c.use(f)
		if len(parts) == 2 {
			break
		}
	}
	return chat.Clip(strings.Join(parts, "; "), 200)
}

// things counts the things a fact names, families and general ideas aside.
func (c *composer) things(f *knowledge.Fact) int {
	n := 0
	for _, id := range f.About {
		if k := c.kindOf(id); k != lexicon.KindGroup && k != lexicon.KindConcept {
			n++
		}
	}
	return n
}
