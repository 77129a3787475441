package markup

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// abbreviations end in a stop that ends no sentence.
var abbreviations = []string{"e.g", "i.e", "etc", "vs", "approx", "rs", "no", "dr", "mr", "mrs", "ms", "st", "u.s", "u.k", "inc", "ltd", "avg", "min", "max", "cf", "fig", "sr", "jr", "ph.d", "b.sc", "m.sc", "b.tech", "m.tech"}

// Sentences splits a text into its sentences. A stop inside a word ("Node.js") or after an abbreviation ends none. Every
// sentence is a part of the text as it stands there; what lies between them is blanks only.
func Sentences(text string) []string {
	var out []string
	from := 0
	for i := 0; i < len(text); i++ {
		if c := text[i]; c == '\n' {
			out, from = appendSentence(out, text[from:i]), i+1
			continue
		} else if c != '.' && c != '!' && c != '?' {
			continue
		}
		end := i + 1
		for end < len(text) {
			r, n := utf8.DecodeRuneInString(text[end:])
			if !strings.ContainsRune(`.!?"'”’)]`, r) {
				break
			}
			end += n
		}
		if end < len(text) && (!opens(text[end:]) || abbreviated(text[from:i])) {
			continue
		}
		out, from, i = appendSentence(out, text[from:end]), end, end-1
	}
	return appendSentence(out, text[from:])
}

func appendSentence(out []string, s string) []string {
	if s = strings.TrimSpace(s); s != "" {
		out = append(out, s)
	}
	return out
}

// opens says whether blanks and the beginning of a sentence follow.
func opens(rest string) bool {
	trimmed := strings.TrimLeftFunc(rest, unicode.IsSpace)
	if len(trimmed) == len(rest) {
		return false
	}
	r, _ := utf8.DecodeRuneInString(trimmed)
	return trimmed == "" || !unicode.IsLower(r)
}

// abbreviated says whether the text before a stop ends in an abbreviation or in a single letter.
func abbreviated(before string) bool {
	word := strings.ToLower(before[strings.LastIndexAny(before, " (\u00a0")+1:])
	return slices.Contains(abbreviations, word) || len(word) == 1 && word[0] >= 'a' && word[0] <= 'z' && word != "c" && word != "r"
}
