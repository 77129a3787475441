package markup

import (
	"strings"
	"unicode"
)

// Shapes of tables in plain text.
const (
	minColumns  = 2
	maxColumns  = 8
	minRows     = 2   // below the head, for tables one cell a line
	maxCell     = 160 // bytes
	maxHeadWord = 6   // words in a cell of the head
)

// tableAt reads a table that begins with the first line, and says of how many lines; 0 where there is none.
func tableAt(lines []line) (Block, int) {
	if b, n := partedTable(lines); n > 0 {
		return b, n
	}
	return flatTable(lines)
}

// partedTable reads rows whose cells are parted by tabs or upright bars.
func partedTable(lines []line) (Block, int) {
	b := Block{Kind: Table, Line: lines[0].n}
	n := 0
	for n < len(lines) {
		cells := parted(lines[n].raw)
		if len(cells) < minColumns || len(b.Rows) == 0 && rule(cells) || len(b.Rows) > 0 && len(cells) != len(b.Rows[0]) {
			break
		}
		if !rule(cells) {
			b.Rows = append(b.Rows, cells)
		}
		n++
	}
	if len(b.Rows) < 2 {
		return Block{}, 0
	}
	return b, n
}

// parted splits a line at its tabs, or at its bars.
func parted(raw string) []string {
	sep := "\t"
	raw = strings.TrimSpace(raw)
	if !strings.Contains(raw, sep) {
		if sep = "|"; strings.Count(raw, sep) < 2 && !strings.Contains(raw, " | ") {
			return nil
		}
		raw = strings.Trim(raw, "|")
	}
	var cells []string
	for c := range strings.SplitSeq(raw, sep) {
		cells = append(cells, strings.Join(strings.Fields(c), " "))
	}
	return cells
}

// rule says whether cells are the line under a head: "---".
func rule(cells []string) bool {
	return strings.Trim(strings.Join(cells, ""), "-: +=") == ""
}

// flatTable puts a table together whose cells stand on lines of their own, row after row. The number of columns is
// the one with which every column is of one kind: figures or sums of money in each row, or none.
func flatTable(lines []line) (Block, int) {
	run := 0
	for run < len(lines) && cellLine(&lines[run]) {
		run++
	}
	if run < minColumns*(minRows+1) {
		return Block{}, 0
	}
	for columns := minColumns; columns <= min(maxColumns, run/(minRows+1)); columns++ {
		if rows := flatRows(lines[:run], columns); rows > minRows {
			b := Block{Kind: Table, Line: lines[0].n}
			for r := range rows {
				var row []string
				for c := range columns {
					row = append(row, cellText(&lines[r*columns+c]))
				}
				b.Rows = append(b.Rows, row)
			}
			return b, rows * columns
		}
	}
	return Block{}, 0
}

func cellText(l *line) string {
	if l.mark != "" {
		return l.mark + " " + l.text
	}
	return l.text
}

// cellLine says whether a line could be one cell.
func cellLine(l *line) bool {
	return !l.bullet && len(l.text) <= maxCell && words(l.text) <= 24
}

var headWords = Compile(`(?i)\b(role|title|position|job|level|experience|years?|salary|pay|range|average|median|feature|aspect|basis|criteria|parameter|skill|tool|language|framework|city|location|region|country|company|industry|type|category|qualification|course|duration|cost|grade|band|step|stage|responsibilit\w+|description|example|use|purpose|difference)s?\b`)

// flatRows counts the rows of a table with so many columns, its head included.
func flatRows(lines []line, columns int) int {
	known := false
	for c := range columns {
		t := lines[c].text
		if words(t) > maxHeadWord || stopped(t) || figure(t) {
			return 0
		}
		known = known || headWords.MatchString(t)
	}
	if !known || !headWords.MatchString(lines[0].text) {
		return 0
	}
	kinds := make([]bool, columns) // figures or not, by the first row
	figures := 0
	for c := range columns {
		if kinds[c] = figure(lines[columns+c].text); kinds[c] {
			figures++
		}
	}
	if figures == 0 || kinds[0] && columns < 3 {
		return 0 // nothing tells the columns apart
	}
	rows := 1
	for (rows+1)*columns <= len(lines) {
		row := lines[rows*columns : (rows+1)*columns]
		for c := range row {
			if figure(row[c].text) != kinds[c] {
				return rows
			}
		}
		rows++
	}
	return rows
}

// figure says whether a cell is a figure rather than words: a digit or a currency's sign early, few letters.
func figure(s string) bool {
	if !strings.ContainsAny(s, "0123456789") {
		return false
	}
	if moneyLine(s) {
		return true
	}
	letters, digits := 0, 0
	for _, r := range s {
		switch {
		case unicode.IsDigit(r):
			digits++
		case unicode.IsLetter(r):
			letters++
		}
	}
	return letters <= 3*digits+4
}
