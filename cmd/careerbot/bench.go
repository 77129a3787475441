package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/spf13/cobra"
)

// Bounds of a measurement: it is no weapon, and ends by itself.
const (
	maxInflight  = 256
	maxSeconds   = 600
	maxQuestions = 10_000_000
	maxTalks     = 100_000
)

// benchFlags are what a measurement was asked to be.
type benchFlags struct {
	url, key                          string
	inflight, seconds, count, threads int
	ids, cold                         bool
	corpus                            int
}

func (p *program) benchCommand() *cobra.Command {
	var f benchFlags
	cmd := &cobra.Command{
		Use:   "bench",
		Short: "Measure how many questions a second POST /v1/ask answers on this machine",
		Long: `bench asks a mix of real questions over kept connections and prints answers a second,
latency and memory. Without --url it starts a server of its own on the loopback with
a temporary state in SQLite, so that journal and memory are those of serve; its
memory then includes the load's own. It asks on the loopback only.

With --corpus it measures the index on disk instead: building it of made-up passages,
opening, asking and changing it.`,
		Example: `  careerbot bench
  careerbot bench --count 1000000 --inflight 16
  careerbot bench --ids
  careerbot bench --cold
  careerbot bench --corpus 1000000
  HTTP_KEY=secret careerbot bench --url http://127.0.0.1:8080 --seconds 30`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if f.count > 0 && !cmd.Flags().Changed("seconds") {
				f.seconds = maxSeconds
			}
			if err := f.check(); err != nil {
				return err
			}
			if f.corpus > 0 {
				return p.benchCorpus(cmd.Context(), f.corpus)
			}
			return p.bench(cmd.Context(), f)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.url, "url", "", "measure the server at this address instead, such as http://127.0.0.1:8080")
	flags.StringVar(&f.key, "key", "", "the server's HTTP_KEY; by default that of the environment")
	flags.IntVar(&f.inflight, "inflight", 16, fmt.Sprintf("questions under way at once, to %d", maxInflight))
	flags.IntVar(&f.seconds, "seconds", 5, fmt.Sprintf("how long to ask, to %d; with --count the longest time, then %[1]d by default", maxSeconds))
	flags.IntVar(&f.count, "count", 0, fmt.Sprintf("how many questions to ask, to %d; 0: as many as the time allows", maxQuestions))
	flags.IntVar(&f.threads, "threads", 0, fmt.Sprintf("ask in this many conversations, to %d, which are kept; 0: every question for itself", maxTalks))
	flags.BoolVar(&f.ids, "ids", false, "give every question an id, so that the server keeps each reply for a repeat before it sends it")
	flags.BoolVar(&f.cold, "cold", false, "compose every answer anew, as if no question came twice; not with --url")
	flags.IntVar(&f.corpus, "corpus", 0, fmt.Sprintf("measure the index on disk with this many passages, to %d, and with fewer", maxCorpus))
	return cmd
}

// check says which flag is out of bounds.
func (f *benchFlags) check() error {
	for _, b := range []struct {
		flag          string
		got, low, top int
	}{
		{"inflight", f.inflight, 1, maxInflight},
		{"seconds", f.seconds, 1, maxSeconds},
		{"count", f.count, 0, maxQuestions},
		{"threads", f.threads, 0, maxTalks},
		{"corpus", f.corpus, 0, maxCorpus},
	} {
		if b.got < b.low || b.got > b.top {
			return misused("--%s %d is out of bounds: take %d to %d", b.flag, b.got, b.low, b.top)
		}
	}
	if f.url == "" {
		return nil
	}
	if f.cold {
		return misused("--cold is not for a server that is running already: set its ANSWER_CACHE to 0")
	}
	_, err := loopback(f.url)
	return err
}

// loopback gives host and port of an address on this machine and refuses every other: whoever measures another's server
// attacks it.
func loopback(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" || u.Hostname() == "" {
		return "", misused("--url is no address: write http://127.0.0.1:8080")
	}
	host, port := u.Hostname(), u.Port()
	if host == "localhost" {
		host = "127.0.0.1" // not what a resolver makes of it
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return "", misused("--url %s is not on this machine: only addresses of the loopback are measured, such as http://127.0.0.1:8080", u.Redacted())
	}
	if port == "" {
		port = "80"
	}
	return net.JoinHostPort(host, port), nil
}

// bench measures a server, its own where none is named.
func (p *program) bench(ctx context.Context, f benchFlags) error {
	if f.key == "" {
		f.key = p.env("HTTP_KEY")
	}
	if f.url != "" {
		addr, err := loopback(f.url)
		if err != nil {
			return err
		}
		return p.measure(ctx, addr, f, time.Time{})
	}
	dir, err := os.MkdirTemp("", "careerbot-bench-")
	if err != nil {
		return fmt.Errorf("make a place for the state: %w", err)
	}
	f.key = rand.Text()
	return errors.Join(p.benchOwn(ctx, dir, f), os.RemoveAll(dir))
}

// benchOwn measures a server of its own, with its state in dir.
func (p *program) benchOwn(ctx context.Context, dir string, f benchFlags) error {
	began := time.Now()
	s, err := p.open(ctx, benchConfig(dir, f.key, f.cold))
	if err != nil {
		return err
	}
	defer s.closeAll()
	serving, stop := context.WithCancel(ctx)
	defer stop()
	var ended error
	var running sync.WaitGroup
	running.Go(func() {
		ended = s.run(serving)
		stop()
	})
	err = p.measure(serving, s.listener.Addr().String(), f, began)
	stats, statsErr := s.store.Stats(ctx)
	stop()
	running.Wait()
	if err = errors.Join(err, ended, ctx.Err()); err != nil {
		return err
	}
	if statsErr == nil && stats.Dropped > 0 { // the load outran the disk
		fmt.Fprintf(p.out, "%-10s %s entries dropped\n", "journal", grouped(int64(stats.Dropped)))
	}
	return statsErr
}

// benchConfig is that of a server without limits, which one peer would soon meet.
func benchConfig(dir, key string, cold bool) config {
	set := map[string]string{
		"HTTP_KEY": key, "LISTEN_ADDR": "127.0.0.1:0", "DATABASE_URL": "sqlite:" + filepath.Join(dir, "bench.db"),
		"LOG_LEVEL": "warn", "USER_RATE": "0", "CHANNEL_RATE": "0", "SERVER_RATE": "0",
	}
	if cold {
		set["ANSWER_CACHE"] = "0"
	}
	c := config{values: map[string]string{}, from: map[string]string{}}
	for _, s := range settings(func(name string) string { return set[name] }) {
		c.values[s.key()] = s.def
		if v, ok := set[s.name]; ok {
			c.values[s.key()] = v
		}
	}
	return c
}

// measure asks in two halves, so that memory that grows shows, and prints what was measured. began is when the server
// was started; zero where it was running.
func (p *program) measure(ctx context.Context, addr string, f benchFlags, began time.Time) error {
	l, err := newLoad(addr, f)
	if err != nil {
		return err
	}
	if err := l.ready(ctx); err != nil {
		return err
	}
	if !began.IsZero() {
		fmt.Fprintf(p.out, "%-10s after %d ms\n", "ready", time.Since(began).Milliseconds())
	}
	used := [3]usage{l.usage(ctx)}
	var all tally
	took := time.Duration(0)
	count := f.count
	if count == 0 {
		count = maxQuestions
	}
	for half := range 2 {
		t, d := l.ask(ctx, count/2+half*(count%2), time.Duration(f.seconds)*time.Second/2)
		all.add(t)
		took += d
		used[half+1] = l.usage(ctx)
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return all.print(p.out, took, f.inflight, used)
}
