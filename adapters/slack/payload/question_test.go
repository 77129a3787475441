package payload

import (
	"encoding/json"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"careerbot/adapters"
	"careerbot/bot/chat"
)

func form(text string) url.Values {
	return url.Values{
		"token": {"old"}, "team_id": {"T1"}, "channel_id": {"C1"}, "channel_name": {"study"}, "user_id": {"U1"},
		"command": {"/backend"}, "text": {text}, "response_url": {"https://hooks.slack.com/commands/T1/1/x"},
		"trigger_id": {"1.2.abc"}, "api_app_id": {"A1"},
	}
}

func TestReadCommand(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text  string
		topic chat.Topic
		want  string
		all   bool // everybody sees the answer
	}{
		{"salary senior india", chat.TopicSalary, "senior india", false},
		{"Salary   senior india", chat.TopicSalary, "senior india", false},
		{"--public salary senior india", chat.TopicSalary, "senior india", true},
		{"salary senior india -p", chat.TopicSalary, "senior india", true},
		{"salary senior —public", chat.TopicSalary, "senior", true},
		{"skills", chat.TopicSkills, "", false},
		{"ask do I need a degree?", "", "do I need a degree?", false},
		{"ask", chat.TopicHelp, "", false},
		{"", chat.TopicHelp, "", false},
		{"-p", chat.TopicHelp, "", true},
		{"do I need a degree?", "", "do I need a degree?", false},
		{"C++ &amp; 100% &lt;b&gt;", "", "C++ & 100% <b>", false},
		{"is &amp;lt; an entity", "", "is &lt; an entity", false},
		{"what is <https://example.com|REST> in <#C2|general> <@U2|ann> <!here>", "", "what is REST in #general @ann", false},
		{"a <b and c> d < e", "", "a <b and c> d < e", false},
		{"reports are boring", "", "reports are boring", false},
		{"report card", "", "report card", false},
		{"settings of nginx", "", "settings of nginx", false},
	}
	for _, tt := range tests {
		got := ReadCommand(form(tt.text))
		want := Request{
			Kind: KindQuestion, Key: "c:1.2.abc", Trigger: "1.2.abc", Word: "backend", Public: tt.all,
			Question: chat.Question{
				ID: "c:1.2.abc", Platform: "slack", Thread: "C1", Server: "T1", User: "U1",
				Topic: tt.topic, Text: tt.want, Private: !tt.all,
			},
			Place: Place{
				Team: "T1", Channel: "C1", User: "U1", Hook: "https://hooks.slack.com/commands/T1/1/x",
				Ephemeral: !tt.all, Sharable: !tt.all, Repeat: tt.all, Words: got.Place.Words,
			},
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("readCommand(%q)\n got %+v\nwant %+v", tt.text, got, want)
		}
		payload := map[string]string{}
		for k := range form(tt.text) {
			payload[k] = form(tt.text).Get(k)
		}
		raw, err := json.Marshal(payload)
		if err != nil {
			t.Fatal(err)
		}
		if sock := ReadCommandJSON(raw); !reflect.DeepEqual(got, sock) {
			t.Errorf("over Socket Mode %q reads\n%+v, over HTTP\n%+v", tt.text, sock, got)
		}
	}
}

func TestReadCommandOfOperators(t *testing.T) {
	t.Parallel()
	for text, days := range map[string]int{"report": 30, "report 7": 7, "Report 90 days": 90, "report 1 day": 1} {
		if got := ReadCommand(form(text)); got.Kind != KindReport || got.Days != days || !got.Place.Ephemeral {
			t.Errorf("readCommand(%q) = %+v", text, got)
		}
	}
	if got := ReadCommand(form("settings")); got.Kind != KindSettings || got.Trigger == "" {
		t.Errorf("settings reads as %+v", got)
	}
	for _, text := range []string{"report 0", "report 99999999999999999999", "report -3"} {
		if got := ReadCommand(form(text)); got.Kind != KindQuestion {
			t.Errorf("readCommand(%q) = %+v", text, got)
		}
	}
}

func TestReadCommandWithoutAPlace(t *testing.T) {
	t.Parallel()
	if got := ReadCommand(url.Values{}); got.Kind != KindUnknown || got.Why == "" {
		t.Errorf("an empty form reads as %+v", got)
	}
	if got := ReadCommandJSON([]byte(`[]`)); got.Kind != KindUnknown {
		t.Errorf("a list reads as %+v", got)
	}
	f := form("x")
	f.Del("trigger_id")
	g := form("x")
	g.Del("trigger_id")
	g.Set("response_url", "https://hooks.slack.com/other")
	if a, b := ReadCommand(f), ReadCommand(g); a.Key == b.Key || len(a.Key) > maxKey || a.Key == "" {
		t.Errorf("two commands without a trigger have the keys %q and %q", a.Key, b.Key)
	}
	f.Set("trigger_id", strings.Repeat("1", 300))
	if k := ReadCommand(f).Key; len(k) > maxKey {
		t.Errorf("key %q is too long", k)
	}
}

func TestSettle(t *testing.T) {
	t.Parallel()
	command, mention := ReadCommand(form("skills")), ReadEvent(messageEvent("app_mention", `"<@UBOT> skills"`, ""), Options{})
	public, direct := ReadCommand(form("skills -p")), ReadEvent(messageEvent("message", `"skills"`, `"channel_type":"im"`), Options{})
	private, quiet := adapters.Preferences{Private: true, NoFeedback: true}, adapters.Preferences{Quiet: []string{"C1"}, Packs: []string{"a"}}
	tests := []struct {
		name      string
		q         Request
		p         adapters.Preferences
		ephemeral bool
		sharable  bool
	}{
		{"command", command, adapters.Preferences{}, true, true},
		{"mention", mention, adapters.Preferences{}, false, false},
		{"mention, private", mention, private, true, true},
		{"mention, quiet", mention, quiet, true, false},
		{"public command, private", public, private, false, false},
		{"public command, quiet", public, quiet, true, false},
		{"command, quiet", command, quiet, true, false},
		{"why, private", ReadInteraction(press(ActWhy, "why:x", false)), private, true, false},
		{"follow-up by a press, private", ReadInteraction(press(ActAsk, "ask:x", false)), private, true, true},
		{"direct, private", direct, private, false, false},
	}
	for _, tt := range tests {
		got := Settle(tt.q, tt.p, nil)
		if got.Place.Ephemeral != tt.ephemeral || got.Question.Private != tt.ephemeral || got.Place.Sharable != tt.sharable {
			t.Errorf("%s: %+v", tt.name, got.Place)
		}
		if got.Place.Feedback == tt.p.NoFeedback || !reflect.DeepEqual(got.Question.Packs, tt.p.Packs) {
			t.Errorf("%s: feedback %v, packs %v", tt.name, got.Place.Feedback, got.Question.Packs)
		}
	}
	share := ReadInteraction(press(ActShare, `{"t":"skills"}`, true))
	if got := Settle(share, adapters.Preferences{}, nil); got.Kind != KindShare || got.Place.Ephemeral {
		t.Errorf("share reads as %+v", got)
	}
	if got := Settle(share, quiet, nil); got.Kind != KindSay || !got.Place.Ephemeral || got.Say == "" {
		t.Errorf("share in a quiet channel reads as %+v", got)
	}
}

func BenchmarkReadCommand(b *testing.B) {
	f := form("salary senior india")
	b.ReportAllocs()
	for b.Loop() {
		if q := ReadCommand(f); q.Kind != KindQuestion {
			b.Fatal(q)
		}
	}
}
