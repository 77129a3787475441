package campaign

import (
	"careerbot/adapters/discord/discordtest"
	"careerbot/adapters/discord/discordtest/object"
)

// Disturbance is something that happens to a session while a campaign is run.
type Disturbance string

// Disturbances. After those of [Gentle] a session can be resumed, so that nothing may be lost.
const (
	Reconnects  Disturbance = "reconnect"         // op 7
	Cuts        Disturbance = "cut"               // a reset connection
	CutFrames   Disturbance = "cut frame"         // a reset in the middle of a frame
	Closes      Disturbance = "close"             // with 4000
	Zombies     Disturbance = "zombie"            // no more acknowledgements
	Mutes       Disturbance = "mute"              // no more frames
	Replays     Disturbance = "replay"            // the last events again
	SlowDoor    Disturbance = "unreachable"       // a reset, and the next connection is refused
	Invalidates Disturbance = "invalid session"   // op 9, not resumable
	Refuses     Disturbance = "refused resume"    // a reset, and op 9 to the Resume
	Deadlocks   Disturbance = "op 11 too early"   // a reset, and discordgo#513 at the next connection
	SilentDoor  Disturbance = "silent connection" // a reset, and no frame on the next connection
)

// Gentle are the disturbances that leave a session to be resumed; [Rough] those after which a client begins anew.
func Gentle() []Disturbance {
	return []Disturbance{Reconnects, Cuts, CutFrames, Closes, Zombies, Mutes, Replays, SlowDoor}
}

// Rough are the disturbances after which a client begins anew: what was on its way then is lost by Discord itself.
func Rough() []Disturbance { return []Disturbance{Invalidates, Refuses, Deadlocks, SilentDoor} }

// noise is an event that asks nothing.
func (c *campaign) noise() {
	s, who := c.server, discordtest.Caller{User: draw(c.random, c.people), Channel: draw(c.random, c.places)}
	m := s.Message(who, draw(c.random, c.Texts))
	switch c.random.IntN(5) {
	case 0:
		s.Say(m)
	case 1:
		m.Mentions = []object.User{s.Bot()}
		s.Say(m.ByBot())
	case 2:
		m.Mentions = []object.User{s.Bot()}
		s.Say(m.ByWebhook())
	case 3:
		s.Say(m)
		s.Reword(m, m.Content+" please")
	default:
		s.Say(m)
		s.Unsay(m)
	}
}

// disturb does something to a session that is connected, if there is one.
func (c *campaign) disturb(what Disturbance) {
	sessions := c.server.Sessions()
	if len(sessions) == 0 {
		return
	}
	n := draw(c.random, sessions)
	c.disturbed[what]++
	next := map[Disturbance]discordtest.Turn{SlowDoor: discordtest.Unreachable, Refuses: discordtest.InvalidSession, Deadlocks: discordtest.AckFirst, SilentDoor: discordtest.Silent}
	if turn, ok := next[what]; ok {
		c.server.Next(turn)
		n.Cut()
		return
	}
	switch what {
	case Reconnects:
		n.Reconnect()
	case CutFrames:
		n.CutFrame()
	case Closes:
		n.Close(discordtest.UnknownError)
	case Zombies:
		n.Zombie()
	case Mutes:
		n.Mute()
	case Replays:
		n.Replay(1 + c.random.IntN(64))
	case Invalidates:
		n.Invalidate(false)
	default:
		n.Cut()
	}
}
