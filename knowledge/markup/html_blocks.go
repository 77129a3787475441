package markup

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// beside matches classes and ids of what stands beside an article. They are words of the trade, of any page.
var beside = Compile(`(?i)(^|[-_ ])(nav|navbar|menu|sidebar|side-bar|footer|cookies?|consent|gdpr|newsletter|subscribe|subscription|share|sharing|social|related|recommend(ed|ations?)?|promo|advert|ads?|adsbygoogle|sponsor(ed)?|banner|popup|modal|comments?|disqus|breadcrumbs?|pagination|author-(box|bio|card)|about-author|cta|toc|table-of-contents|skip-link|widget|outbrain|taboola)([-_ ]|$)`)

// walker turns a tree of elements into blocks.
type walker struct {
	out   []piece
	text  strings.Builder // of the paragraph that is open
	all   int             // bytes of it
	link  int             // bytes of it inside links
	bold  int             // bytes of it in bold type
	aside int             // how many elements beside the article are open
}

// walk gives the blocks of an element, nil's are none.
func walk(n *html.Node) []piece {
	if n == nil {
		return nil
	}
	w := &walker{}
	w.children(n)
	w.flush()
	return w.out
}

func (w *walker) children(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.node(c)
	}
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// outside says whether an element is no part of an article by its kind or its class.
func outside(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Nav, atom.Footer, atom.Aside, atom.Form, atom.Dialog:
		return true
	case atom.Header:
		return n.Parent != nil && n.Parent.DataAtom == atom.Body
	case atom.Body, atom.Main, atom.Article, atom.H1, atom.H2, atom.H3, atom.P, atom.Td, atom.Th, atom.Tr, atom.Table:
		return false
	}
	switch attribute(n, "role") {
	case "navigation", "banner", "contentinfo", "complementary", "dialog", "search":
		return true
	}
	return beside.MatchString(attribute(n, "class")) || beside.MatchString(attribute(n, "id"))
}

// hidden says whether an element is not shown.
func hidden(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Svg, atom.Iframe, atom.Object, atom.Select, atom.Textarea, atom.Head, atom.Canvas, atom.Audio, atom.Video:
		return true
	}
	style := strings.ReplaceAll(strings.ToLower(attribute(n, "style")), " ", "")
	return strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden")
}

func (w *walker) node(n *html.Node) {
	switch n.Type {
	case html.TextNode:
		w.write(n.Data)
		return
	case html.ElementNode:
	default:
		return
	}
	if hidden(n) {
		return
	}
	if outside(n) {
		w.flush()
		w.aside++
		defer func() { w.flush(); w.aside-- }()
	}
	switch n.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		w.heading(n, int(n.Data[1]-'0'))
	case atom.Summary:
		w.heading(n, 6)
	case atom.Button:
		if t := textOf(n); strings.HasSuffix(t, "?") && words(t) > 3 { // of questions that unfold
			w.heading(n, 6)
		}
	case atom.Ul, atom.Ol:
		w.list(n)
	case atom.Dl:
		w.terms(n)
	case atom.Table:
		w.table(n)
	case atom.Br:
		w.text.WriteByte(' ')
	case atom.A:
		before := w.all
		w.children(n)
		w.link += w.all - before
	case atom.B, atom.Strong:
		before := w.all
		w.children(n)
		w.bold += w.all - before
	case atom.Img:
	case atom.Span, atom.Em, atom.I, atom.U, atom.S, atom.Code, atom.Small, atom.Sub, atom.Sup, atom.Mark, atom.Abbr, atom.Time, atom.Font, atom.Label, atom.Cite, atom.Q, atom.Kbd, atom.Ins, atom.Del, atom.Var, atom.Bdi, atom.Data:
		w.children(n)
	default:
		w.flush()
		w.children(n)
		w.flush()
	}
}

func (w *walker) write(s string) {
	s = blanks.Replace(s)
	w.all += len(strings.TrimSpace(s))
	w.text.WriteString(s)
}

// flush ends the open paragraph. One in bold type alone is a heading, as long as it has the shape of one.
func (w *walker) flush() {
	text := strings.Join(strings.Fields(strings.Map(spaced, w.text.String())), " ")
	if text != "" {
		p := piece{Block: Block{Kind: Paragraph, Text: text}, aside: w.aside > 0, links: share(w.link, w.all)}
		if w.bold >= w.all && words(text) <= maxHeadingWords && len(text) <= maxHeading && (!stopped(text) || strings.HasSuffix(text, "?")) && strings.ContainsAny(text, "aeiouAEIOU") {
			p.Kind, p.Level, p.Text = Heading, 6, strings.TrimRight(text, ": ")
		}
		w.out = append(w.out, p)
	}
	w.text.Reset()
	w.all, w.link, w.bold = 0, 0, 0
}

// spaced drops control characters and keeps blanks.
func spaced(r rune) rune {
	if r == '\n' || r == '\r' || r == '\t' {
		return ' '
	}
	return printable(r)
}

func share(part, all int) float64 {
	if all == 0 {
		return 0
	}
	return float64(part) / float64(all)
}

// textOf is the text of an element on one line.
func textOf(n *html.Node) string {
	w := &walker{}
	w.inline(n)
	return strings.Join(strings.Fields(strings.Map(spaced, w.text.String())), " ")
}

// inline writes all text below an element, blocks parted by blanks.
func (w *walker) inline(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode:
			w.write(c.Data)
		case c.Type != html.ElementNode || hidden(c):
		case c.DataAtom == atom.A:
			before := w.all
			w.inline(c)
			w.link += w.all - before
		default:
			if block(c) {
				w.text.WriteByte(' ')
			}
			w.inline(c)
			if block(c) {
				w.text.WriteByte(' ')
			}
		}
	}
}

func block(n *html.Node) bool {
	switch n.DataAtom {
	case atom.P, atom.Div, atom.Li, atom.Br, atom.Td, atom.Th, atom.Tr, atom.Ul, atom.Ol, atom.Section, atom.H1, atom.H2, atom.H3, atom.H4, atom.Dd, atom.Dt:
		return true
	}
	return false
}

func (w *walker) heading(n *html.Node, level int) {
	w.flush()
	if t := strings.TrimRight(textOf(n), " ¶#"); t != "" {
		w.out = append(w.out, piece{Block: Block{Kind: Heading, Level: level, Text: t}, aside: w.aside > 0})
	}
}

// list reads a list with those inside it.
func (w *walker) list(n *html.Node) {
	w.flush()
	p := piece{Block: Block{Kind: List, Order: n.DataAtom == atom.Ol}, aside: w.aside > 0}
	all, link := 0, 0
	w.items(n, 0, &p.Block, &all, &link)
	p.links = share(link, all)
	if len(p.Items) > 0 {
		w.out = append(w.out, p)
	}
}

// maxListDepth is how deep lists within one another are told apart.
const maxListDepth = 5

func (w *walker) items(n *html.Node, depth int, b *Block, all, link *int) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode || hidden(c) {
			continue
		}
		if c.DataAtom != atom.Li {
			w.items(c, depth, b, all, link)
			continue
		}
		own := &walker{}
		var inner []*html.Node
		for d := c.FirstChild; d != nil; d = d.NextSibling {
			if d.Type == html.ElementNode && (d.DataAtom == atom.Ul || d.DataAtom == atom.Ol) {
				inner = append(inner, d)
				continue
			}
			own.inline(&html.Node{Type: html.ElementNode, FirstChild: alone(d)})
			own.text.WriteByte(' ')
		}
		text := strings.Join(strings.Fields(strings.Map(spaced, own.text.String())), " ")
		*all += own.all
		*link += own.link
		if text != "" {
			b.Items = append(b.Items, Item{Depth: min(depth, maxListDepth), Text: text})
		}
		for _, l := range inner {
			w.items(l, depth+1, b, all, link)
		}
	}
}

// alone is a node without its siblings.
func alone(n *html.Node) *html.Node {
	c := *n
	c.NextSibling, c.PrevSibling = nil, nil
	return &c
}

// terms reads a list of definitions: "term: what it is".
func (w *walker) terms(n *html.Node) {
	w.flush()
	p := piece{Block: Block{Kind: List}, aside: w.aside > 0}
	term := ""
	for c := range n.Descendants() {
		if c.Type != html.ElementNode {
			continue
		}
		switch c.DataAtom {
		case atom.Dt:
			term = strings.TrimRight(textOf(c), ": ")
		case atom.Dd:
			if t := textOf(c); t != "" {
				p.Items = append(p.Items, Item{Text: strings.TrimPrefix(term+": "+t, ": ")})
			}
		}
	}
	if len(p.Items) > 0 {
		w.out = append(w.out, p)
	}
}

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
