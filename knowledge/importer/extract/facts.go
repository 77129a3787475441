package extract

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"careerbot/knowledge"
	"careerbot/knowledge/lexicon"
	"careerbot/knowledge/markup"
)

// section makes the facts of one section by its kind.
func (x *extractor) section(i int) {
	s := &x.sections[i]
	switch {
	case strings.HasSuffix(s.title, "?") && s.kind == knowledge.KindFAQ:
		x.answer(s)
		return
	case s.kind == knowledge.KindRoadmapStep && s.parent != "":
		x.step(i)
		return
	case x.level(s):
		return
	}
	if len(sums(s.title)) > 0 { // "Fleet manager - $63,000"
		x.pay(s, s.title, x.setting(s))
	}
	x.overviewOf(i)
	for j := range s.blocks {
		switch b := &s.blocks[j]; b.Kind {
		case markup.List:
			x.list(s, b, j)
		case markup.Table:
			x.table(s, b)
		default:
			x.paragraph(s, b)
		}
	}
}

// answer makes a fact of a question and what stands under it.
func (x *extractor) answer(s *section) {
	var parts []string
	for i := range s.blocks {
		if b := &s.blocks[i]; b.Kind == markup.List {
			parts = append(parts, strings.ReplaceAll(b.Plain(), "\n", "; "))
		} else {
			parts = append(parts, b.Plain())
		}
	}
	for n, text := range chunks(strings.Join(parts, " "), knowledge.MaxFact) {
		f := knowledge.Fact{Kind: knowledge.KindFAQ, Subject: s.title, Text: text, Asks: []string{s.title}}
		if n > 0 {
			f.Subject = strings.TrimSuffix(s.title, "?") + " (further)"
		}
		x.add(s, f)
	}
	for i := range s.blocks {
		x.figures(s, &s.blocks[i])
	}
}

// step makes the facts of one step of a way in.
func (x *extractor) step(i int) {
	s := &x.sections[i]
	n := 1
	for j := i - 1; j >= 0 && x.sections[j].parent == s.parent; j-- {
		n++
	}
	var parts []string
	for j := range s.blocks {
		parts = append(parts, strings.Split(s.blocks[j].Plain(), "\n")...)
	}
	for _, text := range chunks(s.title+": "+strings.Join(parts, " "), knowledge.MaxFact) {
		x.add(s, knowledge.Fact{Kind: knowledge.KindRoadmapStep, Subject: fmt.Sprintf("Step %d: %s", n, s.title), Text: text, Step: min(n, 99)})
	}
}

// level makes the facts of a list of roles under a heading that names one level of a career.
func (x *extractor) level(s *section) bool {
	levels := x.named(s.title, lexicon.KindLevel)
	if len(levels) != 1 || len(s.blocks) != 1 || s.blocks[0].Kind != markup.List {
		return false
	}
	var roles []string
	for _, it := range s.blocks[0].Items {
		if words(it.Text) > 6 {
			return false
		}
		roles = append(roles, it.Text)
	}
	x.add(s, knowledge.Fact{Kind: knowledge.KindCareerPath, Subject: s.title, Text: strings.Join(roles, ", "), Level: levels[0]})
	for _, role := range roles {
		x.add(s, knowledge.Fact{Kind: knowledge.KindRole, Subject: role, Text: s.title + ": " + role, Level: levels[0], Listing: true})
	}
	return true
}

// paragraph makes facts of a paragraph's sentences.
func (x *extractor) paragraph(s *section, b *markup.Block) {
	if m := credit.FindStringSubmatch(b.Text); m != nil {
		x.credit(m[1])
		return
	}
	in := x.setting(s)
	if p := x.provider(b.Text); p != "" && payWords.MatchString(b.Text) {
		in.provider = p
	}
	var rest []string
	for _, sentence := range markup.Sentences(b.Text) {
		if all := x.places(sentence); len(all) == 1 {
			in.region = all[0] // what follows speaks of the same place until it names another
		} else if len(all) > 1 {
			in.region = ""
		}
		if !x.pay(s, sentence, in) || contrast.MatchString(sentence) {
			rest = append(rest, sentence)
		}
	}
	for _, text := range group(rest) {
		x.statement(s, text)
	}
}

// figures makes the facts of the sums in a block alone, where its text has been used already.
func (x *extractor) figures(s *section, b *markup.Block) {
	for _, sentence := range markup.Sentences(b.Plain()) {
		x.pay(s, sentence, x.setting(s))
	}
}

// pay makes facts of the figures of a sentence and says whether there were any.
func (x *extractor) pay(s *section, sentence string, in setting) bool {
	found := x.paid(sentence, in)
	for i := range found {
		x.add(s, x.payFact(&found[i], sentence))
	}
	return len(found) > 0
}

// maxCredited is how many figures a credit below them may be of: those of a long table.
const maxCredited = 100

// credit names who measured the figures just above, where they name nobody.
func (x *extractor) credit(who string) {
	if p := x.provider("source: " + who); p != "" {
		who = p
	} else if strings.ContainsAny(who, ",;?!") {
		return // a sentence, not a name
	}
	last := ""
	for i := len(x.facts) - 1; i >= max(0, len(x.facts)-maxCredited); i-- {
		f := &x.facts[i]
		if f.Salary == nil {
			if last != "" || i < len(x.facts)-8 {
				return
			}
			continue
		}
		if f.Salary.Provider != "" || last != "" && f.Section != last {
			return
		}
		f.Salary.Provider, last = strings.TrimSpace(who), f.Section
	}
}

var (
	contrast = markup.Compile(`(?i)\b(while|whereas|unlike|compared (to|with)|in contrast|on the other hand|than|versus)\b`)
	defines  = markup.Compile(`^(?i:an? |the )?([\p{L}\d./#+ -]{2,40}?)(?: \([^)]*\))?,? (?:is|are|refers to|means|can be defined as|is defined as) (?:an?|the|like|about|also|responsible|when|how|what|primarily|one|any|[\p{L}]+ed\b)`)
	leadsIn  = markup.Compile(`(?i)(:|\bas (follows|below)|\b(given|listed) below)\.?$`)
	pronouns = markup.Compile(`^(?i)(they|it|this|these|those|their|he|she|for (example|instance)|in addition|also|additionally|similarly|however|thus|such|as a result|meanwhile|therefore|both|another|by)\b`)
)

// hanging matches a sentence that says nothing without the one before it.
var hanging = markup.Compile(`^(?i)(this is (where|why|how|when|because|not)|these (include|are)|such (is|are)|that is (why|where|how)|that['’]s (why|where|how)|this (means|includes)|thus|therefore|as a result|meanwhile|additionally)\b`)

// maxGrouped is how long sentences that belong together may become, in bytes: an answer's first sentence should be read
// at a glance.
const maxGrouped = 330

// statement makes a fact of a sentence, or of a few that belong together.
func (x *extractor) statement(s *section, text string) {
	f := knowledge.Fact{Kind: sentenceKind(text, s.kind), Subject: s.title, Text: text}
	if kind := x.thingKind(s.title); kind != "" && s.level > 2 && len(x.things(s.title)) > 0 {
		f.Kind = kind
	}
	roles := x.named(text, lexicon.KindRole)
	m := defines.FindStringSubmatch(text)
	switch {
	case s.kind == knowledge.KindFAQ, s.kind == knowledge.KindTrend, s.kind == knowledge.KindChallenge, s.kind == knowledge.KindComparison:
	case len(roles) > 1 && contrast.MatchString(text):
		f.Kind, f.Subject = knowledge.KindComparison, upper(x.lex.Name(roles[0]))+" vs "+x.lex.Name(roles[1])
	case m != nil && len(x.lex.Entities(m[1])) == 1 && words(m[1]) < 5:
		f.Kind, f.Subject = knowledge.KindDefinition, upper(m[1])
		if kind := x.thingKind(m[1]); kind != "" {
			f.Kind = kind
		}
	case f.Kind == knowledge.KindSalary:
		f.Kind = knowledge.KindFactor
	}
	if s.kind == knowledge.KindSalary && f.Kind == knowledge.KindSalary {
		f.Kind = knowledge.KindFactor
	}
	for _, t := range chunks(text, knowledge.MaxFact) {
		f.Text = t
		x.add(s, f)
	}
}

// group puts sentences together that cannot stand alone with those before them.
func group(sentences []string) []string {
	var out []string
	for _, s := range sentences {
		if leadsIn.MatchString(s) && words(s) < 25 || strings.HasSuffix(s, "?") && words(s) < 12 {
			continue // it leads in what follows, which says it
		}
		if n := len(out); n > 0 && (pronouns.MatchString(s) || words(s) < 6) && len(out[n-1])+len(s) < maxGrouped {
			out[n-1] += " " + s
			continue
		}
		if len(out) == 0 && hanging.MatchString(s) {
			continue // what it points at stands in another paragraph
		}
		out = append(out, s)
	}
	return out
}

// setting is what a section's headings say of the figures in it.
func (x *extractor) setting(s *section) setting {
	in := setting{role: x.of.Role, indicative: strings.Contains(strings.ToLower(s.title), "indicative")}
	in.payPage = payWords.MatchString(x.of.Page.Title)
	in.pay = payWords.MatchString(s.parent) || payWords.MatchString(s.title) || s.kind == knowledge.KindSalary
	for _, title := range []string{x.of.Page.Title, s.parent, s.title} {
		x.under(&in, title)
	}
	if in.region == "" {
		in.region = x.onlyPlace(s)
	}
	if partHead.MatchString(s.title) || partHead.MatchString(s.parent) {
		in.role = "" // what some employers pay
	}
	return in
}

// partHead matches a heading on some employers, where it does not announce the pay of each of several.
var partHead = markup.Compile(`(?i)^[^?]*\b(compan(y|ies)|firms|start-?ups?|agenc(y|ies)|mncs?|gccs?|unicorns?|faang|big (4|four|tech)|freelanc\w+|consultanc(y|ies)|banks|fintechs?|government|public sector|private sector)\b[^?]*$`)

// onlyPlace is the one place that a section names, "" where it names none or several.
func (x *extractor) onlyPlace(s *section) string {
	if at, ok := x.only[s.id]; ok {
		return at
	}
	at := x.placeOf(s)
	x.only[s.id] = at
	return at
}

func (x *extractor) placeOf(s *section) string {
	var all []string
	for i := range s.blocks {
		for _, id := range x.places(s.blocks[i].Plain()) {
			if !slices.Contains(all, id) {
				all = append(all, id)
			}
			if len(all) > 1 {
				return ""
			}
		}
	}
	if len(all) == 1 && countryOf(all[0]) == all[0] {
		return all[0] // a town may be no more than an example
	}
	return ""
}

// under adds what a heading names: one role, one place, one level.
func (x *extractor) under(in *setting, heading string) {
	switch roles := x.named(heading, lexicon.KindRole); {
	case len(roles) == 1:
		in.role = roles[0]
	case len(roles) == 0 && heading != x.of.Page.Title && x.others(heading, in.role, true):
		in.role = "" // "Head teachers": whose pay that is has no name here
	}
	if y := experienceIn(heading); y != several {
		in.years = y
	}
	if levels := x.levels(heading); len(levels) == 1 {
		in.level = levels[0]
	}
	if places := x.places(heading); len(places) == 1 {
		in.region = places[0]
	}
}

// chunks parts a text at its sentences into pieces of at most n characters.
func chunks(text string, n int) []string {
	text = strings.TrimSpace(text)
	if utf8.RuneCountInString(text) <= n {
		return []string{text}
	}
	var out []string
	open := ""
	for _, s := range markup.Sentences(text) {
		if open != "" && utf8.RuneCountInString(open)+utf8.RuneCountInString(s)+1 > n {
			out, open = append(out, open), ""
		}
		open = strings.TrimSpace(open + " " + s)
	}
	if open != "" {
		out = append(out, open)
	}
	return out
}

// clip cuts a text that no fact may be as long as.
func clip(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) <= knowledge.MaxFact {
		return s
	}
	r := []rune(s)[:knowledge.MaxFact-2]
	cut := strings.LastIndexByte(string(r), ' ')
	if cut < len(string(r))/2 {
		cut = len(string(r))
	}
	return string(r)[:cut] + " …"
}

func words(s string) int { return len(strings.Fields(s)) }

// upper makes the first letter a capital.
func upper(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return strings.ToUpper(string(r)) + s[n:]
}
