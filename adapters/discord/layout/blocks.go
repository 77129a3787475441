package layout

import (
	"fmt"
	"slices"
	"strings"

	"careerbot/adapters/discord/lint"
	"careerbot/adapters/discord/markdown"
	"careerbot/bot/chart"
	"careerbot/bot/chat"
)

// part is a piece of an answer that is kept on one page: one line, or a chart.
type part struct {
	text  string
	chart *chat.Chart
	keep  bool // stays with the part after it: a title
}

// parts draws the lead and the evidence, line by line. Lines, not code blocks: on a phone they wrap between words, need no
// font of equal widths for ₹ or देवनागरी, and are read out as they are meant.
func parts(a chat.Answer) []part {
	var out []part
	add := func(p ...part) {
		if len(p) == 0 {
			return
		}
		if len(out) > 0 && p[0].chart == nil {
			out = append(out, part{}) // an empty line
		}
		out = append(out, p...)
	}
	add(texts(a.Lead)...)
	tabled := false
	for _, b := range a.Blocks {
		_, table := b.(chat.Table)
		tabled = tabled || table
	}
	for _, b := range a.Blocks {
		switch b := b.(type) {
		case chat.Text:
			add(texts(b.Text)...)
		case chat.List:
			add(list(unlinked(b, a.Sources))...)
		case chat.Table:
			add(table(b)...)
		case chat.Quote:
			add(quote(b, a.Sources)...)
		case chat.Chart:
			add(part{chart: &b})
			if !tabled { // the same figures as text
				out = append(out, lines(chart.Lines(b))...)
			}
		}
	}
	return out
}

func texts(s string) []part {
	var out []part
	for _, line := range markdown.Lines(s) {
		out = append(out, part{text: line})
	}
	return out
}

func lines(said []string) []part {
	var out []part
	for _, s := range said {
		out = append(out, part{text: "- " + markdown.StartLine(markdown.Escape(s))})
	}
	return out
}

func title(s string) []part {
	if s = strings.TrimRight(markdown.Escape(s), ":"); s == "" {
		return nil
	}
	return []part{{text: "**" + markdown.ShortenEscaped(s, maxTitle) + "**", keep: true}}
}

// unlinked takes the addresses of sources out of a list: they have buttons.
func unlinked(l chat.List, sources []chat.Source) chat.List {
	items := slices.Clone(l.Items)
	for i := range items {
		if !strings.Contains(items[i].Text, "://") {
			continue
		}
		for _, s := range sources[:min(len(sources), lint.MaxRowButtons)] {
			if to := link(s); to.URL != "" {
				items[i].Text = strings.Replace(items[i].Text, ", "+s.URL, "", 1)
			}
		}
	}
	l.Items = items
	return l
}

// list draws items one below the other, or side by side where they are short and no steps.
func list(l chat.List) []part {
	var items []chat.Item
	short := true
	for _, it := range l.Items {
		it.Text, it.Of = markdown.Escape(it.Text), markdown.Escape(it.Of)
		if it.Text == "" {
			continue
		}
		items = append(items, it)
		short = short && markdown.Units(it.Text) <= shortItem && markdown.Units(it.Of) <= shortItem
	}
	out := title(l.Title)
	switch {
	case len(items) == 0:
		return nil
	case short && len(items) > 2:
		return append(out, part{text: markdown.StartLine(sideBySide(items))})
	}
	for i, it := range items {
		mark := "- "
		if l.Ordered {
			mark = fmt.Sprintf("%d. ", i+1)
		}
		if it.Of != "" {
			it.Text += " (" + it.Of + ")"
		}
		out = append(out, part{text: mark + markdown.StartLine(it.Text)})
	}
	return out
}

// sideBySide says once what items that follow each other have in common: "Python, Java (5 of 5) · Go (2 of 5)".
func sideBySide(items []chat.Item) string {
	var b strings.Builder
	for i, it := range items {
		switch {
		case i == 0:
		case it.Of == items[i-1].Of:
			b.WriteString(", ")
		default:
			b.WriteString(" · ")
		}
		b.WriteString(it.Text)
		if it.Of != "" && (i == len(items)-1 || items[i+1].Of != it.Of) {
			b.WriteString(" (" + it.Of + ")")
		}
	}
	return b.String()
}

// table draws each row as a line, "first: second · third". Where the columns are things compared, or too many to be
// told apart without their names, each cell has its column's name.
func table(t chat.Table) []part {
	columns := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		columns[i] = markdown.Escape(c)
	}
	compared := len(columns) > 2 && columns[0] == ""
	named := compared || len(columns) > 4
	out := title(t.Title)
	for _, row := range t.Rows {
		out = append(out, record(columns, row, named, compared)...)
	}
	return out
}

func record(columns, row []string, named, apart bool) []part {
	var cells []string
	head := ""
	for i, cell := range row {
		switch cell = markdown.Escape(cell); {
		case i == 0:
			head = cell
		case cell == "":
		case named && i < len(columns) && columns[i] != "":
			cells = append(cells, columns[i]+": "+cell)
		default:
			cells = append(cells, cell)
		}
	}
	if head != "" {
		head = "**" + head + "**"
	}
	switch {
	case head == "" && len(cells) == 0:
		return nil
	case head == "" || len(cells) == 0:
		return []part{{text: "- " + head + markdown.StartLine(strings.Join(cells, " · "))}}
	case !apart:
		return []part{{text: "- " + head + ": " + strings.Join(cells, " · ")}}
	}
	out := []part{{text: "- " + head, keep: true}}
	for _, c := range cells {
		out = append(out, part{text: "  - " + markdown.StartLine(c)})
	}
	return out
}

func quote(q chat.Quote, sources []chat.Source) []part {
	text := markdown.Escape(q.Text)
	if text == "" {
		return nil
	}
	for _, s := range sources {
		if s.ID == q.Source {
			return []part{{text: "> “" + text + "” " + credit(s)}}
		}
	}
	return []part{{text: "> “" + text + "”"}}
}

// pages shares parts between pages of pageText units. Where pages cannot be turned there is one, with what has room.
func pages(all []part, turn bool, w words) [][]part {
	room := pageText
	if !turn {
		room = onlyPageText
	}
	out := [][]part{nil}
	used, charts := 0, 0
	for len(all) > 0 {
		last := len(out) - 1
		p, need := all[0], needs(all)
		if used+need <= room && (p.chart == nil || charts < maxCharts) {
			out[last] = append(out[last], p)
			used += need
			if p.chart != nil {
				charts++
			}
			all = all[1:]
			continue
		}
		if head, rest, ok := divide(p, room-used, room); ok {
			out[last] = append(out[last], head)
			all = append([]part{rest}, all[1:]...)
		}
		if !turn || len(out) == maxPages {
			out[last] = append(out[last], part{text: "-# " + w.cut})
			break
		}
		out = append(out, nil)
		used, charts = 0, 0
	}
	return out
}

// needs is the room of the first part; a title's is also that of the part it must not be left without.
func needs(all []part) int {
	if all[0].chart != nil {
		return 0
	}
	n := markdown.Units(all[0].text) + 1
	if all[0].keep && len(all) > 1 {
		n += min(markdown.Units(all[1].text)+1, pageText/2)
	}
	return n
}

// divide parts a line that is longer than half of a page where the page ends; shorter ones go to the next page whole.
func divide(p part, left, page int) (head, rest part, ok bool) {
	if p.chart != nil || p.keep || markdown.Units(p.text) <= page/2 || left < page/8 {
		return part{}, p, false
	}
	mark := ""
	if strings.HasPrefix(p.text, "> ") {
		mark = "> "
	}
	a, b := markdown.Cut(p.text, left-1)
	if b == "" {
		return part{}, p, false
	}
	return part{text: a}, part{text: mark + b}, true
}
