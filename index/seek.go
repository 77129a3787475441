package index

import (
	"cmp"
	"slices"

	"careerbot/index/segment"
)

// worthSeeking is how many documents more a clause must have than there are candidates, for it to be cheaper to look
// each candidate up than to read them all.
const worthSeeking = 2

// seeker finds what documents get from those clauses of one term that are not read in runs any more.
type seeker struct {
	clauses [segment.Fields][]clause // the first layers, in order
	gate    *clause                  // nil where clauses[segment.All] holds it: a document without it has no other
	bound   float64
}

// split parts the clauses that cannot make a hit by themselves, those in s.order from essential, in clauses that are read
// all the same and such that are only asked about candidates. A clause once asked is never read again.
func (s *scratch) split(essential int) {
	candidates := 0
	for _, i := range s.order[:essential] {
		candidates += s.clauses[i].size
	}
	s.follow, s.seekers = s.follow[:0], s.seekers[:0]
	for range s.terms {
		s.seekers = append(s.seekers, seeker{})
	}
	for _, i := range s.order[essential:] { // of one term in one field, the last layer comes first and is the smallest
		c := &s.clauses[i]
		k := &s.seekers[c.term]
		switch {
		case c.size <= worthSeeking*candidates && k.clauses[c.field] == nil:
			s.follow = append(s.follow, i)
		case k.clauses[c.field] == nil:
			k.clauses[c.field] = s.clauses[c.first : i+1]
			k.bound += c.bound
		}
	}
	for i := range s.clauses {
		if c := &s.clauses[i]; c.field == segment.All && c.first == i && s.seekers[c.term].clauses[segment.All] == nil {
			s.seekers[c.term].gate = c
		}
	}
	s.seekers = slices.DeleteFunc(s.seekers, func(k seeker) bool { return k.bound == 0 })
	slices.SortFunc(s.seekers, func(a, b seeker) int { return cmp.Compare(b.bound, a.bound) })
	n := len(s.seekers)
	s.seekRest = append(s.seekRest[:0], make([]float64, n+1)...)
	for i := n - 1; i >= 0; i-- {
		s.seekRest[i] = s.seekRest[i+1] + s.seekers[i].bound
	}
}

// seek gives what doc gets.
func (k *seeker) seek(doc uint32) float64 {
	sum := climb(k.clauses[segment.All], doc)
	if sum == 0 && (k.gate == nil && len(k.clauses[segment.All]) > 0 || k.gate != nil && k.gate.seek(doc) == 0) {
		return 0
	}
	return sum + climb(k.clauses[segment.Title], doc) + climb(k.clauses[segment.Exact], doc)
}

// climb adds up what doc gets from layer to layer, until it lacks one.
func climb(layers []clause, doc uint32) float64 {
	sum := 0.0
	for i := range layers {
		more := layers[i].seek(doc)
		if more == 0 {
			break
		}
		sum += more
	}
	return sum
}
