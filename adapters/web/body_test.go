package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode/utf8"

	"careerbot/adapters/web"
	"careerbot/bot/chat"
)

func TestAskInvalid(t *testing.T) {
	t.Parallel()
	const whole = "The body is not valid JSON: "
	tests := []struct{ name, body, message, remedy string }{
		{"nothing", "", whole + "it ends too early (line 1, column 1).", ""},
		{"blank", " \n ", whole + "it ends too early (line 2, column 2).", ""},
		{"cut off", `{"question":"x"`, whole + "it ends too early (line 1, column 16).", ""},
		{"cut off in a string", `{"question":"x`, whole + "it ends too early (line 1, column 15).", ""},
		{"cut off after a name", `{"question"`, whole + "it ends too early (line 1, column 12).", ""},
		{"no quotes", "{\n  question: \"x\"}", whole + "invalid character 'q' looking for beginning of object key string (line 2, column 3).", ""},
		{"comma at the end", `{"question":"₹₹",}`, whole + "invalid character '}' looking for beginning of object key string (line 1, column 18).", ""},
		{"no colon", `{"question" "x"}`, whole + "invalid character '\"' after object key (line 1, column 13).", ""},
		{"two objects", `{"question":"x"} {}`, whole + "invalid character '{' after top-level value (line 1, column 18).", ""},
		{"bad escape", `{"question":"\x"}`, whole + `invalid character 'x' in string escape code (line 1, column 15).`, ""},
		{"line end in a string", "{\"question\":\"a\nb\"}", whole + `invalid character '\n' in string literal (line 1, column 15).`, ""},
		{"not UTF-8", "{\"question\":\"a\xffb\"}", whole + "it is not UTF-8 (line 1, column 15).", ""},
		{"no object", `["x"]`, "The body is no JSON object.", `Send an object`},
		{"null", `null`, "The body is no JSON object.", ""},
		{"unknown field", `{"question":"x", "lang":"en"}`, `There is no field "lang" (line 1, column 18).`, "The fields are question, topic, action, thread, user, id."},
		{"unknown by its case", `{"Question":"x"}`, `There is no field "Question" (line 1, column 2).`, ""},
		{"twice", `{"question":"x","question":"y"}`, `The field "question" stands twice (line 1, column 17).`, "once"},
		{"number", "{\"question\":\n 1e999}", `The field "question" has to be a string (line 2, column 2).`, "openapi.json"},
		{"list", `{"question":["x"]}`, `The field "question" has to be a string (line 1, column 13).`, ""},
		{"truth", `{"question":true}`, `The field "question" has to be a string (line 1, column 13).`, ""},
		{"no fields", `{}`, "The question is missing.", "1 to 4000 characters"},
		{"null question", `{"question":null}`, "The question is missing.", ""},
		{"blank question", `{"question":" \n\t"}`, "The question is missing.", ""},
		{"long question", `{"question":"` + strings.Repeat("₹", chat.MaxText+1) + `"}`, `The field "question" has more than 4000 characters.`, "shorter"},
		{"long id", `{"question":"x","id":"` + strings.Repeat("x", 129) + `"}`, `The field "id" has more than 128 characters.`, ""},
		{"long action", `{"action":"` + strings.Repeat("x", 101) + `"}`, `The field "action" has more than 96 characters.`, ""},
		{"topic of no command", `{"question":"x","topic":"trends"}`, `There is no topic "trends".`, "The topics are salary, skills,"},
	}
	p := serve(t, nil, nil)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			res := p.post("/v1/ask", tt.body)
			f := res.fault(t).Error
			if res.status != http.StatusBadRequest || f.Code != "invalid_request" || f.Message != tt.message || !strings.Contains(f.Remedy, tt.remedy) {
				t.Errorf("got %d %+v, want %q", res.status, f, tt.message)
			}
			// JSON itself leaves open what a name that stands twice means, and a schema cannot see it.
			if err := p.contract.judge([]byte(tt.body), "components", "schemas", "Question"); err == nil && tt.name != "twice" && tt.name != "not UTF-8" {
				t.Error("the document allows it")
			}
		})
	}
}

func TestVoteInvalid(t *testing.T) {
	t.Parallel()
	box := &ballotBox{}
	p := serve(t, nil, box)
	for body, want := range map[string]string{
		`{"up":true}`:               "The answer's id is missing.",
		`{"answer":"","up":true}`:   "The answer's id is missing.",
		`{"answer":"1"}`:            "The vote is missing.",
		`{"answer":"1","up":null}`:  "The vote is missing.",
		`{"answer":"1","up":"yes"}`: `The field "up" has to be true or false (line 1, column 20).`,
		`{"answer":"1","up":true,"reason":"` + strings.Repeat("x", 1001) + `"}`: `The field "reason" has more than 1000 characters.`,
		`{"answer":"1","up":true,"question":"x"}`:                               `There is no field "question" (line 1, column 25).`,
	} {
		if res := p.post("/v1/vote", body); res.status != http.StatusBadRequest || res.fault(t).Error.Message != want {
			t.Errorf("%.60s: got %d %s, want %q", body, res.status, res.body, want)
		}
		if p.contract.judge([]byte(body), "components", "schemas", "Vote") == nil {
			t.Errorf("the document allows %.60s", body)
		}
	}
	if len(box.votes) > 0 {
		t.Errorf("votes %v", box.votes)
	}
}

// FuzzAsk sends any body to the real handler: what is taken is a Question of the OpenAPI document, and every
// response is as the document promises.
func FuzzAsk(f *testing.F) {
	for _, s := range []string{
		`{"question":"what is REST?"}`, `{"topic":"salary","question":"senior india","thread":"t","user":"u","id":"1"}`,
		`{"action":"ask:more"}`, `{"question":"\ud800\u0000"}`, "{\"question\":\"\xff\"}", `{"question":1e999}`, `{"question":"x",}`,
		`[[[[`, `{"question":{"a":[1]}}`, `{"a":"b"}`, `{} {}`, "\ufeff{}", `{"question":"x","question":null}`, `{"question":"\`,
	} {
		f.Add(s)
	}
	contract := theContract(f)
	a := web.New(web.Config{Key: key})
	mux := http.NewServeMux()
	a.Mount(mux)
	start(f, a, echo{})
	f.Fuzz(func(t *testing.T, body string) {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/v1/ask", strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer "+key)
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		got := w.Body.Bytes()
		if err := contract.checkResponse(http.MethodPost, "/v1/ask", w.Code, w.Header(), got); err != nil {
			t.Fatalf("%q gave %d %s: %v", body, w.Code, got, err)
		}
		if w.Code != http.StatusOK {
			return
		}
		if err := contract.judge([]byte(body), "components", "schemas", "Question"); err != nil {
			t.Fatalf("%q is taken, against the document: %v", body, err)
		}
		if !utf8.ValidString(body) {
			t.Fatalf("%q is taken and is not UTF-8", body)
		}
	})
}
