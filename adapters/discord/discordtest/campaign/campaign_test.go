package campaign_test

import (
	"context"
	"errors"
	"flag"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"

	"careerbot/adapters/discord/discordtest"
	"careerbot/adapters/discord/discordtest/campaign"
	"careerbot/adapters/discord/discordtest/ledger"
	"careerbot/adapters/discord/discordtest/object"
	"careerbot/adapters/discord/discordtest/rest"
)

var questions = flag.Int("questions", 1000, "questions of TestCampaign")

// clerk is a bot that answers each question once: what an adapter must do at the least, and no more.
type clerk struct {
	t       testing.TB
	ctx     context.Context
	work    sync.WaitGroup
	nonces  bool // messages carry one
	repeats bool // answers duplicates too
	skip    int  // leaves so many of each kind of question out
	mu      sync.Mutex
	seen    map[string]bool
	skipped map[string]int // by kind
}

// first claims a question of a kind.
func (c *clerk) first(kind, id string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.seen[id] && !c.repeats {
		return false
	}
	c.seen[id] = true
	if c.skipped[kind] == c.skip {
		return true
	}
	c.skipped[kind]++
	return false
}

// persist tries until Discord has taken it, or never will.
func (c *clerk) persist(try func() error) {
	for c.ctx.Err() == nil {
		err := try()
		refused, ok := errors.AsType[*discordgo.RESTError](err)
		if err == nil || ok && refused.Response.StatusCode/100 == 4 && refused.Response.StatusCode != http.StatusTooManyRequests {
			return
		}
		wait := 5 * time.Millisecond
		if limit, ok := errors.AsType[*discordgo.RateLimitError](err); ok {
			wait = limit.RetryAfter
		}
		select {
		case <-time.After(wait):
		case <-c.ctx.Done():
		}
	}
}

func (c *clerk) interaction(session *discordgo.Session, i *discordgo.InteractionCreate) {
	if !c.first("interaction", i.ID) {
		return
	}
	body := map[string]any{"type": 4, "data": map[string]any{"content": "an answer", "components": buttons}}
	if i.Type == discordgo.InteractionApplicationCommandAutocomplete {
		body = map[string]any{"type": 8, "data": map[string]any{}}
	}
	path := discordgo.EndpointInteractionResponse(i.ID, i.Token)
	c.post(session, path, body)
}

var buttons = []any{map[string]any{"type": 1, "components": []any{
	map[string]any{"type": 2, "style": 1, "label": "More", "custom_id": "more"},
	map[string]any{"type": 2, "style": 5, "label": "Source", "url": "https://example.com"},
}}}

func (c *clerk) message(session *discordgo.Session, m *discordgo.MessageCreate) {
	mentioned := slices.ContainsFunc(m.Mentions, func(u *discordgo.User) bool { return u.Bot })
	if m.Author.Bot || m.GuildID != "" && !mentioned || !c.first("message", m.ID) {
		return
	}
	body := map[string]any{
		"content": "an answer", "components": buttons,
		"message_reference": map[string]any{"message_id": m.ID, "fail_if_not_exists": false},
	}
	if c.nonces {
		body["nonce"], body["enforce_nonce"] = m.ID, true
	}
	c.post(session, discordgo.EndpointChannelMessages(m.ChannelID), body)
}

func (c *clerk) post(session *discordgo.Session, path string, body any) {
	bucket := "clerk" + path[len(path)-12:len(path)-10] // some: one would queue them, and discordgo keeps each for ever
	c.persist(func() error {
		_, err := session.RequestWithBucketID("POST", path, body, bucket, discordgo.WithRetryOnRatelimit(false), discordgo.WithRestRetries(0))
		return err
	})
}

// serve opens so many shards for the clerk.
func (c *clerk) serve(s *discordtest.Server, shards int) {
	for shard := range shards {
		session := client(c.t, s, shard, shards)
		session.AddHandler(func(n *discordgo.Session, i *discordgo.InteractionCreate) { c.work.Go(func() { c.interaction(n, i) }) })
		session.AddHandler(func(n *discordgo.Session, m *discordgo.MessageCreate) { c.work.Go(func() { c.message(n, m) }) })
		open(c.t, session)
	}
}

func newClerk(t testing.TB) *clerk {
	ctx, cancel := context.WithCancel(t.Context())
	c := &clerk{t: t, ctx: ctx, nonces: true, seen: map[string]bool{}, skipped: map[string]int{}}
	t.Cleanup(func() { cancel(); c.work.Wait() })
	return c
}

// rough are faults of REST of every kind.
func rough(s *discordtest.Server) {
	for _, fault := range []rest.Fault{
		{Chance: 0.03, Status: http.StatusTooManyRequests, RetryAfter: 20 * time.Millisecond},
		{Chance: 0.02, Before: true, Status: http.StatusServiceUnavailable},
		{Chance: 0.02, Status: http.StatusBadGateway}, // after the effect
		{Chance: 0.01, Before: true, Cut: true},
		{Chance: 0.01, Cut: true},
		{Chance: 0.05, Delay: 10 * time.Millisecond},
	} {
		for _, route := range []string{"/channels/*/messages", "/interactions/*/*/callback"} {
			fault.Route = "POST " + route
			s.Inject(fault)
		}
	}
}

func TestCampaign(t *testing.T) {
	t.Parallel()
	s := discordtest.Start(t, discordtest.Options{
		Seed: 3, Heartbeat: 5 * time.Second, IdentifyEvery: time.Millisecond, Limits: rest.Limits{Off: true}, Keep: 1000,
		AnswerWithin: time.Minute, // a busy machine is no failure here
	})
	rough(s)
	c := newClerk(t)
	c.serve(s, 4)
	outcome, err := campaign.Run(t.Context(), s, campaign.Settings{
		Seed: 3, Questions: *questions, Noise: 0.2, Duplicate: 0.05, Disturb: 0.005,
		Options: [][]object.Option{{object.Sub("skills", object.Str("role", "devops"))}},
		Typed:   [][]object.Option{{object.Sub("skills", object.Typed("role", "dev"))}},
		Disturbances: []campaign.Disturbance{
			campaign.Reconnects, campaign.Cuts, campaign.CutFrames, campaign.Closes, campaign.Replays,
			campaign.SlowDoor, campaign.Invalidates, campaign.Refuses,
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Log(outcome)
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	t.Logf("heap %d MiB in use, %d MiB from the system, %d goroutines", memory.HeapInuse>>20, memory.Sys>>20, runtime.NumGoroutine())
	v := outcome.Verdict
	ends := outcome.Disturbed[campaign.Invalidates] + outcome.Stats.Refused + 1 // each takes what is in flight with it
	if len(v.Undelivered) > 64*ends {
		t.Errorf("%d questions went to nobody", len(v.Undelivered))
	}
	if !v.OK() || v.Asked != *questions || v.Answered+len(v.Undelivered) != v.Asked {
		t.Errorf("the verdict is %s", v)
	}
}

// TestCampaignNotices: a bot that loses questions or answers twice is found out.
func TestCampaignNotices(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		spoil    func(*clerk)
		fault    rest.Fault
		patience time.Duration // only what is never answered must be waited for
		want     func(ledger.Verdict) bool
	}{
		"loses some": {
			spoil:    func(c *clerk) { c.skip = 3 },
			patience: 10 * time.Second,
			want: func(v ledger.Verdict) bool {
				return len(v.Lost) == 6 && len(v.Silent) == 3 && len(v.Doubled) == 0 // a message is lost, an interaction is silent, too
			},
		},
		"answers duplicates": {
			spoil: func(c *clerk) { c.repeats, c.nonces = true, false },
			want:  func(v ledger.Verdict) bool { return len(v.Doubled) > 0 && len(v.Lost) == 0 },
		},
		"has no nonces": {
			spoil: func(c *clerk) { c.nonces = false },
			fault: rest.Fault{Route: "POST /channels/*/messages", Chance: 0.2, Cut: true},
			want:  func(v ledger.Verdict) bool { return len(v.Doubled) > 0 && len(v.Lost) == 0 },
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := discordtest.Start(t, discordtest.Options{
				Keep: 300, AnswerWithin: time.Minute, IdentifyEvery: time.Millisecond, Limits: rest.Limits{Off: true},
			})
			if test.fault.Route != "" {
				s.Inject(test.fault)
			}
			c := newClerk(t)
			test.spoil(c)
			c.serve(s, 1)
			outcome, err := campaign.Run(t.Context(), s, campaign.Settings{Questions: 300, Duplicate: 0.2, Patience: test.patience})
			if err != nil {
				t.Fatal(err)
			}
			if !test.want(outcome.Verdict) {
				t.Errorf("the verdict is %s", outcome.Verdict)
			}
		})
	}
}

func TestCampaignSettings(t *testing.T) {
	t.Parallel()
	s := discordtest.Start(t, discordtest.Options{Keep: 10})
	if _, err := campaign.Run(t.Context(), s, campaign.Settings{Questions: 1}); err == nil || !strings.Contains(err.Error(), "Keep") {
		t.Errorf("too small a Keep: %v", err)
	}
}

// BenchmarkGateway is dispatch, discordgo, callback and history together; what it costs bounds what a bot can be
// measured at.
func BenchmarkGateway(b *testing.B) {
	s := discordtest.Start(b, discordtest.Options{Limits: rest.Limits{Off: true}, IdentifyEvery: time.Millisecond, Keep: 1000})
	c := newClerk(b)
	c.serve(s, 4)
	b.ReportAllocs()
	outcome, err := campaign.Run(b.Context(), s, campaign.Settings{Questions: b.N, InFlight: 16})
	if err != nil || !outcome.Verdict.OK() {
		b.Fatal(outcome, err)
	}
	b.ReportMetric(float64(b.N)/outcome.Took.Seconds(), "answers/s")
	b.ReportMetric(float64(outcome.Verdict.Half.Microseconds()), "p50-µs")
	b.ReportMetric(float64(outcome.Verdict.Most.Microseconds()), "p99-µs")
}
