package terminal

import (
	"fmt"
	"slices"
	"strings"

	"careerbot/bot/chart"
	"careerbot/bot/chat"
)

// Options say how an answer is drawn.
type Options struct {
	Color bool // bold, dim and coloured text; false writes no escape codes at all
	Width int  // columns, at least MinWidth; zero or less is 80
	Why   bool // add how the answer came about
	More  bool // add the other answers that were found
}

// MinWidth is the narrowest screen an answer is laid out for, in columns.
const MinWidth = 20

// indent stands before every line of evidence.
const indent = "  "

// Longer texts are clipped, in characters.
const (
	maxTitle = 200
	maxLabel = 60
	maxOther = 240
)

// Render draws a: title, lead, evidence, on request other answers and the trace, then sources and numbered
// follow-ups. No line is wider than o.Width. Nothing in the answer's texts reaches the terminal as a command:
// control characters are taken out. Lines end in "\n"; an answer without content gives "".
func Render(a chat.Answer, o Options) string {
	p := newPage(o)
	p.section(p.heading(a))
	for _, b := range a.Blocks {
		p.section(p.block(b, a.Sources))
	}
	if o.More {
		p.section(p.others(a.Others))
	}
	if o.Why {
		p.section(p.trace(a.Trace))
	}
	p.section(p.sources(a.Sources))
	p.section(p.actions(a.Actions))
	return p.String()
}

// page collects sections, which are parted by empty lines.
type page struct {
	color bool
	width int
	text  strings.Builder
}

func newPage(o Options) *page {
	if o.Width <= 0 {
		o.Width = 80
	}
	return &page{color: o.Color, width: max(o.Width, MinWidth)}
}

// String is what was collected so far.
func (p *page) String() string { return p.text.String() }

func (p *page) section(lines []string) {
	if len(lines) == 0 {
		return
	}
	if p.text.Len() > 0 {
		p.text.WriteString("\n")
	}
	for _, l := range lines {
		p.text.WriteString(l + "\n")
	}
}

// paint colours every line of lines by itself, so that no colour outlives its line.
func (p *page) paint(code string, lines ...string) []string {
	if !p.color {
		return lines
	}
	out := make([]string, len(lines))
	for i, l := range lines {
		rest := strings.TrimLeft(l, " ")
		if rest != "" {
			l = l[:len(l)-len(rest)] + code + rest + reset
		}
		out[i] = l
	}
	return out
}

func (p *page) heading(a chat.Answer) []string {
	var lines []string
	if title := chat.Clip(chat.Line(a.Title), maxTitle); title != "" {
		lines = p.paint(bold, wrap(title, p.width)...)
	}
	return append(lines, paragraphs(a.Lead, p.width)...)
}

func (p *page) block(b chat.Block, sources []chat.Source) []string {
	switch b := b.(type) {
	case chat.Text:
		return p.indented(paragraphs(b.Text, p.width-len(indent)))
	case chat.List:
		return p.list(b)
	case chat.Table:
		return p.table(b)
	case chat.Quote:
		return p.quote(b, sources)
	case chat.Chart:
		room := p.width - len(indent)
		if room < chart.MinWidth {
			return nil // too narrow to read; the table beside it has the figures
		}
		return p.indented(strings.Split(strings.TrimRight(chart.Text(b, room, p.color), "\n"), "\n"))
	}
	return nil
}

func (p *page) indented(lines []string) []string {
	for i, l := range lines {
		if l != "" {
			lines[i] = indent + l
		}
	}
	return lines
}

func (p *page) quote(q chat.Quote, sources []chat.Source) []string {
	text := chat.Line(q.Text)
	if text == "" {
		return nil
	}
	lines := wrap("“"+text+"”", p.width-4)
	for i := range lines {
		lines[i] = indent + "│ " + lines[i]
	}
	if i := slices.IndexFunc(sources, func(s chat.Source) bool { return s.ID == q.Source }); i >= 0 {
		lines = append(lines, p.paint(dim, hang(indent+"  ", credit(sources[i]), p.width)...)...)
	}
	return lines
}

// others lists the further answers; their numbers go on from the answer itself, which is the first.
func (p *page) others(others []chat.Extract) []string {
	var lines []string
	for i, e := range others {
		text := chat.Clip(chat.Line(e.Text), maxOther)
		if title := chat.Clip(chat.Line(e.Title), maxTitle); title != "" {
			text = title + ": " + text
		}
		lines = append(lines, hang(fmt.Sprintf("%s%d. ", indent, i+2), text+" ("+credit(e.Source)+")", p.width)...)
	}
	if len(lines) == 0 {
		return nil
	}
	return append([]string{"Also:"}, lines...)
}

// credit names a source: "upGrad, 12 May 2025". Without a publisher its title says more.
func credit(s chat.Source) string {
	name := chat.Line(s.Publisher)
	switch {
	case name == "" && s.Title == "":
		name = "publisher unknown"
	case name == "" || name == "publisher unknown":
		name = strings.TrimPrefix(chat.Line(s.Title)+", publisher unknown", ", ")
	}
	return name + ", " + chat.Day(chat.Line(s.Date))
}

// sources names every article once, whatever the number of its sections, on one line where there is room.
func (p *page) sources(sources []chat.Source) []string {
	var names []string
	for _, s := range sources {
		name, date, _ := cutLast(credit(s), ", ")
		if name = name + " (" + date + ")"; !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	head := "Sources: "
	var lines []string
	for i, name := range names {
		if i < len(names)-1 {
			name += ","
		}
		// A name stays on one line where it can.
		if last := len(lines) - 1; last >= 0 && width(lines[last]+" "+name) <= p.width {
			lines[last] += " " + name
			continue
		}
		lines = append(lines, hang(head, name, p.width)...)
		head = strings.Repeat(" ", len(head))
	}
	return p.paint(dim, lines...)
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// actions numbers the follow-ups as a person may type them. One without a label keeps its number and is not shown.
func (p *page) actions(actions []chat.Action) []string {
	var lines []string
	used := 0
	for i, a := range actions {
		label := chat.Clip(chat.Line(a.Label), maxLabel)
		if label == "" {
			continue
		}
		number := fmt.Sprintf("[%d]", i+1)
		text := wrap(label, p.width-len(number)-1)
		long := width(text[0]) + len(number) + 1
		text = hang(number+" ", label, p.width)
		if p.color {
			text[0] = cyan + number + reset + strings.TrimPrefix(text[0], number)
		}
		if len(text) == 1 && used > 0 && used+3+long <= p.width {
			lines[len(lines)-1] += "   " + text[0]
			used += 3 + long
			continue
		}
		lines, used = append(lines, text...), long
		if len(text) > 1 {
			used = p.width
		}
	}
	return lines
}
