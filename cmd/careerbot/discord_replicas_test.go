package main

import (
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"careerbot/adapters/discord/discordtest"
)

// TestDiscordReplicas runs two of the real program on one PostgreSQL and kills the one that has the gateway: its shards
// answer again within 30 s, and no question twice.
func TestDiscordReplicas(t *testing.T) {
	url := os.Getenv("TEST_DATABASE_URL")
	if url == "" || runtime.GOOS == "windows" {
		t.Skip("TEST_DATABASE_URL names no PostgreSQL database")
	}
	t.Parallel()
	c := newDiscordCampaign(t, false, discordtest.Options{Keep: 2000, Shards: 2, MaxConcurrency: 2})
	c.env = append(c.env, "DATABASE_URL="+url, "LISTEN_ADDR=127.0.0.1:0")
	first := c.start(t)
	within(t, startWait, "both shards are connected", func() bool { return len(c.discord.Sessions()) == 2 })
	second := c.launch(t)
	within(t, startWait, "the second runs", func() bool { return strings.Contains(second.log.String(), "msg=serving") })
	for n := range 30 {
		c.ask(n)
	}
	within(t, startWait, "all is answered", func() bool { return c.discord.Open() == 0 })
	if n := c.discord.Stats().Identifies; n != 2 {
		t.Errorf("%d sessions were begun, want 2: the second replica took shards of the first", n)
	}
	begin := time.Now()
	for n := range 10 {
		c.ask(n)
	}
	first.kill(t)
	within(t, startWait, "the killed one's sessions are gone", func() bool { return len(c.discord.Sessions()) == 0 })
	within(t, startWait, "the shards are another's", func() bool { return len(c.discord.Sessions()) == 2 })
	took := time.Since(begin)
	for n := range 30 {
		c.ask(n)
	}
	within(t, startWait, "all is answered", func() bool {
		return c.discord.Open() == len(c.discord.Verdict().Undelivered)
	})
	second.stop(t)
	v := c.discord.Verdict()
	if !v.OK() || took > 30*time.Second {
		t.Errorf("the shards were taken over after %s; %s", took, v)
	}
	t.Logf("the shards were taken over after %s; %s", took.Round(time.Millisecond), v)
}
