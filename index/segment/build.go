package segment

import (
	"context"
	"fmt"
	"iter"
	"runtime"
	"sync"

	"careerbot/knowledge"

	bleve "github.com/blevesearch/bleve_index_api"
	scorch "github.com/blevesearch/scorch_segment_api/v2"
	zap "github.com/blevesearch/zapx/v17"
)

// ProgressStep is how many documents lie between two calls of a progress function.
const ProgressStep = 500

// maxKind is the longest name of a kind, in bytes.
const maxKind = 255

// Build makes parts in memory, of batch documents each. It calls progress with the number of documents read so far,
// every ProgressStep documents and at the end. Ids must be there and unlike each other, or it is an error, as is the end
// of ctx.
func Build(ctx context.Context, docs iter.Seq[knowledge.Document], batch int, progress func(done int)) ([]*Part, error) {
	var parts []*Part
	done, ids, waiting := 0, IDs{}, make([]knowledge.Document, 0, 1024)
	flush := func() error {
		p, err := New(analyse(waiting))
		parts, waiting = append(parts, p), waiting[:0]
		return err
	}
	for d := range docs {
		if err := ids.Add(&d); err != nil {
			return nil, err
		}
		if err := ctx.Err(); err != nil {
			return nil, context.Cause(ctx)
		}
		if done++; done%ProgressStep == 0 {
			progress(done)
		}
		if waiting = append(waiting, d); len(waiting) == batch {
			if err := flush(); err != nil {
				return nil, err
			}
		}
	}
	if len(waiting) > 0 {
		if err := flush(); err != nil {
			return nil, err
		}
	}
	progress(done)
	return parts, ctx.Err()
}

// IDs are the ids of documents taken in so far. It finds documents that cannot be told apart.
type IDs map[string]struct{}

// Add takes in a document; the error says what is wrong with its id or its kind.
func (s IDs) Add(d *knowledge.Document) error {
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
func analyse(docs []knowledge.Document) []*Entry {
	entries := make([]*Entry, len(docs))
	var workers sync.WaitGroup
	n := runtime.GOMAXPROCS(0)
	for w := range n {
		workers.Go(func() {
			words := NewAnalyzer()
			for i := w; i < len(docs); i += n {
				entries[i] = words.Entry(&docs[i])
			}
		})
	}
	workers.Wait()
	return entries
}

// New makes a part in memory.
func New(entries []*Entry) (*Part, error) {
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
	return &Part{postings: s, columns: c}, nil
}

var _ scorch.UnpersistedSegment = (*zap.SegmentBase)(nil)
