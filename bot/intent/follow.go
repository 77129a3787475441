package intent

import (
	"slices"

	"careerbot/bot/chat"
	"careerbot/knowledge/lexicon"
)

// inherit fills what a follow-up leaves out from the turn before it: "and in the US?", "what about devops?",
// "how much do they make". A question that stands on its own inherits nothing.
func (rd *reader) inherit(past []Intent, s *scores, command bool) {
	in := rd.in
	if len(past) == 0 || !rd.leans(*s, command) {
		return
	}
	last := past[len(past)-1]
	if passing(last.Topic) {
		if len(past) < 2 || passing(past[len(past)-2].Topic) {
			return
		}
		last = past[len(past)-2]
	}
	in.Follow = true
	sides := rd.sides(last, past)
	switch {
	case !rd.topicless(*s):
	case last.Topic == chat.TopicSalary && rd.has("harder", "easier", "hardest", "easiest"):
		(*s)[chat.TopicCompare] += 3 // the same two in another respect
	case sides && last.Topic != chat.TopicSalary:
		(*s)[chat.TopicCompare] += 3
	default:
		(*s)[last.Topic] += 3
		in.Flags |= last.Flags & (Factor | Highest | Compare | Soft | Place | Duration | Projects)
	}
	rd.knows(last, s)
	rd.slots(last)
	if !rd.anotherOf(last.Topic) {
		rd.carry(last)
	}
}

// passing says whether a turn was beside the matter, so that a follow-up leans on the one before it.
func passing(t chat.Topic) bool {
	switch t {
	case chat.TopicChat, chat.TopicNone, chat.TopicHelp, chat.TopicSources, "":
		return true
	}
	return false
}

// anotherOf says whether the question asks outright for something of the topic the turn before was about: "how many
// openings?" after remote jobs is not about remote jobs.
func (rd *reader) anotherOf(topic chat.Topic) bool {
	own, _ := rank(rd.own)
	return own == topic && topic != chat.TopicSalary && !rd.topicless(rd.own) && !rd.pointsBack()
}

// sides completes "compare it with flask" with what the turn before was about, and says whether two sides are named
// then.
func (rd *reader) sides(last Intent, past []Intent) bool {
	in := rd.in
	if n := len(past); in.Flags.Has(Compare) && len(in.Roles)+len(in.Things) == 0 && n > 1 {
		a, b := past[n-2].Things, past[n-1].Things // "and the difference?" after one and the other
		if len(a) == 1 && len(b) == 1 && a[0] != b[0] && rd.lex.Kind(a[0]) == rd.lex.Kind(b[0]) {
			in.Things = []string{a[0], b[0]}
		}
	}
	if !in.Flags.Has(Compare) || len(in.Roles)+len(in.Things) != 1 {
		return len(in.Roles) == 2 || len(in.Things) == 2 && in.Flags.Has(Compare)
	}
	role := last.Role(rd.role)
	switch {
	case len(in.Roles) == 1 && in.Roles[0] != role:
		in.Roles = []string{role, in.Roles[0]}
	case len(in.Things) == 1 && last.Topic == chat.TopicSalary:
		other := rd.roleCalled(in.Things[0])
		if other == "" || other == role {
			return false
		}
		in.Roles, in.Things = []string{role, other}, nil
	case len(in.Things) == 1 && len(last.Things) > 0 && last.Things[0] != in.Things[0] && rd.lex.Kind(last.Things[0]) == rd.lex.Kind(in.Things[0]):
		in.Things = []string{last.Things[0], in.Things[0]}
	default:
		return false
	}
	return true
}

// roleCalled gives the role that belongs to a thing: the DevOps engineer to DevOps.
func (rd *reader) roleCalled(thing string) string {
	for _, e := range rd.lex.All() {
		if e.Kind == lexicon.KindRole && e.Of == thing {
			return e.ID
		}
	}
	return ""
}

// knows carries over what the asker said they know: "I also know Django" adds to it, "no, I meant Flask" puts another
// of the kind in its place.
func (rd *reader) knows(last Intent, s *scores) {
	in := rd.in
	known := slices.Clone(last.Known)
	if len(known) == 0 || last.Topic != chat.TopicNext {
		for _, id := range last.Things {
			known = add(known, id)
		}
	}
	switch {
	case (*s)[chat.TopicNext] > 0 && len(in.Things) == 0:
		(*s)[chat.TopicNext] += 3
	case last.Topic != chat.TopicNext || len(in.Things) == 0 || !rd.topicless(rd.own):
		return
	case rd.corrects():
		known = slices.DeleteFunc(known, func(id string) bool { return rd.lex.Kind(id) == rd.lex.Kind(in.Things[0]) })
		known = append(known, in.Things...)
	case rd.has("also", "too", "plus", "and", "know", "knows", "learned"):
		known = append(known, in.Things...)
	default:
		return
	}
	for _, id := range known {
		in.Known = add(in.Known, id)
	}
}

// corrects says whether the question puts the one before it right.
func (rd *reader) corrects() bool { return rd.has("meant", "mean") && rd.has("i", "no", "sorry") }

// pointsBack says whether a word stands for something said before.
func (rd *reader) pointsBack() bool {
	return rd.has("it", "they", "them", "those", "that", "these", "this", "one", "ones", "their", "its", "there")
}

// leans says whether the question needs the turn before: it opens like a follow-up, points back, or says too little.
// A command says what is asked, so what its words leave out was left out on purpose.
func (rd *reader) leans(s scores, command bool) bool {
	if rd.in.Unknown > 0 && rd.topicless(s) && len(rd.in.Things)+len(rd.in.Roles)+len(rd.in.Levels)+len(rd.in.Regions) == 0 {
		return false
	}
	toks := rd.r.Tokens
	if len(toks) > longText {
		return false
	}
	for len(toks) > 1 && slices.Contains([]string{"hmm", "hm", "oh", "ah", "well", "ok", "okay", "cool", "nice", "great", "right"}, toks[0].Word) {
		toks = toks[1:] // said before the question itself
	}
	if len(toks) > 0 && slices.Contains([]string{"and", "also", "then", "but", "so", "only", "just", "ok", "okay", "or"}, toks[0].Word) {
		return true
	}
	if rd.near("what", "about") || rd.near("how", "about") || rd.near("what", "if") || rd.in.Flags.Has(Convert) {
		return true
	}
	if rd.pointsBack() || rd.corrects() {
		return true
	}
	if rd.in.Flags.Has(Compare) && len(rd.in.Roles)+len(rd.in.Things) == 1 && (rd.near("compare", "with") || rd.near("compare", "to") || toks[0].Word == "vs") {
		return true // with what was spoken of
	}
	if rd.in.Flags.Has(More) && rd.in.Content <= 3 {
		return true
	}
	if len(rd.in.Things) > 0 && (rd.in.Flags.Has(Definition) || !rd.topicless(s)) {
		return false // it names its own matter and what is asked of it
	}
	return !command && len(rd.in.Roles) == 0 && rd.in.Content <= 4 && len(toks) <= 9
}

// topicless says whether the words hint at no topic of their own.
func (rd *reader) topicless(s scores) bool {
	for t, v := range s {
		if v >= 1.8 && t != chat.TopicDefinition && t != chat.TopicCompare {
			return false
		}
	}
	return true
}

// slots takes over role, level, region and currency where the follow-up names none.
func (rd *reader) slots(last Intent) {
	in := rd.in
	money := last.Topic == chat.TopicSalary || last.Topic == chat.TopicCompare
	if len(in.Roles) == 0 && len(in.Things) == 0 && len(in.Absent) == 0 {
		in.Roles = slices.Clone(last.Roles)
	}
	if len(in.Roles)+len(in.Things)+len(in.Absent) == 0 && rd.pointsBack() && len(last.Things) == 0 {
		in.Absent = slices.Clone(last.Absent) // "do they mention it" after what they do not
	}
	if len(in.Regions) == 0 && !rd.absentPlace() && money {
		in.Regions = slices.Clone(last.Regions)
	}
	if len(in.Levels) == 0 && money && len(in.Roles) <= 1 && in.YearsLow == 0 && sameRole(in.Roles, last.Roles) {
		in.Levels = slices.Clone(last.Levels)
		in.YearsLow, in.YearsHigh = last.YearsLow, last.YearsHigh
	}
}

func sameRole(a, b []string) bool { return len(b) == 0 || len(a) == 0 || a[0] == b[0] }

func (rd *reader) absentPlace() bool {
	for _, e := range rd.in.Absent {
		if e.Kind == "place" {
			return true
		}
	}
	return false
}

func (rd *reader) isGroup(id string) bool {
	e := rd.lex.Entity(id)
	return e != nil && e.Kind == lexicon.KindGroup
}

// carried is the weight of the earlier turn's words in the search for a follow-up.
const carried = 0.35

// carry adds the earlier turn's telling words and things, so that "the scalability one" is searched among challenges.
func (rd *reader) carry(last Intent) {
	in := rd.in
	if len(in.Things) == 0 && (len(in.Specific()) == 0 || rd.has("one", "ones", "it", "they", "them", "these", "those")) {
		in.Things = slices.Clone(last.Things)
	}
	if !slices.ContainsFunc(in.Things, rd.isGroup) && len(in.Things) == 1 {
		for _, id := range last.Things {
			if rd.isGroup(id) {
				in.Things = append(in.Things, id)
			}
		}
	}
	for _, t := range last.Terms {
		if t.Weight < 1 || t.Generic || slices.ContainsFunc(in.Terms, func(o Term) bool { return o.Stem == t.Stem }) {
			continue
		}
		t.Weight = carried
		in.Terms = append(in.Terms, t)
	}
}
