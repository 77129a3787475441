package index

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"

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

// documents are what a search needs of every document, by document number: the parts' one after another. They lie in
// memory (about 50 bytes each), since reading them from Bleve for every candidate would cost more than all the rest.
type documents struct {
	ids   []string
	kinds []uint8  // places in names
	names []string // kinds
	// damps are the k1*(1-b+b*length/average) of BM25. Bleve keeps lengths too, but as reciprocals of square roots:
	// getting them back took half the time of a search.
	damps [fieldCount][]float32
}

// The id that Bleve knows a document by ends in a tail of ours, so that reopening an index takes one pass over the
// ids: the kind, its length as one byte, then the number of words of the title and of title and text together.
const (
	tailLengths = 8 // two 32-bit numbers
	maxKind     = math.MaxUint8
)

func encodeID(id, kind string, title, all int) string {
	b := make([]byte, 0, len(id)+len(kind)+1+tailLengths)
	b = append(append(b, id...), kind...)
	b = append(b, byte(len(kind)))
	b = binary.BigEndian.AppendUint32(b, uint32(title))
	return string(binary.BigEndian.AppendUint32(b, uint32(all)))
}

var errID = errors.New("not an id this package wrote")

// decodeID is the inverse of encodeID.
func decodeID(b []byte) (id, kind []byte, title, all int, err error) {
	at := len(b) - tailLengths - 1
	if at < 0 || int(b[at]) > at {
		return nil, nil, 0, 0, errID
	}
	split, lengths := at-int(b[at]), b[at+1:]
	return b[:split], b[split:at], int(binary.BigEndian.Uint32(lengths)), int(binary.BigEndian.Uint32(lengths[4:])), nil
}

// add reads the documents of p.
func (d *documents) add(p part, stats *statistics) error {
	d.ids, d.kinds = slices.Grow(d.ids, p.count), slices.Grow(d.kinds, p.count)
	for f := range d.damps {
		d.damps[f] = slices.Grow(d.damps[f], p.count)
	}
	for n := range p.count {
		raw, err := p.segment.DocID(uint64(n))
		if err != nil {
			return fmt.Errorf("read the id of document %d: %w", n, err)
		}
		id, kind, title, all, err := decodeID(raw)
		if err != nil {
			return fmt.Errorf("read the id of document %d: %w", n, err)
		}
		k, err := d.kind(kind)
		if err != nil {
			return err
		}
		d.ids, d.kinds = append(d.ids, string(id)), append(d.kinds, k)
		for f, length := range [fieldCount]int{fieldTitle: title, fieldAll: all, fieldExact: all} {
			d.damps[f] = append(d.damps[f], damp(f, length, stats))
		}
	}
	return nil
}

// kind gives the place of a kind in names.
func (d *documents) kind(name []byte) (uint8, error) {
	for i, n := range d.names {
		if bytes.Equal([]byte(n), name) {
			return uint8(i), nil
		}
	}
	if len(d.names) > math.MaxUint8 {
		return 0, fmt.Errorf("documents of more than %d kinds", len(d.names))
	}
	d.names = append(d.names, string(name))
	return uint8(len(d.names) - 1), nil
}

func damp(f, length int, stats *statistics) float32 {
	b := fieldBs[f]
	return float32(k1 * (1 - b + b*float64(length)/stats.average(f)))
}
