package extract

import (
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"testing"

	"careerbot/knowledge"
	"careerbot/knowledge/lexicon"
	"careerbot/knowledge/markup"
)

// builtinLexicon is the vocabulary every import starts from.
func builtinLexicon(t testing.TB) *lexicon.Lexicon {
	t.Helper()
	dir, err := fs.Sub(knowledge.BuiltinFS(), "lexicon")
	if err != nil {
		t.Fatal(err)
	}
	lex, _, err := lexicon.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	return lex
}

// reading is an extractor for an article on back-end work in the US.
func reading(t testing.TB) *extractor {
	a := &Article{ID: "a", Role: "backend", Page: markup.Page{Blocks: []markup.Block{{Text: "Work in the US."}}}}
	return &extractor{of: a, lex: builtinLexicon(t), seen: map[string]bool{}, only: map[string]string{}}
}

// TestPaid reads sentences: what is clear becomes a figure, what is not stays text.
func TestPaid(t *testing.T) {
	t.Parallel()
	x := reading(t)
	for in, want := range map[string]string{
		"The average salary of a back-end developer in the US is $90,000.":                                                                       "role: backend, region: us, currency: USD, mean: 90000, kind: \"average\"",
		"In India the average yearly salary is around ₹3.5 lakhs (USD 4,400), ranging from ₹0.9 lakhs to ₹11.2 lakhs (USD 1,100 to USD 14,000).": "role: backend, region: india, currency: INR, low: 90000, high: 1120000, mean: 350000, kind: \"average and range\", usd_low: 1100, usd_high: 14000, usd_mean: 4400",
		"Back-end developers earn $87K on average, whereas front-end developers earn $76K in the US.":                                            "role: backend, region: us, currency: USD, mean: 87000, kind: \"average\" + role: frontend, region: us, currency: USD, mean: 76000, kind: \"average\", note: \"the page does not say whether this is an average\"",
		"Senior developers earn up to $150,000 in the US.":                                                                                       "role: backend, region: us, level: senior, currency: USD, high: 150000, kind: \"upper end\"",
		"Entry-level pay in India starts at ₹3 lakh.":                                                                                            "role: backend, region: india, level: entry, currency: INR, low: 300000, kind: \"lower end\"",
		"According to Payscale, DevOps engineers in India make ₹6–10 LPA.":                                                                       "role: devops-engineer, region: india, currency: INR, low: 600000, high: 1000000, kind: \"range\", provider: \"Payscale\"",
		"A developer with 2-6 years of experience earns a $87-100k salary in the US.":                                                            "role: backend, region: us, currency: USD, low: 87000, high: 100000, kind: \"range\", years: \"2-6\"",
		"They earn $95,000 in the US.":                                                                                                           "role: backend, region: us, currency: USD, mean: 95000, kind: \"average\", note: \"the page does not say whether this is an average\"",

		// Places smaller than a country, times other than a year beside one, experience, and the ends of the paid.
		"A back-end developer in Texas earns $98,000.":                                                      `role: backend, region: in-texas, currency: USD, mean: 98000, kind: "average", note: "the page does not say whether this is an average"`,
		"In the US back-end developers earn $92,000 a year on average, or $44.20 an hour.":                  `role: backend, region: us, currency: USD, mean: 92000, kind: "average"`,
		"In the US the average salary of a back-end developer is $92,000, about $44 per hour.":              `role: backend, region: us, currency: USD, mean: 92000, kind: "average"`,
		"Back-end developers with more than ten years of experience earn around $140,000 in the US.":        `role: backend, region: us, currency: USD, mean: 140000, kind: "average", years: "10+"`,
		"In the US the lowest 10% earned less than $51,000, and the highest 10% earned more than $160,000.": `role: backend, region: us, currency: USD, low: 51000, high: 160000, kind: "range", note: "the lowest-paid 10% get less than this range, the highest-paid more"`,
		"The highest salary of a back-end developer in the US is $190,000.":                                 `role: backend, region: us, currency: USD, high: 190000, kind: "upper end"`,
		"In the US back-end developers are paid $90,000, plus a bonus of $8,000.":                           `role: backend, region: us, currency: USD, mean: 90000, kind: "average", note: "the page does not say whether this is an average"`,
		"Salary in the US: INR6-8 LPA in India | $90,000 in the US":                                         `role: backend, region: india, currency: INR, low: 600000, high: 800000, kind: "range" + role: backend, region: us, currency: USD, mean: 90000, kind: "average", note: "the page does not say whether this is an average"`,
		"According to the Office of Wages, back-end developers in the US earn $90,000.":                     `role: backend, region: us, currency: USD, mean: 90000, kind: "average", provider: "Office of Wages", note: "the page does not say whether this is an average"`,

		// Of other people, or of some of them.
		"Machine learning engineers earn $120,000 in the US.":                                 "",
		"The CRNAs earn $120,000 in the US.":                                                  "",
		"Travel developers earn $120,000 in the US.":                                          "",
		"Skilled developers earn $120,000 in the US.":                                         "",
		"Developers in banking earn $120,000 in the US.":                                      "",
		"Developers who work on games earn $120,000 in the US.":                               "",
		"In the US back-end developers with a master's degree earn $120,000.":                 "",
		"In the US women earn $88,000 as back-end developers.":                                "",
		"Back-end developers in Erlang earn $120,000 in the US.":                              "",
		"In the US they earn $12,000 more a year than others.":                                "",
		"The pay in the US rose by more than $3,000 annually.":                                "",
		"The top 10% earn $160,000 in the US.":                                                "",
		"A course in the US costs $9,000.":                                                    "",
		"In London they earn $90,000.":                                                        "", // a namesake
		"Pay: Initech $90,000":                                                                "",
		"In the US those with one to two years earn $70,000, with nine to ten years $99,000.": "",

		// Not clear, or no year's pay.
		"A back-end developer and a DevOps engineer earn $90,000 in the US.": "",
		"Junior and senior developers earn $60,000 and $120,000 in the US.":  "",
		"The salary is $90,000 in Germany and the US and $70,000 in France.": "",
		"The industry earns $858 billion.":                                   "",
		"Freelancers earn $90,000 in the US.":                                "",
		"They are paid $50 an hour in the US.":                               "",
		"The monthly salary in India is ₹40,000.":                            "",
		"The salary is 90,000.":                                              "",
		"A salary of €60,000 is common.":                                     "", // where?
		"They earn ₹5 lakh in India, while it is €60,000 elsewhere.":         "role: backend, region: india, currency: INR, mean: 500000, kind: \"average\", note: \"the page does not say whether this is an average\"",
		"A course costs ₹50,000.":                                            "",
		"More than 20K jobs are listed.":                                     "",
		"The average salary is $90,000 and $95,000 in the US.":               "",
	} {
		var got []string
		for _, s := range x.paid(in, setting{role: "backend"}) {
			got = append(got, salaryText(&s))
		}
		if g := strings.Join(got, " + "); g != want {
			t.Errorf("%q\n got %s\nwant %s", in, g, want)
		}
	}
}

// salaryText writes what is set of a figure, but not how it was shown.
func salaryText(s *knowledge.Salary) string {
	var out []string
	text := func(key, form, value string) {
		if value != "" {
			out = append(out, fmt.Sprintf("%s: "+form, key, value))
		}
	}
	number := func(key string, v float64) {
		if v > 0 {
			out = append(out, key+": "+num(v))
		}
	}
	text("role", "%s", s.Role)
	text("region", "%s", s.Region)
	text("level", "%s", s.Level)
	text("currency", "%s", s.Currency)
	number("low", s.Low)
	number("high", s.High)
	number("mean", s.Mean)
	text("kind", "%q", s.Kind)
	number("usd_low", s.USDLow)
	number("usd_high", s.USDHigh)
	number("usd_mean", s.USDMean)
	text("provider", "%q", s.Provider)
	text("years", "%q", s.Years)
	text("note", "%q", s.Note)
	return strings.Join(out, ", ")
}

// TestPayTable reads rows of tables, and leaves those whose figure could be anybody's.
func TestPayTable(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		rows [][]string
		want string
	}{
		"roles": {
			[][]string{{"Role", "Average Salary (in INR)"}, {"Junior Back-End Developer", "₹3–5 LPA"}, {"Cloud Engineer", "6-10 LPA"}},
			"backend india entry 300000 500000 0; cloud-engineer india  600000 1000000 0",
		},
		"ends and mean": {
			[][]string{{"Level", "Minimum", "Average", "Maximum"}, {"Senior", "$90,000", "$110,000", "$140,000"}},
			"backend us senior 90000 140000 110000",
		},
		"levels as columns": {
			[][]string{{"Country", "Entry level", "Senior level"}, {"India", "₹3 LPA", "₹9 LPA"}, {"USA", "$70,000", "$130,000"}},
			"backend india entry 0 0 300000; backend india senior 0 0 900000; backend us entry 0 0 70000; backend us senior 0 0 130000",
		},
		"years": {
			[][]string{{"Experience", "Salary"}, {"1-3 years", "$80,000"}, {"lots", "$200,000"}},
			"backend us  0 0 80000",
		},
		"months": {[][]string{{"Role", "Salary per month"}, {"Cloud Engineer", "$9,000"}}, ""},
		"whose":  {[][]string{{"City district", "Salary"}, {"Old town", "$80,000"}, {"Harbour", "$70,000"}}, ""},
		"parts of the paid": {
			[][]string{{"Experience", "Service firms", "Remote"}, {"1-3 years", "$80,000", "$90,000"}}, "",
		},
		"hours beside years": {
			[][]string{{"State", "Average salary", "Hourly wage"}, {"Ohio", "$80,000", "$38.40"}, {"Iowa", "$70,000", "$33.60"}},
			"backend in-ohio  0 0 80000; backend in-iowa  0 0 70000",
		},
		"towns as columns": {
			[][]string{{"Rank", "Role", "Germany Median", "Berlin"}, {"1", "Cloud Engineer", "€70K", "€72K"}, {"2", "DevOps Engineer", "€75K", "€77K"}},
			"cloud-engineer germany  0 0 70000; cloud-engineer in-berlin  0 0 72000; devops-engineer germany  0 0 75000; devops-engineer in-berlin  0 0 77000",
		},
		"wrong way round": {
			[][]string{{"Level", "Minimum", "Maximum"}, {"Senior", "$140,000", "$90,000"}}, "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := reading(t)
			s := &section{id: "pay", title: "Pay", kind: knowledge.KindSalary}
			x.table(s, &markup.Block{Kind: markup.Table, Rows: test.rows})
			var got []string
			for _, f := range x.facts {
				if p := f.Salary; p != nil {
					got = append(got, strings.Join([]string{p.Role, p.Region, p.Level, num(p.Low), num(p.High), num(p.Mean)}, " "))
				}
			}
			if g := strings.Join(got, "; "); g != test.want {
				t.Errorf("got %s\nwant %s", g, test.want)
			}
		})
	}
}

func num(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// TestExperience reads years of experience, and says where there are several.
func TestExperience(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"2-6 years of experience": "2-6", "between two and five years": "2-5", "10+ years": "10+", "more than twenty years of experience": "20+",
		"5 years and more": "5+", "less than a year": "0-1", "under three years": "0-3", "with 4 years of experience": "4", "Year 2-3:": "2-3",
		"1-3 years, then 4-6 years": several, "two shifts a day": "", "in 2024": "",
	} {
		if got := experienceIn(in); got != want {
			t.Errorf("experienceIn(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestPlaces finds towns and states in place of the countries they lie in, and no country in a state's name.
func TestPlaces(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"pay in New Mexico": "in-new-mexico", "Sydney, Australia": "in-sydney", "in Germany and in Munich": "in-munich", "across the UK": "uk",
		"in New York City": "in-new-york", "in Düsseldorf": "in-dusseldorf", "an essential reading": "", "Indianapolis": "", "Toronto or Paris": "in-toronto in-paris",
	} {
		if got := strings.Join(places(in), " "); got != want {
			t.Errorf("places(%q) = %q, want %q", in, got, want)
		}
	}
}
