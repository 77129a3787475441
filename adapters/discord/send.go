package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"careerbot/adapters"
	"careerbot/adapters/discord/layout"
	"careerbot/adapters/discord/transport"
	"careerbot/adapters/discord/wire"
	"careerbot/bot/chat"
)

// Codes with which Discord refuses: https://discord.com/developers/docs/topics/opcodes-and-status-codes#json.
const (
	unknownChannel     = 10003
	unknownMessage     = 10008
	unknownWebhook     = 10015 // also the token of an interaction that was never answered
	unknownInteraction = 10062 // also one whose three seconds are over
	alreadyAnswered    = 40060
	missingAccess      = 50001
	noDirectMessages   = 50007
	missingPermissions = 50013
	deadToken          = 50027
	noHistory          = 160002 // "cannot reply without permission to read message history"
)

// sender posts answers: the adapters.Sender of the courier.
type sender struct{ *Adapter }

var _ adapters.Sender = sender{}

// Send draws and posts the answer to e.
func (s sender) Send(ctx context.Context, e adapters.Event, a chat.Answer) error {
	var d destination
	if err := json.Unmarshal(e.Reply, &d); err != nil {
		return &adapters.FinalError{Err: fmt.Errorf("read where the answer goes: %w", err)}
	}
	v := s.visits.of(e.Key)
	if d.Silent {
		return s.instead(ctx, e.Key, v, d, a)
	}
	if d.Place.Interaction != "" {
		if v == nil {
			v = &visit{place: d.Place, begun: true} // of another process, which may have begun
		}
		err := s.respond(ctx, v, d, s.draw(e.Key, a, d.Place.Look))
		if codeOf(err) == unknownInteraction && !d.Place.Look.Private && !d.InPlace {
			return s.late(ctx, e, d, a)
		}
		return s.judge(err, d)
	}
	if v.stale() {
		return &adapters.RetryError{After: time.Millisecond, Err: errors.New("the shard's lease has changed hands since the message came")}
	}
	return s.judge(s.say(ctx, e.Key, d, a), d)
}

// instead gives a in place of a form that was not shown, or may not have been, since the process was killed before: a form
// is a first answer and nothing else, so whoever pressed the button would be left without a word. Where Discord has had a
// first answer that was the form, and when its three seconds are over it takes none; what was pressed counts either way.
func (s sender) instead(ctx context.Context, key string, v *visit, d destination, a chat.Answer) error {
	if v != nil && v.hasBegun() {
		return nil
	}
	err := s.api.callback(ctx, d.Place, wire.Answered(s.draw(key, a, d.Place.Look)))
	if c := codeOf(err); c == alreadyAnswered || c == unknownInteraction {
		return nil
	}
	return s.judge(err, d)
}

// draw renders an answer and logs what was wrong with the first drawing.
func (s sender) draw(key string, a chat.Answer, l layout.Look) wire.Reply {
	r := s.charts.Render(a, l)
	for _, problem := range r.Problems {
		s.log.Error("an answer was drawn beyond Discord's limits", "event", key, "problem", problem)
	}
	return r
}

// respond gives r to an interaction: as its first answer, or by an edit of what was said first. An edit may be made
// any number of times, so it is what follows where it is not known whether the first answer has arrived.
func (s sender) respond(ctx context.Context, v *visit, d destination, r wire.Reply) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	first := wire.Answered(r)
	if d.InPlace {
		first = wire.Updated(r)
	}
	if !v.begun {
		err := v.give(ctx, s.api, first)
		v.begun = err == nil || !refused(err) || codeOf(err) == alreadyAnswered
		if codeOf(err) != alreadyAnswered {
			return err
		}
	}
	err := s.api.edit(ctx, d.Place, r)
	if c := codeOf(err); c != unknownWebhook && c != unknownMessage {
		return err
	}
	return s.api.callback(ctx, d.Place, first) // there is nothing yet to edit
}

// late posts the answer to an interaction that can no longer be answered as such, since the process that took it was
// killed in its three seconds: in the channel, like the answer to a message.
func (s sender) late(ctx context.Context, e adapters.Event, d destination, a chat.Answer) error {
	d.Place.Look.By, d.Place.Look.Question = d.Place.Name, e.Question.Text
	d.Place.Message = ""
	s.log.Warn("an interaction is answered late, by a message", "event", e.Key)
	return s.judge(s.say(ctx, e.Key, d, a), d)
}

// say replies to a message. What the bot lacks permission for is left out of it, and named in the log.
func (s sender) say(ctx context.Context, key string, d destination, a chat.Answer) error {
	m := replyTo(d.Place, key, s.draw(key, a, d.Place.Look))
	err := s.api.say(ctx, d.Place.Channel, m)
	if codeOf(err) == noHistory && m.Reference != nil {
		s.log.Warn("the bot lacks the permission Read Message History, so its answers are no replies", "channel", d.Place.Channel)
		m.Reference = nil
		err = s.api.say(ctx, d.Place.Channel, m)
	}
	if codeOf(err) == missingPermissions && len(m.Files) > 0 {
		d.Place.Look.Bare = true
		m.Reply = s.draw(key, a, d.Place.Look).ForEdit()
		if err = s.api.say(ctx, d.Place.Channel, m); err == nil {
			s.log.Warn("the bot lacks the permission Attach Files, so its answers have no charts", "channel", d.Place.Channel)
		}
	}
	return err
}

// replyTo is r as a reply to the message of a place, posted once for a key. Discord takes nonces of 25 characters.
func replyTo(p place, key string, r wire.Reply) post {
	m := post{Reply: r.ForEdit(), Nonce: key, Enforce: true}
	if p.Message != "" {
		m.Reference = &reference{MessageID: p.Message, ChannelID: p.Channel}
	}
	return m
}

// lookUpAfter is the age from which a message's answer is looked up before it is posted again: Discord knows a nonce
// for "the past few minutes" only (https://discord.com/developers/docs/resources/message#create-message).
const lookUpAfter = 90 * time.Second

// Sent looks for an answer that Discord would not know by its nonce any more. For interactions there is no need: to
// edit their answer once more changes nothing.
func (s sender) Sent(ctx context.Context, e adapters.Event) (bool, error) {
	var d destination
	if err := json.Unmarshal(e.Reply, &d); err != nil {
		return false, fmt.Errorf("read where the answer goes: %w", err)
	}
	if d.Silent || d.Place.Interaction != "" || d.Place.Message == "" || s.cfg.Now().Sub(born(d.Place.Message)) < lookUpAfter {
		return false, nil
	}
	if err := s.identify(ctx); err != nil { // after a start it may not be known yet which messages are our own
		return false, err
	}
	var after []struct {
		Author    struct{ ID string }
		Reference *reference `json:"message_reference"`
	}
	err := s.api.get(ctx, "/channels/"+d.Place.Channel+"/messages?limit=100&after="+d.Place.Message, &after)
	if after, ok := limited(err); ok { // not yet: to post now could be the second time
		return false, &adapters.RetryError{After: after, Err: err}
	}
	if refused(err) { // we may not read: the nonce is what there is
		return false, nil
	}
	for _, m := range after {
		if m.Author.ID == s.who().user && m.Reference != nil && m.Reference.MessageID == d.Place.Message {
			return true, nil
		}
	}
	return false, err
}

// refused says that Discord has answered a request and not taken it: nothing was posted.
func refused(err error) bool {
	if r, ok := errors.AsType[*refusal](err); ok {
		return r.status < http.StatusInternalServerError
	}
	_, late := limited(err)
	return late || errors.Is(err, transport.ErrRevoked)
}

// judge says of an error what the courier has to know: try again, or never.
func (s sender) judge(err error, d destination) error {
	if err == nil {
		return nil
	}
	if after, ok := limited(err); ok {
		return &adapters.RetryError{After: after, Err: err}
	}
	if errors.Is(err, transport.ErrRevoked) {
		return &adapters.RetryError{After: 30 * time.Second, Err: err} // another process may have a good one
	}
	if !refused(err) {
		return err
	}
	if advice := advise(codeOf(err), d.Place); advice != "" {
		err = fmt.Errorf("%s: %w", advice, err)
	}
	return &adapters.FinalError{Err: err}
}

// advise says in words what a refusal means for whoever runs the bot, "" where Discord's own are all there is.
func advise(code int, p place) string {
	switch code {
	case unknownInteraction:
		return "the interaction was not answered within 3 seconds, so Discord takes no answer any more"
	case deadToken, unknownWebhook:
		return "the interaction's 15 minutes are over"
	case unknownChannel:
		return "channel " + p.Channel + " was deleted"
	case unknownMessage, alreadyAnswered:
		return "the message that the answer belongs in was deleted"
	case noDirectMessages:
		return "the person takes no direct messages"
	case missingAccess:
		return "the bot lacks the permission View Channel in channel " + p.Channel +
			", or was removed from the server: give it the permission, or let it be"
	case missingPermissions:
		if p.Parent != "" {
			return "the bot lacks the permission Send Messages in Threads in thread " + p.Channel + ": give it to the bot's role"
		}
		return "the bot lacks the permission Send Messages in channel " + p.Channel +
			" (Send Messages in Threads where that is a thread): give it to the bot's role"
	}
	return ""
}

// stale says, once for each visit, that the shard which brought a message is no longer this process's. Then the outbox
// is asked who owes the answer, which the courier does before a second attempt.
func (v *visit) stale() bool {
	if v == nil || v.lease == nil {
		return false
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	was := v.fence
	v.fence = v.lease.current()
	return v.fence != was
}
