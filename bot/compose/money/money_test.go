package money_test

import (
	"testing"

	"careerbot/bot/compose/money"
	"careerbot/knowledge"
)

func TestSums(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ got, want string }{
		{money.Amount(350_000, "INR"), "₹3.5 lakh"},
		{money.Amount(87_000, "USD"), "$87,000"},
		{money.Amount(87_000, "EUR"), "EUR 87,000"},
		{money.Span(90_000, 1_120_000, "INR"), "₹0.9–11.2 lakh"},
		{money.Span(70_000, 150_000, "USD"), "$70,000–150,000"},
		{money.Span(70_000, 70_000, "USD"), "$70,000"},
		{money.Thousands(1_234_567), "1,234,567"},
		{money.Twelfth(300_000, 500_000, "INR"), "₹25,000–42,000"},
		{money.Twelfth(87_000, 87_000, "USD"), "$7,300"},
		{money.Asked(10_000_000, "INR"), "₹1 crore"},
		{money.Asked(1_500_000, "INR"), "₹15 lakh"},
		{money.Asked(486_091, "INR"), "₹486,091"},
		{money.Asked(80_000, "INR"), "₹80,000"},
		{money.Asked(118_000, "USD"), "$118,000"},
		{money.Figure(&knowledge.Salary{Currency: "USD", Mean: 87_000}), "$87,000"},
		{money.Figure(&knowledge.Salary{Currency: "USD", Low: 70_000}), "from $70,000"},
		{money.Figure(&knowledge.Salary{Currency: "INR", High: 1_000_000}), "up to ₹10 lakh"},
		{money.Figure(&knowledge.Salary{Currency: "INR", Mean: 350_000, Low: 90_000, High: 1_120_000}), "₹3.5 lakh (₹0.9–11.2 lakh)"},
		{money.Figure(&knowledge.Salary{Shown: "₹3–5 LPA", Mean: 1}), "₹3–5 LPA"},
	} {
		if tt.got != tt.want {
			t.Errorf("%q, want %q", tt.got, tt.want)
		}
	}
}

// TestSpread wants the widest range over figures of which some give an average alone, and who stands at its ends.
func TestSpread(t *testing.T) {
	t.Parallel()
	mean := &knowledge.Fact{ID: "mean", Salary: &knowledge.Salary{Mean: 500}}
	wide := &knowledge.Fact{ID: "wide", Salary: &knowledge.Salary{Low: 600, High: 900}}
	low, high, lowest, highest := money.Spread([]*knowledge.Fact{wide, mean})
	if low != 500 || high != 900 || lowest != mean || highest != wide {
		t.Errorf("%v to %v, of %s and %s", low, high, lowest.ID, highest.ID)
	}
}
