package slack

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"careerbot/adapters"
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
	toCommand = place{Team: "T1", Channel: "C1", User: "U1", Hook: "https://hooks.slack.com/x", Ephemeral: true, Sharable: true, Feedback: true, Words: "salary senior india"}
	toThread  = place{Team: "T1", Channel: "C1", Thread: "10.1", User: "U1", Repeat: true, Feedback: true, Words: "salary *senior* <india> & more"}
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
			chattest.Golden(t, path+".full.json", pretty(t, render(a, look{Place: toCommand, Question: asTyped}).hook(toCommand)))
			chattest.Golden(t, path+".simple.json", pretty(t, render(a, look{Place: toThread, Question: asTyped, Level: levelNoTable}).hook(toThread)))
			chattest.Golden(t, path+".txt", []byte(render(a, look{Place: toThread, Level: levelText}).Text+"\n"))
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
	p := place{Team: "T1", Channel: "C1", User: "U1", Hook: "https://hooks.slack.com/x", Ephemeral: true}
	return map[string]any{
		"home":     renderHome(home{Command: "/backend", Sources: entry(t, "sources"), Recent: []string{"salary of a senior in India", "what is REST & GraphQL?"}, Admin: true}),
		"home_new": renderHome(home{Command: "/backend"}),
		"ask":      renderAsk(p, "/backend"),
		"reason":   renderReason(p, "vote:down:x"),
		"settings": renderSettings(p, adapters.Preferences{Private: true, Quiet: []string{"C1"}, Packs: []string{"backend"}}, packsOf([]string{"backend", "frontend"})),
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
		r := render(asTold(e.Answer), look{Place: toCommand, Question: asTyped})
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
		for l := levelFull; l <= levelText; l++ {
			r := render(a, look{Place: toThread, Level: l})
			text := r.Text + string(pretty(t, r.Blocks))
			for _, fact := range facts[1:] {
				if !strings.Contains(text, fact) {
					t.Errorf("%s at level %d does not say %q", facts[0], l, fact)
				}
			}
			kinds := string(pretty(t, r.Blocks))
			if l >= levelNoChart && strings.Contains(kinds, "data_visualization") || l >= levelNoTable && strings.Contains(kinds, `"table"`) || l == levelText && r.Blocks != nil {
				t.Errorf("%s at level %d has blocks that it should not have", facts[0], l)
			}
		}
	}
	if n, ok := levelNoTable.next(); n != levelText || !ok {
		t.Error("the last level with blocks has no next")
	}
	if _, ok := levelText.next(); ok {
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

func TestButtonsGoBackAsTheyCame(t *testing.T) {
	t.Parallel()
	a := entry(t, "salary")
	message := render(a, look{Place: toCommand, Question: asTyped}).hook(toCommand)
	var v any
	if err := json.Unmarshal(pretty(t, message), &v); err != nil {
		t.Fatal(err)
	}
	read := map[kind]int{}
	buttons(v, func(id, value string) {
		q := readInteraction(press(id, value, true))
		read[q.Kind]++
		if q.Kind == kindShare && (q.Question.Action != "show:x" || q.Place.Words != toCommand.Words) {
			t.Errorf("share reads as %+v", q)
		}
	})
	if read[kindQuestion] != 3+3 || read[kindShare] != 1 || read[kindVote] != 1 || read[kindVoteDown] != 1 || len(read) != 4 {
		t.Errorf("the buttons read as %v", read)
	}
}

// TestShareWithoutAgain: where the answer is not kept, the question is asked again; one that a button has no room for is
// not offered.
func TestShareWithoutAgain(t *testing.T) {
	t.Parallel()
	a := entry(t, "salary")
	a.About.Again = ""
	share := func(q chat.Question) (got []asked) {
		var v any
		if err := json.Unmarshal(pretty(t, render(a, look{Place: toCommand, Question: q})), &v); err != nil {
			t.Fatal(err)
		}
		buttons(v, func(id, value string) {
			if id == actShare {
				got = append(got, readInteraction(press(id, value, true)))
			}
		})
		return got
	}
	got := share(asTyped)
	if len(got) != 1 || got[0].Question.Topic != asTyped.Topic || got[0].Question.Text != asTyped.Text || got[0].Place.Words != toCommand.Words {
		t.Errorf("share reads as %+v", got)
	}
	if got := share(chat.Question{Text: strings.Repeat("long ", 500)}); got != nil {
		t.Errorf("share of a long question reads as %+v", got)
	}
}

// buttons gives every button of a message.
func buttons(v any, do func(id, value string)) {
	switch v := v.(type) {
	case map[string]any:
		id, _ := v["action_id"].(string)
		if value, ok := v["value"].(string); ok && id != "" {
			do(id, value)
		}
		for _, k := range []string{"positive_button", "negative_button"} {
			if b, ok := v[k].(map[string]any); ok {
				do(id, b["value"].(string))
			}
		}
		for _, e := range v {
			buttons(e, do)
		}
	case []any:
		for _, e := range v {
			buttons(e, do)
		}
	}
}

func TestWhatIsOffered(t *testing.T) {
	t.Parallel()
	a := entry(t, "salary")
	has := func(p place, what string) bool {
		return strings.Contains(string(pretty(t, render(a, look{Place: p, Question: asTyped}).Blocks)), what)
	}
	noFeedback, shared := toCommand, toThread
	noFeedback.Feedback = false
	paged := toCommand
	paged.Paged = true
	direct := place{Direct: true, Ephemeral: true, Sharable: true, Channel: "D1"}
	for _, tt := range []struct {
		name string
		p    place
		what string
		want bool
	}{
		{"private", toCommand, "Share in Channel", true},
		{"public", shared, "Share in Channel", false},
		{"direct", direct, "Share in Channel", false},
		{"feedback", toCommand, "feedback_buttons", true},
		{"feedback hidden", noFeedback, "feedback_buttons", false},
		{"first page", toCommand, actMore, true},
		{"next page", paged, actPage, true},
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
	r := say("words", place{})
	for _, tt := range []struct {
		p        place
		kind     string
		thread   string
		replaces bool
	}{
		{place{Ephemeral: true, Thread: "1.1"}, "ephemeral", "", false},
		{place{Thread: "1.1"}, "in_channel", "1.1", false},
		{place{Ephemeral: true, Replace: true}, "ephemeral", "", true},
	} {
		m := r.hook(tt.p)
		if m.ResponseType != tt.kind || m.Thread != tt.thread || m.ReplaceOriginal != tt.replaces || m.UnfurlLinks || m.UnfurlMedia || m.Text != "words" {
			t.Errorf("hook(%+v) = %+v", tt.p, m)
		}
	}
}

func BenchmarkRender(b *testing.B) {
	a := entry(b, "salary")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := json.Marshal(render(a, look{Place: toCommand, Question: asTyped}).hook(toCommand)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReadCommand(b *testing.B) {
	f := form("salary senior india")
	b.ReportAllocs()
	for b.Loop() {
		if q := readCommand(f); q.Kind != kindQuestion {
			b.Fatal(q)
		}
	}
}
