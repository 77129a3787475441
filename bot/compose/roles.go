package compose

import (
	"fmt"
	"slices"
	"strings"

	"careerbot/bot/chat"
	"careerbot/bot/compose/money"
	"careerbot/bot/intent"
	"careerbot/knowledge"
)

// roles answers which roles there are, by level, or what one of them does.
func (c *composer) roles() chat.Answer {
	in := c.in
	role := in.Role("")
	senior := len(in.Levels) > 0
	switch {
	case c.names("path", "ladder") && !c.otherSteps(role):
		return c.ladder(nil) // whole, of whatever role it was asked
	case role != "" && role != c.b.role() && !in.Flags.Has(intent.List):
		return c.oneRole(role)
	case len(in.Things) > 0 && !c.names("role", "job", "posit", "titl", "path", "ladder"):
		return c.found(knowledge.KindRole, knowledge.KindCareerPath, knowledge.KindResponsibility)
	case in.Flags.Has(intent.Progress) || c.names("path", "ladder"):
		return c.ladder(nil) // whole, for what comes after a level is another
	case senior && c.levelFact(c.in.Levels...) != nil && !c.names("role", "job", "posit", "titl"):
		return c.atLevelRole()
	case senior:
		return c.ladder(in.Levels)
	case c.tellingBeyond() || len(c.in.Things) > 0:
		return c.found(knowledge.KindRole, knowledge.KindCareerPath, knowledge.KindResponsibility)
	}
	return c.ladder(nil)
}

// otherSteps says whether the articles say more of a role's place on the ladder than that it has one.
func (c *composer) otherSteps(role string) bool {
	return role != "" && role != c.b.role() && len(c.only(role, []knowledge.Kind{knowledge.KindCareerPath})) > 0
}

// levelFact is the fact on what the role does at the level asked about: the senior back-end developer.
func (c *composer) levelFact(levels ...string) *knowledge.Fact {
	for _, f := range c.b.byKind[knowledge.KindRole] {
		for _, level := range levels {
			if !f.Listing && c.b.lex.Entity(level) != nil && c.b.starts(f.Subject, level) {
				return f
			}
		}
	}
	return nil
}

// starts says whether a subject begins with a word for the level: "Junior Back-End Developer" with entry level.
func (b *Book) starts(subject, level string) bool {
	first, _, _ := strings.Cut(strings.ToLower(subject), " ")
	return slices.Contains(b.lex.Entity(level).Words, first)
}

// atLevelRole answers what the role is at a level.
func (c *composer) atLevelRole() chat.Answer {
	facts := []*knowledge.Fact{c.levelFact(c.in.Levels...)}
	for _, f := range c.best(maxRows) {
		if f != facts[0] && len(facts) < fewRows {
			facts = append(facts, f)
		}
	}
	return c.show(facts)
}

// oneRole says what a role does, its level and its pay.
func (c *composer) oneRole(role string) chat.Answer {
	about := c.roleFacts(role)
	if len(about) == 0 {
		return c.found(knowledge.KindRole)
	}
	a := c.answer(c.b.lex.Name(role))
	c.use(about[0])
	a.Lead = c.lead(about[0])
	l := chat.List{Title: "More on this role"}
	for _, f := range about[1:min(len(about), maxRows)] {
		l.Items = append(l.Items, c.item(f))
	}
	for _, f := range c.fold(c.rowsFor(role, "")) {
		l.Items = append(l.Items, chat.Item{Text: fmt.Sprintf("Pay, %s: %s (%s)", c.b.lex.Name(f.Salary.Region), money.Figure(f.Salary),
			f.Salary.Kind), Of: c.b.cite(f.Article, c.now), Sources: []string{f.Article}})
		c.use(f)
	}
	if len(l.Items) > 0 {
		a.Blocks = append(a.Blocks, l)
	}
	return a
}

// roleFacts gives the facts about a role, those that say what it does first, without its pay.
func (c *composer) roleFacts(role string) []*knowledge.Fact {
	var first, rest []*knowledge.Fact
	for _, f := range c.b.about[role] {
		switch {
		case f.Kind == knowledge.KindSalary:
		case f.Kind == knowledge.KindRole && strings.EqualFold(f.Subject, c.b.lex.Name(role)) && f.Level == "" && !f.Listing:
			first = append(first, f)
		case len(f.About) <= 4:
			rest = append(rest, f)
		}
	}
	slices.SortStableFunc(rest, func(x, y *knowledge.Fact) int { return c.weigh(y) - c.weigh(x) })
	return append(first, rest...)
}

func (c *composer) ladderTitle() string { return "Roles in " + c.b.pack.Subject }

// ladder lists the roles the articles name by level, then those without one.
func (c *composer) ladder(levels []string) chat.Answer {
	a := c.answer(c.ladderTitle())
	l := chat.List{}
	var leads []string
	for _, f := range c.b.byKind[knowledge.KindCareerPath] {
		if f.Level == "" || len(levels) > 0 && !slices.Contains(levels, f.Level) {
			continue
		}
		name := c.b.lex.Name(f.Level)
		names := strings.TrimSuffix(f.Text, ".")
		l.Items = append(l.Items, chat.Item{Text: upper(name) + ": " + names, Of: c.b.cite(f.Article, c.now), Sources: []string{f.Article}})
		leads = append(leads, strings.ToLower(name)+": "+names)
		c.use(f)
	}
	if len(levels) == 0 || len(l.Items) == 0 {
		for _, f := range c.b.byKind[knowledge.KindCareerPath] {
			if f.Level == "" && (f.Figures["count"] != "") {
				l.Items = append(l.Items, c.item(f))
			}
		}
	}
	if len(l.Items) == 0 {
		return c.found(knowledge.KindRole, knowledge.KindCareerPath)
	}
	a.Lead = sentence("The articles name, " + strings.Join(leads, "; "))
	if len(leads) == 0 {
		a.Lead = l.Items[0].Text
	}
	a.Blocks = append(a.Blocks, l)
	return a
}

// responsibilities answers what the work is: the duty lists of every article, or the facts on a named part of it.
func (c *composer) responsibilities() chat.Answer {
	role := c.in.Role("")
	if role != "" && role != c.b.role() {
		return c.oneRole(role)
	}
	if len(c.in.Levels) > 0 && c.levelFact(c.in.Levels...) != nil && !c.tellingBeyond() {
		return c.atLevelRole()
	}
	if c.in.Flags.Has(intent.Team) || c.tellingBeyond() || len(c.in.Things) > 0 || len(c.in.Levels) > 0 {
		return c.found(knowledge.KindResponsibility, knowledge.KindRole)
	}
	return c.overview("What a "+c.subject()+" does", knowledge.KindResponsibility)
}
