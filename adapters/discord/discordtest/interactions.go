package discordtest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// Types of interactions and of their responses, as Discord numbers them.
const (
	Ping         = 1
	Command      = 2
	Component    = 3
	Autocomplete = 4
	ModalSubmit  = 5

	Pong            = 1
	MessageResponse = 4
	Deferred        = 5
	DeferredUpdate  = 6
	Update          = 7
	Choices         = 8
	Modal           = 9
)

// callback is the body of a first answer.
type callback struct {
	Type int             `json:"type"`
	Data json.RawMessage `json:"data"`
}

// fits are the responses that each type of interaction takes.
var fits = map[int][]int{
	Ping:         {Pong},
	Command:      {MessageResponse, Deferred, Modal},
	Component:    {MessageResponse, Deferred, DeferredUpdate, Update, Modal},
	Autocomplete: {Choices},
	ModalSubmit:  {MessageResponse, Deferred, DeferredUpdate, Update},
}

// createResponse is POST /interactions/{interaction}/{token}/callback.
func (s *Server) createResponse(c *call) {
	var body callback
	if !c.into(&body) {
		return
	}
	s.mu.Lock()
	e, ok := s.history.exchanges[c.PathValue("interaction")]
	if !ok || e.Token != c.PathValue("token") {
		s.mu.Unlock()
		c.fail(unknownInteraction)
		return
	}
	p, wrong := s.respond(e, body, c.files, false)
	s.mu.Unlock()
	if wrong != nil {
		c.fail(*wrong)
		return
	}
	s.told(p, body.Type)
	if with, _ := strconv.ParseBool(c.URL.Query().Get("with_response")); with {
		c.reply(http.StatusOK, s.callbackResponse(e, body.Type, p))
		return
	}
	c.reply(http.StatusNoContent, nil)
}

// told echoes what a first answer made or changed.
func (s *Server) told(p *Post, kind int) {
	if p == nil {
		return
	}
	s.mu.Lock()
	m := p.Message
	s.mu.Unlock()
	event := "MESSAGE_CREATE"
	if kind == Update {
		event = "MESSAGE_UPDATE"
	}
	s.echo(event, m)
}

// respond takes the first answer to an interaction. The caller holds the lock.
func (s *Server) respond(e *exchange, body callback, files map[string]File, overHTTP bool) (*Post, *problem) {
	now := s.o.Now()
	age := now.Sub(e.sent)
	refused := func(p problem) (*Post, *problem) {
		e.refused = append(e.refused, p.code)
		return nil, &p
	}
	switch {
	case e.response != nil:
		return refused(acknowledged)
	case age > s.o.AnswerWithin:
		return refused(unknownInteraction)
	case !slices.Contains(fits[e.Type], body.Type) || e.Message == nil && (body.Type == DeferredUpdate || body.Type == Update):
		return refused(invalid("type", "INTERACTION_TYPE_INVALID", "This interaction cannot be answered so"))
	}
	d, wrong := readDraft(body.Data, files)
	if wrong != nil {
		return refused(*wrong)
	}
	p, wrong := s.show(e, body.Type, d)
	if wrong != nil {
		return refused(*wrong)
	}
	e.response = &Response{Type: body.Type, Data: body.Data, After: age, HTTP: overHTTP}
	for _, f := range files {
		e.response.Files = append(e.response.Files, f)
	}
	s.enter(e, body.Type, now)
	return p, nil
}

// enter writes a first answer into the ledger: those that show nothing wait for what shows something.
func (s *Server) enter(e *exchange, kind int, now time.Time) {
	if kind == Deferred || kind == DeferredUpdate {
		e.loading = kind == Deferred
		s.history.ledger.respond(e.ID)
		return
	}
	s.history.ledger.answer(e.ID, now)
}

// show does what a first answer says: makes a message, changes one, or nothing.
func (s *Server) show(e *exchange, kind int, d draft) (*Post, *problem) {
	switch kind {
	case MessageResponse, Deferred:
		flags := 0
		if d.Flags != nil {
			flags = *d.Flags & (Ephemeral | ComponentsV2)
		}
		if kind == Deferred {
			flags = flags&Ephemeral | Loading
			d = draft{raw: d.raw}
		}
		p, wrong := s.reply(e, d, flags, "response")
		if wrong != nil {
			return nil, wrong
		}
		e.original = p.Message.ID
		return p, nil
	case DeferredUpdate, Update:
		e.original = e.Message.ID
		p, ok := s.history.posts[e.original]
		if kind == DeferredUpdate || !ok {
			return nil, nil
		}
		p.token = e.Token
		return p, s.edit(d, p)
	default:
		return nil, nil
	}
}

// reply makes a message that answers an interaction. The caller holds the lock.
func (s *Server) reply(e *exchange, d draft, flags int, via string) (*Post, *problem) {
	now := s.o.Now()
	kind := 0
	if via == "response" && e.Type == Command {
		kind = 20
	}
	if c := s.world.channels[e.ChannelID]; c != nil && s.abroad(c) && c.Permissions&UseExternalApps == 0 {
		flags |= Ephemeral // Discord lets only the asker see what an application that is not welcome says
	}
	p := &Post{Via: via, Request: d.raw, At: now, Answers: e.ID, token: e.Token}
	p.Message = Message{
		ID: s.mint(), Type: kind, ChannelID: e.ChannelID, Author: s.world.bot, Timestamp: stamp(now), TTS: d.TTS, Flags: flags,
		Mentions: []User{}, MentionRoles: []string{}, Embeds: []json.RawMessage{}, Components: []json.RawMessage{},
		WebhookID: s.world.app, ApplicationID: s.world.app,
		Metadata: &Metadata{ID: e.ID, Type: e.Type, User: e.asker(), Owners: e.Owners},
	}
	if wrong := s.apply(d, p); wrong != nil {
		return nil, wrong
	}
	s.history.keepPost(s.o.Keep, p)
	return p, nil
}

// callbackResponse is what with_response=true asks for.
func (s *Server) callbackResponse(e *exchange, kind int, p *Post) any {
	s.mu.Lock()
	defer s.mu.Unlock()
	interaction := map[string]any{"id": e.ID, "type": e.Type}
	o := map[string]any{"interaction": interaction}
	if p != nil {
		interaction["response_message_id"] = p.Message.ID
		interaction["response_message_loading"] = p.Message.Flags&Loading != 0
		interaction["response_message_ephemeral"] = p.Ephemeral()
		o["resource"] = map[string]any{"type": kind, "message": p.Message}
	}
	return o
}

// reach finds the interaction of a token. The caller holds the lock.
func (s *Server) reach(c *call) (*exchange, *problem) {
	e, ok := s.history.tokens[c.PathValue("token")]
	switch {
	case !ok || c.PathValue("application") != s.world.app:
		return nil, &unknownWebhook
	case s.o.Now().Sub(e.sent) > s.o.TokenLife:
		e.refused = append(e.refused, deadToken.code)
		return nil, &deadToken
	case e.response == nil:
		e.refused = append(e.refused, unknownWebhook.code)
		return nil, &unknownWebhook // Discord knows the token only after the first answer
	}
	return e, nil
}

// maxFollowUps is how many a user-installed application may send where it is not installed in the server:
// https://discord.com/developers/docs/interactions/receiving-and-responding#followup-messages.
const maxFollowUps = 5

// createFollowUp is POST /webhooks/{application}/{token}.
func (s *Server) createFollowUp(c *call) {
	d, wrong := c.draft()
	if wrong != nil {
		c.fail(*wrong)
		return
	}
	s.mu.Lock()
	e, wrong := s.reach(c)
	var p *Post
	if wrong == nil {
		p, wrong = s.follow(e, d)
	}
	var m Message
	if wrong == nil {
		m = p.Message
	}
	s.mu.Unlock()
	if wrong != nil {
		c.fail(*wrong)
		return
	}
	c.reply(http.StatusOK, m)
	s.echo("MESSAGE_CREATE", m)
}

// follow makes a follow-up. The first one after a deferred answer takes the place of "thinking", and stays as
// ephemeral as that was. The caller holds the lock.
func (s *Server) follow(e *exchange, d draft) (*Post, *problem) {
	_, inServer := e.Owners["0"]
	if !inServer && len(e.followUps) >= maxFollowUps {
		e.refused = append(e.refused, tooManyFollowUps.code)
		return nil, &tooManyFollowUps
	}
	if e.loading {
		p, ok := s.history.posts[e.original]
		if ok {
			return p, s.fill(e, d, p)
		}
	}
	flags := 0
	if d.Flags != nil {
		flags = *d.Flags & (Ephemeral | ComponentsV2)
	}
	p, wrong := s.reply(e, d, flags, "followup")
	if wrong != nil {
		return nil, wrong
	}
	e.followUps = append(e.followUps, p.Message.ID)
	s.history.ledger.answer(e.ID, s.o.Now())
	return p, nil
}

// fill edits the message of an answer, and shows it where it was deferred.
func (s *Server) fill(e *exchange, d draft, p *Post) *problem {
	was := p.Message.Flags
	p.Message.Flags &^= Loading
	if wrong := s.edit(d, p); wrong != nil {
		p.Message.Flags = was
		return wrong
	}
	if e.loading || e.response.Type == DeferredUpdate && len(p.Edits) > 0 && s.history.ledger.unanswered(e.ID) {
		s.history.ledger.answer(e.ID, s.o.Now())
	}
	e.loading = false
	return nil
}

// reached finds a message that a token reaches. The caller holds the lock.
func (s *Server) reached(c *call) (*exchange, *Post, *problem) {
	e, wrong := s.reach(c)
	if wrong != nil {
		return nil, nil, wrong
	}
	id := c.PathValue("message")
	if id == "@original" {
		id = e.original
	}
	p, ok := s.history.posts[id]
	if !ok || p.Deleted || p.token != e.Token && id != e.original {
		return nil, nil, &unknownMessage
	}
	return e, p, nil
}

// getResponse is GET /webhooks/{application}/{token}/messages/{message}.
func (s *Server) getResponse(c *call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, p, wrong := s.reached(c)
	if wrong != nil {
		c.fail(*wrong)
		return
	}
	c.reply(http.StatusOK, p.Message)
}

// editResponse is PATCH /webhooks/{application}/{token}/messages/{message}.
func (s *Server) editResponse(c *call) {
	d, wrong := c.draft()
	if wrong != nil {
		c.fail(*wrong)
		return
	}
	s.mu.Lock()
	e, p, wrong := s.reached(c)
	if wrong == nil {
		wrong = s.fill(e, d, p)
	}
	s.mu.Unlock()
	s.edited(c, p, wrong)
}

// deleteResponse is DELETE /webhooks/{application}/{token}/messages/{message}.
func (s *Server) deleteResponse(c *call) {
	s.remove(c, func() (*Post, *problem) {
		_, p, wrong := s.reached(c)
		return p, wrong
	})
}
