package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"careerbot/bot/store"
)

func slogger(h slog.Handler) *slog.Logger { return slog.New(h) }

func TestTurns(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s := open(t, url, store.Options{})
		turn := []byte("turn 0 \x00\xff")
		for i := range 6 {
			turn[5] = byte('0' + i)
			check(t, s.SaveTurn(t.Context(), "thread", "", turn))
		}
		got := must[[][]byte](t)(s.Turns(t.Context(), "thread", 4))
		if len(got) != 4 || !bytes.Equal(got[0], []byte("turn 2 \x00\xff")) || !bytes.Equal(got[3], []byte("turn 5 \x00\xff")) {
			t.Errorf("got %q", got)
		}
		if got := must[[][]byte](t)(s.Turns(t.Context(), "another", 4)); len(got) != 0 {
			t.Errorf("another thread has %q", got)
		}
		if err := s.SaveTurn(t.Context(), "thread", "", make([]byte, 1<<17)); err == nil {
			t.Error("a turn may be of any size")
		}
	})
}

// TestTurnsTo is what a button pressed under an old answer needs: the turns that led to that answer, not to the last one.
func TestTurnsTo(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s := open(t, url, store.Options{})
		for i, answer := range []string{"a1", "", "a3", "a4"} {
			check(t, s.SaveTurn(t.Context(), "thread", answer, []byte{byte('0' + i)}))
		}
		check(t, s.SaveTurn(t.Context(), "another", "b1", []byte("x")))
		for answer, want := range map[string]string{"a1": "0", "a3": "12", "a4": "23", "b1": "x", "": "", "gone": ""} {
			if got := string(bytes.Join(must[[][]byte](t)(s.TurnsTo(t.Context(), answer, 2)), nil)); got != want {
				t.Errorf("the turns to %q are %q, want %q", answer, got, want)
			}
		}
	})
}

func TestSettings(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s := open(t, url, store.Options{})
		for _, step := range []struct{ scope, value string }{
			{"discord:guild:1", "a"}, {"discord:guild:1", "ä 'quoted'"}, {"discord:guild:2", "b"}, {"discord:guild:1", ""},
		} {
			check(t, s.SetSetting(t.Context(), step.scope, "name", step.value))
			if got := must[string](t)(s.Setting(t.Context(), step.scope, "name")); got != step.value {
				t.Errorf("%s is %q, want %q", step.scope, got, step.value)
			}
		}
		if got := must[string](t)(s.Setting(t.Context(), "discord:guild:2", "name")); got != "b" {
			t.Errorf("the other guild has %q", got)
		}
		if err := s.SetSetting(t.Context(), "x", "y", "\xff"); err == nil {
			t.Error("a value may be of any bytes")
		}
	})
}

func TestInstallations(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		key := []byte("correct horse battery staple")
		s := open(t, url, store.Options{Key: key})
		in := store.Installation{Platform: "slack", Team: "T1", Secret: []byte("xoxb-1-2-abc"), Meta: `{"bot":"B1"}`}
		check(t, s.SaveInstallation(t.Context(), store.Installation{Platform: "slack", Team: "T1", Secret: []byte("earlier")}))
		check(t, s.SaveInstallation(t.Context(), in))
		got := must[store.Installation](t)(s.Installation(t.Context(), "slack", "T1"))
		if !bytes.Equal(got.Secret, in.Secret) || got.Meta != in.Meta {
			t.Errorf("got %+v", got)
		}
		if _, err := s.Installation(t.Context(), "slack", "T2"); !errors.Is(err, store.ErrNone) {
			t.Errorf("another team: %v", err)
		}
		check(t, s.Close())

		s = open(t, url, store.Options{Key: []byte("another key of the right size")})
		if _, err := s.Installation(t.Context(), "slack", "T1"); !errors.Is(err, store.ErrKey) {
			t.Errorf("with another key: %v", err)
		}
		check(t, s.Close())

		s = open(t, url, store.Options{})
		if _, err := s.Installation(t.Context(), "slack", "T1"); !errors.Is(err, store.ErrNoKey) {
			t.Errorf("without a key: %v", err)
		}
		if err := s.SaveInstallation(t.Context(), in); !errors.Is(err, store.ErrNoKey) {
			t.Errorf("storing without a key: %v", err)
		}
		check(t, s.Close())

		s = open(t, url, store.Options{Key: key})
		check(t, s.DeleteInstallation(t.Context(), "slack", "T1"))
		check(t, s.DeleteInstallation(t.Context(), "slack", "T1"))
		if _, err := s.Installation(t.Context(), "slack", "T1"); !errors.Is(err, store.ErrNone) {
			t.Errorf("after deleting: %v", err)
		}
		if _, err := store.Open(t.Context(), "sqlite::memory:", store.Options{Key: []byte("short")}); err == nil {
			t.Error("a short key is taken")
		}
	})
}

func TestLeases(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		c := &clock{}
		s := open(t, url, store.Options{Now: c.now})
		take := func(owner string, wantFence int64, wantOK bool) {
			t.Helper()
			fence, ok, err := s.Lease(t.Context(), "shard 0", owner, 15*time.Second)
			check(t, err)
			if fence != wantFence || ok != wantOK {
				t.Errorf("%s got fence %d, %v, want %d, %v", owner, fence, ok, wantFence, wantOK)
			}
		}
		take("a", 1, true)
		take("b", 0, false)
		c.pass(5 * time.Second)
		take("a", 1, true) // renewed
		c.pass(14 * time.Second)
		take("b", 0, false)
		c.pass(time.Second)
		take("b", 2, true) // run out
		take("a", 0, false)
		check(t, s.Release(t.Context(), "shard 0", "a")) // not a's to release
		take("a", 0, false)
		check(t, s.Release(t.Context(), "shard 0", "b"))
		take("a", 3, true)
		c.pass(time.Minute)
		take("a", 4, true) // its own, but it had run out
		check(t, s.Close())
		if s = open(t, url, store.Options{Now: c.now}); s.Dialect() == "sqlite" {
			take("b", 5, true) // nobody else can have been running
		}
	})
}

func TestLeaseByMany(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s := open(t, url, store.Options{})
		var won atomic.Int32
		var wg sync.WaitGroup
		for i := range 16 {
			wg.Go(func() {
				_, ok, err := s.Lease(t.Context(), "l", fmt.Sprint(i), time.Minute)
				if err != nil {
					t.Error(err)
				}
				if ok {
					won.Add(1)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 {
			t.Errorf("%d have the lease", won.Load())
		}
	})
}

// BenchmarkClaim measures claims, 10 % of them repeats, and says the 99th percentile.
func BenchmarkClaim(b *testing.B) {
	for _, workers := range []int{1, 16} {
		b.Run(fmt.Sprintf("sqlite/%d", workers), func(b *testing.B) { benchClaims(b, sqliteURL(b), workers, false) })
		b.Run(fmt.Sprintf("postgres/%d", workers), func(b *testing.B) { benchClaims(b, postgresURL(b), workers, false) })
	}
}

// BenchmarkAnswer measures all that the store does for an answered question: claim, turn, journal and delivery.
func BenchmarkAnswer(b *testing.B) {
	b.Run("sqlite/16", func(b *testing.B) { benchClaims(b, sqliteURL(b), 16, true) })
	b.Run("postgres/16", func(b *testing.B) { benchClaims(b, postgresURL(b), 16, true) })
}

func benchClaims(b *testing.B, url string, workers int, whole bool) {
	s := open(b, url, store.Options{})
	ctx := context.Background()
	took := make([]time.Duration, b.N)
	var next atomic.Int64
	var wg sync.WaitGroup
	b.ResetTimer()
	for range workers {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < b.N; i = int(next.Add(1)) - 1 {
				n := i
				if i%10 == 9 {
					n = i / 2
				}
				key := fmt.Sprint("discord:", n)
				started := time.Now()
				if _, err := s.Claim(ctx, promise(key)); err != nil {
					b.Error(err)
				}
				if whole {
					answer(ctx, b, s, key)
				}
				took[i] = time.Since(started)
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "claims/s")
	b.ReportMetric(float64(percentile(took, 0.99).Microseconds()), "p99-µs")
}

func answer(ctx context.Context, b *testing.B, s *store.Store, key string) {
	if err := s.SaveTurn(ctx, s.ThreadOf("t", key), "", []byte(`{"topic":"salary"}`)); err != nil {
		b.Error(err)
	}
	s.Record(ctx, store.Entry{Answer: key, Text: "junior back-end salary in india", User: key}) //nolint:errcheck // it may be full
	if err := s.Delivered(ctx, key); err != nil {
		b.Error(err)
	}
}

func percentile(took []time.Duration, p float64) time.Duration {
	slices.Sort(took)
	return took[int(p*float64(len(took)-1))]
}
