package markup

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
)

// MarkdownPage reads an article in Markdown as a page, with the title, author, publisher, date and address of its front
// matter. An error is an [*Error], as of [Markdown].
func MarkdownPage(src []byte) (Page, error) {
	src = plainLines(src)
	if err := bounded(src); err != nil {
		return Page{}, err
	}
	meta, body, err := frontMatter(src)
	if err != nil {
		return Page{}, err
	}
	body = []byte(tight.ReplaceAllString(string(body), "$1 $2"))
	var b bytes.Buffer
	if err := goldmark.New(goldmark.WithExtensions(extension.Table)).Convert(body, &b); err != nil {
		return Page{}, &Error{0, "the Markdown cannot be read: " + err.Error(), "simplify it"}
	}
	doc, err := parseHTML(b.Bytes())
	if err != nil {
		return Page{}, err
	}
	p := Page{}
	p.front(meta)
	for _, piece := range walk(doc) {
		p.Blocks = append(p.Blocks, piece.Block)
	}
	p.headings()
	p.shown()
	tidy(&p)
	return p, nil
}

// tight matches a heading of two levels or more whose blank behind the marks is missing, as many write them.
var tight = Compile(`(?m)^(#{2,6})([\p{Lu}\d*])`)

// front takes what front matter says of the article. It looks for single keys and parses no YAML: a page's front matter
// may hold anything.
func (p *Page) front(meta string) {
	for line := range strings.SplitSeq(meta, "\n") {
		key, value, ok := strings.Cut(line, ":")
		value = strings.Trim(strings.TrimSpace(value), `"'`)
		if !ok || value == "" || strings.HasPrefix(key, " ") {
			continue
		}
		switch strings.ToLower(strings.TrimSpace(key)) {
		case "title":
			p.Title = value
		case "author", "authors", "by":
			p.Author = strings.Trim(value, "[]\"' ")
		case "publisher", "site", "source":
			if strings.HasPrefix(value, "http") {
				p.URL = value
			} else {
				p.Publisher = value
			}
		case "date", "published":
			if day := isoDay(value); day != "" && p.Date == "" {
				p.Date, p.DateKind = day, "published"
			}
		case "updated", "lastmod", "last_updated", "modified":
			if day := isoDay(value); day != "" {
				p.Date, p.DateKind = day, "last updated"
			}
		case "url", "link", "canonical", "canonical_url":
			if strings.HasPrefix(value, "http") {
				p.URL = value
			}
		}
	}
}
