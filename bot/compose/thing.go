package compose

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"careerbot/bot/chat"
	"careerbot/bot/intent"
	"careerbot/knowledge"
)

// bareList is how many bytes a statement about several things needs to say more than their names.
const bareList = 30

// mostTelling is the fact that says most about an entity: what it is like rather than that it is listed, with few
// others beside it; nil where it is only listed.
func mostTelling(name, kind string, facts []*knowledge.Fact) *knowledge.Fact {
	score := func(f *knowledge.Fact) int {
		n := 10 - 3*len(f.About) + min(len(f.Text), 90)/30
		if f.Kind == knowledge.KindResponsibility {
			n -= 2 // what is done about it, not what it is
		}
		if len(f.Text) < 30 {
			n -= 6
		}
		if mentionsPay(f) || strings.Contains(f.Text, "such as "+name) {
			n -= 6 // what it earns, or that it is one of many, is not what it is
		}
		if f.Subject == name || strings.HasPrefix(f.Subject, name) {
			n += 8
		}
		if f.Subject == name {
			n += 3 // about the thing as such, not one side of it
			if !strings.Contains(f.Text, name) {
				n++ // and describes it
			}
		}
		return n
	}
	var best *knowledge.Fact
	for _, f := range facts {
		if f.Listing || f.Kind == knowledge.KindSalary || !strings.Contains(strings.ToLower(f.Subject), strings.ToLower(name)) && (string(f.Kind) != kind || len(f.About) > 3) {
			continue // it speaks of something else and names this in passing
		}
		if len(f.Text) < bareList && len(f.About) > 1 && !strings.HasPrefix(f.Subject, name) {
			continue // a list of names
		}
		if best == nil || score(f) > score(best) {
			best = f
		}
	}
	return best
}

// thing answers about one tool, language or idea: the facts about it the search ranked, then the rest.
func (c *composer) thing(id string) chat.Answer {
	about := c.about(id)
	if len(about) == 0 {
		return c.found()
	}
	if f := c.b.telling[id]; f != nil && c.tellingWords() == 0 && c.in.Topic != chat.TopicSkills {
		about = slices.Insert(slices.DeleteFunc(about, func(o *knowledge.Fact) bool { return o == f }), 0, f)
	}
	by := c.b.mentions(id)
	if c.yes() && !c.in.Flags.Has(intent.List) { // whether it is needed is what a question answered says, not what the thing is
		slices.SortStableFunc(about, func(x, y *knowledge.Fact) int { return answers(y) - answers(x) })
	}
	a := c.answer(upper(c.b.lex.Name(id)))
	if c.counts() {
		return c.whoNames(a, id, by, about)
	}
	if c.b.telling[id] == nil && c.tellingWords() == 0 && !c.yes() && about[0].Kind != knowledge.KindDefinition {
		return c.onlyNamed(a, id, by, about) // nothing says what it is
	}
	if c.yes() && answers(about[0]) == 0 && c.tellingWords() == 0 && c.b.telling[id] == nil {
		return c.onlyNamed(a, id, by, about)
	}
	c.use(about[0])
	a.Lead = c.lead(about[0])
	l := chat.List{Title: fmt.Sprintf("%s is named by %d of %d articles", upper(c.b.lex.Name(id)), len(by), len(c.b.newest))}
	for _, f := range about[1:min(len(about), maxRows)] {
		l.Items = append(l.Items, c.item(f))
	}
	if len(l.Items) > 0 {
		a.Blocks = append(a.Blocks, l)
	}
	return a
}

// onlyNamed says who names a thing, and under what; what they say beside that comes with it.
func (c *composer) onlyNamed(a chat.Answer, id string, by []string, about []*knowledge.Fact) chat.Answer {
	var names []string
	for _, article := range by {
		names = append(names, c.b.name(article))
	}
	a.Lead = fmt.Sprintf("%s is named by %d of %d articles", upper(c.b.lex.Name(id)), len(by), len(c.b.newest))
	if group := c.narrowest(id); group != "" {
		a.Lead += ", under " + c.b.lower(c.b.lex.Name(group))
	}
	a.Lead += ": " + join(names) + "."
	about = slices.Clone(about)
	slices.SortStableFunc(about, func(x, y *knowledge.Fact) int {
		return cmp.Or(answers(y)-answers(x), len(x.About)-len(y.About))
	})
	l := chat.List{Title: "What they say"}
	for _, f := range about[:min(len(about), maxRows)] {
		l.Items = append(l.Items, c.item(f))
	}
	a.Blocks = append(a.Blocks, l)
	for _, article := range by {
		c.useArticle(id, article)
	}
	return a
}

// narrowest is the family an entity is shown under in the overview of tools, else the smallest of several that it
// belongs to; "" where there is none.
func (c *composer) narrowest(id string) string {
	best := ""
	if e := c.b.lex.Entity(id); e != nil {
		for _, g := range e.Groups {
			if slices.Contains(c.b.pack.ToolAreas, g) {
				return g
			}
			if n := len(c.b.members(g)); n > 1 && (best == "" || n < len(c.b.members(best))) {
				best = g
			}
		}
	}
	return best
}

// answers is 1 for a fact that answers a question, 0 for another.
func answers(f *knowledge.Fact) int {
	if f.Kind == knowledge.KindFAQ && (yesOrNo(f.Text) || strings.Contains(f.Text, "? ")) {
		return 1
	}
	return 0
}

// counts says whether it is asked which or how many articles name something.
func (c *composer) counts() bool {
	return c.names("articl", "sourc") && (c.in.Topic == chat.TopicSources || c.names("mention", "name", "list", "cover"))
}

// whoNames answers which articles name a thing.
func (c *composer) whoNames(a chat.Answer, id string, by []string, about []*knowledge.Fact) chat.Answer {
	var names []string
	l := chat.List{Title: "What they say"}
	for _, article := range by {
		names = append(names, c.b.name(article))
		for _, f := range about {
			if f.Article == article {
				l.Items = append(l.Items, c.item(f))
				break
			}
		}
		c.useArticle(id, article)
	}
	a.Lead = fmt.Sprintf("%d of %d articles name %s: %s.", len(by), len(c.b.newest), c.b.lex.Name(id), join(names))
	a.Blocks = append(a.Blocks, l)
	return a
}

// about gives the facts about an entity: as the search ranked them, mere mentions behind, unranked ones last.
func (c *composer) about(id string) []*knowledge.Fact {
	ids := []string{id}
	if e := c.b.lex.Entity(id); e != nil {
		ids = append(ids, e.Same...)
	}
	var ranked, plain []*knowledge.Fact
	put := func(f *knowledge.Fact) {
		if slices.Contains(ranked, f) || slices.Contains(plain, f) || !aboutAny(f, ids) {
			return
		}
		if f.Listing {
			plain = append(plain, f)
		} else {
			ranked = append(ranked, f)
		}
	}
	for _, h := range c.hits {
		if h.Fact != nil && h.Score >= 0.3*c.hits[0].Score {
			put(h.Fact)
		}
	}
	for _, id := range ids {
		for _, f := range c.b.about[id] {
			if len(f.About) <= 3 {
				put(f)
			}
		}
	}
	return append(ranked, plain...)
}

func aboutAny(f *knowledge.Fact, ids []string) bool {
	return slices.ContainsFunc(ids, func(id string) bool { return slices.Contains(f.About, id) })
}
