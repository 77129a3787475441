// Package money writes sums as people of their currency read them, and gathers the figures of salary facts.
//
// It is pure and knows no question: which figures are shown, and what is said of them, is for package compose.
package money

import (
	"math"
	"strconv"

	"careerbot/knowledge"
)

// Lakh is 100,000: Indian pay is read in lakh rupees a year.
const Lakh = 100_000

// Amount writes a sum as people of the currency read it: "₹3.5 lakh", "$87,000".
func Amount(v float64, currency string) string {
	switch currency {
	case "INR":
		return "₹" + trim(v/Lakh) + " lakh"
	case "USD":
		return "$" + Thousands(v)
	}
	return currency + " " + Thousands(v)
}

// Span writes a range once: "₹7–17 lakh", "$70,000–150,000".
func Span(low, high float64, currency string) string {
	if low == high {
		return Amount(low, currency)
	}
	switch currency {
	case "INR":
		return "₹" + trim(low/Lakh) + "–" + trim(high/Lakh) + " lakh"
	case "USD":
		return "$" + Thousands(low) + "–" + Thousands(high)
	}
	return currency + " " + Thousands(low) + "–" + Thousands(high)
}

// trim writes at most two decimals and no trailing zeros.
func trim(v float64) string {
	return strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64)
}

// Thousands groups the digits of a whole sum by three.
func Thousands(v float64) string {
	s := strconv.FormatFloat(math.Round(v), 'f', 0, 64)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Ends gives the lowest and highest sum a figure speaks of.
func Ends(s *knowledge.Salary) (low, high float64) {
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

// Figure is a salary as its row shows it.
func Figure(s *knowledge.Salary) string {
	if s.Shown != "" {
		return s.Shown
	}
	switch {
	case s.Mean > 0 && s.High > 0:
		return Amount(s.Mean, s.Currency) + " (" + Span(s.Low, s.High, s.Currency) + ")"
	case s.Mean > 0:
		return Amount(s.Mean, s.Currency)
	case s.Low > 0 && s.High > 0:
		return Span(s.Low, s.High, s.Currency)
	case s.High > 0:
		return "up to " + Amount(s.High, s.Currency)
	}
	return "from " + Amount(s.Low, s.Currency)
}

// Spread is the widest range over several figures, and which facts stand at its ends.
func Spread(facts []*knowledge.Fact) (low, high float64, lowest, highest *knowledge.Fact) {
	for _, f := range facts {
		l, h := Ends(f.Salary)
		if lowest == nil || l < low {
			low, lowest = l, f
		}
		if highest == nil || h > high {
			high, highest = h, f
		}
	}
	return low, high, lowest, highest
}

// Twelfth writes a twelfth of a span, rounded: "₹25,000–42,000".
func Twelfth(low, high float64, currency string) string {
	unit, sign := 100.0, currency+" "
	switch currency {
	case "INR":
		unit, sign = 1000, "₹"
	case "USD":
		sign = "$"
	}
	m := func(v float64) string { return Thousands(math.Round(v/12/unit) * unit) }
	if high > low {
		return sign + m(low) + "–" + m(high)
	}
	return sign + m(low)
}

// Asked writes a sum as people name it: 100 lakh are a crore, and what is less than a lakh or not round is written out.
func Asked(v float64, currency string) string {
	switch {
	case currency != "INR":
		return Amount(v, currency)
	case v >= 100*Lakh:
		return "₹" + trim(v/(100*Lakh)) + " crore"
	case v < Lakh || math.Mod(v, 1000) != 0:
		return "₹" + Thousands(v)
	}
	return Amount(v, currency)
}
