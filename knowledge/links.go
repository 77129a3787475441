package knowledge

import (
	"fmt"
	"iter"

	"careerbot/knowledge/lexicon"
)

// link is an id in one file that must exist somewhere else in the pack.
type link struct {
	file string
	line int
	from string // who names it: "fact f001"
	what string // one of the kinds below
	id   string
	in   string // the article, for a section
}

// What a link leads to. Roles, regions and levels are entities of that kind, linkEntity is one of any kind.
const (
	linkArticle = "article"
	linkSection = "section"
	linkFact    = "fact"
	linkEntity  = "entity"
	linkRole    = lexicon.KindRole
	linkRegion  = lexicon.KindRegion
	linkLevel   = lexicon.KindLevel
)

// checkLinks reports links that lead nowhere.
func (l *loader) checkLinks() {
	p := l.pack
	for _, k := range l.links {
		switch k.what {
		case linkArticle:
			if p.Article(k.id) == nil {
				l.dangling(k, "which the pack does not hold", nearest(k.id, articleIDs(p)))
			}
		case linkFact:
			if p.Fact(k.id) == nil {
				l.dangling(k, "which the pack does not hold", "")
			}
		case linkSection:
			l.checkCitation(k)
		default:
			l.checkEntity(k)
		}
	}
}

func (l *loader) dangling(k link, say, near string) {
	remedy := "correct the id or add the " + k.what
	if near != "" {
		remedy = fmt.Sprintf("did you mean %q?", near)
	}
	l.problem(k.file, k.line, fmt.Sprintf("%s names %s %q, %s", k.from, k.what, k.id, say), remedy)
}

func articleIDs(p *Pack) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := range p.Articles {
			if !yield(p.Articles[i].ID) {
				return
			}
		}
	}
}

// checkCitation makes sure that a cited section exists. A missing article is reported once, where it is named.
func (l *loader) checkCitation(k link) {
	a := l.pack.Article(k.in)
	if a == nil || a.Section(k.id) != nil {
		return
	}
	remedy := "give the article such a heading"
	near := a.Section(nearest(k.id, func(yield func(string) bool) {
		for i := range a.Sections {
			if !yield(a.Sections[i].ID) {
				return
			}
		}
	}))
	if near != nil {
		remedy = fmt.Sprintf("the nearest heading is %q, which is cited as %s", near.Title, near.ID)
	}
	l.problem(k.file, k.line, fmt.Sprintf("%s cite section %q, which %s does not have", k.from, k.id, a.File), remedy)
}

// checkEntity makes sure that the lexicon has an entity, and of the right kind. Without any lexicon nothing is known
// to be wrong.
func (l *loader) checkEntity(k link) {
	lex := l.pack.Lexicon
	l.lacking = l.lacking || lex.Entity(k.id) == nil
	all := lex.All()
	if len(all) == 0 {
		return
	}
	e := lex.Entity(k.id)
	switch {
	case e == nil:
		near := nearest(k.id, func(yield func(string) bool) {
			for _, e := range all {
				if (k.what == linkEntity || e.Kind == k.what) && !yield(e.ID) {
					return
				}
			}
		})
		if distance(near, k.id) > max(2, len(k.id)/3) {
			near = ""
		}
		l.dangling(k, "which is not in the lexicon", near)
	case k.what != linkEntity && e.Kind != k.what:
		l.problem(k.file, k.line, fmt.Sprintf("%s names %q as its %s, but the lexicon has it as a %s", k.from, k.id, k.what, e.Kind),
			fmt.Sprintf("name an entity of kind %s", k.what))
	}
}

// nearest is the candidate that the fewest changed letters turn into s; "" where there is none.
func nearest(s string, candidates iter.Seq[string]) string {
	best, least := "", -1
	for c := range candidates {
		if d := distance(s, c); least < 0 || d < least {
			best, least = c, d
		}
	}
	return best
}

// maxCompare is how much of a word is compared; ids are far shorter.
const maxCompare = 96

// distance counts the letters to add, drop or change to make b of a (Levenshtein).
func distance(a, b string) int {
	a, b = a[:min(len(a), maxCompare)], b[:min(len(b), maxCompare)]
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
