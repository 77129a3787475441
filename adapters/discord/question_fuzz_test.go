package discord

import (
	"encoding/json"
	"fmt"
	"testing"

	"careerbot/adapters"
	"careerbot/adapters/discord/commands"
	"careerbot/adapters/discord/discordtest/spec"
	"careerbot/adapters/discord/layout"
	"careerbot/adapters/discord/lint"
	"careerbot/adapters/discord/wire"
	"careerbot/bot/chat"
)

// FuzzQuestion reads anything as both kinds of event. What comes out can always be drawn and replied to.
func FuzzQuestion(f *testing.F) {
	f.Add(slash("salary", `[{"name":"role","type":3,"value":"x"}]`))
	f.Add(event(interactionComponent, `{"custom_id":"p1:1:show:i1"}`, `"message":{"components":[{"type":17,"id":3,"components":[{"id":2,"content":"a: b"}]}]}`))
	f.Add(event(interactionForm, `{"custom_id":"r1:x","components":[{"components":[{"custom_id":"why","value":"y"}]}]}`))
	f.Add(`{"id":"5","channel_id":"20","guild_id":"10","content":"<@900> <#1> @everyone","mentions":[{"id":"900"}],"author":{"id":"1"}}`)
	f.Fuzz(func(t *testing.T, raw string) {
		drawn := func(a asked) {
			a = a.under(adapters.Preferences{})
			harmless(t, (*layout.Pictures)(nil).Render(chat.Answer{Lead: "x", Answered: true}, a.look()))
			if a.kind == question && a.question.Topic == "" && a.question.Text == "" && a.question.Action == "" && a.place.Interaction == "" {
				t.Errorf("nothing is asked: %+v", a)
			}
		}
		if a, err := us.interaction([]byte(raw)); err == nil {
			drawn(a)
		}
		if a, ok := us.message([]byte(raw)); ok {
			drawn(a)
		}
	})
}

// harmless holds of an answer, whatever was read of who asked: it is drawn as it was meant, and nothing in it acts.
func harmless(t *testing.T, r wire.Reply) {
	t.Helper()
	if len(r.Problems) > 0 {
		t.Errorf("%v", r.Problems)
	}
	for _, box := range r.Components {
		for _, c := range box.Components {
			if found := spec.Active(c.Content); found != "" || spec.MaskedLink(c.Content) {
				t.Errorf("%q stands in %q", found, c.Content)
			}
		}
	}
}

// FuzzOptions puts anything into the options of every subcommand.
func FuzzOptions(f *testing.F) {
	f.Add("salary", "role", "back-end developer", "de")
	f.Add("next", "known", "python, @everyone, <@1>", "py, sq")
	f.Fuzz(func(t *testing.T, sub, option, value, typed string) {
		v, _ := json.Marshal(value)
		n, _ := json.Marshal(option)
		s, _ := json.Marshal(sub)
		a, err := us.interaction([]byte(event(interactionCommand, fmt.Sprintf(
			`{"name":"backend","type":1,"options":[{"name":%s,"options":[{"name":%s,"value":%s}]}]}`, s, n, v))))
		if err != nil {
			t.Fatal(err)
		}
		harmless(t, (*layout.Pictures)(nil).Render(chat.Answer{Lead: "x"}, a.under(adapters.Preferences{}).look()))
		for _, option := range []string{"role", "first", "known", "question"} {
			c := commands.Complete(echo{value}, commands.Completes(option), typed)
			if problems := lint.Choices(c.Data.(wire.ChoiceList)); len(problems) > 0 {
				t.Errorf("%s of %q: %v", option, typed, problems)
			}
		}
	})
}
