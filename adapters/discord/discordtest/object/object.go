// Package object has Discord's objects as a Discord on loopback sends and takes them: users, channels, servers, messages,
// interactions, errors. It says which messages Discord would refuse, and whom a message pings.
//
// It keeps none of them, sends nothing, and knows no route: that is the server's. It is for tests only.
package object

import (
	"cmp"
	"encoding/json"
	"strconv"
	"time"
)

// User is a person or a bot. Its JSON is Discord's user object.
type User struct {
	ID            string  `json:"id"`
	Username      string  `json:"username"`
	Discriminator string  `json:"discriminator"`
	GlobalName    *string `json:"global_name"`
	Avatar        *string `json:"avatar"`
	Bot           bool    `json:"bot"`
	PublicFlags   int     `json:"public_flags"`
	Flags         int     `json:"flags"`
	AccentColor   *int    `json:"accent_color"`
	Banner        *string `json:"banner"`
	Clan          *string `json:"clan"`
	PrimaryGuild  *string `json:"primary_guild"`
	Avatar2       *string `json:"avatar_decoration_data"`
	Collectibles  *string `json:"collectibles"`

	// Locale is the language the person set in the client, "en-US" where it is "". Discord says it in interactions.
	Locale string `json:"-"`
}

// Kinds of channels, as Discord numbers them.
const (
	TextChannel   = 0
	DMChannel     = 1
	GroupDM       = 3
	PublicThread  = 11
	PrivateThread = 12
)

// Channel is where messages are. It says of itself only what the bot may know.
type Channel struct {
	ID          string
	GuildID     string // "" in direct messages
	Name        string
	Type        int
	Parent      string // of a thread
	Recipients  []User // of direct messages
	Permissions uint64 // what the application may do there
}

// Guild is a server.
type Guild struct {
	ID     string
	Name   string
	Locale string // preferred_locale; "" is "en-US"
	Member bool   // whether the bot is in it; where it is not, only those who installed the application can use it
}

// Permissions of Discord that the server looks at.
const (
	ViewChannel         = 1 << 10
	SendMessages        = 1 << 11
	EmbedLinks          = 1 << 14
	AttachFiles         = 1 << 15
	ReadMessageHistory  = 1 << 16
	CreatePublicThreads = 1 << 35
	SendInThreads       = 1 << 38
	ManageGuild         = 1 << 5
	UseExternalApps     = 1 << 50
)

// Flags of messages.
const (
	Ephemeral    = 1 << 6
	Loading      = 1 << 7
	ComponentsV2 = 1 << 15
)

// Reference is what a message replies to.
type Reference struct {
	Type            int    `json:"type"`
	MessageID       string `json:"message_id,omitempty"`
	ChannelID       string `json:"channel_id,omitempty"`
	GuildID         string `json:"guild_id,omitempty"`
	FailIfNotExists *bool  `json:"fail_if_not_exists,omitempty"`
}

// Attachment is a file of a message.
type Attachment struct {
	ID          string `json:"id"`
	Filename    string `json:"filename"`
	Description string `json:"description,omitempty"`
	ContentType string `json:"content_type,omitempty"`
	Size        int    `json:"size"`
	URL         string `json:"url"`
	ProxyURL    string `json:"proxy_url"`
}

// Member is a user's membership of a guild, as messages and interactions carry it.
type Member struct {
	User        *User    `json:"user,omitempty"`
	Nick        *string  `json:"nick"`
	Avatar      *string  `json:"avatar"`
	Banner      *string  `json:"banner"`
	Roles       []string `json:"roles"`
	JoinedAt    string   `json:"joined_at"`
	Premium     *string  `json:"premium_since"`
	Deaf        bool     `json:"deaf"`
	Mute        bool     `json:"mute"`
	Flags       int      `json:"flags"`
	Pending     bool     `json:"pending"`
	Silenced    *string  `json:"communication_disabled_until"`
	Permissions string   `json:"permissions,omitempty"` // in interactions only
}

// Message is a message as it stands. Its JSON is Discord's message object.
type Message struct {
	ID            string            `json:"id"`
	Type          int               `json:"type"` // 0, or 19 for a reply, 20 for an answer to a slash command
	ChannelID     string            `json:"channel_id"`
	Author        User              `json:"author"`
	Content       string            `json:"content"`
	Timestamp     string            `json:"timestamp"`
	Edited        *string           `json:"edited_timestamp"`
	TTS           bool              `json:"tts"`
	Everyone      bool              `json:"mention_everyone"`
	Mentions      []User            `json:"mentions"`
	MentionRoles  []string          `json:"mention_roles"`
	Attachments   []Attachment      `json:"attachments"`
	Embeds        []json.RawMessage `json:"embeds"`
	Components    []json.RawMessage `json:"components"`
	Pinned        bool              `json:"pinned"`
	Flags         int               `json:"flags"`
	Nonce         json.RawMessage   `json:"nonce,omitempty"`
	WebhookID     string            `json:"webhook_id,omitempty"`
	ApplicationID string            `json:"application_id,omitempty"`
	Reference     *Reference        `json:"message_reference,omitempty"`
	Referenced    *Message          `json:"referenced_message,omitempty"`
	Metadata      *Metadata         `json:"interaction_metadata,omitempty"`
	Poll          json.RawMessage   `json:"poll,omitempty"`

	// GuildID and Member are in events only, not in what REST gives.
	GuildID string  `json:"guild_id,omitempty"`
	Member  *Member `json:"member,omitempty"`
}

// NewMember is a user's membership as messages and interactions carry it. The user is nil in messages, which name their author.
func NewMember(user *User, permissions string) *Member {
	return &Member{User: user, Roles: []string{}, JoinedAt: "2026-01-01T00:00:00.000000+00:00", Permissions: permissions}
}

// Metadata says which interaction a message came of.
type Metadata struct {
	ID     string            `json:"id"`
	Type   int               `json:"type"`
	User   User              `json:"user"`
	Owners map[string]string `json:"authorizing_integration_owners"`
}

// File is an uploaded file with its bytes.
type File struct {
	Name        string
	ContentType string
	Description string // alt text
	Bytes       []byte
	ID          string // of the attachment; "" before it has one
}

// Stamp is a time as Discord writes it.
func Stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000-07:00") }

// Hidden is m as it goes over the gateway to who may not read content: without what was written.
func (m Message) Hidden() Message {
	m.Content, m.Embeds, m.Attachments, m.Components = "", []json.RawMessage{}, []Attachment{}, []json.RawMessage{}
	return m
}

// Names says whether the user is among those whom m mentions.
func (m Message) Names(user string) bool {
	for _, u := range m.Mentions {
		if u.ID == user {
			return true
		}
	}
	return false
}

// Object is the channel as interactions and REST give it.
func (c Channel) Object() map[string]any {
	o := map[string]any{"id": c.ID, "type": c.Type, "flags": 0, "last_message_id": nil}
	switch c.Type {
	case DMChannel, GroupDM:
		o["recipients"] = c.Recipients
		if c.Type == GroupDM {
			o["name"], o["icon"], o["owner_id"] = c.Name, nil, c.Recipients[0].ID
		}
		return o
	case PublicThread, PrivateThread:
		o["parent_id"] = c.Parent
		o["owner_id"], o["message_count"], o["member_count"], o["total_message_sent"] = c.Parent, 0, 1, 0
		o["rate_limit_per_user"] = 0
		o["thread_metadata"] = map[string]any{
			"archived": false, "auto_archive_duration": 1440, "locked": false,
			"archive_timestamp": "2026-01-01T00:00:00+00:00", "create_timestamp": "2026-01-01T00:00:00+00:00",
		}
	default:
		o["parent_id"], o["topic"], o["position"], o["nsfw"] = nil, nil, 0, false
		o["rate_limit_per_user"], o["permission_overwrites"] = 0, []any{}
	}
	o["guild_id"], o["name"] = c.GuildID, c.Name
	return o
}

// Language is the server's preferred_locale.
func (g Guild) Language() string { return cmp.Or(g.Locale, "en-US") }

// JSON writes what cannot fail to be written: values of this package, maps of such, and JSON that was read before. Where it
// fails all the same, the JSON is an error of Discord's that says why.
func JSON(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		return json.RawMessage(`{"message":"discordtest cannot write this: ` + strconv.Quote(err.Error()) + `"}`)
	}
	return b
}

// ReplyingTo is m as a reply that pings whom it replies to.
func (m Message) ReplyingTo(to Message) Message {
	m.Type = 19
	m.Reference = &Reference{MessageID: to.ID, ChannelID: to.ChannelID, GuildID: m.GuildID}
	to.Referenced, to.GuildID, to.Member = nil, "", nil
	m.Referenced = &to
	if !m.Names(to.Author.ID) {
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
