package segment

import (
	"math"

	"careerbot/knowledge"
	"careerbot/knowledge/lexicon"

	bleve "github.com/blevesearch/bleve_index_api"
)

// The fields of a document. The order is that of every table by field.
const (
	Title  = iota // stems of the title
	All           // stems of title and text
	Exact         // words of title and text; also the dictionary that misspelt words are repaired from
	Fields        // how many there are
)

// fieldNames are what Bleve knows the fields by.
var fieldNames = [Fields]string{"title", "all", "exact"}

// MaxCount is how often a word counts in one field of a document; further occurrences change a score by less than a
// hundred-thousandth.
const MaxCount = 255 // fits the byte behind the mark

// A term that a document has n times is indexed n times over: as itself, with the mark and 2, with the mark and 3,
// up to n. Then lists of documents are all there is to read: no list has counts beside it, a search goes through
// bitmaps, and a word's second occurrence, which few documents have, is bounded by what a second one is worth.
const layerMark = 0

// Layer appends to a term the form of a term under which documents stand that have it at least n times, n from 2 to MaxCount.
func Layer(term []byte, n int) []byte { return append(term, layerMark, byte(n)) }

// Entry is a document ready to be put into a segment.
type Entry struct {
	fields     [Fields]*field
	id, kind   string
	keep       string
	title, all uint16 // words in the title, and in title and text
}

// Entry analyses one document.
func (a *Analyzer) Entry(d *knowledge.Document) *Entry {
	title, text := a.document(d.Title, d.Text)
	all := len(title) + len(text)
	e := &Entry{
		id: d.ID, kind: d.Kind, keep: d.Keep,
		title: uint16(min(len(title), math.MaxUint16)), all: uint16(min(all, math.MaxUint16)),
		fields: [Fields]*field{
			Title: newField(Title, len(title)), All: newField(All, all), Exact: newField(Exact, all),
		},
	}
	for _, t := range title {
		e.fields[Title].add(t.Stem)
	}
	for _, part := range [][]lexicon.Token{title, text} {
		for _, t := range part {
			e.fields[All].add(t.Stem)
			e.fields[Exact].add(t.Word)
		}
	}
	return e
}

// field is a Bleve field whose words are known already. With it Bleve needs no analyser, and analysers would have to
// be registered in a table shared by the whole process.
type field struct {
	name   string
	terms  bleve.TokenFrequencies
	counts []bleve.TokenFreq // what terms points to, made at once
}

// newField makes a field of at most size words.
func newField(f, size int) *field {
	return &field{name: fieldNames[f], terms: make(bleve.TokenFrequencies, size), counts: make([]bleve.TokenFreq, 0, size)}
}

// add takes in one more occurrence of term.
func (f *field) add(term string) {
	if first := f.terms[term]; first != nil {
		n := first.Frequency() + 1 // counted where Bleve does not look, as the field's options say
		first.SetFrequency(n)
		if n > MaxCount {
			return
		}
		term = string(Layer([]byte(term), n))
	}
	f.counts = append(f.counts, bleve.TokenFreq{Term: []byte(term)})
	tf := &f.counts[len(f.counts)-1]
	tf.SetFrequency(1)
	f.terms[term] = tf
}

// The methods below make field a Bleve field.

func (f *field) Name() string                                     { return f.name }
func (f *field) Value() []byte                                    { return nil }
func (f *field) ArrayPositions() []uint64                         { return nil }
func (f *field) EncodedFieldType() byte                           { return 't' }
func (f *field) Analyze()                                         {}
func (f *field) Options() bleve.FieldIndexingOptions              { return bleve.IndexField | bleve.SkipFreqNorm }
func (f *field) AnalyzedLength() int                              { return len(f.counts) }
func (f *field) AnalyzedTokenFrequencies() bleve.TokenFrequencies { return f.terms }
func (f *field) NumPlainTextBytes() uint64                        { return 0 }
func (f *field) Size() int                                        { return 64 * len(f.terms) }

// name is the field by which Bleve knows a document. It is the same for all: ids are kept in columns of our own, where
// a search needs them.
type name struct{ field }

func (n *name) Value() []byte { return []byte{'.'} }
func (n *name) Options() bleve.FieldIndexingOptions {
	return bleve.IndexField | bleve.StoreField | bleve.SkipFreqNorm
}

func newName() *name {
	return &name{field{name: "_id", terms: bleve.TokenFrequencies{".": {Term: []byte{'.'}}}, counts: make([]bleve.TokenFreq, 1)}}
}

// posted is an entry as Bleve sees it.
type posted struct {
	name   *name
	fields [Fields]*field
}

func (p *posted) VisitFields(visit bleve.FieldVisitor) {
	visit(p.name)
	for _, f := range p.fields {
		visit(f)
	}
}

func (p *posted) ID() string                                 { return "." }
func (p *posted) Size() int                                  { return 0 }
func (p *posted) VisitComposite(bleve.CompositeFieldVisitor) {}
func (p *posted) HasComposite() bool                         { return false }
func (p *posted) NumPlainTextBytes() uint64                  { return 0 }
func (p *posted) AddIDField()                                {}
func (p *posted) StoredFieldsBytes() uint64                  { return 1 }
func (p *posted) Indexed() bool                              { return true }
