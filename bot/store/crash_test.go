package store_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"careerbot/bot/store"
)

// childEnv carries the URL of the state to the process that TestKilled kills.
const childEnv = "CAREERBOT_STORE_TEST_CHILD"

// child claims and delivers for ever, saying so on standard output after each; every third promise it leaves open.
func child() int {
	ctx := context.Background()
	s, err := store.Open(ctx, os.Getenv(childEnv), store.Options{}.Calm())
	if err != nil {
		fmt.Println("error", err)
		return 1
	}
	prefix := os.Getpid()
	for i := 0; ; i++ {
		key := fmt.Sprintf("%d-%d", prefix, i)
		if first, err := s.Claim(ctx, promise(key)); err != nil || !first {
			fmt.Println("error", first, err)
			return 1
		}
		fmt.Println("claimed", key)
		s.Record(ctx, store.Entry{Answer: key, Text: "x"}) //nolint:errcheck // it may be full here
		if i%3 == 0 {
			continue
		}
		fmt.Println("sent", key)
		if err := s.Delivered(ctx, key); err != nil {
			fmt.Println("error", err)
			return 1
		}
		fmt.Println("delivered", key)
	}
}

// TestKilled kills a process amid its claims, several times on the same state, and looks at what it left: whatever it said was
// claimed and not delivered must be pending, whatever it said was delivered must not.
func TestKilled(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		for round := range 5 {
			said := killAfter(t, url, 20+37*round)
			// A replica that looks when the dead one's lease has run out.
			later := func() time.Time { return time.Now().Add(store.PromiseLease + time.Minute) }
			s, err := store.Open(t.Context(), url, store.Options{Now: later}.Calm())
			check(t, err)
			pending := map[string]bool{}
			for _, p := range must[[]store.Promise](t)(s.Pending(t.Context(), "discord", 0)) {
				pending[p.Key] = true
				if p.Payload != "payload of "+p.Key {
					t.Errorf("payload %q of %s", p.Payload, p.Key)
				}
				check(t, s.Delivered(t.Context(), p.Key))
			}
			for key, last := range said {
				switch {
				case last == "claimed" && !pending[key]:
					t.Errorf("%s was promised and is lost", key)
				case last == "delivered" && pending[key]:
					t.Errorf("%s was delivered and would be again", key)
				}
				if must[bool](t)(s.Claim(t.Context(), promise(key))) {
					t.Errorf("%s is claimed anew", key)
				}
			}
			check(t, s.Close())
		}
	})
}

// killAfter runs a child until it has said n lines, kills it, and gives the last it said of each key.
func killAfter(t *testing.T, url string, n int) map[string]string {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), childEnv+"="+url)
	out, err := cmd.StdoutPipe()
	check(t, err)
	check(t, cmd.Start())
	said := map[string]string{}
	lines := bufio.NewScanner(out)
	for i := 0; lines.Scan(); i++ {
		word, key, _ := strings.Cut(lines.Text(), " ")
		if word == "error" {
			t.Errorf("the child failed: %s", key)
		}
		said[key] = word
		if i == n {
			check(t, cmd.Process.Kill())
		}
	}
	cmd.Wait() //nolint:errcheck // it was killed
	if len(said) < n/3 {
		t.Fatalf("the child said only %d lines", len(said))
	}
	return said
}

// TestCopiedAmidWrites copies the files of a state in use, as a crash of the machine would leave them, and opens the copy.
func TestCopiedAmidWrites(t *testing.T) {
	t.Parallel()
	url := sqliteURL(t)
	s := open(t, url, store.Options{})
	for i := range 200 {
		must[bool](t)(s.Claim(t.Context(), promise(fmt.Sprint("k", i))))
		if i%2 == 0 {
			check(t, s.Delivered(t.Context(), fmt.Sprint("k", i)))
		}
	}
	copied := filepath.Join(t.TempDir(), "copy.db")
	for _, suffix := range []string{"", "-wal"} { // the log last, and what is in it decides
		from, err := os.Open(strings.TrimPrefix(url, "sqlite:") + suffix)
		check(t, err)
		to, err := os.Create(copied + suffix)
		check(t, err)
		must[int64](t)(io.Copy(to, from))
		check(t, to.Close())
		// Closing the copy's source would drop SQLite's locks on it; it stays open until the test has ended.
		t.Cleanup(func() { from.Close() })
	}
	after := open(t, "sqlite:"+copied, store.Options{})
	if got := must[[]store.Promise](t)(after.Pending(t.Context(), "discord", 0)); len(got) != 100 {
		t.Errorf("%d promises are pending, want 100", len(got))
	}
}

// TestInUseByAnotherProcess holds the state in a child; when that is killed, its lock is no obstacle.
func TestInUseByAnotherProcess(t *testing.T) {
	t.Parallel()
	url := sqliteURL(t)
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), childEnv+"="+url)
	out, err := cmd.StdoutPipe()
	check(t, err)
	check(t, cmd.Start())
	lines := bufio.NewReader(out)
	must[string](t)(lines.ReadString('\n'))
	_, err = store.Open(t.Context(), url, store.Options{})
	if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("in use by another careerbot; use PostgreSQL (DATABASE_URL=postgres://…) to share state (process %d", cmd.Process.Pid)) {
		t.Errorf("got %v", err)
	}
	check(t, cmd.Process.Kill())
	must[int64](t)(io.Copy(io.Discard, lines))
	cmd.Wait() //nolint:errcheck // it was killed
	open(t, url, store.Options{})
}
