package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"careerbot/adapters/adaptertest"
	"careerbot/adapters/slack/slacktest"
	"careerbot/adapters/slack/slacktest/history"
)

// TestSlackKilled kills "careerbot serve" with Slack on loopback at random points under load and starts it again on the
// same state: every question that it acknowledged has exactly one answer at the end. CAREERBOT_KILLS says how often,
// CAREERBOT_KILL_SEED repeats a campaign.
func TestSlackKilled(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there is no SIGTERM on Windows")
	}
	kills, seed := numberOf(killsVar, 2), seedOf(seedVar)
	for _, http := range []bool{false, true} {
		name := "socket"
		if http {
			name = "http"
		}
		t.Run(name, func(t *testing.T) {
			platform, err := slacktest.New(slacktest.Options{
				Seed: seed, Answers: slackAnswers, Linger: 100 * time.Millisecond, Ack: 3 * time.Second,
				Retries: slices.Repeat([]time.Duration{200 * time.Millisecond}, 2000), // as Slack's last retry would come after an hour
			})
			if err != nil {
				t.Fatal(err)
			}
			defer platform.Close()
			platform.Fault(slacktest.Fault{Method: "chat.postMessage", Chance: 0.02, Status: 500})
			platform.Fault(slacktest.Fault{Method: "chat.postMessage", Chance: 0.02, Late: true, Cut: true})
			platform.Fault(slacktest.Fault{Method: "chat.postMessage", Chance: 0.02, Status: 429, RetryAfter: "1"})
			c := &slackCampaign{platform: platform, random: rand.New(rand.NewPCG(seed, 3)), http: http, state: filepath.Join(t.TempDir(), "state.db")}
			if c.address, err = adaptertest.FreeAddress(); err != nil {
				t.Fatal(err)
			}
			if http {
				platform.Connect(slacktest.Target{Base: "http://" + c.address})
			}
			c.run(t, kills)
		})
	}
}

// slackAnswers reads in the metadata of a message which question it answers, by the keys that slacktest gives questions.
func slackAnswers(m history.Message) string {
	var metadata struct {
		Payload struct{ Key string } `json:"event_payload"`
	}
	if json.Unmarshal(m.Metadata, &metadata) != nil {
		return ""
	}
	kind, rest, _ := strings.Cut(metadata.Payload.Key, ":")
	if parts := strings.SplitN(rest, ":", 3); kind == "m" && len(parts) == 3 {
		return slacktest.QuestionKey(parts[0], parts[1], parts[2])
	}
	return rest // of a trigger
}

// slackCampaign is a series of kills.
type slackCampaign struct {
	platform *slacktest.Slack
	random   *rand.Rand
	http     bool
	address  string
	state    string
	asked    int
}

func (c *slackCampaign) run(t *testing.T, kills int) {
	begin := time.Now()
	for range kills {
		p := c.start(t)
		steadily(t.Context(), 2*time.Millisecond, time.Duration(c.random.Int64N(int64(2*time.Second))), c.ask)
		if err := p.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = p.Wait() // it says that it was killed
	}
	open := c.platform.Verdict()
	last := c.start(t)
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute) // much: only a failure waits for it
	defer cancel()
	err := c.platform.Until(ctx, func() bool { v := c.platform.Verdict(); return v.Answered+v.Failed >= v.Asked && v.Lost+v.Unacked == 0 })
	if err != nil {
		t.Errorf("after the last start: %v; lost %v", err, c.platform.Lost())
	}
	if err := last.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := last.Wait(); err != nil {
		t.Errorf("the last process ended with %v", err)
	}
	v := c.platform.Verdict()
	if v.Lost+v.Doubled+v.Unacked > 0 {
		t.Errorf("%s; lost %v, doubled %v, unacknowledged %v", v, c.platform.Lost(), c.platform.Doubled(), c.platform.Unacked())
	}
	t.Logf("%d kills in %s; before the last start %s; in the end %s", kills, time.Since(begin).Round(time.Millisecond), open, v)
}

func (c *slackCampaign) start(t *testing.T) *exec.Cmd {
	t.Helper()
	cmd := serving(t.Context(), "careerbot", c.address, c.state, "SLACK_API_URL="+c.platform.URL(), "SLACK_BOT_TOKEN="+c.platform.Team(0).BotToken)
	if c.http {
		cmd.Env = append(cmd.Env, "SLACK_SIGNING_SECRET="+c.platform.App().SigningSecret)
	} else {
		cmd.Env = append(cmd.Env, "SLACK_APP_TOKEN="+c.platform.App().AppToken)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd
}

// ask asks a command, a mention with or without its twin, or a direct message, unless much is unanswered.
func (c *slackCampaign) ask(int) {
	if v := c.platform.Verdict(); v.Asked-v.Answered-v.Failed >= 64 {
		return
	}
	c.asked++
	p := slacktest.Place{Channel: fmt.Sprint("C0", c.asked%7), User: fmt.Sprint("U0", c.asked%11)}
	text := campaignQuestion(c.asked)
	switch c.random.IntN(4) {
	case 0:
		c.platform.Ask(c.platform.Slash(p, "/backend", text))
	case 1:
		c.platform.Ask(c.platform.SayIM(p, text))
	default:
		m := c.platform.Mention(p, "<@U0BOT> "+text)
		c.platform.Ask(m)
		if c.random.IntN(3) == 0 {
			c.platform.Send(c.platform.Twin(m))
		}
	}
}
