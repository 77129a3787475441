package compose

import (
	"fmt"
	"slices"
	"strings"

	"careerbot/bot/chat"
	"careerbot/knowledge"
	"careerbot/knowledge/lexicon"
)

// compare puts two things side by side: what the articles compare themselves first, then what each is said to be.
func (c *composer) compare() chat.Answer {
	pair := c.pair()
	if len(pair) < 2 || c.kindOf(pair[0]) == lexicon.KindGroup || c.kindOf(pair[1]) == lexicon.KindGroup {
		if c.telling() || len(c.in.Things) > 0 {
			return c.found(knowledge.KindComparison)
		}
		return c.overview("Comparisons", knowledge.KindComparison)
	}
	both := c.comparing(pair)
	if len(both) == 0 && len(c.sides(pair)) == 0 {
		return c.found(knowledge.KindComparison)
	}
	a := c.answer(c.b.lex.Name(pair[0]) + " and " + c.b.lex.Name(pair[1]))
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

// pair gives what is compared: roles, things or levels; one role alone is compared with the pack's own.
func (c *composer) pair() []string {
	ids := slices.Concat(c.in.Roles, c.in.Things)
	if len(c.in.Roles) == 1 && c.in.Roles[0] != c.b.role() && len(c.in.Things) == 0 {
		ids = []string{c.b.role(), c.in.Roles[0]}
	}
	if len(c.otherRoles()) == 0 && len(c.in.Things) > 0 || len(ids) > 2 && len(c.in.Things) >= 2 {
		ids = c.in.Things // the pack's own role is only the setting
	}
	return ids
}

// comparing gives facts about both sides, as the search ranked them, comparisons first.
func (c *composer) comparing(pair []string) []*knowledge.Fact {
	var out []*knowledge.Fact
	for _, h := range c.hits {
		if h.Fact != nil && aboutAll(h.Fact, pair[:2]) && h.Fact.Kind != knowledge.KindSalary && !h.Fact.Listing &&
			(h.Fact.Kind == knowledge.KindComparison || h.Fact.Kind == knowledge.KindFAQ || len(h.Fact.About) <= 3) {
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

// comparesAll says whether a fact sets the two against each other rather than naming both in passing.
func comparesAll(f *knowledge.Fact, b *Book, pair []string) bool {
	if f.Kind == knowledge.KindComparison {
		return true
	}
	subject := b.lex.Entities(f.Subject)
	return f.Kind == knowledge.KindFAQ && slices.Contains(subject, pair[0]) && slices.Contains(subject, pair[1])
}

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
	if f := c.b.telling[pair[0]]; f != nil && f == c.b.telling[pair[1]] {
		c.use(f)
		return fmt.Sprintf("The articles name the two together and do not compare them: %s (%s).",
			strings.TrimSuffix(c.statement(f), "."), c.b.cite(f.Article, c.now))
	}
	var parts []string
	for _, id := range pair[:2] {
		f := c.b.telling[id]
		if f == nil && len(c.b.about[id]) > 0 {
			f = c.b.about[id][0] // at least where it is listed
		}
		if f == nil {
			parts = append(parts, c.b.lex.Name(id)+": named, not described")
			continue
		}
		c.use(f)
		text := strings.TrimSuffix(c.statement(f), ".")
		if !strings.HasPrefix(text, c.b.lex.Name(id)) {
			text = c.b.lex.Name(id) + ": " + c.b.lower(text)
		}
		parts = append(parts, fmt.Sprintf("%s (%s)", text, c.b.cite(f.Article, c.now)))
	}
	return strings.Join(parts, "; ") + "."
}

// sideTable has a row for each article that describes a side.
func (c *composer) sideTable(pair []string) chat.Table {
	t := chat.Table{Columns: []string{"source", c.b.lex.Name(pair[0]), c.b.lex.Name(pair[1])}}
	for _, article := range c.b.newest {
		row := []string{c.b.cite(article, c.now), c.said(article, pair[0], pair[1]), c.said(article, pair[1], pair[0])}
		if row[1] != "" || row[2] != "" {
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}

// said joins what one article says of an entity alone, "" where it says nothing but that it is listed.
func (c *composer) said(article, id, other string) string {
	var parts []string
	for _, f := range c.b.about[id] {
		if f.Article != article || f.Listing && f.Kind != knowledge.KindRole || f.Kind == knowledge.KindSalary || c.things(f) > 2 || slices.Contains(f.About, other) {
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
