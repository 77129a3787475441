package knowledge_test

import (
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"careerbot/knowledge"

	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "rewrite the expected problems")

// load loads packs made in a test.
func load(packs []fstest.MapFS) (*knowledge.Pack, error) {
	var dirs []fs.FS
	for _, p := range packs {
		dirs = append(dirs, p)
	}
	return knowledge.Load(dirs...)
}

func problems(fsys fs.FS) string {
	var b strings.Builder
	_, found := knowledge.Check(fsys)
	for _, p := range found {
		b.WriteString(p.String() + "\n")
	}
	return b.String()
}

// TestCheck reads broken packs: each archive of testdata/check is the good pack of good.txtar with files put over
// it (an empty one takes the file away) and, as the file "problems", what is to be said of it.
func TestCheck(t *testing.T) {
	t.Parallel()
	good := archive(t, "testdata/check/good.txtar")
	names, err := filepath.Glob("testdata/check/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			t.Parallel()
			ar := archive(t, name)
			fsys := fstest.MapFS{}
			want := overlay(fsys, good)
			if name != filepath.Join("testdata", "check", "good.txtar") {
				want = overlay(fsys, ar)
			}
			got := problems(fsys)
			if *update {
				rewrite(t, name, ar, got)
				return
			}
			if got != want {
				t.Errorf("got\n%swant\n%s", got, want)
			}
			if again := problems(fsys); again != got {
				t.Errorf("a second time it is\n%s", again)
			}
		})
	}
}

func archive(t *testing.T, name string) *txtar.Archive {
	t.Helper()
	ar, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return ar
}

// overlay puts the files of an archive over those of a pack and gives the problems it names.
func overlay(fsys fstest.MapFS, ar *txtar.Archive) (problems string) {
	for _, f := range ar.Files {
		switch {
		case f.Name == "problems":
			problems = string(f.Data)
		case len(f.Data) == 0:
			delete(fsys, f.Name)
		default:
			fsys[f.Name] = &fstest.MapFile{Data: f.Data}
		}
	}
	return problems
}

func rewrite(t *testing.T, name string, ar *txtar.Archive, problems string) {
	for i := range ar.Files {
		if ar.Files[i].Name == "problems" {
			ar.Files[i].Data = []byte(problems)
		}
	}
	if err := os.WriteFile(name, txtar.Format(ar), 0o644); err != nil {
		t.Error(err)
	}
}

// TestCheckFiles holds what no text archive can.
func TestCheckFiles(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(fstest.MapFS)
		want   string
	}{
		{"nothing", func(f fstest.MapFS) { clear(f) }, "articles: the pack holds no article;"},
		{"not UTF-8", func(f fstest.MapFS) { f["facts/a.yaml"].Data[20] = 0xff }, "facts/a.yaml:2: the file is not UTF-8;"},
		{"words not UTF-8", func(f fstest.MapFS) { f["lexicon/x.txt"] = &fstest.MapFile{Data: []byte("a\n\xff")} }, "lexicon/x.txt:2: the file is not UTF-8;"},
		{"too large", func(f fstest.MapFS) {
			f["articles/b.md"] = &fstest.MapFile{Data: make([]byte, knowledge.MaxFile+1)}
		}, "articles/b.md: the file has more than 8388608 bytes"},
		{"link", func(f fstest.MapFS) {
			f["facts/b.yaml"] = &fstest.MapFile{Data: []byte("../../etc/passwd"), Mode: fs.ModeSymlink}
		}, "facts/b.yaml: a symbolic link, which is not followed;"},
		{"linked folder", func(f fstest.MapFS) { f["lexicon"] = &fstest.MapFile{Mode: fs.ModeSymlink} }, "lexicon: a symbolic link"},
		{"pipe", func(f fstest.MapFS) { f["pack.yaml"].Mode = fs.ModeNamedPipe }, "pack.yaml: neither a file nor a folder;"},
		{"zero bytes", func(f fstest.MapFS) { f["facts/a.yaml"].Data = make([]byte, 10) }, "facts/a.yaml: YAML: control characters are not allowed;"},
		{"deep YAML", func(f fstest.MapFS) { f["facts/a.yaml"].Data = []byte(strings.Repeat("[", 1<<20)) }, "facts/a.yaml: YAML: exceeded max depth"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			fsys := pack("a")
			tt.change(fsys)
			if got := problems(fsys); !strings.Contains(got, tt.want) {
				t.Errorf("got\n%swant\n%s", got, tt.want)
			}
		})
	}
}

// TestCheckDirectory: on disk as in memory, and a link in a real directory leads nowhere.
func TestCheckDirectory(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.CopyFS(dir, pack("a")); err != nil {
		t.Fatal(err)
	}
	if got := problems(os.DirFS(dir)); got != "" {
		t.Errorf("a good directory has problems:\n%s", got)
	}
	if err := os.Symlink(filepath.Join(dir, "facts", "a.yaml"), filepath.Join(dir, "facts", "b.yaml")); err != nil {
		t.Skipf("no links here: %v", err)
	}
	if got := problems(os.DirFS(dir)); !strings.HasPrefix(got, "facts/b.yaml: a symbolic link") || strings.Count(got, "\n") != 1 {
		t.Errorf("got\n%s", got)
	}
	if got := problems(os.DirFS(filepath.Join(dir, "nowhere"))); !strings.Contains(got, "check that the folder is there") {
		t.Errorf("a missing directory gives\n%s", got)
	}
}

// FuzzLoad: nothing in a file makes Load panic, and every problem has a place and a remedy.
func FuzzLoad(f *testing.F) {
	good := pack("a")
	f.Add(good["pack.yaml"].Data, good["articles/a.md"].Data, good["facts/a.yaml"].Data)
	f.Add([]byte("&a [*a]"), []byte("---\n\t\n---\n"), []byte("sections: [{facts: [{salary: {low: .nan}}]}]"))
	f.Add([]byte("? [a]\n: b"), []byte("---\nid: [\n---\n##\n"), []byte("article: {a: b}\nsections:\n- facts: [x, {id: [1]}, {salary: 3, figures: []}]"))
	f.Fuzz(func(t *testing.T, manifest, article, facts []byte) {
		p, err := load([]fstest.MapFS{{"pack.yaml": {Data: manifest}, "articles/a.md": {Data: article}, "facts/a.yaml": {Data: facts}}})
		if (p == nil) == (err == nil) {
			t.Fatalf("a pack %v and an error %v", p, err)
		}
		if err != nil && !strings.Contains(err.Error(), "; ") {
			t.Errorf("no remedy in %v", err)
		}
	})
}
