// Package webapi calls Slack's Web API and response_urls, and says what Slack's errors mean: to come back later, to draw
// plainer blocks, to go another way, or what an operator has to mend.
//
// It repeats no call and keeps no token; whether and how something is posted again is the adapter's and the courier's affair.
package webapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"careerbot/adapters"

	"github.com/slack-go/slack"
)

// maxAnswer is how much of an answer of Slack is read, in bytes: a page of 100 messages with blocks has about 2 MB.
const maxAnswer = 8 << 20

// Client calls Slack. Every call has a time limit, none is repeated here (a repeated post may post twice), and each is
// counted.
type Client struct {
	url   string
	http  *http.Client
	meter adapters.Meter
}

// New makes a client of the Web API at url, which ends in a slash. A call may take limit; conns is how many
// connections are kept for calls to come.
func New(url string, limit time.Duration, conns int, meter adapters.Meter) *Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = conns
	return &Client{url: url, http: &http.Client{Transport: transport, Timeout: limit}, meter: meter}
}

// HTTP is the client for slack-go's functions that exchange codes and tokens, which take one. What they answer goes through
// Count, as with With.
func (w *Client) HTTP() *http.Client { return w.http }

// Close closes connections that no call uses.
func (w *Client) Close() { w.http.CloseIdleConnections() }

// With is slack-go's client for one token, "" for none. What became of each of its calls goes through Count.
func (w *Client) With(token adapters.Secret, options ...slack.Option) *slack.Client {
	options = append([]slack.Option{slack.OptionAPIURL(w.url), slack.OptionHTTPClient(w.http)}, options...)
	return slack.New(string(token), options...)
}

// Count counts a call by what became of it, and names it in its error.
func (w *Client) Count(method string, err error) error {
	w.meter.Called("slack", outcome(err))
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", method, NoURL(err))
}

// NoURL takes the address out of an error of net/http: that of a response_url or a socket is a secret.
func NoURL(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return err
}

func outcome(err error) string {
	switch {
	case err == nil:
		return adapters.CallOK
	case limited(err):
		return adapters.CallLimited
	case Refused(err):
		return adapters.CallRefused
	}
	return adapters.CallFailed
}

// Call calls a method that slack-go does not have, or reads more of than is wanted. Its form has no token.
func (w *Client) Call(ctx context.Context, method string, token adapters.Secret, form url.Values, into answer) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.url+method, strings.NewReader(form.Encode()))
	if err != nil {
		return w.Count(method, err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+string(token))
	}
	body, err := w.do(r)
	if err == nil {
		err = json.Unmarshal(body, into)
	}
	if err == nil {
		err = into.Err()
	}
	return w.Count(method, err)
}

// answer is an answer of the Web API: what embeds a slack.SlackResponse.
type answer interface{ Err() error }

// do sends a request and reads the answer; a status of an error gives the errors that slack-go gives.
func (w *Client) do(r *http.Request) ([]byte, error) {
	response, err := w.http.Do(r)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return nil, fmt.Errorf("read Slack's answer: %w", err)
	}
	switch after, known := seconds(response.Header.Get("Retry-After")); {
	case response.StatusCode == http.StatusTooManyRequests && known:
		return nil, &slack.RateLimitedError{RetryAfter: after}
	case response.StatusCode/100 != 2:
		return body, slack.StatusCodeError{Code: response.StatusCode, Status: response.Status}
	}
	return body, nil
}

// seconds reads a Retry-After.
func seconds(s string) (time.Duration, bool) {
	n, err := strconv.ParseUint(strings.TrimSpace(s), 10, 31)
	return time.Duration(n) * time.Second, err == nil
}

// Hook posts to a response_url. slack-go's own sender does not take unfurl flags and always sends metadata, and an
// answer without Content-Type fails it although the post went through.
func (w *Client) Hook(ctx context.Context, address string, m any) error {
	body, err := json.Marshal(m)
	if err != nil {
		return &Refusal{Code: "not_written", Err: err}
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return w.Count("response_url", &Refusal{Code: "no_service"})
	}
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	said, err := w.do(r)
	// Slack says "ok" in words, or {"ok":true}; a refusal is {"ok":false,"error":…} or its bare name, with or without 404.
	var reply slack.SlackResponse
	plain := json.Unmarshal(said, &reply) != nil
	status, isStatus := errors.AsType[slack.StatusCodeError](err)
	switch {
	case err == nil && (plain || reply.Ok):
		return w.Count("response_url", nil)
	case err != nil && (!isStatus || status.Code >= 500 || status.Code == http.StatusTooManyRequests):
		return w.Count("response_url", err)
	case !plain && reply.Error != "":
		return w.Count("response_url", reply.Err())
	case plain && isName(said):
		return w.Count("response_url", slack.SlackErrorResponse{Err: string(said)})
	}
	return w.Count("response_url", slack.SlackErrorResponse{Err: "no_service"})
}

// isName says whether said is the bare name of an error, such as "invalid_blocks".
func isName(said []byte) bool {
	for _, c := range said {
		if c != '_' && (c < 'a' || c > 'z') {
			return false
		}
	}
	return len(said) > 0 && len(said) < 60
}
