package web_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"careerbot/adapters/web"
	"careerbot/bot/chat"
)

// shelf keeps replies in memory, or fails.
type shelf struct {
	mu     sync.Mutex
	err    error
	bodies map[string][]byte
}

func (s *shelf) Reply(_ context.Context, key string) ([]byte, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, ok := s.bodies[key]
	return body, ok && s.err == nil, s.err
}

func (s *shelf) SaveReply(_ context.Context, key string, body []byte) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return nil, s.err
	}
	if s.bodies == nil {
		s.bodies = map[string][]byte{}
	}
	if _, ok := s.bodies[key]; !ok {
		s.bodies[key] = body
	}
	return s.bodies[key], nil
}

func keeping(r web.Replies) func(*web.Config) { return func(c *web.Config) { c.Replies = r } }

// counter answers with the number of the question.
type counter struct{ n atomic.Int64 }

func (c *counter) Ask(_ context.Context, q chat.Question) (chat.Answer, error) {
	n := c.n.Add(1)
	if q.Text == "fail" && n == 1 {
		return chat.Answer{}, &chat.Fault{Say: "Not now."}
	}
	return chat.Answer{ID: q.ID, Title: strings.Repeat("x", int(n))}, nil
}

func TestOnce(t *testing.T) {
	t.Parallel()
	ask, store := &counter{}, &shelf{}
	p := serve(t, ask, nil, keeping(store))
	first, again := p.ask("question", "x", "id", "1"), p.ask("question", "y", "id", "1")
	if !bytes.Equal(first.body, again.body) || first.header.Get("Idempotent-Replayed") != "" || again.header.Get("Idempotent-Replayed") != "true" {
		t.Errorf("first %s, again %s %v", first.body, again.body, again.header)
	}
	// Another process on the same store.
	other := serve(t, ask, nil, keeping(store))
	if res := other.ask("question", "x", "id", "1"); !bytes.Equal(first.body, res.body) {
		t.Errorf("elsewhere %s", res.body)
	}
	if res := p.ask("question", "x", "id", "2"); bytes.Equal(first.body, res.body) {
		t.Error("another id has the same answer")
	}
	p.ask("question", "x")
	if n := ask.n.Load(); n != 3 {
		t.Errorf("asked %d times, want 3", n)
	}
}

func TestOnceFailed(t *testing.T) {
	t.Parallel()
	p := serve(t, &counter{}, nil, keeping(&shelf{}))
	if res := p.ask("question", "fail", "id", "1"); res.status != http.StatusServiceUnavailable {
		t.Errorf("got %d %s", res.status, res.body)
	}
	if res := p.ask("question", "fail", "id", "1"); res.status != http.StatusOK || res.header.Get("Idempotent-Replayed") != "" {
		t.Errorf("again: %d %s", res.status, res.body)
	}
}

func TestOnceWithoutStore(t *testing.T) {
	t.Parallel()
	var log journal
	ask := &counter{}
	for name, p := range map[string]peer{
		"none": serve(t, ask, nil), "lost": serve(t, ask, nil, keeping(&shelf{err: errors.New("database lost")}), into(&log)),
	} {
		before := ask.n.Load()
		for range 2 {
			if res := p.ask("question", "x", "id", "1"); res.status != http.StatusOK {
				t.Errorf("%s: %d %s", name, res.status, res.body)
			}
		}
		if n := ask.n.Load() - before; n != 2 {
			t.Errorf("%s: asked %d times, want 2", name, n)
		}
	}
	if l := log.String(); !strings.Contains(l, "reply not looked up") || !strings.Contains(l, "reply not saved") || !strings.Contains(l, "database lost") {
		t.Errorf("the loss is not logged: %s", l)
	}
}

// TestOnceTogether asks with one id many times at once, while the first is held back, and hangs up on it.
func TestOnceTogether(t *testing.T) {
	t.Parallel()
	const many = 8
	asked, let := make(chan struct{}), make(chan struct{})
	var n atomic.Int64
	p := serve(t, asker(func(ctx context.Context, q chat.Question) (chat.Answer, error) {
		n.Add(1)
		close(asked)
		select {
		case <-let:
		case <-ctx.Done():
		}
		return chat.Answer{ID: q.ID}, ctx.Err()
	}), nil, keeping(&shelf{}))
	ctx, hangUp := context.WithCancel(t.Context())
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url+"/v1/ask", strings.NewReader(`{"question":"x","id":"1"}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header = http.Header{"Authorization": {"Bearer " + key}, "Content-Type": {"application/json"}}
	gone := make(chan error, 1)
	go func() {
		_, err := p.client.Do(req)
		gone <- err
	}()
	<-asked
	hangUp()
	if err := <-gone; err == nil {
		t.Error("the first was answered before it hung up")
	}
	var wg sync.WaitGroup
	for range many {
		wg.Go(func() {
			if res := p.ask("question", "x", "id", "1"); res.status != http.StatusOK || res.header.Get("Idempotent-Replayed") != "true" {
				t.Errorf("got %d %s", res.status, res.body)
			}
		})
	}
	close(let)
	wg.Wait()
	if n.Load() != 1 {
		t.Errorf("asked %d times", n.Load())
	}
}

// TestOnceOnReplicas asks two processes with one store with the same id at the same moment: both give the reply that
// was saved first.
func TestOnceOnReplicas(t *testing.T) {
	t.Parallel()
	store := &shelf{}
	meet := &sync.WaitGroup{}
	meet.Add(2)
	var replicas []peer
	for i := range 2 {
		replicas = append(replicas, serve(t, met{meet, strings.Repeat("x", i+1)}, nil, keeping(store)))
	}
	titles := make(chan string, 2)
	for _, p := range replicas {
		go func() { titles <- read(t, p.post("/v1/ask", `{"question": "q", "id": "one"}`)).Title }()
	}
	if a, b := <-titles, <-titles; a != b || a == "" {
		t.Errorf("one replica answers %q, the other %q", a, b)
	}
}

// met answers when the other replica does.
type met struct {
	both  *sync.WaitGroup
	title string
}

func (m met) Ask(_ context.Context, q chat.Question) (chat.Answer, error) {
	m.both.Done()
	m.both.Wait()
	return chat.Answer{ID: q.ID, Title: m.title}, nil
}
