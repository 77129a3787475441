package discord

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"careerbot/bot/chat"
	"careerbot/bot/chat/chattest"

	"github.com/bwmarrin/discordgo"
)

func TestCommands(t *testing.T) {
	t.Parallel()
	list := commands("backend")
	if problems := lintCommands(list); len(problems) > 0 {
		t.Errorf("%v", problems)
	}
	for _, c := range list {
		l := &linter{}
		size := longest(c.Name, localised(c.NameLocalizations)) + longest(c.Description, localised(c.DescriptionLocalizations)) + l.options("", c.Options)
		t.Logf("%s: %d of %d characters", c.Name, size, maxCommandSize)
	}
	var names []string
	for _, o := range list[0].Options {
		names = append(names, o.Name)
		if o.NameLocalizations[discordgo.Hindi] == "" || o.DescriptionLocalizations[discordgo.Hindi] == "" {
			t.Errorf("%s has no Hindi", o.Name)
		}
		for _, in := range o.Options {
			if in.NameLocalizations[discordgo.Hindi] == "" || in.DescriptionLocalizations[discordgo.Hindi] == "" || in.Description == "" {
				t.Errorf("%s %s has no Hindi, or no description", o.Name, in.Name)
			}
		}
	}
	for _, c := range chat.Commands() {
		if !slices.Contains(names, c.Name) {
			t.Errorf("%s is not offered", c.Name)
		}
	}
	text, err := CommandsJSON("backend")
	if err != nil {
		t.Fatal(err)
	}
	chattest.Golden(t, filepath.Join("testdata", "commands.json"), text)
	if _, err := CommandsJSON("Back end"); err == nil || !strings.Contains(err.Error(), "pattern") {
		t.Errorf("a word that is none: %v", err)
	}
}

// TestCompletions asks for every kind.
func TestCompletions(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ option, typed, want string }{
		{chat.CompleteRole, "d", `{"type":8,"data":{"choices":[{"name":"role d","value":"role d"}]}}`},
		{completeAny, "d", `{"type":8,"data":{"choices":[{"name":"tool d","value":"tool d"},{"name":"role d","value":"role d"}]}}`},
		{completeList, "python,  sq", `{"type":8,"data":{"choices":[{"name":"python, tool sq","value":"python, tool sq"}]}}`},
		{completeList, "sq", `{"type":8,"data":{"choices":[{"name":"tool sq","value":"tool sq"}]}}`},
		{"", "d", `{"type":8,"data":{}}`},
	} {
		got, err := json.Marshal(completions(typist{}, asked{option: tt.option, typed: tt.typed}))
		if err != nil || string(got) != tt.want {
			t.Errorf("%s %q: %s, %v", tt.option, tt.typed, got, err)
		}
	}
	if got, _ := json.Marshal(completions(nil, asked{option: chat.CompleteRole})); string(got) != `{"type":8,"data":{}}` {
		t.Errorf("without a Completer: %s", got)
	}
}

// typist completes with the kind and what was typed.
type typist struct{}

func (typist) Complete(kind, typed string, _ int) []chat.Choice {
	return []chat.Choice{{Label: kind + " " + typed, Value: kind + " " + typed}}
}
