package extract

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"careerbot/knowledge/lexicon"
	"careerbot/knowledge/markup"
)

var (
	levelWords = markup.Compile(`(?i)^((entry|mid|senior|junior|lead|staff|principal|associate|trainee|graduate)([- ]level)?|jr\.?|sr\.?|fresher|newly qualified)\s+`)
	onlyLevel  = markup.Compile(`(?i)^(junior|senior|mid|entry|lead|staff|principal|associate|trainee|graduate|fresher|beginner|starter|intern|expert|head|manager)s?([- ](level|career|role))?$`)
	asksRole   = markup.Compile(`(?i)(?:what (?:is|does|do)?|who (?:is|are)|how to (?:become|be)|becoming|become|career as|working as|life of)\s+(?:an?\s+|the\s+)?([\p{L}][\p{L}\d./+#& -]{2,40}?)(?:\s+(?:do|does|earns?|makes?|needs?|salar\w*|career\w*|road ?map|in \d{4}|in|for|with|without|and)\b|[?:|,–—(]|$)`)
	paysRole   = markup.Compile(`(?i)\b(?:salar(?:y|ies)|pay|wages?|earnings|income|career|duties|job|life|skills) (?:of|for) (?:an?|the)?\s*([\p{L}][\p{L}\d./+#& -]{2,40}?)(?:\s+(?:do|earns?|makes?|in|for|with|without|and|by)\b|[?:|,–—(]|$)|\bhow much (?:do|does|can|will)\s+(?:an?\s+|the\s+)?([\p{L}][\p{L}\d./+#& -]{2,40}?)\s+(?:make|earn|get|cost)\b`)
	ofRole     = markup.Compile(`(?i)^(?:[\p{L}]+['’]s )?(?:the )?(?:complete |ultimate |average )?([\p{L}][\p{L}\d./+#& -]{2,40}?)\s+(?:salar\w*|careers?|road ?map|jobs?|skills?|job description|guide|interview|responsibilit\w*|duties|pay|wages?|earnings|overview|profile)\b`)
	roleNoun   = markup.Compile(`(?i)(er|or|ist|ian|ant|ent|yst|nurse|manager|lead|head|officer|chef|pilot|coach|clerk|architect|technician|assistant|apprentice|mason|cook|scientist|associate|executive|consultant|intern|fellow|host|guard|agent|surgeon|judge|midwife|hygienist|attorney|aide)s?$`)
)

// findRole says which role an article is about: the one its title names, else the one it names most. A role that the
// lexicon lacks is made of the title's words where the article speaks of it three times.
func findRole(page *markup.Page, lex *lexicon.Lexicon) (role string, made *lexicon.Entity) {
	roles := func(text string) []string {
		return slices.DeleteFunc(lex.Entities(text), func(id string) bool { return lex.Kind(id) != lexicon.KindRole })
	}
	if ids := roles(page.Title); len(ids) > 0 {
		return ids[0], nil
	}
	text := strings.ToLower(page.Title)
	count := map[string]int{}
	var heads []string
	for i := range page.Blocks {
		b := &page.Blocks[i]
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
	for _, title := range append([]string{page.Title}, heads...) {
		if name := roleIn(title); name != "" && strings.Count(text, name) >= 3 {
			if known := roles(name); len(known) == 1 {
				return known[0], nil
			}
			e := newRole(name, lex)
			return e.ID, &e
		}
	}
	best := slices.MaxFunc(append([]string{""}, slices.Sorted(maps.Keys(count))...), func(x, y string) int { return cmp.Compare(count[x], count[y]) })
	if count[best] >= 3 {
		return best, nil
	}
	name := workerOf(page.Title)
	if name == "" || strings.Count(text, name) < 3 {
		name = oftenest(text)
	}
	if name == "" {
		return "", nil
	}
	e := newRole(name, lex)
	return e.ID, &e
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
	for _, field := range slices.Sorted(maps.Keys(workers)) {
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
	names := slices.Sorted(maps.Keys(count))
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(count[b], count[a]) })
	if len(names) == 0 || count[names[0]] < 6 || len(names) > 1 && count[names[1]]*2 > count[names[0]] {
		return ""
	}
	return names[0]
}

// generic are nouns of people that are too wide to be what a page is about.
var generic = wordSet(
	// of any trade
	`agent apprentice assistant associate consultant contractor director executive founder freelancer intern manager officer`,
	`owner partner representative specialist student supervisor trainee volunteer graduate coach trainer operator`,
	// of several trades
	`developer engineer builder buyer doctor`,
)

// newRole makes a role's entity. Where the lexicon has its last word as a profession that is absent from what the bot
// knows, the word becomes the role's: who asks for nurses means the registered ones, if those are there.
func newRole(name string, lex *lexicon.Lexicon) lexicon.Entity {
	e := lexicon.Entity{ID: ID(name), Kind: lexicon.KindRole, Name: name, Words: []string{name}}
	last := name[strings.LastIndexByte(name, ' ')+1:]
	if last != name && slices.ContainsFunc(lex.All(), func(o *lexicon.Entity) bool {
		return o.Absent && o.Kind == lexicon.KindProfession && slices.Contains(o.Words, last)
	}) {
		e.Words = append(e.Words, last)
	}
	return e
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
func rowRoles(page *markup.Page, lex *lexicon.Lexicon) []lexicon.Entity {
	var out []lexicon.Entity
	for i := range page.Blocks {
		b := &page.Blocks[i]
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
				out = append(out, lexicon.Entity{ID: ID(name), Kind: lexicon.KindRole, Name: name, Words: []string{name}})
			}
		}
	}
	return out
}

// headRoles gives the roles that head a section in which sums stand and that the lexicon lacks: a page on the best paid
// jobs prices many.
func headRoles(page *markup.Page, lex *lexicon.Lexicon) []lexicon.Entity {
	var out []lexicon.Entity
	blocks := page.Blocks
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
			out = append(out, lexicon.Entity{ID: ID(name), Kind: lexicon.KindRole, Name: name, Words: []string{name}})
		}
	}
	return out
}

// listRoles gives the roles that the entries of a list price, where three or more do: "Mason: $50,000".
func listRoles(b *markup.Block, lex *lexicon.Lexicon) []lexicon.Entity {
	var out []lexicon.Entity
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
			out = append(out, lexicon.Entity{ID: ID(name), Kind: lexicon.KindRole, Name: name, Words: []string{name}})
		}
	}
	if n < 3 {
		return nil
	}
	return out
}

// Names gives the id of the role a page is about, "" where it is about none, and the entities it names that the lexicon
// lacks: roles, and places its figures are of. [Facts] wants a lexicon that has them.
func Names(page *markup.Page, lex *lexicon.Lexicon) (role string, lacking []lexicon.Entity) {
	add := func(e lexicon.Entity) {
		have := lex.Entity(e.ID)
		if have != nil && !have.Absent || slices.ContainsFunc(lacking, func(o lexicon.Entity) bool { return o.ID == e.ID }) {
			return
		}
		lacking = append(lacking, e)
	}
	role, made := findRole(page, lex)
	if made != nil {
		add(*made)
	}
	if len(lacking) > 0 {
		lacking[0].Words = append(lacking[0].Words, abbreviated(page, &lacking[0], lex)...)
	}
	for _, e := range slices.Concat(rowRoles(page, lex), headRoles(page, lex)) {
		add(e)
	}
	for _, id := range regions(page) {
		if t := gazetteer().byID[id]; t != nil {
			add(lexicon.Entity{ID: id, Kind: lexicon.KindRegion, Name: t.name, Of: t.of, Words: t.words})
		}
		for i := range countries {
			if c := &countries[i]; c.id == id {
				e := lexicon.Entity{ID: id, Kind: lexicon.KindRegion, Name: c.name}
				for _, w := range c.words {
					e.Words = append(e.Words, strings.ToLower(w))
				}
				add(e)
			}
		}
	}
	return role, lacking
}

// abbreviated is the abbreviation of a new role's name that the article uses, such as RN; none where it is a word.
func abbreviated(page *markup.Page, e *lexicon.Entity, lex *lexicon.Lexicon) []string {
	short, n := initials(e.Name), 0
	if len(short) < 2 || lex.Stop(short) || len(lex.Entities(short)) > 0 {
		return nil
	}
	for i := range page.Blocks {
		for _, w := range wordForm.FindAllString(page.Blocks[i].Plain(), -1) {
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
