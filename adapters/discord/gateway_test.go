package discord_test

import (
	"fmt"
	"testing"
	"time"

	"careerbot/adapters/discord/discordtest"
	"careerbot/adapters/discord/discordtest/object"
)

func TestAnswers(t *testing.T) {
	t.Parallel()
	d := discordtest.Start(t, quick(discordtest.Options{}))
	r := online(t, d, echo, nil)
	who, friend := member(d), direct(d)
	command := skills(d, who)
	d.Send(command)
	dm := d.Message(friend, "what about python?")
	d.Say(dm)
	mention := d.Message(who, "<@"+d.ApplicationID()+"> is sql hard?")
	d.Say(mention)
	d.Say(d.Message(who, "nobody is asked"))
	answeredOnce(t, d)
	got, _ := d.Exchange(command.ID)
	if got.Response == nil || got.Response.Type != object.MessageResponse {
		t.Errorf("the response to the command is %+v", got.Response)
	}
	for _, m := range []object.Message{dm, mention} {
		posts := d.AnswersTo(m.ID)
		if len(posts) != 1 || posts[0].Message.Reference == nil || posts[0].Message.Reference.MessageID != m.ID {
			t.Errorf("message %q has the answers %+v", m.Content, posts)
		}
	}
	for _, p := range d.Posts() {
		if len(p.Pings) > 0 {
			t.Errorf("an answer pings %v", p.Pings)
		}
	}
	if n := len(d.Posts()); n != 3 {
		t.Errorf("%d messages, want 3", n)
	}
	until(t, d, "the commands are registered", func() bool { return len(d.Commands("")) > 0 })
	if s := d.Session(0); s.Intents() != 1<<9|1<<12 {
		t.Errorf("the intents are %b", s.Intents())
	}
	_ = r
}

// TestGatewayFaults: whatever the gateway does, the session comes back and what was asked meanwhile is answered once.
func TestGatewayFaults(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		do     func(*discordtest.Server, *discordtest.Session)
		resume bool // what was asked in between comes by a Resume
	}{
		"op 7":                   {func(_ *discordtest.Server, s *discordtest.Session) { s.Reconnect() }, true},
		"cut":                    {func(_ *discordtest.Server, s *discordtest.Session) { s.Cut() }, true},
		"cut frame":              {func(_ *discordtest.Server, s *discordtest.Session) { s.CutFrame() }, true},
		"closed":                 {func(_ *discordtest.Server, s *discordtest.Session) { s.Close(discordtest.UnknownError) }, true},
		"zombie":                 {func(_ *discordtest.Server, s *discordtest.Session) { s.Zombie() }, true},
		"mute":                   {func(_ *discordtest.Server, s *discordtest.Session) { s.Mute() }, true},
		"invalid, resumable":     {func(_ *discordtest.Server, s *discordtest.Session) { s.Invalidate(true) }, true},
		"invalid":                {func(_ *discordtest.Server, s *discordtest.Session) { s.Invalidate(false) }, false},
		"invalid sequence":       {func(_ *discordtest.Server, s *discordtest.Session) { s.Close(discordtest.InvalidSequence) }, false},
		"timed out":              {func(_ *discordtest.Server, s *discordtest.Session) { s.Close(discordtest.SessionTimedOut) }, false},
		"rate limited":           {func(_ *discordtest.Server, s *discordtest.Session) { s.Close(discordtest.RateLimited) }, true},
		"garbled":                {func(_ *discordtest.Server, s *discordtest.Session) { s.Garble(); s.Cut() }, true},
		"op 1":                   {func(_ *discordtest.Server, s *discordtest.Session) { s.Beat(); s.Cut() }, true},
		"unreachable for a time": {next(discordtest.Unreachable, discordtest.Unreachable), true},
		"silent at resume":       {next(discordtest.Silent), true},
		"resume unanswered":      {next(discordtest.NoReady), true},
		"op 7 before RESUMED":    {next(discordtest.ReconnectFirst), true},
		"op 11 before RESUMED":   {next(discordtest.AckFirst), true},
		"resume refused":         {next(discordtest.InvalidSession), false},
		"resume put off":         {next(discordtest.InvalidResumable), true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			soon(t, func() time.Duration {
				return gatewayFault(t, test.do, test.resume, name == "unreachable for a time")
			})
		})
	}
}

// gatewayFault has something go wrong with a session and says how long it took until there was a connection again.
func gatewayFault(t *testing.T, do func(*discordtest.Server, *discordtest.Session), resume, away bool) (took time.Duration) {
	t.Helper()
	d := discordtest.Start(t, quick(discordtest.Options{Heartbeat: beat}))
	r := online(t, d, echo, nil)
	who := direct(d)
	d.Say(d.Message(who, "before"))
	answeredOnce(t, d)
	watch, stats := measure(t), d.Stats()
	do(d, d.Session(0))
	if resume {
		d.Say(d.Message(who, "between"))
	}
	until(t, d, "a new connection", func() bool {
		now := d.Stats()
		s := d.Session(0)
		return now.Resumes > stats.Resumes || now.Identifies > stats.Identifies && s != nil && s.Connected()
	})
	took, _ = watch.took()
	d.Say(d.Message(who, "after"))
	answeredOnce(t, d)
	now := d.Stats()
	if resume && now.Identifies != stats.Identifies {
		t.Errorf("%d Identifies, want %d", now.Identifies, stats.Identifies)
	}
	if now.TooFast > 0 {
		t.Errorf("%d Identifies came too early", now.TooFast)
	}
	if now.Resumes > 0 && now.ResumeURL == 0 && !away { // then the other address is tried
		t.Error("no Resume went to resume_gateway_url")
	}
	until(t, d, "ready", func() bool { return r.Ready() == nil })
	return took
}

// soon wants connect, which says how long it took to be connected again, to keep what the adapter promises: two intervals
// and five seconds. It may try thrice, as a machine that is busy with something else is late once, and a slow adapter
// always; what the machine stood still is not counted.
func soon(t *testing.T, connect func() time.Duration) {
	t.Helper()
	const limit = 2*beat + 5*time.Second
	for range 2 {
		if took := connect(); took <= limit || t.Failed() {
			return
		}
	}
	if took := connect(); took > limit {
		t.Errorf("it took %s to connect again, more than %s", took, limit)
	}
}

// next cuts the session when the next connections are to go wrong.
func next(turns ...discordtest.Turn) func(*discordtest.Server, *discordtest.Session) {
	return func(d *discordtest.Server, s *discordtest.Session) {
		d.Next(turns...)
		s.Cut()
	}
}

// TestStartFaults: what goes wrong with the first connection is waited for.
func TestStartFaults(t *testing.T) {
	t.Parallel()
	for name, turn := range map[string]discordtest.Turn{
		"unreachable": discordtest.Unreachable, "silent": discordtest.Silent, "no READY": discordtest.NoReady,
		"op 7 before READY": discordtest.ReconnectFirst, "op 11 before READY": discordtest.AckFirst, "invalid": discordtest.InvalidSession,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := discordtest.Start(t, quick(discordtest.Options{Heartbeat: beat}))
			d.Next(turn)
			online(t, d, echo, nil)
			d.Say(d.Message(direct(d), "hello"))
			answeredOnce(t, d)
		})
	}
}

// TestLockedUp: a session whose lock nobody gives back is replaced from outside.
func TestLockedUp(t *testing.T) {
	t.Parallel()
	soon(t, func() time.Duration {
		d := discordtest.Start(t, quick(discordtest.Options{Heartbeat: beat}))
		r := online(t, d, echo, nil)
		old := d.Session(0).ID()
		client := r.Client(0)
		watch := measure(t)
		client.Lock()
		until(t, d, "a new session", func() bool { s := d.Session(0); return s != nil && s.ID() != old })
		took, _ := watch.took()
		client.Unlock()
		d.Say(d.Message(direct(d), "hello"))
		answeredOnce(t, d)
		return took
	})
}

// TestFatalClose: codes that would come again end the adapter with advice, and without another try.
func TestFatalClose(t *testing.T) {
	t.Parallel()
	for _, code := range []int{4004, 4010, 4011, 4012, 4013, 4014} {
		for when, turn := range map[string]bool{"at start": true, "later": false} {
			t.Run(fmt.Sprint(code, " ", when), func(t *testing.T) {
				t.Parallel()
				d := discordtest.Start(t, quick(discordtest.Options{}))
				if turn {
					d.Next(discordtest.Turn(code))
				}
				r := start(t, d, echo, nil)
				if !turn {
					until(t, d, "ready", func() bool { return r.Ready() == nil })
					d.Session(0).Close(code)
				}
				select {
				case err := <-r.ended:
					r.ended <- nil
					if err == nil {
						t.Fatal("the adapter ended without an error")
					}
					t.Log(err)
				case <-time.After(patience):
					t.Fatal("the adapter goes on")
				}
				if got := d.Stats().Dials; got != 1 {
					t.Errorf("%d connections, want 1", got)
				}
			})
		}
	}
}

// TestReplayedEvents: what the gateway sends again is not answered again.
func TestReplayedEvents(t *testing.T) {
	t.Parallel()
	d := discordtest.Start(t, quick(discordtest.Options{}))
	online(t, d, echo, nil)
	who := member(d)
	for range 5 {
		d.Say(d.Message(who, "<@"+d.ApplicationID()+"> again?"))
		d.Send(skills(d, who))
	}
	answeredOnce(t, d)
	d.Session(0).Replay(10)
	d.Say(d.Message(direct(d), "the last one"))
	answeredOnce(t, d)
	if n := len(d.Posts()); n != 11 {
		t.Errorf("%d messages, want 11", n)
	}
}
