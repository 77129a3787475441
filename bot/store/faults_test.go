package store_test

import (
	"context"
	"database/sql"
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
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
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
		if took := time.Since(started); took > time.Minute {
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
	s.SaveTurn(ctx, "t", "", []byte("x")) //nolint:errcheck // Turns has it
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

// TestServerDropsConnections has the server end all connections again and again while questions arrive and are retried: each is
// first exactly once.
func TestServerDropsConnections(t *testing.T) {
	t.Parallel()
	url := postgresURL(t)
	name := fmt.Sprintf("dropped_%d", os.Getpid())
	s := open(t, url+"&application_name="+name, store.Options{})
	killer, err := sql.Open("pgx", os.Getenv("TEST_DATABASE_URL"))
	check(t, err)
	defer killer.Close()
	stop := make(chan struct{})
	var killing, asking sync.WaitGroup
	killing.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
			}
			const drop = `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = $1`
			if _, err := killer.ExecContext(t.Context(), drop, name); err != nil {
				t.Error(err)
			}
		}
	})
	var failed atomic.Int32
	for w := range 4 {
		asking.Go(func() {
			for i := range 6 {
				firsts := 0
				for acknowledged := false; !acknowledged && t.Context().Err() == nil; {
					first, err := s.Claim(t.Context(), promise(fmt.Sprint(w, "-", i)))
					if acknowledged = err == nil; !acknowledged {
						failed.Add(1)
					}
					if first {
						firsts++
					}
				}
				if firsts != 1 {
					t.Errorf("%d-%d was first %d times", w, i, firsts)
				}
			}
		})
	}
	asking.Wait()
	close(stop)
	killing.Wait()
	t.Logf("%d claims failed", failed.Load())
}
