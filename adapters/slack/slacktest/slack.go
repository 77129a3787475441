// Package slacktest is a Slack on loopback: the Web API, Socket Mode, signed HTTP deliveries, response_url, views,
// files and OAuth, as far as a question-and-answer bot uses them, with Slack's names, limits and errors. It keeps a
// history of every call and message, and says which questions were lost, answered twice or never acknowledged.
//
// A test makes one with [New], points the app's SLACK_API_URL at [Slack.URL], makes what people do with the builders
// ([Slack.Slash], [Slack.Mention], [Slack.Click], …), delivers it with [Slack.Ask] where somebody expects an answer and
// with [Slack.Send] where nobody does, and reads [Slack.Messages], [Slack.Calls] and [Slack.Verdict]. [Slack.Fault],
// [Slack.Disconnect], [Slack.Storm] and the like make things go wrong; [Slack.Connect] delivers over HTTP in place of
// sockets; package soak does all of it for long. Its own tests drive it with the real slack-go client and with Bolt.
//
// It knows nothing of the bot, draws nothing, checks no user's rights, and is for tests only. What Block Kit allows is
// judged by package blockkit, and what happened is kept by package history. Where Slack's own pages leave something open,
// the comment beside it says so.
package slacktest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"careerbot/adapters/slack/slacktest/history"
)

// Options are what the workspace is like. The zero value is one team with one app that has every scope a question and
// answer bot asks for, Slack's own times, and no limit on the pace of posts.
type Options struct {
	Seed   uint64           // of everything drawn: sockets, chances of faults
	Clock  func() time.Time // nil is time.Now; decides expiry, timestamps and signatures, not timers
	App    App
	Teams  []Team   // nil is one team, T0ACME
	People []Person // those about whom users.info says more than a made-up name

	Ack      time.Duration   // wait for an acknowledgement; 0 is Slack's 3 s
	Retries  []time.Duration // waits before an event comes back; nil is Slack's: 0, 1 min, 5 min
	Ping     time.Duration   // between pings on a socket; 0 is 5 s, below the 30 s after which slack-go reconnects
	Linger   time.Duration   // a socket's life after its disconnect frame; 0 is 10 s
	Sockets  int             // most sockets of one app; 0 is Slack's 10
	Lifetime time.Duration   // told as approximate_connection_time; 0 is Slack's 18,060 s

	TriggerLife time.Duration // of a trigger_id; 0 is Slack's 3 s
	HookLife    time.Duration // of a response_url; 0 is Slack's 30 min
	Pace        time.Duration // least time between two posts in one channel; 0 is no limit, Slack's is about 1 s

	Reject []string // types of blocks that are refused, as in a roll-out by stages: "data_visualization"
	Keep   int      // messages, calls and settled questions that are kept at least; 0 keeps all. No call finds what fell out

	// Answers names the question (Envelope.Key) that a message of the bot answers, "" where it answers none. Where
	// it is nil or says "", a post answers the oldest open question of its thread.
	Answers func(history.Message) string
}

// Slack is the running platform. Close it.
type Slack struct {
	options Options
	server  *http.Server
	base    string
	client  *http.Client
	ctx     context.Context
	end     context.CancelFunc
	work    sync.WaitGroup

	mu       sync.Mutex
	random   *rand.Rand
	changed  chan struct{} // closed whenever something happens that one may wait for
	serial   int
	lastTS   int64 // microseconds
	closed   bool
	target   Target
	grants   map[string]*grant // by token
	refresh  map[string]*grant // by refresh token
	codes    map[string]code
	installs map[string]*Team // by id
	tickets  map[string]bool  // sockets that may be dialled
	sockets  []*socket
	counts   SocketStats
	storm    string               // the reason that new sockets are sent away for
	mute     bool                 // no pings
	open     map[string]*Delivery // by envelope id
	hooks    map[string]*hook
	triggers map[string]trigger
	views    map[string]*view
	uploads  map[string]*upload
	paced    map[place]time.Time
	faults   []*Fault
	history  *history.History
	assisted []Assistant
}

// Start starts a Slack for one test or benchmark, at whose end it is closed.
func Start(t testing.TB, o Options) *Slack {
	t.Helper()
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// New starts a Slack on a free port of 127.0.0.1.
func New(o Options) (*Slack, error) {
	o = o.withDefaults()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start the test platform: %w", err)
	}
	s := &Slack{
		options:  o,
		base:     "http://" + listener.Addr().String(),
		client:   &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}},
		random:   rand.New(rand.NewPCG(o.Seed, 1)),
		changed:  make(chan struct{}),
		grants:   map[string]*grant{},
		refresh:  map[string]*grant{},
		codes:    map[string]code{},
		installs: map[string]*Team{},
		tickets:  map[string]bool{},
		open:     map[string]*Delivery{},
		hooks:    map[string]*hook{},
		triggers: map[string]trigger{},
		views:    map[string]*view{},
		uploads:  map[string]*upload{},
		paced:    map[place]time.Time{},
		history:  history.New(o.Keep, o.Answers),
	}
	s.ctx, s.end = context.WithCancel(context.Background())
	for _, team := range o.Teams {
		s.install(team)
	}
	s.server = &http.Server{Handler: s.routes(), ReadHeaderTimeout: time.Minute}
	s.work.Go(func() { _ = s.server.Serve(listener) }) // until Close
	return s, nil
}

func (o Options) withDefaults() Options {
	set := func(d *time.Duration, otherwise time.Duration) {
		if *d <= 0 {
			*d = otherwise
		}
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	o.App = o.App.withDefaults()
	if o.Teams == nil {
		o.Teams = []Team{{}}
	}
	for i := range o.Teams {
		o.Teams[i] = o.Teams[i].withDefaults(o.App, i)
	}
	set(&o.Ack, 3*time.Second)
	set(&o.Ping, 5*time.Second)
	set(&o.Linger, 10*time.Second)
	set(&o.Lifetime, 18060*time.Second)
	set(&o.TriggerLife, 3*time.Second)
	set(&o.HookLife, 30*time.Minute)
	if o.Retries == nil {
		o.Retries = []time.Duration{0, time.Minute, 5 * time.Minute}
	}
	if o.Sockets <= 0 {
		o.Sockets = 10
	}
	return o
}

func (s *Slack) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", s.serveAPI)
	mux.HandleFunc("GET /link/", s.serveSocket)
	mux.HandleFunc("POST /hooks/{id}", s.serveHook)
	mux.HandleFunc("/upload/{id}", s.serveUpload)
	mux.HandleFunc("GET /oauth/v2/authorize", s.serveAuthorize)
	return mux
}

// Close ends deliveries, sockets and the server, and waits for them.
func (s *Slack) Close() {
	s.end()
	s.mu.Lock()
	s.closed = true
	for _, k := range s.sockets {
		_ = k.conn.Close() // it may be closed already
	}
	for _, d := range s.open {
		d.stop()
	}
	s.mu.Unlock()
	_ = s.server.Close() // there is nothing to do about a listener that will not close
	s.work.Wait()
	s.client.CloseIdleConnections()
}

// URL is the Web API's address, with the slash at its end that SLACK_API_URL and OptionAPIURL want.
func (s *Slack) URL() string { return s.base + "/api/" }

// AuthorizeURL is where a browser is sent to install the app, in the place of https://slack.com/oauth/v2/authorize.
func (s *Slack) AuthorizeURL() string { return s.base + "/oauth/v2/authorize" }

// App is the app with its secrets.
func (s *Slack) App() App { return s.options.App }

// Team gives a team by its place in Options.Teams.
func (s *Slack) Team(i int) Team { return s.options.Teams[i] }

// Teams are all teams, in the order of Options.Teams.
func (s *Slack) Teams() []Team { return slices.Clone(s.options.Teams) }

// now is the clock's time.
func (s *Slack) now() time.Time { return s.options.Clock() }

// note keeps a call in the history.
func (s *Slack) note(c *history.Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.history.Note(c)
	s.tell()
}

// tell wakes who waits for a change. The caller holds the lock.
func (s *Slack) tell() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// next gives an id that no other has. The caller holds the lock.
func (s *Slack) next(prefix string) string {
	s.serial++
	id := strings.ToUpper(strconv.FormatInt(int64(s.serial), 36))
	return prefix + strings.Repeat("0", max(0, 8-len(id))) + id
}

// stamp gives the timestamp of a new message: seconds and microseconds, each later than the one before. The caller
// holds the lock.
func (s *Slack) stamp() string {
	s.lastTS = max(s.lastTS+1, s.now().UnixMicro())
	return fmt.Sprintf("%d.%06d", s.lastTS/1e6, s.lastTS%1e6)
}

// chance draws whether something of chance c happens. The caller holds the lock.
func (s *Slack) chance(c float64) bool { return c > 0 && s.random.Float64() < c }

// Until waits for a condition, looked at after every change, or for ctx's end. The condition may call the methods of
// Slack that read the history.
func (s *Slack) Until(ctx context.Context, holds func() bool) error {
	for {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		if holds() {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("wait on the test platform: %w; %s", ctx.Err(), s.Verdict())
		}
	}
}

// Messages are those of the bot that were not deleted, oldest first, ephemeral ones too.
func (s *Slack) Messages() []history.Message {
	return s.some(func(m *history.Message) bool { return m.BotID != "" && !m.Deleted })
}

// Everything is every message, of people and deleted ones too, oldest first.
func (s *Slack) Everything() []history.Message {
	return s.some(func(*history.Message) bool { return true })
}

func (s *Slack) some(wanted func(*history.Message) bool) []history.Message {
	return read(s, func(h *history.History) []history.Message { return h.Some(wanted) })
}

// Latest are the bot's n newest messages that were not deleted, newest first.
func (s *Slack) Latest(n int) []history.Message {
	return read(s, func(h *history.History) []history.Message { return h.Latest(n) })
}

// Calls are those of a method, or all for "", oldest first.
func (s *Slack) Calls(method string) []history.Call {
	return read(s, func(h *history.History) []history.Call { return h.Calls(method) })
}

// Called is how often a method was called, also where Options.Keep let the calls fall out of the history.
func (s *Slack) Called(method string) int {
	return read(s, func(h *history.History) int { return h.Called(method) })
}

// Failures counts the calls so far that got a 429, and those that failed otherwise.
func (s *Slack) Failures() (limited, failed int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.history.Failures()
}

// Verdict judges the history so far.
func (s *Slack) Verdict() history.Verdict { return read(s, (*history.History).Verdict) }

// Open is how many questions still wait: for the end of their delivery, or for an answer.
func (s *Slack) Open() int { return read(s, (*history.History).Open) }

// Lost are the keys of questions without an answer, in the order of asking.
func (s *Slack) Lost() []string {
	return s.keys(func(v history.Verdict) bool { return v.Lost > 0 })
}

// Doubled are the keys of questions with several answers that did not fall out of the history.
func (s *Slack) Doubled() []string {
	return s.keys(func(v history.Verdict) bool { return v.Doubled > 0 })
}

// Unacked are the keys of events that were not acknowledged.
func (s *Slack) Unacked() []string {
	return s.keys(func(v history.Verdict) bool { return v.Unacked > 0 })
}

func (s *Slack) keys(wanted func(history.Verdict) bool) []string {
	return read(s, func(h *history.History) []string { return h.Keys(wanted) })
}

// AckTime is a quantile, between 0 and 1, of the times from an envelope to its acknowledgement, over the last 65,536.
func (s *Slack) AckTime(q float64) time.Duration {
	return read(s, func(h *history.History) time.Duration { return h.AckTime(q) })
}

// AnswerTime is the same from an envelope to the first answer to it.
func (s *Slack) AnswerTime(q float64) time.Duration {
	return read(s, func(h *history.History) time.Duration { return h.AnswerTime(q) })
}

// read looks something up in the history, under the lock.
func read[T any](s *Slack, look func(*history.History) T) T {
	s.mu.Lock()
	defer s.mu.Unlock()
	return look(s.history)
}
