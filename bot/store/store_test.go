package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"careerbot/bot/store"

	_ "github.com/jackc/pgx/v5/stdlib"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if os.Getenv(childEnv) != "" {
		os.Exit(child())
	}
	goleak.VerifyTestMain(m)
}

// onBoth runs a test on an empty state of each dialect.
func onBoth(t *testing.T, test func(t *testing.T, url string)) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, sqliteURL(t))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, postgresURL(t))
	})
}

func sqliteURL(t testing.TB) string { return "sqlite:" + filepath.Join(t.TempDir(), "state.db") }

var schemas atomic.Int64

// postgresURL gives the URL of an empty schema that goes with the test.
func postgresURL(t testing.TB) string {
	t.Helper()
	base := os.Getenv("TEST_DATABASE_URL")
	if base == "" {
		t.Skip("TEST_DATABASE_URL is not set: PostgreSQL is not tested")
	}
	db, err := sql.Open("pgx", base)
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("test_%d_%d", os.Getpid(), schemas.Add(1))
	if _, err := db.Exec("CREATE SCHEMA " + name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		db.Exec("DROP SCHEMA " + name + " CASCADE")
		db.Close()
	})
	sep := "?"
	if strings.Contains(base, "?") {
		sep = "&"
	}
	return base + sep + "pool_max_conns=5&connect_timeout=60&search_path=" + name
}

// open opens a store that is closed with the test, and that the test alone has tend its state.
func open(t testing.TB, url string, o store.Options) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), url, o.Calm())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// clock is set by hand; looking at it takes a microsecond.
type clock struct{ ahead atomic.Int64 }

func (c *clock) now() time.Time {
	return time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC).Add(time.Duration(c.ahead.Add(1000)))
}

func (c *clock) pass(d time.Duration) { c.ahead.Add(int64(d)) }

func must[T any](t testing.TB) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestOpenCloseReopen(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s := open(t, url, store.Options{})
		check(t, s.Ping(t.Context()))
		check(t, s.SetSetting(t.Context(), "discord:guild:1", "language", "en"))
		check(t, s.Close())
		check(t, s.Close())
		if err := s.Ping(t.Context()); !errors.Is(err, store.ErrClosed) {
			t.Errorf("ping after close: %v", err)
		}
		if _, err := s.Setting(t.Context(), "discord:guild:1", "language"); !errors.Is(err, store.ErrClosed) {
			t.Errorf("reading after close: %v", err)
		}
		if err := s.Record(t.Context(), store.Entry{}); !errors.Is(err, store.ErrClosed) {
			t.Errorf("recording after close: %v", err)
		}
		s = open(t, url, store.Options{})
		if got := must[string](t)(s.Setting(t.Context(), "discord:guild:1", "language")); got != "en" {
			t.Errorf("the setting is %q after reopening", got)
		}
	})
}

func TestInMemory(t *testing.T) {
	t.Parallel()
	s := open(t, "sqlite::memory:", store.Options{})
	other := open(t, "sqlite::memory:", store.Options{})
	check(t, s.SetSetting(t.Context(), "x", "a", "1"))
	if got := must[string](t)(s.Setting(t.Context(), "x", "a")); got != "1" {
		t.Errorf("the setting is %q", got)
	}
	if got := must[string](t)(other.Setting(t.Context(), "x", "a")); got != "" {
		t.Errorf("another state in memory has %q", got)
	}
	check(t, s.Ping(t.Context()))
}

func TestSQLiteIsNotShared(t *testing.T) {
	t.Parallel()
	url := sqliteURL(t)
	s := open(t, url, store.Options{})
	_, err := store.Open(t.Context(), url, store.Options{})
	if !errors.Is(err, store.ErrInUse) || !strings.Contains(err.Error(), "use PostgreSQL") {
		t.Errorf("a second opening: %v", err)
	}
	check(t, s.SetSetting(t.Context(), "x", "a", "1")) // the attempt did no harm
	check(t, s.Close())
	open(t, url, store.Options{})
}

func TestPathsWithSpecialCharacters(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a b", "100%?#.db")
	s := open(t, "sqlite:"+path, store.Options{})
	check(t, s.Ping(t.Context()))
	info := must[os.FileInfo](t)(os.Stat(path))
	if info.Mode().Perm()&0o077 != 0 {
		t.Errorf("others may read the state: %v", info.Mode())
	}
}

func TestOpenFailsInWords(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	text := filepath.Join(dir, "text.db")
	check(t, os.WriteFile(text, []byte(strings.Repeat("this is no database ", 100)), 0o600))
	for _, c := range []struct{ url, want string }{
		{"", "DATABASE_URL must be"},
		{"mysql://u:secret1@h/d", "DATABASE_URL must be"},
		{"sqlite:", "no file is named"},
		{"sqlite:" + text, "not a careerbot state"},
		{"sqlite:" + filepath.Join(text, "below.db"), "name another place"},
		{"postgres://u:secret1@127.0.0.1:1/d", "check that it runs"},
		{"postgres://u:secret1@127.0.0.1:port/d", "not a URL that PostgreSQL understands"},
		{"postgres://u:sec%zzret1@h/d", "not a URL that PostgreSQL understands"},
		{"postgres://u:a/secret1@h/d", "not a URL that PostgreSQL understands"},
	} {
		s, err := store.Open(t.Context(), c.url, store.Options{})
		if err == nil {
			s.Close()
			t.Errorf("%s opens", c.url)
			continue
		}
		if !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q in it", c.url, err, c.want)
		}
		if strings.Contains(err.Error(), "secret1") || strings.Contains(err.Error(), "ret1") {
			t.Errorf("the password is in the error: %v", err)
		}
	}
}

func TestWrongPasswordIsNotShown(t *testing.T) {
	t.Parallel()
	url := postgresURL(t)
	rest, _ := strings.CutPrefix(url, "postgres://")
	_, host, _ := strings.Cut(rest, "@")
	_, err := store.Open(t.Context(), "postgres://nobody_here:hunter2%21@"+host, store.Options{})
	if err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("got %v", err)
	}
}

func TestSchemaVersions(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		newer := fstest.MapFS{"00004_more.sql": {Data: []byte("-- +goose Up\nALTER TABLE settings ADD COLUMN note TEXT;\n")}}
		for _, name := range must[[]string](t)(fs.Glob(store.Schema(), "*.sql")) {
			newer[name] = &fstest.MapFile{Data: must[[]byte](t)(fs.ReadFile(store.Schema(), name))}
		}

		s := open(t, url, store.Options{})
		check(t, s.SetSetting(t.Context(), "x", "a", "1"))
		check(t, s.Close())
		s = open(t, url, store.Options{}.Migrated(newer))
		if got := must[string](t)(s.Setting(t.Context(), "x", "a")); got != "1" {
			t.Errorf("after an upgrade the setting is %q", got)
		}
		check(t, s.Close())
		_, err := store.Open(t.Context(), url, store.Options{})
		if !errors.Is(err, store.ErrNewer) || !strings.Contains(err.Error(), "its schema is 4, this program knows 3") {
			t.Errorf("an older program opens a newer state: %v", err)
		}
		s = open(t, url, store.Options{}.Migrated(newer)) // and the attempt did no harm
		if got := must[string](t)(s.Setting(t.Context(), "x", "a")); got != "1" {
			t.Errorf("after a refusal the setting is %q", got)
		}
	})
}

func TestReplicasStartTogether(t *testing.T) {
	t.Parallel()
	url := postgresURL(t)
	errs := make(chan error, 4)
	for range cap(errs) {
		go func() {
			s, err := store.Open(t.Context(), url, store.Options{})
			if err == nil {
				err = s.Close()
			}
			errs <- err
		}()
	}
	for range cap(errs) {
		check(t, <-errs)
	}
}

func TestContextIsKept(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s := open(t, url, store.Options{})
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := s.Claim(ctx, store.Promise{Key: "k", Platform: "p"}); !errors.Is(err, context.Canceled) {
			t.Errorf("claim: %v", err)
		}
		if err := s.SetSetting(ctx, "x", "a", "1"); !errors.Is(err, context.Canceled) {
			t.Errorf("set: %v", err)
		}
		if _, err := s.Turns(ctx, "t", 3); !errors.Is(err, context.Canceled) {
			t.Errorf("turns: %v", err)
		}
		// What was given up left nothing behind that a retry would stumble over.
		if !must[bool](t)(s.Claim(t.Context(), store.Promise{Key: "k", Platform: "p"})) {
			t.Error("the retry of a claim that was given up is called a repeat")
		}
	})
}

func TestPingFindsALostFile(t *testing.T) {
	t.Parallel()
	url := sqliteURL(t)
	s := open(t, url, store.Options{})
	check(t, os.Rename(strings.TrimPrefix(url, "sqlite:"), filepath.Join(t.TempDir(), "elsewhere.db")))
	if err := s.Ping(t.Context()); err == nil || !strings.Contains(err.Error(), "removed or replaced") {
		t.Errorf("got %v", err)
	}
}

// logged collects a log.
type logged struct {
	slog.Handler
	lines chan string
}

func (l logged) Handle(_ context.Context, r slog.Record) error {
	select {
	case l.lines <- r.Message:
	default:
	}
	return nil
}

func newLogged() logged { return logged{slog.DiscardHandler, make(chan string, 100)} }

func (l logged) Enabled(context.Context, slog.Level) bool { return true }
