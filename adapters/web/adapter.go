// Package web answers questions over HTTP with JSON, so that other programs can ask.
//
// It reads a request, asks and writes the answer; GET /openapi.json describes what it takes and gives. It decides
// nothing about answers, remembers none (replies and votes are kept by what [Config] gives it), serves no page for
// people, and brings no server: the process mounts it on its own.
package web

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	_ "embed"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"careerbot/adapters"
	"careerbot/bot/chat"
)

// document is the OpenAPI 3.1 description of the routes.
//
//go:embed openapi.json
var document string

// Config of an Adapter. Only Key is needed; without one the adapter is off.
type Config struct {
	Key      Key           // every peer sends it as "Authorization: Bearer KEY"; "" switches the adapter off
	MaxBody  int64         // bytes of a request's body; 0 is [MaxBody]
	Deadline time.Duration // for each request; 0 is [Deadline]
	Origins  []string      // pages whose scripts may ask (CORS), such as "https://tools.example"; none by default

	Now     func() time.Time // nil is time.Now; measures took_us
	Logger  *slog.Logger     // nil logs nothing; question text is never logged
	Votes   Votes            // nil refuses votes in words
	Replies Replies          // nil answers a repeated id anew
}

// Key is a secret, which never prints.
type Key = adapters.Secret

// Votes keeps what people think of an answer. It is safe for concurrent use.
type Votes interface {
	// Vote records one vote on the answer with this id; a later one of the same user on it replaces it. user is as
	// the peer named it, "" where it named nobody; reason may be "". An error that wraps [io/fs.ErrNotExist] says
	// that there is no such answer; a [chat.Fault] is told to the peer.
	Vote(ctx context.Context, answer, user string, up bool, reason string) error
}

// Adapter answers over HTTP. It is safe for concurrent use.
type Adapter struct {
	cfg     Config
	log     *slog.Logger
	key     [sha256.Size]byte // digests have one length, so that comparing them tells nothing of the key's
	topics  []string          // those of the commands
	prefix  string            // of made ids: differs between processes
	serial  atomic.Uint64     // of made ids
	gate    gate
	flights flights
	visits  sync.Pool // of *visit
}

var (
	_ adapters.Adapter = (*Adapter)(nil)
	_ adapters.Mounter = (*Adapter)(nil)
)

// New makes an Adapter.
func New(cfg Config) *Adapter {
	if cfg.MaxBody <= 0 {
		cfg.MaxBody = MaxBody
	}
	if cfg.Deadline <= 0 {
		cfg.Deadline = Deadline
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	a := &Adapter{
		cfg: cfg, log: cfg.Logger.With("adapter", "web"),
		key:    sha256.Sum256([]byte(cfg.Key)),
		prefix: "web-" + strings.ToLower(rand.Text()[:12]) + "-",
	}
	for _, c := range chat.Commands() {
		if c.Topic != "" {
			a.topics = append(a.topics, string(c.Topic))
		}
	}
	a.visits.New = func() any { return &visit{body: new(bytes.Buffer)} }
	return a
}

// Name is "web".
func (a *Adapter) Name() string { return "web" }

// Mount adds POST /v1/ask, POST /v1/vote and GET /openapi.json to mux; nothing where there is no key. The server
// brings the limits on how long a peer may take to send and to receive.
func (a *Adapter) Mount(mux *http.ServeMux) {
	if a.cfg.Key == "" {
		return
	}
	mux.HandleFunc("/v1/ask", a.route(a.ask))
	mux.HandleFunc("/v1/vote", a.route(a.vote))
	mux.HandleFunc("/openapi.json", a.describe)
}

// Run lets the routes answer through ask until ctx ends; then it refuses new requests and waits for those under
// way. The error says how many had not ended a second after their deadline. An Adapter runs once at a time.
func (a *Adapter) Run(ctx context.Context, ask chat.Asker) error {
	if !a.gate.open(ask) {
		return errors.New("run the web adapter: it runs already")
	}
	<-ctx.Done()
	idle := a.gate.shut()
	late := time.NewTimer(a.cfg.Deadline + grace)
	defer late.Stop()
	select {
	case <-idle:
		return nil
	case <-late.C:
		return fmt.Errorf("stop the web adapter: %d requests are still under way after %v", a.gate.count(), a.cfg.Deadline+grace)
	}
}

// Ready is nil while requests are answered: from the start of Run until its ctx ends.
func (a *Adapter) Ready() error {
	if !a.gate.isOpen() {
		return errors.New("the web adapter is not running")
	}
	return nil
}
