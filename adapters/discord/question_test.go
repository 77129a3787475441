package discord

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/valyala/fastjson"

	"careerbot/adapters"
	"careerbot/adapters/discord/commands"
	"careerbot/adapters/discord/layout"
	"careerbot/bot/chat"
	"careerbot/bot/chat/chattest"
)

// us is a reader as the adapter makes it.
var us = reader{parsers: new(fastjson.ParserPool), application: "900", bot: "900"}

// event is an interaction of user 1001 in channel 20 of guild 10, with members of its own.
func event(kind int, data string, more ...string) string {
	return fmt.Sprintf(`{"id":"77","application_id":"900","type":%d,"token":"tok","version":1,"locale":"en-GB","guild_id":"10",
		"channel_id":"20","channel":{"id":"20","type":0,"parent_id":"19"},"context":0,
		"authorizing_integration_owners":{"0":"10"},"member":{"user":{"id":"1001","username":"asha","global_name":"Asha"}},
		"data":%s%s}`, kind, data, strings.Join(append([]string{""}, more...), ","))
}

func slash(sub, options string) string {
	return event(interactionCommand, fmt.Sprintf(`{"id":"5","name":"backend","type":1,"options":[{"name":%q,"type":1,"options":%s}]}`, sub, options))
}

func read(t *testing.T, raw string) asked {
	t.Helper()
	a, err := us.interaction([]byte(raw))
	if err != nil {
		t.Fatalf("%v of %s", err, raw)
	}
	return a
}

func TestSubcommands(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		sub, options string
		topic        chat.Topic
		text, repeat string
	}{
		{
			"salary", `[{"name":"level","type":3,"value":"senior"},{"name":"role","type":3,"value":"backend developer"},{"name":"region","type":3,"value":"India"}]`,
			chat.TopicSalary, "senior backend developer in India", "salary: senior backend developer in India",
		},
		{"skills", `[]`, chat.TopicSkills, "", ""},
		{"tools", `[{"name":"tool","type":3,"value":" Kubernetes "}]`, chat.TopicTools, "Kubernetes", "tools: Kubernetes"},
		{"roles", `[{"name":"role","type":3,"value":"DevOps engineer"}]`, chat.TopicRoles, "DevOps engineer", "roles: DevOps engineer"},
		{
			"compare", `[{"name":"second","type":3,"value":"GraphQL"},{"name":"first","type":3,"value":"REST"}]`,
			chat.TopicCompare, "REST vs GraphQL", "compare: REST vs GraphQL",
		},
		{"roadmap", `[]`, chat.TopicRoadmap, "", ""},
		{"next", `[{"name":"known","type":3,"value":"python, sql"}]`, chat.TopicNext, "python, sql", "next: python, sql"},
		{"ask", `[{"name":"question","type":3,"value":"do I need a degree?"}]`, "", "do I need a degree?", "do I need a degree?"},
		{"sources", `null`, chat.TopicSources, "", ""},
		{"help", `[{"name":"private","type":5,"value":true}]`, chat.TopicHelp, "", ""},
	} {
		a := read(t, slash(tt.sub, tt.options))
		q := a.question
		if a.kind != question || q.Topic != tt.topic || q.Text != tt.text || a.repeat != tt.repeat {
			t.Errorf("%s %s: %d %s %q %q", tt.sub, tt.options, a.kind, q.Topic, q.Text, a.repeat)
		}
		if q.ID != "i77" || q.Platform != "discord" || q.Thread != "20" || q.Server != "10" || q.User != "1001" || q.Locale != "en-GB" {
			t.Errorf("%s: %+v", tt.sub, q)
		}
		if at := a.place; at.Application != "900" || at.Interaction != "77" || at.Token != "tok" || at.Guild != "10" || at.Parent != "19" || at.Name != "Asha" {
			t.Errorf("%s: %+v", tt.sub, at)
		}
	}
}

// TestEveryCommandIsRead registers what is understood, and understands what is registered.
func TestEveryCommandIsRead(t *testing.T) {
	t.Parallel()
	registered, err := commands.JSON("backend")
	if err != nil {
		t.Fatal(err)
	}
	var list []struct {
		Options []struct {
			Name    string
			Options []struct{ Name string }
		}
	}
	if err := json.Unmarshal(registered, &list); err != nil || len(list[0].Options) != len(chat.Commands()) {
		t.Fatalf("%d subcommands are registered, %v", len(list[0].Options), err)
	}
	for _, c := range list[0].Options {
		var options []string
		for _, o := range c.Options {
			if o.Name != commands.OptionPrivate {
				options = append(options, fmt.Sprintf(`{"name":%q,"type":3,"value":"%s-value"}`, o.Name, o.Name))
			}
		}
		a := read(t, slash(c.Name, "["+strings.Join(options, ",")+"]"))
		if a.kind != question {
			t.Errorf("%s is not read", c.Name)
		}
		for _, o := range c.Options {
			if o.Name != commands.OptionPrivate && !strings.Contains(a.question.Text, o.Name+"-value") {
				t.Errorf("%s: option %s is lost: %q", c.Name, o.Name, a.question.Text)
			}
		}
	}
}

func TestPrivacy(t *testing.T) {
	t.Parallel()
	inDM := strings.NewReplacer(`"guild_id":"10",`, "", `"member":{"user":`, `"user":`, `"Asha"}}`, `"Asha"}`)
	for _, tt := range []struct {
		name string
		raw  string
		p    adapters.Preferences
		want bool
	}{
		{"skills for everybody", slash("skills", `[]`), adapters.Preferences{}, false},
		{"pay for oneself", slash("salary", `[]`), adapters.Preferences{}, true},
		{"pay for everybody, as asked", slash("salary", `[{"name":"private","type":5,"value":false}]`), adapters.Preferences{}, false},
		{"pay in a direct message", inDM.Replace(slash("salary", `[]`)), adapters.Preferences{Private: true}, false},
		{"pay in a group", strings.Replace(inDM.Replace(slash("salary", `[]`)), `"context":0`, `"context":2`, 1), adapters.Preferences{}, true},
		{"skills for oneself, as asked", slash("skills", `[{"name":"private","type":5,"value":true}]`), adapters.Preferences{}, true},
		{"as the server wants", slash("skills", `[]`), adapters.Preferences{Private: true}, true},
		{"the asker before the server", slash("skills", `[{"name":"private","type":5,"value":false}]`), adapters.Preferences{Private: true}, false},
		{"a quiet channel before the asker", slash("skills", `[{"name":"private","type":5,"value":false}]`), adapters.Preferences{Quiet: []string{"20"}}, true},
		{"a thread of a quiet channel", slash("skills", `[]`), adapters.Preferences{Quiet: []string{"19"}}, true},
		{"elsewhere", slash("skills", `[]`), adapters.Preferences{Only: []string{"21"}}, true},
		{"here", slash("skills", `[]`), adapters.Preferences{Only: []string{"20"}}, false},
		{"a thread of here", slash("skills", `[]`), adapters.Preferences{Only: []string{"19"}}, false},
	} {
		a := read(t, tt.raw).under(tt.p)
		l := a.look()
		if a.question.Private != tt.want || l.Private != tt.want || (l.By == "") != tt.want {
			t.Errorf("%s: private %t, by %q", tt.name, a.question.Private, l.By)
		}
	}
}

// TestOwnInstallation asks from somebody's own installation of the app: the server has no part in it.
func TestOwnInstallation(t *testing.T) {
	t.Parallel()
	a := read(t, strings.Replace(slash("skills", `[]`), `{"0":"10"}`, `{"1":"1001"}`, 1))
	if a.question.Server != "" || a.place.Guild != "10" {
		t.Errorf("server %q, guild %q", a.question.Server, a.place.Guild)
	}
}

func TestMessageCommand(t *testing.T) {
	t.Parallel()
	data := `{"id":"6","name":"Answer this question","type":3,"target_id":"55",
		"resolved":{"messages":{"55":{"id":"55","content":"<@900> is <:x:12> backend harder? <@&3>","author":{"id":"2"}}}}}`
	a := read(t, event(interactionCommand, data))
	if a.kind != question || a.question.Text != "is   backend harder?" {
		t.Errorf("%d %q", a.kind, a.question.Text)
	}
	empty := read(t, event(interactionCommand, `{"type":3,"target_id":"55","resolved":{"messages":{"55":{}}}}`))
	if empty.kind != question || empty.question.Topic != chat.TopicHelp {
		t.Errorf("of an empty message: %+v", empty)
	}
}

func TestButtons(t *testing.T) {
	t.Parallel()
	a := chattest.Stated(chat.Answer{
		ID: "i1", Title: "Skills", Lead: "Python.", Answered: true, Topic: chat.TopicSkills,
		Actions: []chat.Action{{Label: "in the US", Token: "ask:us"}},
		Facets:  []chat.Facet{{Name: "Level", Options: []chat.Action{{Label: "mid-level", Token: "ask:mid"}}}},
	})
	drawn := func(l layout.Look) string {
		b, err := json.Marshal((*layout.Pictures)(nil).Render(a, l))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	public := drawn(layout.Look{By: "Asha", Question: "skills: a: b *c*", Owner: "1001", Feedback: true})
	hidden := drawn(layout.Look{Private: true, Question: "skills: a: b *c*", Owner: "1001", Share: true})
	press := func(id, user, message string) asked {
		data := fmt.Sprintf(`{"custom_id":%q,"component_type":2}`, id)
		if menu, value, ok := strings.Cut(id, "="); ok {
			data = fmt.Sprintf(`{"custom_id":%q,"component_type":3,"values":[%q]}`, menu, value)
		}
		raw := event(interactionComponent, data, `"message":`+message)
		return read(t, strings.Replace(raw, `"1001"`, fmt.Sprintf("%q", user), 1)).under(adapters.Preferences{})
	}
	for _, tt := range []struct {
		name, id, user, message string
		kind                    kind
		private, inPlace        bool
		repeat                  string
	}{
		{"a follow-up by who asked", "c1:ask:us", "1001", public, question, false, false, "in the US"},
		{"a follow-up by somebody else", "c1:ask:us", "1002", public, question, true, false, "in the US"},
		{"picked from a menu", "s1:else=c1:ask:mid", "1001", public, question, false, false, "mid-level"},
		{"of a private answer", "c1:ask:us", "1001", hidden, question, true, false, "in the US"},
		{"why, by who asked", "q1:why:i1", "1001", public, question, true, false, ""},
		{"up", "v1:vote:up:i1", "1002", public, vote, true, false, ""},
		{"down", "r1:vote:down:i1", "1002", public, reason, true, false, ""},
		{"a page by who asked", "p1:1:show:i1", "1001", public, turned, false, true, ""},
		{"a page by somebody else", "p1:1:show:i1", "1002", public, turned, true, false, ""},
		{"a page of a private answer", "p1:1:show:i1", "1001", hidden, turned, true, true, ""},
		{"shown to all", "h1:show:i1", "1001", hidden, shared, false, false, "skills: a: b *c*"},
		{"of another version", "c9:ask:us", "1001", public, unknown, true, false, ""},
		{"of nobody", "", "1001", public, unknown, true, false, ""},
		{"who asked, as Discord says it", "c1:ask:us", "1001", `{"flags":32768,"interaction_metadata":{"user":{"id":"1001"}}}`, question, false, false, ""},
	} {
		got := press(tt.id, tt.user, tt.message)
		if got.kind != tt.kind || got.question.Private != tt.private || got.inPlace != tt.inPlace || got.repeat != tt.repeat {
			t.Errorf("%s: kind %d private %t in place %t repeats %q", tt.name, got.kind, got.question.Private, got.inPlace, got.repeat)
		}
	}
	if got := press("p1:3:show:i1", "1001", public); got.page != 3 || got.look().Page != 3 || got.question.Action != "show:i1" {
		t.Errorf("page %d of %q", got.page, got.question.Action)
	}
	group := strings.NewReplacer(`"guild_id":"10",`, "", `"context":0`, `"context":2`).Replace(
		event(interactionComponent, `{"custom_id":"p1:1:show:i1"}`, `"message":`+strings.Replace(public, `"flags"`, `"x":0,"flags"`, 1)))
	if got := read(t, strings.Replace(group, `"1001"`, `"1002"`, 1)); got.inPlace || got.owner {
		t.Error("in a group, whoever presses turns another's page")
	}
	menu := read(t, event(interactionComponent, `{"custom_id":"s1:next","component_type":3,"values":["c1:ask:us"]}`, `"message":`+public))
	if menu.kind != question || menu.question.Action != "ask:us" {
		t.Errorf("from a menu: %d %q", menu.kind, menu.question.Action)
	}
	if n := press("c9:x", "1001", public).notice(); n != layout.Expired {
		t.Errorf("of another version: notice %d", n)
	}
}

func TestReason(t *testing.T) {
	t.Parallel()
	for _, components := range []string{
		`[{"type":1,"components":[{"type":4,"custom_id":"why","value":" it is old "}]}]`,
		`[{"type":18,"component":{"type":4,"custom_id":"why","value":"it is old"}}]`, // Label: discordgo loses it
	} {
		a := read(t, event(interactionForm, `{"custom_id":"r1:vote:down:i1","components":`+components+`}`))
		if a.kind != vote || a.question.Action != "vote:down:i1" || a.question.Text != "it is old" {
			t.Errorf("%s: %+v", components, a.question)
		}
	}
	a := read(t, event(interactionComponent, `{"custom_id":"r1:vote:down:i1","component_type":2}`))
	if a.kind != reason || a.question.Action != "vote:down:i1" {
		t.Errorf("kind %d of %q", a.kind, a.question.Action)
	}
}

// TestOdd sends what no client of ours should meet: types that are not known, members of other types, nothing at all.
// Whatever it is, it can be replied to in words.
func TestOdd(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{
		event(99, `{}`), event(2, `null`), event(2, `[]`), event(2, `"x"`), event(2, `{"name":5,"options":{}}`),
		event(2, `{"name":"backend","type":1,"options":[7,null,{"name":[]}]}`), event(2, `{"name":"frontend","type":1}`),
		event(2, `{"name":"backend","type":2,"target_id":"1"}`), slash("dance", `[]`),
		event(3, `{"custom_id":{}}`), event(3, `{"custom_id":"s1:next","values":"no"}`), event(3, `{"custom_id":"p1:-1:x"}`),
		event(5, `{"custom_id":"r2:x","components":[[]]}`),
	} {
		a, err := us.interaction([]byte(raw))
		if err != nil || a.kind != unknown || a.notice() != layout.Missing && a.notice() != layout.Expired {
			t.Errorf("%s: kind %d, %v", raw, a.kind, err)
		}
		if p := a.under(adapters.Preferences{}); !p.look().Private {
			t.Errorf("%s is answered for everybody", raw)
		}
	}
	for _, raw := range []string{``, `null`, `[]`, `{}`, `{"id":"1","type":2}`, `{"id":1,"token":2,"type":"2"}`} {
		if _, err := us.interaction([]byte(raw)); err == nil {
			t.Errorf("%q can be replied to", raw)
		}
	}
	if a, err := us.interaction([]byte(`{"type":1}`)); err != nil || a.kind != pinged {
		t.Errorf("a ping: %d, %v", a.kind, err)
	}
}

func TestAutocomplete(t *testing.T) {
	t.Parallel()
	a := read(t, event(interactionComplete, `{"name":"backend","type":1,"options":[{"name":"salary","type":1,
		"options":[{"name":"level","type":3,"value":"sen"},{"name":"role","type":3,"value":"dev","focused":true}]}]}`))
	if a.kind != completed || a.option != chat.CompleteRole || a.typed != "dev" {
		t.Errorf("%+v", a)
	}
	// A number in place of text, an option that is not known, another command: nothing to choose, but an answer.
	for _, data := range []string{
		`{"name":"backend","options":[{"options":[{"name":"role","value":5,"focused":true}]}]}`,
		`{"name":"backend","options":[{"options":[{"name":"x","value":"y","focused":true}]}]}`, `{"name":"other"}`, `7`,
	} {
		if a := read(t, event(interactionComplete, data)); a.kind != completed || a.typed != "" && a.option != "" {
			t.Errorf("%s: %+v", data, a)
		}
	}
}

func TestMessages(t *testing.T) {
	t.Parallel()
	const author = `"author":{"id":"1001","username":"asha"}`
	for _, tt := range []struct {
		name, raw string
		ok        bool
		text      string
		topic     chat.Topic
	}{
		{"a direct message", `{"id":"5","channel_id":"30","type":0,"content":"salary?",` + author + `}`, true, "salary?", ""},
		{"a mention", `{"id":"5","channel_id":"20","guild_id":"10","type":0,"content":"<@900> salary?","mentions":[{"id":"900"}],` + author + `}`, true, "salary?", ""},
		{"a mention of old", `{"id":"5","channel_id":"20","guild_id":"10","content":"salary <@!900>","mentions":[{"id":"900"}],` + author + `}`, true, "salary", ""},
		{"a reply with its ping on", `{"id":"5","channel_id":"20","guild_id":"10","type":19,"content":"and in the US?","mentions":[{"id":"900"}],` +
			`"referenced_message":{"author":{"id":"900"},"content":""},` + author + `}`, true, "and in the US?", ""},
		{"a bare mention in reply to a question", `{"id":"5","channel_id":"20","guild_id":"10","type":19,"content":"<@900>","mentions":[{"id":"900"}],` +
			`"referenced_message":{"author":{"id":"7"},"content":"what is REST?"},` + author + `}`, true, "what is REST?", ""},
		{"a bare mention", `{"id":"5","channel_id":"20","guild_id":"10","content":"<@900>","mentions":[{"id":"900"}],` + author + `}`, true, "", chat.TopicHelp},
		{"a picture in a direct message", `{"id":"5","channel_id":"30","content":"",` + author + `}`, true, "", chat.TopicHelp},
		{"forwarded to us", `{"id":"5","channel_id":"30","content":"","message_snapshots":[{"message":{"content":"what is an API?"}}],` + author + `}`, true, "what is an API?", ""},
		{"nobody mentioned", `{"id":"5","channel_id":"20","guild_id":"10","content":"salary?","mentions":[],` + author + `}`, false, "", ""},
		{"everybody mentioned", `{"id":"5","channel_id":"20","guild_id":"10","content":"@everyone","mention_everyone":true,` + author + `}`, false, "", ""},
		{"somebody else", `{"id":"5","channel_id":"20","guild_id":"10","content":"<@7>","mentions":[{"id":"7"}],` + author + `}`, false, "", ""},
		{"a bot", `{"id":"5","channel_id":"30","content":"salary?","author":{"id":"8","bot":true}}`, false, "", ""},
		{"ourselves", `{"id":"5","channel_id":"30","content":"salary?","author":{"id":"900"}}`, false, "", ""},
		{"a webhook", `{"id":"5","channel_id":"30","content":"salary?","webhook_id":"9",` + author + `}`, false, "", ""},
		{"somebody joined", `{"id":"5","channel_id":"30","type":7,"content":"",` + author + `}`, false, "", ""},
		{"a thread was opened", `{"id":"5","channel_id":"30","type":21,"content":"",` + author + `}`, false, "", ""},
		{"no author", `{"id":"5","channel_id":"30","content":"x"}`, false, "", ""},
		{"no JSON", `{`, false, "", ""},
	} {
		a, ok := us.message([]byte(tt.raw))
		if ok != tt.ok || a.question.Text != tt.text || a.question.Topic != tt.topic {
			t.Errorf("%s: %t %q %s", tt.name, ok, a.question.Text, a.question.Topic)
		}
		if ok && (a.question.ID != "m5" || a.place.Message != "5" || a.place.Interaction != "" || a.question.User != "1001") {
			t.Errorf("%s: %+v", tt.name, a)
		}
	}
	quiet, _ := us.message([]byte(`{"id":"5","channel_id":"20","guild_id":"10","content":"<@900> x","mentions":[{"id":"900"}],` + author + `}`))
	if a := quiet.under(adapters.Preferences{Quiet: []string{"20"}}); a.kind != ignored || !a.quiet {
		t.Errorf("a quiet channel is answered: %+v", a)
	}
}

// echo completes everything with one text.
type echo struct{ text string }

func (e echo) Complete(_, _ string, n int) []chat.Choice {
	out := make([]chat.Choice, n)
	for i := range out {
		out[i] = chat.Choice{Label: e.text, Value: fmt.Sprint(e.text, i)}
	}
	return out
}
