package adapters

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Settings keeps what those who manage a server have chosen, under a scope such as "discord:1234". A value has at most
// 4,000 bytes; "" is one that was never set.
type Settings interface {
	Setting(ctx context.Context, scope, name string) (string, error)
	SetSetting(ctx context.Context, scope, name, value string) error
}

// Preferences are what those who manage a server or workspace have chosen for it. The zero value is how a server begins.
type Preferences struct {
	Private    bool     `json:"private,omitempty"`     // answers to commands are shown to the asker alone unless they say otherwise
	NoFeedback bool     `json:"no_feedback,omitempty"` // no 👍 and 👎 under answers
	Only       []string `json:"only,omitempty"`        // channels where the bot answers everybody; empty: all
	Quiet      []string `json:"quiet,omitempty"`       // channels where it answers privately, or not at all
	Packs      []string `json:"packs,omitempty"`       // that answer, by name; empty: all
}

// Quieted says whether the bot should post nothing that everybody sees in a channel.
func (p Preferences) Quieted(channel string) bool {
	return slices.Contains(p.Quiet, channel) || len(p.Only) > 0 && !slices.Contains(p.Only, channel)
}

// Limits of what a [PreferenceBook] keeps.
const (
	preferenceLife = 30 * time.Second // other replicas see a change after this
	preferenceMax  = 20_000           // servers kept in memory
	preferenceName = "preferences"
)

// PreferenceBook reads and changes the preferences of servers. It keeps them for half a minute, so that not every
// question reads the state; a state that fails leaves those read last, or how a server begins. It is safe for
// concurrent use.
type PreferenceBook struct {
	platform string
	settings Settings // nil keeps changes in memory
	now      func() time.Time

	mu   sync.Mutex
	kept map[string]keptPreferences
}

type keptPreferences struct {
	Preferences
	until time.Time
}

// NewPreferenceBook makes the book of one platform; now may be nil for time.Now.
func NewPreferenceBook(platform string, settings Settings, now func() time.Time) *PreferenceBook {
	if now == nil {
		now = time.Now
	}
	return &PreferenceBook{platform: platform, settings: settings, now: now, kept: map[string]keptPreferences{}}
}

// Get gives the preferences of a server, "" being none. The error says that they could not be read; what is given
// then is good to go on with.
func (b *PreferenceBook) Get(ctx context.Context, server string) (Preferences, error) {
	if server == "" {
		return Preferences{}, nil
	}
	b.mu.Lock()
	kept, ok := b.kept[server]
	b.mu.Unlock()
	if ok && (b.settings == nil || b.now().Before(kept.until)) || b.settings == nil {
		return kept.Preferences, nil
	}
	text, err := b.settings.Setting(ctx, b.platform+":"+server, preferenceName)
	if err != nil {
		return kept.Preferences, fmt.Errorf("read the preferences of server %s: %w", server, err)
	}
	var p Preferences
	if text != "" {
		if err := json.Unmarshal([]byte(text), &p); err != nil {
			return kept.Preferences, fmt.Errorf("read the preferences of server %s: %w", server, err)
		}
	}
	b.keep(server, p)
	return p, nil
}

// ErrTooMuch is returned by Set for preferences that do not fit: too many channels or packs.
var ErrTooMuch = errors.New("too many channels or packs are named")

// Set changes the preferences of a server for good.
func (b *PreferenceBook) Set(ctx context.Context, server string, p Preferences) error {
	text, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("write the preferences of server %s: %w", server, err)
	}
	if len(text) > 4000 {
		return fmt.Errorf("write the preferences of server %s: %w", server, ErrTooMuch)
	}
	if b.settings != nil {
		if err := b.settings.SetSetting(ctx, b.platform+":"+server, preferenceName, string(text)); err != nil {
			return fmt.Errorf("write the preferences of server %s: %w", server, err)
		}
	}
	b.keep(server, p)
	return nil
}

// keep remembers what was read; where too many are, those whose time is over go, or else any.
func (b *PreferenceBook) keep(server string, p Preferences) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.now()
	if len(b.kept) >= preferenceMax {
		for s, k := range b.kept {
			if len(b.kept) >= preferenceMax || now.After(k.until) {
				delete(b.kept, s)
			}
		}
	}
	b.kept[server] = keptPreferences{p, now.Add(preferenceLife)}
}
