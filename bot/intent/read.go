package intent

import (
	"slices"
	"strings"

	"careerbot/bot/chat"
	"careerbot/knowledge/lexicon"
)

// Read understands a question. past holds the earlier intents of the same thread and user, oldest first; role is
// the lexicon id of the role the pack is about.
func Read(q chat.Question, past []Intent, lex *lexicon.Lexicon, role string) Intent {
	r := lex.Read(cut(q.Text))
	unwrap(&r)
	in := Intent{Text: q.Text, Fixes: r.Fixes, Foreign: r.Foreign, Empty: len(r.Tokens) == 0}
	if in.Empty && q.Topic == "" {
		in.Topic = chat.TopicNone
		return in
	}
	rd := reader{lex: lex, r: &r, in: &in, role: role, meant: -1}
	rd.from, rd.to = focus(&r)
	rd.mentions()
	rd.back = rd.before()
	if in.Currency == "" && strings.Contains(in.Text, "$") {
		in.Currency = "USD"
	}
	rd.numbers()
	rd.sum()
	rd.terms()
	s := rd.score()
	if !in.Empty || q.Topic == "" { // a command without words asks for its whole topic, whatever came before
		rd.inherit(past, &s, q.Topic != "")
	}
	rd.decide(q.Topic, s)
	return in
}

// cut keeps the head and the tail of a very long message: the question stands in one of them.
func cut(s string) string {
	if len(s) <= chat.MaxText {
		return s
	}
	head, tail := s[:chat.MaxText*3/4], s[len(s)-chat.MaxText/4:]
	return strings.ToValidUTF8(head, "") + "\n" + strings.ToValidUTF8(tail, "")
}

// reader gathers one question's reading.
type reader struct {
	lex      *lexicon.Lexicon
	r        *lexicon.Reading
	in       *Intent
	role     string
	from, to int              // tokens of the sentence that asks
	taken    []bool           // tokens that belong to an entity
	back     lexicon.Sentence // the sentence that the asking one points back to, empty where it points to none
	meant    int              // where the thing stands that "it" in the asking sentence means, -1 where none does
	own      scores           // of this turn alone
	named0   []string         // things and roles this turn names itself
}

// longText is how many words make a message long: people tell their story and ask in one sentence of it.
const longText = 22

// focus finds the sentence that asks. Short texts are one question.
func focus(r *lexicon.Reading) (from, to int) {
	if len(r.Tokens) <= longText || len(r.Sentences) < 2 {
		return 0, len(r.Tokens)
	}
	best, bestScore := r.Sentences[len(r.Sentences)-1], 0.0
	for i, s := range r.Sentences {
		score := 0.02 * float64(i)
		if s.Asks {
			score += 2.5
		}
		for _, c := range r.Cues {
			if c.From >= s.From && c.To <= s.To && !strings.HasSuffix(c.ID, ".weak") {
				score += 0.5
			}
		}
		for _, m := range r.Mentions {
			if m.From >= s.From && m.To <= s.To && !m.Entity.Absent {
				score += 0.4
			}
		}
		if score > bestScore {
			best, bestScore = s, score
		}
	}
	return best.From, best.To
}

// before gives the sentence before the asking one where that one names no matter of its own and points back: "what is
// that called", "what do these two pay".
func (rd *reader) before() lexicon.Sentence {
	in := rd.in
	if rd.from == 0 || len(in.Things) > 0 || slices.ContainsFunc(in.Roles, func(id string) bool { return id != rd.role }) || !rd.points() {
		return lexicon.Sentence{}
	}
	var last lexicon.Sentence
	for _, s := range rd.r.Sentences {
		if s.To <= rd.from {
			last = s
		}
	}
	return last
}

// points says whether a word of the asking sentence stands for something said before it.
func (rd *reader) points() bool {
	if rd.has("these", "those", "he", "she", "they", "his", "her", "their", "them", "it", "this", "both") {
		return true
	}
	for _, w := range []string{"is", "was", "called", "be", "means", "part", "normal", "a"} {
		if rd.near("that", w) || rd.near("is", "that") {
			return true
		}
	}
	return rd.to > rd.from && rd.r.Tokens[rd.to-1].Word == "that"
}

func (rd *reader) focused(from, to int) bool { return from >= rd.from && to <= rd.to }

// mentions sorts the named entities into the slots of the intent. What stands outside the asking sentence only
// fills slots that sentence leaves empty; the last thing named before it is what "it" means there.
func (rd *reader) mentions() {
	rd.taken = make([]bool, len(rd.r.Tokens))
	for _, m := range rd.r.Mentions {
		for i := m.From; i < m.To; i++ {
			rd.taken[i] = true
		}
		if rd.focused(m.From, m.To) {
			rd.slot(m)
		}
	}
	bare := len(rd.in.Things)+len(rd.in.Roles) == 0 && (rd.near("that", "is") || rd.near("it", "is") || rd.near("is", "it") ||
		rd.near("is", "that") || rd.near("it", "means") || rd.near("that", "means") || rd.near("they", "are") || rd.has("explain", "meant") ||
		rd.near("he", "means") || rd.near("she", "means") || rd.near("they", "mean"))
	for _, m := range rd.r.Mentions {
		if rd.focused(m.From, m.To) || m.Entity.Absent {
			continue
		}
		switch k := m.Entity.Kind; {
		case k == lexicon.KindRole && len(rd.in.Roles) == 0,
			k == lexicon.KindRegion && len(rd.in.Regions) == 0:
			rd.slot(m)
		case bare && m.To <= rd.from && learnable(k):
			rd.meant = m.From
		}
	}
	if rd.meant >= 0 {
		rd.slot(*rd.at(rd.meant))
	}
	if len(rd.in.Levels) > 0 { // "entry, mid and senior": the word alone is a level beside others
		rd.entry()
	}
}

// entry adds the lowest level where it is named by its bare word beside another level.
func (rd *reader) entry() {
	for i := rd.from; i < rd.to; i++ {
		if rd.r.Tokens[i].Word == "entry" && !rd.taken[i] && rd.lex.Entity("entry") != nil && !slices.Contains(rd.in.Levels, "entry") {
			rd.in.Levels = slices.Insert(rd.in.Levels, 0, "entry")
		}
	}
}

func (rd *reader) slot(m lexicon.Mention) {
	e, in := m.Entity, rd.in
	if e.Absent {
		if e.Kind == lexicon.KindChat {
			in.Chat = e.Name
		} else if !slices.Contains(in.Absent, e) {
			in.Absent = append(in.Absent, e)
			if e.Kind == "place" && e.Of != "" && len(in.Regions) == 0 { // Texas is not priced, the US is
				in.Regions = add(in.Regions, e.Of)
			}
		}
		return
	}
	switch e.Kind {
	case lexicon.KindRole:
		in.Roles = add(in.Roles, e.ID)
	case lexicon.KindLevel:
		in.Levels = add(in.Levels, e.ID)
	case lexicon.KindRegion:
		in.Regions = add(in.Regions, e.ID)
	case lexicon.KindCurrency:
		in.Currency = strings.ToUpper(e.ID)
	case lexicon.KindCity:
		in.Things = add(in.Things, e.ID)
		if e.Of != "" && len(in.Regions) == 0 {
			in.Regions = add(in.Regions, e.Of)
		}
	case lexicon.KindArticle:
		in.Article = e.ID
	case lexicon.KindProvider:
		in.Provider = e.ID
		in.Things = add(in.Things, e.ID)
	default:
		in.Things = add(in.Things, e.ID)
	}
}

func add(ids []string, id string) []string {
	if slices.Contains(ids, id) {
		return ids
	}
	return append(ids, id)
}

// terms makes the content words of the question.
func (rd *reader) terms() {
	cue := rd.cueTokens()
	for i := range rd.r.Tokens {
		t := &rd.r.Tokens[i]
		m := rd.at(i)
		if m != nil && !m.Entity.Absent {
			if i == m.From {
				rd.named(m, cue)
			}
			continue
		}
		if t.Stop && !rd.taken[i] && (cue[i] < 2 || !judging[t.Word]) || len(t.Word) == 1 && !rd.taken[i] {
			continue
		}
		term := Term{
			Word: t.Word, Stem: t.Stem, Weight: 1, Cue: cue[i] > 0, Phrase: cue[i] > 1, Entity: m != nil && m.Entity.Kind == lexicon.KindChat,
			Known: rd.lex.Known(t.Word), Domain: rd.lex.InDomain(t.Word),
		}
		if i < rd.from || i >= rd.to {
			if term.Weight = aside; i >= rd.back.From && i < rd.back.To && term.Domain && !term.Cue {
				term.Weight = 1
			}
		} else {
			rd.in.Content++
			if !term.Known && !isNumber(t.Word) && !rd.r.Foreign {
				rd.in.Unknown++
			}
		}
		rd.in.Terms = append(rd.in.Terms, term)
	}
	for _, c := range rd.r.Cues {
		if w := searched[c.ID]; w != "" && rd.focused(c.From, c.To) && !slices.ContainsFunc(rd.in.Terms, func(t Term) bool { return t.Word == w }) {
			rd.in.Terms = append(rd.in.Terms, Term{Word: w, Stem: lexicon.Stem(w), Weight: 1, Cue: true, Known: true, Domain: true})
		}
	}
	rd.generic()
}

// searched names the word the facts use for what a cue says in other words: "what should I build" is about projects.
var searched = map[string]string{"projects": "project", "duration": "months", "team": "collaborate", "automation": "automate"}

// judging holds stop words that carry a hint of several words: a good career, best practice.
var judging = map[string]bool{"good": true, "best": true, "better": true, "great": true}

// aside is the weight of words outside the sentence that asks: they colour the search and decide nothing.
const aside = 0.12

// at gives the mention that token i belongs to.
func (rd *reader) at(i int) *lexicon.Mention {
	for n := range rd.r.Mentions {
		if m := &rd.r.Mentions[n]; m.From <= i && i < m.To {
			return m
		}
	}
	return nil
}

// named adds the words of an entity's name in place of what was typed, so that k8s finds Kubernetes; what was typed
// counts as another way to say it.
func (rd *reader) named(m *lexicon.Mention, cue []int) {
	weight := 1.0
	if m.From >= rd.back.From && m.To <= rd.back.To {
		weight = 1
	} else if !rd.focused(m.From, m.To) && m.From != rd.meant {
		weight = aside
	} else {
		rd.in.Content++
	}
	typed := rd.r.Tokens[m.From:m.To]
	if k := m.Entity.Kind; k == lexicon.KindRegion || k == lexicon.KindLevel {
		rd.beside(m, typed, weight, cue) // "US cities" names a region and says cities besides
		typed = nil
	}
	for _, n := range m.Entity.Tokens() {
		if rd.lex.Stop(n.Word) && len(m.Entity.Tokens()) > 1 {
			continue // "the" of "the US"; but Go is a language here
		}
		term := Term{Word: n.Word, Stem: n.Stem, Weight: weight, Cue: cue[m.From] > 0 && m.To-m.From == 1, Entity: true, Known: true, Domain: true}
		for _, t := range typed {
			if !rd.lex.Stop(t.Word) && !slices.ContainsFunc(m.Entity.Tokens(), func(o lexicon.Token) bool { return o.Stem == t.Stem }) {
				term.Also = append(term.Also, t.Stem)
			}
		}
		rd.in.Terms = append(rd.in.Terms, term)
	}
}

// beside adds the words that were typed within an entity's phrase and are not its name.
func (rd *reader) beside(m *lexicon.Mention, typed []lexicon.Token, weight float64, cue []int) {
	for i, t := range typed {
		if t.Stop || len(t.Word) < 4 || slices.ContainsFunc(m.Entity.Tokens(), func(o lexicon.Token) bool { return o.Stem == t.Stem }) || len(typed) < 2 {
			continue
		}
		rd.in.Terms = append(rd.in.Terms, Term{Word: t.Word, Stem: t.Stem, Weight: weight, Cue: cue[m.From+i] > 0, Known: true, Domain: true})
	}
}

// cueTokens gives the length of the cue that a token belongs to and that names a topic, 0 where none does; a cue inside an entity's name is part of the name.
func (rd *reader) cueTokens() []int {
	out := make([]int, len(rd.r.Tokens))
	for _, c := range rd.r.Cues {
		if rd.inName(c) || strings.HasPrefix(c.ID, "flag.") && !hollow[c.ID] {
			continue
		}
		for i := c.From; i < c.To; i++ {
			if n := c.To - c.From; !strings.HasSuffix(c.ID, ".weak") && c.ID != "definition" || n == 1 {
				out[i] = max(out[i], n)
			} else {
				out[i] = max(out[i], 1)
			}
		}
	}
	return out
}

// hollow names the flags whose words are not searched for: they say how an answer should look, not what it is about.
var hollow = map[string]bool{"flag.list": true, "flag.short": true, "flag.anew": true}

// inName says whether the cue is only a part of an entity's name, as "package" in "package manager".
func (rd *reader) inName(c lexicon.Cue) bool {
	for _, m := range rd.r.Mentions {
		if m.Entity.Kind == lexicon.KindLevel {
			continue // "starting salary" names a level and asks for pay besides
		}
		if c.From >= m.From && c.To <= m.To && m.To-m.From > c.To-c.From {
			return true
		}
	}
	return false
}

// work holds words that say no more than that work is meant, whatever the work.
var work = map[string]bool{"job": true, "jobs": true, "career": true, "role": true, "roles": true}

// generic marks the words of the role the pack is about: every document speaks of it.
func (rd *reader) generic() {
	e := rd.lex.Entity(rd.role)
	if e == nil {
		return
	}
	for i := range rd.in.Terms {
		t := &rd.in.Terms[i]
		t.Generic = !t.Phrase && (e.Speaks(t.Word) || e.Speaks(strings.TrimSuffix(t.Word, "s")) || work[t.Word] || slices.Contains(e.Trade, t.Word))
	}
}

func isNumber(w string) bool { return w[0] >= '0' && w[0] <= '9' }
