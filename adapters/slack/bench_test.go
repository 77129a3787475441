package slack_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"careerbot/adapters"
	"careerbot/adapters/adaptertest"
	"careerbot/adapters/slack"
	"careerbot/adapters/slack/slacktest"
	"careerbot/bot"
	"careerbot/bot/chat"
	"careerbot/bot/store"
)

// BenchmarkCommand counts signed commands over HTTP, from the request to the reply in hand, at 16 in flight, with claims
// in SQLite; the load generator and its HMACs are in the same process. "adapter" has a bot that answers at once, "bot"
// the real one as serve has it, with journal, turns and cache, "new" asks it something else each time.
//
//	go test -run '^$' -bench Command -benchtime 5s ./adapters/slack
func BenchmarkCommand(b *testing.B) {
	b.Run("adapter", func(b *testing.B) {
		benchCommand(b, benchStore(b), &echo{long: "Python, 5 of 5. "}, "which skills does a back-end developer need?")
	})
	for name, text := range map[string]string{"bot": "skills", "new": "what is redis"} {
		b.Run(name, func(b *testing.B) {
			lib, err := bot.OpenLibrary(b.Context(), bot.LibraryConfig{Builtin: true})
			if err != nil {
				b.Fatal(err)
			}
			defer lib.Close()
			state := benchStore(b)
			options := []bot.Option{bot.WithJournal(state), bot.WithTurns(state)}
			if name == "bot" {
				options = append(options, bot.WithCache(1000))
			}
			benchCommand(b, state, bot.New(lib, options...), text)
		})
	}
}

func benchStore(b *testing.B) *store.Store {
	state, err := store.Open(context.Background(), "sqlite:"+filepath.Join(b.TempDir(), "state.db"), store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = state.Close() })
	return state
}

func benchCommand(b *testing.B, state *store.Store, ask chat.Asker, text string) {
	platform := slacktest.Start(b, slacktest.Options{})
	secret := platform.App().SigningSecret
	adapter := slack.New(slack.Config{
		BotToken: slack.Secret(platform.Team(0).BotToken), SigningSecret: slack.Secret(secret), APIURL: platform.URL(), Outbox: adapters.OutboxOf(state),
	})
	mux := http.NewServeMux()
	adapter.Mount(mux)
	server := httptest.NewServer(mux)
	defer server.Close()
	ctx, cancel := context.WithCancel(b.Context())
	ended := make(chan error, 1)
	go func() { ended <- adapter.Run(ctx, ask) }()
	for adapter.Ready() != nil {
		runtime.Gosched()
	}
	load := commands(strings.TrimPrefix(server.URL, "http://"), secret, text, platform.URL())
	load.Posts = b.N
	b.ResetTimer()
	took, err := load.Run(b.Context())
	b.StopTimer()
	if err != nil {
		b.Error(err)
	}
	b.ReportMetric(took.PerSecond(), "answers/s")
	b.ReportMetric(float64(took.Quantile(0.5).Microseconds()), "p50-µs")
	b.ReportMetric(float64(took.Quantile(0.99).Microseconds()), "p99-µs")
	b.ReportMetric(resident(), "MiB")
	cancel()
	if err := <-ended; err != nil {
		b.Error(err)
	}
}

// commands are signed as they are sent: a thousand people ask in fifty channels.
func commands(address, secret, text, hook string) *adaptertest.Load {
	same := url.Values{
		"token": {"t"}, "team_id": {"T0ACME"}, "team_domain": {"acme"}, "channel_name": {"general"}, "user_name": {"somebody"},
		"command": {"/backend"}, "text": {text}, "api_app_id": {"A0"}, "is_enterprise_install": {"false"}, "response_url": {hook},
	}.Encode()
	return &adaptertest.Load{
		Address: address, Path: "/slack/commands", InFlight: 16,
		Post: func(n int) (header string, body []byte) {
			body = fmt.Appendf(nil, "%s&channel_id=C%d&user_id=U%d&trigger_id=1337.%d.abcdef", same, n%50, n%1000, n)
			stamp := strconv.FormatInt(time.Now().Unix(), 10)
			return "Content-Type: application/x-www-form-urlencoded\r\nX-Slack-Request-Timestamp: " + stamp +
				"\r\nX-Slack-Signature: " + slacktest.Sign(secret, stamp, body) + "\r\n", body
		},
		Want: func(body []byte) error {
			if !bytes.Contains(body, []byte(`"text"`)) {
				return fmt.Errorf("no answer: %.200s", body)
			}
			return nil
		},
	}
}

// resident is the memory of this process in MiB, 0 where the system does not tell.
func resident() float64 {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kib, _ := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return kib / 1024
		}
	}
	return 0
}

// BenchmarkSocket measures envelope to acknowledgement over Socket Mode, one command after the other, the answer in the
// acknowledgement and claimed in SQLite.
func BenchmarkSocket(b *testing.B) {
	state := benchStore(b)
	platform := slacktest.Start(b, slacktest.Options{Keep: 1000})
	adapter := slack.New(slack.Config{
		BotToken: slack.Secret(platform.Team(0).BotToken), AppToken: slack.Secret(platform.App().AppToken), APIURL: platform.URL(),
		Outbox: adapters.OutboxOf(state), Times: quickTimes,
	})
	ctx, cancel := context.WithCancel(b.Context())
	ended := make(chan error, 1)
	go func() { ended <- adapter.Run(ctx, &echo{}) }()
	if err := platform.Until(b.Context(), func() bool { return len(platform.Sockets()) == 2 }); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := platform.Ask(platform.Slash(slacktest.Place{}, "/backend", "skills")).Wait(b.Context()); err != nil {
			b.Fatal(err)
		}
		if _, err := platform.Ask(platform.Mention(slacktest.Place{}, "<@U0BOT> skills")).Wait(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(platform.AckTime(0.5).Microseconds()), "p50-µs")
	b.ReportMetric(float64(platform.AckTime(0.99).Microseconds()), "p99-µs")
	cancel()
	if err := <-ended; err != nil {
		b.Error(err)
	}
}
