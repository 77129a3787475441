// Package lexicon is the vocabulary of a pack: how text becomes words, which words name which entity, which mean the
// same, and how a misspelt word is put right.
//
// It reads words; it does not decide what a question asks (package bot/intent) and does not rank (package index).
package lexicon

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
	"golang.org/x/text/unicode/norm"
)

// Token is one word of a text in the form the index and the lexicon compare.
type Token struct {
	Word       string // canonical, lower case: "csharp", "nodejs", "cicd", "backend", "1000000"
	Stem       string // light stem of Word
	Start, End int    // byte offsets in the normalised text
	Stop       bool   // carries no meaning of its own: "the", "hai"
	Upper      bool   // written in capitals: BE, IT, GO
}

// MaxTokens is how many words of one text Tokenize returns. A document section is far shorter; a longer text is
// somebody pasting a file.
const MaxTokens = 4096

// maxWord is how many bytes of one word are kept: longer ones are hashes, links or a held-down key.
const maxWord = 48

// Tokenize splits text into words after folding compatibility forms, curly quotes and dashes.
// Technical names survive: C#, C++, .NET, Node.js, CI/CD; so do figures: "10,00,000" is the word 1000000 and
// "₹3–5" the words 3 and 5. No input is an error.
func Tokenize(text string) []Token {
	var t Tokenizer
	return t.Tokenize(text)
}

// Tokenizer tokenizes many texts and stems each word once. The zero value is ready; it is for one goroutine.
type Tokenizer struct {
	stems map[string]string // by word; nil: nothing is kept
}

// NewTokenizer makes a Tokenizer that remembers the stems it has worked out.
func NewTokenizer() *Tokenizer { return &Tokenizer{stems: make(map[string]string, 4096)} }

// Tokenize does what the function of this name does.
func (t *Tokenizer) Tokenize(text string) []Token {
	return t.Append(make([]Token, 0, len(text)/6+1), text)
}

// Append adds the tokens of text to toks, so that one slice serves for many texts.
func (t *Tokenizer) Append(toks []Token, text string) []Token {
	n := len(toks)
	toks = appendWords(toks, text)
	for i := n; i < len(toks); i++ {
		toks[i].Stem = t.stem(toks[i].Word)
	}
	return toks
}

// words splits a text into tokens that have no stem yet.
func words(text string) []Token { return appendWords(make([]Token, 0, len(text)/6+1), text) }

// appendWords adds to toks what words gives.
func appendWords(toks []Token, text string) []Token {
	s, before := fold(text), len(toks)
	for i := 0; i < len(s) && len(toks)-before < MaxTokens; {
		start, end := next(s, i)
		if start == end {
			break
		}
		i = end
		toks = appendWord(toks, s, start, end)
	}
	return toks[:before+len(joinCompounds(toks[before:]))]
}

func (t *Tokenizer) stem(word string) string {
	if s, ok := t.stems[word]; ok {
		return s
	}
	s := Stem(word)
	if t.stems != nil {
		t.stems[word] = s
	}
	return s
}

// fold applies NFKC and makes quotes, dashes and odd spaces plain. ASCII text is returned as it is.
func fold(text string) string {
	ascii := true
	for i := 0; i < len(text); i++ {
		if text[i] >= utf8.RuneSelf {
			ascii = false
			break
		}
	}
	if ascii {
		return text
	}
	return foldMarks.Replace(norm.NFKC.String(strings.ToValidUTF8(text, " ")))
}

var foldMarks = strings.NewReplacer(
	"’", "'", "‘", "'", "`", "'", "´", "'", "“", `"`, "”", `"`,
	"‐", "-", "‑", "-", "‒", "-", "–", "-", "—", "-", "−", "-",
	"\u200b", "", "\u200c", "", "\u200d", "", "\ufeff", "", "⁄", "/",
)

// next finds the next word at or after i: a run of letters, digits and combining marks, with the joints of
// technical names and numbers kept inside it.
func next(s string, i int) (start, end int) {
	for i < len(s) {
		r, n := utf8.DecodeRuneInString(s[i:])
		if isWord(r) || r == '.' && dotNet(s, i) {
			break
		}
		i += n
	}
	start = i
	for i < len(s) {
		r, n := utf8.DecodeRuneInString(s[i:])
		if !isWord(r) && !joint(s, start, i, r) {
			break
		}
		i += n
	}
	return start, i
}

func isWord(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}

// dotNet says whether the dot at i begins ".net".
func dotNet(s string, i int) bool {
	return len(s) >= i+4 && strings.EqualFold(s[i+1:i+4], "net") && (len(s) == i+4 || !isWord(rune(s[i+4])))
}

// joint says whether the mark r at i belongs to the word that began at start.
func joint(s string, start, i int, r rune) bool {
	after := rune(0)
	if i+1 < len(s) {
		after, _ = utf8.DecodeRuneInString(s[i+1:])
	}
	switch r {
	case '#': // C#, F#: one letter before, nothing of a word after
		return i == start+1 && isLetter(s[start]) && !isWord(after)
	case '+': // C++
		return i > start && isLetter(s[start]) && (s[i-1] == '+' || after == '+') && i-start <= 2
	case '.': // a number's point, the dot of .NET, of Node.js and its like
		if i == start {
			return true
		}
		if isDigit(s[i-1]) {
			return after >= '0' && after <= '9'
		}
		return hasFold(s[i+1:], "js") || hasFold(s[i+1:], "net") || hasFold(s[i+1:], "io")
	case ',': // 10,00,000 and 87,000
		return i > start && isDigit(s[i-1]) && groupAfter(s[i+1:])
	case '\'': // don't
		return i > start && isLetter(s[i-1]) && isWord(after)
	}
	return false
}

// groupAfter says whether s begins with a digit group of two or three, as Indian and western numbers have them.
func groupAfter(s string) bool {
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return n == 2 && len(s) > 2 && s[2] == ',' || n == 3
}

func hasFold(s, word string) bool {
	return len(s) >= len(word) && strings.EqualFold(s[:len(word)], word) && (len(s) == len(word) || !isWord(rune(s[len(word)])))
}

func isDigit(b byte) bool  { return b >= '0' && b <= '9' }
func isLetter(b byte) bool { return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' }

// appendWord adds the word s[start:end] in its canonical form; a number glued to a unit ("87k", "5lpa") becomes two
// words so that figures and units are found however they were typed.
func appendWord(toks []Token, s string, start, end int) []Token {
	raw := s[start:end]
	if digits := leadingNumber(raw); digits > 0 && digits < len(raw) && unit(raw[digits:]) {
		toks = append(toks, newToken(raw[:digits], start, start+digits))
		return append(toks, newToken(raw[digits:], start+digits, end))
	}
	return append(toks, newToken(raw, start, end))
}

func leadingNumber(w string) int {
	n := 0
	for n < len(w) && (isDigit(w[n]) || w[n] == ',' || w[n] == '.') {
		n++
	}
	return n
}

func unit(w string) bool {
	switch strings.ToLower(w) {
	case "k", "l", "lpa", "cr", "lakh", "lakhs", "lac", "lacs", "yrs", "yr", "years", "yoe", "months", "mo":
		return true
	}
	return false
}

func newToken(raw string, start, end int) Token {
	return Token{Word: canonical(raw), Start: start, End: end, Upper: len(raw) > 1 && capitals(raw)}
}

// capitals says whether w has capital letters and no small ones.
func capitals(w string) bool {
	capital := false
	for _, r := range w {
		if unicode.IsLower(r) {
			return false
		}
		capital = capital || unicode.IsUpper(r)
	}
	return capital
}

// canonical is the form in which one word is compared.
func canonical(raw string) string {
	if isDigit(raw[0]) {
		return strings.ReplaceAll(raw, ",", "")
	}
	w := strings.ToLower(raw)
	if len(w) > maxWord {
		w = strings.ToValidUTF8(w[:maxWord], "")
	}
	if i := strings.IndexByte(w, '\''); i >= 0 {
		switch w[i:] {
		case "'s", "'re", "'ll", "'ve", "'d", "'m":
			w = w[:i]
		default:
			w = strings.ReplaceAll(w, "'", "")
		}
	}
	return technical(w)
}

// technical spells the names whose marks a search engine would drop.
func technical(w string) string {
	switch w {
	case "c#":
		return "csharp"
	case "c++":
		return "cpp"
	case "f#":
		return "fsharp"
	case ".net", "dotnet":
		return "dotnet"
	}
	if !strings.ContainsAny(w, ".+#") {
		return w
	}
	if isDigit(w[0]) {
		return w
	}
	return spellMarks.Replace(w)
}

var spellMarks = strings.NewReplacer(".", "", "+", "p", "#", "sharp")

// joinCompounds makes one word of the compounds people write in three ways: back-end, back end, backend.
func joinCompounds(toks []Token) []Token {
	out := toks[:0]
	for i := 0; i < len(toks); i++ {
		if i+1 < len(toks) {
			if w, ok := compound(toks[i].Word, toks[i+1].Word); ok {
				out = append(out, Token{Word: w, Start: toks[i].Start, End: toks[i+1].End})
				i++
				continue
			}
		}
		out = append(out, toks[i])
	}
	return out
}

// compound joins two words that name one thing. Only joints that never part again stand here; the rest is the
// lexicon's business.
func compound(a, b string) (string, bool) {
	switch b {
	case "end", "ends":
		if a == "back" || a == "front" {
			return a + "end", true
		}
	case "stack", "stak":
		if a == "full" {
			return "fullstack", true
		}
	case "side", "sided":
		if a == "server" || a == "client" {
			return a + "side", true
		}
	case "js":
		if a == "node" || a == "express" || a == "vue" || a == "next" || a == "react" {
			return a + "js", true
		}
	case "cd":
		if a == "ci" {
			return "cicd", true
		}
	case "sharp":
		if a == "c" || a == "f" {
			return a + "sharp", true
		}
	case "net":
		if a == "dot" {
			return "dotnet", true
		}
	case "ops":
		if a == "dev" {
			return "devops", true
		}
	}
	return "", false
}

// Stem is the light stem of a canonical word: Snowball's English stemmer, with short words, figures and technical
// names left alone, since their endings are not endings.
func Stem(w string) string {
	if len(w) < 4 || isDigit(w[0]) || keepWhole(w) {
		return w
	}
	env := snowballstem.NewEnv(w)
	english.Stem(env)
	return env.Current()
}

// keepWhole lists words that a stemmer would bring together with another meaning or cut into a non-word.
func keepWhole(w string) bool {
	if strings.HasSuffix(w, "js") || strings.HasSuffix(w, "sql") {
		return true
	}
	switch w {
	case "kubernetes", "redis", "jenkins", "postgres", "travis", "aws", "rails", "express", "nodes", "https", "saas",
		"analyst", "news", "sales", "laravel", "mysql", "apache", "oracle", "composer", "swagger", "grafana", "vue",
		"java", "designer", "designers", "devops", "mlops", "sysops", "django", "flask", "ubuntu", "azure", "lacs", "university", "universe":
		return true
	}
	return false
}
