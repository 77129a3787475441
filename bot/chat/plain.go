package chat

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Plain is the text of a as a person would read it, without colour or drawing: the lead, then the blocks,
// separated by empty lines. Titles of the answer, actions, sources and trace are left out, and so are charts,
// whose figures stand in the table beside them. The same answer always gives the same text.
func Plain(a Answer) string {
	parts := make([]string, 0, len(a.Blocks)+1)
	add := func(s string) {
		if s != "" {
			parts = append(parts, s)
		}
	}
	add(paragraphs(a.Lead))
	for _, b := range a.Blocks {
		switch b := b.(type) {
		case Text:
			add(paragraphs(b.Text))
		case List:
			add(plainList(b))
		case Table:
			add(plainTable(b))
		case Quote:
			add(plainQuote(b, a.Sources))
		case Chart: // the table beside it has the same figures
		}
	}
	return strings.Join(parts, "\n\n")
}

func plainList(l List) string {
	lines := titleLine(l.Title)
	n := 0
	for _, item := range l.Items {
		text := Line(item.Text)
		if text == "" {
			continue
		}
		n++
		mark := "-"
		if l.Ordered {
			mark = fmt.Sprintf("%d.", n)
		}
		text = mark + " " + text
		if of := Line(item.Of); of != "" {
			text += " (" + of + ")"
		}
		lines = append(lines, text)
	}
	return strings.Join(lines, "\n")
}

func plainTable(t Table) string {
	lines := titleLine(t.Title)
	for _, row := range t.Rows {
		if text := plainRow(row); text != "" {
			lines = append(lines, text)
		}
	}
	return strings.Join(lines, "\n")
}

// plainRow reads "first: second · third"; empty cells are passed over.
func plainRow(row []string) string {
	if len(row) == 0 {
		return ""
	}
	var cells []string
	for _, cell := range row[1:] {
		if cell = Line(cell); cell != "" {
			cells = append(cells, cell)
		}
	}
	head, rest := Line(row[0]), strings.Join(cells, " · ")
	if head == "" || rest == "" {
		return head + rest
	}
	return head + ": " + rest
}

func plainQuote(q Quote, sources []Source) string {
	text := Line(q.Text)
	if text == "" {
		return ""
	}
	text = "“" + text + "”"
	for _, s := range sources {
		if s.ID == q.Source {
			return text + " (" + Line(s.Publisher) + ", " + Line(Day(s.Date)) + ")"
		}
	}
	return text
}

func titleLine(title string) []string {
	title = strings.TrimRight(Line(title), ":")
	if title == "" {
		return nil
	}
	return []string{title + ":"}
}

// Line puts s on one line without control characters, which a terminal or a platform could act on, and without
// bidirectional overrides. Runs of white space become one space.
func Line(s string) string {
	if isLine(s) { // nearly all that is shown, and it is asked several times of each
		return s
	}
	return strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, "\uFFFD"), separates), " ")
}

// isLine holds for what Line leaves as it is.
func isLine(s string) bool {
	space := s != "" // none at the beginning
	for i := 0; i < len(s); {
		if c := s[i]; c > ' ' && c < 0x7f { // nearly all of nearly every text
			space = false
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == ' ' && space || r != ' ' && (separates(r) || r == '\uFFFD') {
			return false
		}
		space = r == ' '
		i += size
	}
	return !space
}

// separates holds for white space and for characters that act instead of showing: controls and the
// bidirectional overrides, which make text read differently from what it says.
func separates(r rune) bool {
	if r < 0x7f {
		return r <= ' '
	}
	return unicode.IsSpace(r) || unicode.IsControl(r) || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}

// paragraphs keeps the line breaks of s and cleans every line.
func paragraphs(s string) string {
	var lines []string
	for l := range strings.SplitSeq(s, "\n") {
		l = Line(l)
		if l == "" && (len(lines) == 0 || lines[len(lines)-1] == "") {
			continue
		}
		lines = append(lines, l)
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}

// Day writes an ISO 8601 date for people: "12 May 2025", "May 2025", "2025". An empty date is "undated"; what
// is no ISO date comes back as it is.
func Day(date string) string {
	if date == "" {
		return "undated"
	}
	for _, f := range [...]struct{ iso, shown string }{{"2006-01-02", "2 January 2006"}, {"2006-01", "January 2006"}} {
		if t, err := time.Parse(f.iso, date); err == nil {
			return t.Format(f.shown)
		}
	}
	return date
}

// Clip cuts s to at most runes characters, the "…" at its end included, after a whole word where the last word
// is not most of the text. It never parts a letter from its accent or the halves of a joined emoji. Zero or
// fewer characters give "".
func Clip(s string, runes int) string {
	if runes <= 0 {
		return ""
	}
	if utf8.RuneCountInString(s) <= runes {
		return s
	}
	rs := []rune(s)
	end := runes - 1
	for end > 0 && joined(rs[end-1], rs[end]) {
		end--
	}
	// A cut inside a word goes back to the word's start, unless that would lose more than half of the room.
	if !unicode.IsSpace(rs[end]) {
		for i := end; i > 0 && i >= runes/2; i-- {
			if unicode.IsSpace(rs[i-1]) {
				end = i
				break
			}
		}
	}
	return strings.TrimRight(string(rs[:end]), " \t\n,;:·-–—") + "…"
}

// joined holds where a and b are drawn as one: b is an accent, a modifier or a joiner, or a joins it to b.
func joined(a, b rune) bool {
	const zwj = '\u200d'
	return a == zwj || b == zwj || unicode.In(b, unicode.Mn, unicode.Me, unicode.Mc) ||
		b >= 0x1f3fb && b <= 0x1f3ff || b >= 0xfe00 && b <= 0xfe0f
}
