package index_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"careerbot/index"
	"careerbot/knowledge"
)

// The benchmarks put the same questions to this package and to a plain Bleve match query over the same postings:
//
//	go test ./index -run '^$' -bench . -benchmem
//	go test ./index -run '^$' -bench Parallel -cpu 1,2
const packSize, largeSize = 650, 100_000

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

func parallel(b *testing.B, search func(string)) {
	qs := questions()
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for i := 0; pb.Next(); i++ {
			search(qs[i%len(qs)])
		}
	})
}

func BenchmarkLarge(b *testing.B) {
	if testing.Short() {
		b.Skip("builds two indexes of 100,000 documents")
	}
	docs := corpus(largeSize)
	b.Run("Search", func(b *testing.B) { benchmark(b, searcher(b, build(b, docs))) })
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
