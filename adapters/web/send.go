package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"careerbot/bot/chat"
)

// problem is what a peer is told instead of an answer.
type problem struct {
	status  int
	code    string        // for programs; never changes
	message string        // what is wrong, for a person
	remedy  string        // what to do about it, for a person
	allow   string        // methods, with 405
	after   time.Duration // when to try again; 0 leaves it open
}

// invalid is a request that cannot be understood.
func invalid(message, remedy string) *problem {
	return &problem{status: http.StatusBadRequest, code: "invalid_request", message: message, remedy: remedy}
}

// stopped is what is said before Run and after.
func stopped() *problem {
	return &problem{
		status: http.StatusServiceUnavailable, code: "unavailable", after: time.Second,
		message: "careerbot is starting or shutting down.", remedy: "Ask again in a moment.",
	}
}

// Limited is an error in the chain of an Asker's error that says that who asked is over a limit, for how long. It
// becomes status 429; every other [chat.Fault] becomes 503.
type Limited interface {
	error
	RetryAfter() time.Duration // 0 where it is not known
}

// explain says err to the peer and logs what the peer is not told.
func (a *Adapter) explain(v *visit, err error) *problem {
	p := &problem{
		status: http.StatusInternalServerError, code: "internal", message: "Something went wrong inside careerbot.",
		remedy: "Ask again; if it stays, give whoever runs careerbot this response's X-Request-Id.",
	}
	level, cause := slog.LevelError, err
	fault, said := errors.AsType[*chat.Fault](err)
	limited, over := errors.AsType[Limited](err)
	switch {
	case over:
		p.status, p.code, p.after = http.StatusTooManyRequests, "rate_limited", limited.RetryAfter()
		p.message, p.remedy = "Too many questions at once.", "Ask again later, and less often."
		level = slog.LevelDebug
	case said:
		p.status, p.code, p.remedy = http.StatusServiceUnavailable, "unavailable", "Ask again in a moment."
		level = slog.LevelWarn
	case errors.Is(err, context.DeadlineExceeded):
		p.status, p.code = http.StatusServiceUnavailable, "deadline"
		p.message, p.remedy = "The answer took too long.", "Ask again in a moment."
		level = slog.LevelWarn
	case errors.Is(err, context.Canceled):
		level = slog.LevelDebug // the peer has gone; nobody reads this
	}
	if said {
		cause = fault.Err // Say may quote the question
		if fault.Say != "" {
			p.message = fault.Say
		}
	}
	if cause != nil {
		a.log.LogAttrs(v.r.Context(), level, "request failed", slog.String("request", v.id), slog.Any("err", cause))
	}
	return p
}

// refuse writes p.
func (a *Adapter) refuse(v *visit, p *problem) {
	h := v.w.Header()
	if p.allow != "" {
		h.Set("Allow", p.allow)
	}
	if p.status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Bearer realm="careerbot"`)
	}
	if p.after > 0 {
		h.Set("Retry-After", strconv.Itoa(int((p.after+time.Second-1)/time.Second)))
	}
	if ctx := v.r.Context(); a.log.Enabled(ctx, slog.LevelDebug) {
		a.log.LogAttrs(ctx, slog.LevelDebug, "request refused", slog.String("request", v.id), slog.String("code", p.code))
	}
	v.out = appendProblem(v.out[:0], p)
	send(v.w, p.status, v.out)
}

// send is the only function that writes a body. An error means that the peer has gone: nobody is left to tell.
func send(w http.ResponseWriter, status int, body []byte) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Length", strconv.Itoa(len(body))) // without it net/http sends chunks from 2 KiB on
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
