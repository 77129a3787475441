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

// overviewOf makes one fact of a section's entries or sub-headings, so that a question for all of them has an answer.
func (x *extractor) overviewOf(i int) {
	s := &x.sections[i]
	if s.kind == knowledge.KindFAQ || s.kind == knowledge.KindSalary || s.kind == knowledge.KindRoadmapStep {
		return
	}
	var heads []string
	for j := i + 1; j < len(x.sections) && x.sections[j].parent == s.title && s.level == 2; j++ {
		heads = append(heads, x.sections[j].title)
	}
	if len(heads) < 3 {
		heads = nil
		for j := range s.blocks {
			if s.blocks[j].Kind != markup.List || bareNames(&s.blocks[j]) != nil {
				continue
			}
			for _, it := range s.blocks[j].Items {
				if it.Depth == 0 {
					heads = append(heads, x.entry(it.Text))
				}
			}
		}
	}
	if len(heads) >= 3 {
		text := strings.Join(heads, "; ")
		for utf8.RuneCountInString(text) > knowledge.MaxFact && len(heads) > 3 {
			heads = heads[:len(heads)-1]
			text = strings.Join(heads, "; ")
		}
		x.add(s, knowledge.Fact{Kind: s.kind, Subject: strings.TrimRight(s.title, "?") + overviewMark, Text: text})
	}
}

// entry is a list's entry as an overview names it: its term, or all of a short one. Entries that name several things
// are given whole: which they are is what an overview is asked for.
func (x *extractor) entry(text string) string {
	term, rest, ok := cutTerm(text)
	if ok && (words(rest) > 12 || words(term) > 2) && len(x.things(rest)) < 2 {
		return term
	}
	return strings.TrimRight(text, ".: ")
}

var termed = markup.Compile(`^([^.:;!?]{2,60}?)(?::\s+|\s+[–—-]\s+)(.+)$`)

// cutTerm parts an entry of the form "term: what it is".
func cutTerm(s string) (term, rest string, ok bool) {
	if m := termed.FindStringSubmatch(s); m != nil && words(m[1]) <= 8 {
		return m[1], m[2], true
	}
	return "", s, false
}

// list makes facts of a list's entries. An entry that only heads those under it gives them its setting.
func (x *extractor) list(s *section, b *markup.Block, at int) {
	in := x.setting(s)
	if x.bare(s, b) {
		return
	}
	if s.kind == knowledge.KindRoadmapStep {
		for n, it := range b.Items {
			x.add(s, knowledge.Fact{Kind: s.kind, Subject: fmt.Sprintf("Step %d: %s", n+1, x.stepName(it.Text)), Text: it.Text, Step: min(n+1, 99)})
		}
		return
	}
	head := ""
	for i, it := range b.Items {
		if it.Depth == 0 {
			head = ""
			in = x.setting(s)
		}
		if i+1 < len(b.Items) && b.Items[i+1].Depth > it.Depth && words(it.Text) <= 8 {
			head = strings.TrimRight(it.Text, ": ")
			x.under(&in, head)
			continue
		}
		x.item(s, it.Text, head, in)
	}
}

// stepName is a step in a few words.
func (x *extractor) stepName(s string) string {
	if term, _, ok := cutTerm(s); ok {
		return term
	}
	f := strings.Fields(strings.TrimRight(s, "."))
	return strings.Join(f[:min(len(f), 7)], " ")
}

// bare makes one fact of a list whose entries are names alone.
func (x *extractor) bare(s *section, b *markup.Block) bool {
	names := bareNames(b)
	if len(names) < 2 {
		return false
	}
	for _, text := range chunks(s.title+": "+strings.Join(names, "; "), knowledge.MaxFact) {
		x.add(s, knowledge.Fact{Kind: s.kind, Subject: strings.TrimRight(s.title, "?") + overviewMark, Text: text})
	}
	for _, name := range names {
		if kind := x.thingKind(name); kind != "" {
			x.add(s, knowledge.Fact{Kind: kind, Subject: name, Text: s.title + ": " + name, Listing: true})
		}
	}
	return true
}

// bareNames gives the entries of a list that are names alone, nil where one is more.
func bareNames(b *markup.Block) []string {
	var names []string
	for _, it := range b.Items {
		if _, _, ok := cutTerm(it.Text); ok || words(it.Text) > 5 || strings.HasSuffix(it.Text, ":") || len(sums(it.Text)) > 0 {
			return nil
		}
		names = append(names, strings.TrimRight(it.Text, "."))
	}
	return names
}

// item makes the facts of one entry.
func (x *extractor) item(s *section, text, head string, in setting) {
	if x.pay(s, text, in) {
		return
	}
	term, rest, ok := cutTerm(text)
	f := knowledge.Fact{Kind: sentenceKind(text, s.kind), Subject: s.title, Text: text}
	switch {
	case ok:
		f.Subject = term
		if kind := x.thingKind(term); kind != "" && s.kind != knowledge.KindTrend && s.kind != knowledge.KindChallenge {
			f.Kind = kind
		} else if s.kind == knowledge.KindRole || len(x.named(term, lexicon.KindRole)) == 1 && plainRole(term) != "" && s.kind != knowledge.KindComparison {
			f.Kind = knowledge.KindRole
		}
		if s.parent != "" && x.thingKind(term) == "" || f.Kind == knowledge.KindComparison {
			f.Subject = s.title + ": " + term
		}
	case head != "":
		f.Subject = head
	default:
		if lead := x.leading(text); lead != "" && s.kind != knowledge.KindResponsibility {
			f.Subject, f.Kind = lead, x.thingKind(lead)
		}
	}
	for _, t := range chunks(text, knowledge.MaxFact) {
		f.Text = t
		x.add(s, f)
	}
	_ = rest
}

// leading is the name of a tool or the like with which a text begins, "" where it begins with none.
func (x *extractor) leading(text string) string {
	fields := strings.Fields(text)
	for n := min(3, len(fields)); n > 0; n-- {
		name := strings.TrimRight(strings.Join(fields[:n], " "), ",:;")
		if x.thingKind(name) != "" && x.whole(name) {
			return name
		}
	}
	return ""
}

// whole says whether every word of a text belongs to the one entity it names.
func (x *extractor) whole(name string) bool {
	ids := x.lex.Entities(name)
	if len(ids) != 1 {
		return false
	}
	e := x.lex.Entity(ids[0])
	for w := range strings.FieldsSeq(strings.ToLower(name)) {
		if w = strings.Trim(w, "().,"); !e.Speaks(w) && !strings.Contains(strings.ToLower(e.Name), w) {
			return false
		}
	}
	return true
}

// things gives the tools, languages and the like that a text names.
func (x *extractor) things(text string) []string {
	return slices.DeleteFunc(x.lex.Entities(text), func(id string) bool { return FactKind(x.lex.Kind(id)) == "" })
}

// thingKind is the kind of facts about the one thing a text names, "" where it names none or several.
func (x *extractor) thingKind(text string) knowledge.Kind {
	ids := x.things(text)
	if len(ids) == 0 || words(text) > 4 {
		return ""
	}
	return FactKind(x.lex.Kind(ids[0]))
}

// FactKind is the kind of facts about an entity of a kind: that of a language, a framework, a database, a tool or a
// platform, "" for all others.
func FactKind(kind string) knowledge.Kind {
	switch kind {
	case "language":
		return knowledge.KindLanguage
	case "framework":
		return knowledge.KindFramework
	case "database":
		return knowledge.KindDatabase
	case "tool":
		return knowledge.KindTool
	case "platform":
		return knowledge.KindPlatform
	}
	return ""
}
