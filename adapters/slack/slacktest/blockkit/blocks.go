// Package blockkit judges messages' blocks and views by the limits that Slack documents for Block Kit, and says what is
// wrong with them in Slack's words, with a pointer to each place.
//
// It knows no method, token or channel, changes and draws nothing, and is for tests only. What Slack's pages say nothing
// of, such as the inside of rich text, it takes as it comes.
package blockkit

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// surface is where blocks are to be shown.
type surface int

const (
	inMessage surface = iota
	inModal
	inHome
)

// Limits of Block Kit: docs.slack.dev/reference/block-kit where nothing else is said.
const (
	maxBlocks      = 50     // of a message
	maxViewBlocks  = 100    // of a modal or Home tab
	maxBlocksText  = 13_202 // characters in a message's blocks; measured by others on live Slack (slackapi/bolt-js#2509)
	maxMarkdown    = 12_000 // characters in all markdown blocks of a message
	maxSection     = 3000
	maxField       = 2000
	maxFields      = 10
	maxHeader      = 150
	maxContext     = 10
	maxActions     = 25
	maxButtonText  = 75
	maxButtonValue = 2000
	maxURL         = 3000
	maxOptionText  = 75
	maxOptionValue = 150
	maxOptions     = 100
	maxOverflow    = 5
	maxID          = 255 // action_id, block_id, callback_id
	maxAltText     = 2000
	maxCharts      = 2
	maxSeries      = 12 // or slices of a pie
	maxPoints      = 20
	maxChartLabel  = 20
	maxChartTitle  = 50
	maxTableRows   = 100
	maxColumns     = 20
	maxTableText   = 10_000
	maxDataRows    = 201
	maxDataText    = 20_000
	maxPageSize    = 100
	maxModalTitle  = 24
	maxPrivate     = 3000 // private_metadata
)

// object is a JSON object as encoding/json reads it.
type object = map[string]any

// checker collects what is wrong with blocks.
type checker struct {
	surface  surface
	reject   []string
	errors   []string
	kinds    map[string]int // blocks by type
	markdown int            // characters
	text     int            // characters outside tables and charts
	ids      map[string]bool
}

func (c *checker) fault(pointer, format string, a ...any) {
	c.errors = append(c.errors, fmt.Sprintf(format, a...)+" [json-pointer:"+pointer+"]")
}

// Refusal is why Slack would not take something.
type Refusal struct {
	Name   string   // Slack's error: "invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "invalid_arguments"
	Errors []string // what is wrong, each with its "[json-pointer:…]" at the end; none where Name says it all
}

// Message judges the blocks of a message, a JSON list; nil refuses nothing. Blocks of the rejected types are taken for
// unknown.
func Message(blocks json.RawMessage, rejected []string) *Refusal {
	return judge(blocks, inMessage, "/blocks", rejected)
}

func judge(raw json.RawMessage, where surface, pointer string, rejected []string) *Refusal {
	var blocks []any
	if json.Unmarshal(raw, &blocks) != nil {
		return &Refusal{Name: "invalid_blocks_format"}
	}
	c := &checker{surface: where, reject: rejected, kinds: map[string]int{}, ids: map[string]bool{}}
	limit := maxBlocks
	if where != inMessage {
		limit = maxViewBlocks
	}
	if len(blocks) > limit {
		c.fault(pointer, "no more than %d items allowed", limit)
	}
	for i, b := range blocks {
		c.block(fmt.Sprintf("%s/%d", pointer, i), b)
	}
	c.sums(pointer)
	if len(c.errors) > 0 {
		return &Refusal{"invalid_blocks", c.errors}
	}
	if where == inMessage && c.text > maxBlocksText {
		return &Refusal{Name: "msg_blocks_too_long"}
	}
	return nil
}

// sums looks at what is limited over all blocks.
func (c *checker) sums(pointer string) {
	if c.markdown > maxMarkdown {
		c.fault(pointer, "no more than %d characters allowed in markdown blocks", maxMarkdown)
	}
	if c.kinds["table"] > 1 {
		c.fault(pointer, "only one table allowed")
	}
	if c.kinds["data_visualization"] > maxCharts {
		c.fault(pointer, "no more than %d data_visualization blocks allowed", maxCharts)
	}
}

// block looks at one block.
func (c *checker) block(pointer string, v any) {
	b, ok := v.(object)
	if !ok {
		c.fault(pointer, "must be an object")
		return
	}
	kind := text(b, "type")
	c.kinds[kind]++
	if slices.Contains(c.reject, kind) {
		c.fault(pointer+"/type", "unsupported type: %s", kind)
		return
	}
	if id := text(b, "block_id"); id != "" {
		c.length(pointer+"/block_id", id, 1, maxID)
		if c.ids[id] {
			c.fault(pointer+"/block_id", "block_id %q already exists", id)
		}
		c.ids[id] = true
	}
	check := c.kindOf(kind)
	if check == nil {
		c.fault(pointer+"/type", "unsupported type: %s", kind)
		return
	}
	if c.surface == inModal && slices.Contains([]string{"data_visualization", "data_table", "table", "context_actions"}, kind) {
		c.fault(pointer+"/type", "unsupported type: %s", kind)
		return
	}
	check(pointer, b)
}

func (c *checker) kindOf(kind string) func(string, object) {
	switch kind {
	case "section":
		return c.section
	case "header":
		return func(p string, b object) { c.object(p+"/text", b["text"], maxHeader, "plain_text") }
	case "divider", "rich_text", "file", "call", "video", "card", "carousel", "container", "task_card", "plan":
		return func(_ string, b object) { c.text += runes(b) } // taken as they come
	case "context":
		return c.context
	case "context_actions":
		return c.contextActions
	case "actions":
		return c.actions
	case "image":
		return c.image
	case "input":
		return c.input
	case "markdown":
		return c.markdownBlock
	case "table":
		return c.table
	case "data_table":
		return c.dataTable
	case "data_visualization":
		return c.chart
	case "alert":
		return c.alert
	}
	return nil
}

func (c *checker) section(p string, b object) {
	fields, many := b["fields"].([]any)
	if b["text"] == nil && !many {
		c.fault(p, "missing required field: text")
		return
	}
	if b["text"] != nil {
		c.object(p+"/text", b["text"], maxSection, "plain_text", "mrkdwn")
	}
	if many && len(fields) == 0 || len(fields) > maxFields {
		c.fault(p+"/fields", "no more than %d items allowed", maxFields)
	}
	for i, f := range fields {
		c.object(fmt.Sprintf("%s/fields/%d", p, i), f, maxField, "plain_text", "mrkdwn")
	}
	if b["accessory"] != nil {
		c.element(p+"/accessory", b["accessory"], accessories)
	}
}

func (c *checker) context(p string, b object) {
	for i, e := range c.list(p+"/elements", b["elements"], 1, maxContext) {
		at := fmt.Sprintf("%s/elements/%d", p, i)
		if o, ok := e.(object); ok && text(o, "type") == "image" {
			c.image(at, o)
			continue
		}
		c.object(at, e, maxSection, "plain_text", "mrkdwn")
	}
}

func (c *checker) contextActions(p string, b object) {
	for i, e := range c.list(p+"/elements", b["elements"], 1, 5) {
		c.element(fmt.Sprintf("%s/elements/%d", p, i), e, []string{"feedback_buttons", "icon_button"})
	}
}

func (c *checker) actions(p string, b object) {
	seen := map[string]bool{}
	for i, e := range c.list(p+"/elements", b["elements"], 1, maxActions) {
		at := fmt.Sprintf("%s/elements/%d", p, i)
		c.element(at, e, accessories)
		if o, ok := e.(object); ok {
			if id := text(o, "action_id"); id != "" && seen[id] {
				c.fault(at+"/action_id", "action_id %q already exists", id)
			}
			seen[text(o, "action_id")] = true
		}
	}
}

func (c *checker) image(p string, b object) {
	c.length(p+"/alt_text", text(b, "alt_text"), 1, maxAltText)
	address := text(b, "image_url")
	if address == "" && b["slack_file"] == nil {
		c.fault(p, "missing required field: image_url")
		return
	}
	if address != "" {
		c.address(p+"/image_url", address)
	}
}

func (c *checker) input(p string, b object) {
	if c.surface == inHome {
		c.fault(p+"/type", "unsupported type: input")
	}
	c.object(p+"/label", b["label"], maxSection-1000, "plain_text")
	c.element(p+"/element", b["element"], append(slices.Clone(accessories), inputs...))
}

func (c *checker) markdownBlock(p string, b object) {
	t := text(b, "text")
	c.length(p+"/text", t, 1, maxMarkdown)
	c.markdown += utf8.RuneCountInString(t)
	c.text += utf8.RuneCountInString(t)
}

func (c *checker) alert(p string, b object) {
	if c.surface != inModal {
		c.fault(p+"/type", "unsupported type: alert")
	}
	c.object(p+"/text", b["text"], 200, "plain_text", "mrkdwn")
}

// object looks at a text object.
func (c *checker) object(p string, v any, longest int, kinds ...string) {
	o, ok := v.(object)
	if !ok {
		c.fault(p, "missing required field")
		return
	}
	if kind := text(o, "type"); !slices.Contains(kinds, kind) {
		c.fault(p+"/type", "unsupported type: %s", kind)
		return
	}
	t := text(o, "text")
	c.text += utf8.RuneCountInString(t)
	c.length(p+"/text", t, 1, longest)
}

// length looks at a string's length in characters, in the words of live Slack.
func (c *checker) length(p, t string, least, most int) {
	n := utf8.RuneCountInString(t)
	if n < least {
		c.fault(p, "must be more than %d characters", least-1)
	}
	if n > most {
		c.fault(p, "must be less than %d characters", most+1)
	}
}

func (c *checker) list(p string, v any, least, most int) []any {
	list, ok := v.([]any)
	if !ok || len(list) < least {
		c.fault(p, "no fewer than %d items allowed", least)
	}
	if len(list) > most {
		c.fault(p, "no more than %d items allowed", most)
	}
	return list
}

func (c *checker) address(p, address string) {
	c.length(p, address, 1, maxURL)
	scheme, _, _ := strings.Cut(address, ":")
	if !slices.Contains([]string{"https", "http", "mailto"}, scheme) {
		c.fault(p, "invalid_url")
	}
}

func text(o object, name string) string {
	t, _ := o[name].(string)
	return t
}

// runes counts the characters of every "text" in v.
func runes(v any) int {
	n := 0
	switch v := v.(type) {
	case object:
		for name, inner := range v {
			if t, ok := inner.(string); ok && name == "text" {
				n += utf8.RuneCountInString(t)
				continue
			}
			n += runes(inner)
		}
	case []any:
		for _, inner := range v {
			n += runes(inner)
		}
	}
	return n
}
