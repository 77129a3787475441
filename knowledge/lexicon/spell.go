package lexicon

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
	"strings"
)

// speller knows the words of a pack and finds the nearest one to a misspelt word.
//
// The dictionary is small (some thousand words), so it is searched whole: a set of letters rules out nearly all of
// it before any distance is computed.
type speller struct {
	words  map[string]rank   // by word
	stems  map[string]rank   // by stem
	byLen  [][]entry         // candidates, by length in bytes
	single map[string]bool   // one-word names of entities, for joinNames
	typos  map[string]string // misspelling -> word
}

// rank says where a word is known from.
type rank uint8

const (
	common    rank = 1 << iota // everyday English
	corpus                     // a word of the pack's articles and facts
	lexical                    // a word of an entity, cue or synonym
	elsewhere                  // a word of something absent
)

type entry struct {
	word   string
	mask   uint32
	weight float64
	named  bool // a word of an entity, cue or synonym
}

func newSpeller() speller {
	return speller{words: map[string]rank{}, stems: map[string]rank{}, single: map[string]bool{}, typos: map[string]string{}}
}

func (s *speller) learn(tok *Tokenizer, word string, from rank) {
	s.words[word] |= from
	s.stems[tok.stem(word)] |= from
}

// finish makes the candidates; frequency holds how often the pack uses a word.
func (s *speller) finish(frequency map[string]int) {
	for w, r := range s.words {
		if r == elsewhere && len(w) < shortAbsent {
			continue // a slip must not turn a short word into something the pack does not hold
		}
		if len(w) < 3 || isDigit(w[0]) || w != strings.TrimFunc(w, func(r rune) bool { return r > 127 }) {
			continue
		}
		for len(s.byLen) <= len(w) {
			s.byLen = append(s.byLen, nil)
		}
		s.byLen[len(w)] = append(s.byLen[len(w)], entry{w, letters(w), weight(r, frequency[w]), r&lexical != 0})
	}
	for _, list := range s.byLen {
		slices.SortFunc(list, func(a, b entry) int { return cmp.Compare(a.word, b.word) })
	}
}

// weight prefers what the pack speaks of over everyday words.
func weight(r rank, df int) float64 {
	w := math.Log1p(float64(df))
	if r&lexical != 0 {
		w += 3
	}
	if r&corpus != 0 {
		w++
	}
	return w
}

// shortAbsent is the length from which a misspelt name of something absent is recognised.
const shortAbsent = 7

func (s *speller) known(w string) bool {
	return s.words[w] != 0 || s.stems[Stem(w)] != 0
}

func (s *speller) domain(w string) bool {
	return (s.words[w]|s.stems[Stem(w)])&(corpus|lexical) != 0
}

func (s *speller) name(w string) bool { return s.single[w] }

// nearest gives the best known word within one edit, two from seven letters. Swapped neighbours are one edit.
// The first letter is believed unless everything else agrees.
func (s *speller) nearest(w string) (string, bool) {
	if to, ok := s.typos[w]; ok {
		return to, true
	}
	limit := 1
	if len(w) >= 6 {
		limit = 2
	}
	mask, best, bestScore := letters(w), "", math.Inf(-1)
	for n := max(len(w)-limit, 3); n <= len(w)+limit && n < len(s.byLen); n++ {
		for _, e := range s.byLen[n] {
			if bits.OnesCount32(e.mask^mask) > 2*limit {
				continue
			}
			d := distance(w, e.word, limit)
			if d > limit || d == limit && e.word[0] != w[0] && !near(w, e.word) || len(w) == 3 && !dropped(w, e.word) {
				continue
			}
			if d == 2 && len(w) == 6 && (!e.named || e.word[0] != w[0]) {
				continue // two slips in a short word: only the name of a thing is worth the guess
			}
			if score := e.weight - 4*float64(d) - first(w, e.word); score > bestScore {
				best, bestScore = e.word, score
			}
		}
	}
	return best, best != ""
}

// near allows a wrong first letter for one swapped or one missing letter in a word of five letters or more.
func near(a, b string) bool { return len(a) >= 5 && len(b) >= 5 && distance(a, b, 1) <= 1 }

// dropped says whether a three-letter word is a longer one short of an inner letter: "ned" for "need". Nothing else
// is done to words that short.
func dropped(w, full string) bool {
	return len(full) == 4 && w[0] == full[0] && w[2] == full[3]
}

func first(a, b string) float64 {
	if a[0] == b[0] {
		return 0
	}
	return 2
}

// letters is the set of the letters of a word.
func letters(w string) uint32 {
	var m uint32
	for i := 0; i < len(w); i++ {
		if c := w[i]; c >= 'a' && c <= 'z' {
			m |= 1 << (c - 'a')
		}
	}
	return m
}

// distance is the number of insertions, deletions, replacements and swaps of neighbours that make b of a (optimal
// string alignment), or limit+1 when it is more than limit. Words longer than maxWord are never near.
func distance(a, b string, limit int) int {
	if len(a) > maxWord || len(b) > maxWord {
		return limit + 1
	}
	var rows [3][maxWord + 1]uint8
	prev2, prev, cur := &rows[0], &rows[1], &rows[2]
	for j := range len(b) + 1 {
		prev[j] = uint8(j)
	}
	for i := 1; i <= len(a); i++ {
		cur[0] = uint8(i)
		least := cur[0]
		for j := 1; j <= len(b); j++ {
			cost := uint8(1)
			if a[i-1] == b[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				cur[j] = min(cur[j], prev2[j-2]+1)
			}
			least = min(least, cur[j])
		}
		if int(least) > limit {
			return limit + 1
		}
		prev2, prev, cur = prev, cur, prev2
	}
	return int(prev[len(b)])
}
