package knowledge

import (
	"crypto/sha256"
	"embed"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"sync"

	"careerbot/knowledge/lexicon"
)

//go:embed pack
var builtin embed.FS

// builtinFS marks the embedded pack's folder, so that its lexicon is not loaded twice where another pack builds on it.
type builtinFS struct{ fs.FS }

// BuiltinFS is the embedded pack's folder.
func BuiltinFS() fs.FS {
	sub, err := fs.Sub(builtin, "pack")
	if err != nil {
		return builtinFS{builtin} // cannot be: the folder is embedded above
	}
	return builtinFS{sub}
}

// Builtin loads the embedded pack.
func Builtin() (*Pack, error) { return Load(BuiltinFS()) }

// Load reads packs and merges them in order: name, command, subject, scope and role come from the last that sets
// them, areas, articles, facts, curated answers and words from all; an id that two packs give is an error. The error joins every problem
// found, one a line.
func Load(dirs ...fs.FS) (*Pack, error) { return load(dirs, false).result() }

// result is the pack, or every problem found in it.
func (l *loader) result() (*Pack, error) {
	if len(l.problems) == 0 {
		return l.pack, nil
	}
	errs := make([]error, len(l.problems))
	for i, pr := range l.problems {
		errs[i] = errors.New(pr.String())
	}
	return nil, fmt.Errorf("load knowledge: %w", errors.Join(errs...))
}

// loader gathers packs and what is wrong in them.
type loader struct {
	pack     *Pack
	problems []Problem
	links    []link
	files    []*reader
	words    []fs.FS // lexicon folders, in order
	part     int     // the pack that is being listed
	lacking  bool    // the lexicon has problems or not all the entities that are named

	large   bool  // articles may be left in their files
	shelved int64 // bytes of the articles in pack.shelf
}

func (l *loader) problem(file string, line int, say, remedy string) {
	l.problems = append(l.problems, Problem{file, line, say, remedy})
}

// load reads packs and checks them; words are further lexicon folders, which come before the packs' own. Where packs may
// be large, articles may stay in their files.
func load(dirs []fs.FS, large bool, words ...fs.FS) *loader {
	l := &loader{large: large, pack: &Pack{articles: map[string]int{}, facts: map[string]int{}, curated: map[string]int{}}, words: words}
	if len(dirs) == 0 {
		l.problem(".", 0, "no pack is given", "name a folder that holds pack.yaml")
	}
	l.pack.Parts = make([]Manifest, len(dirs))
	for i, dir := range dirs {
		l.part = i
		l.list(dir)
	}
	l.borrow(dirs)
	l.read()
	l.takeDown()
	for _, r := range l.files {
		l.merge(r)
	}
	l.pack.finish()
	l.checkPack()
	l.checkLinks()
	l.checkCurated()
	l.pack.Version = version(l.files, l.pack.shelf)
	sortProblems(l.problems)
	return l
}

// borrows matches the line of a manifest by which a pack builds on the built-in lexicon. It is looked for before the
// manifest is parsed, because the lexicon is read side by side with it.
var borrows = regexp.MustCompile(`(?m)^lexicon:[ \t]*["']?builtin["']?[ \t]*(#.*)?\r?$`)

// borrow puts the built-in lexicon before those of the packs where one of them builds on it and the built-in pack is
// not loaded itself.
func (l *loader) borrow(dirs []fs.FS) {
	if slices.ContainsFunc(dirs, func(d fs.FS) bool { _, ok := d.(builtinFS); return ok }) {
		return
	}
	if !slices.ContainsFunc(l.files, func(r *reader) bool { return r.file == manifest && borrows.Match(r.src) }) {
		return
	}
	if base, err := fs.Sub(BuiltinFS(), "lexicon"); err == nil {
		l.words = slices.Insert(l.words, 0, base)
	}
}

// read parses every file, side by side with the lexicon: reading YAML is most of the time a start takes.
func (l *loader) read() {
	var files, lex sync.WaitGroup
	var problems []Problem
	lex.Go(func() { l.pack.words, problems = readLexicon(l.words) })
	for _, r := range l.files {
		files.Go(r.read)
	}
	files.Wait()
	lex.Wait()
	l.problems = append(l.problems, problems...)
	l.lacking = len(problems) > 0 || len(l.pack.words.All()) == 0
}

func readLexicon(dirs []fs.FS) (*lexicon.Lexicon, []Problem) {
	var problems []Problem
	lex, found, err := lexicon.Load(dirs...)
	if err != nil {
		problems = append(problems, Problem{"lexicon", 0, err.Error(), "check that the folder can be read"})
	}
	for _, p := range found {
		problems = append(problems, Problem{path.Join("lexicon", p.File), p.Line, p.Say, p.Remedy})
	}
	if lex == nil {
		lex = &lexicon.Lexicon{}
	}
	return lex, problems
}

// merge adds what one file held.
func (l *loader) merge(r *reader) {
	l.problems = append(l.problems, r.problems...)
	l.links = append(l.links, r.links...)
	q := &r.pack
	if r.file == manifest {
		l.pack.Parts[r.part] = q.Manifest
		l.pack.add(&q.Manifest)
	}
	for _, a := range q.Articles {
		a.part = r.part
		l.addArticle(a)
	}
	for _, f := range q.Facts {
		f.part = r.part
		l.addFact(f)
	}
	for _, c := range q.Curated {
		c.part = r.part
		l.addCurated(c)
	}
}

func (l *loader) addArticle(a Article) {
	if i, twice := l.pack.articles[a.ID]; twice && a.ID != "" {
		l.problem(a.File, 1, fmt.Sprintf("article %q stands in %s too", a.ID, l.pack.Articles[i].File), "give one of them another id")
		return
	}
	l.pack.articles[a.ID] = len(l.pack.Articles)
	l.pack.Articles = append(l.pack.Articles, a)
}

func (l *loader) addFact(f Fact) {
	if i, twice := l.pack.facts[f.ID]; twice && f.ID != "" {
		o := &l.pack.Facts[i]
		l.problem(f.File, f.Line, fmt.Sprintf("fact %q stands in %s:%d too", f.ID, o.File, o.Line), "give one of them another id")
		return
	}
	l.pack.facts[f.ID] = len(l.pack.Facts)
	l.pack.Facts = append(l.pack.Facts, f)
}

// finish teaches the lexicon the words of the pack and finds what each fact names, where the pack does not say so
// itself. Both go through every text, so they run side by side.
func (p *Pack) finish() {
	lex := p.words
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := range p.Facts {
			if f := &p.Facts[i]; f.About == nil {
				f.About = lex.Entities(f.Subject + ". " + f.Text)
			}
		}
	})
	p.Lexicon = lex.Learn(p.texts, p.questions)
	wg.Wait()
}

// texts yields what the articles say: the words the pack speaks.
func (p *Pack) texts(yield func(string) bool) {
	for i := range p.Facts {
		if f := &p.Facts[i]; !yield(f.Subject) || !yield(f.Text) {
			return
		}
	}
	for i := range p.Articles {
		for _, s := range p.Articles[i].Sections {
			if !yield(s.Title) || !yield(s.Text) {
				return
			}
		}
	}
}

// questions yields what people ask: their words are known, but say nothing of what the articles hold.
func (p *Pack) questions(yield func(string) bool) {
	for i := range p.Facts {
		for _, q := range p.Facts[i].Asks {
			if !yield(q) {
				return
			}
		}
	}
	for i := range p.Curated {
		for _, q := range p.Curated[i].Questions {
			if !yield(q) {
				return
			}
		}
	}
}

// version is a hash of the names and contents of all files. Lengths stand between them, so that no two packs write
// the same bytes.
func version(files []*reader, shelf []shelved) string {
	sum := sha256.New()
	part := func(b []byte) {
		sum.Write(binary.BigEndian.AppendUint64(nil, uint64(len(b))))
		sum.Write(b)
	}
	for _, r := range files {
		part([]byte(r.file))
		part(r.src)
	}
	for _, s := range shelf {
		part([]byte(s.name))
		part([]byte(s.stamp))
	}
	return hex.EncodeToString(sum.Sum(nil))
}
