package store_test

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"careerbot/bot/store"
)

var errFault = errors.New("the cable was pulled")

// How an operation of the driver fails.
const (
	notDone  = "not done"  // it fails and nothing happened
	doneBut  = "done but"  // it happened, and the word of it is lost
	lostConn = "lost conn" // nothing happened and the connection is gone
)

// faults makes the nth operation between database/sql and a driver fail, or all while it is down.
type faults struct {
	mode  string
	left  atomic.Int64 // operations until the fault; below zero: it has happened or none is set
	down  atomic.Bool
	stuck atomic.Pointer[chan struct{}] // while set, operations wait until it is closed, as on a disk that hangs
}

// step runs one operation.
func step[T any](f *faults, do func() (T, error)) (T, error) {
	var none T
	if c := f.stuck.Load(); c != nil {
		<-*c
	}
	if f.down.Load() {
		return none, driver.ErrBadConn
	}
	if f.left.Add(-1) != 0 {
		return do()
	}
	switch f.mode {
	case doneBut:
		do()
		return none, errFault
	case lostConn:
		return none, driver.ErrBadConn
	}
	return none, errFault
}

func (f *faults) wrap(c driver.Connector) driver.Connector { return faultyConnector{c, f} }

type faultyConnector struct {
	driver.Connector
	f *faults
}

func (c faultyConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	faulty, err := step(c.f, func() (driver.Conn, error) { return &faultyConn{conn, c.f}, nil })
	if err != nil {
		conn.Close()
	}
	return faulty, err
}

type faultyConn struct {
	driver.Conn
	f *faults
}

func (c *faultyConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	return step(c.f, func() (driver.Result, error) { return c.Conn.(driver.ExecerContext).ExecContext(ctx, query, args) })
}

func (c *faultyConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	return step(c.f, func() (driver.Rows, error) {
		return readAll(c.Conn.(driver.QueryerContext).QueryContext(ctx, query, args))
	})
}

func (c *faultyConn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	return step(c.f, func() (driver.Tx, error) {
		tx, err := c.Conn.(driver.ConnBeginTx).BeginTx(ctx, o)
		return &faultyTx{tx, c.f}, err
	})
}

func (c *faultyConn) ResetSession(ctx context.Context) error {
	if c.f.down.Load() {
		return driver.ErrBadConn
	}
	return c.Conn.(driver.SessionResetter).ResetSession(ctx)
}

func (c *faultyConn) CheckNamedValue(v *driver.NamedValue) error {
	if checker, ok := c.Conn.(driver.NamedValueChecker); ok {
		return checker.CheckNamedValue(v)
	}
	var err error
	v.Value, err = driver.DefaultParameterConverter.ConvertValue(v.Value)
	return err
}

type faultyTx struct {
	driver.Tx
	f *faults
}

func (t *faultyTx) Commit() error {
	_, err := step(t.f, func() (int, error) { return 0, t.Tx.Commit() })
	if err != nil {
		t.Tx.Rollback() // or the connection would stay in the transaction, which no real fault leaves
	}
	return err
}

// readAll takes the rows from the driver before they are asked for, so that a statement whose rows are lost has still happened.
func readAll(rows driver.Rows, err error) (driver.Rows, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := &readRows{columns: rows.Columns()}
	for {
		row := make([]driver.Value, len(out.columns))
		if err := rows.Next(row); err != nil {
			out.end = err
			return out, nil
		}
		for i, v := range row {
			if b, ok := v.([]byte); ok {
				row[i] = append([]byte{}, b...)
			}
		}
		out.rows = append(out.rows, row)
	}
}

type readRows struct {
	columns []string
	rows    [][]driver.Value
	end     error
}

func (r *readRows) Columns() []string { return r.columns }
func (r *readRows) Close() error      { return nil }
func (r *readRows) Next(dest []driver.Value) error {
	if len(r.rows) == 0 {
		return r.end
	}
	copy(dest, r.rows[0])
	r.rows = r.rows[1:]
	return nil
}

// TestEveryOperationFailing lets the nth operation of the driver fail, for every n and in every way, while questions arrive, are
// answered and are taken over: each must be answered exactly once, and nothing may hang.
func TestEveryOperationFailing(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		for _, mode := range []string{notDone, doneBut, lostConn} {
			n := 1
			for ; failAt(t, url, mode, n); n++ {
				if t.Failed() {
					t.Fatalf("%s, operation %d", mode, n)
				}
			}
			if n < 10 {
				t.Errorf("%s: only %d operations were reached", mode, n)
			}
			t.Logf("%s: %d operations failed in turn", mode, n-1)
		}
	})
}

// failAt plays one story with the nth operation failing, and says whether it came to that.
func failAt(t *testing.T, url, mode string, n int) (reached bool) {
	f := &faults{mode: mode}
	c := &clock{}
	c.pass(time.Duration(n) * time.Minute)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	platform := fmt.Sprint(mode, n)
	p := func(i int) store.Promise { return store.Promise{Key: fmt.Sprint(platform, "-", i), Platform: platform} }
	sent := map[string]int{}

	before := open(t, url, store.Options{Now: c.now})
	for i := range 3 {
		must[bool](t)(before.Claim(ctx, p(i))) // promised and left behind
	}
	check(t, before.Close())

	s := open(t, url, store.Options{Now: c.now}.Wrapped(f.wrap))
	f.left.Store(int64(n))
	send := func(key string) {
		sent[key]++
		s.Delivered(ctx, key) //nolint:errcheck // the store makes up for it
	}
	for round := range 3 { // the platform repeats what is not acknowledged
		for i := 2; i < 6; i++ {
			first, err := s.Claim(ctx, p(i))
			if err == nil && first {
				send(p(i).Key)
			}
		}
		if round == 1 {
			s.Tend()
		}
		list, _ := s.Pending(ctx, platform, 0)
		for _, p := range list {
			send(p.Key)
		}
	}
	reached = f.left.Load() <= 0
	f.left.Store(-1)
	check(t, s.Close())

	after := open(t, url, store.Options{Now: c.now})
	defer after.Close()
	for _, p := range must[[]store.Promise](t)(after.Pending(ctx, platform, 0)) {
		sent[p.Key]++
	}
	for i := range 6 {
		if got := sent[p(i).Key]; got != 1 {
			t.Errorf("question %d was answered %d times", i, got)
		}
	}
	return reached
}

// TestLostDatabase takes the database away while in use and gives it back.
func TestLostDatabase(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		f := &faults{}
		o := store.Options{Key: []byte("0123456789abcdef")}.Wrapped(f.wrap)
		s := open(t, url, o)
		must[bool](t)(s.Claim(t.Context(), promise("before")))
		check(t, s.Record(t.Context(), store.Entry{Answer: "a1", Text: "before"}))
		check(t, s.Flush(t.Context()))
		f.down.Store(true)
		started := time.Now()
		for name, err := range callAll(t.Context(), s) {
			if err == nil {
				t.Errorf("%s works without a database", name)
			}
		}
		if took := time.Since(started); took > 15*time.Second {
			t.Errorf("the errors took %v", took)
		}
		check(t, s.Record(t.Context(), store.Entry{Answer: "a2", Text: "meanwhile"}))
		check(t, s.Record(t.Context(), store.Entry{Answer: "a3", Text: strings.Repeat("x", 5000)}))
		f.down.Store(false)
		for name, err := range callAll(t.Context(), s) {
			if err != nil {
				t.Errorf("%s does not work again: %v", name, err)
			}
		}
		if must[bool](t)(s.Claim(t.Context(), promise("before"))) {
			t.Error("a promise was forgotten")
		}
		n := 0
		for a, err := range s.Journal(t.Context(), time.Time{}) {
			check(t, err)
			if len(a.Text) > 4000 {
				t.Errorf("a text of %d bytes", len(a.Text))
			}
			n++
		}
		if n != 4 {
			t.Errorf("the journal has %d entries", n)
		}
	})
}

// callAll calls every method once and gives their errors.
func callAll(ctx context.Context, s *store.Store) map[string]error {
	out := map[string]error{}
	call := func(name string, err error) { out[name] = err }
	_, err := s.Claim(ctx, promise("all"))
	call("Claim", err)
	call("Delivered", s.Delivered(ctx, "all"))
	call("Expired", s.Expired(ctx, "all2", "why"))
	_, err = s.Hold(ctx, "all")
	call("Hold", err)
	_, err = s.Pending(ctx, "slack", 0)
	call("Pending", err)
	call("SaveTurn", s.SaveTurn(ctx, "t", []byte("x")))
	_, err = s.Turns(ctx, "t", 2)
	call("Turns", err)
	call("SetSetting", s.SetSetting(ctx, "s", "n", "v"))
	_, err = s.Setting(ctx, "s", "n")
	call("Setting", err)
	call("Vote", s.Vote(ctx, store.Vote{Answer: "a1", User: "u"}))
	s.Record(ctx, store.Entry{Answer: "all"}) //nolint:errcheck // Flush has it
	call("Flush", s.Flush(ctx))
	for _, err := range s.Journal(ctx, time.Time{}) {
		call("Journal", err)
	}
	_, err = s.ExportUser(ctx, "u9")
	call("ExportUser", err)
	_, err = s.EraseUser(ctx, "u9")
	call("EraseUser", err)
	call("SaveInstallation", s.SaveInstallation(ctx, store.Installation{Platform: "slack", Team: "T", Secret: []byte("x")}))
	_, err = s.Installation(ctx, "slack", "T")
	call("Installation", err)
	call("DeleteInstallation", s.DeleteInstallation(ctx, "slack", "T"))
	_, _, err = s.Lease(ctx, "l", "o", time.Minute)
	call("Lease", err)
	call("Release", s.Release(ctx, "l", "o"))
	_, err = s.Sweep(ctx)
	call("Sweep", err)
	_, err = s.Stats(ctx)
	call("Stats", err)
	call("Ping", s.Ping(ctx))
	return out
}

// TestHangingDisk stops every operation of the driver and expects all callers back when their contexts end.
func TestHangingDisk(t *testing.T) {
	t.Parallel()
	f := &faults{}
	s := open(t, sqliteURL(t), store.Options{}.Wrapped(f.wrap))
	release := make(chan struct{})
	f.stuck.Store(&release)
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			defer cancel()
			if _, err := s.Claim(ctx, promise(fmt.Sprint("k", i))); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v", err)
			}
		})
	}
	wg.Wait()
	f.stuck.Store(nil)
	close(release)
	for i := range 20 { // what the platform repeats is answered
		if !must[bool](t)(s.Claim(t.Context(), promise(fmt.Sprint("k", i)))) {
			t.Errorf("k%d is called a repeat", i)
		}
	}
}

// TestFullDisk bounds the size of the database, which SQLite reports as a full disk.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	url := sqliteURL(t)
	limit := &limited{}
	s := open(t, url, store.Options{}.Wrapped(limit.wrap))
	payload := strings.Repeat("x", 50_000)
	var kept []string
	for i := range 50 {
		p := store.Promise{Key: fmt.Sprint("k", i), Platform: "p", Payload: payload}
		first, err := s.Claim(t.Context(), p)
		if err == nil {
			if !first {
				t.Errorf("%s is called a repeat", p.Key)
			}
			kept = append(kept, p.Key)
			continue
		}
		if !strings.Contains(err.Error(), "the disk is full; free some space") {
			t.Fatal(err)
		}
	}
	if len(kept) == 0 || len(kept) == 50 {
		t.Fatalf("%d claims fit", len(kept))
	}
	if err := s.Ping(t.Context()); err != nil {
		t.Logf("ping: %v", err) // a small write may still fit
	}
	check(t, s.Close())
	s = open(t, url, store.Options{}) // the disk has space again
	if got := keys(must[[]store.Promise](t)(s.Pending(t.Context(), "p", 0))); fmt.Sprint(got) != fmt.Sprint(kept) {
		t.Errorf("kept %v, found %v", kept, got)
	}
}

// limited connects to databases that may grow to half a megabyte.
type limited struct{ driver.Connector }

func (l *limited) wrap(c driver.Connector) driver.Connector { return &limited{c} }

func (l *limited) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := l.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	_, err = conn.(driver.ExecerContext).ExecContext(ctx, "PRAGMA max_page_count = 128", nil)
	return conn, err
}

// TestReadOnlyFile opens a file that may not be written, and one that becomes so.
func TestReadOnlyFile(t *testing.T) {
	t.Parallel()
	f := &readOnly{}
	s := open(t, sqliteURL(t), store.Options{})
	check(t, s.Close())
	url := sqliteURL(t)
	check(t, open(t, url, store.Options{}).Close())
	_, err := store.Open(t.Context(), url, store.Options{}.Wrapped(f.wrap))
	if err == nil || !strings.Contains(err.Error(), "the file is read-only") {
		t.Errorf("got %v", err)
	}
	if os.Geteuid() == 0 {
		t.Skip("root may write everything")
	}
	path := strings.TrimPrefix(url, "sqlite:")
	check(t, os.Chmod(path, 0o400))
	if _, err := store.Open(t.Context(), url, store.Options{}); err == nil || !strings.Contains(err.Error(), "check its owner") {
		t.Errorf("got %v", err)
	}
}

// readOnly connects to databases that refuse to be written.
type readOnly struct{ driver.Connector }

func (r *readOnly) wrap(c driver.Connector) driver.Connector { return &readOnly{c} }

func (r *readOnly) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := r.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	_, err = conn.(driver.ExecerContext).ExecContext(ctx, "PRAGMA query_only = 1", nil)
	return conn, err
}
