// Package intent understands a question: text, earlier turns and the pack's lexicon become an Intent.
//
// It is pure: it does not search, compose or remember. What words mean stands in the lexicon's files; this package
// weighs them.
package intent

import (
	"strings"

	"careerbot/bot/chat"
	"careerbot/knowledge/lexicon"
)

// Intent is what a question asks.
type Intent struct {
	Topic  chat.Topic
	Runner chat.Topic // the next best reading, "" where there is none
	Gap    float64    // by how much Topic beats Runner, 0 … 1
	Flags  Flags

	Roles     []string // lexicon ids, in order of appearance
	Levels    []string
	Regions   []string
	Things    []string // tools, languages, concepts, groups, skills, …
	Known     []string // what the asker says they know already (TopicNext)
	Currency  string   // ISO 4217, where figures were asked for in it
	YearsLow  float64  // years of experience, 0 where none are named
	YearsHigh float64
	Count     int               // "top 3": how many were asked for, 0 where none
	Sum       float64           // a sum of money the question names: "they offered 118k"; 0 where none
	SumIn     string            // its currency, ISO 4217; "" where the question does not say
	Article   string            // only what this article says
	Provider  string            // only what this provider measured
	Absent    []*lexicon.Entity // named, and known not to be in the articles
	Chat      string            // greeting, thanks, …: name of the chat entity
	Terms     []Term            // content words, most telling first in the text's order
	Unknown   int               // content words nobody knows, in the sentence that asks
	Content   int               // content words in that sentence
	Fixes     []lexicon.Fix
	Strong    bool // a cue names the topic outright
	Follow    bool // leans on an earlier turn
	Empty     bool // no words at all
	Foreign   bool // written in another language
	Text      string
}

// Term is one content word of the question.
type Term struct {
	Word, Stem string
	Weight     float64  // 1 in the sentence that asks, less elsewhere
	Generic    bool     // says no more than what the whole pack is about
	Cue        bool     // already counted as a hint at the topic
	Phrase     bool     // part of such a hint of several words
	Known      bool     // some word of the lexicon, of the pack or of everyday English
	Domain     bool     // a word of the lexicon or the pack
	Entity     bool     // part of an entity's name
	Also       []string // stems that say the same
}

// Flags shape the answer without naming a topic.
type Flags uint32

// The flags, named after the cues of the lexicon.
const (
	Factor Flags = 1 << iota
	Place
	Highest
	Lowest
	List
	Soft
	Technical
	First
	Month
	Convert
	Agree
	Why
	YesNo
	Progress
	Duration
	Projects
	Compare
	More
	WhyAnswer
	Definition
	Define
	Team
	Task
	Short    // the answer in a line or two
	Anew     // the answer before once more
	Disagree // where the sources differ
)

var flagOf = map[string]Flags{
	"flag.factor": Factor, "flag.place": Place, "flag.highest": Highest, "flag.lowest": Lowest, "flag.list": List,
	"flag.soft": Soft, "flag.technical": Technical, "flag.first": First, "flag.month": Month, "flag.convert": Convert,
	"flag.agree": Agree, "flag.why": Why, "flag.yesno": YesNo, "flag.progress": Progress, "duration": Duration, "team": Team,
	"projects": Projects, "compare": Compare, "flag.short": Short, "flag.anew": Anew, "flag.disagree": Disagree, "flag.define": Define, "flag.task": Task, "more": More, "why-answer": WhyAnswer, "definition": Definition,
}

// Has says whether all of the given flags are set.
func (f Flags) Has(g Flags) bool { return f&g == g }

// Role is the role asked about, or def.
func (in *Intent) Role(def string) string {
	if len(in.Roles) > 0 {
		return in.Roles[0]
	}
	return def
}

// closeCall is the gap below which the runner-up is offered too.
const closeCall = 0.12

// Close says whether two readings are so near that the person should be offered the other.
func (in *Intent) Close() bool { return in.Runner != "" && in.Gap < closeCall }

// Again says whether the question asks about the answer before it and nothing else: "more", "why?".
func (in *Intent) Again() bool {
	if in.Flags&(More|WhyAnswer|Why|Short|Anew) == 0 || len(in.Roles)+len(in.Levels)+len(in.Regions) > 0 && !in.Follow {
		return false
	}
	if in.Flags&(More|WhyAnswer|Short|Anew) == 0 && len(strings.Fields(in.Text)) > bareWhy {
		return false // "why do I need it" asks about it
	}
	for _, t := range in.Terms {
		if t.Weight >= 1 && !again[t.Stem] && (!t.Cue || in.Flags&(Short|Anew) == 0) {
			return false
		}
	}
	return true
}

// bareWhy is how many words a "why?" about the answer has at most.
const bareWhy = 4

// again holds the stems of which such a question may consist, stop words aside.
var again = map[string]bool{
	"continu": true, "els": true, "anyth": true, "answer": true, "explain": true, "reason": true, "come": true, "show": true, "repeat": true,
	"make": true, "give": true, "say": true, "keep": true, "littl": true, "short": true, "bit": true, "much": true, "long": true,
}

// Specific gives the content words that say more than the topic and the pack's subject do.
func (in *Intent) Specific() []Term {
	var out []Term
	for _, t := range in.Terms {
		if !t.Generic && !t.Cue && t.Weight >= 1 {
			out = append(out, t)
		}
	}
	return out
}

// String says in words what was understood, for the trace.
func (in *Intent) String() string {
	var b strings.Builder
	b.WriteString(string(in.Topic))
	part := func(name string, ids ...string) {
		if len(ids) > 0 && ids[0] != "" {
			b.WriteString(" · " + name + " " + strings.Join(ids, ", "))
		}
	}
	part("role", in.Roles...)
	part("level", in.Levels...)
	part("region", in.Regions...)
	part("about", in.Things...)
	part("knows", in.Known...)
	part("currency", in.Currency)
	part("article", in.Article)
	part("provider", in.Provider)
	for _, e := range in.Absent {
		part("not in the articles", e.Name)
	}
	if in.Follow {
		b.WriteString(" · follows the turn before")
	}
	return b.String()
}
