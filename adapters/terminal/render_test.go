package terminal_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"

	"careerbot/adapters/terminal"
	"careerbot/bot/chat"
	"careerbot/bot/chat/chattest"
)

func TestGallery(t *testing.T) {
	t.Parallel()
	for _, e := range chattest.Gallery() {
		for name, o := range map[string]terminal.Options{
			"plain":  {Width: 80},
			"color":  {Width: 80, Color: true, Why: true, More: true},
			"narrow": {Width: 42, Why: true, More: true},
		} {
			t.Run(e.Name+"/"+name, func(t *testing.T) {
				t.Parallel()
				got := terminal.Render(e.Answer, o)
				check(t, got, o)
				got = strings.ReplaceAll(got, "\x1b", "␛") // so that the file can be looked at on a terminal
				chattest.Golden(t, "testdata/gallery/"+e.Name+"."+name+".txt", []byte(got))
			})
		}
	}
}

// TestNarrow lays every answer out for every width a screen may have.
func TestNarrow(t *testing.T) {
	t.Parallel()
	for _, e := range chattest.Gallery() {
		for width := -1; width < 130; width += 1 + width/16*4 {
			o := terminal.Options{Width: width, Why: true, More: true, Color: width%2 == 0}
			check(t, terminal.Render(e.Answer, o), o)
		}
	}
}

var sgr = regexp.MustCompile("\x1b\\[[0-9]+m")

// check looks for what no drawn answer may have: lines that are too wide, control characters, colour that is not
// the renderer's own or not ended on its line.
func check(t *testing.T, got string, o terminal.Options) {
	t.Helper()
	limit := max(o.Width, terminal.MinWidth)
	if o.Width <= 0 {
		limit = 80
	}
	if !utf8.ValidString(got) {
		t.Errorf("not UTF-8: %q", got)
	}
	cells := &runewidth.Condition{StrictEmojiNeutral: true}
	for line := range strings.SplitSeq(got, "\n") {
		if codes := sgr.FindAllString(line, -1); len(codes) > 0 {
			if !o.Color {
				t.Errorf("colour in plain text: %q", line)
			}
			if codes[len(codes)-1] != "\x1b[0m" {
				t.Errorf("colour goes on after %q", line)
			}
			line = sgr.ReplaceAllString(line, "")
		}
		if w := cells.StringWidth(line); w > limit {
			t.Errorf("%d columns of %d: %q", w, limit, line)
		}
		if strings.ContainsFunc(line, acts) {
			t.Errorf("a character acts on the terminal: %q", line)
		}
		if strings.HasSuffix(line, " ") {
			t.Errorf("space at the end of %q", line)
		}
	}
}

func acts(r rune) bool {
	return unicode.IsControl(r) || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}

func TestRender(t *testing.T) {
	t.Parallel()
	src := chat.Source{ID: "u", Publisher: "upGrad", Date: "2025-05-12", Title: "T"}
	tests := []struct {
		name string
		a    chat.Answer
		o    terminal.Options
		want string
	}{
		{"empty", chat.Answer{}, terminal.Options{}, ""},
		{"lead only", chat.Answer{Lead: "Hello."}, terminal.Options{}, "Hello.\n"},
		{"title in bold", chat.Answer{Title: "T", Lead: "L."}, terminal.Options{Color: true}, "\x1b[1mT\x1b[0m\nL.\n"},
		{
			"one article, two sections",
			chat.Answer{Lead: "L.", Sources: []chat.Source{src, src, {Title: "Glossary"}, {}}},
			terminal.Options{Width: 100},
			"L.\n\nSources: upGrad (12 May 2025), Glossary, publisher unknown (undated), publisher unknown (undated)\n",
		},
		{"actions keep their numbers", chat.Answer{Actions: []chat.Action{{}, {Label: "b"}, {Label: "c"}}}, terminal.Options{}, "[2] b   [3] c\n"},
		{
			"actions wrap",
			chat.Answer{Actions: []chat.Action{{Label: "what is it"}, {Label: "another one of them"}}},
			terminal.Options{Width: 20},
			"[1] what is it\n[2] another one of\n    them\n",
		},
		{
			"agreement on the right",
			chat.Answer{Blocks: []chat.Block{chat.List{Title: "L", Ordered: true, Items: []chat.Item{{Text: "Python", Of: "5 of 5"}, {Text: "Go", Of: "2 of 5"}}}}},
			terminal.Options{},
			"L\n  1. Python  5 of 5\n  2. Go      2 of 5\n",
		},
		{
			"long items",
			chat.Answer{Blocks: []chat.Block{chat.List{Items: []chat.Item{{Text: "one two three four five", Of: "5"}}}}},
			terminal.Options{Width: 20},
			"  - one two three  5\n    four five\n",
		},
		{
			"wide letters",
			chat.Answer{Blocks: []chat.Block{chat.Table{Columns: []string{"语言", "x"}, Rows: [][]string{{"パイソン", "1"}, {"Go", "2"}}}}},
			terminal.Options{},
			"  语言      x\n  パイソン  1\n  Go        2\n",
		},
		{
			"more and why are asked for",
			chat.Answer{Lead: "L.", Others: []chat.Extract{{Text: "o"}}, Trace: chat.Trace{Understood: "u"}},
			terminal.Options{},
			"L.\n",
		},
		{
			"more",
			chat.Answer{Lead: "L.", Others: []chat.Extract{{Title: "t", Text: "o", Source: src}}},
			terminal.Options{More: true},
			"L.\n\nAlso:\n  2. t: o (upGrad, 12 May 2025)\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := terminal.Render(tt.a, tt.o); got != tt.want {
				t.Errorf("Render() =\n%q, want\n%q", got, tt.want)
			}
		})
	}
}

// TestHugeTexts draws what would take minutes if the work grew with the square of a text's length.
func TestHugeTexts(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"x", "word ", "\u0301", "\u0301 ", "長", "👩\u200d", "a\u0301\u0301"} {
		s = strings.Repeat(s, 10_000)
		a := chat.Answer{Title: s, Lead: s, Blocks: []chat.Block{
			chat.Table{Rows: [][]string{{s, s}}},
			chat.List{Items: []chat.Item{{Text: s, Of: s}}},
			chat.Chart{Title: s, Bars: []chat.Bar{{Label: s}}, Note: s},
		}}
		o := terminal.Options{Width: 80}
		check(t, terminal.Render(a, o), o)
	}
}

func FuzzRender(f *testing.F) {
	f.Add("title", "lead", "cell", "of", 80, true)
	f.Add("\x1b[31m", "\x1b]0;x\x07\n\n", "后端\u0300\u200d👩\u200d💻", "\u202e\x9b\u009b", 20, false)
	f.Add("🇮🇳🇮", "\u0600a \u0301", "\u1100\u1161\u11a8", "\xff", 21, true)
	f.Fuzz(func(t *testing.T, title, lead, cell, of string, width int, color bool) {
		src := chat.Source{ID: of, Title: title, Publisher: cell, Date: of, Section: lead, URL: cell}
		a := chat.Answer{
			ID: "x", Title: title, Lead: lead, Sources: []chat.Source{src},
			Blocks: []chat.Block{
				chat.Text{Text: lead + "\n" + cell},
				chat.List{Title: title, Ordered: color, Items: []chat.Item{{Text: cell, Of: of}, {Text: lead, Of: title}}},
				chat.Table{Title: of, Columns: []string{title, of}, Rows: [][]string{{cell, lead, of}, {of}, {lead, cell, title, cell, of, lead}}},
				chat.Quote{Text: lead, Source: of},
				chat.Chart{Title: title, Unit: of, Note: lead, Bars: []chat.Bar{{Label: cell, High: 3, HasHigh: true}}},
			},
			Others:  []chat.Extract{{Title: title, Text: lead, Source: src}},
			Actions: []chat.Action{{Label: cell}, {Label: of}},
			Trace:   chat.Trace{Understood: lead, Terms: []string{cell, of}, Hits: []chat.TraceHit{{ID: cell, Matched: []string{of}}}},
		}
		o := terminal.Options{Width: min(width, 200), Color: color, Why: true, More: true}
		check(t, terminal.Render(a, o), o)
	})
}

func BenchmarkRender(b *testing.B) {
	a := chattest.Gallery()[0].Answer
	for b.Loop() {
		terminal.Render(a, terminal.Options{Width: 80, Color: true})
	}
}
