package discord

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"careerbot/adapters"
	"careerbot/bot/chat"
)

func TestSettings(t *testing.T) {
	t.Parallel()
	r := us
	r.packs = []chat.Pack{{Name: "backend", Command: "backend"}, {Name: "data", Command: "data"}}
	start := adapters.Preferences{Only: []string{"30"}, Quiet: []string{"20"}, Packs: []string{"data"}}
	for _, tt := range []struct {
		sub, options string
		want         adapters.Preferences
		fails        string
	}{
		{"show", `[]`, start, ""},
		{"private", `[{"name":"on","type":5,"value":true}]`, adapters.Preferences{Private: true, Only: []string{"30"}, Quiet: []string{"20"}, Packs: []string{"data"}}, ""},
		{"feedback", `[{"name":"on","type":5,"value":false}]`, adapters.Preferences{NoFeedback: true, Only: []string{"30"}, Quiet: []string{"20"}, Packs: []string{"data"}}, ""},
		{"channel", `[{"name":"mode","type":3,"value":"only"}]`, adapters.Preferences{Only: []string{"30", "20"}, Quiet: []string{}, Packs: []string{"data"}}, ""},
		{"channel", `[{"name":"mode","type":3,"value":"quiet"},{"name":"channel","type":7,"value":"31"}]`, adapters.Preferences{Only: []string{"30"}, Quiet: []string{"20", "31"}, Packs: []string{"data"}}, ""},
		{"channel", `[{"name":"mode","type":3,"value":"usual"},{"name":"channel","type":7,"value":"30"}]`, adapters.Preferences{Only: []string{}, Quiet: []string{"20"}, Packs: []string{"data"}}, ""},
		{
			"packs", `[{"name":"names","type":3,"value":"backend"},{"name":"channel","type":7,"value":"31"}]`,
			start.InChannel("31", []string{"backend"}), "",
		},
		{"packs", `[{"name":"names","type":3,"value":" backend, data,backend "}]`, adapters.Preferences{Only: []string{"30"}, Quiet: []string{"20"}, Packs: []string{"backend", "data"}}, ""},
		{"packs", `[{"name":"names","type":3,"value":"all"}]`, adapters.Preferences{Only: []string{"30"}, Quiet: []string{"20"}}, ""},
		{"packs", `[{"name":"names","type":3,"value":"cooking"}]`, start, "backend, data"},
	} {
		raw := event(interactionCommand, fmt.Sprintf(`{"name":"backend-admin","type":1,"options":[{"name":%q,"type":1,"options":%s}]}`, tt.sub, tt.options))
		a, err := r.interaction([]byte(raw))
		if err != nil || a.kind != settings {
			t.Fatalf("%s: %d, %v", tt.sub, a.kind, err)
		}
		a = a.under(start)
		got, err := a.change.apply(start)
		if tt.fails == "" && (err != nil || !reflect.DeepEqual(got, tt.want)) || a.change.show != (tt.sub == "show") {
			t.Errorf("%s %s gives %+v, %v", tt.sub, tt.options, got, err)
		}
		drawn := renderSettings(got, err, a.look())
		if !strings.Contains(allText(drawn), tt.fails) || !drawn.ephemeral() || len(lintMessage(drawn)) > 0 {
			t.Errorf("%s is drawn as %q: %v", tt.sub, allText(drawn), lintMessage(drawn))
		}
	}
}

func TestReport(t *testing.T) {
	t.Parallel()
	for days, want := range map[string]int{`[]`: 7, `[{"name":"days","type":4,"value":30}]`: 30, `[{"name":"days","value":9999}]`: 90, `[{"name":"days","value":"x"}]`: 7} {
		a := read(t, event(interactionCommand, fmt.Sprintf(`{"name":"backend-admin","type":1,"options":[{"name":"report","options":%s}]}`, days)))
		if a = a.under(adapters.Preferences{}); a.kind != report || a.days != want || !a.look().Private {
			t.Errorf("%s: %d days, kind %d", days, a.days, a.kind)
		}
	}
}

func TestSettingsInWords(t *testing.T) {
	t.Parallel()
	p := adapters.Preferences{Private: true, NoFeedback: true, Only: []string{"20", "@everyone"}, Quiet: []string{"21"}, Packs: []string{"a_b"}}
	want := "### Settings of this server\n- Answers to commands: only the asker sees them\n- 👍 and 👎 under answers: no\n" +
		"- Answers for everybody only in: <#20>\n- Quiet in: <#21>\n- Knowledge: a\\_b\n"
	if got := allText(renderSettings(p, nil, look{})); got != want {
		t.Errorf("%q", got)
	}
	if got := allText(renderSettings(p, nil, look{Locale: "hi"})); !strings.Contains(got, hindi.settings) {
		t.Errorf("in Hindi: %q", got)
	}
	for err, want := range map[error]string{adapters.ErrTooMuch: english.tooMany, fmt.Errorf("x"): english.failed} {
		if got := allText(renderSettings(p, err, look{})); got != want+"\n" {
			t.Errorf("%v: %q", err, got)
		}
	}
}

// TestCommandsOfPacks asks a pack alone by its own command, where there are several; each is registered.
func TestCommandsOfPacks(t *testing.T) {
	t.Parallel()
	r := us
	r.packs = []chat.Pack{{Name: "backend", Command: "backend", Subject: "back-end careers"}, {Name: "data", Command: "data", Subject: "data careers"}}
	raw := `{"id":"1","token":"t","type":2,"channel_id":"20","user":{"id":"5"},"data":{"name":"data","type":1,"options":[{"name":"skills","type":1}]}}`
	a, err := r.interaction([]byte(raw))
	if err != nil || a.kind != question {
		t.Fatalf("read as %v, %v", a.kind, err)
	}
	chosen := adapters.Preferences{Packs: []string{"backend"}}
	if got := a.under(chosen).question.Packs; !reflect.DeepEqual(got, []string{"data"}) {
		t.Errorf("/data asks %v", got)
	}
	names := map[string]string{}
	for _, c := range commands("backend", r.packs...) {
		names[c.Name] = c.Description
	}
	if !strings.Contains(names["backend"], "back-end careers") || !strings.Contains(names["data"], "data careers") || len(names) != 4 {
		t.Errorf("the commands are %v", names)
	}
	if problems := lintCommands(commands("backend", r.packs...)); len(problems) > 0 {
		t.Error(problems)
	}
}
