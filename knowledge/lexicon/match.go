package lexicon

import (
	"slices"
	"strings"
)

// matcher finds phrases in a run of tokens.
type matcher struct {
	exact   bool                // words must be written alike; else their stems count
	phrases map[string][]phrase // by the key of their first word
}

func newMatcher(exact bool) matcher { return matcher{exact, map[string][]phrase{}} }

// phrase is a run of word keys that stands for an id.
type phrase struct {
	rest []string // keys of the words after the first
	id   string
	caps bool // counts only when typed in capitals
}

// key is the form in which a word of a phrase is compared: its stem, or for short words the word itself, so that
// "going" is not Go.
func (m matcher) key(t *Token) string {
	if m.exact || len(t.Word) < 5 {
		return t.Word
	}
	return t.Stem
}

// add puts a phrase into the matcher. Longer phrases stand before shorter ones.
func (m matcher) add(tok *Tokenizer, text, id string, caps bool) {
	m.addTokens(tok, tok.Tokenize(text), id, caps)
}

// addTokens does so with a phrase whose words are known.
func (m matcher) addTokens(tok *Tokenizer, toks []Token, id string, caps bool) {
	if len(toks) == 0 {
		return
	}
	p := phrase{id: id, caps: caps}
	for i := range toks[1:] {
		p.rest = append(p.rest, m.key(&toks[1+i]))
	}
	m.insert(m.key(&toks[0]), p)
	if k := m.plural(tok, toks, caps); k != "" {
		m.insert(k, p)
	}
}

// plural is the key of a short single word's plural ("dbs", "apis"), which its stem would not meet.
func (m matcher) plural(tok *Tokenizer, toks []Token, caps bool) string {
	if m.exact || len(toks) != 1 || caps || len(toks[0].Word) > 4 || len(toks[0].Word) < 2 || strings.HasSuffix(toks[0].Word, "s") {
		return ""
	}
	w := toks[0].Word + "s"
	return m.key(&Token{Word: w, Stem: tok.stem(w)})
}

func (m matcher) insert(first string, p phrase) {
	list := m.phrases[first]
	at := len(list)
	for i, q := range list {
		if q.id == p.id && q.caps == p.caps && equal(q.rest, p.rest) {
			return
		}
		if len(q.rest) < len(p.rest) && i < at {
			at = i
		}
	}
	list = append(list, phrase{})
	copy(list[at+1:], list[at:])
	list[at] = p
	m.phrases[first] = list
}

// give takes phrases from absent entities where one of takers, which a later pack holds, has the very same.
func (m matcher) give(absent func(id string) bool, takers map[string]bool) {
	if len(takers) == 0 {
		return
	}
	for key, list := range m.phrases {
		m.phrases[key] = slices.DeleteFunc(slices.Clone(list), func(p phrase) bool {
			return absent(p.id) && slices.ContainsFunc(list, func(o phrase) bool {
				return takers[o.id] && o.caps == p.caps && equal(o.rest, p.rest)
			})
		})
	}
}

func equal(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// longest calls found for every longest phrase from left to right, without overlaps; several ids of one phrase
// are all reported.
func (m matcher) longest(toks []Token, found func(from, to int, id string)) {
	for i := 0; i < len(toks); {
		n := 0
		for _, p := range m.phrases[m.key(&toks[i])] {
			if n > 0 && len(p.rest)+1 < n {
				break
			}
			if m.at(p, toks, i) {
				n = len(p.rest) + 1
				found(i, i+n, p.id)
			}
		}
		i += max(n, 1)
	}
}

// every calls found for every phrase, overlapping or not.
func (m matcher) every(toks []Token, found func(from, to int, id string)) {
	for i := range toks {
		for _, p := range m.phrases[m.key(&toks[i])] {
			if m.at(p, toks, i) {
				found(i, i+1+len(p.rest), p.id)
			}
		}
	}
}

// at says whether the phrase stands at toks[i], whose key is that of its first word.
func (m matcher) at(p phrase, toks []Token, i int) bool {
	if i+len(p.rest) >= len(toks) || p.caps && !toks[i].Upper {
		return false
	}
	for n, k := range p.rest {
		if m.key(&toks[i+1+n]) != k {
			return false
		}
	}
	return true
}
