package importer

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"careerbot/knowledge/lexicon"
	"careerbot/knowledge/markup"
)

// newEntity is an entity that the lexicon lacks.
type newEntity struct {
	id, kind, name string
	words          []string
}

var (
	levelWords = markup.Compile(`(?i)^((entry|mid|senior|junior|lead|staff|principal|associate|trainee|graduate)([- ]level)?|jr\.?|sr\.?|fresher|newly qualified)\s+`)
	onlyLevel  = markup.Compile(`(?i)^(junior|senior|mid|entry|lead|staff|principal|associate|trainee|graduate|fresher|beginner|starter|intern|expert|head|manager)s?([- ](level|career|role))?$`)
	asksRole   = markup.Compile(`(?i)(?:what (?:is|does|do)?|who (?:is|are)|how to (?:become|be)|becoming|become|career as|working as|life of)\s+(?:an?\s+|the\s+)?([\p{L}][\p{L}\d./+#& -]{2,40}?)(?:\s+(?:do|does|earns?|makes?|needs?|salar\w*|career\w*|road ?map|in \d{4}|in|for|with|without|and)\b|[?:|,–—(]|$)`)
	ofRole     = markup.Compile(`(?i)^(?:the )?(?:complete |ultimate |average )?([\p{L}][\p{L}\d./+#& -]{2,40}?)\s+(?:salar\w*|careers?|road ?map|jobs?|skills?|job description|guide|interview|responsibilit\w*|duties|pay|overview|profile)\b`)
)

// findRole says which role an article is about: the one its title names, else the one it names most. A role that the
// lexicon lacks is made of the title's words where the article speaks of it three times.
func (a *article) findRole(lex *lexicon.Lexicon) *newEntity {
	roles := func(text string) []string {
		return slices.DeleteFunc(lex.Entities(text), func(id string) bool { return lex.Kind(id) != lexicon.KindRole })
	}
	if ids := roles(a.page.Title); len(ids) > 0 {
		a.role = ids[0]
		return nil
	}
	text := strings.ToLower(a.page.Title)
	count := map[string]int{}
	var heads []string
	for i := range a.page.Blocks {
		b := &a.page.Blocks[i]
		plain := b.Plain()
		text += "\n" + strings.ToLower(plain)
		if b.Kind == markup.Heading {
			heads = append(heads, plain)
			for _, id := range roles(plain) {
				count[id] += 2
			}
		}
		for _, s := range strings.Split(plain, "\n") {
			for _, id := range roles(s) {
				count[id]++
			}
		}
	}
	for _, title := range append([]string{a.page.Title}, heads...) {
		if name := roleIn(title); name != "" && strings.Count(text, name) >= 3 {
			e := newRole(name, lex)
			a.role = e.id
			return &e
		}
	}
	best := slices.MaxFunc(append([]string{""}, sorted(count)...), func(x, y string) int { return cmp.Compare(count[x], count[y]) })
	if count[best] >= 3 {
		a.role = best
	}
	return nil
}

// newRole makes a role's entity. Where the lexicon has its last word as a profession that is absent from what the bot
// knows, the word becomes the role's: who asks for nurses means the registered ones, if those are there.
func newRole(name string, lex *lexicon.Lexicon) newEntity {
	e := newEntity{slug(name), lexicon.KindRole, name, []string{name}}
	last := name[strings.LastIndexByte(name, ' ')+1:]
	if last != name && slices.ContainsFunc(lex.All(), func(o *lexicon.Entity) bool {
		return o.Absent && o.Kind == lexicon.KindProfession && slices.Contains(o.Words, last)
	}) {
		e.words = append(e.words, last)
	}
	return e
}

func sorted[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// roleIn takes a role out of a title: "How to become a data analyst in 2025".
func roleIn(title string) string {
	for _, form := range []*markup.Pattern{asksRole, ofRole} {
		if m := form.FindStringSubmatch(title); m != nil {
			if name := plainRole(m[1]); name != "" {
				return name
			}
		}
	}
	if i := strings.IndexAny(title, ":|–—-"); i > 3 {
		title = title[:i]
	}
	return plainRole(title)
}

// plainRole is a role's name in small letters and the singular, without its level; "" where the words make no role.
func plainRole(s string) string {
	s = strings.TrimSpace(levelWords.ReplaceAllString(strings.TrimSpace(s), ""))
	s = strings.Trim(s, ".,:;?!")
	if onlyLevel.MatchString(s) {
		return ""
	}
	if n := words(s); n == 0 || n > 4 || len(s) > 40 || strings.ContainsAny(s, "0123456789₹$£€|?:") || !roleNoun.MatchString(s) {
		return ""
	}
	s = strings.ToLower(s)
	if strings.HasSuffix(s, "s") && !strings.HasSuffix(s, "ss") {
		s = s[:len(s)-1]
	}
	return s
}

// rowRoles gives the roles in the tables' role columns that the lexicon lacks.
func (a *article) rowRoles(lex *lexicon.Lexicon) []newEntity {
	var out []newEntity
	for i := range a.page.Blocks {
		b := &a.page.Blocks[i]
		if b.Kind != markup.Table {
			continue
		}
		at := slices.IndexFunc(b.Rows[0], func(h string) bool { return roleHead.MatchString(h) })
		if at < 0 && columnOf(b.Rows, 0, func(s string) bool { return plainRole(s) != "" }) {
			at = 0
		}
		if at < 0 {
			continue
		}
		for _, row := range b.Rows[1:] {
			if at >= len(row) || slices.ContainsFunc(lex.Entities(row[at]), func(id string) bool { return lex.Kind(id) == lexicon.KindRole }) {
				continue
			}
			if name := plainRole(row[at]); name != "" {
				out = append(out, newEntity{slug(name), lexicon.KindRole, name, []string{name}})
			}
		}
	}
	return out
}

// lacking gives what an article names and the lexicon lacks: roles, and places its figures are of.
func (a *article) lacking(lex *lexicon.Lexicon) []newEntity {
	var out []newEntity
	add := func(e newEntity) {
		have := lex.Entity(e.id)
		if have != nil && !have.Absent || slices.ContainsFunc(out, func(o newEntity) bool { return o.id == e.id }) {
			return
		}
		out = append(out, e)
	}
	if e := a.findRole(lex); e != nil {
		add(*e)
	}
	for _, e := range a.rowRoles(lex) {
		add(e)
	}
	for _, id := range a.regions() {
		for i := range countries {
			if c := &countries[i]; c.id == id {
				e := newEntity{id, lexicon.KindRegion, c.name, nil}
				for _, w := range c.words {
					e.words = append(e.words, strings.ToLower(w))
				}
				add(e)
			}
		}
	}
	return out
}

// lexiconFile writes lexicon/id.yaml: what the article names and the built-in lexicon lacks.
func lexiconFile(id string, entities []newEntity) []byte {
	if len(entities) == 0 {
		return nil
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "# Named in articles/%s.md and not in the built-in lexicon. Add synonyms and misspellings under words and typos.\nentities:\n", id)
	for _, e := range entities {
		quoted := make([]string, len(e.words))
		for i, w := range e.words {
			quoted[i] = quote(w)
		}
		fmt.Fprintf(&b, "  - id: %s\n    kind: %s\n    name: %s\n    words: [%s]\n", e.id, e.kind, quote(e.name), strings.Join(quoted, ", "))
	}
	return b.Bytes()
}
