package index

import (
	"cmp"
	"context"
	"math"
	"math/bits"
	"slices"

	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// The ranking: a document's score is the sum over terms and fields of
//
//	weight(field) * weight(term) * idf(term) * tf*(k1+1) / (tf + k1*(1-b(field)+b(field)*length/average))
//
// Weights and b are those that did best over four collections together (144 settings, checked on held-out ones).
// There is one idf for a term in all fields, and neither a factor for the share of terms matched nor a normalisation
// by question, so scores of different questions compare.
const k1 = 1.2

var (
	fieldWeights = [fieldCount]float64{fieldTitle: 2, fieldAll: 1, fieldExact: 0.4}
	fieldBs      = [fieldCount]float64{fieldTitle: 0.3, fieldAll: 0.75, fieldExact: 0.75}
)

// window is how many documents are scored at a time. Within a window each term's postings are read in one run into a
// table; between windows, terms that can no longer lift a document into the best hits stop being read (MaxScore).
const window = 2048

// finished is the document number of a cursor that has no more postings.
const finished = math.MaxUint32

// idf is how much a term tells when df of n documents have it; never negative.
func idf(df, n int) float64 {
	return math.Log1p((float64(n-df) + 0.5) / (float64(df) + 0.5))
}

// cursor walks the postings of one term in one field of one part.
type cursor struct {
	it     segment.PostingsIterator
	doc    uint32  // where it stands, or finished
	tf     float64 // how often the document has the term
	weight float64 // of the alternative
}

func (c *cursor) next() error              { return c.set(c.it.Next()) }
func (c *cursor) advance(doc uint32) error { return c.set(c.it.Advance(uint64(doc))) }

func (c *cursor) set(p segment.Posting, err error) error {
	if p == nil || err != nil {
		c.doc = finished
		return err
	}
	c.doc, c.tf = uint32(p.Number()), float64(p.Frequency())
	return nil
}

// clause is one term in one field: a cursor for the term and one for each alternative.
type clause struct {
	cursors []cursor
	term    int       // place in the question
	scale   float64   // weights, idf and k1+1 multiplied
	damps   []float32 // by document of the part
	bound   float64   // what no document's score for the clause exceeds
}

// score is the clause's part of a document's score. Alternatives are one term, so their counts are added up first.
func (c *clause) score(doc uint32, tf float64) float64 {
	return c.scale * tf / (tf + float64(c.damps[doc]))
}

// doc is the first document at which any of the clause's cursors stands.
func (c *clause) doc() uint32 {
	doc := c.cursors[0].doc
	for i := 1; i < len(c.cursors); i++ {
		doc = min(doc, c.cursors[i].doc)
	}
	return doc
}

// take gives the score for doc, at which at least one cursor stands, and moves on.
func (c *clause) take(doc uint32) (float64, error) {
	if len(c.cursors) == 1 { // most terms have no alternatives
		score := c.score(doc, c.cursors[0].tf)
		return score, c.cursors[0].next()
	}
	tf := 0.0
	for i := range c.cursors {
		cur := &c.cursors[i]
		if cur.doc != doc {
			continue
		}
		tf += cur.weight * cur.tf
		if err := cur.next(); err != nil {
			return 0, err
		}
	}
	return c.score(doc, tf), nil
}

// seek gives the score for doc, 0 where the document has none of the clause's terms.
func (c *clause) seek(doc uint32) (float64, error) {
	tf := 0.0
	for i := range c.cursors {
		cur := &c.cursors[i]
		if cur.doc < doc {
			if err := cur.advance(doc); err != nil {
				return 0, err
			}
		}
		if cur.doc == doc {
			tf += cur.weight * cur.tf
		}
	}
	if tf == 0 {
		return 0, nil
	}
	return c.score(doc, tf), nil
}

// table holds the sums of one window.
type table struct {
	sums    [window]float64
	masks   [window]uint32      // bit i: the question's term i matched
	touched [window / 64]uint64 // which documents any clause has
}

// scorePart collects the best documents of part p. Clauses are read in the order of their bounds, largest first;
// every document's sum is built in that order, so that its score does not depend on what was skipped.
func (s *scratch) scorePart(ctx context.Context, p *part, clauses []clause) error {
	slices.SortStableFunc(clauses, func(a, b clause) int { return cmp.Compare(b.bound, a.bound) })
	s.rest = append(s.rest[:0], make([]float64, len(clauses)+1)...)
	for i := len(clauses) - 1; i >= 0; i-- {
		s.rest[i] = s.rest[i+1] + clauses[i].bound
	}
	essential := len(clauses)
	for low := 0; low < p.count; low += window {
		if err := ctx.Err(); err != nil {
			return err
		}
		for essential > 0 && s.rest[essential-1]*s.maxFactor < s.top.floor() {
			essential--
		}
		if essential == 0 {
			return nil
		}
		high := uint32(min(low+window, p.count))
		for i := range clauses[:essential] {
			if err := s.fill(p, &clauses[i], uint32(low), high); err != nil {
				return err
			}
		}
		if err := s.drain(p, clauses[essential:], s.rest[essential:], low); err != nil {
			return err
		}
	}
	return nil
}

// fill adds the clause's scores of the documents from low to below high to the table.
func (s *scratch) fill(p *part, c *clause, low, high uint32) error {
	t, bit, kinds := &s.table, uint32(1)<<c.term, s.x.docs.kinds[p.base:]
	for doc := c.doc(); doc < high; doc = c.doc() {
		score, err := c.take(doc)
		if err != nil {
			return err
		}
		if s.factors[kinds[doc]] == 0 {
			continue
		}
		at := (doc - low) % window
		t.sums[at] += score
		t.masks[at] |= bit
		t.touched[at/64] |= 1 << (at % 64)
	}
	return nil
}

// drain offers the documents of the table to the collector and empties it, adding the clauses that were not filled in
// to those that still have a chance.
func (s *scratch) drain(p *part, clauses []clause, rest []float64, low int) error {
	t := &s.table
	for w := range t.touched {
		for set := t.touched[w]; set != 0; set &= set - 1 {
			at := w*64 + bits.TrailingZeros64(set)
			sum, mask := t.sums[at], t.masks[at]
			t.sums[at], t.masks[at] = 0, 0
			if err := s.finish(p, clauses, rest, low+at, sum, mask); err != nil {
				return err
			}
		}
		t.touched[w] = 0
	}
	return nil
}

// finish completes one document's sum and collects it.
func (s *scratch) finish(p *part, clauses []clause, rest []float64, doc int, sum float64, mask uint32) error {
	factor, floor := s.factors[s.x.docs.kinds[p.base+doc]], s.top.floor()
	for i := range clauses {
		if (sum+rest[i])*factor < floor {
			return nil
		}
		more, err := clauses[i].seek(uint32(doc))
		if err != nil {
			return err
		}
		if more > 0 {
			sum, mask = sum+more, mask|1<<clauses[i].term
		}
	}
	s.top.offer(found{doc: p.base + doc, score: sum * factor, mask: mask})
	return nil
}
