package adapters_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"careerbot/adapters/adaptertest"
)

// killsVar is how many kills the campaign has in each of its modes; seedVar repeats a campaign.
const (
	killsVar = "CAREERBOT_KILLS"
	seedVar  = "CAREERBOT_KILL_SEED"
)

// TestKill kills a process that answers questions, at random points and under load, and starts it again on the same
// state: every question that it has acknowledged has exactly one answer at the end. It does not run beside other tests:
// a machine that is too busy makes posts of a killed process arrive later than Settle.
func TestKill(t *testing.T) {
	kills, err := strconv.Atoi(os.Getenv(killsVar))
	if err != nil {
		kills = 5
	}
	seed, err := strconv.ParseUint(os.Getenv(seedVar), 10, 64)
	if err != nil {
		seed = 1
	}
	modes := []struct {
		name   string
		look   bool
		settle time.Duration
		life   time.Duration // longest, of a process
	}{
		{"nonce", false, 0, 400 * time.Millisecond},
		{"lookup", true, 250 * time.Millisecond, 700 * time.Millisecond},
	}
	for _, mode := range modes {
		t.Run(mode.name, func(t *testing.T) {
			t.Parallel()
			platform := newPlatform(t, adaptertest.Options{
				Seed: seed, EnforceNonce: !mode.look, Duplicate: 0.1, Twins: 0.1,
				Busy: 0.02, Broken: 0.02, Lost: 0.02, Delay: 20 * time.Millisecond,
			})
			c := &campaign{platform: platform, life: mode.life, random: rand.New(rand.NewPCG(seed, 2)), config: childConfig{
				Platform: platform.URL(), Look: mode.look, Settle: mode.settle,
				Database: "sqlite:" + filepath.Join(t.TempDir(), "state.db"),
			}}
			c.run(t, kills)
		})
	}
}

func newPlatform(t *testing.T, o adaptertest.Options) *adaptertest.Platform {
	t.Helper()
	platform, err := adaptertest.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(platform.Close)
	return platform
}

// campaign is a series of kills.
type campaign struct {
	platform *adaptertest.Platform
	config   childConfig
	life     time.Duration
	random   *rand.Rand
	asked    int
}

func (c *campaign) run(t *testing.T, kills int) {
	begin := time.Now()
	for n := range kills {
		p := c.start(t)
		c.load(t.Context(), time.Duration(c.random.Int64N(int64(c.life))))
		p.kill(t)
		if n%10 == 9 {
			c.platform.Replay(100)
		}
	}
	unanswered := c.asked - c.platform.Answered()
	last := c.start(t)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if err := c.platform.Quiet(ctx); err != nil {
		t.Errorf("after the last start: %v", err)
	}
	last.stop(t)
	for _, problem := range c.platform.Problems() {
		t.Error(problem)
	}
	t.Logf("%d kills in %s: %d questions, %d of them open after the last kill; %+v",
		kills, time.Since(begin).Round(time.Millisecond), c.asked, unanswered, c.platform.Stats())
}

// load asks for as long as d, with at most 64 questions open.
func (c *campaign) load(ctx context.Context, d time.Duration) {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	end := time.NewTimer(d)
	defer end.Stop()
	for {
		select {
		case <-tick.C:
		case <-end.C:
			return
		case <-ctx.Done():
			return
		}
		if c.asked-c.platform.Answered() < 64 {
			c.asked++
			c.platform.Ask(adaptertest.Event{
				Key: fmt.Sprint("q", c.asked), Channel: fmt.Sprint("c", c.asked%7), Text: fmt.Sprint("question ", c.asked),
			})
		}
	}
}

// process is one life of the child.
type process struct {
	cmd    *exec.Cmd
	input  io.Closer
	stderr *strings.Builder
}

// start starts the child on the state of the one before it and connects it.
func (c *campaign) start(t *testing.T) *process {
	t.Helper()
	config, err := json.Marshal(c.config)
	if err != nil {
		t.Fatal(err)
	}
	p := &process{cmd: exec.CommandContext(t.Context(), os.Args[0]), stderr: &strings.Builder{}}
	p.cmd.Env = append(os.Environ(), childVar+"="+string(config))
	p.cmd.Stderr = p.stderr
	if p.input, err = p.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		p.cmd.Wait()
		t.Fatalf("the child did not start: %v\n%s", err, p.stderr)
	}
	c.platform.Connect(strings.TrimSpace(address))
	return p
}

// kill ends the child as a crash does.
func (p *process) kill(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	p.cmd.Wait()
	if p.stderr.Len() > 0 {
		t.Errorf("the child said\n%s", p.stderr)
	}
}

// stop ends the child as an operator does.
func (p *process) stop(t *testing.T) {
	t.Helper()
	p.input.Close()
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("the child ended with %v\n%s", err, p.stderr)
	}
}
