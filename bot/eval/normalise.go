package eval

import (
	"strings"
	"unicode"
)

// Normalise is the form of an answer the expressions of Judged.Must are written for: lower case; every dash a '-';
// '_', '|' and every run of space one blank; commas that group digits dropped (₹10,00,000 is ₹1000000); the marks
// * ` ~ and characters without width dropped; curly quotes straight. It gives the bytes grade.py's normalise gives;
// what is not UTF-8 counts as U+FFFD, byte by byte, as it does in JSON.
func Normalise(s string) string {
	return ungroup(plain(lower([]rune(s))))
}

// plain maps marks, dashes, quotes and spaces, and trims.
func plain(rs []rune) []rune {
	out := make([]rune, 0, len(rs))
	for _, r := range rs {
		switch {
		case mark(r):
		case dash(r):
			out = append(out, '-')
		case r == '‘' || r == '’':
			out = append(out, '\'')
		case r == '“' || r == '”':
			out = append(out, '"')
		case blank(r):
			if len(out) > 0 && out[len(out)-1] != ' ' {
				out = append(out, ' ')
			}
		default:
			out = append(out, r)
		}
	}
	if n := len(out); n > 0 && out[n-1] == ' ' {
		out = out[:n-1]
	}
	return out
}

func mark(r rune) bool {
	return r == '*' || r == '`' || r == '~' || r >= 0x200b && r <= 0x200d || r == 0xfeff
}

func dash(r rune) bool {
	return r >= 0x2010 && r <= 0x2015 || r == 0x2043 || r == 0x2212 || r == 0xfe58 || r == 0xfe63 || r == 0xff0d
}

// blank holds for what Python calls white space, which has the four separators U+001C–1F beyond Go's, and for '_'
// and '|'.
func blank(r rune) bool {
	return r == '_' || r == '|' || unicode.IsSpace(r) || r >= 0x1c && r <= 0x1f
}

// ungroup drops every comma that stands after a digit and before two or three of them, no more.
func ungroup(rs []rune) string {
	var b strings.Builder
	b.Grow(len(rs))
	for i, r := range rs {
		if r == ',' && i > 0 && unicode.IsDigit(rs[i-1]) {
			n := 0
			for n < 4 && i+1+n < len(rs) && unicode.IsDigit(rs[i+1+n]) {
				n++
			}
			if n == 2 || n == 3 {
				continue
			}
		}
		b.WriteRune(r)
	}
	return b.String()
}

// lower is Unicode's full lower case, which Go's ToLower is not: 'İ' becomes two characters, and a Greek sigma at the
// end of a word becomes 'ς'.
func lower(rs []rune) []rune {
	out := make([]rune, 0, len(rs))
	for i, r := range rs {
		switch {
		case r == 'İ':
			out = append(out, 'i', '\u0307')
		case r == 'Σ' && endsWord(rs, i):
			out = append(out, 'ς')
		default:
			out = append(out, unicode.ToLower(r))
		}
	}
	return out
}

// endsWord is Unicode's condition Final_Sigma for the letter at i: a letter with case stands before it and none
// behind, accents and apostrophes not counted.
func endsWord(rs []rune, i int) bool {
	before, behind := i-1, i+1
	for before >= 0 && caseIgnorable(rs[before]) {
		before--
	}
	for behind < len(rs) && caseIgnorable(rs[behind]) {
		behind++
	}
	return before >= 0 && cased(rs[before]) && (behind == len(rs) || !cased(rs[behind]))
}

func cased(r rune) bool {
	return unicode.In(r, unicode.Lu, unicode.Ll, unicode.Lt, unicode.Other_Uppercase, unicode.Other_Lowercase)
}

// caseIgnorable is the property of that name: Unicode Standard, section 3.13, definition D136.
func caseIgnorable(r rune) bool {
	return unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf, unicode.Lm, unicode.Sk) ||
		strings.ContainsRune("'.:\u00b7\u0387\u055f\u05f4\u2018\u2019\u2024\u2027\ufe13\ufe52\ufe55\uff07\uff0e\uff1a", r)
}
