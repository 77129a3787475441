package bot_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"careerbot/bot"
	"careerbot/bot/chat"
)

// TestButtonsOutliveEverything presses the buttons of an answer after another question came, from a bot that knows of
// the answer by its state alone, as another user: what is answered is about that answer.
func TestButtonsOutliveEverything(t *testing.T) {
	t.Parallel()
	state := remembering(t)
	lib := open(t)
	make := func() *bot.Bot {
		return bot.New(lib, bot.WithClock(noon), bot.WithTurns(state), bot.WithJournal(state))
	}
	said := func(id, text string) chat.Question {
		return chat.Question{ID: id, Platform: "test", Thread: "t", User: "ann", Text: text}
	}
	b := make()
	ask(t, b, said("a1", "senior backend developer salary in india"))
	pay := ask(t, b, said("a2", "and in the US?"))
	ask(t, b, said("a3", "which databases should I learn?"))

	about := pay.About
	for name, token := range map[string]string{"why": about.Why, "sources": about.Sources, "again": about.Again, "up": about.Up, "down": about.Down} {
		if token == "" || len(token) > chat.MaxToken {
			t.Errorf("the token of %s is %q", name, token)
		}
	}
	press := func(token string) chat.Answer {
		return ask(t, make(), chat.Question{ID: "p", Platform: "test", Thread: "t", User: "bob", Action: token, Private: true})
	}
	if a := press(about.Why); !strings.Contains(a.Lead, "salary") || !strings.Contains(a.Lead, "region us") || !a.Private {
		t.Errorf("why says %q", a.Lead)
	}
	if a := press(about.Sources); !slices.Equal(a.Sources, pay.Sources) || len(a.Blocks) == 0 {
		t.Errorf("sources gives %v, want %v", a.Sources, pay.Sources)
	}
	if a := press(about.Again); a.ID != pay.ID || a.Lead != pay.Lead || a.About != pay.About || !a.Private {
		t.Errorf("again gives %s %q with %+v", a.ID, a.Lead, a.About)
	}
	skills := ask(t, b, said("a4", "what are the challenges of backend development?"))
	seen := map[string]bool{}
	for token, page := skills.About.More, 1; token != ""; page++ {
		more := press(token)
		if more.Topic != skills.Topic || page > 5 {
			t.Fatalf("page %d is about %s", page, more.Topic)
		}
		for _, block := range more.Blocks {
			for _, item := range block.(chat.List).Items {
				if seen[item.Text] {
					t.Errorf("page %d repeats %q", page, item.Text)
				}
				seen[item.Text] = true
			}
		}
		token = more.About.More
	}
	if len(seen) == 0 {
		t.Error("more gives nothing more")
	}
	for _, token := range []string{"why:gone", "more:1:gone", "from:gone"} {
		_, err := make().Ask(t.Context(), chat.Question{Platform: "test", Action: token})
		if fault, ok := errors.AsType[*chat.Fault](err); !ok || !strings.Contains(fault.Say, "no longer") {
			t.Errorf("%s gives %v", token, err)
		}
	}
}
