// Package compose turns an intent and the evidence found for it into an answer.
//
// It is pure: the same input gives the same bytes. It does not search, and it does not draw for any platform.
// One file per topic; the figures it shows all come from facts, with their source, date, region and kind.
package compose

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"careerbot/knowledge"
	"careerbot/knowledge/lexicon"
)

// Book is a pack laid out for composing: its facts by kind and by what they are about. It is immutable.
type Book struct {
	pack     *knowledge.Pack
	lex      *lexicon.Lexicon
	byKind   map[knowledge.Kind][]*knowledge.Fact
	about    map[string][]*knowledge.Fact // by entity id
	articles map[string]*knowledge.Article
	newest   []string // article ids, newest first, undated last

	proper  map[string]bool                       // first words of names, in small letters
	by      map[string][]string                   // articles that name an entity, newest first
	first   map[string]map[string]*knowledge.Fact // by entity and article: a fact that names it
	telling map[string]*knowledge.Fact            // the most telling fact about an entity
	family  map[string][]counted                  // members of a group, most agreed on first
	pins    pins                                  // questions of the curated answers
	home    string                                // the region with the most figures; "" where there are none
	paidIn  map[string]string                     // the currency of a region's figures
}

// NewBook lays out a pack.
func NewBook(p *knowledge.Pack) *Book {
	b := &Book{
		pack: p, lex: p.Lexicon, byKind: map[knowledge.Kind][]*knowledge.Fact{},
		about: map[string][]*knowledge.Fact{}, articles: map[string]*knowledge.Article{},
	}
	for i := range p.Articles {
		a := &p.Articles[i]
		b.articles[a.ID] = a
		b.newest = append(b.newest, a.ID)
	}
	slices.SortStableFunc(b.newest, func(x, y string) int {
		return cmp.Compare(b.articles[y].Date, b.articles[x].Date)
	})
	for i := range p.Facts {
		f := &p.Facts[i]
		b.byKind[f.Kind] = append(b.byKind[f.Kind], f)
		for _, id := range f.About {
			b.about[id] = append(b.about[id], f)
		}
	}
	b.proper = properNames(b.lex)
	b.tally()
	b.price()
	b.pins = b.layPins(p.Curated)
	return b
}

// tally works out once who names what.
func (b *Book) tally() {
	b.by, b.first = map[string][]string{}, map[string]map[string]*knowledge.Fact{}
	b.telling, b.family = map[string]*knowledge.Fact{}, map[string][]counted{}
	for id, facts := range b.about {
		b.first[id] = map[string]*knowledge.Fact{}
		for _, f := range facts {
			if b.first[id][f.Article] == nil && b.speaksOf(f, id) {
				b.first[id][f.Article] = f
			}
		}
		for _, article := range b.newest {
			if b.first[id][article] != nil {
				b.by[id] = append(b.by[id], article)
			}
		}
		b.telling[id] = mostTelling(b.lex.Name(id), b.lex.Kind(id), facts)
	}
	for _, e := range b.lex.All() {
		if len(b.by[e.ID]) == 0 || e.Absent {
			continue
		}
		for _, g := range e.Groups {
			b.family[g] = append(b.family[g], counted{e, b.by[e.ID]})
		}
	}
	for _, members := range b.family {
		slices.SortStableFunc(members, func(x, y counted) int { return cmp.Compare(len(y.by), len(x.by)) })
	}
}

// price works out once where most figures are from, and what each region pays in.
func (b *Book) price() {
	b.paidIn = map[string]string{}
	figures := map[string]int{}
	for _, f := range b.byKind[knowledge.KindSalary] {
		region := f.Salary.Region
		b.paidIn[region] = f.Salary.Currency
		if figures[region]++; b.home == "" || figures[region] > figures[b.home] {
			b.home = region
		}
	}
}

// Evidence is what was found for a question.
type Evidence struct {
	Book *Book
	Hits []Hit // best first
	Now  time.Time
}

// Hit is one fact, section or curated answer the search found. Exactly one of Fact, Section and Curated is set. A
// curated answer is among the hits only where it is the one [Book.Pinned] gives.
type Hit struct {
	Fact     *knowledge.Fact
	Article  *knowledge.Article
	Section  *knowledge.Section
	Curated  *knowledge.Curated
	Score    float64
	Coverage float64 // share of the question's telling words it matched, 0 … 1
	Matched  []string
}

// ID names the hit's document.
func (h Hit) ID() string {
	switch {
	case h.Fact != nil:
		return h.Fact.ID
	case h.Curated != nil:
		return h.Curated.ID
	}
	return h.Article.ID + "#" + h.Section.ID
}

// Title is what the hit's document is about.
func (h Hit) Title() string {
	switch {
	case h.Fact != nil:
		return h.Fact.Subject
	case h.Curated != nil:
		return h.Curated.Title
	}
	return h.Section.Title
}

// Source is the id of the article, or of the curated answer, that the hit's document belongs to.
func (h Hit) Source() string {
	switch {
	case h.Fact != nil:
		return h.Fact.Article
	case h.Curated != nil:
		return h.Curated.ID
	}
	return h.Article.ID
}

// with is the book with the articles of hits that the pack leaves in their files.
func (b *Book) with(hits []Hit) *Book {
	all := b
	for _, h := range hits {
		if h.Section == nil || all.articles[h.Article.ID] != nil {
			continue
		}
		if all == b {
			c := *b
			c.articles = maps.Clone(b.articles)
			all = &c
		}
		all.articles[h.Article.ID] = h.Article
	}
	return all
}

// name is how an article is called in an answer.
func (b *Book) name(article string) string {
	a := b.articles[article]
	switch {
	case a == nil:
		return article
	case a.Short != "":
		return a.Short
	case a.Publisher != "":
		return a.Publisher
	}
	return a.Title
}

// date is an article's date for people: "May 2025", "undated"; old ones carry a gentle mark.
func (b *Book) date(article string, now time.Time) string {
	a := b.articles[article]
	if a == nil || a.Date == "" {
		return "undated"
	}
	t, err := time.Parse(time.DateOnly, a.Date)
	if err != nil {
		return a.Date
	}
	s := t.Format("Jan 2006")
	if now.Sub(t) > oldAfter {
		s += ", older"
	}
	return s
}

// oldAfter is when a date gets its mark: pay and tools move within two years.
const oldAfter = 2 * 365 * 24 * time.Hour

// cite is the short attribution behind a statement.
func (b *Book) cite(article string, now time.Time) string {
	return b.name(article) + ", " + b.date(article, now)
}

// speaksOf says whether a fact that has an entity's words means the entity: APIs communicate too, and Git is made for
// collaboration, but neither is a soft skill.
func (b *Book) speaksOf(f *knowledge.Fact, id string) bool {
	if b.lex.Kind(id) != "soft-skill" {
		return true
	}
	switch f.Kind {
	case knowledge.KindSkill, knowledge.KindFactor, knowledge.KindRoadmapStep:
	default:
		return false
	}
	return !slices.ContainsFunc(f.About, func(o string) bool { k := b.lex.Kind(o); return k == "tool" || k == "platform" })
}

// mentions gives the articles that name an entity or one of its members, newest first.
func (b *Book) mentions(ids ...string) []string {
	if len(ids) == 1 {
		return b.by[ids[0]]
	}
	var out []string
	for _, article := range b.newest {
		if slices.ContainsFunc(ids, func(id string) bool { return b.first[id][article] != nil }) {
			out = append(out, article)
		}
	}
	return out
}

// members gives the entities of a group that the articles name, most agreed on first. The slice is shared.
func (b *Book) members(group string) []counted { return b.family[group] }

// counted is an entity with the articles that name it.
type counted struct {
	*lexicon.Entity
	by []string
}

// role is the entity of the role the pack is about.
func (b *Book) role() string { return b.pack.Role }

// plural is an entity's name in the plural, as a sentence would have it.
func (b *Book) plural(id string) string {
	name := b.lex.Name(id)
	switch {
	case strings.HasSuffix(name, "s"):
		return name
	case strings.HasSuffix(name, "y"):
		return name[:len(name)-1] + "ies"
	}
	return name + "s"
}

// join writes a list as a sentence does: "a, b and c".
func join(parts []string) string {
	switch n := len(parts); n {
	case 0:
		return ""
	case 1:
		return parts[0]
	default:
		return strings.Join(parts[:n-1], ", ") + " and " + parts[n-1]
	}
}

// sentence makes the first letter a capital and ends with a full stop.
func sentence(s string) string {
	s = strings.TrimSpace(s)
	if s == "" {
		return s
	}
	if c := s[0]; c >= 'a' && c <= 'z' {
		s = string(c-'a'+'A') + s[1:]
	}
	if !strings.ContainsAny(s[len(s)-1:], ".!?:") {
		s += "."
	}
	return s
}

// lower makes the first letter small, for a statement or name inside a sentence; names and abbreviations stay.
func (b *Book) lower(s string) string {
	word, rest, _ := strings.Cut(s, " ")
	if rest != "" && rest[0] >= 'A' && rest[0] <= 'Z' && len(rest) > 1 && rest[1] >= 'a' {
		return s // a title: "Solutions Architect"
	}
	word = strings.Trim(word, ",.;:()'")
	if s == "" || s[0] < 'A' || s[0] > 'Z' || strings.ToLower(word[min(1, len(word)):]) != word[min(1, len(word)):] || b.proper[strings.ToLower(word)] {
		return s
	}
	return string(s[0]-'A'+'a') + s[1:]
}

// properNames gives the words that stay capital inside a sentence: those with which a name begins.
func properNames(lex *lexicon.Lexicon) map[string]bool {
	out := map[string]bool{}
	for _, e := range lex.All() {
		switch e.Kind {
		case lexicon.KindConcept, lexicon.KindGroup, lexicon.KindRole, lexicon.KindLevel, "soft-skill":
			continue
		}
		if first, _, _ := strings.Cut(e.Name, " "); first != "" && first[0] >= 'A' && first[0] <= 'Z' {
			out[strings.ToLower(first)] = true
		}
	}
	return out
}

// Facts is how many facts are about an entity of the lexicon.
func (b *Book) Facts(entity string) int { return len(b.about[entity]) }

// upper makes the first letter a capital, for a name at the start of a title or sentence.
func upper(s string) string {
	if s == "" || s[0] < 'a' || s[0] > 'z' {
		return s
	}
	return string(s[0]-'a'+'A') + s[1:]
}
