// Package campaign puts a bot that talks to a Discord on loopback through a long run: questions of every kind, with noise,
// duplicates and withdrawn messages, while its sessions are disturbed.
//
// It does not judge answers: the server counts them, and a [careerbot/adapters/discord/discordtest/ledger.Verdict] says what
// became of them. It starts neither the server nor the bot, and is for tests only.
package campaign

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"careerbot/adapters/discord/discordtest"
	"careerbot/adapters/discord/discordtest/ledger"
	"careerbot/adapters/discord/discordtest/object"
)

const usualQuestion = "what does a senior back-end developer earn in India?"

// Settings say who asks what, how fast, and what happens meanwhile. Faults of REST are those of [discordtest.Server.Inject].
// For runs that do not fit into memory set Options.Keep of the server to some thousands: at least 4 times InFlight, and what
// is asked while a bot may still come back to an answer.
type Settings struct {
	Seed      uint64
	Questions int
	InFlight  int           // questions without an answer at most; 0 is 64
	Patience  time.Duration // wait for an answer, and for a session of a shard without one, before it is given up; 0 is 2 min
	Guilds    int           // 0 is 4
	Members   int           // people who ask; 0 is 32

	Command        string            // "" is "backend"
	Options        [][]object.Option // of its uses; one is drawn each time
	Typed          [][]object.Option // likewise, for autocomplete; none is no autocomplete
	MessageCommand string            // "" is none
	Modals         []string          // custom ids of modals to submit; none is no modals
	Texts          []string          // of direct messages and mentions; none is one about pay

	// Messages is the part of the questions that are messages; 0 is a third. Answers to them go out in the bot's name, of
	// which Discord takes 50 a second, so they bound the pace of a campaign.
	Messages     float64
	Noise        float64 // chance that an event that asks nothing comes before a question
	Duplicate    float64 // chance that a question is sent twice
	Withdraw     float64 // chance that a message that asks is deleted at once
	Disturb      float64 // chance that a session is disturbed before a question
	Disturbances []Disturbance

	Before func(n int) // called before each question: to kill a bot, to change faults. May be nil
}

// Outcome is what became of a campaign.
type Outcome struct {
	Verdict   ledger.Verdict // about all of the server's questions
	Stats     discordtest.Stats
	Disturbed map[Disturbance]int
	Took      time.Duration
}

// String is the outcome in one line.
func (o Outcome) String() string {
	return fmt.Sprintf("%s; %.0f a second; disturbed %v; %+v", o.Verdict, float64(o.Verdict.Asked)/o.Took.Seconds(), o.Disturbed, o.Stats)
}

// campaign is what is under way.
type campaign struct {
	Settings
	server    *discordtest.Server
	random    *rand.Rand
	places    []object.Channel
	people    []object.User
	disturbed map[Disturbance]int
	givenUp   int
}

// Run runs a campaign against the bot that is connected to the server, or for which there is an endpoint. It ends when every
// question that was delivered has an answer, or patience is over. The error is that of ctx or of the settings, never about
// answers.
func Run(ctx context.Context, s *discordtest.Server, settings Settings) (Outcome, error) {
	c := settings.begin(ctx, s)
	if keep := s.Keep(); keep > 0 && keep < 4*c.InFlight {
		return Outcome{}, fmt.Errorf("campaign: Options.Keep is %d, less than 4 times the %d questions in flight", keep, c.InFlight)
	}
	begun := time.Now()
	for n := range c.Questions {
		if err := c.room(ctx, c.InFlight); err != nil {
			return Outcome{}, err
		}
		if c.Before != nil {
			c.Before(n)
		}
		if err := c.step(ctx); err != nil {
			return Outcome{}, err
		}
	}
	err := c.room(ctx, 1)
	return Outcome{s.Verdict(), s.Stats(), c.disturbed, time.Since(begun)}, err
}

func (c Settings) begin(ctx context.Context, s *discordtest.Server) *campaign {
	for field, usual := range map[*int]int{&c.InFlight: 64, &c.Guilds: 4, &c.Members: 32} {
		if *field <= 0 {
			*field = usual
		}
	}
	if c.Messages <= 0 {
		c.Messages = 1. / 3
	}
	if c.Patience <= 0 {
		c.Patience = 2 * time.Minute
	}
	c.Command = cmp.Or(c.Command, "backend")
	if len(c.Texts) == 0 {
		c.Texts = []string{usualQuestion}
	}
	if len(c.Disturbances) == 0 {
		c.Disturbances = Gentle()
	}
	run := &campaign{Settings: c, server: s, random: rand.New(rand.NewPCG(c.Seed, 6)), disturbed: map[Disturbance]int{}}
	for i := range c.Guilds {
		select { // a guild's shard goes by the millisecond it was made in
		case <-time.After(time.Millisecond):
		case <-ctx.Done():
		}
		guild := s.NewGuild(fmt.Sprint("guild ", i))
		run.places = append(run.places, s.NewChannel(guild, "general"), s.NewChannel(guild, "help"))
	}
	for i := range c.Members {
		run.people = append(run.people, s.NewUser(fmt.Sprint("member", i)))
	}
	return run
}

// room waits until fewer than so many questions are owed an answer. Where none is answered for as long as patience
// lasts, those that are owed are given up.
func (c *campaign) room(ctx context.Context, most int) error {
	free := func() bool { return c.server.Owed()-c.givenUp < most }
	for !free() {
		before := c.server.Owed()
		err := c.until(ctx, func() bool { return free() || c.server.Owed() < before })
		if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
			c.givenUp = c.server.Owed()
			continue
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// until is the server's, as long as patience lasts. It waits in parts, since a machine that stood still finds every timer run
// out when it goes on: that counts for one part, and nobody is given up who had no time to answer.
func (c *campaign) until(ctx context.Context, holds func() bool) (err error) {
	const parts = 10
	for range parts {
		part, cancel := context.WithTimeout(ctx, c.Patience/parts)
		err = c.server.Until(part, holds)
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) || ctx.Err() != nil {
			return err
		}
	}
	return err
}

func (c *campaign) chance(of float64) bool { return of > 0 && c.random.Float64() < of }

func draw[E any](r *rand.Rand, from []E) E { return from[r.IntN(len(from))] }

// step is one question with what comes with it.
func (c *campaign) step(ctx context.Context) error {
	if c.chance(c.Disturb) {
		c.disturb(draw(c.random, c.Disturbances))
	}
	if c.chance(c.Noise) {
		c.noise()
	}
	who := discordtest.Caller{User: draw(c.random, c.people)}
	if c.random.IntN(4) == 0 {
		who.Channel = c.server.Direct(who.User)
	} else {
		who.Channel = draw(c.random, c.places)
	}
	if err := c.hearing(ctx, who.Channel); err != nil {
		return err
	}
	if c.chance(c.Messages) && c.talks() {
		c.say(who)
		return nil
	}
	i := c.interaction(who)
	c.server.Send(i)
	if c.chance(c.Duplicate) {
		c.server.Send(i)
	}
	return nil
}

// hearing waits until a channel's shard has a session, with a connection or to be resumed, as long as patience lasts:
// questions to nobody would say nothing about the bot.
func (c *campaign) hearing(ctx context.Context, channel object.Channel) error {
	heard := func() bool {
		hears := func(n *discordtest.Session) bool {
			id, of := n.Shard()
			return discordtest.ShardOf(object.Guild{ID: channel.GuildID}, of) == id
		}
		return c.server.Endpoint() != "" || slices.ContainsFunc(c.server.Held(), hears)
	}
	if heard() {
		return nil
	}
	err := c.until(ctx, heard)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return nil
	}
	return err
}

// talks says whether anybody would hear a message: a bot that takes interactions over HTTP may have no session.
func (c *campaign) talks() bool { return c.server.Endpoint() == "" || len(c.server.Held()) > 0 }

// say asks by a message.
func (c *campaign) say(who discordtest.Caller) {
	text := draw(c.random, c.Texts)
	if who.Channel.Type != object.DMChannel {
		text = "<@" + c.server.ApplicationID() + "> " + text
	}
	m := c.server.Message(who, text)
	c.server.Say(m)
	if c.chance(c.Duplicate) {
		c.server.Say(m)
	}
	if c.chance(c.Withdraw) {
		c.server.Unsay(m)
	}
}

// interaction asks by an interaction.
func (c *campaign) interaction(who discordtest.Caller) object.Interaction {
	s := c.server
	switch kind := c.random.IntN(10); {
	case kind < 2 && len(c.Typed) > 0:
		return s.Autocomplete(who, c.Command, draw(c.random, c.Typed)...)
	case kind < 3 && c.MessageCommand != "":
		return s.MessageCommand(who, c.MessageCommand, s.Message(who, draw(c.random, c.Texts)))
	case kind < 4 && len(c.Modals) > 0:
		return s.Modal(who, nil, draw(c.random, c.Modals), map[string]string{"text": draw(c.random, c.Texts)})
	case kind < 6:
		if i, ok := c.press(who); ok {
			return i
		}
	}
	if len(c.Options) == 0 {
		return s.Command(who, c.Command)
	}
	return s.Command(who, c.Command, draw(c.random, c.Options)...)
}

// press uses a button or a menu of one of the bot's latest messages; false says that there is none.
func (c *campaign) press(who discordtest.Caller) (object.Interaction, bool) {
	s := c.server
	latest := s.Latest(50)
	if len(latest) == 0 {
		return object.Interaction{}, false
	}
	p, kept := s.Posted(draw(c.random, latest))
	channel, known := s.Channel(p.Message.ChannelID)
	if !kept || !known || p.Deleted {
		return object.Interaction{}, false
	}
	who.Channel = channel
	switch {
	case p.Message.Metadata != nil:
		who.User = p.Message.Metadata.User // who asked may press, if nobody else may
	case who.Channel.Type == object.DMChannel:
		who.User = who.Channel.Recipients[0]
	}
	usable := p.Message.Controls()
	if len(usable) == 0 {
		return object.Interaction{}, false
	}
	if chosen := draw(c.random, usable); chosen.Button {
		return s.Button(who, p.Message, chosen.CustomID), true
	} else if len(chosen.Values) > 0 {
		return s.Select(who, p.Message, chosen.CustomID, draw(c.random, chosen.Values)), true
	}
	return object.Interaction{}, false
}
