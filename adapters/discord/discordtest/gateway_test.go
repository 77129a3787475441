package discordtest_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"

	"careerbot/adapters/discord/discordtest"
	"careerbot/adapters/discord/discordtest/object"
)

func TestCommandOverTheGateway(t *testing.T) {
	t.Parallel()
	s := quick(t, discordtest.Options{})
	session := client(t, s)
	session.AddHandler(func(session *discordgo.Session, i *discordgo.InteractionCreate) {
		data := i.ApplicationCommandData()
		text := data.Name + " " + data.Options[0].Name + " " + data.Options[0].Options[0].StringValue()
		err := session.InteractionRespond(i.Interaction, &discordgo.InteractionResponse{
			Type: discordgo.InteractionResponseChannelMessageWithSource,
			Data: &discordgo.InteractionResponseData{Content: text, Flags: discordgo.MessageFlagsEphemeral},
		})
		if err != nil {
			t.Error(err)
		}
	})
	open(t, session)
	who := place(s)
	i := s.Command(who, "backend", object.Sub("skills", object.Str("role", "devops")))
	s.Send(i)
	if err := s.Quiet(limited(t)); err != nil {
		t.Fatal(err)
	}
	got, ok := s.Exchange(i.ID)
	if !ok || got.Original == nil {
		t.Fatalf("there is no answer: %+v", got)
	}
	if m := got.Original.Message; m.Content != "backend skills devops" || !got.Original.Ephemeral() {
		t.Errorf("the answer is %q, ephemeral %t", m.Content, got.Original.Ephemeral())
	}
	if v := s.Verdict(); !v.OK() || v.Asked != 1 || v.Answered != 1 {
		t.Errorf("the verdict is %s", v)
	}
}

// ears notes the messages that a session hears.
type ears chan string

func (e ears) listen(_ *discordgo.Session, m *discordgo.MessageCreate) { e <- m.Content }

// want waits for as many messages as it is given and compares them, in any order: handlers run side by side.
func (e ears) want(t *testing.T, s *discordtest.Server, want ...string) {
	t.Helper()
	var heard []string
	ctx := limited(t)
	for len(heard) < len(want) {
		select {
		case text := <-e:
			heard = append(heard, text)
		case <-ctx.Done():
			t.Fatalf("heard %q, want %q: %+v", heard, want, s.Stats())
		}
	}
	slices.Sort(heard)
	if !slices.Equal(heard, want) {
		t.Errorf("heard %q, want %q", heard, want)
	}
}

// listener is an open session that notes what it hears, and somebody who writes to it directly.
func listener(t *testing.T, s *discordtest.Server) (ears, discordtest.Caller) {
	t.Helper()
	session, e := client(t, s), make(ears, 100)
	session.AddHandler(e.listen)
	beats := s.Stats().Heartbeats
	open(t, session)
	// a cut before the first heartbeat makes discordgo connect twice: discordgo#406
	until(t, s, "the first heartbeat", func() bool { return s.Stats().Heartbeats > beats })
	user := s.NewUser("asha")
	return e, discordtest.Caller{User: user, Channel: s.Direct(user)}
}

// beat is a short heartbeat interval; discordgo gives a connection up after five of them without an acknowledgement,
// which a machine that stands still for seconds must not be late for.
const beat = 2 * time.Second

func TestResume(t *testing.T) {
	t.Parallel()
	for name, part := range map[string]func(*discordtest.Session){
		"reconnect": (*discordtest.Session).Reconnect,
		"cut":       (*discordtest.Session).Cut,
		"cut frame": (*discordtest.Session).CutFrame,
		"closed":    func(n *discordtest.Session) { n.Close(discordtest.UnknownError) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := quick(t, discordtest.Options{})
			e, who := listener(t, s)
			s.Say(s.Message(who, "1"))
			e.want(t, s, "1")
			part(s.Session(0))
			s.Say(s.Message(who, "2")) // may be missed, and must be sent again
			until(t, s, "resume", func() bool { return s.Stats().Resumes == 1 })
			s.Say(s.Message(who, "3"))
			e.want(t, s, "2", "3")
			if got := s.Stats().Identifies; got != 1 {
				t.Errorf("%d Identifies, want 1", got)
			}
		})
	}
}

// TestZombie: discordgo closes a connection without acknowledgements with 1000, and with that gives its session up.
func TestZombie(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		part        func(*discordtest.Session)
		undelivered int
	}{
		"mute":   {(*discordtest.Session).Mute, 1},
		"zombie": {(*discordtest.Session).Zombie, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := quick(t, discordtest.Options{Heartbeat: beat})
			e, who := listener(t, s)
			test.part(s.Session(0))
			s.Say(s.Message(who, "1"))
			until(t, s, "a new session", func() bool { return s.Stats().Identifies >= 2 })
			if test.undelivered == 0 {
				e.want(t, s, "1")
			}
			s.Say(s.Message(who, "2"))
			e.want(t, s, "2")
			if v := s.Verdict(); len(v.Undelivered) != test.undelivered {
				t.Errorf("the verdict is %s, want %d undelivered", v, test.undelivered)
			}
		})
	}
}

func TestInvalidSession(t *testing.T) {
	t.Parallel()
	s := quick(t, discordtest.Options{})
	e, who := listener(t, s)
	old := s.Session(0).ID()
	s.Session(0).Invalidate(false)
	until(t, s, "a new session", func() bool { n := s.Session(0); return n != nil && n.ID() != old })
	s.Say(s.Message(who, "1"))
	e.want(t, s, "1")
}

func TestRefusedResume(t *testing.T) {
	t.Parallel()
	s := quick(t, discordtest.Options{})
	e, who := listener(t, s)
	s.Next(discordtest.InvalidSession)
	s.Session(0).Cut()
	lost := s.Message(who, "1")
	until(t, s, "the cut", func() bool { return s.Session(0) == nil })
	s.Say(lost)
	until(t, s, "a new session", func() bool { return s.Stats().Identifies >= 2 })
	s.Say(s.Message(who, "2"))
	e.want(t, s, "2")
	if v := s.Verdict(); !slices.Equal(v.Undelivered, []string{lost.ID}) || len(v.Lost) != 1 || s.Stats().Refused != 1 {
		t.Errorf("the verdict is %+v, stats %+v", v, s.Stats())
	}
}

func TestReplay(t *testing.T) {
	t.Parallel()
	s := quick(t, discordtest.Options{})
	e, who := listener(t, s)
	for i := range 4 {
		s.Say(s.Message(who, fmt.Sprint(i)))
	}
	s.Session(0).Replay(2)
	e.want(t, s, "0", "1", "2", "2", "3", "3")
}

// TestDeadlock shows discordgo#513: a frame that takes the session's lock while Open holds it.
func TestDeadlock(t *testing.T) {
	t.Parallel()
	for name, turn := range map[string]discordtest.Turn{"op 7": discordtest.ReconnectFirst, "op 11": discordtest.AckFirst} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := quick(t, discordtest.Options{Heartbeat: beat})
			s.Next(turn)
			session := client(t, s)
			opened := make(chan error, 1)
			go func() { opened <- session.Open() }()
			until(t, s, "Identify", func() bool { return s.Stats().Identifies == 1 })
			select {
			case err := <-opened:
				t.Fatalf("Open came back: %v", err)
			case <-time.After(300 * time.Millisecond):
			}
			if session.TryRLock() {
				t.Error("the session's lock is free")
			}
		})
	}
}

func TestSilentGateway(t *testing.T) {
	t.Parallel()
	s := quick(t, discordtest.Options{})
	s.Next(discordtest.Silent)
	session := client(t, s)
	opened := make(chan error, 1)
	go func() { opened <- session.Open() }()
	until(t, s, "the connection", func() bool { return s.Stats().Dials == 1 })
	select {
	case err := <-opened:
		t.Fatalf("Open came back: %v", err)
	case <-time.After(200 * time.Millisecond):
	}
	s.Close() // or Open would wait for ever
	if err := <-opened; err == nil {
		t.Error("a silent gateway was opened")
	}
}

func TestUnreachableGateway(t *testing.T) {
	t.Parallel()
	s := quick(t, discordtest.Options{})
	s.Next(discordtest.Unreachable)
	session := client(t, s)
	if err := session.Open(); err == nil {
		t.Error("an unreachable gateway was opened")
	}
	open(t, session)
}

func TestCloseCodes(t *testing.T) {
	t.Parallel()
	const token = "Bot " + discordtest.Token
	tests := map[string]struct {
		turn discordtest.Turn
		say  []string
		code int
	}{
		"wrong token":           {say: []string{identify("Bot x", 0, 0, 1)}, code: discordtest.AuthenticationFailed},
		"wrong token of Resume": {say: []string{`{"op":6,"d":{"token":"x","session_id":"y","seq":1}}`}, code: discordtest.AuthenticationFailed},
		"no such shard":         {say: []string{identify(token, 0, 2, 2)}, code: discordtest.InvalidShard},
		"no such intents":       {say: []string{identify(token, 1<<30, 0, 1)}, code: discordtest.InvalidIntents},
		"no intents":            {say: []string{`{"op":2,"d":{"token":"` + token + `"}}`}, code: discordtest.InvalidIntents},
		"privileged intents":    {say: []string{identify(token, 1<<15, 0, 1)}, code: discordtest.DisallowedIntents},
		"on order":              {turn: discordtest.ShardingRequired, say: []string{identify(token, 0, 0, 1)}, code: discordtest.ShardingRequired},
		"twice":                 {say: []string{identify(token, 0, 0, 1), identify(token, 0, 0, 1)}, code: 4005},
		"before Identify":       {say: []string{`{"op":3,"d":{}}`}, code: 4003},
		"no JSON":               {say: []string{`{`}, code: 4002},
		"too much":              {say: []string{strings.Repeat(" ", 4097)}, code: 4002},
		"no such operation":     {say: []string{`{"op":99}`}, code: 4001},
		"too often":             {say: slices.Repeat([]string{`{"op":1,"d":null}`}, 121), code: discordtest.RateLimited},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := quick(t, discordtest.Options{})
			s.Next(test.turn)
			ws := raw(t, s)
			for _, say := range test.say {
				if err := ws.WriteMessage(websocket.TextMessage, []byte(say)); err != nil {
					t.Fatal(err)
				}
			}
			for {
				ws.SetReadDeadline(time.Now().Add(limit))
				_, _, err := ws.ReadMessage()
				if err == nil {
					continue
				}
				if closed, ok := errors.AsType[*websocket.CloseError](err); !ok || closed.Code != test.code {
					t.Errorf("the end is %v, want %d", err, test.code)
				}
				return
			}
		})
	}
}

func TestIdentifyPacing(t *testing.T) {
	t.Parallel()
	s := discordtest.Start(t, discordtest.Options{IdentifyEvery: time.Hour, MaxConcurrency: 2, Shards: 4, SessionStarts: 3})
	say := func(shard int) map[string]any {
		ws := raw(t, s)
		if err := ws.WriteMessage(websocket.TextMessage, []byte(identify(discordtest.Token, 0, shard, 4))); err != nil {
			t.Fatal(err)
		}
		return next(t, ws)
	}
	for shard, want := range []string{"READY", "READY"} { // two buckets
		if got := say(shard); got["t"] != want {
			t.Errorf("shard %d got %v, want %s", shard, got, want)
		}
	}
	if got := say(2); got["op"] != 9.0 || got["d"] != false {
		t.Errorf("an Identify too early got %v, want op 9", got)
	}
	if got := s.Stats(); got.TooFast != 1 || got.Identifies != 3 {
		t.Errorf("the stats are %+v", got)
	}
	ws := raw(t, s)
	if err := ws.WriteMessage(websocket.TextMessage, []byte(identify(discordtest.Token, 0, 3, 4))); err != nil {
		t.Fatal(err)
	}
	if _, _, err := ws.ReadMessage(); !websocket.IsCloseError(err, discordtest.AuthenticationFailed) {
		t.Errorf("after the last session start: %v, want 4004", err)
	}
	if _, err := client(t, s).User("@me"); err == nil {
		t.Error("the token is still good")
	}
}

func TestShards(t *testing.T) {
	t.Parallel()
	s := quick(t, discordtest.Options{Shards: 3, MaxConcurrency: 16})
	heard := make([]ears, 3)
	for shard := range 3 {
		session := client(t, s)
		session.ShardID, session.ShardCount = shard, 3
		heard[shard] = make(ears, 100)
		session.AddHandler(heard[shard].listen)
		open(t, session)
	}
	want := [3][]string{}
	for n := range 12 {
		guild := s.NewGuild("study")
		who := discordtest.Caller{User: s.NewUser("asha"), Channel: s.NewChannel(guild, "general")}
		text := fmt.Sprintf("<@%s> %02d", s.ApplicationID(), n)
		s.Say(s.Message(who, text))
		shard := discordtest.ShardOf(guild, 3)
		want[shard] = append(want[shard], text)
	}
	user := s.NewUser("asha")
	s.Say(s.Message(discordtest.Caller{User: user, Channel: s.Direct(user)}, "direct"))
	want[0] = append(want[0], "direct")
	for shard := range 3 {
		heard[shard].want(t, s, want[shard]...)
	}
}

// TestContent: without the MESSAGE_CONTENT intent a bot reads what is written to it, and nothing else.
func TestContent(t *testing.T) {
	t.Parallel()
	s := quick(t, discordtest.Options{})
	e, direct := listener(t, s)
	who := place(s)
	s.Say(s.Message(direct, "1 direct"))
	mention := s.Message(who, "2 <@"+s.ApplicationID()+"> mention")
	s.Say(mention)
	s.Say(s.Message(who, "nobody is meant"))
	bot := s.Message(who, "3")
	bot.Author = s.Bot()
	s.Say(s.Message(who, "4 reply").ReplyingTo(bot))
	e.want(t, s, "", "1 direct", mention.Content, "4 reply")
	if got := s.Verdict().Asked; got != 3 {
		t.Errorf("%d questions, want 3", got)
	}
	s.Say(s.Message(direct, "5").ByBot())
	s.Unsay(mention)
	if v := s.Verdict(); v.Asked != 3 || v.Withdrawn != 1 {
		t.Errorf("the verdict is %s", v)
	}
}
