// Package sample makes up bodies of articles and questions about them, of any size, for measuring an index with.
//
// Its sentences are made of the words of the embedded pack, in chains as they follow each other there, about many
// professions, with names that get rarer the way words do. It writes nothing anybody should read, and judges nothing.
package sample

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"

	"careerbot/knowledge"
)

// Sections is how many sections every article has.
const Sections = 20

// Source makes articles and questions. The same number gives the same article, whatever was made before, so that a
// body of a million passages need not be kept to be read twice. It is immutable.
type Source struct {
	starts  []string            // words sentences begin with
	follows map[string][]string // what came after a word, as often as it did
	asks    []string
}

// New learns from the embedded pack.
func New() (*Source, error) {
	p, err := knowledge.Builtin()
	if err != nil {
		return nil, fmt.Errorf("learn to write: %w", err)
	}
	s := &Source{follows: map[string][]string{}}
	for d := range p.Documents() {
		s.learn(d.Text)
	}
	for i := range p.Facts {
		s.asks = append(s.asks, p.Facts[i].Asks...)
	}
	return s, nil
}

// learn takes in the sentences of a text.
func (s *Source) learn(text string) {
	before := ""
	for w := range strings.FieldsSeq(text) {
		if before == "" {
			s.starts = append(s.starts, w)
		} else {
			s.follows[before] = append(s.follows[before], w)
		}
		if before = w; strings.ContainsAny(w[len(w)-1:], ".!?:") {
			before = ""
		}
	}
}

// Article gives the sections of article n as documents of an index. version changes its text, as an editor would.
func (s *Source) Article(n, version int) []knowledge.Document {
	w := s.writer(uint64(n), uint64(version)+1)
	title := w.title()
	docs := make([]knowledge.Document, Sections)
	for i := range docs {
		docs[i] = knowledge.Document{
			ID:      fmt.Sprintf("a%07d#s%02d", n, i),
			Kind:    knowledge.KindPassage,
			Article: fmt.Sprintf("a%07d", n),
			Title:   title + "\n" + w.title(),
			Text:    w.text(50 + w.rand.IntN(60)),
		}
	}
	return docs
}

// Questions gives n questions people might ask: those of the pack about any profession, some with a name in them.
func (s *Source) Questions(n int) []string {
	qs := make([]string, n)
	for i := range qs {
		w := s.writer(uint64(i), 0)
		var b strings.Builder
		for word := range strings.FieldsSeq(s.asks[w.rand.IntN(len(s.asks))]) {
			b.WriteString(w.adapt(word))
			b.WriteByte(' ')
		}
		if w.rand.IntN(3) == 0 {
			b.WriteString(name(w.names.Uint64()))
		}
		qs[i] = strings.TrimSpace(b.String())
	}
	return qs
}

// Names get rarer by Zipf's law with this exponent, among this many.
const (
	nameExponent = 1.1
	nameCount    = 400_000
)

// writer writes one article.
type writer struct {
	*Source
	rand       *rand.Rand
	names      *rand.Zipf
	profession string
	topic      [12]string // names the article keeps coming back to
}

func (s *Source) writer(n, version uint64) *writer {
	r := rand.New(rand.NewPCG(n, version))
	w := &writer{Source: s, rand: r, names: rand.NewZipf(r, nameExponent, 8, nameCount)}
	w.profession = professions[r.IntN(len(professions))]
	for i := range w.topic {
		w.topic[i] = name(w.names.Uint64())
	}
	return w
}

// professions stand in the place of the embedded pack's own.
var professions = [...]string{
	"back-end", "front-end", "full-stack", "data", "machine learning", "security", "network", "database", "test", "cloud",
	"mobile", "game", "hardware", "nursing", "accounting", "teaching", "law", "marketing", "logistics", "civil", "design",
	"pharmacy", "aviation", "journalism", "statistics", "biology", "insurance", "energy", "robotics", "tourism",
}

// adapt makes a word of the pack speak of the writer's profession.
func (w *writer) adapt(word string) string {
	if strings.HasPrefix(strings.ToLower(word), "back") && strings.Contains(word, "end") {
		return w.profession
	}
	return word
}

// word gives what follows before, or one of the article's names, or any name.
func (w *writer) word(before string) string {
	switch n := w.rand.IntN(100); {
	case n < 5:
		return w.topic[w.rand.IntN(len(w.topic))]
	case n < 9:
		return name(w.names.Uint64())
	}
	next := w.follows[before]
	if len(next) == 0 {
		return w.starts[w.rand.IntN(len(w.starts))]
	}
	return next[w.rand.IntN(len(next))]
}

// text writes about n words.
func (w *writer) text(n int) string {
	var b strings.Builder
	word := ""
	for range n {
		word = w.word(word)
		b.WriteString(w.adapt(word))
		b.WriteByte(' ')
	}
	return strings.TrimSpace(b.String()) + "."
}

func (w *writer) title() string {
	ask := strings.Fields(w.asks[w.rand.IntN(len(w.asks))])
	ask = slices.Clone(ask[:min(len(ask), 4+w.rand.IntN(6))])
	for i := range ask {
		ask[i] = w.adapt(ask[i])
	}
	return strings.Join(append(ask, w.topic[w.rand.IntN(len(w.topic))]), " ")
}

// name spells a number in syllables, so that no two names are alike.
func name(n uint64) string {
	var b strings.Builder
	for n += 1000; n > 0; n /= 80 {
		b.WriteByte("bcdfghjklmnprstvwxyz"[n%20])
		b.WriteByte("aiou"[n/20%4])
	}
	return b.String()
}

// Documents yields about n documents: whole articles, from the first.
func (s *Source) Documents(n int) iter.Seq[knowledge.Document] {
	return func(yield func(knowledge.Document) bool) {
		for i := range (n + Sections - 1) / Sections {
			for _, d := range s.Article(i, 0) {
				if !yield(d) {
					return
				}
			}
		}
	}
}

// Sources yields the same, as files of a pack whose texts the index keeps. The changed article is of a second version;
// -1 for none.
func (s *Source) Sources(n, changed int) iter.Seq[knowledge.Source] {
	return func(yield func(knowledge.Source) bool) {
		for i := range (n + Sections - 1) / Sections {
			version := 0
			if i == changed {
				version = 1
			}
			src := knowledge.Source{Key: fmt.Sprintf("articles/a%07d.md", i), Stamp: fmt.Sprint(version)}
			src.Read = func() ([]knowledge.Document, error) {
				docs := s.Article(i, version)
				for j := range docs {
					docs[j].Keep = docs[j].Title + "\n" + docs[j].Text
				}
				return docs, nil
			}
			if !yield(src) {
				return
			}
		}
	}
}
