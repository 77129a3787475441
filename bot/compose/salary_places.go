package compose

import "slices"

// common gives the regions to show for one of several roles: those priced for all of them where there are any, for pay
// here and pay there do not compare.
func (c *composer) common(roles []string, role string) []string {
	mine := c.regions(role)
	if len(roles) < 2 || len(c.in.Regions) > 0 {
		return mine
	}
	shared := slices.DeleteFunc(slices.Clone(mine), func(region string) bool {
		return slices.ContainsFunc(roles, func(o string) bool { return !c.unpriced(o) && len(c.rowsFor(o, region)) == 0 })
	})
	if len(shared) == 0 {
		return mine
	}
	return shared
}

// maxPlaces is how many regions are priced in one answer to a question that names none.
const maxPlaces = 4

// regions gives the regions to show for a role: those asked for, else all that have a figure. Towns and states are left
// out where there are figures of countries, and all but a few of them where there are none.
func (c *composer) regions(role string) []string {
	if len(c.in.Regions) > 0 {
		return c.in.Regions
	}
	var out, parts []string
	for _, f := range c.rowsFor(role, "") {
		region := f.Salary.Region
		switch e := c.b.lex.Entity(region); {
		case c.in.SumIn != "" && c.in.SumIn != f.Salary.Currency: // a sum in rupees is measured by what is paid in rupees
		case slices.Contains(out, region) || slices.Contains(parts, region):
		case e != nil && e.Of != "":
			parts = append(parts, region)
		default:
			out = append(out, region)
		}
	}
	if len(out) == 0 {
		return parts[:min(len(parts), maxPlaces)] // in the order of the articles: the page's own
	}
	slices.Sort(out)
	return out
}
