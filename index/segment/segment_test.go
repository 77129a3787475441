package segment_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"careerbot/index/segment"
	"careerbot/knowledge"
	"careerbot/knowledge/lexicon"

	"github.com/RoaringBitmap/roaring/v2"
)

func documents() []knowledge.Document {
	return []knowledge.Document{
		{ID: "a", Kind: "skill", Title: "Python", Text: "python developers know Python", Keep: "kept of a"},
		{ID: "b", Kind: "tool", Title: "Redis", Text: "a cache for developers"},
		{ID: "c", Kind: "skill", Title: "Go", Text: "go services", Keep: "kept of c"},
		{ID: "d", Kind: "salary", Title: "Pay", Text: "what developers earn", Keep: "kept of d"},
	}
}

func entries(docs []knowledge.Document) (out []*segment.Entry) {
	words := segment.NewAnalyzer()
	for i := range docs {
		out = append(out, words.Entry(&docs[i]))
	}
	return out
}

// origins make a source of every document.
func origins(docs []knowledge.Document) (out []segment.Origin) {
	for i, d := range docs {
		out = append(out, segment.Origin{Key: d.ID + ".md", Stamp: d.Text, First: i, Count: 1})
	}
	return out
}

func write(t *testing.T, dir, name string, docs []knowledge.Document) segment.Files {
	t.Helper()
	files, err := segment.Write(dir, name, entries(docs), origins(docs))
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func open(t *testing.T, dir string, files segment.Files) *segment.Part {
	t.Helper()
	p, err := files.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

// describe puts all of a part but what it keeps into words: its documents, then the documents of every word.
func describe(t *testing.T, p *segment.Part) string {
	t.Helper()
	var b strings.Builder
	names, kinds := p.Kinds()
	for doc := range p.Count() {
		if p.Alive(doc) {
			title, all := p.Lengths(segment.Title)[doc], p.Lengths(segment.Exact)[doc]
			fmt.Fprintf(&b, "%s: %s, %d of %d words in the title\n", p.ID(doc), names[kinds[doc]], title, all)
		}
	}
	words, err := p.Words()
	if err != nil {
		t.Fatal(err)
	}
	dict, err := p.Dictionary(segment.Exact)
	if err != nil {
		t.Fatal(err)
	}
	var list segment.List // one for all, as a search has it
	for _, w := range words {
		for n := 1; n <= segment.MaxCount; n++ {
			term := []byte(w.Word)
			if n > 1 {
				term = segment.Layer(term, n)
			}
			found := read(t, p, dict, term, &list)
			if len(found) == 0 {
				break
			}
			fmt.Fprintf(&b, "%s, %d times or more: %s\n", w.Word, n, found)
		}
	}
	return b.String()
}

// read gives the ids of the documents that have a term.
func read(t *testing.T, p *segment.Part, dict *segment.Dictionary, term []byte, list *segment.List) (found []string) {
	t.Helper()
	if err := dict.Read(term, list); err != nil {
		t.Fatal(err)
	}
	if list.Size == 0 {
		return nil
	}
	docs := []uint32{list.Single}
	if list.Bitmap != nil {
		docs = list.Bitmap.ToArray()
	}
	for _, doc := range docs {
		if p.Alive(int(doc)) {
			found = append(found, string(p.ID(int(doc))))
		}
	}
	if len(found) != list.Size {
		t.Errorf("%q: %d documents said to be there, found %v", term, list.Size, found)
	}
	return found
}

// TestPart says what a part tells of documents, made in memory and read from files.
func TestPart(t *testing.T) {
	t.Parallel()
	docs, dir := documents(), t.TempDir()
	memory, err := segment.New(entries(docs))
	if err != nil {
		t.Fatal(err)
	}
	defer memory.Close()
	const want = `a: skill, 1 of 5 words in the title
b: tool, 1 of 3 words in the title
c: skill, 1 of 3 words in the title
d: salary, 1 of 3 words in the title
cache, 1 times or more: [b]
developers, 1 times or more: [a b d]
earn, 1 times or more: [d]
go, 1 times or more: [c]
go, 2 times or more: [c]
know, 1 times or more: [a]
pay, 1 times or more: [d]
python, 1 times or more: [a]
python, 2 times or more: [a]
python, 3 times or more: [a]
redis, 1 times or more: [b]
services, 1 times or more: [c]
`
	if got := describe(t, memory); got != want {
		t.Errorf("in memory:\n%s\nwant:\n%s", got, want)
	}
	files := write(t, dir, "00000001", docs)
	if got := describe(t, open(t, dir, files)); got != want {
		t.Errorf("from files:\n%s\nwant:\n%s", got, want)
	}
	got, err := files.Origins(dir)
	if want := origins(docs); err != nil || !slices.Equal(got, want) {
		t.Errorf("origins %v, %v, want %v", got, err, want)
	}
	if kept, err := memory.Kept(0); kept != nil || err != nil {
		t.Errorf("memory keeps %q, %v", kept, err)
	}
}

// TestStems finds a stem by field All, and a word of the title by field Title alone.
func TestStems(t *testing.T) {
	t.Parallel()
	p, err := segment.New(entries(documents()))
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	for _, test := range []struct {
		field int
		term  string
		want  bool
	}{
		{segment.All, lexicon.Stem("developers"), true},
		{segment.Exact, lexicon.Stem("developers"), false},
		{segment.Title, lexicon.Stem("services"), false},
		{segment.Title, lexicon.Stem("redis"), true},
		{segment.Exact, "the", false},
	} {
		dict, err := p.Dictionary(test.field)
		if err != nil {
			t.Fatal(err)
		}
		if got := dict.Contains(test.term); got != test.want {
			t.Errorf("field %d contains %q: %v, want %v", test.field, test.term, got, test.want)
		}
	}
}

// TestMerge merges two segments, one with deleted documents, into what one segment of the rest would be.
func TestMerge(t *testing.T) {
	t.Parallel()
	docs, dir := documents(), t.TempDir()
	first, second := write(t, dir, "1", docs[:3]), write(t, dir, "2", docs[3:])
	var err error
	if first.Deleted, err = roaring.BitmapOf(0, 1).ToBytes(); err != nil {
		t.Fatal(err)
	}
	rest := docs[2:]
	if got, want := describe(t, open(t, dir, first)), "c: skill"; !strings.HasPrefix(got, want) || strings.Contains(got, "python, 1 ") {
		t.Errorf("with deleted documents:\n%s", got)
	}
	merged, err := segment.Merge(dir, "3", []segment.Files{first, second}, origins(rest))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := merged.Verify(dir); err != nil {
		t.Error(err)
	}
	p := open(t, dir, merged)
	want := describe(t, open(t, dir, write(t, dir, "4", rest)))
	if got := describe(t, p); got != want {
		t.Errorf("merged:\n%s\nwant:\n%s", got, want)
	}
	for doc, d := range rest {
		if kept, err := p.Kept(doc); string(kept) != d.Keep || err != nil {
			t.Errorf("%s: kept %q, %v", d.ID, kept, err)
		}
	}
	if _, err := segment.Merge(dir, "5", []segment.Files{first, {Name: "none"}}, nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("merging what is not there: %v", err)
	}
}

// TestVerify damages and removes each file of a segment. Of kept texts only the length is looked at; damage shows when
// one is read.
func TestVerify(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	files := write(t, dir, "1", documents())
	size, err := files.Verify(dir)
	if err != nil || size < 100 {
		t.Fatalf("whole: %d bytes, %v", size, err)
	}
	for _, end := range slices.Sorted(maps.Keys(files.Sums)) {
		path := filepath.Join(dir, "1"+end)
		if !segment.IsFile(path) {
			t.Errorf("%s is said to be no file of a segment", path)
		}
		whole, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, damage := range []func() error{
			func() error { return os.Truncate(path, int64(len(whole)/2)) },
			func() error { return os.WriteFile(path, []byte(strings.Repeat("x", len(whole))), 0o600) },
			func() error { return os.Remove(path) },
		} {
			if err := damage(); err != nil {
				t.Fatal(err)
			}
			_, err := files.Verify(dir)
			if end == ".kept" && err == nil {
				if _, err = open(t, dir, files).Kept(0); err == nil || !strings.Contains(err.Error(), "1.kept is damaged") {
					t.Errorf("garbage in what was kept: %v", err)
				}
			} else if !errors.Is(err, segment.ErrStale) && !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("damaged %s: %v", end, err)
			}
			if err := os.WriteFile(path, whole, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, err := files.Verify(dir); err != nil {
		t.Errorf("put back: %v", err)
	}
	if segment.IsFile("letter.txt") {
		t.Error("a letter is said to be a file of a segment")
	}
}

func TestBuild(t *testing.T) {
	t.Parallel()
	var done []int
	docs := make([]knowledge.Document, 1200)
	for i := range docs {
		docs[i].ID = fmt.Sprint("d", i)
	}
	parts, err := segment.Build(context.Background(), slices.Values(docs), 500, func(n int) { done = append(done, n) })
	if err != nil {
		t.Fatal(err)
	}
	var counts []int
	for _, p := range parts {
		counts = append(counts, p.Count())
		p.Close()
	}
	if want := []int{500, 500, 200}; !slices.Equal(counts, want) {
		t.Errorf("parts of %v documents, want %v", counts, want)
	}
	if want := []int{500, 1000, 1200}; !slices.Equal(done, want) {
		t.Errorf("progress %v, want %v", done, want)
	}
}

func TestBuildErrors(t *testing.T) {
	t.Parallel()
	canceled, cancel := context.WithCancel(context.Background())
	cancel()
	var kinds []knowledge.Document
	for i := range segment.MaxKinds + 1 {
		kinds = append(kinds, knowledge.Document{ID: fmt.Sprint(i), Kind: fmt.Sprint(i)})
	}
	tests := []struct {
		name string
		ctx  context.Context
		docs iter.Seq[knowledge.Document]
		want string // part of the error
	}{
		{"no id", context.Background(), slices.Values([]knowledge.Document{{Title: "x"}}), "no id"},
		{"twice", context.Background(), slices.Values([]knowledge.Document{{ID: "x"}, {ID: "x"}}), `the id "x"`},
		{"long kind", context.Background(), slices.Values([]knowledge.Document{{ID: "x", Kind: strings.Repeat("k", 256)}}), "256 bytes"},
		{"many kinds", context.Background(), slices.Values(kinds), "more than 255 kinds"},
		{"canceled", canceled, slices.Values(documents()), "context canceled"},
	}
	for _, test := range tests {
		if _, err := segment.Build(test.ctx, test.docs, 5000, func(int) {}); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want one with %q", test.name, err, test.want)
		}
	}
}
