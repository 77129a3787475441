// Package discord joins Discord to the bot: commands, mentions, direct messages and buttons become questions, answers
// become messages with buttons and charts.
//
// It does not answer anything itself, keeps no context and remembers no message: what a button needs stands in its id
// and in the bot's state. With its packages commands and lint it alone imports discordgo.
//
// One half of it is pure: it reads what Discord sends, in asked.go, question.go and settings.go. A reader makes an asked of
// an interaction or a message; under is the same as the server's settings want it, and comes before anything else; look
// says how the answer is drawn, which is package layout's. This half touches no network, no clock and no state, and knows
// Discord's JSON by itself, in object.go: discordgo's typed events are emptied by one field of an unexpected type, and
// their accessors panic then (bwmarrin/discordgo#1683, #1562).
//
// The other half carries: it claims, acknowledges, asks, sends, retries. It decides neither words nor layout.
package discord

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"careerbot/adapters"
	"careerbot/adapters/discord/layout"
	"careerbot/adapters/discord/transport"
	"careerbot/bot/chat"
)

// name of the adapter, in questions, configuration and logs.
const name = "discord"

// Secret is a bot token, which never prints.
type Secret = adapters.Secret

// Config of an [Adapter]. Only Token is needed.
type Config struct {
	Token         Secret             // of the bot
	ApplicationID string             // "" is asked of Discord
	PublicKey     string             // of the app, 64 hexadecimal digits: turns /discord/interactions on; "" leaves all to the gateway
	APIURL        string             // instead of https://discord.com/api, for a proxy or a test
	Command       string             // the slash command; "" is "backend"
	Shards        int                // of the gateway; 0 is what Discord recommends
	Packs         func() []chat.Pack // of knowledge, each with a command of its own; those who manage a server choose among them. Nil takes any name

	Outbox    adapters.Outbox   // nil keeps claims in memory alone
	Leases    Leases            // nil: no other process is connected to the gateway with this token
	Sessions  Sessions          // nil: each start begins new sessions with the gateway, and what is said meanwhile is lost
	Settings  adapters.Settings // nil keeps the preferences of servers in memory
	Reporter  adapters.Reporter // nil has no report
	Completer chat.Completer    // nil completes nothing
	Meter     adapters.Meter    // nil counts nothing
	Logger    *slog.Logger      // nil logs nothing; question text is never logged
	Now       func() time.Time  // nil is time.Now; of claims, limits and signatures

	Times Times
}

// Times are what tests shorten; each that is 0 is as the constant beside it says.
type Times struct {
	Defer    time.Duration // after which an interaction is told to wait: deferAfter
	Body     time.Duration // for something to say in the response to an interaction over HTTP: bodyWait
	Identify time.Duration // between two Identifies of one kind: identifyEvery
	Invalid  time.Duration // longest wait after a session was refused: invalidWait
	Lease    time.Duration // life of a lease: leaseLife; it is renewed three times in it
	Every    time.Duration // between deliveries of what is owed: the courier's
	Patience time.Duration // of one request with its retries: the transport's
	Drain    time.Duration // for what is under way when Run ends: drainWait
}

// Limits of time.
const (
	deferAfter    = 1500 * time.Millisecond // half of the 3 s that Discord waits
	identifyEvery = 5 * time.Second         // https://discord.com/developers/docs/events/gateway#rate-limiting
	invalidWait   = 5 * time.Second         // https://discord.com/developers/docs/events/gateway#resuming
	leaseLife     = 15 * time.Second
	drainWait     = 7 * time.Second
	answerLife    = 14*time.Minute + 30*time.Second // an interaction's token lives 15 min
)

func (t Times) withDefaults() Times {
	for p, d := range map[*time.Duration]time.Duration{
		&t.Defer: deferAfter, &t.Body: bodyWait, &t.Identify: identifyEvery, &t.Invalid: invalidWait, &t.Lease: leaseLife, &t.Drain: drainWait,
	} {
		if *p <= 0 {
			*p = d
		}
	}
	return t
}

// Adapter joins one Discord application to the bot. It is safe for concurrent use.
type Adapter struct {
	cfg     Config
	log     *slog.Logger
	key     ed25519.PublicKey // nil: no interactions over HTTP
	rest    *transport.REST
	api     api
	book    *adapters.PreferenceBook
	visits  visits
	charts  layout.Pictures
	gateway *gateway
	wrong   error // of the configuration

	mu    sync.Mutex
	self  identity
	shift atomic.Pointer[shift] // nil while Run does not run
}

// identity is who the bot is.
type identity struct{ application, user string }

var (
	_ adapters.Adapter = (*Adapter)(nil)
	_ adapters.Mounter = (*Adapter)(nil)
	_ adapters.Readier = (*Adapter)(nil)
	_ adapters.Checker = (*Adapter)(nil)
	_ adapters.Prober  = (*Adapter)(nil)
)

// New makes an Adapter. What is wrong with cfg is said by Check and by Run.
func New(cfg Config) *Adapter {
	if cfg.Command == "" {
		cfg.Command = "backend"
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	cfg.Meter = adapters.Metered(cfg.Meter)
	cfg.Times = cfg.Times.withDefaults()
	a := &Adapter{
		cfg: cfg, log: cfg.Logger.With("adapter", name), book: adapters.NewPreferenceBook(name, cfg.Settings, cfg.Now),
		self: identity{application: cfg.ApplicationID},
	}
	a.gateway = newGateway(a)
	if cfg.Token == "" {
		a.wrong = errors.New("there is no token: copy it from the app's Bot page into DISCORD_TOKEN")
	}
	if key, err := hex.DecodeString(cfg.PublicKey); cfg.PublicKey != "" {
		if err != nil || len(key) != ed25519.PublicKeySize {
			a.wrong = errors.New("the public key is no 64 hexadecimal digits: copy it from the app's General Information page")
		} else {
			a.key = key
		}
	}
	var err error
	a.rest, err = transport.NewREST(transport.Options{
		URL: cfg.APIURL, Name: name, Meter: cfg.Meter, Logger: a.log, Now: cfg.Now, Patience: cfg.Times.Patience,
	})
	if err != nil {
		a.wrong = err
		return a
	}
	a.api, err = newAPI(string(cfg.Token), a.rest)
	a.wrong = errors.Join(a.wrong, err)
	return a
}

// Name is "discord".
func (a *Adapter) Name() string { return name }

// Run connects to the gateway and answers until ctx ends; then it finishes what is under way. The error says why it
// cannot go on: a token that Discord does not take, for one. A gateway or a REST interface that cannot be reached is
// waited for. An Adapter runs once at a time.
func (a *Adapter) Run(ctx context.Context, ask chat.Asker) error {
	if a.wrong != nil {
		return fmt.Errorf("run the Discord adapter: %w", a.wrong)
	}
	s := newShift(a, ask)
	if !a.shift.CompareAndSwap(nil, s) {
		return errors.New("run the Discord adapter: it runs already")
	}
	defer a.rest.Close()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var parts sync.WaitGroup
	part := func(what string, f func(context.Context) error) {
		parts.Go(func() {
			if err := f(ctx); err != nil && (ctx.Err() == nil || !errors.Is(err, ctx.Err())) {
				cancel(fmt.Errorf("%s: %w", what, err))
			}
		})
	}
	part("Discord", a.rest.Wait)
	part("Discord commands", a.register)
	part("Discord gateway", a.gateway.run)
	part("Discord courier", s.courier.Run)
	<-ctx.Done()
	a.shift.Store(nil) // from now on nothing new is taken
	parts.Wait()
	s.work.Wait()
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
		return cause
	}
	return nil
}

// Ready is nil while questions reach the bot and answers leave it: every shard that is this process's has a session
// whose heartbeats are acknowledged, and the outbox keeps what is accepted.
func (a *Adapter) Ready() error {
	s := a.shift.Load()
	switch {
	case s == nil:
		return errors.New("the Discord adapter is not running")
	case a.rest.Revoked():
		return transport.ErrRevoked
	}
	if err := a.gateway.ready(); err != nil {
		return err
	}
	return s.courier.Ready()
}

// Mount adds POST /discord/interactions to mux, where there is a public key to verify requests with.
func (a *Adapter) Mount(mux *http.ServeMux) {
	if a.key != nil {
		mux.HandleFunc("POST /discord/interactions", a.serveInteraction)
	}
}

// who is who the bot is, as far as it is known.
func (a *Adapter) who() identity {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.self
}

// learn remembers who the bot is.
func (a *Adapter) learn(id identity) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.self.application == "" {
		a.self.application = id.application
	}
	if id.user != "" {
		a.self.user = id.user
	}
}
