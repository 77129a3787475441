package web

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"sync"

	"careerbot/bot/chat"
)

// Replies keeps what was answered to a request with an id, so that the same id gets the same answer and not a second
// one. How long it keeps them is its own affair. It is safe for concurrent use.
//
// Requests with one id that arrive at the same time at one process share one answer; where several processes share
// the Replies, each of them may answer once, and the first reply saved should stay.
type Replies interface {
	// Reply gives the body saved under key, and whether there is one. The caller does not change it.
	Reply(ctx context.Context, key string) (body []byte, ok bool, err error)

	// SaveReply keeps body, which the caller does not change afterwards, under key.
	SaveReply(ctx context.Context, key string, body []byte) error
}

// replyKey begins the key of every reply, so that one store can hold other things beside them.
const replyKey = "web/ask/"

// askOnce answers a question whose id may have been answered already. The answer is finished and saved even where
// the peer hangs up: it will ask again. Replies that fail cost the memory, never the answer.
func (a *Adapter) askOnce(v *visit, asker chat.Asker, q chat.Question) *problem {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(v.r.Context()), a.cfg.Deadline)
	defer cancel()
	key := replyKey + q.ID
	f, first := a.flights.join(key)
	if !first {
		select {
		case <-f.landed:
		case <-ctx.Done():
			return a.explain(v, ctx.Err())
		}
		if f.problem == nil {
			replay(v, f.body)
		}
		return f.problem
	}
	defer a.flights.land(key, f)
	body, ok, err := a.cfg.Replies.Reply(ctx, key)
	if err != nil {
		a.warn(ctx, v, "reply not looked up", err)
	} else if ok {
		f.body, f.problem = body, nil
		replay(v, body)
		return nil
	}
	if f.problem = a.compose(ctx, v, asker, q); f.problem != nil {
		return f.problem
	}
	f.body = bytes.Clone(v.out)
	if err := a.cfg.Replies.SaveReply(ctx, key, f.body); err != nil {
		a.warn(ctx, v, "reply not saved", err)
	}
	send(v.w, http.StatusOK, f.body)
	return nil
}

func (a *Adapter) warn(ctx context.Context, v *visit, what string, err error) {
	a.log.LogAttrs(ctx, slog.LevelWarn, what, slog.String("request", v.id), slog.Any("err", err))
}

// replay sends an answer given before, marked as such.
func replay(v *visit, body []byte) {
	v.w.Header().Set("Idempotent-Replayed", "true")
	send(v.w, http.StatusOK, body)
}

// flights are the requests with an id that are being answered now. Its zero value has none.
type flights struct {
	mu  sync.Mutex
	now map[string]*flight
}

// flight is one request and those that wait for its answer. body and problem are fixed once landed is closed.
type flight struct {
	landed  chan struct{}
	body    []byte
	problem *problem
}

// join gives the flight of a key, and whether it begins with this call; whose call it is lands it.
func (s *flights) join(key string) (f *flight, first bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f, ok := s.now[key]; ok {
		return f, false
	}
	if s.now == nil {
		s.now = map[string]*flight{}
	}
	f = &flight{landed: make(chan struct{}), problem: stopped()} // what is said where a store panics
	s.now[key] = f
	return f, true
}

func (s *flights) land(key string, f *flight) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.now, key)
	close(f.landed)
}
