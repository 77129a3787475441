package campaign_test

import (
	"io"
	"log"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"
	"go.uber.org/goleak"

	"careerbot/adapters/discord/discordtest"
)

func TestMain(m *testing.M) {
	log.SetOutput(io.Discard) // discordgo writes to the standard logger what tests here provoke
	goleak.VerifyTestMain(m)
}

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

// client is a discordgo session for a shard of the server, not open yet.
func client(t testing.TB, s *discordtest.Server, shard, shards int) *discordgo.Session {
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
	session.Client = &http.Client{Transport: redirect{address.Host, transport}, Timeout: 2 * time.Minute}
	session.Identify.Intents = 1<<9 | 1<<12
	session.Identify.Compress, session.Compress = false, false
	session.ShardID, session.ShardCount = shard, shards
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
