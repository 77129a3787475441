package compose

import (
	"careerbot/bot/chat"
	"careerbot/bot/intent"
	"careerbot/knowledge"
)

// skills answers which skills the articles ask for: all areas, the soft ones, or the facts on a named one.
func (c *composer) skills() chat.Answer {
	group, thing := c.split()
	switch {
	case c.in.Flags.Has(intent.Soft) || group == softSkills:
		return c.group(softSkills, "")
	case group != "" && !c.tellingBeyond():
		return c.group(group, thing)
	case thing != "" && !c.yes() && !c.tellingBeyond():
		return c.thing(thing)
	case c.tellingBeyond() || thing != "":
		return c.found(knowledge.KindSkill, knowledge.KindFAQ)
	}
	if facts := c.ofRoles(knowledge.KindSkill); len(facts) > 0 {
		return c.show(facts)
	}
	return c.areas(skillsTitle, "The skills most articles ask for", c.b.pack.SkillAreas, knowledge.KindSkill)
}

// ofRoles gives the facts of a kind about the named roles, where those are not the pack's own.
func (c *composer) ofRoles(kind knowledge.Kind) []*knowledge.Fact {
	var out []*knowledge.Fact
	for _, role := range c.otherRoles() {
		out = append(out, c.only(role, []knowledge.Kind{kind})...)
	}
	return out[:min(len(out), maxRows)]
}

// Titles of the overviews, by which follow-ups know that they are shown already.
const (
	skillsTitle = "Skills"
	toolsTitle  = "Tools and technologies"
)

// softSkills is the lexicon id of the soft skills' group.
const softSkills = "soft-skills"
