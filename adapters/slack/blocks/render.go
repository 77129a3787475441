// Package blocks draws an answer, the Home tab and the modals as Block Kit, and an answer as text where a workspace takes no
// blocks. It keeps to every limit of Slack, named in limits.go.
//
// It is pure. It sends nothing, and decides neither what an answer says nor who sees it: the [payload.Place] tells.
package blocks

import (
	"strings"
	"unicode/utf8"

	"careerbot/adapters/slack/payload"
	"careerbot/bot/chart"
	"careerbot/bot/chat"

	"github.com/slack-go/slack"
)

// Longer parts of an answer are clipped, in characters; what is longest in a message is limited by limits.go.
const (
	maxLead    = 3000
	maxWords   = 300 // of a question that is repeated
	maxItem    = 600 // of a list
	maxItems   = 20  // of a list
	maxCell    = 400
	maxNamed   = 7  // sources under an answer; a button lists them all
	maxMenu    = 50 // options of a menu: more would cost the answer room, and nobody looks through them
	maxPlain   = 12_000
	noAnswer   = "I have no answer to this."
	cutShort   = "There is more than one message has room for."
	moreOfList = "… and %d more"
)

// Render draws a: who asked what where that stands nowhere else, title, lead, evidence, sources, buttons. It keeps to every
// limit of limits.go, whatever the answer, and at every level it says the same.
func Render(a chat.Answer, l Look) Reply {
	r := Reply{Text: fallback(a), Level: l.Level}
	if l.Level >= LevelText {
		r.Text, r.Level = wholeText(a, l.Place), LevelText
		return r
	}
	tail := newDrawing(l)
	tail.sources(a)
	tail.followUps(a)
	tail.about(a)
	tail.feedback(a)

	d := newDrawing(l)
	d.places, d.room = maxBlocks-len(tail.blocks)-1, maxBlocksText-tail.used-len(cutShort)
	d.repeat()
	d.heading(a)
	for _, b := range a.Blocks {
		if !d.evidence(b, a) {
			break
		}
	}
	if d.cut {
		d.blocks = append(d.blocks, context(markdown(escape(cutShort))))
	}
	r.Blocks = append(d.blocks, tail.blocks...)
	return r
}

// fallback is what notifications show and screen readers say: the answer in one sentence.
func fallback(a chat.Answer) string {
	for _, s := range []string{a.Lead, a.Title, noAnswer} {
		if s = escaped(s, maxText); s != "" {
			return s
		}
	}
	return noAnswer
}

// wholeText is the answer without blocks: all that they would say but buttons.
func wholeText(a chat.Answer, p payload.Place) string {
	var parts []string
	add := func(s string) {
		if s = strings.TrimSpace(s); s != "" {
			parts = append(parts, s)
		}
	}
	if p.Repeat && p.Words != "" {
		add(whoAsked(p) + " " + escaped(p.Words, maxWords))
	}
	text := chat.Plain(a)
	if strings.TrimSpace(text) == "" {
		text = fallback(chat.Answer{Title: a.Title})
	}
	add(escape(text))
	for _, b := range a.Blocks {
		if c, ok := b.(chat.Chart); ok && len(c.Bars) > 0 {
			add(escape(chart.Alt(c)))
		}
	}
	if names := sourceNames(a, false); names != "" {
		add(names)
	}
	// A clip inside an entity would leave half of it, which is harmless: only whole ones are characters again.
	return chat.Clip(strings.Join(parts, "\n\n"), maxPlain)
}

// drawing collects blocks within a budget.
type drawing struct {
	Look
	blocks []slack.Block
	used   int // characters
	room   int // characters left
	places int // blocks left
	charts int
	cut    bool // something was left out
}

func newDrawing(l Look) *drawing { return &drawing{Look: l, room: maxBlocksText, places: maxBlocks} }

// add takes blocks of n characters if there is room for them.
func (d *drawing) add(n int, blocks ...slack.Block) bool {
	if n > d.room || len(blocks) > d.places {
		d.cut = true
		return false
	}
	d.blocks = append(d.blocks, blocks...)
	d.used, d.room, d.places = d.used+n, d.room-n, d.places-len(blocks)
	return true
}

// repeat says who asked what.
func (d *drawing) repeat() {
	p := d.Place
	words := line(p.Words, maxWords)
	if !p.Repeat || words == "" {
		return
	}
	who := whoAsked(p)
	d.add(len(who)+runes(words), context(markdown(who), plainText(words)))
}

// whoAsked is mrkdwn: the one mention that the bot writes, of who asked what others see.
func whoAsked(p payload.Place) string {
	if payload.IsID(p.User) && !p.Ephemeral && !p.Direct {
		return "<@" + p.User + "> asked:"
	}
	return "Asked:"
}

func (d *drawing) heading(a chat.Answer) {
	if title := line(a.Title, maxHeader); title != "" && len(a.Blocks) > 0 {
		d.add(runes(title), slack.NewHeaderBlock(plainText(title)))
	}
	lead := paragraphs(chat.Clip(a.Lead, maxLead))
	if lead == "" && len(a.Blocks) == 0 {
		if lead = line(a.Title, maxHeader); lead == "" {
			lead = noAnswer
		}
	}
	if lead != "" {
		d.add(runes(lead), richText(words(lead)))
	}
}

// sources names the articles under the answer, with what is known of them. What was not answered has none, unless it shows
// something of theirs.
func (d *drawing) sources(a chat.Answer) {
	if !a.Answered && len(a.Blocks) == 0 || a.Topic == chat.TopicSources {
		return
	}
	if names := sourceNames(a, true); names != "" {
		d.add(runes(names), context(markdown(names)))
	}
}

// sourceNames is mrkdwn: "Sources: upGrad (12 May 2025), …", each article once, its name a link where it has an address.
func sourceNames(a chat.Answer, links bool) string {
	var names []string
	seen := map[string]bool{}
	more := 0
	for _, s := range a.Sources {
		name := credit(s)
		if seen[name] {
			continue
		}
		seen[name] = true
		if len(names) == maxNamed {
			more++
			continue
		}
		shown := escaped(name, maxButton)
		if to := link(s.URL); to != "" && links && len(to) < maxValue/maxNamed {
			shown = "<" + escape(to) + "|" + strings.ReplaceAll(shown, "|", "/") + ">"
		}
		names = append(names, shown+" ("+escaped(chat.Day(chat.Line(s.Date)), maxChartTitle)+")")
	}
	if len(names) == 0 {
		return ""
	}
	if more > 0 {
		names = append(names, "and more")
	}
	return "Sources: " + strings.Join(names, ", ")
}

// credit names a source by its publisher; without one its title says more.
func credit(s chat.Source) string {
	name := chat.Line(s.Publisher)
	if title := chat.Line(s.Title); title != "" && (name == "" || name == "publisher unknown") {
		return title + ", publisher unknown"
	}
	if name == "" {
		return "publisher unknown"
	}
	return name
}

func runes(s string) int { return utf8.RuneCountInString(s) }

// plainText is text that stands as it is, without emoji of the kind :name:.
func plainText(s string) *slack.TextBlockObject {
	return &slack.TextBlockObject{Type: slack.PlainTextType, Text: s, Emoji: new(false)}
}

// markdown is mrkdwn in which addresses and names do not become links by themselves; what is written as <address|text> still
// does: https://docs.slack.dev/reference/block-kit/composition-objects/text-object (verbatim). s is escaped.
func markdown(s string) *slack.TextBlockObject {
	return &slack.TextBlockObject{Type: slack.MarkdownType, Text: s, Verbatim: true}
}
