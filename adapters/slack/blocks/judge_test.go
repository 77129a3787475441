package blocks

import (
	"bytes"
	"cmp"
	"encoding/json"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"careerbot/adapters/slack/payload"
	"careerbot/adapters/slack/slacktest"
	"careerbot/adapters/slack/slacktest/judge"
	"careerbot/bot/chat/chattest"
)

// TestTypes: Slack's own types take every layout, and not the same layouts with mistakes in them.
func TestTypes(t *testing.T) {
	t.Parallel()
	var items []judge.Item
	for _, e := range chattest.Gallery() {
		for l := LevelFull; l <= LevelText; l++ {
			for name, p := range map[string]payload.Place{"command": toCommand, "thread": toThread} {
				m := pretty(t, Render(asTold(e.Answer), Look{Place: p, Question: asTyped, Level: l}).Hook(p))
				items = append(items, judge.Item{Name: e.Name + " " + name, Kind: judge.Respond, JSON: m})
			}
		}
	}
	for name, v := range views(t) {
		items = append(items, judge.Item{Name: "view " + name, Kind: judge.View, JSON: pretty(t, v)})
	}
	salary, settings := pretty(t, Render(entry(t, "salary"), Look{Place: toCommand, Question: asTyped}).Hook(toCommand)), pretty(t, views(t)["settings"])
	mistakes := []struct {
		kind    judge.Kind
		from    []byte
		was, is string
	}{
		{judge.Respond, salary, `"ephemeral"`, `"private"`},
		{judge.Respond, salary, `"type": "header"`, `"type": "heading"`},
		{judge.Respond, salary, `"style": "primary"`, `"style": "loud"`},
		{judge.Respond, salary, `"positive_button"`, `"good_button"`},
		{judge.Respond, salary, `"type": "bar"`, `"type": "range"`},
		{judge.Respond, salary, `"column_settings"`, `"columns"`},
		{judge.Respond, salary, `"static_select"`, `"select"`},
		{judge.View, settings, `"type": "checkboxes"`, `"type": "checks"`},
		{judge.View, settings, `"label"`, `"name"`},
	}
	for _, m := range mistakes {
		if !bytes.Contains(m.from, []byte(m.was)) {
			t.Fatalf("no place for the mistake %s in\n%s", m.is, m.from)
		}
		items = append(items, judge.Item{Name: "mistake " + m.is, Kind: m.kind, JSON: bytes.Replace(m.from, []byte(m.was), []byte(m.is), 1)})
	}
	found := judge.Types(t, items)
	for name, wrong := range found {
		if !strings.HasPrefix(name, "mistake ") {
			t.Errorf("%s: %s", name, strings.Join(wrong, "\n"))
		}
	}
	for _, m := range mistakes {
		if found["mistake "+m.is] == nil {
			t.Errorf("%s passes", m.is)
		}
	}
}

// TestContactSheet draws the layouts into one picture for people to look at, where SLACK_SHEET names a file:
// SLACK_SHEET=$PWD/docs/slack.png go test ./adapters/slack/blocks -run ContactSheet.
func TestContactSheet(t *testing.T) {
	path := os.Getenv("SLACK_SHEET")
	if path == "" {
		t.Skip("skipped: SLACK_SHEET names no file for the picture")
	}
	var all []judge.Drawing
	put := func(name, text string, blocks any) {
		// The renderer shows links in verbatim text as they are written, which Slack does not.
		raw := bytes.ReplaceAll(pretty(t, blocks), []byte(`"verbatim": true`), []byte(`"verbatim": false`))
		all = append(all, judge.Drawing{Name: name, Text: text, Blocks: raw})
	}
	awkward := []string{"long", "hostile", "scripts", "wide_table", "empty"} // they are there for the limits
	for _, e := range chattest.Gallery() {
		if slices.Contains(awkward, e.Name) {
			continue
		}
		r := Render(asTold(e.Answer), Look{Place: toCommand, Question: asTyped})
		put(e.Name, r.Text, r.Blocks)
		if e.Name == "salary" || e.Name == "compare" {
			r := Render(asTold(e.Answer), Look{Place: toThread, Question: asTyped, Level: LevelNoTable})
			put(e.Name+", in a thread, without charts and tables", r.Text, r.Blocks)
		}
	}
	put("home", "", RenderHome(Home{Command: "/backend", Sources: entry(t, "sources"), Recent: []string{"salary of a senior in India"}, Admin: true}).Blocks.BlockSet)
	judge.Render(t, path, all)
	shrink(t, path)
}

// shrink gives a PNG the 64 colours it has most of, which makes it a third as large; text stays as clear.
func shrink(t *testing.T, path string) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	from, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	count, box := map[color.Color]int{}, from.Bounds()
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			count[color.RGBAModel.Convert(from.At(x, y))]++
		}
	}
	most := slices.SortedFunc(maps.Keys(count), func(a, b color.Color) int { return cmp.Compare(count[b], count[a]) })
	to := image.NewPaletted(box, color.Palette(most[:min(len(most), 64)]))
	draw.Draw(to, box, from, box.Min, draw.Src)
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, to); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestValidatorTakesGallery: the validator of the Slack on loopback takes every layout and view. It was written by others
// than the renderer, from the same pages.
func TestValidatorTakesGallery(t *testing.T) {
	t.Parallel()
	platform := slacktest.Start(t, slacktest.Options{})
	validate := func(name, what string, v any) bool {
		resp, err := http.PostForm(platform.URL()+"blocks.validate", url.Values{what: {string(pretty(t, v))}})
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		var said struct {
			OK     bool
			Errors []string
		}
		if err := json.NewDecoder(resp.Body).Decode(&said); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !said.OK {
			t.Logf("%s: %s", name, strings.Join(said.Errors, "; "))
		}
		return said.OK
	}
	for _, e := range chattest.Gallery() {
		for l := LevelFull; l < LevelText; l++ {
			if r := Render(asTold(e.Answer), Look{Place: toCommand, Question: asTyped, Level: l}); !validate(e.Name, "blocks", r.Blocks) {
				t.Errorf("%s at level %d is refused", e.Name, l)
			}
		}
	}
	for name, v := range views(t) {
		if !validate(name, "view", v) {
			t.Errorf("the view %s is refused", name)
		}
	}
	if validate("a mistake", "blocks", []any{map[string]any{"type": "header", "text": map[string]string{"type": "mrkdwn", "text": "x"}}}) {
		t.Error("a header in mrkdwn passes")
	}
}
