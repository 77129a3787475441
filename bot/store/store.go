// Package store keeps what the bot must not forget: which questions were accepted and still have to be answered, the turns of
// conversations, settings, votes, the journal of questions, installations and leases. A state lies in a SQLite file, which one
// process has to itself, or in PostgreSQL, which many share; both have the same schema and answer the same statements.
//
// It does not know what a question or an answer is: payloads and turns are bytes. It does not send, does not retry towards a
// platform, and does not decide when to sweep. How a database is opened, locked and written, and in what the two differ, is
// engine's. It never keeps the name of who asked, only a hash with a salt of this install.
//
// Every method is safe for concurrent use and returns when its context ends, or after five seconds, or Options.Wait, where the
// context has no deadline: a database that is lost, full or read-only costs an error, never a hang, and what was stored stays as it was.
package store

import (
	"context"
	"crypto/rand"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"careerbot/bot/store/engine"
)

// Times a store works with.
const (
	// PromiseLease is how long a promise stays with a store that has stopped renewing it, because its process died. A store
	// renews the promises it has under way every third of it.
	PromiseLease = 15 * time.Second
	// Stuck is how long a promise may be under way before it is handed out again even though its owner lives. Who needs longer
	// calls Hold.
	Stuck = 5 * time.Minute
	// ClaimLife is how long a delivered claim and a reply are remembered, to know repeats by. Slack's last retry comes five minutes after the
	// first delivery; an hour leaves room for queues and clocks, and this for a reconnect after it.
	ClaimLife = 2 * time.Hour
	// TurnLife is how long turns of a conversation are kept.
	TurnLife = 24 * time.Hour
	// DefaultRetention is how long the journal, votes and expired promises are kept unless Options say otherwise.
	DefaultRetention = 90 * 24 * time.Hour

	renewEvery   = PromiseLease / 3
	defaultWait  = 5 * time.Second  // of Options.Wait
	openWait     = 30 * time.Second // migrations may have to wait for another replica's
	maxTextBytes = 4000             // of a question or a reason, about Discord's longest message
)

// Errors that a caller tells apart.
var (
	ErrClosed  = engine.ErrClosed // it was closed before
	ErrInUse   = engine.ErrInUse  // another process has the SQLite file
	ErrNewer   = engine.ErrNewer  // a newer version has changed the schema
	ErrDropped = errors.New("the queue to the database is full: what was to be kept of a question was dropped, its answer is not affected")
	ErrNoKey   = errors.New("STATE_KEY is not set: secrets are only stored encrypted; set it to a long random text and keep it safe")
	ErrKey     = errors.New("STATE_KEY is not the one this secret was stored with; set the earlier key again, or install the app anew")
	ErrNone    = errors.New("there is none")
)

//go:embed migrations/*.sql
var embedded embed.FS

// schema is the embedded one.
func schema() fs.FS {
	sub, _ := fs.Sub(embedded, "migrations") // the name is good
	return sub
}

// Options change how a store works; the zero value is good.
type Options struct {
	// Now is the clock. The default is time.Now, and on PostgreSQL the server's time, so that replicas agree on leases.
	Now func() time.Time
	// Key encrypts the secrets of installations (STATE_KEY). It may be any text of 16 bytes or more; without one installations
	// are refused and everything else works.
	Key []byte
	// Retention is how long journal, votes and expired promises are kept; 0 means DefaultRetention.
	Retention time.Duration
	// Wait is how long the database is waited for where the caller's context has no deadline, and at Close; 0 is five seconds.
	Wait time.Duration
	// Logger gets what has no caller to go to, such as a journal that cannot be written; nil discards it.
	Logger *slog.Logger

	engine engine.Options // for tests: faults between the store and its driver, another schema than the embedded one
	unkept bool           // for tests: nothing is done every few seconds
}

// Store is an open state. Close it.
type Store struct {
	db        engine.DB
	id        string // of this opening, unlike that of any other
	opts      Options
	log       *slog.Logger
	salt      []byte
	secret    []byte // derived from Options.Key, nil without one
	offset    atomic.Int64
	lastStamp atomic.Int64
	loose     *loose
	journal   *queue[Entry]
	talk      *queue[turn]
	counts    struct{ claimed, repeated, again atomic.Uint64 }

	stop    chan struct{}
	keeping sync.WaitGroup
	closing sync.Once
	closeIs error
}

// Open opens the state at url, "sqlite:PATH", "sqlite::memory:" or "postgres://…", and brings its schema up to date. The error
// says what to do, and never contains the password. It wraps ErrInUse where another process has the SQLite file, and ErrNewer
// where a newer version has changed the schema.
func Open(ctx context.Context, url string, o Options) (*Store, error) {
	ctx, cancel := bound(ctx, openWait)
	defer cancel()
	if o.Retention <= 0 {
		o.Retention = DefaultRetention
	}
	if o.Wait <= 0 {
		o.Wait = defaultWait
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.engine.Wait = o.Wait; o.engine.Migrations == nil {
		o.engine.Migrations = schema()
	}
	s := &Store{opts: o, log: o.Logger, id: newID(), stop: make(chan struct{}), loose: newLoose()}
	var err error
	if s.db, err = engine.Open(ctx, url, o.engine); err != nil {
		return nil, fmt.Errorf("open the state %s: %w", engine.Redact(url), err)
	}
	if err := s.begin(ctx); err != nil {
		err = errors.Join(s.db.Explain(err), s.db.Close())
		return nil, fmt.Errorf("open the state %s: %w", engine.Redact(url), err)
	}
	half := o.Wait / 2 // of a flush's and of a close's, which then tell of writes that do not end
	s.journal = newQueue("the journal", func(e Entry) string { return e.Answer }, s.writeEntries, half, s.log)
	s.talk = newQueue("conversations", turn.key, s.writeTurns, half, s.log)
	if !o.unkept {
		s.keeping.Go(s.keep)
	}
	return s, nil
}

// begin prepares a database that has just been opened.
func (s *Store) begin(ctx context.Context) error {
	if err := s.syncClock(ctx); err != nil {
		return err
	}
	var err error
	if s.salt, err = s.installSalt(ctx); err != nil {
		return err
	}
	if s.secret, err = deriveKey(s.opts.Key, s.salt); err != nil {
		return err
	}
	if !s.db.Alone() {
		return nil
	}
	return s.db.Write(ctx, func(ctx context.Context, q engine.Querier) error {
		// Nobody else has this file, so whoever held promises and leases is dead and need not be waited for.
		if _, err := q.Exec(ctx, `UPDATE claims SET owner = '', until = 0 WHERE state = 0`); err != nil {
			return err
		}
		_, err := q.Exec(ctx, `UPDATE leases SET until = 0`)
		return err
	})
}

// installSalt gives the salt of this install, making it at the first opening.
func (s *Store) installSalt(ctx context.Context) (salt []byte, err error) {
	err = s.db.Write(ctx, func(ctx context.Context, q engine.Querier) error {
		const add = `INSERT INTO meta (name, value) VALUES ('salt', $1) ON CONFLICT (name) DO NOTHING`
		if _, err := q.Exec(ctx, add, newSalt()); err != nil {
			return err
		}
		_, err := q.First(ctx, `SELECT value FROM meta WHERE name = 'salt'`, nil, &salt)
		return err
	})
	if err != nil {
		return nil, err
	}
	return salt, nil
}

// Close writes what is queued, gives the promises under way back so that others may take them at once, and closes the database.
// It takes at most about ten seconds; calling it again does nothing and returns the same.
func (s *Store) Close() error {
	s.closing.Do(func() {
		close(s.stop)
		s.keeping.Wait()
		ctx, cancel := context.WithTimeout(context.Background(), s.opts.Wait)
		defer cancel()
		s.talk.close(ctx)
		s.journal.close(ctx)
		err := errors.Join(s.loose.tidy(ctx, s), s.giveBack(ctx))
		s.closeIs = s.say("close the state", errors.Join(err, s.db.Close()))
	})
	return s.closeIs
}

// giveBack lets other replicas take what is under way at once.
func (s *Store) giveBack(ctx context.Context) error {
	if s.db.Alone() {
		return nil // opening does it
	}
	return s.db.Single(ctx, func(ctx context.Context, q engine.Querier) error {
		_, err := q.Exec(ctx, `UPDATE claims SET owner = '', until = 0 WHERE state = 0 AND owner = $1`, s.id)
		return err
	})
}

// Dialect is "sqlite" or "postgres".
func (s *Store) Dialect() string { return s.db.Dialect() }

// Ping says whether the state can be written, by writing to it.
func (s *Store) Ping(ctx context.Context) error {
	return s.write(ctx, "reach the state", func(ctx context.Context, q engine.Querier) error {
		const touch = `INSERT INTO meta (name, value) VALUES ('ping', $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value`
		_, err := q.Exec(ctx, touch, []byte(s.now().UTC().Format(time.RFC3339)))
		if err != nil {
			return err
		}
		return s.db.InPlace()
	})
}

// keep tends the state while the store is open.
func (s *Store) keep() {
	tick := time.NewTicker(renewEvery)
	defer tick.Stop()
	failing := false
	for {
		select {
		case <-s.stop:
			return
		case <-tick.C:
		}
		err := s.tend()
		if (err != nil) == failing {
			continue
		}
		if failing = err != nil; failing {
			s.log.Error("the state cannot be kept up; other replicas may take over what is under way", "err", err)
		} else {
			s.log.Info("the state can be kept up again")
		}
	}
}

// tend renews promises under way, ties up loose ends, and follows the database's clock.
func (s *Store) tend() error {
	ctx, cancel := context.WithTimeout(context.Background(), renewEvery)
	defer cancel()
	return s.db.Explain(errors.Join(s.syncClock(ctx), s.loose.tidy(ctx, s), s.renew(ctx)))
}

// write runs fn in one transaction. fn may run more than once and sets its results anew each time.
func (s *Store) write(ctx context.Context, doing string, fn engine.Work) error {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	return s.say(doing, s.db.Write(ctx, fn))
}

// single is write for a fn of one statement.
func (s *Store) single(ctx context.Context, doing string, fn engine.Work) error {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	return s.say(doing, s.db.Single(ctx, fn))
}

func (s *Store) read(ctx context.Context, doing string, fn engine.Work) error {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	return s.say(doing, s.db.Read(ctx, fn))
}

// say puts an error in words, without secrets.
func (s *Store) say(doing string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", doing, s.db.Explain(err))
}

func (s *Store) now() time.Time {
	if s.opts.Now != nil {
		return s.opts.Now()
	}
	return time.Now().Add(time.Duration(s.offset.Load()))
}

// syncClock measures how far the server's clock is from ours, unless a clock was given.
func (s *Store) syncClock(ctx context.Context) error {
	if s.opts.Now != nil {
		return nil
	}
	offset, err := s.db.Clock(ctx)
	if err == nil {
		s.offset.Store(int64(offset))
	}
	return err
}

// stamp is the time now as a number that this store has not given out before.
func (s *Store) stamp() int64 {
	for {
		last, now := s.lastStamp.Load(), nanos(s.now())
		now = max(now, last+1)
		if s.lastStamp.CompareAndSwap(last, now) {
			return now
		}
	}
}

// bound gives ctx a deadline if it has none.
func (s *Store) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	return bound(ctx, s.opts.Wait)
}

func bound(ctx context.Context, wait time.Duration) (context.Context, context.CancelFunc) {
	if _, ok := ctx.Deadline(); ok {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, wait)
}

// nanos and moment carry times into the database and back; the zero time is 0.
func nanos(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixNano()
}

func moment(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(0, n).UTC()
}

func newID() string { return hex.EncodeToString(newSalt()[:16]) }

func newSalt() []byte {
	b := make([]byte, 32)
	rand.Read(b) // never fails
	return b
}

// clean makes text fit both databases, as PostgreSQL takes no zero bytes and only UTF-8, and cuts it to limit bytes.
func clean(text string, limit int) string {
	if len(text) > limit {
		for limit > 0 && !utf8.RuneStart(text[limit]) {
			limit--
		}
		text = text[:limit]
	}
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
}

// Longest names of things, in bytes. The platforms' own ids are a tenth of it.
const maxName = 512

// checkNames refuses names that the databases would not keep as they are: two names must never become one.
func checkNames(names ...string) error {
	for _, n := range names {
		switch {
		case n == "":
			return errors.New("a name is empty")
		case len(n) > maxName:
			return fmt.Errorf("a name has %d bytes, more than %d", len(n), maxName)
		case !utf8.ValidString(n) || strings.ContainsRune(n, 0):
			return fmt.Errorf("the name %q is not plain UTF-8 text", n)
		}
	}
	return nil
}
