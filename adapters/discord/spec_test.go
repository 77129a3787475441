package discord

import (
	"encoding/json"
	"os"
	"testing"

	"careerbot/adapters"
	"careerbot/adapters/discord/discordtest"
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
	kept := &pictures{}
	for _, e := range chattest.Gallery() {
		private := look{Private: true, Share: true, Locale: "hi", Feedback: true, Question: "salary: senior in India", Page: 1}
		for name, l := range map[string]look{"": seen(), ", private, in Hindi": private, ", bare": {Bare: true}} {
			r := kept.render(stated(e.Answer), l)
			name = e.Name + name
			add(name, "POST", answer, answered(r))
			for _, f := range r.files {
				out[len(out)-1].Files = append(out[len(out)-1].Files, f.data)
			}
			add(name, "POST", answer, updated(r))
			add(name, "PATCH", original, r.forEdit())
			add(name, "POST", messages, struct {
				reply
				Nonce   string `json:"nonce"`
				Enforce bool   `json:"enforce_nonce"`
			}{r.forEdit(), "m1234567890123456789", true})
		}
	}
	add("deferred", "POST", answer, deferred(false, false))
	add("deferred to one", "POST", answer, deferred(true, false))
	add("acknowledged", "POST", answer, deferred(false, true))
	add("pong", "POST", answer, pong())
	add("form", "POST", answer, asked{question: chat.Question{Action: "vote:down:i1"}}.modal())
	add("completed", "POST", answer, completions(typist{}, asked{option: chat.CompleteRole, typed: "x"}))
	add("nothing to complete", "POST", answer, completions(nil, asked{}))
	add("settings", "POST", answer, answered(renderSettings(adapters.Preferences{Quiet: []string{"1"}}, nil, look{})))
	add("words", "POST", answer, answered(renderWords("no", look{})))
	plan, err := PlanCommands([]byte(`[]`), "backend", false)
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
	open, err := discordtest.LoadSpec(document)
	if err != nil {
		t.Fatal(err)
	}
	spec, err := open.Closed()
	if err != nil {
		t.Fatal(err)
	}
	list := requests(t)
	for _, r := range list {
		if err := spec.Check(r.Method, r.Path, "application/json", r.Body); err != nil {
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
