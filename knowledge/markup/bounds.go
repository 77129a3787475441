package markup

import (
	"bytes"
	"fmt"
)

// Limits of one article. They are far beyond any article and keep a hostile one from taking all memory.
const (
	MaxBytes   = 8 << 20
	MaxNesting = 32      // quotes and lists within one another
	MaxInline  = 256     // emphasis and links within one another
	MaxCells   = 1 << 18 // of tables: a short row is filled up to the width of its head, so few bytes can make many
)

// bounded says what of the article is beyond the limits, before the parser sees it.
func bounded(src []byte) error {
	if len(src) > MaxBytes {
		return &Error{0, fmt.Sprintf("the article has more than %d MiB", MaxBytes>>20), "cut it into several articles"}
	}
	cells, columns := 0, 0
	n := 0
	for line := range bytes.Lines(src) {
		n++
		if containers(line) > MaxNesting {
			return &Error{n, fmt.Sprintf("quotes or lists lie more than %d deep", MaxNesting), "write them less deep"}
		}
		pipes := bytes.Count(line, []byte{'|'})
		switch {
		case pipes > 0 || bytes.Contains(line, []byte("-:")) || bytes.Contains(line, []byte(":-")):
			columns = max(columns, pipes+1)
		case len(bytes.TrimSpace(line)) == 0:
			columns = 0
		}
		if cells += columns; cells > MaxCells {
			return &Error{n, fmt.Sprintf("tables have more than %d cells", MaxCells), "cut the tables or write them as lists"}
		}
	}
	return nil
}

// containers counts the quotes and list items a line opens, too many rather than too few. Indentation of two
// counts as one, since that is how deep lists go on.
func containers(line []byte) int {
	n, blanks := 0, 0
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == ' ':
			blanks++
		case c == '\t':
			blanks += 4
		case c == '>' || c == '-' || c == '*' || c == '+':
			n++
		case c >= '0' && c <= '9' && i+1 < len(line) && (line[i+1] == '.' || line[i+1] == ')'):
			n++
			i++
		case c >= '0' && c <= '9':
		default:
			return n
		}
	}
	return 0 // a rule, a table's underline or nothing
}
