package compose_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"careerbot/bot/chat"
	"careerbot/bot/intent"
	"careerbot/knowledge"
	"careerbot/knowledge/lexicon"
)

// payQuestions yields an intent about pay for every role, region, level, currency and way of asking.
func payQuestions(p *knowledge.Pack) func(yield func(intent.Intent) bool) {
	roles := [][]string{nil, {"backend", "frontend"}}
	for _, e := range p.Lexicon.All() {
		if e.Kind == lexicon.KindRole && !e.Absent {
			roles = append(roles, []string{e.ID})
		}
	}
	flags := []intent.Flags{0, intent.Month, intent.Convert, intent.Lowest, intent.List | intent.Highest, intent.Factor}
	return func(yield func(intent.Intent) bool) {
		for _, role := range roles {
			for _, region := range [][]string{nil, {"india"}, {"us"}} {
				for _, level := range [][]string{nil, {"entry"}, {"mid"}, {"senior"}, {"entry", "senior"}} {
					for _, currency := range []string{"", "USD", "INR"} {
						for _, flag := range flags {
							in := payQuestion(role, region, level)
							in.Currency, in.Flags = currency, flag
							if !yield(in) {
								return
							}
						}
					}
				}
			}
		}
	}
}

// payQuestion is the intent of a plain question about pay.
func payQuestion(roles, regions, levels []string) intent.Intent {
	pay := intent.Term{Word: "salary", Stem: "salari", Weight: 1, Cue: true, Known: true, Domain: true}
	return intent.Intent{
		Topic: chat.TopicSalary, Roles: roles, Regions: regions, Levels: levels, Strong: true, Content: 1,
		Terms: []intent.Term{pay},
	}
}

func described(in intent.Intent) string { return fmt.Sprintf("%s, flags %b", in.String(), in.Flags) }

// TestPay asks for pay in every way and checks the tables, the sentences and the charts of the answers.
func TestPay(t *testing.T) {
	t.Parallel()
	p := builtin(t)
	known := knownSums(p)
	anywhere := knownNumbers(p, known)
	tables, charts := 0, 0
	n := 0
	for in := range payQuestions(p) {
		if n++; testing.Short() && n%4 != 0 {
			continue
		}
		q, a := described(in), composed(t, in)
		for _, block := range a.Blocks {
			switch block := block.(type) {
			case chat.Table:
				tables++
				checkPayTable(t, q, block, known)
			case chat.Chart:
				charts++
				checkPayChart(t, q, block)
			}
		}
		checkPayProse(t, q, a, anywhere)
		if a.Answered && len(a.Sources) == 0 {
			t.Errorf("%s: answered without a source", q)
		}
		if t.Failed() {
			return // one question shows it
		}
	}
	if tables < 500 || charts < 50 {
		t.Errorf("only %d tables and %d charts were checked", tables, charts)
	}
}

// sums are the sums of one article's facts, as they may be written, without digit grouping.
type sums map[string]bool

// knownSums gives the sums by the name an article has in answers.
func knownSums(p *knowledge.Pack) map[string]sums {
	out := map[string]sums{}
	for i := range p.Facts {
		f := &p.Facts[i]
		if f.Salary == nil {
			continue
		}
		name := articleName(p.Article(f.Article))
		if out[name] == nil {
			out[name] = sums{}
		}
		out[name].add(f.Salary)
	}
	return out
}

func articleName(a *knowledge.Article) string {
	for _, s := range []string{a.Short, a.Publisher, a.Title} {
		if s != "" {
			return s
		}
	}
	return a.ID
}

func (s sums) add(f *knowledge.Salary) {
	for _, v := range []float64{f.Low, f.High, f.Mean, f.USDLow, f.USDHigh, f.USDMean} {
		for _, per := range []float64{1, 1000, 100_000} {
			s[strconv.FormatFloat(v/per, 'f', -1, 64)] = true
		}
	}
	for _, n := range numbers(f.Shown + " " + f.Years) {
		s[n] = true
	}
}

var number = regexp.MustCompile(`\d[\d,]*(\.\d+)?`)

func numbers(s string) []string {
	out := number.FindAllString(s, -1)
	for i := range out {
		out[i] = strings.ReplaceAll(out[i], ",", "")
	}
	return out
}

// computed matches a figure and the word that says where it is from.
var computed = regexp.MustCompile(`[₹$]?[\d,.]+(–[\d,.]+)?( lakh)? \(computed\)`)

// checkPayTable checks that each row has its source, kind and date, and no sum that is not in the source's facts,
// computed ones aside, which say so.
func checkPayTable(t *testing.T, q string, tb chat.Table, known map[string]sums) {
	t.Helper()
	at := func(row []string, column string) string {
		if i := slices.Index(tb.Columns, column); i >= 0 && i < len(row) {
			return row[i]
		}
		return ""
	}
	if len(tb.Rows) == 0 {
		t.Errorf("%s: an empty table", q)
	}
	for _, row := range tb.Rows {
		source, date := at(row, "source"), at(row, "as of")
		if date == "" { // a table by role has both in one column
			source, date, _ = strings.Cut(source, ", ")
		}
		if known[source] == nil || !dated(date) {
			t.Errorf("%s: row %q has the source %q and the date %q", q, row, source, date)
			continue
		}
		converted := slices.ContainsFunc(tb.Columns, func(c string) bool { return strings.HasPrefix(c, "in ") })
		if !converted && at(row, "kind") == "" {
			t.Errorf("%s: row %q has no kind", q, row)
		}
		for i, cell := range row {
			if c := tb.Columns[i]; c != "a year" && !strings.HasPrefix(c, "in ") {
				continue
			}
			for _, n := range numbers(computed.ReplaceAllString(cell, "")) {
				if !known[source][n] {
					t.Errorf("%s: %q in row %q is in no fact of %s", q, n, row, source)
				}
			}
		}
	}
}

var day = regexp.MustCompile(`^(undated|([A-Z][a-z]{2} )?\d{4}(, older)?)$`)

func dated(s string) bool { return day.MatchString(s) }

// knownNumbers gives every number an answer on pay may show: the sums, the numbers of facts and titles, how many
// articles there are.
func knownNumbers(p *knowledge.Pack, known map[string]sums) sums {
	all := sums{}
	for _, s := range known {
		maps.Copy(all, s)
	}
	for i := range p.Facts {
		for _, n := range numbers(p.Facts[i].Subject + " " + p.Facts[i].Text) {
			all[n] = true
		}
	}
	for i := range p.Articles {
		year, _, _ := strings.Cut(p.Articles[i].Date, "-")
		for _, n := range numbers(year + " " + p.Articles[i].Title) {
			all[n] = true
		}
		all[strconv.Itoa(i+1)] = true
	}
	return all
}

// checkPayProse checks that no number of an answer is new, computed ones aside. A mean over sources would be.
func checkPayProse(t *testing.T, q string, a chat.Answer, known sums) {
	t.Helper()
	for line := range strings.SplitSeq(chat.Plain(a), "\n") {
		line = computed.ReplaceAllString(line, "")
		if strings.Contains(line, "computed") || strings.Contains(line, "guess") {
			continue // the line says that its figures are the bot's
		}
		for _, n := range numbers(line) {
			if !known[n] {
				t.Errorf("%s: %q is in no fact: %s", q, n, line)
			}
		}
	}
}

// checkPayChart checks that the bars are ranges in the unit of the axis.
func checkPayChart(t *testing.T, q string, c chat.Chart) {
	t.Helper()
	if c.Unit == "" || c.Title == "" || !strings.Contains(c.Note, "Source") || len(c.Bars) < 2 {
		t.Errorf("%s: chart %+v", q, c)
	}
	for _, b := range c.Bars {
		switch {
		case !b.HasLow && !b.HasHigh && !b.HasMean,
			b.HasLow && b.HasHigh && b.Low > b.High,
			b.HasMean && (b.HasLow && b.Mean < b.Low || b.HasHigh && b.Mean > b.High),
			max(b.Low, b.High, b.Mean) > 1000:
			t.Errorf("%s: bar %+v in %s", q, b, c.Unit)
		}
	}
}

// TestPayUnpriced asks for what no article prices: it is declined, and what is offered instead is cited.
func TestPayUnpriced(t *testing.T) {
	t.Parallel()
	p := builtin(t)
	priced := map[string]bool{}
	for i := range p.Facts {
		if s := p.Facts[i].Salary; s != nil {
			priced[s.Role+" "+s.Region], priced[s.Role+" "] = true, true
		}
	}
	unpriced := 0
	for _, e := range p.Lexicon.All() {
		if e.Kind != lexicon.KindRole || e.Absent {
			continue
		}
		for _, region := range []string{"", "india", "us"} {
			in := payQuestion([]string{e.ID}, nil, nil)
			if region != "" {
				in.Regions = []string{region}
			}
			a := composed(t, in)
			if want := priced[e.ID+" "+region]; a.Answered != want {
				t.Errorf("%s: answered %v, want %v", in.String(), a.Answered, want)
			}
			if a.Answered {
				continue
			}
			unpriced++
			if len(numbers(a.Lead+a.Title)) > 0 || !strings.Contains(a.Lead, e.Name) {
				t.Errorf("%s: declined with %q, want the role's name and no figure", in.String(), a.Lead)
			}
			for _, block := range a.Blocks {
				text, ok := block.(chat.Text)
				if !ok || len(numbers(text.Text)) > 0 && len(a.Sources) == 0 {
					t.Errorf("%s: declined with %#v, want cited text", in.String(), block)
				}
			}
		}
	}
	if unpriced == 0 {
		t.Error("every role is priced everywhere")
	}
}

// TestPayByLevel checks that a level asked for narrows the figures to it.
func TestPayByLevel(t *testing.T) {
	t.Parallel()
	p := builtin(t)
	for _, level := range []string{"entry", "mid", "senior"} {
		for _, region := range []string{"india", "us"} {
			a := composed(t, payQuestion(nil, []string{region}, []string{level}))
			for _, other := range []string{"entry-level:", "mid-level:", "senior:"} {
				if strings.Contains(chat.Plain(a), other) {
					t.Errorf("%s in %s shows another level:\n%s", level, region, chat.Plain(a))
				}
			}
			if !strings.Contains(strings.ToLower(a.Lead), strings.ToLower(p.Lexicon.Name(level))) {
				t.Errorf("%s in %s leads with %q, which does not name the level", level, region, a.Lead)
			}
		}
	}
}

// money matches a sum of money.
var money = regexp.MustCompile(`(?i)[₹$]\s?\d|\busd \d|\d ?(lpa|lakh)`)

func articleNames(p *knowledge.Pack) map[string]bool {
	names := map[string]bool{}
	for i := range p.Articles {
		names[articleName(&p.Articles[i])] = true
	}
	return names
}

// checkSums looks for sums of money in an answer: a line of a list has its source and date, a sentence names its
// source or sums up the table below it.
func checkSums(t *testing.T, q string, a chat.Answer, names map[string]bool) {
	t.Helper()
	uncited := func(s string) bool {
		if !money.MatchString(s) {
			return false
		}
		for name := range names {
			if strings.Contains(s, name) {
				return false
			}
		}
		return true
	}
	table := slices.ContainsFunc(a.Blocks, func(b chat.Block) bool { _, ok := b.(chat.Table); return ok })
	if uncited(a.Lead) && !table {
		t.Errorf("%q: the lead has a sum and no source: %s", q, a.Lead)
	}
	for _, block := range a.Blocks {
		switch block := block.(type) {
		case chat.Text:
			if uncited(block.Text) {
				t.Errorf("%q: a sum without a source: %s", q, block.Text)
			}
		case chat.List:
			for _, it := range block.Items {
				name, date, _ := strings.Cut(it.Of, ", ")
				if money.MatchString(it.Text) && (!names[name] || !dated(date)) {
					t.Errorf("%q: %q has the source %q", q, it.Text, it.Of)
				}
			}
		}
	}
}
