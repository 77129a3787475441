package index

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"sync/atomic"
	"time"

	"careerbot/index/segment"
	"careerbot/knowledge"
	"careerbot/knowledge/lexicon"
)

// ErrClosed is returned by Search after Close.
var ErrClosed = errors.New("the index is closed: open it again before searching")

var errNone = errors.New("no documents were given")

// Index is a body of documents that can be searched by any number of goroutines at once. It never changes; to take
// in new documents, build another and close this one.
type Index struct {
	mu     sync.RWMutex // held for reading by every search, so that Close cannot unmap postings under it
	closed bool

	parts   []*part
	kinds   []string // of documents; the first is that of deleted ones
	words   vocabulary
	stats   statistics
	lex     *lexicon.Lexicon
	info    Info
	mapped  int64 // bytes of files mapped into memory
	asked   atomic.Uint32
	scratch sync.Pool // *scratch; in the struct, since a scratch holds readers of this index's dictionaries
}

// Info says what an index holds and how it came to be.
type Info struct {
	Documents int           // how many there are
	Terms     int           // distinct words, before stemming
	Segments  int           // parts that are searched one after another
	Bytes     int64         // on disk; 0 for an index in memory
	Version   string        // the corpus version given to Open; "" for an index in memory
	Built     time.Time     // when the postings were written
	Took      time.Duration // how long New or Open took
	Rebuilt   bool          // whether this call wrote the postings rather than finding them ready
}

// batchSize is how many documents go into one segment at first. Larger batches only cost memory: two of 10,000 at a
// time took 1.3 GB and were no faster.
const batchSize = 5000

// Option changes how an index is built and searched.
type Option func(*options)

type options struct {
	lex      *lexicon.Lexicon
	progress func(done int)
	batch    int
}

// WithLexicon adds the pack's synonyms to questions given as text. Documents are indexed alike with and without it.
func WithLexicon(l *lexicon.Lexicon) Option { return func(o *options) { o.lex = l } }

// WithProgress has f called with the number of documents read so far, every few hundred documents and at the end.
// Calls never overlap.
func WithProgress(f func(done int)) Option { return func(o *options) { o.progress = f } }

// WithBatch sets how many documents go into one segment at first; by default 5,000. Small ones are for tests: they make
// an index of many segments out of few documents.
func WithBatch(documents int) Option { return func(o *options) { o.batch = max(documents, 1) } }

func newOptions(opts []Option) options {
	o := options{progress: func(int) {}, batch: batchSize}
	for _, opt := range opts {
		opt(&o)
	}
	if o.progress == nil {
		o.progress = func(int) {}
	}
	return o
}

// New builds an index of docs in memory. Ids must be non-empty and unlike each other. The error is the context's when
// ctx ends first.
func New(ctx context.Context, docs iter.Seq[knowledge.Document], opts ...Option) (*Index, error) {
	began, o := time.Now(), newOptions(opts)
	if docs == nil {
		return nil, fmt.Errorf("build index in memory: %w", errNone)
	}
	segments, err := segment.Build(ctx, docs, o.batch, o.progress)
	if err != nil {
		return nil, fmt.Errorf("build index in memory: %w", err)
	}
	x, err := newIndex(segments, o)
	if err != nil {
		return nil, fmt.Errorf("build index in memory: %w", err)
	}
	for _, p := range x.parts {
		p.cache = newCache()
	}
	x.info.Built, x.info.Rebuilt = began, true
	x.info.Took = time.Since(began)
	return x, nil
}

// newIndex takes over segments, also to close them when it returns an error.
func newIndex(segments []*segment.Part, o options) (*Index, error) {
	x := &Index{lex: o.lex}
	for _, s := range segments {
		x.parts = append(x.parts, &part{Part: s})
		x.mapped += s.Mapped()
	}
	err := x.lay()
	if err == nil {
		x.words, err = readVocabulary(segments)
	}
	if err != nil {
		return nil, errors.Join(err, x.Close())
	}
	x.scratch.New = func() any { return newScratch(x) }
	x.info.Documents, x.info.Terms, x.info.Segments = x.stats.Documents, x.words.size, len(segments)
	return x, nil
}

// Has says whether word is in the vocabulary: as a word of some document, or as the stem of one. Case does not
// matter; of several words all must be. It is false after Close.
func (x *Index) Has(word string) bool {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.closed {
		return false
	}
	tokens := lexicon.Tokenize(word)
	for _, t := range tokens {
		if !x.knows(segment.Exact, t.Word) && !x.knows(segment.All, t.Stem) && !x.knows(segment.All, t.Word) {
			return false
		}
	}
	return len(tokens) > 0
}

// Info describes the index; it may be called after Close.
func (x *Index) Info() Info { return x.info }

// Kept gives what the index keeps of a document that this index found; nil where that is nothing. The error names the
// file that is damaged, or is ErrClosed.
func (x *Index) Kept(h Hit) ([]byte, error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.closed {
		return nil, ErrClosed
	}
	if h.at.part >= len(x.parts) {
		return nil, nil
	}
	return x.parts[h.at.part].Kept(int(h.at.doc))
}

// Of the files of a large index that are mapped into memory, at most about this much stays there, so that a large
// corpus fits beside other programs. It is looked at after every few searches.
const (
	residentLimit = 80 << 20
	residentEvery = 4
)

// trim keeps to residentLimit.
func (x *Index) trim() {
	if x.mapped <= residentLimit || x.asked.Add(1)%residentEvery != 0 || segment.Resident() <= residentLimit {
		return
	}
	for _, p := range x.parts {
		p.Forget()
	}
}

// Close waits for searches under way and gives back what the index holds. Later calls do nothing.
func (x *Index) Close() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed {
		return nil
	}
	x.closed = true
	var err error
	for _, p := range x.parts {
		err = errors.Join(err, p.Close())
	}
	x.parts = nil
	if err != nil {
		return fmt.Errorf("close index: %w", err)
	}
	return nil
}
