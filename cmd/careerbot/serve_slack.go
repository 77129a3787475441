package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"careerbot/adapters"
	"careerbot/adapters/slack"
	"careerbot/bot/store"
)

// slackAdapter is the bot in Slack, nil where it is not set up.
func (s *server) slackAdapter() adapters.Adapter {
	get := s.config.get
	if get("SLACK_BOT_TOKEN") == "" && get("SLACK_APP_TOKEN") == "" && get("SLACK_SIGNING_SECRET") == "" && get("SLACK_CLIENT_ID") == "" {
		return nil
	}
	c := slack.Config{
		BotToken: slack.Secret(get("SLACK_BOT_TOKEN")), AppToken: slack.Secret(get("SLACK_APP_TOKEN")),
		SigningSecret: slack.Secret(get("SLACK_SIGNING_SECRET")), ClientID: get("SLACK_CLIENT_ID"),
		ClientSecret: slack.Secret(get("SLACK_CLIENT_SECRET")), APIURL: get("SLACK_API_URL"),
		Outbox: adapters.OutboxOf(s.store), Settings: s.store, Reporter: reporter{s.store, s.lib}, Logger: s.log,
		Recent: s.recentSlack, Scopes: listed(get("SLACK_SCOPES")),
	}
	if s.lib != nil { // doctor has none
		c.Command, c.Packs = "/"+s.lib.Pack().Command, s.lib.Packs
	}
	if s.metrics != nil { // doctor measures nothing
		c.Meter = s.metrics
	}
	if get("STATE_KEY") != "" {
		state := slackState{s.store, rand.Text()}
		c.Installations, c.Leases = state, state
	}
	return slack.New(c)
}

// recentSlack gives what a person asked last in Slack, newest first, each question once.
func (s *server) recentSlack(ctx context.Context, user string, n int) ([]string, error) {
	text, err := s.store.ExportUser(ctx, "slack:"+user)
	if err != nil {
		return nil, err
	}
	var kept struct {
		Journal []struct{ Text string }
	}
	if err := json.Unmarshal(text, &kept); err != nil {
		return nil, fmt.Errorf("read what a person asked: %w", err)
	}
	var recent []string
	for _, e := range slices.Backward(kept.Journal) {
		if e.Text != "" && len(recent) < n && !slices.Contains(recent, e.Text) {
			recent = append(recent, e.Text)
		}
	}
	return recent, nil
}

// slackState keeps Slack's installations in the store. It is one process's: owner names it.
type slackState struct {
	store *store.Store
	owner string
}

// slackSecret and slackMeta are how an installation is written down: the first is encrypted.
type slackSecret struct {
	Token   string `json:"token"`
	Refresh string `json:"refresh,omitempty"`
}

type slackMeta struct {
	Expires time.Time `json:"expires,omitzero"`
	BotUser string    `json:"bot_user,omitempty"`
	Scopes  []string  `json:"scopes,omitempty"`
	Admin   string    `json:"admin,omitempty"`
}

// Installation reads one.
func (k slackState) Installation(ctx context.Context, team string) (slack.Installation, error) {
	row, err := k.store.Installation(ctx, "slack", team)
	if errors.Is(err, store.ErrNone) {
		return slack.Installation{}, fmt.Errorf("%w: %w", fs.ErrNotExist, err)
	}
	if err != nil {
		return slack.Installation{}, err
	}
	var secret slackSecret
	var meta slackMeta
	if err := errors.Join(json.Unmarshal(row.Secret, &secret), json.Unmarshal([]byte(row.Meta), &meta)); err != nil {
		return slack.Installation{}, fmt.Errorf("read the installation in %s: %w", team, err)
	}
	return slack.Installation{
		Team: team, Token: slack.Secret(secret.Token), Refresh: slack.Secret(secret.Refresh),
		Expires: meta.Expires, BotUser: meta.BotUser, Scopes: meta.Scopes, Admin: meta.Admin,
	}, nil
}

// SaveInstallation writes one.
func (k slackState) SaveInstallation(ctx context.Context, in slack.Installation) error {
	secret, err := json.Marshal(slackSecret{string(in.Token), string(in.Refresh)})
	if err != nil {
		return err
	}
	meta, err := json.Marshal(slackMeta{in.Expires, in.BotUser, in.Scopes, in.Admin})
	if err != nil {
		return err
	}
	return k.store.SaveInstallation(ctx, store.Installation{Platform: "slack", Team: in.Team, Secret: secret, Meta: string(meta)})
}

// DeleteInstallation forgets one.
func (k slackState) DeleteInstallation(ctx context.Context, team string) error {
	return k.store.DeleteInstallation(ctx, "slack", team)
}

// Lease takes a lease of the store.
func (k slackState) Lease(ctx context.Context, name string, ttl time.Duration) (bool, error) {
	_, ok, err := k.store.Lease(ctx, name, k.owner, ttl)
	return ok, err
}

// Release gives it back.
func (k slackState) Release(ctx context.Context, name string) error {
	return k.store.Release(ctx, name, k.owner)
}
