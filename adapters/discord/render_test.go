package discord

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"careerbot/bot/chat"
	"careerbot/bot/chat/chattest"
)

// seen is how gallery answers are drawn in tests: publicly, with the question repeated and with every button.
func seen() look {
	return look{By: "Asha", Question: "senior pay in india?", Owner: "1001", Feedback: true}
}

// stated gives an answer the tokens that a bot with a state gives it.
func stated(a chat.Answer) chat.Answer {
	if id := a.ID; id != "" && a.Topic != chat.TopicChat && a.Topic != chat.TopicHelp {
		a.About = chat.About{
			Why: "why:" + id, Again: "show:" + id, Up: "vote:up:" + id, Down: "vote:down:" + id,
		}
		if len(a.Sources) > 0 && a.Topic != chat.TopicSources {
			a.About.Sources = "from:" + id
		}
		if len(a.Others) > 0 {
			a.About.More = "more:1:" + id
		}
	}
	return a
}

// TestGallery draws every answer of the gallery, all its pages, and compares with the files: what is sent, as JSON.
func TestGallery(t *testing.T) {
	t.Parallel()
	for _, e := range chattest.Gallery() {
		t.Run(e.Name, func(t *testing.T) {
			t.Parallel()
			var all bytes.Buffer
			for l := seen(); ; l.Page++ {
				r := render(stated(e.Answer), l)
				if len(r.problems) > 0 {
					t.Errorf("page %d is drawn plainly: %v", l.Page, r.problems)
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
func turns(r reply) bool {
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
func allText(r reply) string {
	var b strings.Builder
	var walk func([]component)
	walk = func(list []component) {
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
	r := render(a, look{})
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
	for _, spoil := range []func(*reply){
		func(r *reply) { r.Components = append(r.Components, r.Components...); r.Components[1].Type = 99 },
		func(r *reply) { r.Components = nil },
		func(r *reply) { r.Mentions.Parse = []string{"everyone"} },
		func(r *reply) { r.Components[0].Components[0].Content = strings.Repeat("x", maxText+1) },
	} {
		r := render(a, look{Private: true})
		spoil(&r)
		got := r.orPlain(a, look{Private: true})
		if len(got.problems) == 0 || len(lintMessage(got)) > 0 || !got.ephemeral() {
			t.Errorf("%v, %v", got.problems, lintMessage(got))
		}
		if text := allText(got); text != "Python, \\*mostly\\*. @"+apart+"everyone\n" {
			t.Errorf("%q", text)
		}
		innocent(t, got)
	}
	if got := allText(render(chat.Answer{}, look{Locale: "hi"})); got != hindi.undrawn+"\n" {
		t.Errorf("of nothing: %q", got)
	}
}
