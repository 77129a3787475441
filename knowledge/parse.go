package knowledge

import (
	"errors"
	"fmt"
	"net/url"
	"path"
	"strings"
	"time"

	"careerbot/knowledge/markup"

	"go.yaml.in/yaml/v3"
)

// reader reads one file into a pack of its own; packs are merged when all are read.
type reader struct {
	file     string
	src      []byte
	part     int  // of the packs that are loaded
	broken   bool // not worth parsing; the problem is noted
	pack     Pack
	problems []Problem
	links    []link
}

func (r *reader) problem(line int, say, remedy string) {
	r.problems = append(r.problems, Problem{r.file, line, say, remedy})
}

// link notes an id that another file must have.
func (r *reader) link(n *yaml.Node, from, what, id string) {
	if id != "" {
		r.links = append(r.links, link{file: r.file, line: n.Line, from: from, what: what, id: id})
	}
}

func (r *reader) read() {
	if r.broken {
		return
	}
	switch path.Dir(r.file) {
	case ".":
		r.packFile()
	case "articles":
		r.article()
	case "facts":
		r.facts()
	case folderCurated:
		r.curated()
	}
}

// packFile reads the manifest.
func (r *reader) packFile() {
	n := r.yaml(r.src)
	if n == nil {
		return
	}
	p := &r.pack
	for key, value := range r.pairs(n, manifest) {
		switch key.Value {
		case "name":
			p.Name = r.text(value)
		case "command":
			p.Command = r.text(value)
			r.checkCommand(value.Line, p.Command)
		case "subject":
			p.Subject = r.text(value)
		case "scope":
			p.Scope = r.text(value)
		case "role":
			p.Role = r.text(value)
			r.link(value, "the pack", linkRole, p.Role)
		case "lexicon":
			if v := r.text(value); v != "builtin" {
				r.problem(value.Line, fmt.Sprintf("the lexicon cannot be %q", v), `write "lexicon: builtin" to build on the built-in words, or leave the key out`)
			}
		case "skill_areas":
			p.SkillAreas = r.areas(value)
		case "tool_areas":
			p.ToolAreas = r.areas(value)
		case "apart":
			p.Apart = r.areas(value)
		case "compare_with":
			p.CompareWith = r.text(value)
			r.link(value, "the pack", linkRole, p.CompareWith)
		case "examples":
			p.Examples = map[string]string{}
			for name, example := range r.pairs(value, "examples") {
				p.Examples[name.Value] = r.text(example)
			}
		default:
			r.unknown(key, manifest, "name", "command", "subject", "scope", "role", "lexicon", "skill_areas", "tool_areas", "apart",
				"compare_with", "examples")
		}
	}
}

func (r *reader) areas(n *yaml.Node) []string {
	ids := r.texts(n)
	for _, id := range ids {
		r.link(n, "the pack", linkEntity, id)
	}
	return ids
}

// markdown reads front matter, nil where there is none that can be read, and sections; what says of what they are, and
// keys what the front matter begins with. It is false where the file is not worth reading on.
func (r *reader) markdown(what, keys string) (front *yaml.Node, sections []markup.Section, ok bool) {
	meta, sections, err := markup.Markdown(r.src)
	if err != nil {
		p := &markup.Error{Say: err.Error(), Remedy: "simplify the " + what}
		errors.As(err, &p)
		r.problem(p.Line, p.Say, p.Remedy)
		return nil, nil, false
	}
	if strings.TrimSpace(meta) == "" {
		r.problem(1, "the "+what+" has no front matter", `begin the file with the lines "---", `+keys+` and "---"`)
		return nil, sections, true
	}
	return r.yaml([]byte("---\n" + meta)), sections, true // the dashes keep the numbers of lines
}

// article reads an article: its sections, and its front matter as YAML.
func (r *reader) article() {
	front, sections, ok := r.markdown("article", `"id: …", "title: …"`)
	if !ok {
		return
	}
	a := Article{File: r.file, sections: make(map[string]int, len(sections))}
	if front != nil {
		r.frontMatter(&a, front)
	}
	for i, s := range sections {
		r.checkSection(s, sections[i+1:])
		if s.ID != "" {
			a.sections[s.ID] = len(a.Sections)
			a.Sections = append(a.Sections, Section{ID: s.ID, Title: s.Title, Text: s.Text, Line: s.Line})
		}
	}
	if len(sections) == 0 {
		r.problem(0, "the article has no section", `head its parts with "## "`)
	}
	r.pack.Articles = append(r.pack.Articles, a)
}

func (r *reader) frontMatter(a *Article, n *yaml.Node) {
	for key, value := range r.pairs(n, "the front matter") {
		switch key.Value {
		case "id":
			a.ID = r.text(value)
			r.checkID(value.Line, a.ID)
		case "publisher":
			a.Publisher = r.text(value)
		case "short":
			a.Short = r.text(value)
		case "title":
			a.Title = r.text(value)
		case "author":
			a.Author = r.text(value)
		case "date":
			a.Date = r.text(value)
			r.checkDate(value.Line, a.Date)
		case "date_kind":
			a.DateKind = r.text(value)
		case "url":
			a.URL = r.text(value)
			r.checkURL(value.Line, a.URL)
		default:
			r.unknown(key, "the front matter", "id", "publisher", "short", "title", "author", "date", "date_kind", "url")
		}
	}
	if a.ID == "" {
		r.problem(1, "the article has no id", "add id to its front matter")
	}
	if a.Title == "" {
		r.problem(1, "the article has no title", "add title to its front matter")
	}
}

// checkSection looks at one section; rest are those after it.
func (r *reader) checkSection(s markup.Section, rest []markup.Section) {
	switch {
	case s.Level == 0:
		r.problem(s.Line, "there is text before the first heading, which belongs to no section", `put a heading with "## " above it`)
	case s.Title == "":
		r.problem(s.Line, "a heading without words", "name the section or remove the heading")
	case s.Text == "" && (len(rest) == 0 || rest[0].Level <= s.Level):
		r.problem(s.Line, fmt.Sprintf("section %q is empty", s.Title), "write what it says or remove the heading")
	}
}

// checkID refuses what would part the ids of documents, article#section, in the wrong place.
func (r *reader) checkID(line int, id string) {
	bad := func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && !strings.ContainsRune("-_.", c)
	}
	if strings.IndexFunc(id, bad) >= 0 || len(id) > 64 {
		r.problem(line, fmt.Sprintf("%q cannot be an id", id), "use at most 64 letters a–z, digits, dashes, dots and underscores")
	}
}

// checkCommand keeps to what Discord allows a command's name, the narrowest of the platforms:
// https://discord.com/developers/docs/interactions/application-commands#application-command-object-application-command-naming
func (r *reader) checkCommand(line int, name string) {
	bad := func(c rune) bool { return (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_' }
	if name == "" || len(name) > 32 || strings.IndexFunc(name, bad) >= 0 {
		r.problem(line, fmt.Sprintf("%q cannot be a command", name), "use 1 to 32 letters a–z, digits, dashes and underscores")
	}
}

func (r *reader) checkDate(line int, date string) {
	if date == "" {
		return
	}
	for _, form := range []string{time.DateOnly, "2006-01", "2006"} {
		if _, err := time.Parse(form, date); err == nil {
			return
		}
	}
	r.problem(line, fmt.Sprintf("date %q is not of the form 2025-05-12", date),
		"write year-month-day, year-month or year, or leave the key out for an undated article")
}

func (r *reader) checkURL(line int, address string) {
	if address == "" {
		return
	}
	if u, err := url.Parse(address); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		r.problem(line, fmt.Sprintf("%q is no web address", address), "begin it with https://, or leave the key out")
	}
}
