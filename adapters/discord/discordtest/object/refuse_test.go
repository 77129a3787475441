package object_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"careerbot/adapters/discord/discordtest/object"
)

func message(t *testing.T, text string) object.Message {
	t.Helper()
	var m object.Message
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// listed is so many times the same in a list.
func listed(n int, what string) string {
	return "[" + strings.TrimSuffix(strings.Repeat(what+",", n), ",") + "]"
}

func row(inside string) string { return `{"type":1,"components":` + inside + `}` }

const link = `{"type":2,"style":5,"label":"a","url":"https://a.example"}`

func TestRefuse(t *testing.T) {
	t.Parallel()
	v2 := func(components string) string { return `{"flags":32768,"components":` + components + `}` }
	tests := map[string]struct{ message, field string }{
		"good":               {`{"content":"x","components":[` + row(`[`+link+`]`) + `]}`, ""},
		"good V2":            {v2(`[{"type":10,"content":"x"}]`), ""},
		"thinking":           {`{"flags":128}`, ""},
		"empty":              {`{}`, "-"},
		"2000":               {`{"content":"` + strings.Repeat("x", 2000) + `"}`, ""},
		"2001":               {`{"content":"` + strings.Repeat("x", 2001) + `"}`, "content"},
		"1001 emoji":         {`{"content":"` + strings.Repeat("😀", 1001) + `"}`, "content"},
		"11 embeds":          {`{"embeds":` + listed(11, `{"title":"x"}`) + `}`, "embeds"},
		"6001 in embeds":     {`{"embeds":` + listed(2, `{"description":"`+strings.Repeat("x", 3001)+`"}`) + `}`, "embeds"},
		"6 rows":             {`{"content":"x","components":` + listed(6, row(`[`+link+`]`)) + `}`, "components"},
		"6 buttons":          {`{"content":"x","components":[` + row(listed(6, link)) + `]}`, "components"},
		"an empty row":       {`{"content":"x","components":[` + row(`[]`) + `]}`, "components"},
		"one id twice":       {`{"content":"x","components":[` + row(listed(2, `{"type":2,"style":1,"label":"a","custom_id":"a"}`)) + `]}`, "components"},
		"a link with an id":  {`{"content":"x","components":[` + row(`[{"type":2,"style":5,"url":"https://a.example","custom_id":"a"}]`) + `]}`, "components"},
		"text without V2":    {`{"content":"x","components":[{"type":10,"content":"x"}]}`, "components"},
		"V2 with content":    {`{"flags":32768,"content":"x","components":[{"type":10,"content":"x"}]}`, "flags"},
		"41 components":      {v2(listed(41, `{"type":10,"content":"x"}`)), "components"},
		"4001 of text in V2": {v2(listed(2, `{"type":10,"content":"`+strings.Repeat("x", 2001)+`"}`)), "components"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wrong := object.Refuse(message(t, test.message))
			switch {
			case test.field == "":
				if wrong != nil {
					t.Errorf("it is refused: %+v", wrong)
				}
			case wrong == nil:
				t.Error("it is not refused")
			case test.field == "-":
				if wrong.Code != 50006 || wrong.Object()["errors"] != nil {
					t.Errorf("it is refused as %+v", wrong)
				}
			default:
				errors, _ := wrong.Object()["errors"].(map[string]any)
				if wrong.Code != 50035 || errors[test.field] == nil {
					t.Errorf("it is refused as %+v, want a fault of %s", wrong, test.field)
				}
			}
		})
	}
}

func TestPing(t *testing.T) {
	t.Parallel()
	const text = `{"content":"<@1> <@&2> @everyone","flags":32768,"components":[{"type":10,"content":"<@!3>"}]}`
	for allowed, want := range map[string][]string{
		``:                               {"3", "1", "2", "everyone"},
		`{"parse":[]}`:                   nil,
		`{"parse":["roles"]}`:            {"2"},
		`{"parse":[],"users":["1"]}`:     {"1"},
		`{"parse":["everyone","users"]}`: {"3", "1", "everyone"},
	} {
		m := message(t, text)
		var raw json.RawMessage
		if allowed != "" {
			raw = json.RawMessage(allowed)
		}
		if got := m.Ping(raw); !slices.Equal(got, want) || m.Names("1") != slices.Contains(want, "1") {
			t.Errorf("%s: it pings %q, want %q", allowed, got, want)
		}
	}
}

func TestControls(t *testing.T) {
	t.Parallel()
	m := message(t, `{"components":[
		{"type":1,"components":[{"type":2,"custom_id":"b"},`+link+`]},
		{"type":17,"components":[
			{"type":9,"accessory":{"type":2,"custom_id":"c"}},
			{"type":1,"components":[{"type":3,"custom_id":"m","options":[{"label":"A","value":"a"},{"label":"B","value":"b"}]}]}]}]}`)
	var got []string
	for _, c := range m.Controls() {
		if c.Button == (c.CustomID == "m") {
			t.Errorf("%s is taken for something else", c.CustomID)
		}
		got = append(got, c.CustomID+strings.Join(c.Values, "+"))
	}
	if want := []string{"b", "c", "ma+b"}; !slices.Equal(got, want) {
		t.Errorf("the controls are %q, want %q", got, want)
	}
}
