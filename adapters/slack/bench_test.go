package slack_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"careerbot/adapters"
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
	load := &load{url: server.URL, secret: secret, text: text, hook: platform.URL(), total: int64(b.N)}
	b.ResetTimer()
	begin := time.Now()
	if err := load.run(16); err != nil {
		b.Error(err)
	}
	took := time.Since(begin)
	b.StopTimer()
	b.ReportMetric(float64(b.N)/took.Seconds(), "answers/s")
	b.ReportMetric(float64(quantile(load.took, 0.5).Microseconds()), "p50-µs")
	b.ReportMetric(float64(quantile(load.took, 0.99).Microseconds()), "p99-µs")
	b.ReportMetric(resident(), "MiB")
	cancel()
	if err := <-ended; err != nil {
		b.Error(err)
	}
}

// load sends signed commands.
type load struct {
	url, secret, text, hook string
	total                   int64
	serial                  atomic.Int64

	mu   sync.Mutex
	took []time.Duration
	err  error
}

func (l *load) run(inFlight int) error {
	transport := &http.Transport{MaxIdleConnsPerHost: inFlight}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport}
	var all sync.WaitGroup
	for range inFlight {
		all.Go(func() {
			var took []time.Duration
			var err error
			for n := l.serial.Add(1); n <= l.total && err == nil; n = l.serial.Add(1) {
				begin := time.Now()
				err = l.one(client, n)
				took = append(took, time.Since(begin))
			}
			l.mu.Lock()
			defer l.mu.Unlock()
			l.took = append(l.took, took...)
			if err != nil {
				l.err = err
			}
		})
	}
	all.Wait()
	return l.err
}

func (l *load) one(client *http.Client, n int64) error {
	body := url.Values{
		"token": {"t"}, "team_id": {"T0ACME"}, "team_domain": {"acme"}, "channel_id": {"C" + strconv.FormatInt(n%50, 10)}, "channel_name": {"general"},
		"user_id": {"U" + strconv.FormatInt(n%1000, 10)}, "user_name": {"somebody"}, "command": {"/backend"}, "text": {l.text}, "api_app_id": {"A0"},
		"is_enterprise_install": {"false"}, "response_url": {l.hook}, "trigger_id": {fmt.Sprintf("1337.%d.abcdef", n)},
	}.Encode()
	r, err := http.NewRequest(http.MethodPost, l.url+"/slack/commands", strings.NewReader(body))
	if err != nil {
		return err
	}
	stamp := strconv.FormatInt(time.Now().Unix(), 10)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Slack-Request-Timestamp", stamp)
	r.Header.Set("X-Slack-Signature", slacktest.Sign(l.secret, stamp, []byte(body)))
	response, err := client.Do(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	got, err := io.ReadAll(response.Body)
	if err == nil && (response.StatusCode != http.StatusOK || !bytes.Contains(got, []byte(`"text"`))) {
		err = fmt.Errorf("status %d: %s", response.StatusCode, got)
	}
	return err
}

func quantile(all []time.Duration, q float64) time.Duration {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[min(len(all)-1, int(q*float64(len(all))))]
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
