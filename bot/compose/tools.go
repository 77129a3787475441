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

// tools answers which languages, frameworks, databases and tools there are, a group of them, or one.
func (c *composer) tools() chat.Answer {
	group, thing := c.split()
	if f := c.first(group); f != nil && thing == "" {
		return c.show(append([]*knowledge.Fact{f}, slices.DeleteFunc(c.best(fewRows), func(o *knowledge.Fact) bool { return o == f })...))
	}
	switch {
	case len(c.in.Roles) >= 2:
		return c.found(knowledge.KindComparison)
	case group != "" && thing == "" && c.in.Flags.Has(intent.Define):
		return c.found(knowledge.KindDefinition)
	case thing == "" && c.tellingWords() == 0 && len(c.families()) > 1:
		return c.areas("Tools and technologies", "Of what you name", c.families(), knowledge.KindTool)
	case group != "" && (thing == "" || c.parentOf(group, thing)) && (c.tellingWords() < 2 && !c.wantsFacts() || c.tellingWords() == 0):
		return c.group(group, thing)
	case thing != "" && !c.tellingBeyond():
		return c.thing(thing)
	case c.telling():
		return c.found()
	}
	return c.areas(toolsTitle, "The most named", c.b.pack.ToolAreas, knowledge.KindTool)
}

// split parts what was named into a group and a single thing.
func (c *composer) split() (group, thing string) {
	for _, id := range c.in.Things {
		e := c.b.lex.Entity(id)
		if e.Kind == lexicon.KindGroup {
			if group == "" || len(c.b.lex.Members(id)) > 0 && len(c.b.lex.Members(id)) < len(c.b.lex.Members(group)) {
				group = id
			}
		} else if thing == "" {
			thing = id
		}
	}
	return group, thing
}

// families gives the groups that were named beside one another, none of them part of another: "SQL or NoSQL databases".
func (c *composer) families() []string {
	var out []string
	for _, id := range c.in.Things {
		if c.kindOf(id) != lexicon.KindGroup || len(c.b.members(id)) == 0 {
			return nil
		}
		for _, o := range out {
			if slices.ContainsFunc(c.b.members(o), func(m counted) bool { return slices.Contains(m.Groups, id) }) {
				return nil
			}
		}
		out = append(out, id)
	}
	return out
}

// parentOf says whether some member of the group belongs to the thing: Python among the frameworks.
func (c *composer) parentOf(group, thing string) bool {
	return slices.ContainsFunc(c.b.members(group), func(m counted) bool { return c.belongs(m, thing) })
}

// belongs says whether an entity belongs to a thing or to what is the same: Express to Node.js, and so to JavaScript.
func (c *composer) belongs(m counted, thing string) bool {
	if m.Of == "" {
		return false
	}
	e := c.b.lex.Entity(thing)
	return m.Of == thing || e != nil && slices.Contains(e.Same, m.Of)
}

// tellingBeyond says whether the question holds words beyond what it names, so that facts answer it.
func (c *composer) tellingBeyond() bool {
	if c.wantsFacts() {
		return c.telling()
	}
	return c.tellingWords() > 0
}

// first is the fact that says which of a family comes first, where that is asked and one of the best found does; else nil.
func (c *composer) first(group string) *knowledge.Fact {
	if group == "" || !c.in.Flags.Has(intent.First) || c.in.Count > 0 {
		return nil
	}
	for _, h := range c.hits[:min(len(c.hits), 3)] {
		f := h.Fact
		if f == nil || !strings.Contains(f.Text, "first ") {
			continue
		}
		if slices.ContainsFunc(c.b.members(group), func(m counted) bool { return slices.Contains(f.About, m.ID) }) {
			return f
		}
	}
	return nil
}

// wantsFacts says whether a list would not do: which comes first, or why.
func (c *composer) wantsFacts() bool {
	return c.in.Flags.Has(intent.First) || c.in.Flags.Has(intent.Why)
}

// tellingWords counts the words of the articles that say more than the topic, the names and the mere question do.
func (c *composer) tellingWords() int {
	n := 0
	for _, t := range c.in.Specific() {
		if !t.Entity && t.Domain && !plainVerb[t.Stem] {
			n++
		}
	}
	return n
}

// plainVerb holds stems that only carry a question about a list.
var plainVerb = map[string]bool{
	"learn": true, "use": true, "list": true, "popular": true, "common": true, "work": true,
	"look": true, "studi": true, "exist": true, "avail": true, "name": true, "everi": true, "day": true, "daili": true,
	"includ": true, "prefer": true, "top": true, "select": true, "choos": true, "pick": true, "applic": true, "write": true,
	"build": true, "tech": true, "mention": true, "articl": true, "recommend": true, "suggest": true, "main": true, "web": true, "technic": true, "becom": true, "core": true, "requir": true, "import": true, "today": true, "dive": true, "comput": true, "someon": true, "hand": true, "person": true, "somebodi": true,
	"agre": true, "best": true,
}

// group lists the members of a family, most agreed on first, with what the articles say of each.
func (c *composer) group(group, of string) chat.Answer {
	members := c.b.members(group)
	name := c.b.lex.Name(group)
	if of != "" && c.parentOf(group, of) {
		members = slices.DeleteFunc(slices.Clone(members), func(m counted) bool {
			return !slices.ContainsFunc(c.in.Things, func(id string) bool { return c.belongs(m, id) })
		})
		var parents []string
		for _, id := range c.in.Things {
			if c.parentOf(group, id) {
				parents = append(parents, c.b.lex.Name(id))
			}
		}
		name = join(parents) + " " + c.b.lower(name)
	}
	if len(members) == 0 {
		return c.found()
	}
	a := c.answer(name)
	total := len(c.b.newest)
	n := c.rows(len(members))
	l := chat.List{Ordered: true}
	for _, m := range members[:n] {
		l.Items = append(l.Items, c.memberItem(m, total))
	}
	a.Lead = fmt.Sprintf("%s the articles name: %s.", upper(name), join(agreed(members[:n], total)))
	if c.in.Count > 0 && n < len(members) {
		a.Lead = fmt.Sprintf("The %d %s most articles name: %s.", n, c.b.lower(name), join(agreed(members[:n], total)))
	}
	a.Blocks = append(a.Blocks, l)
	if rest := members[n:]; len(rest) > 0 {
		for _, m := range rest {
			c.memberItem(m, total) // so that its articles are among the sources
		}
		a.Blocks = append(a.Blocks, chat.Text{Text: "Also named: " + join(agreed(rest, total)) + "."})
	}
	return a
}

// rows is how many of n rows are shown: as many as were asked for, else those that a person reads.
func (c *composer) rows(n int) int {
	if c.in.Count > 0 {
		return min(n, c.in.Count)
	}
	return min(n, maxRows)
}

// agreed names entities with how many articles name each, where more than one does.
func agreed(members []counted, total int) []string {
	var out []string
	for _, m := range members {
		s := m.Name
		if total > 1 {
			s += fmt.Sprintf(" (%d of %d)", len(m.by), total)
		}
		out = append(out, s)
	}
	return out
}

// memberItem is one member with the most telling fact about it.
func (c *composer) memberItem(m counted, total int) chat.Item {
	it := chat.Item{Text: m.Name, Of: fmt.Sprintf("%d of %d", len(m.by), total), Sources: m.by}
	if f := c.b.telling[m.ID]; f != nil {
		c.use(f)
		text := strings.TrimSuffix(chat.Clip(f.Text, 110), ".")
		it.Text = c.called(m.ID, text)
	}
	it.Text = upper(it.Text)
	for _, article := range m.by {
		c.useArticle(m.ID, article)
	}
	return it
}

// useArticle notes one fact of an article about an entity, so that the article is among the sources.
func (c *composer) useArticle(id, article string) {
	if f := c.b.first[id][article]; f != nil {
		c.use(f)
	}
}

// area is a family of skills or tools with who names it.
type area struct {
	name    string
	ids     []string // the family, what means the same, and its members
	by      []string
	members []counted
}

// area gathers a family; by is empty where no article names it.
func (c *composer) area(id string) area {
	ar := area{name: c.b.lex.Name(id), members: c.b.members(id), ids: []string{id}}
	if e := c.b.lex.Entity(id); e != nil {
		ar.ids = append(ar.ids, e.Same...)
	}
	for _, m := range ar.members {
		ar.ids = append(ar.ids, m.ID)
	}
	ar.by = c.b.mentions(ar.ids...)
	return ar
}

// useArea notes a fact of every article that names the family.
func (c *composer) useArea(ar area) {
	for _, article := range ar.by {
		for _, id := range ar.ids {
			if c.b.first[id][article] != nil {
				c.useArticle(id, article)
				break
			}
		}
	}
}

// areas lists families with their most agreed members: the shape of the skills and the tools answers.
// Where there are no families it gives the facts of the kind.
func (c *composer) areas(title, opening string, ids []string, kind knowledge.Kind) chat.Answer {
	a := c.answer(title)
	total := len(c.b.newest)
	var list []area
	for _, id := range ids {
		if ar := c.area(id); len(ar.by) > 0 {
			list = append(list, ar)
			c.useArea(ar)
		}
	}
	if len(list) == 0 { // the pack names no families, or nothing of them
		if len(c.b.byKind[kind]) == 0 {
			return c.found(kind)
		}
		return c.overview(title, kind)
	}
	slices.SortStableFunc(list, func(x, y area) int { return len(y.by) - len(x.by) })
	var lead, fewer []string
	l := chat.List{Ordered: true}
	for i, ar := range list {
		if i >= c.rows(len(list)) {
			fewer = append(fewer, fmt.Sprintf("%s: %s", c.b.lower(ar.name), shortNames(ar.members)))
			continue
		}
		lead = append(lead, fmt.Sprintf("%s (%d of %d)", c.b.lower(ar.name), len(ar.by), total))
		it := chat.Item{Text: upper(ar.name), Of: fmt.Sprintf("%d of %d", len(ar.by), total), Sources: ar.by}
		if names := counts(ar.members, 8); names != "" {
			it.Text += ": " + names
		}
		l.Items = append(l.Items, it)
	}
	a.Lead = opening + ": " + join(lead) + "."
	a.Blocks = append(a.Blocks, l)
	if len(fewer) > 0 {
		a.Blocks = append(a.Blocks, chat.Text{Text: "Also named: " + strings.Join(fewer, "; ") + "."})
	}
	return a
}

// shortNames names up to six members.
func shortNames(members []counted) string {
	var out []string
	for _, m := range members[:min(len(members), 6)] {
		out = append(out, m.Name)
	}
	return strings.Join(out, ", ")
}

// counts writes members with how many articles name each: "Python 5 · Java 5 · Go 2".
func counts(members []counted, n int) string {
	var out []string
	for _, m := range members[:min(len(members), n)] {
		out = append(out, fmt.Sprintf("%s %d", m.Name, len(m.by)))
	}
	if len(members) > n {
		out = append(out, "…")
	}
	return strings.Join(out, " · ")
}
