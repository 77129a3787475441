package discordtest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"careerbot/adapters/discord/discordtest/object"
	"careerbot/adapters/discord/discordtest/rest"
)

// draft is what a request says of a message. Pointers tell what is absent, which an edit leaves as it is.
type draft struct {
	Content         *string            `json:"content"`
	Nonce           json.RawMessage    `json:"nonce"`
	EnforceNonce    bool               `json:"enforce_nonce"`
	TTS             bool               `json:"tts"`
	Embeds          *[]json.RawMessage `json:"embeds"`
	AllowedMentions json.RawMessage    `json:"allowed_mentions"`
	Reference       *object.Reference  `json:"message_reference"`
	Components      *[]json.RawMessage `json:"components"`
	Attachments     *[]attached        `json:"attachments"`
	Flags           *int               `json:"flags"`
	Poll            json.RawMessage    `json:"poll"`

	raw   json.RawMessage
	files map[string]object.File
}

// attached is a file of a draft: one that is uploaded with it, by number, or one that an edited message keeps, by id.
type attached struct {
	ID          json.RawMessage `json:"id"`
	Filename    string          `json:"filename"`
	Description *string         `json:"description"`
}

// draftOf reads a request's message.
func draftOf(c *rest.Call) (draft, *object.Problem) {
	return readDraft(c.Body, c.Files)
}

func readDraft(body []byte, files map[string]object.File) (draft, *object.Problem) {
	d := draft{raw: body, files: files}
	if len(body) == 0 {
		return d, nil
	}
	if err := json.Unmarshal(body, &d); err != nil {
		return d, new(object.Invalid("_", "WRONG_TYPE", err.Error()))
	}
	if string(d.Nonce) == "null" {
		d.Nonce = nil
	}
	if string(d.Poll) == "null" {
		d.Poll = nil
	}
	return d, nil
}

// apply writes d over a message, new or old. The caller holds the lock.
func (s *Server) apply(d draft, p *Post) *object.Problem {
	m := &p.Message
	v2 := m.Flags&object.ComponentsV2 != 0 || d.Flags != nil && *d.Flags&object.ComponentsV2 != 0
	if d.Content != nil {
		m.Content = *d.Content
	}
	if d.Embeds != nil {
		m.Embeds = slices.Clone(*d.Embeds)
	}
	if d.Components != nil {
		m.Components = slices.Clone(*d.Components)
	}
	if d.Flags != nil { // only these may change, and V2 stays
		m.Flags = m.Flags&(object.Ephemeral|object.Loading|object.ComponentsV2) | *d.Flags&(1<<2|object.ComponentsV2|1<<12)
	}
	if v2 {
		m.Flags |= object.ComponentsV2
	}
	if d.Poll != nil {
		m.Poll = d.Poll
	}
	s.attach(d, p)
	if d.AllowedMentions != nil {
		p.AllowedMentions = d.AllowedMentions
	}
	if wrong := object.Refuse(*m); wrong != nil {
		return wrong
	}
	p.Pings = m.Ping(p.AllowedMentions)
	return nil
}

// attach gives a message its files.
func (s *Server) attach(d draft, p *Post) {
	before := p.Message.Attachments
	uploaded := maps.Clone(d.files)
	if d.Attachments != nil {
		p.Message.Attachments = []object.Attachment{}
		for _, a := range *d.Attachments {
			id := strings.Trim(string(a.ID), `"`)
			if i := slices.IndexFunc(before, func(b object.Attachment) bool { return b.ID == id }); i >= 0 {
				p.Message.Attachments = append(p.Message.Attachments, before[i])
				continue
			}
			if f, ok := uploaded["files["+id+"]"]; ok {
				delete(uploaded, "files["+id+"]")
				s.addFile(p, f, a)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(uploaded)) {
		s.addFile(p, uploaded[name], attached{})
	}
	if p.Message.Attachments == nil {
		p.Message.Attachments = []object.Attachment{}
	}
}

func (s *Server) addFile(p *Post, f object.File, a attached) {
	f.Name = cmp.Or(a.Filename, f.Name)
	if a.Description != nil {
		f.Description = *a.Description
	}
	id := s.mint()
	f.ID = id
	url := fmt.Sprintf("http://%s/attachments/%s/%s/%s", s.address, p.Message.ChannelID, id, f.Name)
	p.Files = append(p.Files, f)
	p.Message.Attachments = append(p.Message.Attachments, object.Attachment{
		ID: id, Filename: f.Name, Description: f.Description, ContentType: f.ContentType, Size: len(f.Bytes), URL: url, ProxyURL: url,
	})
}

// serveFile gives an uploaded file back.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request) {
	for _, p := range s.Posts() {
		for _, f := range p.Files {
			if strings.HasSuffix(r.URL.Path, "/"+f.ID+"/"+f.Name) {
				w.Header().Set("Content-Type", cmp.Or(f.ContentType, "application/octet-stream"))
				_, _ = w.Write(f.Bytes) // a client that is gone does not want it
				return
			}
		}
	}
	http.NotFound(w, r)
}

// post makes the message of a draft. The caller holds the lock.
func (s *Server) post(d draft, channel string, kind int, via string) (*Post, *object.Problem) {
	now := s.o.Now()
	p := &Post{Via: via, Request: d.raw, At: now}
	p.Message = object.Message{
		ID: s.mint(), Type: kind, ChannelID: channel, Author: s.world.bot, Timestamp: object.Stamp(now), TTS: d.TTS, Nonce: d.Nonce,
		Mentions: []object.User{}, MentionRoles: []string{}, Embeds: []json.RawMessage{}, Components: []json.RawMessage{},
	}
	if wrong := s.apply(d, p); wrong != nil {
		return nil, wrong
	}
	return p, nil
}

// createMessage is POST /channels/{channel}/messages.
func (s *Server) createMessage(c *rest.Call) {
	d, wrong := draftOf(c)
	if wrong != nil {
		c.Fail(*wrong)
		return
	}
	s.mu.Lock()
	p, repeat, wrong := s.take(c.PathValue("channel"), d)
	s.mu.Unlock()
	if wrong != nil {
		c.Fail(*wrong)
		return
	}
	c.Reply(http.StatusOK, p)
	if !repeat {
		s.echo("MESSAGE_CREATE", *p)
	}
}

// take makes the message, unless its nonce shows that there is one. The caller holds the lock.
func (s *Server) take(id string, d draft) (m *object.Message, repeat bool, wrong *object.Problem) {
	channel, wrong := s.writable(id, len(d.files) > 0)
	if wrong != nil {
		return nil, false, wrong
	}
	now := s.o.Now()
	if len(d.Nonce) > 27 {
		return nil, false, new(object.Invalid("nonce", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length."))
	}
	if d.EnforceNonce && d.Nonce != nil {
		if p, ok := s.history.repeated(string(d.Nonce), now, s.o.NonceLife); ok {
			s.stats.Repeats++
			return new(p.Message), true, nil
		}
	}
	p, wrong := s.post(d, id, 0, "channel")
	if wrong != nil {
		return nil, false, wrong
	}
	if wrong := s.refer(d, p, channel); wrong != nil {
		return nil, false, wrong
	}
	if channel.Permissions&object.EmbedLinks == 0 {
		p.Message.Embeds = []json.RawMessage{} // Discord drops them without a word
	}
	if d.Nonce != nil {
		s.history.remember(s.o.Keep, string(d.Nonce), p.Message.ID, now)
	}
	s.history.keepPost(s.o.Keep, p)
	if p.Answers != "" {
		s.history.ledger.Answer(p.Answers, now)
	}
	return new(p.Message), false, nil
}

// refer sets what the message replies to, and which question it answers.
func (s *Server) refer(d draft, p *Post, channel *object.Channel) *object.Problem {
	replied := ""
	if r := d.Reference; r != nil && r.MessageID != "" {
		old, ok := s.history.message(r.MessageID)
		replied = r.MessageID
		switch {
		case ok:
			p.Message.Type = 19
			p.Message.Reference = &object.Reference{MessageID: r.MessageID, ChannelID: channel.ID, GuildID: channel.GuildID}
			p.Message.Referenced = new(*old)
			p.Message.Referenced.Referenced = nil
		case r.FailIfNotExists == nil || *r.FailIfNotExists:
			return new(object.Invalid("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message"))
		}
	}
	p.Answers = s.answered(replied, strings.Trim(string(d.Nonce), `"`), channel.ID)
	return nil
}

// answered is the question that a message answers: the one it replies to, the one that its nonce names, or the one
// whose thread it is in.
func (s *Server) answered(replied, nonce, channel string) string {
	questions := s.history.ledger
	if replied != "" {
		_, known := s.history.message(replied)
		if questions.Find(replied) != nil || s.o.Keep > 0 && !known { // or a question answered long ago, and forgotten
			return replied
		}
		return ""
	}
	if questions.Find(nonce) != nil {
		return nonce
	}
	if questions.Unanswered(channel) { // a thread has the id of the message it began with
		return channel
	}
	return ""
}

// writable finds a channel that the bot may write to. The caller holds the lock.
func (s *Server) writable(id string, files bool) (*object.Channel, *object.Problem) {
	c, ok := s.world.channels[id]
	need := uint64(object.SendMessages)
	if ok && (c.Type == object.PublicThread || c.Type == object.PrivateThread) {
		need = object.SendInThreads
	}
	switch {
	case !ok:
		return nil, &object.UnknownChannel
	case c.Permissions&object.ViewChannel == 0, s.abroad(c):
		return nil, &object.MissingAccess
	case c.Permissions&need == 0, files && c.Permissions&object.AttachFiles == 0:
		return nil, &object.MissingPermissions
	case c.Type == object.DMChannel && s.world.shut[c.Recipients[0].ID]:
		return nil, &object.NoDirectMessages
	}
	return c, nil
}

// abroad says whether a channel is in a server that the bot is not in. The caller holds the lock.
func (s *Server) abroad(c *object.Channel) bool {
	g, ok := s.world.guilds[c.GuildID]
	return ok && !g.Member
}

// getMessage is GET /channels/{channel}/messages/{message}.
func (s *Server) getMessage(c *rest.Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	channel, ok := s.world.channels[c.PathValue("channel")]
	m, found := s.history.message(c.PathValue("message"))
	switch {
	case !ok:
		c.Fail(object.UnknownChannel)
	case channel.Permissions&(object.ViewChannel|object.ReadMessageHistory) != object.ViewChannel|object.ReadMessageHistory:
		c.Fail(object.MissingAccess)
	case !found || m.ChannelID != channel.ID || m.Flags&object.Ephemeral != 0:
		c.Fail(object.UnknownMessage)
	default:
		shown := *m
		shown.GuildID, shown.Member = "", nil
		c.Reply(http.StatusOK, shown)
	}
}

// own finds a message of the bot's in a channel. The caller holds the lock.
func (s *Server) own(channel, message string) (*Post, *object.Problem) {
	if _, ok := s.world.channels[channel]; !ok {
		return nil, &object.UnknownChannel
	}
	p, ok := s.history.posts[message]
	if _, other := s.history.messages[message]; other {
		return nil, &object.NotTheAuthor
	}
	if !ok || p.Deleted || p.Message.ChannelID != channel || p.Ephemeral() {
		return nil, &object.UnknownMessage
	}
	return p, nil
}

// editMessage is PATCH /channels/{channel}/messages/{message}.
func (s *Server) editMessage(c *rest.Call) {
	d, wrong := draftOf(c)
	if wrong != nil {
		c.Fail(*wrong)
		return
	}
	s.mu.Lock()
	p, wrong := s.own(c.PathValue("channel"), c.PathValue("message"))
	if wrong == nil {
		wrong = s.edit(d, p)
	}
	s.mu.Unlock()
	s.edited(c, p, wrong)
}

// edit changes a message, or nothing where d is wrong. The caller holds the lock.
func (s *Server) edit(d draft, p *Post) *object.Problem {
	changed := *p
	if wrong := s.apply(d, &changed); wrong != nil {
		return wrong
	}
	*p = changed
	p.Message.Edited = new(object.Stamp(s.o.Now()))
	p.Edits = append(p.Edits, d.raw)
	return nil
}

// edited answers an edit.
func (s *Server) edited(c *rest.Call, p *Post, wrong *object.Problem) {
	if wrong != nil {
		c.Fail(*wrong)
		return
	}
	s.mu.Lock()
	m := p.Message
	s.mu.Unlock()
	c.Reply(http.StatusOK, m)
	s.echo("MESSAGE_UPDATE", m)
}

// deleteMessage is DELETE /channels/{channel}/messages/{message}.
func (s *Server) deleteMessage(c *rest.Call) {
	s.remove(c, func() (*Post, *object.Problem) { return s.own(c.PathValue("channel"), c.PathValue("message")) })
}

// remove deletes the message that find finds, which is called with the lock held.
func (s *Server) remove(c *rest.Call, find func() (*Post, *object.Problem)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, wrong := find()
	if wrong != nil {
		c.Fail(*wrong)
		return
	}
	p.Deleted = true
	c.Reply(http.StatusNoContent, nil)
}
