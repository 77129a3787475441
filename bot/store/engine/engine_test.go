package engine_test

import (
	"context"
	"errors"
	"fmt"
	neturl "net/url"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"careerbot/bot/store/engine"
)

// What both databases do for a state is tested in bot/store; here is what can be told without one.

var notes = fstest.MapFS{"00001_notes.sql": {Data: []byte("-- +goose Up\nCREATE TABLE notes (name TEXT PRIMARY KEY);\n")}}

func open(t *testing.T, o engine.Options) engine.DB {
	t.Helper()
	o.Wait = time.Minute
	db, err := engine.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "notes.db"), o)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func note(name string) engine.Work {
	return func(ctx context.Context, q engine.Querier) error {
		_, err := q.Exec(ctx, `INSERT INTO notes (name) VALUES ($1)`, name)
		return err
	}
}

// TestGroupSuffersNoFault writes many at once while one holds them up, so that they share a transaction; those that fail take
// nobody with them.
func TestGroupSuffersNoFault(t *testing.T) {
	t.Parallel()
	synctest.Test(t, testGroupSuffersNoFault)
}

func testGroupSuffersNoFault(t *testing.T) {
	db := open(t, engine.Options{Migrations: notes})
	begun, hold, held := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		held <- db.Write(t.Context(), func(context.Context, engine.Querier) error {
			close(begun)
			<-hold
			return nil
		})
	}()
	<-begun
	const writers = 20
	errs := make(chan error, writers)
	for i := range writers {
		go func() { errs <- db.Write(t.Context(), note(fmt.Sprint(i/2))) }() // the second of each two is refused
	}
	synctest.Wait() // all are queued
	close(hold)
	if err := <-held; err != nil {
		t.Error(err)
	}
	refused := 0
	for range writers {
		err := <-errs
		if err == nil {
			continue
		}
		refused++
		if !engine.Hopeless(err) || engine.Unsure(err) {
			t.Errorf("a name given twice: hopeless %v, unsure %v: %v", engine.Hopeless(err), engine.Unsure(err), err)
		}
	}
	var n int
	err := db.Read(t.Context(), func(ctx context.Context, q engine.Querier) error {
		_, err := q.First(ctx, `SELECT count(*) FROM notes`, nil, &n)
		return err
	})
	if err != nil || n != writers/2 || refused != writers/2 {
		t.Errorf("%d are kept and %d refused, want %d each: %v", n, refused, writers/2, err)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
	if err := db.Write(t.Context(), note("late")); !errors.Is(err, engine.ErrClosed) {
		t.Errorf("after closing: %v", err)
	}
}

// TestGivenUpWhileRunning tells a write that was under way when its caller gave up from one that had not begun.
func TestGivenUpWhileRunning(t *testing.T) {
	t.Parallel()
	synctest.Test(t, testGivenUpWhileRunning)
}

func testGivenUpWhileRunning(t *testing.T) {
	db := open(t, engine.Options{Migrations: notes})
	begun, hold := make(chan struct{}), make(chan struct{})
	running, giveUp := context.WithCancel(t.Context())
	errs := make(chan error)
	go func() {
		errs <- db.Write(running, func(context.Context, engine.Querier) error {
			close(begun)
			<-hold
			return nil
		})
	}()
	<-begun
	waiting, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if err := db.Write(waiting, note("never")); !errors.Is(err, context.DeadlineExceeded) || engine.Unsure(err) {
		t.Errorf("one that waited: unsure %v: %v", engine.Unsure(err), err)
	}
	giveUp()
	if err := <-errs; !errors.Is(err, context.Canceled) || !engine.Unsure(err) {
		t.Errorf("one that ran: unsure %v: %v", engine.Unsure(err), err)
	}
	close(hold)
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}

func TestNoMigrations(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]engine.Options{"none": {}, "no files": {Migrations: fstest.MapFS{}}} {
		if db, err := engine.Open(t.Context(), "sqlite::memory:", o); err == nil || !strings.Contains(err.Error(), "read the migrations") {
			t.Errorf("%s: %v, %v", name, db, err)
		}
	}
}

func FuzzRedact(f *testing.F) {
	f.Add("postgres://user:", "@host:5432/db?sslmode=disable")
	f.Add("postgres://", "@host")
	f.Add("sqlserver:", "")
	f.Add("", "")
	f.Fuzz(func(t *testing.T, before, after string) {
		const password = "kH7wq2Zs"
		url := before + password + after
		if strings.HasPrefix(before, "sqlite:") {
			t.Skip("a path")
		}
		u, err := neturl.Parse(url)
		if err == nil && (strings.Contains(u.Host, password) || strings.Contains(u.Path, password)) {
			t.Skip("it is no password there")
		}
		if got := engine.Redact(url); strings.Contains(got, password) {
			t.Errorf("%q is shown as %q", url, got)
		}
	})
}
