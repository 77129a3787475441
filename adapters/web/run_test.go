package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"careerbot/adapters/web"
	"careerbot/bot/chat"
)

func TestRun(t *testing.T) {
	t.Parallel()
	a := web.New(web.Config{Key: key, Votes: &ballotBox{}, Deadline: patience})
	p := mount(t, a)
	closed := func(when string) {
		t.Helper()
		for path, body := range map[string]string{"/v1/ask": `{"question":"x"}`, "/v1/vote": `{"answer":"1","up":true}`} {
			if res := p.post(path, body); res.status != http.StatusServiceUnavailable || res.header.Get("Retry-After") != "1" {
				t.Errorf("%s, %s: %d %s", when, path, res.status, res.body)
			}
		}
	}
	closed("before Run")
	if a.Name() != "web" || a.Ready() == nil {
		t.Errorf("%q is ready before Run: %v", a.Name(), a.Ready())
	}

	asked, let := make(chan struct{}), make(chan struct{})
	slow := asker(func(context.Context, chat.Question) (chat.Answer, error) {
		close(asked)
		<-let
		return chat.Answer{Title: "late"}, nil
	})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx, slow) }()
	answered := make(chan response, 1)
	for a.Ready() != nil {
		runtime.Gosched()
	}
	if err := a.Run(ctx, slow); err == nil {
		t.Error("a second Run began")
	}
	go func() { answered <- p.ask("question", "x") }()
	<-asked
	stop()
	for a.Ready() == nil {
		runtime.Gosched()
	}
	closed("while draining")
	select {
	case err := <-ended:
		t.Errorf("Run ended with a request under way: %v", err)
	default:
	}
	close(let)
	if err := <-ended; err != nil {
		t.Errorf("Run: %v", err)
	}
	if res := <-answered; res.status != http.StatusOK || !strings.Contains(string(res.body), "late") {
		t.Errorf("the request under way got %d %s", res.status, res.body)
	}
	closed("after Run")
	start(t, a, gallery())
	if res := p.ask("question", "skills"); res.status != http.StatusOK {
		t.Errorf("run again: %d %s", res.status, res.body)
	}
}

// TestRunGivesUp has an Asker that heeds no deadline; time passes as fast as it can.
func TestRunGivesUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := web.New(web.Config{Key: key})
		mux := http.NewServeMux()
		a.Mount(mux)
		let := make(chan struct{})
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() {
			ended <- a.Run(ctx, asker(func(context.Context, chat.Question) (chat.Answer, error) {
				<-let
				return chat.Answer{}, nil
			}))
		}()
		synctest.Wait()
		go func() {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/v1/ask", strings.NewReader(`{"question":"x"}`))
			r.Header.Set("Authorization", "Bearer "+key)
			r.Header.Set("Content-Type", "application/json")
			mux.ServeHTTP(httptest.NewRecorder(), r)
		}()
		synctest.Wait()
		began := time.Now()
		stop()
		err := <-ended
		if err == nil || !strings.Contains(err.Error(), "1 requests are still under way") {
			t.Errorf("Run: %v", err)
		}
		if took := time.Since(began); took != web.Deadline+time.Second {
			t.Errorf("gave up after %v", took)
		}
		close(let)
	})
}
