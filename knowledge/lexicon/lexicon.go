package lexicon

import "strings"

// Lexicon is the vocabulary of one pack. It is immutable once loaded and safe for concurrent use.
type Lexicon struct {
	entities map[string]*Entity
	order    []*Entity         // as in the files
	names    matcher           // entity words, aliases and typos -> entity
	cues     matcher           // cue phrases -> cue id
	hinglish matcher           // words of another language -> English words
	foreign  map[string]bool   // words that begin a phrase of the other language
	between  map[string]string // Between words -> entity id
	synonyms map[string][]string
	stop     map[string]bool
	stems    map[string]string // of every word met while loading; read only
	speller  speller
}

// Entity is one thing people name: a role, a tool, a place, a level.
type Entity struct {
	ID      string
	Kind    string   // "role", "language", "region", …; see Kinds
	Name    string   // as shown
	Words   []string // names and abbreviations
	Typos   []string // frequent misspellings
	Caps    []string // words that count only when typed in capitals: BE, SA
	Between []string // words that count in small letters too, between names, cues and the ends of a text: us
	Trade   []string // of a role: words that say no more than that this work is meant: developer, software
	Groups  []string // ids of the groups it belongs to
	Of      string   // the entity it belongs to: django -> python, bangalore -> india
	Same    []string // entities a question for this one should also find
	Absent  bool     // people ask for it, the articles do not hold it
	Line    int
	tokens  []Token         // of Name
	spoken  map[string]bool // single words its names are made of
}

// Speaks says whether a word is part of one of the entity's names.
func (e *Entity) Speaks(word string) bool { return e.spoken[word] }

// Tokens are the words of the entity's name. The slice is shared: do not change it.
func (e *Entity) Tokens() []Token { return e.tokens }

// The kinds of entities that code tells apart; others are shown as they are.
const (
	KindRole     = "role"
	KindLevel    = "level"
	KindRegion   = "region"
	KindCity     = "city"
	KindCurrency = "currency"
	KindGroup    = "group"
	KindProvider = "provider"
	KindArticle  = "article"
	KindConcept  = "concept"

	// Kinds of what is absent.
	KindPlace      = "place"
	KindProfession = "profession"
	KindTechnology = "technology"
	KindSubject    = "subject"
	KindChat       = "chat"
)

// Entity gives the entity of an id, nil where there is none.
func (l *Lexicon) Entity(id string) *Entity {
	if l == nil {
		return nil
	}
	return l.entities[id]
}

// All gives every entity in the order of the files.
func (l *Lexicon) All() []*Entity {
	if l == nil {
		return nil
	}
	return l.order
}

// Name is the shown name of an entity, the id itself where it is not known.
func (l *Lexicon) Name(id string) string {
	if e := l.Entity(id); e != nil {
		return e.Name
	}
	return strings.ReplaceAll(id, "-", " ")
}

// Kind is an entity's kind, "" for an unknown id.
func (l *Lexicon) Kind(id string) string {
	if e := l.Entity(id); e != nil {
		return e.Kind
	}
	return ""
}

// Members gives the entities of a group in the order of the files.
func (l *Lexicon) Members(group string) []*Entity {
	var out []*Entity
	for _, e := range l.All() {
		for _, g := range e.Groups {
			if g == group {
				out = append(out, e)
			}
		}
	}
	return out
}

// Synonyms gives the stems that mean the same as stem to someone searching; it may be empty.
func (l *Lexicon) Synonyms(stem string) []string {
	if l == nil {
		return nil
	}
	return l.synonyms[stem]
}

// Stop says whether a word carries no meaning of its own.
func (l *Lexicon) Stop(word string) bool { return l != nil && l.stop[word] }

// Known says whether a word, or another form of it, belongs to the vocabulary: an entity, a cue, a word of the pack
// or of everyday English.
func (l *Lexicon) Known(word string) bool { return l != nil && l.speller.known(word) }

// InDomain says whether a word belongs to the pack or to its entities and cues, everyday English aside.
func (l *Lexicon) InDomain(word string) bool { return l != nil && l.speller.domain(word) }

// tokenize uses the stems worked out on loading, and works out others without keeping them.
func (l *Lexicon) tokenize(text string) []Token {
	toks := words(text)
	for i := range toks {
		toks[i].Stem = l.stem(toks[i].Word)
	}
	return toks
}

func (l *Lexicon) stem(word string) string {
	if s, ok := l.stems[word]; ok {
		return s
	}
	return Stem(word)
}

// Entities gives the ids of the entities a text names, each once, in order of appearance. What is absent is not named.
func (l *Lexicon) Entities(text string) []string {
	if l == nil {
		return nil
	}
	var out []string
	seen := map[string]bool{}
	toks := l.joinNames(l.tokenize(text))
	l.names.longest(toks, func(_, _ int, id string) {
		if e := l.entities[id]; !e.Absent && !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	})
	return out
}
