package report

import (
	"fmt"
	"strings"
	"unicode"
)

// line makes one line of what a stranger wrote, of at most limit bytes: control characters, and marks that turn the
// direction of writing, would let a question repaint the operator's terminal.
func line(s string, limit int) string {
	if len(s) > limit {
		s = s[:limit]
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) || unicode.IsControl(r):
			return ' '
		case unicode.Is(unicode.Cf, r) && r != '\u200c' && r != '\u200d': // the two that Indic scripts need
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	return strings.Join(strings.Fields(s), " ")
}

// clip cuts s to n characters, the last of which is then "…".
func clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

// cells is how many columns s takes at most. Scripts from Hangul on may be twice as wide as Latin letters.
func cells(s string) int {
	n := 0
	for _, r := range s {
		n += cell(r)
	}
	return n
}

func cell(r rune) int {
	if r >= 0x1100 && (r < 0x2000 || r >= 0x2e80) { // punctuation, arrows and bars in between are narrow
		return 2
	}
	return 1
}

// fit cuts s to at most width columns.
func fit(s string, width int) string {
	if cells(s) <= width {
		return s
	}
	n := 1 // for the "…"
	for i, r := range s {
		if n += cell(r); n > width {
			return strings.TrimRight(s[:i], " ") + "…"
		}
	}
	return s
}

// wrap breaks s between words into lines of at most width columns; a word that is wider is cut.
func wrap(s string, width int) []string {
	var out []string
	now := ""
	for _, word := range strings.Fields(s) {
		word = fit(word, width)
		switch {
		case now == "":
			now = word
		case cells(now)+1+cells(word) <= width:
			now += " " + word
		default:
			out, now = append(out, now), word
		}
	}
	return append(out, now)
}

// many is a number with its noun: "1 question", "12,000 questions".
func many(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	if noun == "person" {
		return thousands(n) + " people"
	}
	return thousands(n) + " " + noun + "s"
}

func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// percent is a share of a whole in whole percents; all and nothing are said of all and nothing only.
func percent(part, whole int) string {
	switch p := (200*part + whole) / max(1, 2*whole); {
	case whole == 0:
		return "–"
	case p == 0 && part > 0:
		return "<1 %"
	case p == 100 && part < whole:
		return ">99 %"
	default:
		return fmt.Sprintf("%d %%", p)
	}
}

// took writes microseconds for people.
func took(us int64) string {
	switch {
	case us < 1000:
		return fmt.Sprintf("%d µs", us)
	case us < 100_000:
		return fmt.Sprintf("%.1f ms", float64(us)/1e3)
	case us < 1_000_000:
		return fmt.Sprintf("%d ms", us/1000)
	}
	return fmt.Sprintf("%.1f s", float64(us)/1e6)
}
