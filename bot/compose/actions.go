package compose

import (
	"slices"
	"strings"

	"careerbot/bot/chat"
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
		if label == "" || len(token) > chat.MaxToken || strings.EqualFold(question, c.in.Text) ||
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
	if token := AsToken + string(c.in.Runner) + ":" + c.in.Text; c.in.Close() && len(token) <= chat.MaxToken {
		out = append(out, chat.Action{Label: "Did you mean " + plainTopic(c.in.Runner) + "?", Token: token})
	}
	switch c.in.Topic {
	case chat.TopicSalary:
		c.payActions(put)
	case chat.TopicNext, chat.TopicRoadmap, chat.TopicEducation:
		put("How long does it take?", "how long does it take to learn "+c.work())
		if len(c.b.members("languages")) > 0 { // of a trade that has such
			put("First language", "which language first for a beginner")
			put("Projects to build", "what projects should a beginner build")
		}
		put("Do I need a degree?", "do i need a degree")
	case chat.TopicSkills:
		for _, o := range []struct{ group, label, question string }{
			{softSkills, "Soft skills", "soft skills"},
			{"languages", "Languages", "programming languages"},
			{"databases", "Databases", "databases"},
		} {
			if len(c.b.members(o.group)) > 0 {
				put(o.label, o.question)
			}
		}
		put("How long does it take?", "how long does it take to learn "+c.work())
	case chat.TopicTools:
		c.toolActions(put)
	case chat.TopicRoles, chat.TopicResponsibilities, chat.TopicDefinition:
		if role := c.in.Role(c.b.role()); len(c.regionsOf(role)) > 0 {
			put("Pay", "salary of a "+c.b.lower(c.b.lex.Name(role)))
		}
		put("Career path", "career path")
		put("Skills", c.work()+" skills")
		if other := c.b.lex.Entity(c.b.pack.CompareWith); other != nil && len(other.Words) > 0 {
			put("Compare with "+c.b.lower(other.Name), c.work()+" vs "+other.Words[0])
		}
	case chat.TopicCompare:
		c.compareActions(put)
	}
	put("Skills", c.work()+" skills")
	put("Pay", c.work()+" salary")
	put("How to start", c.work()+" roadmap")
	put("Challenges", c.work()+" challenges")
	return out
}

// work is the pack's subject as people type it: "backend".
func (c *composer) work() string {
	if e := c.b.lex.Entity(c.b.role()); e != nil && len(e.Words) > 0 {
		return e.Words[0]
	}
	return c.b.pack.Name
}

func (c *composer) nearby(put func(label, question string)) {
	if c.in.Topic == chat.TopicSalary {
		for _, r := range c.pricedRegions() {
			put(upper(r), c.work()+" salary "+strings.ToLower(r))
		}
		put("What raises pay?", "what affects "+c.work()+" pay")
		put("Best paid roles", "highest paying role")
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
	put("What raises pay?", "what affects "+c.work()+" pay")
	put("Best paid roles", "highest paying role")
}

func (c *composer) toolActions(put func(label, question string)) {
	if len(c.in.Things) > 0 {
		if e := c.b.lex.Entity(c.in.Things[0]); e != nil {
			for _, g := range e.Groups {
				put(upper(c.b.lex.Name(g)), c.b.lower(c.b.lex.Name(g)))
			}
			for _, m := range c.b.members(e.ID) {
				put("What is "+m.Name+"?", "what is "+m.Name)
			}
		}
	}
	put("What should I learn first?", "which language first for a beginner")
	put("All tools", c.work()+" tools")
}

func (c *composer) compareActions(put func(label, question string)) {
	for _, id := range slices.Concat(c.in.Roles, c.in.Things) {
		if id != c.b.role() {
			put("About "+c.b.lex.Name(id), "tell me about "+c.b.lex.Name(id))
		}
	}
	if len(c.in.Roles) == 2 {
		put("Which pays more?", c.b.lex.Name(c.in.Roles[0])+" vs "+c.b.lex.Name(c.in.Roles[1])+" salary")
	}
}
