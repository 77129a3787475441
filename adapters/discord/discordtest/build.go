package discordtest

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

// Interaction is an interaction as Discord sends it, over the gateway and over HTTP alike.
type Interaction struct {
	ID             string            `json:"id"`
	ApplicationID  string            `json:"application_id"`
	Type           int               `json:"type"`
	Data           json.RawMessage   `json:"data,omitempty"`
	Guild          map[string]any    `json:"guild,omitempty"`
	GuildID        string            `json:"guild_id,omitempty"`
	GuildLocale    string            `json:"guild_locale,omitempty"`
	Channel        map[string]any    `json:"channel,omitempty"`
	ChannelID      string            `json:"channel_id,omitempty"`
	Member         *Member           `json:"member,omitempty"` // in servers
	User           *User             `json:"user,omitempty"`   // elsewhere
	Token          string            `json:"token"`
	Version        int               `json:"version"`
	Message        *Message          `json:"message,omitempty"` // whose component was used
	AppPermissions string            `json:"app_permissions"`
	Locale         string            `json:"locale,omitempty"`
	Entitlements   []any             `json:"entitlements"`
	SKUs           []any             `json:"entitlement_sku_ids"`
	Owners         map[string]string `json:"authorizing_integration_owners"` // "0" the server, "1" the user who installed the application
	Context        *int              `json:"context,omitempty"`              // 0 server, 1 direct message, 2 other private channel
	AttachmentMax  int               `json:"attachment_size_limit"`          // bytes
}

func (i Interaction) asker() User {
	switch {
	case i.Member != nil && i.Member.User != nil:
		return *i.Member.User
	case i.User != nil:
		return *i.User
	}
	return User{}
}

// Caller is who uses the bot, and where.
type Caller struct {
	User    User
	Channel Channel

	// Installed says that the user installed the application too, as everybody has who uses it where the bot is not.
	Installed bool
	// Manager says that the user may manage the server.
	Manager bool
}

// Option is an option of a command: a subcommand, or a value.
type Option struct {
	Name    string   `json:"name"`
	Type    int      `json:"type"`
	Value   any      `json:"value,omitempty"`
	Options []Option `json:"options,omitempty"`
	Focused bool     `json:"focused,omitempty"` // in autocomplete, the one being typed
}

// Sub is a subcommand with its options.
func Sub(name string, options ...Option) Option { return Option{Name: name, Type: 1, Options: options} }

// Group is a subcommand group with its one subcommand.
func Group(name string, sub Option) Option {
	return Option{Name: name, Type: 2, Options: []Option{sub}}
}

// Str is a string option.
func Str(name, value string) Option { return Option{Name: name, Type: 3, Value: value} }

// Int is an integer option.
func Int(name string, value int) Option { return Option{Name: name, Type: 4, Value: value} }

// Bool is a boolean option.
func Bool(name string, value bool) Option { return Option{Name: name, Type: 5, Value: value} }

// Typed is the string option that is being typed, for [Server.Autocomplete].
func Typed(name, value string) Option {
	return Option{Name: name, Type: 3, Value: value, Focused: true}
}

// interaction makes what all interactions have in common.
func (s *Server) interaction(kind int, c Caller, data any) Interaction {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fillIn(kind, c, data)
}

// fillIn is interaction for callers that hold the lock.
func (s *Server) fillIn(kind int, c Caller, data any) Interaction {
	i := Interaction{
		ID: s.mint(), ApplicationID: s.world.app, Type: kind, Version: 1, Data: encode(data), Channel: c.Channel.object(),
		ChannelID: c.Channel.ID, Locale: or(c.User.Locale, "en-US"), Entitlements: []any{}, SKUs: []any{},
		AppPermissions: fmt.Sprint(c.Channel.Permissions), Owners: map[string]string{}, AttachmentMax: defaultAttachmentMax,
	}
	i.Token = s.token(i.ID)
	guild, inGuild := s.world.guilds[c.Channel.GuildID]
	here := inGuild && guild.Member
	switch {
	case here:
		i.Owners["0"] = guild.ID
	case c.Channel.Type == DMChannel && !c.Installed:
		i.Owners["0"] = "0"
	}
	if c.Installed || len(i.Owners) == 0 {
		i.Owners["1"] = c.User.ID
	}
	switch {
	case inGuild:
		i.Context = new(0)
		i.GuildID, i.GuildLocale = guild.ID, guild.locale()
		i.Guild = map[string]any{"id": guild.ID, "locale": guild.locale(), "features": []string{}}
		permissions := uint64(memberPermissions)
		if c.Manager {
			permissions |= ManageGuild
		}
		i.Member = member(&c.User, fmt.Sprint(permissions))
		i.Channel["permissions"] = fmt.Sprint(permissions)
		if !here {
			i.AppPermissions = fmt.Sprint(uint64(EmbedLinks | AttachFiles | 1<<17 | 1<<18))
		}
	case c.Channel.Type == DMChannel:
		i.Context, i.User = new(1), &c.User
	default:
		i.Context, i.User = new(2), &c.User
	}
	return i
}

// token makes an interaction's token, in the shape and of the length of real ones.
func (s *Server) token(id string) string {
	var secret strings.Builder
	for range 9 {
		fmt.Fprintf(&secret, "%016x", s.random.Uint64())
	}
	return base64.RawURLEncoding.EncodeToString([]byte("interaction:" + id + ":" + secret.String()[:128]))
}

func member(user *User, permissions string) *Member {
	return &Member{User: user, Roles: []string{}, JoinedAt: "2026-01-01T00:00:00.000000+00:00", Permissions: permissions}
}

// Command makes a slash command, such as Command(who, "backend", Sub("skills", Str("role", "backend"))).
func (s *Server) Command(c Caller, name string, options ...Option) Interaction {
	return s.command2(Command, c, name, options)
}

// Autocomplete makes the question for suggestions while an option is being typed.
func (s *Server) Autocomplete(c Caller, name string, options ...Option) Interaction {
	return s.command2(Autocomplete, c, name, options)
}

func (s *Server) command2(kind int, c Caller, name string, options []Option) Interaction {
	s.mu.Lock()
	defer s.mu.Unlock()
	id, inGuild := s.commandID(name, 1, c.Channel.GuildID)
	data := map[string]any{"id": id, "name": name, "type": 1}
	if len(options) > 0 {
		data["options"] = options
	}
	if inGuild {
		data["guild_id"] = c.Channel.GuildID
	}
	return s.fillIn(kind, c, data)
}

// MessageCommand makes the use of a message command on a message. The bot is given the message whole, without the
// MESSAGE_CONTENT intent.
func (s *Server) MessageCommand(c Caller, name string, target Message) Interaction {
	s.mu.Lock()
	defer s.mu.Unlock()
	id, inGuild := s.commandID(name, 3, c.Channel.GuildID)
	target.GuildID, target.Member = "", nil
	data := map[string]any{
		"id": id, "name": name, "type": 3, "target_id": target.ID,
		"resolved": map[string]any{"messages": map[string]Message{target.ID: target}},
	}
	if inGuild {
		data["guild_id"] = c.Channel.GuildID
	}
	return s.fillIn(Command, c, data)
}

// Button makes the press of a button of a message of the bot's.
func (s *Server) Button(c Caller, on Message, customID string) Interaction {
	i := s.interaction(Component, c, map[string]any{"id": 2, "custom_id": customID, "component_type": 2})
	i.Message = &on
	return i
}

// Select makes a choice in a select menu of a message of the bot's.
func (s *Server) Select(c Caller, on Message, customID string, values ...string) Interaction {
	i := s.interaction(Component, c, map[string]any{"id": 2, "custom_id": customID, "component_type": 3, "values": values})
	i.Message = &on
	return i
}

// Modal makes the submission of a modal whose text inputs stand in action rows. On is the message whose component
// opened it, nil where a command did.
func (s *Server) Modal(c Caller, on *Message, customID string, fields map[string]string) Interaction {
	return s.modal(c, on, customID, fields, func(input any) any {
		return map[string]any{"type": 1, "id": 1, "components": []any{input}}
	})
}

// LabelModal is Modal where the inputs stand in labels, the newer form, which discordgo v0.29.0 cannot read.
func (s *Server) LabelModal(c Caller, on *Message, customID string, fields map[string]string) Interaction {
	return s.modal(c, on, customID, fields, func(input any) any {
		return map[string]any{"type": 18, "id": 1, "component": input}
	})
}

func (s *Server) modal(c Caller, on *Message, customID string, fields map[string]string, wrap func(any) any) Interaction {
	components := []any{}
	for id, value := range fields {
		components = append(components, wrap(map[string]any{"type": 4, "id": 2, "custom_id": id, "value": value}))
	}
	i := s.interaction(ModalSubmit, c, map[string]any{"custom_id": customID, "components": components})
	i.Message = on
	return i
}

// Ping makes the ping with which Discord tries an address for interactions.
func (s *Server) Ping() Interaction {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := s.mint()
	return Interaction{
		ID: id, ApplicationID: s.world.app, Type: Ping, Token: s.token(id), Version: 1, AppPermissions: "0",
		User:         &User{ID: "150000000000000001", Username: "discord", Discriminator: "0"},
		Entitlements: []any{}, SKUs: []any{}, Owners: map[string]string{},
	}
}

// Send sends an interaction: over the gateway, or to the address of [Server.SetEndpoint] where there is one. From
// then on it can be answered. Sent again, it is a duplicate with the same id.
func (s *Server) Send(i Interaction) {
	s.enterInteraction(i)
	s.mu.Lock()
	endpoint := s.gateway.endpoint
	s.mu.Unlock()
	if endpoint == "" {
		s.dispatch(guildShard(i.GuildID), "INTERACTION_CREATE", 0, encode(i), i.ID)
		return
	}
	s.handOver(i.ID, 1, false)
	s.work.Go(func() {
		_, err := s.Post(s.ctx, endpoint, i)
		s.handOver(i.ID, -1, false)
		s.missed(i.ID, err)
	})
}

// enterInteraction begins an exchange, unless the interaction has one.
func (s *Server) enterInteraction(i Interaction) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, known := s.history.exchanges[i.ID]; known {
		return
	}
	now := s.o.Now()
	s.history.keepExchange(s.o.Keep, &exchange{Interaction: i, sent: now})
	if i.Type != Ping {
		s.history.ledger.ask(s.o.Keep, &question{id: i.ID, at: now})
	}
}

var mentioned = regexp.MustCompile(`<@!?(\d+)>`)

// Message makes a message of a person's. It mentions the bot where its text has the bot's "<@id>".
func (s *Server) Message(c Caller, content string) Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := Message{
		ID: s.mint(), ChannelID: c.Channel.ID, Author: c.User, Content: content, Timestamp: stamp(s.o.Now()), Mentions: []User{},
		MentionRoles: []string{}, Attachments: []Attachment{}, Embeds: []json.RawMessage{}, Components: []json.RawMessage{},
		GuildID: c.Channel.GuildID, Nonce: json.RawMessage(`"` + s.mint() + `"`),
	}
	if m.GuildID != "" {
		m.Member = member(nil, "")
	}
	for _, found := range mentioned.FindAllStringSubmatch(content, -1) {
		switch id := found[1]; {
		case m.mentions(id):
		case id == s.world.app:
			m.Mentions = append(m.Mentions, s.world.bot)
		default:
			m.Mentions = append(m.Mentions, User{ID: id, Username: "somebody", Discriminator: "0"})
		}
	}
	return m
}

// ReplyingTo is m as a reply that pings whom it replies to.
func (m Message) ReplyingTo(to Message) Message {
	m.Type = 19
	m.Reference = &Reference{MessageID: to.ID, ChannelID: to.ChannelID, GuildID: m.GuildID}
	to.Referenced, to.GuildID, to.Member = nil, "", nil
	m.Referenced = &to
	if !m.mentions(to.Author.ID) {
		m.Mentions = append(m.Mentions[:len(m.Mentions):len(m.Mentions)], to.Author)
	}
	return m
}

// ByBot is m as another bot writes it.
func (m Message) ByBot() Message {
	m.Author.Bot = true
	return m
}

// ByWebhook is m as a webhook writes it.
func (m Message) ByWebhook() Message {
	m.Author.Bot, m.Author.Discriminator = true, "0000"
	m.WebhookID, m.Member = m.Author.ID, nil
	return m
}

// Say sends a message to the sessions whose intents have it. It is a question where a person wrote it in direct messages
// or mentions the bot. Its text is left out where Discord leaves it out: without the MESSAGE_CONTENT intent, in
// servers, where it does not mention the bot. Said again, it is a duplicate with the same id.
func (s *Server) Say(m Message) {
	s.mu.Lock()
	asks := !m.Author.Bot && m.WebhookID == "" && (m.GuildID == "" || m.mentions(s.world.app))
	if _, known := s.history.messages[m.ID]; !known {
		s.history.keepMessage(s.o.Keep, &m)
		if asks {
			s.history.ledger.ask(s.o.Keep, &question{id: m.ID, message: true, at: s.o.Now()})
		}
	}
	s.mu.Unlock()
	s.heard("MESSAGE_CREATE", m)
}

// heard sends a message's event.
func (s *Server) heard(kind string, m Message) {
	e := event{shard: guildShard(m.GuildID), kind: kind, intent: messageIntent(m), data: encode(m)}
	if kind == "MESSAGE_CREATE" {
		e.question = m.ID
	}
	if m.GuildID != "" && !m.mentions(s.world.app) {
		e.hidden = encode(m.hidden())
	}
	s.dispatchEvent(e)
}

// Reword edits a message of a person's.
func (s *Server) Reword(m Message, content string) Message {
	m.Content, m.Edited = content, new(stamp(s.o.Now()))
	s.mu.Lock()
	s.history.messages[m.ID] = &m
	s.mu.Unlock()
	s.heard("MESSAGE_UPDATE", m)
	return m
}

// Unsay deletes a message of a person's. A question that is not answered yet is withdrawn.
func (s *Server) Unsay(m Message) {
	s.mu.Lock()
	delete(s.history.messages, m.ID)
	s.history.ledger.withdraw(m.ID)
	s.mu.Unlock()
	event := map[string]any{"id": m.ID, "channel_id": m.ChannelID}
	if m.GuildID != "" {
		event["guild_id"] = m.GuildID
	}
	s.dispatch(guildShard(m.GuildID), "MESSAGE_DELETE", messageIntent(m), encode(event), "")
}
