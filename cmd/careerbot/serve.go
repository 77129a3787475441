package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"syscall"
	"time"

	"careerbot/adapters"
	"careerbot/adapters/web"
	"careerbot/bot"
	"careerbot/bot/chat"
	"careerbot/bot/store"

	"github.com/spf13/cobra"
)

// Times of a server's life.
const (
	stopWait   = 7 * time.Second        // for answers under way when the server is told to stop: longer than an answer's deadline
	tracesWait = time.Second            // for spans to leave when the server ends
	readWait   = 15 * time.Second       // for a request to arrive
	writeWait  = 30 * time.Second       // for a response to leave
	idleWait   = 620 * time.Second      // longer than proxies keep a connection (nginx and AWS 1 min, Google 10): none posts on one being closed
	sweepEvery = time.Hour              // how often what is past its retention is removed
	settle     = 400 * time.Millisecond // without a change before changed files are read: editors write in steps
)

func (p *program) serveCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Answer on every platform that is set up, until told to stop",
		Long: `serve hosts the adapters and remembers what must be remembered. Without any setting it
keeps its state in SQLite under the state directory and listens on 127.0.0.1:8080;
"careerbot config print" lists what can be set. SIGTERM stops taking questions, answers
those under way and ends within 10 seconds; SIGHUP reads the knowledge again.

With OTEL_EXPORTER_OTLP_ENDPOINT set, a span of each question and of each step of its answer
goes to that collector over HTTP; the other OTEL_* variables mean what they mean everywhere.`,
		Example: `  careerbot serve
  HTTP_KEY=secret careerbot serve --listen-addr :8080
  DATABASE_URL=postgres://bot@db/careerbot careerbot serve --log-format json`,
		Args: cobra.NoArgs,
	}
	flags, path := p.addSettings(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		c, err := p.load(cmd, flags, *path)
		if err != nil {
			return err
		}
		limitMemory(p.env)
		s, err := p.open(cmd.Context(), c)
		if err != nil {
			return err
		}
		defer s.closeAll()
		debug.FreeOSMemory() // what loading the knowledge took and nobody needs any more
		limitMemory(p.env)
		return s.run(cmd.Context())
	}
	return cmd
}

// server is a running careerbot.
type server struct {
	config   config
	log      *slog.Logger
	lib      *bot.Library
	store    *store.Store
	ask      chat.Asker
	metrics  *metrics
	traces   traces
	adapters []adapters.Adapter
	dirs     []string // packs that are watched
	listener net.Listener
	env      func(string) string

	mu      sync.Mutex
	fallen  map[string]error // adapters that have ended by themselves
	reading error            // of the last reload; nil while the knowledge is good
}

// open makes a server with everything it needs; the caller ends with closeAll.
func (p *program) open(ctx context.Context, c config) (_ *server, err error) {
	s := &server{config: c, env: p.env, log: newLogger(p.err, c.get("LOG_FORMAT"), c.get("LOG_LEVEL"))}
	defer func() {
		if err != nil {
			s.closeAll()
		}
	}()
	if err := s.openStore(ctx); err != nil {
		return nil, err
	}
	s.dirs = append(listed(c.get("KNOWLEDGE_DIRS")), p.knowledge...)
	s.lib, err = bot.OpenLibrary(ctx, bot.LibraryConfig{Builtin: !p.noBuiltin, Dirs: s.dirs, IndexDir: p.indexDir})
	if err != nil {
		return nil, err
	}
	if s.traces, err = newTraces(ctx, p.env, readBuild()); err != nil {
		return nil, err
	}
	s.stack()
	s.adapters = s.makeAdapters()
	if p.extra != nil {
		s.adapters = append(s.adapters, p.extra(s)...)
	}
	s.listener, err = net.Listen("tcp", c.get("LISTEN_ADDR"))
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w; choose another LISTEN_ADDR or end the program that has it", c.get("LISTEN_ADDR"), err)
	}
	return s, nil
}

// closeAll closes what open has opened, in the opposite order; run closes the listener.
func (s *server) closeAll() {
	s.close("traces", func() error {
		ctx, cancel := context.WithTimeout(context.Background(), tracesWait)
		defer cancel()
		return s.traces.close(ctx)
	})
	if s.lib != nil {
		s.close("library", s.lib.Close)
	}
	if s.store != nil {
		s.close("state", s.store.Close)
	}
}

// close closes a part on the way out; the log is the only one left to tell.
func (s *server) close(what string, f func() error) {
	if err := f(); err != nil {
		s.log.Warn("closing", "part", what, "err", err)
	}
}

// newLogger writes JSON or text; the values were checked on loading.
func newLogger(w io.Writer, format, level string) *slog.Logger {
	var l slog.Level
	_ = l.UnmarshalText([]byte(level))
	o := &slog.HandlerOptions{Level: l}
	if format == "json" {
		return slog.New(slog.NewJSONHandler(w, o))
	}
	return slog.New(slog.NewTextHandler(w, o))
}

// openStore opens the state, making the directory of a SQLite file.
func (s *server) openStore(ctx context.Context) error {
	key, err := stateKey(s.config.get("STATE_KEY"))
	if err != nil {
		return err
	}
	url := s.config.get("DATABASE_URL")
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok && !strings.HasPrefix(path, ":") {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return fmt.Errorf("make the state directory: %w; name another place with DATABASE_URL=sqlite:PATH", err)
		}
	}
	s.store, err = store.Open(ctx, url, store.Options{Key: key, Retention: s.config.duration("RETENTION"), Logger: s.log})
	return err
}

// stack puts the decorators around the bot: rates and deadline inside, then measuring, and a guard around all.
func (s *server) stack() {
	b := bot.New(s.lib, bot.WithJournal(s.store), bot.WithTurns(s.store), bot.WithEraser(s.store), bot.WithLogger(s.log), bot.WithCache(int(s.config.number("ANSWER_CACHE"))))
	s.metrics = newMetrics(readBuild(), s.gauges())
	limits := bot.DefaultLimits()
	limits.User = perMinute(s.config.number("USER_RATE"))
	limits.Thread = perMinute(s.config.number("CHANNEL_RATE"))
	limits.Server = perMinute(s.config.number("SERVER_RATE"))
	limits.Programs = []string{"web"}
	s.ask = s.traces.around(bot.Measure(bot.Limit(bot.Guard(b, s.log), limits), s.metrics))
}

// perMinute is a rate with room for a burst of half a minute's questions.
func perMinute(n float64) bot.Rate {
	if n <= 0 {
		return bot.Rate{}
	}
	return bot.Rate{Every: time.Duration(float64(time.Minute) / n), Burst: max(1, int(n/2))}
}

// makeAdapters lists the adapters that are set up. A new platform is one entry here.
func (s *server) makeAdapters() []adapters.Adapter {
	var out []adapters.Adapter
	if key := s.config.get("HTTP_KEY"); key != "" {
		out = append(out, web.New(web.Config{Key: web.Key(key), Logger: s.log, Votes: votes{s.store}, Replies: s.store}))
	}
	if a := s.makeDiscord(); a != nil {
		out = append(out, a)
	}
	if a := s.slackAdapter(); a != nil {
		out = append(out, a)
	}
	return out
}

// votes gives the web adapter the store's votes.
type votes struct{ store *store.Store }

// Vote keeps a vote.
func (v votes) Vote(ctx context.Context, answer, user string, up bool, reason string) error {
	return v.store.Vote(ctx, store.Vote{Answer: answer, User: "web:" + user, Up: up, Reason: reason})
}

func names(list []adapters.Adapter) []string {
	out := make([]string, 0, len(list))
	for _, a := range list {
		out = append(out, a.Name())
	}
	return out
}

// run serves until ctx ends: first the adapters end, which finish what is under way, then the HTTP server.
func (s *server) run(ctx context.Context) error {
	mux := http.NewServeMux()
	s.mountHealth(mux)
	for _, a := range s.adapters {
		if m, ok := a.(adapters.Mounter); ok {
			m.Mount(mux)
		}
	}
	web := &http.Server{
		Handler: s.traces.joined(mux), ReadTimeout: readWait, WriteTimeout: writeWait, IdleTimeout: idleWait,
		ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	hup := make(chan os.Signal, 1) // before the first answer: SIGHUP ends a process that does not listen for it
	signal.Notify(hup, syscall.SIGHUP)
	defer signal.Stop(hup)
	changed := s.watch(ctx)
	var running sync.WaitGroup
	for _, a := range s.adapters {
		running.Go(func() {
			if err := a.Run(ctx, s.ask); err != nil && ctx.Err() == nil && s.fell(a, err) {
				cancel(fmt.Errorf("adapter %s: %w", a.Name(), err))
			}
		})
	}
	running.Go(func() { s.keep(ctx, hup, changed) })
	running.Go(func() {
		if err := web.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
			cancel(fmt.Errorf("serve HTTP: %w", err))
		}
	})
	s.log.Info("serving", "addr", s.listener.Addr().String(), "state", s.store.Dialect(), "documents", s.lib.Index().Documents,
		"adapters", names(s.adapters), "version", readBuild().String())
	<-ctx.Done()
	s.log.Info("stopping")
	stop, done := context.WithTimeout(context.WithoutCancel(ctx), stopWait)
	defer done()
	if err := web.Shutdown(stop); err != nil { // a peer that stopped in the middle of a request holds nobody up
		s.log.Warn("connections cut", "err", errors.Join(err, web.Close()))
	}
	running.Wait()
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
		return cause
	}
	return nil
}

// fell notes that an adapter has ended by itself, as one does whose token was taken back. The others go on, and
// /readyz says so; true is that none is left.
func (s *server) fell(a adapters.Adapter, err error) (all bool) {
	s.log.Error("an adapter has ended; restart when it is mended", "adapter", a.Name(), "err", err)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fallen == nil {
		s.fallen = map[string]error{}
	}
	s.fallen[a.Name()] = err
	return len(s.fallen) == len(s.adapters)
}

// keep looks after what changes while the server runs: knowledge on SIGHUP or when its files change, and retention.
func (s *server) keep(ctx context.Context, hup <-chan os.Signal, changed <-chan struct{}) {
	sweep := time.NewTicker(sweepEvery)
	defer sweep.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-hup:
			s.reload(ctx, "SIGHUP")
		case <-changed:
			s.reload(ctx, "changed files")
		case <-sweep.C:
			if n, err := s.store.Sweep(ctx); err != nil {
				s.log.Warn("retention not kept", "err", err)
			} else if n > 0 {
				s.log.Info("removed what is past its retention", "rows", n)
			}
		}
	}
}

// reload reads the knowledge anew; a bad edit keeps the old and shows in /readyz.
func (s *server) reload(ctx context.Context, why string) {
	changed, err := s.lib.Reload(ctx)
	s.mu.Lock()
	s.reading = err
	s.mu.Unlock()
	switch {
	case err != nil:
		s.log.Error("knowledge not reloaded", "why", why, "err", err)
	case changed:
		limitMemory(s.env)
		s.log.Info("knowledge reloaded", "why", why, "documents", s.lib.Index().Documents)
	}
}
