package markdown

import (
	"strings"
	"testing"

	"careerbot/adapters/discord/discordtest/spec"
	"careerbot/bot/chat"
)

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
		"[a](https://b.example)":    `\[a\](https:` + Apart + `//b.example)`,
		"@Everyone, @here":          "@" + Apart + "Everyone, @" + Apart + "here",
		"<@1> <@&2> <#3> a < b":     "<" + Apart + "@1> <" + Apart + "@&2> <" + Apart + "#3> a < b",
		"<t:1:R> </x:1> <a:b:1>":    "<" + Apart + "t:1:R> <" + Apart + "/x:1> <" + Apart + "a:b:1>",
		`\*`:                        `\\\*`,
		"discord.gg/x, Discord.com": "discord" + Apart + ".gg/x, Discord" + Apart + ".com",
		"a\x00b\u202ec":             "a b c",
		"बैक-एंड 👩\u200d💻 ₹7–12": "बैक-एंड 👩\u200d💻 ₹7–12",
	} {
		if got := StartLine(Escape(in)); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
		if got := Unescape(Escape(in)); got != chat.Line(in) {
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
		for _, line := range append(Lines(s), Label(s, 80)) {
			if found := spec.Active(line); found != "" {
				t.Errorf("%q stands in %q", found, line)
			}
		}
		line := Escape(s)
		if spec.MaskedLink(line) {
			t.Errorf("a masked link in %q", line)
		}
		for rest := line; rest != ""; {
			var head string
			before := rest
			head, rest = Cut(rest, room)
			if head == "" || len(rest) >= len(before)+1 {
				t.Fatalf("%q of %q leaves %q", head, before, rest)
			}
			if Units(head) > room+2 {
				t.Errorf("%q has more than %d", head, room)
			}
			if slashes := len(head) - len(strings.TrimRight(head, `\`)); slashes%2 == 1 {
				t.Errorf("an escape is cut: %q", head)
			}
		}
		if got := ShortenEscaped(line, room); Units(got) > room+2 {
			t.Errorf("%q has more than %d", got, room)
		}
		if got := Label(s, room); Units(got) > room {
			t.Errorf("%q has more than %d", got, room)
		}
	})
}
