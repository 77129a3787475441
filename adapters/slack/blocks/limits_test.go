package blocks

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"careerbot/adapters"
	"careerbot/adapters/slack/payload"
	"careerbot/bot/chat"
	"careerbot/bot/chat/chattest"

	"pgregory.net/rapid"
)

// limits collects what is beyond a limit in a message or view. It looks at the JSON, as Slack does, and counts by itself.
type limits struct {
	wrong []string
	text  int
	kinds map[string]int
}

func (l *limits) wrongf(format string, a ...any) {
	l.wrong = append(l.wrong, fmt.Sprintf(format, a...))
}

func (l *limits) text1(where string, v any, most int, kinds ...string) {
	o, ok := v.(map[string]any)
	if !ok {
		l.wrongf("%s is no text object", where)
		return
	}
	s, _ := o["text"].(string)
	if kind, _ := o["type"].(string); !slices.Contains(kinds, kind) {
		l.wrongf("%s has the type %s", where, kind)
	}
	l.long(where, s, 1, most)
}

func (l *limits) long(where, s string, least, most int) {
	if n := utf8.RuneCountInString(s); n < least || n > most || !utf8.ValidString(s) {
		l.wrongf("%s has %d characters, not %d to %d: %.60q", where, n, least, most, s)
	}
}

func list(v any) []any {
	all, _ := v.([]any)
	return all
}

func object(v any) map[string]any {
	o, _ := v.(map[string]any)
	return o
}

func str(v any) string {
	s, _ := v.(string)
	return s
}

func (l *limits) block(v any) {
	b := object(v)
	kind := str(b["type"])
	l.kinds[kind]++
	l.long("block_id", str(b["block_id"]), 0, maxID)
	n := 0
	switch kind {
	case "header":
		l.text1("header", b["text"], maxHeader, "plain_text")
	case "section":
		l.text1("section", b["text"], maxSection, "plain_text", "mrkdwn")
		if b["accessory"] != nil {
			l.element(b["accessory"])
		}
	case "context":
		n = len(list(b["elements"]))
		for _, e := range list(b["elements"]) {
			l.text1("context", e, maxSection, "plain_text", "mrkdwn")
		}
		if n < 1 || n > maxContext {
			l.wrongf("context has %d elements", n)
		}
	case "actions", "context_actions":
		all, seen := list(b["elements"]), map[string]bool{}
		if most := map[string]int{"actions": maxActions, "context_actions": 5}[kind]; len(all) < 1 || len(all) > most {
			l.wrongf("%s has %d elements", kind, len(all))
		}
		for _, e := range all {
			id := str(object(e)["action_id"])
			if seen[id] || id == "" {
				l.wrongf("action_id %q is twice in a block", id)
			}
			seen[id] = true
			l.element(e)
		}
	case "rich_text":
		l.rich(b)
	case "table":
		l.rows(kind, b, maxTableRows, maxTableText, 1)
	case "data_table":
		l.long("caption", str(b["caption"]), 1, maxSection)
		l.rows(kind, b, maxDataRows, 2*maxTableText, 2)
	case "data_visualization":
		l.chart(b)
	case "input":
		l.text1("label", b["label"], maxLabel, "plain_text")
		l.element(b["element"])
	default:
		l.wrongf("block type %q", kind)
	}
}

func (l *limits) element(v any) {
	e := object(v)
	l.long("action_id", str(e["action_id"]), 1, maxID)
	switch kind := str(e["type"]); kind {
	case "button":
		l.text1("button", e["text"], maxButton, "plain_text")
		l.long("value", str(e["value"]), 1, maxValue)
	case "feedback_buttons":
		for _, k := range []string{"positive_button", "negative_button"} {
			l.text1(k, object(e[k])["text"], maxButton, "plain_text")
			l.long("value", str(object(e[k])["value"]), 1, maxValue)
			l.long("accessibility_label", str(object(e[k])["accessibility_label"]), 0, maxButton)
		}
	case "plain_text_input", "conversations_select", "multi_conversations_select", "static_select", "multi_static_select", "checkboxes":
		if e["placeholder"] != nil {
			l.text1("placeholder", e["placeholder"], maxPlaceholder, "plain_text")
		}
		groups := list(e["option_groups"])
		if len(groups) > maxGroups || len(groups) > 0 && e["options"] != nil {
			l.wrongf("%s has %d groups, and options %v", kind, len(groups), e["options"])
		}
		for _, g := range groups {
			l.text1("group", object(g)["label"], maxOption, "plain_text")
			l.options(kind, list(object(g)["options"]))
		}
		if len(groups) == 0 {
			l.options(kind, list(e["options"]))
		}
	default:
		l.wrongf("element type %q", kind)
	}
}

func (l *limits) options(kind string, options []any) {
	if strings.Contains(kind, "static") && len(options) == 0 || len(options) > maxOptions {
		l.wrongf("%s has %d options", kind, len(options))
	}
	for _, o := range options {
		l.text1("option", object(o)["text"], maxOption, "plain_text")
		l.long("option value", str(object(o)["value"]), 1, maxOptionID)
	}
}

// rich demands that no list and no text in rich text is empty.
func (l *limits) rich(v any) {
	o := object(v)
	if o["elements"] != nil && len(list(o["elements"])) == 0 {
		l.wrongf("%s is empty", str(o["type"]))
	}
	if str(o["type"]) == "text" {
		l.long("rich text", str(o["text"]), 1, 2*maxSection)
	}
	for _, e := range list(o["elements"]) {
		l.rich(e)
	}
}

func (l *limits) rows(kind string, b map[string]any, most, chars, least int) {
	all := list(b["rows"])
	if len(all) < least || len(all) > most {
		l.wrongf("%s has %d rows", kind, len(all))
		return
	}
	n := 0
	for _, r := range all {
		if len(list(r)) != len(list(all[0])) || len(list(r)) < 1 || len(list(r)) > maxColumns {
			l.wrongf("%s has a row of %d cells", kind, len(list(r)))
		}
		for _, c := range list(r) {
			if str(object(c)["type"]) == "raw_text" {
				l.long("cell", str(object(c)["text"]), 1, maxTableText)
			}
			walk(c, func(k, s string) {
				if k == "text" {
					n += utf8.RuneCountInString(s)
				}
			})
			if str(object(c)["type"]) == "rich_text" {
				l.rich(c)
			}
		}
	}
	if n > chars {
		l.wrongf("%s has %d characters", kind, n)
	}
}

func (l *limits) chart(b map[string]any) {
	l.long("chart title", str(b["title"]), 1, maxChartTitle)
	c := object(b["chart"])
	axis := object(c["axis_config"])
	l.long("axis", str(axis["y_label"]), 0, maxChartTitle)
	categories := map[string]bool{}
	for _, v := range list(axis["categories"]) {
		l.long("category", str(v), 1, maxChartLabel)
		categories[str(v)] = true
	}
	if n := len(list(axis["categories"])); n != len(categories) || n < 1 || n > maxPoints {
		l.wrongf("chart has %d categories, %d of them different", n, len(categories))
	}
	if n := len(list(c["series"])); n < 1 || n > maxSeries {
		l.wrongf("chart has %d series", n)
	}
	for _, s := range list(c["series"]) {
		l.long("series", str(object(s)["name"]), 1, maxChartLabel)
		if len(list(object(s)["data"])) != len(categories) {
			l.wrongf("series has %d points for %d categories", len(list(object(s)["data"])), len(categories))
		}
		for _, p := range list(object(s)["data"]) {
			if !categories[str(object(p)["label"])] {
				l.wrongf("point %q has no category", str(object(p)["label"]))
			}
		}
	}
}

// beyond says what of a message or view is beyond Slack's limits.
func beyond(t rapid.TB, message any, most int) []string {
	raw, err := json.Marshal(message)
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	l := limits{kinds: map[string]int{}}
	blocks := list(m["blocks"])
	if len(blocks) > most {
		l.wrongf("%d blocks", len(blocks))
	}
	for _, b := range blocks {
		l.block(b)
	}
	walk(blocks, func(k, s string) {
		if !slices.Contains([]string{"value", "action_id", "type", "style", "align"}, k) {
			l.text += utf8.RuneCountInString(s)
		}
	})
	if l.text > maxBlocksText && most == maxBlocks {
		l.wrongf("blocks have %d characters", l.text)
	}
	if l.kinds["table"] > 1 || l.kinds["data_visualization"] > maxCharts {
		l.wrongf("blocks: %v", l.kinds)
	}
	return l.wrong
}

func TestLimitsOfGallery(t *testing.T) {
	t.Parallel()
	for _, e := range chattest.Gallery() {
		a := asTold(e.Answer)
		for l := LevelFull; l <= LevelText; l++ {
			for _, p := range []payload.Place{toCommand, toThread} {
				if wrong := beyond(t, Render(a, Look{Place: p, Level: l, Question: asTyped}).Hook(p), maxBlocks); wrong != nil {
					t.Errorf("%s at level %d: %s", e.Name, l, strings.Join(wrong, "; "))
				}
			}
		}
	}
	for name, v := range views(t) {
		if wrong := beyond(t, v, maxViewBlocks); wrong != nil {
			t.Errorf("view %s: %s", name, strings.Join(wrong, "; "))
		}
	}
}

// TestLimitsHold draws random answers, most of them far too large.
func TestLimitsHold(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := anyAnswer.Draw(t, "answer")
		p := payload.Place{
			Team: "T1", Channel: rapid.SampledFrom([]string{"", "C1", "D1"}).Draw(t, "channel"), User: rapid.SampledFrom([]string{"U1", "", "<!x>"}).Draw(t, "user"),
			Ephemeral: rapid.Bool().Draw(t, "ephemeral"), Sharable: rapid.Bool().Draw(t, "sharable"), Direct: rapid.Bool().Draw(t, "direct"),
			Repeat: rapid.Bool().Draw(t, "repeat"), Feedback: rapid.Bool().Draw(t, "feedback"), Words: anyText.Draw(t, "words"),
		}
		q := chat.Question{Text: anyText.Draw(t, "text")}
		l := Level(rapid.IntRange(0, int(LevelText)).Draw(t, "level"))
		r := Render(a, Look{Place: p, Question: q, Level: l})
		if wrong := beyond(t, r.Hook(p), maxBlocks); wrong != nil {
			t.Fatalf("%s", strings.Join(wrong, "\n"))
		}
		if r.Text == "" || len(r.Text) > 4*maxPlain || r.Blocks == nil != (l == LevelText) {
			t.Fatalf("text of %d bytes, %d blocks", len(r.Text), len(r.Blocks))
		}
	})
}

// TestLimitsOfViews draws random Home tabs and settings.
func TestLimitsOfViews(t *testing.T) { // not parallel: rapid's generators, shared with TestLimitsHold, name themselves as they are first drawn
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(anyText, 0, 12)
		h := Home{Command: "/" + anyText.Draw(t, "command"), Sources: anyAnswer.Draw(t, "sources"), Recent: words.Draw(t, "recent"), Admin: rapid.Bool().Draw(t, "admin")}
		if wrong := beyond(t, RenderHome(h), maxViewBlocks); wrong != nil {
			t.Fatalf("home: %s", strings.Join(wrong, "\n"))
		}
		now := adapters.Preferences{Private: true, Quiet: words.Draw(t, "quiet"), Packs: words.Draw(t, "chosen")}
		if wrong := beyond(t, RenderSettings(payload.Place{Channel: "C1"}, now, packsOf(words.Draw(t, "packs"))), maxViewBlocks); wrong != nil {
			t.Fatalf("settings: %s", strings.Join(wrong, "\n"))
		}
		if wrong := beyond(t, RenderAsk(anyText.Draw(t, "name")), maxViewBlocks); wrong != nil {
			t.Fatalf("ask: %s", strings.Join(wrong, "\n"))
		}
		m := RenderReason(payload.Place{Words: anyText.Draw(t, "words"), Hook: "https://hooks.slack.com/x"}, "vote:down:x")
		if wrong := beyond(t, m, maxViewBlocks); wrong != nil || len(m.PrivateMetadata) > maxPrivate {
			t.Fatalf("reason: %s", strings.Join(wrong, "\n"))
		}
	})
}

// Random answers: texts from nothing to far more than there is room for, of all kinds of characters.
var (
	anyText = rapid.Custom(func(t *rapid.T) string {
		piece := rapid.SampledFrom([]string{"a", "word ", "&", "<!channel>", "<@U1>", "\n", "₹", "👩\u200d💻", "长", "e\u0301", "\x00", "\xff", " ", "|", "*b*"})
		s := strings.Join(rapid.SliceOfN(piece, 0, 8).Draw(t, "pieces"), "")
		return strings.Repeat(s, rapid.SampledFrom([]int{1, 1, 1, 1, 7, 60, 300}).Draw(t, "times"))
	})
	anyFigure = rapid.SampledFrom([]float64{0, 1, 7.5, -3, 1e12, 1e-9})
	anyBar    = rapid.Custom(func(t *rapid.T) chat.Bar {
		return chat.Bar{
			Label: anyText.Draw(t, "label"), Low: anyFigure.Draw(t, "low"), High: anyFigure.Draw(t, "high"), Mean: anyFigure.Draw(t, "mean"),
			HasLow: rapid.Bool().Draw(t, "hasLow"), HasHigh: rapid.Bool().Draw(t, "hasHigh"), HasMean: rapid.Bool().Draw(t, "hasMean"),
		}
	})
	anyRow   = rapid.SliceOfN(anyText, 0, 22)
	anyBlock = rapid.OneOf(
		rapid.Custom(func(t *rapid.T) chat.Block { return chat.Text{Text: anyText.Draw(t, "text")} }),
		rapid.Custom(func(t *rapid.T) chat.Block { return chat.Quote{Text: anyText.Draw(t, "quote"), Source: "s"} }),
		rapid.Custom(func(t *rapid.T) chat.Block {
			item := rapid.Custom(func(t *rapid.T) chat.Item {
				return chat.Item{Text: anyText.Draw(t, "item"), Of: anyText.Draw(t, "of")}
			})
			return chat.List{Title: anyText.Draw(t, "title"), Ordered: rapid.Bool().Draw(t, "ordered"), Items: rapid.SliceOfN(item, 0, 22).Draw(t, "items")}
		}),
		rapid.Custom(func(t *rapid.T) chat.Block {
			return chat.Table{Title: anyText.Draw(t, "title"), Columns: anyRow.Draw(t, "columns"), Rows: rapid.SliceOfN(anyRow, 0, 4).Draw(t, "rows")}
		}),
		rapid.Custom(func(t *rapid.T) chat.Block {
			return chat.Chart{
				Title: anyText.Draw(t, "title"), Unit: anyText.Draw(t, "unit"), Note: anyText.Draw(t, "note"),
				Bars: rapid.SliceOfN(anyBar, 0, 22).Draw(t, "bars"),
			}
		}),
	)
	anyAnswer = rapid.Custom(func(t *rapid.T) chat.Answer {
		source := rapid.Custom(func(t *rapid.T) chat.Source {
			return chat.Source{
				ID: "s", Title: anyText.Draw(t, "title"), Publisher: anyText.Draw(t, "publisher"), Date: anyText.Draw(t, "date"),
				URL: rapid.SampledFrom([]string{"", "https://example.com/a", "javascript:x", "https://example.com/" + strings.Repeat("a", 400)}).Draw(t, "url"),
			}
		})
		token := rapid.SampledFrom([]string{"", "ask:x", strings.Repeat("t", chat.MaxToken), strings.Repeat("t", chat.MaxToken+1)})
		action := rapid.Custom(func(t *rapid.T) chat.Action {
			return chat.Action{Label: anyText.Draw(t, "label"), Token: token.Draw(t, "token")}
		})
		facet := rapid.Custom(func(t *rapid.T) chat.Facet {
			return chat.Facet{Name: anyText.Draw(t, "name"), Options: rapid.SliceOfN(action, 0, 60).Draw(t, "options")}
		})
		return chat.Answer{
			Facets: rapid.SliceOfN(facet, 0, 3).Draw(t, "facets"),
			ID:     "x", Answered: rapid.Bool().Draw(t, "answered"), Title: anyText.Draw(t, "title"), Lead: anyText.Draw(t, "lead"),
			Blocks: rapid.SliceOfN(anyBlock, 0, 8).Draw(t, "blocks"), Sources: rapid.SliceOfN(source, 0, 12).Draw(t, "sources"),
			Actions: rapid.SliceOfN(action, 0, 27).Draw(t, "actions"),
			About:   chat.About{More: token.Draw(t, "more"), Why: token.Draw(t, "why"), Sources: token.Draw(t, "from"), Up: token.Draw(t, "up"), Down: token.Draw(t, "down")},
		}
	})
)

// TestLimitsAreWatched: the watcher sees what is beyond a limit.
func TestLimitsAreWatched(t *testing.T) {
	t.Parallel()
	for _, blocks := range []string{
		`[{"type":"header","text":{"type":"plain_text","text":""}}]`, `[{"type":"heading"}]`, `[{"type":"rich_text","elements":[]}]`,
		`[{"type":"actions","elements":[]}]`, `[{"type":"table","rows":[[{"type":"raw_text","text":""}]]}]`,
		`[{"type":"actions","elements":[{"type":"button","action_id":"a","value":"v","text":{"type":"mrkdwn","text":"x"}}]}]`,
		`[{"type":"data_visualization","title":"x","chart":{"type":"bar","series":[]}}]`,
		`[{"type":"table","rows":[[{"type":"raw_text","text":"a"}]]},{"type":"table","rows":[[{"type":"raw_text","text":"a"}]]}]`,
		`[{"type":"header","text":{"type":"plain_text","text":"` + strings.Repeat("x", 151) + `"}}]`,
	} {
		if beyond(t, map[string]any{"blocks": json.RawMessage(blocks)}, maxBlocks) == nil {
			t.Errorf("%s passes", blocks)
		}
	}
}
