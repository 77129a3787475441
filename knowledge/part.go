package knowledge

import (
	"maps"
	"slices"
	"strings"
)

// Manifest is what a pack says of itself in pack.yaml.
type Manifest struct {
	Name    string // "backend"; "" for a folder of curated answers, which belong to every pack
	Command string // the slash command's word: "backend"
	Subject string // what it is about, in a phrase: "back-end careers"
	Scope   string // one sentence: what the pack can answer
	Role    string // lexicon id of the role it is about: "backend"
	// Lexicon ids of the families an overview of skills or tools goes through.
	SkillAreas, ToolAreas []string
	// Apart are the groups of what is named only to set the subject apart from another: a question for nothing else is outside.
	Apart       []string
	CompareWith string            // lexicon id of the role that people compare this one with; may be ""
	Examples    map[string]string // by the name of a command: what a person types after it, where the general example does not fit
}

// add puts what another manifest says over m.
func (m *Manifest) add(o *Manifest) {
	for _, set := range []struct{ to, from *string }{
		{&m.Name, &o.Name},
		{&m.Command, &o.Command},
		{&m.Subject, &o.Subject},
		{&m.Scope, &o.Scope},
		{&m.Role, &o.Role},
		{&m.CompareWith, &o.CompareWith},
	} {
		if *set.from != "" {
			*set.to = *set.from
		}
	}
	m.SkillAreas, m.ToolAreas = united(m.SkillAreas, o.SkillAreas), united(m.ToolAreas, o.ToolAreas)
	m.Apart = append(m.Apart, o.Apart...)
	if m.Examples == nil {
		m.Examples = map[string]string{}
	}
	maps.Copy(m.Examples, o.Examples)
}

// united is a with what b has beside it.
func united(a, b []string) []string {
	out := slices.Clone(a)
	for _, id := range b {
		if !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// Only is the pack without the parts that are not chosen: what it says is theirs alone, while the words of all are
// understood. It shares its content with p.
func (p *Pack) Only(chosen func(Manifest) bool) *Pack {
	out := &Pack{articles: map[string]int{}, facts: map[string]int{}, curated: map[string]int{}, words: p.words}
	keep := make([]bool, len(p.Parts))
	names := []string{p.Version}
	for i, part := range p.Parts {
		if keep[i] = chosen(part); keep[i] {
			out.Parts = append(out.Parts, part)
			out.add(&part)
			names = append(names, part.Name)
		}
	}
	for i := range p.Articles {
		if a := &p.Articles[i]; keep[a.part] {
			out.articles[a.ID] = len(out.Articles)
			out.Articles = append(out.Articles, *a)
		}
	}
	for i := range p.Facts {
		if f := &p.Facts[i]; keep[f.part] {
			out.facts[f.ID] = len(out.Facts)
			out.Facts = append(out.Facts, *f)
		}
	}
	for i := range p.Curated {
		if c := &p.Curated[i]; keep[c.part] {
			out.curated[c.ID] = len(out.Curated)
			out.Curated = append(out.Curated, *c)
		}
	}
	for _, s := range p.shelf {
		if keep[s.pack] {
			out.shelf = append(out.shelf, s)
		}
	}
	out.finish()
	out.Version = strings.Join(names, "+")
	return out
}
