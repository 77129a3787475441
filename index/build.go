package index

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"sync"

	"careerbot/knowledge"

	bleve "github.com/blevesearch/bleve_index_api"
	segment "github.com/blevesearch/scorch_segment_api/v2"
	zap "github.com/blevesearch/zapx/v17"
)

// batchSize is how many documents go into one segment at first. Larger batches only cost memory: two of 10,000 at a
// time took 1.3 GB and were no faster.
const batchSize = 5000

// progressStep is how many documents lie between two calls of the progress function.
const progressStep = 500

// maxKind is the longest name of a kind, in bytes.
const maxKind = 255

var errNone = errors.New("no documents were given")

// buildMemory makes parts in memory.
func buildMemory(ctx context.Context, docs iter.Seq[knowledge.Document], o options) ([]*part, error) {
	if docs == nil {
		return nil, errNone
	}
	var parts []*part
	done, ids, batch := 0, idSet{}, make([]knowledge.Document, 0, 1024)
	flush := func() error {
		p, err := newPart(analyse(batch))
		parts, batch = append(parts, p), batch[:0]
		return err
	}
	for d := range docs {
		if err := ids.add(&d); err != nil {
			return nil, err
		}
		if err := ctx.Err(); err != nil {
			return nil, context.Cause(ctx)
		}
		if done++; done%progressStep == 0 {
			o.progress(done)
		}
		if batch = append(batch, d); len(batch) == o.batch {
			if err := flush(); err != nil {
				return nil, err
			}
		}
	}
	if len(batch) > 0 {
		if err := flush(); err != nil {
			return nil, err
		}
	}
	o.progress(done)
	return parts, ctx.Err()
}

// idSet finds documents that cannot be told apart.
type idSet map[string]struct{}

func (s idSet) add(d *knowledge.Document) error {
	if d.ID == "" {
		return fmt.Errorf("document %d (%q) has no id: every document needs one", len(s)+1, d.Title)
	}
	if _, twice := s[d.ID]; twice {
		return fmt.Errorf("two documents have the id %q: ids must differ", d.ID)
	}
	if len(d.Kind) > maxKind {
		return fmt.Errorf("document %q: a kind of %d bytes, at most %d are kept", d.ID, len(d.Kind), maxKind)
	}
	s[d.ID] = struct{}{}
	return nil
}

// analyse converts documents on all processors.
func analyse(docs []knowledge.Document) []*entry {
	entries := make([]*entry, len(docs))
	var workers sync.WaitGroup
	n := runtime.GOMAXPROCS(0)
	for w := range n {
		workers.Go(func() {
			words := newAnalyzer()
			for i := w; i < len(docs); i += n {
				entries[i] = convert(words, &docs[i])
			}
		})
	}
	workers.Wait()
	return entries
}

// newPart makes a segment in memory.
func newPart(entries []*entry) (*part, error) {
	docs, c, name := make([]bleve.Document, len(entries)), &columns{}, newName()
	for i, e := range entries {
		docs[i] = &posted{name: name, fields: e.fields}
		if err := c.add(e.id, e.kind, e.title, e.all, len(e.keep)); err != nil {
			return nil, err
		}
	}
	s, _, err := new(zap.ZapPlugin).New(docs)
	if err != nil {
		return nil, fmt.Errorf("write postings: %w", err)
	}
	return &part{segment: s, columns: c, cache: newCache()}, nil
}

var _ segment.UnpersistedSegment = (*zap.SegmentBase)(nil)
