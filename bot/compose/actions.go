package compose

import (
	"slices"
	"strings"

	"careerbot/bot/chat"
	"careerbot/bot/intent"
	"careerbot/knowledge/lexicon"
)

// AskToken is the prefix of a token that asks its own rest: a button's state is the question itself, so it works after
// a restart and on any replica.
const AskToken = "ask:"

// AsToken is the prefix of a token that asks again with another topic: "as:roles:the question".
const AsToken = "as:"

// actions offers what a person would really ask next, specific to this answer, in their words.
func (c *composer) actions(a *chat.Answer) []chat.Action {
	var out []chat.Action
	put := func(label, question string) {
		token := AskToken + strings.TrimSpace(question)
		if label == "" || len(token) > chat.MaxToken || c.shown(a, question) ||
			slices.ContainsFunc(out, func(o chat.Action) bool { return o.Token == token || o.Label == label }) {
			return
		}
		if len(out) < chat.MaxActions {
			out = append(out, chat.Action{Label: label, Token: token})
		}
	}
	if !a.Answered {
		c.nearby(put)
		return out
	}
	if token := AsToken + string(c.in.Runner) + ":" + c.in.Text; c.in.Close() && len(token) <= chat.MaxToken && c.differs(a) {
		out = append(out, chat.Action{Label: "Did you mean " + plainTopic(c.in.Runner) + "?", Token: token})
	}
	c.specific(a, put)
	put("Skills", c.work()+" skills")
	put("Pay", c.work()+" salary")
	put("How to start", c.work()+" roadmap")
	put("Challenges", c.work()+" challenges")
	return out
}

// specific offers what goes on from the answer's topic.
func (c *composer) specific(a *chat.Answer, put func(label, question string)) {
	switch c.in.Topic {
	case chat.TopicSalary:
		c.payActions(put)
	case chat.TopicNext, chat.TopicRoadmap, chat.TopicEducation:
		c.learnActions(put)
	case chat.TopicSkills:
		for _, o := range []struct{ group, label, question string }{
			{softSkills, "Soft skills", "soft skills"},
			{"languages", "Languages", "programming languages"},
			{"databases", "Databases", "databases"},
		} {
			if len(c.b.members(o.group)) > 0 && !slices.Contains(c.in.Things, o.group) && (o.group != softSkills || !c.in.Flags.Has(intent.Soft)) {
				put(o.label, o.question)
			}
		}
		put("How long does it take?", "how long does it take to learn "+c.work())
	case chat.TopicTools:
		c.toolActions(a, put)
	case chat.TopicDefinition:
		if len(c.in.Things) == 1 && c.kindOf(c.in.Things[0]) == lexicon.KindConcept {
			c.related(put)
			return
		}
		if len(c.in.Things) > 0 {
			c.toolActions(a, put)
			return
		}
		c.roleActions(a, put)
	case chat.TopicRoles, chat.TopicResponsibilities:
		c.roleActions(a, put)
	case chat.TopicCompare:
		c.compareActions(put)
	default:
		c.related(put)
	}
}

// related offers the questions that what else was found answers, best first: they are sure to have an answer.
func (c *composer) related(put func(label, question string)) {
	n := 0
	kinds := overviews[c.in.Topic].kinds
	for _, h := range c.hits {
		f := h.Fact
		if n == maxRelated || h.Score < nearShare*c.hits[0].Score {
			break
		}
		if f == nil || f.Listing || c.seen[f.ID] || len(f.Asks) == 0 || len(f.Asks[0]) > maxAsk {
			continue
		}
		if slices.Contains(kinds, f.Kind) || len(c.in.Things) > 0 && aboutAny(f, c.in.Things) {
			put(f.Asks[0], f.Asks[0])
			n++
		}
	}
}

// nearShare is the share of the best hit's score that one needs to be on the same matter.
const nearShare = 0.45

// How many such questions are offered, and how many bytes one has at most: it must fit a button.
const (
	maxRelated = 2
	maxAsk     = 44
)

// learnActions offers what beginners ask next, but for what has just been asked.
func (c *composer) learnActions(put func(label, question string)) {
	if !c.in.Flags.Has(intent.Duration) {
		put("How long does it take?", "how long does it take to learn "+c.work())
	}
	if len(c.b.members("languages")) > 0 { // of a trade that has such
		if !c.in.Flags.Has(intent.First) {
			put("First language", firstLanguage)
		}
		if !c.in.Flags.Has(intent.Projects) {
			put("Projects to build", "what projects should a beginner build")
		}
	}
	if !c.names("degre") {
		put("Do I need a degree?", "do i need a degree")
	}
}

// roleActions offers pay, path and skills of the role, and the role it is most often held against.
func (c *composer) roleActions(a *chat.Answer, put func(label, question string)) {
	if role := c.in.Role(c.b.role()); len(c.regionsOf(role)) > 0 {
		put("Pay", "salary of a "+c.b.lower(c.b.lex.Name(role)))
	}
	if a.Title != c.ladderTitle() {
		put("Career path", "career path")
	}
	put("Skills", c.work()+" skills")
	if other := c.b.lex.Entity(c.b.pack.CompareWith); other != nil && len(other.Words) > 0 && !slices.Contains(c.in.Roles, other.ID) {
		put("Compare with "+c.b.lower(other.Name), c.work()+" vs "+other.Words[0])
	}
}

// differs says whether the question's other reading would be answered otherwise.
func (c *composer) differs(a *chat.Answer) bool {
	in := *c.in
	in.Topic, in.Runner = in.Runner, ""
	o := &composer{b: c.b, in: &in, hits: c.hits, now: c.now, grounds: c.grounds, seen: map[string]bool{}}
	other := o.byTopic()
	return other.Answered && other.Lead != a.Lead
}

// shown says whether a follow-up would be answered with what is shown already.
func (c *composer) shown(a *chat.Answer, question string) bool {
	switch question {
	case c.work() + " skills":
		return a.Answered && c.in.Topic == chat.TopicSkills && (a.Title == skillsTitle || len(c.in.Things) == 0 && !c.in.Flags.Has(intent.Soft))
	case c.work() + " salary":
		return a.Answered && a.Title == c.payTitle([]string{c.b.role()}) && len(c.in.Levels)+len(c.in.Regions) == 0
	case c.work() + " roadmap":
		return a.Answered && a.Title == "How to become a "+c.subject()
	case c.work() + " challenges":
		return a.Answered && c.in.Topic == chat.TopicChallenges && len(c.in.Things) == 0
	case c.work() + " tools":
		return a.Answered && a.Title == toolsTitle
	case factorQuestion(c.work()):
		return a.Answered && c.in.Topic == chat.TopicSalary && c.asksFactor() && !c.priceless()
	case bestPaid:
		return a.Answered && c.in.Flags.Has(intent.Highest) && strings.HasPrefix(a.Title, "Pay by role")
	case firstLanguage:
		return a.Answered && c.in.Flags.Has(intent.First)
	}
	return strings.EqualFold(question, c.in.Text) || strings.EqualFold(strings.TrimSuffix(strings.TrimSpace(c.in.Text), "?"), question)
}

// Questions that several answers offer.
const (
	bestPaid      = "highest paying role"
	firstLanguage = "which language first for a beginner"
)

func factorQuestion(work string) string { return "what affects " + work + " pay" }

// work is the pack's subject as people type it: "backend".
func (c *composer) work() string {
	if e := c.b.lex.Entity(c.b.role()); e != nil && len(e.Words) > 0 {
		return e.Words[0]
	}
	return c.b.pack.Name
}

func (c *composer) nearby(put func(label, question string)) {
	if c.in.Topic == chat.TopicSalary {
		role := c.in.Role(c.b.role())
		if len(c.regionsOf(role)) == 0 || len(c.in.Absent) > 0 && len(c.otherRoles()) == 0 {
			role = c.b.role()
		}
		for _, region := range c.regionsOf(role) {
			label, question := c.payIn(role, region)
			if level := c.levelName(); level != "" && !slices.Contains(c.levelsOf(role, region), c.levels()[0]) {
				label, question = "In "+c.b.lex.Name(region), c.b.lower(c.b.lex.Name(role))+" salary in "+region
			}
			put(label, question)
		}
		for _, role := range c.in.Roles[min(1, len(c.in.Roles)):] {
			if len(c.regionsOf(role)) > 0 {
				put(upper(c.b.lex.Name(role)), c.b.lower(c.b.lex.Name(role))+" salary")
			}
		}
		put("What raises pay?", factorQuestion(c.work()))
		put("Best paid roles", bestPaid)
		return
	}
	put("Skills", c.work()+" skills")
	put("Pay", c.work()+" salary")
	put("How to start", c.work()+" roadmap")
	put("What can I ask?", "help")
}

// payActions offers the other region, another level, what moves pay.
func (c *composer) payActions(put func(label, question string)) {
	role := c.in.Role(c.b.role())
	if len(c.in.Regions) > 0 {
		for _, region := range c.otherRegions(role) {
			put(c.payIn(role, region))
		}
	}
	if role == c.b.role() {
		levels := c.otherLevels(role)
		for _, level := range []string{"senior", "entry"} {
			if slices.Contains(levels, level) {
				put(c.payAt(role, level))
			}
		}
	}
	put("What raises pay?", factorQuestion(c.work()))
	put("Best paid roles", bestPaid)
}

func (c *composer) toolActions(a *chat.Answer, put func(label, question string)) {
	if len(c.in.Things) == 1 {
		c.thingActions(c.in.Things[0], put)
	} else if len(c.in.Things) > 1 {
		for _, id := range c.in.Things {
			if name := c.b.lex.Name(id); a.Title != upper(name) && c.kindOf(id) != lexicon.KindGroup {
				put("What is "+name+"?", "what is "+c.callable(id))
			}
		}
	}
	put("What should I learn first?", firstLanguage)
	put("All tools", c.work()+" tools")
}

// thingActions offers what goes with one thing: the members of a family; of a member its family, the one most named
// beside it, and what comes after it.
func (c *composer) thingActions(id string, put func(label, question string)) {
	e := c.b.lex.Entity(id)
	if e == nil {
		return
	}
	name := c.b.lex.Name(id)
	for _, m := range c.b.members(id) {
		put("What is "+m.Name+"?", "what is "+c.callable(m.ID))
	}
	group := c.narrowest(id)
	if group == "" {
		return
	}
	for _, m := range c.b.members(group) {
		if m.ID != id && m.Kind == e.Kind && e.Kind != lexicon.KindConcept {
			put("Compare with "+m.Name, c.callable(id)+" vs "+c.callable(m.ID))
			break
		}
	}
	put(upper(c.b.lex.Name(group)), c.b.lower(c.b.lex.Name(group)))
	switch e.Kind {
	case "language", "framework", "database", "tool", "platform":
		put("What next after "+name+"?", "i know "+c.callable(id)+", what next")
	}
}

// callable is a name by which an entity is understood wherever it stands: "Go" alone is an ordinary word.
func (c *composer) callable(id string) string {
	name := c.b.lex.Name(id)
	if e := c.b.lex.Entity(id); e != nil && len(e.Words) > 0 && !slices.Contains(c.b.lex.Entities(name), id) {
		return e.Words[0]
	}
	return name
}

func (c *composer) compareActions(put func(label, question string)) {
	for _, id := range slices.Concat(c.in.Roles, c.in.Things) {
		switch kind := c.kindOf(id); {
		case kind == lexicon.KindGroup, kind == "industry", kind == lexicon.KindConcept && c.b.telling[id] == nil, id == c.b.role():
		default:
			put("About "+c.b.lex.Name(id), "tell me about "+c.callable(id))
		}
	}
	if len(c.in.Roles) == 2 && len(c.regionsOf(c.in.Roles[0]))+len(c.regionsOf(c.in.Roles[1])) > 0 {
		put("Which pays more?", c.b.lex.Name(c.in.Roles[0])+" vs "+c.b.lex.Name(c.in.Roles[1])+" salary")
	}
}
