package index_test

import (
	"context"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"careerbot/index"
	"careerbot/index/sample"
	"careerbot/knowledge"
)

func status(t *testing.T, what string) {
	debug.FreeOSMemory()
	st, _ := os.ReadFile("/proc/self/status")
	for l := range strings.Lines(string(st)) {
		if strings.HasPrefix(l, "VmRSS") || strings.HasPrefix(l, "RssAnon") || strings.HasPrefix(l, "VmHWM") {
			t.Log(what, strings.TrimSpace(l))
		}
	}
}

func TestZZ(t *testing.T) {
	n, _ := strconv.Atoi(os.Getenv("ZZ"))
	if n == 0 {
		t.Skip()
	}
	s, err := sample.New()
	if err != nil {
		t.Fatal(err)
	}
	dir := fmt.Sprint("/tmp/try/ix", n)
	src := func(changed int) func(yield func(knowledge.Source) bool) {
		return func(yield func(knowledge.Source) bool) {
			for i := range n / sample.Sections {
				v := 0
				if i == changed {
					v = 1
				}
				if !yield(knowledge.Source{Key: fmt.Sprint("articles/", i), Stamp: fmt.Sprint(v), Read: func() ([]knowledge.Document, error) {
					docs := s.Article(i, v)
					for i := range docs {
						docs[i].Keep = []byte(docs[i].Text)
					}
					return docs, nil
				}}) {
					return
				}
			}
		}
	}
	began := time.Now()
	x, err := index.Open(context.Background(), dir, "v1", src(-1))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("build %v %+v", time.Since(began), x.Info())
	status(t, "build")
	x.Close()
	x = nil
	began = time.Now()
	x, err = index.Open(context.Background(), dir, "v1", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("open %v %+v", time.Since(began), x.Info())
	status(t, "open")
	var took []time.Duration
	qs := s.Questions(3000)
	for _, q := range qs {
		began := time.Now()
		x.Search(context.Background(), index.Query{Text: q})
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	k := len(took)
	t.Log("p50", took[k/2], "p90", took[k*9/10], "p99", took[k*99/100], "max", took[k-1])
	status(t, "query")
	if os.Getenv("UP") != "" {
		began = time.Now()
		y, err := index.Open(context.Background(), dir, "v2", src(7))
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("update %v %+v", time.Since(began), y.Info())
		y.Close()
		status(t, "update")
		y, err = index.Open(context.Background(), dir, "v1", src(-1))
		if err != nil {
			t.Fatal(err)
		}
		y.Close()
	}
}
