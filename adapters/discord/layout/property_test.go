package layout

import (
	"flag"
	"strings"
	"testing"

	"careerbot/bot/chat"

	"pgregory.net/rapid"
)

// TestMain draws what is drawn from one seed, so that nobody's change fails by an answer that nobody has drawn before. Others
// are for those who look for one: go test ./adapters/discord/layout -rapid.seed=0 -rapid.checks=100000.
func TestMain(m *testing.M) {
	_ = flag.Set("rapid.seed", "1")
	m.Run()
}

// words that people and articles may use against a chat, and some that are only long.
var nasty = []string{
	"@everyone", "@here", "<@123>", "<@&5>", "<#7>", "[click](https://evil.example)", "](", "```", "||", "\\", "# ", "- ", "> ", "1. ",
	"https://evil.example", "discord.gg/evil", "<t:1:R>", "</x:1>", "<:e:1>", "\n", "\n\n", "\t", "\x00", "\u202e", "\u200b", "👩\u200d💻",
	"é", "e\u0301", "देवनागरी", "后端", "מימין", "₹7–12", "Server-side", "C#", strings.Repeat("x", 300), strings.Repeat("word ", 200),
	strings.Repeat("😀", 90), strings.Repeat("*", 500),
}

func anyText() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		var b strings.Builder
		for range rapid.IntRange(0, 12).Draw(t, "words") {
			if rapid.Bool().Draw(t, "nasty") {
				b.WriteString(rapid.SampledFrom(nasty).Draw(t, "word"))
			} else {
				b.WriteString(rapid.String().Draw(t, "text"))
			}
			if rapid.Bool().Draw(t, "space") {
				b.WriteByte(' ')
			}
		}
		return b.String()
	})
}

func anyBlock() *rapid.Generator[chat.Block] {
	text := anyText()
	return rapid.OneOf(
		rapid.Custom(func(t *rapid.T) chat.Block { return chat.Text{Text: text.Draw(t, "text")} }),
		rapid.Custom(func(t *rapid.T) chat.Block {
			items := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) chat.Item {
				return chat.Item{Text: text.Draw(t, "item"), Of: text.Draw(t, "of")}
			}), 0, 30).Draw(t, "items")
			return chat.List{Title: text.Draw(t, "title"), Ordered: rapid.Bool().Draw(t, "ordered"), Items: items}
		}),
		rapid.Custom(func(t *rapid.T) chat.Block {
			row := rapid.SliceOfN(text, 0, 6)
			return chat.Table{Title: text.Draw(t, "title"), Columns: row.Draw(t, "columns"), Rows: rapid.SliceOfN(row, 0, 12).Draw(t, "rows")}
		}),
		rapid.Custom(func(t *rapid.T) chat.Block {
			return chat.Quote{Text: text.Draw(t, "quote"), Source: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "source")}
		}),
		rapid.Custom(func(t *rapid.T) chat.Block {
			bars := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) chat.Bar {
				return chat.Bar{Label: text.Draw(t, "label"), Low: rapid.Float64().Draw(t, "low"), High: rapid.Float64().Draw(t, "high"), HasLow: true, HasHigh: true}
			}), 0, 25).Draw(t, "bars")
			return chat.Chart{Title: text.Draw(t, "title"), Unit: text.Draw(t, "unit"), Note: text.Draw(t, "note"), Bars: bars}
		}),
	)
}

func anyAnswer() *rapid.Generator[chat.Answer] {
	text := anyText()
	token := rapid.StringMatching(`[a-z:]{0,96}`)
	action := rapid.Custom(func(t *rapid.T) chat.Action {
		return chat.Action{Label: text.Draw(t, "label"), Token: token.Draw(t, "token")}
	})
	return rapid.Custom(func(t *rapid.T) chat.Answer {
		return chat.Answer{
			Title: text.Draw(t, "title"), Lead: text.Draw(t, "lead"), Answered: rapid.Bool().Draw(t, "answered"),
			Blocks: rapid.SliceOfN(anyBlock(), 0, 8).Draw(t, "blocks"),
			Sources: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) chat.Source {
				return chat.Source{
					ID: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "id"), Title: text.Draw(t, "article"), Publisher: text.Draw(t, "publisher"),
					Date: text.Draw(t, "date"), URL: rapid.SampledFrom([]string{"", "https://x.example/a", "javascript:alert(1)", "http://u:p@x.example", "//x", "https://x.example/" + strings.Repeat("y", 600), "https://x.example/<@1> )"}).Draw(t, "url"),
				}
			}), 0, 9).Draw(t, "sources"),
			Actions: rapid.SliceOfN(action, 0, 8).Draw(t, "actions"),
			Facets: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) chat.Facet {
				return chat.Facet{Name: text.Draw(t, "facet"), Options: rapid.SliceOfN(action, 1, 30).Draw(t, "options")}
			}), 0, 3).Draw(t, "facets"),
			About: chat.About{
				More: token.Draw(t, "more"), Why: token.Draw(t, "why"), Sources: token.Draw(t, "from"), Again: token.Draw(t, "again"),
				Up: token.Draw(t, "up"), Down: token.Draw(t, "down"),
			},
		}
	})
}

// TestAnyAnswer draws random answers: every page keeps every limit without falling back to plain text, and nothing in it
// pings or links. The pages together have the whole answer, none of it twice.
func TestAnyAnswer(t *testing.T) {
	t.Parallel()
	kept := &Pictures{} // drawing charts is most of the time
	rapid.Check(t, func(rt *rapid.T) {
		a := anyAnswer().Draw(rt, "answer")
		text := anyText()
		l := Look{
			Locale: rapid.SampledFrom([]string{"", "en-US", "hi", "xx"}).Draw(rt, "locale"), Private: rapid.Bool().Draw(rt, "private"),
			Share: true, By: text.Draw(rt, "by"), Question: text.Draw(rt, "question"), Owner: "1001", Feedback: true, Bare: rapid.IntRange(0, 3).Draw(rt, "bare") > 0,
		}
		all := pages(parts(a), a.About.Again != "", wordsOf(l.Locale))
		for l.Page = range all {
			r := kept.Render(a, l)
			if len(r.Problems) > 0 {
				rt.Fatalf("page %d: %v", l.Page, r.Problems)
			}
			innocent(t, r)
		}
		if t.Failed() {
			rt.FailNow()
		}
	})
}

// TestPagesLoseNothing compares the words on all pages with those of one endless page.
func TestPagesLoseNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		whole := parts(anyAnswer().Draw(rt, "answer"))
		all := pages(whole, true, english)
		if len(all) == maxPages {
			return
		}
		join := func(list []part) string {
			var b strings.Builder
			for _, p := range list {
				b.WriteString(p.text)
			}
			return strings.NewReplacer(" ", "", "\\", "", "> ", "", ">", "").Replace(b.String())
		}
		got := ""
		for _, page := range all {
			got += join(page)
		}
		if want := join(whole); got != want {
			rt.Fatalf("pages have\n%q, not\n%q", got, want)
		}
	})
}
