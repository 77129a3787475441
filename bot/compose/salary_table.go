package compose

import (
	"fmt"
	"slices"
	"strings"

	"careerbot/bot/chat"
	"careerbot/bot/compose/money"
	"careerbot/bot/intent"
	"careerbot/knowledge"
	"careerbot/knowledge/lexicon"
)

// payTable has one row for each source: figures, what kind they are and who measured, date.
func (c *composer) payTable(title string, rows []*knowledge.Fact) chat.Table {
	t := chat.Table{Title: title, Columns: []string{"source", "a year", "kind", "as of"}}
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && rows[n].Article == rows[0].Article {
			n++
		}
		t.Rows = append(t.Rows, c.payRow(rows[:n]))
		rows = rows[n:]
	}
	return t
}

// payRow writes the figures of one source.
func (c *composer) payRow(facts []*knowledge.Fact) []string {
	var figures, kinds []string
	for _, f := range facts {
		s := money.Figure(f.Salary)
		if label := c.label(f.Salary, len(facts) > 1); label != "" {
			s = label + " " + s
		}
		figures = append(figures, s)
		kind := f.Salary.Kind
		if !slices.Contains(kinds, kind) {
			kinds = append(kinds, kind)
		}
	}
	kind := strings.Join(kinds, "; ")
	if p := facts[0].Salary.Provider; p != "" {
		kind += ", " + p
	} else {
		kind += ", no provider named"
	}
	return []string{c.b.name(facts[0].Article), strings.Join(figures, "; "), kind, c.b.date(facts[0].Article, c.now)}
}

// label says which level or years a figure is for, where that is not the level asked for.
func (c *composer) label(s *knowledge.Salary, several bool) string {
	switch {
	case s.Years != "":
		return strings.ReplaceAll(s.Years, "-", "–") + " years:"
	case s.Level != "" && (several || len(c.levels()) != 1):
		return strings.ToLower(c.b.lex.Name(s.Level)) + ":"
	case several:
		return "all levels:"
	}
	return ""
}

// payLead sums the rows up in one sentence: the spread and who stands at its ends.
func (c *composer) payLead(role, where string, rows []*knowledge.Fact, byLevel bool) string {
	who := c.b.plural(role) + " in " + where
	if byLevel {
		who = c.levelName() + who
	} else if levels := c.levelName(); levels != "" {
		who = c.noLevel(levels) + who // a figure for all levels must not pass for one of them
	}
	who = upper(who)
	sources := articlesOf(rows)
	currency := rows[0].Salary.Currency
	if len(sources) == 1 {
		return c.onlyLead(who, rows)
	}
	if byLevel && len(c.levels()) > 1 {
		return c.eachLevel(role, where, rows)
	}
	low, high, lowest, highest := money.Spread(rows)
	lead := fmt.Sprintf("%s: %s a year across %d articles", who, money.Span(low, high, currency), len(sources))
	if lowest.Article != highest.Article {
		lead += fmt.Sprintf(" (lowest %s, highest %s)", c.b.name(lowest.Article), c.b.name(highest.Article))
	} else {
		lead += fmt.Sprintf(" (both ends %s)", c.b.name(lowest.Article))
	}
	return lead + "." + c.aMonth(low, high, currency)
}

// eachLevel sums up the figures of several levels one by one: a span over all of them would be nobody's pay.
func (c *composer) eachLevel(role, where string, rows []*knowledge.Fact) string {
	var parts []string
	for _, level := range c.levels() {
		at := slices.DeleteFunc(slices.Clone(rows), func(f *knowledge.Fact) bool { return f.Salary.Level != level })
		if len(at) == 0 {
			continue
		}
		low, high, lowest, highest := money.Spread(at)
		source := c.b.name(lowest.Article)
		if lowest.Article != highest.Article {
			source += " and " + c.b.name(highest.Article)
		}
		parts = append(parts, fmt.Sprintf("%s %s (%s)", strings.ToLower(c.b.lex.Name(level)), money.Span(low, high, at[0].Salary.Currency), source))
	}
	return upper(c.b.plural(role)) + " in " + where + ", a year: " + strings.Join(parts, "; ") + "."
}

// noLevel says that there is no figure for the levels asked about where the figures were looked for.
func (c *composer) noLevel(levels string) string {
	where := "no article gives"
	if c.in.Article != "" || c.in.Provider != "" {
		where = "that source gives no"
	} else {
		where += " a"
		if strings.ContainsRune("AEIOUaeiou", rune(levels[0])) {
			where += "n"
		}
	}
	return where + " " + c.b.lower(levels) + "figure for this role; over all levels, "
}

// onlyLead is the sentence for figures of a single source: no second opinion, and it says so.
func (c *composer) onlyLead(who string, rows []*knowledge.Fact) string {
	row := c.payRow(rows)
	lead := fmt.Sprintf("%s: %s (%s; %s, %s).", who, row[1], row[2], row[0], row[3])
	low, high, _, _ := money.Spread(rows)
	lead += c.aMonth(low, high, rows[0].Salary.Currency)
	s := rows[0].Salary
	switch {
	case c.in.Article != "" || c.in.Provider != "":
		return lead // others were not asked for
	case len(articlesOf(c.rowsFor(s.Role, s.Region))) > 1:
		return lead + " No other article here prices this level."
	}
	return lead + " No other article here prices this."
}

// aMonth says what a span of yearly pay is a month where that was asked for, "" where not.
func (c *composer) aMonth(low, high float64, currency string) string {
	if !c.in.Flags.Has(intent.Month) {
		return ""
	}
	return " That is " + money.Twelfth(low, high, currency) + " a month (computed)."
}

func articlesOf(facts []*knowledge.Fact) []string {
	var out []string
	for _, f := range facts {
		if !slices.Contains(out, f.Article) {
			out = append(out, f.Article)
		}
	}
	return out
}

// payChart draws a bar for each figure, in lakh rupees or thousands of another currency.
func (c *composer) payChart(role, where string, rows []*knowledge.Fact) chat.Chart {
	unit, per := rows[0].Salary.Currency+" thousand a year", 1000.0
	switch rows[0].Salary.Currency {
	case "USD":
		unit = "US$ thousand a year"
	case "INR":
		unit, per = "₹ lakh a year", money.Lakh
	}
	ch := chat.Chart{Title: upper(c.levelName() + c.b.lex.Name(role) + ", " + where), Unit: unit}
	for _, f := range rows {
		s := f.Salary
		label := c.b.name(f.Article)
		if l := c.label(s, len(articlesOf(rows)) < len(rows)); l != "" {
			label += ", " + strings.TrimSuffix(l, ":")
		}
		ch.Bars = append(ch.Bars, chat.Bar{
			Label: label, Low: s.Low / per, High: s.High / per, Mean: s.Mean / per,
			HasLow: s.Low > 0, HasHigh: s.High > 0, HasMean: s.Mean > 0,
		})
	}
	var cites []string
	for _, a := range articlesOf(rows) {
		cites = append(cites, c.b.cite(a, c.now))
	}
	ch.Note = "Dot: average. Source: " + strings.Join(cites, "; ")
	return ch
}

// notes says what a reader must know: levels guessed from years, figures not by level, what was inferred.
func (c *composer) notes(a *chat.Answer, all, rows []*knowledge.Fact, byLevel bool) {
	var notes []string
	if c.in.YearsHigh > 0 && len(c.in.Levels) == 0 {
		notes = append(notes, "Reading years as a level (under 2 entry, 2–5 mid, over 5 senior) is this bot's guess.")
	}
	if byLevel {
		if rest := c.notByLevel(all, rows); rest != "" {
			notes = append(notes, "Not by level: "+rest+".")
		}
	}
	for _, f := range rows {
		if n := f.Salary.Note; n != "" && !strings.Contains(n, "level") && !strings.Contains(n, "heads its") {
			notes = append(notes, c.b.name(f.Article)+": "+n+".")
		}
	}
	if len(notes) > 0 {
		a.Blocks = append(a.Blocks, chat.Text{Text: strings.Join(slices.Compact(notes), " ")})
	}
}

// cityNote says that no article prices a named city by itself, and what they say of it.
func (c *composer) cityNote(a *chat.Answer) {
	for _, id := range c.in.Things {
		if c.kindOf(id) != lexicon.KindCity || c.asksPlace(c.b.lex.Name(id)) {
			continue
		}
		text := "No article prices " + c.b.lex.Name(id) + " by itself."
		if facts := c.b.about[id]; len(facts) > 0 {
			text += fmt.Sprintf(" %s (%s)", c.statement(facts[0]), c.b.cite(facts[0].Article, c.now))
			c.use(facts[0])
		}
		a.Blocks = slices.Insert(a.Blocks, 0, chat.Block(chat.Text{Text: text}))
	}
}

// asksPlace says whether one of the regions asked for is the place of that name: a town that some pack has figures of.
func (c *composer) asksPlace(name string) bool {
	return slices.ContainsFunc(c.in.Regions, func(id string) bool { return c.b.lex.Name(id) == name })
}

// notByLevel names the sources that price the role without a level.
func (c *composer) notByLevel(all, rows []*knowledge.Fact) string {
	var parts []string
	for _, f := range c.fold(unleveled(all)) {
		if !slices.Contains(rows, f) {
			parts = append(parts, fmt.Sprintf("%s (%s, %s)", c.b.name(f.Article)+" "+money.Figure(f.Salary), f.Salary.Kind, c.b.date(f.Article, c.now)))
			c.use(f)
		}
	}
	return strings.Join(parts, "; ")
}

// payDifference adds what the articles say of the roles' pay side by side.
func (c *composer) payDifference(a *chat.Answer, roles []string) {
	if len(roles) < 2 {
		return
	}
	var items []chat.Item
	for _, f := range c.b.byKind[knowledge.KindComparison] {
		if aboutAll(f, roles) && mentionsPay(f) {
			items = append(items, c.item(f))
		}
	}
	if len(items) > 0 {
		a.Blocks = slices.Insert(a.Blocks, 0, chat.Block(chat.List{Title: "Side by side", Items: items}))
	}
}

func aboutAll(f *knowledge.Fact, ids []string) bool {
	for _, id := range ids {
		if !slices.Contains(f.About, id) {
			return false
		}
	}
	return true
}

func mentionsPay(f *knowledge.Fact) bool {
	text := strings.ToLower(f.Subject + " " + f.Text)
	return strings.Contains(text, "pay") || strings.Contains(text, "paid") || strings.Contains(text, "earn")
}

// payByRole lists every priced role, best paid first.
func (c *composer) payByRole() chat.Answer {
	facts := slices.Clone(c.b.byKind[knowledge.KindSalary])
	region := c.b.home
	if len(c.in.Regions) > 0 {
		region = c.in.Regions[0]
	}
	facts = slices.DeleteFunc(facts, func(f *knowledge.Fact) bool {
		return f.Salary.Region != region || f.Salary.Kind == "lower end" || f.Salary.Kind == "upper end"
	})
	lowest := c.in.Flags.Has(intent.Lowest) && !c.in.Flags.Has(intent.Highest)
	slices.SortStableFunc(facts, func(x, y *knowledge.Fact) int {
		_, hx := money.Ends(x.Salary)
		_, hy := money.Ends(y.Salary)
		if lowest {
			hx, hy = hy, hx
		}
		return int(hy - hx)
	})
	if len(facts) == 0 {
		return c.noFigure([]string{c.b.lex.Name(region)})
	}
	a := c.answer("Pay by role, " + c.b.lex.Name(region))
	word := "best"
	if lowest {
		word = "least"
	}
	top := facts[0]
	a.Lead = fmt.Sprintf("The %s paid role in the articles for %s: %s, %s (%s).", word, c.b.lex.Name(region),
		c.roleLevel(top.Salary), money.Figure(top.Salary), c.b.cite(top.Article, c.now))
	t := chat.Table{Columns: []string{"role", "a year", "kind", "source"}}
	if !c.in.Flags.Has(intent.List) {
		facts = facts[:min(len(facts), maxRows)]
	}
	for _, f := range facts {
		t.Rows = append(t.Rows, []string{c.roleLevel(f.Salary), money.Figure(f.Salary), f.Salary.Kind, c.b.cite(f.Article, c.now)})
		c.use(f)
	}
	a.Blocks = append(a.Blocks, t)
	return a
}

// roleLevel names what a figure is for: "Senior back-end developer".
func (c *composer) roleLevel(s *knowledge.Salary) string {
	name := c.b.lex.Name(s.Role)
	switch {
	case s.Level != "":
		return upper(c.b.lex.Name(s.Level) + " " + name)
	case s.Role == c.b.role():
		return upper(name) + ", all levels"
	}
	return upper(name)
}
