package discord_test

import (
	"context"
	"errors"
	"flag"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"careerbot/adapters/discord"
	"careerbot/adapters/discord/discordtest"
	"careerbot/adapters/discord/discordtest/object"
	"careerbot/bot/chat"
)

func TestMain(m *testing.M) {
	_ = flag.Set("test.parallel", "8")                                                                      // most tests wait: for heartbeats, closed sessions, buckets
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("github.com/maypok86/otter/v2.periodicCleanUp[...]")) // of a lexicon, for good
}

// Heartbeat intervals of test gateways.
const (
	// beat is that of tests in which a connection dies. After five intervals without an acknowledgement the client library
	// closes the connection for good, and a machine that stood still for as long would have it do so.
	beat = 2500 * time.Millisecond
	// calm is that of all others: a busy machine must not be late for it, or a session is taken for dead, and what was on
	// its way to it is lost, as with Discord itself.
	calm = 10 * time.Second
)

// patience is how long anything in a test may take: much, as only a failure waits for it, and machines are busy.
const patience = 2 * time.Minute

// askerFunc is a bot that is a function.
type askerFunc func(context.Context, chat.Question) (chat.Answer, error)

func (f askerFunc) Ask(ctx context.Context, q chat.Question) (chat.Answer, error) { return f(ctx, q) }

// echo answers every question with its own words.
func echo(_ context.Context, q chat.Question) (chat.Answer, error) {
	return chat.Answer{Answered: true, Title: "An answer", Lead: "You asked: " + q.Text + q.Action, Topic: q.Topic, Private: q.Private}, nil
}

// journal is a log that tests can search.
type journal struct {
	mu   sync.Mutex
	text strings.Builder
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) has(s string) bool { return strings.Contains(j.String(), s) }

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// running is an adapter that runs against a Discord on loopback.
type running struct {
	*discord.Adapter
	log   *journal
	stop  context.CancelFunc
	ended chan error
	web   *httptest.Server
}

// quick is a Discord without limits and with short times; for an answer it waits longer than a busy machine takes.
func quick(o discordtest.Options) discordtest.Options {
	o.Limits.Off = true
	if o.Heartbeat == 0 {
		o.Heartbeat = calm
	}
	if o.IdentifyEvery == 0 {
		o.IdentifyEvery = time.Millisecond
	}
	if o.AnswerWithin == 0 {
		o.AnswerWithin = patience
	}
	return o
}

// start runs an adapter until the test ends; change may change its configuration. It tells no interaction to wait and
// leaves no HTTP response, unless change says when: what a busy machine is late with is no other answer.
func start(t testing.TB, d *discordtest.Server, ask askerFunc, change func(*discord.Config)) *running {
	t.Helper()
	r := &running{log: &journal{}, ended: make(chan error, 1)}
	cfg := discord.Config{
		Token: discordtest.Token, APIURL: d.URL(), Logger: slog.New(slog.NewTextHandler(r.log, nil)),
		Times: discord.Times{
			Defer: patience, Body: patience, Identify: 2 * time.Millisecond, Invalid: 20 * time.Millisecond, Every: 50 * time.Millisecond, Drain: 3 * time.Second,
		},
	}
	if change != nil {
		change(&cfg)
	}
	r.Adapter = discord.New(cfg)
	mux := http.NewServeMux()
	r.Mount(mux)
	r.web = httptest.NewServer(mux)
	ctx, cancel := context.WithCancel(context.Background())
	r.stop = cancel
	go func() { r.ended <- r.Run(ctx, ask) }()
	t.Cleanup(func() {
		cancel()
		select {
		case <-r.ended:
		case <-time.After(patience):
			t.Error("the adapter does not end")
		}
		r.web.Close()
		if r.log.has(discordtest.Token) {
			t.Error("the token is in the log")
		}
		if t.Failed() {
			t.Logf("log:\n%s", r.log)
		}
	})
	return r
}

// online is start, and waits until the gateway is connected.
func online(t testing.TB, d *discordtest.Server, ask askerFunc, change func(*discord.Config)) *running {
	t.Helper()
	r := start(t, d, ask, change)
	until(t, d, "the adapter is ready", func() bool { return r.Ready() == nil })
	return r
}

func within(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	return ctx
}

// until waits until holds; it looks when something happens at the Discord, and ten times a second besides: what happens
// in the adapter last may be nothing that Discord hears of.
func until(t testing.TB, d *discordtest.Server, what string, holds func() bool) {
	t.Helper()
	for all := within(t); ; {
		soon, cancel := context.WithTimeout(all, 100*time.Millisecond)
		err := d.Until(soon, holds)
		cancel()
		if err == nil {
			return
		}
		if all.Err() != nil || !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("%s: %v; %+v", what, err, d.Stats())
		}
	}
}

// answeredOnce waits until all is answered, and says what was not.
func answeredOnce(t testing.TB, d *discordtest.Server) {
	t.Helper()
	if err := d.Quiet(within(t)); err != nil {
		t.Fatal(err)
	}
	if v := d.Verdict(); !v.OK() || len(v.Undelivered) > 0 || v.Answered == 0 {
		t.Errorf("the verdict is %s", v)
	}
}

// stopwatch measures time in which this process ran. A machine that stands still for seconds, or is busy with something else,
// makes nothing of ours late that the clock could tell.
type stopwatch struct {
	begin time.Time

	mu   sync.Mutex
	last time.Time // tick
	lost time.Duration
}

// measure starts a stopwatch.
func measure(t testing.TB) *stopwatch {
	t.Helper()
	const every = 10 * time.Millisecond
	now := time.Now()
	w := &stopwatch{begin: now, last: now}
	tick, over, ended := time.NewTicker(every), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
			case <-over:
				return
			}
			w.mu.Lock()
			now := time.Now()
			w.lost += max(now.Sub(w.last)-every, 0)
			w.last = now
			w.mu.Unlock()
		}
	}()
	t.Cleanup(func() { close(over); <-ended })
	return w
}

// took is how long it is since the start, and how much of that the process did not run and is not counted.
func (w *stopwatch) took() (ran, lost time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := time.Now()
	lost = w.lost + now.Sub(w.last)
	return now.Sub(w.begin) - lost, lost
}

// member is somebody in a server with a channel; private is somebody who writes directly.
func member(d *discordtest.Server) discordtest.Caller {
	return discordtest.Caller{User: d.NewUser("asha"), Channel: d.NewChannel(d.NewGuild("study"), "general")}
}

func direct(d *discordtest.Server) discordtest.Caller {
	u := d.NewUser("ravi")
	return discordtest.Caller{User: u, Channel: d.Direct(u)}
}

// skills is "/backend skills".
func skills(d *discordtest.Server, c discordtest.Caller) object.Interaction {
	return d.Command(c, "backend", object.Sub("skills", object.Str("role", "backend")))
}
