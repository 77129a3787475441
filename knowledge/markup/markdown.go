// Package markup turns written articles into titled sections of plain text.
//
// It knows nothing of packs, facts or the index, and does not judge what a text says.
package markup

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
)

// Section is one headed part of an article.
type Section struct {
	ID    string // Slug of the title, unique in the article
	Title string
	Text  string // plain text; list items and table rows on lines of their own
	Line  int    // of the heading, from 1
}

// MaxBytes is the largest article that is read: a book, not a mistake, still fits.
const MaxBytes = 8 << 20

// Markdown splits an article into its front matter and its sections, one for each "##" or deeper heading. Text before
// the first heading belongs to none and is dropped, as are HTML and comments.
func Markdown(src []byte) (meta string, sections []Section, err error) {
	if len(src) > MaxBytes {
		return "", nil, fmt.Errorf("the article has %d bytes; at most %d are read", len(src), MaxBytes)
	}
	meta, body, line := frontMatter(src)
	if depth := nesting(body); depth > maxNesting {
		return meta, nil, fmt.Errorf("quotes or lists are nested %d deep; at most %d levels are read", depth, maxNesting)
	}
	md := goldmark.New(goldmark.WithExtensions(extension.Table))
	doc := md.Parser().Parse(text.NewReader(body))
	w := writer{src: body, lineOf: lineCounter(body, line), used: map[string]int{}}
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		w.block(n, "")
	}
	w.flush()
	return meta, w.out, nil
}

// maxNesting bounds recursion over quotes and lists; no article needs more.
const maxNesting = 32

// nesting is the deepest run of quote marks and list indents at the start of a line.
func nesting(body []byte) int {
	deepest := 0
	for line := range bytes.Lines(body) {
		marks := 0
		for _, c := range line {
			if c == '>' || c == '\t' || c == '-' || c == '*' || c == '+' {
				marks++
			} else if c != ' ' {
				break
			}
		}
		spaces := (len(line) - len(bytes.TrimLeft(line, " "))) / 2
		// A long rule of dashes is no nesting.
		if rest := bytes.Trim(line, " \t\r\n-*+"); len(rest) == 0 {
			continue
		}
		deepest = max(deepest, marks+spaces)
	}
	return deepest
}

// frontMatter cuts off the YAML between two lines of three dashes at the very start.
func frontMatter(src []byte) (meta string, body []byte, firstLine int) {
	src = bytes.TrimPrefix(src, []byte("\ufeff"))
	rest, ok := bytes.CutPrefix(src, []byte("---\n"))
	if !ok {
		return "", src, 1
	}
	head, body, ok := bytes.Cut(rest, []byte("\n---\n"))
	if !ok {
		return "", src, 1
	}
	return string(head), body, bytes.Count(head, []byte("\n")) + 4
}

// lineCounter gives the line of a byte offset, for offsets that only grow.
func lineCounter(src []byte, first int) func(offset int) int {
	at, line := 0, first
	return func(offset int) int {
		if offset > len(src) || offset < at {
			return line
		}
		line += bytes.Count(src[at:offset], []byte("\n"))
		at = offset
		return line
	}
}

// writer gathers sections while the document is walked.
type writer struct {
	src    []byte
	lineOf func(int) int
	used   map[string]int
	out    []Section
	cur    *Section
	text   strings.Builder
}

func (w *writer) flush() {
	if w.cur != nil {
		w.cur.Text = strings.TrimSpace(w.text.String())
		w.out = append(w.out, *w.cur)
	}
	w.cur = nil
	w.text.Reset()
}

// block writes one block; indent is put before its lines.
func (w *writer) block(n ast.Node, indent string) {
	switch n := n.(type) {
	case *ast.Heading:
		w.heading(n)
	case *ast.List:
		for item := n.FirstChild(); item != nil; item = item.NextSibling() {
			w.item(item, indent)
		}
	case *ast.FencedCodeBlock, *ast.CodeBlock:
		w.line(indent + strings.TrimRight(string(n.Lines().Value(w.src)), "\n"))
	case *ast.HTMLBlock, *ast.ThematicBreak:
	case *east.Table:
		for row := n.FirstChild(); row != nil; row = row.NextSibling() {
			w.row(row, indent)
		}
	case *ast.Blockquote:
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			w.block(c, indent)
		}
	default:
		if s := w.inline(n); s != "" {
			w.line(indent + s)
			w.text.WriteByte('\n')
		}
	}
}

func (w *writer) line(s string) {
	if strings.TrimSpace(s) != "" {
		w.text.WriteString(s)
		w.text.WriteByte('\n')
	}
}

func (w *writer) heading(h *ast.Heading) {
	title := w.inline(h)
	if h.Level < 2 || title == "" {
		return // the article's own title stands in its front matter
	}
	w.flush()
	line := 0
	if h.Lines().Len() > 0 {
		line = w.lineOf(h.Lines().At(0).Start)
	}
	w.cur = &Section{ID: w.unique(Slug(title)), Title: title, Line: line}
}

// unique numbers a slug that stands in the article already.
func (w *writer) unique(slug string) string {
	w.used[slug]++
	if n := w.used[slug]; n > 1 {
		return w.unique(fmt.Sprintf("%s-%d", slug, n))
	}
	return slug
}

func (w *writer) item(item ast.Node, indent string) {
	mark := "- "
	for c := item.FirstChild(); c != nil; c = c.NextSibling() {
		switch c.(type) {
		case *ast.TextBlock, *ast.Paragraph:
			w.line(indent + mark + w.inline(c))
			mark = "  "
		default:
			w.block(c, indent+"  ")
		}
	}
}

func (w *writer) row(row ast.Node, indent string) {
	var cells []string
	for c := row.FirstChild(); c != nil; c = c.NextSibling() {
		cells = append(cells, w.inline(c))
	}
	w.line(indent + strings.Join(cells, " | "))
}

// inline is the text of a block's inline content; links are their text, HTML is dropped.
func (w *writer) inline(n ast.Node) string {
	var b strings.Builder
	_ = ast.Walk(n, func(c ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch c := c.(type) {
		case *ast.Text:
			b.Write(c.Segment.Value(w.src))
			if c.SoftLineBreak() || c.HardLineBreak() {
				b.WriteByte(' ')
			}
		case *ast.String:
			b.Write(c.Value)
		case *ast.AutoLink:
			b.Write(c.URL(w.src))
		case *ast.RawHTML:
			return ast.WalkSkipChildren, nil
		}
		return ast.WalkContinue, nil
	})
	return strings.Join(strings.Fields(b.String()), " ")
}

// Slug is a heading as an id: lower case, apostrophes dropped, ".net" spelt dotnet, every other run of characters that
// are no letter a–z or digit made one hyphen.
func Slug(heading string) string {
	s := strings.NewReplacer("'", "", "’", "", ".net", "dotnet").Replace(strings.ToLower(heading))
	var b strings.Builder
	gap := false
	for _, r := range s {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(r)
		} else {
			gap = true
		}
	}
	if b.Len() == 0 {
		return "section"
	}
	return b.String()
}
