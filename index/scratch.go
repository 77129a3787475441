package index

import (
	"context"
	"fmt"
	"slices"

	"careerbot/index/segment"
	"careerbot/knowledge/lexicon"
)

// scratch is the memory of one search, used again by later ones. One goroutine has it at a time, so nothing in it is
// locked; that includes the dictionaries, whose readers are its own.
type scratch struct {
	x     *Index
	dicts [][segment.Fields]*segment.Dictionary // by part

	// The question.
	terms     []Term
	worth     []float64 // by term: idf times weight; what Coverage counts
	total     float64   // sum of worth
	factors   []float64 // on the score, by kind; 0: not asked for
	maxFactor float64

	// The postings. Slots are used in the order in which lists are opened and keep their memory for the next search.
	slots   []*slot
	used    int
	opened  []opened
	form    []byte
	lists   []*slot // of the part, by clause
	clauses []clause
	order   []int     // clauses, the largest bound first
	rest    []float64 // by place in order: what the clause and those after it can add to a document that no clause before it has
	reach   []float64 // by term and field: the bound of its clauses seen so far

	follow   []int // clauses that are read but make no candidates
	seekers  []seeker
	seekRest []float64 // by seeker: the sum of its bound and those after it

	table table
	top   best
}

// opened is a list of documents that is not empty.
type opened struct {
	part, term, field int
	layer             int     // the list has the documents with the term that many times or more
	weight            float64 // of the alternative
	mixed             bool    // documents have other forms of the term too, in whichever part
	slot              *slot
}

func newScratch(x *Index) *scratch {
	return &scratch{x: x, top: best{x: x}}
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
		s.prepare(s.x.parts[p], s.opened[from:to])
		if err := s.scorePart(ctx, p); err != nil {
			return err
		}
		s.name(p, s.opened[from:to])
		from = to
	}
	return nil
}

// weigh sets the factor of every kind.
func (s *scratch) weigh(q *Query) {
	s.factors, s.maxFactor = append(s.factors[:0], 0), 0
	for _, name := range s.x.kinds[1:] {
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

// open finds the documents of every term and works out what each term is worth. Words of a text that no document has
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
	dicts := make([][segment.Fields]*segment.Dictionary, len(s.x.parts))
	for p := range s.x.parts {
		var err error
		if dicts[p], err = s.x.parts[p].dictionaries(); err != nil {
			return err
		}
	}
	s.dicts = dicts
	return nil
}

// openTerm opens the lists of term i and gives the number of documents of its most frequent form.
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
	for f := range segment.Fields {
		n, err := s.openField(i, f, stem)
		if err != nil {
			return 0, err
		}
		most = max(most, n)
	}
	return most, nil
}

// openField opens the lists of term i in field f and gives the number of documents of its most frequent form. A form
// that is the only one stands for the term in full.
func (s *scratch) openField(i, f int, stem string) (int, error) {
	t, from, forms := &s.terms[i], len(s.opened), 0
	form := stem
	if f == segment.Exact {
		form = t.Word
	}
	most, err := s.openForm(opened{term: i, field: f, weight: 1}, form)
	if most > 0 {
		forms++
	}
	for a := 0; a < len(t.Also) && f != segment.Exact && err == nil; a++ {
		w := weight(t.Also[a].Weight)
		if w == 0 || t.Also[a].Stem == stem {
			continue
		}
		var n int
		if n, err = s.openForm(opened{term: i, field: f, weight: w}, t.Also[a].Stem); n > 0 {
			most, forms = max(most, n), forms+1
		}
	}
	for o := range s.opened[from:] {
		if s.opened[from+o].mixed = forms > 1; forms == 1 {
			s.opened[from+o].weight = 1
		}
	}
	return most, err
}

// openForm opens the lists of one form of a term in all parts and gives how many documents have it.
func (s *scratch) openForm(o opened, form string) (int, error) {
	total := 0
	for o.part = range s.x.parts {
		p, from := s.x.parts[o.part], len(s.opened)
		if ready := p.cache.get(o.field, form); ready != nil {
			for i := range ready {
				o.layer, o.slot = i+1, s.slot()
				o.slot.Documents = ready[i]
				o.slot.restart()
				s.used++
				s.opened = append(s.opened, o)
			}
			total += ready[0].Size
			continue
		}
		if err := s.openLayers(o, form); err != nil {
			return 0, fmt.Errorf("read the documents of %q: %w", form, err)
		}
		if len(s.opened) > from {
			total += s.opened[from].slot.Size
			p.cache.put(o.field, form, s.opened[from:])
		}
	}
	return total, nil
}

// openLayers opens the lists of one form of a term in one part.
func (s *scratch) openLayers(o opened, form string) error {
	s.form = append(s.form[:0], form...)
	for o.layer = 1; o.layer <= segment.MaxCount; o.layer++ {
		if o.layer > 1 {
			s.form = segment.Layer(s.form[:len(form)], o.layer)
		}
		n, err := s.openList(&o)
		if n == 0 || err != nil {
			return err
		}
		s.opened = append(s.opened, o)
	}
	return nil
}

// slot gives the next slot that is free.
func (s *scratch) slot() *slot {
	if s.used == len(s.slots) {
		s.slots = append(s.slots, &slot{})
	}
	return s.slots[s.used]
}

// openList opens the documents of s.form and gives how many of them are there; deleted ones stay in the list.
func (s *scratch) openList(o *opened) (int, error) {
	at := s.slot()
	if err := s.dicts[o.part][o.field].Read(s.form, &at.List); err != nil || at.Size == 0 {
		return 0, err
	}
	at.restart()
	o.slot = at
	s.used++
	return at.Size, nil
}

// prepare makes clauses of the lists opened for one part. Every layer of a term is a clause; alternatives are one
// term, and how often a document has any of them is added up first, so all their lists are one clause.
func (s *scratch) prepare(p *part, lists []opened) {
	s.lists, s.clauses = s.lists[:0], s.clauses[:0]
	for i := range lists {
		s.lists = append(s.lists, lists[i].slot)
	}
	for from := 0; from < len(lists); {
		to := from
		for to < len(lists) && lists[to].term == lists[from].term && lists[to].field == lists[from].field {
			to++
		}
		o := &lists[from]
		c := clause{
			term: o.term, field: o.field, first: len(s.clauses),
			scale: fieldWeights[o.field] * s.worth[o.term] * (k1 + 1),
			damps: p.damps[o.field],
		}
		least := p.least[o.field]
		if o.mixed {
			tf := 0.0
			for i := from; i < to; i++ {
				lists[i].slot.weight = lists[i].weight
				tf += lists[i].weight
				c.size += lists[i].slot.Size
			}
			c.lists, c.bound = s.lists[from:to], c.bounded(tf, least)
			s.clauses = append(s.clauses, c)
		} else {
			for i := from; i < to; i++ {
				w := lists[i].weight
				lists[i].slot.weight = w
				c.lists, c.before = s.lists[i:i+1], w*float64(i-from)
				c.bound, c.size = c.bounded(c.before+w, least), lists[i].slot.Size
				s.clauses = append(s.clauses, c)
			}
		}
		from = to
	}
}
