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

// roadmap answers how to start: the steps of every article that has them, or the facts on time, projects and the like.
func (c *composer) roadmap() chat.Answer {
	in := c.in
	special := in.Flags.Has(intent.Duration) || in.Flags.Has(intent.Projects) || in.Flags.Has(intent.First) && len(in.Things) > 0
	if special || c.tellingBeyond() && len(in.Things) > 0 || c.single() {
		return c.found(knowledge.KindFAQ, knowledge.KindRoadmapStep)
	}
	a := c.answer("How to become " + oneOf(c.subject()))
	var leads []string
	for _, article := range c.b.newest {
		steps := c.steps(article)
		if len(steps) == 0 {
			continue
		}
		l := chat.List{Title: c.b.cite(article, c.now), Ordered: true}
		var names []string
		for _, step := range steps {
			l.Items = append(l.Items, c.stepItem(step))
			names = append(names, stepName(step[0]))
		}
		leads = append(leads, fmt.Sprintf("%s: %s", c.b.name(article), strings.Join(names, " → ")))
		a.Blocks = append(a.Blocks, l)
	}
	if len(leads) == 0 {
		return c.found(knowledge.KindRoadmapStep)
	}
	lay := fmt.Sprintf("%d articles lay", len(leads))
	if len(leads) == 1 {
		lay = "One article lays"
	}
	a.Lead = fmt.Sprintf("%s out a path. %s.", lay, strings.Join(leads, ". "))
	return a
}

// single says whether the question is about learning one named thing.
func (c *composer) single() bool {
	return slices.ContainsFunc(c.in.Things, func(id string) bool { return c.kindOf(id) != lexicon.KindGroup })
}

// steps gives an article's roadmap, the facts of one step together.
func (c *composer) steps(article string) [][]*knowledge.Fact {
	var out [][]*knowledge.Fact
	for _, f := range c.b.byKind[knowledge.KindRoadmapStep] {
		if f.Article != article || f.Step == 0 {
			continue
		}
		for len(out) < f.Step {
			out = append(out, nil)
		}
		out[f.Step-1] = append(out[f.Step-1], f)
	}
	return slices.DeleteFunc(out, func(s []*knowledge.Fact) bool { return len(s) == 0 })
}

// stepItem joins the facts of one step; the citation stands once above the list.
func (c *composer) stepItem(step []*knowledge.Fact) chat.Item {
	it := chat.Item{Sources: []string{step[0].Article}}
	var texts []string
	for _, f := range step {
		texts = append(texts, sentence(f.Text))
		c.use(f)
	}
	it.Text = strings.Join(texts, " ")
	return it
}

// stepName is a step's subject without its number: "Step 2: frameworks" is "frameworks".
func stepName(f *knowledge.Fact) string {
	if _, name, ok := strings.Cut(f.Subject, ": "); ok {
		name, _, _ = strings.Cut(name, " (")
		return name
	}
	return f.Subject
}

// next answers what to learn after what the asker knows: what the articles ask for and the asker lacks, most agreed
// on first; frameworks of a language they know before those of others.
func (c *composer) next() chat.Answer {
	known := c.in.Known
	if len(known) == 0 {
		known = c.in.Things
	}
	if len(known) == 0 {
		return c.roadmap()
	}
	total := len(c.b.newest)
	a := c.answer("What to learn next")
	l := chat.List{Ordered: true}
	var lead []string
	for _, ar := range c.lacking(known) {
		it, name := c.gap(ar, known, total)
		l.Items = append(l.Items, it)
		lead = append(lead, name)
		if len(l.Items) == maxRows {
			break
		}
	}
	a.Lead = fmt.Sprintf("Next for you: %s.", join(lead[:min(len(lead), 4)]))
	a.Blocks = append(a.Blocks, l)
	if steps := c.stepsAfter(known); len(steps) > 0 {
		a.Blocks = append(a.Blocks, chat.List{Title: "Next step in the articles' own paths", Items: steps})
	}
	a.Blocks = append(a.Blocks, chat.Text{Text: fmt.Sprintf(
		"Why: ranked by how many of the %d articles name it; left out is what you said you know (%s).", total, join(c.namesOf(known)))})
	return a
}

// stepsAfter gives, for every article with a roadmap, the step behind the last one that teaches what is known.
func (c *composer) stepsAfter(known []string) []chat.Item {
	var out []chat.Item
	for _, article := range c.b.newest {
		steps := c.steps(article)
		last := -1
		for i, step := range steps {
			if slices.ContainsFunc(step, func(f *knowledge.Fact) bool { return aboutAny(f, known) }) {
				last = i
			}
		}
		if last < 0 || last+1 >= len(steps) {
			continue
		}
		it := c.stepItem(steps[last+1])
		it.Of = c.b.cite(article, c.now)
		out = append(out, it)
	}
	return out
}

func (c *composer) namesOf(ids []string) []string {
	var out []string
	for _, id := range ids {
		out = append(out, c.b.lex.Name(id))
	}
	return out
}

// lacking gives the areas of which nothing is known, most agreed on first. An area of alternatives (languages,
// databases) is not lacking when one of them is known; soft skills are nothing to learn next.
func (c *composer) lacking(known []string) []area {
	var out []area
	for _, id := range c.b.pack.SkillAreas {
		ar := c.area(id)
		if id == softSkills || len(ar.by) == 0 || slices.ContainsFunc(ar.ids, func(id string) bool { return slices.Contains(known, id) }) {
			continue
		}
		out = append(out, ar)
	}
	slices.SortStableFunc(out, func(x, y area) int { return len(y.by) - len(x.by) })
	return out
}

// gap is one area to learn: its most agreed members, or those that fit a language already known.
func (c *composer) gap(ar area, known []string, total int) (it chat.Item, name string) {
	shown := ar.members
	name = c.b.lower(ar.name)
	if fits := slices.DeleteFunc(slices.Clone(ar.members), func(m counted) bool { return !slices.Contains(known, m.Of) }); len(fits) > 0 {
		shown = fits
		name += " for " + c.b.lex.Name(fits[0].Of)
	}
	it = chat.Item{Text: upper(name), Of: fmt.Sprintf("%d of %d", len(ar.by), total), Sources: ar.by}
	if s := counts(shown, 4); s != "" {
		name += " (" + shown[0].Name + or(shown) + ")"
		it.Text += ": " + s
	}
	c.useArea(ar)
	return it, name
}

// or names a second choice.
func or(members []counted) string {
	if len(members) < 2 {
		return ""
	}
	return " or " + members[1].Name
}

// kindOf is an entity's kind, "" for an unknown id.
func (c *composer) kindOf(id string) string {
	if e := c.b.lex.Entity(id); e != nil {
		return e.Kind
	}
	return lexicon.KindConcept
}

// oneOf puts the article before a name, by its first letter.
func oneOf(name string) string {
	if name != "" && strings.ContainsRune("aeioAEIO", rune(name[0])) {
		return "an " + name
	}
	return "a " + name
}
