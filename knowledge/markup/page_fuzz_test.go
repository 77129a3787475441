package markup_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"careerbot/knowledge/markup"
)

// checkPage fails where a page could not be written and read again as the same sections.
func checkPage(t *testing.T, p markup.Page) {
	t.Helper()
	for _, b := range p.Blocks {
		switch {
		case b.Kind == markup.Heading && (b.Level < 2 || b.Level > 3 || b.Text == ""):
			t.Errorf("a heading %q of level %d", b.Text, b.Level)
		case b.Kind == markup.Table && (len(b.Rows) < 2 || len(b.Rows[0]) < 2):
			t.Errorf("a table %q", b.Rows)
		case b.Kind == markup.List && len(b.Items) == 0:
			t.Error("a list without entries")
		}
		if !utf8.ValidString(b.Plain()) {
			t.Errorf("%q is not UTF-8", b.Plain())
		}
	}
	if len(p.Blocks) == 0 {
		return
	}
	src := markup.Source("id: x\n", "Title", p.Blocks)
	_, sections, err := markup.Markdown(src)
	if err != nil {
		if len(src) < 1<<16 {
			t.Errorf("what was written cannot be read: %v\n%s", err, src)
		}
		return
	}
	want := 0
	for i, b := range p.Blocks {
		if b.Kind == markup.Heading || i == 0 {
			want++
		}
	}
	if len(sections) != want {
		t.Errorf("%d sections were read of %d:\n%s", len(sections), want, src)
	}
}

func FuzzPlain(f *testing.F) {
	f.Add([]byte(lead + "Tools\n\n  • Peel\n\n1. One\nText here.\n\nRole\tPay\nBaker\t£2\n"))
	f.Add([]byte("Home / A / B\n\nBy Ada\n\n" + lead + lead + "Related Articles\n\nhttps://x.example/a\n"))
	f.Add([]byte("+| |\n0 | 0"))
	f.Add([]byte("# not markup\n> neither\n* a\n| b |\n```\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		text, err := markup.Decode(src)
		if err != nil {
			return
		}
		p, err := markup.Plain(text)
		if err != nil {
			return
		}
		checkPage(t, p)
	})
}

func FuzzHTML(f *testing.F) {
	f.Add(page("", "<h2>A</h2><ul><li>b<ol><li>c</ol></ul><table><tr><td>d<td>e<tr><td rowspan=9>f</table><dl><dd>g</dl>"))
	f.Add([]byte(`<script type="application/ld+json">[{"@type":"Article","author":[[]]}]</script><p>x`))
	f.Add([]byte("<table><tr><td colspan=99999 rowspan=99999>a<td>b<tr><td>c"))
	f.Fuzz(func(t *testing.T, src []byte) {
		p, err := markup.HTML(src)
		if err != nil {
			return
		}
		checkPage(t, p)
	})
}

func FuzzMarkdownPage(f *testing.F) {
	f.Add([]byte("---\ntitle: a\n---\n# a\n\nb\n\n## c\n\n- d\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		p, err := markup.MarkdownPage(src)
		if err != nil || !utf8.Valid(src) {
			return
		}
		checkPage(t, p)
	})
}

// FuzzSource writes any text as a paragraph, a heading, an entry and a cell, and reads it again.
func FuzzSource(f *testing.F) {
	for _, s := range []string{"plain", "# head", "1. one", "- dash", "a|b", "`code` *b* _c_ <d> &amp; [e](f) \\", "~~~", "+ plus", "snake_case __x__", "![a](b)", "a: b", "\\*"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		s = strings.Join(strings.Fields(s), " ")
		if s == "" || !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f || r == 0xfffd }) || len(s) > 1000 {
			return
		}
		src := markup.Source("", "T", []markup.Block{
			{Kind: markup.Heading, Level: 2, Text: "a " + s},
			{Kind: markup.Paragraph, Text: s},
			{Kind: markup.List, Items: []markup.Item{{Text: s}}},
			{Kind: markup.Table, Rows: [][]string{{"x", s}, {s, "y"}}},
		})
		_, sections, err := markup.Markdown(src)
		if err != nil {
			return // beyond a limit
		}
		if len(sections) != 1 || sections[0].Title != "a "+s {
			t.Fatalf("%q reads back as %+v", "a "+s, sections)
		}
		want := strings.Join([]string{s, "- " + s, "x | " + s + "\n" + s + " | y"}, "\n\n")
		if sections[0].Text != want {
			t.Errorf("got\n%q\nwant\n%q\nsource\n%s", sections[0].Text, want, src)
		}
	})
}
