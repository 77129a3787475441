package segment

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"
	scorch "github.com/blevesearch/scorch_segment_api/v2"
)

// Part is one segment of Bleve's, postings of a run of documents numbered from 0, with our columns beside it. But for
// Words and Close, any number of goroutines may use it at once.
type Part struct {
	postings scorch.Segment
	columns  *columns
	deleted  *roaring.Bitmap // documents that are no more; nil for none
	mapped   []byte          // the postings' file; nil in memory
	words    []Tally         // read from a file; until somebody takes them
	kept     *keeper         // what was kept of the documents; nil in memory
}

// Count is the number of documents, deleted ones too.
func (p *Part) Count() int { return p.columns.count() }

// Alive says whether a document is there.
func (p *Part) Alive(doc int) bool { return p.deleted == nil || !p.deleted.Contains(uint32(doc)) }

// ID is the id of a document. It is good until the part is closed, and not to be written to.
func (p *Part) ID(doc int) []byte { return p.columns.id(doc) }

// Kinds gives the kinds that occur, at most MaxKinds, and for each document the place of its kind among them.
func (p *Part) Kinds() (names []string, places []uint8) { return p.columns.names, p.columns.kinds }

// Lengths gives for each document how many words it has in a field, at most 65,535.
func (p *Part) Lengths(field int) []uint16 {
	if field == Title {
		return p.columns.titles
	}
	return p.columns.alls
}

// Kept gives what was kept of a document; nil where that is nothing, as it always is in memory. The error names the
// file that is damaged.
func (p *Part) Kept(doc int) ([]byte, error) {
	if p.kept == nil {
		return nil, nil
	}
	return p.kept.record(doc)
}

// Mapped is how many bytes of files are mapped into memory.
func (p *Part) Mapped() int64 { return int64(len(p.mapped)) }

// Forget takes what is mapped out of this process's memory. It is back at a touch.
func (p *Part) Forget() { forget(p.mapped) }

// Close gives back what the part holds. Nobody may use it, or a list read from it, any more.
func (p *Part) Close() error { return errors.Join(p.postings.Close(), p.kept.close()) }

// Tally is a word and how many documents have it, deleted ones too.
type Tally struct {
	Word      string
	Documents uint32
}

// Words lists the words of field Exact in the order of their bytes. The first call for a part of files is the cheapest:
// it hands over what was read from one.
func (p *Part) Words() ([]Tally, error) {
	if words := p.words; words != nil {
		p.words = nil
		return words, nil
	}
	dict, err := p.postings.Dictionary(fieldNames[Exact])
	if err != nil {
		return nil, err
	}
	it := dict.AutomatonIterator(nil, nil, nil)
	var words []Tally
	var list scorch.PostingsList
	for {
		entry, err := it.Next()
		if err != nil || entry == nil {
			return words, err
		}
		if strings.IndexByte(entry.Term, layerMark) >= 0 {
			continue
		}
		// Not entry.Count: zapx 17.2.3 gives 1 from the first word on that only one document has.
		if list, err = dict.PostingsList([]byte(entry.Term), nil, list); err != nil {
			return nil, err
		}
		words = append(words, Tally{entry.Term, uint32(min(list.Count(), math.MaxUint32))})
	}
}

// Dictionary gives a reader of the words of a field.
func (p *Part) Dictionary(field int) (*Dictionary, error) {
	d, err := p.postings.Dictionary(fieldNames[field])
	if err != nil {
		return nil, fmt.Errorf("read the words of field %s: %w", fieldNames[field], err)
	}
	return &Dictionary{words: d, deleted: p.deleted}, nil
}
