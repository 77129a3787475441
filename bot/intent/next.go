package intent

import (
	"slices"

	"careerbot/bot/chat"
	"careerbot/knowledge/lexicon"
)

// next tells "I know Python and SQL, what now?" from "what do I need to know?".
func (rd *reader) next(s scores) {
	var known *lexicon.Cue
	for i := range rd.r.Cues {
		if c := &rd.r.Cues[i]; c.ID == "known" && c.To-c.From > 1 && known == nil && !rd.asked(c.From) {
			known = c
		}
	}
	if known == nil || s[chat.TopicSalary] >= strongWeight {
		if known == nil && !slices.ContainsFunc(rd.in.Things, func(id string) bool { return learnable(rd.lex.Kind(id)) }) {
			s[chat.TopicNext] *= 0.5
		}
		return
	}
	for _, m := range rd.r.Mentions {
		if m.From >= known.From && !m.Entity.Absent && learnable(m.Entity.Kind) {
			rd.in.Known = add(rd.in.Known, m.Entity.ID)
		}
	}
	_, other := rank(s)
	if len(rd.in.Known) > 0 && (s[chat.TopicNext] > 0 && s[other] <= s[chat.TopicNext]+strongWeight/2 || s[other] < strongWeight && rd.has("what", "now", "next", "which", "then", "after")) {
		s[chat.TopicNext] += 3
	}
}

// asked says whether the words at i are part of a question: "should I learn" is not "I learned".
func (rd *reader) asked(i int) bool {
	return i > 0 && slices.Contains([]string{"should", "do", "must", "can", "could", "what", "to", "need"}, rd.r.Tokens[i-1].Word)
}

// aimless says whether a question that sounds like "what comes next" names nothing that was learned, and something else
// instead: "what to do after going live to notice problems".
func (rd *reader) aimless() bool {
	in := rd.in
	if len(in.Known) > 0 || in.Follow || slices.ContainsFunc(in.Things, func(id string) bool { return learnable(rd.lex.Kind(id)) }) {
		return false
	}
	return slices.ContainsFunc(in.Specific(), func(t Term) bool { return t.Domain })
}

// places adds the word that facts on pay have for "where", which is no word of its own.
func (rd *reader) places() {
	in := rd.in
	if in.Topic != chat.TopicSalary || !in.Flags.Has(Place) || len(in.Regions) > 1 || !rd.has("where") {
		return
	}
	words := []string{"city"}
	if in.Flags.Has(Highest) {
		words = append(words, "higher")
	}
	for _, w := range words {
		in.Terms = append(in.Terms, Term{Word: w, Stem: lexicon.Stem(w), Weight: 1, Cue: true, Known: true, Domain: true})
	}
}
