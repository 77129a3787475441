package index

import (
	"context"
	"fmt"
	"slices"

	"careerbot/index/segment"
	"careerbot/knowledge/lexicon"
)

// MaxTerms is how many terms of a question count; the rest is left out. A rambling message says what it is about in
// its first words, and the cost of a search grows with each.
const MaxTerms = 32

// maxRunes is how much of a question's text is read at all.
const maxRunes = 1000

// synonymWeight is what a synonym counts against the word itself: nearly as much, for the lexicon lists only words that
// name the same thing.
const synonymWeight = 0.8

// maxSize is the largest number of hits one search returns.
const maxSize = 1000

// maxWeight keeps scores finite whatever weights and factors a caller gives.
const maxWeight = 1e6

// Query is what to look for. Nothing in it is query syntax.
type Query struct {
	Terms []Term             // the question's words; when empty Text is analysed (stop words out, spelling repaired, synonyms)
	Text  string             // the question as it was written
	Kinds []string           // only documents of these kinds; empty: all
	Boost map[string]float64 // factor on the score by document kind; factors that are not positive are ignored
	Size  int                // how many hits, at most 1000; 0: 10
}

// Term is one word to look for, and what else would do as well.
type Term struct {
	Word, Stem string  // in the lexicon's canonical form; an empty Stem is made from Word
	Weight     float64 // at most 1e6; 0: 1; a term of negative weight is left out
	Also       []Alt   // alternatives share the term's one rarity
}

// Alt is a stem, of one word, that counts as the term it belongs to.
type Alt struct {
	Stem   string
	Weight float64 // share of a full match, 0: 1; in full where no other form of the term is in the index
}

// Hit is a document that answers.
type Hit struct {
	ID, Kind string
	Score    float64  // comparable between questions on one index
	Coverage float64  // 0..1: share of the question's weight (rarity times weight; an unknown term has the largest rarity) this document matched
	Matched  []string // the question's words that it matched, in the question's order

	at found
}

// Search returns the best documents, best first, those of equal score in the order of their ids. No words, or none
// that any document has, is no error and no hits. The error is the context's when ctx ends first, or ErrClosed.
func (x *Index) Search(ctx context.Context, q Query) ([]Hit, error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.closed {
		return nil, ErrClosed
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	defer x.trim()
	s := x.scratch.Get().(*scratch)
	defer x.scratch.Put(s)
	if err := s.search(ctx, q); err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	return s.hits(), nil
}

// terms appends the question's terms to list, at most MaxTerms. They are copies, for repair changes them.
func (x *Index) terms(q *Query, list []Term) []Term {
	if len(q.Terms) > 0 {
		return append(list, q.Terms[:min(len(q.Terms), MaxTerms)]...)
	}
	return x.analyse(q.Text, list)
}

// analyse appends the words of text that mean something, each once, with the lexicon's synonyms. A word said again
// weighs more.
func (x *Index) analyse(text string, list []Term) []Term {
	for _, t := range segment.Meaningful(lexicon.Tokenize(clip(text))) {
		if x.lex.Stop(t.Word) && !t.Upper {
			continue
		}
		if i := slices.IndexFunc(list, func(o Term) bool { return o.Stem == t.Stem }); i >= 0 {
			list[i].Weight++
			continue
		}
		if len(list) == MaxTerms {
			break
		}
		term := Term{Word: t.Word, Stem: t.Stem, Weight: 1}
		for _, stem := range x.lex.Synonyms(t.Stem) {
			term.Also = append(term.Also, Alt{Stem: stem, Weight: synonymWeight})
		}
		list = append(list, term)
	}
	return list
}

// clip cuts text to maxRunes without looking at the rest.
func clip(text string) string {
	n := 0
	for i := range text {
		if n == maxRunes {
			return text[:i]
		}
		n++
	}
	return text
}

// weight is w where it is a usable factor, 1 where it was not given, 0 for a term to be left out.
func weight(w float64) float64 {
	switch {
	case w == 0:
		return 1
	case w > 0: // not for a NaN
		return min(w, maxWeight)
	}
	return 0
}
