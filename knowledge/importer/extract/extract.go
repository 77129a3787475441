// Package extract finds what a page says: which role it is about, which names the lexicon lacks, and facts in the page's
// own words, with the figures of pay that are clear. Its rules know no site, and what is not clear stays text.
//
// It reads blocks that were cut from a page already. It opens no file, gives no article its id, writes nothing, and does
// not check that a pack would load.
package extract

import (
	"fmt"
	"slices"
	"strings"

	"careerbot/knowledge"
	"careerbot/knowledge/lexicon"
	"careerbot/knowledge/markup"
)

// Article is a page as it stands in a pack.
type Article struct {
	ID, Title string
	Role      string // lexicon id of the role it is about, as [Names] gives it; "" for none
	Page      markup.Page
	Sections  []string // ids of the sections that [markup.Markdown] reads from the written page, in their order
}

// Facts finds the facts of an article, in its order. Each text is the article's own: a sentence, a list's entry, a
// table's row, an answer. It fails where the article has fewer sections than the page has headings.
func Facts(a *Article, lex *lexicon.Lexicon) ([]knowledge.Fact, error) {
	x := &extractor{of: a, lex: lex, role: "professional", seen: map[string]bool{}, only: map[string]string{}}
	if a.Role != "" {
		x.role = lex.Name(a.Role)
	}
	var err error
	if x.sections, err = a.sections(); err != nil {
		return nil, err
	}
	for i := range x.sections {
		x.section(i)
	}
	for i := range x.facts {
		x.facts[i].ID = fmt.Sprintf("%s-%03d", a.ID, i+1)
	}
	return x.facts, nil
}

// section is one headed part of an article.
type section struct {
	id, title, parent string
	level             int
	kind              knowledge.Kind
	blocks            []markup.Block
}

// sections splits a page's blocks at its headings.
func (a *Article) sections() ([]section, error) {
	blocks := a.Page.Blocks
	if len(blocks) > 0 && blocks[0].Kind != markup.Heading {
		blocks = append([]markup.Block{{Kind: markup.Heading, Level: 2, Text: a.Title}}, blocks...)
	}
	var out []section
	for _, b := range blocks {
		if b.Kind != markup.Heading {
			s := &out[len(out)-1]
			s.blocks = append(s.blocks, b)
			continue
		}
		if len(out) == len(a.Sections) {
			return nil, fmt.Errorf("%q reads back as %d sections, which is one too few", a.ID, len(a.Sections))
		}
		out = append(out, section{id: a.Sections[len(out)], title: strings.TrimRight(b.Text, ": "), level: b.Level})
	}
	var parent *section
	for i := range out {
		s := &out[i]
		def := knowledge.KindDefinition
		if s.level > 2 && parent != nil {
			s.parent, def = parent.title, parent.kind
		} else {
			parent = s
		}
		s.kind = a.kind(s, def)
	}
	return out, nil
}

// kind says what a section's heading promises. A part of the questions, of a way in or of the pay stays one.
func (a *Article) kind(s *section, def knowledge.Kind) knowledge.Kind {
	switch {
	case s.title == a.Title && s.level == 2:
		return kindOf("", def) // the text before the first heading
	case s.parent == "":
		return kindOf(s.title, def)
	case def == knowledge.KindFAQ, def == knowledge.KindRoadmapStep, def == knowledge.KindTrend, def == knowledge.KindChallenge, def == knowledge.KindBestPractice:
		return def
	case def == knowledge.KindSalary || def == knowledge.KindFactor:
		return knowledge.KindFactor
	}
	return kindOf(s.title, def)
}

// extractor finds facts in one article.
type extractor struct {
	of       *Article
	lex      *lexicon.Lexicon
	role     string // how the article's role is called inside a question
	sections []section
	facts    []knowledge.Fact
	seen     map[string]bool   // facts by what they say
	only     map[string]string // the one place a section names, by its id
}

// add keeps a fact, once, with the questions it answers.
func (x *extractor) add(s *section, f knowledge.Fact) {
	f.Text, f.Subject = clip(f.Text), strings.TrimRight(strings.TrimSpace(f.Subject), ":")
	if f.Kind == knowledge.KindSalary && f.Salary == nil {
		f.Kind = knowledge.KindFactor // of pay, but no figure that could be read
	}
	key := string(f.Kind) + f.Subject + f.Text
	if f.Salary != nil {
		key += fmt.Sprint(*f.Salary)
	}
	if f.Text == "" || f.Subject == "" || x.seen[key] {
		return
	}
	x.seen[key] = true
	f.Article, f.Section = x.of.ID, s.id
	if len(f.Asks) == 0 {
		f.Asks = asks(&f, s.title, x.role)
	}
	x.facts = append(x.facts, f)
}

// named gives the ids of the entities of a kind that a text names.
func (x *extractor) named(text, kind string) []string {
	return slices.DeleteFunc(x.lex.Entities(text), func(id string) bool { return x.lex.Kind(id) != kind })
}

// maxID is how long an id may become, in bytes.
const maxID = 48

var notInID = markup.Compile(`[^a-z0-9]+`)

// ID makes an id of a name, for an article or an entity: small letters, digits and single dashes, at most 48 bytes long
// and cut between words where that leaves more than half. It is "" where the name has no such letter or digit.
func ID(name string) string {
	s := strings.Trim(notInID.ReplaceAllString(strings.ToLower(name), "-"), "-")
	if len(s) <= maxID {
		return s
	}
	s = s[:maxID]
	if i := strings.LastIndexByte(s, '-'); i > maxID/2 {
		s = s[:i]
	}
	return s
}
