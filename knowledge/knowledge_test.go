package knowledge_test

import (
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"careerbot/knowledge"
)

// once loads the embedded pack for all tests: a pack does not change.
var once = sync.OnceValues(knowledge.Builtin)

// builtin is the embedded pack.
func builtin(t testing.TB) *knowledge.Pack {
	t.Helper()
	p, err := once()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestBuiltin(t *testing.T) {
	t.Parallel()
	p := builtin(t)
	if p.Name == "" || p.Command == "" || p.Subject == "" || p.Scope == "" || p.Role == "" || len(p.Version) != 64 {
		t.Errorf("the pack does not say what it is: %q %q %q %q %q %q", p.Name, p.Command, p.Subject, p.Scope, p.Role, p.Version)
	}
	if len(p.Articles) != 5 || len(p.Facts) != 552 {
		t.Errorf("%d articles and %d facts, want 5 and 552", len(p.Articles), len(p.Facts))
	}
	for i := range p.Facts {
		f := &p.Facts[i]
		if a := p.Article(f.Article); a == nil || a.Section(f.Section) == nil {
			t.Errorf("%s:%d: fact %s cites %s#%s, which is not there", f.File, f.Line, f.ID, f.Article, f.Section)
		}
		if p.Fact(f.ID) != f {
			t.Errorf("fact %s is not found by its id", f.ID)
		}
	}
	if p.Article("nobody") != nil || p.Fact("f000") != nil || p.Article("upgrad").Section("nowhere") != nil {
		t.Error("something is found by an id nobody has")
	}
}

func TestBuiltinCheck(t *testing.T) {
	t.Parallel()
	p, problems := knowledge.Check(knowledge.BuiltinFS())
	for _, pr := range problems {
		t.Error(pr)
	}
	if p == nil || p.Version != builtin(t).Version {
		t.Error("Check and Builtin do not read the same")
	}
}

func TestDocuments(t *testing.T) {
	t.Parallel()
	p := builtin(t)
	ids, facts := map[string]bool{}, 0
	for d := range p.Documents() {
		if ids[d.ID] || d.ID == "" || d.Title == "" || d.Text == "" || p.Article(d.Article) == nil {
			t.Errorf("bad or second document %+v", d)
		}
		ids[d.ID] = true
		if d.Kind != knowledge.KindPassage {
			facts++
			if f := p.Fact(d.ID); f == nil || d.Title != f.Subject+"\n"+strings.Join(f.Asks, "\n") {
				t.Errorf("document %s has the title %q", d.ID, d.Title)
			}
		} else if a, s, ok := strings.Cut(d.ID, "#"); !ok || p.Article(a).Section(s) == nil {
			t.Errorf("passage %q names no section", d.ID)
		}
	}
	if facts != len(p.Facts) || len(ids) <= facts {
		t.Errorf("%d facts among %d documents, want %d and sections", facts, len(ids), len(p.Facts))
	}
	for range p.Documents() {
		break // a reader may stop
	}
}

func TestAbout(t *testing.T) {
	t.Parallel()
	p := builtin(t)
	named := map[string]bool{}
	for _, f := range p.Facts {
		for _, id := range f.About {
			if p.Lexicon.Entity(id) == nil {
				t.Errorf("fact %s is about %q, which is no entity", f.ID, id)
			}
			named[id] = true
		}
	}
	for _, id := range []string{"python", "docker", "india", "us", "senior", "devops-engineer", "postgresql"} {
		if !named[id] {
			t.Errorf("no fact is about %s", id)
		}
	}
}

// pack is a small pack of one article and one fact.
func pack(id string) fstest.MapFS {
	return fstest.MapFS{
		"pack.yaml":              {Data: []byte("name: " + id + "\nsubject: work as " + id + "\n")},
		"articles/" + id + ".md": {Data: []byte("---\nid: " + id + "\ntitle: About " + id + "\n---\n## One\nSomething.\n")},
		"facts/" + id + ".yaml": {Data: []byte("article: " + id + "\nsections:\n  - section: one\n    facts:\n      - {id: " + id +
			"1, kind: faq, subject: S, text: Python and SQL., asks: [Why]}\n")},
		"lexicon/" + id + ".yaml": {Data: []byte("entities:\n  - {id: word-" + id + ", kind: concept, name: W, words: [zyx" + id + "]}\n")},
	}
}

func TestLoad(t *testing.T) {
	t.Parallel()
	p, err := knowledge.Load(knowledge.BuiltinFS(), pack("cobol"))
	if err != nil {
		t.Fatal(err)
	}
	if p.Name != "cobol" || p.Command != "backend" || len(p.Articles) != 6 || len(p.Facts) != 553 {
		t.Errorf("merged to %q %q with %d articles, %d facts", p.Name, p.Command, len(p.Articles), len(p.Facts))
	}
	f := p.Fact("cobol1")
	if f == nil || f.File != "facts/cobol.yaml" || f.Line != 5 || strings.Join(f.About, " ") != "python sql" {
		t.Errorf("the merged fact is %+v", f)
	}
	if p.Version == builtin(t).Version {
		t.Error("another pack has the same version")
	}
	for _, dirs := range [][]fstest.MapFS{{}, {pack("a"), pack("a")}, {{}}} {
		if _, err := load(dirs); err == nil {
			t.Errorf("%d packs load without an error", len(dirs))
		}
	}
	_, err = load([]fstest.MapFS{pack("a"), pack("a")})
	for _, want := range []string{`article "a" stands in articles/a.md too`, `fact "a1" stands in facts/a.yaml:5 too`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error of two equal packs does not say %s: %v", want, err)
		}
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	version := func(change func(fstest.MapFS)) string {
		fsys := pack("a")
		change(fsys)
		p, _ := knowledge.Check(fsys)
		return p.Version
	}
	first := version(func(fstest.MapFS) {})
	if first != version(func(f fstest.MapFS) { f["README"] = &fstest.MapFile{}; f[".git/x"] = &fstest.MapFile{} }) {
		t.Error("files that are not read change the version")
	}
	for name, change := range map[string]func(fstest.MapFS){
		"content":   func(f fstest.MapFS) { f["pack.yaml"].Data = append(f["pack.yaml"].Data, '\n') },
		"a name":    func(f fstest.MapFS) { f["articles/b.md"] = f["articles/a.md"]; delete(f, "articles/a.md") },
		"the words": func(f fstest.MapFS) { f["lexicon/more.txt"] = &fstest.MapFile{Data: []byte("hello")} },
	} {
		if version(change) == first {
			t.Errorf("the version stays when %s changes", name)
		}
	}
}
