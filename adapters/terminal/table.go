package terminal

import (
	"fmt"
	"strings"

	"careerbot/bot/chat"
)

// leastColumn is the narrowest a column of text is squeezed to before a table is written as records instead.
const leastColumn = 9

// maxWord is the widest word a table keeps whole.
const maxWord = 18

// gap stands between two columns.
const gap = 2

// table draws aligned columns whose cells wrap, or, where they would be too narrow to read, one record a row.
func (p *page) table(t chat.Table) []string {
	columns, rows := cleanTable(t)
	if len(rows) == 0 {
		return nil
	}
	lines := p.title(t.Title)
	widths, ok := fit(append([][]string{columns}, rows...), p.width-len(indent))
	if !ok {
		return append(lines, p.records(columns, rows)...)
	}
	if strings.Join(columns, "") != "" {
		lines = append(lines, p.paint(dim, tableRow(columns, widths)...)...)
	}
	for _, row := range rows {
		lines = append(lines, tableRow(row, widths)...)
	}
	return lines
}

// cleanTable makes all rows equally long and safe to print; rows without text are left out.
func cleanTable(t chat.Table) (columns []string, rows [][]string) {
	n := len(t.Columns)
	for _, row := range t.Rows {
		n = max(n, len(row))
	}
	clean := func(row []string) []string {
		out := make([]string, n)
		for i, cell := range row {
			out[i] = chat.Line(cell)
		}
		return out
	}
	for _, row := range t.Rows {
		if row = clean(row); strings.Join(row, "") != "" {
			rows = append(rows, row)
		}
	}
	return clean(t.Columns), rows
}

// fit finds how wide each column is in room columns: as wide as its widest cell, or cut to one common width that
// fits, but not below its longest word, which would be parted. ok is false where that would be narrower than
// leastColumn.
func fit(rows [][]string, room int) (widths []int, ok bool) {
	widths = make([]int, len(rows[0]))
	words := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], width(cell))
			for word := range strings.FieldsSeq(cell) {
				words[i] = max(words[i], min(width(word), maxWord))
			}
		}
	}
	room -= gap * (len(widths) - 1)
	for most := room; most >= leastColumn || len(widths) == 1 && most > 0; most-- {
		sum := 0
		for i, w := range widths {
			sum += max(min(w, most), words[i])
		}
		if sum <= room {
			for i, w := range widths {
				widths[i] = max(min(w, most), words[i])
			}
			return widths, true
		}
	}
	return nil, false
}

// tableRow is a row of wrapped cells, as many lines as its longest cell needs.
func tableRow(row []string, widths []int) []string {
	cells, height := make([][]string, len(row)), 0
	for i, cell := range row {
		cells[i] = wrap(cell, max(1, widths[i]))
		height = max(height, len(cells[i]))
	}
	lines := make([]string, height)
	for y := range lines {
		line := indent
		for i := range cells {
			text := ""
			if y < len(cells[i]) {
				text = cells[i][y]
			}
			line += pad(text, widths[i]+gap)
		}
		lines[y] = strings.TrimRight(line, " ")
	}
	return lines
}

// records writes each row as lines of "column: cell" under its first cell.
func (p *page) records(columns []string, rows [][]string) []string {
	var lines []string
	for _, row := range rows {
		lines = append(lines, hang(indent, row[0], p.width)...)
		for i, cell := range row[1:] {
			if cell == "" {
				continue
			}
			if name := columns[i+1]; name != "" {
				cell = name + ": " + cell
			}
			lines = append(lines, hang(indent+indent, cell, p.width)...)
		}
	}
	return lines
}

func (p *page) title(title string) []string {
	title = strings.TrimRight(chat.Line(title), ":")
	if title == "" {
		return nil
	}
	return p.paint(bold, wrap(title, p.width)...)
}

// list draws items with their agreement in a column on the right where both fit side by side.
func (p *page) list(l chat.List) []string {
	items, marks := cleanList(l)
	if len(items) == 0 {
		return nil
	}
	lines := p.title(l.Title)
	text, of := p.listWidths(items, marks)
	for i, item := range items {
		if of == 0 && item.Of != "" {
			item.Text += " (" + item.Of + ")"
		}
		left := hang(indent+marks[i]+" ", item.Text, text)
		if of > 0 && item.Of != "" {
			left = beside(left, wrap(item.Of, of), text+gap)
		}
		lines = append(lines, left...)
	}
	return lines
}

// listWidths shares the page between the items, marks and indent included, and their agreement. No room for the
// agreement, or none to show, is zero.
func (p *page) listWidths(items []chat.Item, marks []string) (text, of int) {
	for i, item := range items {
		text = max(text, width(indent+marks[i]+" "+item.Text))
		of = max(of, width(item.Of))
	}
	room := p.width - gap
	switch {
	case of == 0:
		return p.width, 0
	case text+of <= room:
		return text, of
	case of <= p.width/4:
		return room - of, of
	case text <= p.width/2:
		return text, room - text
	}
	return p.width, 0
}

// beside puts the lines of right next to those of left, from column at on.
func beside(left, right []string, at int) []string {
	for i, r := range right {
		if i == len(left) {
			left = append(left, "")
		}
		left[i] = pad(left[i], at) + r
	}
	return left
}

// cleanList gives the items that have a text, safe to print, and the mark before each.
func cleanList(l chat.List) (items []chat.Item, marks []string) {
	for _, item := range l.Items {
		item.Text, item.Of = chat.Line(item.Text), chat.Line(item.Of)
		if item.Text == "" {
			continue
		}
		items = append(items, item)
		mark := "-"
		if l.Ordered {
			mark = fmt.Sprintf("%d.", len(items))
		}
		marks = append(marks, mark)
	}
	if l.Ordered && len(items) > 9 { // single digits stand under the second digit of the others
		for i := range marks {
			marks[i] = strings.Repeat(" ", len(fmt.Sprint(len(items)))+1-len(marks[i])) + marks[i]
		}
	}
	return items, marks
}
