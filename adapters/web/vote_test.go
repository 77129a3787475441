package web_test

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"slices"
	"testing"

	"careerbot/bot/chat"
)

func TestVote(t *testing.T) {
	t.Parallel()
	box := &ballotBox{}
	p := serve(t, nil, box)
	for _, body := range []string{
		`{"answer":"a-1","up":true}`, `{"up":false,"answer":"a-1","reason":"no \"figures\"","user":"u"}`, `{"answer":"a-2","up":false,"reason":null}`,
	} {
		if res := p.post("/v1/vote", body); res.status != http.StatusNoContent || len(res.body) > 0 {
			t.Errorf("%s: got %d %s", body, res.status, res.body)
		}
	}
	want := []vote{{answer: "a-1", up: true}, {answer: "a-1", user: "u", reason: `no "figures"`}, {answer: "a-2"}}
	if !slices.Equal(box.votes, want) {
		t.Errorf("votes are %+v, want %+v", box.votes, want)
	}
}

func TestVoteErrors(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		err    error
		status int
		code   string
	}{
		{fmt.Errorf("vote: %w", fs.ErrNotExist), http.StatusNotFound, "no_such_answer"},
		{&chat.Fault{Say: "The memory is lost just now."}, http.StatusServiceUnavailable, "unavailable"},
		{busy(0), http.StatusTooManyRequests, "rate_limited"},
		{errors.New("disk full"), http.StatusInternalServerError, "internal"},
	} {
		p := serve(t, nil, &ballotBox{err: tt.err})
		if res := p.post("/v1/vote", `{"answer":"a","up":true}`); res.status != tt.status || res.fault(t).Error.Code != tt.code {
			t.Errorf("%v: got %d %s", tt.err, res.status, res.body)
		}
	}
	p := serve(t, nil, nil)
	if res := p.post("/v1/vote", `{"answer":"a","up":true}`); res.status != http.StatusNotImplemented || res.fault(t).Error.Code != "votes_off" {
		t.Errorf("without votes: got %d %s", res.status, res.body)
	}
}
