package index

import (
	"bytes"
	"math/bits"
	"slices"
)

// found is a document with its score.
type found struct {
	part  int // its part's place
	doc   uint32
	score float64
	mask  uint32 // bit i: the question's term i matched; set once the part is done
}

// best keeps the size best documents offered to it, as a heap with the worst on top.
type best struct {
	x    *Index // knows the ids, which order equal scores
	size int
	heap []found
}

// reset empties b for another question.
func (b *best) reset(size int) {
	b.size, b.heap = size, b.heap[:0]
}

// floor is the score below which an offer is useless.
func (b *best) floor() float64 {
	if len(b.heap) < b.size {
		return 0
	}
	return b.heap[0].score
}

// compare orders the better document first.
func (b *best) compare(x, y found) int {
	switch {
	case x.score > y.score:
		return -1
	case x.score < y.score:
		return 1
	}
	return bytes.Compare(b.x.id(x), b.x.id(y))
}

func (b *best) worse(i, j int) bool { return b.compare(b.heap[i], b.heap[j]) > 0 }

func (b *best) offer(f found) {
	if len(b.heap) < b.size {
		b.heap = append(b.heap, f)
		for i := len(b.heap) - 1; i > 0 && b.worse(i, (i-1)/2); i = (i - 1) / 2 {
			b.heap[i], b.heap[(i-1)/2] = b.heap[(i-1)/2], b.heap[i]
		}
		return
	}
	if f.score < b.heap[0].score || b.compare(f, b.heap[0]) > 0 {
		return
	}
	b.heap[0] = f
	b.sink()
}

// sink moves the top of the heap to where it belongs.
func (b *best) sink() {
	for i := 0; ; {
		child := 2*i + 1
		if child >= len(b.heap) {
			return
		}
		if child+1 < len(b.heap) && b.worse(child+1, child) {
			child++
		}
		if !b.worse(child, i) {
			return
		}
		b.heap[i], b.heap[child] = b.heap[child], b.heap[i]
		i = child
	}
}

// id is the id of what was found.
func (x *Index) id(f found) []byte { return x.parts[f.part].ID(int(f.doc)) }

// name works out which terms the documents collected from a part matched.
func (s *scratch) name(part int, lists []opened) {
	for i := range s.top.heap {
		f := &s.top.heap[i]
		if f.part != part {
			continue
		}
		for _, o := range lists {
			if bit := uint32(1) << o.term; o.layer == 1 && f.mask&bit == 0 && o.slot.has(f.doc) {
				f.mask |= bit
			}
		}
	}
}

// hits turns what was collected into the answer.
func (s *scratch) hits() []Hit {
	if len(s.top.heap) == 0 {
		return nil
	}
	slices.SortFunc(s.top.heap, s.top.compare)
	matches := 0
	for _, f := range s.top.heap {
		matches += bits.OnesCount32(f.mask)
	}
	hits, words := make([]Hit, len(s.top.heap)), make([]string, 0, matches)
	for i, f := range s.top.heap {
		from, share := len(words), 0.0
		for set := f.mask; set != 0; set &= set - 1 {
			term := bits.TrailingZeros32(set)
			words = append(words, s.terms[term].Word)
			share += s.worth[term]
		}
		hits[i] = Hit{
			ID:       string(s.x.id(f)),
			Kind:     s.x.kinds[s.x.parts[f.part].kinds[f.doc]],
			Score:    f.score,
			Coverage: min(share/s.total, 1),
			Matched:  words[from:len(words):len(words)],
			at:       f,
		}
	}
	return hits
}
