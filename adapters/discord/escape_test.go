package discord

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"careerbot/bot/chat"
)

// What Discord must not find in anything that we send. Custom ids are not shown, so they are not looked at.
var forbidden = regexp.MustCompile(`(?i)@everyone|@here|<@|<#|<:|<a:|<t:|</|<id:|discord\.gg|[a-z]://`)

// masked is a link with a text of its own, or one that an escape does not reach.
var masked = regexp.MustCompile(`(^|[^\\])(\\\\)*\]\(`)

// innocent looks through everything of r that people see.
func innocent(t *testing.T, r reply) {
	t.Helper()
	check := func(s string) {
		if found := forbidden.FindString(s); found != "" {
			t.Errorf("%q stands in %q", found, s)
		}
		if !utf8.ValidString(s) {
			t.Errorf("%q is not UTF-8", s)
		}
	}
	var walk func([]component)
	walk = func(list []component) {
		for _, c := range list {
			check(c.Content)
			if masked.MatchString(c.Content) {
				t.Errorf("a masked link stands in %q", c.Content)
			}
			check(c.Label)
			check(c.Placeholder)
			for _, o := range c.Options {
				check(o.Label)
			}
			for _, i := range c.Items {
				check(i.Description)
			}
			if c.URL != "" && !strings.HasPrefix(c.URL, "https://") && !strings.HasPrefix(c.URL, "http://") {
				t.Errorf("a button leads to %q", c.URL)
			}
			walk(c.Components)
		}
	}
	walk(r.Components)
	if b, _ := json.Marshal(r.Mentions); string(b) != `{"parse":[],"replied_user":false}` {
		t.Errorf("it may ping: %s", b)
	}
}

func TestEscape(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"C# and Node.js":            "C# and Node.js",
		"# C#":                      `\# C#`,
		"- one":                     `\- one`,
		"1. one":                    `1\. one`,
		"2024 was":                  "2024 was",
		"> said":                    `\> said`,
		"-# small":                  `\-# small`,
		"*a* _b_ ~~c~~ ||d|| `e`":   "\\*a\\* \\_b\\_ \\~\\~c\\~\\~ \\|\\|d\\|\\| \\`e\\`",
		"[a](https://b.example)":    `\[a\](https:` + apart + `//b.example)`,
		"@Everyone, @here":          "@" + apart + "Everyone, @" + apart + "here",
		"<@1> <@&2> <#3> a < b":     "<" + apart + "@1> <" + apart + "@&2> <" + apart + "#3> a < b",
		"<t:1:R> </x:1> <a:b:1>":    "<" + apart + "t:1:R> <" + apart + "/x:1> <" + apart + "a:b:1>",
		`\*`:                        `\\\*`,
		"discord.gg/x, Discord.com": "discord" + apart + ".gg/x, Discord" + apart + ".com",
		"a\x00b\u202ec":             "a b c",
		"बैक-एंड 👩\u200d💻 ₹7–12": "बैक-एंड 👩\u200d💻 ₹7–12",
	} {
		if got := startLine(escape(in)); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
		if got := unescape(escape(in)); got != chat.Line(in) {
			t.Errorf("%q comes back as %q", in, got)
		}
	}
}

func FuzzEscape(f *testing.F) {
	for _, s := range []string{"@everyone", "<@1>", "[a](b)", `\\[x]\(`, "<\u200b@1>", "@\u200beveryone", "1) x", "```", "😀🏽", "\xff<@"} {
		f.Add(s, 5)
	}
	f.Fuzz(func(t *testing.T, s string, room int) {
		room, s = 2+room&0xff, s[:min(len(s), 20_000)] // no text is longer
		for _, line := range append(escapeLines(s), label(s, 80)) {
			if found := forbidden.FindString(line); found != "" {
				t.Errorf("%q stands in %q", found, line)
			}
		}
		line := escape(s)
		if masked.MatchString(line) {
			t.Errorf("a masked link in %q", line)
		}
		for rest := line; rest != ""; {
			var head string
			before := rest
			head, rest = cutEscaped(rest, room)
			if head == "" || len(rest) >= len(before)+1 {
				t.Fatalf("%q of %q leaves %q", head, before, rest)
			}
			if units(head) > room+2 {
				t.Errorf("%q has more than %d", head, room)
			}
			if slashes := len(head) - len(strings.TrimRight(head, `\`)); slashes%2 == 1 {
				t.Errorf("an escape is cut: %q", head)
			}
		}
		if got := shortenEscaped(line, room); units(got) > room+2 {
			t.Errorf("%q has more than %d", got, room)
		}
		if got := label(s, room); units(got) > room {
			t.Errorf("%q has more than %d", got, room)
		}
	})
}
