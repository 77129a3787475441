package markup

import (
	"fmt"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/util"
)

// flattener writes blocks as plain text.
type flattener struct {
	src []byte
	out strings.Builder
}

// take gives what was written and starts anew.
func (f *flattener) take() string {
	s := strings.TrimSpace(f.out.String())
	f.out.Reset()
	return s
}

// block writes a block after the lines before it: indent stands before every line, mark ("- ") before the first.
func (f *flattener) block(n ast.Node, indent, mark string, depth int) error {
	if depth > 2*MaxNesting { // a list and its item are two
		return &Error{0, fmt.Sprintf("quotes or lists lie more than %d deep", MaxNesting), "write them less deep"}
	}
	switch n := n.(type) {
	case *ast.HTMLBlock, *ast.ThematicBreak, *ast.LinkReferenceDefinition:
		return nil
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		f.gap(depth)
		for i := range n.Lines().Len() {
			line := n.Lines().At(i)
			f.write(indent + mark + strings.TrimRight(string(line.Value(f.src)), " \t\n"))
			indent, mark = under(indent, mark), ""
		}
		return nil
	case *ast.List:
		return f.list(n, indent, depth)
	case *east.Table:
		return f.table(n, indent, depth)
	case *ast.Paragraph, *ast.TextBlock, *ast.Heading:
		s, err := f.inlineText(n)
		if s != "" {
			f.gap(depth)
			f.write(indent + mark + strings.ReplaceAll(s, "\n", "\n"+under(indent, mark)))
		}
		return err
	}
	return f.children(n, indent, mark, depth)
}

// children writes the blocks of a quote or of a list item; mark belongs to the first, the others stand under it.
func (f *flattener) children(n ast.Node, indent, mark string, depth int) error {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if err := f.block(c, indent, mark, depth+1); err != nil {
			return err
		}
		indent, mark = under(indent, mark), ""
	}
	return nil
}

// under is the indent of lines that stand below the first, marked one.
func under(indent, mark string) string { return indent + strings.Repeat(" ", len(mark)) }

func (f *flattener) list(l *ast.List, indent string, depth int) error {
	f.gap(depth)
	number := l.Start
	for item := l.FirstChild(); item != nil; item = item.NextSibling() {
		mark := "- "
		if l.IsOrdered() {
			mark = fmt.Sprintf("%d. ", number)
			number++
		}
		if err := f.children(item, indent, mark, depth); err != nil {
			return err
		}
	}
	return nil
}

func (f *flattener) table(t *east.Table, indent string, depth int) error {
	f.gap(depth)
	for row := t.FirstChild(); row != nil; row = row.NextSibling() {
		var cells []string
		for cell := row.FirstChild(); cell != nil; cell = cell.NextSibling() {
			s, err := f.line(cell)
			if err != nil {
				return err
			}
			cells = append(cells, s)
		}
		f.write(indent + strings.TrimSpace(strings.Join(cells, " | ")))
	}
	return nil
}

// gap leaves an empty line before a block that lies in no list or quote.
func (f *flattener) gap(depth int) {
	if depth == 0 && f.out.Len() > 0 {
		f.out.WriteByte('\n')
	}
}

// write writes a line.
func (f *flattener) write(line string) {
	f.out.WriteString(line)
	f.out.WriteByte('\n')
}

// line is the text of n on one line.
func (f *flattener) line(n ast.Node) (string, error) {
	s, err := f.inlineText(n)
	return strings.Join(strings.Fields(s), " "), err
}

func (f *flattener) inlineText(n ast.Node) (string, error) {
	var b strings.Builder
	err := f.inline(&b, n, 0)
	return strings.TrimSpace(b.String()), err
}

// inline writes the text of n's children.
func (f *flattener) inline(b *strings.Builder, n ast.Node, depth int) error {
	if depth > MaxInline {
		return &Error{0, fmt.Sprintf("emphasis or links lie more than %d deep", MaxInline), "write them less deep"}
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			f.text(b, c)
		case *ast.String:
			b.Write(c.Value)
		case *ast.CodeSpan:
			for t := c.FirstChild(); t != nil; t = t.NextSibling() {
				if t, ok := t.(*ast.Text); ok {
					b.WriteString(strings.ReplaceAll(string(t.Value(f.src)), "\n", " "))
				}
			}
		case *ast.AutoLink:
			b.Write(c.Label(f.src))
		case *ast.RawHTML:
			if isBreak(c.Segments.Value(f.src)) {
				b.WriteByte(' ')
			}
		default:
			if err := f.inline(b, c, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

// isBreak holds for <br>, which parts words that nothing else parts.
func isBreak(tag []byte) bool {
	return len(tag) > 3 && strings.EqualFold(string(tag[:3]), "<br") && (tag[3] == '>' || tag[3] == ' ' || tag[3] == '/')
}

// text writes one run of text; a line that ends in the middle of a paragraph goes on after a blank.
func (f *flattener) text(b *strings.Builder, t *ast.Text) {
	raw := t.Value(f.src)
	if t.IsRaw() {
		b.Write(raw)
	} else {
		unescape(b, raw)
	}
	switch {
	case t.HardLineBreak():
		b.WriteByte('\n')
	case t.SoftLineBreak():
		b.WriteByte(' ')
	}
}

// unescape writes raw without the backslash before a mark and with its character references resolved.
func unescape(b *strings.Builder, raw []byte) {
	plain := func(s []byte) { b.Write(util.ResolveEntityNames(util.ResolveNumericReferences(s))) }
	from := 0
	for i := 0; i+1 < len(raw); i++ {
		if raw[i] == '\\' && util.IsPunct(raw[i+1]) {
			plain(raw[from:i])
			b.WriteByte(raw[i+1])
			i++
			from = i + 1
		}
	}
	plain(raw[from:])
}
