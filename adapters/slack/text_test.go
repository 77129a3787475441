package slack

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"careerbot/bot/chat"
)

func TestTyped(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"plain":                                   "plain",
		" <@UBOT> hi ":                            "hi",
		"<@UBOT|careerbot> hi":                    "hi",
		"ask <@U2|ann> and <@U3>":                 "ask @ann and",
		"in <#C1|general> or <#C2>":               "in #general or",
		"<!channel> <!here|here> <!everyone> now": "here  now",
		"<!subteam^S1|@seniors> earn":             "@seniors earn",
		"<!date^1392734382^{date}|18 Feb 2014>":   "18 Feb 2014",
		"<https://example.com/a|REST>":            "REST",
		"<https://example.com/a>":                 "https://example.com/a",
		"<mailto:a@example.com|a@example.com>":    "a@example.com",
		"<mailto:a@example.com>":                  "a@example.com",
		"vector&lt;int&gt; &amp; Go":              "vector<int> & Go",
		"&amp;lt;":                                "&lt;",
		"a < b <c> d":                             "a < b <c> d",
		"List<@Override>":                         "List<@Override>",
		"<":                                       "<",
		"<>":                                      "<>",
		"<@>":                                     "<@>",
		"<<@U1|x>":                                "<@x",
		"line\nbreak":                             "line\nbreak",
	} {
		if got := typed(in, "UBOT"); got != want {
			t.Errorf("typed(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestLink(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"https://example.com/a?b=c&d=1": "https://example.com/a?b=c&d=1", "http://example.com": "http://example.com",
		"javascript:alert(1)": "", "ftp://example.com": "", "example.com": "", "": "", "https://": "", "//example.com": "",
		"https://example.com/<!channel>": "https://example.com/%3C%21channel%3E", "https://user@example.com": "",
		"https://example.com/a|b": "https://example.com/a%7Cb", "https://exa mple.com": "", "HTTPS://example.com": "https://example.com",
		"https://example.com/" + strings.Repeat("a", 3000): "",
	} {
		got := link(in)
		if strings.ContainsAny(got, "<>|") || got != want && strings.ReplaceAll(got, "!", "%21") != want {
			t.Errorf("link(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestEscapedFits(t *testing.T) {
	t.Parallel()
	for _, s := range []string{strings.Repeat("&", 100), strings.Repeat("a<b ", 100), "short", ""} {
		for _, most := range []int{1, 5, 40, 1000} {
			if got := escaped(s, most); utf8.RuneCountInString(got) > most {
				t.Errorf("escaped(%q, %d) has %d characters", s, most, utf8.RuneCountInString(got))
			}
		}
	}
}

// instruction is what Slack acts on wherever it reads text as mrkdwn.
var instruction = regexp.MustCompile(`<[!@#]|<https?:|<mailto:`)

// FuzzEscape: no text of an article, a model or a person becomes an instruction, wherever it stands in an answer.
func FuzzEscape(f *testing.F) {
	for _, s := range []string{
		"<!channel>", "<@U123>", "<#C1|x>", "<https://example.com|bank>", "&lt;!here&gt;", "<<!channel>>", "<\u202e!channel>", "<\x00@U1>",
		strings.Repeat("<", 3000), "<!subteam^S1>", "< !channel>", "<\n!channel>", "&amp;lt;@U1>", "\xff<!here>",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a := everywhere(s)
		for l := levelFull; l <= levelText; l++ {
			for _, p := range []place{
				{Repeat: true, Words: s, User: s, Ephemeral: true, Sharable: true, Feedback: true, Channel: "C1"},
				{Repeat: true, Words: s, User: s, Thread: s},
				{Direct: true},
			} {
				safe(t, render(a, look{Place: p, Level: l, Question: chat.Question{Text: "q"}}).hook(p))
			}
		}
		safe(t, renderHome(home{Command: "/backend", Sources: a, Recent: []string{s}}))
		safe(t, say(s, place{Repeat: true, Words: s}).hook(place{}))
	})
}

// everywhere is an answer with s in every place.
func everywhere(s string) chat.Answer {
	return chat.Answer{
		ID: "x", Answered: true, Title: s, Lead: s,
		Blocks: []chat.Block{
			chat.Text{Text: s},
			chat.List{Title: s, Items: []chat.Item{{Text: s, Of: s}}},
			chat.Table{Title: s, Columns: []string{s, s}, Rows: [][]string{{s, s}, {s}}},
			chat.Table{Columns: []string{s}, Rows: [][]string{{s}}},
			chat.Quote{Text: s, Source: s},
			chat.Chart{Title: s, Unit: s, Note: s, Bars: []chat.Bar{{Label: s, Low: 1, High: 2, HasLow: true, HasHigh: true}, {Label: s, Mean: 2, HasMean: true}}},
		},
		Sources: []chat.Source{{ID: s, Title: s, Publisher: s, Date: s, URL: s}, {Publisher: s, URL: "https://example.com/" + s}},
		Actions: []chat.Action{{Label: s, Token: "ask:x"}},
		About:   chat.About{More: "more:1:x", Why: "why:x", Sources: "from:x", Up: "vote:up:x", Down: "vote:down:x"},
	}
}

// safe looks at every text of a message but what the renderer writes itself: mentions of who asked, and links to sources.
func safe(t *testing.T, message any) {
	t.Helper()
	raw, err := json.Marshal(message)
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	walk(v, func(key, s string) {
		if key == "value" || key == "thread_ts" { // never shown
			return
		}
		if !utf8.ValidString(s) {
			t.Errorf("%s %q is no text", key, s)
		}
		s = ours.ReplaceAllString(s, "")
		if instruction.MatchString(s) {
			t.Errorf("%s %q holds an instruction", key, s)
		}
	})
}

// ours are the two kinds of instruction that the renderer writes.
var ours = regexp.MustCompile(`^<@[A-Z0-9_]+> asked:|<https?://[^<>|\s]+\|[^<>|]*>`)

// walk gives every string of a JSON value, with the name it stands under.
func walk(v any, do func(key, s string)) {
	switch v := v.(type) {
	case map[string]any:
		for k, e := range v {
			if s, ok := e.(string); ok {
				do(k, s)
				continue
			}
			walk(e, do)
		}
	case []any:
		for _, e := range v {
			if s, ok := e.(string); ok {
				do("", s)
				continue
			}
			walk(e, do)
		}
	}
}

// TestTypedIsQuick: a message of half a megabyte that looks like references all over costs no more than its length.
func TestTypedIsQuick(t *testing.T) {
	t.Parallel()
	for _, s := range []string{strings.Repeat("<", 1<<19), strings.Repeat("<@", 1<<18), strings.Repeat("&lt;<", 1<<16), strings.Repeat("<!", 1<<18)} {
		start := time.Now()
		typed(s+">", "UBOT")
		mentions(s + ">")
		if took := time.Since(start); took > 30*time.Second {
			t.Errorf("%.10q took %s", s, took)
		}
	}
}
