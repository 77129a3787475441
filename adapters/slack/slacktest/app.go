package slacktest

import (
	"fmt"
	"net/http"
	"net/url"
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
	OrgWide          bool   // installed for the whole Enterprise: is_enterprise_install
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

const (
	codeLife  = 10 * time.Minute // of a code (docs.slack.dev/authentication/installing-with-oauth)
	tokenLife = 12 * time.Hour   // of an access token where tokens rotate (docs.slack.dev/authentication/using-token-rotation)
)

// code is what a browser brings back from the consent page.
type code struct {
	team, user, redirect string
	scopes               []string
	expires              time.Time
}

// Code makes a code, as the consent page does once somebody of the team allowed the app. It can be exchanged once,
// within ten minutes, with the same redirect URL.
func (s *Slack) Code(team, user, redirect string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.code(team, user, redirect, s.installs[team].Scopes)
}

func (s *Slack) code(team, user, redirect string, scopes []string) string {
	id := s.next("code.")
	s.codes[id] = code{team: team, user: user, redirect: redirect, scopes: scopes, expires: s.now().Add(codeLife)}
	return id
}

// serveAuthorize is the consent page where somebody always agrees: it sends the browser back with a code. The query
// may say which team; without that it is the first.
func (s *Slack) serveAuthorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	back, err := url.Parse(q.Get("redirect_uri"))
	if err != nil || back.Host == "" || q.Get("client_id") != s.options.App.ClientID {
		http.Error(w, "bad_redirect_uri or invalid_client_id", http.StatusBadRequest)
		return
	}
	team := q.Get("team")
	if team == "" {
		team = s.options.Teams[0].ID
	}
	s.mu.Lock()
	scopes := strings.FieldsFunc(q.Get("scope"), func(r rune) bool { return r == ',' || r == ' ' })
	id := s.code(team, "U0ADMIN", q.Get("redirect_uri"), scopes)
	s.mu.Unlock()
	answer := back.Query()
	answer.Set("code", id)
	answer.Set("state", q.Get("state"))
	back.RawQuery = answer.Encode()
	http.Redirect(w, r, back.String(), http.StatusFound)
}

// oauthAccess exchanges a code, or a refresh token, which dies of it.
func (s *Slack) oauthAccess(r request) reply {
	a := r.args
	if a["client_id"] != s.options.App.ClientID {
		return refuse("invalid_client_id")
	}
	if a["client_secret"] != s.options.App.ClientSecret {
		return refuse("bad_client_secret")
	}
	if a["grant_type"] == "refresh_token" {
		old := s.refresh[a["refresh_token"]]
		if old == nil || !s.options.App.Rotate {
			return refuse("invalid_refresh_token")
		}
		delete(s.refresh, a["refresh_token"]) // the old access token lives until it expires
		return s.granted(old.team, old.scopes, "")
	}
	c, known := s.codes[a["code"]]
	delete(s.codes, a["code"])
	switch {
	case !known:
		return refuse("invalid_code")
	case s.now().After(c.expires):
		return refuse("code_expired")
	case c.redirect != a["redirect_uri"]:
		return refuse("bad_redirect_uri")
	}
	return s.granted(s.installs[c.team], c.scopes, c.user)
}

// granted makes a new token, and a refresh token where they rotate.
func (s *Slack) granted(t *Team, scopes []string, user string) reply {
	g := &grant{team: t, token: s.next("xoxb-" + t.ID + "-"), scopes: scopes}
	answer := reply{
		"ok": true, "access_token": g.token, "token_type": "bot", "scope": strings.Join(scopes, ","), "bot_user_id": t.BotUser,
		"app_id": s.options.App.ID, "team": object{"id": t.ID, "name": t.Name}, "enterprise": nil,
		"authed_user": object{"id": user}, "is_enterprise_install": t.OrgWide,
	}
	if t.OrgWide {
		answer["team"] = nil
	}
	if t.Enterprise != "" {
		answer["enterprise"] = object{"id": t.Enterprise, "name": "Enterprise"}
	}
	if s.options.App.Rotate {
		g.token = strings.Replace(g.token, "xoxb-", "xoxe.xoxb-1-", 1)
		g.refresh, g.expires = s.next("xoxe-1-"), s.now().Add(tokenLife)
		s.refresh[g.refresh] = g
		answer["access_token"], answer["refresh_token"] = g.token, g.refresh
		answer["expires_in"] = int(tokenLife.Seconds())
	}
	s.grants[g.token] = g
	s.tell()
	return answer
}

// Tokens are a team's live bot tokens, sorted.
func (s *Slack) Tokens(team string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var tokens []string
	for token, g := range s.grants {
		if g.team.ID == team && g.gone == "" && (g.expires.IsZero() || s.now().Before(g.expires)) {
			tokens = append(tokens, token)
		}
	}
	slices.Sort(tokens)
	return tokens
}
