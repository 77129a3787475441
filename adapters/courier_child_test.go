package adapters_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"

	"careerbot/adapters"
	"careerbot/adapters/adaptertest"
	"careerbot/bot/chat"
	"careerbot/bot/store"
)

// childVar makes this test binary the adapter that the campaign kills: its value is a childConfig.
const childVar = "CAREERBOT_COURIER_CHILD"

func TestMain(m *testing.M) {
	if config := os.Getenv(childVar); config != "" {
		if err := child(config); err != nil {
			fmt.Fprintln(os.Stderr, "child:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

// childConfig is what the campaign tells its child.
type childConfig struct {
	Platform string // address
	Database string
	Look     bool // look posts up instead of relying on nonces
	Settle   time.Duration
}

// child is a small adapter of the test platform: it prints the address where it takes events, and works until its
// input ends.
func child(config string) error {
	var c childConfig
	if err := json.Unmarshal([]byte(config), &c); err != nil {
		return err
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	state, err := store.Open(ctx, c.Database, store.Options{})
	if err != nil {
		return err
	}
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	send := sender{adaptertest.Client{URL: c.Platform, HTTP: &http.Client{Transport: transport}}, c.Look}
	courier := adapters.NewCourier("test", adapters.OutboxOf(state), echo{}, send, adapters.CourierOptions{
		Logger:  slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})),
		Backoff: func(n int) time.Duration { return time.Duration(min(n, 5)) * 5 * time.Millisecond },
		Settle:  c.Settle,
		Every:   50 * time.Millisecond,
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: hook(courier), ReadHeaderTimeout: time.Second}
	go server.Serve(listener)
	ran := make(chan error, 1)
	go func() { ran <- courier.Run(ctx) }()
	fmt.Printf("http://%s/\n", listener.Addr())
	io.Copy(io.Discard, os.Stdin)
	server.Shutdown(ctx)
	stop()
	return errors.Join(<-ran, state.Close())
}

// hook takes events as an adapter has to: accept, acknowledge, deliver.
func hook(courier *adapters.Courier) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var e adaptertest.Event
		if err := json.NewDecoder(r.Body).Decode(&e); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		event := eventOf(e)
		first, err := courier.Accept(r.Context(), event)
		if err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		w.WriteHeader(http.StatusOK)
		if first {
			go courier.Deliver(context.WithoutCancel(r.Context()), event)
		}
	})
}

// eventOf is e as the courier takes it; Reply is the channel.
func eventOf(e adaptertest.Event) adapters.Event {
	reply, _ := json.Marshal(e.Channel)
	return adapters.Event{
		Key:      e.Key,
		Question: chat.Question{ID: e.Key, Platform: "test", Thread: e.Channel, Text: e.Text},
		Reply:    reply,
	}
}

// sender posts to the test platform.
type sender struct {
	client adaptertest.Client
	look   bool
}

func (s sender) Send(ctx context.Context, e adapters.Event, a chat.Answer) error {
	var channel string
	if err := json.Unmarshal(e.Reply, &channel); err != nil {
		return &adapters.FinalError{Err: err}
	}
	err := s.client.Post(ctx, adaptertest.Post{Key: e.Key, Channel: channel, Text: a.Lead})
	if refused := (*adaptertest.Refused)(nil); errors.As(err, &refused) && refused.Status == http.StatusTooManyRequests {
		return &adapters.RetryError{After: refused.RetryAfter, Err: err}
	}
	return err
}

func (s sender) Sent(ctx context.Context, e adapters.Event) (bool, error) {
	if !s.look {
		return false, nil
	}
	posts, err := s.client.Find(ctx, e.Key)
	return len(posts) > 0, err
}

// echo answers every question at once.
type echo struct{}

func (echo) Ask(_ context.Context, q chat.Question) (chat.Answer, error) {
	return chat.Answer{Answered: true, Lead: "You asked: " + q.Text}, nil
}
