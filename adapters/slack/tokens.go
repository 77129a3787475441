package slack

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"sync"
	"time"

	"careerbot/adapters/slack/payload"
	"careerbot/adapters/slack/webapi"

	"github.com/slack-go/slack"
)

// Installation is one workspace or organisation that the app is installed in.
type Installation struct {
	Team    string // T…, or E… where it is installed for a whole organisation
	Token   Secret // of the bot
	Refresh Secret // "" where tokens do not rotate
	Expires time.Time
	BotUser string   // U… of the bot
	Scopes  []string // of the bot
	Admin   string   // who installed it
}

// Installations keeps installations, their secrets encrypted. It is safe for concurrent use.
type Installations interface {
	// Installation gives what was saved; the error wraps [io/fs.ErrNotExist] where nothing was.
	Installation(ctx context.Context, team string) (Installation, error)
	// SaveInstallation replaces what was saved for in.Team, durably.
	SaveInstallation(ctx context.Context, in Installation) error
	// DeleteInstallation forgets an installation; there need not be one.
	DeleteInstallation(ctx context.Context, team string) error
}

// Leases lets one process at a time do something.
type Leases interface {
	// Lease takes a lease for ttl; false where another process has it.
	Lease(ctx context.Context, name string, ttl time.Duration) (bool, error)
	// Release gives it back.
	Release(ctx context.Context, name string) error
}

// Times of tokens. Rotating tokens live for 12 hours; Slack's Python SDK refreshes them two hours early as well.
const (
	refreshEarly = 2 * time.Hour
	refreshLease = 30 * time.Second
	tokenKept    = time.Minute // in memory; other replicas see a new installation after this
	tokensMost   = 10_000      // in memory
)

// errNotInstalled is a workspace that the bot has no token for.
var errNotInstalled = errors.New("the app is not installed in this workspace")

// tokens knows the token of each workspace. New pairs of rotating tokens are saved before they are used, and one
// process refreshes at a time, since each refresh kills the refresh token before it.
type tokens struct {
	cfg Config
	api *webapi.Client
	log *slog.Logger

	mu    sync.Mutex
	own   *Installation // of Config.BotToken, once Slack has said whose it is
	kept  map[string]keptToken
	fresh map[string]Installation // refreshed, not saved yet
	busy  map[string]chan struct{}
}

type keptToken struct {
	Installation
	until time.Time
}

func newTokens(cfg Config, api *webapi.Client, log *slog.Logger) *tokens {
	return &tokens{
		cfg: cfg, api: api, log: log, kept: map[string]keptToken{},
		fresh: map[string]Installation{}, busy: map[string]chan struct{}{},
	}
}

// identify asks Slack whose Config.BotToken is.
func (t *tokens) identify(ctx context.Context) error {
	who, err := t.api.With(t.cfg.BotToken).AuthTestContext(ctx)
	if err = t.api.Count("auth.test", err); err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.own = &Installation{
		Team: who.TeamID, Token: t.cfg.BotToken, BotUser: who.UserID,
		Scopes: splitScopes(who.Header.Get("X-OAuth-Scopes")),
	}
	t.log.Info("Slack knows the bot", "team", who.TeamID, "user", who.UserID)
	return nil
}

// of gives the installation that serves a place: of the workspace, else of its organisation.
func (t *tokens) of(ctx context.Context, p payload.Place) (Installation, error) {
	t.mu.Lock()
	own := t.own
	t.mu.Unlock()
	if own != nil && (p.Team == own.Team || p.Team == "" || t.cfg.Installations == nil) {
		return *own, nil // without installations there is one token, for an organisation's workspaces too
	}
	if t.cfg.Installations == nil {
		return Installation{}, errNotInstalled
	}
	for _, team := range []string{p.Team, p.Enterprise} {
		if team == "" {
			continue
		}
		in, err := t.installed(ctx, team)
		if err == nil || !errors.Is(err, fs.ErrNotExist) {
			return in, err
		}
	}
	return Installation{}, errNotInstalled
}

// installed gives the installation of one team, refreshed where it is time.
func (t *tokens) installed(ctx context.Context, team string) (Installation, error) {
	t.mu.Lock()
	kept, ok := t.kept[team]
	t.mu.Unlock()
	now := t.cfg.Now()
	if !ok || now.After(kept.until) {
		in, err := t.cfg.Installations.Installation(ctx, team)
		switch {
		case err == nil:
			kept = t.keep(in)
		case !ok || errors.Is(err, fs.ErrNotExist):
			return Installation{}, err
		default:
			t.log.Warn("an installation is not read; going on with the one in memory", "team", team, "err", err)
		}
	}
	in := kept.Installation
	if in.Refresh == "" || in.Expires.IsZero() || now.Before(in.Expires.Add(-refreshEarly)) {
		return in, nil
	}
	newer, err := t.refresh(ctx, in)
	if err != nil && now.Before(in.Expires) {
		t.log.Warn("a token is not refreshed; it is good for a while", "team", team, "err", err, "expires", in.Expires)
		return in, nil
	}
	return newer, err
}

func (t *tokens) keep(in Installation) keptToken {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.kept) >= tokensMost {
		clear(t.kept)
	}
	k := keptToken{in, t.cfg.Now().Add(tokenKept)}
	t.kept[in.Team] = k
	return k
}

// refresh gives in with a new pair of tokens. Of several callers one does it, and the others wait for it.
func (t *tokens) refresh(ctx context.Context, in Installation) (Installation, error) {
	for {
		t.mu.Lock()
		other := t.busy[in.Team]
		if other == nil {
			t.busy[in.Team] = make(chan struct{})
			t.mu.Unlock()
			break
		}
		kept := t.kept[in.Team]
		t.mu.Unlock()
		if kept.Token != in.Token && kept.Token != "" {
			return kept.Installation, nil
		}
		select {
		case <-other:
		case <-ctx.Done():
			return Installation{}, ctx.Err()
		}
	}
	defer func() {
		t.mu.Lock()
		close(t.busy[in.Team])
		delete(t.busy, in.Team)
		t.mu.Unlock()
	}()
	return t.refreshAlone(ctx, in)
}

// refreshAlone refreshes unless another process does, or did.
func (t *tokens) refreshAlone(ctx context.Context, in Installation) (Installation, error) {
	lease := "slack-refresh:" + in.Team
	if t.cfg.Leases != nil {
		ok, err := t.cfg.Leases.Lease(ctx, lease, refreshLease)
		if err != nil {
			return in, fmt.Errorf("refresh the token of %s: %w", in.Team, err)
		}
		if !ok {
			return t.awaited(ctx, in)
		}
		defer func() { _ = t.cfg.Leases.Release(context.WithoutCancel(ctx), lease) }() // it runs out by itself
	}
	saved, err := t.cfg.Installations.Installation(ctx, in.Team)
	if err != nil {
		return in, fmt.Errorf("refresh the token of %s: %w", in.Team, err)
	}
	if saved.Token != in.Token {
		return t.keep(saved).Installation, nil
	}
	newer, err := t.exchange(ctx, in)
	if err != nil {
		return in, err
	}
	if err := t.cfg.Installations.SaveInstallation(context.WithoutCancel(ctx), newer); err != nil {
		return in, fmt.Errorf("save the new token of %s: %w", in.Team, err)
	}
	t.mu.Lock()
	delete(t.fresh, in.Team)
	t.mu.Unlock()
	t.log.Info("a token was refreshed", "team", in.Team, "expires", newer.Expires)
	return t.keep(newer).Installation, nil
}

// exchange gets a new pair, or the one that an earlier call got and could not save.
func (t *tokens) exchange(ctx context.Context, in Installation) (Installation, error) {
	t.mu.Lock()
	newer, ok := t.fresh[in.Team]
	t.mu.Unlock()
	if ok {
		return newer, nil
	}
	r, err := slack.RefreshOAuthV2TokenContext(ctx, t.api.HTTP(), t.cfg.ClientID, string(t.cfg.ClientSecret), string(in.Refresh),
		slack.OAuthOptionAPIURL(t.cfg.APIURL))
	if err = t.api.Count("oauth.v2.access", err); err != nil {
		return in, fmt.Errorf("refresh the token of %s: %w", in.Team, err)
	}
	newer = in
	newer.Token, newer.Refresh = Secret(r.AccessToken), Secret(r.RefreshToken)
	newer.Expires = t.cfg.Now().Add(time.Duration(r.ExpiresIn) * time.Second)
	t.mu.Lock()
	t.fresh[in.Team] = newer
	t.mu.Unlock()
	return newer, nil
}

// awaited waits for the pair that another process is getting, where the old one is over.
func (t *tokens) awaited(ctx context.Context, in Installation) (Installation, error) {
	if t.cfg.Now().Before(in.Expires) {
		return in, nil
	}
	for wait(ctx, refreshLease/100) {
		saved, err := t.cfg.Installations.Installation(ctx, in.Team)
		if err != nil {
			return in, err
		}
		if saved.Token != in.Token {
			return t.keep(saved).Installation, nil
		}
	}
	return in, ctx.Err()
}

// forget drops what is known of a team.
func (t *tokens) forget(ctx context.Context, team string) error {
	t.mu.Lock()
	delete(t.kept, team)
	delete(t.fresh, team)
	t.mu.Unlock()
	if t.cfg.Installations == nil || team == "" {
		return nil
	}
	return t.cfg.Installations.DeleteInstallation(ctx, team)
}

// self is the bot's user in the workspace of Config.BotToken; elsewhere the payload tells.
func (t *tokens) self() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.own == nil {
		return ""
	}
	return t.own.BotUser
}

// stored is what is known of a team without asking Slack anything.
func (t *tokens) stored(ctx context.Context, team string) (Installation, error) {
	if t.cfg.Installations == nil {
		return Installation{}, errNotInstalled
	}
	return t.cfg.Installations.Installation(ctx, team)
}
