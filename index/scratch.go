package index

import (
	"context"
	"fmt"
	"slices"

	"careerbot/knowledge/lexicon"

	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// scratch is the memory of one search, used again by later ones. One goroutine has it at a time, so nothing in it is
// locked; that includes the dictionaries, whose readers are its own.
type scratch struct {
	x     *Index
	dicts [][fieldCount]segment.TermDictionary // by part

	// The question.
	terms     []Term
	worth     []float64 // by term: idf times weight; what Coverage counts
	total     float64   // sum of worth
	factors   []float64 // on the score, by kind; 0: not asked for
	maxFactor float64

	// The postings. Slots are used in the order in which lists are opened and keep their memory for the next search.
	slots   []slot
	used    int
	opened  []opened
	form    []byte
	cursors []cursor
	clauses []clause
	rest    []float64 // by clause: the sum of its bound and those after it

	table table
	top   best
}

// slot is the memory of one list of postings.
type slot struct {
	list segment.PostingsList
	it   segment.PostingsIterator
}

// opened is a list of postings that is not empty.
type opened struct {
	part, term, field, slot int
	weight                  float64 // of the alternative
}

func newScratch(x *Index) *scratch {
	return &scratch{x: x, top: best{ids: x.docs.ids}}
}

// search leaves the best documents in s.top.
func (s *scratch) search(ctx context.Context, q Query) error {
	size := q.Size
	if size <= 0 {
		size = 10
	}
	s.top.reset(min(size, maxSize))
	s.terms = s.x.terms(&q, s.terms[:0])
	s.weigh(&q)
	if err := s.open(len(q.Terms) == 0); err != nil {
		return err
	}
	for p, from := 0, 0; p < len(s.x.parts); p++ {
		to := from
		for to < len(s.opened) && s.opened[to].part == p {
			to++
		}
		clauses, err := s.prepare(s.opened[from:to])
		if err != nil {
			return err
		}
		if err := s.scorePart(ctx, &s.x.parts[p], clauses); err != nil {
			return err
		}
		from = to
	}
	return nil
}

// weigh sets the factor of every kind.
func (s *scratch) weigh(q *Query) {
	s.factors, s.maxFactor = s.factors[:0], 0
	for _, name := range s.x.docs.names {
		factor := 1.0
		if b := q.Boost[name]; weight(b) > 0 {
			factor = weight(b)
		}
		if len(q.Kinds) > 0 && !slices.Contains(q.Kinds, name) {
			factor = 0
		}
		s.factors = append(s.factors, factor)
		s.maxFactor = max(s.maxFactor, factor)
	}
}

// open finds the postings of every term and works out what each term is worth. Words of a text that no document has
// are repaired.
func (s *scratch) open(repair bool) error {
	if s.dicts == nil {
		if err := s.openDicts(); err != nil {
			return err
		}
	}
	s.used, s.opened, s.worth, s.total = 0, s.opened[:0], s.worth[:0], 0
	for i := range s.terms {
		t := &s.terms[i]
		documents, err := s.openTerm(i)
		if err == nil && documents == 0 && repair && !s.x.lex.Known(t.Word) && !everyday(t.Word) {
			if better, ok := s.x.words.repair(t.Word); ok {
				t.Word, t.Stem = better, lexicon.Stem(better)
				documents, err = s.openTerm(i)
			}
		}
		if err != nil {
			return err
		}
		worth := weight(t.Weight) * idf(max(documents, 1), s.x.stats.Documents)
		s.worth = append(s.worth, worth)
		s.total += worth
	}
	if len(s.x.parts) > 1 {
		slices.SortStableFunc(s.opened, func(a, b opened) int { return a.part - b.part })
	}
	return nil
}

func (s *scratch) openDicts() error {
	dicts := make([][fieldCount]segment.TermDictionary, len(s.x.parts))
	for p := range s.x.parts {
		for f, name := range fieldNames {
			d, err := s.x.parts[p].segment.Dictionary(name)
			if err != nil {
				return err
			}
			dicts[p][f] = d
		}
	}
	s.dicts = dicts
	return nil
}

// openTerm opens the postings of term i and gives the number of documents of its most frequent form.
func (s *scratch) openTerm(i int) (int, error) {
	t := &s.terms[i]
	if weight(t.Weight) == 0 {
		return 0, nil
	}
	stem := t.Stem
	if stem == "" {
		stem = lexicon.Stem(t.Word)
	}
	most := 0
	for f := range fieldNames {
		form := stem
		if f == fieldExact {
			form = t.Word
		}
		n, err := s.openForm(opened{term: i, field: f, weight: 1}, form)
		if err != nil {
			return 0, err
		}
		most = max(most, n)
		for a := 0; a < len(t.Also) && f != fieldExact; a++ {
			w := weight(t.Also[a].Weight)
			if w == 0 || t.Also[a].Stem == stem {
				continue
			}
			n, err := s.openForm(opened{term: i, field: f, weight: w}, t.Also[a].Stem)
			if err != nil {
				return 0, err
			}
			most = max(most, n)
		}
	}
	return most, nil
}

// openForm opens the postings of one form of a term in all parts and gives how many there are.
func (s *scratch) openForm(o opened, form string) (int, error) {
	s.form = append(s.form[:0], form...)
	total := 0
	for o.part = range s.x.parts {
		if s.used == len(s.slots) {
			s.slots = append(s.slots, slot{})
		}
		at := &s.slots[s.used]
		list, err := s.dicts[o.part][o.field].PostingsList(s.form, nil, at.list)
		if err != nil {
			return 0, fmt.Errorf("read the postings of %q: %w", form, err)
		}
		at.list = list
		if n := int(list.Count()); n > 0 {
			total += n
			o.slot = s.used
			s.used++
			s.opened = append(s.opened, o)
		}
	}
	return total, nil
}

// prepare makes clauses of the lists opened for one part: lists of one term and field stand together.
func (s *scratch) prepare(lists []opened) ([]clause, error) {
	s.cursors, s.clauses = s.cursors[:0], s.clauses[:0]
	if cap(s.cursors) < len(lists) {
		s.cursors = make([]cursor, 0, 2*len(lists)) // clauses point into it, so it must not grow below
	}
	for i, o := range lists {
		at := &s.slots[o.slot]
		at.it = at.list.Iterator(true, true, false, at.it)
		s.cursors = append(s.cursors, cursor{it: at.it, weight: o.weight})
		if err := s.cursors[len(s.cursors)-1].next(); err != nil {
			return nil, err
		}
		if i > 0 && lists[i-1].term == o.term && lists[i-1].field == o.field {
			last := &s.clauses[len(s.clauses)-1]
			last.cursors = last.cursors[:len(last.cursors)+1]
			continue
		}
		s.clauses = append(s.clauses, s.clause(o, s.cursors[len(s.cursors)-1:]))
	}
	return s.clauses, nil
}

func (s *scratch) clause(o opened, cursors []cursor) clause {
	scale := fieldWeights[o.field] * s.worth[o.term] * (k1 + 1)
	part := &s.x.parts[o.part]
	return clause{
		cursors: cursors,
		term:    o.term,
		scale:   scale,
		damps:   s.x.docs.damps[o.field][part.base : part.base+part.count],
		bound:   scale, // tf/(tf+damp) stays below 1
	}
}
