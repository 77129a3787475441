package payload

import (
	"strings"
	"testing"
	"time"
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
