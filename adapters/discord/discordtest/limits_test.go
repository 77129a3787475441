package discordtest_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"

	"careerbot/adapters/discord/discordtest"
	"careerbot/adapters/discord/discordtest/object"
	"careerbot/adapters/discord/discordtest/rest"
)

func TestRateLimit(t *testing.T) {
	t.Parallel()
	now := time.Now() // stands still, so that no bucket is filled meanwhile
	s := discordtest.Start(t, discordtest.Options{Now: func() time.Time { return now }})
	session, who := client(t, s), place(s)
	path := discordgo.EndpointChannelMessages(who.Channel.ID)
	var last error
	for n := range 6 { // each with a bucket of its own, so that discordgo does not wait before it asks
		_, last = session.RequestWithBucketID("POST", path, map[string]any{"content": "x"}, fmt.Sprint(n), discordgo.WithRetryOnRatelimit(false))
	}
	limit, ok := errors.AsType[*discordgo.RateLimitError](last)
	if !ok || limit.RetryAfter <= 0 || limit.RetryAfter > 5*time.Second {
		t.Fatalf("the sixth message: %v, want a rate limit", last)
	}
	requests := s.Requests()
	if got := requests[len(requests)-1]; got.Status != http.StatusTooManyRequests {
		t.Errorf("the status is %d", got.Status)
	}
	other := s.NewChannel(object.Guild{ID: who.Channel.GuildID}, "other")
	if _, err := session.ChannelMessageSend(other.ID, "x"); err != nil {
		t.Errorf("another channel has another bucket: %v", err)
	}
	if got := s.Stats(); got.Limited != 1 || got.Invalid() != 1 {
		t.Errorf("the stats are %+v", got)
	}
}

func TestGlobalRateLimit(t *testing.T) {
	t.Parallel()
	s := discordtest.Start(t, discordtest.Options{AnswerWithin: limit, Limits: rest.Limits{Global: rest.Limit{Requests: 3, In: time.Hour}}})
	session := client(t, s)
	var last error
	for range 4 {
		_, last = session.User("@me", discordgo.WithRetryOnRatelimit(false))
	}
	if _, ok := errors.AsType[*discordgo.RateLimitError](last); !ok {
		t.Errorf("the fourth request: %v, want a rate limit", last)
	}
	i := s.Command(place(s), "x")
	s.Send(i)
	response, err := http.Post(s.URL()+"/v10/interactions/"+i.ID+"/"+i.Token+"/callback", "application/json", strings.NewReader(`{"type":5}`))
	if err != nil || response.StatusCode != http.StatusNoContent {
		t.Fatalf("interactions are exempt: %v, %v", response, err)
	}
	response.Body.Close()
}

func TestFaults(t *testing.T) {
	t.Parallel()
	s := quick(t, discordtest.Options{Seed: 7})
	session, who := client(t, s), place(s)
	session.MaxRestRetries = 0
	send := func(ctx context.Context) error {
		_, err := session.ChannelMessageSend(who.Channel.ID, "x", discordgo.WithContext(ctx))
		return err
	}
	tests := []struct {
		name  string
		fault rest.Fault
		fails bool
		posts int // posted although it failed
	}{
		{"500 before", rest.Fault{Before: true, Status: 500}, true, 0},
		{"502 after", rest.Fault{Status: 502}, true, 1},
		{"cut before", rest.Fault{Before: true, Cut: true}, true, 0},
		{"cut after", rest.Fault{Cut: true}, true, 1},
		{"429", rest.Fault{Status: 429, RetryAfter: 10 * time.Millisecond}, true, 0},
		{"slow", rest.Fault{Delay: 20 * time.Millisecond}, false, 1},
		{"another route", rest.Fault{Route: "POST /users/*", Before: true, Status: 500}, false, 1},
		{"later", rest.Fault{After: 1, Before: true, Status: 500}, false, 1},
	}
	for _, test := range tests {
		before := len(s.Posts())
		if test.fault.Route == "" {
			test.fault.Route = "POST /channels/*/messages"
		}
		fault := s.Inject(test.fault)
		session.ShouldRetryOnRateLimit = false
		if err := send(limited(t)); (err != nil) != test.fails {
			t.Errorf("%s: %v", test.name, err)
		}
		if got := len(s.Posts()) - before; got != test.posts {
			t.Errorf("%s: %d posts, want %d", test.name, got, test.posts)
		}
		fault.Remove()
	}
	storm := s.Inject(rest.Fault{Chance: 0.3, Before: true, Status: 503})
	failed := 0
	for range 200 {
		if send(limited(t)) != nil {
			failed++
		}
	}
	if failed < 40 || failed > 80 || storm.Done() != failed {
		t.Errorf("%d of 200 failed, the fault counts %d", failed, storm.Done())
	}
}
