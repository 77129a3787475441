// Package markup turns written articles into titled sections of plain text.
//
// [Markdown] reads an article as packs hold it. [HTML], [MarkdownPage] and [Plain] read pages as people save and copy
// them: they find the article among menus, adverts and footers, and [Source] writes it for a pack. The package knows
// nothing of packs, facts or the index, does not judge what a text says, and keeps no markup: links become their text,
// raw HTML and comments are dropped.
package markup

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// Section is one headed part of an article.
type Section struct {
	ID    string // Slug of the title, unique in the article; "" only where Title is ""
	Title string // the heading as plain text; "" for text that stands before the first heading
	Text  string // plain text; list items and table rows on lines of their own
	Line  int    // of the heading, from 1
	Level int    // of the heading, 1 to sectionLevel; 0 before the first heading
}

// Error is a reason why an article cannot be read.
type Error struct {
	Line   int // from 1; 0 for the article as a whole
	Say    string
	Remedy string
}

// Error joins the parts in one line.
func (e *Error) Error() string {
	if e.Line == 0 {
		return e.Say + "; " + e.Remedy
	}
	return fmt.Sprintf("line %d: %s; %s", e.Line, e.Say, e.Remedy)
}

// sectionLevel is the deepest heading that begins a section; deeper ones are lines of their section's text.
const sectionLevel = 3

// Markdown splits an article (CommonMark with tables) into its front matter and its sections.
//
// meta is what stands between a first line "---" and the next such line; "" where there is none. Headings of the
// levels 1 to 3 begin sections, but a heading of level 1 without text of its own is only the article's title. Text
// before the first heading is a section without title. An error is an [*Error]: the front matter does not end, or
// the article is beyond [MaxBytes], [MaxNesting], [MaxCells] or [MaxInline].
func Markdown(src []byte) (meta string, sections []Section, err error) {
	src = plainLines(src)
	if err := bounded(src); err != nil {
		return "", nil, err
	}
	meta, body, err := frontMatter(src)
	if err != nil {
		return "", nil, err
	}
	doc := goldmark.New(goldmark.WithExtensions(extension.Table)).Parser().Parse(text.NewReader(body))
	s := splitter{flat: flattener{src: body}, ids: ids{}, line: 1 + bytes.Count(src[:len(src)-len(body)], []byte{'\n'})}
	s.open.Line = s.line
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		if err := s.add(n); err != nil {
			return "", nil, err
		}
	}
	s.finish()
	return meta, s.out, nil
}

// plainLines drops a byte order mark and ends every line in "\n", which keeps the numbers of lines.
func plainLines(src []byte) []byte {
	src = bytes.TrimPrefix(src, []byte("\ufeff"))
	if bytes.IndexByte(src, '\r') < 0 {
		return src
	}
	src = bytes.ReplaceAll(src, []byte("\r\n"), []byte("\n"))
	return bytes.ReplaceAll(src, []byte("\r"), []byte("\n"))
}

// frontMatter cuts off what stands between two lines of three dashes at the very start.
func frontMatter(src []byte) (meta string, body []byte, err error) {
	first, rest, _ := bytes.Cut(src, []byte("\n"))
	if !isRule(first) {
		return "", src, nil
	}
	at := 0
	for line := range bytes.Lines(rest) {
		if isRule(line) {
			return string(rest[:at]), rest[at+len(line):], nil
		}
		at += len(line)
	}
	return "", nil, &Error{1, "the front matter does not end", `put a line "---" after its last key`}
}

func isRule(line []byte) bool { return string(bytes.TrimRight(line, " \t\n")) == "---" }

// splitter gathers sections while the article's blocks go by.
type splitter struct {
	flat   flattener
	ids    ids
	out    []Section
	open   Section
	offset int // of line in flat.src
	line   int
}

func (s *splitter) add(n ast.Node) error {
	h, ok := n.(*ast.Heading)
	if !ok || h.Level > sectionLevel {
		return s.flat.block(n, "", "", 0)
	}
	s.finish()
	title, err := s.flat.line(h)
	s.open = Section{Title: title, Line: s.lineOf(h.Pos()), Level: h.Level}
	return err
}

// finish ends the open section.
func (s *splitter) finish() {
	s.open.Text = s.flat.take()
	if s.open.Level <= 1 && s.open.Text == "" {
		return
	}
	if s.open.Level > 0 {
		s.open.ID = s.ids.unique(Slug(s.open.Title))
	}
	s.out = append(s.out, s.open)
}

// lineOf gives the line of an offset; offsets only grow.
func (s *splitter) lineOf(offset int) int {
	if offset > s.offset && offset <= len(s.flat.src) {
		s.line += bytes.Count(s.flat.src[s.offset:offset], []byte{'\n'})
		s.offset = offset
	}
	return s.line
}

// ids holds the ids given so far, each with the number its next namesake tries first.
type ids map[string]int

// unique gives slug itself or, where it is taken, the first free of slug-2, slug-3, …
func (m ids) unique(slug string) string {
	id := slug
	for n := m[slug]; m[id] > 0; n++ {
		id = slug + "-" + strconv.Itoa(n)
		m[slug] = n + 1
	}
	m[id] = 2
	return id
}

// Slug is a heading as an id: lower case, apostrophes dropped, ".net" spelt dotnet, every other run of characters that
// are no letter a–z or digit made one hyphen, none at the ends. Where nothing is left it is "section".
func Slug(heading string) string {
	s := strings.NewReplacer("'", "", "’", "", ".net", "dotnet").Replace(strings.ToLower(heading))
	var b strings.Builder
	gap := false
	for _, r := range s {
		if r < 'a' || r > 'z' {
			if r < '0' || r > '9' {
				gap = true
				continue
			}
		}
		if gap && b.Len() > 0 {
			b.WriteByte('-')
		}
		gap = false
		b.WriteRune(r)
	}
	if b.Len() == 0 {
		return "section"
	}
	return b.String()
}
