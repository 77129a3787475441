package discordtest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// draft is what a request says of a message. Pointers tell what is absent, which an edit leaves as it is.
type draft struct {
	Content         *string            `json:"content"`
	Nonce           json.RawMessage    `json:"nonce"`
	EnforceNonce    bool               `json:"enforce_nonce"`
	TTS             bool               `json:"tts"`
	Embeds          *[]json.RawMessage `json:"embeds"`
	AllowedMentions json.RawMessage    `json:"allowed_mentions"`
	Reference       *Reference         `json:"message_reference"`
	Components      *[]json.RawMessage `json:"components"`
	Attachments     *[]attached        `json:"attachments"`
	Flags           *int               `json:"flags"`
	Poll            json.RawMessage    `json:"poll"`

	raw   json.RawMessage
	files map[string]File
}

// attached is a file of a draft: one that is uploaded with it, by number, or one that an edited message keeps, by id.
type attached struct {
	ID          json.RawMessage `json:"id"`
	Filename    string          `json:"filename"`
	Description *string         `json:"description"`
}

// draft reads a request's message.
func (c *call) draft() (draft, *problem) {
	return readDraft(c.body, c.files)
}

func readDraft(body []byte, files map[string]File) (draft, *problem) {
	d := draft{raw: body, files: files}
	if len(body) == 0 {
		return d, nil
	}
	if err := json.Unmarshal(body, &d); err != nil {
		return d, new(invalid("_", "WRONG_TYPE", err.Error()))
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
func (s *Server) apply(d draft, p *Post) *problem {
	m := &p.Message
	v2 := m.Flags&ComponentsV2 != 0 || d.Flags != nil && *d.Flags&ComponentsV2 != 0
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
		m.Flags = m.Flags&(Ephemeral|Loading|ComponentsV2) | *d.Flags&(1<<2|ComponentsV2|1<<12)
	}
	if v2 {
		m.Flags |= ComponentsV2
	}
	if d.Poll != nil {
		m.Poll = d.Poll
	}
	s.attach(d, p)
	if d.AllowedMentions != nil {
		p.AllowedMentions = d.AllowedMentions
	}
	if wrong := refuse(*m); wrong != nil {
		return wrong
	}
	s.ping(p)
	return nil
}

// attach gives a message its files.
func (s *Server) attach(d draft, p *Post) {
	before := p.Message.Attachments
	uploaded := maps.Clone(d.files)
	if d.Attachments != nil {
		p.Message.Attachments = []Attachment{}
		for _, a := range *d.Attachments {
			id := strings.Trim(string(a.ID), `"`)
			if i := slices.IndexFunc(before, func(b Attachment) bool { return b.ID == id }); i >= 0 {
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
		p.Message.Attachments = []Attachment{}
	}
}

func (s *Server) addFile(p *Post, f File, a attached) {
	f.Name = or(a.Filename, f.Name)
	if a.Description != nil {
		f.Description = *a.Description
	}
	id := s.mint()
	f.id = id
	url := fmt.Sprintf("http://%s/attachments/%s/%s/%s", s.address, p.Message.ChannelID, id, f.Name)
	p.Files = append(p.Files, f)
	p.Message.Attachments = append(p.Message.Attachments, Attachment{
		ID: id, Filename: f.Name, Description: f.Description, ContentType: f.ContentType, Size: len(f.Bytes), URL: url, ProxyURL: url,
	})
}

// serveFile gives an uploaded file back.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request) {
	for _, p := range s.Posts() {
		for _, f := range p.Files {
			if strings.HasSuffix(r.URL.Path, "/"+f.id+"/"+f.Name) {
				w.Header().Set("Content-Type", or(f.ContentType, "application/octet-stream"))
				_, _ = w.Write(f.Bytes) // a client that is gone does not want it
				return
			}
		}
	}
	http.NotFound(w, r)
}

// post makes the message of a draft. The caller holds the lock.
func (s *Server) post(d draft, channel string, kind int, via string) (*Post, *problem) {
	now := s.o.Now()
	p := &Post{Via: via, Request: d.raw, At: now}
	p.Message = Message{
		ID: s.mint(), Type: kind, ChannelID: channel, Author: s.world.bot, Timestamp: stamp(now), TTS: d.TTS, Nonce: d.Nonce,
		Mentions: []User{}, MentionRoles: []string{}, Embeds: []json.RawMessage{}, Components: []json.RawMessage{},
	}
	if wrong := s.apply(d, p); wrong != nil {
		return nil, wrong
	}
	return p, nil
}

// createMessage is POST /channels/{channel}/messages.
func (s *Server) createMessage(c *call) {
	d, wrong := c.draft()
	if wrong != nil {
		c.fail(*wrong)
		return
	}
	s.mu.Lock()
	p, repeat, wrong := s.take(c.PathValue("channel"), d)
	s.mu.Unlock()
	if wrong != nil {
		c.fail(*wrong)
		return
	}
	c.reply(http.StatusOK, p)
	if !repeat {
		s.echo("MESSAGE_CREATE", *p)
	}
}

// take makes the message, unless its nonce shows that there is one. The caller holds the lock.
func (s *Server) take(id string, d draft) (m *Message, repeat bool, wrong *problem) {
	channel, wrong := s.writable(id, len(d.files) > 0)
	if wrong != nil {
		return nil, false, wrong
	}
	now := s.o.Now()
	if len(d.Nonce) > 27 {
		return nil, false, new(invalid("nonce", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length."))
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
	if channel.Permissions&EmbedLinks == 0 {
		p.Message.Embeds = []json.RawMessage{} // Discord drops them without a word
	}
	if d.Nonce != nil {
		s.history.remember(s.o.Keep, string(d.Nonce), p.Message.ID, now)
	}
	s.history.keepPost(s.o.Keep, p)
	if p.Answers != "" {
		s.history.ledger.answer(p.Answers, now)
	}
	return new(p.Message), false, nil
}

// refer sets what the message replies to, and which question it answers.
func (s *Server) refer(d draft, p *Post, channel *Channel) *problem {
	replied := ""
	if r := d.Reference; r != nil && r.MessageID != "" {
		old, ok := s.history.message(r.MessageID)
		replied = r.MessageID
		switch {
		case ok:
			p.Message.Type = 19
			p.Message.Reference = &Reference{MessageID: r.MessageID, ChannelID: channel.ID, GuildID: channel.GuildID}
			p.Message.Referenced = new(*old)
			p.Message.Referenced.Referenced = nil
		case r.FailIfNotExists == nil || *r.FailIfNotExists:
			return new(invalid("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message"))
		}
	}
	p.Answers = s.answered(replied, strings.Trim(string(d.Nonce), `"`), channel.ID)
	return nil
}

// answered is the question that a message answers: the one it replies to, the one that its nonce names, or the one
// whose thread it is in.
func (s *Server) answered(replied, nonce, channel string) string {
	open := s.history.ledger.open
	if replied != "" {
		_, known := s.history.message(replied)
		if open[replied] != nil || s.o.Keep > 0 && !known { // or a question answered long ago, and forgotten
			return replied
		}
		return ""
	}
	if open[nonce] != nil {
		return nonce
	}
	if q := open[channel]; q != nil && q.answers == 0 { // a thread has the id of the message it began with
		return channel
	}
	return ""
}

// writable finds a channel that the bot may write to. The caller holds the lock.
func (s *Server) writable(id string, files bool) (*Channel, *problem) {
	c, ok := s.world.channels[id]
	need := uint64(SendMessages)
	if ok && (c.Type == PublicThread || c.Type == PrivateThread) {
		need = SendInThreads
	}
	switch {
	case !ok:
		return nil, &unknownChannel
	case c.Permissions&ViewChannel == 0, s.abroad(c):
		return nil, &missingAccess
	case c.Permissions&need == 0, files && c.Permissions&AttachFiles == 0:
		return nil, &missingPermissions
	case c.Type == DMChannel && s.world.shut[c.Recipients[0].ID]:
		return nil, &noDirectMessages
	}
	return c, nil
}

// abroad says whether a channel is in a server that the bot is not in. The caller holds the lock.
func (s *Server) abroad(c *Channel) bool {
	g, ok := s.world.guilds[c.GuildID]
	return ok && !g.Member
}

// getMessage is GET /channels/{channel}/messages/{message}.
func (s *Server) getMessage(c *call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	channel, ok := s.world.channels[c.PathValue("channel")]
	m, found := s.history.message(c.PathValue("message"))
	switch {
	case !ok:
		c.fail(unknownChannel)
	case channel.Permissions&(ViewChannel|ReadMessageHistory) != ViewChannel|ReadMessageHistory:
		c.fail(missingAccess)
	case !found || m.ChannelID != channel.ID || m.Flags&Ephemeral != 0:
		c.fail(unknownMessage)
	default:
		shown := *m
		shown.GuildID, shown.Member = "", nil
		c.reply(http.StatusOK, shown)
	}
}

// own finds a message of the bot's in a channel. The caller holds the lock.
func (s *Server) own(channel, message string) (*Post, *problem) {
	if _, ok := s.world.channels[channel]; !ok {
		return nil, &unknownChannel
	}
	p, ok := s.history.posts[message]
	if _, other := s.history.messages[message]; other {
		return nil, &notTheAuthor
	}
	if !ok || p.Deleted || p.Message.ChannelID != channel || p.Ephemeral() {
		return nil, &unknownMessage
	}
	return p, nil
}

// editMessage is PATCH /channels/{channel}/messages/{message}.
func (s *Server) editMessage(c *call) {
	d, wrong := c.draft()
	if wrong != nil {
		c.fail(*wrong)
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
func (s *Server) edit(d draft, p *Post) *problem {
	changed := *p
	if wrong := s.apply(d, &changed); wrong != nil {
		return wrong
	}
	*p = changed
	p.Message.Edited = new(stamp(s.o.Now()))
	p.Edits = append(p.Edits, d.raw)
	return nil
}

// edited answers an edit.
func (s *Server) edited(c *call, p *Post, wrong *problem) {
	if wrong != nil {
		c.fail(*wrong)
		return
	}
	s.mu.Lock()
	m := p.Message
	s.mu.Unlock()
	c.reply(http.StatusOK, m)
	s.echo("MESSAGE_UPDATE", m)
}

// deleteMessage is DELETE /channels/{channel}/messages/{message}.
func (s *Server) deleteMessage(c *call) {
	s.remove(c, func() (*Post, *problem) { return s.own(c.PathValue("channel"), c.PathValue("message")) })
}

// remove deletes the message that find finds, which is called with the lock held.
func (s *Server) remove(c *call, find func() (*Post, *problem)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, wrong := find()
	if wrong != nil {
		c.fail(*wrong)
		return
	}
	p.Deleted = true
	c.reply(http.StatusNoContent, nil)
}

// echo tells the sessions of a message of the bot's: they hear their own bot too.
func (s *Server) echo(kind string, m Message) {
	s.mu.Lock()
	c, ok := s.world.channels[m.ChannelID]
	heard := ok && m.Flags&Ephemeral == 0 && c.Permissions&ViewChannel != 0 && !s.abroad(c) // where the bot is not, there is nothing to see
	if ok {
		m.GuildID = c.GuildID
	}
	s.mu.Unlock()
	if !heard {
		return
	}
	if m.GuildID != "" {
		m.Member = &Member{Roles: []string{}, JoinedAt: "2026-01-01T00:00:00+00:00"}
	}
	s.dispatch(guildShard(m.GuildID), kind, messageIntent(m), encode(m), "")
}

// messageIntent is the intent that a message's events need.
func messageIntent(m Message) int {
	if m.GuildID == "" {
		return intentDirectMessages
	}
	return intentGuildMessages
}
