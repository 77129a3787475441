package discordtest

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"careerbot/adapters/discord/discordtest/object"
)

// Caller is who uses the bot, and where.
type Caller struct {
	User    object.User
	Channel object.Channel

	// Installed says that the user installed the application too, as everybody has who uses it where the bot is not.
	Installed bool
	// Manager says that the user may manage the server.
	Manager bool
}

// attachmentMax is how many bytes a file may have that a person or a bot attaches, where nobody pays for more.
const attachmentMax = 10 << 20

// interaction makes what all interactions have in common.
func (s *Server) interaction(kind int, c Caller, data any) object.Interaction {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fillIn(kind, c, data)
}

// fillIn is interaction for callers that hold the lock.
func (s *Server) fillIn(kind int, c Caller, data any) object.Interaction {
	i := object.Interaction{
		ID: s.mint(), ApplicationID: s.world.app, Type: kind, Version: 1, Data: object.JSON(data), Channel: c.Channel.Object(),
		ChannelID: c.Channel.ID, Locale: cmp.Or(c.User.Locale, "en-US"), Entitlements: []any{}, SKUs: []any{},
		AppPermissions: fmt.Sprint(c.Channel.Permissions), Owners: map[string]string{}, AttachmentMax: attachmentMax,
	}
	i.Token = s.token(i.ID)
	guild, inGuild := s.world.guilds[c.Channel.GuildID]
	here := inGuild && guild.Member
	switch {
	case here:
		i.Owners["0"] = guild.ID
	case c.Channel.Type == object.DMChannel && !c.Installed:
		i.Owners["0"] = "0"
	}
	if c.Installed || len(i.Owners) == 0 {
		i.Owners["1"] = c.User.ID
	}
	switch {
	case inGuild:
		i.Context = new(0)
		i.GuildID, i.GuildLocale = guild.ID, guild.Language()
		i.Guild = map[string]any{"id": guild.ID, "locale": guild.Language(), "features": []string{}}
		permissions := uint64(memberPermissions)
		if c.Manager {
			permissions |= object.ManageGuild
		}
		i.Member = object.NewMember(&c.User, fmt.Sprint(permissions))
		i.Channel["permissions"] = fmt.Sprint(permissions)
		if !here {
			i.AppPermissions = fmt.Sprint(uint64(object.EmbedLinks | object.AttachFiles | 1<<17 | 1<<18))
		}
	case c.Channel.Type == object.DMChannel:
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

// Command makes a slash command, such as Command(who, "backend", Sub("skills", Str("role", "backend"))).
func (s *Server) Command(c Caller, name string, options ...object.Option) object.Interaction {
	return s.command2(object.Command, c, name, options)
}

// Autocomplete makes the question for suggestions while an option is being typed.
func (s *Server) Autocomplete(c Caller, name string, options ...object.Option) object.Interaction {
	return s.command2(object.Autocomplete, c, name, options)
}

func (s *Server) command2(kind int, c Caller, name string, options []object.Option) object.Interaction {
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
func (s *Server) MessageCommand(c Caller, name string, target object.Message) object.Interaction {
	s.mu.Lock()
	defer s.mu.Unlock()
	id, inGuild := s.commandID(name, 3, c.Channel.GuildID)
	target.GuildID, target.Member = "", nil
	data := map[string]any{
		"id": id, "name": name, "type": 3, "target_id": target.ID,
		"resolved": map[string]any{"messages": map[string]object.Message{target.ID: target}},
	}
	if inGuild {
		data["guild_id"] = c.Channel.GuildID
	}
	return s.fillIn(object.Command, c, data)
}

// Button makes the press of a button of a message of the bot's.
func (s *Server) Button(c Caller, on object.Message, customID string) object.Interaction {
	i := s.interaction(object.Component, c, map[string]any{"id": 2, "custom_id": customID, "component_type": 2})
	i.Message = &on
	return i
}

// Select makes a choice in a select menu of a message of the bot's.
func (s *Server) Select(c Caller, on object.Message, customID string, values ...string) object.Interaction {
	i := s.interaction(object.Component, c, map[string]any{"id": 2, "custom_id": customID, "component_type": 3, "values": values})
	i.Message = &on
	return i
}

// Modal makes the submission of a modal whose text inputs stand in action rows. On is the message whose component
// opened it, nil where a command did.
func (s *Server) Modal(c Caller, on *object.Message, customID string, fields map[string]string) object.Interaction {
	return s.modal(c, on, customID, fields, func(input any) any {
		return map[string]any{"type": 1, "id": 1, "components": []any{input}}
	})
}

// LabelModal is Modal where the inputs stand in labels, the newer form, which discordgo v0.29.0 cannot read.
func (s *Server) LabelModal(c Caller, on *object.Message, customID string, fields map[string]string) object.Interaction {
	return s.modal(c, on, customID, fields, func(input any) any {
		return map[string]any{"type": 18, "id": 1, "component": input}
	})
}

func (s *Server) modal(c Caller, on *object.Message, customID string, fields map[string]string, wrap func(any) any) object.Interaction {
	components := []any{}
	for id, value := range fields {
		components = append(components, wrap(map[string]any{"type": 4, "id": 2, "custom_id": id, "value": value}))
	}
	i := s.interaction(object.ModalSubmit, c, map[string]any{"custom_id": customID, "components": components})
	i.Message = on
	return i
}

// Ping makes the ping with which Discord tries an address for interactions.
func (s *Server) Ping() object.Interaction {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := s.mint()
	return object.Interaction{
		ID: id, ApplicationID: s.world.app, Type: object.Ping, Token: s.token(id), Version: 1, AppPermissions: "0",
		User:         &object.User{ID: "150000000000000001", Username: "discord", Discriminator: "0"},
		Entitlements: []any{}, SKUs: []any{}, Owners: map[string]string{},
	}
}

// Send sends an interaction: over the gateway, or to the address of [Server.SetEndpoint] where there is one. From
// then on it can be answered. Sent again, it is a duplicate with the same id.
func (s *Server) Send(i object.Interaction) {
	s.enterInteraction(i)
	endpoint := s.Endpoint()
	if endpoint == "" {
		s.dispatch(guildShard(i.GuildID), "INTERACTION_CREATE", 0, object.JSON(i), i.ID)
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
func (s *Server) enterInteraction(i object.Interaction) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, known := s.history.exchanges[i.ID]; known {
		return
	}
	now := s.o.Now()
	s.history.keepExchange(s.o.Keep, &exchange{Interaction: i, sent: now})
	if i.Type != object.Ping {
		s.history.ledger.Ask(i.ID, false, now)
	}
}

var mentioned = regexp.MustCompile(`<@!?(\d+)>`)

// Message makes a message of a person's. It mentions the bot where its text has the bot's "<@id>".
func (s *Server) Message(c Caller, content string) object.Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := object.Message{
		ID: s.mint(), ChannelID: c.Channel.ID, Author: c.User, Content: content, Timestamp: object.Stamp(s.o.Now()), Mentions: []object.User{},
		MentionRoles: []string{}, Attachments: []object.Attachment{}, Embeds: []json.RawMessage{}, Components: []json.RawMessage{},
		GuildID: c.Channel.GuildID, Nonce: json.RawMessage(`"` + s.mint() + `"`),
	}
	if m.GuildID != "" {
		m.Member = object.NewMember(nil, "")
	}
	for _, found := range mentioned.FindAllStringSubmatch(content, -1) {
		switch id := found[1]; {
		case m.Names(id):
		case id == s.world.app:
			m.Mentions = append(m.Mentions, s.world.bot)
		default:
			m.Mentions = append(m.Mentions, object.User{ID: id, Username: "somebody", Discriminator: "0"})
		}
	}
	return m
}

// Say sends a message to the sessions whose intents have it. It is a question where a person wrote it in direct messages
// or mentions the bot. Its text is left out where Discord leaves it out: without the MESSAGE_CONTENT intent, in
// servers, where it does not mention the bot. Said again, it is a duplicate with the same id.
func (s *Server) Say(m object.Message) {
	s.mu.Lock()
	asks := !m.Author.Bot && m.WebhookID == "" && (m.GuildID == "" || m.Names(s.world.app))
	if _, known := s.history.messages[m.ID]; !known {
		s.history.keepMessage(s.o.Keep, &m)
		if asks {
			s.history.ledger.Ask(m.ID, true, s.o.Now())
		}
	}
	s.mu.Unlock()
	s.heard("MESSAGE_CREATE", m)
}

// heard sends a message's event.
func (s *Server) heard(kind string, m object.Message) {
	e := event{shard: guildShard(m.GuildID), kind: kind, intent: messageIntent(m), data: object.JSON(m)}
	if kind == "MESSAGE_CREATE" {
		e.question = m.ID
	}
	if m.GuildID != "" && !m.Names(s.world.app) {
		e.hidden = object.JSON(m.Hidden())
	}
	s.dispatchEvent(e)
}

// Reword edits a message of a person's.
func (s *Server) Reword(m object.Message, content string) object.Message {
	m.Content, m.Edited = content, new(object.Stamp(s.o.Now()))
	s.mu.Lock()
	s.history.messages[m.ID] = &m
	s.mu.Unlock()
	s.heard("MESSAGE_UPDATE", m)
	return m
}

// Unsay deletes a message of a person's. A question that is not answered yet is withdrawn.
func (s *Server) Unsay(m object.Message) {
	s.mu.Lock()
	delete(s.history.messages, m.ID)
	s.history.ledger.Withdraw(m.ID)
	s.mu.Unlock()
	event := map[string]any{"id": m.ID, "channel_id": m.ChannelID}
	if m.GuildID != "" {
		event["guild_id"] = m.GuildID
	}
	s.dispatch(guildShard(m.GuildID), "MESSAGE_DELETE", messageIntent(m), object.JSON(event), "")
}
