package slack_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"careerbot/adapters"
	"careerbot/adapters/slack"
	"careerbot/adapters/slack/slacktest"
	"careerbot/adapters/slack/slacktest/history"
	"careerbot/bot/chat"
	"careerbot/bot/store"
)

// TestMain looks for goroutines left behind; those of otter's caches end with the cache, once it is collected.
func TestMain(m *testing.M) {
	_ = flag.Set("test.parallel", "8") // most tests wait: for heartbeats, closed sessions, buckets
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("github.com/maypok86/otter/v2.periodicCleanUp[...]"))
}

// patience is how long a test waits for what must happen: much, as only a failure waits for it, and machines are busy.
const patience = 2 * time.Minute

// echo answers every question with its own text; some words have it misbehave.
type echo struct {
	hold  chan struct{} // "hold" waits for it
	long  string        // the answer to "long"
	asked atomic.Int64
}

func (e *echo) Ask(ctx context.Context, q chat.Question) (chat.Answer, error) {
	e.asked.Add(1)
	a := chat.Answer{
		ID: q.ID, Topic: q.Topic, Title: "Echo", Lead: "You asked: " + q.Text + q.Action, Answered: true, Private: q.Private,
		About:   chat.About{More: "more:" + q.ID, Up: "up:" + q.ID, Down: "down:" + q.ID},
		Actions: []chat.Action{{Label: "In the US", Token: "us:" + q.ID}},
	}
	switch {
	case strings.Contains(q.Text, "panic"):
		panic("the bot panics")
	case strings.Contains(q.Text, "fault"):
		return chat.Answer{}, &chat.Fault{Say: "I have a bad day.", Err: errors.New("bad day")}
	case strings.Contains(q.Text, "hold"):
		select {
		case <-e.hold:
		case <-ctx.Done():
		}
	case strings.Contains(q.Text, "long"):
		for range 4 {
			a.Blocks = append(a.Blocks, chat.Text{Text: strings.Repeat(e.long, 2900/max(1, len(e.long)))})
		}
	case strings.Contains(q.Text, "pay"):
		a.Blocks = []chat.Block{
			chat.Table{Title: "Pay", Columns: []string{"source", "a year"}, Rows: [][]string{{"upGrad", "7"}, {"GfG", "12"}}},
			chat.Chart{Title: "Pay", Unit: "lakh", Bars: []chat.Bar{{Label: "upGrad", Low: 7, High: 12, HasLow: true, HasHigh: true}}},
		}
	}
	return a, nil
}

// rig is an adapter that runs against a Slack on loopback.
type rig struct {
	t       *testing.T
	slack   *slacktest.Slack
	adapter *slack.Adapter
	store   *store.Store
	echo    *echo
	logs    *logs
	server  *httptest.Server // with HTTP
	stop    func() error
}

// setup changes what a rig begins with.
type setup struct {
	platform slacktest.Options
	http     bool // events over HTTP in place of sockets
	config   func(*slack.Config)
	share    *rig // the Slack and the state of another rig
	state    *store.Store
	ask      chat.Asker
}

// quickTimes are waits short enough for tests. A command's answer and the outbox may take as long as a test waits, unless that
// is what it is about: what a busy machine is late with is no other answer, and no outage, in which replicas would double it.
var quickTimes = slack.Times{
	Answer: patience,
	Open:   20 * time.Millisecond, Settle: 50 * time.Millisecond, Every: 50 * time.Millisecond, Linger: 200 * time.Millisecond,
	Outbox: patience, Drain: 5 * time.Second,
}

func begin(t *testing.T, s setup) *rig {
	t.Helper()
	r := prepare(t, s)
	r.run(t, s)
	return r
}

// prepare makes a rig without running it.
func prepare(t *testing.T, s setup) *rig {
	t.Helper()
	r := &rig{t: t, echo: &echo{hold: make(chan struct{}), long: "x"}, logs: &logs{}}
	if s.share != nil {
		r.slack, r.store = s.share.slack, s.share.store
	} else {
		if s.platform.Answers == nil {
			s.platform.Answers = answers
		}
		r.slack, r.store = newSlack(t, s.platform), newStore(t)
	}
	if s.state != nil {
		r.store = s.state
	}
	config := slack.Config{
		BotToken: slack.Secret(r.slack.Team(0).BotToken), APIURL: r.slack.URL(), Outbox: adapters.OutboxOf(r.store),
		Settings: r.store, Logger: slog.New(slog.NewTextHandler(r.logs, &slog.HandlerOptions{Level: slog.LevelDebug})), Times: quickTimes,
	}
	if s.http {
		config.SigningSecret = slack.Secret(r.slack.App().SigningSecret)
	} else {
		config.AppToken = slack.Secret(r.slack.App().AppToken)
	}
	if s.config != nil {
		s.config(&config)
	}
	r.adapter = slack.New(config)
	return r
}

func (r *rig) run(t *testing.T, s setup) {
	t.Helper()
	mux := http.NewServeMux()
	r.adapter.Mount(mux)
	r.server = httptest.NewServer(mux)
	if s.http {
		r.slack.Connect(slacktest.Target{Base: r.server.URL})
	}
	var ask chat.Asker = r.echo
	if s.ask != nil {
		ask = s.ask
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- r.adapter.Run(ctx, ask) }()
	var once sync.Once
	var err error
	r.stop = func() error {
		once.Do(func() {
			cancel()
			err = <-ended
			r.server.Close()
			r.server.Client().CloseIdleConnections()
		})
		return err
	}
	t.Cleanup(func() {
		if err := r.stop(); err != nil {
			t.Errorf("the adapter ended with %v", err)
		}
		r.secrets()
		if t.Failed() {
			t.Log(r.logs.String())
		}
	})
	r.until("the adapter is ready", func() bool { return r.adapter.Ready() == nil })
}

// secrets looks for secrets in the logs.
func (r *rig) secrets() {
	text := r.logs.String()
	for _, secret := range []string{r.slack.Team(0).BotToken, r.slack.App().AppToken, r.slack.App().SigningSecret, r.slack.App().ClientSecret, "/hooks/", "ticket="} {
		if strings.Contains(text, secret) {
			r.t.Errorf("the logs hold the secret %q", secret)
		}
	}
}

func (r *rig) ctx() context.Context {
	ctx, cancel := context.WithTimeout(r.t.Context(), patience)
	r.t.Cleanup(cancel)
	return ctx
}

// until waits for a condition that other things than the platform may change.
func (r *rig) until(what string, holds func() bool) {
	r.t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	end := time.After(patience)
	for !holds() {
		select {
		case <-tick.C:
		case <-end:
			r.t.Fatalf("it never happens that %s; %s\n%s", what, r.slack.Verdict(), r.logs)
		}
	}
}

// outcome waits until a delivery has ended.
func (r *rig) outcome(d *slacktest.Delivery) slacktest.Outcome {
	r.t.Helper()
	o, err := d.Wait(r.ctx())
	if err != nil {
		r.t.Fatalf("%v\n%s", err, r.logs)
	}
	return o
}

// answers reads in a message's metadata which question it answers, by the keys that slacktest gives questions.
func answers(m history.Message) string {
	var metadata struct {
		Payload struct{ Key string } `json:"event_payload"`
	}
	if json.Unmarshal(m.Metadata, &metadata) != nil {
		return ""
	}
	kind, rest, _ := strings.Cut(metadata.Payload.Key, ":")
	if kind == "m" {
		parts := strings.SplitN(rest, ":", 3)
		return slacktest.QuestionKey(parts[0], parts[1], parts[2])
	}
	return rest // of a trigger
}

// answered waits until n questions are answered, and looks whether all of them are answered once.
func (r *rig) answered(n int) {
	r.t.Helper()
	r.until(fmt.Sprint(n, " questions are answered"), func() bool {
		v := r.slack.Verdict()
		return v.Answered >= n && v.Unacked == 0 // an answer may be there before its acknowledgement
	})
	v := r.slack.Verdict()
	if v.Lost+v.Doubled > 0 {
		r.t.Errorf("the verdict is: %s; lost %v, doubled %v", v, r.slack.Lost(), r.slack.Doubled())
	}
}

// last is the newest message of the bot.
func (r *rig) last() history.Message {
	r.t.Helper()
	all := r.slack.Messages()
	if len(all) == 0 {
		r.t.Fatal("the bot has said nothing")
	}
	return all[len(all)-1]
}

// newSlack is a Slack that waits longer than its 3 s for acknowledgements and views, and sends events again more often,
// unless o says how long and when: a busy machine may be late.
func newSlack(t *testing.T, o slacktest.Options) *slacktest.Slack {
	t.Helper()
	if o.Ack == 0 {
		o.Ack = 30 * time.Second
	}
	if o.Retries == nil {
		o.Retries = make([]time.Duration, 20) // at once
	}
	if o.TriggerLife == 0 {
		o.TriggerLife = patience
	}
	return slacktest.Start(t, o)
}

func newStore(t *testing.T) *store.Store { return openStore(t, filepath.Join(t.TempDir(), "state.db")) }

func openStore(t *testing.T, path string) *store.Store { return openAt(t, "sqlite:"+path) }

func openAt(t *testing.T, address string) *store.Store {
	t.Helper()
	state, err := store.Open(context.Background(), address, store.Options{Key: bytes.Repeat([]byte("k"), 32), Wait: patience})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := state.Close(); err != nil && !errors.Is(err, store.ErrClosed) {
			t.Error(err)
		}
	})
	return state
}

// logs keeps what was logged.
type logs struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// said is a message in an acknowledgement.
type said struct {
	Type   string `json:"response_type"`
	Text   string `json:"text"`
	Blocks json.RawMessage
}

func saidIn(t *testing.T, o slacktest.Outcome) said {
	t.Helper()
	var s said
	if !o.Acked || len(o.Payload) == 0 {
		t.Fatalf("no answer rides on the acknowledgement: %+v", o)
	}
	if err := json.Unmarshal(o.Payload, &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// transports runs a test over both.
func transports(t *testing.T, test func(*testing.T, setup)) {
	t.Run("socket", func(t *testing.T) { t.Parallel(); test(t, setup{}) })
	t.Run("http", func(t *testing.T) { t.Parallel(); test(t, setup{http: true}) })
}
