package discord_test

import (
	"net/http"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"careerbot/adapters"
	"careerbot/adapters/discord"
	"careerbot/adapters/discord/discordtest"
	"careerbot/adapters/discord/discordtest/rest"
)

// hold holds every post, and every look for one, for longer than the process that makes it lives: when that has ended, nothing
// of it is on its way any more.
func hold(d *discordtest.Server) *rest.Injected {
	return d.Inject(rest.Fault{Route: "/channels/*/messages", Delay: time.Hour, Before: true, Cut: true})
}

// TestPostedBefore: what a process posted without learning of it, so long ago that Discord has forgotten the nonce, is found
// by the next one and not posted again, though that one hears late who it is.
func TestPostedBefore(t *testing.T) {
	t.Parallel()
	var ahead atomic.Int64
	ahead.Store(int64(-10 * time.Minute)) // a nonce lives for five
	d := discordtest.Start(t, quick(discordtest.Options{Now: func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }}))
	path := filepath.Join(t.TempDir(), "state.db")
	state := openState(t, path)
	config := func(c *discord.Config) { c.Outbox, c.Times.Drain = adapters.OutboxOf(state), time.Millisecond }
	first := online(t, d, echo, config)
	d.Inject(rest.Fault{Route: "POST /channels/*/messages", Cut: true, Times: 1}) // after the effect
	held := hold(d)
	d.Say(d.Message(direct(d), "did you hear?"))
	until(t, d, "it is posted, and tried again", func() bool { return held.Done() > 0 })
	first.stop()
	<-first.ended
	first.ended <- nil
	if err := state.Close(); err != nil {
		t.Fatal(err)
	}
	state = openState(t, path)
	held.Remove()
	ahead.Store(0)
	silent := d.Inject(rest.Fault{Route: "GET /applications/@me", Status: http.StatusServiceUnavailable, Times: 12})
	second := start(t, d, echo, config)
	until(t, d, "nothing is owed", func() bool {
		stats, err := state.Stats(t.Context())
		return err == nil && stats.Outbox == 0
	})
	until(t, d, "the adapter is ready", func() bool { return second.Ready() == nil })
	if n := len(d.Posts()); n != 1 || silent.Done() == 0 {
		t.Errorf("%d messages, want 1; %d times it was not said who the bot is", n, silent.Done())
	}
}
