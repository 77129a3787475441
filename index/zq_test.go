package index_test

import (
	"testing"

	"careerbot/index"
	"careerbot/index/sample"
	"careerbot/knowledge"
)

func BenchmarkZ(b *testing.B) {
	s, _ := sample.New()
	x, err := index.New(b.Context(), func(yield func(knowledge.Document) bool) {
		for i := range 100_000 / sample.Sections {
			for _, d := range s.Article(i, 0) {
				if !yield(d) {
					return
				}
			}
		}
	})
	if err != nil {
		b.Fatal(err)
	}
	qs := s.Questions(1000)
	b.Run("q", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			x.Search(b.Context(), index.Query{Text: qs[i%1000]})
		}
	})
}
