package index

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
)

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
