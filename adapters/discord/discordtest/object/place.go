package object

import "cmp"

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
