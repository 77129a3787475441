package markup

import (
	"fmt"
	"slices"
	"strings"
)

// MaxLine is how long a line of plain text may be, in bytes. The longest paragraph of any article has a hundredth of it.
const MaxLine = 1 << 20

// line is one line of plain text that is not blank.
type line struct {
	n      int    // from 1
	text   string // without blanks, bullet and mark
	raw    string // with its tabs, for tables
	bullet bool
	indent int
	mark   string // "1.", "A.", "2.)" before a heading or an entry
	gap    bool   // a blank line stands before it
	why    string // why it is dropped; "" where it is kept
}

// Plain reads plain text that was copied from a web page, with whatever was copied along: menus, adverts, consent
// banners, teasers of other articles, author boxes, footers. It finds the title, headings by their shape, lists, and
// tables whose cells stand on lines of their own. An error is an [*Error]: the text is beyond [MaxBytes] or [MaxLine].
func Plain(src []byte) (Page, error) {
	src = plainLines(src)
	if len(src) > MaxBytes {
		return Page{}, &Error{0, fmt.Sprintf("the text has more than %d MiB", MaxBytes>>20), "cut it into several articles"}
	}
	lines, err := readLines(string(src))
	if err != nil {
		return Page{}, err
	}
	p := &plainReader{lines: lines}
	p.wraps = wrapped(lines)
	p.furniture()
	p.bounds()
	p.identify()
	p.build()
	tidy(&p.page)
	return p.page, nil
}

// plainReader reads one text.
type plainReader struct {
	page  Page
	lines []line
	start int   // the first line of prose
	end   int   // behind the last line of the article
	tail  []int // beginnings of questions and answers behind the end
	wraps bool  // lines were broken by hand, in the middle of sentences
}

var (
	bullet = Compile(`^([•●▪◦‣·–*■□►✓✔➢➤-]|o )\s+`)
	marked = Compile(`^((?:step )?\d{1,2}\s?[.):]\)?|[A-Z][.)]|\([0-9a-z]\)|#\d{1,2})\s+`)
	blanks = strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\u2009", " ", "\u200b", "", "\u200c", "", "\u200d", "", "\ufeff", "", "\u00ad", "", "\v", " ", "\f", " ")
)

// readLines parts the text and takes off what stands before each line's words.
func readLines(src string) ([]line, error) {
	var out []line
	gap, n := true, 0
	for raw := range strings.SplitSeq(src, "\n") {
		n++
		if len(raw) > MaxLine {
			return nil, &Error{n, fmt.Sprintf("a line of more than %d KiB", MaxLine>>10), "check that the file is text, or part the line"}
		}
		raw = strings.Map(printable, blanks.Replace(raw))
		text := strings.Join(strings.Fields(raw), " ")
		if text == "" {
			gap = true
			continue
		}
		l := line{n: n, raw: strings.TrimRight(raw, " "), gap: gap, indent: indent(raw)}
		if m := bullet.FindString(text); m != "" && len(m) < len(text) {
			l.bullet, text = true, text[len(m):]
		} else if m := marked.FindString(text); m != "" && len(m) < len(text) {
			l.mark, text = strings.TrimSpace(m), text[len(m):]
		}
		l.text = text
		out = append(out, l)
		gap = false
	}
	return out, nil
}

// printable drops control characters.
func printable(r rune) rune {
	if r < ' ' && r != '\t' || r == 0x7f || r == '\ufffd' {
		return -1
	}
	return r
}

func indent(s string) int {
	n := 0
	for _, c := range s {
		switch c {
		case ' ':
			n++
		case '\t':
			n += 4
		default:
			return n
		}
	}
	return n
}

// maxLabel is how many words a button, an image's caption or another label has at most.
const maxLabel = 7

// furniture marks the lines that are no text of an article wherever they stand.
func (p *plainReader) furniture() {
	seen := map[string]int{}
	for i := range p.lines {
		seen[p.lines[i].text]++
	}
	for i := range p.lines {
		l := &p.lines[i]
		short := words(l.text) <= maxLabel && !stopped(l.text)
		switch {
		case l.bullet || l.why != "":
		case reading.MatchString(l.text):
			l.why = whyMeta
		case words(l.text) <= maxLabel && button.MatchString(l.text):
			l.why = whyButton
			p.labelled(i)
		case words(l.text) <= 24 && teaser.MatchString(l.text):
			l.why = whyTeaser
			p.labelled(i)
		case short && image.MatchString(l.text):
			l.why = whyImage
		case i > 0 && i < 4 && p.lines[i-1].text == l.text && words(l.text) > 2: // of the window and of the page
			l.why = whyRepeat
		case i > 0 && p.lines[i-1].text == l.text && p.lines[i-1].why == "" && (!l.gap || short && i > 4) && words(l.text) <= 2*maxLabel:
			l.why, p.lines[i-1].why = whyImage, whyImage
		case short && seen[l.text] > 4 && !strings.ContainsAny(l.text, "0123456789") && words(l.text) > 1:
			l.why = whyRepeat
		case strings.HasPrefix(l.text, "http") && words(l.text) == 1:
			l.why = whyMeta
		}
	}
}

// labelled drops the title that follows a label such as "Next article:".
func (p *plainReader) labelled(i int) {
	t := strings.ToLower(strings.TrimRight(p.lines[i].text, ": "))
	if i+1 < len(p.lines) && (t == "next article" || t == "previous article" || t == "up next") && !prose(p.lines[i+1].text) {
		p.lines[i+1].why = whyTeaser
	}
}

// sentenceLine says whether line i is text of an article rather than of the page around it.
func (p *plainReader) sentenceLine(i int) bool {
	l := &p.lines[i]
	return l.why == "" && prose(l.text) && !legal.MatchString(l.text) && !advert(l.text, false)
}

// bounds finds where the article begins and ends: at its first line of prose, and at a line after which pages show
// other things, once half of the prose has gone by. Of what comes then only questions and answers are kept.
func (p *plainReader) bounds() {
	p.start, p.end = len(p.lines), len(p.lines)
	total := 0
	for i := range p.lines {
		if p.sentenceLine(i) {
			if asked := i < 4 && strings.HasSuffix(p.lines[i].text, "?") && words(p.lines[i].text) <= 18; !asked { // else a title
				p.start = min(p.start, i)
			}
			total += words(p.lines[i].text)
		}
	}
	if total == 0 { // lists and tables alone: all of it may be the article
		p.start = 0
	}
	before := 0
	for i := range p.lines {
		l := &p.lines[i]
		if p.sentenceLine(i) {
			before += words(l.text)
		}
		if i > p.start && 2*before >= total && total > 0 && !l.bullet && words(l.text) <= 12 && ending.MatchString(l.text) {
			p.end = i
			break
		}
	}
	for i := p.end; i < len(p.lines); i++ {
		if faq.MatchString(p.lines[i].text) && words(p.lines[i].text) < 9 && p.questionsFrom(i+1) {
			p.tail = append(p.tail, i)
		}
	}
}

// questionsFrom says whether two questions stand within the next lines.
func (p *plainReader) questionsFrom(i int) bool {
	n := 0
	for _, l := range p.lines[min(i, len(p.lines)):min(i+8, len(p.lines))] {
		if strings.HasSuffix(l.text, "?") {
			n++
		}
	}
	return n >= 2
}

// kept gives the lines of the article, and notes the others as dropped.
func (p *plainReader) kept() []line {
	var out []line
	in := false
	for i := range p.lines {
		l := p.lines[i]
		switch {
		case i < p.end:
			in = true
		case slices.Contains(p.tail, i):
			in = true
		case i == p.end || ending.MatchString(l.text) && words(l.text) <= 12:
			in = false
		}
		switch {
		case !in && l.why == "":
			l.why = whyFooter
			fallthrough
		case l.why != "":
			p.page.Dropped = append(p.page.Dropped, Dropped{l.n, l.why, l.text})
		default:
			out = append(out, l)
		}
	}
	return out
}
