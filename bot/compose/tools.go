package compose

import (
	"cmp"
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
	switch {
	case len(c.in.Roles) >= 2:
		return c.found(knowledge.KindComparison)
	case group != "" && thing == "" && c.in.Flags.Has(intent.Define):
		return c.found(knowledge.KindDefinition)
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

// parentOf says whether some member of the group belongs to the thing: Python among the frameworks.
func (c *composer) parentOf(group, thing string) bool {
	return slices.ContainsFunc(c.b.members(group), func(m counted) bool { return m.Of == thing })
}

// tellingBeyond says whether the question holds words beyond what it names, so that facts answer it.
func (c *composer) tellingBeyond() bool {
	if c.wantsFacts() {
		return c.telling()
	}
	return c.tellingWords() > 0
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
}

// group lists the members of a family, most agreed on first, with what the articles say of each.
func (c *composer) group(group, of string) chat.Answer {
	members := c.b.members(group)
	name := c.b.lex.Name(group)
	if of != "" && c.parentOf(group, of) {
		members = slices.DeleteFunc(slices.Clone(members), func(m counted) bool { return !slices.Contains(c.in.Things, m.Of) })
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
