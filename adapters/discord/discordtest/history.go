package discordtest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"careerbot/adapters/discord/discordtest/ledger"
	"careerbot/adapters/discord/discordtest/object"
	"careerbot/adapters/discord/discordtest/rest"
)

// Request is one REST request as it came, and its status.
type Request struct {
	At     time.Time
	Method string
	Path   string // without "/api/v10"
	Route  string // the pattern it matched: "POST /channels/{channel}/messages"
	Header http.Header
	Body   []byte // as it came, whole forms too
	Status int    // of the answer, as it would be without faults
	Answer []byte
}

// Post is a message of the bot's, with what its request said that a message does not show.
type Post struct {
	Message         object.Message
	Via             string          // "channel", "response" or "followup"
	Answers         string          // id of the interaction or message it answers, "" where that cannot be seen
	Request         json.RawMessage // the JSON that made it: allowed_mentions, enforce_nonce and all
	Files           []object.File
	At              time.Time
	Edits           []json.RawMessage // JSON of each edit, oldest first
	Deleted         bool
	AllowedMentions json.RawMessage // nil where the request had none: then everything in the text pings
	Pings           []string        // what it pinged: ids of users and roles, "everyone", "here"

	token string // of the interaction whose token reaches it
}

// Ephemeral says whether only the asker sees it.
func (p Post) Ephemeral() bool { return p.Message.Flags&object.Ephemeral != 0 }

// Response is the first answer to an interaction.
type Response struct {
	Type  int             // 4 message, 5 deferred, 6 deferred update, 7 update, 8 choices, 9 modal
	Data  json.RawMessage // as it was sent
	Files []object.File
	After time.Duration // from the dispatch
	HTTP  bool          // as the answer to a signed request
}

// Exchange is an interaction and what came of it.
type Exchange struct {
	Interaction object.Interaction
	Sent        time.Time
	Response    *Response // nil until there is one
	Original    *Post     // message of the response; nil where there is none
	FollowUps   []Post
	Refused     []int    // codes of answers that were not taken: 40060, 10062, 50027 …
	Missed      []string // why it was not answered when it was posted to the endpoint, for each time
}

// exchange is an Exchange being made.
type exchange struct {
	object.Interaction
	sent      time.Time
	response  *Response
	original  string // id of its message
	loading   bool   // deferred and not answered since
	followUps []string
	refused   []int
	missed    []string
}

type history struct {
	requests  []Request
	posts     map[string]*Post
	order     []string // ids of posts
	exchanges map[string]*exchange
	asked     []string                   // ids of exchanges
	tokens    map[string]*exchange       // by token
	messages  map[string]*object.Message // of people
	said      []string                   // ids of messages
	nonces    map[string]nonce
	aged      []string // nonces, oldest first
	ledger    *ledger.Ledger
}

type nonce struct {
	message string
	at      time.Time
}

func newHistory(keep int) history {
	return history{
		posts: map[string]*Post{}, exchanges: map[string]*exchange{}, tokens: map[string]*exchange{},
		messages: map[string]*object.Message{}, nonces: map[string]nonce{}, ledger: ledger.New(keep),
	}
}

// trim forgets the oldest of order beyond keep, when there are twice as many; keep 0 forgets nothing.
func trim(order []string, keep int, forget func(id string)) []string {
	if keep == 0 || len(order) < 2*keep {
		return order
	}
	old := len(order) - keep
	for _, id := range order[:old] {
		forget(id)
	}
	return slices.Clone(order[old:])
}

// keepRequest adds a request.
func (h *history) keepRequest(keep int, c *rest.Call) {
	h.requests = append(h.requests, Request{
		At: c.At, Method: c.Method, Path: c.Path, Route: c.Route, Header: c.Header, Body: c.Raw, Status: c.Status, Answer: c.Answer,
	})
	if keep = min(keep, whole); keep > 0 && len(h.requests) >= 2*keep {
		h.requests = slices.Clone(h.requests[len(h.requests)-keep:])
	}
}

// whole is how many records keep their bodies and files where Options.Keep is set: pictures of as many answers as a long run
// has to know of would be gigabytes.
const whole = 1000

// slim takes bodies and files off the record that is no longer one of the latest.
func slim(keep int, order []string, strip func(id string)) {
	if keep > whole && len(order) > whole {
		strip(order[len(order)-whole-1])
	}
}

func (h *history) keepPost(keep int, p *Post) {
	h.posts[p.Message.ID] = p
	h.order = trim(append(h.order, p.Message.ID), keep, func(id string) { delete(h.posts, id) })
	slim(keep, h.order, func(id string) { h.posts[id].Request, h.posts[id].Files, h.posts[id].Edits = nil, nil, nil })
}

func (h *history) keepMessage(keep int, m *object.Message) {
	h.messages[m.ID] = m
	h.said = trim(append(h.said, m.ID), keep, func(id string) { delete(h.messages, id) })
}

func (h *history) keepExchange(keep int, e *exchange) {
	h.exchanges[e.ID], h.tokens[e.Token] = e, e
	h.asked = trim(append(h.asked, e.ID), keep, func(id string) {
		delete(h.tokens, h.exchanges[id].Token)
		delete(h.exchanges, id)
	})
	slim(keep, h.asked, func(id string) {
		if r := h.exchanges[id].response; r != nil {
			r.Data, r.Files = nil, nil
		}
	})
}

// message finds a message of anybody's.
func (h *history) message(id string) (*object.Message, bool) {
	if p, ok := h.posts[id]; ok {
		return &p.Message, !p.Deleted
	}
	m, ok := h.messages[id]
	return m, ok
}

// repeated gives the message that was made with the same nonce a short while ago.
func (h *history) repeated(key string, now time.Time, life time.Duration) (*Post, bool) {
	for len(h.aged) > 0 && now.Sub(h.nonces[h.aged[0]].at) > life {
		delete(h.nonces, h.aged[0])
		h.aged = h.aged[1:]
	}
	n, ok := h.nonces[key]
	if !ok {
		return nil, false
	}
	p, ok := h.posts[n.message]
	return p, ok
}

// remember notes a nonce; where keep is set, of four times as many messages as are kept.
func (h *history) remember(keep int, key, message string, now time.Time) {
	if _, known := h.nonces[key]; !known {
		h.aged = append(h.aged, key)
	}
	h.nonces[key] = nonce{message, now}
	if keep > 0 && len(h.aged) >= 4*keep {
		delete(h.nonces, h.aged[0])
		h.aged = h.aged[1:]
	}
}

// Requests is every request, oldest first.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.history.requests)
}

// Posts is every message of the bot's as it stands, oldest first, deleted ones too.
func (s *Server) Posts() []Post {
	s.mu.Lock()
	defer s.mu.Unlock()
	posts := make([]Post, 0, len(s.history.order))
	for _, id := range s.history.order {
		posts = append(posts, *s.history.posts[id])
	}
	return posts
}

// AnswersTo is the messages that answer an interaction or a message, oldest first.
func (s *Server) AnswersTo(id string) []Post {
	return slices.DeleteFunc(s.Posts(), func(p Post) bool { return p.Answers != id })
}

// Exchange is what came of an interaction so far; false where it was never sent, or is forgotten.
func (s *Server) Exchange(id string) (Exchange, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, ok := s.history.exchanges[id]
	if !ok {
		return Exchange{}, false
	}
	return s.exchange(e), true
}

// Exchanges is every interaction that was sent, oldest first.
func (s *Server) Exchanges() []Exchange {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]Exchange, 0, len(s.history.asked))
	for _, id := range s.history.asked {
		all = append(all, s.exchange(s.history.exchanges[id]))
	}
	return all
}

// exchange is a copy to hand out. The caller holds the lock.
func (s *Server) exchange(e *exchange) Exchange {
	x := Exchange{Interaction: e.Interaction, Sent: e.sent, Refused: slices.Clone(e.refused), Missed: slices.Clone(e.missed)}
	if e.response != nil {
		x.Response = new(*e.response)
	}
	if p, ok := s.history.posts[e.original]; ok {
		x.Original = new(*p)
	}
	for _, id := range e.followUps {
		if p, ok := s.history.posts[id]; ok {
			x.FollowUps = append(x.FollowUps, *p)
		}
	}
	return x
}

// Latest is the ids of the bot's latest messages, so many at most, oldest first, deleted ones too.
func (s *Server) Latest(most int) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.history.order[max(0, len(s.history.order)-most):])
}

// Posted is a message of the bot's as it stands; false where there is none with this id, or it is forgotten.
func (s *Server) Posted(id string) (Post, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.history.posts[id]
	if !ok {
		return Post{}, false
	}
	return *p, true
}

// Verdict says how questions and answers compare at this moment: what is under way counts as lost.
func (s *Server) Verdict() ledger.Verdict {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.history.ledger.Verdict()
}

// Killed notes that the bot was killed, before it is started again. What is open then is Undelivered and no longer owed,
// unless it was told to wait: a client shows by its next heartbeat that it has read a message, and by a connection that
// it has read a request, before the bot has made the question its own. Whether it had, only its own state can tell.
func (s *Server) Killed() {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.tell()
	s.history.ledger.Kill()
}

// Lost is the ids of questions that were delivered and have no answer.
func (s *Server) Lost() []string { return s.Verdict().Lost }

// Doubled is the ids of questions with several answers.
func (s *Server) Doubled() []string { return s.Verdict().Doubled }

// Open is how many questions have no answer yet, undelivered ones included.
func (s *Server) Open() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.history.ledger.Open()
}

// Owed is how many questions were delivered and have no answer yet.
func (s *Server) Owed() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.history.ledger.Owed()
}

// Quiet waits until every question that was delivered has an answer, or until ctx ends.
func (s *Server) Quiet(ctx context.Context) error {
	err := s.Until(ctx, func() bool { return s.Owed() == 0 })
	if err != nil {
		return fmt.Errorf("%s: %w", s.Verdict(), err)
	}
	return nil
}
