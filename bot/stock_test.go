package bot_test

import (
	"context"
	"testing"

	"careerbot/bot"
	"careerbot/bot/chat"
	"careerbot/knowledge"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
)

// BenchmarkAgainstStock answers the same questions in the same run by the whole bot and by one plain Bleve match query
// on an index of the same documents: the bar is three times the latter.
func BenchmarkAgainstStock(b *testing.B) {
	lib, err := bot.OpenLibrary(context.Background(), bot.LibraryConfig{Builtin: true})
	if err != nil {
		b.Fatal(err)
	}
	defer lib.Close()
	b.Run("ask", func(b *testing.B) {
		ask := bot.New(lib)
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			if _, err := ask.Ask(context.Background(), chat.Question{Text: asked[i%len(asked)]}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("stock", func(b *testing.B) {
		index := stock(b, lib.Pack())
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			if _, err := index.Search(bleve.NewSearchRequest(bleve.NewMatchQuery(asked[i%len(asked)]))); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// stock indexes the pack's documents as Bleve does by itself, in memory and in one batch.
func stock(b *testing.B, p *knowledge.Pack) bleve.Index {
	b.Helper()
	index, err := bleve.NewUsing("", bleve.NewIndexMapping(), scorch.Name, bleve.Config.DefaultMemKVStore, nil)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = index.Close() })
	batch := index.NewBatch()
	for d := range p.Documents() {
		if err := batch.Index(d.ID, map[string]string{"title": d.Title, "text": d.Text}); err != nil {
			b.Fatal(err)
		}
	}
	if err := index.Batch(batch); err != nil {
		b.Fatal(err)
	}
	return index
}
