package index_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"careerbot/index"
	"careerbot/knowledge"

	"go.etcd.io/bbolt"
)

func open(t testing.TB, dir, version string, docs []knowledge.Document) *index.Index {
	t.Helper()
	x, err := index.Open(context.Background(), dir, version, sources(docs))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() })
	return x
}

// sources makes one source of every ten documents, stamped with what is in them.
func sources(docs []knowledge.Document) iter.Seq[knowledge.Source] {
	return func(yield func(knowledge.Source) bool) {
		for part := range slices.Chunk(docs, 10) {
			s := knowledge.Source{Key: part[0].ID, Stamp: fmt.Sprint(part), Read: func() ([]knowledge.Document, error) { return part, nil }}
			if !yield(s) {
				return
			}
		}
	}
}

// TestOpen compares an index on disk, fresh and opened again, with the same documents in memory.
func TestOpen(t *testing.T) {
	t.Parallel()
	dir, docs := filepath.Join(t.TempDir(), "data", "index"), corpus(700)
	memory := build(t, docs)
	for i, rebuilt := range []bool{true, false} {
		disk := open(t, dir, "v1", docs)
		info := disk.Info()
		if info.Rebuilt != rebuilt || info.Documents != 700 || info.Version != "v1" || info.Bytes < 1000 || info.Built.IsZero() {
			t.Errorf("opened %d times: %+v, want rebuilt %v", i+1, info, rebuilt)
		}
		if got, want := info.Terms, memory.Info().Terms; got != want {
			t.Errorf("%d words on disk, %d in memory", got, want)
		}
		for _, q := range questions()[:50] {
			got, want := search(t, disk, index.Query{Text: q}), search(t, memory, index.Query{Text: q})
			if !slices.EqualFunc(got, want, same) {
				t.Fatalf("%q finds on disk\n%+v\nin memory\n%+v", q, got, want)
			}
		}
	}
	alone(t, dir)
}

// alone checks that nothing lies beside dir.
func alone(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(dir))
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 1 {
		t.Errorf("beside the index: %v", entries)
	}
}

func TestOpenRebuilds(t *testing.T) {
	t.Parallel()
	postings := func(t testing.TB, dir string) string {
		files, err := filepath.Glob(filepath.Join(dir, "*.zap"))
		if err != nil || len(files) != 1 {
			t.Fatalf("%v %v: want one file of postings", files, err)
		}
		return files[0]
	}
	tests := []struct {
		name   string
		damage func(t *testing.T, dir string) error
	}{
		{"no postings", func(t *testing.T, dir string) error { return os.Remove(postings(t, dir)) }},
		{"half the postings", func(t *testing.T, dir string) error { return os.Truncate(postings(t, dir), 500) }},
		{"empty postings", func(t *testing.T, dir string) error { return os.Truncate(postings(t, dir), 0) }},
		{"garbage in the postings", func(t *testing.T, dir string) error { return scribble(postings(t, dir)) }},
		{"no manifest", func(_ *testing.T, dir string) error { return os.Remove(filepath.Join(dir, "manifest.json")) }},
		{"garbage in the manifest", func(_ *testing.T, dir string) error { return scribble(filepath.Join(dir, "manifest.json")) }},
		{"garbage for a manifest", func(_ *testing.T, dir string) error {
			return os.WriteFile(filepath.Join(dir, "manifest.json"), []byte("{}"), 0o600)
		}},
		{"half the columns", func(_ *testing.T, dir string) error { return os.Truncate(filepath.Join(dir, "00000001.columns"), 20) }},
		{"garbage for a lock", func(_ *testing.T, dir string) error {
			return errors.Join(os.WriteFile(filepath.Join(dir, "lock"), []byte("garbage"), 0o600), os.Remove(filepath.Join(dir, "00000001.zap")))
		}},
		{"nothing left", func(_ *testing.T, dir string) error { return os.RemoveAll(dir) }},
		{"an empty directory", func(_ *testing.T, dir string) error {
			return errors.Join(os.RemoveAll(dir), os.Mkdir(dir, 0o700))
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dir, docs := filepath.Join(t.TempDir(), "index"), passages("python", "java")
			open(t, dir, "v1", docs).Close()
			if err := test.damage(t, dir); err != nil {
				t.Fatal(err)
			}
			if _, err := index.Open(context.Background(), dir, "v1", nil); err == nil {
				t.Error("opened without documents to build from")
			}
			x := open(t, dir, "v1", docs)
			if got := ids(search(t, x, index.Query{Text: "java"})); !x.Info().Rebuilt || got != "b" {
				t.Errorf("rebuilt %v, java finds %q", x.Info().Rebuilt, got)
			}
			alone(t, dir)
		})
	}
}

// scribble writes over the middle of a file.
func scribble(path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	copy(data[len(data)/2:], "garbage")
	return os.WriteFile(path, data, 0o600)
}

func TestOpenOtherVersion(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "index")
	old := open(t, dir, "v1", passages("python"))
	fresh := open(t, dir, "v2", passages("java"))
	if !fresh.Info().Rebuilt || fresh.Info().Version != "v2" {
		t.Errorf("opened %+v, want version v2 rebuilt", fresh.Info())
	}
	if got := ids(search(t, fresh, index.Query{Text: "java"})); got != "a" {
		t.Errorf("the new index finds %q", got)
	}
	if got := ids(search(t, old, index.Query{Text: "python"})); got != "a" {
		t.Errorf("the old index, still open, finds %q", got)
	}
}

func TestOpenErrors(t *testing.T) {
	t.Parallel()
	docs := passages("python")
	occupied := t.TempDir()
	if err := os.WriteFile(filepath.Join(occupied, "letter.txt"), []byte("dear"), 0o600); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, dir, want string }{
		{"other files", occupied, "letter.txt"},
		{"a file", file, "not a directory"},
		{"nothing", "", "no directory"},
	}
	for _, test := range tests {
		if _, err := index.Open(context.Background(), test.dir, "v1", sources(docs)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want one with %q", test.name, err, test.want)
		}
	}
	if _, err := os.Stat(filepath.Join(occupied, "letter.txt")); err != nil {
		t.Errorf("a stranger's file is gone: %v", err)
	}
	dir := filepath.Join(t.TempDir(), "index")
	broken := append(passages("python"), knowledge.Document{ID: "a"})
	if _, err := index.Open(context.Background(), dir, "v1", sources(broken)); err == nil {
		t.Error("built from two documents of one id")
	}
	if x, err := index.Open(context.Background(), dir, "v1", nil); err == nil {
		t.Error("a failed build leaves an index", x.Info())
	}
	if got := ids(search(t, open(t, dir, "v1", docs), index.Query{Text: "python"})); got != "a" {
		t.Errorf("after a failed build python finds %q", got)
	}
}

func TestOpenRelative(t *testing.T) {
	t.Chdir(t.TempDir())
	for range 2 {
		if got := ids(search(t, open(t, "index", "v1", passages("python")), index.Query{Text: "python"})); got != "a" {
			t.Errorf("found %q", got)
		}
	}
	alone(t, "index")
}

func TestOpenEmpty(t *testing.T) {
	t.Parallel()
	x := open(t, filepath.Join(t.TempDir(), "index"), "v1", nil)
	if hits := search(t, x, index.Query{Text: "python"}); len(hits) != 0 || x.Info().Documents != 0 {
		t.Errorf("no documents: found %v, info %+v", hits, x.Info())
	}
}

// TestOpenLocked has another program write to the index: who only reads does not care, who wants to write hears of it
// soon.
func TestOpenLocked(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "index")
	open(t, dir, "v1", passages("python")).Close()
	db, err := bbolt.Open(filepath.Join(dir, "lock"), 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if _, err := index.Open(ctx, dir, "v2", sources(passages("python"))); err == nil || !strings.Contains(err.Error(), "another program") {
		t.Errorf("changing a locked index: %v", err)
	}
	if _, err := index.Open(t.Context(), dir, "v1", nil); err != nil {
		t.Errorf("reading a locked index: %v", err)
	}
}

// TestOpenTogether opens one missing index from several goroutines at once.
func TestOpenTogether(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "index")
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			x, err := index.Open(context.Background(), dir, "v1", sources(passages("python", "java")))
			if err != nil {
				t.Error(err)
				return
			}
			defer x.Close()
			if hits, err := x.Search(context.Background(), index.Query{Text: "java"}); err != nil || ids(hits) != "b" {
				t.Errorf("found %v, %v", hits, err)
			}
		})
	}
	group.Wait()
	alone(t, dir)
}
