package slack

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"careerbot/bot/chat/chattest"
)

// payloads is where payloads as Slack sends them lie beside the repository; they are no part of it.
const payloads = "../../../shared/platforms/slack"

// lines reads a JSONL file of payloads, or skips the test.
func lines(t testing.TB, name string) [][]byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(payloads, name))
	if err != nil {
		t.Skipf("the payloads of Slack's own libraries are not here: %v", err)
	}
	var out [][]byte
	s := bufio.NewScanner(bytes.NewReader(data))
	s.Buffer(nil, 1<<22)
	for s.Scan() {
		out = append(out, bytes.Clone(s.Bytes()))
	}
	return out
}

// summary says what a payload was read as, on one line.
func summary(q asked) string {
	s := fmt.Sprintf("%s key=%s", q.Kind, q.Key)
	if q.Why != "" {
		s += " why=" + q.Why
	}
	if q.Kind == kindQuestion || q.Kind == kindSay {
		s += fmt.Sprintf(" topic=%q text=%q thread=%s", q.Question.Topic, q.Question.Text, q.Question.Thread)
	}
	p := q.Place
	return s + fmt.Sprintf(" team=%s/%s org=%v at=%s/%s user=%s", p.Team, p.Enterprise, p.Org, p.Channel, p.Thread, p.User)
}

// TestPayloads reads payloads from the tests of Slack's own libraries: testdata/payloads.golden says as what.
func TestPayloads(t *testing.T) {
	t.Parallel()
	var got bytes.Buffer
	for _, l := range lines(t, "payloads.jsonl") {
		var p struct {
			Origin, Kind string
			Payload      json.RawMessage
		}
		if err := json.Unmarshal(l, &p); err != nil {
			t.Fatal(err)
		}
		q := readInteraction(p.Payload)
		if p.Kind == "event" {
			q = readEvent(p.Payload, reading{})
		}
		fmt.Fprintf(&got, "%s\n  %s\n", p.Origin, summary(q))
		sound(t, q)
	}
	chattest.Golden(t, "testdata/payloads.golden", got.Bytes())
}

func TestEnvelopes(t *testing.T) {
	t.Parallel()
	var got bytes.Buffer
	for _, l := range lines(t, "envelopes.jsonl") {
		var e struct {
			Type    string
			Payload json.RawMessage
		}
		if err := json.Unmarshal(l, &e); err != nil {
			t.Fatal(err)
		}
		var q asked
		switch e.Type {
		case "slash_commands":
			q = readCommandJSON(e.Payload)
		case "events_api":
			q = readEvent(e.Payload, reading{})
		case "interactive":
			q = readInteraction(e.Payload)
		default:
			continue
		}
		fmt.Fprintf(&got, "%s\n  %s\n", e.Type, summary(q))
		sound(t, q)
	}
	chattest.Golden(t, "testdata/envelopes.golden", got.Bytes())
}

// FuzzQuestion: whatever comes, every reader says what it is, and what is to be answered can be.
func FuzzQuestion(f *testing.F) {
	for _, p := range [][]byte{
		messageEvent("app_mention", `"<@UBOT> hi"`, ""), messageEvent("message", `"hi"`, `"channel_type":"im"`), press(actAsk, "ask:x", true),
		press(actShare, `{"q":"x"}`, true), submission(backAsk, "", `{"question":{"f":{"value":"x"}}}`, ""), submission(backReason, "{}", `{}`, ""),
		[]byte(form("skills -p").Encode()), []byte(`{"user_id":"U","channel_id":"C","text":"report 7"}`), []byte(`{"type":"message_action","callback_id":"careerbot.answer"}`),
		[]byte(`{"type":"block_actions","actions":[{"block_id":null}],"user":"U","channel":[1]}`), []byte(`{"event":[],"authorizations":{}}`),
	} {
		f.Add(p, "UBOT", true)
	}
	f.Fuzz(func(t *testing.T, payload []byte, self string, follow bool) {
		sound(t, readEvent(payload, reading{Self: self, Follow: follow}))
		sound(t, readInteraction(payload))
		sound(t, readCommandJSON(payload))
		if form, err := url.ParseQuery(string(payload)); err == nil {
			sound(t, readCommand(form))
		}
	})
}

// sound holds for what a reader may give.
func sound(t testing.TB, q asked) {
	t.Helper()
	switch q.Kind {
	case kindIgnored, kindUnknown:
		if q.Why == "" {
			t.Errorf("nobody knows why: %+v", q)
		}
		return
	case kindQuestion, kindFollow, kindVote, kindVoteDown, kindShare, kindSay, kindReport:
		if q.Place.User == "" || q.Place.Channel == "" && q.Place.Hook == "" {
			t.Errorf("nobody to answer, or nowhere: %+v", q)
		}
		if q.Question.ID != q.Key && q.Kind != kindReport || q.Question.Private != q.Place.Ephemeral && q.Kind != kindReport {
			t.Errorf("the question does not match the event: %+v", q)
		}
		if q.Kind == kindSay && q.Say == "" {
			t.Errorf("nothing to say: %+v", q)
		}
	case kindHome, kindPrompts, kindAskModal, kindSettings, kindSave, kindUninstalled, kindRevoked:
	default:
		t.Errorf("kind %q is unknown", q.Kind)
	}
	if len(q.Key) > maxKey || q.Key == "" && q.Kind != kindSettings && q.Kind != kindSave {
		t.Errorf("key %q of %+v", q.Key, q)
	}
}
