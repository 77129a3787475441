package discordtest

import (
	"cmp"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"careerbot/adapters/discord/discordtest/object"
	"careerbot/adapters/discord/discordtest/rest"
)

// routes is the REST interface.
func (s *Server) routes() *rest.Routes {
	return rest.NewRoutes(map[string]func(*rest.Call){
		"GET /gateway":                       func(c *rest.Call) { c.Reply(http.StatusOK, map[string]any{"url": s.gatewayURL()}) },
		"GET /gateway/bot":                   s.getGatewayBot,
		"GET /applications/@me":              s.getApplication,
		"GET /oauth2/applications/@me":       s.getApplication,
		"GET /users/@me":                     func(c *rest.Call) { c.Reply(http.StatusOK, s.me()) },
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
	})
}

func (s *Server) getGatewayBot(c *rest.Call) {
	s.mu.Lock()
	left := max(0, s.o.SessionStarts-s.stats.Identifies)
	shards, concurrency := s.gateway.shards, s.gateway.concurrency
	s.mu.Unlock()
	c.Reply(http.StatusOK, map[string]any{
		"url": s.gatewayURL(), "shards": shards,
		"session_start_limit": map[string]any{
			"total": s.o.SessionStarts, "remaining": left, "reset_after": 14400000, "max_concurrency": concurrency,
		},
	})
}

// me is the bot's user with what only it may see.
func (s *Server) me() map[string]any {
	var o map[string]any
	_ = json.Unmarshal(object.JSON(s.world.bot), &o) // encoded a moment ago
	maps.Copy(o, map[string]any{"mfa_enabled": true, "locale": "en-US", "verified": true, "email": nil, "premium_type": 0})
	return o
}

func (s *Server) getApplication(c *rest.Call) {
	install := map[string]any{"scopes": []string{"applications.commands", "bot"}, "permissions": "274877958144"}
	c.Reply(http.StatusOK, map[string]any{
		"id": s.world.app, "name": s.world.bot.Username, "icon": nil, "description": "", "type": nil, "bot": s.world.bot,
		"bot_public": true, "bot_require_code_grant": false, "verify_key": s.PublicKey(), "flags": 1 << 23, "flags_new": "8388608",
		"hook": true, "summary": "", "is_monetized": false, "redirect_uris": []string{}, "interactions_endpoint_url": nil, "tags": []string{},
		"role_connections_verification_url": nil, "owner": object.User{ID: "150000000000000001", Username: "owner", Discriminator: "0"},
		"approximate_guild_count": 1, "approximate_user_install_count": 0, "approximate_user_authorization_count": 0,
		"explicit_content_filter": 0, "team": nil, "install_params": install, "max_participants": nil,
		"integration_types_config": map[string]any{"0": map[string]any{"oauth2_install_params": install}, "1": map[string]any{}},
		"event_webhooks_url":       nil, "event_webhooks_status": 1, "event_webhooks_types": []string{}, "eligible_oauth2_scopes": []string{},
	})
}

func (s *Server) getGuilds(c *rest.Call) {
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
	c.Reply(http.StatusOK, guilds)
}

func (s *Server) createDirect(c *rest.Call) {
	var body struct {
		Recipient string `json:"recipient_id"`
	}
	if err := json.Unmarshal(c.Body, &body); err != nil || body.Recipient == "" {
		c.Fail(object.Invalid("recipient_id", "BASE_TYPE_REQUIRED", "This field is required"))
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c.Reply(http.StatusOK, s.openDirect(object.User{ID: body.Recipient, Username: "somebody", Discriminator: "0"}).Object())
}

func (s *Server) getGuild(c *rest.Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, ok := s.world.guilds[c.PathValue("guild")]
	switch {
	case !ok:
		c.Fail(object.UnknownGuild)
	case !g.Member:
		c.Fail(object.MissingAccess)
	default:
		c.Reply(http.StatusOK, guildObject(*g))
	}
}

func (s *Server) getMember(c *rest.Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if g, ok := s.world.guilds[c.PathValue("guild")]; !ok || !g.Member {
		c.Fail(object.UnknownGuild)
		return
	}
	user := object.User{ID: c.PathValue("user"), Username: "somebody", Discriminator: "0"}
	if user.ID == s.world.app || user.ID == "@me" {
		user = s.world.bot
	}
	c.Reply(http.StatusOK, object.NewMember(&user, ""))
}

func (s *Server) getChannel(c *rest.Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	channel, ok := s.world.channels[c.PathValue("channel")]
	switch {
	case !ok:
		c.Fail(object.UnknownChannel)
	case channel.Permissions&object.ViewChannel == 0:
		c.Fail(object.MissingAccess)
	default:
		c.Reply(http.StatusOK, channel.Object())
	}
}

// getMessages lists messages of a channel after an id, newest first: those that come next, 50 or as many as the limit says.
func (s *Server) getMessages(c *rest.Call) {
	query := c.URL.Query()
	limit, err := strconv.Atoi(cmp.Or(query.Get("limit"), "50"))
	if err != nil || limit < 1 || limit > 100 {
		c.Fail(object.Invalid("limit", "NUMBER_TYPE_MAX", "int value should be between 1 and 100."))
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	channel, ok := s.world.channels[c.PathValue("channel")]
	switch {
	case !ok:
		c.Fail(object.UnknownChannel)
		return
	case channel.Permissions&object.ViewChannel == 0:
		c.Fail(object.MissingAccess)
		return
	}
	list := []object.Message{} // empty where the history may not be read, as Discord does
	add := func(m *object.Message) {
		if newer(m.ID, query.Get("after")) && m.ChannelID == channel.ID && m.Flags&object.Ephemeral == 0 && channel.Permissions&object.ReadMessageHistory != 0 {
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
	slices.SortFunc(list, func(a, b object.Message) int {
		if newer(a.ID, b.ID) {
			return -1
		}
		return 1
	})
	c.Reply(http.StatusOK, list[max(0, len(list)-limit):])
}

// newer compares two ids.
func newer(id, than string) bool { return len(id) > len(than) || len(id) == len(than) && id > than }

func (s *Server) typing(c *rest.Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, wrong := s.writable(c.PathValue("channel"), false); wrong != nil {
		c.Fail(*wrong)
		return
	}
	c.Reply(http.StatusNoContent, nil)
}

// createThread begins a thread, with the id of a message where it begins at one.
func (s *Server) createThread(c *rest.Call) {
	var body struct {
		Name string `json:"name"`
		Type int    `json:"type"`
	}
	if err := json.Unmarshal(c.Body, &body); err != nil || body.Name == "" || object.Length(body.Name) > 100 {
		c.Fail(object.Invalid("name", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length."))
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	parent, wrong := s.writable(c.PathValue("channel"), false)
	message := c.PathValue("message")
	switch _, known := s.history.message(message); {
	case wrong != nil:
		c.Fail(*wrong)
	case parent.GuildID == "" || parent.Type != object.TextChannel:
		c.Fail(object.Problem{Status: http.StatusBadRequest, Code: 50024, Text: "Cannot execute action on this channel type"})
	case parent.Permissions&object.CreatePublicThreads == 0:
		c.Fail(object.MissingPermissions)
	case message != "" && !known:
		c.Fail(object.UnknownMessage)
	case s.world.channels[message] != nil:
		c.Fail(object.ThreadExists)
	default:
		thread := &object.Channel{
			ID: message, GuildID: parent.GuildID, Name: body.Name, Type: object.PublicThread, Parent: parent.ID, Permissions: parent.Permissions,
		}
		if thread.ID == "" {
			thread.ID = s.mint()
		}
		s.world.channels[thread.ID] = thread
		c.Reply(http.StatusCreated, thread.Object())
	}
}

// serve answers every request.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	if !s.hold() {
		rest.Cut(w)
		return
	}
	defer s.work.Done()
	switch {
	case strings.HasPrefix(r.URL.Path, gatewayPath), strings.HasPrefix(r.URL.Path, resumePath):
		s.serveGateway(w, r)
		return
	case strings.HasPrefix(r.URL.Path, "/attachments/"):
		s.serveFile(w, r)
		return
	}
	c, wrong := rest.New(r, s.o.Now())
	if wrong != nil {
		c.Fail(*wrong)
	} else if !s.handle(c) {
		rest.Cut(w)
		return
	}
	c.Write(w)
}

// handle does what a request asks for; false says that its connection is to be cut.
func (s *Server) handle(c *rest.Call) bool {
	read, fault := s.table.Find(c), s.faults.Pick(c)
	s.mu.Lock()
	s.stats.Requests++
	if fault != nil {
		s.stats.Faulted++
	}
	s.mu.Unlock()
	if fault != nil && !s.pause(fault.Delay) {
		return false
	}
	if fault != nil && fault.Early() {
		return fault.Spoil(c)
	}
	s.answer(c, read)
	s.count(c)
	if fault != nil && fault.Late() {
		return fault.Spoil(c)
	}
	return true
}

// answer passes a request through gate, door and limits to its handler.
func (s *Server) answer(c *rest.Call, read *object.Problem) {
	switch {
	case c.Route == "":
		c.Fail(object.NotFound)
	case read != nil:
		c.Fail(*read)
	case !open(c.Route) && !s.known(c.Header.Get("Authorization")):
		c.Fail(object.Unauthorized)
	case !s.judge(c):
	case !s.limiter.Admit(c):
	default:
		s.table.Serve(c)
	}
}

// judge lets the gate look at a request.
func (s *Server) judge(c *rest.Call) bool {
	if s.o.Gate == nil {
		return true
	}
	err := s.o.Gate.Check(c.Method, c.Path, c.Header.Get("Content-Type"), c.Raw)
	if err == nil {
		return true
	}
	s.mu.Lock()
	s.stats.Rejected++
	s.mu.Unlock()
	c.Fail(object.Invalid("_gate", "REJECTED", err.Error()))
	return false
}

// count adds up the answers that Discord blocks addresses for.
func (s *Server) count(c *rest.Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch c.Status {
	case http.StatusUnauthorized:
		s.stats.Unauthorized++
	case http.StatusForbidden:
		s.stats.Forbidden++
	case http.StatusTooManyRequests:
		s.stats.Limited++
	}
	s.history.keepRequest(s.o.Keep, c)
	s.tell()
}

// open says whether a route asks for no bot token: those of interactions carry their own.
func open(route string) bool {
	return strings.Contains(route, " /interactions/") || strings.Contains(route, " /webhooks/") || route == "GET /gateway"
}

func (s *Server) known(authorization string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return authorization == "Bot "+s.o.Token && !s.world.revoked
}
