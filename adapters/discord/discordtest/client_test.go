package discordtest_test

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"testing"
	"time"

	"careerbot/adapters/discord/discordtest"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	_ = flag.Set("test.parallel", "8") // most tests wait: for heartbeats, closed sessions, buckets
	// discordgo writes to the standard logger what tests here provoke
	log.SetOutput(io.Discard)
	goleak.VerifyTestMain(m,
		// of TestDeadlock: Open waits for a lock that it holds
		goleak.IgnoreAnyFunction("github.com/bwmarrin/discordgo.(*Session).Open"))
}

// limit is how long a test waits for anything at most: much, as only a failure waits for it, and machines are busy.
const limit = 2 * time.Minute

// redirect sends what discordgo means for Discord to the test server.
type redirect struct {
	host string
	base http.RoundTripper
}

func (r redirect) RoundTrip(request *http.Request) (*http.Response, error) {
	request = request.Clone(request.Context())
	request.URL.Scheme, request.URL.Host, request.Host = "http", r.host, r.host
	return r.base.RoundTrip(request)
}

// client is a discordgo session for the server, not open yet. It is closed with the test.
func client(t testing.TB, s *discordtest.Server) *discordgo.Session {
	t.Helper()
	session, err := discordgo.New("Bot " + discordtest.Token)
	if err != nil {
		t.Fatal(err)
	}
	address, err := url.Parse(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{MaxIdleConnsPerHost: 8}
	session.Client = &http.Client{Transport: redirect{address.Host, transport}, Timeout: limit}
	session.Identify.Intents = 1<<9 | 1<<12
	session.StateEnabled = false
	session.LogLevel = -1
	session.ShouldRetryOnRateLimit = false
	t.Cleanup(transport.CloseIdleConnections)
	return session
}

// open opens the session and closes it with the test.
func open(t testing.TB, session *discordgo.Session) {
	t.Helper()
	if err := session.Open(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		session.Lock() // discordgo reads it without a lock, but between two calls that take this one
		session.ShouldReconnectOnError = false
		session.Unlock()
		_ = session.Close()
	})
}

// limited is a context that ends with the test or after limit.
func limited(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	t.Cleanup(cancel)
	return ctx
}

// quick is a server without rate limits, and with short waits; where its clock is the machine's, answers may be late.
func quick(t *testing.T, o discordtest.Options) *discordtest.Server {
	t.Helper()
	o.Limits.Off = true
	if o.IdentifyEvery == 0 {
		o.IdentifyEvery = time.Millisecond
	}
	if o.AnswerWithin == 0 && o.Now == nil {
		o.AnswerWithin = limit
	}
	return discordtest.Start(t, o)
}

// place is a server with a channel, and somebody in it.
func place(s *discordtest.Server) discordtest.Caller {
	guild := s.NewGuild("study")
	return discordtest.Caller{User: s.NewUser("asha"), Channel: s.NewChannel(guild, "general")}
}

func until(t *testing.T, s *discordtest.Server, what string, holds func() bool) {
	t.Helper()
	if err := s.Until(limited(t), holds); err != nil {
		t.Fatalf("%s: %v; %+v", what, err, s.Stats())
	}
}

// raw is a connection to the gateway without discordgo, after Hello.
func raw(t *testing.T, s *discordtest.Server) *websocket.Conn {
	t.Helper()
	ws, response, err := websocket.DefaultDialer.DialContext(t.Context(), "ws://"+s.Address()+"/gateway/?v=10&encoding=json", nil)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	t.Cleanup(func() { ws.Close() })
	if frame := next(t, ws); frame["op"] != 10.0 {
		t.Fatalf("the first frame is %v, want Hello", frame)
	}
	return ws
}

func next(t *testing.T, ws *websocket.Conn) map[string]any {
	t.Helper()
	var frame map[string]any
	ws.SetReadDeadline(time.Now().Add(limit))
	if err := ws.ReadJSON(&frame); err != nil {
		t.Fatal(err)
	}
	return frame
}

func identify(token string, intents, shard, shards int) string {
	return fmt.Sprintf(`{"op":2,"d":{"token":%q,"intents":%d,"shard":[%d,%d],"properties":{}}}`, token, intents, shard, shards)
}
