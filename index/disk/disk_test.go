package disk_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"careerbot/index/disk"
	"careerbot/index/segment"
	"careerbot/knowledge"

	"go.etcd.io/bbolt"
)

func documents(n int) []knowledge.Document {
	docs := make([]knowledge.Document, n)
	for i := range docs {
		docs[i] = knowledge.Document{ID: fmt.Sprintf("d%04d", i), Kind: "skill", Text: fmt.Sprintf("python word%d", i%7)}
	}
	return docs
}

// sources makes one of every five documents, and counts in read how many are read.
func sources(docs []knowledge.Document, read *atomic.Int64) iter.Seq[knowledge.Source] {
	return func(yield func(knowledge.Source) bool) {
		for part := range slices.Chunk(docs, 5) {
			s := knowledge.Source{Key: part[0].ID + ".md", Stamp: fmt.Sprint(part), Read: func() ([]knowledge.Document, error) {
				read.Add(1)
				return part, nil
			}}
			if !yield(s) {
				return
			}
		}
	}
}

func update(ctx context.Context, dir, version string, from iter.Seq[knowledge.Source], batch int) error {
	return disk.Update(ctx, dir, version, from, batch, func(int) {})
}

// holds checks that the index in dir is whole and has these documents and no others.
func holds(t *testing.T, dir, version string, docs []knowledge.Document) {
	t.Helper()
	x, err := disk.Open(dir, version)
	if err != nil {
		t.Fatal(err)
	}
	var got, want []string
	for _, p := range x.Parts {
		for doc := range p.Count() {
			if p.Alive(doc) {
				got = append(got, string(p.ID(doc)))
			}
		}
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}
	for _, d := range docs {
		want = append(want, d.ID)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("the index holds %d documents, %v\nwant %d, %v", len(got), got, len(want), want)
	}
	if x.Version != version || x.Built.IsZero() || len(docs) > 0 && x.Bytes == 0 {
		t.Errorf("opened version %q of %v, %d bytes", x.Version, x.Built, x.Bytes)
	}
}

// TestUpdate changes an index step by step. Only what changed is read, and nothing is left over.
func TestUpdate(t *testing.T) {
	t.Parallel()
	dir, docs := filepath.Join(t.TempDir(), "index"), documents(400)
	changed := slices.Clone(docs)
	changed[7].Text = "java"
	steps := []struct {
		name string
		docs []knowledge.Document
		read int64
	}{
		{"build", docs, 80},
		{"nothing", docs, 0},
		{"change one", changed, 1},
		{"remove some", changed[100:], 0},
		{"bring those back", changed, 20},
		{"remove all", nil, 0},
	}
	for i, step := range steps {
		var read atomic.Int64
		version := fmt.Sprint("v", i)
		if err := update(t.Context(), dir, version, sources(step.docs, &read), 25); err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		if read.Load() != step.read {
			t.Errorf("%s: %d sources read, want %d", step.name, read.Load(), step.read)
		}
		holds(t, dir, version, step.docs)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 2 { // the manifest and the lock
		t.Errorf("an empty index consists of %v, %v", left, err)
	}
}

// TestResume interrupts a build again and again: it goes on where it was, and ends as if it had never stopped.
func TestResume(t *testing.T) {
	t.Parallel()
	dir, docs := filepath.Join(t.TempDir(), "index"), documents(1000)
	var read atomic.Int64
	rounds := 0
	for ; ; rounds++ {
		ctx, stop := context.WithCancel(context.Background())
		before := read.Load()
		counted := sources(docs, &read)
		halting := func(yield func(knowledge.Source) bool) {
			for s := range counted {
				if read.Load() > before+40 {
					stop()
				}
				if !yield(s) {
					return
				}
			}
		}
		err := update(ctx, dir, "v", halting, 30)
		stop()
		if err == nil {
			break
		}
		if !errors.Is(err, context.Canceled) || rounds > 100 {
			t.Fatalf("round %d: %v", rounds, err)
		}
		if _, err := disk.Open(dir, "v"); !errors.Is(err, segment.ErrStale) {
			t.Fatalf("half a build opens with %v", err)
		}
	}
	holds(t, dir, "v", docs)
	if rounds < 1 || read.Load() > int64(200+rounds*60) {
		t.Errorf("%d sources read in %d rounds, of 200 there are", read.Load(), rounds+1)
	}
	if _, err := os.Stat(filepath.Join(dir, "progress.json")); err == nil {
		t.Error("a build that is through leaves its progress")
	}
}

// TestUpdateErrors has changes fail: what was there before stays as it is.
func TestUpdateErrors(t *testing.T) {
	t.Parallel()
	dir, docs := filepath.Join(t.TempDir(), "index"), documents(100)
	if err := update(t.Context(), dir, "v1", sources(docs, new(atomic.Int64)), 20); err != nil {
		t.Fatal(err)
	}
	broken := func(yield func(knowledge.Source) bool) {
		_ = yield(knowledge.Source{Key: "bad.md", Stamp: "1", Read: func() ([]knowledge.Document, error) { return nil, errors.New("line 3: no good") }})
	}
	twice := append(slices.Clone(docs), knowledge.Document{ID: "d0001", Text: "an id that there is"})
	tests := []struct {
		name    string
		sources iter.Seq[knowledge.Source]
		want    string
	}{
		{"a file that cannot be read", broken, "bad.md: line 3"},
		{"an id there is already", sources(twice, new(atomic.Int64)), `"d0001"`},
		{"a name twice", func(yield func(knowledge.Source) bool) {
			s := knowledge.Source{Key: "k", Read: func() ([]knowledge.Document, error) { return nil, nil }}
			if yield(s) {
				yield(s)
			}
		}, `"k"`},
	}
	for _, test := range tests {
		if err := update(t.Context(), dir, "v2", test.sources, 20); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want an error with %q", test.name, err, test.want)
		}
		holds(t, dir, "v1", docs)
	}
}

// TestStrangers leaves what is no index alone.
func TestStrangers(t *testing.T) {
	t.Parallel()
	occupied := t.TempDir()
	letter := filepath.Join(occupied, "letter.txt")
	if err := os.WriteFile(letter, []byte("dear"), 0o600); err != nil {
		t.Fatal(err)
	}
	docs := documents(3)
	if err := update(t.Context(), occupied, "v", sources(docs, new(atomic.Int64)), 5000); err == nil || !strings.Contains(err.Error(), "letter.txt") {
		t.Errorf("a directory of letters: %v", err)
	}
	if _, err := disk.Open(letter, "v"); err == nil || errors.Is(err, segment.ErrStale) {
		t.Errorf("a letter opens with %v, want an error that building does not mend", err)
	}
	if text, err := os.ReadFile(letter); string(text) != "dear" {
		t.Errorf("the letter reads %q, %v", text, err)
	}
}

// TestLocked has another program write to the index: who only reads does not care, who wants to write hears of it
// soon.
func TestLocked(t *testing.T) {
	t.Parallel()
	dir, docs := filepath.Join(t.TempDir(), "index"), documents(3)
	if err := update(t.Context(), dir, "v1", sources(docs, new(atomic.Int64)), 5000); err != nil {
		t.Fatal(err)
	}
	db, err := bbolt.Open(filepath.Join(dir, "lock"), 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if err := update(ctx, dir, "v2", sources(docs, new(atomic.Int64)), 5000); err == nil || !strings.Contains(err.Error(), "another program") {
		t.Errorf("changing a locked index: %v", err)
	}
	holds(t, dir, "v1", docs)
}
