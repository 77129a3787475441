package compose

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"careerbot/bot/chat"
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
			rows := c.fold(c.rowsFor(role, region))
			if len(rows) == 0 {
				continue // priced, but not by the source asked for
			}
			for _, f := range rows {
				c.use(f)
			}
			parts = append(parts, c.payLead(role, c.b.lex.Name(region), rows, false))
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
			figure(f.Salary), f.Salary.Kind, c.b.cite(f.Article, c.now)))
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
		if !foreign(currency, region) {
			continue
		}
		all := c.rowsFor(role, region)
		if at, ok := c.atLevel(all); ok || len(c.levels()) == 0 {
			rows = append(rows, c.fold(at)...)
		}
	}
	rate, origin := c.impliedRate()
	if len(rows) == 0 || rate == 0 {
		return c.figures()
	}
	a := c.answer(c.payTitle([]string{role}) + " in " + currency)
	t := chat.Table{Columns: []string{"source", "in the article", "in " + currency, "as of"}}
	for _, f := range rows {
		t.Rows = append(t.Rows, []string{
			c.b.name(f.Article), strings.TrimSpace(c.label(f.Salary, true) + " " + figure(f.Salary)),
			inCurrency(f.Salary, currency, rate), c.b.date(f.Article, c.now),
		})
		c.use(f)
	}
	a.Lead = c.convertedLead(role, rows, currency, rate)
	a.Blocks = append(a.Blocks, t, chat.Text{Text: fmt.Sprintf(
		"“computed” is worked out here at ₹%.0f to the dollar, the rate %s's own pairs imply; today's rate differs.",
		math.Round(rate), c.b.name(origin))})
	return a
}

// convertedLead names the source's own conversions where it gives them, else the span of the computed ones.
func (c *composer) convertedLead(role string, rows []*knowledge.Fact, currency string, rate float64) string {
	who := upper(c.b.plural(role)) + " in " + c.b.lex.Name(rows[0].Salary.Region)
	var own []string
	var source string
	for _, f := range rows {
		if s := f.Salary; currency == "USD" && s.USDMean > 0 {
			own = append(own, strings.TrimSpace(c.b.lex.Name(s.Level)+" "+inCurrency(s, currency, rate)))
			source = f.Article
		}
	}
	if len(own) > 0 {
		return fmt.Sprintf("%s, in US dollars by %s's own conversion (%s): %s.", who, c.b.name(source), c.b.date(source, c.now), strings.Join(own, "; "))
	}
	low, high, _, _ := spread(rows)
	s := &knowledge.Salary{Currency: rows[0].Salary.Currency, Low: low, High: high}
	return fmt.Sprintf("%s: %s in %s.", who, inCurrency(s, currency, rate), currency)
}

// inCurrency is a figure in another currency: the source's own where it gives one.
func inCurrency(s *knowledge.Salary, currency string, rate float64) string {
	if currency == "USD" && s.USDMean > 0 {
		return fmt.Sprintf("$%s (%s)", thousands(s.USDMean), span(s.USDLow, s.USDHigh, "USD"))
	}
	conv := func(v float64) float64 {
		if currency == "USD" {
			return math.Round(v/rate/100) * 100
		}
		return math.Round(v*rate/10_000) * 10_000
	}
	low, high := ends(s)
	return span(conv(low), conv(high), currency) + " (computed)"
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
		low, high := ends(f.Salary)
		unit := 100.0
		if f.Salary.Currency == "INR" {
			unit = 1000
		}
		m := func(v float64) float64 { return math.Round(v/12/unit) * unit }
		sign := map[string]string{"INR": "₹", "USD": "$"}[f.Salary.Currency]
		text := sign + thousands(m(low))
		if high > low {
			text += "–" + thousands(m(high))
		}
		parts = append(parts, strings.TrimSpace(c.b.name(f.Article)+" "+c.label(f.Salary, true))+" "+text)
	}
	a.Blocks = append(a.Blocks, chat.Text{Text: "A month, computed as a twelfth (the articles give yearly pay only): " + strings.Join(parts, "; ") + "."})
}
