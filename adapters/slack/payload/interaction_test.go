package payload

import (
	"encoding/json"
	"fmt"
	"net/url"
	"reflect"
	"testing"

	"careerbot/adapters"
	"careerbot/bot/chat"
)

// press is the payload of a pressed button of a message in a thread.
func press(id, value string, ephemeral bool) []byte {
	v, _ := json.Marshal(value)
	return fmt.Appendf(nil, `{"type":"block_actions","user":{"id":"U1","team_id":"T1"},"trigger_id":"1.2.abc","team":{"id":"T1","domain":"x"},
		"enterprise":null,"channel":{"id":"C1","name":"study"},"response_url":"https://hooks.slack.com/actions/T1/1/x",
		"container":{"type":"message","message_ts":"20.1","thread_ts":"10.1","channel_id":"C1","is_ephemeral":%v},
		"actions":[{"type":"button","action_id":%q,"block_id":"b","text":{"type":"plain_text","text":"In the US"},"value":%s}]}`, ephemeral, id, v)
}

func TestReadPresses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		id, value string
		ephemeral bool
		kind      Kind
		action    string
		place     Place // the part that differs
	}{
		{ActAsk + ":0", "ask:pay in us", false, KindQuestion, "ask:pay in us", Place{Repeat: true}},
		{ActAsk + ":1", "ask:pay in us", true, KindQuestion, "ask:pay in us", Place{Repeat: true, Ephemeral: true, Sharable: true}},
		{ActMore, "more:1:x", false, KindQuestion, "more:1:x", Place{Paged: true}},
		{ActPage, "more:2:x", true, KindQuestion, "more:2:x", Place{Paged: true, Replace: true, Ephemeral: true}},
		{ActWhy, "why:x", false, KindQuestion, "why:x", Place{Ephemeral: true}},
		{ActSources, "from:x", false, KindQuestion, "from:x", Place{Ephemeral: true}},
		{ActVote, "+vote:up:x", false, KindVote, "vote:up:x", Place{Ephemeral: true}},
		{ActVote, "-vote:down:x", false, KindVoteDown, "vote:down:x", Place{Ephemeral: true}},
		{ActUp, "vote:up:x", false, KindVote, "vote:up:x", Place{Ephemeral: true}},
		{ActDown, "vote:down:x", false, KindVoteDown, "vote:down:x", Place{Ephemeral: true}},
		{prefix + "gone", "x", false, KindSay, "x", Place{Ephemeral: true}},
	}
	for _, tt := range tests {
		got := ReadInteraction(press(tt.id, tt.value, tt.ephemeral))
		want := tt.place
		want.Team, want.Channel, want.Thread, want.User = "T1", "C1", "10.1", "U1"
		want.Hook, want.Message, want.Words = "https://hooks.slack.com/actions/T1/1/x", "20.1", "In the US"
		if got.Kind != tt.kind || got.Question.Action != tt.action || got.Place != want {
			t.Errorf("%s %s:\n got %s %q %+v\nwant %s %q %+v", tt.id, tt.value, got.Kind, got.Question.Action, got.Place, tt.kind, tt.action, want)
		}
		if got.Key != "a:1.2.abc" || got.Question.ID != got.Key || got.Question.Thread != "C1:10.1" || got.Question.Private != want.Ephemeral {
			t.Errorf("%s: %+v", tt.id, got)
		}
	}
	for _, p := range [][]byte{
		press("a", "click_me_123", true), press(ActField, "x", true), press(ActAsk, "", true), press(ActShare, "x", true),
		press(ActAsk, string(make([]byte, 200)), true), press(ActShare, "{}", true), []byte(`{"type":"block_actions","actions":[]}`),
		[]byte(`{"type":"block_actions","actions":[{"action_id":"careerbot.ask","value":"x"}]}`),
		[]byte(`{"type":"block_suggestion"}`), []byte(`{}`), []byte(`[]`), nil,
	} {
		if got := ReadInteraction(p); got.Kind != KindIgnored && got.Kind != KindUnknown || got.Why == "" {
			t.Errorf("readInteraction(%s) = %+v", p, got)
		}
	}
}

func TestReadShare(t *testing.T) {
	t.Parallel()
	value := Share{Topic: chat.TopicSalary, Text: "senior india", Words: "salary senior india", Thread: "9.1"}.Value()
	got := ReadInteraction(press(ActShare, value, true))
	if got.Kind != KindShare || got.Question.Topic != chat.TopicSalary || got.Question.Text != "senior india" || got.Question.Private {
		t.Errorf("share reads as %+v", got)
	}
	if p := got.Place; p.Ephemeral || !p.Delete || !p.Repeat || p.Thread != "9.1" || p.Words != "salary senior india" || got.Question.Thread != "C1:9.1" {
		t.Errorf("share goes to %+v", p)
	}
}

func TestReadChoiceOfAMenu(t *testing.T) {
	t.Parallel()
	got := ReadInteraction([]byte(`{"type":"block_actions","user":{"id":"U1"},"team":{"id":"T1"},"trigger_id":"1.2","channel":{"id":"C1"},
		"actions":[{"type":"overflow","action_id":"careerbot.ask:menu","selected_option":{"text":{"text":"In the US"},"value":"ask:us"}}]}`))
	if got.Kind != KindQuestion || got.Question.Action != "ask:us" || got.Place.Words != "In the US" {
		t.Errorf("%+v", got)
	}
}

func TestReadHomeButtons(t *testing.T) {
	t.Parallel()
	home := func(id, value string) []byte {
		return fmt.Appendf(nil, `{"type":"block_actions","user":{"id":"U1"},"team":{"id":"T1"},"trigger_id":"1.2","container":{"type":"view","view_id":"V1"},
			"view":{"id":"V1","type":"home","app_installed_team_id":"T1"},"actions":[{"type":"button","action_id":%q,"value":%q,"text":{"text":"Ask Again"}}]}`, id, value)
	}
	got := ReadInteraction(home(ActTopic+":salary", "salary senior india"))
	if got.Kind != KindQuestion || got.Question.Topic != chat.TopicSalary || got.Question.Text != "senior india" || got.Place.Channel != "U1" || !got.Place.Direct {
		t.Errorf("an example reads as %+v", got)
	}
	got = ReadInteraction(home(ActHome+":0", "salary negotiation"))
	if got.Kind != KindQuestion || got.Question.Topic != "" || got.Question.Text != "salary negotiation" {
		t.Errorf("an earlier question reads as %+v", got)
	}
	if got := ReadInteraction(home(ActSettings, "settings")); got.Kind != KindSettings || got.Trigger == "" {
		t.Errorf("settings reads as %+v", got)
	}
	if got := ReadInteraction(home(ActReport, "report")); got.Kind != KindReport || got.Days != reportDays || got.Place.Channel != "U1" {
		t.Errorf("report reads as %+v", got)
	}
}

func TestReadShortcuts(t *testing.T) {
	t.Parallel()
	on := func(message string) Request {
		return ReadInteraction([]byte(`{"type":"message_action","callback_id":"careerbot.answer","trigger_id":"1.2","user":{"id":"U1"},"team":{"id":"T1"},
			"channel":{"id":"C1"},"response_url":"https://hooks.slack.com/app/T1/1/x","message":` + message + `}`))
	}
	got := on(`{"type":"message","user":"U7","ts":"30.1","text":"is C&amp;A hiring <@U8|ann>?"}`)
	if got.Kind != KindQuestion || got.Question.Text != "is C&A hiring @ann?" || !got.Place.Ephemeral || got.Place.ShareTo != "30.1" || got.Question.Thread != "C1:30.1" {
		t.Errorf("a message reads as %+v", got)
	}
	got = on(`{"ts":"30.1","blocks":[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"how much?"}]}]}]}`)
	if got.Question.Text != "how much?" {
		t.Errorf("a message with blocks reads as %+v", got)
	}
	if got := on(`{"ts":"30.1","text":""}`); got.Kind != KindSay || got.Say == "" {
		t.Errorf("an empty message reads as %+v", got)
	}
	if got := on(`null`); got.Kind != KindSay {
		t.Errorf("no message reads as %+v", got)
	}
	global := ReadInteraction([]byte(`{"type":"shortcut","callback_id":"careerbot.ask","trigger_id":"1.2","user":{"id":"U1"},"team":{"id":"T1"}}`))
	if global.Kind != KindAskModal || global.Trigger != "1.2" {
		t.Errorf("the global shortcut reads as %+v", global)
	}
}

func submission(callback, private, values, more string) []byte {
	p, _ := json.Marshal(private)
	return fmt.Appendf(nil, `{"type":"view_submission","team":{"id":"T1"},"user":{"id":"U1"},"trigger_id":"1.2","view":{"id":"V1",
		"callback_id":%q,"private_metadata":%s,"state":{"values":%s},"app_installed_team_id":"T1"}%s}`, callback, p, values, more)
}

func TestReadModals(t *testing.T) {
	t.Parallel()
	got := ReadInteraction(submission(CallbackAsk, "", `{"question":{"careerbot.field":{"type":"plain_text_input","value":" how much? "}}}`, ""))
	if got.Kind != KindQuestion || got.Question.Text != "how much?" || got.Place.Channel != "U1" || !got.Place.Direct {
		t.Errorf("a question reads as %+v", got)
	}
	got = ReadInteraction(submission(CallbackAsk, "", `{"question":{"x":{"value":"how much?"}}}`, `,"response_urls":[{"channel_id":"C1","response_url":"https://hooks.slack.com/x"}]`))
	if got.Place.Channel != "C1" || got.Place.Hook == "" || got.Place.Direct || got.Place.Ephemeral || !got.Public {
		t.Errorf("a question for a channel reads as %+v", got)
	}
	carried := `{"p":{"team":"T1","channel":"C1","user":"U1","hook":"https://hooks.slack.com/x","ephemeral":true},"t":"vote:down:x"}`
	got = ReadInteraction(submission(CallbackReason, carried, `{"reason":{"x":{"value":"old figure"}}}`, ""))
	if got.Kind != KindVote || got.Question.Action != "vote:down:x" || got.Question.Text != "old figure" || got.Place.Channel != "C1" || got.Place.Hook == "" {
		t.Errorf("a reason reads as %+v", got)
	}
	for _, p := range [][]byte{
		submission(CallbackReason, carried, `{"reason":{"x":{"value":null}}}`, ""), submission(CallbackReason, "junk", `{}`, ""),
		submission("view-id", "", `{}`, ""), submission(CallbackAsk+"2", "", `{}`, ""),
		[]byte(`{"type":"view_closed","view":{"callback_id":"careerbot.ask"}}`),
	} {
		if got := ReadInteraction(p); got.Kind != KindIgnored && got.Kind != KindUnknown {
			t.Errorf("readInteraction(%s) = %+v", p, got)
		}
	}
}

// TestCommandsOfPacks asks a pack alone by its own command, where there are several.
func TestCommandsOfPacks(t *testing.T) {
	t.Parallel()
	form := url.Values{"command": {"/frontend"}, "text": {"skills"}, "user_id": {"U1"}, "channel_id": {"C1"}, "team_id": {"T1"}, "trigger_id": {"1.2"}}
	packs := []chat.Pack{{Name: "backend", Command: "backend"}, {Name: "frontend", Command: "frontend"}}
	chosen := adapters.Preferences{Packs: []string{"backend"}}
	if got := Settle(ReadCommand(form), chosen, packs).Question.Packs; !reflect.DeepEqual(got, []string{"frontend"}) {
		t.Errorf("/frontend asks %v", got)
	}
	if got := Settle(ReadCommand(form), chosen, packs[1:]).Question.Packs; !reflect.DeepEqual(got, chosen.Packs) {
		t.Errorf("with one pack /frontend asks %v", got)
	}
}

func TestReadSettings(t *testing.T) {
	t.Parallel()
	got := ReadInteraction(submission(CallbackSettings, "", `{"answers":{"f":{"selected_options":[{"value":"private"}]}},
		"quiet":{"f":{"selected_conversations":["C1","C2"]}},"only":{"f":{"selected_conversations":[]}},"packs":{"f":{"selected_options":[{"value":"backend"}]}}}`, ""))
	want := adapters.Preferences{Private: true, NoFeedback: true, Quiet: []string{"C1", "C2"}, Only: []string{}, Packs: []string{"backend"}}
	if got.Kind != KindSave || !reflect.DeepEqual(got.Preferences, want) {
		t.Errorf("got %+v", got)
	}
	none := ReadInteraction(submission(CallbackSettings, "", `{"answers":{"f":{"selected_options":[{"value":"feedback"}]}}}`, ""))
	if !reflect.DeepEqual(none.Preferences, adapters.Preferences{}) {
		t.Errorf("got %+v", none.Preferences)
	}
}
