package index

import (
	"fmt"

	"github.com/blevesearch/bleve/v2/index/scorch"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// part is one segment of Bleve's: postings of a run of documents, numbered from 0. An index built in one batch, and
// every index on disk, has one part.
type part struct {
	segment segment.Segment
	dicts   [fieldCount]segment.TermDictionary // only for Contains, which many goroutines may call at once
	base    int                                // the first document's place in ids and kinds
	count   int
}

// read takes one snapshot of the engine for the life of the index. Searches work on its segments directly: going
// through the snapshot takes two locks and a dozen allocations a word.
func (x *Index) read() error {
	reader, err := x.engine.Reader()
	if err != nil {
		return fmt.Errorf("read postings: %w", err)
	}
	x.reader = reader
	snapshot, ok := reader.(*scorch.IndexSnapshot)
	if !ok {
		return fmt.Errorf("read postings: the engine's reader is a %T, want scorch's", reader)
	}
	for _, s := range snapshot.Segments() {
		p := part{segment: s.Segment(), base: len(x.docs.ids), count: int(s.Segment().Count())}
		for f, name := range fieldNames {
			if p.dicts[f], err = p.segment.Dictionary(name); err != nil {
				return fmt.Errorf("read the words of field %s: %w", name, err)
			}
		}
		if err := x.docs.add(p, &x.stats); err != nil {
			return err
		}
		x.parts = append(x.parts, p)
	}
	if got := len(x.docs.ids); got != x.stats.Documents {
		return fmt.Errorf("read postings: %d documents, want %d", got, x.stats.Documents)
	}
	return nil
}

// knows says whether any document has the term in field f.
func (x *Index) knows(f int, term string) bool {
	for _, p := range x.parts {
		if ok, err := p.dicts[f].Contains([]byte(term)); ok && err == nil {
			return true
		}
	}
	return false
}
