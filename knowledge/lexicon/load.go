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
		ID, Kind, Name, Of               string
		Words, Typos, Caps, Groups, Same []string
	}
	if err := y.Decode(&e); err != nil {
		return err
	}
	for i := 0; i+1 < len(y.Content); i += 2 {
		switch k := y.Content[i].Value; k {
		case "id", "kind", "name", "of", "words", "typos", "caps", "groups", "same":
		default:
			return fmt.Errorf("line %d: unknown key %q", y.Content[i].Line, k)
		}
	}
	n.Entity = Entity{ID: e.ID, Kind: e.Kind, Name: e.Name, Of: e.Of, Words: e.Words, Typos: e.Typos, Caps: e.Caps,
		Groups: e.Groups, Same: e.Same, Line: y.Line}
	return nil
}

// builder gathers the files of a lexicon.
type builder struct {
	l        *Lexicon
	problems []Problem
	file     string
}

// Load reads every *.yaml and *.txt of the given folders; words of a later folder are added to those of an earlier.
// Problems are for the people who edit the files; err is for a folder that cannot be read at all.
func Load(folders ...fs.FS) (*Lexicon, []Problem, error) {
	b := &builder{l: &Lexicon{entities: map[string]*Entity{}, names: newMatcher(false), cues: newMatcher(false), hinglish: newMatcher(true),
		foreign: map[string]bool{}, synonyms: map[string][]string{}, stop: map[string]bool{}, speller: newSpeller()}}
	for _, dir := range folders {
		names, err := fs.Glob(dir, "*")
		if err != nil {
			return nil, nil, fmt.Errorf("list lexicon: %w", err)
		}
		for _, name := range names {
			if err := b.read(dir, name); err != nil {
				return nil, nil, err
			}
		}
	}
	b.links()
	b.l.speller.finish(nil)
	return b.l, b.problems, nil
}

func (b *builder) problem(line int, say, remedy string) {
	b.problems = append(b.problems, Problem{b.file, line, say, remedy})
}

func (b *builder) read(dir fs.FS, name string) error {
	b.file = name
	ext := path.Ext(name)
	if ext != ".yaml" && ext != ".txt" {
		return nil
	}
	src, err := fs.ReadFile(dir, name)
	if err != nil {
		return fmt.Errorf("read lexicon %s: %w", name, err)
	}
	if ext == ".txt" {
		for w := range strings.FieldsSeq(string(src)) {
			b.l.speller.learn(strings.ToLower(w), common)
		}
		return nil
	}
	var f file
	dec := yaml.NewDecoder(bytes.NewReader(src))
	dec.KnownFields(true)
	if err := dec.Decode(&f); err != nil {
		var te *yaml.TypeError
		if errors.As(err, &te) {
			for _, e := range te.Errors {
				b.problem(0, e, "compare the line with the built-in lexicon")
			}
			return nil
		}
		b.problem(0, strings.TrimPrefix(err.Error(), "yaml: "), "mend the YAML at that line")
		return nil
	}
	b.add(f)
	return nil
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
			b.l.hinglish.add(from, words[from], false)
			b.learn(from, common)
		}
	}
	for from := range f.Hinglish {
		if toks := Tokenize(from); len(toks) > 0 {
			b.l.foreign[toks[0].Word] = true
		}
	}
	for _, id := range slices.Sorted(maps.Keys(f.Cues)) {
		for _, words := range f.Cues[id] {
			b.l.cues.add(words, id, false)
			b.learn(words, lexical)
		}
	}
	for _, w := range f.Stop {
		for _, t := range Tokenize(w) {
			b.l.stop[t.Word] = true
			b.l.speller.learn(t.Word, common)
		}
	}
}

func (b *builder) entity(e Entity) {
	switch {
	case e.ID == "" || e.Kind == "" || e.Name == "":
		b.problem(e.Line, "an entity without id, kind or name", "give it all three")
		return
	case b.l.entities[e.ID] != nil:
		b.problem(e.Line, fmt.Sprintf("entity %q stands twice", e.ID), "keep one and merge their words")
		return
	}
	e.tokens = Tokenize(e.Name)
	b.l.entities[e.ID] = &e
	b.l.order = append(b.l.order, &e)
	from := lexical
	if e.Absent {
		from = elsewhere
	}
	for _, w := range e.Words {
		b.l.names.add(w, e.ID, false)
		b.learn(w, from)
		if toks := Tokenize(w); len(toks) == 1 && len(toks[0].Word) > 3 && e.Kind != KindSubject {
			b.l.speller.single[toks[0].Word] = true
		}
	}
	for _, w := range e.Caps {
		b.l.names.add(w, e.ID, true)
	}
	for _, w := range e.Typos {
		b.typo(w, e)
	}
}

// typo remembers a misspelling: as a name of its own, and as the word that stands for it where both are one word.
func (b *builder) typo(w string, e Entity) {
	if len(e.Words) == 0 {
		b.problem(e.Line, fmt.Sprintf("entity %q has typos but no words", e.ID), "add the right spelling under words")
		return
	}
	from, to := Tokenize(w), Tokenize(e.Words[0])
	if len(from) == 1 && len(to) == 1 {
		b.l.speller.typos[from[0].Word] = to[0].Word
	}
	b.l.names.add(w, e.ID, false)
}

func (b *builder) learn(text string, from rank) {
	for _, t := range Tokenize(text) {
		b.l.speller.learn(t.Word, from)
	}
}

// synonymSet links the single words of a set with one another; phrases are the matcher's business.
func (b *builder) synonymSet(set []string) {
	var stems []string
	for _, w := range set {
		if toks := Tokenize(w); len(toks) == 1 && !slices.Contains(stems, toks[0].Stem) {
			stems = append(stems, toks[0].Stem)
			b.l.speller.learn(toks[0].Word, lexical)
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
// as corrections; more frequent ones are preferred.
func (l *Lexicon) Learn(texts func(yield func(string) bool)) *Lexicon {
	c := *l
	c.speller = newSpeller()
	maps.Copy(c.speller.words, l.speller.words)
	maps.Copy(c.speller.stems, l.speller.stems)
	maps.Copy(c.speller.single, l.speller.single)
	maps.Copy(c.speller.typos, l.speller.typos)
	frequency := map[string]int{}
	texts(func(text string) bool {
		for _, t := range Tokenize(text) {
			frequency[t.Word]++
		}
		return true
	})
	for w := range frequency {
		c.speller.learn(w, corpus)
	}
	c.speller.finish(frequency)
	return &c
}
