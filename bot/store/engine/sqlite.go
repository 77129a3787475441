package engine

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// sqliteEngine is one SQLite file: one connection that writes, a few that read. A state in memory has the one only.
type sqliteEngine struct {
	*writer
	writes, reads *sql.DB
	path          string
	file          os.FileInfo // as it was opened
	lock          io.Closer
}

var _ database = (*sqliteEngine)(nil)

const (
	readers = 4
	busy    = 2 * time.Second // another program, such as a backup, may hold the file this long; less than callers wait
)

func openSQLite(ctx context.Context, path string, o Options) (_ *sqliteEngine, err error) {
	e := &sqliteEngine{path: path}
	defer func() {
		if err != nil {
			err = errors.Join(e.Explain(err), e.release())
		}
	}()
	if path != memoryPath {
		if err := e.take(); err != nil {
			return nil, err
		}
	}
	if e.writes, err = e.pool(o, 1); err != nil {
		return nil, err
	}
	if path != memoryPath {
		if err := e.checkWAL(ctx); err != nil {
			return nil, err
		}
		if e.reads, err = e.pool(o, readers, "query_only(1)"); err != nil {
			return nil, err
		}
	}
	e.writer = newWriter(e.writes, path == memoryPath, o.Wait)
	return e, nil
}

// take makes the file ours alone.
func (e *sqliteEngine) take() (err error) {
	if err := os.MkdirAll(filepath.Dir(e.path), 0o700); err != nil {
		return fmt.Errorf("make its directory: %w; name another place in DATABASE_URL", err)
	}
	if e.lock, err = lockFile(e.path + ".lock"); err != nil {
		return err
	}
	// SQLite would make the file readable to everybody. Only we have it, so closing it takes no lock away from anybody.
	f, err := os.OpenFile(e.path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("%w; check its owner and that the disk may be written, or name another place in DATABASE_URL", err)
	}
	defer f.Close()
	e.file, err = f.Stat()
	return err
}

// pool opens connections to the file. FULL: an event is acknowledged once its claim is stored, and must be there after a power
// loss. 8000 pages, 32 MiB: with SQLite's 1000 a busy bot copied them 30 times a second, 5 ms each, in which nobody got an
// answer; a start after a crash is ready as soon with so long a log. FAST: what is erased is overwritten where that costs no
// more writing. MEMORY: or a statement of many rows keeps what it may have to undo in a file, which costs as much as the rows.
func (e *sqliteEngine) pool(o Options, size int, more ...string) (*sql.DB, error) {
	pragmas := append([]string{
		fmt.Sprintf("busy_timeout(%d)", busy.Milliseconds()), "synchronous(FULL)", "foreign_keys(1)",
		"secure_delete(FAST)", "journal_size_limit(67108864)", "temp_store(MEMORY)",
		"wal_autocheckpoint(8000)",
	}, more...)
	dsn := memoryPath
	if e.path != memoryPath {
		dsn = fileURI(e.path)
		pragmas = append([]string{"journal_mode(WAL)"}, pragmas...)
	}
	c, err := sqlite.NewConnector(dsn + "?" + url.Values{"_pragma": pragmas}.Encode())
	if err != nil {
		return nil, err
	}
	c = preparing{c}
	if o.Wrap != nil {
		c = o.Wrap(c)
	}
	return pooled(c, size), nil
}

func pooled(c driver.Connector, size int) *sql.DB {
	db := sql.OpenDB(c)
	db.SetMaxOpenConns(size)
	db.SetMaxIdleConns(size)
	return db
}

// fileURI writes a path as SQLite's URI, in which ? and % would mean something else.
func fileURI(path string) string {
	path = filepath.ToSlash(path)
	if filepath.VolumeName(path) != "" {
		path = "/" + path
	}
	escaped := strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)
	if strings.HasPrefix(path, "/") {
		return "file://" + escaped
	}
	return "file:" + escaped
}

// checkWAL refuses a file system on which the write-ahead log does not work.
func (e *sqliteEngine) checkWAL(ctx context.Context) error {
	var mode string
	if _, err := (Querier{e.writes}).First(ctx, `PRAGMA journal_mode`, nil, &mode); err != nil {
		return err
	}
	if mode != "wal" {
		return fmt.Errorf("its file system cannot keep a write-ahead log (mode %s), as network file systems cannot; use a local disk or PostgreSQL", mode)
	}
	return nil
}

func (e *sqliteEngine) migrate(ctx context.Context, migrations fs.FS) error {
	nobodyElse := func(context.Context) (func() error, error) { return func() error { return nil }, nil }
	return migrate(ctx, goose.DialectSQLite3, e.writes, migrations, nobodyElse)
}

func (e *sqliteEngine) Read(ctx context.Context, fn Work) error {
	if e.reads == nil {
		return e.Write(ctx, fn)
	}
	if err := fn(ctx, Querier{e.reads}); err != nil {
		if e.isClosed() {
			return ErrClosed
		}
		return err
	}
	return nil
}

func (e *sqliteEngine) Single(ctx context.Context, fn Work) error    { return e.Write(ctx, fn) }
func (e *sqliteEngine) Clock(context.Context) (time.Duration, error) { return 0, nil }
func (e *sqliteEngine) Alone() bool                                  { return true }
func (e *sqliteEngine) Dialect() string                              { return "sqlite" }
func (e *sqliteEngine) SkipLocked() string                           { return "" }

// InPlace finds a file that was removed or replaced under us: writes to it succeed and are lost with this process.
func (e *sqliteEngine) InPlace() error {
	if e.path == memoryPath {
		return nil
	}
	now, err := os.Stat(e.path)
	if err != nil || !os.SameFile(now, e.file) {
		return errors.New("its file was removed or replaced while in use; restart careerbot to begin a new state")
	}
	return nil
}

func (e *sqliteEngine) Close() error {
	return errors.Join(e.finish(), e.release())
}

// release lets go of everything, the lock last.
func (e *sqliteEngine) release() (err error) {
	for _, c := range []*sql.DB{e.reads, e.writes} {
		if c != nil {
			err = errors.Join(err, c.Close())
		}
	}
	if e.lock != nil {
		err = errors.Join(err, e.lock.Close())
	}
	return err
}

// Explain says what to do about the failures that an operator meets.
func (e *sqliteEngine) Explain(err error) error {
	if common := explainCommon(err); common != nil {
		return common
	}
	var fault *sqlite.Error
	if !errors.As(err, &fault) {
		return err
	}
	remedy := map[int]string{
		sqlite3.SQLITE_FULL:     "the disk is full; free some space",
		sqlite3.SQLITE_READONLY: "the file is read-only; check its owner and the mount",
		sqlite3.SQLITE_IOERR:    "the disk fails; check its space and health",
		sqlite3.SQLITE_CANTOPEN: "the file cannot be opened; check that its directory exists and can be written",
		sqlite3.SQLITE_BUSY:     "another program holds the file; close it",
		sqlite3.SQLITE_LOCKED:   "another program holds the file; close it",
		sqlite3.SQLITE_NOTADB:   "the file is not a careerbot state; name another one in DATABASE_URL",
		sqlite3.SQLITE_CORRUPT:  "the file is damaged; restore a backup or move it away to begin anew",
	}[fault.Code()&0xff]
	if remedy == "" {
		return err
	}
	return fmt.Errorf("%s: %w", remedy, err)
}
