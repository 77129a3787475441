package markup

import (
	"strconv"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxSpan is how many rows or columns a cell may span; browsers allow more, no salary table has it.
const maxSpan = 64

// table reads a table. Cells over several rows or columns are repeated in each. A table of one column, or one with long
// texts in its cells, is only a way to lay out a page.
func (w *walker) table(n *html.Node) {
	w.flush()
	rows := tableRows(n)
	width, long := 0, 0
	for _, row := range rows {
		width = max(width, len(row))
		for _, cell := range row {
			if words(cell) > 60 {
				long++
			}
		}
	}
	if width < minColumns || len(rows) < 2 || long > len(rows) {
		w.children(n)
		w.flush()
		return
	}
	for i := range rows {
		for len(rows[i]) < width {
			rows[i] = append(rows[i], "")
		}
	}
	w.out = append(w.out, piece{Block: Block{Kind: Table, Rows: rows}, aside: w.aside > 0})
}

// tableRows gives the texts of a table's cells.
func tableRows(n *html.Node) [][]string {
	var rows [][]string
	below := map[int]map[int]string{} // by row and column: what a cell above reaches down with
	cells := 0
	for tr := range n.Descendants() {
		if tr.Type != html.ElementNode || tr.DataAtom != atom.Tr || owner(tr) != n {
			continue
		}
		var row []string
		at := len(rows)
		for c := tr.FirstChild; c != nil; c = c.NextSibling {
			if c.Type != html.ElementNode || c.DataAtom != atom.Td && c.DataAtom != atom.Th {
				continue
			}
			row = reach(row, below[at])
			text := textOf(c)
			for range span(c, "colspan") {
				for down := 1; down < span(c, "rowspan"); down++ {
					if below[at+down] == nil {
						below[at+down] = map[int]string{}
					}
					below[at+down][len(row)] = text
				}
				row = append(row, text)
			}
		}
		if row = reach(row, below[at]); len(row) > 0 {
			rows = append(rows, row)
		}
		if cells += len(row); cells > MaxCells {
			break
		}
	}
	return rows
}

// reach adds the cells from above that come next.
func reach(row []string, above map[int]string) []string {
	for len(row) < maxSpan {
		text, ok := above[len(row)]
		if !ok {
			break
		}
		row = append(row, text)
	}
	return row
}

// owner is the table an element belongs to.
func owner(n *html.Node) *html.Node {
	for n = n.Parent; n != nil && n.DataAtom != atom.Table; n = n.Parent {
	}
	return n
}

func span(n *html.Node, key string) int {
	v, err := strconv.Atoi(attribute(n, key))
	if err != nil {
		return 1
	}
	return min(max(v, 1), maxSpan)
}
