package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"careerbot/bot/store"
)

func read(t *testing.T, s *store.Store, since time.Time) []store.Asked {
	t.Helper()
	var out []store.Asked
	for a, err := range s.Journal(t.Context(), since) {
		check(t, err)
		out = append(out, a)
	}
	return out
}

func TestJournalWithVotes(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		c := &clock{}
		s := open(t, url, store.Options{Now: c.now})
		at := c.now()
		want := store.Entry{
			Answer: "a1", Platform: "slack", Topic: "salary", Text: "junior salary \x00\xff", Confidence: 0.5,
			Answered: true, Took: 3 * time.Millisecond, User: "slack:U1", At: at,
		}
		check(t, s.Record(t.Context(), store.Entry{Answer: "a1", Text: "of a first try", At: at}))
		check(t, s.Record(t.Context(), want))
		check(t, s.Record(t.Context(), store.Entry{Answer: "a2", Confidence: math.NaN(), At: at.Add(time.Second)}))
		check(t, s.Record(t.Context(), store.Entry{Text: "without an id", At: at.Add(2 * time.Second)}))
		for i, v := range []store.Vote{
			{Answer: "a1", User: "u1", Up: true, At: at},
			{Answer: "a1", User: "u2", Up: false, Reason: "too old", At: at.Add(1)},
			{Answer: "a1", User: "u1", Up: false, Reason: "wrong country", At: at.Add(2)}, // the last counts
			{Answer: "a1", User: "u3", Up: true, At: at.Add(3)},
			{Answer: "unheard of", User: "u3", Up: true},
		} {
			if err := s.Vote(t.Context(), v); err != nil {
				t.Errorf("vote %d: %v", i, err)
			}
		}
		got := read(t, s, at)
		if len(got) != 3 || got[1].Confidence != 0 || got[1].Answer != "a2" || got[2].Text != "without an id" {
			t.Fatalf("got %+v", got)
		}
		a := got[0]
		if a.User == want.User || len(a.User) != 32 {
			t.Errorf("the user is kept as %q", a.User)
		}
		want.User, want.Text, want.At = a.User, "junior salary \uFFFD\uFFFD", a.At
		if a.Entry != want || !a.At.Equal(at) {
			t.Errorf("got %+v, want %+v", a.Entry, want)
		}
		if a.Up != 1 || a.Down != 2 || !reflect.DeepEqual(a.Reasons, []string{"too old", "wrong country"}) {
			t.Errorf("votes %d up, %d down, %q", a.Up, a.Down, a.Reasons)
		}
		if got := read(t, s, at.Add(time.Second)); len(got) != 2 {
			t.Errorf("%d entries a second later", len(got))
		}
	})
}

func TestJournalInPages(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		c := &clock{}
		s := open(t, url, store.Options{Now: c.now})
		at := c.now()
		const n = 1005
		for i := range n {
			check(t, s.Record(t.Context(), store.Entry{Answer: fmt.Sprintf("a%04d", i), At: at.Add(time.Duration(i / 7))})) // many at one time
		}
		got := read(t, s, time.Time{})
		for i, a := range got {
			if a.Answer != fmt.Sprintf("a%04d", i) {
				t.Fatalf("entry %d is %s", i, a.Answer)
			}
		}
		if len(got) != n {
			t.Errorf("%d entries", len(got))
		}
		for a := range s.Journal(t.Context(), time.Time{}) { // a reader may stop
			if a.Answer == "a0003" {
				break
			}
		}
	})
}

func TestJournalNeverWaits(t *testing.T) {
	t.Parallel()
	f, log := &faults{}, newLogged()
	url := sqliteURL(t)
	s, err := store.Open(t.Context(), url, store.Options{Logger: slogger(log)}.Calm().Wrapped(f.wrap))
	check(t, err)
	f.down.Store(true)
	dropped := 0
	started := time.Now()
	for i := range store.QueueSize + 100 {
		err := s.Record(t.Context(), store.Entry{Answer: fmt.Sprint("a", i), Text: "how much"})
		if errors.Is(err, store.ErrDropped) {
			dropped++
		} else {
			check(t, err)
		}
	}
	if took := time.Since(started); took > 20*time.Second {
		t.Errorf("recording took %v while the database was lost", took)
	}
	if dropped != 100 {
		t.Errorf("%d were dropped", dropped)
	}
	if line := <-log.lines; !strings.Contains(line, "rows cannot be written") {
		t.Errorf("logged %q", line)
	}
	f.down.Store(false)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute) // it is much to write under the race detector
	defer cancel()
	check(t, s.Flush(ctx))
	st := must[store.Stats](t)(s.Stats(t.Context()))
	if st.Dropped != 100 || st.Queued != 0 {
		t.Errorf("stats %+v", st)
	}
	check(t, s.Record(t.Context(), store.Entry{Answer: "last"}))
	check(t, s.Close())
	if got := read(t, open(t, url, store.Options{}), time.Time{}); len(got) != store.QueueSize+1 {
		t.Errorf("%d entries after closing", len(got))
	}
}

// TestJournalAfterStandstill has a write not end in time, as when the machine stands still: it is done a moment later, and
// nobody is told of an outage.
func TestJournalAfterStandstill(t *testing.T) {
	t.Parallel()
	url := sqliteURL(t)
	synctest.Test(t, func(t *testing.T) {
		f, log := &faults{}, newLogged()
		s, err := store.Open(t.Context(), url, store.Options{Logger: slogger(log)}.Wrapped(f.wrap))
		check(t, err)
		release := make(chan struct{})
		f.stuck.Store(&release)
		check(t, s.Record(t.Context(), store.Entry{Answer: "a"}))
		time.Sleep(3 * time.Second) // of the bubble: more than a write may take
		f.stuck.Store(nil)
		close(release)
		check(t, s.Flush(t.Context()))
		if got := read(t, s, time.Time{}); len(got) != 1 || got[0].Answer != "a" {
			t.Errorf("the journal has %+v", got)
		}
		check(t, s.Close())
		close(log.lines)
		for line := range log.lines {
			t.Errorf("logged %q", line)
		}
	})
}

func TestExportAndErase(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		c := &clock{}
		s := open(t, url, store.Options{Now: c.now})
		for _, user := range []string{"u1", "u2"} {
			check(t, s.Record(t.Context(), store.Entry{Answer: "a-" + user, Text: "asked by " + user[1:], User: user}))
			check(t, s.Vote(t.Context(), store.Vote{Answer: "a-" + user, User: user, Up: true, Reason: "good"}))
			check(t, s.SaveTurn(t.Context(), s.ThreadOf("discord/1", user), "", []byte(`{"n":1}`)))
			check(t, s.SaveTurn(t.Context(), s.ThreadOf("discord/1", user), "", []byte("no JSON \xff")))
		}
		check(t, s.SaveTurn(t.Context(), "discord/1", "", []byte("everybody's")))
		data := must[[]byte](t)(s.ExportUser(t.Context(), "u1"))
		var got struct {
			User    string
			Journal []struct{ Answer, Text string }
			Votes   []struct {
				Answer, Reason string
				Up             bool
			}
			Turns []struct{ Turn any }
		}
		check(t, json.Unmarshal(data, &got))
		if len(got.Journal) != 1 || got.Journal[0].Text != "asked by 1" || len(got.Votes) != 1 || !got.Votes[0].Up || len(got.Turns) != 2 {
			t.Errorf("got %s", data)
		}
		if strings.Contains(string(data), "u1\"") && !strings.Contains(string(data), "a-u1") || got.User == "u1" {
			t.Errorf("the name is in the export: %s", data)
		}
		if n := must[int](t)(s.EraseUser(t.Context(), "u1")); n != 4 {
			t.Errorf("%d rows erased, want 4", n)
		}
		if n := must[int](t)(s.EraseUser(t.Context(), "u1")); n != 0 {
			t.Errorf("%d rows erased the second time", n)
		}
		data = must[[]byte](t)(s.ExportUser(t.Context(), "u1"))
		check(t, json.Unmarshal(data, &got))
		if len(got.Journal)+len(got.Votes)+len(got.Turns) != 0 {
			t.Errorf("after erasing: %s", data)
		}
		if left := read(t, s, time.Time{}); len(left) != 1 || left[0].Answer != "a-u2" {
			t.Errorf("left: %+v", left)
		}
	})
}

// What is erased, and names at any time, must not be found in the file.
func TestNamesAreNotInTheFile(t *testing.T) {
	t.Parallel()
	url := sqliteURL(t)
	s := open(t, url, store.Options{Key: []byte("0123456789abcdef")})
	const name, token = "user-zebra-42", "xoxb-zebra-secret"
	check(t, s.Record(t.Context(), store.Entry{Answer: "a", User: name}))
	check(t, s.Vote(t.Context(), store.Vote{Answer: "a", User: name}))
	check(t, s.SaveTurn(t.Context(), s.ThreadOf("t", name), "", []byte("x")))
	check(t, s.SaveInstallation(t.Context(), store.Installation{Platform: "slack", Team: "T", Secret: []byte(token)}))
	check(t, s.Close())
	data, err := os.ReadFile(strings.TrimPrefix(url, "sqlite:"))
	check(t, err)
	if strings.Contains(string(data), name) || strings.Contains(string(data), token) || strings.Contains(string(data), "zebra") {
		t.Error("a name or a token lies open in the file")
	}
}

func TestSaltIsOfTheInstall(t *testing.T) {
	t.Parallel()
	url := sqliteURL(t)
	s := open(t, url, store.Options{})
	thread := s.ThreadOf("t", "u")
	check(t, s.Close())
	if again := open(t, url, store.Options{}); again.ThreadOf("t", "u") != thread {
		t.Error("the salt changed with a restart")
	}
	if other := open(t, sqliteURL(t), store.Options{}); other.ThreadOf("t", "u") == thread {
		t.Error("two installs have the same salt")
	}
}

func TestSweep(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		c := &clock{}
		s := open(t, url, store.Options{Now: c.now, Retention: 10 * 24 * time.Hour})
		for i := range 5 {
			must[bool](t)(s.Claim(t.Context(), promise(fmt.Sprint("old", i))))
			check(t, s.Delivered(t.Context(), fmt.Sprint("old", i)))
		}
		must[bool](t)(s.Claim(t.Context(), promise("expired")))
		check(t, s.Expired(t.Context(), "expired", "too late"))
		late := promise("overdue")
		late.Deadline = c.now().Add(time.Minute)
		must[bool](t)(s.Claim(t.Context(), late))
		must[bool](t)(s.Claim(t.Context(), promise("open")))
		check(t, s.SaveTurn(t.Context(), "t", "", []byte("x")))
		check(t, s.Record(t.Context(), store.Entry{Answer: "a"}))
		check(t, s.Vote(t.Context(), store.Vote{Answer: "a", User: "u"}))
		check(t, s.Flush(t.Context()))
		sweep := func(after time.Duration, want int) {
			t.Helper()
			c.pass(after)
			if got := must[int](t)(s.Sweep(t.Context())); got != want {
				t.Errorf("after %v more %d rows were swept, want %d", after, got, want)
			}
		}
		sweep(time.Hour, 0)
		sweep(time.Hour+time.Minute, 5) // delivered claims
		if must[bool](t)(s.Claim(t.Context(), promise("overdue"))) {
			t.Error("what was overdue is promised again")
		}
		sweep(23*time.Hour, 1)    // the turn
		sweep(9*24*time.Hour, 3)  // the expired, the entry, the vote
		sweep(2*24*time.Hour, 1)  // what was found overdue two hours later
		sweep(10*24*time.Hour, 1) // the promise that nobody kept
		if st := must[store.Stats](t)(s.Stats(t.Context())); st.Claims != 0 {
			t.Errorf("stats %+v", st)
		}
	})
}
