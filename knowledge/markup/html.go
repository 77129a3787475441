package markup

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"

	"github.com/go-shiori/go-readability"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// MaxDepth is how deep a web page's elements may lie. Pages that people make have a tenth of it.
const MaxDepth = 256

// maxElements bounds the time the readability library takes. The largest pages have some ten thousand.
const maxElements = 200_000

// HTML reads a saved web page. Its main text is what go-readability finds, and what lies between the pieces of that and
// is no list of links; title, author, publisher, date and address are taken from JSON-LD, OpenGraph, meta elements and
// the byline, questions and answers also from JSON-LD. An error is an [*Error]: the page is beyond [MaxBytes] or
// [MaxDepth].
func HTML(src []byte) (Page, error) {
	doc, err := parseHTML(src)
	if err != nil {
		return Page{}, err
	}
	p := Page{}
	d := describe(doc)
	d.fill(&p)
	all := walk(find(doc, atom.Body))
	main, byline := readable(doc, p.URL)
	if p.Author == "" && person.MatchString(byline) {
		p.Author = strings.TrimSpace(person.FindStringSubmatch(byline)[1])
	}
	p.Blocks = p.choose(all, main)
	p.headings()
	p.questions(d.questions)
	p.shown()
	tidy(&p)
	return p, nil
}

// parseHTML parses a page within the limits.
func parseHTML(src []byte) (*html.Node, error) {
	if len(src) > MaxBytes {
		return nil, &Error{0, fmt.Sprintf("the page has more than %d MiB", MaxBytes>>20), "save it without its pictures, as \"HTML only\""}
	}
	deep := &Error{0, fmt.Sprintf("elements lie more than %d deep", MaxDepth), "save the page as plain text"}
	doc, err := html.ParseWithOptions(bytes.NewReader(src), html.ParseOptionEnableScripting(false))
	if err != nil {
		return nil, deep // the only thing the parser refuses
	}
	depth, elements := 0, 0
	for n := doc; n != nil; {
		if elements++; depth > MaxDepth {
			return nil, deep
		}
		if n.FirstChild != nil {
			n, depth = n.FirstChild, depth+1
			continue
		}
		for n != nil && n.NextSibling == nil {
			n, depth = n.Parent, depth-1
		}
		if n != nil {
			n = n.NextSibling
		}
	}
	if elements > maxElements {
		return nil, &Error{0, fmt.Sprintf("the page has more than %d elements", maxElements), "save the article alone, or as plain text"}
	}
	return doc, nil
}

// find gives the first element of a kind, nil where there is none.
func find(n *html.Node, a atom.Atom) *html.Node {
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && d.DataAtom == a {
			return d
		}
	}
	return nil
}

// readable gives the texts of the blocks that readability takes for the article, and the byline it found.
func readable(doc *html.Node, address string) (texts map[string]bool, byline string) {
	texts = map[string]bool{}
	// The library has broken on strange pages; without it, what lies in no menu is the article.
	defer func() { _ = recover() }()
	base, err := url.Parse(address)
	if err != nil || base.Host == "" {
		base = &url.URL{Scheme: "https", Host: "localhost"}
	}
	a, err := readability.FromDocument(doc, base)
	if err != nil || a.Node == nil {
		return texts, ""
	}
	for _, b := range walk(a.Node) {
		texts[plainWords(b.Plain())] = true
	}
	return texts, a.Byline
}

// piece is a block with how it stands on the page.
type piece struct {
	Block
	aside bool    // in a menu, a footer, a form or what else is beside the article
	links float64 // share of its text that leads away, 0 … 1
}

// choose keeps the blocks of the article: those readability found, and between the first and the last of them, or below
// a heading such as "FAQ", those that are neither beside the article nor mostly links.
func (p *Page) choose(all []piece, main map[string]bool) []Block {
	first, last, found := len(all), -1, 0
	for i := range all {
		if b := &all[i]; main[plainWords(b.Plain())] && words(b.Plain()) > 6 && !b.aside {
			first, last = min(first, i), i
			found++
		}
	}
	if found < 3 { // nothing to go by
		first, last = 0, len(all)-1
	}
	for first > 0 && first < len(all) && all[first-1].Kind == Heading && !all[first-1].aside {
		first--
	}
	var out []Block
	asked := false
	for i := range all {
		b := &all[i]
		if b.Kind == Heading && !b.aside && i > last {
			asked = faq.MatchString(b.Text) || asked && b.Level > 2
		}
		in := i >= first && i <= last || asked
		switch {
		case in && (main[plainWords(b.Plain())] && !b.aside || !b.aside && b.links < 0.5):
			out = append(out, b.Block)
		case b.aside || !in:
			p.drop(whyMenu, b.Block)
		default:
			p.drop(whyTeaser, b.Block)
		}
	}
	return out
}

// headings brings the levels of the page's headings to 2 and 3. The page's title is no heading of its article.
func (p *Page) headings() {
	var used [7]bool
	out := p.Blocks[:0]
	for _, b := range p.Blocks {
		if b.Kind == Heading {
			if m := marked.FindString(b.Text); m != "" && len(m) < len(b.Text) {
				b.Mark, b.Text = strings.TrimSpace(m), b.Text[len(m):]
			}
			if p.Title == "" && b.Level == 1 {
				p.Title = b.Text
			}
			if plainWords(b.Text) == plainWords(p.Title) && len(out) == 0 {
				continue
			}
			used[b.Level] = true
		}
		out = append(out, b)
	}
	p.Blocks = out
	top := 0
	for l := 1; l < len(used) && top == 0; l++ {
		if used[l] {
			top = l
		}
	}
	for i := range p.Blocks {
		if b := &p.Blocks[i]; b.Kind == Heading {
			if b.Level <= top {
				b.Level = 2
			} else {
				b.Level = 3
			}
		}
	}
}

// questions adds what the page tells machines of its questions and answers and does not show in its text.
func (p *Page) questions(asked [][2]string) {
	have := map[string]bool{}
	for i := range p.Blocks {
		have[plainWords(p.Blocks[i].Text)] = true
	}
	headed := false
	for _, qa := range asked {
		if have[plainWords(qa[0])] || qa[0] == "" || qa[1] == "" {
			continue
		}
		if !headed {
			p.Blocks = append(p.Blocks, Block{Kind: Heading, Level: 2, Text: "Frequently asked questions"})
			headed = true
		}
		p.Blocks = append(p.Blocks, Block{Kind: Heading, Level: 3, Text: qa[0]}, Block{Kind: Paragraph, Text: qa[1]})
	}
}

var buttonLine = Compile(`(?i)^(share|tweet|print|comments?|advertisement|sponsored)$`)

// shown reads the lines about the article that stand in its text: a byline, a date, buttons.
func (p *Page) shown() {
	out := p.Blocks[:0]
	for i, b := range p.Blocks {
		why := ""
		switch t := b.Text; {
		case b.Kind != Paragraph || words(t) > 16:
		case reading.MatchString(t) || buttonLine.MatchString(t):
			why = whyButton
		case teaser.MatchString(t):
			why = whyTeaser
		case i < 6 && byline.MatchString(t):
			if p.Author == "" {
				p.Author = strings.TrimSpace(byline.FindStringSubmatch(t)[1])
			}
			why = whyMeta
		}
		if i < 8 && b.Kind == Paragraph && words(b.Text) < 14 && !stopped(b.Text) && Date(b.Text) != "" {
			if p.Date == "" {
				p.Date, p.DateKind = Date(b.Text), "shown on the page"
			}
			why = whyMeta
		}
		if why == "" {
			out = append(out, b)
		} else {
			p.drop(why, b)
		}
	}
	p.Blocks = out
}
