package knowledge

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// salaryKinds lists what sort of figure a salary may be.
func salaryKinds() []string {
	return []string{"average", "range", "average and range", "indicative range", "lower end", "upper end"}
}

func (r *reader) salary(n *yaml.Node, from string) *Salary {
	s := &Salary{}
	for key, value := range r.pairs(n, "a salary") {
		switch key.Value {
		case "role":
			s.Role = r.text(value)
			r.link(value, from, linkRole, s.Role)
		case "region":
			s.Region = r.text(value)
			r.link(value, from, linkRegion, s.Region)
		case "level":
			s.Level = r.text(value)
			r.link(value, from, linkLevel, s.Level)
		case "low":
			s.Low = r.amount(value)
		case "high":
			s.High = r.amount(value)
		case "mean":
			s.Mean = r.amount(value)
		default:
			r.salaryText(s, key, value)
		}
	}
	if n.Kind != yaml.MappingNode {
		return nil
	}
	r.checkSalary(n, s, from)
	r.checkAmounts(n, from, s.Low, s.High, s.Mean)
	if least := least(s.Low, s.High, s.Mean); s.Currency == "INR" && least > 0 && least < minRupees {
		r.problem(n.Line, fmt.Sprintf("the salary of %s is %g rupees a year", from, least), "write whole rupees: 3.5 lakh is 350000")
	}
	if s.USDLow+s.USDHigh+s.USDMean > 0 {
		r.checkAmounts(n, from+" in dollars", s.USDLow, s.USDHigh, s.USDMean)
	}
	return s
}

// salaryText reads the keys that say what the figures are.
func (r *reader) salaryText(s *Salary, key, value *yaml.Node) {
	switch key.Value {
	case "currency":
		s.Currency = r.text(value)
	case "kind":
		s.Kind = r.text(value)
	case "shown":
		s.Shown = r.text(value)
	case "provider":
		s.Provider = r.text(value)
	case "provider_url":
		s.ProviderURL = r.text(value)
		r.checkURL(value.Line, s.ProviderURL)
	case "years":
		s.Years = r.text(value)
	case "note":
		s.Note = r.text(value)
	case "usd_low":
		s.USDLow = r.amount(value)
	case "usd_high":
		s.USDHigh = r.amount(value)
	case "usd_mean":
		s.USDMean = r.amount(value)
	default:
		r.unknown(key, "a salary", "role", "region", "level", "currency", "low", "high", "mean", "kind", "shown", "provider",
			"provider_url", "years", "note", "usd_low", "usd_high", "usd_mean")
	}
}

func (r *reader) checkSalary(n *yaml.Node, s *Salary, from string) {
	if s.Role == "" {
		r.problem(n.Line, "the salary of "+from+" has no role", "add the lexicon id of the role")
	}
	if s.Region == "" {
		r.problem(n.Line, "the salary of "+from+" has no region", "add the lexicon id of the region")
	}
	switch {
	case s.Currency == "":
		r.problem(n.Line, "the salary of "+from+" has no currency", "add the three capitals of ISO 4217, such as INR")
	case len(s.Currency) != 3 || strings.Trim(s.Currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "":
		r.problem(n.Line, fmt.Sprintf("the salary of %s is in %q", from, s.Currency), "use the three capitals of ISO 4217, such as INR")
	}
	if kinds := salaryKinds(); !slices.Contains(kinds, s.Kind) {
		r.problem(n.Line, fmt.Sprintf("the salary of %s is of kind %q", from, s.Kind), "use one of "+strings.Join(kinds, ", "))
	}
}

// checkAmounts compares the amounts that are given.
func (r *reader) checkAmounts(n *yaml.Node, from string, low, high, mean float64) {
	of := "the salary of " + from
	switch {
	case low == 0 && high == 0 && mean == 0:
		r.problem(n.Line, of+" has no amount", "give low, high or mean")
	case high > 0 && low > high:
		r.problem(n.Line, fmt.Sprintf("%s: low %.0f is above high %.0f", of, low, high), "swap them or check them against the article")
	case mean > 0 && mean < low || high > 0 && mean > high:
		r.problem(n.Line, fmt.Sprintf("%s: mean %.0f lies outside its range", of, mean), "check the figures against the article")
	}
}

// minRupees is the amount below which rupees a year are surely meant as lakh.
const minRupees = 1000

// least is the smallest amount that is given, 0 where none is.
func least(amounts ...float64) float64 {
	var out float64
	for _, a := range amounts {
		if a > 0 && (out == 0 || a < out) {
			out = a
		}
	}
	return out
}
