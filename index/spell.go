package index

import (
	"cmp"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"

	"careerbot/index/segment"
)

// Words outside these lengths are not repaired: short ones have too many neighbours (Go is not Git), and no long one
// is a typing error.
const (
	minRepair = 4
	maxRepair = 24
	twoEdits  = 8 // letters from which on two errors are put right
)

// vocabulary is the dictionary of the word field, laid out for finding what a misspelt word was meant to be. Bleve's
// Levenshtein automata answer the same question, but building one takes 0.3 ms and 400 KB a word; going through the
// words of one first letter takes some microseconds, as nearly all differ in their letters or length.
type vocabulary struct {
	size  int // distinct words, also those that are left out below
	words []candidate
	first map[rune][2]int // where the words with that first letter lie, from and to
}

// candidate is a word that a misspelt one may be repaired to.
type candidate struct {
	word      string
	letters   uint32 // one bit for each letter of the alphabet that occurs
	length    uint32 // in letters
	documents uint32 // that have the word
}

// readVocabulary takes in the words of the parts.
func readVocabulary(parts []*segment.Part) (vocabulary, error) {
	v := vocabulary{first: map[rune][2]int{}}
	var words []segment.Tally
	for _, p := range parts {
		more, err := p.Words()
		if err != nil {
			return vocabulary{}, fmt.Errorf("read the vocabulary: %w", err)
		}
		words = together(words, more)
	}
	for _, w := range words {
		v.add(w.Word, uint64(w.Documents))
	}
	v.words = slices.Clip(v.words)
	return v, nil
}

// Words gives the n most frequent words of the index, of those that misspelt ones may be repaired to.
func (x *Index) Words(n int) []string {
	sorted := slices.SortedFunc(slices.Values(x.words.words), func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.documents, a.documents), strings.Compare(a.word, b.word))
	})
	words := make([]string, min(n, len(sorted)))
	for i := range words {
		words[i] = sorted[i].word
	}
	return words
}

// together merges two lists.
func together(a, b []segment.Tally) []segment.Tally {
	if len(a) == 0 {
		return b
	}
	out := make([]segment.Tally, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		switch strings.Compare(a[0].Word, b[0].Word) {
		case -1:
			out, a = append(out, a[0]), a[1:]
		case 1:
			out, b = append(out, b[0]), b[1:]
		default:
			out = append(out, segment.Tally{Word: a[0].Word, Documents: a[0].Documents + b[0].Documents})
			a, b = a[1:], b[1:]
		}
	}
	return append(append(out, a...), b...)
}

// add takes in the next word of the dictionary, which is sorted: words of one first letter come together.
func (v *vocabulary) add(word string, documents uint64) {
	v.size++
	length := utf8.RuneCountInString(word)
	if length < minRepair-1 || length > maxRepair+2 || hasDigit(word) {
		return
	}
	first, _ := utf8.DecodeRuneInString(word)
	run, seen := v.first[first]
	if !seen {
		run[0] = len(v.words)
	}
	v.words = append(v.words, candidate{word, letters(word), uint32(length), uint32(min(documents, math.MaxUint32))})
	run[1] = len(v.words)
	v.first[first] = run
}

// repair finds the word that word most likely was meant to be: within one edit (two in long words; swapped neighbours
// are one), with the same first letter. Words of more documents win, nearer ones win over all.
func (v *vocabulary) repair(word string) (string, bool) {
	length := utf8.RuneCountInString(word)
	if length < minRepair || length > maxRepair || hasDigit(word) {
		return "", false
	}
	limit := 1
	if length >= twoEdits {
		limit = 2
	}
	first, _ := utf8.DecodeRuneInString(word)
	run, set := v.first[first], letters(word)
	best, top := "", 0.0
	for i := run[0]; i < run[1]; i++ {
		c := &v.words[i]
		// An edit adds a letter to the set, takes one away, or both.
		if bits.OnesCount32(c.letters^set) > 2*limit || abs(int(c.length)-length) > limit {
			continue
		}
		d := distance(word, c.word)
		if d > limit {
			continue
		}
		if score := math.Log1p(float64(c.documents)) / math.Pow10(d); score > top {
			best, top = c.word, score
		}
	}
	return best, best != ""
}

// letters is a set of the letters of w; those beyond a to z share bits.
func letters(w string) uint32 {
	set := uint32(0)
	for _, r := range w {
		set |= 1 << (uint32(r) % 32)
	}
	return set
}

func abs(n int) int { return max(n, -n) }

func hasDigit(w string) bool { return strings.ContainsAny(w, "0123456789") }

// distance is the number of edits between a and b: letters put in, left out, changed, or swapped with the next. Both
// have at most maxRepair+2 letters.
func distance(a, b string) int {
	var spaceA, spaceB [maxRepair + 2]rune
	var rows [3][maxRepair + 3]int
	s, t := appendRunes(spaceA[:0], a), appendRunes(spaceB[:0], b)
	before, last, row := &rows[0], &rows[1], &rows[2]
	for j := range len(t) + 1 {
		last[j] = j
	}
	for i := 1; i <= len(s); i++ {
		row[0] = i
		for j := 1; j <= len(t); j++ {
			change := 1
			if s[i-1] == t[j-1] {
				change = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+change)
			if i > 1 && j > 1 && s[i-1] == t[j-2] && s[i-2] == t[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(t)]
}

func appendRunes(list []rune, s string) []rune {
	for _, r := range s {
		list = append(list, r)
	}
	return list
}
