package slacktest_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"careerbot/adapters/slack/slacktest"
)

// BenchmarkHTTP is how many signed commands the platform alone delivers, 16 in flight on two cores, to an app that does
// nothing: what it leaves for an app under test.
func BenchmarkHTTP(b *testing.B) {
	s := slacktest.Start(b, slacktest.Options{Keep: 1000, HookLife: 10 * time.Second})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"text":"an answer"}`)
	}))
	defer server.Close()
	s.Connect(slacktest.Target{Base: server.URL})
	b.SetParallelism(8)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			out, err := s.Ask(s.Slash(slacktest.Place{}, "/backend", "salary senior india")).Wait(context.Background())
			if err != nil || !out.Acked {
				b.Errorf("%+v, %v", out, err)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "commands/s")
	b.ReportMetric(float64(s.AckTime(0.99).Microseconds()), "µs-p99")
}
