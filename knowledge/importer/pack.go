package importer

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"careerbot/knowledge"
	"careerbot/knowledge/importer/extract"
	"careerbot/knowledge/lexicon"
)

// packFile writes pack.yaml for what a pack holds: its role is the one most articles are about, its areas are the
// families of the lexicon that its facts name.
func packFile(p, base *knowledge.Pack, role string) []byte {
	name, subject := "imported", "the imported articles"
	if role != "" {
		name, subject = extract.ID(role), p.Lexicon.Name(role)+" careers"
	}
	var b bytes.Buffer
	b.WriteString("# Written by \"careerbot knowledge import\". Edit freely: an edited file is not overwritten by the next import.\n")
	fmt.Fprintf(&b, "name: %s\ncommand: %s\nsubject: %s\n", name, name[:min(len(name), 32)], quote(subject))
	if role != "" {
		fmt.Fprintf(&b, "role: %s\n", role)
	}
	fmt.Fprintf(&b, "scope: %s\n", quote(fmt.Sprintf("I answer from %s on %s: %s.", count(len(p.Articles), "article"), subject, topics(p))))
	b.WriteString("# The words of the built-in lexicon, so that tools, places and everyday wordings are understood.\nlexicon: builtin\n")
	skills, tools := areas(p, base, role)
	if len(skills) > 0 {
		fmt.Fprintf(&b, "skill_areas: [%s]\n", strings.Join(skills, ", "))
	}
	if len(tools) > 0 {
		fmt.Fprintf(&b, "tool_areas: [%s]\n", strings.Join(tools, ", "))
	}
	return b.Bytes()
}

func count(n int, what string) string {
	if n == 1 {
		return "one " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// topics names what the facts are about, most first.
func topics(p *knowledge.Pack) string {
	names := map[knowledge.Kind]string{
		knowledge.KindSalary: "pay", knowledge.KindSkill: "skills", knowledge.KindTool: "tools", knowledge.KindRole: "roles", knowledge.KindResponsibility: "the work",
		knowledge.KindRoadmapStep: "how to start", knowledge.KindEducation: "education", knowledge.KindJobMarket: "jobs", knowledge.KindTrend: "trends", knowledge.KindChallenge: "challenges",
	}
	counts := map[string]int{}
	for i := range p.Facts {
		if n := names[p.Facts[i].Kind]; n != "" {
			counts[n]++
		}
	}
	out := slices.Sorted(maps.Keys(counts))
	slices.SortStableFunc(out, func(a, b string) int { return cmp.Compare(counts[b], counts[a]) })
	if len(out) == 0 {
		return "what they say"
	}
	return strings.Join(out, ", ")
}

// areas gives the families of skills and of tools that the facts name. Where the role is that of the built-in pack they
// are its own, in its order. Else a family of which two are named counts, unless it is a part of another, or is made of
// several others as "tools" is.
func areas(p, base *knowledge.Pack, role string) (skills, tools []string) {
	named := map[string]bool{}
	for i := range p.Facts {
		for _, id := range p.Facts[i].About {
			named[id] = true
		}
	}
	members := func(id string) (n, things int) {
		for _, m := range p.Lexicon.Members(id) {
			if named[m.ID] {
				n++
				if extract.FactKind(m.Kind) != "" {
					things++
				}
			}
		}
		return n, things
	}
	if role == base.Role {
		unnamed := func(id string) bool { n, _ := members(id); return n == 0 }
		return slices.DeleteFunc(slices.Clone(base.SkillAreas), unnamed), slices.DeleteFunc(slices.Clone(base.ToolAreas), unnamed)
	}
	var all []string
	for _, g := range p.Lexicon.All() {
		if n, _ := members(g.ID); g.Kind == lexicon.KindGroup && n > 1 && trade(p.Lexicon, g.ID) {
			all = append(all, g.ID)
		}
	}
	all = slices.DeleteFunc(all, func(id string) bool { return parts(p.Lexicon, id) > 2 })
	for _, id := range all {
		if slices.ContainsFunc(all, func(o string) bool { return o != id && within(p.Lexicon, id, o) }) {
			continue
		}
		skills = append(skills, id)
		if n, things := members(id); 2*things > n {
			tools = append(tools, id)
		}
	}
	return skills, tools
}

// trade says whether a family is one of things to know, not of employers, cities and the like.
func trade(lex *lexicon.Lexicon, id string) bool {
	m := lex.Members(id)
	return len(m) > 0 && (extract.FactKind(m[0].Kind) != "" || m[0].Kind == lexicon.KindConcept || m[0].Kind == "soft-skill")
}

// parts counts the families that lie within one.
func parts(lex *lexicon.Lexicon, id string) int {
	n := 0
	for _, g := range lex.All() {
		if g.Kind == lexicon.KindGroup && g.ID != id && within(lex, g.ID, id) {
			n++
		}
	}
	return n
}

// within says whether all of a family belong to another, too.
func within(lex *lexicon.Lexicon, small, big string) bool {
	of := lex.Members(big)
	m := lex.Members(small)
	return len(m) > 0 && len(m) < len(of) && !slices.ContainsFunc(m, func(e *lexicon.Entity) bool { return !slices.Contains(of, e) })
}
