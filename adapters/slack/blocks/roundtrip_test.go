package blocks

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"careerbot/adapters"
	"careerbot/adapters/slack/payload"
	"careerbot/bot/chat"
)

// What is drawn here is read by the package payload: these tests press what was drawn.

// pressed is the payload of a pressed button of a private answer.
func pressed(t testing.TB, id, value string) []byte {
	t.Helper()
	return payloadOf(t, map[string]any{
		"type": "block_actions", "trigger_id": "1.2.abc", "team": "T1", "user": map[string]any{"id": "U1"}, "channel": "C1",
		"container": map[string]any{"message_ts": "20.1", "is_ephemeral": true},
		"actions":   []any{map[string]any{"action_id": id, "value": value}},
	})
}

// submitted is the payload of a modal that was sent with the JSON values in its inputs.
func submitted(t testing.TB, m slack.ModalViewRequest, values string) []byte {
	t.Helper()
	return payloadOf(t, map[string]any{
		"type": "view_submission", "trigger_id": "1.2", "team": "T1", "user": map[string]any{"id": "U1"},
		"view": map[string]any{
			"id": "V1", "callback_id": m.CallbackID, "private_metadata": m.PrivateMetadata,
			"state": map[string]any{"values": json.RawMessage(values)},
		},
	})
}

func payloadOf(t testing.TB, v any) []byte {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestButtonsGoBackAsTheyCame(t *testing.T) {
	t.Parallel()
	a := entry(t, "salary")
	message := Render(a, Look{Place: toCommand, Question: asTyped}).Hook(toCommand)
	var v any
	if err := json.Unmarshal(pretty(t, message), &v); err != nil {
		t.Fatal(err)
	}
	read := map[payload.Kind]int{}
	buttons(v, func(id, value string) {
		q := payload.ReadInteraction(pressed(t, id, value))
		read[q.Kind]++
		if q.Kind == payload.KindShare && (q.Question.Action != "show:x" || q.Place.Words != toCommand.Words) {
			t.Errorf("share reads as %+v", q)
		}
	})
	if read[payload.KindQuestion] != 3+3 || read[payload.KindShare] != 1 || read[payload.KindVote] != 1 || read[payload.KindVoteDown] != 1 || len(read) != 4 {
		t.Errorf("the buttons read as %v", read)
	}
}

// TestMenuGoesBack picks every option of the menu under an answer about pay.
func TestMenuGoesBack(t *testing.T) {
	t.Parallel()
	a := entry(t, "salary")
	m, _ := menu(a.Facets)
	var want, got []chat.Action
	for _, f := range a.Facets {
		want = append(want, f.Options...)
	}
	for _, g := range m.OptionGroups {
		for _, o := range g.Options {
			q := payload.ReadInteraction(payloadOf(t, map[string]any{
				"type": "block_actions", "trigger_id": "1.2", "team": "T1", "user": map[string]any{"id": "U1"}, "channel": "C1",
				"actions": []any{map[string]any{"type": "static_select", "action_id": m.ActionID, "selected_option": o}},
			}))
			if q.Kind != payload.KindQuestion || !q.Place.Repeat {
				t.Errorf("%s reads as %+v", o.Value, q)
			}
			got = append(got, chat.Action{Label: q.Place.Words, Token: q.Question.Action})
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("the menu asks %v, want %v", got, want)
	}
}

// TestMenuOfOneKind has no groups, and one of nothing is none.
func TestMenuOfOneKind(t *testing.T) {
	t.Parallel()
	level := chat.Facet{Name: "Level", Options: []chat.Action{{Label: "Senior", Token: "ask:senior"}}}
	m, _ := menu([]chat.Facet{{Name: "Region"}, level, {Name: "Tool", Options: []chat.Action{{Label: "Too long", Token: strings.Repeat("x", chat.MaxToken+1)}}}})
	if m == nil || m.OptionGroups != nil || len(m.Options) != 1 || m.Placeholder.Text != "Another level" {
		t.Errorf("the menu is %+v", m)
	}
	if m, _ := menu(nil); m != nil {
		t.Errorf("a menu of nothing is %+v", m)
	}
}

// TestShareWithoutAgain: where the answer is not kept, the question is asked again; one that a button has no room for is
// not offered.
func TestShareWithoutAgain(t *testing.T) {
	t.Parallel()
	a := entry(t, "salary")
	a.About.Again = ""
	share := func(q chat.Question) (got []payload.Request) {
		var v any
		if err := json.Unmarshal(pretty(t, Render(a, Look{Place: toCommand, Question: q})), &v); err != nil {
			t.Fatal(err)
		}
		buttons(v, func(id, value string) {
			if id == payload.ActShare {
				got = append(got, payload.ReadInteraction(pressed(t, id, value)))
			}
		})
		return got
	}
	got := share(asTyped)
	if len(got) != 1 || got[0].Question.Topic != asTyped.Topic || got[0].Question.Text != asTyped.Text || got[0].Place.Words != toCommand.Words {
		t.Errorf("share reads as %+v", got)
	}
	if got := share(chat.Question{Text: strings.Repeat("long ", 500)}); got != nil {
		t.Errorf("share of a long question reads as %+v", got)
	}
}

// buttons gives every button of a message.
func buttons(v any, do func(id, value string)) {
	switch v := v.(type) {
	case map[string]any:
		id, _ := v["action_id"].(string)
		if value, ok := v["value"].(string); ok && id != "" {
			do(id, value)
		}
		for _, k := range []string{"positive_button", "negative_button"} {
			if b, ok := v[k].(map[string]any); ok {
				do(id, b["value"].(string))
			}
		}
		for _, e := range v {
			buttons(e, do)
		}
	case []any:
		for _, e := range v {
			buttons(e, do)
		}
	}
}

// TestReasonOfAVote asks what was wrong with an answer, and takes what was typed.
func TestReasonOfAVote(t *testing.T) {
	t.Parallel()
	m := RenderReason(payload.Place{Team: "T1", Channel: "C1", User: "U1", Hook: "https://hooks.slack.com/x", Ephemeral: true, Words: "x"}, "vote:down:x")
	got := payload.ReadInteraction(submitted(t, m, `{"reason":{"x":{"value":"old figure"}}}`))
	if got.Kind != payload.KindVote || got.Question.Action != "vote:down:x" || got.Question.Text != "old figure" || got.Place.Channel != "C1" || got.Place.Hook == "" {
		t.Errorf("a reason reads as %+v", got)
	}
}

// TestSettingsOfChannel chooses packs for the channel that the window was opened in, and takes the choice back.
func TestSettingsOfChannel(t *testing.T) {
	t.Parallel()
	m := RenderSettings(payload.Place{Channel: "C1"}, adapters.Preferences{}, packsOf([]string{"backend", "frontend"}))
	got := payload.ReadInteraction(submitted(t, m, `{"here":{"f":{"selected_options":[{"value":"frontend"}]}}}`))
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

func packsOf(names []string) []chat.Pack {
	var out []chat.Pack
	for _, n := range names {
		out = append(out, chat.Pack{Name: n, Command: n, Subject: n + " careers"})
	}
	return out
}
