package blocks

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"careerbot/adapters"
	"careerbot/adapters/slack/payload"
	"careerbot/bot/chat"
	"careerbot/bot/chat/chattest"

	"github.com/slack-go/slack"
)

// asTold gives an answer the tokens that the bot gives it.
func asTold(a chat.Answer) chat.Answer {
	if a.Topic == chat.TopicChat || a.Topic == chat.TopicHelp || a.ID == "" {
		return a
	}
	a.About = chat.About{Why: "why:x", Again: "show:x", Up: "vote:up:x", Down: "vote:down:x"}
	if a.Answered {
		a.About.More = "more:1:x"
	}
	if len(a.Sources) > 0 && a.Topic != chat.TopicSources {
		a.About.Sources = "from:x"
	}
	return a
}

// Places of the gallery.
var (
	toCommand = payload.Place{Team: "T1", Channel: "C1", User: "U1", Hook: "https://hooks.slack.com/x", Ephemeral: true, Sharable: true, Feedback: true, Words: "salary senior india"}
	toThread  = payload.Place{Team: "T1", Channel: "C1", Thread: "10.1", User: "U1", Repeat: true, Feedback: true, Words: "salary *senior* <india> & more"}
	asTyped   = chat.Question{Topic: chat.TopicSalary, Text: "senior india"}
)

func pretty(t testing.TB, v any) []byte {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	// slack-go's own encoding escapes these three whatever the encoder says.
	return []byte(strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(b.String()))
}

func TestGallery(t *testing.T) {
	t.Parallel()
	for _, e := range chattest.Gallery() {
		t.Run(e.Name, func(t *testing.T) {
			t.Parallel()
			a := asTold(e.Answer)
			path := "testdata/gallery/" + e.Name
			chattest.Golden(t, path+".full.json", pretty(t, Render(a, Look{Place: toCommand, Question: asTyped}).Hook(toCommand)))
			chattest.Golden(t, path+".simple.json", pretty(t, Render(a, Look{Place: toThread, Question: asTyped, Level: LevelNoTable}).Hook(toThread)))
			chattest.Golden(t, path+".txt", []byte(Render(a, Look{Place: toThread, Level: LevelText}).Text+"\n"))
		})
	}
}

func TestViews(t *testing.T) {
	t.Parallel()
	for name, v := range views(t) {
		chattest.Golden(t, "testdata/gallery/view_"+name+".json", pretty(t, v))
	}
}

// views are the Home tab and the modals.
func views(t testing.TB) map[string]any {
	p := payload.Place{Team: "T1", Channel: "C1", User: "U1", Hook: "https://hooks.slack.com/x", Ephemeral: true}
	return map[string]any{
		"home":     RenderHome(Home{Command: "/backend", Sources: entry(t, "sources"), Recent: []string{"salary of a senior in India", "what is REST & GraphQL?"}, Admin: true}),
		"home_new": RenderHome(Home{Command: "/backend"}),
		"ask":      RenderAsk("/backend"),
		"reason":   RenderReason(p, "vote:down:x"),
		"settings": RenderSettings(p, adapters.Preferences{Private: true, Quiet: []string{"C1"}, Packs: []string{"backend"}}, packsOf([]string{"backend", "frontend"})),
	}
}

func entry(t testing.TB, name string) chat.Answer {
	t.Helper()
	for _, e := range chattest.Gallery() {
		if e.Name == name {
			return asTold(e.Answer)
		}
	}
	t.Fatalf("there is no %s in the gallery", name)
	return chat.Answer{}
}

// TestClientReadsWhatIsDrawn: slack-go's own types take every block for what it is meant to be.
func TestClientReadsWhatIsDrawn(t *testing.T) {
	t.Parallel()
	for _, e := range chattest.Gallery() {
		r := Render(asTold(e.Answer), Look{Place: toCommand, Question: asTyped})
		raw, err := json.Marshal(r.Blocks)
		if err != nil {
			t.Fatal(err)
		}
		var read slack.Blocks
		if err := json.Unmarshal(raw, &read); err != nil {
			t.Errorf("%s: %v", e.Name, err)
		}
		for i, b := range read.BlockSet {
			if _, unknown := b.(*slack.UnknownBlock); unknown {
				t.Errorf("%s: block %d is unknown", e.Name, i)
			}
			if v, ok := b.(*slack.DataVisualizationBlock); ok {
				if err := v.Validate(); err != nil {
					t.Errorf("%s: %v", e.Name, err)
				}
			}
		}
	}
}

// TestLevelsSayTheSame: what a workspace's Slack refuses as a block, it takes as text.
func TestLevelsSayTheSame(t *testing.T) {
	t.Parallel()
	for _, facts := range [][]string{
		{"salary", "₹7–17 lakh", "₹7–12 LPA", "₹12 lakh (₹8–17 lakh)", "May 2025", "GeeksforGeeks", "up to ₹10 lakh"},
		{"compare", "clients request specific data structures", "2 of 5", "publisher unknown"},
		{"skills", "PostgreSQL", "4 of 5", "attention to detail"},
	} {
		a := entry(t, facts[0])
		for l := LevelFull; l <= LevelText; l++ {
			r := Render(a, Look{Place: toThread, Level: l})
			text := r.Text + string(pretty(t, r.Blocks))
			for _, fact := range facts[1:] {
				if !strings.Contains(text, fact) {
					t.Errorf("%s at level %d does not say %q", facts[0], l, fact)
				}
			}
			kinds := string(pretty(t, r.Blocks))
			if l >= LevelNoChart && strings.Contains(kinds, "data_visualization") || l >= LevelNoTable && strings.Contains(kinds, `"table"`) || l == LevelText && r.Blocks != nil {
				t.Errorf("%s at level %d has blocks that it should not have", facts[0], l)
			}
		}
	}
	if n, ok := LevelNoTable.Next(); n != LevelText || !ok {
		t.Error("the last level with blocks has no next")
	}
	if _, ok := LevelText.Next(); ok {
		t.Error("text has a next level")
	}
}

func TestChartShowsNoFigureThatIsNotThere(t *testing.T) {
	t.Parallel()
	for _, c := range chartsOf(entry(t, "salary_open")) { // two ranges, one of them a single figure; three have one end or an average
		p, missing := plot(c)
		if len(p.Series) != 2 || len(missing) != 3 {
			t.Fatalf("%+v, without %q", p, missing)
		}
		for _, s := range p.Series {
			for _, d := range s.Data {
				if d.Value == 0 {
					t.Errorf("%+v is a bar of nothing", d)
				}
			}
		}
	}
	ends := chat.Chart{Bars: []chat.Bar{{Label: "a", High: 2, HasHigh: true}, {Label: "b", Mean: 3, HasMean: true}, {Label: "c", Low: 1, High: 4, HasLow: true, HasHigh: true}}}
	p, missing := plot(ends)
	if len(p.Series) != 1 || strings.Join(p.AxisConfig.Categories, " | ") != "a, up to | b, average | c, from | c, up to" || missing != nil {
		t.Errorf("%+v, without %q", p, missing)
	}
	if p, _ := plot(chat.Chart{Bars: []chat.Bar{{Label: "none"}}}); p != nil {
		t.Errorf("a chart without figures is drawn as %+v", p)
	}
}

func TestLabelsTellBarsApart(t *testing.T) {
	t.Parallel()
	l := labeller{}
	for _, tt := range [][2]string{
		{"upGrad, entry-level", "upGrad, entry-level"},
		{"GeeksforGeeks, entry-level", "Geeksfo… entry-level"},
		{"GeeksforGeeks, mid-level", "GeeksforG… mid-level"},
		{"Randstad India, all levels", "Randstad all levels"},
		{"ScholarHat, 1–3 years", "ScholarHat 1–3 years"},
		{"upGrad, entry-level", "upGrad, entry-lev… 2"},
		{"", "?"},
		{"", "? 2"},
	} {
		if got := l.name(tt[0], ""); got != tt[1] || runes(got) > maxChartLabel {
			t.Errorf("label %q of %q", got, tt[0])
		}
	}
}

func chartsOf(a chat.Answer) []chat.Chart {
	var out []chat.Chart
	for _, b := range a.Blocks {
		if c, ok := b.(chat.Chart); ok {
			out = append(out, c)
		}
	}
	return out
}

func TestWhatIsOffered(t *testing.T) {
	t.Parallel()
	a := entry(t, "salary")
	has := func(p payload.Place, what string) bool {
		return strings.Contains(string(pretty(t, Render(a, Look{Place: p, Question: asTyped}).Blocks)), what)
	}
	noFeedback, shared := toCommand, toThread
	noFeedback.Feedback = false
	paged := toCommand
	paged.Paged = true
	direct := payload.Place{Direct: true, Ephemeral: true, Sharable: true, Channel: "D1"}
	for _, tt := range []struct {
		name string
		p    payload.Place
		what string
		want bool
	}{
		{"private", toCommand, "Share in Channel", true},
		{"public", shared, "Share in Channel", false},
		{"direct", direct, "Share in Channel", false},
		{"feedback", toCommand, "feedback_buttons", true},
		{"feedback hidden", noFeedback, "feedback_buttons", false},
		{"first page", toCommand, payload.ActMore, true},
		{"next page", paged, payload.ActPage, true},
		{"public repeats", shared, "<@U1> asked:", true},
		{"private is no mention", toCommand, "<@U1>", false},
		{"links", toCommand, "<https://www.upgrad.com/blog/what-does-a-backend-developer-do|upGrad>", true},
	} {
		if got := has(tt.p, tt.what); got != tt.want {
			t.Errorf("%s: %q is there: %v", tt.name, tt.what, got)
		}
	}
}

func TestHook(t *testing.T) {
	t.Parallel()
	r := Render(chat.Answer{Lead: "words"}, Look{})
	for _, tt := range []struct {
		p        payload.Place
		kind     string
		thread   string
		replaces bool
	}{
		{payload.Place{Ephemeral: true, Thread: "1.1"}, "ephemeral", "", false},
		{payload.Place{Thread: "1.1"}, "in_channel", "1.1", false},
		{payload.Place{Ephemeral: true, Replace: true}, "ephemeral", "", true},
	} {
		m := r.Hook(tt.p)
		if m.ResponseType != tt.kind || m.Thread != tt.thread || m.ReplaceOriginal != tt.replaces || m.UnfurlLinks || m.UnfurlMedia || m.Text != "words" {
			t.Errorf("hook(%+v) = %+v", tt.p, m)
		}
	}
}

func BenchmarkRender(b *testing.B) {
	a := entry(b, "salary")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := json.Marshal(Render(a, Look{Place: toCommand, Question: asTyped}).Hook(toCommand)); err != nil {
			b.Fatal(err)
		}
	}
}
