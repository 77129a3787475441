package adaptertest

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"sync/atomic"
	"time"

	"careerbot/adapters"
	"careerbot/bot/chat"
)

// Config of an Adapter.
type Config struct {
	Platform string                  // its address
	Look     bool                    // look posts up instead of relying on the nonce
	Outbox   adapters.Outbox         // nil keeps claims in memory alone
	Courier  adapters.CourierOptions // as tests want them
}

// Adapter joins the platform to a bot as every adapter has to: accept, acknowledge, deliver.
type Adapter struct {
	config  Config
	client  Client
	courier atomic.Pointer[adapters.Courier] // nil before Run and after
}

var (
	_ adapters.Adapter = (*Adapter)(nil)
	_ adapters.Mounter = (*Adapter)(nil)
)

// Hook is the path where an Adapter takes events.
const Hook = "/test/events"

// NewAdapter makes an Adapter.
func NewAdapter(c Config) *Adapter {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	return &Adapter{config: c, client: Client{URL: c.Platform, HTTP: client}}
}

// Name is "test".
func (a *Adapter) Name() string { return "test" }

// Run answers through ask until ctx ends.
func (a *Adapter) Run(ctx context.Context, ask chat.Asker) error {
	courier := adapters.NewCourier(a.Name(), a.config.Outbox, ask, sender{a.client, a.config.Look}, a.config.Courier)
	a.courier.Store(courier)
	err := courier.Run(ctx)
	a.courier.Store(nil)
	return err
}

// Mount adds Hook to mux.
func (a *Adapter) Mount(mux *http.ServeMux) { mux.HandleFunc("POST "+Hook, a.take) }

func (a *Adapter) take(w http.ResponseWriter, r *http.Request) {
	var e Event
	if err := json.NewDecoder(r.Body).Decode(&e); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	courier := a.courier.Load()
	if courier == nil {
		http.Error(w, "not running", http.StatusServiceUnavailable)
		return
	}
	event := e.question()
	first, err := courier.Accept(r.Context(), event)
	if err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	w.WriteHeader(http.StatusOK)
	if first {
		go courier.Deliver(context.WithoutCancel(r.Context()), event) //nolint:errcheck // Run delivers what fails
	}
}

// question is e as a courier takes it; Reply is the channel.
func (e Event) question() adapters.Event {
	reply, _ := json.Marshal(e.Channel) //nolint:errchkjson // a string
	return adapters.Event{
		Key:      e.Key,
		Question: chat.Question{ID: e.Key, Platform: "test", Thread: e.Channel, Text: e.Text},
		Reply:    reply,
	}
}

// sender posts to the platform.
type sender struct {
	client Client
	look   bool
}

// Send posts the answer's first sentence.
func (s sender) Send(ctx context.Context, e adapters.Event, a chat.Answer) error {
	var channel string
	if err := json.Unmarshal(e.Reply, &channel); err != nil {
		return &adapters.FinalError{Err: err}
	}
	err := s.client.Post(ctx, Post{Key: e.Key, Channel: channel, Text: a.Lead})
	if refused, ok := errors.AsType[*Refused](err); ok && refused.Status == http.StatusTooManyRequests {
		return &adapters.RetryError{After: refused.RetryAfter, Err: err}
	}
	return err
}

// Sent looks the post up.
func (s sender) Sent(ctx context.Context, e adapters.Event) (bool, error) {
	if !s.look {
		return false, nil
	}
	posts, err := s.client.Find(ctx, e.Key)
	return len(posts) > 0, err
}

// Quick is courier options for tests: short waits, and an outbox that has the time that a busy machine takes.
func Quick(settle time.Duration) adapters.CourierOptions {
	return adapters.CourierOptions{
		Backoff: func(n int) time.Duration { return time.Duration(min(n, 5)) * 5 * time.Millisecond },
		Settle:  settle,
		Outbox:  time.Minute,
		Every:   50 * time.Millisecond,
	}
}
