package markup

import (
	"strconv"
	"strings"
)

// Source writes blocks as Markdown that [Markdown] reads again as the same sections. Headings are of the levels 2 and
// 3; text before the first heading stands under title. What would read as markup is escaped. meta goes into the front
// matter as it is; "" leaves that out.
func Source(meta, title string, blocks []Block) []byte {
	var b strings.Builder
	if meta != "" {
		b.WriteString("---\n" + strings.TrimRight(meta, "\n") + "\n---\n")
	}
	if len(blocks) > 0 && blocks[0].Kind != Heading {
		blocks = append([]Block{{Kind: Heading, Level: 2, Text: title}}, blocks...)
	}
	for i := range blocks {
		if i > 0 || meta != "" && i > 0 {
			b.WriteByte('\n')
		}
		writeBlock(&b, &blocks[i])
	}
	return []byte(b.String())
}

func writeBlock(b *strings.Builder, bl *Block) {
	switch bl.Kind {
	case Heading:
		b.WriteString(strings.Repeat("#", min(max(bl.Level, 2), sectionLevel)) + " " + escape(bl.Text, false) + "\n")
	case List:
		depth := -1
		n := 0
		for _, it := range bl.Items {
			depth = min(it.Depth, depth+1) // Markdown knows no entry two deeper than the one before
			mark := "- "
			if bl.Order && depth == 0 {
				n++
				mark = strconv.Itoa(n) + ". "
			}
			indent := strings.Repeat("  ", depth)
			if bl.Order && depth > 0 {
				indent += "  " // under the text behind the number
			}
			b.WriteString(indent + mark + escape(it.Text, false) + "\n")
		}
	case Table:
		for i, row := range bl.Rows {
			b.WriteString("|")
			for c := range bl.Rows[0] {
				cell := ""
				if c < len(row) {
					cell = row[c]
				}
				b.WriteString(" " + escape(cell, true) + " |")
			}
			b.WriteByte('\n')
			if i == 0 {
				b.WriteString("|" + strings.Repeat("---|", len(row)) + "\n")
			}
		}
	default:
		b.WriteString(escape(bl.Text, false) + "\n")
	}
}

var (
	// special matches what Markdown would take for markup anywhere in a line.
	special = Compile("[\\\\`*<\\[]|&[#\\pL]|\\b_|_\\b|\\B_|]\\(|]:|#+$")
	// lineStart matches what it would take for markup where a line begins.
	lineStart = Compile(`^(#|>|[-+=~]|\d{1,9}[.)]|:)`)
)

// escape writes one line of text so that Markdown gives it back.
func escape(s string, cell bool) string {
	s = strings.Join(strings.Fields(s), " ")
	s = special.ReplaceAllStringFunc(s, func(m string) string { return `\` + m })
	if m := lineStart.FindString(s); m != "" {
		s = m[:len(m)-1] + `\` + s[len(m)-1:]
	}
	if cell {
		s = strings.ReplaceAll(s, "|", `\|`)
	}
	return s
}
