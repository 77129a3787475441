package index_test

import (
	"context"
	"errors"
	"iter"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"careerbot/index"
	"careerbot/knowledge"
)

func TestNewErrors(t *testing.T) {
	t.Parallel()
	canceled, cancel := context.WithCancel(context.Background())
	cancel()
	tests := []struct {
		name string
		ctx  context.Context
		docs iter.Seq[knowledge.Document]
		want string // part of the error
	}{
		{"twice", context.Background(), slices.Values([]knowledge.Document{{ID: "x"}, {ID: "x"}}), `the id "x"`},
		{"canceled", canceled, slices.Values(corpus(10)), "context canceled"},
		{"nil", context.Background(), nil, "no documents"},
	}
	for _, test := range tests {
		if _, err := index.New(test.ctx, test.docs); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want one with %q", test.name, err, test.want)
		}
	}
}

func TestEmpty(t *testing.T) {
	t.Parallel()
	x := build(t, nil)
	if hits := search(t, x, index.Query{Text: "python"}); len(hits) != 0 {
		t.Errorf("an empty index finds %v", hits)
	}
	if x.Has("python") || x.Info().Documents != 0 {
		t.Errorf("an empty index holds %+v", x.Info())
	}
}

func TestInfoAndHas(t *testing.T) {
	t.Parallel()
	var done []int
	x, err := index.New(context.Background(), slices.Values(corpus(1200)), index.WithProgress(func(n int) { done = append(done, n) }))
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	info := x.Info()
	if info.Documents != 1200 || info.Terms == 0 || info.Bytes != 0 || info.Built.IsZero() || info.Took <= 0 || !info.Rebuilt {
		t.Errorf("info %+v", info)
	}
	if want := []int{500, 1000, 1200}; !slices.Equal(done, want) {
		t.Errorf("progress %v, want %v", done, want)
	}
	y := build(t, passages("the developers use Node.js"))
	for word, want := range map[string]bool{
		"developers": true, "Developer": true, "node.js": true, "nodejs": true, "the": false, "ruby": false, "": false, "?": false,
	} {
		if got := y.Has(word); got != want {
			t.Errorf("Has(%q) = %v, want %v", word, got, want)
		}
	}
}

func TestClose(t *testing.T) {
	t.Parallel()
	x := build(t, passages("python"))
	for range 2 {
		if err := x.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := x.Search(context.Background(), index.Query{Text: "python"}); !errors.Is(err, index.ErrClosed) {
		t.Errorf("search after close: %v, want %v", err, index.ErrClosed)
	}
	if x.Has("python") {
		t.Error("a closed index has words")
	}
	if x.Info().Documents != 1 {
		t.Error("a closed index forgets what it was")
	}
}

func TestDeadline(t *testing.T) {
	t.Parallel()
	x := build(t, corpus(100))
	ctx, cancel := context.WithDeadline(context.Background(), time.Unix(0, 0))
	defer cancel()
	if _, err := x.Search(ctx, index.Query{Text: questions()[0]}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("search past its deadline: %v", err)
	}
}

// TestReload builds, searches and closes indexes on four goroutines, as many hot reloads do.
func TestReload(t *testing.T) {
	docs, before := corpus(60), runtime.NumGoroutine()
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 50 {
				x, err := index.New(context.Background(), slices.Values(docs))
				if err != nil {
					t.Error(err)
					return
				}
				var searches sync.WaitGroup
				for _, q := range questions()[:4] {
					searches.Go(func() {
						if _, err := x.Search(context.Background(), index.Query{Text: q}); err != nil && !errors.Is(err, index.ErrClosed) {
							t.Error(err)
						}
					})
				}
				if err := x.Close(); err != nil { // while some are under way
					t.Error(err)
				}
				searches.Wait()
			}
		})
	}
	group.Wait()
	for range 100 { // a goroutine that has been told to end may need to be scheduled to do so
		if runtime.NumGoroutine() <= before {
			return
		}
		runtime.Gosched()
		runtime.GC()
	}
	t.Errorf("%d goroutines before, %d after", before, runtime.NumGoroutine())
}
