package markup_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"careerbot/knowledge/markup"

	"pgregory.net/rapid"
)

func TestSlug(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Back-End Developer Salaries":                  "back-end-developer-salaries",
		"Factors that affect back-end developers' pay": "factors-that-affect-back-end-developers-pay",
		"What’s next?":                                 "whats-next",
		"4. Dot Net (.NET)":                            "4-dot-net-dotnet",
		"CI/CD & C++":                                  "ci-cd-c",
		"Roadmap to Becoming a Backend Developer:":     "roadmap-to-becoming-a-backend-developer",
		"  spaced  out  ":                              "spaced-out",
		"Über":                                         "ber",
		"日本語":                                          "section",
		"":                                             "section",
		"What Does a Back-End Developer Do? (Introduction)":       "what-does-a-back-end-developer-do-introduction",
		"Career opportunities for back-end developers – with pay": "career-opportunities-for-back-end-developers-with-pay",
	} {
		if got := markup.Slug(in); got != want {
			t.Errorf("Slug(%q) = %q, want %q", in, got, want)
		}
	}
}

// sections writes sections so that a test can show them.
func sections(in []markup.Section) string {
	var b strings.Builder
	for _, s := range in {
		fmt.Fprintf(&b, "%d:%d %s [%s]\n%s\n", s.Line, s.Level, s.ID, s.Title, s.Text)
	}
	return strings.TrimRight(b.String(), "\n")
}

func TestMarkdown(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"nothing", "", ""},
		{"front matter only", "---\nid: a\n---\n", ""},
		{"lines count from the file's first", "---\nid: a\n---\n\n## One\n\nx\n\n### Two\ny", "5:2 one [One]\nx\n9:3 two [Two]\ny"},
		{"windows line ends and byte order mark", "\ufeff---\r\nid: a\r\n---\r\n## One\r\nx\r\ny\r\n", "4:2 one [One]\nx y"},
		{"same headings", "## A\n1\n## A\n2\n## A 2\n3\n## A\n4", "1:2 a [A]\n1\n3:2 a-2 [A]\n2\n5:2 a-2-2 [A 2]\n3\n7:2 a-3 [A]\n4"},
		{"the title is no section", "# Title\n\n## One\nx", "3:2 one [One]\nx"},
		{"a title with text is one", "# Title\n\nintro\n\n## One\nx", "1:1 title [Title]\nintro\n5:2 one [One]\nx"},
		{"text before the first heading", "---\nid: a\n---\nlost\n## One\nx", "4:0  []\nlost\n5:2 one [One]\nx"},
		{"deeper headings are text", "## One\n#### Deep\nx", "1:2 one [One]\nDeep\n\nx"},
		{"underlined heading", "One\n---\nx\n\nTwo\n===\ny", "1:2 one [One]\nx\n5:1 two [Two]\ny"},
		{"headings in quotes and lists begin nothing", "## One\n> ## no\n\n- ## neither", "1:2 one [One]\nno\n\n- neither"},
		{"heading with marks", "## *One* [two](http://x) `C#` \\# &amp; \n", "1:2 one-two-c [One two C# # &]"},
		{"heading without words", "##\nx", "1:2 section []\nx"},
		{"paragraphs", "## A\nx\ny\n\nz  \nw", "1:2 a [A]\nx y\n\nz\nw"},
		{"list", "## A\n- x\n  y\n- z\n  - deep\n\n* other", "1:2 a [A]\n- x y\n- z\n  - deep\n\n- other"},
		{"ordered list", "## A\n3. x\n4. y\n\n   more", "1:2 a [A]\n3. x\n4. y\n   more"},
		{"table", "## A\n| a | *b* |\n|---|---|\n| 1<br>2 | \\| |\n| c |", "1:2 a [A]\na | b\n1 2 | |\nc |"},
		{"code", "## A\n```go\nif x {\n\ty\n}\n```\n\n    indented\n", "1:2 a [A]\nif x {\n\ty\n}\n\nindented"},
		{"code in a list", "## A\n- ```\n  x\n  y\n  ```", "1:2 a [A]\n- x\n  y"},
		{"links and images", "## A\n[text](http://x \"t\") ![alt](y.png) <https://z.dev> [ref]\n\n[ref]: http://w", "1:2 a [A]\ntext alt https://z.dev ref"},
		{"html", "## A\na<b>b</b><!-- no -->c\n\n<div>\ngone\n</div>\n\n<!-- gone\n## too -->\n\nd", "1:2 a [A]\nabc\n\nd"},
		{"references and escapes", "## A\nR&amp;D &#8377;3 &copy \\*x\\* \\&amp; `\\*&amp;`", "1:2 a [A]\nR&D ₹3 &copy *x* &amp; \\*&amp;"},
		{"quote and rule", "## A\n> x\n> y\n\n---\n\nz", "1:2 a [A]\nx y\n\nz"},
		{"open comment hides the rest", "## A\nx\n\n<!-- y\n\n## B\nz", "1:2 a [A]\nx"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, got, err := markup.Markdown([]byte(tt.in))
			if err != nil {
				t.Fatal(err)
			}
			if s := sections(got); s != tt.want {
				t.Errorf("got\n%s\nwant\n%s", s, tt.want)
			}
		})
	}
}

func TestFrontMatter(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"---\nid: a\ntitle: b\n---\n## A": "id: a\ntitle: b\n",
		"---\n---\n## A":                  "",
		"--- \nid: a\n---  \n## A":        "id: a\n",
		"## A\n---\nid: a\n---\n":         "",
	} {
		meta, _, err := markup.Markdown([]byte(in))
		if meta != want || err != nil {
			t.Errorf("Markdown(%q) has front matter %q, %v, want %q", in, meta, err, want)
		}
	}
}

func TestMarkdownErrors(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in string
		line     int
	}{
		{"open front matter", "---\nid: a\n## A\n", 1},
		{"too large", strings.Repeat("a\n", markup.MaxBytes/2+1), 0},
		{"deep quotes", "x\n" + strings.Repeat("> ", 100) + "x", 2},
		{"only quote marks", strings.Repeat(">", 100000), 1},
		{"deep lists on one line", strings.Repeat("- ", 100) + "x", 1},
		{"mixed lists on one line", strings.Repeat("- + 1. ", 50), 1},
		{"deep lists", stairs(100), 33},
		{"deep emphasis", strings.Repeat("**a ", 1000) + strings.Repeat("b** ", 1000), 0},
		{"wide table", strings.Repeat("|a", 5000) + "\n" + strings.Repeat("|-", 5000) + "\n" + strings.Repeat("|\n", 5000), 53},
		{"open links", strings.Repeat("[a](", 1<<18), 1},
		{"definitions", strings.Repeat("[a]: /x\n", 1<<16), 5793},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, _, err := markup.Markdown([]byte(tt.in))
			var e *markup.Error
			if !errors.As(err, &e) || e.Line != tt.line || e.Say == "" || e.Remedy == "" {
				t.Errorf("got %v, want an error with a remedy at line %d", err, tt.line)
			}
		})
	}
}

// stairs is a list in a list in a list.
func stairs(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat("  ", i) + "- x\n")
	}
	return b.String()
}

// TestMarkdownTime keeps input that made the parser slow from coming back: none of these may take longer than a
// plain text of a hundred times its size would.
func TestMarkdownTime(t *testing.T) {
	t.Parallel()
	for _, unit := range []string{
		"[", "[a](", "![a](", "[![", "[]", "[a][b", "[a]: /x\n", "*a ", "a**b ", "*a _", "`a``b", "<a ", "<!-- ", "<?", "&a;", "> ", "- ",
		"- + ", "1. ", "- a\n", "  - a\n", "## a\n", "a  \n", "|a\n|-\n", "|||||||\n|-|-|-|-|-|-|\n", "~~~\n", "\\", "\n",
	} {
		start := time.Now()
		_, _, err := markup.Markdown([]byte(strings.Repeat(unit, (1<<16)/len(unit))))
		if took := time.Since(start); took > 30*time.Second {
			t.Errorf("64 KiB of %q took %v (error: %v)", unit, took, err)
		}
	}
}

// TestIDs: whatever the headings, ids are unique, and a heading that stands alone has its slug.
func TestIDs(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		titles := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "A", "a 2", "a-2-2", "b", "é", "section", "section 2"}), 0, 12).Draw(t, "titles")
		_, got, err := markup.Markdown([]byte("## " + strings.Join(titles, "\n## ")))
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for i, s := range got {
			if slices.Contains(ids, s.ID) {
				t.Fatalf("id %q stands twice in %v", s.ID, got)
			}
			ids = append(ids, s.ID)
			if i == 0 && s.ID != markup.Slug(s.Title) {
				t.Fatalf("the first %q has the id %q", s.Title, s.ID)
			}
		}
	})
}

func FuzzMarkdown(f *testing.F) {
	for _, s := range []string{
		"---\nid: a\n---\n## A\ntext\n\n### B\n- x\n  - y\n\n| a | b |\n|---|---|\n| c |",
		"# T\n\nOne\n---\n> ## no\n\n```\n## no\n```\n<!-- ## no -->\n## `x` [y](z) &amp; \\#\n",
		"---\n", "\r\n\r## A\r\n", "\ufeff## A", "##", "## \xff\x00", "- - - - -", "1. 2. 3.", "**a *b **c",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		meta, got, err := markup.Markdown(src)
		if err != nil {
			var e *markup.Error
			if !errors.As(err, &e) || e.Remedy == "" {
				t.Fatalf("error without remedy: %v", err)
			}
			return
		}
		if len(meta) > len(src) {
			t.Fatal("the front matter is longer than the article")
		}
		text := strings.TrimPrefix(string(src), "\ufeff")
		lines := strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text), "\n")
		ids, last := map[string]bool{}, 0
		for _, s := range got {
			if s.Line <= last || s.Line > len(lines) {
				t.Fatalf("line %d after line %d of %d", s.Line, last, len(lines))
			}
			last = s.Line
			if s.Level > 0 && !heading(lines, s) {
				t.Fatalf("line %d, %q, is no heading %+v", s.Line, lines[s.Line-1], s)
			}
			if (s.ID == "") != (s.Level == 0) || ids[s.ID] {
				t.Fatalf("bad or second id in %+v", s)
			}
			ids[s.ID] = true
			if strings.Contains(s.Title, "\n") || strings.TrimSpace(s.Text) != s.Text {
				t.Fatalf("not trimmed: %+v", s)
			}
		}
	})
}

// heading says whether a line can head s: it begins with number signs, or is underlined further down.
func heading(lines []string, s markup.Section) bool {
	line := strings.TrimLeft(lines[s.Line-1], " ")
	if strings.HasPrefix(line, strings.Repeat("#", s.Level)) {
		return true
	}
	for _, l := range lines[s.Line:] {
		if l = strings.TrimSpace(l); l != "" && strings.Trim(l, "-=") == "" {
			return true
		}
	}
	return false
}
