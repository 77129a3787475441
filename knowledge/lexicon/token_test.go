package lexicon_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"careerbot/knowledge/lexicon"
)

func words(toks []lexicon.Token) string {
	out := make([]string, len(toks))
	for i, t := range toks {
		out[i] = t.Word
	}
	return strings.Join(out, " ")
}

func TestTokenize(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"nothing", "", ""},
		{"marks only", " ?! … — “”", ""},
		{"sharp languages", "C#, F# (C#8) and #1", "csharp fsharp c 8 and 1"},
		{"C++", "C++ (C++) c++17 1+1", "cpp cpp cpp17 1 1"},
		{".NET", ".NET dotnet Dot Net ASP.NET .NET.", "dotnet dotnet dotnet aspnet dotnet"},
		{"dots that end sentences", "I use Go. Then .x and e.g. this.", "i use go then x and e g this"},
		{"Node.js", "Node.js NodeJS node js NODE.JS node-js", "nodejs nodejs nodejs nodejs nodejs"},
		{"its like", "Next.js vue js Express.js socket.io", "nextjs vuejs expressjs socketio"},
		{"CI/CD", "CI/CD ci cd CICD ci-cd", "cicd cicd cicd cicd"},
		{"back-end", "back-end back end backend Back–end BACK END", "backend backend backend backend backend"},
		{
			"other compounds", "full stack full-stack front end server-side dev ops dev-ops",
			"fullstack fullstack frontend serverside devops devops",
		},
		{"halves that stay alone", "stack full, end back, ops", "stack full end back ops"},
		{"rupees", "₹3–5 LPA", "3 5 lpa"},
		{"Indian groups", "10,00,000 and 1,23,456", "1000000 and 123456"},
		{"western groups", "USD 87,000 or 10,000,000", "usd 87000 or 10000000"},
		{"lists of numbers", "1,2,3 and 10,00", "1 2 3 and 10 00"},
		{"dollars in thousands", "$87K 87k", "87 k 87 k"},
		{"glued units", "5lpa 3L 10Cr 12mo 5+yoe", "5 lpa 3 l 10 cr 12 mo 5 yoe"},
		{"years", "1-3yrs 2–6 years 5+ yoe", "1 3 yrs 2 6 years 5 yoe"},
		{"decimals", "3.5 lakh 1.23lakh 3.5.1", "3.5 lakh 1.23 lakh 3.5.1"},
		{"letters and digits", "k8s S3 2nd h2o OAuth2", "k8s s3 2nd h2o oauth2"},
		{"apostrophes", "don't dont won’t o'clock", "dont dont wont oclock"},
		{"contractions", "what's they’re I'll developer's you`ve", "what they i developer you"},
		{"quotes", "'quoted' “curly” ‘single’ James'", "quoted curly single james"},
		{"control characters", "a\x00b\x07c\x1bd", "a b c d"},
		{"bidirectional overrides", "pay\u202eyap\u2066x", "pay yap x"},
		{"zero width", "back\u200bend \ufeffgo", "backend go"},
		{"invalid UTF-8", "pay\xffday \xc3", "pay day"},
		{"compatibility forms", "ｂａｃｋｅｎｄ ﬁnance café cafe\u0301", "backend finance café café"},
		{"emoji", "dev🙂ops 👩\u200d💻 go🚀", "devops go"},
		{"other scripts", "बैकएंड डेवलपर 后端开发", "बैकएंड डेवलपर 后端开发"},
		{"links", "see https://example.com/a_b?x=1", "see https example com a b x 1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := words(lexicon.Tokenize(tt.in)); got != tt.want {
				t.Errorf("Tokenize(%q)\n got %q\nwant %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestTokenizeLimits(t *testing.T) {
	t.Parallel()
	if toks := lexicon.Tokenize(strings.Repeat("x", 10_000)); len(toks) != 1 || len(toks[0].Word) > 48 || toks[0].End != 10_000 {
		t.Errorf("10,000 letters give %d tokens", len(toks))
	}
	if got := lexicon.Tokenize(strings.Repeat("é", 10_000)); len(got) != 1 || !utf8.ValidString(got[0].Word) {
		t.Errorf("10,000 accented letters give %d tokens, want one of whole letters", len(got))
	}
	if got := len(lexicon.Tokenize(strings.Repeat("pay ", 2*lexicon.MaxTokens))); got != lexicon.MaxTokens {
		t.Errorf("a very long text gives %d tokens, want %d", got, lexicon.MaxTokens)
	}
}

func TestTokenOffsetsAndCapitals(t *testing.T) {
	t.Parallel()
	const text = "Is BE (back end) paid 5lpa in IT? C#"
	want := []struct {
		at    string
		upper bool
	}{{"Is", false}, {"BE", true}, {"back end", false}, {"paid", false}, {"5", false}, {"lpa", false}, {"in", false}, {"IT", true}, {"C#", true}}
	toks := lexicon.Tokenize(text)
	if len(toks) != len(want) {
		t.Fatalf("Tokenize(%q) = %q", text, words(toks))
	}
	for i, tok := range toks {
		if got := text[tok.Start:tok.End]; got != want[i].at || tok.Upper != want[i].upper {
			t.Errorf("token %d is %q, capitals %v; want %q, %v", i, got, tok.Upper, want[i].at, want[i].upper)
		}
	}
}

func TestTokenizerKeepsStems(t *testing.T) {
	t.Parallel()
	tok := lexicon.NewTokenizer()
	for _, text := range []string{"salaries of developers", "developers' salaries", "salaries of developers"} {
		got, want := tok.Tokenize(text), lexicon.Tokenize(text)
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%q, token %d: %+v, want %+v", text, i, got[i], want[i])
			}
		}
	}
}

func TestStem(t *testing.T) {
	t.Parallel()
	for _, same := range [][]string{
		{"salary", "salaries"},
		{"developer", "developers"},
		{"skill", "skills"},
		{"responsibility", "responsibilities"},
		{"learn", "learning", "learned", "learns"},
		{"certification", "certifications"},
	} {
		for _, w := range same[1:] {
			if a, b := lexicon.Stem(same[0]), lexicon.Stem(w); a != b {
				t.Errorf("Stem(%q) = %q but Stem(%q) = %q", same[0], a, w, b)
			}
		}
	}
	for _, w := range []string{
		"kubernetes", "redis", "postgres", "aws", "rails", "nodejs", "mysql", "devops", "java", "university",
		"1000000", "3.5", "go", "api", "saas",
	} {
		if got := lexicon.Stem(w); got != w {
			t.Errorf("Stem(%q) = %q, want it whole", w, got)
		}
	}
	for a, b := range map[string]string{"university": "universal", "java": "javascript", "analyst": "analysis"} {
		if lexicon.Stem(a) == lexicon.Stem(b) {
			t.Errorf("%q and %q have one stem", a, b)
		}
	}
}

// FuzzTokenize checks what every caller relies on: words are there, bounded and valid, their places are in order.
func FuzzTokenize(f *testing.F) {
	for _, s := range []string{
		"C# C++ F# .NET Node.js CI/CD", "₹3–5 LPA 10,00,000 $87K 5lpa", "don’t what's 'x' `y`", "a\x00b\u202e\xff",
		"👩\u200d💻 e\u0301", "back end full stack dev ops", "..net'.js+#", "۳٫۵ Ⅷ ½ ﷺ", strings.Repeat("x", 100),
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		folded := len(norm.NFKC.String(strings.ToValidUTF8(s, " "))) // folding marks afterwards only shortens
		end := 0
		toks := lexicon.Tokenize(s)
		if len(toks) > lexicon.MaxTokens {
			t.Fatalf("%d tokens", len(toks))
		}
		for i, tok := range toks {
			switch {
			case tok.Word == "" || tok.Stem == "":
				t.Fatalf("token %d of %q is empty: %+v", i, s, tok)
			case !utf8.ValidString(tok.Word) || !utf8.ValidString(tok.Stem):
				t.Fatalf("token %d of %q is not UTF-8: %+v", i, s, tok)
			case tok.Start < end || tok.End <= tok.Start || tok.End > folded:
				t.Fatalf("token %d of %q stands at %d:%d after %d, in %d bytes", i, s, tok.Start, tok.End, end, folded)
			case !bounded(tok):
				t.Fatalf("token %d of %q has %d bytes", i, s, len(tok.Word))
			}
			end = tok.End
		}
	})
}

// bounded says whether a word is no longer than the index wants it. Some marks are written out ("#" is "sharp"), so
// a word may grow over the limit a little.
func bounded(tok lexicon.Token) bool {
	const limit, grown = 48, 5 * 48
	return len(tok.Word) <= limit || strings.ContainsAny(tok.Word[:1], "0123456789") ||
		len(tok.Word) <= grown && strings.Contains(tok.Word, "sharp")
}
