package discord

import (
	"encoding/json"
	"os"
	"testing"

	"careerbot/adapters"
	"careerbot/adapters/discord/commands"
	"careerbot/adapters/discord/discordtest/spec"
	"careerbot/adapters/discord/layout"
	"careerbot/adapters/discord/wire"
	"careerbot/bot/chat"
	"careerbot/bot/chat/chattest"
)

// document is Discord's OpenAPI document beside a checkout; it is no part of the product.
const document = "../../../shared/platforms/discord/openapi.json"

// sent is a request of the kinds that we make.
type sent struct {
	Name   string          `json:"name"`
	Method string          `json:"method"`
	Path   string          `json:"path"`
	Body   json.RawMessage `json:"body"`
	Files  [][]byte        `json:"files,omitempty"`
}

// requests are everything that we send, of every answer of the gallery.
func requests(t *testing.T) []sent {
	t.Helper()
	const answer, original, messages = "/interactions/1/t/callback", "/webhooks/1/t/messages/@original", "/channels/1/messages"
	var out []sent
	add := func(name, method, path string, body any) {
		raw, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, sent{Name: name, Method: method, Path: path, Body: raw})
	}
	kept := &layout.Pictures{}
	for _, e := range chattest.Gallery() {
		private := layout.Look{Private: true, Share: true, Locale: "hi", Feedback: true, Question: "salary: senior in India", Page: 1}
		for name, l := range map[string]layout.Look{"": {By: "Asha", Question: "senior pay in india?", Owner: "1001", Feedback: true}, ", private, in Hindi": private, ", bare": {Bare: true}} {
			r := kept.Render(chattest.Stated(e.Answer), l)
			name = e.Name + name
			add(name, "POST", answer, wire.Answered(r))
			for _, f := range r.Files {
				out[len(out)-1].Files = append(out[len(out)-1].Files, f.Data)
			}
			add(name, "POST", answer, wire.Updated(r))
			add(name, "PATCH", original, r.ForEdit())
			add(name, "POST", messages, struct {
				wire.Reply
				Nonce   string `json:"nonce"`
				Enforce bool   `json:"enforce_nonce"`
			}{r.ForEdit(), "m1234567890123456789", true})
		}
	}
	add("deferred", "POST", answer, wire.Deferred(false, false))
	add("deferred to one", "POST", answer, wire.Deferred(true, false))
	add("acknowledged", "POST", answer, wire.Deferred(false, true))
	add("pong", "POST", answer, wire.Pong())
	add("form", "POST", answer, layout.ReasonForm("vote:down:i1", ""))
	add("completed", "POST", answer, commands.Complete(echo{"x"}, chat.CompleteRole, "x"))
	add("nothing to complete", "POST", answer, commands.Complete(nil, "", ""))
	add("settings", "POST", answer, wire.Answered(renderSettings(adapters.Preferences{Quiet: []string{"1"}}, nil, layout.Look{})))
	add("words", "POST", answer, wire.Answered(layout.Sentence("no", layout.Look{})))
	plan, err := commands.Plan([]byte(`[]`), "backend", false)
	if err != nil {
		t.Fatal(err)
	}
	add("commands", "PUT", "/applications/1/commands", json.RawMessage(plan.Body))
	return out
}

// TestRequestsAreDiscords has Discord's own document judge everything that we send, with no key that it does not name.
func TestRequestsAreDiscords(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat(document); err != nil {
		t.Skip("Discord's OpenAPI document is not here: https://github.com/discord/discord-api-spec has it; testdata/render/judge.mjs is another judge")
	}
	open, err := spec.Load(document)
	if err != nil {
		t.Fatal(err)
	}
	closed, err := open.Closed()
	if err != nil {
		t.Fatal(err)
	}
	list := requests(t)
	for _, r := range list {
		if err := closed.Check(r.Method, r.Path, "application/json", r.Body); err != nil {
			t.Errorf("%s: %v", r.Name, err)
		}
	}
	t.Logf("%d requests", len(list))
}

// TestWriteRequests writes what we send to the file that DISCORD_REQUESTS names, for a judge that is no Go program.
func TestWriteRequests(t *testing.T) {
	path := os.Getenv("DISCORD_REQUESTS")
	if path == "" {
		t.Skip("DISCORD_REQUESTS names no file; testdata/render/README.md says what it is for")
	}
	raw, err := json.Marshal(requests(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, raw, 0o644); err != nil {
		t.Fatal(err)
	}
}
