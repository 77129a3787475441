package index

import (
	"fmt"
	"math"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// part is one segment of Bleve's, postings of a run of documents numbered from 0, with our columns beside it. An
// index built from few documents has one part; a large one some, which are searched one after another.
type part struct {
	segment segment.Segment
	dicts   [fieldCount]segment.TermDictionary // only for Contains, which many goroutines may call at once
	columns *columns
	deleted *roaring.Bitmap // documents that are no more; nil for none

	kinds  []uint8               // places in Index.kinds; 0 for documents that are deleted
	damps  [fieldCount][]float32 // the k1*(1-b+b*length/average) of BM25
	least  [fieldCount]float64   // the smallest of damps
	mapped []byte                // the postings' file; nil in memory
	cache  *cache                // nil on disk: what is asked for there is seldom asked for again
	vocab  []tally               // words of the documents; taken by readVocabulary
	kept   *keeper               // what was kept of the documents; nil in memory
}

// alive says whether a document is there.
func (p *part) alive(doc int) bool { return p.deleted == nil || !p.deleted.Contains(uint32(doc)) }

// statistics are the counts that BM25 needs of the whole corpus. Bleve's own average length is the number of distinct
// terms, and changes with every merge.
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

// count adds up the documents of the parts.
func count(parts []*part) (s statistics) {
	for _, p := range parts {
		title, all, n := 0, 0, 0
		for doc := range p.columns.count() {
			if p.alive(doc) {
				title, all, n = title+int(p.columns.titles[doc]), all+int(p.columns.alls[doc]), n+1
			}
		}
		s.Documents += n
		s.Tokens[fieldTitle] += title
		s.Tokens[fieldAll] += all
		s.Tokens[fieldExact] += all
	}
	return s
}

// lay prepares the parts of x for searching, once all are known: lengths count against the average of all.
func (x *Index) lay() error {
	x.stats = count(x.parts)
	x.kinds = []string{""} // that of deleted documents, which is never asked for
	for _, p := range x.parts {
		for f, name := range fieldNames {
			d, err := p.segment.Dictionary(name)
			if err != nil {
				return fmt.Errorf("read the words of field %s: %w", name, err)
			}
			p.dicts[f] = d
		}
		if err := x.layKinds(p); err != nil {
			return err
		}
		c := p.columns
		p.damps[fieldTitle], p.least[fieldTitle] = damps(fieldTitle, c.titles, &x.stats)
		p.damps[fieldAll], p.least[fieldAll] = damps(fieldAll, c.alls, &x.stats)
		p.damps[fieldExact], p.least[fieldExact] = p.damps[fieldAll], p.least[fieldAll] // of one length and b
	}
	return nil
}

// layKinds numbers the kinds of the part as the index does.
func (x *Index) layKinds(p *part) error {
	places := make([]uint8, len(p.columns.names))
	for i, n := range p.columns.names {
		at := slices.Index(x.kinds[1:], n) + 1
		if at == 0 {
			if at = len(x.kinds); at > maxKinds {
				return fmt.Errorf("documents of more than %d kinds", maxKinds)
			}
			x.kinds = append(x.kinds, n)
		}
		places[i] = uint8(at)
	}
	p.kinds = make([]uint8, p.columns.count())
	for doc, k := range p.columns.kinds {
		if p.alive(doc) {
			p.kinds[doc] = places[k]
		}
	}
	return nil
}

// damps gives those of one field, and the smallest.
func damps(f int, lengths []uint16, stats *statistics) ([]float32, float64) {
	b, average := fieldBs[f], stats.average(f)
	out, least := make([]float32, len(lengths)), math.Inf(1)
	for doc, n := range lengths {
		d := float32(k1 * (1 - b + b*float64(n)/average))
		out[doc], least = d, min(least, float64(d))
	}
	return out, least
}

// knows says whether any document has the term in field f. Documents deleted since may be the only ones.
func (x *Index) knows(f int, term string) bool {
	for _, p := range x.parts {
		if ok, err := p.dicts[f].Contains([]byte(term)); ok && err == nil {
			return true
		}
	}
	return false
}
