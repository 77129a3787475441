package compose

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"careerbot/bot/chat"
	"careerbot/bot/compose/money"
	"careerbot/bot/intent"
	"careerbot/knowledge"
)

// noFigure declines to price what the articles do not, and offers the nearest figures they hold.
func (c *composer) noFigure(missing []string) chat.Answer {
	a := c.answer("No figure")
	a.Answered = false
	where := "in the articles"
	if c.in.Article != "" || c.in.Provider != "" {
		where = "from that source"
	}
	a.Lead = "No figure " + where + " for " + join(missing) + ", so I won't guess."
	if said := c.worded(); len(said) > 0 {
		a.Answered = true
		a.Lead = "No figure for " + join(missing) + " that I can put in a table. What the articles say:"
		list := chat.List{}
		for _, f := range said {
			list.Items = append(list.Items, chat.Item{Text: fmt.Sprintf("%s (%s)", c.statement(f), c.b.cite(f.Article, c.now))})
			c.use(f)
		}
		a.Blocks = append(a.Blocks, list)
	}
	if near := c.nearestPay(); near != "" {
		a.Blocks = append(a.Blocks, chat.Text{Text: "Priced nearby: " + near})
	}
	return a
}

// sumOfMoney matches an amount of money in a sentence.
var sumOfMoney = regexp.MustCompile(`[₹$£€]\s?\d|\b(?:INR|USD|GBP|EUR|AUD|CAD|NZD|CHF|Rs\.?)\s?\d|\d\s?(?:LPA|lakhs?)\b`)

// maxWorded is how many sentences stand for a figure that no table can hold.
const maxWorded = 3

// worded gives what the articles say of the pay of one role in sentences alone: an hour's pay, that of some
// of the people, one whose country is not named. They must name the regions and levels asked for.
func (c *composer) worded() []*knowledge.Fact {
	role := c.in.Role(c.b.role())
	if len(c.in.Roles) > 1 || c.in.Provider != "" {
		return nil
	}
	var out []*knowledge.Fact
	for _, f := range c.b.byKind[knowledge.KindFactor] {
		lacks := func(id string) bool { return !slices.Contains(f.About, id) }
		if role != c.b.role() && lacks(role) || len(out) == maxWorded || !sumOfMoney.MatchString(f.Text) || slices.ContainsFunc(c.in.Regions, lacks) || slices.ContainsFunc(c.in.Levels, lacks) {
			continue
		}
		out = append(out, f)
	}
	return out
}

// nearestPay names a few figures close to what was asked: the same role elsewhere, or roles that share a word.
func (c *composer) nearestPay() string {
	var parts []string
	for _, role := range c.in.Roles {
		for _, region := range c.regionsOf(role) {
			if len(c.in.Regions) > 0 && !slices.Contains(c.in.Regions, region) && len(c.regionsOf(role)) > 1 {
				continue // of the one asked about there are figures
			}
			rows, byLevel := c.atLevel(c.rowsFor(role, region))
			if !byLevel {
				rows = c.rowsFor(role, region)
			}
			if rows = c.fold(rows); len(rows) == 0 {
				continue // priced, but not by the source asked for
			}
			for _, f := range rows {
				c.use(f)
			}
			parts = append(parts, c.payLead(role, c.b.lex.Name(region), rows, byLevel))
		}
	}
	if len(parts) > 0 {
		return strings.Join(parts, " ")
	}
	near := c.similarRoles()
	for i, f := range near {
		if i == 3 {
			break
		}
		parts = append(parts, fmt.Sprintf("%s in %s %s (%s, %s)", c.roleLevel(f.Salary), c.b.lex.Name(f.Salary.Region),
			money.Figure(f.Salary), f.Salary.Kind, c.b.cite(f.Article, c.now)))
		c.use(f)
	}
	if len(parts) == 0 {
		return ""
	}
	return strings.Join(parts, "; ") + "."
}

// similarRoles gives priced roles whose name shares a word with an asked one, else the senior step of the pack's role.
func (c *composer) similarRoles() []*knowledge.Fact {
	words, trade := map[string]bool{}, c.b.lex.Entity(c.b.role()).Trade
	for _, role := range c.in.Roles {
		for w := range strings.FieldsSeq(strings.ToLower(c.b.lex.Name(role))) {
			words[w] = true
		}
	}
	var out, senior []*knowledge.Fact
	for _, f := range c.b.byKind[knowledge.KindSalary] {
		s := f.Salary
		if s.Role == c.b.role() {
			if s.Level == "senior" && s.Mean+s.Low > 0 {
				senior = append(senior, f)
			}
			continue
		}
		for w := range strings.FieldsSeq(strings.ToLower(c.b.lex.Name(s.Role))) {
			if words[w] && !slices.Contains(trade, w) {
				out = append(out, f)
				break
			}
		}
	}
	return append(out, senior...)
}

// converted answers in another currency or by the month: only the source's own conversions, or figures computed at
// its implied rate and marked as computed.
func (c *composer) converted() chat.Answer {
	in := c.in
	role := in.Role(c.b.role())
	currency := in.Currency
	if currency == "" {
		currency = "USD"
	}
	var rows []*knowledge.Fact
	for _, region := range c.regions(role) {
		if !c.foreignTo(currency, region) {
			continue
		}
		all := c.rowsFor(role, region)
		if at, ok := c.atLevel(all); ok || len(c.levels()) == 0 {
			rows = append(rows, c.fold(at)...)
		}
	}
	rate, origin := c.impliedRate()
	rate = math.Round(rate) // the rate that is shown is the one that is used
	if len(rows) == 0 || rate == 0 {
		return c.figures()
	}
	a := c.answer(c.payTitle([]string{role}) + " in " + currency)
	t := chat.Table{Columns: []string{"source", "in the article", "in " + currency, "as of"}}
	for _, f := range rows {
		t.Rows = append(t.Rows, []string{
			c.b.name(f.Article), strings.TrimSpace(c.label(f.Salary, true) + " " + money.Figure(f.Salary)),
			inCurrency(f.Salary, currency, rate), c.b.date(f.Article, c.now),
		})
		c.use(f)
	}
	a.Lead = strings.TrimSpace(c.convertedSum(currency, rate) + " " + c.convertedLead(role, rows, currency, rate))
	a.Blocks = append(a.Blocks, t, chat.Text{Text: fmt.Sprintf(
		"“computed” is worked out here at ₹%.0f to the dollar, the rate %s's own pairs imply; today's rate differs.",
		rate, c.b.name(origin))})
	return a
}

// convertedLead names the source's own conversions where it gives them, else the span of the computed ones.
func (c *composer) convertedLead(role string, rows []*knowledge.Fact, currency string, rate float64) string {
	who := upper(c.levelName() + c.b.plural(role) + " in " + c.b.lex.Name(rows[0].Salary.Region))
	var own []string
	var source string
	for _, f := range rows {
		if s := f.Salary; currency == "USD" && s.USDMean > 0 {
			own = append(own, strings.TrimSpace(strings.TrimSuffix(c.label(s, false), ":")+" "+inCurrency(s, currency, rate)))
			source = f.Article
		}
	}
	if len(own) > 0 {
		return fmt.Sprintf("%s, in US dollars by %s's own conversion (%s): %s.", who, c.b.name(source), c.b.date(source, c.now), strings.Join(own, "; "))
	}
	low, high, _, _ := money.Spread(rows)
	s := &knowledge.Salary{Currency: rows[0].Salary.Currency, Low: low, High: high}
	return fmt.Sprintf("%s: %s a year (computed).", who, strings.TrimSuffix(inCurrency(s, currency, rate), " (computed)"))
}

// inCurrency is a figure in another currency: the source's own where it gives one.
func inCurrency(s *knowledge.Salary, currency string, rate float64) string {
	if currency == "USD" && s.USDMean > 0 {
		return fmt.Sprintf("$%s (%s)", money.Thousands(s.USDMean), money.Span(s.USDLow, s.USDHigh, "USD"))
	}
	conv := func(v float64) float64 {
		if currency == "USD" {
			return math.Round(v/rate/100) * 100
		}
		return math.Round(v*rate/10_000) * 10_000
	}
	low, high := money.Ends(s)
	return money.Span(conv(low), conv(high), currency) + " (computed)"
}

// convertedSum puts the sum that the question names into a currency; "" where it names none, or one of that currency.
func (c *composer) convertedSum(currency string, rate float64) string {
	from := c.in.SumIn
	if c.in.Sum == 0 || from == "" || from == currency {
		return ""
	}
	s := &knowledge.Salary{Currency: from, Low: c.in.Sum, High: c.in.Sum}
	return fmt.Sprintf("%s is about %s.", money.Asked(c.in.Sum, from), inCurrency(s, currency, rate))
}

// impliedRate is rupees to the dollar as a source's own pairs of figures imply it, and which source.
func (c *composer) impliedRate() (rate float64, article string) {
	var sum float64
	n := 0
	for _, f := range c.b.byKind[knowledge.KindSalary] {
		if s := f.Salary; s.Currency == "INR" && s.USDMean > 0 && s.Mean > 0 {
			sum += s.Mean / s.USDMean
			article = f.Article
			n++
		}
	}
	if n == 0 {
		return 0, ""
	}
	return sum / float64(n), article
}

// monthly adds a twelfth of every figure, on request only.
func (c *composer) monthly(a *chat.Answer, rows []*knowledge.Fact) {
	if !c.in.Flags.Has(intent.Month) || len(rows) == 0 {
		return
	}
	var parts []string
	for _, f := range rows {
		low, high := money.Ends(f.Salary)
		parts = append(parts, strings.TrimSpace(c.b.name(f.Article)+" "+c.label(f.Salary, true))+" "+money.Twelfth(low, high, f.Salary.Currency))
	}
	a.Blocks = append(a.Blocks, chat.Text{Text: "A month, computed as a twelfth (the articles give yearly pay only): " + strings.Join(parts, "; ") + "."})
}

// offered says how a sum the question names stands to the figures found: a premise the articles do not bear out is not
// left standing. It is "" where no sum is named, or one in another currency.
func (c *composer) offered(rows []*knowledge.Fact, byLevel bool) string {
	currency := rows[0].Salary.Currency
	if c.in.Sum == 0 || c.in.SumIn != "" && c.in.SumIn != currency {
		return ""
	}
	if c.in.SumIn == "" && len(c.in.Regions) == 0 && currency == "INR" && c.in.Sum < 2*money.Lakh {
		return "" // "100k" alone is hardly a year's pay in rupees
	}
	if other := c.elsewhere(rows[0].Salary); other != "" {
		return other
	}
	said := c.exactly(rows, false)
	if said == "" && byLevel {
		said = c.exactly(c.rowsFor(rows[0].Salary.Role, rows[0].Salary.Region), true)
	}
	if said != "" {
		return money.Asked(c.in.Sum, currency) + " is " + said + "."
	}
	year := c.in.Sum
	said = money.Asked(year, currency)
	if c.in.Flags.Has(intent.Month) {
		year *= 12
		said += " a month, " + money.Asked(year, currency) + " a year,"
	}
	at := map[string][]string{}
	for _, article := range articlesOf(rows) {
		low, high, _, _ := money.Spread(slices.DeleteFunc(slices.Clone(rows), func(f *knowledge.Fact) bool { return f.Article != article }))
		where := "within"
		switch {
		case year < low:
			where = "below"
		case year > high:
			where = "above"
		}
		at[where] = append(at[where], c.b.name(article)+"'s")
	}
	var parts []string
	for _, where := range []string{"within", "below", "above"} {
		if names := at[where]; len(names) > 0 {
			parts = append(parts, where+" "+join(names))
		}
	}
	if len(parts) > 1 || len(at["within"]) > 0 {
		return said + " is " + strings.Replace(join(parts), "'s", "'s figures", 1) + "."
	}
	where, _, _ := strings.Cut(parts[0], " ")
	if byLevel {
		return said + " is " + where + " every figure for this level."
	}
	return said + " is " + where + " every figure here."
}

// exactly says of which figures the sum the question names is the average or an end, "" where of none.
func (c *composer) exactly(all []*knowledge.Fact, byLevel bool) string {
	var parts []string
	for _, f := range c.fold(all) {
		name := c.b.name(f.Article) + "'s"
		if level := c.b.lex.Name(f.Salary.Level); f.Salary.Level != "" && (byLevel || len(c.levels()) != 1) {
			name += " " + strings.ToLower(level)
		} else if byLevel && f.Salary.Level == "" {
			name += " overall"
		}
		switch s := f.Salary; c.in.Sum {
		case s.Mean:
			parts = append(parts, name+" average")
		case s.High:
			parts = append(parts, "the top of "+name+" range")
		case s.Low:
			parts = append(parts, "the bottom of "+name+" range")
		}
	}
	return join(slices.Compact(parts))
}

// stated is the figure that gives exactly the sum the question names, nil where none does.
func (c *composer) stated(rows []*knowledge.Fact) *knowledge.Fact {
	for _, f := range rows {
		if s := f.Salary; s.Mean == c.in.Sum || s.Low == c.in.Sum || s.High == c.in.Sum {
			return f
		}
	}
	return nil
}

// elsewhere says that a sum without a currency is a figure of another currency: 87K is paid in dollars. It is "" where
// it is none.
func (c *composer) elsewhere(here *knowledge.Salary) string {
	if c.in.SumIn != "" {
		return ""
	}
	for _, f := range c.b.byKind[knowledge.KindSalary] {
		s := f.Salary
		if s.Role == here.Role && s.Currency != here.Currency && (s.Mean == c.in.Sum || s.Low == c.in.Sum || s.High == c.in.Sum) {
			c.use(f)
			return fmt.Sprintf("%s is a figure for %s (%s).", money.Amount(c.in.Sum, s.Currency), c.b.lex.Name(s.Region), c.b.cite(f.Article, c.now))
		}
	}
	return ""
}
