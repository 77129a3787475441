package importer_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"careerbot/bot/chat/chattest"
	"careerbot/knowledge"
	"careerbot/knowledge/importer"
)

// imported imports sources into a directory and fails t where that fails.
func imported(t *testing.T, to string, sources ...string) *importer.Report {
	t.Helper()
	r, err := importer.Import(t.Context(), importer.Options{Sources: sources, To: to})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// files gives every file of a directory by its name.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		src, err := os.ReadFile(name)
		rel, _ := filepath.Rel(dir, name)
		out[filepath.ToSlash(rel)] = string(src)
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return out
}

// unchanged checks that every file of one has the same bytes in the other.
func unchanged(t *testing.T, one, other map[string]string, when string) {
	t.Helper()
	for name, src := range one {
		if other[name] != src {
			t.Errorf("%s differs %s", name, when)
		}
	}
}

// pages lists the test pages: of several sites and careers, all of them invented.
func pages(t *testing.T) []string {
	t.Helper()
	names, err := filepath.Glob("testdata/pages/*")
	if err != nil || len(names) < 5 {
		t.Fatalf("pages: %v, %v", names, err)
	}
	return names
}

// TestPages imports each page alone and keeps what became of it in testdata/want: article, words and facts.
func TestPages(t *testing.T) {
	t.Parallel()
	for _, name := range pages(t) {
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			to := filepath.Join(t.TempDir(), "pack")
			imported(t, to, name)
			all := files(t, to)
			var b bytes.Buffer
			for _, file := range slices.Sorted(maps.Keys(all)) {
				if file != ".import.json" {
					fmt.Fprintf(&b, "== %s\n%s\n", file, all[file])
				}
			}
			chattest.Golden(t, filepath.Join("testdata/want", filepath.Base(name)+".txt"), b.Bytes())
			pack, problems := knowledge.Check(os.DirFS(to))
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			checkSpans(t, pack)
		})
	}
}

// checkSpans checks that every fact stands in the section it cites: its text word for word, or for a row of a table, a
// list or a step all parts of it.
func checkSpans(t *testing.T, pack *knowledge.Pack) {
	t.Helper()
	for i := range pack.Facts {
		f := &pack.Facts[i]
		a := pack.Article(f.Article)
		s := a.Section(f.Section)
		text := flat(s.Title + "\n" + s.Text)
		for i := range a.Sections { // an overview names the sections under its own
			if strings.HasSuffix(f.Subject, "(overview)") {
				text += "\n" + flat(a.Sections[i].Title)
			}
		}
		for part := range strings.FieldsFuncSeq(flat(strings.TrimSuffix(f.Text, " …")), func(r rune) bool { return strings.ContainsRune(";:,.", r) }) {
			if part = strings.TrimSpace(part); !strings.Contains(text, part) {
				t.Errorf("%s: %q of %q does not stand in section %q:\n%s", f.ID, part, f.Text, s.ID, text)
			}
		}
	}
}

// flat is a text on one line, without the marks of tables and lists.
func flat(s string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("|", " ", "\n- ", "\n", "\n", " ").Replace(s)), " ")
}

// TestAgain imports the same pages twice, in another order and one alone: the same bytes, and nothing to write.
func TestAgain(t *testing.T) {
	t.Parallel()
	all := pages(t)
	one, two := filepath.Join(t.TempDir(), "pack"), filepath.Join(t.TempDir(), "pack")
	imported(t, one, all...)
	imported(t, two, all...)
	first, second := files(t, one), files(t, two)
	unchanged(t, first, second, "between two imports")
	for _, again := range [][]string{all, all[2:3], {"testdata/pages"}} {
		if r := imported(t, one, again...); len(r.Changes) > 0 || len(r.Kept) > 0 {
			t.Errorf("importing %v again changes %v and keeps %v", again, r.Changes, r.Kept)
		}
	}
	unchanged(t, files(t, one), first, "after importing again")
}

// TestAdded imports one page after the other: the articles before stay.
func TestAdded(t *testing.T) {
	t.Parallel()
	to := filepath.Join(t.TempDir(), "pack")
	for i, name := range pages(t) {
		imported(t, to, name)
		pack, problems := knowledge.Check(os.DirFS(to))
		if len(problems) > 0 || len(pack.Articles) != i+1 {
			t.Fatalf("%s: %d articles, %v", name, len(pack.Articles), problems)
		}
	}
}

// TestEdited checks that nothing a person has edited is overwritten, and that it is said.
func TestEdited(t *testing.T) {
	t.Parallel()
	for _, edited := range []string{"articles/ward-notes.md", "facts/ward-notes.yaml", "lexicon/ward-notes.yaml", "pack.yaml"} {
		t.Run(edited, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			to, page := filepath.Join(dir, "pack"), filepath.Join(dir, "nurse.md")
			copyFile(t, page, "testdata/pages/nurse.md", "", "")
			imported(t, to, page)
			copyFile(t, filepath.Join(to, edited), filepath.Join(to, edited), "Registered nurse", "Registered Nurse")
			copyFile(t, filepath.Join(to, edited), filepath.Join(to, edited), "registered nurse", "registered  nurse")
			mine := files(t, to)[edited]
			copyFile(t, page, page, "$82,000", "$83,000")
			copyFile(t, page, page, "Enrolled nurse", "Enrolled midwife")
			r := imported(t, to, page)
			if got := files(t, to)[edited]; got != mine {
				t.Errorf("%s was overwritten", edited)
			}
			if edited != "pack.yaml" && !slices.Contains(r.Kept, edited) {
				t.Errorf("kept %v, want %s among them", r.Kept, edited)
			}
			if _, problems := knowledge.Check(os.DirFS(to)); len(problems) > 0 {
				t.Errorf("the pack does not load any more: %v", problems)
			}
		})
	}
}

// copyFile copies a file, with one text in the place of another.
func copyFile(t *testing.T, to, from, old, text string) {
	t.Helper()
	src, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if old != "" {
		src = bytes.ReplaceAll(src, []byte(old), []byte(text))
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, src, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestPayWithoutFigures imports a page whose heading promises pay and whose text gives none that can be read.
func TestPayWithoutFigures(t *testing.T) {
	t.Parallel()
	page := filepath.Join(t.TempDir(), "ferry.md")
	text := "# Ferry deckhand\n\nA deckhand ties up ferries and helps passengers. Deckhand work is done in any weather.\n\n" +
		"## Deckhand salary by season\n\n- Summer: by the trip\n- Winter: by the day\n- Holidays: double\n\n" +
		"Average pay:\n\n- Harbour\n- River\n- Open sea\n"
	if err := os.WriteFile(page, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(t.TempDir(), "pack")
	imported(t, to, page)
	pack, problems := knowledge.Check(os.DirFS(to))
	if len(problems) > 0 || len(pack.Facts) == 0 {
		t.Errorf("%d facts, %v", len(pack.Facts), problems)
	}
}

// TestBadSources checks that a source that cannot be read is named with what to do, and does not hinder the others.
func TestBadSources(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name string, src []byte) string {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, src, 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	huge := write("huge.txt", nil)
	if err := os.Truncate(huge, 1<<30); err != nil { // a file of 1 GiB that takes no space
		t.Skip(err)
	}
	loop := filepath.Join(dir, "loop")
	if err := os.MkdirAll(loop, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(loop, filepath.Join(loop, "round")); err != nil {
		t.Skip(err)
	}
	bad := map[string]string{
		write("empty.txt", nil):                                            "it is empty",
		write("blank.txt", []byte(" \n\n\t")):                              "it is empty",
		write("binary.txt", []byte("a\x00\x00\x02b\x00\x00\x00\x07c\x00")): "binary",
		write("bomb.txt", []byte("PK\x03\x04rest")):                        "zip archive",
		write("packed.html", []byte("\x1f\x8b\x08rest")):                   "gzip",
		write("paper.pdf", []byte("%PDF-1.7")):                             "PDF",
		write("saved.mhtml", []byte("From: <Saved by Blink>\nx")):          "MHTML",
		write("line.txt", bytes.Repeat([]byte("word "), 1<<19)):            "line of more than",
		write("deep.html", bytes.Repeat([]byte("<div>"), 200_000)):         "deep",
		write("open.md", []byte("---\ntitle: x\n")):                        "front matter",
		write("nothing.html", []byte("<html><body><nav>x</nav></html>")):   "no text of an article",
		huge:                             "more than 8 MiB",
		filepath.Join(dir, "absent.txt"): "it is not there",
		loop:                             "symbolic link",
		"../../../../../../etc/shadow/x": "",
	}
	r := imported(t, filepath.Join(t.TempDir(), "pack"), append(slices.Sorted(maps.Keys(bad)), "testdata/pages/nurse.md")...)
	if len(r.Articles) != 1 {
		t.Errorf("%d articles, want the one that can be read", len(r.Articles))
	}
	for source, want := range bad {
		at := slices.IndexFunc(r.Skipped, func(s importer.Skipped) bool { return strings.HasPrefix(s.Source, source) })
		if at < 0 || !strings.Contains(r.Skipped[at].Why, want) {
			t.Errorf("%s: skipped %v, want it to say %q", source, r.Skipped, want)
		}
	}
	var b strings.Builder
	r.Print(&b)
	if !strings.Contains(b.String(), "skipped "+huge+": it has more than 8 MiB") {
		t.Errorf("the report does not say what was skipped:\n%s", b.String())
	}
}

// TestNothing checks that an import of nothing leaves nothing behind.
func TestNothing(t *testing.T) {
	t.Parallel()
	to := filepath.Join(t.TempDir(), "pack")
	_, err := importer.Import(t.Context(), importer.Options{Sources: []string{"testdata/absent.txt"}, To: to})
	if err == nil || len(files(t, to)) > 0 {
		t.Errorf("error %v, files %v", err, files(t, to))
	}
	if _, err := importer.Import(t.Context(), importer.Options{Sources: []string{"testdata/pages"}}); err == nil {
		t.Error("imported to nowhere")
	}
	if _, err := importer.Import(t.Context(), importer.Options{Sources: []string{"testdata/pages"}, To: "import_test.go"}); err == nil {
		t.Error("imported into a file")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := importer.Import(ctx, importer.Options{Sources: []string{"testdata/pages"}, To: to}); !errors.Is(err, context.Canceled) || len(files(t, to)) > 0 {
		t.Errorf("a cancelled import: error %v, files %v", err, files(t, to))
	}
}

// TestNeverHalf makes the last file impossible to write: those before it are put back.
func TestNeverHalf(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	to, page := filepath.Join(dir, "pack"), filepath.Join(dir, "nurse.md")
	copyFile(t, page, "testdata/pages/nurse.md", "", "")
	imported(t, to, page)
	before := files(t, to)
	copyFile(t, page, page, "$82,000", "$83,000")
	facts := filepath.Join(to, "facts", "ward-notes.yaml")
	if err := os.Remove(facts); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(facts, "in-the-way"), 0o755); err != nil { // a rename over a directory fails
		t.Fatal(err)
	}
	_, err := importer.Import(t.Context(), importer.Options{Sources: []string{page}, To: to})
	if err == nil {
		t.Fatal("the import wrote over a directory")
	}
	if got := files(t, to)["articles/ward-notes.md"]; got != before["articles/ward-notes.md"] {
		t.Error("the article was changed though its facts could not be")
	}
}

// TestDryRun checks that nothing is written and every change is shown.
func TestDryRun(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	to, page := filepath.Join(dir, "pack"), filepath.Join(dir, "nurse.md")
	copyFile(t, page, "testdata/pages/nurse.md", "", "")
	r, err := importer.Import(t.Context(), importer.Options{Sources: []string{page}, To: to, DryRun: true})
	if err != nil || len(files(t, to)) > 0 || len(r.Changes) != 4 {
		t.Fatalf("error %v, files %v, %d changes", err, files(t, to), len(r.Changes))
	}
	imported(t, to, page)
	before := files(t, to)
	copyFile(t, page, page, "$82,000", "$83,000")
	r, err = importer.Import(t.Context(), importer.Options{Sources: []string{page}, To: to, DryRun: true})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	r.Print(&b)
	for _, want := range []string{"--- a/articles/ward-notes.md", "+earns $83,000 a year", "mean: 83000", "nothing was written"} {
		if !strings.Contains(b.String(), want) && !strings.Contains(b.String(), strings.TrimPrefix(want, "+")) {
			t.Errorf("the diff lacks %q:\n%s", want, b.String())
		}
	}
	unchanged(t, files(t, to), before, "after a dry run")
}

// TestSources imports standard input, a chosen id, the same article twice, and a directory that holds the pack.
func TestSources(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	copyFile(t, filepath.Join(dir, "in", "a", "index.md"), "testdata/pages/nurse.md", "url:", "was:")
	copyFile(t, filepath.Join(dir, "in", "b", "index.html"), "testdata/pages/frontend.html", "", "")
	copyFile(t, filepath.Join(dir, "in", "c", "copy.html"), "testdata/pages/frontend.html", "", "")
	copyFile(t, filepath.Join(dir, "in", ".hidden.txt"), "testdata/pages/analyst.txt", "", "")
	copyFile(t, filepath.Join(dir, "in", "picture.png"), "testdata/pages/analyst.txt", "", "")
	to := filepath.Join(dir, "in", "pack")
	text, err := os.ReadFile("testdata/pages/electrician.txt")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		r, err := importer.Import(t.Context(), importer.Options{Sources: []string{filepath.Join(dir, "in"), "-", "the-data=testdata/pages/analyst.txt"}, Stdin: bytes.NewReader(text), To: to})
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, a := range r.Articles {
			ids = append(ids, a.ID)
		}
		if want := []string{"ward-notes", "pixel-orchard", "electrician-a-trade-with-a-future", "the-data"}; !slices.Equal(ids, want) {
			t.Errorf("articles %v, want %v", ids, want)
		}
		if len(r.Skipped) != 2 || !strings.Contains(r.Skipped[1].Why, "the same article as") {
			t.Errorf("skipped %v, want the picture and the copy", r.Skipped)
		}
	}
}
