package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/pressly/goose/v3"
)

// querier runs statements. Their parameters are numbered, $1, $2 …, which both dialects understand.
type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// work is what an engine runs. It may be run again after a failure, and then starts from nothing.
type work func(ctx context.Context, q querier) error

// engine is a database of one dialect.
type engine interface {
	write(ctx context.Context, fn work) error  // in one transaction
	single(ctx context.Context, fn work) error // fn is one statement, which is a transaction by itself
	read(ctx context.Context, fn work) error
	migrate(ctx context.Context, migrations fs.FS) error
	clock(ctx context.Context) (time.Duration, error) // how far the database's clock is ahead of ours
	inPlace() error                                   // whether the database is still where it was opened
	alone() bool                                      // nobody else can have it open
	dialect() string
	skipLocked() string // ends a SELECT of rows that will be updated
	explain(err error) error
	close() error
}

// unsure marks the error of a write that may have happened all the same.
type unsure struct{ error }

func (u unsure) Unwrap() error { return u.error }

const memoryPath = ":memory:"

// openEngine opens what url names.
func openEngine(ctx context.Context, url string, o Options) (engine, error) {
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

// redact gives what of a URL may be shown: its scheme, host and path. Of anything else only a word.
func redact(raw string) string {
	if path, ok := strings.CutPrefix(raw, "sqlite:"); ok {
		return "sqlite:" + path
	}
	u, err := url.Parse(raw)
	if err != nil || u.Opaque != "" || u.Scheme != "postgres" && u.Scheme != "postgresql" {
		return "(URL not shown)"
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
}

//go:embed migrations/*.sql
var embedded embed.FS

// versionTable is not goose's default, which another program in the same database may use.
const versionTable = "careerbot_schema"

// migrate brings the schema of db up to date, and refuses one that is newer than the migrations. lock keeps other replicas from
// doing the same meanwhile; it is only taken where there is something to do.
func migrate(ctx context.Context, dialect goose.Dialect, db *sql.DB, migrations fs.FS, lock func(context.Context) (unlock func() error, err error)) (err error) {
	if migrations == nil {
		migrations, _ = fs.Sub(embedded, "migrations")
	}
	p, err := goose.NewProvider(dialect, db, migrations, goose.WithTableName(versionTable), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	sources := p.ListSources()
	knows := sources[len(sources)-1].Version
	if done, err := upToDate(ctx, db, knows); done || err != nil {
		return err
	}
	unlock, err := lock(ctx)
	if err != nil {
		return fmt.Errorf("wait for another replica's migrations: %w", err)
	}
	defer func() { err = errors.Join(err, unlock()) }()
	if done, err := upToDate(ctx, db, knows); done || err != nil {
		return err
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate the schema: %w", err)
	}
	return nil
}

// upToDate says whether the schema is the one this program knows. One that cannot be read is not there yet, or fails to migrate.
func upToDate(ctx context.Context, db *sql.DB, knows int64) (bool, error) {
	var has int64
	if _, err := first(ctx, db, `SELECT COALESCE(MAX(version_id), 0) FROM `+versionTable, nil, &has); err != nil {
		return false, nil //nolint:nilerr // see above
	}
	if has > knows {
		return false, fmt.Errorf("%w (its schema is %d, this program knows %d)", ErrNewer, has, knows)
	}
	return has == knows, nil
}

// exec runs a statement and says how many rows it changed.
func exec(ctx context.Context, q querier, query string, args ...any) (int, error) {
	r, err := q.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	n, err := r.RowsAffected()
	return int(n), err
}

// first scans the first row into dest and says whether there was one.
func first(ctx context.Context, q querier, query string, args []any, dest ...any) (found bool, err error) {
	err = each(ctx, q, query, args, func(r *sql.Rows) error {
		if found {
			return nil
		}
		found = true
		return r.Scan(dest...)
	})
	return found, err
}

// each calls scan for every row.
func each(ctx context.Context, q querier, query string, args []any, scan func(*sql.Rows) error) error {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	for rows.Next() {
		if err := scan(rows); err != nil {
			return errors.Join(err, rows.Close())
		}
	}
	return errors.Join(rows.Err(), rows.Close())
}

// placeholders writes rows groups of cols parameters: ($1, $2), ($3, $4).
func placeholders(rows, cols int) string {
	var b strings.Builder
	for i := range rows {
		if i > 0 {
			b.WriteString(", ")
		}
		for j := range cols {
			sep := ", "
			if j == 0 {
				sep = "("
			}
			fmt.Fprintf(&b, "%s$%d", sep, i*cols+j+1)
		}
		b.WriteByte(')')
	}
	return b.String()
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

func number(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
