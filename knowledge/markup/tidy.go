package markup

import (
	"slices"
	"strings"
)

// tidy drops from a page's blocks what is no part of the article, whatever it was read from: adverts and the questions
// that lead them in, sections about other pages or the author, tables of contents, what stands there twice, talk about
// the article itself, headings over nothing.
func tidy(p *Page) {
	p.Blocks = p.without(p.Blocks, contents(p.Blocks))
	p.Blocks = p.without(p.Blocks, elsewhere(p.Blocks))
	p.Blocks = p.without(p.Blocks, teasers(p.Blocks))
	p.Blocks = p.without(p.Blocks, adverts(p.Blocks))
	p.unfill()
	p.Blocks = p.without(p.Blocks, repeats(p.Title, p.Blocks))
	for { // a heading may become empty when the one under it goes
		empty := empties(p.Blocks)
		if !slices.ContainsFunc(empty, func(s string) bool { return s != "" }) {
			return
		}
		p.Blocks = p.without(p.Blocks, empty)
	}
}

// without drops the blocks for which why is not "".
func (p *Page) without(blocks []Block, why []string) []Block {
	var out []Block
	for i := range blocks {
		if why[i] == "" {
			out = append(out, blocks[i])
		} else {
			p.drop(why[i], blocks[i])
		}
	}
	return out
}

// section gives the end of the section that the heading at i begins: the next heading of its level or above.
func section(blocks []Block, i int) int {
	for j := i + 1; j < len(blocks); j++ {
		if blocks[j].Kind == Heading && blocks[j].Level <= blocks[i].Level {
			return j
		}
	}
	return len(blocks)
}

// contents marks lists that only repeat the headings.
func contents(blocks []Block) []string {
	why := make([]string, len(blocks))
	headings := map[string]bool{}
	for i := range blocks {
		if blocks[i].Kind == Heading {
			headings[plainWords(blocks[i].Text)] = true
		}
	}
	for i := range blocks {
		if blocks[i].Kind != List {
			continue
		}
		same := 0
		for _, it := range blocks[i].Items {
			if headings[plainWords(it.Text)] {
				same++
			}
		}
		if same > 2 && 10*same >= 6*len(blocks[i].Items) {
			why[i] = whyContents
		}
	}
	return why
}

// plainWords is a text by its letters and digits alone, for comparing.
func plainWords(s string) string { return Slug(marked.ReplaceAllString(s, "")) }

// elsewhere marks sections whose heading says that they show other pages, the author or the site.
func elsewhere(blocks []Block) []string {
	why := make([]string, len(blocks))
	for i := range blocks {
		b := &blocks[i]
		leads := other.MatchString(b.Text) || call.MatchString(b.Text) && offer.MatchString(b.Text)
		if b.Kind != Heading || why[i] != "" || faq.MatchString(b.Text) || !leads {
			continue
		}
		reason := whyAdvert
		if sources.MatchString(b.Text) || aboutHim.MatchString(b.Text) {
			reason = whyMeta
		}
		for j := i; j < section(blocks, i); j++ {
			why[j] = reason
		}
	}
	return why
}

// teasers marks the beginnings of other articles: a title over a text that breaks off.
func teasers(blocks []Block) []string {
	why := make([]string, len(blocks))
	n := 0
	for i := range blocks {
		if blocks[i].Kind == Paragraph && words(blocks[i].Text) > 15 && brokenOff(blocks[i].Text) {
			n++
		}
	}
	if n < 3 {
		return why // one text that lacks its stop is no row of teasers
	}
	for i := range blocks {
		if blocks[i].Kind == Paragraph && words(blocks[i].Text) > 15 && brokenOff(blocks[i].Text) {
			why[i] = whyTeaser
			if i > 0 && (blocks[i-1].Kind == Heading || !prose(blocks[i-1].Text)) {
				why[i-1] = whyTeaser
			}
		}
	}
	return why
}

// brokenOff says whether a text ends in the middle of a sentence.
func brokenOff(s string) bool {
	return strings.HasSuffix(s, "…") || strings.HasSuffix(s, "...") || !stopped(s) && !strings.HasSuffix(s, ":")
}

var product = Compile(`\b(this|our|[Aa]n?|the)\b.{0,80}\b(Course|Boot ?camp|Program(me)?|Certification|Certificate|Diploma|Master ?[Cc]lass|Training|Webinar|Newsletter|Academy)\b|(?i:\b(this|our)\b.{0,60}\b(courses?|boot ?camps?|program(me)?s?|diploma|webinar|newsletter)\b)`)

// advert says whether a paragraph sells something; led is for one that follows a question such as "Want to …?".
func advert(s string, led bool) bool {
	if words(s) > 70 {
		return false
	}
	switch {
	case call.MatchString(s) && offer.MatchString(s) && (led || ours.MatchString(s) || product.MatchString(s)):
		return true
	case strings.Contains(strings.ToLower(s), "jobs") && call.MatchString(s) && !stopped(s) && words(s) < 9:
		return true
	}
	return ours.MatchString(s) && offer.MatchString(s) || legal.MatchString(s) && words(s) < 45
}

// adverts marks what sells: paragraphs, the questions before them, lists they lead in, and whole sections that sell in
// most of what they say.
func adverts(blocks []Block) []string {
	why := make([]string, len(blocks))
	led := false
	for i := range blocks {
		b := &blocks[i]
		switch b.Kind {
		case Heading, Paragraph:
			if b.Kind == Paragraph && advert(b.Text, led) {
				why[i] = whyAdvert
				if led {
					why[i-1] = whyAdvert
				}
			}
			led = hook.MatchString(b.Text) && words(b.Text) < 22
			if legal.MatchString(b.Text) && words(b.Text) < 45 {
				why[i] = whyFooter
			}
		case List:
			if i > 0 && why[i-1] != "" && blocks[i-1].Kind == Paragraph && strings.HasSuffix(blocks[i-1].Text, ":") || sells(b) {
				why[i] = whyAdvert
			}
			led = false
		default:
			led = false
		}
	}
	for i := range blocks {
		if blocks[i].Kind == Heading {
			sellingSection(blocks, why, i, section(blocks, i))
		}
	}
	return why
}

// sells says whether most entries of a list do.
func sells(b *Block) bool {
	n := 0
	for _, it := range b.Items {
		if ours.MatchString(it.Text) && offer.MatchString(it.Text) {
			n++
		}
	}
	return 2*n > len(b.Items)
}

// sellingSection marks a section as a whole where most of its text sells.
func sellingSection(blocks []Block, why []string, from, to int) {
	sold, all := 0, 0
	for j := from + 1; j < to; j++ {
		n := words(blocks[j].Plain())
		all += n
		if why[j] == whyAdvert || ours.MatchString(blocks[j].Plain()) {
			sold += n
		}
	}
	if all == 0 || 2*sold < all || !slices.Contains(why[from:to], whyAdvert) {
		return
	}
	for j := from; j < to; j++ {
		if why[j] == "" {
			why[j] = whyAdvert
		}
	}
}

// unfill takes sentences out of paragraphs that speak of the article and not of its subject.
func (p *Page) unfill() {
	var out []Block
	for _, b := range p.Blocks {
		if b.Kind == Paragraph {
			var keep []string
			for _, s := range Sentences(b.Text) {
				if filler.MatchString(s) {
					p.Dropped = append(p.Dropped, Dropped{b.Line, whyFiller, s})
				} else {
					keep = append(keep, s)
				}
			}
			if b.Text = strings.Join(keep, " "); b.Text == "" {
				continue
			}
		}
		out = append(out, b)
	}
	p.Blocks = out
}

// repeats marks paragraphs that stood there before.
func repeats(title string, blocks []Block) []string {
	why := make([]string, len(blocks))
	seen := map[string]bool{}
	for i := range blocks {
		b := &blocks[i]
		switch {
		case b.Kind == Paragraph && words(b.Text) >= 6:
			if seen[b.Text] {
				why[i] = whyRepeat
			}
			seen[b.Text] = true
		case b.Kind == Paragraph && title != "" && b.Text == title:
			why[i] = whyRepeat
		}
	}
	return why
}

// empties marks headings under which nothing stands.
func empties(blocks []Block) []string {
	why := make([]string, len(blocks))
	for i := range blocks {
		if blocks[i].Kind == Heading && (i+1 == len(blocks) || blocks[i+1].Kind == Heading && blocks[i+1].Level <= blocks[i].Level) {
			why[i] = whyEmpty
		}
	}
	return why
}
