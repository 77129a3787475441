// Package engine is the database under bot/store: it opens a SQLite file or PostgreSQL, brings the schema up to date and runs
// statements, so that one text of SQL does for both. On SQLite it locks the file, puts what waits into one transaction and keeps
// statements prepared; of failures it says what to do about them, without the password, and whether a write may have happened.
//
// It does not know what is kept: schema, statements and rows are its caller's, and so are deadlines, but for those of connecting,
// locks and closing. It tries nothing again but what PostgreSQL broke off and the rest of a group of which one failed. It is for
// bot/store alone, so that nobody else depends on a database.
package engine

import (
	"context"
	"database/sql/driver"
	"errors"
	"io/fs"
	"net/url"
	"strings"
	"time"
)

// Options are what a database is opened with.
type Options struct {
	// Migrations are the files that make the schema, as goose numbers them; there is at least one.
	Migrations fs.FS
	// Wait is how long Close waits for the last transaction on SQLite, and then a fifth of it more.
	Wait time.Duration
	// Wrap, for tests, puts faults between the database and its driver; nil leaves the driver as it is.
	Wrap func(driver.Connector) driver.Connector
}

// Work is what a database runs. It may be run again after a failure, and then starts from nothing.
type Work func(ctx context.Context, q Querier) error

// DB is an open database of one dialect. Its methods are safe for concurrent use; Work must not call them.
type DB interface {
	// Write runs fn in one transaction. See Unsure for its errors, and those of Single.
	Write(ctx context.Context, fn Work) error
	// Single runs fn of one statement, which is a transaction by itself.
	Single(ctx context.Context, fn Work) error
	// Read runs fn, which changes nothing.
	Read(ctx context.Context, fn Work) error
	// Clock measures how far the database's clock is ahead of ours; 0 on SQLite.
	Clock(ctx context.Context) (time.Duration, error)
	// InPlace fails when the database is no longer where it was opened.
	InPlace() error
	// Alone says that nobody else can have it open.
	Alone() bool
	// Dialect is "sqlite" or "postgres".
	Dialect() string
	// SkipLocked ends a SELECT of rows that will be updated.
	SkipLocked() string
	// Explain puts an error into words that say what to do, without secrets; nil stays nil.
	Explain(err error) error
	// Close, called once, finishes what is queued and closes the database; Work fails with ErrClosed from then on.
	Close() error
}

// database is a DB whose schema can be brought up to date.
type database interface {
	DB
	migrate(ctx context.Context, migrations fs.FS) error
}

const memoryPath = ":memory:"

// Open opens what url names, "sqlite:PATH", "sqlite::memory:" or "postgres://…", and brings its schema up to date. The error is
// explained; it wraps ErrInUse where another process has the SQLite file, and ErrNewer where the schema is newer than o.Migrations.
func Open(ctx context.Context, url string, o Options) (DB, error) {
	db, err := open(ctx, url, o)
	if err != nil {
		return nil, err
	}
	if err := db.migrate(ctx, o.Migrations); err != nil {
		return nil, errors.Join(db.Explain(err), db.Close())
	}
	return db, nil
}

func open(ctx context.Context, url string, o Options) (database, error) {
	scheme, rest, _ := strings.Cut(url, ":")
	switch scheme {
	case "sqlite":
		path := strings.TrimPrefix(rest, "//")
		if path == "" {
			return nil, errors.New("no file is named; write sqlite:PATH, such as sqlite:careerbot.db")
		}
		return openSQLite(ctx, path, o)
	case "postgres", "postgresql":
		return openPostgres(ctx, url, o)
	}
	return nil, errors.New("DATABASE_URL must be sqlite:PATH or postgres://user:password@host/database")
}

// Redact gives what of a URL may be shown: its scheme, host and path. Of anything else only a word.
func Redact(raw string) string {
	if path, ok := strings.CutPrefix(raw, "sqlite:"); ok {
		return "sqlite:" + path
	}
	u, err := url.Parse(raw)
	if err != nil || u.Opaque != "" || u.Scheme != "postgres" && u.Scheme != "postgresql" {
		return "(URL not shown)"
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
}
