package slacktest_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"careerbot/adapters/slack/slacktest"
)

// validate asks blocks.validate, which wants no token.
func validate(t *testing.T, s *slacktest.Slack, what, raw string) (name string, errors []string) {
	t.Helper()
	body, err := json.Marshal(map[string]json.RawMessage{what: json.RawMessage(raw)})
	if err != nil {
		t.Fatalf("%v in %s", err, raw)
	}
	r, err := http.NewRequestWithContext(within(t), http.MethodPost, s.URL()+"blocks.validate", strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	_, _, answer, err := s.Post(r)
	if err != nil {
		t.Fatal(err)
	}
	var read struct {
		Error  string
		Errors []string
	}
	if err := json.Unmarshal(answer, &read); err != nil {
		t.Fatalf("%v in %s", err, answer)
	}
	return read.Error, read.Errors
}

// TestValidate: blocks.validate judges blocks, a view or a message; what it says in detail is package blockkit's.
func TestValidate(t *testing.T) {
	t.Parallel()
	s := newSlack(t, slacktest.Options{})
	const view = `{"type":"home","blocks":[{"type":"divider"}]}`
	for what, good := range map[string]string{"blocks": `[{"type":"divider"}]`, "view": view, "message": `{"blocks":[{"type":"divider"}]}`} {
		if name, errors := validate(t, s, what, good); name != "" {
			t.Errorf("good %s: %s %q", what, name, errors)
		}
		name, errors := validate(t, s, what, strings.Replace(good, "divider", "divide", 1))
		if name == "" || len(errors) != 1 || !strings.HasPrefix(errors[0], "unsupported type: divide [json-pointer:/") {
			t.Errorf("bad %s: %s %q", what, name, errors)
		}
	}
	if name, _ := validate(t, s, "nothing", "1"); name != "invalid_arguments" {
		t.Errorf("nothing to validate gives %q", name)
	}
}
