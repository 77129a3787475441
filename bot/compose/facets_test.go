package compose_test

import (
	"strings"
	"testing"

	"careerbot/bot"
	"careerbot/bot/chat"
)

// TestFacets asks what pay is offered for beside that shown: each is there, is another, and keeps the rest of the question.
func TestFacets(t *testing.T) {
	t.Parallel()
	b := newBot(t)
	tests := []struct {
		question string
		want     string // labels by facet
	}{
		{"salary senior india", "Region: In the US; Level: Entry-level, Mid-level"},
		{"backend salary", "Region: In India, In the US; Level: Entry-level, Mid-level, Senior"},
		{"salary in us", "Region: In India; Level: Entry-level, Mid-level, Senior"},
		{"mid level salary in us", ""}, // the follow-ups have room for all
		{"devops engineer salary", ""}, // one source, one region, no level
		{"highest paying role", ""},
		{"what affects pay", ""},
		{"backend salary germany", ""},
		{"backend skills", ""},
	}
	for _, tt := range tests {
		a := ask(t, b, tt.question)
		var facets []string
		for _, f := range a.Facets {
			var labels []string
			for _, o := range f.Options {
				labels = append(labels, o.Label)
				checkFacet(t, b, a, o)
			}
			facets = append(facets, f.Name+": "+strings.Join(labels, ", "))
		}
		if got := strings.Join(facets, "; "); got != tt.want {
			t.Errorf("%q offers %q, want %q", tt.question, got, tt.want)
		}
	}
}

// checkFacet presses an option of a's: the answer is about the region or level of its label.
func checkFacet(t *testing.T, b *bot.Bot, a chat.Answer, o chat.Action) {
	t.Helper()
	if len(o.Token) > chat.MaxToken {
		t.Errorf("token %q is too long", o.Token)
	}
	next, err := b.Ask(t.Context(), chat.Question{ID: "q", Action: o.Token})
	if err != nil {
		t.Fatal(err)
	}
	if !next.Answered || next.Topic != chat.TopicSalary || next.Lead == a.Lead {
		t.Errorf("%s: %v, %s", o.Token, next.Answered, next.Lead)
	}
	asked := strings.TrimPrefix(o.Label, "In ")
	if !strings.Contains(strings.ToLower(next.Lead), strings.ToLower(asked)) {
		t.Errorf("%s: %q does not speak of %s", o.Token, next.Lead, asked)
	}
	for _, f := range next.Facets {
		for _, p := range f.Options {
			if p == o {
				t.Errorf("%s offers itself", o.Token)
			}
		}
	}
}
