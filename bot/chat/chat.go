// Package chat is the language the bot and its adapters share: a Question goes in, an Answer comes out.
//
// It holds plain data and one interface, and imports the standard library only. It does not search, compose,
// render for a platform or remember anything.
package chat

import (
	"context"
	"fmt"
	"time"
)

// Asker answers questions. It is the only door between an adapter and the bot; decorators (limits, metrics) are
// Askers around an Asker. An error is a [Fault] where a person may read it.
type Asker interface {
	Ask(ctx context.Context, q Question) (Answer, error)
}

// Question is what one person asked, as an adapter understood the platform's event.
// The ids are opaque to the bot: it compares them and never takes them apart.
type Question struct {
	ID       string // one id is answered once
	Platform string // "terminal", "discord", "slack", …
	Thread   string // turns of one thread share their context; "" has none
	Server   string // guild or workspace; "" where there is none
	User     string // who asks; context is kept for each user of a thread
	Locale   string // BCP 47, "" is English
	Topic    Topic  // set by a subcommand such as /backend skills; "" for free text
	Text     string // as typed, any length; the bot reads the first MaxText characters
	Action   string // token of a pressed button, from Action.Token; "" for typed text
	Private  bool   // the asker wants an answer only they can see

	// Packs are the packs that may answer, by name, as the server has chosen; nil are all.
	Packs []string
}

// MaxText is how many characters of a question the bot reads. Longer messages are cut, not refused: in public
// threads the question of a long message stands in its first paragraphs or its last sentence, and both are kept.
const MaxText = 4000

// Answer is a finished document. Adapters draw it and decide nothing.
type Answer struct {
	ID         string  // of this answer, for votes and "why"
	Topic      Topic   // what the question was understood to ask
	Title      string  // one short line
	Lead       string  // the answer in its first sentence; true and enough on its own
	Answered   bool    // false: declined, greeted, or not understood; Lead says which
	Confidence float64 // 0 … 1
	Blocks     []Block // the evidence, shortest useful form first
	Others     []Extract
	Sources    []Source // every article the answer draws on, most used first
	Actions    []Action // follow-ups a person would really ask next, at most MaxActions
	Facets     []Facet  // the same question for something else, where Actions have no room for all of it
	About      About
	Private    bool
	Trace      Trace
}

// MaxActions is how many follow-ups an answer offers.
const MaxActions = 4

// Block is one part of an answer's evidence: Text, List, Table, Quote or Chart.
type Block interface{ block() }

// Text is a paragraph of plain text.
type Text struct{ Text string }

// List is a titled list; Ordered lists are steps or ranks.
type List struct {
	Title   string
	Ordered bool
	Items   []Item
}

// Item is one entry of a List.
type Item struct {
	Text    string   // what it says
	Of      string   // agreement or attribution, such as "5 of 5" or "upGrad, May 2025"; may be ""
	Sources []string // ids of the articles that say so
}

// Table has as many cells in each row as Columns.
type Table struct {
	Title   string
	Columns []string
	Rows    [][]string
}

// Quote is a longer extract of one article, in the pack's words.
type Quote struct {
	Text   string
	Source string // id in Answer.Sources
}

// Chart is a range chart: one bar from Low to High for each source, a dot at Mean. The axis starts at zero.
type Chart struct {
	Title string
	Unit  string // of the axis and of every figure: "₹ lakh a year", "US$ thousand a year"
	Bars  []Bar
	Note  string // names the sources and what the figures are
}

// Bar is one range of a Chart in its Unit. Low == High or a zero Low with HasLow false is a single figure.
type Bar struct {
	Label           string
	Low, High, Mean float64
	HasLow, HasHigh bool
	HasMean         bool
}

func (Text) block()  {}
func (List) block()  {}
func (Table) block() {}
func (Quote) block() {}
func (Chart) block() {}

// Extract is one further ranked answer: a passage or fact that also fits, best first.
type Extract struct {
	Title  string
	Text   string
	Score  float64
	Source Source
}

// Source names one article section an answer draws on.
type Source struct {
	ID        string // the article's key, such as "upgrad"
	Title     string // of the article
	Publisher string // "publisher unknown" where it is not known
	Date      string // ISO 8601, "undated" where it is not known
	Section   string // heading of the section; "" for the article as a whole
	URL       string // "" where it is not known
}

// Action is a follow-up: a button or a numbered line. Token goes back in Question.Action.
type Action struct {
	Label string
	Token string // at most MaxToken bytes
}

// Facet is one respect in which the question can be asked otherwise, for a menu: another region, another level.
type Facet struct {
	Name    string   // "Region"
	Options []Action // what there is an answer for beside the one shown, at least one; some may be among Actions too
}

// MaxToken is the length of Discord's custom_id, the smallest room a platform leaves for a token, less what an adapter
// puts before it: https://discord.com/developers/docs/components/reference (custom_id, 1–100 characters).
const MaxToken = 96

// About holds the tokens that ask about one answer or vote on it, "" where there is nothing to press for. They name
// the answer, so they work after a restart, on any replica, and when other questions came after it.
type About struct {
	More    string // what else was found
	Why     string // how the answer came about
	Sources string // the articles it draws on, in full
	Again   string // this answer once more: for another page of it, or to show it to others
	Up      string // 👍
	Down    string // 👎; Question.Text may give the reason
}

// Tokens that ask about the answer before them.
const (
	TokenMore = "more"
	TokenWhy  = "why"
)

// Trace says how an answer came about, for "why this answer" and for measurements.
type Trace struct {
	Understood string // the intent in words
	Grounds    Grounds
	Terms      []string
	Hits       []TraceHit
	Steps      []Step
}

// Grounds is what the decision to answer or decline rests on.
type Grounds struct {
	Coverage float64 // largest share of the question's telling words that one passage met, 0 … 1
	Score    float64 // of the best passage
	Anchors  int     // content words that name something of the field or hint at a topic
	Named    bool    // a role, tool or idea of the field is named
	Strange  int     // content words the articles never use
	Unknown  int     // of these, words that are not everyday English either
	Content  int     // content words in the sentence that asks
	Strong   bool    // a phrase names the topic outright
}

// TraceHit is one document the search found.
type TraceHit struct {
	ID      string // of the fact or section
	Title   string // what it is about
	Source  string // id of its article
	Score   float64
	Matched []string
}

// Step is one timed step of answering.
type Step struct {
	Name string
	Took time.Duration
}

// Took is the sum of the steps.
func (t Trace) Took() time.Duration {
	var sum time.Duration
	for _, s := range t.Steps {
		sum += s.Took
	}
	return sum
}

// Fault is an error a person may read: Say is shown in the chat, Err is logged.
type Fault struct {
	Say string
	Err error
}

// Error joins both parts for logs.
func (f *Fault) Error() string {
	if f.Err == nil {
		return f.Say
	}
	return fmt.Sprintf("%s: %v", f.Say, f.Err)
}

// Unwrap gives the cause.
func (f *Fault) Unwrap() error { return f.Err }
