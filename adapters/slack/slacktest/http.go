package slacktest

import (
	"bytes"
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	_ "embed" // of the signature vectors
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Target is where an app without Socket Mode listens.
type Target struct {
	Base         string // http://127.0.0.1:1234
	Commands     string // "" is /slack/commands
	Events       string // "" is /slack/events
	Interactions string // "" is /slack/interactions
}

// Connect has everything delivered over HTTP from now on; the zero Target goes back to sockets.
func (s *Slack) Connect(t Target) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t.Commands = cmp.Or(t.Commands, "/slack/commands")
	t.Events = cmp.Or(t.Events, "/slack/events")
	t.Interactions = cmp.Or(t.Interactions, "/slack/interactions")
	s.target = t
}

// Sign is the header X-Slack-Signature of a body at a time, in Unix seconds as text
// (docs.slack.dev/authentication/verifying-requests-from-slack).
func Sign(secret, timestamp string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = fmt.Fprintf(mac, "v0:%s:", timestamp) // a hash takes everything
	_, _ = mac.Write(body)
	return "v0=" + hex.EncodeToString(mac.Sum(nil))
}

// Tamper says what is wrong with a request's signature.
type Tamper int

// Ways to sign.
const (
	Genuine   Tamper = iota
	Forged           // with another secret
	Stale            // signed well, 6 minutes ago
	Future           // signed well, in 6 minutes
	Malformed        // the signature is no hex
	Unsigned         // no headers at all
	Altered          // the body was changed after signing
)

// Request makes the HTTP request that delivers an envelope. ssl_check, url_verification and other bodies of one's own
// are made with Signed.
func (s *Slack) Request(ctx context.Context, e Envelope, how Tamper) (*http.Request, error) {
	s.mu.Lock()
	t := s.target
	s.mu.Unlock()
	path, kind, body, err := t.encode(e)
	if err != nil {
		return nil, err
	}
	return s.Signed(ctx, t.Base+path, kind, body, how)
}

// encode gives the path, the content type and the body of an envelope over HTTP.
func (t Target) encode(e Envelope) (path, kind string, body []byte, err error) {
	const form = "application/x-www-form-urlencoded"
	payload, err := json.Marshal(e.Payload)
	if err != nil {
		return "", "", nil, fmt.Errorf("encode a delivery: %w", err)
	}
	switch e.Type {
	case SlashCommands:
		values := url.Values{}
		for name, v := range e.Payload {
			values.Set(name, fmt.Sprint(v))
		}
		return t.Commands, form, []byte(values.Encode()), nil
	case Interactive:
		return t.Interactions, form, []byte(url.Values{"payload": {string(payload)}}.Encode()), nil
	}
	return t.Events, "application/json", payload, nil
}

// Signed makes a request with a signature, good or bad.
func (s *Slack) Signed(ctx context.Context, address, kind string, body []byte, how Tamper) (*http.Request, error) {
	at, secret := s.now(), s.options.App.SigningSecret
	switch how {
	case Forged:
		secret = "another" + secret
	case Stale:
		at = at.Add(-6 * time.Minute)
	case Future:
		at = at.Add(6 * time.Minute)
	}
	timestamp := strconv.FormatInt(at.Unix(), 10)
	signature := Sign(secret, timestamp, body)
	switch how {
	case Malformed:
		signature = "v0=this is no hex"
	case Altered:
		body = append(bytes.Clone(body), ' ')
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("make a delivery: %w", err)
	}
	r.Header.Set("Content-Type", kind)
	r.Header.Set("User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)")
	if how != Unsigned {
		r.Header.Set("X-Slack-Request-Timestamp", timestamp)
		r.Header.Set("X-Slack-Signature", signature)
	}
	return r, nil
}

// Post delivers a request of one's own and reads the answer.
func (s *Slack) Post(r *http.Request) (status int, header http.Header, body []byte, err error) {
	response, err := s.client.Do(r)
	if err != nil {
		return 0, nil, nil, fmt.Errorf("deliver: %w", err)
	}
	defer response.Body.Close()
	body, err = io.ReadAll(response.Body)
	return response.StatusCode, response.Header, body, err
}

// Verify asks the app's address for events whether it is Slack's to call: url_verification.
func (s *Slack) Verify(ctx context.Context) error {
	const challenge = "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"
	e := Envelope{Type: EventsAPI, Payload: object{
		"type": "url_verification", "challenge": challenge, "token": s.options.App.VerificationToken,
	}}
	r, err := s.Request(ctx, e, Genuine)
	if err != nil {
		return err
	}
	status, _, body, err := s.Post(r)
	if err != nil {
		return err
	}
	var echo struct{ Challenge string }
	if json.Unmarshal(body, &echo) != nil {
		echo.Challenge = string(body) // plain text is as good
	}
	if status != http.StatusOK || echo.Challenge != challenge {
		return fmt.Errorf("url_verification got status %d and %q, want the challenge", status, body)
	}
	return nil
}

// SSLCheck posts the unsigned form that Slack checks a command's certificate with; the app answers 200.
func (s *Slack) SSLCheck(ctx context.Context) (status int, err error) {
	s.mu.Lock()
	t := s.target
	s.mu.Unlock()
	body := url.Values{"ssl_check": {"1"}, "token": {s.options.App.VerificationToken}}.Encode()
	r, err := s.Signed(ctx, t.Base+t.Commands, "application/x-www-form-urlencoded", []byte(body), Unsigned)
	if err != nil {
		return 0, err
	}
	status, _, _, err = s.Post(r)
	return status, err
}

// deliverHTTP makes one attempt over HTTP.
func (s *Slack) deliverHTTP(d *Delivery, id string) {
	ctx, cancel := context.WithTimeout(s.ctx, s.options.Ack)
	defer cancel()
	s.mu.Lock()
	retry, reason := d.outcome.Attempts-1, d.reason
	s.mu.Unlock()
	r, err := s.Request(ctx, d.Envelope, Genuine)
	if err != nil {
		s.expire(d, err.Error())
		return
	}
	if retry > 0 {
		r.Header.Set("X-Slack-Retry-Num", strconv.Itoa(retry))
		r.Header.Set("X-Slack-Retry-Reason", reason)
	}
	status, header, body, err := s.Post(r)
	s.mu.Lock()
	d.outcome.Status = status
	d.noRetry = header.Get("X-Slack-No-Retry") == "1"
	if err == nil && status/100 == 2 && s.open[id] != nil {
		s.acked(d, body)
		s.mu.Unlock()
		return
	}
	s.mu.Unlock()
	s.expire(d, retryReason(status, err))
}

// retryReason is what the header X-Slack-Retry-Reason says (docs.slack.dev/apis/events-api, error handling).
func retryReason(status int, err error) string {
	timeout, isNet := errors.AsType[net.Error](err)
	switch {
	case err == nil && status/100 == 3:
		return "too_many_redirects"
	case err == nil:
		return "http_error"
	case isNet && timeout.Timeout():
		return "http_timeout"
	}
	return "connection_failed"
}

// Vector is one signed request, the time at which it comes, and what is to become of it.
type Vector struct {
	Name      string `json:"name"`
	Secret    string `json:"secret"`
	Timestamp string `json:"timestamp"` // header X-Slack-Request-Timestamp
	Body      string `json:"body"`
	Signature string `json:"signature"` // header X-Slack-Signature
	Clock     int64  `json:"clock"`     // the receiver's, Unix seconds
	Verdict   string `json:"verdict"`   // "accept", "refuse", or "either" where Slack's own libraries differ
}

//go:embed testdata/signatures.json
var vectors []byte

// Vectors are the stored signatures: genuine, forged, stale, future and malformed.
func Vectors() ([]Vector, error) {
	var list []Vector
	if err := json.Unmarshal(vectors, &list); err != nil {
		return nil, fmt.Errorf("read the signature vectors: %w", err)
	}
	return list, nil
}
