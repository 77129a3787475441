package web

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"runtime/debug"

	"careerbot/bot/chat"
)

// ask serves POST /v1/ask.
func (a *Adapter) ask(v *visit) *problem {
	q, p := readAsk(v.body.Bytes(), a.topics)
	if p != nil {
		return p
	}
	asker := a.gate.enter()
	if asker == nil {
		return stopped()
	}
	defer a.gate.leave()
	if q.ID != "" && a.cfg.Replies != nil {
		return a.askOnce(v, asker, q)
	}
	if q.ID == "" {
		q.ID = a.makeID()
	}
	ctx, cancel := context.WithTimeout(v.r.Context(), a.cfg.Deadline)
	defer cancel()
	if p := a.compose(ctx, v, asker, q); p != nil {
		return p
	}
	send(v.w, http.StatusOK, v.out)
	return nil
}

// compose asks and leaves the answer's JSON in v.out.
func (a *Adapter) compose(ctx context.Context, v *visit, asker chat.Asker, q chat.Question) *problem {
	began := a.cfg.Now()
	answer, err := a.contained(ctx, v, asker, q)
	if err != nil {
		return a.explain(v, err)
	}
	v.out = appendAnswer(v.out[:0], &answer, a.cfg.Now().Sub(began))
	return nil
}

// contained asks, and keeps a panic inside this question: net/http would hang up on the peer without a word.
func (a *Adapter) contained(ctx context.Context, v *visit, asker chat.Asker, q chat.Question) (answer chat.Answer, err error) {
	defer func() {
		if r := recover(); r != nil {
			a.log.LogAttrs(ctx, slog.LevelError, "a question panicked", slog.String("request", v.id), slog.String("stack", string(debug.Stack())))
			err = fmt.Errorf("ask: panic: %v", r)
		}
	}()
	return asker.Ask(ctx, q)
}

// vote serves POST /v1/vote.
func (a *Adapter) vote(v *visit) *problem {
	b, p := readBallot(v.body.Bytes())
	if p != nil {
		return p
	}
	if a.cfg.Votes == nil {
		return &problem{
			status: http.StatusNotImplemented, code: "votes_off", message: "This careerbot keeps no votes.",
			remedy: "Whoever runs it can give it a store.",
		}
	}
	if a.gate.enter() == nil {
		return stopped()
	}
	defer a.gate.leave()
	ctx, cancel := context.WithTimeout(v.r.Context(), a.cfg.Deadline)
	defer cancel()
	err := a.cfg.Votes.Vote(ctx, b.answer, b.user, b.up, b.reason)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &problem{
			status: http.StatusNotFound, code: "no_such_answer", message: "There is no answer with this id.",
			remedy: `Send the "id" of an answer of POST /v1/ask; answers are forgotten after some time.`,
		}
	case err != nil:
		return a.explain(v, err)
	}
	v.w.WriteHeader(http.StatusNoContent)
	return nil
}
