package discord_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"careerbot/adapters"
	"careerbot/adapters/discord"
	"careerbot/adapters/discord/discordtest"
	"careerbot/bot/store"
)

func newState(t testing.TB) *store.Store {
	t.Helper()
	return openState(t, filepath.Join(t.TempDir(), "state.db"))
}

func openState(t testing.TB, path string) *store.Store {
	t.Helper()
	return openStateAt(t, path, nil)
}

// openStateAt is openState with a clock; nil is the machine's.
func openStateAt(t testing.TB, path string, now func() time.Time) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), "sqlite:"+path, store.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// TestShards: as many sessions as Discord recommends, paced as it says, and the events of each are answered.
func TestShards(t *testing.T) {
	t.Parallel()
	const shards = 16
	d := discordtest.Start(t, quick(discordtest.Options{Shards: shards, MaxConcurrency: 4, IdentifyEvery: 100 * time.Millisecond}))
	online(t, d, echo, func(c *discord.Config) { c.Times.Identify = 130 * time.Millisecond })
	if n := len(d.Sessions()); n != shards {
		t.Fatalf("%d sessions, want %d", n, shards)
	}
	if got := d.Stats(); got.TooFast > 0 || got.Identifies != shards {
		t.Errorf("%d Identifies, %d of them too early", got.Identifies, got.TooFast)
	}
	for range 3 * shards {
		who := member(d)
		d.Send(skills(d, who))
		d.Say(d.Message(who, "<@"+d.ApplicationID()+"> hello"))
	}
	answeredOnce(t, d)
}

// lost is a state that one process cannot reach any more.
type lost struct {
	discord.Leases
	gone atomic.Bool
}

var errGone = errors.New("the state is not reached")

func (l *lost) Lease(ctx context.Context, name, owner string, ttl time.Duration) (int64, bool, error) {
	if l.gone.Load() {
		return 0, false, errGone
	}
	return l.Leases.Lease(ctx, name, owner, ttl)
}

func (l *lost) Release(ctx context.Context, name, owner string) error {
	if l.gone.Load() {
		return errGone
	}
	return l.Leases.Release(ctx, name, owner)
}

// TestLeases: of two replicas one has the shards; when it is gone without a word the other one has them soon, and what
// both get is answered once.
func TestLeases(t *testing.T) {
	t.Parallel()
	const life = 20 * time.Second // a machine that stands still for two thirds of it has leases run out that were to be kept
	d := discordtest.Start(t, quick(discordtest.Options{Shards: 3, MaxConcurrency: 3}))
	var ahead atomic.Int64 // is the state's clock
	state := openStateAt(t, filepath.Join(t.TempDir(), "state.db"), func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) })
	replica := func(l discord.Leases) *running {
		return start(t, d, echo, func(c *discord.Config) {
			c.Outbox, c.Sessions, c.Leases, c.Times.Lease = adapters.OutboxOf(state), state, l, life
		})
	}
	reach := &lost{Leases: state}
	first := replica(reach)
	until(t, d, "the first has the shards", func() bool { return first.Ready() == nil && len(d.Sessions()) == 3 })
	second := replica(state)
	until(t, d, "the second stands by", func() bool { return second.Ready() == nil })
	for n := range 6 {
		d.Say(d.Message(member(d), fmt.Sprintf("<@%s> %d", d.ApplicationID(), n)))
	}
	answeredOnce(t, d)
	if n := d.Stats().Identifies; n != 3 {
		t.Errorf("%d Identifies, want 3", n)
	}
	reach.gone.Store(true) // it lives on and still has its sessions, but its leases run out
	ahead.Store(int64(life))
	until(t, d, "the second has the shards", func() bool { return len(d.Sessions()) == 6 })
	for n := range 6 {
		d.Say(d.Message(member(d), fmt.Sprintf("<@%s> twice %d", d.ApplicationID(), n)))
		d.Send(skills(d, member(d)))
	}
	answeredOnce(t, d)
	reach.gone.Store(false) // it learns that the leases are another's
	until(t, d, "the first has let go", func() bool { return len(d.Sessions()) == 3 })
	d.Say(d.Message(member(d), fmt.Sprintf("<@%s> the end", d.ApplicationID())))
	answeredOnce(t, d)
	resumed := d.Stats().Resumes
	second.stop() // gives its leases back, and leaves its sessions to whoever takes them
	until(t, d, "the first has them again", func() bool { return d.Stats().Resumes >= resumed+3 && len(d.Sessions()) == 3 })
	d.Say(d.Message(direct(d), "and again"))
	answeredOnce(t, d)
}

// TestStateLostAtStart: a state that cannot say who has the shards keeps nobody from answering for long.
func TestStateLostAtStart(t *testing.T) {
	t.Parallel()
	d := discordtest.Start(t, quick(discordtest.Options{}))
	gone := &lost{}
	gone.gone.Store(true)
	r := start(t, d, echo, func(c *discord.Config) { c.Leases, c.Times.Lease = gone, 100*time.Millisecond })
	// a session that Discord has begun may be given up by an adapter that did not hear of it in time
	until(t, d, "a session", func() bool { return r.log.has("connected to Discord's gateway") && len(d.Sessions()) == 1 })
	d.Say(d.Message(direct(d), "anybody?"))
	answeredOnce(t, d)
}
