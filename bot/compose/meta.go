package compose

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"careerbot/bot/chat"
	"careerbot/bot/intent"
	"careerbot/knowledge"
)

// sources lists the articles, newest first, with what is known of each.
func (c *composer) sources() chat.Answer {
	if c.in.Flags.Has(intent.Disagree) {
		if a := c.disagreements(); len(a.Blocks) > 0 {
			return a
		}
	}
	if len(c.in.Things) == 1 && len(c.b.mentions(c.in.Things[0])) > 0 && c.counts() {
		id := c.in.Things[0]
		return c.whoNames(c.answer(upper(c.b.lex.Name(id))), id, c.b.mentions(id), c.about(id))
	}
	if rows := c.b.byKind[knowledge.KindSalary]; c.in.Sum > 0 {
		if f := c.stated(rows); f != nil {
			return c.show([]*knowledge.Fact{f})
		}
	}
	a := c.answer("Where the answers come from")
	l := chat.List{}
	for _, id := range c.b.newest {
		l.Items = append(l.Items, c.article(id, fmt.Sprintf("%d facts", c.facts(id))))
		a.Sources = append(a.Sources, c.source(id, ""))
	}
	a.Lead = fmt.Sprintf("%d articles and %d facts drawn from them%s; every answer names which, and how old they are.",
		len(c.b.newest), len(c.b.pack.Facts), c.ages())
	a.Blocks = append(a.Blocks, l)
	a.Confidence = 1
	return a
}

// ages says which article is the newest, which the oldest, and how many have no date; "" where there is but one.
func (c *composer) ages() string {
	dated := slices.DeleteFunc(slices.Clone(c.b.newest), func(id string) bool { return c.b.articles[id].Date == "" })
	if len(dated) < 2 {
		return ""
	}
	oldest := dated[len(dated)-1]
	s := fmt.Sprintf(", the newest %s (%s), the oldest dated one %s (%s)", c.b.name(dated[0]), c.b.date(dated[0], c.now), c.b.name(oldest), c.b.date(oldest, c.now))
	if n := len(c.b.newest) - len(dated); n > 0 {
		s += fmt.Sprintf(", %d undated", n)
	}
	return s
}

// maxDisputes is how many disagreements one answer shows.
const maxDisputes = 10

// disagreements sets the statements the articles differ on against each other, those found for the question first.
func (c *composer) disagreements() chat.Answer {
	a := c.answer("Where the articles disagree")
	var pairs [][2]*knowledge.Fact
	told := map[string]bool{}
	for i := range c.b.pack.Facts {
		f := &c.b.pack.Facts[i]
		for _, id := range f.But {
			if o := c.b.pack.Fact(id); o != nil && f.Salary == nil && !told[f.ID] && !told[id] {
				told[f.ID], told[id] = true, true
				pairs = append(pairs, [2]*knowledge.Fact{f, o})
			}
		}
	}
	on := ""
	if named := slices.DeleteFunc(slices.Clone(pairs), func(p [2]*knowledge.Fact) bool {
		return !aboutAny(p[0], c.in.Things) && !aboutAny(p[1], c.in.Things)
	}); len(named) > 0 {
		pairs, on = named, " about "+join(c.namesOf(c.in.Things))
	}
	l := chat.List{}
	for _, p := range pairs[:min(len(pairs), maxDisputes)] {
		one, other := c.item(p[0]), c.item(p[1])
		l.Items = append(l.Items, chat.Item{
			Text: fmt.Sprintf("%s (%s), but: %s", strings.TrimSuffix(one.Text, "."), one.Of, c.within(other.Text)), Of: other.Of,
			Sources: []string{p[0].Article, p[1].Article},
		})
	}
	if len(l.Items) > 0 {
		a.Lead = "The articles disagree on " + count(len(pairs), "matter") + on + " I know of, beside their figures; which is right I cannot say, so both are shown."
		a.Blocks = append(a.Blocks, l)
	}
	a.Confidence = 1
	return a
}

// within is a statement inside a sentence; a question keeps its capital.
func (c *composer) within(s string) string {
	if strings.Contains(s, "? ") {
		return s
	}
	return c.b.lower(s)
}

// article is one article as a line: publisher, title, author, a note, address, date.
func (c *composer) article(id, note string) chat.Item {
	art := c.b.articles[id]
	parts := []string{art.Title}
	if art.Author != "" {
		parts = append(parts, "by "+art.Author)
	}
	if note != "" {
		parts = append(parts, note)
	}
	if art.URL != "" {
		parts = append(parts, art.URL)
	}
	publisher := art.Publisher
	if publisher == "" {
		publisher = "Publisher unknown"
	}
	return chat.Item{Text: publisher + ": " + strings.Join(parts, ", "), Of: c.b.date(id, c.now), Sources: []string{id}}
}

// Sources lists the articles that an answer on topic drew on, in its order, with the sections it used.
func Sources(topic chat.Topic, b *Book, sources []chat.Source, now time.Time) chat.Answer {
	c := &composer{b: b, now: now}
	a := c.answer("Sources of this answer")
	a.Topic, a.Confidence, a.Sources = topic, 1, sources
	sections := map[string][]string{}
	var ids []string
	for _, s := range sources {
		if b.articles[s.ID] == nil {
			continue
		}
		if !slices.Contains(ids, s.ID) {
			ids = append(ids, s.ID)
		}
		if s.Section != "" {
			sections[s.ID] = append(sections[s.ID], "“"+s.Section+"”")
		}
	}
	l := chat.List{}
	for _, id := range ids {
		l.Items = append(l.Items, c.article(id, strings.Join(sections[id], ", ")))
	}
	a.Lead = fmt.Sprintf("That answer draws on %s.", count(len(ids), "article"))
	a.Blocks = append(a.Blocks, l)
	return a
}

// count is a number of things in words that agree with it.
func count(n int, thing string) string {
	if n == 1 {
		return "one " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

func (c *composer) facts(article string) int {
	n := 0
	for i := range c.b.pack.Facts {
		if c.b.pack.Facts[i].Article == article {
			n++
		}
	}
	return n
}

// help says what can be asked, with an example for each command.
func (c *composer) help() chat.Answer {
	a := c.answer("What you can ask")
	a.Lead = c.scope()
	l := chat.List{Title: "Commands"}
	for _, cmd := range chat.Commands() {
		example := cmd.Example
		if own, ok := c.b.pack.Examples[cmd.Name]; ok {
			example = own
		}
		example = "/" + c.b.pack.Command + " " + strings.TrimSpace(cmd.Name+" "+example)
		l.Items = append(l.Items, chat.Item{Text: example, Of: c.b.lower(cmd.Summary)})
	}
	a.Blocks = append(a.Blocks, l, chat.Text{Text: "Plain questions work too, also short, misspelt or in Hinglish: “fresher ko kitna package milega”."})
	a.Confidence = 1
	return a
}
