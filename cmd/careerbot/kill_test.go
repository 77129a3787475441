package main

import (
	"context"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	"careerbot/adapters"
	"careerbot/adapters/adaptertest"
)

// Variables of the campaign: kills in each of its modes, and the seed that repeats one.
const (
	killsVar = "CAREERBOT_KILLS"
	seedVar  = "CAREERBOT_KILL_SEED"
)

// Variables of the program that is killed: the test platform's address, and how long a post may take to be found
// there, "" where the platform enforces the nonce.
const (
	platformVar = "CAREERBOT_TEST_PLATFORM"
	settleVar   = "CAREERBOT_TEST_SETTLE"
)

// tested is careerbot with one more adapter: that of the test platform.
func tested() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	p := &program{in: os.Stdin, out: os.Stdout, err: os.Stderr, env: os.Getenv, extra: func(s *server) []adapters.Adapter {
		settle, err := time.ParseDuration(os.Getenv(settleVar))
		options := adaptertest.Quick(settle)
		options.Logger, options.Meter = s.log, s.metrics
		return []adapters.Adapter{adaptertest.NewAdapter(adaptertest.Config{
			Platform: os.Getenv(platformVar), Look: err == nil, Outbox: adapters.OutboxOf(s.store), Courier: options,
		})}
	}}
	code := p.run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// TestServeKilled kills "careerbot serve" at random points under load, its start included, and starts it again on the
// same state: every question that it acknowledged has exactly one answer at the end. Its posts that
// are on their way are taken before the next process looks for them; how long that takes on a busy machine is not tested.
func TestServeKilled(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there is no SIGTERM on Windows")
	}
	kills, seed := numberOf(killsVar, 4), seedOf(seedVar)
	for _, settle := range []string{"", "250ms"} {
		name := "lookup"
		if settle == "" {
			name = "nonce"
		}
		t.Run(name, func(t *testing.T) {
			platform, err := adaptertest.New(adaptertest.Options{
				Seed: seed, EnforceNonce: settle == "", Duplicate: 0.1, Twins: 0.1,
				Busy: 0.02, Broken: 0.02, Lost: 0.02, Delay: 20 * time.Millisecond,
			})
			if err != nil {
				t.Fatal(err)
			}
			defer platform.Close()
			address, err := adaptertest.FreeAddress()
			if err != nil {
				t.Fatal(err)
			}
			state := filepath.Join(t.TempDir(), "state.db")
			c := adaptertest.Campaign{
				Platform: platform, Address: address, Life: 1200 * time.Millisecond, Seed: seed, Log: t.Logf,
				Text: campaignQuestion,
				Command: func() *exec.Cmd {
					return serving(t.Context(), "careerbot-tested", address, state, platformVar+"="+platform.URL(), settleVar+"="+settle)
				},
			}
			if err := c.Run(t.Context(), kills); err != nil {
				t.Error(err)
			}
		})
	}
}
