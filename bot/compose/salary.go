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

// salary answers what something pays: figures by source, never averaged over sources.
func (c *composer) salary() chat.Answer {
	in := c.in
	if role := c.byDeed(); role != "" {
		in.Roles = []string{role}
	}
	switch {
	case in.Flags.Has(intent.List) && len(in.Levels) == 0 && c.names("role", "job", "career", "position", "title") && !c.priceless():
		return c.payByRole() // "which roles pay more than 10 lakh" too: more is no question of what moves pay there
	case in.Sum > 0 && !in.Flags.Has(intent.Convert) && !c.priceless() && c.foreignCurrency() == "":
		return c.figures()
	case in.Follow && in.Flags.Has(intent.Highest) && c.priceless():
		return c.payFactors() // which of the languages spoken of, not which role
	case in.Flags.Has(intent.Highest) || in.Flags.Has(intent.Lowest):
		if in.Provider != "" || in.Flags.Has(intent.Highest|intent.Lowest) && len(in.Roles) > 0 {
			return c.figures() // both ends of one role's pay
		}
		if in.Flags.Has(intent.Lowest) && len(in.Roles)+len(in.Levels) > 0 && !c.names("role", "job", "posit", "titl") {
			return c.figures() // where that role's pay begins, not which role is paid least
		}
		if len(in.Roles) <= 1 && !in.Flags.Has(intent.Place) {
			return c.payByRole()
		}
		return c.found(knowledge.KindFactor)
	case in.Flags.Has(intent.Convert) && in.Currency != "" && in.Currency == c.b.paidIn[c.b.home] && len(in.Regions) == 0 && !in.Follow:
		in.Regions = []string{c.b.home} // pay in rupees is pay in India, not another country's put into them
		return c.figures()
	case in.Flags.Has(intent.Convert) || c.foreignCurrency() != "":
		return c.converted()
	case in.Flags.Has(intent.Why) && len(in.Roles) > 1:
		return c.found(knowledge.KindComparison, knowledge.KindFactor)
	case c.asksFactor():
		return c.payFactors()
	}
	if c.passing() {
		c.withoutFigures()
		return c.found(knowledge.KindFactor, knowledge.KindFAQ)
	}
	return c.figures()
}

// byDeed gives the role that does what the question tells of somebody whose pay it asks: "someone who designs the
// structure of software, what do they make". "" where none stands out, or a role, level or thing is named.
func (c *composer) byDeed() string {
	in := c.in
	if len(c.otherRoles())+len(in.Levels)+len(in.Things) > 0 || in.Follow || in.Provider != "" || c.tellingWords() == 0 {
		return ""
	}
	role, score, cover := "", 0.0, deedCover
	if len(in.Specific()) > storyWords {
		cover = deedStory
	}
	for _, h := range c.hits {
		does := c.doer(h.Fact)
		switch {
		case does == "" || does == role:
		case role != "":
			if score < deedLead*h.Score {
				return ""
			}
			return role
		case h.Coverage < cover || h.Score < deedShare*c.hits[0].Score:
			return ""
		default:
			role, score = does, h.Score
		}
	}
	return role
}

// doer is the priced role, other than the pack's, that a fact tells the work of; "" where there is none.
func (c *composer) doer(f *knowledge.Fact) string {
	if f == nil || f.Kind != knowledge.KindRole || f.Listing {
		return ""
	}
	for _, id := range f.About {
		if id != c.b.role() && c.kindOf(id) == lexicon.KindRole && len(c.rowsFor(id, "")) > 0 {
			return id
		}
	}
	return ""
}

// How much of a question, or of a story, a role's fact must meet for that, how near it must come to the best fact, and
// by how much it must exceed another role's.
const (
	deedCover = 0.5
	deedStory = 0.2
	deedShare = 0.7
	deedLead  = 1.3
)

// passing says whether pay is only spoken of: nothing is named that has a price, and the best fact found is no figure.
func (c *composer) passing() bool {
	in := c.in
	if len(in.Levels)+len(in.Regions)+len(c.otherRoles()) > 0 || in.Provider != "" || in.Follow || len(c.hits) == 0 {
		return false
	}
	best := c.hits[0].Fact
	return c.tellingWords() > 1 && best != nil && best.Kind != knowledge.KindSalary
}

// foreignCurrency is the currency asked for where the one region asked about pays in another, or where an answer without
// one is to be in it; else "".
func (c *composer) foreignCurrency() string {
	in := c.in
	if in.Currency != "" && (len(in.Regions) == 1 && c.foreignTo(in.Currency, in.Regions[0]) || len(in.Regions) == 0 && in.Follow) {
		return in.Currency
	}
	return ""
}

// foreignTo says whether a currency is not the one a region pays in, and one that a rate is known for: impliedRate.
func (c *composer) foreignTo(currency, region string) bool {
	paid := c.b.paidIn[region]
	return currency == "USD" && paid == "INR" || currency == "INR" && paid == "USD"
}

// asksFactor tells "what moves pay" from "how much is it".
func (c *composer) asksFactor() bool {
	in := c.in
	if c.priceless() {
		return true
	}
	if in.Flags.Has(intent.Place) {
		return len(in.Regions) < 2 || c.names("citi", "town", "place", "region", "locat") // "India or the US, where is it more"
	}
	if !in.Flags.Has(intent.Factor) || len(in.Roles) >= 2 || len(in.Levels) >= 2 {
		return false
	}
	return true
}

// priceless says whether the question is about the worth of something that is no role: a language, a degree.
func (c *composer) priceless() bool {
	return len(c.in.Levels) == 0 && slices.ContainsFunc(c.in.Things, func(id string) bool {
		switch c.kindOf(id) {
		case lexicon.KindProvider, lexicon.KindArticle, lexicon.KindCity:
			return false
		}
		return true
	})
}

// worth gives the facts that tie the named things to pay.
func (c *composer) worth() []*knowledge.Fact {
	var out []*knowledge.Fact
	for _, k := range []knowledge.Kind{knowledge.KindFactor, knowledge.KindComparison, knowledge.KindEducation, knowledge.KindLanguage, knowledge.KindFramework} {
		for _, f := range c.b.byKind[k] {
			if aboutAny(f, c.in.Things) && (k == knowledge.KindFactor || mentionsPay(f)) && len(out) < maxRows {
				out = append(out, f)
			}
		}
	}
	return out
}

// names says whether one of the stems is among the question's words.
func (c *composer) names(stems ...string) bool {
	for _, t := range c.in.Terms {
		if slices.Contains(stems, t.Stem) {
			return true
		}
	}
	return false
}

// payFactors answers what moves pay: the facts found, or the overview where nothing special was asked.
func (c *composer) payFactors() chat.Answer {
	c.withoutFigures()
	if worth := c.worth(); len(worth) > 0 {
		return c.show(c.pad(worth, []knowledge.Kind{knowledge.KindFactor, knowledge.KindComparison}))
	}
	if c.telling() || len(c.in.Things) > 0 || len(c.in.Roles) > 1 {
		return c.found(knowledge.KindFactor, knowledge.KindComparison)
	}
	return c.overview("What moves "+c.subject()+" pay", knowledge.KindFactor)
}

// withoutFigures drops the figures from what was found: what moves pay is asked, not how much it is.
func (c *composer) withoutFigures() {
	c.hits = slices.DeleteFunc(slices.Clone(c.hits), func(h Hit) bool { return h.Fact != nil && h.Fact.Kind == knowledge.KindSalary })
}

// rowsFor gives the salary facts of a role in a region ("" is any), narrowed by article and provider.
func (c *composer) rowsFor(role, region string) []*knowledge.Fact {
	var out []*knowledge.Fact
	for _, f := range c.b.byKind[knowledge.KindSalary] {
		s := f.Salary
		if s.Role != role || region != "" && s.Region != region {
			continue
		}
		if c.in.Article != "" && f.Article != c.in.Article {
			continue
		}
		if c.in.Provider != "" && !strings.EqualFold(firstWord(s.Provider), c.in.Provider) {
			continue
		}
		out = append(out, f)
	}
	return out
}

func firstWord(s string) string {
	w, _, _ := strings.Cut(s, " ")
	return w
}

// figures answers with a table for each role and region asked about.
func (c *composer) figures() chat.Answer {
	in := c.in
	roles := in.Roles
	if len(roles) == 0 {
		roles = []string{c.b.role()}
	}
	a := c.answer(c.payTitle(roles))
	var leads, missing []string
	for _, role := range roles {
		if c.unpriced(role) {
			missing = append(missing, c.b.lex.Name(role))
			continue
		}
		for _, region := range c.common(roles, role) {
			if lead := c.table(&a, role, region); lead != "" {
				leads = append(leads, lead)
			} else {
				missing = append(missing, c.b.lex.Name(role)+" in "+c.b.lex.Name(region))
			}
		}
	}
	if len(leads) == 0 {
		return c.noFigure(missing)
	}
	a.Lead = strings.Join(leads, " ")
	if len(roles) == 1 {
		a.Facets = c.payFacets(roles[0])
	}
	c.cityNote(&a)
	if len(missing) > 0 {
		a.Blocks = append(a.Blocks, chat.Text{Text: "No figure in the articles for " + join(missing) + "."})
	}
	c.payDifference(&a, roles)
	return a
}

func (c *composer) unpriced(role string) bool { return len(c.rowsFor(role, "")) == 0 }

func (c *composer) payTitle(roles []string) string {
	var names []string
	for _, r := range roles {
		names = append(names, c.b.lex.Name(r))
	}
	title := strings.Join(names, " and ") + " pay"
	for _, r := range c.in.Regions {
		title += ", " + c.b.lex.Name(r)
	}
	return title
}

// table adds the figures of one role in one region and gives the sentence that sums them up, "" where there are none.
func (c *composer) table(a *chat.Answer, role, region string) string {
	all := c.rowsFor(role, region)
	if len(all) == 0 {
		return ""
	}
	rows, byLevel := c.atLevel(all)
	if len(rows) == 0 {
		rows = unleveled(all)
		if len(rows) == 0 {
			rows = all
		}
	}
	rows = c.fold(rows)
	where := c.b.lex.Name(region)
	title := c.b.lex.Name(role) + ", " + where
	if byLevel {
		title = c.levelName() + title
	}
	a.Blocks = append(a.Blocks, c.payTable(upper(title), rows))
	if len(rows) > 1 {
		a.Blocks = append(a.Blocks, c.payChart(role, where, rows))
	}
	for _, f := range rows {
		c.use(f)
	}
	c.notes(a, all, rows, byLevel)
	c.monthly(a, rows)
	lead := c.payLead(role, where, rows, byLevel)
	if said := c.offered(rows, byLevel); said != "" {
		lead = said + " " + lead
	}
	return lead
}

// levelName is the level asked about as a prefix: "Senior ", "".
func (c *composer) levelName() string {
	var names []string
	for _, l := range c.levels() {
		names = append(names, c.b.lex.Name(l))
	}
	if len(names) == 0 {
		return ""
	}
	return strings.Join(names, " and ") + " "
}

// levels gives the levels asked for, by name or by years. Which level some years are is this bot's guess and said so.
func (c *composer) levels() []string {
	if len(c.in.Levels) > 0 || c.in.YearsHigh == 0 {
		return c.in.Levels
	}
	switch y := (c.in.YearsLow + c.in.YearsHigh) / 2; {
	case y < 2:
		return []string{"entry"}
	case y <= 5:
		return []string{"mid"}
	}
	return []string{"senior"}
}

// atLevel keeps the figures of the levels asked for; byLevel says whether a level was asked for and found.
func (c *composer) atLevel(all []*knowledge.Fact) (rows []*knowledge.Fact, byLevel bool) {
	levels := c.levels()
	if len(levels) == 0 {
		return all, false
	}
	for _, f := range all {
		if slices.Contains(levels, f.Salary.Level) || c.yearsFit(f.Salary) {
			rows = append(rows, f)
		}
	}
	return rows, len(rows) > 0
}

// yearsFit says whether a figure's years of experience cover those asked for.
func (c *composer) yearsFit(s *knowledge.Salary) bool {
	if s.Years == "" || c.in.YearsHigh == 0 {
		return false
	}
	var low, high float64
	if n, _ := fmt.Sscanf(s.Years, "%g-%g", &low, &high); n != 2 {
		return false
	}
	return c.in.YearsLow <= high && c.in.YearsHigh >= low
}

func unleveled(all []*knowledge.Fact) []*knowledge.Fact {
	var out []*knowledge.Fact
	for _, f := range all {
		if f.Salary.Level == "" {
			out = append(out, f)
		}
	}
	return out
}

// fold drops figures that another of the same source already contains: Randstad's average stands in its spread too.
func (c *composer) fold(rows []*knowledge.Fact) []*knowledge.Fact {
	var out []*knowledge.Fact
	for _, f := range rows {
		contained := slices.ContainsFunc(rows, func(o *knowledge.Fact) bool {
			return o != f && o.Article == f.Article && covers(o.Salary, f.Salary)
		})
		if !contained {
			out = append(out, f)
		}
	}
	slices.SortStableFunc(out, func(x, y *knowledge.Fact) int {
		return cmp.Compare(slices.Index(c.b.newest, x.Article), slices.Index(c.b.newest, y.Article))
	})
	return out
}

// covers says whether a states everything b states, and more.
func covers(a, b *knowledge.Salary) bool {
	same := func(x, y float64) bool { return y == 0 || x == y }
	more := a.Low != b.Low || a.High != b.High || a.Mean != b.Mean
	return more && a.Level == "" && same(a.Low, b.Low) && same(a.High, b.High) && same(a.Mean, b.Mean)
}
