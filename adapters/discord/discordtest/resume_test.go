package discordtest_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"careerbot/adapters/discord/discordtest"
)

// await reads frames until one of a kind comes.
func await(t *testing.T, ws *websocket.Conn, kind string) map[string]any {
	t.Helper()
	for {
		if frame := next(t, ws); frame["t"] == kind {
			return frame
		}
	}
}

func dial(t *testing.T, url string) *websocket.Conn {
	t.Helper()
	ws, response, err := websocket.DefaultDialer.DialContext(t.Context(), url, nil)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	t.Cleanup(func() { ws.Close() })
	return ws
}

func say(t *testing.T, ws *websocket.Conn, text string) {
	t.Helper()
	if err := ws.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
		t.Fatal(err)
	}
}

// identified is a server with a client that hears direct messages, the person who writes them, and READY's data.
func identified(t *testing.T) (s *discordtest.Server, who discordtest.Caller, ws *websocket.Conn, ready map[string]any) {
	t.Helper()
	s = quick(t, discordtest.Options{})
	user := s.NewUser("asha")
	who = discordtest.Caller{User: user, Channel: s.Direct(user)}
	ws = raw(t, s)
	say(t, ws, identify(discordtest.Token, 1<<12, 0, 1))
	ready, _ = await(t, ws, "READY")["d"].(map[string]any)
	return s, who, ws, ready
}

// TestResumeByHand: a client that goes to resume_gateway_url gets what it says it has not seen, in order, and RESUMED
// after it.
func TestResumeByHand(t *testing.T) {
	t.Parallel()
	s, who, ws, ready := identified(t)
	for n := range 3 {
		s.Say(s.Message(who, fmt.Sprint(n)))
	}
	first := await(t, ws, "MESSAGE_CREATE")
	s.Session(0).Cut()
	until(t, s, "the cut", func() bool { return s.Session(0) == nil })
	s.Say(s.Message(who, "3"))

	ws = dial(t, fmt.Sprint(ready["resume_gateway_url"], "/?v=10&encoding=json"))
	resume := func(seq any) string {
		return fmt.Sprintf(`{"op":6,"d":{"token":%q,"session_id":%q,"seq":%v}}`, discordtest.Token, ready["session_id"], seq)
	}
	say(t, ws, resume(first["s"]))
	var got []string
	for {
		frame := next(t, ws)
		if frame["t"] == "RESUMED" {
			break
		}
		if d, ok := frame["d"].(map[string]any); ok && frame["t"] == "MESSAGE_CREATE" {
			got = append(got, fmt.Sprint(d["content"]))
		}
	}
	if want := []string{"1", "2", "3"}; !slices.Equal(got, want) {
		t.Errorf("replayed %q, want %q", got, want)
	}
	if stats := s.Stats(); stats.ResumeURL != 1 || stats.Resumes != 1 || stats.Replayed != 3 {
		t.Errorf("the stats are %+v", stats)
	}
	say(t, ws, `{"op":1,"d":6}`) // has all
	until(t, s, "the heartbeat", func() bool { return s.Stats().Heartbeats == 1 })

	ws = dial(t, "ws://"+s.Address()+"/gateway/?v=10&encoding=json")
	say(t, ws, resume(99))
	next(t, ws)
	if frame := next(t, ws); frame["op"] != 9.0 {
		t.Errorf("a sequence that never was: %v, want op 9", frame)
	}
}

// TestDelivery: what a client has shown it received and does not answer is lost; what it may not have is not.
func TestDelivery(t *testing.T) {
	t.Parallel()
	s, who, ws, _ := identified(t)
	seen, unseen := s.Message(who, "seen"), s.Message(who, "unseen")
	s.Say(seen)
	number := await(t, ws, "MESSAGE_CREATE")["s"]
	s.Say(unseen)
	if v := s.Verdict(); len(v.Lost) != 2 {
		t.Errorf("while the client is there it owes both answers: %s", v)
	}
	say(t, ws, fmt.Sprintf(`{"op":1,"d":%v}`, number))
	until(t, s, "the heartbeat", func() bool { return s.Stats().Heartbeats == 1 })
	s.Session(0).Invalidate(false)
	if v := s.Verdict(); !slices.Equal(v.Lost, []string{seen.ID}) || !slices.Equal(v.Undelivered, []string{unseen.ID}) {
		t.Errorf("the verdict is %+v", v)
	}
}

// TestKilled: a heartbeat shows that a client has read a question, not that the bot has claimed it. Where the bot is killed
// in between, it owes no answer; one that was told to wait does, and so does the bot that comes after it.
func TestKilled(t *testing.T) {
	t.Parallel()
	s := quick(t, discordtest.Options{IdentifyEvery: time.Nanosecond})
	user := s.NewUser("asha")
	who := discordtest.Caller{User: user, Channel: s.Direct(user)}
	live := func() (ws *websocket.Conn, read func(kind string)) {
		ws = raw(t, s)
		say(t, ws, identify(discordtest.Token, 1<<12, 0, 1))
		await(t, ws, "READY")
		return ws, func(kind string) {
			number, beats := await(t, ws, kind)["s"], s.Stats().Heartbeats
			say(t, ws, fmt.Sprintf(`{"op":1,"d":%v}`, number))
			until(t, s, "the heartbeat", func() bool { return s.Stats().Heartbeats > beats })
		}
	}
	ws, read := live()
	seen, told, later := s.Message(who, "seen"), s.Command(who, "backend"), s.Message(who, "later")
	s.Say(seen)
	read("MESSAGE_CREATE")
	s.Send(told)
	read("INTERACTION_CREATE")
	desk{t, s}.want("defer", told, "POST", "CALLBACK", `{"type":5}`, 204, 0)
	ws.Close()
	if v := s.Verdict(); len(v.Lost) != 2 || s.Owed() != 2 {
		t.Errorf("before it is known that the bot is dead: %s", v)
	}
	s.Killed()
	_, read = live()
	s.Say(later)
	read("MESSAGE_CREATE")
	if v := s.Verdict(); !slices.Equal(v.Undelivered, []string{seen.ID}) || !slices.Equal(v.Lost, []string{told.ID, later.ID}) || s.Owed() != 2 {
		t.Errorf("the verdict is %+v, and %d are owed", v, s.Owed())
	}
}

func TestTwoSessionsOfOneShard(t *testing.T) {
	t.Parallel()
	s := quick(t, discordtest.Options{MaxConcurrency: 1, IdentifyEvery: time.Nanosecond}) // an Identify refused as too early would come again after Open
	one, who := listener(t, s)
	two, _ := listener(t, s)
	until(t, s, "both sessions", func() bool { return len(s.Sessions()) == 2 })
	s.Say(s.Message(who, "x"))
	one.want(t, s, "x")
	two.want(t, s, "x")
	if got := s.Verdict().Asked; got != 1 {
		t.Errorf("%d questions, want 1", got)
	}
}

func TestBeatAndLag(t *testing.T) {
	t.Parallel()
	s := quick(t, discordtest.Options{})
	e, who := listener(t, s)
	beats := s.Stats().Heartbeats
	s.Session(0).Beat()
	until(t, s, "a heartbeat", func() bool { return s.Stats().Heartbeats > beats })
	s.Session(0).Garble() // discordgo takes no notice
	s.Session(0).Lag(100 * time.Millisecond)
	begun := time.Now()
	s.Say(s.Message(who, "x"))
	e.want(t, s, "x")
	if took := time.Since(begun); took < 100*time.Millisecond {
		t.Errorf("a frame with a lag of 100 ms took %s", took)
	}
}
