package compose

import (
	"slices"
	"strings"

	"careerbot/bot/chat"
	"careerbot/bot/intent"
	"careerbot/knowledge"
	"careerbot/knowledge/lexicon"
)

// lack is how it is said that the articles hold nothing of a topic for one role, and the kinds of facts that would be
// something.
type lack struct {
	say   string
	kinds []knowledge.Kind
}

var lacks = map[chat.Topic]lack{
	chat.TopicSkills: {"name no skills", []knowledge.Kind{knowledge.KindSkill}},
	chat.TopicTools: {"name no tools", []knowledge.Kind{
		knowledge.KindTool, knowledge.KindLanguage, knowledge.KindFramework, knowledge.KindDatabase, knowledge.KindPlatform,
	}},
	chat.TopicRoadmap:    {"lay out no path", []knowledge.Kind{knowledge.KindRoadmapStep}},
	chat.TopicEducation:  {"say nothing on education", []knowledge.Kind{knowledge.KindEducation, knowledge.KindCertification}},
	chat.TopicJobs:       {"say nothing on jobs", []knowledge.Kind{knowledge.KindJobMarket}},
	chat.TopicTrends:     {"name no trends", []knowledge.Kind{knowledge.KindTrend}},
	chat.TopicChallenges: {"name no challenges", []knowledge.Kind{knowledge.KindChallenge}},
}

// general gives the sentence that what follows is not about the role the question names but about the pack's own, or
// about what that role is called after; "" where the articles have something for the role, or none other is named.
func (c *composer) general() string {
	if other := c.unknownSide(); other != "" {
		return "The articles say nothing about " + other + "."
	}
	for _, e := range c.in.Absent {
		if e.Kind == lexicon.KindPlace && c.anywhere() {
			return "The articles say nothing about " + e.Name + " in particular; what follows is about no one place."
		}
	}
	l, ok := lacks[c.in.Topic]
	if c.in.Topic == chat.TopicRoles && c.names("path", "ladder") {
		l, ok = lack{"lay out no career path", []knowledge.Kind{knowledge.KindCareerPath}}, true
	}
	if !ok || c.b.role() == "" || slices.Contains(c.in.Roles, c.b.role()) || c.apart() {
		return ""
	}
	role, of := c.askedRole()
	if role == "" || len(c.only(role, l.kinds)) > 0 {
		return ""
	}
	about := "for " + c.b.plural(c.b.role()) + " in general"
	if of != "" {
		about = "what they do say of " + c.b.lex.Name(of)
	} else {
		c.forget(role)
	}
	return "The articles " + l.say + " for " + c.b.plural(role) + " in particular; what follows is " + about + "."
}

// askedRole is the one role named, or the role called after the one thing named, "devops" for instance, and that thing.
func (c *composer) askedRole() (role, of string) {
	if roles := c.otherRoles(); len(roles) == 1 && !slices.Contains(c.b.lex.Entity(roles[0]).Same, c.b.role()) {
		return roles[0], ""
	}
	if len(c.in.Roles) > 0 || len(c.in.Things) != 1 || c.tellingBeyond() {
		return "", ""
	}
	thing := c.in.Things[0]
	for _, e := range c.b.lex.All() {
		if e.Kind == lexicon.KindRole && e.Of == thing && strings.HasPrefix(strings.ToLower(e.Name), strings.ToLower(c.b.lex.Name(thing))) {
			return e.ID, thing
		}
	}
	return "", ""
}

// only gives the facts of the kinds that are about the role alone, rather than naming it among others.
func (c *composer) only(role string, kinds []knowledge.Kind) []*knowledge.Fact {
	var out []*knowledge.Fact
	for _, f := range c.b.about[role] {
		if len(out) < maxRows && !f.Listing && slices.Contains(kinds, f.Kind) &&
			(len(f.About) == 1 || slices.Contains(c.b.lex.Entities(f.Subject), role)) {
			out = append(out, f)
		}
	}
	return out
}

// unknownSide names the profession nothing is known of beside one whose pay is compared with it; "" where there is none.
func (c *composer) unknownSide() string {
	if c.in.Topic != chat.TopicSalary || !c.in.Flags.Has(intent.Compare) {
		return ""
	}
	for _, e := range c.in.Absent {
		if e.Kind == lexicon.KindProfession {
			return e.Name
		}
	}
	return ""
}

// apart says whether the question is about things the articles name to set another role apart: they are that role's.
func (c *composer) apart() bool {
	return slices.ContainsFunc(c.in.Things, func(id string) bool {
		return slices.Contains(c.b.pack.Apart, id) || c.foreign(id)
	})
}

// foreign says whether a thing belongs to such families alone.
func (c *composer) foreign(id string) bool {
	e := c.b.lex.Entity(id)
	return e != nil && len(e.Groups) > 0 && !slices.ContainsFunc(e.Groups, func(g string) bool { return !slices.Contains(c.b.pack.Apart, g) })
}

// forget drops the role's name from the question and what was found on its duties and pay: neither answers what is
// asked about it.
func (c *composer) forget(role string) {
	name := c.b.lex.Entity(role).Tokens()
	c.in.Terms = slices.DeleteFunc(slices.Clone(c.in.Terms), func(t intent.Term) bool {
		return t.Entity && slices.ContainsFunc(name, func(n lexicon.Token) bool { return n.Stem == t.Stem })
	})
	c.hits = slices.DeleteFunc(slices.Clone(c.hits), func(h Hit) bool {
		return h.Fact != nil && slices.Contains(h.Fact.About, role) && (h.Fact.Kind == knowledge.KindRole || h.Fact.Kind == knowledge.KindSalary)
	})
}
