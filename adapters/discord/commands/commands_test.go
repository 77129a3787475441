package commands

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"careerbot/adapters/discord/lint"
	"careerbot/bot/chat"
	"careerbot/bot/chat/chattest"

	"github.com/bwmarrin/discordgo"
)

func TestCommands(t *testing.T) {
	t.Parallel()
	list := all("backend")
	if problems := lint.Commands(list); len(problems) > 0 {
		t.Errorf("%v", problems)
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
	text, err := JSON("backend")
	if err != nil {
		t.Fatal(err)
	}
	chattest.Golden(t, filepath.Join("testdata", "commands.json"), text)
	if _, err := JSON("Back end"); err == nil || !strings.Contains(err.Error(), "pattern") {
		t.Errorf("a word that is none: %v", err)
	}
}

// TestPackCommands registers a command for each pack.
func TestPackCommands(t *testing.T) {
	t.Parallel()
	list := all("backend", []chat.Pack{
		{Name: "backend", Command: "backend", Subject: "back-end careers"}, {Name: "data", Command: "data", Subject: "data careers"},
	}...)
	names := map[string]string{}
	for _, c := range list {
		names[c.Name] = c.Description
	}
	if !strings.Contains(names["backend"], "back-end careers") || !strings.Contains(names["data"], "data careers") || len(names) != 4 {
		t.Errorf("the commands are %v", names)
	}
	if problems := lint.Commands(list); len(problems) > 0 {
		t.Error(problems)
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
		got, err := json.Marshal(Complete(typist{}, tt.option, tt.typed))
		if err != nil || string(got) != tt.want {
			t.Errorf("%s %q: %s, %v", tt.option, tt.typed, got, err)
		}
	}
	if got, _ := json.Marshal(Complete(nil, chat.CompleteRole, "")); string(got) != `{"type":8,"data":{}}` {
		t.Errorf("without a Completer: %s", got)
	}
}

// typist completes with the kind and what was typed.
type typist struct{}

func (typist) Complete(kind, typed string, _ int) []chat.Choice {
	return []chat.Choice{{Label: kind + " " + typed, Value: kind + " " + typed}}
}
