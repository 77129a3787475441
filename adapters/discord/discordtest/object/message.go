package object

import "encoding/json"

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
