package intent

import (
	"maps"
	"slices"
	"strings"

	"careerbot/bot/chat"
	"careerbot/knowledge/lexicon"
)

// scores is how strongly each topic is hinted at.
type scores map[chat.Topic]float64

// A cue counts strongWeight for its topic, one marked weak counts weakWeight. Longer phrases are surer.
const (
	strongWeight = 2.0
	weakWeight   = 0.6
	phraseBonus  = 0.5 // for every word after the first
)

// topicOf names the topic of cues that do not carry a topic's own name.
var topicOf = map[string]chat.Topic{
	"duration": chat.TopicRoadmap, "automation": chat.TopicTrends, "projects": chat.TopicRoadmap, "team": chat.TopicResponsibilities, "more": "", "why-answer": "", "known": "",
}

// score adds up the cues of the asking sentence.
func (rd *reader) score() scores {
	s := scores{}
	weights := map[string][]float64{}
	for _, c := range rd.r.Cues {
		if !rd.focused(c.From, c.To) {
			continue
		}
		if c.ID != "flag.task" || rd.opens(c.From) {
			rd.in.Flags |= flagOf[c.ID]
		}
		if rd.inName(c) {
			continue
		}
		id, weak := strings.CutSuffix(c.ID, ".weak")
		if strings.HasPrefix(id, "flag.") {
			continue
		}
		w := strongWeight
		if weak {
			w = weakWeight
		}
		w += phraseBonus * float64(c.To-c.From-1)
		weights[id] = append(weights[id], w)
	}
	s.add(weights)
	if rd.in.Content == 1 && !rd.has("best", "top", "most") && (rd.near("what", "is") || rd.near("what", "are")) {
		rd.in.Flags |= Define // nothing else is asked of it
	}
	if rd.in.Content == 1 && rd.has("short") {
		rd.in.Flags |= Short // the word alone; "a short course" is a course
	}
	rd.combine(s)
	rd.own = maps.Clone(s)
	rd.named0 = slices.Concat(rd.in.Things, rd.in.Roles)
	return s
}

// add sums up the weights of the cues of one kind: the strongest counts whole, each further one less, wherever it stands.
func (s scores) add(weights map[string][]float64) {
	for _, id := range slices.Sorted(maps.Keys(weights)) { // in a fixed order: sums of fractions depend on it
		ws := weights[id]
		topic, named := topicOf[id]
		if !named {
			topic = chat.Topic(id)
		}
		if topic == "" {
			continue
		}
		slices.Sort(ws)
		for i, w := range slices.Backward(ws) {
			s[topic] += w / float64(len(ws)-i)
		}
	}
}

// opens says whether the words at i open the request: "please write a …", "can you solve …", not "how do I write …".
func (rd *reader) opens(i int) bool {
	for j := rd.from; j < i; j++ {
		switch rd.r.Tokens[j].Word {
		case "can", "could", "you", "please", "help", "me", "just", "hey", "hi", "need", "want", "i", "to", "would", "and", "ok",
			"sir", "bro", "bot", "great", "hmm", "so", "thanks", "got", "it", "guys", "everyone", "all", "hello", "sorry":
		default:
			return false
		}
	}
	return true
}

// combine applies what cues mean together.
func (rd *reader) combine(s scores) {
	in := rd.in
	money := rd.money(s)
	if rd.has("months", "month", "weeks") && rd.has("learn", "become", "study", "master") {
		in.Flags |= Duration // "can I learn it in three months"
	}
	if in.Flags.Has(Duration) {
		s[chat.TopicRoadmap] += 1.5
		s[chat.TopicSalary] -= 1.5
	}
	if money {
		s[chat.TopicCompare] *= 0.4
		s[chat.TopicRoles] *= 0.5
		s[chat.TopicJobs] *= 0.4
		s[chat.TopicRoadmap] *= 0.6
		s[chat.TopicSkills] *= 0.6
		s[chat.TopicTools] *= 0.5
		s[chat.TopicDefinition] *= 0.3
		s[chat.TopicEducation] *= 0.8
		s[chat.TopicResponsibilities] *= 0.5
	}
	s[chat.TopicDefinition] *= 0.45                                               // "what is" opens questions of every topic
	first := in.Flags.Has(First) && rd.has("first", "start", "starting", "begin") // not merely "for a beginner"
	if !money && s[chat.TopicEducation] < strongWeight && !first && rd.either() {
		in.Flags |= Compare
		s[chat.TopicCompare] += strongWeight
	}
	if len(in.Things)+len(in.Roles) >= 2 && in.Flags.Has(Compare) && !money {
		s[chat.TopicCompare] += 1.5
	}
	if in.Sum > 0 && !in.Flags.Has(Duration) && s[chat.TopicJobs] < strongWeight && len(in.Roles)+len(in.Levels)+len(in.Regions) > 0 {
		s[chat.TopicSalary] += strongWeight // "is 40k ok for a junior"
	}
	if in.Currency != "" && !in.Flags.Has(Duration) && (money || len(in.Roles)+len(in.Levels)+len(in.Regions) > 0) {
		s[chat.TopicSalary] += 1.5 // "100 USD in INR" alone asks a money changer
	}
	if s[chat.TopicChallenges] >= strongWeight {
		s[chat.TopicRoadmap] *= 0.4
	}
	if in.Flags.Has(Soft) {
		s[chat.TopicSkills] += 2
	}
	if in.Flags.Has(Progress) && !money {
		s[chat.TopicRoles] += 1
	}
	if slices.ContainsFunc(in.Levels, func(l string) bool { return l != "entry" }) && rd.has("become") && !rd.has("how", "steps", "path") && !money {
		s[chat.TopicRoles] += 1.5 * strongWeight // "what changes when I become a senior"
	}
	if rd.in.Content > 2 || len(rd.in.Things)+len(rd.in.Roles)+len(rd.in.Absent) > 0 {
		s[chat.TopicHelp] *= 0.1 // "help" inside a question is only a word, so is it beside something foreign
	}
	for t, v := range s {
		if v >= weakWeight && t != chat.TopicDefinition && t != chat.TopicTools && t != chat.TopicResponsibilities {
			s[chat.TopicDefinition] *= 0.5 // "what is hard about it" asks what is hard
			break
		}
	}
	rd.command(s)
	rd.things(s)
}

// money says whether pay is what is asked, and counts the hints at it that are no cues by themselves.
func (rd *reader) money(s scores) bool {
	in, money := rd.in, s[chat.TopicSalary] >= strongWeight
	earns := rd.near("how", "much") && rd.has("make", "makes", "get", "gets", "give", "expect", "charge", "offer")
	if earns && !in.Flags.Has(Duration) {
		s[chat.TopicSalary] += strongWeight
		money = true
	}
	if rd.has("money", "cash") && len(in.Roles)+len(in.Levels)+len(in.Things) > 0 && !rd.has("worth", "waste", "cost", "costs") {
		s[chat.TopicSalary] += strongWeight
		money = true
	}
	gets := rd.has("get", "gets", "make", "makes") && (rd.has("what") || in.Flags.Has(Highest) || in.Flags.Has(Lowest)) && !rd.has("work", "job", "jobs", "tasks", "skills", "training")
	if placed := len(in.Levels)+len(in.Regions) > 0; placed && !money && (s[chat.TopicSalary] > 0 || gets) {
		s[chat.TopicSalary] += strongWeight
		money = true
	}
	return money
}

// either says whether the question offers a choice of two alike: "django or flask", "mongodb over mysql", "is frontend
// or backend better".
func (rd *reader) either() bool {
	named := rd.r.Mentions
	for i := range named[:max(len(named)-1, 0)] {
		a, b := named[i], named[i+1]
		if b.From < a.To || a.Entity == b.Entity || !alike(a.Entity, b.Entity) || a.Entity.Absent || !comparable(a.Entity.Kind) || !rd.focused(a.From, b.To) {
			continue
		}
		between := rd.r.Tokens[a.To:b.From]
		if len(between) == 0 && rd.r.Tokens[b.From].Word == "or" { // of a name that is one beside others alone: "or go"
			between = rd.r.Tokens[b.From : b.From+1]
		} else if len(between) == 0 && rd.r.Tokens[a.To-1].Word == "or" { // "go or"
			between = rd.r.Tokens[a.To-1 : a.To]
		}
		switch {
		case len(between) == 1 && (between[0].Word == "over" || between[0].Word == "versus"):
			return true
		case len(between) > 0 && between[len(between)-1].Word == "or" && len(between) <= 3:
			return rd.chooses(b.To)
		case len(between) == 1 && between[0].Word == "and" && rd.has("better", "easier", "harder", "distinction", "same"):
			return true
		}
	}
	return false
}

// chooses says whether a choice of two is what is asked, not one of two that would do: "do I need Docker or Kubernetes".
func (rd *reader) chooses(end int) bool {
	asks := end == rd.to || rd.r.Tokens[end].Word == "for" // "python or java for backend?"
	return asks && !rd.has("need", "know", "have") || rd.has("better", "best", "which", "choose", "pick", "easier", "harder", "should", "prefer")
}

// alike says whether two entities are of one kind, or of one family: Node.js and Django are both listed as frameworks.
func alike(a, b *lexicon.Entity) bool {
	return a.Kind == b.Kind || slices.ContainsFunc(a.Groups, func(g string) bool { return slices.Contains(b.Groups, g) })
}

func comparable(kind string) bool {
	return kind == lexicon.KindRole || kind != lexicon.KindGroup && learnable(kind)
}

// command takes a single word that is a command's name for the command.
func (rd *reader) command(s scores) {
	if rd.to-rd.from != 1 {
		return
	}
	for _, c := range chat.Commands() {
		if c.Topic != "" && c.Name == rd.r.Tokens[rd.from].Word {
			s[c.Topic] += 2 * strongWeight
		}
	}
}

// things adds what the named entities hint at by their kind.
func (rd *reader) things(s scores) {
	for _, id := range rd.in.Things {
		switch e := rd.lex.Entity(id); e.Kind {
		case "language", "framework", "database", "tool", "platform":
			s[chat.TopicTools] += 0.7
		case lexicon.KindGroup:
			s[chat.TopicTools] += 0.8
		case "soft-skill":
			s[chat.TopicSkills] += 1.2
		case "portal", "industry", "employer":
			s[chat.TopicJobs] += 1
		}
	}
}

// near says whether the words stand one after the other in the asking sentence.
func (rd *reader) near(a, b string) bool {
	for i := rd.from; i+1 < rd.to; i++ {
		if rd.r.Tokens[i].Word == a && rd.r.Tokens[i+1].Word == b {
			return true
		}
	}
	return false
}

// has says whether one of the words stands in the asking sentence.
func (rd *reader) has(words ...string) bool {
	for i := rd.from; i < rd.to; i++ {
		if slices.Contains(words, rd.r.Tokens[i].Word) {
			return true
		}
	}
	return false
}

// decide names the topic. A subcommand's topic is what the person chose, whatever the words hint at.
func (rd *reader) decide(chosen chat.Topic, s scores) {
	in := rd.in
	rd.next(s)
	first, second := rank(s)
	in.Topic, in.Runner = first, second
	in.Strong = s[first] >= strongWeight
	if top := s[first]; top > 0 {
		in.Gap = (top - s[second]) / top
	}
	switch {
	case chosen != "":
		in.Topic = chosen
	case in.Strong && (first == chat.TopicSources || first == chat.TopicHelp):
	case rd.onlyChat():
		in.Topic = chat.TopicChat
	case s[in.Topic] <= 0.3,
		in.Topic == chat.TopicSalary && s[in.Topic] < strongWeight && len(in.Levels)+len(in.Regions) == 0 && !in.Follow:
		in.Topic = chat.TopicFAQ
	}
	if in.Topic == chat.TopicNext && chosen == "" && rd.aimless() {
		in.Topic = chat.TopicFAQ
	}
	rd.places()
	rd.roleOf()
	if in.Topic == chat.TopicDefinition && len(in.Things) == 0 && len(in.Roles) == 0 {
		in.Topic = chat.TopicFAQ
	}
}

// roleOf puts the role that belongs to a named thing where only a role can be meant: "and devops?" after a salary.
func (rd *reader) roleOf() {
	in := rd.in
	beside := rd.has("or", "vs", "versus", "and", "than")
	if in.Topic != chat.TopicSalary || len(in.Roles) > 1 || len(in.Roles) == 1 && in.Roles[0] != rd.role && !beside {
		return
	}
	told := 0
	for _, t := range in.Specific() {
		if t.Domain && !t.Entity {
			told++
		}
	}
	if told > 1 {
		return // the thing itself is asked about; pay is only mentioned
	}
	for _, e := range rd.lex.All() {
		if e.Kind != lexicon.KindRole || e.Of == "" || !slices.Contains(in.Things, e.Of) || slices.Contains(in.Roles, e.ID) {
			continue
		}
		in.Things = slices.DeleteFunc(in.Things, func(id string) bool { return id == e.Of })
		if len(in.Roles) == 1 && in.Roles[0] != rd.role {
			in.Roles = append(in.Roles, e.ID)
		} else {
			in.Roles = []string{e.ID}
		}
		return
	}
}

func learnable(kind string) bool {
	switch kind {
	case "language", "framework", "database", "tool", "platform", lexicon.KindConcept, lexicon.KindGroup:
		return true
	}
	return false
}

// onlyChat says whether the message is a greeting or the like and asks nothing else.
func (rd *reader) onlyChat() bool {
	if rd.in.Chat == "" {
		return false
	}
	if rd.in.Chat == "attack" || rd.in.Follow && rd.topicless(rd.own) {
		return true
	}
	other := 0
	for _, t := range rd.in.Terms {
		if !t.Entity && t.Domain && t.Weight >= 1 {
			other++
		}
	}
	return len(rd.named0) == 0 && (other == 0 || rd.topicless(rd.own) && other <= 2)
}

// order breaks ties: the more definite topic first.
var order = []chat.Topic{
	chat.TopicNext, chat.TopicSalary, chat.TopicCompare, chat.TopicEducation, chat.TopicPractices,
	chat.TopicChallenges, chat.TopicTrends, chat.TopicJobs, chat.TopicRoadmap, chat.TopicSkills, chat.TopicTools,
	chat.TopicRoles, chat.TopicResponsibilities, chat.TopicSources, chat.TopicHelp, chat.TopicDefinition,
}

// rank gives the two strongest topics.
func rank(s scores) (first, second chat.Topic) {
	for _, t := range order {
		switch {
		case first == "" || s[t] > s[first]:
			first, second = t, first
		case second == "" || s[t] > s[second]:
			second = t
		}
	}
	if s[second] <= 0 {
		second = ""
	}
	return first, second
}
