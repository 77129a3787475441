package discord

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"careerbot/adapters"
	"careerbot/adapters/discord/layout"
	"careerbot/adapters/discord/lint"
	"careerbot/adapters/discord/wire"
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
		if text := encoded(t, drawn); !strings.Contains(text, tt.fails) || !drawn.Ephemeral() || len(lint.Message(drawn)) > 0 {
			t.Errorf("%s is drawn as %s: %v", tt.sub, text, lint.Message(drawn))
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

// TestCommandsOfPacks asks a pack alone by its own command, where there are several.
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
}

// TestSettingsRefused says why a change was not made.
func TestSettingsRefused(t *testing.T) {
	t.Parallel()
	alone := layout.Look{Private: true}
	for _, tt := range []struct {
		err  error
		want wire.Reply
	}{
		{nil, layout.Settings(adapters.Preferences{}, alone)},
		{adapters.ErrTooMuch, layout.Notify(layout.TooMany, alone)},
		{fmt.Errorf("x"), layout.Notify(layout.Failed, alone)},
		{&packError{[]string{"a", "b"}}, layout.NoPack([]string{"a", "b"}, alone)},
	} {
		if got := renderSettings(adapters.Preferences{}, tt.err, layout.Look{}); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%v: %s", tt.err, encoded(t, got))
		}
	}
}

// encoded is what is sent, as JSON with every sign as it is.
func encoded(t *testing.T, v any) string {
	t.Helper()
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
