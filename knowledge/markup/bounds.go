package markup

import (
	"bytes"
	"fmt"
)

// Limits of one article. They are far beyond any article and keep a hostile one from taking all memory or all time.
const (
	MaxBytes   = 8 << 20
	MaxNesting = 32      // quotes and lists within one another
	MaxInline  = 256     // emphasis and links within one another
	MaxCells   = 1 << 18 // of tables: a short row is filled up to the width of its head, so few bytes can make many
)

// maxLinkWork bounds what the parser does for links: for each that opens it may read its paragraph to the end.
// Measured: 1<<28 is about half a second, and a table of 500 rows with two links each is a quarter of that.
const maxLinkWork = 1 << 28

// bounded says what of the article is beyond the limits, before the parser sees it.
func bounded(src []byte) error {
	if len(src) > MaxBytes {
		return &Error{0, fmt.Sprintf("the article has more than %d MiB", MaxBytes>>20), "cut it into several articles"}
	}
	var b bounds
	n := 0
	for line := range bytes.Lines(src) {
		n++
		if containers(line) > MaxNesting {
			return &Error{n, fmt.Sprintf("quotes or lists lie more than %d deep", MaxNesting), "write them less deep"}
		}
		b.add(line)
		if b.cells > MaxCells {
			return &Error{n, fmt.Sprintf("tables have more than %d cells", MaxCells), "cut the tables or write them as lists"}
		}
		if b.work+b.links*b.length > maxLinkWork {
			return &Error{n, "too many links in one paragraph", "part it by empty lines"}
		}
	}
	return nil
}

// bounds adds up what the paragraphs and tables so far may cost.
type bounds struct {
	cells, columns      int // of all tables; of this one
	work, links, length int // of the paragraphs before; of this one
}

func (b *bounds) add(line []byte) {
	if len(bytes.TrimSpace(line)) == 0 {
		b.work += b.links * b.length
		b.columns, b.links, b.length = 0, 0, 0
		return
	}
	b.length += len(line)
	b.links += bytes.Count(line, []byte("](")) + bytes.Count(line, []byte("]:"))
	if pipes := bytes.Count(line, []byte{'|'}); pipes > 0 || bytes.Contains(line, []byte("-:")) || bytes.Contains(line, []byte(":-")) {
		b.columns = max(b.columns, pipes+1)
	}
	b.cells += b.columns
}

// containers counts the quotes and list items a line opens, too many rather than too few: two blanks count as one,
// since that is how deep lists go on.
func containers(line []byte) int {
	n, blanks := 0, 0
	for i, c := range bytes.TrimRight(line, " \t\n") {
		switch {
		case c == ' ':
			blanks++
		case c == '\t':
			blanks += 4
		case c == '>' || c == '-' || c == '*' || c == '+' || (c == '.' || c == ')') && i > 0 && isDigit(line[i-1]):
			n++
		case !isDigit(c):
			if n == 0 {
				return 0 // indented text or code
			}
			return n + blanks/2
		}
	}
	if len(bytes.Trim(line, "- \t\n")) == 0 || len(bytes.Trim(line, "* \t\n")) == 0 {
		return 0 // a rule, or a heading's underline
	}
	return n + blanks/2
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
