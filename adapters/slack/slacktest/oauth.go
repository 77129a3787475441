package slacktest

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

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
		"authed_user": object{"id": user}, "is_enterprise_install": false,
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
