package knowledge

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"careerbot/knowledge/markup"

	"go.yaml.in/yaml/v3"
)

// Problem is one thing wrong in a pack.
type Problem struct {
	File   string
	Line   int // from 1; 0 for the file as a whole
	Say    string
	Remedy string
}

// String is the problem in one line: file:line: what; what to do.
func (p Problem) String() string {
	if p.Line == 0 {
		return fmt.Sprintf("%s: %s; %s", p.File, p.Say, p.Remedy)
	}
	return fmt.Sprintf("%s:%d: %s; %s", p.File, p.Line, p.Say, p.Remedy)
}

func (l *loader) problem(line int, say, remedy string) {
	l.problems = append(l.problems, Problem{l.file, line, say, remedy})
}

// yaml parses one document and refuses anchors, with which a small file can stand for a huge one.
func (l *loader) yaml(src []byte, firstLine int) *yaml.Node {
	if !utf8.Valid(src) {
		l.problem(0, "the file is not UTF-8", "save it as UTF-8")
		return nil
	}
	var doc yaml.Node
	if err := yaml.NewDecoder(bytes.NewReader(src)).Decode(&doc); err != nil {
		say := strings.TrimPrefix(err.Error(), "yaml: ")
		line := 0
		if rest, ok := strings.CutPrefix(say, "line "); ok {
			if n, text, ok := strings.Cut(rest, ": "); ok {
				if v, err := strconv.Atoi(n); err == nil {
					line, say = v+firstLine-1, text
				}
			}
		}
		l.problem(line, "YAML: "+say, "mend the syntax; quote texts that hold a colon or begin with a mark")
		return nil
	}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) == 0 {
		l.problem(0, "the file is empty", "fill or delete it")
		return nil
	}
	if n := alias(doc.Content[0]); n != nil {
		l.problem(n.Line+firstLine-1, "an anchor or alias", "write the value out; anchors are not read")
		return nil
	}
	return doc.Content[0]
}

func alias(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode || n.Anchor != "" {
		return n
	}
	for _, c := range n.Content {
		if a := alias(c); a != nil {
			return a
		}
	}
	return nil
}

// fields calls the setter of every key of a mapping and reports keys nobody knows.
func (l *loader) fields(n *yaml.Node, what string, set map[string]func(*yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		l.problem(n.Line, what+" should be a mapping of keys and values", "compare it with the built-in pack")
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if f := set[key.Value]; f != nil {
			f(value)
		} else {
			l.problem(key.Line, fmt.Sprintf("%s has no key %q", what, key.Value), "correct or remove it")
		}
	}
}

func (l *loader) str(to *string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if n.Kind != yaml.ScalarNode {
			l.problem(n.Line, "a text was expected here", "write one value")
			return
		}
		*to = strings.TrimSpace(n.Value)
	}
}

func (l *loader) strs(to *[]string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if n.Kind != yaml.SequenceNode {
			l.problem(n.Line, "a list was expected here", "write it as [one, two] or as lines with a dash")
			return
		}
		*to = make([]string, 0, len(n.Content))
		for _, c := range n.Content {
			*to = append(*to, strings.TrimSpace(c.Value))
		}
	}
}

func (l *loader) num(to *float64) func(*yaml.Node) {
	return func(n *yaml.Node) {
		v, err := strconv.ParseFloat(n.Value, 64)
		if err != nil || v < 0 || v > 1e12 {
			l.problem(n.Line, fmt.Sprintf("%q is no amount", n.Value), "write a plain number such as 300000, without marks or commas")
			return
		}
		*to = v
	}
}

func (l *loader) each(f func(*yaml.Node)) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if n.Kind != yaml.SequenceNode {
			l.problem(n.Line, "a list was expected here", "begin each entry with a dash")
			return
		}
		for _, c := range n.Content {
			f(c)
		}
	}
}

func (l *loader) packFile(src []byte) {
	n := l.yaml(src, 1)
	if n == nil {
		return
	}
	p := l.pack
	l.fields(n, "pack.yaml", map[string]func(*yaml.Node){"name": l.str(&p.Name), "command": l.str(&p.Command),
		"subject": l.str(&p.Subject), "scope": l.str(&p.Scope), "role": l.str(&p.Role),
		"skill_areas": l.strs(&p.SkillAreas), "tool_areas": l.strs(&p.ToolAreas)})
}

func (l *loader) article(src []byte) {
	if !utf8.Valid(src) {
		l.problem(0, "the file is not UTF-8", "save it as UTF-8")
		return
	}
	meta, sections, err := markup.Markdown(src)
	if err != nil {
		l.problem(0, err.Error(), "simplify or split the article")
		return
	}
	if meta == "" {
		l.problem(1, "the article has no front matter", "begin the file with ---, id, title and ---")
		return
	}
	a := Article{File: l.file}
	if n := l.yaml([]byte(meta), 2); n != nil {
		l.fields(n, "front matter", map[string]func(*yaml.Node){"id": l.str(&a.ID), "publisher": l.str(&a.Publisher),
			"title": l.str(&a.Title), "author": l.str(&a.Author), "date": l.str(&a.Date), "date_kind": l.str(&a.DateKind), "url": l.str(&a.URL)})
	}
	for _, s := range sections {
		a.Sections = append(a.Sections, Section{s.ID, s.Title, s.Text, s.Line})
	}
	l.pack.Articles = append(l.pack.Articles, a)
}

func (l *loader) facts(src []byte) {
	n := l.yaml(src, 1)
	if n == nil {
		return
	}
	var article string
	var sections []*yaml.Node
	l.fields(n, "a facts file", map[string]func(*yaml.Node){"article": l.str(&article),
		"sections": l.each(func(s *yaml.Node) { sections = append(sections, s) })})
	for _, s := range sections {
		var section string
		var facts []*yaml.Node
		l.fields(s, "a section", map[string]func(*yaml.Node){"section": l.str(&section),
			"facts": l.each(func(f *yaml.Node) { facts = append(facts, f) })})
		for _, f := range facts {
			l.fact(f, article, section)
		}
	}
}

func (l *loader) fact(n *yaml.Node, article, section string) {
	f := Fact{Article: article, Section: section, File: l.file, Line: n.Line}
	var kind, step, listing string
	l.fields(n, "a fact", map[string]func(*yaml.Node){"id": l.str(&f.ID), "kind": l.str(&kind), "subject": l.str(&f.Subject),
		"text": l.str(&f.Text), "asks": l.strs(&f.Asks), "step": l.str(&step), "level": l.str(&f.Level),
		"listing": l.str(&listing), "but": l.strs(&f.But), "about": l.strs(&f.About),
		"figures": func(n *yaml.Node) { f.Figures = l.figures(n) }, "salary": func(n *yaml.Node) { f.Salary = l.salary(n) }})
	f.Kind, f.Listing = Kind(kind), listing == "true"
	if step != "" {
		v, err := strconv.Atoi(step)
		if err != nil || v < 1 || v > 99 {
			l.problem(n.Line, fmt.Sprintf("step %q is no number from 1 to 99", step), "number the steps from 1")
		}
		f.Step = v
	}
	l.pack.Facts = append(l.pack.Facts, f)
}

func (l *loader) figures(n *yaml.Node) map[string]string {
	out := map[string]string{}
	if n.Kind != yaml.MappingNode {
		l.problem(n.Line, "figures should be a mapping", "write them as name: value")
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		out[n.Content[i].Value] = n.Content[i+1].Value
	}
	return out
}

func (l *loader) salary(n *yaml.Node) *Salary {
	s := &Salary{}
	l.fields(n, "a salary", map[string]func(*yaml.Node){"role": l.str(&s.Role), "region": l.str(&s.Region), "level": l.str(&s.Level),
		"currency": l.str(&s.Currency), "low": l.num(&s.Low), "high": l.num(&s.High), "mean": l.num(&s.Mean), "kind": l.str(&s.Kind),
		"shown": l.str(&s.Shown), "provider": l.str(&s.Provider), "provider_url": l.str(&s.ProviderURL), "years": l.str(&s.Years),
		"note": l.str(&s.Note), "usd_low": l.num(&s.USDLow), "usd_high": l.num(&s.USDHigh), "usd_mean": l.num(&s.USDMean)})
	return s
}
