package engine

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

// postgresEngine is a PostgreSQL database, shared with other replicas.
type postgresEngine struct {
	db      *sql.DB
	secrets []string // never shown
	host    string
	closed  chan struct{}
}

var _ database = (*postgresEngine)(nil)

const (
	// connections to the server unless the URL says pool_max_conns: its default of 100 then serves six replicas.
	connections    = 16
	connectTimeout = 5 * time.Second // unless the URL says connect_timeout
	idleTime       = 5 * time.Minute
	unlockWait     = 5 * time.Second // for the lock of migrations to be given back
	maxAttempts    = 3               // at a transaction that met another in the wrong order
)

func openPostgres(ctx context.Context, raw string, o Options) (*postgresEngine, error) {
	cfg, err := pgxpool.ParseConfig(raw)
	if err != nil {
		// The parser's own words contain what it could not parse, and that may be the password.
		return nil, errors.New("DATABASE_URL is not a URL that PostgreSQL understands; write postgres://user:password@host:5432/database, " +
			"with %-escapes for special characters in the password")
	}
	size := connections
	if strings.Contains(raw, "pool_max_conns=") {
		size = max(2, int(cfg.MaxConns)) // migrations need one for the lock and one to work
	}
	conn := cfg.ConnConfig
	if conn.ConnectTimeout == 0 {
		conn.ConnectTimeout = connectTimeout
	}
	if conn.RuntimeParams["application_name"] == "" {
		conn.RuntimeParams["application_name"] = "careerbot"
	}
	c := stdlib.GetConnector(*conn)
	if o.Wrap != nil {
		c = o.Wrap(c)
	}
	e := &postgresEngine{db: pooled(c, size), host: conn.Host, secrets: secretsOf(raw, conn.Password), closed: make(chan struct{})}
	e.db.SetConnMaxIdleTime(idleTime)
	if err := e.db.PingContext(ctx); err != nil {
		return nil, errors.Join(e.Explain(err), e.db.Close())
	}
	return e, nil
}

// secretsOf lists the ways in which the password may turn up in an error.
func secretsOf(raw, password string) []string {
	if password == "" {
		return nil
	}
	out := []string{password, url.QueryEscape(password), url.PathEscape(password)}
	if u, err := url.Parse(raw); err == nil {
		if _, written, ok := strings.Cut(u.User.String(), ":"); ok {
			out = append(out, written)
		}
	}
	return out
}

// Write runs fn in a transaction, again if the server broke it off because it met another in the wrong order.
func (e *postgresEngine) Write(ctx context.Context, fn Work) (err error) {
	for range maxAttempts {
		err = e.transaction(ctx, fn)
		var fault *pgconn.PgError
		if !errors.As(err, &fault) || fault.Code != "40P01" && fault.Code != "40001" {
			break
		}
	}
	return e.outcome(err)
}

func (e *postgresEngine) transaction(ctx context.Context, fn Work) error {
	tx, err := e.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := fn(ctx, Querier{tx}); err != nil {
		tx.Rollback() //nolint:errcheck // the connection is closed if this fails, which undoes it too
		return err
	}
	return tx.Commit()
}

func (e *postgresEngine) Single(ctx context.Context, fn Work) error {
	return e.outcome(fn(ctx, Querier{e.db}))
}

func (e *postgresEngine) Read(ctx context.Context, fn Work) error {
	return e.outcome(fn(ctx, Querier{e.db}))
}

// outcome marks errors after which a write may have happened: all but those the server itself gave, and those from before
// anything was sent.
func (e *postgresEngine) outcome(err error) error {
	if err == nil {
		return nil
	}
	select {
	case <-e.closed:
		return ErrClosed
	default:
	}
	var fault *pgconn.PgError
	var connect *pgconn.ConnectError
	if errors.As(err, &fault) || errors.As(err, &connect) || pgconn.SafeToRetry(err) {
		return err
	}
	return unsure{err}
}

// migrateLock is the advisory lock under which replicas that start together migrate one after the other. The schema's name is
// part of it, as one database may hold several states.
const migrateLock = `hashtextextended('careerbot migrations of ' || current_schema(), 0)`

func (e *postgresEngine) migrate(ctx context.Context, migrations fs.FS) error {
	return migrate(ctx, goose.DialectPostgres, e.db, migrations, e.lockMigrations)
}

// lockMigrations takes the lock on a connection of its own. Should unlocking fail, the connection goes and the lock with it.
func (e *postgresEngine) lockMigrations(ctx context.Context) (unlock func() error, err error) {
	conn, err := e.db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock(`+migrateLock+`)`); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return func() error {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), unlockWait)
		defer cancel()
		_, err := conn.ExecContext(ctx, `SELECT pg_advisory_unlock(`+migrateLock+`)`)
		return errors.Join(err, conn.Close())
	}, nil
}

// Clock compares with the middle of the round trip.
func (e *postgresEngine) Clock(ctx context.Context) (time.Duration, error) {
	var server time.Time
	sent := time.Now()
	if _, err := (Querier{e.db}).First(ctx, `SELECT clock_timestamp()`, nil, &server); err != nil {
		return 0, err
	}
	took := time.Since(sent)
	return server.Sub(sent.Add(took / 2)), nil
}

func (e *postgresEngine) InPlace() error     { return nil }
func (e *postgresEngine) Alone() bool        { return false }
func (e *postgresEngine) Dialect() string    { return "postgres" }
func (e *postgresEngine) SkipLocked() string { return " FOR UPDATE SKIP LOCKED" }

func (e *postgresEngine) Close() error {
	close(e.closed)
	return e.db.Close()
}

// Explain says what to do about the failures that an operator meets, and takes the password out of all of them.
func (e *postgresEngine) Explain(err error) error {
	return e.hide(e.remedy(err))
}

func (e *postgresEngine) remedy(err error) error {
	var fault *pgconn.PgError
	var connect *pgconn.ConnectError
	switch {
	case errors.As(err, &fault):
		if say := remedies(fault.Code); say != "" {
			return fmt.Errorf("%s: %w", say, err)
		}
	case errors.As(err, &connect):
		return fmt.Errorf("PostgreSQL at %s cannot be reached; check that it runs and that DATABASE_URL names it: %w", e.host, err)
	}
	if common := explainCommon(err); common != nil {
		return common
	}
	return err
}

// remedies knows PostgreSQL's error codes (its manual, appendix A).
func remedies(code string) string {
	switch code {
	case "28P01", "28000":
		return "PostgreSQL refuses the user or password; check DATABASE_URL"
	case "3D000":
		return "the database does not exist; create it or name another in DATABASE_URL"
	case "42501":
		return "the user may not do this; grant it the rights to create and change tables in the schema"
	case "25006":
		return "the database is read-only; name the primary server in DATABASE_URL"
	case "53100":
		return "the server's disk is full; free some space"
	case "53300":
		return "the server has no connections left; raise max_connections or lower pool_max_conns in DATABASE_URL"
	case "57P01", "57P02", "57P03":
		return "PostgreSQL is stopping or starting; it is tried again by itself"
	case "42P07":
		return "the database belongs to another program; give careerbot one of its own, or a schema by search_path in DATABASE_URL"
	}
	return ""
}

// hide takes the secrets out of an error's words, and with them what it wraps, except for what a caller tells apart.
func (e *postgresEngine) hide(err error) error {
	if err == nil {
		return nil
	}
	words := err.Error()
	for _, s := range e.secrets {
		words = strings.ReplaceAll(words, s, "***")
	}
	if words == err.Error() {
		return err
	}
	for _, known := range []error{context.Canceled, context.DeadlineExceeded, ErrNewer, ErrClosed} {
		if errors.Is(err, known) {
			return fmt.Errorf("%s: %w", words, known)
		}
	}
	return errors.New(words)
}
