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
	return c.areas("Skills", "The skills most articles ask for", c.b.pack.SkillAreas, knowledge.KindSkill)
}

// softSkills is the lexicon id of the soft skills' group.
const softSkills = "soft-skills"
