package extract

import (
	"cmp"
	"slices"
	"strings"

	"careerbot/knowledge"
	"careerbot/knowledge/lexicon"
	"careerbot/knowledge/markup"
)

// column says what a column of a table holds.
type column struct {
	what     string // "role", "level", "region", "pay", "low", "high", "mean", "text"
	in       setting
	currency string
}

var (
	roleHead   = markup.Compile(`(?i)^(job )?(roles?|positions?|titles?|job titles?|jobs?|designations?|professions?|occupations?|careers?|speciali[sz]ations?)$|\b(role|job title|designation|position)\b`)
	levelHead  = markup.Compile(`(?i)\b(level|grade|band|experience|seniority|years)\b`)
	regionHead = markup.Compile(`(?i)^(country|countries|regions?|locations?|city|cities|where|state)$`)
	lowHead    = markup.Compile(`(?i)^(low(est)?|min(imum)?|from|entry salary|starting)\b`)
	highHead   = markup.Compile(`(?i)^(high(est)?|max(imum)?|to|top)\b`)
	notBase    = markup.Compile(`(?i)\b(hourly|monthly|weekly|daily|hour|month|bonus|equity|stock|shares?|increase|growth|premium|difference|hike|change|cost|tax|net|percentile|index|rank|adjusted|equivalent|take[- ]home|adjust\w*|openings|jobs|employment)\b`)
	payHead    = markup.Compile(`(?i)\b(salar(y|ies)|pay|earnings?|compensation|package|wages?|income|ctc|average|median|mean|lpa|ranges?)\b`)
)

// columns reads a table's head.
func (x *extractor) columns(rows [][]string) []column {
	out := make([]column, len(rows[0]))
	for c, head := range rows[0] {
		col := column{what: "text", currency: headCurrency(head)}
		if levels := x.levels(head); len(levels) == 1 {
			col.in.level = levels[0]
		}
		if regions := x.places(head); len(regions) == 1 {
			col.in.region = regions[0]
		}
		if p := x.provider(head); p != "" {
			col.in.provider = p
		}
		figures := columnOf(rows, c, func(s string) bool {
			return len(sums(s)) > 0 || col.currency != "" && strings.ContainsAny(s, "0123456789")
		})
		switch {
		case figures && (otherTime.MatchString(head) || notBase.MatchString(head)):
		case figures && lowHead.MatchString(head):
			col.what = "low"
		case figures && highHead.MatchString(head):
			col.what = "high"
		case figures && means.MatchString(head):
			col.what = "mean"
		case figures && (payHead.MatchString(head) || col.in.level != "" || col.in.region != ""):
			col.what = "pay"
		case roleHead.MatchString(head) || c == 0 && columnOf(rows, c, func(s string) bool { return plainRole(s) != "" }):
			col.what = "role"
		case regionHead.MatchString(strings.TrimSpace(head)):
			col.what = "region"
		case levelHead.MatchString(head):
			col.what = "level"
		}
		if figures && col.what != "text" && !x.accounted(head, x.of.Role) && x.provider(head) == "" {
			col.what = "text" // "Service companies", "Remote": not the pay of all
		}
		out[c] = col
	}
	return out
}

// columnOf says whether most cells of a column are so.
func columnOf(rows [][]string, c int, is func(string) bool) bool {
	n := 0
	for _, row := range rows[1:] {
		if c < len(row) && is(row[c]) {
			n++
		}
	}
	return 2*n > len(rows)-1
}

// headCurrency is the currency a head names for its column: "(in INR)", "(£)".
func headCurrency(head string) string {
	for w := range strings.FieldsFuncSeq(strings.ToLower(head), func(r rune) bool { return strings.ContainsRune(" (),/", r) }) {
		if c := currencies[w]; c != "" {
			return c
		}
	}
	return ""
}

// isPay says whether a table has figures of pay.
func (x *extractor) isPay(b *markup.Block) bool {
	return slices.ContainsFunc(x.columns(b.Rows), func(c column) bool {
		return c.what == "pay" || c.what == "low" || c.what == "high" || c.what == "mean"
	})
}

// payRow reads one row of a table of salaries.
func (x *extractor) payRow(s *section, cols []column, row, head []string) {
	in := x.setting(s)
	what := ""
	var parts []string
	years := in.years
	for c, col := range cols {
		if c >= len(row) || row[c] == "" {
			continue
		}
		switch col.what {
		case "role":
			what = row[c]
			in.role = "" // who is paid stands here; nobody else is meant
			if roles := x.named(row[c], lexicon.KindRole); len(roles) > 0 {
				in.role = roles[0]
			}
			fallthrough
		case "level", "text":
			if levels := x.levels(row[c]); len(levels) == 1 && (col.what != "text" || in.level == "") && words(row[c]) < 7 {
				in.level = levels[0]
			}
			if y := experienceIn(row[c]); y != "" && y != several {
				years = y
			}
			if what == "" && c == 0 {
				what = row[c]
			}
		case "region":
			if in.region, in.placed = "", true; len(x.places(row[c])) == 1 {
				in.region = x.places(row[c])[0]
			}
		}
		switch {
		case c == 0 && strings.Trim(row[c], "0123456789.# ") == "" && len(row) > 2: // a rank
		case len(parts) == 0:
			parts = append(parts, row[c])
		default:
			parts = append(parts, head[c]+": "+strings.TrimRight(row[c], "."))
		}
	}
	text := strings.Join(parts[:min(len(parts), 1)], "") + ": " + strings.Join(parts[min(len(parts), 1):], "; ") + "."
	var figures []knowledge.Salary
	if what == "" || x.known(what, &in, years) { // else there is nobody the figure could be of without a guess
		figures = x.rowFigures(cols, row, in)
	}
	for _, salary := range figures {
		salary.Years = years
		x.add(s, x.payFact(&salary, text))
	}
	if len(figures) == 0 && len(parts) > 1 {
		x.add(s, knowledge.Fact{Kind: knowledge.KindFactor, Subject: cmp.Or(what, row[0]), Text: text})
	}
	x.rowRole(s, cols, row, what)
}

var everybody = markup.Compile(`(?i)^(average|overall|all( levels)?|total|national average|median|mean|base salary|annual salary|salary)$`)

// known says whether the first cell of a row tells whose pay it gives: a role, a level, years, a place, or everybody.
func (x *extractor) known(what string, in *setting, years string) bool {
	if in.role == "" || !x.accounted(what, in.role) {
		return false
	}
	return len(x.named(what, lexicon.KindRole)) > 0 || len(x.levels(what)) > 0 || len(x.places(what)) > 0 ||
		years != "" || everybody.MatchString(what) || strings.EqualFold(what, x.lex.Name(in.role))
}

// rowFigures reads the figures of a row: low, high and mean together, other columns each for itself.
func (x *extractor) rowFigures(cols []column, row []string, in setting) []knowledge.Salary {
	var out []knowledge.Salary
	ends := knowledge.Salary{}
	bad := false
	for c, col := range cols {
		if c >= len(row) || !slices.Contains([]string{"pay", "low", "high", "mean"}, col.what) {
			continue
		}
		cell := row[c]
		if col.currency != "" && len(sums(cell)) == 0 {
			cell = col.currency + " " + cell
		}
		found := sums(cell)
		if len(found) != 1 || found[0].other {
			bad = bad || col.what != "pay"
			continue
		}
		g := found[0]
		at := over(in, col.in)
		if g.ranged && ends.Low+ends.High == 0 && (ends.Currency == "" || ends.Currency == g.currency) && col.in.level == "" && col.in.region == "" {
			ends.Low, ends.High, ends.Currency = g.low, g.high, g.currency
			if ends.Mean == 0 {
				ends.Shown = strings.Join(strings.Fields(row[c]), " ")
			}
			continue
		}
		alone := col.what == "mean" && (col.in.region != "" || col.in.level != "") // "Germany, median": of that place alone
		if col.what == "pay" || g.ranged || alone {
			s := knowledge.Salary{}
			if alone && !g.ranged {
				s.Mean = g.low
			} else if !take(&s, "", "", g, &at) {
				continue
			}
			s.Shown = strings.Join(strings.Fields(row[c]), " ")
			out = append(out, x.placed(s, g.currency, at)...)
			continue
		}
		ends.Currency = g.currency
		*map[string]*float64{"low": &ends.Low, "high": &ends.High, "mean": &ends.Mean}[col.what] = g.low
		ends.Shown = ""
	}
	if ends.Currency != "" && !bad {
		out = append(out, x.placed(ends, ends.Currency, in)...)
	}
	return out
}

// over lays what a column says over what its row says.
func over(in, col setting) setting {
	if col.level != "" {
		in.level = col.level
	}
	if col.region != "" && !in.placed {
		in.region = col.region
	}
	if col.provider != "" {
		in.provider = col.provider
	}
	return in
}

// placed completes a figure by its setting; there is none without a role and a place.
func (x *extractor) placed(s knowledge.Salary, currency string, in setting) []knowledge.Salary {
	if d := dollars(in.region); d != "" && currency == "USD" {
		currency = d // a table's "$" is the country's own
	}
	s.Role, s.Level, s.Currency, s.Provider = in.role, in.level, currency, in.provider
	s.Region = x.region(currency, &in, nil, &s)
	if afar(s.Region, currency) {
		return nil
	}
	s.Kind = figureKind(&s, &in)
	if s.Role == "" || s.Region == "" || s.Kind == "" || s.High > 0 && s.Low > s.High || s.Mean > 0 && (s.Mean < s.Low || s.High > 0 && s.Mean > s.High) {
		return nil
	}
	return []knowledge.Salary{s}
}

// rowRole makes a fact of what a row says a role does.
func (x *extractor) rowRole(s *section, cols []column, row []string, what string) {
	if what == "" || !slices.ContainsFunc(cols, func(c column) bool { return c.what == "role" }) {
		return
	}
	for c, col := range cols {
		if col.what == "text" && c < len(row) && words(row[c]) >= 3 {
			x.add(s, knowledge.Fact{Kind: knowledge.KindRole, Subject: what, Text: clip(row[c])})
		}
	}
}

// table makes facts of a table without figures of pay: of each row, by its head.
func (x *extractor) table(s *section, b *markup.Block) {
	if x.isPay(b) {
		x.payTable(s, b)
		return
	}
	head := b.Rows[0]
	for _, row := range b.Rows[1:] {
		var parts []string
		for c := 1; c < len(row) && c < len(head); c++ {
			if row[c] == "" {
				continue
			}
			if len(head) == 2 {
				parts = append(parts, row[c])
			} else {
				parts = append(parts, head[c]+": "+row[c])
			}
		}
		if row[0] == "" || len(parts) == 0 {
			continue
		}
		f := knowledge.Fact{Kind: s.kind, Subject: row[0], Text: clip(row[0] + ": " + strings.Join(parts, "; "))}
		if s.kind == knowledge.KindComparison {
			f.Subject = s.title + ": " + row[0]
		}
		x.add(s, f)
	}
}
