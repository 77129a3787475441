package index

import (
	"cmp"
	"context"
	"math"
	"math/bits"
	"slices"

	"careerbot/index/segment"
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
	fieldWeights = [segment.Fields]float64{segment.Title: 2, segment.All: 1, segment.Exact: 0.4}
	fieldBs      = [segment.Fields]float64{segment.Title: 0.3, segment.All: 0.75, segment.Exact: 0.75}
)

// window is how many documents are scored at a time. Within a window each clause's list is read in one run into a
// table; between windows, clauses that can no longer lift a document into the best hits stop being read (MaxScore).
const window = 2048

// idf is how much a term tells when df of n documents have it; never negative.
func idf(df, n int) float64 {
	return math.Log1p((float64(n-df) + 0.5) / (float64(df) + 0.5))
}

// clause is a part of a score: what documents get for having a term once in a field, or for having it once more, or
// for having any of its alternatives.
type clause struct {
	lists  []*slot
	term   int // place in the question
	field  int
	first  int       // place of the clause that counts the first occurrence
	size   int       // documents in the lists
	scale  float64   // weights, idf and k1+1 multiplied
	before float64   // the occurrences that other clauses count
	damps  []float32 // by document of the part
	bound  float64   // what no document gets from this clause and those that count the occurrences before
}

// score is what a document gets for tf more occurrences.
func (c *clause) score(doc uint32, tf float64) float64 {
	d := float64(c.damps[doc])
	t := c.before + d
	return grain(c.scale * tf * d / (t * (t + tf)))
}

// bounded is at least what any document gets for tf occurrences in all.
func (c *clause) bounded(tf, least float64) float64 {
	return c.scale*tf/(tf+least) + segment.MaxCount/grains
}

// grains is the fineness of scores: parts of them are rounded to its fractions. Sums of those are exact, so that a score
// depends neither on the order in which it was added up nor on the segments the index consists of.
const grains = 1 << 28

func grain(x float64) float64 {
	const shift = 3 << 51 / grains // of floating-point numbers of this size, a grain is the last bit
	return x + shift - shift
}

// seek gives what doc gets, 0 where it has none of the lists.
func (c *clause) seek(doc uint32) float64 {
	tf := 0.0
	for _, l := range c.lists {
		if l.has(doc) {
			tf += l.weight
		}
	}
	if tf == 0 {
		return 0
	}
	return c.score(doc, tf)
}

// table holds the sums of one window.
type table struct {
	sums    [window]float64
	counts  [window]float64     // of the clause that is being read
	touched [window / 64]uint64 // which documents any clause has
	counted [window / 64]uint64 // which the clause being read has
}

// scorePart collects the best documents of a part. Clauses are read in the order of their bounds, largest first.
func (s *scratch) scorePart(ctx context.Context, part int) error {
	p := s.x.parts[part]
	s.sumBounds()
	essential := len(s.order)
	s.split(essential)
	for low := 0; low < len(p.kinds); low += window {
		if err := ctx.Err(); err != nil {
			return err
		}
		before := essential
		for essential > 0 && s.rest[essential-1]*s.maxFactor < s.top.floor() {
			essential--
		}
		if essential == 0 {
			return nil
		}
		if essential < before {
			s.split(essential)
		}
		high := uint32(min(low+window, len(p.kinds)))
		for _, i := range s.order[:essential] {
			s.fill(&s.clauses[i], uint32(low), high)
		}
		for _, i := range s.follow {
			s.add(&s.clauses[i], uint32(low), high)
		}
		s.drain(part, low)
	}
	return nil
}

// sumBounds sets s.order and s.rest. Of the clauses of one term in one field only the largest bound counts, as it
// covers those before it.
func (s *scratch) sumBounds() {
	n := len(s.clauses)
	s.order = s.order[:0]
	for i := range n {
		s.order = append(s.order, i)
	}
	slices.SortFunc(s.order, func(i, j int) int {
		return cmp.Or(cmp.Compare(s.clauses[j].bound, s.clauses[i].bound), j-i)
	})
	s.rest = append(s.rest[:0], make([]float64, n+1)...)
	s.reach = append(s.reach[:0], make([]float64, len(s.terms)*segment.Fields)...)
	for at := n - 1; at >= 0; at-- {
		c := &s.clauses[s.order[at]]
		family := c.term*segment.Fields + c.field
		s.rest[at] = s.rest[at+1] + c.bound - s.reach[family]
		s.reach[family] = c.bound
	}
}

// fill adds what a clause gives the documents from low to below high.
func (s *scratch) fill(c *clause, low, high uint32) {
	t := &s.table
	if len(c.lists) > 1 {
		s.count(c, high)
		for w, set := range t.counted {
			t.touched[w] |= set
		}
		s.settle(c, low)
		return
	}
	l := c.lists[0]
	weight := l.weight
	for {
		for ; l.next < l.n; l.next++ {
			doc := l.buffer[l.next]
			if doc >= high {
				return
			}
			at := doc % window
			t.sums[at] += c.score(doc, weight)
			t.touched[at/64] |= 1 << (at % 64)
		}
		if !l.fill() {
			return
		}
	}
}

// add is fill for a clause that cannot make a hit of a document by itself: only those that others have touched get
// what it gives.
func (s *scratch) add(c *clause, low, high uint32) {
	t := &s.table
	if len(c.lists) > 1 {
		s.count(c, high)
		for w, set := range t.touched {
			for left := t.counted[w] &^ set; left != 0; left &= left - 1 {
				t.counts[w*64+bits.TrailingZeros64(left)] = 0
			}
			t.counted[w] &= set
		}
		s.settle(c, low)
		return
	}
	l := c.lists[0]
	weight := l.weight
	for {
		for ; l.next < l.n; l.next++ {
			doc := l.buffer[l.next]
			if doc >= high {
				return
			}
			at := doc % window
			if t.touched[at/64]&(1<<(at%64)) != 0 {
				t.sums[at] += c.score(doc, weight)
			}
		}
		if !l.fill() {
			return
		}
	}
}

// count counts the occurrences of a clause of several lists.
func (s *scratch) count(c *clause, high uint32) {
	t := &s.table
	for _, l := range c.lists {
		for {
			for ; l.next < l.n && l.buffer[l.next] < high; l.next++ {
				at := l.buffer[l.next] % window
				t.counts[at] += l.weight
				t.counted[at/64] |= 1 << (at % 64)
			}
			if l.next < l.n || !l.fill() {
				break
			}
		}
	}
}

// settle turns the counts into scores.
func (s *scratch) settle(c *clause, low uint32) {
	t := &s.table
	for w, set := range t.counted {
		for ; set != 0; set &= set - 1 {
			at := w*64 + bits.TrailingZeros64(set)
			t.sums[at] += c.score(low+uint32(at), t.counts[at])
			t.counts[at] = 0
		}
		t.counted[w] = 0
	}
}

// drain offers the documents of the table to the collector and empties it, adding the clauses that were not filled in
// to those that still have a chance.
func (s *scratch) drain(part, low int) {
	t, kinds := &s.table, s.x.parts[part].kinds[low:]
	floor, rest := s.top.floor(), s.seekRest[0]
	for w := range t.touched {
		for set := t.touched[w]; set != 0; set &= set - 1 {
			at := w*64 + bits.TrailingZeros64(set)
			sum, factor := t.sums[at], s.factors[kinds[at]]
			t.sums[at] = 0
			if factor == 0 || (sum+rest)*factor < floor {
				continue
			}
			if s.finish(found{part: part, doc: uint32(low + at), score: sum}, factor) {
				floor = s.top.floor()
			}
		}
		t.touched[w] = 0
	}
}

// finish completes one document's sum and collects it, or gives up.
func (s *scratch) finish(f found, factor float64) bool {
	floor := s.top.floor()
	for i := range s.seekers {
		if (f.score+s.seekRest[i])*factor < floor {
			return false
		}
		f.score += s.seekers[i].seek(f.doc)
	}
	f.score *= factor
	s.top.offer(f)
	return true
}
