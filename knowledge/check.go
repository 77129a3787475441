package knowledge

import (
	"cmp"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"careerbot/knowledge/lexicon"
)

// Problem is one thing wrong in a pack.
type Problem struct {
	File   string // within the pack
	Line   int    // from 1; 0 for the file as a whole
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

func sortProblems(problems []Problem) {
	slices.SortStableFunc(problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
}

// Check reads a pack and gives everything that is wrong in it, by file and line; nil for a good pack. The pack is what
// could be read of it. A pack may name the roles, regions and other entities of the built-in lexicon, over which it
// will be merged, unless its own lexicon holds some of them too and so takes its place.
func Check(dir fs.FS) (*Pack, []Problem) {
	l := load([]fs.FS{dir}, false)
	base, err := fs.Sub(BuiltinFS(), "lexicon")
	if !l.lacking || err != nil {
		return l.pack, l.problems
	}
	lex, _ := readLexicon([]fs.FS{base})
	inBase := func(e *lexicon.Entity) bool { return lex.Entity(e.ID) != nil }
	if !slices.ContainsFunc(l.pack.Lexicon.All(), inBase) {
		l = load([]fs.FS{dir}, false, base)
	}
	return l.pack, l.problems
}

// MaxFact is how many characters a fact's text may have: one statement, readable at a glance on a phone.
const MaxFact = 600

// kinds lists what a fact may be.
func kinds() []Kind {
	return []Kind{
		KindSalary, KindFactor, KindSkill, KindLanguage, KindFramework, KindDatabase, KindTool, KindPlatform,
		KindRole, KindResponsibility, KindCareerPath, KindComparison, KindRoadmapStep, KindEducation, KindCertification,
		KindJobMarket, KindTrend, KindChallenge, KindBestPractice, KindDefinition, KindFAQ,
	}
}

// checkKind looks at a fact's kind.
func (r *reader) checkKind(line int, f *Fact) {
	all := kinds()
	if f.Kind == "" || slices.Contains(all, f.Kind) {
		return
	}
	names := make([]string, len(all))
	for i, k := range all {
		names[i] = string(k)
	}
	remedy := "use one of " + strings.Join(names, ", ")
	if near := nearest(string(f.Kind), slices.Values(names)); distance(near, string(f.Kind)) <= 2 {
		remedy = fmt.Sprintf("did you mean %q?", near)
	}
	r.problem(line, fmt.Sprintf("fact %s is of the unknown kind %q", f.ID, f.Kind), remedy)
}

// checkFact looks for what a fact lacks.
func (r *reader) checkFact(f *Fact) {
	name := "fact " + f.ID
	if f.ID == "" {
		name = "a fact"
	}
	for _, need := range []struct {
		missing   bool
		what, how string
	}{
		{f.ID == "", "id", "give it one that no other fact has"},
		{f.Kind == "", "kind", "say what sort of statement it is"},
		{f.Subject == "", "subject", "name in a few words what it is about"},
		{f.Text == "", "text", "write the statement in your own words"},
		{len(f.Asks) == 0, "asks", "add at least one question it answers, as a person would put it"},
		{f.Kind == KindSalary && f.Salary == nil, "salary", "add its figures, or change its kind"},
	} {
		if need.missing {
			r.problem(f.Line, name+" has no "+need.what, need.how)
		}
	}
	if f.Salary != nil && f.Kind != "" && f.Kind != KindSalary {
		r.problem(f.Line, fmt.Sprintf("fact %s holds a salary but is of kind %q", f.ID, f.Kind), `change its kind to "salary" or remove the figures`)
	}
}

// checkPack looks at the merged pack as a whole.
func (l *loader) checkPack() {
	p := l.pack
	named := slices.ContainsFunc(l.files, func(r *reader) bool { return r.file == manifest && !r.broken })
	if p.Name == "" && named {
		l.problem(manifest, 0, "the pack has no name", `add "name: " and one word`)
	}
	if p.Subject == "" && named {
		l.problem(manifest, 0, "the pack has no subject", `add "subject: " and a phrase such as "back-end careers"`)
	}
	if len(p.Articles)+len(p.Curated) == 0 {
		l.problem("articles", 0, "the pack holds no article", "put at least one Markdown file into articles/")
	}
}
