package spec_test

import (
	"os"
	"strings"
	"testing"

	"careerbot/adapters/discord/discordtest/spec"
)

// document is Discord's OpenAPI document beside a checkout; it is no part of the product.
const document = "../../../../../shared/platforms/discord/openapi.json"

func load(t *testing.T) *spec.Document {
	t.Helper()
	if _, err := os.Stat(document); err != nil {
		t.Skip("Discord's OpenAPI document is not here: https://github.com/discord/discord-api-spec has it")
	}
	s, err := spec.Load(document)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const (
	callbackPath = "/interactions/1/t/callback"
	messagesPath = "/channels/1/messages"
	originalPath = "/api/v10/webhooks/1/t/messages/@original"
	commandsPath = "/applications/1/commands"
)

// good are requests that Discord takes.
var good = []struct{ method, path, body string }{
	{"POST", callbackPath, `{"type":1}`},
	{"POST", callbackPath, `{"type":4,"data":{"content":"x","flags":64,"allowed_mentions":{"parse":[]}}}`},
	{"POST", callbackPath, `{"type":5}`},
	{"POST", callbackPath, `{"type":8,"data":{"choices":[{"name":"a","value":"b"}]}}`},
	{"POST", callbackPath, `{"type":8,"data":{}}`},
	{"POST", callbackPath, `{"type":9,"data":{"custom_id":"m","title":"Why?","components":[{"type":1,"components":[{"type":4,"custom_id":"r","label":"Why","style":2}]}]}}`},
	{"POST", messagesPath, `{"content":"x","nonce":"abc","enforce_nonce":true,"message_reference":{"message_id":"5"}}`},
	{"POST", messagesPath, `{"flags":32768,"components":[{"type":17,"components":[{"type":10,"content":"x"}]}]}`},
	{"PATCH", originalPath, `{"embeds":[{"title":"x","description":"y","fields":[{"name":"a","value":"b"}]}]}`},
	{"PUT", commandsPath, `[{"name":"backend","type":1,"description":"x","options":[{"type":1,"name":"skills","description":"y"}]}]`},
	{"POST", "/users/@me/channels", `{"recipient_id":"1"}`},
}

// bad are mistakes that the document shows, each in a request that is good but for it.
var bad = []struct{ name, method, path, body, says string }{
	{"too long", "POST", callbackPath, `{"type":4,"data":{"content":"` + strings.Repeat("x", 2001) + `"}}`, "/data/content maxLength"},
	{"no such response", "POST", callbackPath, `{"type":3}`, "/type"},
	{"label too long", "POST", messagesPath, row(`{"type":2,"style":1,"custom_id":"a","label":"` + strings.Repeat("x", 81) + `"}`), "/label maxLength"},
	{"custom_id too long", "POST", messagesPath, row(`{"type":2,"style":1,"label":"a","custom_id":"` + strings.Repeat("x", 101) + `"}`), "/custom_id maxLength"},
	{"no such style", "POST", messagesPath, row(`{"type":2,"style":9,"custom_id":"a","label":"a"}`), "/style"},
	{"link without scheme", "POST", messagesPath, row(`{"type":2,"style":5,"url":"example.com","label":"a"}`), "/url"},
	{"six buttons", "POST", messagesPath, row(strings.TrimSuffix(strings.Repeat(`{"type":2,"style":5,"url":"https://a.example","label":"a"},`, 6), ",")), "maxItems"},
	{"26 options", "POST", messagesPath, row(`{"type":3,"custom_id":"a","options":[` + strings.TrimSuffix(strings.Repeat(`{"label":"a","value":"b"},`, 26), ",") + `]}`), "maxItems"},
	{"title too long", "POST", messagesPath, `{"embeds":[{"title":"` + strings.Repeat("x", 257) + `"}]}`, "/title maxLength"},
	{"11 embeds", "POST", messagesPath, `{"embeds":[` + strings.TrimSuffix(strings.Repeat(`{"title":"x"},`, 11), ",") + `]}`, "maxItems"},
	{"field without a value", "POST", messagesPath, `{"embeds":[{"fields":[{"name":"x"}]}]}`, "value"},
	{"nonce too long", "POST", messagesPath, `{"content":"x","nonce":"` + strings.Repeat("x", 26) + `"}`, "/nonce maxLength"},
	{"id as a number", "POST", messagesPath, `{"content":"x","message_reference":{"message_id":5}}`, "/message_id"},
	{"mention of no kind", "POST", messagesPath, `{"content":"x","allowed_mentions":{"parse":["all"]}}`, "/allowed_mentions/parse/0"},
	{"command without a name", "PUT", commandsPath, `[{"type":1,"description":"x"}]`, "name"},
	{"26 choices", "POST", callbackPath, `{"type":8,"data":{"choices":[` + strings.TrimSuffix(strings.Repeat(`{"name":"a","value":"b"},`, 26), ",") + `]}}`, "maxItems"},
	{"modal title too long", "POST", callbackPath, `{"type":9,"data":{"custom_id":"m","title":"` + strings.Repeat("x", 46) + `","components":[{"type":1,"components":[{"type":4,"custom_id":"r","label":"Why","style":2}]}]}}`, "/title maxLength"},
	{"no such route", "POST", "/channels/1/nothing", `{}`, "not in Discord's document"},
	{"no body", "POST", messagesPath, ``, "there is no body"},
	{"no JSON", "POST", messagesPath, `{`, "no JSON"},
}

func row(components string) string {
	return `{"content":"x","components":[{"type":1,"components":[` + components + `]}]}`
}

func TestSpec(t *testing.T) {
	t.Parallel()
	s := load(t)
	for _, test := range good {
		if err := s.Check(test.method, test.path, "application/json", []byte(test.body)); err != nil {
			t.Errorf("refused a good request: %v\n%s", err, test.body)
		}
	}
	for _, test := range bad {
		err := s.Check(test.method, test.path, "application/json; charset=utf-8", []byte(test.body))
		if err == nil {
			t.Errorf("%s: not refused", test.name)
			continue
		}
		for part := range strings.FieldsSeq(test.says) {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s: the error does not say %q: %v", test.name, part, err)
			}
		}
	}
}

func TestSpecOfForms(t *testing.T) {
	t.Parallel()
	s := load(t)
	const kind = "multipart/form-data; boundary=b"
	form := func(parts ...string) []byte {
		return []byte("--b\r\n" + strings.Join(parts, "\r\n--b\r\n") + "\r\n--b--\r\n")
	}
	file := func(name string) string {
		return "Content-Disposition: form-data; name=\"" + name + "\"; filename=\"a.png\"\r\n\r\nx"
	}
	payload := func(body string) string {
		return "Content-Disposition: form-data; name=\"payload_json\"\r\n\r\n" + body
	}
	const body = `{"type":4,"data":{"content":"x","attachments":[{"id":"0","filename":"a.png"}]}}`
	if err := s.Check("POST", callbackPath, kind, form(payload(body), file("files[0]"))); err != nil {
		t.Errorf("refused a good form: %v", err)
	}
	for name, parts := range map[string][]string{
		"no JSON":            {file("files[0]")},
		"file of other name": {payload(body), file("file")},
		"file missing":       {payload(body)},
		"eleventh file":      {payload(body), file("files[0]"), file("files[10]")},
		"wrong inside":       {payload(strings.Replace(body, `"x"`, `5`, 1)), file("files[0]")},
	} {
		if err := s.Check("POST", callbackPath, kind, form(parts...)); err == nil {
			t.Errorf("%s: not refused", name)
		}
	}
}

func TestClosedSpec(t *testing.T) {
	t.Parallel()
	open := load(t)
	closed, err := open.Closed()
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range good {
		if err := closed.Check(test.method, test.path, "application/json", []byte(test.body)); err != nil {
			t.Errorf("refused a good request: %v\n%s", err, test.body)
		}
	}
	const typo = `{"content":"x","allowed_mention":{"parse":[]}}`
	if err := open.Check("POST", messagesPath, "application/json", []byte(typo)); err != nil {
		t.Errorf("the open document refuses an unknown key: %v", err)
	}
	if err := closed.Check("POST", messagesPath, "application/json", []byte(typo)); err == nil {
		t.Error("the closed document takes an unknown key")
	}
}
