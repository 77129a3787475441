// Package history keeps what happened on the Slack on loopback: the calls of the app, the messages of everybody, and the
// questions that were put, each with what became of it. Its [Verdict] counts which questions were lost, answered twice or
// never acknowledged.
//
// It delivers and checks nothing, knows no wire format but a message's own fields, and is for tests only. It has no lock:
// who owns a [History] guards it, and the messages and questions that it gives as pointers.
package history

import (
	"cmp"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"time"
)

// Message is one message, of a person or of the bot.
type Message struct {
	Team, Channel, TS string
	ThreadTS          string // of the thread that it is in, its own TS where it began one
	User, BotID       string // BotID is "" for people
	Subtype           string // file_share, thread_broadcast, …
	Text              string
	Blocks            json.RawMessage // as they came, nil for none
	Metadata          json.RawMessage
	Ephemeral         string   // the only one who sees it, "" for everybody
	Via               string   // method, "response_url" or "ack"; "" for people
	UnfurlLinks       string   // "true", "false", or "" where it was not said
	UnfurlMedia       string   // the same
	Broadcast         bool     // a reply that shows in the channel too
	Files             []string // ids
	Edits             int
	Deleted           bool
	Answers           string // key of the question that it answers, "" for none

	gone bool // fell out of the history
}

// Call is one call that the app made.
type Call struct {
	Method string // of the Web API, or "response_url", "upload"
	Team   string
	Args   map[string]string // without tokens; what is no string is JSON text
	OK     bool
	Error  string // Slack's, or "cut", or "status 500"
	Status int    // of HTTP, 0 where the connection was cut
	At     time.Time
}

// place is a channel of a team.
type place struct{ team, channel string }

// History is what happened. Make it with [New].
type History struct {
	keep    int
	answers func(Message) string // the key of the question that a message answers, "" for none; may be nil

	calls    []*Call
	counts   map[string]int // calls by method, also of those that fell out
	limited  int            // calls that got a 429
	failed   int            // calls that failed otherwise
	messages []*Message     // in order
	byTS     map[place]map[string]*Message
	threads  map[place]map[string][]*Message
	channels map[place][]*Message
	book     book
}

// New is a history without anything in it. It keeps at least so many messages, calls and settled questions, all for 0,
// and twice as many at most. answers names the question that a message of the bot answers; where it is nil or says "", a
// message answers the oldest open question of its thread.
func New(keep int, answers func(Message) string) *History {
	return &History{
		keep: keep, answers: answers, book: newBook(), counts: map[string]int{}, byTS: map[place]map[string]*Message{},
		threads: map[place]map[string][]*Message{}, channels: map[place][]*Message{},
	}
}

// Note keeps a call.
func (h *History) Note(c *Call) {
	h.calls = append(h.calls, c)
	h.counts[c.Method]++
	switch {
	case c.Status == http.StatusTooManyRequests:
		h.limited++
	case !c.OK:
		h.failed++
	}
	if h.keep > 0 && len(h.calls) > 2*h.keep {
		h.calls = slices.Delete(h.calls, 0, h.keep)
	}
}

// Calls are those of a method, or all for "", oldest first.
func (h *History) Calls(method string) []Call {
	var calls []Call
	for _, c := range h.calls {
		if method == "" || c.Method == method {
			calls = append(calls, *c)
		}
	}
	return calls
}

// Called is how often a method was called, also where the calls fell out.
func (h *History) Called(method string) int { return h.counts[method] }

// Failures counts the calls that got a 429 and those that failed otherwise, also where they fell out.
func (h *History) Failures() (limited, failed int) { return h.limited, h.failed }

// Add puts a message at the end. One of the bot answers a question, or is stray.
func (h *History) Add(message Message) *Message {
	m := &message
	p := place{m.Team, m.Channel}
	if h.byTS[p] == nil {
		h.byTS[p], h.threads[p] = map[string]*Message{}, map[string][]*Message{}
	}
	h.messages = append(h.messages, m)
	h.byTS[p][m.TS] = m
	h.channels[p] = append(h.channels[p], m)
	root := cmp.Or(m.ThreadTS, m.TS)
	h.threads[p][root] = append(h.threads[p][root], m)
	if h.keep > 0 && len(h.messages) > 2*h.keep {
		h.drop(h.keep)
	}
	if m.BotID != "" {
		h.answer(m)
	}
	return m
}

// drop forgets the n oldest messages.
func (h *History) drop(n int) {
	touched := map[place]bool{}
	for _, m := range h.messages[:n] {
		m.gone = true
		p := place{m.Team, m.Channel}
		touched[p] = true
		delete(h.byTS[p], m.TS)
	}
	h.messages = slices.Delete(h.messages, 0, n)
	isGone := func(m *Message) bool { return m.gone }
	for p := range touched {
		h.channels[p] = slices.DeleteFunc(h.channels[p], isGone)
		maps.DeleteFunc(h.threads[p], func(root string, thread []*Message) bool {
			if !thread[0].gone {
				return false
			}
			thread = slices.DeleteFunc(thread, isGone)
			h.threads[p][root] = thread
			return len(thread) == 0
		})
		if len(h.channels[p]) == 0 {
			delete(h.channels, p)
			delete(h.byTS, p)
			delete(h.threads, p)
		}
	}
}

// Find is the message of a channel with that timestamp, nil for none.
func (h *History) Find(team, channel, ts string) *Message { return h.byTS[place{team, channel}][ts] }

// Channel is everything in a channel, oldest first, deleted and ephemeral messages too.
func (h *History) Channel(team, channel string) []*Message { return h.channels[place{team, channel}] }

// Thread is everything in the thread that began at that timestamp, oldest first, deleted and ephemeral messages too.
func (h *History) Thread(team, channel, root string) []*Message {
	return h.threads[place{team, channel}][root]
}

// Some are the messages that are wanted, oldest first.
func (h *History) Some(wanted func(*Message) bool) []Message {
	var some []Message
	for _, m := range h.messages {
		if wanted(m) {
			some = append(some, *m)
		}
	}
	return some
}

// Latest are the bot's n newest messages that were not deleted, newest first.
func (h *History) Latest(n int) []Message {
	var latest []Message
	for i := len(h.messages) - 1; i >= 0 && len(latest) < n; i-- {
		if m := h.messages[i]; m.BotID != "" && !m.Deleted {
			latest = append(latest, *m)
		}
	}
	return latest
}
