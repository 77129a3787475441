package webapi_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"careerbot/adapters"
	"careerbot/adapters/slack/webapi"
)

func said(code string) error {
	return fmt.Errorf("chat.postMessage: %w", slack.SlackErrorResponse{Err: code})
}

// TestWhatErrorsMean: what Slack says decides whether a post is made again, made otherwise, or given up.
func TestWhatErrorsMean(t *testing.T) {
	t.Parallel()
	const refused, unclear, plainer, elsewhere, gone, spent = 1, 2, 4, 8, 16, 32
	for _, tt := range []struct {
		name string
		err  error
		want int
	}{
		{"nothing", nil, unclear}, // asked of errors alone
		{"limited", &slack.RateLimitedError{RetryAfter: time.Second}, unclear},
		{"limited by name", said("ratelimited"), 0},
		{"limited by status", slack.StatusCodeError{Code: http.StatusTooManyRequests}, 0},
		{"a broken connection", errors.New("connection reset"), unclear},
		{"a server that failed", slack.StatusCodeError{Code: http.StatusBadGateway}, unclear},
		{"a server that may have posted", said("internal_error"), unclear},
		{"an address that is not there", slack.StatusCodeError{Code: http.StatusNotFound}, refused},
		{"blocks", said("invalid_blocks"), refused | plainer},
		{"a channel without the bot", said("not_in_channel"), refused | elsewhere},
		{"a token", said("token_revoked"), refused | gone},
		{"a response_url", said("used_url"), refused | spent},
		{"a call that was not made", &webapi.Refusal{Code: "channel_not_found", Err: errors.New("nobody")}, refused | elsewhere},
	} {
		got := 0
		for bit, is := range map[int]bool{
			refused: webapi.Refused(tt.err), unclear: webapi.Unclear(tt.err), plainer: webapi.BlocksRefused(tt.err),
			elsewhere: webapi.Unreachable(tt.err), gone: webapi.TokenGone(tt.err), spent: webapi.Spent(tt.err),
		} {
			if is {
				got |= bit
			}
		}
		if got != tt.want {
			t.Errorf("%s: %06b, want %06b", tt.name, got, tt.want)
		}
	}
}

// TestForCourier: what is limited waits as long as Slack says, what is refused is given up, all else is tried again.
func TestForCourier(t *testing.T) {
	t.Parallel()
	if webapi.ForCourier(nil) != nil || !errors.Is(webapi.ForCourier(context.Canceled), context.Canceled) {
		t.Error("what is no error of Slack has changed")
	}
	wait, ok := errors.AsType[*adapters.RetryError](webapi.ForCourier(&slack.RateLimitedError{RetryAfter: 7 * time.Second}))
	if !ok || wait.After != 7*time.Second {
		t.Errorf("a limit becomes %v", wait)
	}
	final, ok := errors.AsType[*adapters.FinalError](webapi.ForCourier(slack.SlackErrorResponse{Err: "missing_scope", Needed: "chat:write"}))
	if !ok || !strings.Contains(final.Error(), "chat:write") {
		t.Errorf("a scope that is missing becomes %v", final)
	}
	if _, ok := errors.AsType[*adapters.FinalError](webapi.ForCourier(said("fatal_error"))); ok {
		t.Error("what may have worked is given up")
	}
}

// TestAdvice: what an operator has to mend comes with how, what passes by itself does not.
func TestAdvice(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]string{
		"invalid_auth": "copy it again", "token_revoked": "install it again", "token_expired": "/slack/install",
		"missing_scope": "OAuth & Permissions", "not_allowed_token_type": "xoxb-", "access_denied": "administrator",
		"link_disabled": "Socket Mode", "internal_error": "", "channel_not_found": "",
	} {
		if got := webapi.Advice(said(code)); !strings.Contains(got, want) || want == "" && got != "" {
			t.Errorf("%s: %q", code, got)
		}
	}
	if got := webapi.Advice(slack.StatusCodeError{Code: http.StatusNotFound}); !strings.Contains(got, "SLACK_API_URL") {
		t.Errorf("no Slack there: %q", got)
	}
}
