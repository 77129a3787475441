package bot_test

import (
	"errors"
	"strings"
	"testing"

	"careerbot/bot"
	"careerbot/bot/chat"
)

// TestForgetMe asks what is kept and has it erased: of who presses the button, and of nobody else.
func TestForgetMe(t *testing.T) {
	t.Parallel()
	state := remembering(t)
	lib := open(t)
	b := bot.New(lib, bot.WithClock(noon), bot.WithTurns(state), bot.WithJournal(state), bot.WithEraser(state))
	says := func(user, text string) chat.Question {
		return chat.Question{Platform: "test", Thread: "t", User: user, Text: text}
	}
	for _, user := range []string{"ann", "bob"} {
		ask(t, b, says(user, "devops engineer salary in india"))
	}
	told := ask(t, b, says("ann", "what do you store about me?"))
	if len(told.Actions) != 1 || !strings.Contains(told.Lead, "code in place of your name") || len(told.Sources) > 0 {
		t.Fatalf("told %q with %v", told.Lead, told.Actions)
	}
	press := chat.Question{Platform: "test", Thread: "t", User: "ann", Action: told.Actions[0].Token}
	for _, want := range []string{"Done", "nothing kept"} {
		if a := ask(t, b, press); !strings.Contains(a.Lead, want) || !a.Private {
			t.Errorf("pressed: %q, private %t", a.Lead, a.Private)
		}
	}
	kept := map[string]int{}
	for e, err := range state.Journal(t.Context(), noon().AddDate(-1, 0, 0)) {
		if err != nil {
			t.Fatal(err)
		}
		kept[e.User]++
	}
	if len(kept) != 1 {
		t.Errorf("entries are kept of %d people, of bob's alone there should be", len(kept))
	}
	for user, follows := range map[string]bool{"ann": false, "bob": true} {
		if a := ask(t, b, says(user, "and in the US?")); strings.Contains(strings.ToLower(a.Title+a.Lead), "devops") != follows {
			t.Errorf("a follow-up of %s's is answered %q, %q", user, a.Title, a.Lead)
		}
	}
}

// TestForgetMeWithoutState says what is so where nothing is kept, or nothing can be erased.
func TestForgetMeWithoutState(t *testing.T) {
	t.Parallel()
	b := bot.New(open(t))
	q := chat.Question{Platform: "test", Thread: "t", User: "ann", Text: "delete my data"}
	if a := ask(t, b, q); !strings.Contains(a.Lead, "keep nothing") || len(a.Actions) > 0 {
		t.Errorf("%q with %v", a.Lead, a.Actions)
	}
	q.Text, q.Action = "", "forget:me"
	if _, err := b.Ask(t.Context(), q); err == nil || !errors.As(err, new(*chat.Fault)) {
		t.Errorf("without state: %v", err)
	}
}
