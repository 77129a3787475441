package slacktest_test

import (
	"bufio"
	"context"
	"encoding/json"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"

	"careerbot/adapters/slack/slacktest"
	"careerbot/adapters/slack/slacktest/history"
	"careerbot/adapters/slack/slacktest/judge"
)

// TestBolt has Slack's own framework vouch for the Slack on loopback: a command, a mention and a press of the feedback
// buttons are answered and acknowledged, over sockets and over signed HTTP, and it agrees with the signature vectors.
func TestBolt(t *testing.T) {
	t.Parallel()
	dir := judge.Install(t, os.DirFS("testdata/bolt"))
	t.Run("sockets", func(t *testing.T) {
		t.Parallel()
		s := newSlack(t, slacktest.Options{})
		startBolt(t, s, dir)
		if err := s.Until(within(t), func() bool { return len(s.Sockets()) == 1 }); err != nil {
			t.Fatal(err)
		}
		converse(t, s)
		old := s.Sockets()
		s.Disconnect(0, slacktest.RefreshRequested) // it comes back by itself
		if err := s.Until(within(t), func() bool { now := s.Sockets(); return len(now) == 1 && !slices.Equal(now, old) }); err != nil {
			t.Fatal(err)
		}
		s.Ask(s.Mention(slacktest.Place{}, "<@U0BOT> again"))
		settledOK(t, s, 4)
	})
	t.Run("HTTP", func(t *testing.T) {
		t.Parallel()
		s := newSlack(t, slacktest.Options{})
		port := freePort(t)
		startBolt(t, s, dir, "BOLT_PORT="+port)
		const path = "/slack/events" // Bolt takes everything there
		s.Connect(slacktest.Target{Base: "http://127.0.0.1:" + port, Commands: path, Events: path, Interactions: path})
		if err := s.Verify(within(t)); err != nil {
			t.Error(err)
		}
		if status, err := s.SSLCheck(within(t)); err != nil || status != 200 {
			t.Errorf("ssl_check gave %d, %v", status, err)
		}
		converse(t, s)
	})
	t.Run("vectors", func(t *testing.T) {
		t.Parallel()
		boltVectors(t, dir)
	})
}

// converse asks by command and mention, and presses a button.
func converse(t *testing.T, s *slacktest.Slack) {
	t.Helper()
	s.Ask(s.Slash(slacktest.Place{}, "/backend", "100% C++"))
	s.Ask(s.Mention(slacktest.Place{}, "<@U0BOT> salary"))
	settledOK(t, s, 2)
	posts := s.Messages()
	i := slices.IndexFunc(posts, func(m history.Message) bool { return m.Via == "chat.postMessage" })
	if i < 0 || len(slacktest.Actions(posts[i])) != 2 {
		t.Fatalf("posts are %+v", posts)
	}
	s.Ask(s.Click(slacktest.Place{}, posts[i], slacktest.Actions(posts[i])[1]))
	settledOK(t, s, 3)
	if last := s.Messages()[2]; last.Text != "thanks: down" {
		t.Errorf("after the press: %+v", last)
	}
	for _, method := range []string{"auth.test", "chat.postMessage", slacktest.ResponseURL} {
		if s.Called(method) == 0 {
			t.Errorf("%s was not called", method)
		}
	}
}

// startBolt runs the Bolt app until the test ends, and waits until it is ready.
func startBolt(t *testing.T, s *slacktest.Slack, dir string, env ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	command := exec.CommandContext(ctx, "node", "app.mjs")
	command.Dir = dir
	command.Env = append(command.Environ(), append(env, "SLACK_API_URL="+s.URL(), "SLACK_BOT_TOKEN="+s.Team(0).BotToken,
		"SLACK_APP_TOKEN="+s.App().AppToken, "SLACK_SIGNING_SECRET="+s.App().SigningSecret)...)
	stdin, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr strings.Builder
	command.Stderr = &stderr
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = stdin.Close()
		_ = command.Wait() // it may have been cut off
		cancel()
		if t.Failed() {
			t.Logf("Bolt says: %s", stderr.String())
		}
	})
	for lines := bufio.NewScanner(stdout); lines.Scan(); {
		if lines.Text() == "ready" {
			return
		}
	}
	t.Fatal("Bolt did not become ready")
}

// freePort is one that nobody listens on. It is none of those that systems hand out by themselves, so that no other test is
// given it before Bolt has it.
func freePort(t *testing.T) string {
	t.Helper()
	for range 100 {
		port := strconv.Itoa(20_000 + rand.IntN(12_000))
		if listener, err := net.Listen("tcp", ":"+port); err == nil {
			_ = listener.Close()
			return port
		}
	}
	t.Fatal("there is no free port")
	return ""
}

func boltVectors(t *testing.T, dir string) {
	t.Helper()
	list, err := slacktest.Vectors()
	if err != nil {
		t.Fatal(err)
	}
	asked, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(within(t), "node", "vectors.mjs")
	command.Dir, command.Stdin = dir, strings.NewReader(string(asked))
	out, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	var accepted []bool
	if err := json.Unmarshal(out, &accepted); err != nil || len(accepted) != len(list) {
		t.Fatalf("Bolt judged %d of %d, %v", len(accepted), len(list), err)
	}
	for i, v := range list {
		if v.Verdict != "either" && accepted[i] != (v.Verdict == "accept") {
			t.Errorf("Bolt accepts %q: %v", v.Name, accepted[i])
		}
	}
}
