package report

import (
	"slices"
	"strings"

	"careerbot/knowledge/lexicon"
)

// everyday begins the lexicon ids of matters that lie outside every career pack: the weather, films, food.
const everyday = "everyday-"

// sort is what a term says about a question; the weights of the sorts are how much two questions are alike for sharing it.
type sort int

const (
	strange sort = iota // a word nobody knows: most likely the very thing that is lacking
	named               // an entity of the lexicon
	domain              // a word of the pack
	common              // a word of everyday English
	hint                // a phrase that hints at the topic: "pay", "kitna milta hai"
	shape               // one that only says how the answer should look: "list of", "why"
	generic             // the role everything is about
)

// Weights, tried on the declined questions of the judged sets.
var weights = [...]float64{strange: 3, named: 2, domain: 1, common: 0.7, hint: 1, shape: 0.2, generic: 0.2}

// term is one thing a question says, in a form in which wordings are compared.
type term struct {
	key    string // a stem, "#" and an entity's id, or "?" and a cue's
	name   string // as a person reads it; "" for hints
	sort   sort
	weight float64
}

// wording is a question as it is compared with others.
type wording struct {
	absent []*lexicon.Entity // named, and known not to be in the articles
	terms  []term            // each key once, in the text's order
	weight float64           // of all terms
	empty  bool              // not a word
}

func (w *wording) has(key string) bool {
	return slices.ContainsFunc(w.terms, func(t term) bool { return t.key == key })
}

func (w *wording) add(t term) {
	if w.has(t.key) {
		return
	}
	t.weight = weights[t.sort]
	w.terms = append(w.terms, t)
	w.weight += t.weight
}

// reader reads wordings.
type reader struct {
	lex  *lexicon.Lexicon
	role string
}

// read takes a question apart. Misspelt, abbreviated and Hinglish words come out as the lexicon puts them.
func (rd reader) read(text string, declined bool) wording {
	r := rd.lex.Read(text)
	w := wording{empty: len(r.Tokens) == 0}
	taken := make([]bool, len(r.Tokens))
	roles := slices.ContainsFunc(r.Mentions, func(m lexicon.Mention) bool { return m.Entity.Kind == lexicon.KindRole })
	for _, m := range r.Mentions {
		cover(taken, m.From, m.To)
		rd.mention(&w, m.Entity, roles && !declined)
	}
	for _, c := range r.Cues {
		id, weak := strings.CutSuffix(c.ID, ".weak")
		sort := hint
		if weak || strings.HasPrefix(id, "flag.") {
			sort = shape
		}
		cover(taken, c.From, c.To)
		w.add(term{key: "?" + id, sort: sort})
	}
	for i, t := range r.Tokens {
		if taken[i] || t.Stop {
			continue
		}
		sort := common
		switch {
		case rd.lex.InDomain(t.Word):
			sort = domain
		case !rd.lex.Known(t.Word) && !r.Foreign && t.Word[0] > '9': // in another language, unknown words mean little
			sort = strange
		}
		w.add(term{key: t.Stem, name: t.Word, sort: sort})
	}
	if len(w.terms) > storyWords {
		w.soften()
	}
	if len(w.terms) == 0 {
		w.add(term{key: "?", sort: shape}) // so that questions without a telling word come together
	}
	return w
}

// storyWords is how many terms make a question a story. What a story mentions in passing is not what it asks for, and
// somebody's telling of it seldom lacks a word that nobody knows.
const storyWords = 9

// soften takes unknown words for everyday ones.
func (w *wording) soften() {
	for i, t := range w.terms {
		if t.sort == strange {
			w.terms[i].sort, w.terms[i].weight = common, weights[common]
			w.weight -= t.weight - weights[common]
		}
	}
}

func cover(taken []bool, from, to int) {
	for i := from; i < to; i++ {
		taken[i] = true
	}
}

// mention files an entity. A profession beside a role is most often what the asker is now ("I'm a nurse, how do I
// become …"): where that was answered, it is not what was lacking.
func (rd reader) mention(w *wording, e *lexicon.Entity, beside bool) {
	switch {
	case e.Kind == lexicon.KindChat || e.Absent && beside && e.Kind == lexicon.KindProfession:
	case e.Absent:
		if !slices.Contains(w.absent, e) {
			w.absent = append(w.absent, e)
		}
	case e.ID == rd.role:
		w.add(term{key: "#" + e.ID, name: e.Name, sort: generic})
	default:
		w.add(term{key: "#" + e.ID, name: e.Name, sort: named})
	}
}

// leaders groups wordings by likeness: each joins the leader it is most like, or becomes one. Only leaders are compared
// with, so that a chain of small steps does not bring together what has nothing in common.
type leaders struct {
	lex    *lexicon.Lexicon
	groups []*group
	by     map[string][]int // positions of the groups whose leaders have a term
	joined int
}

func newLeaders(lex *lexicon.Lexicon) *leaders { return &leaders{lex: lex, by: map[string][]int{}} }

const (
	alikeFrom = 0.5 // of all the weight of two wordings, this share must be common to them
	synonym   = 0.8 // how much a word that means the same counts
)

// join puts f into a group, and gives the group if it is new.
func (l *leaders) join(f *failed) *group {
	l.joined++
	if l.joined <= maxCompared {
		if gr := l.nearest(f.read); gr != nil {
			gr.members = append(gr.members, f)
			return nil
		}
	}
	gr := &group{members: []*failed{f}}
	for _, t := range f.read.terms {
		l.by[t.key] = append(l.by[t.key], len(l.groups))
	}
	l.groups = append(l.groups, gr)
	return gr
}

// nearest is the group whose leader is most like w, the earliest of several, nil if none is alike enough.
func (l *leaders) nearest(w wording) *group {
	common := make([]float64, len(l.groups))
	for _, t := range w.terms {
		l.share(t, common)
	}
	best, bestAlike := -1, 0.0
	for i, c := range common {
		alike := c / (w.weight + l.groups[i].members[0].read.weight - c)
		if alike >= alikeFrom && alike > bestAlike {
			best, bestAlike = i, alike
		}
	}
	if best < 0 {
		return nil
	}
	return l.groups[best]
}

// share adds to each leader what it has in common with t: the term itself, or a word that means the same.
func (l *leaders) share(t term, common []float64) {
	for _, i := range l.by[t.key] {
		common[i] += t.weight
	}
	for _, s := range l.lex.Synonyms(t.key) {
		for _, i := range l.by[s] {
			if !l.groups[i].members[0].read.has(t.key) {
				common[i] += synonym * t.weight
			}
		}
	}
}
