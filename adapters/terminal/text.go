package terminal

import (
	"strings"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"

	"careerbot/bot/chat"
)

// SGR codes: https://vt100.net/docs/vt510-rm/SGR.html and ECMA-48, 8.3.117.
const (
	bold  = "\x1b[1m"
	dim   = "\x1b[2m"
	cyan  = "\x1b[36m"
	reset = "\x1b[0m"
)

// cells measures display width by fixed rules, not by the environment's: the same answer is drawn the same everywhere.
func cells() *runewidth.Condition {
	return &runewidth.Condition{StrictEmojiNeutral: true}
}

func width(s string) int { return cells().StringWidth(s) }

// pad fills s up to n columns with spaces.
func pad(s string, n int) string {
	return s + strings.Repeat(" ", max(0, n-width(s)))
}

// signBytes is how many bytes a column may take before a line counts as full: signs without width, heaped up,
// would otherwise make one line of any length.
const signBytes = 32

// wrap breaks s at spaces into lines of at most n columns and parts words that are wider. It has at least one line.
func wrap(s string, n int) []string {
	var lines []string
	line, used := "", 0
	for word := range strings.FieldsSeq(s) {
		w := width(word[:min(len(word), n*signBytes)])
		if line != "" {
			if used+1+w <= n && len(line)+len(word) < n*signBytes {
				line, used = line+" "+word, used+1+w
				continue
			}
			lines = append(lines, line)
		}
		parts := part(word, n)
		lines, line = append(lines, parts[:len(parts)-1]...), parts[len(parts)-1]
		used = width(line)
	}
	return append(lines, line)
}

// part cuts a word without spaces into pieces of at most n columns.
func part(word string, n int) []string {
	var pieces []string
	c := cells()
	for {
		// Only the beginning is measured: measuring the whole for every piece takes a long word's length squared.
		head := word
		if len(head) > n*signBytes {
			end := n * signBytes
			for !utf8.RuneStart(head[end]) {
				end--
			}
			head = head[:end]
		}
		piece := c.Truncate(head, n, "")
		if piece == word {
			return append(pieces, word)
		}
		if piece == "" { // one sign is wider than the line
			_, size := utf8.DecodeRuneInString(word)
			piece = word[:size]
		}
		pieces, word = append(pieces, piece), word[len(piece):]
		if word == "" {
			return pieces
		}
	}
}

// hang wraps s to n columns, the first line after head and the others under it.
func hang(head, s string, n int) []string {
	indent := width(head)
	lines := wrap(s, max(1, n-indent))
	for i, l := range lines {
		if i > 0 {
			head = strings.Repeat(" ", indent)
		}
		lines[i] = strings.TrimRight(head+l, " ")
	}
	return lines
}

// paragraphs wraps each line of s by itself; runs of empty lines become one. Every line is cleaned of what a
// terminal would act on.
func paragraphs(s string, n int) []string {
	var lines []string
	for l := range strings.SplitSeq(s, "\n") {
		l = chat.Line(l)
		if l == "" && (len(lines) == 0 || lines[len(lines)-1] == "") {
			continue
		}
		lines = append(lines, wrap(l, n)...)
	}
	for len(lines) > 0 && lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}
