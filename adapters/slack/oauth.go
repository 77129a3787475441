package slack

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"careerbot/adapters"
	"careerbot/adapters/slack/manifest"
	"careerbot/adapters/slack/payload"

	"github.com/slack-go/slack"
)

// Names and times of installing: https://docs.slack.dev/authentication/installing-with-oauth.
const (
	stateLife   = 10 * time.Minute // as long as Slack's own code
	stateCookie = "careerbot_slack_state"
)

// states makes and takes the state that binds an installation to the browser that began it. A state holds its own end
// and is sealed with a key of the client secret, so that it needs no memory until it comes back; then it is claimed, once
// among all processes that share the outbox.
type states struct {
	key []byte
	now func() time.Time
	box adapters.Outbox
	own *recent[bool] // where there is no outbox
}

func newStates(cfg Config) *states {
	key := sha256.Sum256([]byte("careerbot oauth state\x00" + string(cfg.ClientSecret)))
	return &states{key: key[:], now: cfg.Now, box: cfg.Outbox, own: newRecent[bool](cfg.Now, 2*stateLife)}
}

// issue makes a state.
func (s *states) issue() string {
	text := rand.Text() + "." + strconv.FormatInt(s.now().Add(stateLife).Unix(), 10)
	return text + "." + s.seal(text)
}

func (s *states) seal(text string) string {
	mac := hmac.New(sha256.New, s.key)
	_, _ = mac.Write([]byte(text)) // a hash takes everything
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// take accepts a state that was issued, is not over, and was not taken before.
func (s *states) take(ctx context.Context, state string) error {
	i := strings.LastIndexByte(state, '.')
	if i < 0 || !hmac.Equal([]byte(s.seal(state[:i])), []byte(state[i+1:])) {
		return errors.New("it was not made here")
	}
	nonce, end, _ := strings.Cut(state[:i], ".")
	if at, err := strconv.ParseInt(end, 10, 64); err != nil || s.now().After(time.Unix(at, 0)) {
		return errors.New("it is too old")
	}
	if s.box == nil {
		if _, taken := s.own.get(nonce); taken {
			return errors.New("it was used before")
		}
		s.own.put(true, nonce)
		return nil
	}
	p := adapters.Promise{Key: "slack-oauth:" + nonce, Platform: "slack-oauth", Payload: "{}", Deadline: s.now().Add(stateLife)}
	standing, err := s.box.Take(ctx, p)
	if err != nil {
		return fmt.Errorf("whether it was used before is not known: %w", err)
	}
	if standing != adapters.First {
		return errors.New("it was used before")
	}
	return s.box.Delivered(ctx, p.Key)
}

// serveInstall serves /slack/install: it sends the browser to Slack to allow the app.
func (a *Adapter) serveInstall(w http.ResponseWriter, r *http.Request) {
	state, here := a.states.issue(), origin(r)
	http.SetCookie(w, &http.Cookie{
		Name: stateCookie, Value: state, Path: "/slack/", MaxAge: int(stateLife.Seconds()),
		HttpOnly: true, Secure: strings.HasPrefix(here, "https:"), SameSite: http.SameSiteLaxMode,
	})
	q := url.Values{
		"client_id": {a.cfg.ClientID}, "scope": {strings.Join(a.asked(), ",")}, "state": {state},
		"redirect_uri": {here + "/slack/oauth_redirect"},
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, a.authorizeURL()+"?"+q.Encode(), http.StatusFound)
}

// asked are the scopes that an installation asks for: those of the manifest, and what else the operator wants.
func (a *Adapter) asked() []string {
	return append(append(manifest.Scopes(), "users:read"), a.cfg.Scopes...)
}

// authorizeURL is Slack's page of consent, on the host of the Web API.
func (a *Adapter) authorizeURL() string {
	return strings.TrimSuffix(a.cfg.APIURL, "api/") + "oauth/v2/authorize"
}

// serveRedirect serves /slack/oauth_redirect: it takes the code that the browser brings back, and keeps the token.
func (a *Adapter) serveRedirect(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	cookie, err := r.Cookie(stateCookie)
	http.SetCookie(w, &http.Cookie{Name: stateCookie, Path: "/slack/", MaxAge: -1})
	switch {
	case q.Get("error") != "":
		a.page(w, http.StatusOK, "Not Installed", "Nothing was installed, as it was not allowed. You can close this page.")
		return
	case err != nil || !hmac.Equal([]byte(cookie.Value), []byte(q.Get("state"))) || q.Get("code") == "":
		a.page(w, http.StatusBadRequest, "Not Installed", "This page belongs to another browser, or was open too long. Please begin again at /slack/install.")
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), a.cfg.Times.Call)
	defer cancel()
	if err := a.states.take(ctx, q.Get("state")); err != nil {
		a.log.Warn("an installation is refused for its state", "err", err)
		a.page(w, http.StatusBadRequest, "Not Installed", "This page was open too long, or was used before. Please begin again at /slack/install.")
		return
	}
	if err := a.install(ctx, q.Get("code"), origin(r)+"/slack/oauth_redirect"); err != nil {
		a.log.Error("an installation failed", "err", err)
		a.page(w, http.StatusBadGateway, "Not Installed", "Slack or my own memory did not take part. Please begin again at /slack/install.")
		return
	}
	a.page(w, http.StatusOK, "Installed", "The bot is in your workspace. Type "+a.cfg.Command+" help in any channel.")
}

// install exchanges a code for a token and keeps it.
func (a *Adapter) install(ctx context.Context, code, redirect string) error {
	got, err := slack.GetOAuthV2ResponseContext(ctx, a.api.HTTP(), a.cfg.ClientID, string(a.cfg.ClientSecret), code, redirect,
		slack.OAuthOptionAPIURL(a.cfg.APIURL))
	if err = a.api.Count("oauth.v2.access", err); err != nil {
		return err
	}
	in := Installation{
		Team: got.Team.ID, Token: Secret(got.AccessToken), Refresh: Secret(got.RefreshToken), BotUser: got.BotUserID,
		Scopes: strings.Split(got.Scope, ","), Admin: got.AuthedUser.ID,
	}
	if got.IsEnterpriseInstall || in.Team == "" {
		in.Team = got.Enterprise.ID
	}
	if in.Team == "" || in.Token == "" {
		return errors.New("the answer of Slack names no workspace or no token")
	}
	if got.ExpiresIn > 0 {
		in.Expires = a.cfg.Now().Add(time.Duration(got.ExpiresIn) * time.Second)
	}
	if err := a.cfg.Installations.SaveInstallation(ctx, in); err != nil {
		return fmt.Errorf("keep the installation in %s: %w", in.Team, err)
	}
	a.tokens.keep(in)
	a.log.Info("the app was installed", "team", in.Team, "organisation", got.IsEnterpriseInstall)
	return nil
}

// forget removes the installation of a workspace that has removed the app; Slack's retries wait until that is done.
func (a *Adapter) forget(ctx context.Context, q payload.Request) verdict {
	team := q.Place.Team
	if q.Place.Org || team == "" {
		team = q.Place.Enterprise
	}
	if q.Kind == payload.KindRevoked {
		if in, err := a.tokens.stored(ctx, team); err == nil && in.BotUser != "" && !slices.Contains(q.Bots, in.BotUser) {
			return verdict{ack: true} // another bot's
		}
	}
	ctx, cancel := context.WithTimeout(ctx, a.cfg.Times.Answer)
	defer cancel()
	if err := a.tokens.forget(ctx, team); err != nil {
		a.log.Error("an installation is not removed; Slack tells again", "team", team, "err", err)
		return verdict{}
	}
	a.log.Info("the app was removed from a workspace", "team", team, "by", string(q.Kind))
	return verdict{ack: true}
}

// page is a page for a person.
func (a *Adapter) page(w http.ResponseWriter, status int, title, words string) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, "<!doctype html><html lang=\"en\"><title>%s</title><h1>%[1]s</h1><p>%s</p></html>\n",
		html.EscapeString(title), html.EscapeString(words)) // a browser that is gone needs no page
}
