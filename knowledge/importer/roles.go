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
	id, kind, name, of string
	words, caps        []string
}

var (
	levelWords = markup.Compile(`(?i)^((entry|mid|senior|junior|lead|staff|principal|associate|trainee|graduate)([- ]level)?|jr\.?|sr\.?|fresher|newly qualified)\s+`)
	onlyLevel  = markup.Compile(`(?i)^(junior|senior|mid|entry|lead|staff|principal|associate|trainee|graduate|fresher|beginner|starter|intern|expert|head|manager)s?([- ](level|career|role))?$`)
	asksRole   = markup.Compile(`(?i)(?:what (?:is|does|do)?|who (?:is|are)|how to (?:become|be)|becoming|become|career as|working as|life of)\s+(?:an?\s+|the\s+)?([\p{L}][\p{L}\d./+#& -]{2,40}?)(?:\s+(?:do|does|earns?|makes?|needs?|salar\w*|career\w*|road ?map|in \d{4}|in|for|with|without|and)\b|[?:|,–—(]|$)`)
	paysRole   = markup.Compile(`(?i)\b(?:salar(?:y|ies)|pay|wages?|earnings|income|career|duties|job|life|skills) (?:of|for) (?:an?|the)?\s*([\p{L}][\p{L}\d./+#& -]{2,40}?)(?:\s+(?:do|earns?|makes?|in|for|with|without|and|by)\b|[?:|,–—(]|$)|\bhow much (?:do|does|can|will)\s+(?:an?\s+|the\s+)?([\p{L}][\p{L}\d./+#& -]{2,40}?)\s+(?:make|earn|get|cost)\b`)
	ofRole     = markup.Compile(`(?i)^(?:[\p{L}]+['’]s )?(?:the )?(?:complete |ultimate |average )?([\p{L}][\p{L}\d./+#& -]{2,40}?)\s+(?:salar\w*|careers?|road ?map|jobs?|skills?|job description|guide|interview|responsibilit\w*|duties|pay|wages?|earnings|overview|profile)\b`)
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
			if known := roles(name); len(known) == 1 {
				a.role = known[0]
				return nil
			}
			e := newRole(name, lex)
			a.role = e.id
			return &e
		}
	}
	best := slices.MaxFunc(append([]string{""}, sorted(count)...), func(x, y string) int { return cmp.Compare(count[x], count[y]) })
	if count[best] >= 3 {
		a.role = best
		return nil
	}
	name := workerOf(a.page.Title)
	if name == "" || strings.Count(text, name) < 3 {
		name = oftenest(text)
	}
	if name == "" {
		return nil
	}
	e := newRole(name, lex)
	a.role = e.id
	return &e
}

// workers are the people of a field of work, where the field's name is not made of theirs.
var workers = map[string]string{
	"nursing": "nurse", "teaching": "teacher", "accounting": "accountant", "accountancy": "accountant", "plumbing": "plumber", "welding": "welder",
	"carpentry": "carpenter", "pharmacy": "pharmacist", "journalism": "journalist", "dentistry": "dentist", "physiotherapy": "physiotherapist",
	"psychology": "psychologist", "architecture": "architect", "midwifery": "midwife", "translation": "translator", "truck driving": "truck driver",
}

// workerOf is what those are called who work in the field that a title names; "" where it names none.
func workerOf(title string) string {
	title = " " + strings.Join(wordForm.FindAllString(strings.ToLower(title), -1), " ") + " "
	for _, field := range sorted(workers) {
		if strings.Contains(title, " "+field+" ") {
			return workers[field]
		}
	}
	return ""
}

// oftenest is the noun of people that a text uses most by far; "" where there is none.
func oftenest(text string) string {
	count := map[string]int{}
	for _, w := range wordForm.FindAllString(text, -1) {
		if w = singular(w); heads[w] && !generic[w] {
			count[w]++
		}
	}
	names := sorted(count)
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(count[b], count[a]) })
	if len(names) == 0 || count[names[0]] < 6 || len(names) > 1 && count[names[1]]*2 > count[names[0]] {
		return ""
	}
	return names[0]
}

// generic are nouns of people that are too wide to be what a page is about.
var generic = wordSet(`agent apprentice assistant associate consultant contractor director executive founder freelancer intern manager officer owner partner representative specialist student supervisor trainee volunteer developer engineer buyer doctor graduate coach trainer builder operator`)

// newRole makes a role's entity. Where the lexicon has its last word as a profession that is absent from what the bot
// knows, the word becomes the role's: who asks for nurses means the registered ones, if those are there.
func newRole(name string, lex *lexicon.Lexicon) newEntity {
	e := newEntity{id: slug(name), kind: lexicon.KindRole, name: name, words: []string{name}}
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
	for _, form := range []*markup.Pattern{asksRole, paysRole, ofRole} {
		if m := form.FindStringSubmatch(title); m != nil {
			if name := plainRole(strings.Join(m[1:], "")); name != "" {
				return name
			}
		}
	}
	if first, second, ok := strings.Cut(title, ": "); ok && plainRole(first) == "" {
		title, _, _ = strings.Cut(second, " / ") // "Chapter 3: Ship's cook"
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
	if slices.ContainsFunc(strings.Fields(strings.ToLower(s)), func(w string) bool { return plainWords[w] && w != "general" && w != "professional" }) {
		return "" // "Typical progression (engineer)"
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
		if b.Kind == markup.List {
			out = append(out, listRoles(b, lex)...)
		}
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
				out = append(out, newEntity{id: slug(name), kind: lexicon.KindRole, name: name, words: []string{name}})
			}
		}
	}
	return out
}

// headRoles gives the roles that head a section in which sums stand and that the lexicon lacks: a page on the best paid
// jobs prices many.
func (a *article) headRoles(lex *lexicon.Lexicon) []newEntity {
	var out []newEntity
	blocks := a.page.Blocks
	for i := range blocks {
		if blocks[i].Kind != markup.Heading {
			continue
		}
		title := strings.Trim(withoutSums(blocks[i].Text), " -–—:|()")
		name := plainRole(title)
		if name == "" || slices.ContainsFunc(lex.Entities(title), func(id string) bool { return lex.Kind(id) == lexicon.KindRole }) {
			continue
		}
		priced := len(sums(blocks[i].Text)) > 0
		for j := i + 1; j < len(blocks) && blocks[j].Kind != markup.Heading && !priced; j++ {
			priced = len(sums(blocks[j].Plain())) > 0
		}
		if head := singular(name[strings.LastIndexByte(name, ' ')+1:]); priced && heads[head] {
			out = append(out, newEntity{id: slug(name), kind: lexicon.KindRole, name: name, words: []string{name}})
		}
	}
	return out
}

// listRoles gives the roles that the entries of a list price, where three or more do: "Mason: $50,000".
func listRoles(b *markup.Block, lex *lexicon.Lexicon) []newEntity {
	var out []newEntity
	n := 0
	for _, it := range b.Items {
		if len(sums(it.Text)) == 0 {
			continue
		}
		label, _, _ := strings.Cut(withoutSums(it.Text), ":")
		name := plainRole(strings.Trim(label, " -–—|()"))
		if name == "" || !heads[singular(name[strings.LastIndexByte(name, ' ')+1:])] {
			continue
		}
		n++
		if !slices.ContainsFunc(lex.Entities(name), func(id string) bool { return lex.Kind(id) == lexicon.KindRole }) {
			out = append(out, newEntity{id: slug(name), kind: lexicon.KindRole, name: name, words: []string{name}})
		}
	}
	if n < 3 {
		return nil
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
	if len(out) > 0 {
		out[0].words = append(out[0].words, a.abbreviated(&out[0], lex)...)
	}
	for _, e := range slices.Concat(a.rowRoles(lex), a.headRoles(lex)) {
		add(e)
	}
	for _, id := range a.regions() {
		if t := gazetteer().byID[id]; t != nil {
			add(newEntity{id: id, kind: lexicon.KindRegion, name: t.name, of: t.of, words: t.words})
		}
		for i := range countries {
			if c := &countries[i]; c.id == id {
				e := newEntity{id: id, kind: lexicon.KindRegion, name: c.name}
				for _, w := range c.words {
					e.words = append(e.words, strings.ToLower(w))
				}
				add(e)
			}
		}
	}
	return out
}

// abbreviated is the abbreviation of a new role's name that the article uses, such as RN; none where it is a word.
func (a *article) abbreviated(e *newEntity, lex *lexicon.Lexicon) []string {
	short, n := initials(e.name), 0
	if len(short) < 2 || lex.Stop(short) || len(lex.Entities(short)) > 0 {
		return nil
	}
	for i := range a.page.Blocks {
		for _, w := range wordForm.FindAllString(a.page.Blocks[i].Plain(), -1) {
			if acronym.MatchString(w) && strings.TrimSuffix(w, "s") == strings.ToUpper(short) {
				n++
			}
		}
	}
	if n < 2 {
		return nil
	}
	return []string{short}
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
		if e.of != "" {
			fmt.Fprintf(&b, "    of: %s\n", e.of)
		}
		if len(e.caps) > 0 {
			fmt.Fprintf(&b, "    caps: [%s]\n", strings.Join(e.caps, ", "))
		}
	}
	return b.Bytes()
}
