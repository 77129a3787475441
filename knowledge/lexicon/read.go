package lexicon

import "slices"

// Reading is a text as the lexicon understands it.
type Reading struct {
	Tokens    []Token // after translation and repair
	Mentions  []Mention
	Cues      []Cue
	Sentences []Sentence
	Fixes     []Fix
	Foreign   bool // words of another language were put into English
}

// Mention is an entity named by Tokens[From:To].
type Mention struct {
	Entity   *Entity
	From, To int
}

// Cue is a phrase that hints at what is asked, at Tokens[From:To].
type Cue struct {
	ID       string
	From, To int
}

// Sentence is Tokens[From:To]; Asks says that it ended in a question mark.
type Sentence struct {
	From, To int
	Asks     bool
}

// Fix is one misspelt word put right.
type Fix struct{ From, To string }

// Read splits a text into words, puts what is in another language into English and what is misspelt right, and finds
// the entities and cues. It never fails; a text without words gives an empty Reading.
func (l *Lexicon) Read(text string) Reading {
	text = fold(text)
	toks := l.joinNames(l.tokenize(text))
	if len(toks) == 0 {
		return Reading{}
	}
	shouted(toks)
	toks, foreign := l.translate(toks)
	r := Reading{Tokens: toks, Foreign: foreign >= 2}
	l.repair(&r)
	r.Tokens, _ = l.translate(l.joinNames(r.Tokens))
	for i := range r.Tokens {
		r.Tokens[i].Stop = l.stop[r.Tokens[i].Word]
	}
	r.Sentences = sentences(text, r.Tokens)
	l.names.longest(r.Tokens, func(from, to int, id string) {
		r.Mentions = append(r.Mentions, Mention{l.entities[id], from, to})
	})
	l.cues.every(r.Tokens, func(from, to int, id string) {
		r.Cues = append(r.Cues, Cue{id, from, to})
	})
	l.nameBetween(&r)
	return r
}

// manyWords is how many words in capitals make a message one that is shouted: then capitals tell no name from a word.
const manyWords = 6

// shouted makes small words of a message that is written in capitals throughout.
func shouted(toks []Token) {
	if len(toks) < manyWords || slices.ContainsFunc(toks, func(t Token) bool { return !t.Upper && len(t.Word) > 1 && !isDigit(t.Word[0]) }) {
		return
	}
	for i := range toks {
		toks[i].Upper = false
	}
}

// nameBetween names the words that count in small letters only between names, cues and the ends of the text: "salary
// senior us" and "developer us salary" ask for a country, "tell us" does not.
func (l *Lexicon) nameBetween(r *Reading) {
	n := len(r.Tokens)
	for i := range r.Tokens {
		e := l.entities[l.between[r.Tokens[i].Word]]
		if e == nil || r.mentioned(i) {
			continue
		}
		before := i == 0 || (r.mentioned(i-1) || r.cued(i-1)) && !takesObject(r.Tokens[i-1].Word)
		after := i == n-1 || r.mentioned(i+1) || r.cued(i+1)
		if before && after {
			at := slices.IndexFunc(r.Mentions, func(m Mention) bool { return m.From > i })
			if at < 0 {
				at = len(r.Mentions)
			}
			r.Mentions = slices.Insert(r.Mentions, at, Mention{e, i, i + 1})
		}
	}
}

// takesObject says whether "us" after word is a pronoun though word hints at what is asked.
func takesObject(word string) bool {
	switch word {
	case "pay", "pays", "paid", "give", "gives", "get", "tell", "show", "teach", "help", "helps", "let", "make", "makes",
		"offer", "ask", "hire", "for", "of", "to", "with", "about":
		return true
	}
	return false
}

func (r *Reading) mentioned(i int) bool {
	return slices.ContainsFunc(r.Mentions, func(m Mention) bool { return m.From <= i && i < m.To })
}

func (r *Reading) cued(i int) bool {
	return slices.ContainsFunc(r.Cues, func(c Cue) bool { return c.From <= i && i < c.To })
}

// translate replaces words of the other language, and shorthand, by English ones, longest phrase first; it counts the
// words of the other language.
func (l *Lexicon) translate(toks []Token) (out []Token, foreign int) {
	if !l.anyForeign(toks) {
		return toks, 0
	}
	if l.borrowed(toks) {
		return toks, 0
	}
	out = make([]Token, 0, len(toks)+4)
	last := 0
	l.hinglish.longest(toks, func(from, to int, english string) {
		if from < last {
			return // another reading of the same phrase
		}
		if l.foreign[toks[from].Word] {
			foreign += to - from
		}
		out = append(out, toks[last:from]...)
		for _, t := range l.tokenize(english) {
			t.Start, t.End = toks[from].Start, toks[to-1].End
			out = append(out, t)
		}
		last = to
	})
	return append(out, toks[last:]...), foreign
}

// borrowed says whether the only word of the other language is also a name, as Naukri is: then it is the name.
func (l *Lexicon) borrowed(toks []Token) bool {
	n, name := 0, false
	for i := range toks {
		if !l.foreign[toks[i].Word] {
			continue
		}
		n++
		for _, p := range l.names.phrases[l.names.key(&toks[i])] {
			name = name || len(p.rest) == 0 && !p.caps && !l.entities[p.id].Absent
		}
	}
	return n == 1 && name
}

func (l *Lexicon) anyForeign(toks []Token) bool {
	for i := range toks {
		if len(l.hinglish.phrases[toks[i].Word]) > 0 {
			return true
		}
	}
	return false
}

// joinNames makes one word of two where only the two together name something: "java script", "postgre sql".
func (l *Lexicon) joinNames(toks []Token) []Token {
	out := toks[:0]
	for i := 0; i < len(toks); i++ {
		if i+1 < len(toks) && len(toks[i].Word) > 1 && len(toks[i+1].Word) > 1 {
			if w := toks[i].Word + toks[i+1].Word; l.speller.name(w) && l.phraseAt(toks, i) == 0 {
				out = append(out, Token{Word: w, Stem: l.stem(w), Start: toks[i].Start, End: toks[i+1].End})
				i++
				continue
			}
		}
		out = append(out, toks[i])
	}
	return out
}

// phraseAt is the number of words of the name that begins at i, 0 where none of two or more does.
func (l *Lexicon) phraseAt(toks []Token, i int) int {
	for _, p := range l.names.phrases[l.names.key(&toks[i])] { // longest first
		if len(p.rest) > 0 && l.names.at(p, toks, i) {
			return len(p.rest) + 1
		}
	}
	return 0
}

// repair puts misspelt words right. Capitals, figures and words somebody knows are left alone.
func (l *Lexicon) repair(r *Reading) {
	named := 0 // words before it belong to a name of several words, which may be a misspelling in itself: "bak end"
	for i, t := range r.Tokens {
		named = max(named, i+l.phraseAt(r.Tokens, i))
		if i < named || len(t.Word) < 3 || isDigit(t.Word[0]) || l.speller.known(t.Word) {
			continue
		}
		// In another language an unknown word is more likely one of its own; only the pack's own words are mended.
		if w, ok := l.speller.nearest(t.Word); ok && (!r.Foreign || len(t.Word) > 4 && l.speller.words[w]&lexical != 0) {
			r.Fixes = append(r.Fixes, Fix{t.Word, w})
			r.Tokens[i].Word, r.Tokens[i].Stem = w, l.stem(w)
		}
	}
}

// sentences cuts the tokens where the text has a full stop, question mark, exclamation mark or line break.
func sentences(text string, toks []Token) []Sentence {
	var out []Sentence
	from := 0
	for i := range toks {
		end := len(text)
		if i+1 < len(toks) {
			end = toks[i+1].Start
		}
		stop, asks := ends(text, toks[i].End, end)
		if stop || i == len(toks)-1 {
			out = append(out, Sentence{from, i + 1, asks})
			from = i + 1
		}
	}
	return out
}

// ends looks for the end of a sentence between two words.
func ends(text string, from, to int) (stop, asks bool) {
	if from > to || to > len(text) {
		return false, false
	}
	for i := from; i < to; i++ {
		switch text[i] {
		case '?':
			asks, stop = true, true
		case '!', '\n', ';':
			stop = true
		case '.', ':':
			stop = stop || i+1 >= len(text) || text[i+1] == ' ' || text[i+1] == '\n'
		}
	}
	return stop, asks
}
