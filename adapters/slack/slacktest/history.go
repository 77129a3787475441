package slacktest

import (
	"cmp"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"time"
)

// place is a channel of a team.
type place struct{ team, channel string }

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
	Via               string   // method, ResponseURL or "ack"; "" for people
	UnfurlLinks       string   // "true", "false", or "" where it was not said
	UnfurlMedia       string   // the same
	Broadcast         bool     // a reply that shows in the channel too
	Files             []string // ids
	Edits             int
	Deleted           bool
	Answers           string // key of the question that it answers, "" for none

	gone bool // fell out of the history
}

// view is the message as the API shows it.
func (m *Message) view(metadata bool) map[string]any {
	v := map[string]any{"type": "message", "ts": m.TS, "text": m.Text, "team": m.Team, "user": m.User}
	set := func(name, value string) {
		if value != "" {
			v[name] = value
		}
	}
	set("thread_ts", m.ThreadTS)
	set("bot_id", m.BotID)
	set("subtype", m.Subtype)
	if m.Blocks != nil {
		v["blocks"] = m.Blocks
	}
	if metadata && m.Metadata != nil {
		v["metadata"] = m.Metadata
	}
	if m.Edits > 0 {
		v["edited"] = map[string]any{"user": m.User, "ts": m.TS}
	}
	return v
}

// Call is one call that the app made.
type Call struct {
	Method string // or ResponseURL, Upload
	Team   string
	Args   map[string]string // without tokens; what is no string is JSON text
	OK     bool
	Error  string // Slack's, or "cut", or "status 500"
	Status int    // of HTTP, 0 where the connection was cut
	At     time.Time
}

// log is the history.
type log struct {
	calls     []*Call
	counts    map[string]int // calls by method, also of those that fell out
	messages  []*Message     // in order
	byTS      map[place]map[string]*Message
	threads   map[place]map[string][]*Message
	channels  map[place][]*Message
	limited   int // calls that got a 429
	failed    int // calls that failed otherwise
	assistant []Assistant
	posted    int // messages of the bot, also those that fell out
}

func newLog() log {
	return log{
		counts: map[string]int{}, byTS: map[place]map[string]*Message{},
		threads: map[place]map[string][]*Message{}, channels: map[place][]*Message{},
	}
}

// note keeps a call.
func (s *Slack) note(c *Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log.calls = append(s.log.calls, c)
	s.log.counts[c.Method]++
	switch {
	case c.Status == http.StatusTooManyRequests:
		s.log.limited++
	case !c.OK:
		s.log.failed++
	}
	if keep := s.options.Keep; keep > 0 && len(s.log.calls) > 2*keep {
		s.log.calls = slices.Delete(s.log.calls, 0, keep)
	}
	s.tell()
}

func (l *log) add(m *Message, keep int) *Message {
	p := place{m.Team, m.Channel}
	if l.byTS[p] == nil {
		l.byTS[p], l.threads[p] = map[string]*Message{}, map[string][]*Message{}
	}
	l.messages = append(l.messages, m)
	l.byTS[p][m.TS] = m
	l.channels[p] = append(l.channels[p], m)
	root := cmp.Or(m.ThreadTS, m.TS)
	l.threads[p][root] = append(l.threads[p][root], m)
	if m.BotID != "" {
		l.posted++
	}
	if keep > 0 && len(l.messages) > 2*keep {
		l.drop(keep)
	}
	return m
}

// drop forgets the n oldest messages.
func (l *log) drop(n int) {
	touched := map[place]bool{}
	for _, m := range l.messages[:n] {
		m.gone = true
		p := place{m.Team, m.Channel}
		touched[p] = true
		delete(l.byTS[p], m.TS)
	}
	l.messages = slices.Delete(l.messages, 0, n)
	isGone := func(m *Message) bool { return m.gone }
	for p := range touched {
		l.channels[p] = slices.DeleteFunc(l.channels[p], isGone)
		maps.DeleteFunc(l.threads[p], func(root string, thread []*Message) bool {
			if !thread[0].gone {
				return false
			}
			thread = slices.DeleteFunc(thread, isGone)
			l.threads[p][root] = thread
			return len(thread) == 0
		})
		if len(l.channels[p]) == 0 {
			delete(l.channels, p)
			delete(l.byTS, p)
			delete(l.threads, p)
		}
	}
}

func (l *log) find(p place, ts string) *Message { return l.byTS[p][ts] }

// Messages are those of the bot that were not deleted, oldest first, ephemeral ones too.
func (s *Slack) Messages() []Message {
	return s.some(func(m *Message) bool { return m.BotID != "" && !m.Deleted })
}

// Everything is every message, of people and deleted ones too, oldest first.
func (s *Slack) Everything() []Message { return s.some(func(*Message) bool { return true }) }

// Thread is what everybody sees of a thread, oldest first.
func (s *Slack) Thread(team, channel, ts string) []Message {
	return s.some(func(m *Message) bool {
		return m.Team == team && m.Channel == channel && cmp.Or(m.ThreadTS, m.TS) == ts && !m.Deleted && m.Ephemeral == ""
	})
}

func (s *Slack) some(wanted func(*Message) bool) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	var some []Message
	for _, m := range s.log.messages {
		if wanted(m) {
			some = append(some, *m)
		}
	}
	return some
}

// Calls are those of a method, or all for "", oldest first.
func (s *Slack) Calls(method string) []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	var calls []Call
	for _, c := range s.log.calls {
		if method == "" || c.Method == method {
			calls = append(calls, *c)
		}
	}
	return calls
}

// Called is how often a method was called, also where Options.Keep let the calls fall out of the history.
func (s *Slack) Called(method string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.counts[method]
}
