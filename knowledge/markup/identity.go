package markup

import (
	"strings"
	"time"
)

var (
	byline    = Compile(`^(?:[Bb]y|BY|[Ww]ritten by|[Aa]uthor:?|[Pp]osted by|[Rr]eviewed by)\s+((?:\p{Lu}[\p{L}.’'-]*\s?){1,4})(?:$|[,|·(]|\s[-–—|])`)
	person    = Compile(`^((?:\p{Lu}[\p{L}.’'-]+\s?){2,4})(?:$|[,|·(]|\s[-–—|])`)
	aboutHim  = Compile(`(?i)^(about (the )?author:?|written by:?|author:?)$`)
	dateWords = Compile(`(?i)\b(last )?(updated|modified|reviewed|published|posted|date)\b( (on|at))?\s*:?\s*`)
	dates     = Compile(`(?i)\b(\d{4}-\d{2}-\d{2}|\d{1,2}(?:st|nd|rd|th)?[ -](?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,?[ -]\d{4}|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}|(?:january|february|march|april|may|june|july|august|september|october|november|december),? \d{4})\b`)
	ordinal   = Compile(`(\d)(st|nd|rd|th)\b`)
	crumbs    = Compile(`^[^/>»›|]{1,40}(?:\s*[/>»›]\s*[^/>»›|]{1,80}){1,6}$`)
	rights    = Compile(`(?i)(?:©|\(c\)|copyright)\s*(?:©|\(c\))?\s*(?:\d{4}(?:\s*[-–]\s*\d{4})?)?[, ]*(?:by )?([^.,|©\d][^.,|©]{1,50}?)\s*(?:[.,|]|all rights|$)`)
	reserved  = Compile(`(?i)^@?([^.,|@©]{2,50}),.*\ball rights reserved`)
	generic   = Compile(`(?i)^(introduction|overview|summary|contents|conclusion|background|about)\W*$`)
	letter    = Compile(`(?i)\bsubscribe to (?:the )?(.{2,40}?)(?:['’]s)? (?:weekly |daily |monthly )?newsletter`)
)

// identify finds the title, who wrote and published the page, when, and in which part of the site it stands.
func (p *plainReader) identify() {
	p.publisher()
	best, title := 0.0, -1
	for i := range p.lines[:min(p.start, len(p.lines))] {
		l := &p.lines[i]
		p.breadcrumbs(l)
		if l.why != "" || p.metadata(i) || l.bullet || prose(l.text) && !strings.HasSuffix(l.text, "?") || generic.MatchString(l.text) || words(l.text) > 18 || words(l.text) == 1 && i < p.start-1 {
			continue
		}
		if s := p.titleScore(i); s > best {
			best, title = s, i
		}
	}
	if title >= 0 {
		p.page.Title = strings.TrimRight(p.lines[title].text, " |-–")
	}
	for i := range p.lines[:min(p.start, len(p.lines))] {
		if l := &p.lines[i]; i <= title && l.why == "" {
			l.why = whyMenu
			if i == title || l.text == p.lines[title].text {
				l.why = whyMeta
			}
		} else if l.why == "" && l.text == p.page.Title {
			l.why = whyRepeat
		}
	}
	for i := range p.lines {
		if aboutHim.MatchString(p.lines[i].text) && p.page.Author == "" && i+1 < len(p.lines) {
			if m := person.FindStringSubmatch(p.lines[i+1].text); m != nil {
				p.page.Author = strings.TrimSpace(m[1])
			}
		}
	}
	p.links()
}

// breadcrumbs reads a path through the site: Home / Glossary / Data analyst.
func (p *plainReader) breadcrumbs(l *line) {
	if l.why != "" || l.bullet || !crumbs.MatchString(l.text) || stopped(l.text) {
		return
	}
	parts := strings.FieldsFunc(l.text, func(r rune) bool { return strings.ContainsRune("/>»›", r) })
	if len(parts) < 3 && !strings.EqualFold(strings.TrimSpace(parts[0]), "home") {
		return
	}
	l.why = whyMenu
	if p.page.Title == "" {
		p.page.Title = strings.TrimSpace(parts[len(parts)-1])
	}
	if len(parts) > 2 {
		p.page.Place = strings.TrimSpace(parts[len(parts)-2])
	}
}

// metadata reads a byline or a date and says whether the line is one.
func (p *plainReader) metadata(i int) bool {
	l := &p.lines[i]
	if m := byline.FindStringSubmatch(l.text); m != nil && words(l.text) < 16 {
		if p.page.Author == "" {
			p.page.Author = strings.TrimSpace(m[1])
		}
		p.date(l.text)
		l.why = whyMeta
		return true
	}
	if words(l.text) < 14 && dates.MatchString(l.text) && !stopped(l.text) && (dateWords.MatchString(l.text) || words(l.text) < 5 || strings.Contains(l.text, "|")) {
		p.date(l.text)
		l.why = whyMeta
		return true
	}
	return false
}

// date reads the first date of a line, unless a later one was found before.
func (p *plainReader) date(s string) {
	iso := Date(s)
	if iso == "" || p.page.Date != "" && p.page.Date >= iso {
		return
	}
	p.page.Date, p.page.DateKind = iso, "shown on the page"
	if m := strings.ToLower(dateWords.FindString(s)); strings.Contains(m, "updated") || strings.Contains(m, "modified") {
		p.page.DateKind = "last updated"
	} else if strings.Contains(m, "published") || strings.Contains(m, "posted") {
		p.page.DateKind = "published"
	}
}

// Date gives the first date a text holds as year-month-day or year-month, "" where there is none.
func Date(s string) string {
	m := ordinal.ReplaceAllString(dates.FindString(s), "$1")
	m = strings.Join(strings.FieldsFunc(m, func(r rune) bool { return strings.ContainsRune(" ,.-", r) }), " ")
	if m == "" {
		return ""
	}
	m = strings.ToUpper(m[:1]) + m[1:]
	for _, form := range []string{"2006 01 02", "2 Jan 2006", "2 January 2006", "Jan 2 2006", "January 2 2006"} {
		if t, err := time.Parse(form, m); err == nil {
			return t.Format(time.DateOnly)
		}
	}
	if t, err := time.Parse("January 2006", m); err == nil {
		return t.Format("2006-01")
	}
	return ""
}

// titleScore is how likely a line before the article's first prose is its title: its words are those of the article,
// a date or a byline follows it, it stands first or alone.
func (p *plainReader) titleScore(i int) float64 {
	l := &p.lines[i]
	var own, met float64
	for w := range strings.FieldsSeq(strings.ToLower(l.text)) {
		w = strings.Trim(w, ".,:;?!()|&-–’'")
		if len(w) < 4 {
			continue
		}
		own++
		if p.frequency(w) >= 3 {
			met++
		}
	}
	if own == 0 {
		return 0
	}
	score := met/own + 0.1*min(own, 5)
	for _, next := range p.lines[i+1 : min(i+4, len(p.lines))] {
		if dates.MatchString(next.text) && words(next.text) < 14 || byline.MatchString(next.text) {
			score += 0.8
			break
		}
	}
	if i == 0 || i > 0 && p.lines[i-1].text == l.text {
		score += 0.3
	}
	if l.gap {
		score += 0.2
	}
	if p.start-i <= 1 && !strings.HasSuffix(l.text, "?") {
		score -= 0.5 // rather the first heading
	}
	return score
}

// frequency counts the lines of prose that have a word.
func (p *plainReader) frequency(word string) int {
	n := 0
	for i := p.start; i < min(len(p.lines), p.start+200); i++ {
		if strings.Contains(strings.ToLower(p.lines[i].text), word) {
			if n++; n == 3 {
				break
			}
		}
	}
	return n
}

// publisher looks for a name where sites put theirs: a copyright line, the newsletter.
func (p *plainReader) publisher() {
	for i := len(p.lines) - 1; i >= 0 && p.page.Publisher == ""; i-- {
		t := p.lines[i].text
		if words(t) > 30 {
			continue
		}
		for _, form := range []*Pattern{reserved, rights, letter} {
			if m := form.FindStringSubmatch(t); m != nil && !strings.EqualFold(strings.TrimSpace(m[1]), "our") {
				p.page.Publisher = strings.Trim(m[1], " @-–—.,’'")
				break
			}
		}
	}
}

// links collects the addresses that stand on lines of their own.
func (p *plainReader) links() {
	for i := range p.lines {
		if l := &p.lines[i]; strings.HasPrefix(l.text, "http") && words(l.text) == 1 && len(l.text) < 2048 {
			p.page.Links = append(p.page.Links, l.text)
		}
	}
}
