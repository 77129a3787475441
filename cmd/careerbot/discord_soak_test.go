package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"careerbot/adapters/discord/discordtest"
)

// discordSoakVar is how many questions TestDiscordSoak asks.
const discordSoakVar = "CAREERBOT_DISCORD_SOAK"

// maxResident is how many bytes the program may hold in memory.
const maxResident = 128 << 20

// TestDiscordSoak asks the real program questions of every kind while its sessions are disturbed and REST fails: none is
// lost, none is answered twice, and its memory stays small and flat.
func TestDiscordSoak(t *testing.T) {
	questions := numberOf(discordSoakVar, 600)
	c := newDiscordCampaign(t, false, 2*time.Second)
	p := c.start(t)
	c.ask(0)
	within(t, startWait, "it answers", func() bool { return c.discord.Open() == 0 }) // a session cut before its READY is none yet
	half := 0
	got, err := c.discord.Run(t.Context(), discordtest.Campaign{
		Seed: 2, Questions: questions, Disturb: 4 / float64(max(questions/25, 100)), Noise: 0.1, Duplicate: 0.05,
		Options: [][]discordtest.Option{
			{discordtest.Sub("skills")},
			{discordtest.Sub("salary", discordtest.Str("level", "senior"), discordtest.Str("region", "india"))},
			{discordtest.Sub("ask", discordtest.Str("question", "do I need a degree?"))},
			{discordtest.Sub("help")},
		},
		Typed:          [][]discordtest.Option{{discordtest.Sub("skills", discordtest.Typed("role", "dev"))}},
		MessageCommand: "Answer this question",
		Texts:          []string{"what does a senior back-end developer earn in India?", "python or go?", "what is redis?", "zanzibar"},
		Before: func(n int) {
			if n == questions/2 {
				half = p.resident()
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	end := p.resident()
	t.Logf("%s; resident %d MiB after half, %d MiB at the end, in %s", got, half>>20, end>>20, got.Took.Round(time.Second))
	if v := got.Verdict; !v.OK() || len(v.Undelivered) > 0 {
		t.Errorf("lost %d, doubled %d, undelivered %d\n%s", len(v.Lost), len(v.Doubled), len(v.Undelivered), p.log)
	}
	if end > maxResident || questions > 100_000 && end > half+half/5 {
		t.Errorf("the program holds %d MiB after half and %d MiB at the end", half>>20, end>>20)
	}
	p.stop(t)
	c.checkLog(t, p)
}

// resident is how many bytes the process holds in memory; 0 where that cannot be seen.
func (p *discordProcess) resident() int {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", p.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	parts := strings.Fields(string(text))
	pages, err := strconv.Atoi(parts[1])
	if err != nil {
		return 0
	}
	return pages * os.Getpagesize()
}
