package discord_test

import (
	"context"
	"net/http"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"careerbot/adapters"
	"careerbot/adapters/discord"
	"careerbot/adapters/discord/discordtest"
	"careerbot/adapters/discord/discordtest/rest"
	"careerbot/bot/store"
)

// TestLookedUp has Discord take an answer and never say so, and the process end. The next one comes when Discord has
// forgotten the nonce: it finds the answer in the channel and posts no second one, also when it may not look at once.
func TestLookedUp(t *testing.T) {
	t.Parallel()
	var slow atomic.Int64 // Discord's clock, which ids are made by; it knows a nonce for 5 minutes
	slow.Store(int64(6 * time.Minute))
	d := discordtest.Start(t, quick(discordtest.Options{Now: func() time.Time { return time.Now().Add(-time.Duration(slow.Load())) }}))
	file := filepath.Join(t.TempDir(), "state.db")
	live := func() (state *store.Store, stop func()) {
		state, err := store.Open(context.Background(), "sqlite:"+file, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		r := online(t, d, echo, func(c *discord.Config) { c.Outbox, c.Times.Drain = adapters.OutboxOf(state), time.Millisecond })
		return state, func() {
			r.stop()
			r.ended <- <-r.ended // for the cleanup as well
			if err := state.Close(); err != nil {
				t.Error(err)
			}
		}
	}
	_, stop := live()
	d.Inject(rest.Fault{Route: "POST /channels/*/messages", Cut: true, Times: 1})
	held := hold(d)
	who := member(d)
	d.Say(d.Message(who, "<@"+d.ApplicationID()+"> is redis fast?"))
	until(t, d, "an answer that nobody knows of", func() bool { return held.Done() > 0 && len(d.Posts()) == 1 })
	stop()
	held.Remove()
	slow.Store(0)
	d.Inject(rest.Fault{ // for longer than a request is tried
		Route: "GET /channels/*/messages", Status: http.StatusTooManyRequests, RetryAfter: 3 * time.Second, Times: 1,
	})
	state, stop := live()
	defer stop()
	until(t, d, "nothing is promised", func() bool {
		stats, err := state.Stats(t.Context())
		return err == nil && stats.Outbox == 0
	})
	if n := len(d.Posts()); n != 1 {
		t.Errorf("%d answers", n)
	}
}
