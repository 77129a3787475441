package discord_test

import (
	"context"
	"net/http"
	"path/filepath"
	"testing"

	"careerbot/adapters"
	"careerbot/adapters/discord"
	"careerbot/adapters/discord/discordtest"
	"careerbot/adapters/discord/discordtest/object"
	"careerbot/adapters/discord/discordtest/rest"
	"careerbot/bot/store"
)

// TestFormNotShown has somebody press 👎 when the form cannot be shown: because Discord fails for a while, and because the
// process that has claimed the press ends before. Nobody is left without a word, and a form that was shown has no words
// after it.
func TestFormNotShown(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		failures int // of callbacks
		dies     bool
		want     int
	}{
		"shown":                {0, false, object.Modal},
		"shown, and recorded":  {0, true, object.Modal},
		"Discord fails":        {4, false, object.MessageResponse}, // as often as a request is tried
		"the process ends too": {1 << 20, true, object.MessageResponse},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := discordtest.Start(t, quick(discordtest.Options{AnswerWithin: patience}))
			file := filepath.Join(t.TempDir(), "state.db")
			live := func() (stop func()) {
				state, err := store.Open(context.Background(), "sqlite:"+file, store.Options{})
				if err != nil {
					t.Fatal(err)
				}
				r := online(t, d, echo, func(c *discord.Config) {
					c.Outbox, c.Times.Drain = adapters.OutboxOf(state), patience // so that nothing is on its way when it has ended
				})
				return func() {
					r.stop()
					r.ended <- <-r.ended // for the cleanup as well
					if err := state.Close(); err != nil {
						t.Error(err)
					}
				}
			}
			stop := live()
			who := member(d)
			first := skills(d, who)
			d.Send(first)
			press := d.Button(who, response(t, d, first).Original.Message, "r1:vote:down:i1")
			failing := &rest.Injected{}
			if test.failures > 0 {
				failing = d.Inject(rest.Fault{
					Route: "POST /interactions/*/*/callback", Status: http.StatusServiceUnavailable, Before: true, Times: test.failures,
				})
			}
			d.Send(press)
			if test.dies {
				until(t, d, "it is tried", func() bool { return test.failures == 0 && d.Owed() == 0 || test.failures > 0 && failing.Done() > 0 })
				stop()
				if test.failures > 0 {
					failing.Remove()
				}
				stop = live()
			}
			defer stop()
			if e := response(t, d, press); e.Response.Type != test.want || e.Original != nil && !e.Original.Ephemeral() {
				t.Errorf("it is answered with %+v", e.Response)
			}
			answeredOnce(t, d)
		})
	}
}
