// Package chart draws a [chat.Chart] as text bars, as SVG and as PNG, and says it in words.
//
// All four show the same figures on an axis that starts at zero. The package is pure: it decides nothing about
// what is charted, knows no platform, reads no files and asks no clock. Figures that are not finite, below zero
// or above 10^15 have no place on such an axis and are left out.
package chart

import (
	"math"
	"strconv"
	"strings"
	"unicode"

	"careerbot/bot/chat"
)

// largest is the largest figure drawn; beyond it, float64 no longer holds every whole number.
const largest = 1e15

// smallest is the least figure above zero; less is zero.
const smallest = 1e-9

// span is a chat.Bar made drawable: every figure that is there is finite and on the axis.
type span struct {
	label           string
	low, high, mean float64
	hasLow, hasHigh bool
	hasMean         bool // mean is drawn as a dot
	single          bool // the dot is the only figure the source gives, not an average
}

func spans(c chat.Chart) []span {
	out := make([]span, len(c.Bars))
	for i, b := range c.Bars {
		s := span{label: chat.Line(b.Label)}
		s.low, s.hasLow = usable(b.Low, b.HasLow)
		s.high, s.hasHigh = usable(b.High, b.HasHigh)
		s.mean, s.hasMean = usable(b.Mean, b.HasMean)
		if s.hasLow && s.hasHigh && s.low > s.high {
			s.low, s.high = s.high, s.low
		}
		if s.hasLow && s.hasHigh && s.low == s.high {
			s.single = !s.hasMean || s.mean == s.low
			if s.single {
				s.mean, s.hasMean, s.hasLow, s.hasHigh = s.low, true, false, false
			}
		}
		out[i] = s
	}
	return out
}

func usable(v float64, has bool) (float64, bool) {
	if !has || !(v >= 0 && v <= largest) {
		return 0, false
	}
	if v < smallest {
		return 0, true
	}
	return v, true
}

// axis runs from zero to top in equal steps.
type axis struct{ step, top float64 }

// axisOf finds an axis of three to five steps of 1, 2, 2.5 or 5 times a power of ten that holds every figure,
// with room for the arrow of a range that is open upwards.
func axisOf(all []span) axis {
	most := 0.0
	for _, s := range all {
		most = max(most, s.high, s.mean, s.low)
		if s.hasLow && !s.hasHigh {
			most = max(most, s.low*1.12)
		}
	}
	if most == 0 {
		return axis{step: 1, top: 1}
	}
	raw := most / 4
	size := math.Pow(10, math.Floor(math.Log10(raw)))
	step := 10 * size
	for _, m := range [...]float64{1, 2, 2.5, 5} {
		if m*size >= raw*(1-1e-9) {
			step = m * size
			break
		}
	}
	return axis{step: step, top: step * max(1, math.Ceil(most/step-1e-9))}
}

// ticks are the figures under which the axis is labelled, the first of them zero.
func (a axis) ticks() []float64 {
	n := int(math.Round(a.top / a.step))
	out := make([]float64, n+1)
	for i := range out {
		out[i] = float64(i) * a.step
	}
	return out
}

// at is the place of v on an axis of the given length.
func (a axis) at(v, length float64) float64 {
	return min(v/a.top, 1) * length
}

// unit is a chart's unit in the parts that stand before and after a figure: "₹", "lakh a year".
type unit struct{ before, after string }

func unitOf(s string) unit {
	s = chat.Clip(chat.Line(s), maxUnit)
	head, rest, _ := strings.Cut(s, " ")
	if strings.ContainsFunc(head, func(r rune) bool { return unicode.Is(unicode.Sc, r) }) {
		return unit{before: head, after: rest}
	}
	return unit{after: s}
}

// scale is the part of the unit that belongs to the size of a figure: "lakh" of "lakh a year".
func (u unit) scale() string {
	for _, per := range [...]string{" a ", " an ", " per "} {
		if head, _, ok := strings.Cut(u.after, per); ok {
			return head
		}
	}
	return u.after
}

// figure writes v with what stands before it: "₹4.86".
func (u unit) figure(v float64) string { return u.before + number(v) }

// figures says everything a source gives in short: "₹7–12", "₹12 (₹8–17)", "up to ₹10", "no figure".
func (u unit) figures(s span) string {
	r := u.extent(s)
	switch {
	case s.hasMean && r != "":
		return u.figure(s.mean) + " (" + r + ")"
	case s.hasMean:
		return u.figure(s.mean)
	case r != "":
		return r
	}
	return "no figure"
}

func (u unit) extent(s span) string {
	switch {
	case s.hasLow && s.hasHigh:
		return u.figure(s.low) + "–" + number(s.high)
	case s.hasLow:
		return "from " + u.figure(s.low)
	case s.hasHigh:
		return "up to " + u.figure(s.high)
	}
	return ""
}

// number writes v with at most two decimals and commas between thousands.
func number(v float64) string {
	if v != 0 && v < 0.01 {
		return strconv.FormatFloat(v, 'g', 2, 64)
	}
	s := strconv.FormatFloat(v, 'f', 2, 64)
	s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	whole, frac, _ := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if frac != "" {
		return whole + "." + frac
	}
	return whole
}
