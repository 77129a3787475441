package knowledge

import (
	"fmt"
	"strconv"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// facts reads a file of facts.
func (r *reader) facts() {
	n := r.yaml(r.src)
	if n == nil {
		return
	}
	var article string
	var sections []*yaml.Node
	for key, value := range r.pairs(n, "a facts file") {
		switch key.Value {
		case "article":
			article = r.text(value)
			r.link(value, "the file", linkArticle, article)
		case "sections":
			sections = r.each(value)
		default:
			r.unknown(key, "a facts file", "article", "sections")
		}
	}
	if article == "" {
		r.problem(n.Line, "the file names no article", `begin it with "article: " and an article's id`)
	}
	for _, s := range sections {
		r.section(s, article)
	}
}

// section reads the facts of one section.
func (r *reader) section(n *yaml.Node, article string) {
	var section string
	var facts []*yaml.Node
	for key, value := range r.pairs(n, "a section") {
		switch key.Value {
		case "section":
			if section = r.text(value); section != "" && article != "" {
				r.links = append(r.links, link{file: r.file, line: value.Line, from: "the facts", what: linkSection, id: section, in: article})
			}
		case "facts":
			facts = r.each(value)
		default:
			r.unknown(key, "a section", "section", "facts")
		}
	}
	if section == "" && n.Kind == yaml.MappingNode {
		r.problem(n.Line, "facts that cite no section", `add "section: " and the heading they are taken from, as a slug`)
	}
	for _, f := range facts {
		r.fact(f, article, section)
	}
}

func (r *reader) fact(n *yaml.Node, article, section string) {
	f := Fact{Article: article, Section: section, File: r.file, Line: n.Line}
	if id := value(n, "id"); id != nil { // first, wherever it stands: problems name the fact
		f.ID = r.text(id)
		r.checkID(id.Line, f.ID)
	}
	for key, value := range r.pairs(n, "a fact") {
		r.factKey(&f, key, value)
	}
	if n.Kind == yaml.MappingNode {
		r.checkFact(&f)
		r.pack.Facts = append(r.pack.Facts, f)
	}
}

// value is the value of a mapping's key, nil where there is none.
func value(n *yaml.Node, key string) *yaml.Node {
	if n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

func (r *reader) factKey(f *Fact, key, value *yaml.Node) {
	from := "fact " + f.ID
	switch key.Value {
	case "id":
	case "kind":
		f.Kind = Kind(r.text(value))
		r.checkKind(value.Line, f)
	case "subject":
		f.Subject = r.text(value)
	case "text":
		f.Text = r.text(value)
		if c := utf8.RuneCountInString(f.Text); c > MaxFact {
			r.problem(value.Line, fmt.Sprintf("the text of %s has %d characters", from, c), fmt.Sprintf("say it in at most %d, or make it two facts", MaxFact))
		}
	case "asks":
		f.Asks = r.texts(value)
	case "step":
		f.Step = r.step(value)
	case "level":
		f.Level = r.text(value)
		r.link(value, from, linkLevel, f.Level)
	case "listing":
		f.Listing = r.flag(value)
	case "but":
		f.But = r.references(value, from, linkFact)
	case "about":
		f.About = r.references(value, from, linkEntity)
	case "figures":
		f.Figures = r.figures(value)
	case "salary":
		f.Salary = r.salary(value, from)
	default:
		r.unknown(key, "a fact", "id", "kind", "subject", "text", "asks", "step", "level", "listing", "but", "about", "figures", "salary")
	}
}

func (r *reader) references(n *yaml.Node, from, what string) []string {
	ids := r.texts(n)
	for _, id := range ids {
		r.link(n, from, what, id)
	}
	return ids
}

func (r *reader) step(n *yaml.Node) int {
	v, err := strconv.Atoi(r.text(n))
	if err != nil || v < 1 || v > 99 {
		r.problem(n.Line, fmt.Sprintf("step %q is no number from 1 to 99", n.Value), "number the steps from 1")
		return 0
	}
	return v
}

func (r *reader) figures(n *yaml.Node) map[string]string {
	out := make(map[string]string, len(n.Content)/2)
	for key, value := range r.pairs(n, "figures") {
		out[key.Value] = r.text(value)
	}
	return out
}
