package payload

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
const payloads = "../../../../shared/platforms/slack"

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
func summary(q Request) string {
	s := fmt.Sprintf("%s key=%s", q.Kind, q.Key)
	if q.Why != "" {
		s += " why=" + q.Why
	}
	if q.Kind == KindQuestion || q.Kind == KindSay {
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
		q := ReadInteraction(p.Payload)
		if p.Kind == "event" {
			q = ReadEvent(p.Payload, Options{})
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
		var q Request
		switch e.Type {
		case "slash_commands":
			q = ReadCommandJSON(e.Payload)
		case "events_api":
			q = ReadEvent(e.Payload, Options{})
		case "interactive":
			q = ReadInteraction(e.Payload)
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
		messageEvent("app_mention", `"<@UBOT> hi"`, ""), messageEvent("message", `"hi"`, `"channel_type":"im"`), press(ActAsk, "ask:x", true),
		press(ActShare, `{"q":"x"}`, true), submission(CallbackAsk, "", `{"question":{"f":{"value":"x"}}}`, ""), submission(CallbackReason, "{}", `{}`, ""),
		[]byte(form("skills -p").Encode()), []byte(`{"user_id":"U","channel_id":"C","text":"report 7"}`), []byte(`{"type":"message_action","callback_id":"careerbot.answer"}`),
		[]byte(`{"type":"block_actions","actions":[{"block_id":null}],"user":"U","channel":[1]}`), []byte(`{"event":[],"authorizations":{}}`),
	} {
		f.Add(p, "UBOT", true)
	}
	f.Fuzz(func(t *testing.T, payload []byte, self string, follow bool) {
		sound(t, ReadEvent(payload, Options{Self: self, Follow: follow}))
		sound(t, ReadInteraction(payload))
		sound(t, ReadCommandJSON(payload))
		if form, err := url.ParseQuery(string(payload)); err == nil {
			sound(t, ReadCommand(form))
		}
	})
}

// sound holds for what a reader may give.
func sound(t testing.TB, q Request) {
	t.Helper()
	switch q.Kind {
	case KindIgnored, KindUnknown:
		if q.Why == "" {
			t.Errorf("nobody knows why: %+v", q)
		}
		return
	case KindQuestion, KindFollow, KindVote, KindVoteDown, KindShare, KindSay, KindReport:
		if q.Place.User == "" || q.Place.Channel == "" && q.Place.Hook == "" {
			t.Errorf("nobody to answer, or nowhere: %+v", q)
		}
		if q.Question.ID != q.Key && q.Kind != KindReport || q.Question.Private != q.Place.Ephemeral && q.Kind != KindReport {
			t.Errorf("the question does not match the event: %+v", q)
		}
		if q.Kind == KindSay && q.Say == "" {
			t.Errorf("nothing to say: %+v", q)
		}
	case KindHome, KindPrompts, KindAskModal, KindSettings, KindSave, KindUninstalled, KindRevoked:
	default:
		t.Errorf("kind %q is unknown", q.Kind)
	}
	if len(q.Key) > maxKey || q.Key == "" && q.Kind != KindSettings && q.Kind != KindSave {
		t.Errorf("key %q of %+v", q.Key, q)
	}
}
