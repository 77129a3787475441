package extract

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
	years               string // of experience
	indicative          bool
	placed              bool // region is that of a table's row
	pay                 bool // a heading above speaks of pay, so a bare figure is one
	payPage             bool // the page's title does
}

var (
	payWords   = markup.Compile(`(?i)\b(salar(y|ies)|earn(s|ed|ing|ings)?|pay|pays|paid|paying|wages?|income|compensation|remuneration|package|ctc|lpa|make[s]? (about|around|between|up to))\b`)
	verbs      = markup.Compile(`(?i)\b(earn(s|ed|ing)?|makes?|made|making|(?:is|are|was|were)\b|paid|pays|ranges?|ranging|gets?|receives?|expect|can|could|will|may|might|starts?|reach(es)?|varies|reports?|reported|shows?|showed|found|reveal(s|ed)|says?|estimates?|puts|lists|averages|commands?|brings?|takes?|offers?|have|has|you|your)\b`)
	notLevels  = markup.Compile(`(?i)\b(mid|senior|junior)[- ]?(tier|sized?|market|range)\b`)
	newcomers  = markup.Compile(`(?i)\b(newly[- ]qualified|new(ly)?[- ]graduat(ed?|es)|early[- ]career)\b`)
	tenth      = markup.Compile(`(?i)\b(lowest|bottom|lower|highest|top|upper)(-paid|-earning)?[ -](paid |earning )?(\d{1,2}|ten)\s?(%|per ?cent)|\bpercentile|\bquartile`)
	tenths     = markup.Compile(`(?i)\b(?:lowest|bottom|lower)(?:-paid|-earning)?[ -](?:paid |earning )?(10|25|ten)\s?(?:%|per ?cent)[^.]*?\b(highest|top|upper)(?:-paid|-earning)?[ -](?:paid |earning )?(?:10|25|ten)\s?(?:%|per ?cent)`)
	bars       = markup.Compile(`\s\|\s`)
	asides     = markup.Compile(`\((?:[^()\s]+\s+){3,}[^()]*\)`)
	thanOthers = markup.Compile(`(?i)\bthan\b.*$`)
	topOf      = markup.Compile(`(?i)\b(highest|maximum|top|peak)\b[^.;,]*$`)
	bottomOf   = markup.Compile(`(?i)\b(lowest|minimum|least)\b[^.;,]*$`)

	moreBefore = markup.Compile(`(?i)\b(bonus(es)?|(additional|extra|supplementary) (cash )?(pay|compensation|income|payments?)|increases?|raises?|hikes?|premiums?|stipends?|allowances?|` +
		`equity|stock( options)?|commissions?|tips|overtime|benefits|grants?|scholarships?|bursar(y|ies)|tuition|costs?|fees?|debts?|loans?|difference|gap|payments?|pension|saves?|` +
		`worth|invest\w*|fund\w*|revenues?|budgets?|prices?|deposit|tax(es)?|earn an? (extra|additional)|extra|additional)` +
		`(?:,? (?:of|is|are|was|averag\w+|worth|up to|around|about|between|by|at|an?|the|averages?|ranging from|from|more than|over)|:)*\W{0,3}$|\bby\s+(?:(?:more than|over|about|around|up to|nearly|almost|an average of|roughly)\s+)?$`)
	moreAfter = markup.Compile(`(?i)^\+?\s*(?:(?:a|per|each) (?:year|annum)|annually|yearly)?\s*(?:(?:more|less|extra|higher|lower|additional|difference|increase|raise|premium|hike|bonus)\b|in (?:bonus|tips|tuition|debt|overtime|commission|stock|equity|benefits|savings|fees))`)

	turns     = markup.Compile(`(?i)[,;]?\s+(?:whereas|while|but|though|compared (?:to|with)|followed by|rising to)\s+|;\s+`)
	aside     = markup.Compile(`^\s*\(\s*$|\(\s*(?:about |around |approximately |~|≈)?$`)
	means     = markup.Compile(`(?i)\b(average[sd]?|avg\.?|mean|median|typical(ly)?|usual(ly)?)\b`)
	onAverage = markup.Compile(`(?i)^\W{0,3}(a year |per year |annually )?on average\b`)
	fromTo    = markup.Compile(`(?i)\b(from|start(s|ing)?( (salary|pay|out))?( (at|from|of|with))?)\W{0,3}$`)
	roughly   = markup.Compile(`(?i)\b(around|about|approximately|roughly|nearly|close to)\s*$`)
	lowEnd    = markup.Compile(`(?i)\b(upwards? of|start(s|ing)?( (salary|pay|out))?( (at|from|of|with))?|at least|minimum( of)?|no less than|over|above|more than|exceed(s|ing)?|from|lowest)\W{0,3}$`)
	highEnd   = markup.Compile(`(?i)\b(up to|as (high|much) as|at most|maximum( of)?|reach(es|ing)?|highest|top(s|ping)?( out)?( at)?)\W{0,3}$`)
	source    = markup.Compile(`(?i)\b(?:according to|as per|source:?|data from|reported by|figures from)\s+(?:the )?(?:latest |recent )?(?:report (?:of|by) (?:the )?)?([\p{L}\d.&' ]{2,48})`)
	credit    = markup.Compile(`(?i)^\(?\s*(?:data )?sources?\s*:\s*([^)]{2,60}?)\s*\)?\.?$`)
)

// maxSentence is how long a sentence with figures may be, in bytes: what is longer is none, and its figures stay text.
const maxSentence = 1200

// maxBare is how many words an entry or a label has at most that is no sentence although it has figures.
const maxBare = 16

// paid reads the figures of one sentence. What is not clear is left out: a clause with two roles, two places or two
// levels and no way to tell which figure belongs to which, an hour's or a month's pay, a sum that is no pay, the pay of
// other people or of some of them.
func (x *extractor) paid(sentence string, in setting) []knowledge.Salary {
	if len(sentence) > maxSentence {
		return nil
	}
	if parts := bars.Split(sentence, -1); len(parts) > 1 {
		var out []knowledge.Salary
		for _, part := range parts {
			in.pay = in.pay || payWords.MatchString(sentence)
			out = append(out, x.paid(part, in)...)
		}
		return out
	}
	told := payWords.MatchString(sentence)
	if label := words(sentence) <= maxBare && !verbs.MatchString(sentence); label && (!told && !in.pay && !in.payPage && !in.indicative || !x.accounted(withoutSums(sentence), x.roleIn(sentence, &in))) || !label && !told && (!in.pay || words(sentence) > maxBare) {
		return nil
	}
	if p := x.provider(sentence); p != "" {
		in.provider = p
	}
	if all := x.places(sentence); len(all) == 1 {
		in.region = all[0]
	}
	if tenth.MatchString(sentence) {
		return x.tenths(sentence, &in)
	}
	var out []knowledge.Salary
	above := in.level
	for _, clause := range clauses(sentence) {
		if x.speaksOfPeople(clause) {
			in.level = above // those of the clause before are other people
		}
		s, ok := x.clause(clause, &in)
		if ok {
			out = append(out, s...)
		}
	}
	return out
}

// roleIn is the one role that a text names, else that of its setting.
func (x *extractor) roleIn(text string, in *setting) string {
	if roles := x.named(text, lexicon.KindRole); len(roles) == 1 {
		return roles[0]
	}
	return in.role
}

// withoutSums is a text without its sums of money and what stands beside them.
func withoutSums(text string) string {
	var b strings.Builder
	from := 0
	for _, s := range sums(text) {
		b.WriteString(text[from:s.from] + " ")
		from = s.to
	}
	return b.String() + text[from:]
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
	named := asides.ReplaceAllString(text, " ") // a remark in brackets may speak of others
	roles, levels, regions := x.named(named, lexicon.KindRole), x.levels(named), x.places(text)
	if len(roles) > 1 || len(levels) > 1 || len(roles) == 1 && len(x.named(thanOthers.ReplaceAllString(text, ""), lexicon.KindRole)) == 0 {
		return nil, false
	}
	if len(levels) == 1 {
		in.level = levels[0]
	}
	if len(regions) == 1 {
		in.region = regions[0]
	}
	base := knowledge.Salary{Role: in.role, Level: in.level, Provider: in.provider, Years: experienceIn(withoutSums(text))}
	if len(roles) == 1 {
		base.Role = roles[0]
	}
	if base.Years == "" && len(levels) == 0 {
		base.Years = in.years
	}
	found, ok := yearly(text, sums(text))
	if !ok || len(found) == 0 || base.Role == "" || base.Years == several || x.others(text, base.Role, base.Level+base.Years != "") {
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

// levels gives the levels a text names; "mid-tier" and "mid-sized" speak of employers.
func (x *extractor) levels(text string) []string {
	out := x.named(notLevels.ReplaceAllString(text, " "), lexicon.KindLevel)
	if len(out) == 0 && newcomers.MatchString(text) {
		return []string{"entry"}
	}
	return out
}

// tenths reads what the lowest-paid tenth or quarter gets less than and the highest-paid more than, as a range. Any
// other sentence on a part of the paid is left as text.
func (x *extractor) tenths(sentence string, in *setting) []knowledge.Salary {
	m := tenths.FindStringSubmatchIndex(sentence)
	found := sums(sentence)
	role := x.roleIn(sentence, in)
	if m == nil || len(found) != 2 || role == "" || found[0].other || found[1].other || found[0].ranged || found[1].ranged {
		return nil
	}
	if found[0].from < m[0] || found[0].to > m[4] || found[1].from < m[4] || found[0].currency != found[1].currency ||
		x.others(sentence[:m[2]], role, false) || experienceIn(sentence) != "" || len(x.levels(sentence)) > 0 || found[0].low >= found[1].low {
		return nil
	}
	s := knowledge.Salary{Role: role, Currency: found[0].currency, Low: found[0].low, High: found[1].low, Kind: "range", Provider: in.provider}
	s.Note = "the lowest-paid " + sentence[m[2]:m[3]] + "% get less than this range, the highest-paid more"
	if d := dollars(in.region); d != "" && found[0].bare {
		s.Currency = d
	}
	if s.Region = x.region(s.Currency, in, x.places(sentence), &s); s.Region == "" {
		return nil
	}
	return []knowledge.Salary{s}
}

// afar says whether a town is given with money of another country: it is a namesake.
func afar(region, currency string) bool {
	return countryOf(region) != region && pays(region) != currency
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
	if s.Region = x.region(s.Currency, in, regions, &s); s.Region == "" || afar(s.Region, s.Currency) {
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
	case topOf.MatchString(before) && payWords.MatchString(before) && !highEnd.MatchString(near):
		return !lowEnd.MatchString(near) && !g.ranged && !means.MatchString(before) && set(&s.High, g.low)
	case bottomOf.MatchString(before) && payWords.MatchString(before) && !lowEnd.MatchString(near):
		return !highEnd.MatchString(near) && !g.ranged && !means.MatchString(before) && set(&s.Low, g.low)
	case g.ranged && (highEnd.MatchString(near) || lowEnd.MatchString(near) && !fromTo.MatchString(near)):
		return false // "up to 50-60 lakhs"
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
	if in.region != "" && slices.Contains(sovereign, currency) && in.region != "europe" {
		return "" // another country's money: a conversion
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
		if (w[0] < 'A' || w[0] > 'Z') && w != "of" && w != "for" && w != "and" {
			break
		}
		proper = append(proper, w)
	}
	for len(proper) > 0 && proper[len(proper)-1][0] >= 'a' {
		proper = proper[:len(proper)-1]
	}
	if len(proper) == 1 && (plainWords[strings.ToLower(proper[0])] || x.lex.Stop(strings.ToLower(proper[0]))) {
		return ""
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
