package layout

import (
	"strings"

	"careerbot/adapters/discord/lint"
	"careerbot/adapters/discord/markdown"
	"careerbot/adapters/discord/wire"
)

// Notice is a sentence of the adapter's own, where there is no answer.
type Notice int

// What is said without the bot.
const (
	Expired Notice = iota // a button or form of another version was pressed
	Missing               // the command is not known
	Busy                  // too much is under way: ask again
	Failed                // the question or the change was lost: ask again
	TooMany               // a change of settings names more than is kept
)

// Notify draws a notice in the language of l.
func Notify(n Notice, l Look) wire.Reply {
	w := wordsOf(l.Locale)
	say := w.failed
	switch n {
	case Expired:
		say = w.expired
	case Missing:
		say = w.missing
	case Busy:
		say = w.busy
	case TooMany:
		say = w.tooMany
	case Failed:
	}
	return Sentence(say, l)
}

// Sentence draws a sentence or a few; of nothing it says that there is an answer which cannot be shown.
func Sentence(say string, l Look) wire.Reply {
	lines := markdown.Lines(say)
	if len(lines) == 0 {
		lines = []string{wordsOf(l.Locale).undrawn}
	}
	return framed(lines, l)
}

// framed is lines of markdown in a frame that marks no answer.
func framed(lines []string, l Look) wire.Reply {
	text := markdown.ShortenEscaped(strings.Join(lines, "\n"), lint.MaxText)
	return message(l, []wire.Component{{Type: wire.TypeContainer, Accent: new(grey), Components: []wire.Component{{Type: wire.TypeText, Content: text}}}})
}
