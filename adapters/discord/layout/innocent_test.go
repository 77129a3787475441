package layout

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"careerbot/adapters/discord/discordtest/spec"
	"careerbot/adapters/discord/wire"
)

// innocent looks through everything of r that people see.
func innocent(t *testing.T, r wire.Reply) {
	t.Helper()
	check := func(s string) {
		if found := spec.Active(s); found != "" {
			t.Errorf("%q stands in %q", found, s)
		}
		if !utf8.ValidString(s) {
			t.Errorf("%q is not UTF-8", s)
		}
	}
	var walk func([]wire.Component)
	walk = func(list []wire.Component) {
		for _, c := range list {
			check(c.Content)
			if spec.MaskedLink(c.Content) {
				t.Errorf("a masked link stands in %q", c.Content)
			}
			check(c.Label)
			check(c.Placeholder)
			for _, o := range c.Options {
				check(o.Label)
			}
			for _, i := range c.Items {
				check(i.Description)
			}
			if c.URL != "" && !strings.HasPrefix(c.URL, "https://") && !strings.HasPrefix(c.URL, "http://") {
				t.Errorf("a button leads to %q", c.URL)
			}
			walk(c.Components)
		}
	}
	walk(r.Components)
	if b, _ := json.Marshal(r.Mentions); string(b) != `{"parse":[],"replied_user":false}` {
		t.Errorf("it may ping: %s", b)
	}
}
