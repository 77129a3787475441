package compose

import (
	"math"
	"strconv"

	"careerbot/knowledge"
)

// Units of money. A lakh is 100,000; Indian pay is read in lakh a year.
const lakh = 100_000

// amount writes a sum as people of the currency read it: "₹3.5 lakh", "$87,000".
func amount(v float64, currency string) string {
	switch currency {
	case "INR":
		return "₹" + trim(v/lakh) + " lakh"
	case "USD":
		return "$" + thousands(v)
	}
	return currency + " " + thousands(v)
}

// span writes a range once: "₹7–17 lakh", "$70,000–150,000".
func span(low, high float64, currency string) string {
	if low == high {
		return amount(low, currency)
	}
	switch currency {
	case "INR":
		return "₹" + trim(low/lakh) + "–" + trim(high/lakh) + " lakh"
	case "USD":
		return "$" + thousands(low) + "–" + thousands(high)
	}
	return currency + " " + thousands(low) + "–" + thousands(high)
}

// trim writes at most two decimals and no trailing zeros.
func trim(v float64) string {
	return strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64)
}

// thousands groups the digits of a whole sum by three.
func thousands(v float64) string {
	s := strconv.FormatFloat(math.Round(v), 'f', 0, 64)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// ends gives the lowest and highest sum a figure speaks of.
func ends(s *knowledge.Salary) (low, high float64) {
	low, high = s.Low, s.High
	if low == 0 {
		low = s.Mean
	}
	if low == 0 {
		low = s.High
	}
	high = max(high, s.Mean, s.Low)
	return low, high
}

// figure is a salary as its row shows it.
func figure(s *knowledge.Salary) string {
	if s.Shown != "" {
		return s.Shown
	}
	switch {
	case s.Mean > 0 && s.High > 0:
		return amount(s.Mean, s.Currency) + " (" + span(s.Low, s.High, s.Currency) + ")"
	case s.Mean > 0:
		return amount(s.Mean, s.Currency)
	case s.Low > 0 && s.High > 0:
		return span(s.Low, s.High, s.Currency)
	case s.High > 0:
		return "up to " + amount(s.High, s.Currency)
	}
	return "from " + amount(s.Low, s.Currency)
}

// spread is the widest range over several figures, and which facts stand at its ends.
func spread(facts []*knowledge.Fact) (low, high float64, lowest, highest *knowledge.Fact) {
	for _, f := range facts {
		l, h := ends(f.Salary)
		if lowest == nil || l < low {
			low, lowest = l, f
		}
		if highest == nil || h > high {
			high, highest = h, f
		}
	}
	return low, high, lowest, highest
}

// upper makes the first letter a capital, for a name at the start of a title or sentence.
func upper(s string) string {
	if s == "" || s[0] < 'a' || s[0] > 'z' {
		return s
	}
	return string(s[0]-'a'+'A') + s[1:]
}
