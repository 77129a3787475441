package discordtest

import (
	"encoding/json"
	"fmt"
	"strconv"

	"careerbot/adapters/discord/discordtest/object"
)

// world is who and what there is.
type world struct {
	app      string // id of the application and, as with all newer ones, of its bot
	bot      object.User
	guilds   map[string]*object.Guild
	channels map[string]*object.Channel
	direct   map[string]string // channel of a user's direct messages with the bot
	shut     map[string]bool   // users who take no direct messages
	commands map[string][]map[string]any
	revoked  bool // the token is no longer good
}

func newWorld(s *Server) world {
	app := s.mint()
	name := "careerbot"
	return world{
		app: app, bot: object.User{ID: app, Username: name, Discriminator: "4242", Bot: true},
		guilds: map[string]*object.Guild{}, channels: map[string]*object.Channel{}, direct: map[string]string{}, shut: map[string]bool{},
		commands: map[string][]map[string]any{},
	}
}

// Permissions as they usually are: the bot's in a server, a member's, and the bot's in direct messages.
const (
	usualPermissions = object.ViewChannel | object.SendMessages | object.EmbedLinks | object.AttachFiles | object.ReadMessageHistory |
		object.CreatePublicThreads | object.SendInThreads | object.UseExternalApps
	memberPermissions = object.ViewChannel | object.SendMessages | object.ReadMessageHistory | object.UseExternalApps | 1<<31
	directPermissions = object.ViewChannel | object.SendMessages | object.EmbedLinks | object.AttachFiles | object.ReadMessageHistory
)

// ApplicationID is the id of the application.
func (s *Server) ApplicationID() string { return s.world.app }

// Bot is the bot's own user.
func (s *Server) Bot() object.User { return s.world.bot }

// NewUser makes a person with this name.
func (s *Server) NewUser(name string) object.User {
	return object.User{ID: s.ID(), Username: name, GlobalName: &name, Discriminator: "0"}
}

// NewGuild makes a server that the bot is in. Sessions with the GUILDS intent are told.
func (s *Server) NewGuild(name string) object.Guild {
	s.mu.Lock()
	g := object.Guild{ID: s.mint(), Name: name, Member: true}
	s.world.guilds[g.ID] = &g
	s.mu.Unlock()
	s.dispatch(guildShard(g.ID), "GUILD_CREATE", intentGuilds, s.guildCreate(g), "")
	return g
}

// NewForeignGuild makes a server that the bot is not in: people who installed the application use it there.
func (s *Server) NewForeignGuild(name string) object.Guild {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := object.Guild{ID: s.mint(), Name: name}
	s.world.guilds[g.ID] = &g
	return g
}

// NewChannel makes a text channel of g, in which the bot may do what bots usually may.
func (s *Server) NewChannel(g object.Guild, name string) object.Channel {
	return s.addChannel(object.Channel{GuildID: g.ID, Name: name, Type: object.TextChannel, Permissions: usualPermissions})
}

// NewThread makes a public thread in parent.
func (s *Server) NewThread(parent object.Channel, name string) object.Channel {
	return s.addChannel(object.Channel{
		GuildID: parent.GuildID, Parent: parent.ID, Name: name, Type: object.PublicThread, Permissions: parent.Permissions,
	})
}

// Direct is the channel of u's direct messages with the bot.
func (s *Server) Direct(u object.User) object.Channel {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.openDirect(u)
}

// openDirect is Direct for callers that hold the lock.
func (s *Server) openDirect(u object.User) object.Channel {
	if id, ok := s.world.direct[u.ID]; ok {
		return *s.world.channels[id]
	}
	c := object.Channel{ID: s.mint(), Type: object.DMChannel, Recipients: []object.User{u}, Permissions: directPermissions}
	s.world.direct[u.ID], s.world.channels[c.ID] = c.ID, &c
	return c
}

// NewPrivateChannel makes a conversation of people without the bot, where those who installed the application use it.
func (s *Server) NewPrivateChannel(people ...object.User) object.Channel {
	return s.addChannel(object.Channel{Type: object.GroupDM, Name: "friends", Recipients: people})
}

func (s *Server) addChannel(c object.Channel) object.Channel {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.ID = s.mint()
	s.world.channels[c.ID] = &c
	return c
}

// Channel is a channel as it stands; false where there is none with this id.
func (s *Server) Channel(id string) (object.Channel, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.world.channels[id]
	if !ok {
		return object.Channel{}, false
	}
	return *c, true
}

// Permit sets what the bot may do in a channel: bits like [object.SendMessages]. What it may not is answered with 403.
func (s *Server) Permit(channel string, permissions uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.world.channels[channel]; c != nil {
		c.Permissions = permissions
	}
}

// Shut has a user take no direct messages any more.
func (s *Server) Shut(u object.User) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.world.shut[u.ID] = true
}

// DeleteChannel deletes a channel. Sessions with the GUILDS intent are told.
func (s *Server) DeleteChannel(id string) {
	s.mu.Lock()
	c := s.world.channels[id]
	delete(s.world.channels, id)
	s.mu.Unlock()
	if c == nil || c.GuildID == "" {
		return
	}
	kind := "CHANNEL_DELETE"
	if c.Type == object.PublicThread || c.Type == object.PrivateThread {
		kind = "THREAD_DELETE"
	}
	s.dispatch(guildShard(c.GuildID), kind, intentGuilds, object.JSON(c.Object()), "")
}

// Leave has the bot thrown out of a server: its channels answer 403 from now on.
func (s *Server) Leave(g object.Guild) { s.guildDelete(g, map[string]any{"id": g.ID}) }

// Outage has a server be away, as GUILD_DELETE with unavailable says.
func (s *Server) Outage(g object.Guild) {
	s.guildDelete(g, map[string]any{"id": g.ID, "unavailable": true})
}

func (s *Server) guildDelete(g object.Guild, event map[string]any) {
	s.mu.Lock()
	if known := s.world.guilds[g.ID]; known != nil && event["unavailable"] == nil {
		known.Member = false
		for _, c := range s.world.channels {
			if c.GuildID == g.ID {
				c.Permissions = 0
			}
		}
	}
	s.mu.Unlock()
	s.dispatch(guildShard(g.ID), "GUILD_DELETE", intentGuilds, object.JSON(event), "")
}

// Revoke makes the bot's token bad, as a reset in the developer portal does: REST answers 401, and the gateway closes with
// 4004 at the next Identify or Resume.
func (s *Server) Revoke() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.world.revoked = true
}

// guildShard gives the shard of a guild among so many: https://discord.com/developers/docs/events/gateway#sharding.
func guildShard(guild string) func(shards int) int {
	if guild == "" {
		return func(int) int { return 0 } // direct messages
	}
	id, _ := strconv.ParseUint(guild, 10, 64) // minted here
	return func(shards int) int { return int(id >> 22 % uint64(shards)) }
}

// ShardOf is the shard that a guild's events go to among so many.
func ShardOf(g object.Guild, shards int) int { return guildShard(g.ID)(shards) }

func (s *Server) guildCreate(g object.Guild) json.RawMessage {
	o := guildObject(g)
	for _, empty := range []string{
		"channels", "threads", "members", "presences", "voice_states", "stage_instances", "guild_scheduled_events", "soundboard_sounds",
	} {
		o[empty] = []any{}
	}
	o["joined_at"], o["large"], o["unavailable"], o["member_count"] = "2026-01-01T00:00:00+00:00", false, false, 2
	return object.JSON(o)
}

// guildObject is a guild as GET /guilds/{id} gives it.
func guildObject(g object.Guild) map[string]any {
	return map[string]any{
		"id": g.ID, "name": g.Name, "icon": nil, "description": nil, "home_header": nil, "splash": nil, "discovery_splash": nil,
		"features": []string{}, "banner": nil, "owner_id": g.ID, "application_id": nil, "region": "us-east",
		"afk_channel_id": nil, "afk_timeout": 300, "system_channel_id": nil, "system_channel_flags": 0, "widget_enabled": false,
		"widget_channel_id": nil, "verification_level": 0, "roles": []any{everyone(g)}, "default_message_notifications": 0,
		"mfa_level": 0, "explicit_content_filter": 0, "max_presences": nil, "max_members": 500000,
		"max_stage_video_channel_users": 50, "max_video_channel_users": 25, "vanity_url_code": nil, "premium_tier": 0,
		"premium_subscription_count": 0, "preferred_locale": g.Language(), "rules_channel_id": nil, "safety_alerts_channel_id": nil,
		"public_updates_channel_id": nil, "premium_progress_bar_enabled": false, "nsfw": false, "nsfw_level": 0,
		"emojis": []any{}, "stickers": []any{}, "incidents_data": nil, "owner_configured_content_level": nil,
	}
}

func everyone(g object.Guild) map[string]any {
	return map[string]any{
		"id": g.ID, "name": "@everyone", "description": nil, "permissions": fmt.Sprint(memberPermissions), "position": 0, "color": 0,
		"colors": map[string]any{"primary_color": 0, "secondary_color": nil, "tertiary_color": nil},
		"hoist":  false, "managed": false, "mentionable": false, "icon": nil, "unicode_emoji": nil, "flags": 0,
	}
}
