package discordtest

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
)

// routes is the REST interface.
func (s *Server) routes() *http.ServeMux {
	mux := http.NewServeMux()
	for pattern, handle := range map[string]func(*call){
		"GET /gateway":                       func(c *call) { c.reply(http.StatusOK, map[string]any{"url": s.gatewayURL()}) },
		"GET /gateway/bot":                   s.getGatewayBot,
		"GET /applications/@me":              s.getApplication,
		"GET /oauth2/applications/@me":       s.getApplication,
		"GET /users/@me":                     func(c *call) { c.reply(http.StatusOK, s.me()) },
		"GET /users/@me/guilds":              s.getGuilds,
		"POST /users/@me/channels":           s.createDirect,
		"GET /guilds/{guild}":                s.getGuild,
		"GET /guilds/{guild}/members/{user}": s.getMember,
		"GET /channels/{channel}":            s.getChannel,

		"POST /channels/{channel}/messages":                   s.createMessage,
		"GET /channels/{channel}/messages":                    s.getMessages,
		"GET /channels/{channel}/messages/{message}":          s.getMessage,
		"PATCH /channels/{channel}/messages/{message}":        s.editMessage,
		"DELETE /channels/{channel}/messages/{message}":       s.deleteMessage,
		"POST /channels/{channel}/typing":                     s.typing,
		"POST /channels/{channel}/messages/{message}/threads": s.createThread,
		"POST /channels/{channel}/threads":                    s.createThread,

		"POST /interactions/{interaction}/{token}/callback":         s.createResponse,
		"POST /webhooks/{application}/{token}":                      s.createFollowUp,
		"GET /webhooks/{application}/{token}/messages/{message}":    s.getResponse,
		"PATCH /webhooks/{application}/{token}/messages/{message}":  s.editResponse,
		"DELETE /webhooks/{application}/{token}/messages/{message}": s.deleteResponse,

		"GET /applications/{application}/commands":                             s.getCommands,
		"PUT /applications/{application}/commands":                             s.putCommands,
		"POST /applications/{application}/commands":                            s.postCommand,
		"GET /applications/{application}/commands/{command}":                   s.getCommand,
		"PATCH /applications/{application}/commands/{command}":                 s.patchCommand,
		"DELETE /applications/{application}/commands/{command}":                s.deleteCommand,
		"GET /applications/{application}/guilds/{guild}/commands":              s.getCommands,
		"PUT /applications/{application}/guilds/{guild}/commands":              s.putCommands,
		"POST /applications/{application}/guilds/{guild}/commands":             s.postCommand,
		"GET /applications/{application}/guilds/{guild}/commands/{command}":    s.getCommand,
		"PATCH /applications/{application}/guilds/{guild}/commands/{command}":  s.patchCommand,
		"DELETE /applications/{application}/guilds/{guild}/commands/{command}": s.deleteCommand,
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			a, ok := w.(answerer)
			if !ok {
				http.NotFound(w, r)
				return
			}
			a.Request = r
			handle(a.call)
		})
	}
	return mux
}

func (s *Server) getGatewayBot(c *call) {
	s.mu.Lock()
	left := max(0, s.o.SessionStarts-s.stats.Identifies)
	shards, concurrency := s.gateway.shards, s.gateway.concurrency
	s.mu.Unlock()
	c.reply(http.StatusOK, map[string]any{
		"url": s.gatewayURL(), "shards": shards,
		"session_start_limit": map[string]any{
			"total": s.o.SessionStarts, "remaining": left, "reset_after": 14400000, "max_concurrency": concurrency,
		},
	})
}

// me is the bot's user with what only it may see.
func (s *Server) me() map[string]any {
	var o map[string]any
	_ = json.Unmarshal(encode(s.world.bot), &o) // encoded a moment ago
	maps.Copy(o, map[string]any{"mfa_enabled": true, "locale": "en-US", "verified": true, "email": nil, "premium_type": 0})
	return o
}

func (s *Server) getApplication(c *call) {
	install := map[string]any{"scopes": []string{"applications.commands", "bot"}, "permissions": "274877958144"}
	c.reply(http.StatusOK, map[string]any{
		"id": s.world.app, "name": s.world.bot.Username, "icon": nil, "description": "", "type": nil, "bot": s.world.bot,
		"bot_public": true, "bot_require_code_grant": false, "verify_key": s.PublicKey(), "flags": 1 << 23, "flags_new": "8388608",
		"hook": true, "summary": "", "is_monetized": false, "redirect_uris": []string{}, "interactions_endpoint_url": nil, "tags": []string{},
		"role_connections_verification_url": nil, "owner": User{ID: "150000000000000001", Username: "owner", Discriminator: "0"},
		"approximate_guild_count": 1, "approximate_user_install_count": 0, "approximate_user_authorization_count": 0,
		"explicit_content_filter": 0, "team": nil, "install_params": install, "max_participants": nil,
		"integration_types_config": map[string]any{"0": map[string]any{"oauth2_install_params": install}, "1": map[string]any{}},
		"event_webhooks_url":       nil, "event_webhooks_status": 1, "event_webhooks_types": []string{}, "eligible_oauth2_scopes": []string{},
	})
}

func (s *Server) getGuilds(c *call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	guilds := []any{}
	for _, id := range slices.Sorted(maps.Keys(s.world.guilds)) {
		if g := s.world.guilds[id]; g.Member {
			guilds = append(guilds, map[string]any{
				"id": g.ID, "name": g.Name, "icon": nil, "banner": nil, "owner": false, "permissions": "274877958144", "features": []string{},
			})
		}
	}
	c.reply(http.StatusOK, guilds)
}

func (s *Server) createDirect(c *call) {
	var body struct {
		Recipient string `json:"recipient_id"`
	}
	if err := json.Unmarshal(c.body, &body); err != nil || body.Recipient == "" {
		c.fail(invalid("recipient_id", "BASE_TYPE_REQUIRED", "This field is required"))
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c.reply(http.StatusOK, s.openDirect(User{ID: body.Recipient, Username: "somebody", Discriminator: "0"}).object())
}

func (s *Server) getGuild(c *call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, ok := s.world.guilds[c.PathValue("guild")]
	switch {
	case !ok:
		c.fail(unknownGuild)
	case !g.Member:
		c.fail(missingAccess)
	default:
		c.reply(http.StatusOK, guildObject(*g))
	}
}

func (s *Server) getMember(c *call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if g, ok := s.world.guilds[c.PathValue("guild")]; !ok || !g.Member {
		c.fail(unknownGuild)
		return
	}
	user := User{ID: c.PathValue("user"), Username: "somebody", Discriminator: "0"}
	if user.ID == s.world.app || user.ID == "@me" {
		user = s.world.bot
	}
	c.reply(http.StatusOK, member(&user, ""))
}

func (s *Server) getChannel(c *call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	channel, ok := s.world.channels[c.PathValue("channel")]
	switch {
	case !ok:
		c.fail(unknownChannel)
	case channel.Permissions&ViewChannel == 0:
		c.fail(missingAccess)
	default:
		c.reply(http.StatusOK, channel.object())
	}
}

// getMessages lists messages of a channel after an id, newest first: those that come next, 50 or as many as the limit says.
func (s *Server) getMessages(c *call) {
	query := c.URL.Query()
	limit, err := strconv.Atoi(or(query.Get("limit"), "50"))
	if err != nil || limit < 1 || limit > 100 {
		c.fail(invalid("limit", "NUMBER_TYPE_MAX", "int value should be between 1 and 100."))
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	channel, ok := s.world.channels[c.PathValue("channel")]
	switch {
	case !ok:
		c.fail(unknownChannel)
		return
	case channel.Permissions&ViewChannel == 0:
		c.fail(missingAccess)
		return
	}
	list := []Message{} // empty where the history may not be read, as Discord does
	add := func(m *Message) {
		if newer(m.ID, query.Get("after")) && m.ChannelID == channel.ID && m.Flags&Ephemeral == 0 && channel.Permissions&ReadMessageHistory != 0 {
			shown := *m
			shown.GuildID, shown.Member = "", nil
			list = append(list, shown)
		}
	}
	for _, p := range s.history.posts {
		if !p.Deleted {
			add(&p.Message)
		}
	}
	for _, m := range s.history.messages {
		add(m)
	}
	slices.SortFunc(list, func(a, b Message) int {
		if newer(a.ID, b.ID) {
			return -1
		}
		return 1
	})
	c.reply(http.StatusOK, list[max(0, len(list)-limit):])
}

// newer compares two ids.
func newer(id, than string) bool { return len(id) > len(than) || len(id) == len(than) && id > than }

func (s *Server) typing(c *call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, wrong := s.writable(c.PathValue("channel"), false); wrong != nil {
		c.fail(*wrong)
		return
	}
	c.reply(http.StatusNoContent, nil)
}

// createThread begins a thread, with the id of a message where it begins at one.
func (s *Server) createThread(c *call) {
	var body struct {
		Name string `json:"name"`
		Type int    `json:"type"`
	}
	if err := json.Unmarshal(c.body, &body); err != nil || body.Name == "" || length(body.Name) > 100 {
		c.fail(invalid("name", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length."))
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	parent, wrong := s.writable(c.PathValue("channel"), false)
	message := c.PathValue("message")
	switch _, known := s.history.message(message); {
	case wrong != nil:
		c.fail(*wrong)
	case parent.GuildID == "" || parent.Type != TextChannel:
		c.fail(problem{400, 50024, "Cannot execute action on this channel type", nil})
	case parent.Permissions&CreatePublicThreads == 0:
		c.fail(missingPermissions)
	case message != "" && !known:
		c.fail(unknownMessage)
	case s.world.channels[message] != nil:
		c.fail(threadExists)
	default:
		thread := &Channel{
			ID: message, GuildID: parent.GuildID, Name: body.Name, Type: PublicThread, Parent: parent.ID, Permissions: parent.Permissions,
		}
		if thread.ID == "" {
			thread.ID = s.mint()
		}
		s.world.channels[thread.ID] = thread
		c.reply(http.StatusCreated, thread.object())
	}
}
