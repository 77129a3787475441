package web_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"careerbot/adapters/web"
	"careerbot/bot/chat"
	"careerbot/bot/chat/chattest"
)

const benchBody = `{"question":"salary","thread":"t-1","user":"u-1"}`

// inFlight is how many peers ask at once, as in the figures of the README.
const inFlight = 16

// echo answers every question with the gallery's salary answer, or with nothing else than its id.
type echo struct{ answer chat.Answer }

func (e echo) Ask(_ context.Context, q chat.Question) (chat.Answer, error) {
	e.answer.ID = q.ID
	return e.answer, nil
}

func salary(b *testing.B) echo {
	b.Helper()
	for _, e := range chattest.Gallery() {
		if e.Name == "salary" {
			return echo{e.Answer}
		}
	}
	b.Fatal("the gallery has no salary")
	return echo{}
}

// BenchmarkAsk measures POST /v1/ask end to end: peers with kept connections, the loopback, net/http and the adapter,
// all on the same processors. The answer is scripted, so the bot's own time comes on top.
func BenchmarkAsk(b *testing.B) {
	b.Run("scripted", func(b *testing.B) { load(b, serve(b, nil, nil)) })
	b.Run("plain", func(b *testing.B) { load(b, serve(b, salary(b), nil)) })
}

func load(b *testing.B, p peer) {
	b.Helper()
	transport := &http.Transport{MaxIdleConns: inFlight, MaxIdleConnsPerHost: inFlight, DisableCompression: true}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport}
	var mu sync.Mutex
	var all []time.Duration
	b.SetParallelism(max(1, inFlight/2)) // of GOMAXPROCS, 2 where the bar is set
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		var took []time.Duration
		for pb.Next() {
			began := time.Now()
			if err := askOnce(client, p.url); err != nil {
				b.Error(err)
				return
			}
			took = append(took, time.Since(began))
		}
		mu.Lock()
		defer mu.Unlock()
		all = append(all, took...)
	})
	b.StopTimer()
	if len(all) == 0 {
		return
	}
	slices.Sort(all)
	b.ReportMetric(float64(len(all))/b.Elapsed().Seconds(), "answers/s")
	b.ReportMetric(float64(all[len(all)/2].Microseconds())/1e3, "ms-p50")
	b.ReportMetric(float64(all[len(all)*99/100].Microseconds())/1e3, "ms-p99")
}

func askOnce(client *http.Client, url string) error {
	req, err := http.NewRequest(http.MethodPost, url+"/v1/ask", strings.NewReader(benchBody))
	if err != nil {
		return err
	}
	req.Header["Authorization"] = []string{"Bearer " + key}
	req.Header["Content-Type"] = []string{"application/json"}
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return io.ErrUnexpectedEOF
	}
	_, err = io.Copy(io.Discard, res.Body)
	return err
}

// BenchmarkHandler measures what the adapter itself adds, without a network.
func BenchmarkHandler(b *testing.B) {
	a := web.New(web.Config{Key: key})
	mux := http.NewServeMux()
	a.Mount(mux)
	start(b, a, salary(b))
	body := bytes.NewReader([]byte(benchBody))
	r := httptest.NewRequestWithContext(b.Context(), http.MethodPost, "/v1/ask", nil)
	r.Header.Set("Authorization", "Bearer "+key)
	r.Header.Set("Content-Type", "application/json")
	w := &sink{header: http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		body.Reset([]byte(benchBody))
		r.Body = io.NopCloser(body)
		clear(w.header)
		mux.ServeHTTP(w, r)
	}
	if w.status != http.StatusOK {
		b.Fatalf("status %d", w.status)
	}
}

// sink takes a response and forgets it.
type sink struct {
	header http.Header
	status int
}

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) WriteHeader(status int)      { s.status = status }
func (s *sink) Write(p []byte) (int, error) { return len(p), nil }
