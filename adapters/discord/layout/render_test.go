package layout

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"careerbot/adapters/discord/lint"
	"careerbot/adapters/discord/markdown"
	"careerbot/adapters/discord/wire"
	"careerbot/bot/chat"
	"careerbot/bot/chat/chattest"
)

// seen is how gallery answers are drawn in tests: publicly, with the question repeated and with every button.
func seen() Look {
	return Look{By: "Asha", Question: "senior pay in india?", Owner: "1001", Feedback: true}
}

// drawn draws an answer with no picture drawn before.
func drawn(a chat.Answer, l Look) wire.Reply { return (*Pictures)(nil).Render(a, l) }

// TestGallery draws every answer of the gallery, all its pages, and compares with the files: what is sent, as JSON.
func TestGallery(t *testing.T) {
	t.Parallel()
	for _, e := range chattest.Gallery() {
		t.Run(e.Name, func(t *testing.T) {
			t.Parallel()
			var all bytes.Buffer
			for l := seen(); ; l.Page++ {
				r := drawn(chattest.Stated(e.Answer), l)
				if len(r.Problems) > 0 {
					t.Errorf("page %d is drawn plainly: %v", l.Page, r.Problems)
				}
				all.Write(indented(t, r))
				if !strings.Contains(all.String(), `"`+wordsOf("").forward+`"`) || !turns(r) {
					break
				}
			}
			chattest.Golden(t, filepath.Join("testdata", "gallery", e.Name+".json"), all.Bytes())
		})
	}
}

// turns says whether a reply has a button to the next page.
func turns(r wire.Reply) bool {
	for _, row := range r.Components {
		for _, b := range row.Components {
			if b.Label == english.forward {
				return true
			}
		}
	}
	return false
}

func indented(t *testing.T, v any) []byte {
	t.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// allText is every text display of a reply, in order.
func allText(r wire.Reply) string {
	var b strings.Builder
	var walk func([]wire.Component)
	walk = func(list []wire.Component) {
		for _, c := range list {
			if c.Content != "" {
				b.WriteString(c.Content + "\n")
			}
			walk(c.Components)
		}
	}
	walk(r.Components)
	return b.String()
}

// TestSourcesHaveButtons names the addresses of articles once: on buttons, all that there is room for.
func TestSourcesHaveButtons(t *testing.T) {
	t.Parallel()
	a := chat.Answer{Topic: chat.TopicSources, Answered: true, Lead: "One article."}
	a.Sources = []chat.Source{{ID: "x", Publisher: "X", Title: "On x", Date: "2025-05", URL: "https://x.example/a_b"}}
	a.Blocks = []chat.Block{chat.List{Items: []chat.Item{{Text: "X: On x, 3 facts, https://x.example/a_b", Of: "May 2025"}}}}
	r := drawn(a, Look{})
	if got := allText(r); got != "One article.\n\n- X: On x, 3 facts (May 2025)\n" {
		t.Errorf("%q", got)
	}
	row := r.Components[0].Components[1]
	if len(row.Components) != 1 || row.Components[0].URL != "https://x.example/a_b" {
		t.Errorf("%+v", row)
	}
}

// TestRefusedDrawing plants mistakes in a drawing: what is sent then is the answer as plain text, and the mistakes are
// told.
func TestRefusedDrawing(t *testing.T) {
	t.Parallel()
	a := chat.Answer{Title: "Skills", Lead: "Python, *mostly*. @everyone", Answered: true}
	for _, spoil := range []func(*wire.Reply){
		func(r *wire.Reply) { r.Components = append(r.Components, r.Components...); r.Components[1].Type = 99 },
		func(r *wire.Reply) { r.Components = nil },
		func(r *wire.Reply) { r.Mentions.Parse = []string{"everyone"} },
		func(r *wire.Reply) { r.Components[0].Components[0].Content = strings.Repeat("x", lint.MaxText+1) },
	} {
		r := drawn(a, Look{Private: true})
		spoil(&r)
		got := orPlain(r, a, Look{Private: true})
		if len(got.Problems) == 0 || len(lint.Message(got)) > 0 || !got.Ephemeral() {
			t.Errorf("%v, %v", got.Problems, lint.Message(got))
		}
		if text := allText(got); text != "Python, \\*mostly\\*. @"+markdown.Apart+"everyone\n" {
			t.Errorf("%q", text)
		}
		innocent(t, got)
	}
	if got := allText(drawn(chat.Answer{}, Look{Locale: "hi"})); got != hindi.undrawn+"\n" {
		t.Errorf("of nothing: %q", got)
	}
}
