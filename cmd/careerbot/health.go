package main

import (
	"context"
	"encoding/json"
	"maps"
	"math"
	"net/http"
	"time"

	"careerbot/adapters"
	"careerbot/bot/store"
)

// checkWait is how long one check of readiness may take: orchestrators give up after a few seconds.
const checkWait = 2 * time.Second

// readiness is what /readyz says of one part.
type readiness struct {
	Part  string `json:"part"`
	Ready bool   `json:"ready"`
	Say   string `json:"say,omitempty"`
}

// mountHealth adds the pages of operators: /livez says that the process answers, /readyz whether it can do its work,
// /metrics what it has done.
func (s *server) mountHealth(mux *http.ServeMux) {
	mux.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) })
	mux.HandleFunc("GET /readyz", s.readyz)
	mux.Handle("GET /metrics", s.metrics.Handler())
}

// readyz is 200 while every part works. A store that fails makes it 503 although answers go on without memory: an
// operator must see it.
func (s *server) readyz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), checkWait)
	defer cancel()
	parts := s.parts(ctx)
	status := http.StatusOK
	for _, p := range parts {
		if !p.Ready {
			status = http.StatusServiceUnavailable
		}
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	_ = e.Encode(parts)
}

func (s *server) parts(ctx context.Context) []readiness {
	s.mu.Lock()
	reading, fallen := s.reading, maps.Clone(s.fallen)
	s.mu.Unlock()
	out := []readiness{part("knowledge", reading), part("store", s.store.Ping(ctx))}
	for _, a := range s.adapters {
		if err := fallen[a.Name()]; err != nil {
			out = append(out, part(a.Name(), err))
		} else if r, ok := a.(adapters.Readier); ok {
			out = append(out, part(a.Name(), r.Ready()))
		}
	}
	return out
}

func part(name string, err error) readiness {
	if err != nil {
		return readiness{Part: name, Say: err.Error()}
	}
	return readiness{Part: name, Ready: true}
}

// gauges read what Prometheus asks for; what the store cannot say just now is no number.
func (s *server) gauges() gauges {
	stat := func(read func(store.Stats) float64) func() float64 {
		return func() float64 {
			ctx, cancel := context.WithTimeout(context.Background(), checkWait)
			defer cancel()
			st, err := s.store.Stats(ctx)
			if err != nil {
				return math.NaN()
			}
			return read(st)
		}
	}
	return gauges{
		outboxDepth:    stat(func(st store.Stats) float64 { return float64(st.Outbox) }),
		outboxOldest:   stat(func(st store.Stats) float64 { return st.OldestOutbox.Seconds() }),
		indexDocuments: func() float64 { return float64(s.lib.Index().Documents) },
		indexAge:       func() float64 { return time.Since(s.lib.Index().Built).Seconds() },
	}
}
