package chart

import (
	"math"
	"strings"

	"github.com/mattn/go-runewidth"

	"careerbot/bot/chat"
)

// MinWidth is the narrowest text chart, in columns; less room is taken for this much.
const MinWidth = 40

// Longer texts are clipped, in characters: a chart's own title and note are a line or two.
const (
	maxTitle = 160
	maxUnit  = 40
	maxNote  = 400
)

// maxLabel is the widest label column, in columns.
const maxLabel = 28

// SGR codes of a coloured text chart.
const (
	dim   = "\x1b[2m"
	blue  = "\x1b[36m"
	bold  = "\x1b[1m"
	reset = "\x1b[0m"
)

// Text draws c with characters, in width columns or fewer (at least MinWidth): a title, an axis from zero, then
// a line for each bar: ├──●──┤ is a range and its average, ● a single figure, an arrow an end the source leaves
// open. The note stands below. Lines end in "\n". With color false there are no escape codes.
func Text(c chat.Chart, width int, color bool) string {
	width = max(width, MinWidth)
	cells := cells()
	all, u := spans(c), unitOf(c.Unit)
	t := textChart{axis: axisOf(all), unit: u, color: color}
	for _, s := range all {
		t.label = max(t.label, cells.StringWidth(s.label))
	}
	t.label = min(t.label, maxLabel, width*2/5)
	last := u.figure(t.axis.top)
	t.margin = min(cells.StringWidth(last)/2+1, width/6)
	if tail := cells.StringWidth(u.scale()) + 1; u.scale() != "" && t.margin+tail <= width/4 {
		t.margin, t.tail = t.margin+tail, " "+u.scale()
	}
	t.length = width - t.label - 2 - t.margin

	var b strings.Builder
	for _, l := range wrapCells(heading(c), width) {
		b.WriteString(t.paint(bold, l) + "\n")
	}
	b.WriteString(strings.Repeat(" ", t.label+2) + t.paint(dim, t.ticks()) + "\n")
	for _, s := range all {
		b.WriteString(t.row(s))
	}
	for _, l := range wrapCells(chat.Clip(chat.Line(c.Note), maxNote), width) {
		b.WriteString(t.paint(dim, l) + "\n")
	}
	return b.String()
}

// row is a bar with its label, which goes on below where the column is too narrow for it.
func (t textChart) row(s span) string {
	cells := cells()
	lines := wrapCells(chat.Clip(s.label, 3*t.label), t.label)
	if len(lines) == 0 {
		lines = []string{""}
	}
	pad := strings.Repeat(" ", max(0, t.label-cells.StringWidth(lines[0]))+2)
	lines[0] = strings.TrimRight(lines[0]+pad+t.bar(s), " ")
	return strings.Join(lines, "\n") + "\n"
}

// heading is the title with the unit, which the axis alone may have no room for.
func heading(c chat.Chart) string {
	title, u := chat.Clip(chat.Line(c.Title), maxTitle), chat.Clip(chat.Line(c.Unit), maxUnit)
	if title != "" && u != "" {
		return title + " (" + u + ")"
	}
	return title + u
}

// cells measures display width. Its rules are set here rather than taken from the environment, so that the same
// chart has the same text everywhere.
func cells() *runewidth.Condition {
	return &runewidth.Condition{StrictEmojiNeutral: true}
}

type textChart struct {
	axis                  axis
	unit                  unit
	label, length, margin int // columns
	tail                  string
	color                 bool
}

func (t textChart) paint(code, s string) string {
	if !t.color || s == "" {
		return s
	}
	return code + s + reset
}

func (t textChart) column(v float64) int {
	return int(math.Round(t.axis.at(v, float64(t.length-1))))
}

// ticks is the line of axis labels: the finest of every one, every second, … that fits, and always both ends.
func (t textChart) ticks() string {
	all := t.axis.ticks()
	n := len(all) - 1
	for every := 1; every < n; every++ {
		if line, ok := t.labels(all, every); n%every == 0 && ok {
			return line
		}
	}
	line, _ := t.labels(all, n)
	return line
}

// labels writes each every-th tick under its column and reports whether all of them stand apart.
func (t textChart) labels(all []float64, every int) (string, bool) {
	var line strings.Builder
	cells, used, ok := cells(), 0, true
	for i := 0; i < len(all); i += every {
		text := t.unit.figure(all[i])
		start := max(0, t.column(all[i])-cells.StringWidth(text)/2)
		if i == len(all)-1 {
			text += t.tail
			start = max(0, min(start, t.length+t.margin-cells.StringWidth(text)))
		}
		ok = ok && (i == 0 || start > used)
		line.WriteString(strings.Repeat(" ", max(0, start-used)) + text)
		used = max(used, start) + cells.StringWidth(text)
	}
	return cells.Truncate(line.String(), t.length+t.margin, "…"), ok
}

// open is how many columns an arrow is long: enough to be seen, too short to be read as a range.
const open = 4

func (t textChart) bar(s span) string {
	if !s.hasLow && !s.hasHigh && !s.hasMean {
		return t.paint(dim, "no figure")
	}
	row := []rune(strings.Repeat(" ", t.length))
	fill := func(from, to int, left, right rune) {
		for i := from; i <= to; i++ {
			row[i] = '─'
		}
		row[from], row[to] = left, right
	}
	switch low, high := t.column(s.low), t.column(s.high); {
	case s.hasLow && s.hasHigh && low == high:
		row[low] = '│'
	case s.hasLow && s.hasHigh:
		fill(low, high, '├', '┤')
	case s.hasLow:
		fill(low, min(low+open, t.length-1), '├', '→')
	case s.hasHigh:
		fill(max(0, high-open), high, '←', '┤')
	}
	dot := -1
	if s.hasMean {
		dot = t.column(s.mean)
		row[dot] = '●'
	}
	return t.colored(strings.TrimRight(string(row), " "), dot)
}

// colored paints the bar and, at column dot, its average.
func (t textChart) colored(row string, dot int) string {
	rs := []rune(row)
	first := len(row) - len(strings.TrimLeft(row, " "))
	if !t.color {
		return row
	}
	if dot < 0 {
		return row[:first] + t.paint(blue, row[first:])
	}
	before, lead := "", min(first, dot)
	if dot > lead {
		before = t.paint(blue, string(rs[lead:dot]))
	}
	return string(rs[:lead]) + before + t.paint(bold, string(rs[dot])) + t.paint(blue, string(rs[dot+1:]))
}

// wrapCells breaks s at spaces into lines of at most width columns; a word that is wider is cut.
func wrapCells(s string, width int) []string {
	cells := cells()
	var lines []string
	line, used := "", 0
	for word := range strings.FieldsSeq(s) {
		n := cells.StringWidth(word)
		if n > width {
			word = cells.Truncate(word, width, "…")
			n = cells.StringWidth(word)
		}
		if used > 0 && used+1+n > width {
			lines, line, used = append(lines, line), "", 0
		}
		if used > 0 {
			line, used = line+" ", used+1
		}
		line, used = line+word, used+n
	}
	if used > 0 {
		lines = append(lines, line)
	}
	return lines
}
