package index

import (
	"careerbot/knowledge"

	"github.com/blevesearch/bleve/v2/document"
)

// BleveDocument makes of d what goes into the engine, so that a test can put the same postings into a plain Bleve
// index and compare.
func BleveDocument(d knowledge.Document) *document.Document {
	doc, _ := convert(newAnalyzer(), d)
	return doc
}
