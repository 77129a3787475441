package knowledge

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"path"
	"slices"
	"strings"
	"sync"

	"careerbot/knowledge/lexicon"
)

//go:embed pack
var files embed.FS

// BuiltinFS is the embedded pack's folder.
func BuiltinFS() fs.FS {
	sub, err := fs.Sub(files, "pack")
	if err != nil {
		return files // cannot be: the folder is embedded above
	}
	return sub
}

// Builtin loads the embedded pack.
func Builtin() (*Pack, error) { return Load(BuiltinFS()) }

// Load reads packs and merges them in order: name, command, subject, scope, role and areas come from the last that
// sets them, articles, facts and words from all. The error joins every problem found, one a line.
func Load(dirs ...fs.FS) (*Pack, error) {
	p, problems := load(dirs)
	if len(problems) == 0 {
		return p, nil
	}
	errs := make([]error, len(problems))
	for i, pr := range problems {
		errs[i] = errors.New(pr.String())
	}
	return nil, fmt.Errorf("load knowledge: %w", errors.Join(errs...))
}

// MaxFile is the largest file of a pack that is read, in bytes.
const MaxFile = 8 << 20

// loader gathers packs and what is wrong in them.
type loader struct {
	pack     *Pack
	problems []Problem
	file     string
	hash     []byte // names and contents of every file
}

func load(dirs []fs.FS) (*Pack, []Problem) {
	l := &loader{pack: &Pack{}}
	sum := sha256.New()
	var words []fs.FS
	for _, dir := range dirs {
		if sub, err := fs.Sub(dir, "lexicon"); err == nil {
			words = append(words, sub)
		}
	}
	var lex *lexicon.Lexicon
	vocabulary := &loader{}
	var wg sync.WaitGroup
	wg.Go(func() { lex = vocabulary.lexicon(words) }) // as long as all else together, so beside it
	for _, dir := range dirs {
		l.dir(dir)
	}
	wg.Wait()
	l.problems = append(l.problems, vocabulary.problems...)
	sum.Write(l.hash)
	l.pack.Version = hex.EncodeToString(sum.Sum(nil))
	l.lookups()
	wg.Go(func() { l.pack.Lexicon = lex.Learn(l.texts) })
	l.about(lex)
	wg.Wait()
	l.check()
	return l.pack, l.problems
}

// lexicon loads the words of all packs as one.
func (l *loader) lexicon(dirs []fs.FS) *lexicon.Lexicon {
	lex, problems, err := lexicon.Load(dirs...)
	if err != nil {
		l.file = "lexicon"
		l.problem(0, err.Error(), "check that the folder can be read")
		lex, _, _ = lexicon.Load()
	}
	for _, p := range problems {
		l.problems = append(l.problems, Problem{File: path.Join("lexicon", p.File), Line: p.Line, Say: p.Say, Remedy: p.Remedy})
	}
	return lex
}

// dir reads one pack's own file, articles and facts. Files are parsed side by side: reading YAML is most of the
// time it takes to start.
func (l *loader) dir(dir fs.FS) {
	names, err := list(dir)
	if err != nil {
		l.file = "."
		l.problem(0, err.Error(), "check that the folder can be read")
		return
	}
	parts := make([]loader, len(names))
	var wg sync.WaitGroup
	for i, name := range names {
		parts[i] = loader{pack: &Pack{}, file: name}
		wg.Go(func() { parts[i].read(dir, name) })
	}
	wg.Wait()
	for i := range parts {
		l.merge(&parts[i])
	}
}

// list gives the files of a pack in order. Links are not followed.
func list(dir fs.FS) ([]string, error) {
	var names []string
	err := fs.WalkDir(dir, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return fmt.Errorf("read %s: %w", name, err)
		case d.IsDir() && name != "." && strings.HasPrefix(d.Name(), "."):
			return fs.SkipDir
		case d.Type().IsRegular():
			names = append(names, name)
		}
		return nil
	})
	return names, err
}

func (l *loader) read(dir fs.FS, name string) {
	if st, err := fs.Stat(dir, name); err == nil && st.Size() > MaxFile {
		l.problem(0, fmt.Sprintf("the file has %d bytes; at most %d are read", st.Size(), MaxFile), "split it")
		return
	}
	src, err := fs.ReadFile(dir, name)
	if err != nil {
		l.problem(0, err.Error(), "check that the file can be read")
		return
	}
	l.hash = append(append([]byte(name), 0), src...)
	switch folder, ext := path.Dir(name), path.Ext(name); {
	case name == "pack.yaml":
		l.packFile(src)
	case folder == "articles" && ext == ".md":
		l.article(src)
	case folder == "facts" && ext == ".yaml":
		l.facts(src)
	case folder == "lexicon" || folder == "." && (ext == ".md" || ext == ".txt"):
	default:
		l.problem(0, "this file belongs to no part of a pack", "articles/*.md, facts/*.yaml, lexicon/*.yaml and pack.yaml are read; move or delete it")
	}
}

// merge adds what one file held.
func (l *loader) merge(o *loader) {
	l.problems = append(l.problems, o.problems...)
	l.hash = append(l.hash, o.hash...)
	p, q := l.pack, o.pack
	for _, set := range []struct{ to, from *string }{{&p.Name, &q.Name}, {&p.Command, &q.Command}, {&p.Subject, &q.Subject},
		{&p.Scope, &q.Scope}, {&p.Role, &q.Role}} {
		if *set.from != "" {
			*set.to = *set.from
		}
	}
	if len(q.SkillAreas) > 0 {
		p.SkillAreas = q.SkillAreas
	}
	if len(q.ToolAreas) > 0 {
		p.ToolAreas = q.ToolAreas
	}
	p.Articles = append(p.Articles, q.Articles...)
	p.Facts = append(p.Facts, q.Facts...)
}

// texts yields every text of the pack, for the lexicon's spelling.
func (l *loader) texts(yield func(string) bool) {
	for d := range l.pack.Documents() {
		if !yield(d.Title) || !yield(d.Text) {
			return
		}
	}
}

// lookups makes ids find their articles and facts.
func (l *loader) lookups() {
	p := l.pack
	p.articles = make(map[string]int, len(p.Articles))
	p.facts = make(map[string]int, len(p.Facts))
	for i := range p.Articles {
		p.articles[p.Articles[i].ID] = i
	}
	for i := range p.Facts {
		p.facts[p.Facts[i].ID] = i
	}
}

// about fills in which entities each fact names, where the pack does not say so itself.
func (l *loader) about(lex *lexicon.Lexicon) {
	for i := range l.pack.Facts {
		f := &l.pack.Facts[i]
		if f.About == nil {
			f.About = lex.Entities(f.Subject + ". " + f.Text)
		}
	}
}

// Article gives the article of an id, nil where there is none.
func (p *Pack) Article(id string) *Article {
	if i, ok := p.articles[id]; ok {
		return &p.Articles[i]
	}
	return nil
}

// Fact gives the fact of an id, nil where there is none.
func (p *Pack) Fact(id string) *Fact {
	if i, ok := p.facts[id]; ok {
		return &p.Facts[i]
	}
	return nil
}

// Section gives the section of an id, nil where there is none.
func (a *Article) Section(id string) *Section {
	if i := slices.IndexFunc(a.Sections, func(s Section) bool { return s.ID == id }); i >= 0 {
		return &a.Sections[i]
	}
	return nil
}

// Documents yields what the index holds: every fact, then every section of every article.
func (p *Pack) Documents() iter.Seq[Document] {
	return func(yield func(Document) bool) {
		for i := range p.Facts {
			f := &p.Facts[i]
			title := strings.Join(append([]string{f.Subject}, f.Asks...), "\n")
			if !yield(Document{ID: f.ID, Kind: string(f.Kind), Article: f.Article, Title: title, Text: f.Text}) {
				return
			}
		}
		for i := range p.Articles {
			a := &p.Articles[i]
			for _, s := range a.Sections {
				if !yield(Document{ID: a.ID + "#" + s.ID, Kind: KindPassage, Article: a.ID, Title: a.Title + "\n" + s.Title, Text: s.Text}) {
					return
				}
			}
		}
	}
}
