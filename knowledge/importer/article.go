package importer

import (
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	"careerbot/knowledge"
	"careerbot/knowledge/markup"
)

// article is one page on its way into the pack.
type article struct {
	id, short string
	page      markup.Page
	source    string // where it was read from
	body      []byte // the Markdown of articles/id.md
	sections  []section
	facts     []knowledge.Fact
	role      string // lexicon id of the role it is about
	given     string // the id the operator chose
	kept      bool   // its files were edited by a person and stay
}

// section is one headed part of an article.
type section struct {
	id, title, parent string
	level             int
	mark              string // "1." before the heading
	kind              knowledge.Kind
	blocks            []markup.Block
}

// parts splits a page's blocks at its headings. The ids are those [markup.Markdown] gives the same sections.
func (a *article) parts() error {
	a.body = markup.Source(a.meta(), a.title(), a.page.Blocks)
	_, read, err := markup.Markdown(a.body)
	if err != nil {
		return err
	}
	blocks := a.page.Blocks
	if len(blocks) > 0 && blocks[0].Kind != markup.Heading {
		blocks = append([]markup.Block{{Kind: markup.Heading, Level: 2, Text: a.title()}}, blocks...)
	}
	var parent *section
	for _, b := range blocks {
		if b.Kind != markup.Heading {
			s := &a.sections[len(a.sections)-1]
			s.blocks = append(s.blocks, b)
			continue
		}
		if len(a.sections) == len(read) {
			return fmt.Errorf("%q reads back as %d sections, which is one too few", a.id, len(read))
		}
		s := section{id: read[len(a.sections)].ID, title: strings.TrimRight(b.Text, ": "), level: b.Level, mark: b.Mark}
		a.sections = append(a.sections, s)
	}
	for i := range a.sections {
		s := &a.sections[i]
		def := knowledge.KindDefinition
		if s.level > 2 && parent != nil {
			s.parent, def = parent.title, parent.kind
		} else {
			parent = s
		}
		s.kind = a.kind(s, def)
	}
	return nil
}

// kind says what a section's heading promises. A part of the questions, of a way in or of the pay stays one.
func (a *article) kind(s *section, def knowledge.Kind) knowledge.Kind {
	switch {
	case s.title == a.title() && s.level == 2:
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

// title is what the article is called.
func (a *article) title() string {
	if a.page.Title != "" {
		return a.page.Title
	}
	return a.id
}

// meta is the article's front matter.
func (a *article) meta() string {
	var b strings.Builder
	for _, kv := range [][2]string{
		{"id", a.id},
		{"publisher", a.page.Publisher},
		{"short", a.short},
		{"title", a.title()},
		{"author", a.page.Author},
		{"date", a.page.Date},
		{"date_kind", a.page.DateKind},
		{"url", a.page.URL},
	} {
		if kv[1] != "" && (kv[0] != "date_kind" || a.page.Date != "") {
			fmt.Fprintf(&b, "%s: %s\n", kv[0], quote(kv[1]))
		}
	}
	return b.String()
}

// maxID is how long an id may become before a number tells it from others.
const maxID = 48

// name gives the article an id: that of its publisher, of its host, of the part of the site it stands in, of its title or
// of its file, the first there is. taken holds the ids given so far.
func (a *article) name(taken map[string]bool) {
	base := ""
	for _, s := range []string{a.given, a.page.Publisher, host(a.page.URL), a.page.Place, a.page.Title, strings.TrimSuffix(filepath.Base(a.source), filepath.Ext(a.source)), "article"} {
		if base = slug(s); base != "" {
			break
		}
	}
	if a.id == "" || a.given != "" {
		a.id = base
		for n := 2; taken[a.id] && a.given == ""; n++ {
			a.id = fmt.Sprintf("%s-%d", base, n)
		}
	}
	taken[a.id] = true
	if a.page.Publisher == "" {
		a.short = shorten(a.page.Title)
		if a.page.Place != "" {
			a.short = a.page.Place + ": " + a.short
		}
	}
}

var noSlug = markup.Compile(`[^a-z0-9]+`)

func slug(s string) string {
	s = strings.Trim(noSlug.ReplaceAllString(strings.ToLower(s), "-"), "-")
	if len(s) <= maxID {
		return s
	}
	s = s[:maxID]
	if i := strings.LastIndexByte(s, '-'); i > maxID/2 {
		s = s[:i]
	}
	return s
}

// host is the name of a site by its address: "example" of https://www.example.org/page.
func host(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return ""
	}
	parts := strings.Split(strings.TrimPrefix(u.Hostname(), "www."), ".")
	for len(parts) > 1 && len(parts[len(parts)-1]) <= 4 {
		parts = parts[:len(parts)-1]
		if len(parts) == 1 || len(parts[len(parts)-1]) > 3 {
			break
		}
	}
	return parts[len(parts)-1]
}

// shorten cuts a title to its first part, for use inside answers.
func shorten(title string) string {
	if i := strings.IndexAny(title, "?|–—:("); i > 8 {
		title = title[:i]
	}
	title = strings.TrimSpace(title)
	if f := strings.Fields(title); len(f) > 8 {
		title = strings.Join(f[:8], " ") + " …"
	}
	return title
}
