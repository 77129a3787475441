package slack_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"careerbot/adapters/slack"
	"careerbot/adapters/slack/slacktest"
	"careerbot/adapters/slack/slacktest/history"
	"careerbot/bot"
	"careerbot/bot/chat"
)

// admin manages the workspace of these tests.
var admin = slacktest.Place{User: "U0ADMIN"}

func people() slacktest.Options {
	return slacktest.Options{People: []slacktest.Person{{ID: "U0ADMIN", Name: "admin", Admin: true}}}
}

type reports struct{}

func (reports) Report(_ context.Context, platform, server string, days int) (chat.Answer, error) {
	return chat.Answer{Answered: true, Lead: fmt.Sprintf("%s %s asked nothing in %d days.", platform, server, days)}, nil
}

// button finds the button of the bot's last message that does something, by the end of its action id.
func (r *rig) button(m history.Message, what string) slacktest.Action {
	r.t.Helper()
	for _, a := range slacktest.Actions(m) {
		if strings.HasPrefix(a.ActionID, "careerbot."+what) {
			return a
		}
	}
	r.t.Fatalf("no button for %q in %s", what, m.Blocks)
	return slacktest.Action{}
}

func TestHomeIsPublished(t *testing.T) {
	t.Parallel()
	transports(t, func(t *testing.T, s setup) {
		s.platform = people()
		r := begin(t, s)
		for _, who := range []slacktest.Place{{}, admin} {
			r.outcome(r.slack.Send(r.slack.HomeOpened(who, "home")))
			user := who.User
			if user == "" {
				user = "U0ASKER"
			}
			r.until("the tab is published", func() bool { _, ok := r.slack.Home("T0ACME", user); return ok })
			home, _ := r.slack.Home("T0ACME", user)
			if strings.Contains(string(home.Raw), "Open Settings") != (who == admin) {
				t.Errorf("the tab of %s is %s", user, home.Raw)
			}
		}
	})
}

// With agent_view, prompts must not name a thread.
func TestPromptsAreSuggested(t *testing.T) {
	t.Parallel()
	transports(t, func(t *testing.T, s setup) {
		s.platform.App.Agent = true
		r := begin(t, s)
		r.outcome(r.slack.Send(r.slack.HomeOpened(slacktest.Place{}, "messages")))
		r.until("prompts are suggested", func() bool { return len(r.slack.Assistant()) == 1 })
		call := r.slack.Calls("assistant.threads.setSuggestedPrompts")[0]
		if _, named := call.Args["thread_ts"]; named || !call.OK || !strings.Contains(call.Args["prompts"], "senior india") {
			t.Errorf("the call was %+v", call)
		}
	})
}

func TestFollowUpsAndPresses(t *testing.T) {
	t.Parallel()
	transports(t, func(t *testing.T, s setup) {
		r := begin(t, s)
		m := r.slack.Mention(slacktest.Place{}, "<@U0BOT> hello")
		r.outcome(r.slack.Ask(m))
		r.answered(1)
		answer := r.last()
		r.outcome(r.slack.Ask(r.slack.Click(slacktest.Place{User: "U0OTHER"}, answer, r.button(answer, "ask"))))
		r.answered(2)
		r.outcome(r.slack.Ask(r.slack.Say(slacktest.Place{Thread: m.Thread}, "and in the US?")))
		r.answered(3)
		if got := r.last(); !strings.Contains(got.Text, "and in the US?") || got.ThreadTS != m.Thread {
			t.Errorf("the follow-up got %+v", got)
		}
		other := r.slack.Say(slacktest.Place{Channel: "C0OTHER"}, "people talk")
		r.outcome(r.slack.Send(other))
		r.outcome(r.slack.Send(r.slack.Say(slacktest.Place{Channel: "C0OTHER", Thread: other.Thread}, "among themselves")))
		if n := len(r.slack.Messages()); n != 3 {
			t.Errorf("there are %d messages of the bot", n)
		}
	})
}

// A restarted bot knows its threads by looking at them.
func TestFollowUpAfterRestart(t *testing.T) {
	t.Parallel()
	one := begin(t, setup{})
	m := one.slack.Mention(slacktest.Place{}, "<@U0BOT> hello")
	one.outcome(one.slack.Ask(m))
	one.answered(1)
	if err := one.stop(); err != nil {
		t.Fatal(err)
	}
	one.until("Slack knows that it is gone", func() bool { return len(one.slack.Sockets()) == 0 })
	two := begin(t, setup{share: one})
	two.outcome(two.slack.Ask(two.slack.Say(slacktest.Place{Thread: m.Thread}, "and in the US?")))
	two.answered(2)
}

// TestMenuOfPay asks the real bot, picks a level from the menu under its answer, and presses for a region.
func TestMenuOfPay(t *testing.T) {
	t.Parallel()
	lib, err := bot.OpenLibrary(t.Context(), bot.LibraryConfig{Builtin: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = lib.Close() })
	ask := bot.New(lib)
	transports(t, func(t *testing.T, s setup) {
		s.ask = ask
		r := begin(t, s)
		r.outcome(r.slack.Ask(r.slack.Slash(slacktest.Place{}, "/backend", "salary senior india")))
		for n, tt := range []struct{ kind, label, want string }{
			{"static_select", "Mid-level", "Mid-level back-end developers in India"},
			{"button", "In the US", "Mid-level back-end developers in the US"},
		} {
			r.until("there is an answer to press", func() bool { return len(r.slack.Messages()) == n+1 })
			answer := r.last()
			i := slices.IndexFunc(slacktest.Actions(answer), func(a slacktest.Action) bool { return a.Type == tt.kind && a.Label == tt.label })
			if i < 0 {
				t.Fatalf("no %s in %s", tt.label, answer.Blocks)
			}
			r.outcome(r.slack.Ask(r.slack.Click(slacktest.Place{}, answer, slacktest.Actions(answer)[i])))
			r.until("the pick is answered", func() bool { return len(r.slack.Messages()) == n+2 })
			if got := r.last(); !strings.Contains(got.Text, tt.want) || got.Ephemeral == "" {
				t.Errorf("%s gives %+v", tt.label, got)
			}
		}
	})
}

func TestShareInChannel(t *testing.T) {
	t.Parallel()
	transports(t, func(t *testing.T, s setup) {
		r := begin(t, s)
		r.outcome(r.slack.Ask(r.slack.Slash(slacktest.Place{}, "/backend", "what is REST & why?")))
		r.answered(1)
		private := r.last()
		r.outcome(r.slack.Ask(r.slack.Click(slacktest.Place{}, private, r.button(private, "share"))))
		r.answered(2)
		r.until("the private answer is gone", func() bool { return len(r.slack.Messages()) == 1 })
		if got := r.last(); got.Ephemeral != "" || !strings.Contains(string(got.Blocks), "what is REST") || !strings.Contains(string(got.Blocks), "U0ASKER") {
			t.Errorf("shared: %+v %s", got, got.Blocks)
		}
	})
}

func TestVotes(t *testing.T) {
	t.Parallel()
	transports(t, func(t *testing.T, s setup) {
		r := begin(t, s)
		r.outcome(r.slack.Ask(r.slack.Mention(slacktest.Place{}, "<@U0BOT> hello")))
		r.answered(1)
		answer := r.last()
		votes := []slacktest.Action{}
		for _, a := range slacktest.Actions(answer) {
			if strings.HasPrefix(a.ActionID, "careerbot.vote") {
				votes = append(votes, a)
			}
		}
		if len(votes) != 2 {
			t.Fatalf("there are %d feedback buttons", len(votes))
		}
		for i, v := range votes {
			r.outcome(r.slack.Ask(r.slack.Click(slacktest.Place{User: "U0VOTER"}, answer, v)))
			r.answered(2 + i)
			if got := r.last(); got.Ephemeral != "U0VOTER" {
				t.Errorf("a vote got %+v", got)
			}
		}
		r.until("the reason is asked for", func() bool { return len(r.slack.Views()) == 1 })
	})
}

func TestGlobalShortcut(t *testing.T) {
	t.Parallel()
	transports(t, func(t *testing.T, s setup) {
		r := begin(t, s)
		r.outcome(r.slack.Send(r.slack.Shortcut(slacktest.Place{}, "careerbot.ask")))
		r.until("the window is open", func() bool { return len(r.slack.Views()) == 1 })
		v := r.slack.Views()[0]
		e := r.slack.Submit(v, map[string]map[string]any{
			"question": {"careerbot.field": map[string]any{"type": "plain_text_input", "value": "what is REST?"}},
		})
		r.outcome(r.slack.Send(e))
		r.until("it is answered", func() bool { return len(r.slack.Messages()) == 1 })
		if got := r.last(); got.Channel != slacktest.DM("U0ASKER") || !strings.Contains(got.Text, "what is REST?") {
			t.Errorf("the answer is %+v", got)
		}
	})
}

func TestMessageShortcut(t *testing.T) {
	t.Parallel()
	transports(t, func(t *testing.T, s setup) {
		r := begin(t, s)
		r.slack.Say(slacktest.Place{User: "U0OTHER"}, "what is REST?")
		said := r.slack.Everything()[0]
		r.outcome(r.slack.Ask(r.slack.MessageShortcut(slacktest.Place{}, said, "careerbot.answer")))
		r.answered(1)
	})
}

// A trigger that is over: the person hears it.
func TestExpiredTrigger(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id"} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			r := begin(t, setup{})
			r.slack.Fault(slacktest.Fault{Method: "views.open", Error: code})
			r.outcome(r.slack.Send(r.slack.Shortcut(slacktest.Place{}, "careerbot.ask")))
			r.until("it is said", func() bool { return len(r.slack.Messages()) == 1 })
			if got := r.last(); !strings.Contains(got.Text, "try again") || got.Channel != slacktest.DM("U0ASKER") {
				t.Errorf("it says %+v", got)
			}
		})
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	transports(t, func(t *testing.T, s setup) {
		s.platform = people()
		r := begin(t, s)
		r.outcome(r.slack.Send(r.slack.Slash(admin, "/backend", "settings")))
		r.until("the settings are open", func() bool { return len(r.slack.Views()) == 1 })
		v := r.slack.Views()[0]
		r.outcome(r.slack.Send(r.slack.Submit(v, map[string]map[string]any{
			"answers": {"careerbot.field": map[string]any{"type": "checkboxes", "selected_options": []any{
				map[string]any{"value": "private", "text": map[string]any{"type": "plain_text", "text": "x"}},
			}}},
			"quiet": {"careerbot.field": map[string]any{"type": "multi_conversations_select", "selected_conversations": []any{"C0QUIET"}}},
		})))
		r.until("it is saved", func() bool { return len(r.slack.Messages()) == 1 && strings.Contains(r.last().Text, "Saved") })
		kept, err := r.store.Setting(t.Context(), "slack:T0ACME", "preferences")
		if err != nil || !strings.Contains(kept, "C0QUIET") {
			t.Errorf("kept: %q, %v", kept, err)
		}
		r.outcome(r.slack.Ask(r.slack.Mention(slacktest.Place{Channel: "C0QUIET"}, "<@U0BOT> hello")))
		r.answered(1)
		if got := r.last(); got.Ephemeral != "U0ASKER" || strings.Contains(string(got.Blocks), "feedback_buttons") {
			t.Errorf("in a quiet channel: %+v", got)
		}
	})
}

func TestSettingsAreForAdmins(t *testing.T) {
	t.Parallel()
	for name, scopes := range map[string]string{"not an admin": "commands chat:write im:history users:read", "not known": "commands chat:write im:history"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := begin(t, setup{})
			r.slack.Scope("T0ACME", strings.Fields(scopes)...)
			r.outcome(r.slack.Send(r.slack.Slash(slacktest.Place{}, "/backend", "settings")))
			r.until("it is refused", func() bool { return len(r.slack.Messages()) == 1 })
			if got := r.last(); !strings.Contains(got.Text, "Only those who manage") || got.Ephemeral != "U0ASKER" || len(r.slack.Views()) > 0 {
				t.Errorf("it says %+v", got)
			}
			got := saidIn(t, r.outcome(r.slack.Ask(r.slack.Slash(slacktest.Place{}, "/backend", "report"))))
			if strings.Contains(got.Text, "asked nothing") {
				t.Errorf("the report says %q", got.Text)
			}
		})
	}
}

func TestReport(t *testing.T) {
	t.Parallel()
	transports(t, func(t *testing.T, s setup) {
		s.platform = people()
		s.config = func(c *slack.Config) { c.Reporter = reports{} }
		r := begin(t, s)
		got := saidIn(t, r.outcome(r.slack.Ask(r.slack.Slash(admin, "/backend", "report 7"))))
		if got.Type != "ephemeral" || !strings.Contains(got.Text, "slack T0ACME asked nothing in 7 days.") {
			t.Errorf("it says %+v", got)
		}
	})
}

func TestCheckAndProbe(t *testing.T) {
	t.Parallel()
	r := prepare(t, setup{})
	for _, f := range append(r.adapter.Check(t.Context()), r.adapter.Probe(t.Context())...) {
		if !f.OK {
			t.Errorf("%s: %s; %s", f.What, f.Problem, f.Remedy)
		}
	}
	r.slack.Scope("T0ACME", "commands")
	text, err := json.Marshal(r.adapter.Probe(t.Context()))
	if err != nil || !strings.Contains(string(text), "app_mentions:read") {
		t.Errorf("it finds %s, %v", text, err)
	}
	r.slack.Revoke("T0ACME", "token_revoked")
	text, err = json.Marshal(r.adapter.Probe(t.Context()))
	if err != nil || !strings.Contains(string(text), "install it again") {
		t.Errorf("it finds %s, %v", text, err)
	}
}

func TestCheckOfConfigurations(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		config slack.Config
		want   string
	}{
		"nothing":    {slack.Config{}, "no SLACK_BOT_TOKEN"},
		"swapped":    {slack.Config{BotToken: "xapp-1", AppToken: "xoxb-1"}, "another kind of token"},
		"no way":     {slack.Config{BotToken: "xoxb-1"}, "no event arrives"},
		"rotating":   {slack.Config{BotToken: "xoxe.xoxb-1", AppToken: "xapp-1"}, "rotating"},
		"blanks":     {slack.Config{BotToken: "xoxb-1 ", AppToken: "xapp-1"}, "blanks"},
		"half":       {slack.Config{BotToken: "xoxb-1", AppToken: "xapp-1", ClientID: "1.2"}, "one of them is missing"},
		"no key":     {slack.Config{BotToken: "xoxb-1", AppToken: "xapp-1", ClientID: "1.2", ClientSecret: "s"}, "STATE_KEY"},
		"odd secret": {slack.Config{BotToken: "xoxb-1", SigningSecret: "xoxb-2"}, "it is a token"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := slack.New(test.config)
			text := ""
			for _, f := range a.Check(t.Context()) {
				if !f.OK {
					text += f.What + ": " + f.Problem + "; " + f.Remedy + "\n"
				}
			}
			if !strings.Contains(text, test.want) || strings.Contains(text, string(test.config.BotToken)) && test.config.BotToken != "" {
				t.Errorf("it finds %s", text)
			}
			if err := a.Run(t.Context(), &echo{}); err == nil {
				t.Error("Run begins")
			}
		})
	}
}
