package slacktest

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// App is the app as its settings pages show it.
type App struct {
	ID, ClientID, ClientSecret, SigningSecret, VerificationToken string

	AppToken  string   // xapp-…, for Socket Mode
	AppScopes []string // of AppToken; nil is connections:write
	Scopes    []string // of the bot, where a team names none; nil is DefaultScopes
	Agent     bool     // the manifest has agent_view
	Rotate    bool     // tokens of oauth.v2.access expire after 12 h and are refreshed
}

// DefaultScopes are those of a bot that uses everything here.
var DefaultScopes = strings.Fields("app_mentions:read assistant:write channels:history channels:read chat:write commands " +
	"files:write groups:history im:history im:read users:read")

func (a App) withDefaults() App {
	set := func(s *string, otherwise string) {
		if *s == "" {
			*s = otherwise
		}
	}
	set(&a.ID, "A0CAREER")
	set(&a.ClientID, "111.222")
	set(&a.ClientSecret, "client-secret-of-a-test")
	set(&a.SigningSecret, "8f742231b10e8888abcd99yyyzzz85a5") // the one in Slack's documentation
	set(&a.VerificationToken, "verification-token-of-a-test")
	set(&a.AppToken, "xapp-1-A0CAREER-1-test")
	if a.AppScopes == nil {
		a.AppScopes = []string{"connections:write"}
	}
	if a.Scopes == nil {
		a.Scopes = DefaultScopes
	}
	return a
}

// Team is a workspace with the app installed.
type Team struct {
	ID, Name, Domain string
	Enterprise       string // E…, "" outside Enterprise Grid
	BotToken         string // xoxb-…
	BotUser, BotID   string // U… and B…
	Scopes           []string
	Absent           []string // channels that the bot is not a member of
	Pending          bool     // not installed yet: has no bot token until oauth.v2.access
}

func (t Team) withDefaults(a App, i int) Team {
	set := func(s *string, otherwise string) {
		if *s == "" {
			*s = otherwise
		}
	}
	mark := ""
	if i > 0 {
		mark = fmt.Sprint(i + 1)
	}
	set(&t.ID, "T0ACME"+mark)
	set(&t.Name, "Acme"+mark)
	set(&t.Domain, "acme"+mark)
	set(&t.BotToken, "xoxb-"+t.ID+"-test")
	set(&t.BotUser, "U0BOT"+mark)
	set(&t.BotID, "B0BOT"+mark)
	if t.Scopes == nil {
		t.Scopes = a.Scopes
	}
	return t
}

// grant is what a bot token allows.
type grant struct {
	team    *Team
	token   string
	refresh string
	scopes  []string
	expires time.Time // zero is never
	gone    string    // the error that it gets: token_revoked, account_inactive
}

// install gives a team its token.
func (s *Slack) install(t Team) {
	s.installs[t.ID] = &t
	if !t.Pending {
		s.grants[t.BotToken] = &grant{team: &t, token: t.BotToken, scopes: t.Scopes}
	}
}

// Scope gives a team's tokens these scopes from now on.
func (s *Slack) Scope(team string, scopes ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, g := range s.grants {
		if g.team.ID == team {
			g.scopes = scopes
		}
	}
}

// Revoke makes a team's tokens useless: reason is the error that they get from now on, such as "token_revoked" or
// "account_inactive".
func (s *Slack) Revoke(team, reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, g := range s.grants {
		if g.team.ID == team {
			g.gone = reason
			delete(s.refresh, g.refresh)
		}
	}
}

// admit finds what a token allows; refused is Slack's error. The caller holds the lock.
func (s *Slack) admit(method, token string) (g *grant, refused refusal) {
	needed := scopesOf(method)
	switch {
	case method == "oauth.v2.access" || method == "blocks.validate":
		return nil, nil
	case token == "":
		return nil, refuse("not_authed")
	case method == "apps.connections.open":
		if token == s.options.App.AppToken {
			return nil, missing(needed, s.options.App.AppScopes)
		}
		if s.grants[token] != nil {
			return nil, refuse("not_allowed_token_type")
		}
		return nil, refuse("invalid_auth")
	case token == s.options.App.AppToken:
		return nil, refuse("not_allowed_token_type")
	}
	g = s.grants[token]
	switch {
	case g == nil:
		return nil, refuse("invalid_auth")
	case g.gone != "":
		return nil, refuse(g.gone)
	case !g.expires.IsZero() && s.now().After(g.expires):
		return nil, refuse("token_expired")
	}
	return g, missing(needed, g.scopes)
}

// missing refuses where none of the needed scopes is provided.
func missing(needed, provided []string) refusal {
	if len(needed) == 0 || slices.ContainsFunc(needed, func(s string) bool { return slices.Contains(provided, s) }) {
		return nil
	}
	return reply{
		"ok": false, "error": "missing_scope", "needed": strings.Join(needed, ","), "provided": strings.Join(provided, ","),
	}
}

// scopesOf names the scopes one of which a method wants. Those that depend on the channel are looked at by the method.
func scopesOf(method string) []string {
	switch method {
	case "apps.connections.open":
		return []string{"connections:write"}
	case "chat.postMessage", "chat.postEphemeral", "chat.update", "chat.delete":
		return []string{"chat:write"}
	case "assistant.threads.setStatus":
		return []string{"chat:write", "assistant:write"}
	case "assistant.threads.setSuggestedPrompts", "assistant.threads.setTitle":
		return []string{"assistant:write"}
	case "users.info", "bots.info":
		return []string{"users:read"}
	case "files.getUploadURLExternal", "files.completeUploadExternal":
		return []string{"files:write"}
	}
	return nil
}

// kindOf says what a channel's id makes it, in the words of scopes.
func kindOf(channel string) string {
	switch {
	case strings.HasPrefix(channel, "D"):
		return "im"
	case strings.HasPrefix(channel, "G"):
		return "groups"
	}
	return "channels"
}
