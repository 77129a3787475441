package layout

import (
	"strings"
	"testing"

	"careerbot/adapters"
	"careerbot/adapters/discord/lint"
	"careerbot/adapters/discord/wire"
)

// TestSettings shows settings in words, and why there is no change, in both languages.
func TestSettingsInWords(t *testing.T) {
	t.Parallel()
	p := adapters.Preferences{Private: true, NoFeedback: true, Only: []string{"20", "@everyone"}, Quiet: []string{"21"}, Packs: []string{"a_b"}}
	want := "### Settings of this server\n- Answers to commands: only the asker sees them\n- 👍 and 👎 under answers: no\n" +
		"- Answers for everybody only in: <#20>\n- Quiet in: <#21>\n- Knowledge: a\\_b\n"
	if got := allText(Settings(p, Look{})); got != want {
		t.Errorf("%q", got)
	}
	if got := allText(Settings(p, Look{Locale: "hi"})); !strings.Contains(got, hindi.settings) {
		t.Errorf("in Hindi: %q", got)
	}
	if got := allText(NoPack([]string{"a_b", "c"}, Look{})); got != "There is no such pack. The packs are: a\\_b, c.\n" {
		t.Errorf("%q", got)
	}
}

// TestNotices says each in both languages, and no two the same.
func TestNotices(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for n := Expired; n <= TooMany; n++ {
		for _, locale := range []string{"en-GB", "hi"} {
			said := allText(Notify(n, Look{Locale: locale}))
			if said == "" || seen[said] {
				t.Errorf("notice %d, %s: %q", n, locale, said)
			}
			seen[said] = true
		}
	}
	if got := allText(Notify(Failed, Look{})); got != english.failed+"\n" {
		t.Errorf("%q", got)
	}
}

// TestReasonForm keeps to Discord's limits of forms.
func TestReasonForm(t *testing.T) {
	t.Parallel()
	for _, locale := range []string{"", "hi"} {
		f, ok := ReasonForm("vote:down:i1", locale).Data.(wire.Form)
		if problems := lint.Form(f); !ok || len(problems) > 0 || f.CustomID != "r1:vote:down:i1" {
			t.Errorf("%+v: %v", f, problems)
		}
	}
}
