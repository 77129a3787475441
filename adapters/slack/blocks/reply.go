package blocks

import (
	"encoding/json"
	"slices"

	"careerbot/adapters/slack/payload"
	"careerbot/bot/chat"

	"github.com/slack-go/slack"
)

// Level is how much of an answer is drawn with blocks. Slack rolls new blocks out by stages, so a workspace may refuse
// one: the message is then drawn again at the next level, with the same facts.
type Level int

// The levels, best first.
const (
	LevelFull    Level = iota // with charts and tables
	LevelNoChart              // tables, and charts as text
	LevelNoTable              // both as text
	LevelText                 // no blocks at all: Reply.Text says everything
)

// Next is the level to try after l was refused; ok is false after the last.
func (l Level) Next() (n Level, ok bool) { return l + 1, l < LevelText }

// Look is what a drawing depends on beside the answer.
type Look struct {
	Place    payload.Place
	Question chat.Question // for Share in Channel, which asks it again
	Level    Level
}

// Reply is a message to send. Text states the answer by itself, for notifications and screen readers.
type Reply struct {
	Text   string
	Blocks []slack.Block // none at LevelText
	Level  Level
}

// Staged says whether r has blocks that Slack rolls out by stages, so that a workspace may refuse them.
func (r Reply) Staged() bool {
	return slices.ContainsFunc(r.Blocks, func(b slack.Block) bool {
		return b.BlockType() == "data_visualization" || b.BlockType() == "data_table"
	})
}

// WithNote is r with words of the adapter's own before it. The blocks of r stay as they are.
func (r Reply) WithNote(words string) Reply {
	r.Text = words + "\n" + r.Text
	if len(r.Blocks) > 0 {
		note := context(slack.NewTextBlockObject(slack.PlainTextType, words, false, false))
		r.Blocks = append([]slack.Block{note}, r.Blocks[:min(len(r.Blocks), maxBlocks-1)]...)
	}
	return r
}

// Hook is the body that posts r to a response_url or on an acknowledgement.
func (r Reply) Hook(p payload.Place) HookMessage {
	m := HookMessage{ResponseType: "in_channel", Text: r.Text, Blocks: r.Blocks, ReplaceOriginal: p.Replace, DeleteOriginal: p.Delete}
	if p.Ephemeral {
		m.ResponseType = "ephemeral"
	}
	if p.Direct || !p.Ephemeral && p.Thread != "" {
		m.Thread = p.Thread
	}
	return m
}

// HookMessage is the body of a post to a response_url, and of an acknowledgement that carries the answer:
// https://docs.slack.dev/interactivity/handling-user-interaction#message_responses.
type HookMessage struct {
	ResponseType    string        `json:"response_type"`
	Text            string        `json:"text"`
	Blocks          []slack.Block `json:"blocks,omitempty"`
	ReplaceOriginal bool          `json:"replace_original"`
	DeleteOriginal  bool          `json:"delete_original,omitempty"`
	Thread          string        `json:"thread_ts,omitempty"`
	UnfurlLinks     bool          `json:"unfurl_links"`
	UnfurlMedia     bool          `json:"unfurl_media"`
}

// Ephemeral is words for the person alone.
func Ephemeral(words string) json.RawMessage {
	body, _ := json.Marshal(HookMessage{ResponseType: "ephemeral", Text: escape(words)}) // strings and bools always encode
	return body
}

// actionBlock and contextBlock are slack.ActionBlock and slack.ContextBlock with their elements as plain lists: slack-go
// writes its lists apart and encoding/json reads that again, which took a third of the time of writing an answer.
type actionBlock struct {
	Type     slack.MessageBlockType `json:"type"`
	Elements []slack.BlockElement   `json:"elements"`
}

// BlockType is always that of actions.
func (b *actionBlock) BlockType() slack.MessageBlockType { return b.Type }

// ID is Slack's to give.
func (b *actionBlock) ID() string { return "" }

type contextBlock struct {
	Type     slack.MessageBlockType `json:"type"`
	Elements []slack.MixedElement   `json:"elements"`
}

// BlockType is always that of a context.
func (b *contextBlock) BlockType() slack.MessageBlockType { return b.Type }

// ID is Slack's to give.
func (b *contextBlock) ID() string { return "" }

func context(elements ...slack.MixedElement) *contextBlock {
	return &contextBlock{Type: slack.MBTContext, Elements: elements}
}
