package lexicon

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Problem is one thing wrong in a lexicon's files.
type Problem struct {
	File   string
	Line   int // from 1; 0 for the file as a whole
	Say    string
	Remedy string
}

// file is what one YAML file may hold. Every part is optional.
type file struct {
	Entities  []node              `yaml:"entities"`
	Absent    []node              `yaml:"absent"`
	Synonyms  [][]string          `yaml:"synonyms"`
	Hinglish  map[string]string   `yaml:"hinglish"`
	Shorthand map[string]string   `yaml:"shorthand"`
	Cues      map[string][]string `yaml:"cues"`
	Stop      []string            `yaml:"stop"`
}

// node is an entity as the file spells it, with its line.
type node struct{ Entity }

// UnmarshalYAML reads one entity and remembers its line.
func (n *node) UnmarshalYAML(y *yaml.Node) error {
	var e struct {
		ID, Kind, Name, Of                               string
		Words, Typos, Caps, Between, Trade, Groups, Same []string
	}
	if err := y.Decode(&e); err != nil {
		return err
	}
	for i := 0; i+1 < len(y.Content); i += 2 {
		switch k := y.Content[i].Value; k {
		case "id", "kind", "name", "of", "words", "typos", "caps", "between", "trade", "groups", "same":
		default:
			return fmt.Errorf("line %d: unknown key %q", y.Content[i].Line, k)
		}
	}
	n.Entity = Entity{
		ID: e.ID, Kind: e.Kind, Name: e.Name, Of: e.Of, Words: e.Words, Typos: e.Typos, Caps: e.Caps, Between: e.Between, Trade: e.Trade,
		Groups: e.Groups, Same: e.Same, Line: y.Line,
	}
	return nil
}

// builder gathers the files of a lexicon.
type builder struct {
	l        *Lexicon
	tok      *Tokenizer
	problems []Problem
	file     string
	folders  int             // read so far
	later    map[string]bool // ids of entities that are present, of the folders after the first
}

// Load reads every *.yaml and *.txt of the given folders; words of a later folder are added to those of an earlier.
// Problems are for the people who edit the files; err is for a folder that cannot be read at all.
func Load(folders ...fs.FS) (*Lexicon, []Problem, error) {
	b := &builder{tok: NewTokenizer(), later: map[string]bool{}, l: &Lexicon{
		entities: map[string]*Entity{}, names: newMatcher(false), cues: newMatcher(false), hinglish: newMatcher(true),
		foreign: map[string]bool{}, between: map[string]string{}, synonyms: map[string][]string{}, stop: map[string]bool{}, speller: newSpeller(),
	}}
	for _, dir := range folders {
		if err := b.folder(dir); err != nil {
			return nil, nil, err
		}
		b.folders++
	}
	b.l.names.give(func(id string) bool { return b.l.entities[id].Absent }, b.later)
	b.links()
	b.l.speller.finish(nil)
	b.l.stems = b.tok.stems
	return b.l, b.problems, nil
}

func (b *builder) problem(line int, say, remedy string) {
	b.problems = append(b.problems, Problem{b.file, line, say, remedy})
}

// folder reads one folder's files: parsed side by side, added in the order of their names.
func (b *builder) folder(dir fs.FS) error {
	names, err := fs.Glob(dir, "*")
	if err != nil {
		return fmt.Errorf("list lexicon: %w", err)
	}
	parsed := make([]chan parsedFile, len(names))
	for i, name := range names {
		parsed[i] = make(chan parsedFile, 1)
		go func() { parsed[i] <- parse(dir, name) }()
	}
	for _, file := range parsed {
		p := <-file
		if p.err != nil {
			return p.err
		}
		b.file = p.name
		b.problems = append(b.problems, p.problems...)
		for _, w := range p.common {
			b.l.speller.learn(b.tok, w, common)
		}
		b.add(p.file)
	}
	return nil
}

// parsedFile is one file of a lexicon before it is added.
type parsedFile struct {
	name     string
	file     file
	common   []string // everyday words
	problems []Problem
	err      error
}

func parse(dir fs.FS, name string) parsedFile {
	p := parsedFile{name: name}
	ext := path.Ext(name)
	if ext != ".yaml" && ext != ".txt" {
		return p
	}
	src, err := fs.ReadFile(dir, name)
	if err != nil {
		p.err = fmt.Errorf("read lexicon %s: %w", name, err)
		return p
	}
	if ext == ".txt" {
		p.common = strings.Fields(strings.ToLower(string(src)))
		return p
	}
	dec := yaml.NewDecoder(bytes.NewReader(src))
	dec.KnownFields(true)
	if err := dec.Decode(&p.file); err != nil {
		var te *yaml.TypeError
		if !errors.As(err, &te) {
			p.problems = append(p.problems, Problem{name, 0, strings.TrimPrefix(err.Error(), "yaml: "), "mend the YAML at that line"})
			return p
		}
		for _, e := range te.Errors {
			p.problems = append(p.problems, Problem{name, 0, e, "compare the line with the built-in lexicon"})
		}
	}
	return p
}

func (b *builder) add(f file) {
	for _, n := range f.Entities {
		b.entity(n.Entity)
	}
	for _, n := range f.Absent {
		n.Absent = true
		b.entity(n.Entity)
	}
	for _, set := range f.Synonyms {
		b.synonymSet(set)
	}
	for _, words := range []map[string]string{f.Hinglish, f.Shorthand} {
		for _, from := range slices.Sorted(maps.Keys(words)) {
			b.l.hinglish.add(b.tok, from, words[from], false)
			b.learn(from, common)
		}
	}
	for from := range f.Hinglish {
		if toks := b.tok.Tokenize(from); len(toks) > 0 {
			b.l.foreign[toks[0].Word] = true
		}
	}
	for _, id := range slices.Sorted(maps.Keys(f.Cues)) {
		for _, words := range f.Cues[id] {
			b.l.cues.add(b.tok, words, id, false)
			b.learn(words, lexical)
		}
	}
	for _, w := range f.Stop {
		for _, t := range b.tok.Tokenize(w) {
			b.l.stop[t.Word] = true
			b.l.speller.learn(b.tok, t.Word, common)
		}
	}
}

func (b *builder) entity(e Entity) {
	switch {
	case e.ID == "" || e.Kind == "" || e.Name == "":
		b.problem(e.Line, "an entity without id, kind or name", "give it all three")
		return
	case b.l.entities[e.ID] != nil && b.l.entities[e.ID].Absent && !e.Absent:
		b.present(e.ID) // what one pack lacks another has
	case b.l.entities[e.ID] != nil:
		b.problem(e.Line, fmt.Sprintf("entity %q stands twice", e.ID), "keep one and merge their words")
		return
	}
	e.tokens = b.tok.Tokenize(e.Name)
	if b.folders > 0 && !e.Absent {
		b.later[e.ID] = true
	}
	b.l.entities[e.ID] = &e
	b.l.order = append(b.l.order, &e)
	e.spoken = map[string]bool{}
	from := lexical
	if e.Absent {
		from = elsewhere
	}
	var toks []Token
	for _, w := range e.Words {
		toks = b.tok.Append(toks[:0], w)
		b.l.names.addTokens(b.tok, toks, e.ID, false)
		for _, t := range toks {
			b.l.speller.learn(b.tok, t.Word, from)
			e.spoken[t.Word] = true
		}
		if len(toks) == 1 && len(toks[0].Word) > 3 && e.Kind != KindSubject {
			b.l.speller.single[toks[0].Word] = true
		}
	}
	for _, w := range e.Caps {
		b.l.names.add(b.tok, w, e.ID, true)
	}
	for _, w := range e.Between {
		b.l.between[canonical(w)] = e.ID
	}
	for _, w := range e.Typos {
		b.typo(w, e)
	}
}

// present takes an absent entity out, so that one a pack holds can take its place. Its words stay names of the id.
func (b *builder) present(id string) {
	b.l.order = slices.DeleteFunc(b.l.order, func(e *Entity) bool { return e.ID == id })
	delete(b.l.entities, id)
}

// typo remembers a misspelling: as a name of its own, and as the word that stands for it where both are one word.
func (b *builder) typo(w string, e Entity) {
	if len(e.Words) == 0 {
		b.problem(e.Line, fmt.Sprintf("entity %q has typos but no words", e.ID), "add the right spelling under words")
		return
	}
	from, to := b.tok.Tokenize(w), b.tok.Tokenize(e.Words[0])
	if len(from) == 1 && len(to) == 1 {
		b.l.speller.typos[from[0].Word] = to[0].Word
	}
	b.l.names.addTokens(b.tok, from, e.ID, false)
}

func (b *builder) learn(text string, from rank) {
	for _, t := range b.tok.Tokenize(text) {
		b.l.speller.learn(b.tok, t.Word, from)
	}
}

// synonymSet links the single words of a set with one another; phrases are the matcher's business.
func (b *builder) synonymSet(set []string) {
	var stems []string
	for _, w := range set {
		if toks := b.tok.Tokenize(w); len(toks) == 1 && !slices.Contains(stems, toks[0].Stem) {
			stems = append(stems, toks[0].Stem)
			b.l.speller.learn(b.tok, toks[0].Word, common)
		}
	}
	for _, s := range stems {
		for _, o := range stems {
			if s != o && !slices.Contains(b.l.synonyms[s], o) {
				b.l.synonyms[s] = append(b.l.synonyms[s], o)
			}
		}
	}
}

// links checks what entities say of one another.
func (b *builder) links() {
	for _, e := range b.l.order {
		for _, id := range slices.Concat(e.Groups, e.Same, []string{e.Of}) {
			if id != "" && b.l.entities[id] == nil {
				b.problem(e.Line, fmt.Sprintf("entity %q names %q, which is no entity", e.ID, id), "correct the id or add the entity")
			}
		}
	}
}

// Learn gives a lexicon that also knows the words of texts, so that they are not taken for misspellings and serve
// as corrections; more frequent ones are preferred. The words of asides are known too, as everyday words are, but do
// not count as words of the pack.
func (l *Lexicon) Learn(texts, asides func(yield func(string) bool)) *Lexicon {
	c := *l
	c.speller = newSpeller()
	maps.Copy(c.speller.words, l.speller.words)
	maps.Copy(c.speller.stems, l.speller.stems)
	maps.Copy(c.speller.single, l.speller.single)
	maps.Copy(c.speller.typos, l.speller.typos)
	tok := &Tokenizer{stems: maps.Clone(l.stems)}
	frequency := map[string]int{}
	var toks []Token
	for text := range texts {
		toks = appendWords(toks[:0], text)
		for _, t := range toks {
			frequency[t.Word]++
		}
	}
	for w := range frequency {
		c.speller.learn(tok, w, corpus)
	}
	for text := range asides {
		toks = appendWords(toks[:0], text)
		for _, t := range toks {
			c.speller.learn(tok, t.Word, common)
		}
	}
	c.speller.finish(frequency)
	c.stems = tok.stems
	return &c
}
