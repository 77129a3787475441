package index_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"careerbot/index"
)

// oddities are pieces of text that upset parsers, tokenisers and query languages.
var oddities = []string{
	"", " ", "\x00", "\xff\xfe", "\xc3", "\u202e", "\u200b", "\u0301", "😀", "👩‍👩‍👧", "ﬁ", "İ", "ß", "日本語", "हिन्दी", "नौकरी", "العربية", "١٢٣",
	"*", "?", "_id:a", "title:python", "foo~9", "~1", "/.*/", "/[/", `"`, `"python`, "+", "-", "salary +", "\\", "^2", "(", ")", "&&", "||", "!",
	"{}", "[1 TO 2]", "<script>", "' OR 1=1 --", "%s%n", "../../etc", "\r\n", "\t", "C#", "c++", ".NET", "Node.js", "CI/CD", "₹3–5", "10,00,000",
	"$87K", "don’t", "python", "the", "IT", strings.Repeat("a", 300), strings.Repeat("é", 100), "1e999", "-0", "NaN", "''''", "....", "#####",
}

// TestOddities asks 60,000 odd questions, fewer in short mode.
func TestOddities(t *testing.T) {
	t.Parallel()
	x := build(t, passages("python developers", "C# and .NET", "Node.js|a server", "salary of IT people in हिन्दी"))
	r, n := rand.New(rand.NewPCG(5, 6)), 60_000
	if testing.Short() {
		n = 3_000
	}
	for range n {
		var b strings.Builder
		for range r.IntN(8) {
			b.WriteString(oddities[r.IntN(len(oddities))])
			if r.IntN(2) == 0 {
				b.WriteByte(' ')
			}
		}
		ask(t, x, b.String())
	}
	for _, text := range []string{strings.Repeat("python", 1000), strings.Repeat("x", 5000), strings.Repeat("python java ", 4000), strings.Repeat("\xff", 10_000)} {
		ask(t, x, text)
	}
}

// ask puts text as a question and as a term, and checks what every answer must be.
func ask(t testing.TB, x *index.Index, text string) {
	t.Helper()
	for _, q := range []index.Query{{Text: text}, {Terms: []index.Term{{Word: text, Also: []index.Alt{{Stem: text}}}}}} {
		last := math.Inf(1)
		for _, h := range search(t, x, q) {
			if !(h.Score > 0 && h.Score <= last) || !(h.Coverage > 0 && h.Coverage <= 1) || h.ID == "" || len(h.Matched) == 0 {
				t.Fatalf("%q: hit %+v after one of score %v", text, h, last)
			}
			last = h.Score
		}
	}
	x.Has(text)
}

func FuzzSearch(f *testing.F) {
	for _, text := range oddities {
		f.Add(text, text, 1.0)
	}
	x := build(f, passages("python developers", "C# and .NET", "Node.js|a server", "salary of IT people in हिन्दी"))
	f.Fuzz(func(t *testing.T, text, word string, weight float64) {
		ask(t, x, text)
		q := index.Query{
			Terms: []index.Term{{Word: word, Weight: weight, Also: []index.Alt{{Stem: "python", Weight: weight}}}, {Word: "salary"}},
			Boost: map[string]float64{"passage": weight},
			Size:  len(text) - 5,
		}
		for _, h := range search(t, x, q) {
			if math.IsNaN(h.Score) || math.IsNaN(h.Coverage) || h.Coverage > 1 {
				t.Fatalf("%+v: hit %+v", q, h)
			}
		}
	})
}

// TestClip says how much of a long message counts.
func TestClip(t *testing.T) {
	t.Parallel()
	x := build(t, passages("python", "java"))
	early := "python " + strings.Repeat("the ", 2000) + "java"
	if got := ids(search(t, x, index.Query{Text: early})); got != "a" {
		t.Errorf("found %q, want what the first words say", got)
	}
	var many strings.Builder
	for i := range index.MaxTerms {
		many.WriteString(strings.Repeat(string(rune('a'+i%26)), 2+i/26) + " ")
	}
	if got := ids(search(t, x, index.Query{Text: many.String() + "java"})); got != "" {
		t.Errorf("word %d counts: found %q", index.MaxTerms+1, got)
	}
}
