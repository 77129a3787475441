package slacktest_test

import (
	"encoding/json"
	"testing"

	"careerbot/adapters/slack/slacktest"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
)

// TestPayloadsParse has slack-go read what every builder makes.
func TestPayloadsParse(t *testing.T) {
	t.Parallel()
	s := newSlack(t, slacktest.Options{Teams: []slacktest.Team{{ID: "T1", Enterprise: "E1", OrgWide: true}}})
	p := slacktest.Place{}
	mention := s.Mention(p, "<@U0BOT> salary")
	thread := slacktest.Place{Thread: mention.Thread}
	events := map[string]slacktest.Envelope{
		"app_mention": mention, "message": s.Twin(mention), "message.im": s.SayIM(p, "hi"), "reply": s.Say(thread, "and?"),
		"file_share": s.Subtype(p, "file_share", "see"), "thread_broadcast": s.Subtype(thread, "thread_broadcast", "all"),
		"channel_join": s.Subtype(p, "channel_join", "came"), "bot_message": s.FromBot(p, "x", true),
		"message_changed": s.Changed(mention, "y"), "message_deleted": s.Removed(mention),
		"app_home_opened home": s.HomeOpened(p, "home"), "app_home_opened messages": s.HomeOpened(p, "messages"),
		"app_context_changed": s.ContextChanged(p, "C2"), "tokens_revoked": s.TokensRevoked("T1"), "app_uninstalled": s.Uninstall("T1"),
		"app_rate_limited": s.RateLimited("T1"),
	}
	for name, e := range events {
		payload, err := json.Marshal(e.Payload)
		if err != nil {
			t.Fatal(err)
		}
		read, err := slackevents.ParseEvent(payload, slackevents.OptionNoVerifyToken())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if m, ok := read.InnerEvent.Data.(*slackevents.AppMentionEvent); ok && m.Text != "<@U0BOT> salary" {
			t.Errorf("%s is read as %+v", name, m)
		}
		if read.TeamID != "T1" {
			t.Errorf("%s is of team %q", name, read.TeamID)
		}
	}
	if a := mention.Payload["authorizations"].([]any)[0].(map[string]any); a["enterprise_id"] != "E1" || a["is_enterprise_install"] != true {
		t.Errorf("the authorization is %v", a)
	}
}

func TestInteractionsParse(t *testing.T) {
	t.Parallel()
	s := newSlack(t, slacktest.Options{})
	api := client(t, s)
	blocks := []slack.Block{
		slack.NewActionBlock("b1", slack.NewButtonBlockElement("more", "v1", slack.NewTextBlockObject(slack.PlainTextType, "More", false, false))),
		slack.NewContextActionsBlock("b2", slack.NewFeedbackButtonsBlockElement("feedback",
			slack.NewFeedbackButton(slack.NewTextBlockObject(slack.PlainTextType, "Good", false, false), "up"),
			slack.NewFeedbackButton(slack.NewTextBlockObject(slack.PlainTextType, "Bad", false, false), "down"))),
	}
	if _, _, err := api.PostMessageContext(within(t), "C1", slack.MsgOptionText("x", false), slack.MsgOptionBlocks(blocks...)); err != nil {
		t.Fatal(err)
	}
	if _, err := api.OpenViewContext(within(t), triggerOf(s.Shortcut(slacktest.Place{}, "ask")), modal("Ask")); err != nil {
		t.Fatal(err)
	}
	m, v := s.Messages()[0], s.Views()[0]
	actions := slacktest.Actions(m)
	if len(actions) != 3 || actions[0].Value != "v1" || actions[2].Value != "down" {
		t.Fatalf("actions are %+v", actions)
	}
	tests := map[slack.InteractionType][]slacktest.Envelope{
		slack.InteractionTypeBlockActions: {
			s.Click(slacktest.Place{}, m, actions[0]), s.Click(slacktest.Place{}, m, actions[2]),
			s.Click(slacktest.Place{}, m, slacktest.Action{Type: "static_select", ActionID: "pick", Value: "v"}),
			s.ClickView(slacktest.Place{}, v, actions[0]),
		},
		slack.InteractionTypeMessageAction:  {s.MessageShortcut(slacktest.Place{}, m, "answer")},
		slack.InteractionTypeShortcut:       {s.Shortcut(slacktest.Place{}, "ask")},
		slack.InteractionTypeViewSubmission: {s.Submit(v, map[string]map[string]any{"q": {"t": map[string]any{"type": "plain_text_input", "value": "salary"}}})},
		slack.InteractionTypeViewClosed:     {s.Dismiss(v)},
	}
	for kind, envelopes := range tests {
		for _, e := range envelopes {
			payload, err := json.Marshal(e.Payload)
			if err != nil {
				t.Fatal(err)
			}
			var read slack.InteractionCallback
			if err := json.Unmarshal(payload, &read); err != nil || read.Type != kind || read.User.ID != "U0ASKER" {
				t.Errorf("%s is read as %s of %q, %v", kind, read.Type, read.User.ID, err)
			}
			if kind == slack.InteractionTypeViewSubmission && read.View.State.Values["q"]["t"].Value != "salary" {
				t.Errorf("the submission holds %+v", read.View.State)
			}
			if kind == slack.InteractionTypeBlockActions && len(read.ActionCallback.BlockActions) != 1 {
				t.Errorf("actions are %+v", read.ActionCallback)
			}
		}
	}
}
