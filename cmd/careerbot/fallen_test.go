package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"testing"

	"careerbot/adapters"
	"careerbot/bot/chat"
)

// failing is an adapter whose platform will not have it.
type failing struct{ name string }

func (f failing) Name() string { return f.name }

func (f failing) Run(context.Context, chat.Asker) error {
	return errors.New("the token was taken back")
}

// TestServeOutlivesAdapter has one adapter end by itself: the others answer on, and /readyz names it. With none left the
// program ends with what was wrong.
func TestServeOutlivesAdapter(t *testing.T) {
	t.Parallel()
	serve := func(set config, list ...adapters.Adapter) *served {
		p := &program{env: env(nil), err: io.Discard, out: io.Discard, extra: func(*server) []adapters.Adapter { return list }}
		srv, err := p.open(t.Context(), set)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(srv.closeAll)
		ctx, cancel := context.WithCancel(t.Context())
		s := &served{url: "http://" + srv.listener.Addr().String(), key: "k", log: &serveLog{}, stop: cancel, ended: make(chan int, 1)}
		go func() {
			code, _ := status(t.Context(), srv.run(ctx))
			s.ended <- code
		}()
		return s
	}
	s := serve(benchConfig(t.TempDir(), "k", false), failing{"discord"})
	within(t, startWait, "the fallen adapter shows", func() bool {
		code, body := s.get(t, "/readyz")
		return code == http.StatusServiceUnavailable && !readyPart(t, body, "discord").Ready
	})
	if a := s.ask(t, "What is Redis?", "t", ""); a.Title != "Redis" {
		t.Errorf("the answer is %q", a.Title)
	}
	if code := s.end(t); code != exitOK {
		t.Errorf("status %d", code)
	}
	alone := serve(benchConfig(t.TempDir(), "", false), failing{"discord"}, failing{"slack"})
	if code := <-alone.ended; code != exitFailure {
		t.Errorf("without an adapter left: status %d", code)
	}
}
