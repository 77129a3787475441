package discord_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"careerbot/adapters/discord"
	"careerbot/adapters/discord/discordtest"
	"careerbot/adapters/discord/discordtest/object"
	"careerbot/adapters/discord/discordtest/rest"
	"careerbot/bot/chat"
)

// charted answers with a picture.
func charted(_ context.Context, _ chat.Question) (chat.Answer, error) {
	return chat.Answer{Answered: true, Title: "Pay", Lead: "It pays.", Blocks: []chat.Block{chat.Chart{
		Title: "Pay", Unit: "₹ lakh a year", Bars: []chat.Bar{{Label: "one", Low: 3, High: 9, HasLow: true, HasHigh: true}},
	}}}, nil
}

// TestRESTFaults: whatever the REST interface does, every question is answered once, and in time.
func TestRESTFaults(t *testing.T) {
	t.Parallel()
	const callbacks, edits, messages = "POST /interactions/*/*/callback", "PATCH /webhooks/*/*/messages/*", "POST /channels/*/messages"
	tests := map[string][]rest.Fault{
		"500 before":            {{Status: 500, Before: true, Times: 4}},
		"502":                   {{Status: 502, Before: true, Times: 4}},
		"503":                   {{Status: 503, Before: true, Times: 4}},
		"504 after the effect":  {{Route: callbacks, Status: 504, Times: 2}, {Route: messages, Status: 504, Times: 2}},
		"cut after the effect":  {{Route: callbacks, Cut: true, Times: 2}, {Route: messages, Cut: true, Times: 2}},
		"cut before":            {{Route: callbacks, Cut: true, Before: true, Times: 2}, {Route: messages, Cut: true, Before: true, Times: 2}},
		"429 short":             {{Status: 429, Times: 4, RetryAfter: 200 * time.Millisecond}},
		"429 shared":            {{Status: 429, Times: 4, RetryAfter: 100 * time.Millisecond, Scope: "shared"}},
		"429 global":            {{Status: 429, Times: 2, RetryAfter: 300 * time.Millisecond, Scope: "global"}},
		"429 long for messages": {{Route: messages, Status: 429, Times: 2, RetryAfter: 4 * time.Second}},
		"slow":                  {{Delay: 700 * time.Millisecond, Times: 3}},
		"all at random":         {{Chance: 0.2, Status: 503}, {Chance: 0.1, Cut: true, Before: true}, {Chance: 0.1, Status: 429, RetryAfter: 50 * time.Millisecond}},
		"edits fail":            {{Route: edits, Status: 503, Times: 6}},
	}
	for name, faults := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := discordtest.Start(t, quick(discordtest.Options{Seed: 7}))
			ask := askerFunc(echo)
			if name == "edits fail" {
				ask = func(ctx context.Context, q chat.Question) (chat.Answer, error) {
					e, interaction := d.Exchange(strings.TrimPrefix(q.ID, "i"))
					err := d.Until(ctx, func() bool { // it is told to wait
						e, _ = d.Exchange(e.Interaction.ID)
						return !interaction || e.Response != nil
					})
					if err != nil {
						return chat.Answer{}, err
					}
					return echo(ctx, q)
				}
			}
			online(t, d, ask, func(c *discord.Config) {
				if name == "edits fail" {
					c.Times.Defer = 50 * time.Millisecond
				}
			})
			var injected []*rest.Injected
			for _, f := range faults {
				injected = append(injected, d.Inject(f))
			}
			who, friend := member(d), direct(d)
			for n := range 4 {
				d.Send(skills(d, who))
				d.Say(d.Message(friend, fmt.Sprint("question ", n)))
			}
			answeredOnce(t, d)
			done := 0
			for _, i := range injected {
				done += i.Done()
			}
			if done == 0 {
				t.Error("no request was spoiled")
			}
		})
	}
}

// TestRefusals: what Discord refuses for good ends in words for whoever runs the bot, and stops nothing else.
func TestRefusals(t *testing.T) {
	t.Parallel()
	all := uint64(object.ViewChannel | object.SendMessages | object.AttachFiles | object.ReadMessageHistory)
	tests := map[string]struct {
		spoil func(*discordtest.Server, discordtest.Caller, object.Message)
		says  string
		posts int
	}{
		"deleted channel": {func(d *discordtest.Server, c discordtest.Caller, _ object.Message) {
			d.DeleteChannel(c.Channel.ID)
		}, "was deleted", 0},
		"deleted message": {func(d *discordtest.Server, _ discordtest.Caller, m object.Message) { d.Unsay(m) }, "", 1},
		"no view": {func(d *discordtest.Server, c discordtest.Caller, _ object.Message) {
			d.Permit(c.Channel.ID, all&^object.ViewChannel)
		}, "View Channel", 0},
		"no send": {func(d *discordtest.Server, c discordtest.Caller, _ object.Message) {
			d.Permit(c.Channel.ID, all&^object.SendMessages)
		}, "Send Messages", 0},
		"no files": {func(d *discordtest.Server, c discordtest.Caller, _ object.Message) {
			d.Permit(c.Channel.ID, all&^object.AttachFiles)
		}, "Attach Files", 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := discordtest.Start(t, quick(discordtest.Options{}))
			asked, goOn := make(chan struct{}, 10), make(chan struct{})
			r := online(t, d, func(ctx context.Context, q chat.Question) (chat.Answer, error) {
				asked <- struct{}{}
				<-goOn
				return charted(ctx, q)
			}, nil)
			who := member(d)
			m := d.Message(who, "<@"+d.ApplicationID()+"> pay?")
			d.Say(m)
			<-asked
			test.spoil(d, who, m)
			close(goOn)
			until(t, d, "the end of it", func() bool {
				return (test.says == "" || r.log.has(test.says)) && len(d.AnswersTo(m.ID)) == test.posts
			})
			d.Say(d.Message(direct(d), "and you?"))
			until(t, d, "another answer", func() bool { return len(d.Posts()) == test.posts+1 })
		})
	}
}

// TestClosedToDirectMessages and an interaction that is answered too late.
func TestTooLate(t *testing.T) {
	t.Parallel()
	d := discordtest.Start(t, quick(discordtest.Options{AnswerWithin: 300 * time.Millisecond}))
	r := online(t, d, func(ctx context.Context, q chat.Question) (chat.Answer, error) {
		select {
		case <-time.After(600 * time.Millisecond): // before the deferral, after the limit: as if the process had been stopped
		case <-ctx.Done():
		}
		return echo(ctx, q)
	}, nil)
	who := member(d)
	open := skills(d, who)
	d.Send(open)
	until(t, d, "a message in place of the answer", func() bool { return len(d.Posts()) == 1 })
	if p := d.Posts()[0]; p.Message.ChannelID != who.Channel.ID || !strings.Contains(string(p.Request), "asha") {
		t.Errorf("the late answer is %s", p.Request)
	}
	d.Send(d.Command(who, "backend", object.Sub("skills", object.Bool("private", true))))
	until(t, d, "words in the log", func() bool { return r.log.has("not answered within 3 seconds") })
	if n := len(d.Posts()); n != 1 {
		t.Errorf("%d messages: a private answer was shown to all", n)
	}
}

// TestRevokedToken: once Discord refuses the token nothing more is sent, and the adapter ends with advice.
func TestRevokedToken(t *testing.T) {
	t.Parallel()
	d := discordtest.Start(t, quick(discordtest.Options{}))
	r := online(t, d, echo, nil)
	until(t, d, "the commands are registered", func() bool { return len(d.Commands("")) > 0 })
	d.Revoke()
	for range 20 {
		d.Say(d.Message(direct(d), "hello?"))
	}
	select {
	case err := <-r.ended:
		r.ended <- nil
		if err == nil || !strings.Contains(err.Error(), "DISCORD_TOKEN") {
			t.Errorf("it ended with %v", err)
		}
	case <-time.After(patience):
		t.Fatal("the adapter goes on")
	}
	if n := d.Stats().Unauthorized; n > 20 {
		t.Errorf("%d requests were refused with 401, more than were on their way", n)
	}
}

// TestWrongToken: a token that was never good.
func TestWrongToken(t *testing.T) {
	t.Parallel()
	d := discordtest.Start(t, quick(discordtest.Options{}))
	r := start(t, d, echo, func(c *discord.Config) { c.Token = "wrong" })
	err := <-r.ended
	r.ended <- nil
	if err == nil || !strings.Contains(err.Error(), "DISCORD_TOKEN") {
		t.Errorf("it ended with %v", err)
	}
	if got := d.Stats(); got.Dials > 0 || got.Unauthorized > 3 {
		t.Errorf("the stats are %+v", got)
	}
}

// TestEditsSideBySide: thirty answers that were promised are filled in at the same time, not one after the other
// (bwmarrin/discordgo#1384).
func TestEditsSideBySide(t *testing.T) {
	t.Parallel()
	const edits, takes = 30, time.Second
	d := discordtest.Start(t, quick(discordtest.Options{}))
	goOn := make(chan struct{})
	online(t, d, func(ctx context.Context, q chat.Question) (chat.Answer, error) {
		<-goOn
		return echo(ctx, q)
	}, func(c *discord.Config) { c.Times.Defer = 10 * time.Millisecond })
	who := member(d)
	for range edits {
		d.Send(skills(d, who))
	}
	until(t, d, "promises", func() bool {
		return !slices.ContainsFunc(d.Exchanges(), func(e discordtest.Exchange) bool { return e.Response == nil })
	})
	d.Inject(rest.Fault{Route: "PATCH /webhooks/*/*/messages/*", Delay: takes})
	watch := measure(t)
	close(goOn)
	answeredOnce(t, d)
	if took, _ := watch.took(); took > edits*takes/2 {
		t.Errorf("%d edits of %s each took %s", edits, takes, took)
	}
}

// TestLimits: with Discord's own limits, a crowd is answered without one 429 that could have been foreseen.
func TestLimits(t *testing.T) {
	t.Parallel()
	d := discordtest.Start(t, discordtest.Options{Heartbeat: calm, IdentifyEvery: time.Millisecond, AnswerWithin: patience})
	online(t, d, echo, nil)
	who := member(d)
	for n := range 20 {
		d.Say(d.Message(who, fmt.Sprintf("<@%s> number %d", d.ApplicationID(), n)))
	}
	for range 30 {
		d.Send(skills(d, who))
	}
	answeredOnce(t, d)
	if got := d.Stats(); got.Limited > 1 {
		t.Errorf("%d requests were limited", got.Limited)
	}
}

// TestOddPayloads: what Discord may send one day ends in words or in silence, and never in a panic.
func TestOddPayloads(t *testing.T) {
	t.Parallel()
	d := discordtest.Start(t, quick(discordtest.Options{}))
	r := online(t, d, echo, nil)
	who := member(d)
	first := skills(d, who)
	d.Send(first)
	answeredOnce(t, d)
	post := d.AnswersTo(first.ID)[0].Message
	strange := d.Button(who, post, "v9:unknown:button")
	strange.Message.Components = append(slices.Clone(strange.Message.Components), json.RawMessage(`{"type":99,"id":"x","components":{"a":1}}`))
	d.Send(strange)
	d.Send(d.LabelModal(who, &post, "nobody knows this form", map[string]string{"x": "y"}))
	d.Send(d.Command(who, "another"))
	for _, data := range []any{
		map[string]any{},
		map[string]any{"id": 5, "token": []int{1}},
		[]int{1},
		nil, "text",
		map[string]any{"id": "1", "token": "x", "type": "two", "data": 3},
		map[string]any{"id": "2", "token": "x", "type": 2, "data": []any{}},
	} {
		d.Dispatch(0, "INTERACTION_CREATE", data)
		d.Dispatch(0, "MESSAGE_CREATE", data)
		d.Dispatch(0, "A_NEW_KIND", data)
	}
	d.Say(d.Message(direct(d), "still there?"))
	until(t, d, "answers", func() bool { return len(d.Lost()) == 0 && len(d.Posts()) >= 5 })
	if r.log.has("panic") {
		t.Error("there was a panic")
	}
	if got, _ := d.Exchange(strange.ID); got.Original == nil || !got.Original.Ephemeral() {
		t.Errorf("the unknown button is answered with %+v", got.Response)
	}
}

// TestPanic: a question that makes the bot panic is answered in words, and the next one too.
func TestPanic(t *testing.T) {
	t.Parallel()
	d := discordtest.Start(t, quick(discordtest.Options{}))
	online(t, d, func(ctx context.Context, q chat.Question) (chat.Answer, error) {
		if strings.Contains(q.Text, "bang") {
			panic("bang")
		}
		return chat.Answer{}, errors.New("no answer")
	}, nil)
	d.Say(d.Message(direct(d), "bang"))
	d.Say(d.Message(direct(d), "hello"))
	answeredOnce(t, d)
}
