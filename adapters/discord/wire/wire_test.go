package wire_test

import (
	"encoding/json"
	"testing"

	"careerbot/adapters/discord/wire"
)

// TestJSON writes what files and problems are no part of, and an edit without the flag that none may have.
func TestJSON(t *testing.T) {
	t.Parallel()
	r := wire.Reply{
		Components: []wire.Component{{Type: wire.TypeText, Content: "x"}}, Flags: wire.FlagV2 | wire.FlagEphemeral,
		Mentions: wire.AllowedMentions{Parse: []string{}}, Attachments: []wire.Attachment{{ID: 0, Filename: "a.png"}},
		Files: []wire.File{{Name: "a.png", ContentType: "image/png", Data: []byte("x")}}, Problems: []string{"p"},
	}
	const rest = `"allowed_mentions":{"parse":[],"replied_user":false},"attachments":[{"id":"0","filename":"a.png"}]}`
	const text = `{"components":[{"type":10,"content":"x"}],"flags":`
	for name, tt := range map[string]struct {
		body any
		want string
	}{
		"an answer":           {wire.Answered(r), `{"type":4,"data":` + text + `32832,` + rest + `}`},
		"in place":            {wire.Updated(r), `{"type":7,"data":` + text + `32768,` + rest + `}`},
		"an edit":             {r.ForEdit(), text + `32768,` + rest},
		"later":               {wire.Deferred(false, false), `{"type":5}`},
		"later, to one":       {wire.Deferred(true, false), `{"type":5,"data":{"flags":64}}`},
		"later, in place":     {wire.Deferred(true, true), `{"type":6}`},
		"a ping":              {wire.Pong(), `{"type":1}`},
		"nothing to complete": {wire.Completed(wire.ChoiceList{}), `{"type":8,"data":{}}`},
		"a form":              {wire.Modal(wire.Form{CustomID: "f", Title: "t"}), `{"type":9,"data":{"custom_id":"f","title":"t","components":null}}`},
	} {
		if got, err := json.Marshal(tt.body); err != nil || string(got) != tt.want {
			t.Errorf("%s is %s, %v, want %s", name, got, err, tt.want)
		}
	}
	if !r.Ephemeral() || r.ForEdit().Ephemeral() || len(wire.Answered(r).Files) != 1 || len(wire.Updated(r).Files) != 1 {
		t.Error("a flag or the files are lost")
	}
}
