// Package discordtest is a Discord on loopback, for tests of what talks to Discord: its REST interface with rate
// limits, its gateway with sessions that can be resumed, interactions over the gateway and over signed HTTP, faults on
// order, and a history that shows whether every question was answered once. Its objects, the outside of its
// REST interface and the count of answers are packages of their own, and so are long runs and the check against Discord's
// own OpenAPI document, which can stand in front of it.
//
// It has no voice, no permissions beyond a channel's bits, no moderation and no clients to look at; what real Discord
// does under load or how it draws a message is not to be seen here. It knows nothing of the bot, and is for tests only.
package discordtest

import (
	"cmp"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"time"

	"careerbot/adapters/discord/discordtest/rest"
)

// Token is the bot token that the server takes unless Options has another one. It has the shape of a real one.
const Token = "MTE5ODYyMjQ4MzQ3MTkyNTI0OA.Cl2FMQ.fake-token-of-discordtest-only-000000"

// Options are the server's manners. The zero value is a Discord that behaves well, with the numbers of the real one.
type Options struct {
	Token string // of the bot; "" is [Token]
	Seed  uint64 // of everything drawn: tokens, keys, faults

	// Listener is where the server is to be found; nil is a free port of 127.0.0.1.
	Listener net.Listener

	// Now is the clock that ages tokens and fills buckets; nil is time.Now. Pauses of the gateway use real time.
	Now func() time.Time

	Heartbeat       time.Duration // interval in Hello; 0 is 41.25 s
	Shards          int           // recommended by /gateway/bot; 0 is 1
	MaxConcurrency  int           // Identifies at once; 0 is 1
	IdentifyEvery   time.Duration // wait between Identifies of one of those buckets; 0 is 5 s
	SessionStarts   int           // Identifies before the token is reset; 0 is 1000
	AllowedIntents  int           // others close with 4014; 0 is all that need no approval
	AnswerWithin    time.Duration // first answer to an interaction; 0 is 3 s
	TokenLife       time.Duration // of an interaction's token; 0 is 15 min
	NonceLife       time.Duration // in which a nonce is unique; 0 is 5 min
	Limits          rest.Limits   // of requests; the zero value is Discord's
	Gate            Gate          // judges each request before it is served; nil lets all pass
	Keep            int           // records of each kind that are kept, for long runs, of more than 1000 without bodies and files; 0 keeps all
	MessageContents bool          // whether the application is approved for the MESSAGE_CONTENT intent
}

// Gate judges what a client sends. A spec.Document is one: [careerbot/adapters/discord/discordtest/spec].
type Gate interface {
	// Check returns what is wrong with a request, nil where nothing is. The path is without "/api/v10".
	Check(method, path, contentType string, body []byte) error
}

// Server is a running Discord. Its methods may be called by any number of goroutines. Close it.
type Server struct {
	o       Options
	ctx     context.Context
	end     context.CancelFunc
	server  *http.Server
	table   *rest.Routes
	limiter *rest.Limiter
	faults  *rest.Faults
	address string // host:port
	work    sync.WaitGroup
	key     ed25519.PrivateKey
	client  *http.Client // to post interactions with

	mu      sync.Mutex
	random  *rand.Rand
	minted  uint64
	changed chan struct{} // closed when something happens, nil where nobody waits
	world   world
	history history
	gateway gateway
	stats   Stats
}

// Stats counts what happened.
type Stats struct {
	Requests     int
	Unauthorized int // answered 401
	Forbidden    int // answered 403
	Limited      int // answered 429
	Rejected     int // refused by the gate
	Faulted      int // spoiled on order
	Repeats      int // messages that a nonce showed to be repeats

	Dials         int // connections to the gateway
	Identifies    int
	TooFast       int // Identifies before their time
	Resumes       int // that succeeded
	ResumeURL     int // Resumes, failed or not, that came to resume_gateway_url
	Refused       int // Resumes refused
	Heartbeats    int
	Dispatches    int // events put on a session
	Replayed      int // events sent again after a Resume
	Undeliverable int // events for which there was no session
}

// Invalid is how many requests count toward Discord's limit of 10,000 in 10 minutes, after which it blocks the
// address: https://discord.com/developers/docs/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans.
func (s Stats) Invalid() int { return s.Unauthorized + s.Forbidden + s.Limited }

// New starts a server.
func New(o Options) (*Server, error) {
	o = o.withDefaults()
	if o.Listener == nil {
		var err error
		if o.Listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			return nil, fmt.Errorf("start the test Discord: %w", err)
		}
	}
	s := &Server{o: o, address: o.Listener.Addr().String(), random: rand.New(rand.NewPCG(o.Seed, 4))}
	s.ctx, s.end = context.WithCancel(context.Background())
	s.key = newKey(o.Seed)
	s.client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	s.world = newWorld(s)
	s.history = newHistory(o.Keep)
	s.limiter = rest.NewLimiter(o.Limits)
	s.faults = rest.NewFaults(o.Seed)
	s.gateway = newGateway(o)
	s.table = s.routes()
	s.server = &http.Server{Handler: http.HandlerFunc(s.serve), ReadHeaderTimeout: 10 * time.Second}
	s.work.Go(func() { _ = s.server.Serve(o.Listener) }) // until Close
	return s, nil
}

// T is what Start needs of a *testing.T or *testing.B.
type T interface {
	Helper()
	Cleanup(func())
	Fatal(...any)
	Errorf(format string, args ...any)
}

// Start starts a server that ends with the test. Where Options has a gate, each request it refuses fails the test.
func Start(t T, o Options) *Server {
	t.Helper()
	if o.Gate != nil {
		o.Gate = strict{t, o.Gate}
	}
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func (o Options) withDefaults() Options {
	o.Token = cmp.Or(o.Token, Token)
	if o.Now == nil {
		o.Now = time.Now
	}
	for field, usual := range map[*time.Duration]time.Duration{
		&o.Heartbeat: 41250 * time.Millisecond, &o.IdentifyEvery: 5 * time.Second, &o.AnswerWithin: 3 * time.Second,
		&o.TokenLife: 15 * time.Minute, &o.NonceLife: 5 * time.Minute,
	} {
		if *field <= 0 {
			*field = usual
		}
	}
	o.Shards, o.MaxConcurrency = max(o.Shards, 1), max(o.MaxConcurrency, 1)
	if o.SessionStarts <= 0 {
		o.SessionStarts = 1000
	}
	if o.AllowedIntents == 0 {
		o.AllowedIntents = allIntents &^ (guildMembers | guildPresences | messageContent)
		if o.MessageContents {
			o.AllowedIntents |= messageContent
		}
	}
	return o
}

// Close ends every connection and the server, and waits until nothing of it runs any more.
func (s *Server) Close() {
	s.mu.Lock()
	s.end()
	s.mu.Unlock()
	_ = s.server.Close() // there is nothing to do about a listener that will not close
	for _, c := range s.connections() {
		c.cut()
	}
	s.work.Wait()
	s.client.CloseIdleConnections()
}

// hold counts a request in, unless the server is closed.
func (s *Server) hold() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ctx.Err() != nil {
		return false
	}
	s.work.Add(1)
	return true
}

// URL is the base of the REST interface, without a version: what DISCORD_API_URL is to be.
func (s *Server) URL() string { return "http://" + s.address + "/api" }

// Address is the server's host and port.
func (s *Server) Address() string { return s.address }

// Keep is what Options.Keep was set to: how many records of each kind the server keeps, 0 being all.
func (s *Server) Keep() int { return s.o.Keep }

// Inject puts a fault in force until it is removed. Of several that match, the first one injected spoils a request.
func (s *Server) Inject(f rest.Fault) *rest.Injected { return s.faults.Inject(f) }

// Stats counts what happened so far.
func (s *Server) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stats
}

// Until waits until holds, which is called after every change and may call the server's methods. The error is that
// of ctx.
func (s *Server) Until(ctx context.Context, holds func() bool) error {
	for {
		s.mu.Lock()
		if s.changed == nil {
			s.changed = make(chan struct{})
		}
		changed := s.changed
		s.mu.Unlock()
		if holds() {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("wait for the test Discord: %w", ctx.Err())
		case <-s.ctx.Done():
			return errors.New("wait for the test Discord: it was closed")
		}
	}
}

// tell wakes who waits for a change. The caller holds the lock.
func (s *Server) tell() {
	if s.changed != nil {
		close(s.changed)
		s.changed = nil
	}
}

// pause waits for d; false says that the server closes.
func (s *Server) pause(d time.Duration) bool {
	if d <= 0 {
		return s.ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-s.ctx.Done():
		return false
	}
}

// epoch is the beginning of Discord's time, in milliseconds of Unix:
// https://discord.com/developers/docs/reference#snowflakes.
const epoch = 1420070400000

// mint makes an id that nothing else has, later ones greater. The caller holds the lock.
func (s *Server) mint() string {
	s.minted++
	return fmt.Sprint(uint64(s.o.Now().UnixMilli()-epoch)<<22 | s.minted&(1<<22-1))
}

// ID makes an id that nothing else has.
func (s *Server) ID() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.mint()
}

// strict is a gate that fails a test.
type strict struct {
	t    T
	gate Gate
}

func (s strict) Check(method, path, contentType string, body []byte) error {
	err := s.gate.Check(method, path, contentType, body)
	if err != nil {
		s.t.Errorf("%s %s: %v", method, path, err)
	}
	return err
}
