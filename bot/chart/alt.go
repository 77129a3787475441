package chart

import (
	"strings"

	"careerbot/bot/chat"
)

// Alt says c in words for people who do not see it: the title, every bar with every figure, the note.
func Alt(c chat.Chart) string {
	parts := []string{"Range chart"}
	if title := chat.Line(c.Title); title != "" {
		parts[0] += ": " + strings.TrimRight(title, ".")
	}
	parts = append(parts, Lines(c)...)
	if len(c.Bars) == 0 {
		parts = append(parts, "No figures")
	}
	if note := strings.TrimRight(chat.Line(c.Note), "."); note != "" {
		parts = append(parts, note)
	}
	return strings.Join(parts, ". ") + "."
}

// Lines says each bar of c in words: "upGrad: ₹7–12 lakh a year".
func Lines(c chat.Chart) []string {
	u := unitOf(c.Unit)
	var lines []string
	for _, s := range spans(c) {
		lines = append(lines, strings.TrimPrefix(s.label+": "+u.words(s), ": "))
	}
	return lines
}

// words says everything a source gives, in full: "₹8–17 lakh a year, average ₹12".
func (u unit) words(s span) string {
	r := u.extent(s)
	switch {
	case s.hasMean && r != "":
		return u.with(r) + ", average " + u.figure(s.mean)
	case s.single:
		return u.with(u.figure(s.mean))
	case s.hasMean:
		return u.with(u.figure(s.mean)) + " on average"
	}
	return u.with(u.figures(s))
}

func (u unit) with(figures string) string {
	if u.after == "" || figures == "no figure" {
		return figures
	}
	return figures + " " + u.after
}
