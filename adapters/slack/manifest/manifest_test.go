package manifest

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"careerbot/adapters/slack/slacktest/judge"
	"careerbot/bot/chat/chattest"
)

// manifests are one of every kind.
func manifests(t testing.TB) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	for name, o := range map[string]Options{
		"socket": {}, "http": {HTTP: "https://bot.example.com/"}, "agent": {Agent: true, Follow: true}, "minimal": {Minimal: true},
		"http_agent": {HTTP: "https://bot.example.com", Agent: true},
	} {
		o.Command, o.Subject = "backend", "back-end careers"
		m, err := New(o)
		if err != nil {
			t.Fatal(err)
		}
		out[name] = m
	}
	return out
}

func TestManifest(t *testing.T) {
	t.Parallel()
	for name, m := range manifests(t) {
		chattest.Golden(t, "testdata/"+name+".json", m)
		for _, no := range []string{`"messages_tab_read_only_enabled": false`, `"org_deploy_enabled": false`, `"token_rotation_enabled": false`, `"should_escape": false`} {
			if !bytes.Contains(m, []byte(no)) {
				t.Errorf("%s lacks %s", name, no)
			}
		}
		if web := strings.HasPrefix(name, "http"); web != bytes.Contains(m, []byte(`"socket_mode_enabled": false`)) || web != bytes.Contains(m, []byte("https://bot.example.com/slack/events")) {
			t.Errorf("%s is of the wrong transport", name)
		}
	}
}

func TestManifestRefusesBadOptions(t *testing.T) {
	t.Parallel()
	for _, o := range []Options{
		{},
		{Command: "two words"},
		{Command: "/backend"},
		{Command: strings.Repeat("x", 32)},
		{Command: "x", HTTP: "http://example.com"},
		{Command: "x", HTTP: "example.com"},
		{Command: "x", HTTP: "https://"},
		{Command: "x", HTTP: "https://example.com?a=b"},
		{Command: "x", HTTP: "https://a:b@example.com"},
	} {
		if m, err := New(o); err == nil {
			t.Errorf("Manifest(%+v) gives %s", o, m)
		}
	}
}

func TestManifestLengths(t *testing.T) {
	t.Parallel()
	for _, subject := range []string{"", strings.Repeat("very long ", 600)} {
		data, err := New(Options{Command: strings.Repeat("x", maxCommand-1), Subject: subject, Agent: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, wrong := range judge.Schema(t, data) {
			t.Errorf("subject of %d bytes: %s", len(subject), wrong)
		}
		var m manifest
		if err := json.Unmarshal(data, &m); err != nil {
			t.Fatal(err)
		}
		d := m.Display
		if utf8.RuneCountInString(d.Name) > maxAppName || utf8.RuneCountInString(d.Description) > maxDescription || utf8.RuneCountInString(d.Long) < minLong || utf8.RuneCountInString(d.Long) > maxLong ||
			len(m.Features.Agent.Prompts) > 4 || utf8.RuneCountInString(m.Features.Agent.Description) > maxAgent {
			t.Errorf("%+v", m)
		}
		for _, s := range m.Features.Shortcuts {
			if utf8.RuneCountInString(s.Name) > maxShortcut || utf8.RuneCountInString(s.Description) > maxShortDescription {
				t.Errorf("%+v", s)
			}
		}
	}
}

// TestManifestsJudged: Slack's schema and Slack's type take them all, and not those with mistakes.
func TestManifestsJudged(t *testing.T) {
	t.Parallel()
	var items []judge.Item
	for name, m := range manifests(t) {
		for _, wrong := range judge.Schema(t, m) {
			t.Errorf("%s: %s", name, wrong)
		}
		items = append(items, judge.Item{Name: name, Kind: judge.Manifest, JSON: m})
	}
	socket := manifests(t)["socket"]
	if judge.Schema(t, bytes.Replace(socket, []byte(`"/backend"`), []byte(`"backend"`), 1)) == nil {
		t.Error("the schema takes a command without a slash")
	}
	items = append(items,
		judge.Item{Name: "mistake scope", Kind: judge.Manifest, JSON: bytes.Replace(socket, []byte(`"im:history"`), []byte(`"dm:history"`), 1)},
		judge.Item{Name: "mistake event", Kind: judge.Manifest, JSON: bytes.Replace(socket, []byte(`"message.im"`), []byte(`"message.dm"`), 1)},
	)
	found := judge.Types(t, items)
	for name, wrong := range found {
		if !strings.HasPrefix(name, "mistake ") {
			t.Errorf("%s: %s", name, strings.Join(wrong, "\n"))
		}
	}
	if found["mistake scope"] == nil || found["mistake event"] == nil {
		t.Errorf("mistakes pass: %v", found)
	}
}
