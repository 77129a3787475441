package payload

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"careerbot/bot/chat"
)

// messageEvent is an event of the type kind; text is JSON, more is further fields of the event.
func messageEvent(kind, text, more string) []byte {
	if more != "" {
		more = "," + more
	}
	channel := "C1"
	if strings.Contains(more, `"im"`) {
		channel = "D1"
	}
	return fmt.Appendf(nil, `{"type":"event_callback","team_id":"T1","event_id":"Ev1","event":{"type":%q,"text":%s,"user":"U1",
		"ts":"10.1","channel":%q,"event_ts":"10.1","team":"TX"%s},"authorizations":[{"team_id":"T1","user_id":"UBOT","is_bot":true}]}`,
		kind, text, channel, more)
}

func TestReadMessages(t *testing.T) {
	t.Parallel()
	follow := Options{Follow: true}
	tests := []struct {
		name    string
		payload []byte
		r       Options
		kind    Kind
		text    string
		thread  string // of the place
	}{
		{"mention", messageEvent("app_mention", `"<@UBOT> how much?"`, ""), Options{}, KindQuestion, "how much?", "10.1"},
		{"mention with a comma", messageEvent("app_mention", `"<@UBOT>: how much?"`, ""), Options{}, KindQuestion, "how much?", "10.1"},
		{"mention in the middle", messageEvent("app_mention", `"hey <@UBOT>, how much?"`, ""), Options{}, KindQuestion, "hey , how much?", "10.1"},
		{"mention in a thread", messageEvent("app_mention", `"<@UBOT> and in the US?"`, `"thread_ts":"9.1"`), Options{}, KindQuestion, "and in the US?", "9.1"},
		{"mention of others too", messageEvent("app_mention", `"<@UBOT> does <@U7|bob> know C&lt;T&gt;?"`, ""), Options{}, KindQuestion, "does @bob know C<T>?", "10.1"},
		{"mention by a bot", messageEvent("app_mention", `"<@UBOT> hi"`, `"bot_id":"B1"`), Options{}, KindIgnored, "", ""},
		{"its twin", messageEvent("message", `"<@UBOT> how much?"`, `"channel_type":"channel"`), Options{}, KindQuestion, "how much?", "10.1"},
		{"direct", messageEvent("message", `"how much?"`, `"channel_type":"im"`), Options{}, KindQuestion, "how much?", "10.1"},
		{"direct with a file", messageEvent("message", `"look: how much?"`, `"channel_type":"im","subtype":"file_share"`), Options{}, KindQuestion, "look: how much?", "10.1"},
		{"file alone", messageEvent("message", `""`, `"channel_type":"im","subtype":"file_share"`), Options{}, KindSay, "", "10.1"},
		{"broadcast", messageEvent("message", `"how much?"`, `"channel_type":"im","subtype":"thread_broadcast","thread_ts":"9.1"`), Options{}, KindQuestion, "how much?", "9.1"},
		{"of another", messageEvent("message", `"how much?"`, `"channel_type":"channel"`), Options{}, KindIgnored, "", ""},
		{"of a group", messageEvent("message", `"how much?"`, `"channel_type":"mpim"`), Options{}, KindIgnored, "", ""},
		{"follow-up not wanted", messageEvent("message", `"and in the US?"`, `"channel_type":"channel","thread_ts":"9.1"`), Options{}, KindIgnored, "", ""},
		{"follow-up", messageEvent("message", `"and in the US?"`, `"channel_type":"channel","thread_ts":"9.1"`), follow, KindFollow, "and in the US?", "9.1"},
		{"follow-up for another", messageEvent("message", `"<@U7> and in the US?"`, `"channel_type":"channel","thread_ts":"9.1"`), follow, KindIgnored, "", ""},
		{"head of a thread", messageEvent("message", `"hi all"`, `"channel_type":"channel","thread_ts":"10.1"`), follow, KindIgnored, "", ""},
		{"own", messageEvent("message", `"Seniors: …"`, `"channel_type":"im"`), Options{Self: "U1"}, KindIgnored, "", ""},
		{"response_url", messageEvent("message", `"Seniors: …"`, `"channel_type":"im","subtype":"bot_message","user":""`), Options{}, KindIgnored, "", ""},
		{"changed", messageEvent("message", `""`, `"channel_type":"im","subtype":"message_changed","hidden":true`), Options{}, KindIgnored, "", ""},
		{"joined", messageEvent("message", `"joined"`, `"channel_type":"im","subtype":"channel_join"`), Options{}, KindIgnored, "", ""},
		{"Slackbot", messageEvent("message", `"hi"`, `"channel_type":"im","user":"USLACKBOT"`), Options{}, KindIgnored, "", ""},
		{"without a time", messageEvent("message", `"hi"`, `"channel_type":"im","ts":null`), Options{}, KindQuestion, "hi", "10.1"},
		{"text of the wrong type", messageEvent("app_mention", `5`, ""), Options{}, KindQuestion, "", "10.1"},
	}
	for _, tt := range tests {
		got := ReadEvent(tt.payload, tt.r)
		if got.Kind != tt.kind || got.Question.Text != tt.text || tt.thread != "" && got.Place.Thread != tt.thread {
			t.Errorf("%s: %+v", tt.name, got)
		}
		if tt.kind == KindIgnored {
			if got.Why == "" {
				t.Errorf("%s: ignored, nobody knows why", tt.name)
			}
			continue
		}
		if got.Key != "m:T1:"+got.Place.Channel+":10.1" || got.Question.ID != got.Key || got.Question.Server != "T1" || got.Question.User != "U1" {
			t.Errorf("%s: key or ids of %+v", tt.name, got)
		}
	}
}

func TestTwinsShareTheirKey(t *testing.T) {
	t.Parallel()
	a := ReadEvent(messageEvent("app_mention", `"<@UBOT> hi"`, ""), Options{})
	b := ReadEvent(messageEvent("message", `"<@UBOT> hi"`, `"channel_type":"channel"`), Options{})
	if a.Key != b.Key || !reflect.DeepEqual(a.Question, b.Question) {
		t.Errorf("twins read as\n%+v\n%+v", a, b)
	}
}

func TestEmptyMentionAsksForHelp(t *testing.T) {
	t.Parallel()
	if got := ReadEvent(messageEvent("app_mention", `"<@UBOT>"`, ""), Options{}); got.Question.Topic != chat.TopicHelp {
		t.Errorf("%+v", got)
	}
}

func TestReadOtherEvents(t *testing.T) {
	t.Parallel()
	inner := func(event string) []byte {
		return []byte(`{"type":"event_callback","team_id":"T1","enterprise_id":"E1","event_id":"Ev1","event":` + event + `}`)
	}
	tests := []struct {
		payload []byte
		kind    Kind
	}{
		{inner(`{"type":"app_home_opened","tab":"home","user":"U1","channel":"D1","event_ts":"1.2"}`), KindHome},
		{inner(`{"type":"app_home_opened","tab":"messages","user":"U1","channel":"D1","event_ts":"1.2"}`), KindPrompts},
		{inner(`{"type":"app_home_opened","tab":"about","user":"U1"}`), KindIgnored},
		{inner(`{"type":"app_context_changed","user":"U1","channel":"D1","event_ts":"1.2"}`), KindPrompts},
		{inner(`{"type":"app_context_changed","user":"U1"}`), KindIgnored},
		{inner(`{"type":"assistant_thread_started","assistant_thread":{"user_id":"U1","channel_id":"D1","thread_ts":"1.1"}}`), KindPrompts},
		{inner(`{"type":"assistant_thread_context_changed","assistant_thread":{}}`), KindIgnored},
		{inner(`{"type":"app_uninstalled"}`), KindUninstalled},
		{inner(`{"type":"tokens_revoked","tokens":{"oauth":["U1"],"bot":["UBOT"]}}`), KindRevoked},
		{inner(`{"type":"reaction_added","user":"U1"}`), KindIgnored},
		{inner(`{}`), KindUnknown},
		{[]byte(`{"type":"app_rate_limited","team_id":"T1","minute_rate_limited":1}`), KindUnknown},
		{[]byte(`{"event":"text","team_id":5}`), KindUnknown},
		{[]byte(`null`), KindUnknown},
		{[]byte(`not JSON`), KindUnknown},
		{nil, KindUnknown},
	}
	for _, tt := range tests {
		if got := ReadEvent(tt.payload, Options{}); got.Kind != tt.kind || (got.Why == "") != (tt.kind != KindIgnored && tt.kind != KindUnknown) {
			t.Errorf("readEvent(%s) = %+v, want %s", tt.payload, got, tt.kind)
		}
	}
	started := ReadEvent(tests[5].payload, Options{})
	if started.Place.Channel != "D1" || started.Place.Thread != "1.1" || started.Place.User != "U1" {
		t.Errorf("the older event reads as %+v", started.Place)
	}
}

func TestWorkspaceOfAnEvent(t *testing.T) {
	t.Parallel()
	tests := []struct {
		outer, authorizations, team, enterprise string
		org                                     bool
	}{
		{`"team_id":"T1"`, `[]`, "T1", "", false},
		{`"team_id":"T1","enterprise_id":"E1"`, `[{"team_id":"T2","enterprise_id":"E2"}]`, "T2", "E2", false},
		{`"team_id":"T1","enterprise_id":"E1"`, `[{"team_id":null,"enterprise_id":"E1","is_enterprise_install":true}]`, "T1", "E1", true},
		{`"enterprise_id":"E1"`, `null`, "", "E1", false},
	}
	for _, tt := range tests {
		payload := fmt.Sprintf(`{%s,"event":{"type":"app_mention","user":"U1","channel":"C1","ts":"1.1","team":"TX","text":"hi"},"authorizations":%s}`, tt.outer, tt.authorizations)
		got := ReadEvent([]byte(payload), Options{})
		if p := got.Place; p.Team != tt.team || p.Enterprise != tt.enterprise || p.Org != tt.org || got.Question.Server == "" {
			t.Errorf("%s %s: %+v, server %q", tt.outer, tt.authorizations, p, got.Question.Server)
		}
	}
}
