package discord_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"careerbot/adapters"
	"careerbot/adapters/discord"
	"careerbot/adapters/discord/discordtest"
	"careerbot/bot/chat"
)

// TestRestart: what is said while the program is started again is answered by the next one, once, and what the one before
// it had taken is not answered again.
func TestRestart(t *testing.T) {
	t.Parallel()
	d := discordtest.Start(t, quick(discordtest.Options{Shards: 2, MaxConcurrency: 2}))
	state := newState(t)
	remember := func(c *discord.Config) {
		c.Outbox, c.Sessions = adapters.OutboxOf(state), state
	}
	for round := range 3 {
		r := online(t, d, echo, remember)
		begun := 2
		if got := d.Stats(); got.Identifies != begun || got.Resumes != 2*round {
			t.Fatalf("round %d: %d Identifies and %d Resumes, want %d and %d", round, got.Identifies, got.Resumes, begun, 2*round)
		}
		for range 4 {
			d.Say(d.Message(member(d), "<@"+d.ApplicationID()+"> while it runs"))
		}
		d.Say(d.Message(direct(d), "in private"))
		answeredOnce(t, d)
		r.stop()
		until(t, d, "it is gone", func() bool { return d.Session(0) == nil && d.Session(1) == nil })
		for range 4 {
			d.Say(d.Message(member(d), "<@"+d.ApplicationID()+"> is nobody there?"))
		}
		d.Say(d.Message(direct(d), "nobody?"))
	}
	online(t, d, echo, remember)
	answeredOnce(t, d)
}

// TestRestartLate: more than can be under way at once is no more than the next process can take.
func TestRestartLate(t *testing.T) {
	t.Parallel()
	const many = 1500 // 1024 may be under way, and 64 be told that it is busy
	d := discordtest.Start(t, quick(discordtest.Options{Heartbeat: time.Minute}))
	state := newState(t)
	remember := func(c *discord.Config) { c.Outbox, c.Sessions = adapters.OutboxOf(state), state }
	online(t, d, echo, remember).stop()
	until(t, d, "it is gone", func() bool { return d.Session(0) == nil })
	for range many {
		d.Send(skills(d, member(d)))
	}
	gate, asked := make(chan struct{}), atomic.Int64{}
	r := start(t, d, func(ctx context.Context, q chat.Question) (chat.Answer, error) {
		asked.Add(1)
		<-gate
		return echo(ctx, q)
	}, remember)
	until(t, d, "all that can be is under way", func() bool { return asked.Load() >= 1024 })
	close(gate)
	answeredOnce(t, d)
	for _, words := range []string{"an event is dropped", "busy"} {
		if r.log.has(words) {
			t.Errorf("the log says %q", words)
		}
	}
}

// spoilt is a state that gives something else than what was kept, or fails.
type spoilt struct {
	discord.Sessions
	state []byte
	err   error
}

func (s spoilt) Session(context.Context, string) ([]byte, time.Time, bool, error) {
	return s.state, time.Now(), true, s.err
}

func (s spoilt) KeepSession(ctx context.Context, name string, state []byte) error {
	return errors.Join(s.err, s.Sessions.KeepSession(ctx, name, state))
}

// aged is a state that was kept some time earlier.
type aged struct {
	discord.Sessions
	by time.Duration
}

func (a aged) Session(ctx context.Context, name string) ([]byte, time.Time, bool, error) {
	state, at, ok, err := a.Sessions.Session(ctx, name)
	return state, at.Add(-a.by), ok, err
}

// TestRestartAnew: where there is no going on with a session, a new one begins.
func TestRestartAnew(t *testing.T) {
	t.Parallel()
	tests := map[string]func(*discordtest.Server, *discord.Config){
		"Discord has given it up": func(d *discordtest.Server, _ *discord.Config) { d.Next(discordtest.InvalidSession) },
		"it was too long ago": func(_ *discordtest.Server, c *discord.Config) {
			c.Sessions = aged{Sessions: c.Sessions, by: 6 * time.Minute}
		},
		"what was kept cannot be read": func(_ *discordtest.Server, c *discord.Config) {
			c.Sessions = spoilt{Sessions: c.Sessions, state: []byte("{")}
		},
		"it is not Discord's": func(_ *discordtest.Server, c *discord.Config) {
			c.Sessions = spoilt{Sessions: c.Sessions, state: []byte(`{"id":"0123","seq":7}`)}
		},
		"the state fails": func(_ *discordtest.Server, c *discord.Config) {
			c.Sessions = spoilt{Sessions: c.Sessions, err: errGone}
		},
	}
	for name, spoil := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := discordtest.Start(t, quick(discordtest.Options{}))
			state := newState(t)
			remember := func(c *discord.Config) { c.Outbox, c.Sessions = adapters.OutboxOf(state), state }
			first := online(t, d, echo, remember)
			first.stop()
			until(t, d, "it is gone", func() bool { return d.Session(0) == nil })
			online(t, d, echo, func(c *discord.Config) { remember(c); spoil(d, c) })
			if got := d.Stats(); got.Identifies != 2 || got.Resumes != 0 {
				t.Errorf("%d Identifies and %d Resumes, want 2 and none", got.Identifies, got.Resumes)
			}
			d.Say(d.Message(direct(d), "and now?"))
			answeredOnce(t, d)
		})
	}
}
