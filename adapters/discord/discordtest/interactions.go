package discordtest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"

	"careerbot/adapters/discord/discordtest/object"
	"careerbot/adapters/discord/discordtest/rest"
)

// callback is the body of a first answer.
type callback struct {
	Type int             `json:"type"`
	Data json.RawMessage `json:"data"`
}

// fits are the responses that each type of interaction takes.
var fits = map[int][]int{
	object.Ping:         {object.Pong},
	object.Command:      {object.MessageResponse, object.Deferred, object.Modal},
	object.Component:    {object.MessageResponse, object.Deferred, object.DeferredUpdate, object.Update, object.Modal},
	object.Autocomplete: {object.Choices},
	object.ModalSubmit:  {object.MessageResponse, object.Deferred, object.DeferredUpdate, object.Update},
}

// createResponse is POST /interactions/{interaction}/{token}/callback.
func (s *Server) createResponse(c *rest.Call) {
	var body callback
	if !c.Into(&body) {
		return
	}
	s.mu.Lock()
	e, ok := s.history.exchanges[c.PathValue("interaction")]
	if !ok || e.Token != c.PathValue("token") {
		s.mu.Unlock()
		c.Fail(object.UnknownInteraction)
		return
	}
	p, wrong := s.respond(e, body, c.Files, false)
	s.mu.Unlock()
	if wrong != nil {
		c.Fail(*wrong)
		return
	}
	s.told(p, body.Type)
	if with, _ := strconv.ParseBool(c.URL.Query().Get("with_response")); with {
		c.Reply(http.StatusOK, s.callbackResponse(e, body.Type, p))
		return
	}
	c.Reply(http.StatusNoContent, nil)
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
	if kind == object.Update {
		event = "MESSAGE_UPDATE"
	}
	s.echo(event, m)
}

// respond takes the first answer to an interaction. The caller holds the lock.
func (s *Server) respond(e *exchange, body callback, files map[string]object.File, overHTTP bool) (*Post, *object.Problem) {
	now := s.o.Now()
	age := now.Sub(e.sent)
	refused := func(p object.Problem) (*Post, *object.Problem) {
		e.refused = append(e.refused, p.Code)
		return nil, &p
	}
	switch {
	case e.response != nil:
		return refused(object.Acknowledged)
	case age > s.o.AnswerWithin:
		return refused(object.UnknownInteraction)
	case !slices.Contains(fits[e.Type], body.Type) || e.Message == nil && (body.Type == object.DeferredUpdate || body.Type == object.Update):
		return refused(object.Invalid("type", "INTERACTION_TYPE_INVALID", "This interaction cannot be answered so"))
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
	if kind == object.Deferred || kind == object.DeferredUpdate {
		e.loading = kind == object.Deferred
		s.history.ledger.Respond(e.ID)
		return
	}
	s.history.ledger.Answer(e.ID, now)
}

// show does what a first answer says: makes a message, changes one, or nothing.
func (s *Server) show(e *exchange, kind int, d draft) (*Post, *object.Problem) {
	switch kind {
	case object.MessageResponse, object.Deferred:
		flags := 0
		if d.Flags != nil {
			flags = *d.Flags & (object.Ephemeral | object.ComponentsV2)
		}
		if kind == object.Deferred {
			flags = flags&object.Ephemeral | object.Loading
			d = draft{raw: d.raw}
		}
		p, wrong := s.reply(e, d, flags, "response")
		if wrong != nil {
			return nil, wrong
		}
		e.original = p.Message.ID
		return p, nil
	case object.DeferredUpdate, object.Update:
		e.original = e.Message.ID
		p, ok := s.history.posts[e.original]
		if kind == object.DeferredUpdate || !ok {
			return nil, nil
		}
		p.token = e.Token
		return p, s.edit(d, p)
	default:
		return nil, nil
	}
}

// reply makes a message that answers an interaction. The caller holds the lock.
func (s *Server) reply(e *exchange, d draft, flags int, via string) (*Post, *object.Problem) {
	now := s.o.Now()
	kind := 0
	if via == "response" && e.Type == object.Command {
		kind = 20
	}
	if c := s.world.channels[e.ChannelID]; c != nil && s.abroad(c) && c.Permissions&object.UseExternalApps == 0 {
		flags |= object.Ephemeral // Discord lets only the asker see what an application that is not welcome says
	}
	p := &Post{Via: via, Request: d.raw, At: now, Answers: e.ID, token: e.Token}
	p.Message = object.Message{
		ID: s.mint(), Type: kind, ChannelID: e.ChannelID, Author: s.world.bot, Timestamp: object.Stamp(now), TTS: d.TTS, Flags: flags,
		Mentions: []object.User{}, MentionRoles: []string{}, Embeds: []json.RawMessage{}, Components: []json.RawMessage{},
		WebhookID: s.world.app, ApplicationID: s.world.app,
		Metadata: &object.Metadata{ID: e.ID, Type: e.Type, User: e.Asker(), Owners: e.Owners},
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
		interaction["response_message_loading"] = p.Message.Flags&object.Loading != 0
		interaction["response_message_ephemeral"] = p.Ephemeral()
		o["resource"] = map[string]any{"type": kind, "message": p.Message}
	}
	return o
}

// reach finds the interaction of a token. The caller holds the lock.
func (s *Server) reach(c *rest.Call) (*exchange, *object.Problem) {
	e, ok := s.history.tokens[c.PathValue("token")]
	switch {
	case !ok || c.PathValue("application") != s.world.app:
		return nil, &object.UnknownWebhook
	case s.o.Now().Sub(e.sent) > s.o.TokenLife:
		e.refused = append(e.refused, object.DeadToken.Code)
		return nil, &object.DeadToken
	case e.response == nil:
		e.refused = append(e.refused, object.UnknownWebhook.Code)
		return nil, &object.UnknownWebhook // Discord knows the token only after the first answer
	}
	return e, nil
}

// maxFollowUps is how many a user-installed application may send where it is not installed in the server:
// https://discord.com/developers/docs/interactions/receiving-and-responding#followup-messages.
const maxFollowUps = 5

// createFollowUp is POST /webhooks/{application}/{token}.
func (s *Server) createFollowUp(c *rest.Call) {
	d, wrong := draftOf(c)
	if wrong != nil {
		c.Fail(*wrong)
		return
	}
	s.mu.Lock()
	e, wrong := s.reach(c)
	var p *Post
	if wrong == nil {
		p, wrong = s.follow(e, d)
	}
	var m object.Message
	if wrong == nil {
		m = p.Message
	}
	s.mu.Unlock()
	if wrong != nil {
		c.Fail(*wrong)
		return
	}
	c.Reply(http.StatusOK, m)
	s.echo("MESSAGE_CREATE", m)
}

// follow makes a follow-up. The first one after a deferred answer takes the place of "thinking", and stays as
// ephemeral as that was. The caller holds the lock.
func (s *Server) follow(e *exchange, d draft) (*Post, *object.Problem) {
	_, inServer := e.Owners["0"]
	if !inServer && len(e.followUps) >= maxFollowUps {
		e.refused = append(e.refused, object.TooManyFollowUps.Code)
		return nil, &object.TooManyFollowUps
	}
	if e.loading {
		p, ok := s.history.posts[e.original]
		if ok {
			return p, s.fill(e, d, p)
		}
	}
	flags := 0
	if d.Flags != nil {
		flags = *d.Flags & (object.Ephemeral | object.ComponentsV2)
	}
	p, wrong := s.reply(e, d, flags, "followup")
	if wrong != nil {
		return nil, wrong
	}
	e.followUps = append(e.followUps, p.Message.ID)
	s.history.ledger.Answer(e.ID, s.o.Now())
	return p, nil
}

// fill edits the message of an answer, and shows it where it was deferred.
func (s *Server) fill(e *exchange, d draft, p *Post) *object.Problem {
	was := p.Message.Flags
	p.Message.Flags &^= object.Loading
	if wrong := s.edit(d, p); wrong != nil {
		p.Message.Flags = was
		return wrong
	}
	if e.loading || e.response.Type == object.DeferredUpdate && len(p.Edits) > 0 && s.history.ledger.Unanswered(e.ID) {
		s.history.ledger.Answer(e.ID, s.o.Now())
	}
	e.loading = false
	return nil
}

// reached finds a message that a token reaches. The caller holds the lock.
func (s *Server) reached(c *rest.Call) (*exchange, *Post, *object.Problem) {
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
		return nil, nil, &object.UnknownMessage
	}
	return e, p, nil
}

// getResponse is GET /webhooks/{application}/{token}/messages/{message}.
func (s *Server) getResponse(c *rest.Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, p, wrong := s.reached(c)
	if wrong != nil {
		c.Fail(*wrong)
		return
	}
	c.Reply(http.StatusOK, p.Message)
}

// editResponse is PATCH /webhooks/{application}/{token}/messages/{message}.
func (s *Server) editResponse(c *rest.Call) {
	d, wrong := draftOf(c)
	if wrong != nil {
		c.Fail(*wrong)
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
func (s *Server) deleteResponse(c *rest.Call) {
	s.remove(c, func() (*Post, *object.Problem) {
		_, p, wrong := s.reached(c)
		return p, wrong
	})
}
