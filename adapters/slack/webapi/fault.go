package webapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"careerbot/adapters"

	"github.com/slack-go/slack"
)

// Refusal is a call that was never made, since it could not succeed.
type Refusal struct {
	Code string // as Slack would name it: "channel_not_found"
	Err  error  // what is behind it, nil for nothing
}

// Error is the code, and what is behind it.
func (r *Refusal) Error() string {
	if r.Err == nil {
		return r.Code
	}
	return fmt.Sprintf("%s: %v", r.Code, r.Err)
}

// Unwrap is what is behind the refusal.
func (r *Refusal) Unwrap() error { return r.Err }

// code is Slack's name of an error, "" where it gave none.
func code(err error) string {
	if r, ok := errors.AsType[*Refusal](err); ok {
		return r.Code
	}
	if e, ok := errors.AsType[slack.SlackErrorResponse](err); ok {
		return e.Err
	}
	return ""
}

// OneOf says whether err is one of Slack's errors with these names.
func OneOf(err error, codes ...string) bool { return slices.Contains(codes, code(err)) }

// limited says whether Slack asked to come back later: nothing was done.
func limited(err error) bool {
	if _, ok := errors.AsType[*slack.RateLimitedError](err); ok {
		return true
	}
	status, ok := errors.AsType[slack.StatusCodeError](err)
	return ok && status.Code == http.StatusTooManyRequests || OneOf(err, "ratelimited", "rate_limited", "message_limit_exceeded")
}

// RetryAfter is how long Slack asked to wait, 0 where it did not say.
func RetryAfter(err error) time.Duration {
	if l, ok := errors.AsType[*slack.RateLimitedError](err); ok {
		return l.RetryAfter
	}
	return 0
}

// Unclear says whether Slack failed in a way that leaves open what it did: "some aspect of the operation" may have
// succeeded (docs.slack.dev/reference/methods/chat.postMessage, errors).
func Unclear(err error) bool {
	if OneOf(err, "internal_error", "fatal_error", "request_timeout", "service_unavailable", "team_added_to_org") {
		return true
	}
	status, ok := errors.AsType[slack.StatusCodeError](err)
	return code(err) == "" && (!ok || status.Code >= 500)
}

// Refused says whether Slack will never take the call: nothing was done.
func Refused(err error) bool { return err != nil && !limited(err) && !Unclear(err) }

// BlocksRefused says whether Slack took offence at blocks: the same message may pass with plainer ones.
func BlocksRefused(err error) bool {
	return OneOf(err, "invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "too_many_blocks", "block_mismatch",
		"invalid_attachments", "msg_too_long", "invalid_arguments")
}

// Pointers are the places in a message that Slack named in its refusal, for logs: they hold no text of the message.
func Pointers(err error) []string {
	if e, ok := errors.AsType[slack.SlackErrorResponse](err); ok {
		return e.ResponseMetadata.Messages
	}
	return nil
}

// Unreachable says whether the bot cannot post where it was asked to.
func Unreachable(err error) bool {
	return OneOf(err, "not_in_channel", "channel_not_found", "is_archived", "restricted_action", "cannot_reply_to_message",
		"restricted_action_read_only_channel", "restricted_action_thread_only_channel", "restricted_action_thread_locked",
		"restricted_action_non_threadable_channel", "as_user_not_supported", "is_inactive", "thread_not_found",
		"message_not_found", "user_not_in_channel", "access_denied", "no_permission", "ekm_access_denied")
}

// Spent says whether a response_url cannot be used any more.
func Spent(err error) bool {
	return OneOf(err, "expired_url", "used_url", "no_service", "no_active_hooks")
}

// TokenGone says whether the token will never work again.
func TokenGone(err error) bool {
	return OneOf(err, "token_revoked", "account_inactive", "invalid_auth", "not_authed", "token_expired", "org_login_required")
}

// Advice is the advice for an error that a human must mend, "" for one that may pass.
func Advice(err error) string {
	switch code(err) {
	case "invalid_auth", "not_authed":
		return "Slack does not know this token: copy it again from the app's pages at https://api.slack.com/apps"
	case "account_inactive", "token_revoked":
		return "the app was removed from the workspace or its token revoked: install it again and copy the new token"
	case "token_expired":
		return "tokens of this app rotate: serve it with SLACK_CLIENT_ID, SLACK_CLIENT_SECRET and STATE_KEY and install it at " +
			"/slack/install, or make an app without token rotation"
	case "missing_scope":
		return "give the token the scope " + needed(err) + ": bot scopes under OAuth & Permissions (then install again), " +
			"connections:write under Basic Information, App-Level Tokens"
	case "not_allowed_token_type":
		return "it is a token of the wrong kind: SLACK_BOT_TOKEN begins with xoxb-, SLACK_APP_TOKEN with xapp-"
	case "forbidden_team", "team_access_not_granted", "enterprise_is_restricted", "access_denied", "no_permission":
		return "the workspace or its organisation does not allow the app: an administrator has to approve it"
	case "socket_mode_not_enabled", "link_disabled", "invalid_app_id":
		return "switch Socket Mode on in the app's settings"
	}
	if status, ok := errors.AsType[slack.StatusCodeError](err); ok && status.Code == http.StatusNotFound {
		return "there is no Slack at this address: correct SLACK_API_URL"
	}
	return ""
}

// needed is the scope that was missing.
func needed(err error) string {
	if e, ok := errors.AsType[slack.SlackErrorResponse](err); ok && e.Needed != "" {
		return e.Needed
	}
	return "that Slack names in its documentation of the method"
}

// ForCourier turns what became of a post into what the courier has to know.
func ForCourier(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case limited(err):
		return &adapters.RetryError{After: RetryAfter(err), Err: err}
	case OneOf(err, "missing_scope"):
		return &adapters.FinalError{Err: fmt.Errorf("%w: %s", err, strings.TrimSpace(Advice(err)))}
	case Refused(err):
		return &adapters.FinalError{Err: err}
	}
	return err
}
