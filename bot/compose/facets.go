package compose

import (
	"slices"
	"strings"

	"careerbot/bot/chat"
	"careerbot/knowledge"
)

// payFacets offers a role's pay in every other region and at every other level that it is priced for.
func (c *composer) payFacets(role string) []chat.Facet {
	var out []chat.Facet
	add := func(name string, ids []string, ask func(role, id string) (label, question string)) {
		f := chat.Facet{Name: name}
		for _, id := range ids {
			label, question := ask(role, id)
			if token := AskToken + question; len(token) <= chat.MaxToken {
				f.Options = append(f.Options, chat.Action{Label: label, Token: token})
			}
		}
		if len(f.Options) > 0 {
			out = append(out, f)
		}
	}
	if regions := c.otherRegions(role); len(c.in.Regions) > 0 || len(regions) > 1 { // the only one is shown
		add("Region", regions, c.payIn)
	}
	add("Level", c.otherLevels(role), c.payAt)
	return out
}

// beyond says whether the facets have anything that the actions do not.
func beyond(facets []chat.Facet, actions []chat.Action) bool {
	for _, f := range facets {
		for _, o := range f.Options {
			if !slices.Contains(actions, o) {
				return true
			}
		}
	}
	return false
}

// payIn asks for the same pay in another region.
func (c *composer) payIn(role, region string) (label, question string) {
	level := strings.ToLower(c.levelName())
	return "In " + c.b.lex.Name(region), level + c.b.lower(c.b.lex.Name(role)) + " salary in " + region
}

// payAt asks for the same pay at another level.
func (c *composer) payAt(role, level string) (label, question string) {
	name := c.b.lex.Name(level)
	question = strings.ToLower(name) + " " + c.b.lower(c.b.lex.Name(role)) + " salary " + strings.Join(c.in.Regions, " ")
	return upper(name), strings.TrimSpace(question)
}

// otherRegions gives the regions a role is priced in but those asked about, in the order of the facts.
func (c *composer) otherRegions(role string) []string {
	return slices.DeleteFunc(c.regionsOf(role), func(id string) bool { return slices.Contains(c.in.Regions, id) })
}

// regionsOf gives every region a role is priced in.
func (c *composer) regionsOf(role string) []string {
	return c.pricedBy(role, func(s *knowledge.Salary) string { return s.Region })
}

// otherLevels gives the levels but those asked about that a role is priced at, in the regions asked about if any are; in
// the order of the facts.
func (c *composer) otherLevels(role string) []string {
	return c.pricedBy(role, func(s *knowledge.Salary) string {
		elsewhere := len(c.in.Regions) > 0 && !slices.Contains(c.in.Regions, s.Region)
		if elsewhere || slices.Contains(c.in.Levels, s.Level) {
			return ""
		}
		return s.Level
	})
}

// pricedBy gives what of is of a role's figures, each once; "" does not count.
func (c *composer) pricedBy(role string, of func(*knowledge.Salary) string) []string {
	var out []string
	for _, f := range c.b.byKind[knowledge.KindSalary] {
		if f.Salary.Role != role {
			continue
		}
		if id := of(f.Salary); id != "" && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// levelsOf gives every level a role is priced at in a region.
func (c *composer) levelsOf(role, region string) []string {
	return c.pricedBy(role, func(s *knowledge.Salary) string {
		if s.Region != region {
			return ""
		}
		return s.Level
	})
}
