package markup

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Shapes of headings in plain text.
const (
	maxHeadingWords = 14
	maxHeading      = 110 // bytes
	maxColonWords   = 6   // of a heading that ends in a colon; longer ones lead in what follows
	minWrap         = 36  // bytes of a line that may have been wrapped by hand
	maxWrap         = 100
	minBroken       = 50 // bytes of a line whose paragraph goes on in the next, in a text that was not
	minRun          = 3  // lines in a row that make a list without bullets
)

// wrapped says whether the lines of a text were broken by hand: most that are long go on in the next line.
func wrapped(lines []line) bool {
	long, on, over := 0, 0, 0
	for i := range lines[:max(len(lines)-1, 0)] {
		if l := &lines[i]; len(l.text) >= minWrap && !l.bullet {
			long++
			if len(l.text) > maxWrap {
				over++
			}
			if len(l.text) <= maxWrap && !lines[i+1].gap && !lines[i+1].bullet {
				on++
			}
		}
	}
	return on >= 4 && 2*on >= long && 10*over <= long
}

// build makes blocks of the lines that are kept.
func (p *plainReader) build() {
	lines := p.kept()
	asked := false // under a heading such as "FAQs"
	for i := 0; i < len(lines); {
		if b, n := tableAt(lines[i:]); n > 0 {
			p.page.Blocks = append(p.page.Blocks, b)
			i += n
			continue
		}
		l := &lines[i]
		switch {
		case l.bullet:
			n := 1
			for i+n < len(lines) && lines[i+n].bullet {
				n++
			}
			p.page.Blocks = append(p.page.Blocks, listOf(lines[i:i+n]))
			i += n
			continue
		case entryRun(lines[i:]) > 1:
			n := entryRun(lines[i:])
			b := listOf(lines[i : i+n])
			b.Order = true
			p.page.Blocks = append(p.page.Blocks, b)
			i += n
			continue
		case !p.wraps && !runHead(lines, i) && bareRun(lines[i:]) >= minRun:
			n := bareRun(lines[i:])
			p.page.Blocks = append(p.page.Blocks, listOf(lines[i:i+n]))
			i += n
			continue
		case headingAt(lines, i) && (!p.wraps || lines[i+1].gap || lines[i+1].bullet):
			b := Block{Kind: Heading, Level: levelOf(lines, i, asked), Text: strings.TrimRight(l.text, ": "), Line: l.n, Mark: l.mark}
			asked = faq.MatchString(l.text) || asked && b.Level == 3
			p.page.Blocks = append(p.page.Blocks, b)
		default:
			p.paragraph(l)
		}
		i++
	}
}

// paragraph adds a line of text, to the paragraph before where that was wrapped by hand.
func (p *plainReader) paragraph(l *line) {
	text := l.text
	if l.mark != "" {
		text = l.mark + " " + text
	}
	if n := len(p.page.Blocks); n > 0 && !l.gap {
		last := &p.page.Blocks[n-1]
		first, _ := utf8.DecodeRuneInString(text)
		if last.Kind == Paragraph && (p.wraps || !stopped(last.Text) && len(last.Text) >= minBroken && unicode.IsLower(first)) {
			last.Text += " " + text
			return
		}
		if last.Kind == List && (p.wraps && l.indent > 0 || unicode.IsLower(first)) && !stopped(last.Items[len(last.Items)-1].Text) {
			last.Items[len(last.Items)-1].Text += " " + text
			return
		}
	}
	p.page.Blocks = append(p.page.Blocks, Block{Kind: Paragraph, Text: text, Line: l.n})
}

// listOf makes a list; how deep an entry lies is told by its indent.
func listOf(lines []line) Block {
	b := Block{Kind: List, Line: lines[0].n}
	var indents []int
	for i := range lines {
		if !slices.Contains(indents, lines[i].indent) {
			indents = append(indents, lines[i].indent)
		}
	}
	slices.Sort(indents)
	for i := range lines {
		b.Items = append(b.Items, Item{Depth: min(slices.Index(indents, lines[i].indent), 5), Text: lines[i].text})
	}
	return b
}

// entryRun counts the numbered lines that follow one another with nothing between: a list, not headings.
func entryRun(lines []line) int {
	n := 0
	for n < len(lines) && lines[n].mark != "" && !strings.HasSuffix(lines[n].text, "?") {
		n++
	}
	if n < len(lines) && n > 0 && n < 3 && !lines[n].gap {
		return 0 // text follows the last: they are headings
	}
	return n
}

// bareRun counts the short lines without a stop that follow one another with no gap: entries that lost their bullets.
func bareRun(lines []line) int {
	n := 0
	for n < len(lines) {
		l := &lines[n]
		if l.bullet || l.mark != "" || stopped(l.text) || prose(l.text) || strings.HasSuffix(l.text, ":") || n > 0 && l.gap {
			break
		}
		if _, rows := partedTable(lines[n:]); rows > 0 {
			return n
		}
		n++
	}
	if n < len(lines) && n > 0 && !lines[n].gap && titleCase(lines[n-1].text) {
		n-- // it heads what is below
	}
	return n
}

// runHead says whether the first line of such a run heads the others: text ends right above it, without leading in.
func runHead(lines []line, i int) bool {
	return i > 0 && !lines[i].gap && stopped(lines[i-1].text) && titleCase(lines[i].text) && words(lines[i].text) <= maxColonWords && bareRun(lines[i:]) > minRun
}

var minor = Compile(`^(a|an|the|of|for|in|on|at|to|and|or|by|with|from|as|is|are|do|vs\.?|versus|your|you|how|what|who|why|it|be|into|that)$`)

// titleCase says whether most words of a text that matter begin with a capital or a digit.
func titleCase(s string) bool {
	upper, all := 0, 0
	for w := range strings.FieldsSeq(s) {
		w = strings.Trim(w, `"'“”‘’().,:;?!&/-–—`)
		if w == "" || minor.MatchString(w) {
			continue
		}
		all++
		if r, _ := utf8.DecodeRuneInString(w); !unicode.IsLower(r) {
			upper++
		}
	}
	return all > 0 && 10*upper >= 6*all
}

// headingAt says whether line i has the shape of a heading: short, without a stop at its end, apart from what is
// above, and over something longer.
func headingAt(lines []line, i int) bool {
	l := &lines[i]
	t := l.text
	if l.bullet || len(t) > maxHeading || words(t) > maxHeadingWords || i+1 >= len(lines) {
		return false
	}
	if t[0] == '(' || stopped(t) && !strings.HasSuffix(t, "?") || strings.ContainsAny(t[len(t)-1:], ",;") || !strings.ContainsFunc(t, unicode.IsLetter) || moneyLine(t) {
		return false
	}
	next := &lines[i+1]
	if !l.gap && l.mark == "" && i > 0 && lines[i-1].why == "" && lines[i-1].n == l.n-1 && !tightHead(lines, i) {
		return false
	}
	if strings.HasSuffix(t, ":") {
		return words(t) <= 3 || words(t) <= maxColonWords && titleCase(t) || words(t) <= maxHeadingWords && titleCase(t) && headingShape(next)
	}
	return next.bullet || prose(next.text) || len(next.text) > len(t) || l.mark != "" || strings.HasSuffix(t, "?") || headingShape(next)
}

// tightHead says whether a line without a blank one above is a heading: it is written as one, what is above has ended,
// and text, a list or a run of entries follows.
func tightHead(lines []line, i int) bool {
	prev, next := &lines[i-1], &lines[i+1]
	if !titleCase(lines[i].text) {
		return false
	}
	return prose(next.text) || strings.HasSuffix(lines[i].text, "?") && len(next.text) > len(lines[i].text) || (prev.bullet || stopped(prev.text)) && (next.bullet || stopped(next.text)) || runHead(lines, i)
}

// headingShape is the rough test for a line that follows a heading: it could be one itself.
func headingShape(l *line) bool {
	return !l.bullet && l.gap && words(l.text) <= maxHeadingWords && (!stopped(l.text) || strings.HasSuffix(l.text, "?"))
}

// levelOf guesses how deep a heading lies: numbered ones, those that end in a colon and questions among the FAQs lie
// under the others.
func levelOf(lines []line, i int, asked bool) int {
	l := &lines[i]
	switch {
	case strings.HasSuffix(l.text, ":") && i+1 < len(lines) && strings.HasSuffix(lines[i+1].text, ":") && headingShape(&lines[i+1]):
		return 2 // over headings of the same make
	case l.mark != "" || strings.HasSuffix(l.text, ":"):
		return 3
	case asked && strings.HasSuffix(l.text, "?"):
		return 3
	}
	return 2
}

var moneyText = Compile(`(?i)^[^\p{L}]*([₹$£€]|rs\.?|inr|usd|eur|gbp)\s?\d`)

// moneyLine says whether a line begins with a sum of money.
func moneyLine(s string) bool { return moneyText.MatchString(s) }
