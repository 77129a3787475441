package importer

import (
	"fmt"
	"slices"
	"strings"

	"careerbot/knowledge"
	"careerbot/knowledge/lexicon"
	"careerbot/knowledge/markup"
)

// setting is what the text around a figure says of it: the heading above, the entry it lies under, the sentence before.
type setting struct {
	role, region, level string
	provider            string
	indicative          bool
}

var (
	payWords  = markup.Compile(`(?i)\b(salar(y|ies)|earn(s|ed|ing|ings)?|pay|pays|paid|wages?|income|compensation|remuneration|package|ctc|lpa|make[s]? (about|around|between|up to))\b`)
	turns     = markup.Compile(`(?i)[,;]?\s+(?:whereas|while|but|though|compared (?:to|with))\s+|;\s+`)
	aside     = markup.Compile(`^\s*\(\s*$|\(\s*(?:about |around |approximately |~|≈)?$`)
	means     = markup.Compile(`(?i)\b(average[sd]?|avg\.?|mean|median|typical(ly)?|usual(ly)?)\b`)
	onAverage = markup.Compile(`(?i)^\W{0,3}(a year |per year |annually )?on average\b`)
	roughly   = markup.Compile(`(?i)\b(around|about|approximately|roughly|nearly|close to)\s*$`)
	lowEnd    = markup.Compile(`(?i)\b(upwards? of|start(s|ing)?( (salary|pay|out))?( (at|from|of|with))?|at least|minimum( of)?|no less than|over|above|more than|exceed(s|ing)?|from|lowest)\W{0,3}$`)
	highEnd   = markup.Compile(`(?i)\b(up to|as (high|much) as|at most|maximum( of)?|reach(es|ing)?|highest|top(s|ping)?( out)?( at)?)\W{0,3}$`)
	yearsOf   = markup.Compile(`(?i)\b(\d{1,2})\s*(?:-|–|—|to)\s*(\d{1,2})\+?\s*(?:years|yrs|yoe)\b`)
	source    = markup.Compile(`(?i)\b(?:according to|as per|source:?|data from|reported by|figures from)\s+(?:the )?(?:latest |recent )?(?:report (?:of|by) (?:the )?)?([\p{L}\d.&' ]{2,48})`)
	people    = markup.Compile(`\b(interns?|apprentices?|trainees?|masters|contractors?|freelancers?|managers?|directors?|students?|founders?|owners?|executives?|part-timers?|volunteers?|officers?|consultants?|assistants?|supervisors?|agency \w+)\b`)
	credit    = markup.Compile(`(?i)^\(?\s*(?:data )?sources?\s*:\s*([^)]{2,60}?)\s*\)?\.?$`)
)

// paid reads the figures of one sentence. What is not clear is left out: a clause with two roles, two places or two
// levels and no way to tell which figure belongs to which, an hour's or a month's pay, a sum that is no pay.
func (x *extractor) paid(sentence string, in setting) []knowledge.Salary {
	if !payWords.MatchString(sentence) && in.region == "" && in.level == "" && !in.indicative {
		return nil
	}
	var out []knowledge.Salary
	if p := x.provider(sentence); p != "" {
		in.provider = p
	}
	if all := x.places(sentence); len(all) == 1 {
		in.region = all[0]
	}
	for _, clause := range clauses(sentence) {
		s, ok := x.clause(clause, &in)
		if ok {
			out = append(out, s...)
		}
	}
	return out
}

// clauses parts a sentence where it turns to something else.
func clauses(s string) []string {
	var out []string
	from := 0
	for _, m := range turns.FindAllStringIndex(s, -1) {
		out, from = append(out, s[from:m[0]]), m[1]
	}
	return append(out, s[from:])
}

// clause reads the figures of one clause. Places and levels hold for the clauses after it too.
func (x *extractor) clause(text string, in *setting) ([]knowledge.Salary, bool) {
	roles, levels, regions := x.named(text, lexicon.KindRole), x.named(text, lexicon.KindLevel), x.places(text)
	if len(roles) > 1 || len(levels) > 1 {
		return nil, false
	}
	if len(levels) == 1 {
		in.level = levels[0]
	}
	if len(regions) == 1 {
		in.region = regions[0]
	}
	if len(roles) == 0 && x.others(text) {
		return nil, false
	}
	base := knowledge.Salary{Role: in.role, Level: in.level, Provider: in.provider}
	if len(roles) == 1 {
		base.Role = roles[0]
	}
	if m := yearsOf.FindStringSubmatch(text); m != nil {
		base.Years = m[1] + "-" + m[2]
	}
	found := sums(text)
	if len(found) == 0 || base.Role == "" || slices.ContainsFunc(found, func(s sum) bool { return s.other }) {
		return nil, false
	}
	if otherTime.MatchString(text) && !yearWords.MatchString(text) {
		return nil, false
	}
	var out []knowledge.Salary
	for _, group := range byCurrency(text, found) {
		s, ok := x.figure(text, group, base, in, regions)
		if !ok {
			return nil, false
		}
		out = append(out, s)
	}
	return out, true
}

// others says whether a clause speaks of people who are not those of the article's role.
func (x *extractor) others(text string) bool {
	e := x.lex.Entity(x.a.role)
	for _, w := range people.FindAllString(strings.ToLower(text), -1) {
		if e == nil || !e.Speaks(w) && !e.Speaks(strings.TrimSuffix(w, "s")) {
			return true
		}
	}
	return false
}

// byCurrency puts together the sums that are one statement: those of one currency, each with its conversion in
// brackets behind it.
func byCurrency(text string, found []sum) [][]sum {
	var out [][]sum
	for i, s := range found {
		converted := i > 0 && found[i-1].currency != s.currency && aside.MatchString(text[found[i-1].to:s.from])
		if n := len(out); n > 0 && (converted || out[n-1][0].currency == s.currency) {
			out[n-1] = append(out[n-1], s)
		} else {
			out = append(out, []sum{s})
		}
	}
	return out
}

// figure makes a salary of the sums of one statement.
func (x *extractor) figure(text string, group []sum, s knowledge.Salary, in *setting, regions []string) (knowledge.Salary, bool) {
	s.Currency = group[0].currency
	if d := dollars(in.region); d != "" && group[0].bare {
		s.Currency = d
		for i := range group {
			group[i].currency = d
		}
	}
	if s.Region = x.region(s.Currency, in, regions, &s); s.Region == "" {
		return s, false
	}
	own := 0
	for _, g := range group {
		if g.currency != s.Currency {
			if g.currency != "USD" {
				continue
			}
			if g.ranged {
				s.USDLow, s.USDHigh = g.low, g.high
			} else {
				s.USDMean = g.low
			}
			continue
		}
		own++
		if !take(&s, text[:g.from], text[g.to:], g, in) {
			return s, false
		}
	}
	s.Kind = figureKind(&s, in)
	if own == 1 {
		s.Shown = strings.Join(strings.Fields(text[group[0].from:group[0].to]), " ")
	}
	if s.USDMean == 0 || s.USDLow == 0 && s.Low > 0 {
		s.USDLow, s.USDHigh, s.USDMean = 0, 0, 0 // half a conversion is none
	}
	return s, s.Kind != "" && (s.Mean == 0 || s.Mean >= s.Low && (s.High == 0 || s.Mean <= s.High))
}

// take puts one sum where the words before it say; it fails where that place is taken.
func take(s *knowledge.Salary, before, after string, g sum, in *setting) bool {
	near := before[max(0, len(before)-60):]
	set := func(to *float64, v float64) bool {
		if *to != 0 {
			return false
		}
		*to = v
		return true
	}
	switch {
	case g.ranged:
		return set(&s.Low, g.low) && set(&s.High, g.high)
	case lowEnd.MatchString(near):
		return set(&s.Low, g.low)
	case highEnd.MatchString(near):
		return set(&s.High, g.low)
	case means.MatchString(before) || onAverage.MatchString(after) || roughly.MatchString(near) || in.indicative:
		return set(&s.Mean, g.low)
	}
	s.Note = join(s.Note, "the page does not say whether this is an average")
	return set(&s.Mean, g.low)
}

func figureKind(s *knowledge.Salary, in *setting) string {
	switch {
	case s.Mean > 0 && s.High > 0 && s.Low > 0:
		return "average and range"
	case s.Mean > 0 && s.High+s.Low == 0:
		return "average"
	case s.Mean > 0:
		return ""
	case s.Low > 0 && s.High > 0 && in.indicative:
		return "indicative range"
	case s.Low > 0 && s.High > 0:
		return "range"
	case s.Low > 0:
		return "lower end"
	}
	return "upper end"
}

// region is where a figure holds: where the text says so, else where alone its currency is paid.
func (x *extractor) region(currency string, in *setting, regions []string, s *knowledge.Salary) string {
	if len(regions) > 1 {
		if home := x.home(currency); slices.Contains(regions, home) {
			return home
		}
		return ""
	}
	if in.region != "" && (len(regions) > 0 || pays(in.region) == "" || pays(in.region) == currency) {
		return in.region // not from afar, where the money is another's
	}
	home := x.home(currency)
	if home != "" {
		s.Note = join(s.Note, "region taken from the currency")
	}
	return home
}

func join(a, b string) string {
	if a == "" {
		return b
	}
	return a + "; " + b
}

// provider is who measured, where a sentence says so.
func (x *extractor) provider(s string) string {
	for _, id := range x.named(s, lexicon.KindProvider) {
		return x.lex.Name(id)
	}
	m := source.FindStringSubmatch(s)
	if m == nil {
		return ""
	}
	name := strings.TrimSpace(m[1])
	for _, e := range x.lex.All() {
		if e.Kind == lexicon.KindProvider && strings.HasPrefix(strings.ReplaceAll(strings.ToLower(name), " ", ""), strings.ToLower(e.Name)) {
			return e.Name
		}
	}
	var proper []string
	for w := range strings.FieldsSeq(name) {
		if w[0] < 'A' || w[0] > 'Z' {
			break
		}
		proper = append(proper, w)
	}
	return strings.Join(proper, " ")
}

// payFact makes the fact of a figure.
func (x *extractor) payFact(s *knowledge.Salary, text string) knowledge.Fact {
	where := x.lex.Name(s.Region)
	if s.Level != "" {
		where += ", " + strings.ToLower(x.lex.Name(s.Level))
	}
	level := ""
	if s.Level != "" {
		level = strings.ToLower(x.lex.Name(s.Level)) + " "
	}
	return knowledge.Fact{
		Kind: knowledge.KindSalary, Subject: fmt.Sprintf("%s (%s)", upper(x.lex.Name(s.Role)), where), Text: clip(text), Salary: s,
		Asks: []string{fmt.Sprintf("What does %s earn in %s?", a(level+x.lex.Name(s.Role)), x.lex.Name(s.Region))},
	}
}

// payTable reads a table of salaries: who is paid in a row, what in one column or more.
func (x *extractor) payTable(s *section, b *markup.Block) {
	cols := x.columns(b.Rows)
	for _, row := range b.Rows[1:] {
		x.payRow(s, cols, row, b.Rows[0])
	}
}
