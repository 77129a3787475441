package index

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"runtime"
	"sync"

	"careerbot/knowledge"
	"careerbot/knowledge/lexicon"

	"github.com/blevesearch/bleve/v2/document"
	"github.com/blevesearch/bleve/v2/index/scorch"
	bleve "github.com/blevesearch/bleve_index_api"
)

// The fields of a document. The order is that of fieldNames and of every table by field.
const (
	fieldTitle = iota // stems of the title
	fieldAll          // stems of title and text
	fieldExact        // words of title and text; also the dictionary that misspelt words are repaired from
	fieldCount
)

var fieldNames = [fieldCount]string{"title", "all", "exact"}

// batchSize is how many documents go into one segment. Larger batches only cost memory: one of 100,000 documents
// took 1.8 GB, batches of 1,000 to 10,000 a tenth of it at the same speed.
const batchSize = 5000

// progressStep is how many documents lie between two calls of the progress function.
const progressStep = 500

// statistics are the counts that BM25 needs of the whole corpus. They are counted while building, because Bleve's own
// average length is the number of distinct terms, and changes with every merge.
type statistics struct {
	Documents int
	Tokens    [fieldCount]int // words in the field, over all documents
}

// average is the mean number of words in field f, at least 1 so that it can be divided by.
func (s *statistics) average(f int) float64 {
	if s.Documents == 0 || s.Tokens[f] < s.Documents {
		return 1
	}
	return float64(s.Tokens[f]) / float64(s.Documents)
}

// reader turns a sequence of documents into Bleve's, counting as it goes.
type reader struct {
	progress func(int)
	mu       sync.Mutex
	stats    statistics // held by mu
}

// each calls add with every document of docs until one fails or ctx ends. Documents are analysed on all processors,
// so they come in any order; calls of add do not overlap.
func (r *reader) each(ctx context.Context, docs iter.Seq[knowledge.Document], add func(bleve.Document) error) error {
	if docs == nil {
		return errNone
	}
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	todo := make(chan knowledge.Document)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			words := newAnalyzer()
			for d := range todo {
				if err := r.take(words, d, add); err != nil {
					fail(fmt.Errorf("add document %q: %w", d.ID, err))
				}
			}
		})
	}
	err := feed(ctx, docs, todo)
	workers.Wait()
	if err == nil {
		err = context.Cause(ctx)
	}
	if err == nil {
		r.progress(r.stats.Documents)
	}
	return err
}

// feed checks documents and sends them to be analysed, then closes todo.
func feed(ctx context.Context, docs iter.Seq[knowledge.Document], todo chan<- knowledge.Document) error {
	defer close(todo)
	seen := map[string]struct{}{}
	for d := range docs {
		if d.ID == "" {
			return fmt.Errorf("document %d (%q) has no id: every document needs one", len(seen)+1, d.Title)
		}
		if _, twice := seen[d.ID]; twice {
			return fmt.Errorf("two documents have the id %q: ids must differ", d.ID)
		}
		if len(d.Kind) > maxKind {
			return fmt.Errorf("document %q: a kind of %d bytes, at most %d are kept", d.ID, len(d.Kind), maxKind)
		}
		seen[d.ID] = struct{}{}
		select {
		case todo <- d:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

// take analyses, counts and adds one document.
func (r *reader) take(words *analyzer, d knowledge.Document, add func(bleve.Document) error) error {
	doc, lengths := convert(words, d)
	r.mu.Lock()
	defer r.mu.Unlock()
	for f, n := range lengths {
		r.stats.Tokens[f] += n
	}
	r.stats.Documents++
	if r.stats.Documents%progressStep == 0 {
		r.progress(r.stats.Documents)
	}
	return add(doc)
}

// convert analyses one document into its fields, and gives their lengths.
func convert(words *analyzer, d knowledge.Document) (*document.Document, [fieldCount]int) {
	title, text := words.document(d.Title, d.Text)
	fields := [fieldCount]*field{
		fieldTitle: newField(fieldTitle, len(title)),
		fieldAll:   newField(fieldAll, len(title)+len(text)),
		fieldExact: newField(fieldExact, len(title)+len(text)),
	}
	for _, t := range title {
		fields[fieldTitle].add(t.Stem)
	}
	for _, part := range [][]lexicon.Token{title, text} {
		for _, t := range part {
			fields[fieldAll].add(t.Stem)
			fields[fieldExact].add(t.Word)
		}
	}
	doc := document.NewDocument(encodeID(d.ID, d.Kind, len(title), len(title)+len(text)))
	var lengths [fieldCount]int
	for f, field := range fields {
		lengths[f] = field.length
		doc.AddField(field)
	}
	return doc, lengths
}

// field is a Bleve field whose words are known already. With it Bleve needs no analyser, and analysers would have to
// be registered in a table shared by the whole process.
type field struct {
	name   string
	length int
	terms  bleve.TokenFrequencies
	counts []bleve.TokenFreq // what terms points to, made at once
}

// newField makes a field of at most size words.
func newField(f, size int) *field {
	return &field{name: fieldNames[f], terms: make(bleve.TokenFrequencies, size), counts: make([]bleve.TokenFreq, 0, size)}
}

func (f *field) add(term string) {
	f.length++
	tf := f.terms[term]
	if tf == nil {
		f.counts = append(f.counts, bleve.TokenFreq{Term: []byte(term)})
		tf = &f.counts[len(f.counts)-1]
		f.terms[term] = tf
	}
	tf.SetFrequency(tf.Frequency() + 1)
}

// The methods below make field a Bleve field.

func (f *field) Name() string                                     { return f.name }
func (f *field) Value() []byte                                    { return nil }
func (f *field) ArrayPositions() []uint64                         { return nil }
func (f *field) EncodedFieldType() byte                           { return 't' }
func (f *field) Analyze()                                         {}
func (f *field) Options() bleve.FieldIndexingOptions              { return bleve.IndexField }
func (f *field) AnalyzedLength() int                              { return f.length }
func (f *field) AnalyzedTokenFrequencies() bleve.TokenFrequencies { return f.terms }
func (f *field) NumPlainTextBytes() uint64                        { return 0 }
func (f *field) Size() int                                        { return 64 * len(f.terms) }

// buildMemory makes a scorch engine in memory. It keeps a goroutine until it is closed.
func buildMemory(ctx context.Context, docs iter.Seq[knowledge.Document], progress func(int)) (bleve.Index, statistics, error) {
	queue := bleve.NewAnalysisQueue(1) // nothing is left to analyse; the engine only passes documents through it
	defer queue.Close()
	engine, err := scorch.NewScorch(scorch.Name, map[string]any{"path": ""}, queue)
	if err != nil {
		return nil, statistics{}, fmt.Errorf("make the engine: %w", err)
	}
	if err := engine.Open(); err != nil {
		return nil, statistics{}, fmt.Errorf("start the engine: %w", err)
	}
	r, batch := &reader{progress: progress}, bleve.NewBatch()
	err = r.each(ctx, docs, func(d bleve.Document) error {
		batch.Update(d)
		if len(batch.IndexOps) < batchSize {
			return nil
		}
		defer batch.Reset()
		return engine.Batch(batch)
	})
	if err == nil && len(batch.IndexOps) > 0 {
		err = engine.Batch(batch)
	}
	if err != nil {
		return nil, statistics{}, errors.Join(err, engine.Close())
	}
	return engine, r.stats, nil
}

// buildDisk writes an index into dir, which must exist and be empty, with internal beside the postings. The function
// is called when the statistics are known, before anything is final.
func buildDisk(ctx context.Context, dir string, docs iter.Seq[knowledge.Document], progress func(int), internal func(statistics) (map[string][]byte, error)) (statistics, error) {
	values := map[string][]byte{}
	builder, err := scorch.NewBuilder(map[string]any{"path": dir, "buildPathPrefix": dir, "batchSize": batchSize, "internal": values})
	if err != nil {
		return statistics{}, fmt.Errorf("make the builder: %w", err)
	}
	r := &reader{progress: progress}
	if err := r.each(ctx, docs, builder.Index); err != nil {
		return statistics{}, err
	}
	if r.stats.Documents == 0 {
		return statistics{}, errEmpty
	}
	more, err := internal(r.stats)
	if err != nil {
		return statistics{}, err
	}
	maps.Copy(values, more)
	if err := builder.Close(); err != nil {
		return statistics{}, fmt.Errorf("write the postings: %w", err)
	}
	return r.stats, nil
}

var errNone = errors.New("no documents were given")

// errEmpty says that there is nothing to write: Bleve's builder cannot make an index of no documents.
var errEmpty = errors.New("there are no documents")
