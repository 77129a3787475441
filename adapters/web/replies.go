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
// the Replies, each of them may make one, and the first saved is the reply of all.
type Replies interface {
	// Reply gives the body saved under key, and whether there is one. The caller does not change it.
	Reply(ctx context.Context, key string) (body []byte, ok bool, err error)

	// SaveReply keeps body, which the caller does not change afterwards, under key, unless there is one already: kept
	// is the first saved.
	SaveReply(ctx context.Context, key string, body []byte) (kept []byte, err error)
}

// replyKey begins the key of every reply, so that one store can hold other things beside them.
const replyKey = "web/ask/"

// askOnce answers a question whose id may have been answered already. The answer is finished and saved even where
// the peer hangs up: it will ask again.
func (a *Adapter) askOnce(v *visit, asker chat.Asker, q chat.Question) *problem {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(v.r.Context()), a.cfg.Deadline)
	defer cancel()
	key := replyKey + q.ID
	f, first := a.flights.join(key)
	if first {
		a.fly(ctx, v, asker, q, f)
	} else {
		select {
		case <-f.landed:
		case <-ctx.Done():
			return a.explain(v, ctx.Err())
		}
	}
	if f.problem != nil {
		return f.problem
	}
	if !first || f.saved {
		v.w.Header().Set("Idempotent-Replayed", "true")
	}
	send(v.w, http.StatusOK, f.body)
	return nil
}

// fly finds the answer to f or makes one, and lands. Replies that fail cost the memory, never the answer.
func (a *Adapter) fly(ctx context.Context, v *visit, asker chat.Asker, q chat.Question, f *flight) {
	key := replyKey + q.ID
	defer a.flights.land(key, f)
	body, ok, err := a.cfg.Replies.Reply(ctx, key)
	if err != nil {
		a.log.LogAttrs(ctx, slog.LevelWarn, "reply not looked up", slog.String("request", v.id), slog.Any("err", err))
	} else if ok {
		f.body, f.saved, f.problem = body, true, nil
		return
	}
	if f.problem = a.compose(ctx, v, asker, q); f.problem != nil {
		return
	}
	f.body = bytes.Clone(v.out)
	kept, err := a.cfg.Replies.SaveReply(ctx, key, f.body)
	if err == nil {
		f.saved = !bytes.Equal(kept, f.body)
		f.body = kept
	} else {
		a.log.LogAttrs(ctx, slog.LevelWarn, "reply not saved", slog.String("request", v.id), slog.Any("err", err))
	}
}

// flights are the requests with an id that are being answered now. Its zero value has none.
type flights struct {
	mu  sync.Mutex
	now map[string]*flight
}

// flight is one request and those that wait for its answer. All but landed is fixed once that is closed.
type flight struct {
	landed  chan struct{}
	body    []byte
	saved   bool // body was there before
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
