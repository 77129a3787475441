package main

import (
	"context"
	"os"
	"os/exec"
	"strconv"
	"time"
)

// What the campaigns that kill the real program have in common.

// numberOf is the number in a variable of the environment.
func numberOf(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return otherwise
}

// seedOf is the seed in a variable of the environment, which repeats a campaign.
func seedOf(name string) uint64 {
	return uint64(numberOf(name, 1)) //nolint:gosec // any number is a seed
}

// campaignQuestion is the nth thing to ask: of several topics, the last none of ours.
func campaignQuestion(n int) string {
	asked := [...]string{"what is redis", "senior backend salary in india", "docker vs kubernetes", "skills", "tell me a joke"}
	return asked[n%len(asked)]
}

// serving is "careerbot serve" without limits of rate; name is that of the program as TestMain knows it.
func serving(ctx context.Context, name, address, state string, env ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, "serve", "--listen-addr", address, "--log-level", "error",
		"--channel-rate", "0", "--user-rate", "0", "--server-rate", "0")
	cmd.Env = append(append(os.Environ(), "DATABASE_URL=sqlite:"+state), env...)
	return cmd
}

// steadily calls do with 0, 1, 2 and so on, every so often, for as long as d.
func steadily(ctx context.Context, every, d time.Duration, do func(n int)) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	end := time.NewTimer(d)
	defer end.Stop()
	for n := 0; ; n++ {
		select {
		case <-tick.C:
		case <-end.C:
			return
		case <-ctx.Done():
			return
		}
		do(n)
	}
}
