package importer

import (
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	"careerbot/knowledge"
	"careerbot/knowledge/importer/extract"
	"careerbot/knowledge/lexicon"
	"careerbot/knowledge/markup"
)

// article is one page on its way into the pack.
type article struct {
	id, short string
	page      markup.Page
	source    string // where it was read from
	body      []byte // the Markdown of articles/id.md
	passages  int    // its sections, as the pack's loader counts them
	facts     []knowledge.Fact
	role      string // lexicon id of the role it is about
	given     string // the id the operator chose
	kept      bool   // its files were edited by a person and stay
}

// find writes the article's Markdown and finds the facts in it, by the ids its sections have there.
func (a *article) find(lex *lexicon.Lexicon) error {
	a.body = markup.Source(a.meta(), a.title(), a.page.Blocks)
	_, read, err := markup.Markdown(a.body)
	if err != nil {
		return err
	}
	whole := extract.Article{ID: a.id, Title: a.title(), Role: a.role, Page: a.page}
	for i := range read {
		whole.Sections = append(whole.Sections, read[i].ID)
	}
	if a.facts, err = extract.Facts(&whole, lex); err != nil {
		return err
	}
	a.passages = len(read)
	return nil
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

// name gives the article an id: that of its publisher, of its host, of the part of the site it stands in, of its title or
// of its file, the first there is. taken holds the ids given so far.
func (a *article) name(taken map[string]bool) {
	base := ""
	for _, s := range []string{a.given, a.page.Publisher, host(a.page.URL), a.page.Place, a.page.Title, strings.TrimSuffix(filepath.Base(a.source), filepath.Ext(a.source)), "article"} {
		if base = extract.ID(s); base != "" {
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
