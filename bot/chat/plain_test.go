package chat_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"careerbot/bot/chat"
	"careerbot/bot/chat/chattest"
)

func TestPlainGallery(t *testing.T) {
	t.Parallel()
	for _, e := range chattest.Gallery() {
		t.Run(e.Name, func(t *testing.T) {
			t.Parallel()
			got := chat.Plain(e.Answer)
			chattest.Golden(t, "testdata/plain/"+e.Name+".txt", []byte(got+"\n"))
			if again := chat.Plain(e.Answer); again != got {
				t.Errorf("a second time reads\n%s", again)
			}
			for _, r := range got {
				if r != '\n' && unicode.IsControl(r) {
					t.Errorf("control character %U in %q", r, got)
				}
			}
		})
	}
}

func TestPlainBlocks(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		in   chat.Answer
		want string
	}{
		{"nothing", chat.Answer{}, ""},
		{"title, actions and trace are left out", chat.Answer{
			Title: "T", Lead: "L.", Actions: []chat.Action{{Label: "more"}}, Trace: chat.Trace{Understood: "x"},
		}, "L."},
		{"table", chat.Answer{Blocks: []chat.Block{chat.Table{
			Title:   "Pay:",
			Columns: []string{"source", "figure", "kind", "as of"},
			Rows:    [][]string{{"upGrad", "₹7–12 LPA", "range", "", "May 2025"}, {"", "a", "b"}, {"alone"}, {}, {"", ""}},
		}}}, "Pay:\nupGrad: ₹7–12 LPA · range · May 2025\na · b\nalone"},
		{"ordered list", chat.Answer{Blocks: []chat.Block{chat.List{
			Ordered: true, Items: []chat.Item{{Text: "Python", Of: "5 of 5"}, {}, {Text: "Java"}},
		}}}, "1. Python (5 of 5)\n2. Java"},
		{"unordered list", chat.Answer{Blocks: []chat.Block{chat.List{Title: "Tools", Items: []chat.Item{{Text: "Git"}}}}}, "Tools:\n- Git"},
		{"quote", chat.Answer{
			Blocks:  []chat.Block{chat.Quote{Text: "a\nb", Source: "u"}, chat.Quote{Text: "c", Source: "?"}, chat.Quote{}},
			Sources: []chat.Source{{ID: "u", Publisher: "upGrad", Date: "2025-05-12"}},
		}, "“a b” (upGrad, 12 May 2025)\n\n“c”"},
		{"chart is left out", chat.Answer{Lead: "L.", Blocks: []chat.Block{chat.Chart{Title: "C"}, nil}}, "L."},
		{"controls and overrides", chat.Answer{Lead: "a\x1b[31mb\u202ec\r\n\n\n\nd\xff"}, "a [31mb c\n\nd\uFFFD"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := chat.Plain(tt.in); got != tt.want {
				t.Errorf("Plain() = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestDay(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"2025-05-12": "12 May 2025", "2024-04": "April 2024", "2023": "2023", "": "undated", "undated": "undated",
		"2025-13-01": "2025-13-01", "last week": "last week",
	} {
		if got := chat.Day(in); got != want {
			t.Errorf("Day(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestClip(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in   string
		n    int
		want string
	}{
		{"short", 5, "short"},
		{"five words stand in here", 12, "five words…"},
		{"five words stand in here", 10, "five…"},
		{"five words, stand", 12, "five words…"},
		{"oneverylongwordonly", 8, "onevery…"},
		{"a oneverylongwordonly", 10, "a onevery…"},
		{"abc", 1, "…"},
		{"abc", 0, ""},
		{"abc", -1, ""},
		{"", 3, ""},
		{"ae\u0301iou", 3, "a…"},
		{"a👩\u200d💻bcd", 4, "a…"},
		{"₹₹₹₹", 3, "₹₹…"},
	}
	for _, tt := range tests {
		if got := chat.Clip(tt.in, tt.n); got != tt.want {
			t.Errorf("Clip(%q, %d) = %q, want %q", tt.in, tt.n, got, tt.want)
		}
	}
}

func FuzzClip(f *testing.F) {
	f.Add("five words stand in here", 12)
	f.Add("👩\u200d💻👩\u200d💻", 2)
	f.Add("\xff\xfe", 1)
	f.Fuzz(func(t *testing.T, s string, n int) {
		got := chat.Clip(s, n)
		if c := utf8.RuneCountInString(got); n >= 0 && c > n {
			t.Fatalf("Clip(%q, %d) has %d characters", s, n, c)
		}
		if got != s && utf8.ValidString(s) && !strings.HasPrefix(s, strings.TrimSuffix(got, "…")) {
			t.Fatalf("Clip(%q, %d) = %q is no beginning of it", s, n, got)
		}
	})
}

func TestLine(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"": "", "a b": "a b", "₹7–12 LPA": "₹7–12 LPA", " a": "a", "a ": "a", "a  b": "a b", "a\tb\nc": "a b c", " ": "",
		"a\u00a0b": "a b", "a\u202eb": "a b", "a\x1b[1mb": "a [1mb", "a\xffb": "a\uFFFDb", "a\uFFFDb": "a\uFFFDb", "e\u0301": "e\u0301",
	} {
		if got := chat.Line(in); got != want {
			t.Errorf("Line(%q) = %q, want %q", in, got, want)
		}
	}
}
