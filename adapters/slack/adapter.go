// Package slack is the bot in Slack: slash commands, mentions, direct messages, the agent surface, Home tab, shortcuts
// and buttons, over Socket Mode or HTTP, for one workspace or many.
//
// A payload is read by the package payload (its question.go and the files beside it), an answer drawn by the package blocks
// (render.go, limits.go); both are pure. This package has the transports, the tokens, and what goes over the network, by
// the package webapi. The app is made from what the package manifest writes.
//
// It decides nothing about answers and keeps no state of its own beyond caches: what must outlive the process goes through
// the interfaces in [Config]. It and the packages below it alone in the house know slack-go.
package slack

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"careerbot/adapters"
	"careerbot/adapters/slack/blocks"
	"careerbot/adapters/slack/webapi"
	"careerbot/bot/chat"
)

// APIURL is where Slack's Web API is: https://docs.slack.dev/apis/web-api.
const APIURL = "https://slack.com/api/"

// Secret is a token or key, which never prints.
type Secret = adapters.Secret

// Config of an Adapter. A BotToken serves one workspace; ClientID, ClientSecret and Installations serve those that install
// the app. An AppToken brings events over Socket Mode, a SigningSecret over HTTP; both may be set.
type Config struct {
	BotToken      Secret // xoxb-…
	AppToken      Secret // xapp-…, with the scope connections:write
	SigningSecret Secret
	ClientID      string
	ClientSecret  Secret

	Scopes []string // that installations ask for beside those of the plain manifest

	APIURL  string // "" is [APIURL]; for proxies and tests
	Command string // of the slash command; "" is "/backend"
	Sockets int    // of Socket Mode, 1 to 10 for all processes of the app together; 0 is 2

	Outbox        adapters.Outbox    // nil keeps promises in memory alone
	Installations Installations      // nil knows the workspace of BotToken alone
	Leases        Leases             // nil says that no other process refreshes tokens
	Settings      adapters.Settings  // nil keeps the choices of workspaces in memory
	Reporter      adapters.Reporter  // nil has no report
	Packs         func() []chat.Pack // that a workspace may choose from, each with a command of its own; nil offers no choice
	Recent        Recent             // nil shows none
	Meter         adapters.Meter
	Logger        *slog.Logger     // nil logs nothing; what people wrote is never logged
	Now           func() time.Time // nil is time.Now
	Times         Times
}

// Times are waits that tests shorten; zero values are right for Slack.
type Times struct {
	Answer time.Duration // a command's answer may take to ride on the acknowledgement; 0 is 2 s of Slack's 3 s
	Call   time.Duration // one call of the Web API may take; 0 is 10 s
	Open   time.Duration // between two calls of apps.connections.open; 0 is 1 s
	Hello  time.Duration // a socket may take until it says hello; 0 is 10 s
	Silent time.Duration // a socket may say nothing, pings neither; 0 is 30 s, as in Slack's own clients
	Linger time.Duration // an old socket is read after its successor is there; 0 is 10 s
	Settle time.Duration // a post may take until it can be looked up; 0 is 2 s
	Every  time.Duration // between looks for promises of processes that are gone; 0 is the courier's
	Outbox time.Duration // one operation of the outbox may take; 0 is the courier's
	Drain  time.Duration // for what is under way at the end; 0 is 4 s
}

func (t Times) withDefaults() Times {
	or := func(p *time.Duration, d time.Duration) {
		if *p <= 0 {
			*p = d
		}
	}
	or(&t.Answer, 2*time.Second)
	or(&t.Call, 10*time.Second)
	or(&t.Open, time.Second)
	or(&t.Hello, 10*time.Second)
	or(&t.Silent, 30*time.Second)
	or(&t.Linger, 10*time.Second)
	or(&t.Settle, 2*time.Second)
	or(&t.Drain, 4*time.Second) // with the rest of a stop less than the 10 s that serve has
	return t
}

func (c Config) withDefaults() Config {
	if c.APIURL == "" {
		c.APIURL = APIURL
	}
	if !strings.HasSuffix(c.APIURL, "/") {
		c.APIURL += "/"
	}
	if c.Command == "" {
		c.Command = "/backend"
	}
	if c.Sockets == 0 {
		c.Sockets = 2
	}
	c.Sockets = min(max(c.Sockets, 1), 10) // Slack's limit for one app: https://docs.slack.dev/apis/events-api/using-socket-mode
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	c.Meter = adapters.Metered(c.Meter)
	c.Times = c.Times.withDefaults()
	return c
}

// Recent gives up to n questions that a person asked last, newest first. It is safe for concurrent use.
type Recent func(ctx context.Context, user string, n int) ([]string, error)

// Adapter is the bot in Slack. It is safe for concurrent use and runs once.
type Adapter struct {
	cfg     Config
	log     *slog.Logger
	api     *webapi.Client
	tokens  *tokens
	book    *adapters.PreferenceBook
	states  *states
	slots   *slots
	threads *recent[bool]         // whether the bot has answered in a thread
	rights  *recent[bool]         // whether a person manages the workspace
	levels  *recent[blocks.Level] // of drawing, where a workspace refused the best
	proven  *recent[bool]         // workspaces that take blocks rolled out by stages, or do not tell
	proving *once                 // workspaces that are being asked
	doubts  *recent[bool]         // events whose answer may be at a response_url already
	jobs    *jobs
	quick   *quick
	sockets *sockets
	gate    gate

	mu      sync.Mutex
	courier *adapters.Courier
	asker   chat.Asker
	trouble error // why the adapter cannot work, nil while it can
	ran     bool
}

var (
	_ adapters.Adapter = (*Adapter)(nil)
	_ adapters.Mounter = (*Adapter)(nil)
	_ adapters.Checker = (*Adapter)(nil)
	_ adapters.Prober  = (*Adapter)(nil)
	_ adapters.Readier = (*Adapter)(nil)
	_ adapters.Sender  = (*sender)(nil)
)

// New makes an Adapter. What is wrong with its configuration is said by Check and by Run.
func New(cfg Config) *Adapter {
	cfg = cfg.withDefaults()
	log := cfg.Logger.With("adapter", "slack")
	a := &Adapter{
		cfg: cfg, log: log,
		api:     webapi.New(cfg.APIURL, cfg.Times.Call, workers, cfg.Meter),
		book:    adapters.NewPreferenceBook("slack", cfg.Settings, cfg.Now),
		slots:   newSlots(),
		threads: newRecent[bool](cfg.Now, threadLife),
		rights:  newRecent[bool](cfg.Now, rightLife),
		levels:  newRecent[blocks.Level](cfg.Now, levelLife),
		proven:  newRecent[bool](cfg.Now, levelLife),
		proving: newOnce(),
		doubts:  newRecent[bool](cfg.Now, doubtLife),
		jobs:    newJobs(log),
		quick:   newQuick(log),
	}
	a.tokens = newTokens(cfg, a.api, log)
	a.states = newStates(cfg)
	a.sockets = newSockets(a)
	return a
}

// Name is "slack".
func (a *Adapter) Name() string { return "slack" }

// Run serves Slack until ctx ends. Then it takes nothing new, finishes what is under way, acknowledges and closes.
// An error says what is wrong with the configuration and what to do about it: a token that Slack refuses does not get
// better by trying again.
func (a *Adapter) Run(ctx context.Context, ask chat.Asker) error {
	if err := a.start(ask); err != nil {
		return err
	}
	defer a.api.Close()
	for _, f := range a.Check(ctx) {
		if !f.OK {
			return fmt.Errorf("%s: %s; %s", f.What, f.Problem, f.Remedy)
		}
	}
	if a.cfg.BotToken != "" { // before the courier: without it, what is owed to a workspace is owed to nobody
		if err := a.identify(ctx); err != nil {
			return err
		}
	}
	delivering, stopDelivering := context.WithCancel(context.WithoutCancel(ctx))
	defer stopDelivering()
	delivered := make(chan error, 1)
	go func() { delivered <- a.courier.Run(delivering) }()
	a.jobs.start()

	var err error
	if ctx.Err() == nil {
		err = a.serve(ctx)
	}
	idle := a.gate.shut()
	select {
	case <-idle: // every request has its answer
	case <-time.After(a.cfg.Times.Answer):
	}
	stopDelivering()
	lost := <-delivered
	a.quick.done.Wait()
	a.jobs.stop(time.Second)
	return errors.Join(err, lost)
}

// start makes the courier.
func (a *Adapter) start(ask chat.Asker) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.ran {
		return errors.New("run the Slack adapter: it ran already")
	}
	a.ran = true
	t := a.cfg.Times
	a.asker = &asker{a, ask}
	a.courier = adapters.NewCourier(a.Name(), a.cfg.Outbox, a.asker, &sender{a}, adapters.CourierOptions{
		Logger: a.log, Meter: a.cfg.Meter, Now: a.cfg.Now, Settle: t.Settle, Every: t.Every, Outbox: t.Outbox, Drain: t.Drain,
	})
	return nil
}

// serve lets events in until ctx ends, or something is wrong for good.
func (a *Adapter) serve(ctx context.Context) error {
	a.gate.open()
	if a.cfg.AppToken == "" {
		<-ctx.Done()
		return nil
	}
	return a.sockets.run(ctx)
}

// identify asks Slack whose BotToken is, again and again while Slack cannot be reached.
func (a *Adapter) identify(ctx context.Context) error {
	for n := 1; ctx.Err() == nil; n++ {
		err := a.tokens.identify(ctx)
		a.setTrouble(err)
		if err == nil || ctx.Err() != nil {
			return nil
		}
		if advice := webapi.Advice(err); advice != "" {
			return fmt.Errorf("SLACK_BOT_TOKEN: %w; %s", err, advice)
		}
		a.log.Warn("Slack does not say who the bot is; trying again", "err", err)
		if !wait(ctx, max(backoff(n, a.cfg.Times.Open), webapi.RetryAfter(err))) {
			return nil
		}
	}
	return nil
}

func (a *Adapter) setTrouble(err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.trouble = err
}

// noteToken keeps that the token of Config.BotToken has gone, for an operator to see, or that it works again.
func (a *Adapter) noteToken(in *Installation, err error) {
	switch {
	case in == nil || in.Token != a.cfg.BotToken:
	case err == nil:
		a.setTrouble(nil)
	case webapi.TokenGone(err):
		a.setTrouble(fmt.Errorf("SLACK_BOT_TOKEN: %w; %s", err, webapi.Advice(err)))
	}
}

// Ready is nil while Slack reaches the bot: a socket is open and has said hello, or requests are let in; and while what
// is accepted outlives the process.
func (a *Adapter) Ready() error {
	a.mu.Lock()
	courier, trouble := a.courier, a.trouble
	a.mu.Unlock()
	switch {
	case trouble != nil:
		return fmt.Errorf("slack: %w", trouble)
	case courier == nil || !a.gate.isOpen():
		return errors.New("slack: the adapter is not running")
	case a.cfg.AppToken != "":
		if err := a.sockets.ready(); err != nil {
			return err
		}
	}
	return courier.Ready()
}

// Mount adds /slack/commands, /slack/events and /slack/interactions where there is a signing secret, and /slack/install and
// /slack/oauth_redirect where the app can be installed into many workspaces.
func (a *Adapter) Mount(mux *http.ServeMux) {
	if a.cfg.SigningSecret != "" {
		mux.Handle("/slack/commands", a.signed(a.serveCommand))
		mux.Handle("/slack/events", a.signed(a.serveEvent))
		mux.Handle("/slack/interactions", a.signed(a.serveInteraction))
	}
	if a.installs() {
		mux.HandleFunc("GET /slack/install", a.serveInstall)
		mux.HandleFunc("GET /slack/oauth_redirect", a.serveRedirect)
	}
}

// installs says whether the app can be installed into further workspaces.
func (a *Adapter) installs() bool {
	return a.cfg.ClientID != "" && a.cfg.ClientSecret != "" && a.cfg.Installations != nil
}
