package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"careerbot/adapters/web"
	"careerbot/bot/chat"
	"careerbot/bot/chat/chattest"
)

const key = "a-key-no-log-may-show-5f2a"

// patience is how long a request may take: much, as machines stand still for seconds, and no test waits for it.
const patience = 2 * time.Minute

// peer is a program that asks, over a real connection. Every response is held against the OpenAPI document.
type peer struct {
	t        testing.TB
	url      string
	client   *http.Client
	contract *contract
}

type response struct {
	status int
	header http.Header
	body   []byte
}

// fault is the body of an error.
type fault struct {
	Error struct{ Code, Message, Remedy string }
}

func (r response) fault(t testing.TB) fault {
	t.Helper()
	var f fault
	if err := json.Unmarshal(r.body, &f); err != nil {
		t.Fatalf("%q: %v", r.body, err)
	}
	return f
}

// serve starts an adapter with every reply of the gallery, by the entry's name, or on ask where that is given.
func serve(t testing.TB, ask chat.Asker, votes web.Votes, change ...func(*web.Config)) peer {
	t.Helper()
	cfg := web.Config{Key: key, Votes: votes, Deadline: patience}
	for _, c := range change {
		c(&cfg)
	}
	if ask == nil {
		ask = gallery()
	}
	a := web.New(cfg)
	p := mount(t, a)
	start(t, a, ask)
	return p
}

// start runs a until the test ends.
func start(t testing.TB, a *web.Adapter, ask chat.Asker) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx, ask) }()
	for a.Ready() != nil {
		runtime.Gosched()
	}
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
}

func mount(t testing.TB, a *web.Adapter) peer {
	t.Helper()
	mux := http.NewServeMux()
	a.Mount(mux)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return peer{t, server.URL, server.Client(), theContract(t)}
}

func gallery() *chattest.Script {
	replies := map[string]chattest.Reply{"ask:and in the US?": {}, "salary senior india": {}}
	for _, e := range chattest.Gallery() {
		replies[e.Name] = chattest.Reply{Answer: e.Answer}
	}
	replies["how much does a senior back-end developer earn in India?"] = replies["salary"]
	return chattest.NewScript(replies)
}

// send sends a request with the right key and type, but for the headers given as name and value; "" leaves one out.
func (p peer) send(method, path, body string, headers ...string) response {
	p.t.Helper()
	res, err := p.try(method, path, strings.NewReader(body), headers...)
	if err != nil {
		p.t.Fatal(err)
	}
	if method != http.MethodHead && res.status != http.StatusNotModified && method != http.MethodOptions {
		if err := p.contract.checkResponse(method, path, res.status, res.header, res.body); err != nil {
			p.t.Errorf("%s %s gave %d %s\nagainst the document: %v", method, path, res.status, res.body, err)
		}
	}
	return res
}

func (p peer) try(method, path string, body io.Reader, headers ...string) (response, error) {
	req, err := http.NewRequestWithContext(p.t.Context(), method, p.url+path, body)
	if err != nil {
		return response{}, err
	}
	req.Header.Set("Authorization", "Bearer "+key)
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		req.Header.Del(headers[i])
		if headers[i+1] != "" {
			req.Header.Set(headers[i], headers[i+1])
		}
	}
	res, err := p.client.Do(req)
	if err != nil {
		return response{}, err
	}
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	return response{res.StatusCode, res.Header, got}, err
}

func (p peer) post(path, body string) response {
	p.t.Helper()
	return p.send(http.MethodPost, path, body)
}

// ask asks in JSON; fields are names and values.
func (p peer) ask(fields ...string) response {
	p.t.Helper()
	body := map[string]string{}
	for i := 0; i < len(fields); i += 2 {
		body[fields[i]] = fields[i+1]
	}
	raw, err := json.Marshal(body)
	if err != nil {
		p.t.Fatal(err)
	}
	return p.post("/v1/ask", string(raw))
}

// asker is an Asker made of a function.
type asker func(context.Context, chat.Question) (chat.Answer, error)

func (f asker) Ask(ctx context.Context, q chat.Question) (chat.Answer, error) { return f(ctx, q) }

// ballotBox keeps votes in memory, or fails.
type ballotBox struct {
	mu    sync.Mutex
	err   error
	votes []vote
}

type vote struct {
	answer, user string
	up           bool
	reason       string
}

func (b *ballotBox) Vote(_ context.Context, answer, user string, up bool, reason string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.votes = append(b.votes, vote{answer, user, up, reason})
	return b.err
}

// journal is a log in memory.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// into makes an adapter log all it can to j.
func into(j *journal) func(*web.Config) {
	return func(c *web.Config) {
		c.Logger = slog.New(slog.NewJSONHandler(j, &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
}
