package importer

import (
	"io/fs"
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
	a := &article{id: "a", role: "backend", page: markup.Page{Blocks: []markup.Block{{Text: "Work in the US."}}}}
	return &extractor{a: a, lex: builtinLexicon(t), seen: map[string]bool{}}
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
			s.Shown = ""
			got = append(got, strings.Join(salaryKeys(&s), ", "))
		}
		if g := strings.Join(got, " + "); g != want {
			t.Errorf("%q\n got %s\nwant %s", in, g, want)
		}
	}
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
			for _, f := range x.a.facts {
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

func num(v float64) string {
	return strings.TrimSuffix(strings.TrimPrefix(salaryAmount(v), "mean: "), "")
}

func salaryAmount(v float64) string {
	if v == 0 {
		return "0"
	}
	return salaryKeys(&knowledge.Salary{Mean: v})[0]
}
