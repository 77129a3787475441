package index_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"careerbot/index"
	"careerbot/knowledge"
)

// files are sources by key, each of a few documents; a test changes them as a person would.
type files map[string][]knowledge.Document

// sources counts in read how many are read.
func (f files) sources(read *atomic.Int64) func(func(knowledge.Source) bool) {
	return func(yield func(knowledge.Source) bool) {
		for _, key := range slices.Sorted(maps.Keys(f)) {
			docs := f[key]
			s := knowledge.Source{Key: key, Stamp: fmt.Sprint(docs), Read: func() ([]knowledge.Document, error) {
				read.Add(1)
				return docs, nil
			}}
			if !yield(s) {
				return
			}
		}
	}
}

// documents are those of all files.
func (f files) documents() (docs []knowledge.Document) {
	for _, key := range slices.Sorted(maps.Keys(f)) {
		docs = append(docs, f[key]...)
	}
	return docs
}

// manyFiles spreads n documents over files of seven.
func manyFiles(n int) files {
	f := files{}
	for part := range slices.Chunk(corpus(n), 7) {
		f["file "+part[0].ID] = part
	}
	return f
}

// alike compares an index with one of the same documents built in memory at once: same hits, same scores.
func alike(t *testing.T, x *index.Index, docs []knowledge.Document) {
	t.Helper()
	want := build(t, docs)
	if got := x.Info().Documents; got != len(docs) {
		t.Errorf("%d documents, want %d", got, len(docs))
	}
	for _, q := range questions()[:60] {
		query := index.Query{Size: 20} // of terms, as a text's are repaired from words of deleted documents too
		for w := range strings.FieldsSeq(q) {
			query.Terms = append(query.Terms, index.Term{Word: w, Also: []index.Alt{{Stem: "gafa", Weight: 0.5}}})
		}
		if a, b := search(t, x, query), search(t, want, query); !slices.EqualFunc(a, b, same) {
			t.Fatalf("%q finds\n%+v\nwant\n%+v", q, a, b)
		}
	}
}

// TestUpdate changes an index of many small segments step by step. After each it is what it would be built at once,
// and only what changed was read.
func TestUpdate(t *testing.T) {
	t.Parallel()
	dir, f := filepath.Join(t.TempDir(), "index"), manyFiles(1500)
	keys := slices.Sorted(maps.Keys(f))
	steps := []struct {
		name   string
		change func()
		read   int64
	}{
		{"build", func() {}, int64(len(f))},
		{"nothing", func() {}, 0},
		{"change one", func() {
			f[keys[3]] = []knowledge.Document{{ID: "new", Kind: "skill", Title: "gafa", Text: "lili gafa"}}
		}, 1},
		{"change it back", func() { f[keys[3]] = manyFiles(1500)[keys[3]] }, 1},
		{"remove some", func() {
			for _, k := range keys[10:40] {
				delete(f, k)
			}
		}, 0},
		{"add one", func() { f["another"] = []knowledge.Document{{ID: "another", Kind: "tool", Text: "gafa"}} }, 1},
		{"bring those back", func() {
			for _, k := range keys[10:40] {
				f[k] = manyFiles(1500)[k]
			}
		}, 30},
		{"an empty file", func() { f[keys[5]] = nil }, 1},
	}
	for i, step := range steps {
		step.change()
		var read atomic.Int64
		x, err := index.Open(context.Background(), dir, fmt.Sprint("v", i), f.sources(&read), index.WithBatch(50))
		if err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		if read.Load() != step.read {
			t.Errorf("%s: %d files read, want %d", step.name, read.Load(), step.read)
		}
		alike(t, x, f.documents())
		x.Close()
	}
	for i := range 40 { // small changes do not pile up
		f[keys[0]] = []knowledge.Document{{ID: "again", Text: fmt.Sprint("gafa ", i)}}
		x, err := index.Open(context.Background(), dir, fmt.Sprint("w", i), f.sources(new(atomic.Int64)), index.WithBatch(50))
		if err != nil {
			t.Fatal(err)
		}
		if n := x.Info().Segments; n > 20 {
			t.Fatalf("%d segments after %d changes", n, i+1)
		}
		x.Close()
	}
}

// TestUpdateWhileSearched changes an index while it is searched and opened by others: each sees one version, whole.
func TestUpdateWhileSearched(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "index")
	version := func(i int) files {
		f := manyFiles(200)
		f["changing"] = []knowledge.Document{{ID: fmt.Sprint("version", i), Text: "zzversion"}}
		return f
	}
	first, err := index.Open(context.Background(), dir, "0", version(0).sources(new(atomic.Int64)), index.WithBatch(20))
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	var readers sync.WaitGroup
	done := make(chan struct{})
	for range 3 {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				if got := ids(search(t, first, index.Query{Text: "zzversion"})); got != "version0" {
					t.Errorf("the first index, still open, finds %q", got)
					return
				}
			}
		})
	}
	for i := 1; i < 8; i++ {
		x, err := index.Open(context.Background(), dir, fmt.Sprint(i), version(i).sources(new(atomic.Int64)), index.WithBatch(20))
		if err != nil {
			t.Fatal(err)
		}
		if got, want := ids(search(t, x, index.Query{Text: "zzversion"})), fmt.Sprint("version", i); got != want {
			t.Errorf("found %q, want %q", got, want)
		}
		x.Close()
	}
	close(done)
	readers.Wait()
}

// TestKept gets back what was kept of documents, also after segments were merged and some were deleted.
func TestKept(t *testing.T) {
	t.Parallel()
	dir, f := filepath.Join(t.TempDir(), "index"), manyFiles(400)
	for _, docs := range f {
		for i := range docs {
			if docs[i].Kind != "skill" { // of some nothing is kept
				docs[i].Keep = "kept of " + docs[i].ID
			}
		}
	}
	for i := range 3 {
		delete(f, slices.Sorted(maps.Keys(f))[i*5])
		x, err := index.Open(context.Background(), dir, fmt.Sprint(i), f.sources(new(atomic.Int64)), index.WithBatch(20))
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range questions()[:20] {
			for _, h := range search(t, x, index.Query{Text: q}) {
				want := "kept of " + h.ID
				if h.Kind == "skill" {
					want = ""
				}
				if got, err := x.Kept(h); err != nil || string(got) != want {
					t.Fatalf("%s: kept %q, %v, want %q", h.ID, got, err, want)
				}
			}
		}
		x.Close()
	}
	kept, err := filepath.Glob(filepath.Join(dir, "*.kept"))
	if err != nil || len(kept) == 0 {
		t.Fatal(kept, err)
	}
	for _, path := range kept { // as long as before, so that only reading it tells
		info, err := os.Stat(path)
		if err == nil {
			err = os.WriteFile(path, []byte(strings.Repeat("x", int(info.Size()))), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	x, err := index.Open(context.Background(), dir, "2", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	damaged := 0
	for _, q := range questions()[:20] {
		for _, h := range search(t, x, index.Query{Text: q}) {
			if _, err := x.Kept(h); err != nil && strings.Contains(err.Error(), "damaged") {
				damaged++
			}
		}
	}
	if damaged == 0 {
		t.Error("garbage in what was kept is not noticed")
	}
}
