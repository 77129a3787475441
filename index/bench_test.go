package index_test

import (
	"context"
	"flag"
	"fmt"
	"iter"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"careerbot/index"
	"careerbot/index/sample"
	"careerbot/knowledge"

	"github.com/blevesearch/bleve/v2"
	_ "github.com/blevesearch/bleve/v2/analysis/lang/en" // the analyser of the plain match query
	"github.com/blevesearch/bleve/v2/index/scorch"
)

// The benchmarks put the same questions to this package and to a plain Bleve match query over the same postings:
//
//	go test ./index -run '^$' -bench . -benchmem
//	go test ./index -run '^$' -bench Parallel -cpu 1,2
const packSize = 650

var largeSize = flag.Int("passages", 100_000, "passages of BenchmarkLarge")

func BenchmarkSearch(b *testing.B) {
	x := build(b, corpus(packSize))
	benchmark(b, searcher(b, x))
}

// BenchmarkSearchTerms leaves out the analysis of text, as a caller does that has understood the question already.
func BenchmarkSearchTerms(b *testing.B) {
	x := build(b, corpus(packSize))
	benchmark(b, func(q string) {
		var space [16]index.Term
		terms := space[:0]
		for w := range strings.FieldsSeq(q) {
			terms = append(terms, index.Term{Word: w, Stem: w})
		}
		if _, err := x.Search(context.Background(), index.Query{Terms: terms}); err != nil {
			b.Fatal(err)
		}
	})
}

func BenchmarkSearchParallel(b *testing.B) {
	parallel(b, searcher(b, build(b, corpus(packSize))))
}

func BenchmarkStockMatch(b *testing.B) {
	benchmark(b, stock(b, "", slices.Values(corpus(packSize))))
}

func parallel(b *testing.B, search func(string)) {
	qs := questions()
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for i := 0; pb.Next(); i++ {
			search(qs[i%len(qs)])
		}
	})
}

// BenchmarkLarge puts real questions to an index on disk and to plain Bleve over the same passages, in turn, so that
// whatever else the machine does hinders both. The size is that of the largest table in the README:
//
//	go test ./index -run '^$' -bench Large -benchtime 2000x -passages 100000
func BenchmarkLarge(b *testing.B) {
	if testing.Short() {
		b.Skip("builds two indexes of many documents")
	}
	source, err := sample.New()
	if err != nil {
		b.Fatal(err)
	}
	x, err := index.Open(b.Context(), filepath.Join(b.TempDir(), "index"), "1", source.Sources(*largeSize, -1))
	if err != nil {
		b.Fatal(err)
	}
	defer x.Close()
	own, plain := searcher(b, x), stock(b, filepath.Join(b.TempDir(), "plain"), source.Documents(*largeSize))
	qs := source.Questions(2000)
	b.Run("in turn", func(b *testing.B) {
		var took [2][]time.Duration
		for i := 0; b.Loop(); i++ {
			for side, search := range []func(string){own, plain} {
				began := time.Now()
				search(qs[i%len(qs)])
				took[side] = append(took[side], time.Since(began))
			}
		}
		for side, name := range []string{"own", "plain"} {
			sum := time.Duration(0)
			for _, t := range took[side] {
				sum += t
			}
			slices.Sort(took[side])
			n := len(took[side])
			b.ReportMetric(float64(sum.Microseconds())/float64(n), name+"-mean-µs")
			b.ReportMetric(float64(took[side][n/2].Microseconds()), name+"-p50-µs")
			b.ReportMetric(float64(took[side][n*99/100].Microseconds()), name+"-p99-µs")
		}
	})
}

func BenchmarkNew(b *testing.B) {
	docs := corpus(packSize)
	b.ReportAllocs()
	for b.Loop() {
		build(b, docs).Close()
	}
}

// benchmark runs search on one goroutine and reports the slowest of a hundred beside the mean.
func benchmark(b *testing.B, search func(string)) {
	qs := questions()
	var took []time.Duration
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		began := time.Now()
		search(qs[i%len(qs)])
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}

func build(t testing.TB, docs []knowledge.Document) *index.Index {
	t.Helper()
	x, err := index.New(context.Background(), slices.Values(docs))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() })
	return x
}

func searcher(t testing.TB, x *index.Index) func(string) {
	return func(q string) {
		if _, err := x.Search(context.Background(), index.Query{Text: q}); err != nil {
			t.Fatal(err)
		}
	}
}

// stock is a plain match query on a Bleve index of one field, which is as lean as its settings make it. It lies in dir,
// or in memory.
func stock(t testing.TB, dir string, docs iter.Seq[knowledge.Document]) func(string) {
	t.Helper()
	field, m, store := bleve.NewTextFieldMapping(), bleve.NewIndexMapping(), scorch.Name
	field.Analyzer, field.Store, field.IncludeTermVectors, field.IncludeInAll, field.DocValues = "en", false, false, false, false
	m.DefaultMapping = bleve.NewDocumentStaticMapping()
	m.DefaultMapping.AddFieldMappingsAt("text", field)
	if dir == "" {
		store = bleve.Config.DefaultMemKVStore
	}
	x, err := bleve.NewUsing(dir, m, scorch.Name, store, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() })
	batch := x.NewBatch()
	for d := range docs {
		if err := batch.Index(d.ID, map[string]string{"text": d.Title + "\n" + d.Text}); err != nil {
			t.Fatal(err)
		}
		if batch.Size() == 5000 {
			if err := x.Batch(batch); err != nil {
				t.Fatal(err)
			}
			batch.Reset()
		}
	}
	if err := x.Batch(batch); err != nil {
		t.Fatal(err)
	}
	return func(q string) {
		match := bleve.NewMatchQuery(q)
		match.SetField("text")
		if _, err := x.Search(bleve.NewSearchRequest(match)); err != nil {
			t.Fatal(err)
		}
	}
}

// corpus makes documents of about 60 words whose frequencies fall as those of English do.
func corpus(n int) []knowledge.Document {
	r := rand.New(rand.NewPCG(1, 2))
	z := rand.NewZipf(r, 1.15, 3, 20_000)
	docs := make([]knowledge.Document, n)
	for i := range docs {
		docs[i] = knowledge.Document{
			ID:    fmt.Sprintf("d%06d", i),
			Kind:  []string{"skill", "salary", "passage"}[i%3],
			Title: words(z, 7),
			Text:  words(z, 30+r.IntN(60)),
		}
	}
	return docs
}

func questions() []string {
	r := rand.New(rand.NewPCG(3, 4))
	z := rand.NewZipf(r, 1.15, 60, 20_000) // questions are about rarer words than texts are made of
	qs := make([]string, 500)
	for i := range qs {
		qs[i] = words(z, 3+r.IntN(6))
	}
	return qs
}

// words are made of syllables, so that no two are alike and the stemmer leaves them alone.
func words(z *rand.Zipf, n int) string {
	var b strings.Builder
	for range n {
		for v := z.Uint64() + 40; v > 0; v /= 40 {
			b.WriteByte("bdfgklmn"[v%8])
			b.WriteByte("aiou"[v/8%5%4])
		}
		b.WriteByte(' ')
	}
	return strings.TrimSpace(b.String())
}
