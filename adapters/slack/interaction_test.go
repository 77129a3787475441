package slack

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
		kind      kind
		action    string
		place     place // the part that differs
	}{
		{actAsk + ":0", "ask:pay in us", false, kindQuestion, "ask:pay in us", place{Repeat: true}},
		{actAsk + ":1", "ask:pay in us", true, kindQuestion, "ask:pay in us", place{Repeat: true, Ephemeral: true, Sharable: true}},
		{actMore, "more:1:x", false, kindQuestion, "more:1:x", place{Paged: true}},
		{actPage, "more:2:x", true, kindQuestion, "more:2:x", place{Paged: true, Replace: true, Ephemeral: true}},
		{actWhy, "why:x", false, kindQuestion, "why:x", place{Ephemeral: true}},
		{actSources, "from:x", false, kindQuestion, "from:x", place{Ephemeral: true}},
		{actVote, "+vote:up:x", false, kindVote, "vote:up:x", place{Ephemeral: true}},
		{actVote, "-vote:down:x", false, kindVoteDown, "vote:down:x", place{Ephemeral: true}},
		{actUp, "vote:up:x", false, kindVote, "vote:up:x", place{Ephemeral: true}},
		{actDown, "vote:down:x", false, kindVoteDown, "vote:down:x", place{Ephemeral: true}},
		{actPrefix + "gone", "x", false, kindSay, "x", place{Ephemeral: true}},
	}
	for _, tt := range tests {
		got := readInteraction(press(tt.id, tt.value, tt.ephemeral))
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
		press("a", "click_me_123", true), press(actField, "x", true), press(actAsk, "", true), press(actShare, "x", true),
		press(actAsk, string(make([]byte, 200)), true), press(actShare, "{}", true), []byte(`{"type":"block_actions","actions":[]}`),
		[]byte(`{"type":"block_actions","actions":[{"action_id":"careerbot.ask","value":"x"}]}`),
		[]byte(`{"type":"block_suggestion"}`), []byte(`{}`), []byte(`[]`), nil,
	} {
		if got := readInteraction(p); got.Kind != kindIgnored && got.Kind != kindUnknown || got.Why == "" {
			t.Errorf("readInteraction(%s) = %+v", p, got)
		}
	}
}

func TestReadShare(t *testing.T) {
	t.Parallel()
	value := shared{Topic: chat.TopicSalary, Text: "senior india", Words: "salary senior india", Thread: "9.1"}.value()
	got := readInteraction(press(actShare, value, true))
	if got.Kind != kindShare || got.Question.Topic != chat.TopicSalary || got.Question.Text != "senior india" || got.Question.Private {
		t.Errorf("share reads as %+v", got)
	}
	if p := got.Place; p.Ephemeral || !p.Delete || !p.Repeat || p.Thread != "9.1" || p.Words != "salary senior india" || got.Question.Thread != "C1:9.1" {
		t.Errorf("share goes to %+v", p)
	}
}

func TestReadChoiceOfAMenu(t *testing.T) {
	t.Parallel()
	got := readInteraction([]byte(`{"type":"block_actions","user":{"id":"U1"},"team":{"id":"T1"},"trigger_id":"1.2","channel":{"id":"C1"},
		"actions":[{"type":"overflow","action_id":"careerbot.ask:menu","selected_option":{"text":{"text":"In the US"},"value":"ask:us"}}]}`))
	if got.Kind != kindQuestion || got.Question.Action != "ask:us" || got.Place.Words != "In the US" {
		t.Errorf("%+v", got)
	}
}

func TestReadHomeButtons(t *testing.T) {
	t.Parallel()
	home := func(id, value string) []byte {
		return fmt.Appendf(nil, `{"type":"block_actions","user":{"id":"U1"},"team":{"id":"T1"},"trigger_id":"1.2","container":{"type":"view","view_id":"V1"},
			"view":{"id":"V1","type":"home","app_installed_team_id":"T1"},"actions":[{"type":"button","action_id":%q,"value":%q,"text":{"text":"Ask Again"}}]}`, id, value)
	}
	got := readInteraction(home(actTopic+":salary", "salary senior india"))
	if got.Kind != kindQuestion || got.Question.Topic != chat.TopicSalary || got.Question.Text != "senior india" || got.Place.Channel != "U1" || !got.Place.Direct {
		t.Errorf("an example reads as %+v", got)
	}
	got = readInteraction(home(actHome+":0", "salary negotiation"))
	if got.Kind != kindQuestion || got.Question.Topic != "" || got.Question.Text != "salary negotiation" {
		t.Errorf("an earlier question reads as %+v", got)
	}
	if got := readInteraction(home(actSettings, "settings")); got.Kind != kindSettings || got.Trigger == "" {
		t.Errorf("settings reads as %+v", got)
	}
	if got := readInteraction(home(actReport, "report")); got.Kind != kindReport || got.Days != reportDays || got.Place.Channel != "U1" {
		t.Errorf("report reads as %+v", got)
	}
}

func TestReadShortcuts(t *testing.T) {
	t.Parallel()
	on := func(message string) asked {
		return readInteraction([]byte(`{"type":"message_action","callback_id":"careerbot.answer","trigger_id":"1.2","user":{"id":"U1"},"team":{"id":"T1"},
			"channel":{"id":"C1"},"response_url":"https://hooks.slack.com/app/T1/1/x","message":` + message + `}`))
	}
	got := on(`{"type":"message","user":"U7","ts":"30.1","text":"is C&amp;A hiring <@U8|ann>?"}`)
	if got.Kind != kindQuestion || got.Question.Text != "is C&A hiring @ann?" || !got.Place.Ephemeral || got.Place.ShareTo != "30.1" || got.Question.Thread != "C1:30.1" {
		t.Errorf("a message reads as %+v", got)
	}
	got = on(`{"ts":"30.1","blocks":[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"how much?"}]}]}]}`)
	if got.Question.Text != "how much?" {
		t.Errorf("a message with blocks reads as %+v", got)
	}
	if got := on(`{"ts":"30.1","text":""}`); got.Kind != kindSay || got.Say == "" {
		t.Errorf("an empty message reads as %+v", got)
	}
	if got := on(`null`); got.Kind != kindSay {
		t.Errorf("no message reads as %+v", got)
	}
	global := readInteraction([]byte(`{"type":"shortcut","callback_id":"careerbot.ask","trigger_id":"1.2","user":{"id":"U1"},"team":{"id":"T1"}}`))
	if global.Kind != kindAskModal || global.Trigger != "1.2" {
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
	got := readInteraction(submission(backAsk, "", `{"question":{"careerbot.field":{"type":"plain_text_input","value":" how much? "}}}`, ""))
	if got.Kind != kindQuestion || got.Question.Text != "how much?" || got.Place.Channel != "U1" || !got.Place.Direct {
		t.Errorf("a question reads as %+v", got)
	}
	got = readInteraction(submission(backAsk, "", `{"question":{"x":{"value":"how much?"}}}`, `,"response_urls":[{"channel_id":"C1","response_url":"https://hooks.slack.com/x"}]`))
	if got.Place.Channel != "C1" || got.Place.Hook == "" || got.Place.Direct || got.Place.Ephemeral || !got.Public {
		t.Errorf("a question for a channel reads as %+v", got)
	}
	m := renderReason(place{Team: "T1", Channel: "C1", User: "U1", Hook: "https://hooks.slack.com/x", Ephemeral: true, Words: "x"}, "vote:down:x")
	got = readInteraction(submission(backReason, m.PrivateMetadata, `{"reason":{"x":{"value":"old figure"}}}`, ""))
	if got.Kind != kindVote || got.Question.Action != "vote:down:x" || got.Question.Text != "old figure" || got.Place.Channel != "C1" || got.Place.Hook == "" {
		t.Errorf("a reason reads as %+v", got)
	}
	for _, p := range [][]byte{
		submission(backReason, m.PrivateMetadata, `{"reason":{"x":{"value":null}}}`, ""), submission(backReason, "junk", `{}`, ""),
		submission("view-id", "", `{}`, ""), submission(backAsk+"2", "", `{}`, ""),
		[]byte(`{"type":"view_closed","view":{"callback_id":"careerbot.ask"}}`),
	} {
		if got := readInteraction(p); got.Kind != kindIgnored && got.Kind != kindUnknown {
			t.Errorf("readInteraction(%s) = %+v", p, got)
		}
	}
}

// TestSettingsOfChannel chooses packs for the channel that the window was opened in, and takes the choice back.
func TestSettingsOfChannel(t *testing.T) {
	t.Parallel()
	m := renderSettings(place{Channel: "C1"}, adapters.Preferences{}, packsOf([]string{"backend", "frontend"}))
	got := readInteraction(submission(backSettings, m.PrivateMetadata, `{"here":{"f":{"selected_options":[{"value":"frontend"}]}}}`, ""))
	if got.Place.Channel != "C1" || !reflect.DeepEqual(got.HerePacks, []string{"frontend"}) {
		t.Errorf("got %+v", got)
	}
	p := adapters.Preferences{Packs: []string{"backend"}}.InChannel("C1", got.HerePacks)
	if here, there := p.PacksIn("C1"), p.PacksIn("C2"); here[0] != "frontend" || there[0] != "backend" {
		t.Errorf("%v answer there, %v elsewhere", here, there)
	}
	if p = p.InChannel("C1", nil); p.PacksIn("C1")[0] != "backend" {
		t.Errorf("taken back, %v answer", p.PacksIn("C1"))
	}
}

// TestCommandsOfPacks asks a pack alone by its own command, where there are several.
func TestCommandsOfPacks(t *testing.T) {
	t.Parallel()
	form := url.Values{"command": {"/frontend"}, "text": {"skills"}, "user_id": {"U1"}, "channel_id": {"C1"}, "team_id": {"T1"}, "trigger_id": {"1.2"}}
	packs := packsOf([]string{"backend", "frontend"})
	chosen := adapters.Preferences{Packs: []string{"backend"}}
	if got := settle(readCommand(form), chosen, packs).Question.Packs; !reflect.DeepEqual(got, []string{"frontend"}) {
		t.Errorf("/frontend asks %v", got)
	}
	if got := settle(readCommand(form), chosen, packs[1:]).Question.Packs; !reflect.DeepEqual(got, chosen.Packs) {
		t.Errorf("with one pack /frontend asks %v", got)
	}
}

func packsOf(names []string) []chat.Pack {
	var out []chat.Pack
	for _, n := range names {
		out = append(out, chat.Pack{Name: n, Command: n, Subject: n + " careers"})
	}
	return out
}

func TestReadSettings(t *testing.T) {
	t.Parallel()
	got := readInteraction(submission(backSettings, "", `{"answers":{"f":{"selected_options":[{"value":"private"}]}},
		"quiet":{"f":{"selected_conversations":["C1","C2"]}},"only":{"f":{"selected_conversations":[]}},"packs":{"f":{"selected_options":[{"value":"backend"}]}}}`, ""))
	want := adapters.Preferences{Private: true, NoFeedback: true, Quiet: []string{"C1", "C2"}, Only: []string{}, Packs: []string{"backend"}}
	if got.Kind != kindSave || !reflect.DeepEqual(got.Preferences, want) {
		t.Errorf("got %+v", got)
	}
	none := readInteraction(submission(backSettings, "", `{"answers":{"f":{"selected_options":[{"value":"feedback"}]}}}`, ""))
	if !reflect.DeepEqual(none.Preferences, adapters.Preferences{}) {
		t.Errorf("got %+v", none.Preferences)
	}
}
