package extract

import (
	"fmt"
	"strings"
	"testing"
)

// shown writes sums so that a test can show them.
func shown(all []sum) string {
	var out []string
	for _, s := range all {
		text := fmt.Sprintf("%s %.0f", s.currency, s.low)
		if s.ranged {
			text += fmt.Sprintf("-%.0f", s.high)
		}
		if s.other {
			text += " (no year's pay)"
		}
		out = append(out, text)
	}
	return strings.Join(out, "; ")
}

func TestSums(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"₹3–5 LPA":                            "INR 300000-500000",
		"₹6 – ₹20 LPA":                        "INR 600000-2000000",
		"₹486,091":                            "INR 486091",
		"₹10,00,000 a year":                   "INR 1000000",
		"around ₹3.5 lakhs (USD 4,400)":       "INR 350000; USD 4400",
		"₹0.9 lakhs to ₹11.2 lakhs":           "INR 90000-1120000",
		"INR 5 LPA":                           "INR 500000",
		"8 lakh per annum":                    "INR 800000",
		"Rs. 45,000 per month":                "INR 45000 (no year's pay)",
		"a $87-100k salary":                   "USD 87000-100000",
		"$80,000 – $150,000":                  "USD 80000-150000",
		"from USD 70,000 to USD 80,000":       "USD 70000-80000",
		"between £36,000 and £52,000":         "GBP 36000-52000",
		"£36,000 and £52,000":                 "GBP 36000; GBP 52000",
		"36,000 EUR to 44,000 EUR a year":     "EUR 36000-44000",
		"32 000 €":                            "EUR 32000",
		"36.000 €":                            "EUR 36000",
		"CHF 84'000":                          "CHF 84000",
		"€50k–€60k":                           "EUR 50000-60000",
		"$22 an hour":                         "USD 22 (no year's pay)",
		"$45/hour":                            "USD 45 (no year's pay)",
		"$858 billion":                        "USD 858000000000 (no year's pay)",
		"$1.2m":                               "USD 1200000",
		"62000 dollars":                       "USD 62000",
		"62000 people":                        "",
		"Web3 and Python 3.11":                "",
		"2-6 years":                           "",
		"20K job":                             "",
		"1.15 Lacks active jobs":              "INR 115000", // a unit of money; that it is none of pay, the sentence says
		"95% of 300 in 2024":                  "",
		"S$90,000":                            "SGD 90000",
		"between $90,000 and €80,000":         "USD 90000; EUR 80000",
		"$100,000 to $90,000":                 "USD 100000-90000 (no year's pay)",
		"₹7 lakhs to ₹12":                     "INR 700000-1200000",
		"":                                    "",
		"9999999999999999999999999999999 USD": "USD 9999999999999999635896294965248 (no year's pay)",
	} {
		if got := shown(sums(in)); got != want {
			t.Errorf("sums(%q) = %q, want %q", in, got, want)
		}
	}
}

// FuzzSums reads sums from any text: they lie in it, in order, and one that counts as pay is plausible.
func FuzzSums(f *testing.F) {
	f.Add("₹3–5 LPA, $87-100k, between 36.000 € and 1,00,000 INR a month")
	f.Add("$1,23,45 to 9k usd/£")
	f.Fuzz(func(t *testing.T, text string) {
		at := 0
		for _, s := range sums(text) {
			if s.from < at || s.to <= s.from || s.to > len(text) {
				t.Fatalf("sum from %d to %d of %q", s.from, s.to, text)
			}
			at = s.to
			if !s.other && (s.low > s.high || s.low <= 0 || !plausible(s.currency, s.high)) {
				t.Errorf("%q: %+v passes for pay", text, s)
			}
		}
	})
}
