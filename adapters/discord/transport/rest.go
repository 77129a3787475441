// Package transport stands between the Discord client library and the network: a RoundTripper for what it asks of the
// REST interface, and a connection to the gateway that listens along.
//
// It redirects, paces, retries and counts, and it keeps from the library those frames that the library cannot take. It
// does not know what a request is about, does not decide when to connect, and keeps no token.
package transport

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"careerbot/adapters"
)

// DefaultURL is Discord's REST interface, without a version.
const DefaultURL = "https://discord.com/api"

// version of the REST interface and the gateway. The client library speaks version 9; those of its messages that are used
// here are the same in version 10, which Discord's own description of the interface is of.
const version = "v10"

// Options of a [REST]; the zero value is right for Discord itself.
type Options struct {
	URL    string // instead of [DefaultURL]
	Name   string // of the adapter, for the Meter
	Meter  adapters.Meter
	Logger *slog.Logger
	Now    func() time.Time
	Base   http.RoundTripper // nil makes connections of its own

	// Patience is the longest that one request may take with its retries and waits, where its ctx does not end before;
	// 0 is 2.6 s, as Discord waits 3 s for the first answer to an interaction.
	Patience time.Duration

	// PerSecond is how many requests go out in a second, those for interactions not counted; 0 is Discord's 50:
	// https://discord.com/developers/docs/topics/rate-limits#global-rate-limit.
	PerSecond int

	// Refusals is after how many refusals in ten minutes nothing is sent any more; 0 is 8000. Discord blocks an
	// address at 10,000: https://discord.com/developers/docs/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans.
	Refusals int
}

// REST carries requests to Discord's REST interface. It is safe for concurrent use.
type REST struct {
	o        Options
	base     *url.URL
	limits   limits
	refusals refusals
	revoked  atomic.Bool
	gone     chan struct{} // closed when revoked becomes true
}

var _ http.RoundTripper = (*REST)(nil)

// LimitedError says that a request was not made, or was refused, since its limit is used up.
type LimitedError struct{ After time.Duration }

// Error says how long to wait.
func (e *LimitedError) Error() string {
	return fmt.Sprintf("the limit of requests is used up for %s", e.After.Round(time.Millisecond))
}

// ErrRevoked is returned for requests in the bot's name once Discord has answered one with 401.
var ErrRevoked = errors.New("the bot's token is not taken by Discord: it was reset or is mistyped; " +
	"copy a new one from the app's Bot page into DISCORD_TOKEN and start again")

// ErrTooManyRefusals is wrapped by the error of requests that are not made so that Discord does not block the address.
var ErrTooManyRefusals = errors.New("so many requests were refused by Discord that no more are sent for a while, " +
	"as it blocks an address after 10,000 in ten minutes; look for what it refuses in the log")

// NewREST makes a REST; the error is an address that is none.
func NewREST(o Options) (*REST, error) {
	if o.URL == "" {
		o.URL = DefaultURL
	}
	base, err := url.Parse(strings.TrimSuffix(o.URL, "/"))
	if err != nil || base.Host == "" {
		return nil, fmt.Errorf("%q is no address of a REST interface: write https://host/path", o.URL)
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Base == nil {
		o.Base = newBase()
	}
	if o.Patience <= 0 {
		o.Patience = 2600 * time.Millisecond
	}
	if o.PerSecond <= 0 {
		o.PerSecond = 50
	}
	if o.Refusals <= 0 {
		o.Refusals = 8000
	}
	o.Meter = adapters.Metered(o.Meter)
	return &REST{o: o, base: base, limits: newLimits(o), refusals: refusals{limit: o.Refusals}, gone: make(chan struct{})}, nil
}

// newBase is a transport with room for many requests to one host.
func newBase() http.RoundTripper {
	return &http.Transport{
		Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true,
		MaxIdleConns: 128, MaxIdleConnsPerHost: 128, IdleConnTimeout: 90 * time.Second,
		TLSHandshakeTimeout: 5 * time.Second, ResponseHeaderTimeout: 10 * time.Second,
	}
}

// Close lets go of idle connections.
func (r *REST) Close() {
	if t, ok := r.o.Base.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}

// Revoked says whether Discord has refused the bot's token.
func (r *REST) Revoked() bool { return r.revoked.Load() }

// Wait returns [ErrRevoked] as soon as Discord refuses the bot's token, and nil when ctx ends before.
func (r *REST) Wait(ctx context.Context) error {
	select {
	case <-r.gone:
		return ErrRevoked
	case <-ctx.Done():
		return nil
	}
}

// RoundTrip makes one request, and again where Discord fails and the request may be repeated. Waits end with the
// request's ctx. The errors beside those of the network are [LimitedError], [ErrRevoked] and [ErrTooManyRefusals].
func (r *REST) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := content(req)
	if err != nil {
		return nil, err
	}
	c := carriage{Request: req, body: body, route: routeOf(req.Method, r.path(req.URL)), end: r.o.Now().Add(r.o.Patience)}
	if end, ok := req.Context().Deadline(); ok && end.Before(c.end) {
		c.end = end
	}
	var doubt error // of an earlier try that may have arrived
	for n := 1; ; n++ {
		res, wait, err := r.try(c, n)
		if wait == 0 {
			return res, despite(doubt, err)
		}
		if err != nil {
			doubt = err
		}
		if err := Wait(req.Context(), wait); err != nil {
			return nil, err
		}
	}
}

// despite is err, unless that says that nothing has arrived and an earlier try may have: then it is what became of that one.
func despite(doubt, err error) error {
	_, limited := errors.AsType[*LimitedError](err)
	if doubt == nil || !limited && !errors.Is(err, ErrRevoked) {
		return err
	}
	return fmt.Errorf("%w; and then: %s", doubt, err.Error()) // not wrapped: it is not said of the earlier one
}

// carriage is a request under way.
type carriage struct {
	*http.Request
	body  []byte
	route route
	end   time.Time // of the patience
}

// try makes a request once. A wait other than 0 is for another try; the error with it says that this one may have arrived.
func (r *REST) try(c carriage, n int) (*http.Response, time.Duration, error) {
	if err := r.admit(c); err != nil {
		return nil, 0, err
	}
	res, err := r.o.Base.RoundTrip(r.redirect(c))
	now := r.o.Now()
	r.limits.leave(c.route, res, now)
	r.count(c.route, res, err)
	switch {
	case err != nil && c.Context().Err() != nil:
		return nil, 0, err
	case err == nil && res.StatusCode == http.StatusTooManyRequests:
		after := r.limits.refused(c.route, res, now)
		drop(res)
		if now.Add(after).Before(c.end) {
			return nil, after, nil
		}
		return nil, 0, &LimitedError{after}
	case err == nil && res.StatusCode < http.StatusInternalServerError:
		return res, 0, nil
	}
	wait := backoff(n)
	if n >= tries || !c.route.repeatable || now.Add(wait).After(c.end) {
		return res, 0, err
	}
	if res != nil {
		err = fmt.Errorf("it was answered with %s", res.Status)
		drop(res)
	}
	return nil, wait, err
}

// tries is how often a request is made that Discord fails to answer.
const tries = 4

// backoff is the wait after the n-th failure: 100 ms doubled each time, a random part shorter, at most half.
func backoff(n int) time.Duration {
	d := 100 * time.Millisecond << (n - 1)
	return d - rand.N(d/2)
}

// admit lets a request pass when its limits do.
func (r *REST) admit(c carriage) error {
	if c.route.asBot && r.revoked.Load() {
		return ErrRevoked
	}
	if wait := r.refusals.block(r.o.Now()); wait > 0 {
		return fmt.Errorf("%w: %w", ErrTooManyRefusals, &LimitedError{wait})
	}
	return r.limits.enter(c.Context(), c.route, c.end)
}

// count meters a request and learns from how Discord refused it.
func (r *REST) count(at route, res *http.Response, err error) {
	outcome := adapters.CallOK
	switch {
	case err != nil || res.StatusCode >= http.StatusInternalServerError:
		outcome = adapters.CallFailed
	case res.StatusCode == http.StatusTooManyRequests:
		outcome = adapters.CallLimited
	case res.StatusCode >= http.StatusBadRequest:
		outcome = adapters.CallRefused
	}
	r.o.Meter.Called(r.o.Name, outcome)
	if err != nil {
		return
	}
	if res.StatusCode == http.StatusUnauthorized && at.asBot && !r.revoked.Swap(true) {
		r.o.Logger.Error("no more requests are sent to Discord", "err", ErrRevoked)
		close(r.gone)
	}
	switch res.StatusCode {
	case http.StatusUnauthorized, http.StatusForbidden:
		r.refusals.add(r.o.Now())
	case http.StatusTooManyRequests:
		if res.Header.Get("X-RateLimit-Scope") != "shared" { // those do not count
			r.refusals.add(r.o.Now())
		}
	}
}

// path is a request's path behind "/api/v9".
func (r *REST) path(u *url.URL) string {
	p := strings.TrimPrefix(u.Path, "/api")
	if v, rest, ok := strings.Cut(strings.TrimPrefix(p, "/"), "/"); ok && len(v) > 1 && v[0] == 'v' && v[1] >= '0' && v[1] <= '9' {
		return "/" + rest
	}
	return p
}

// redirect is a request as it goes out.
func (r *REST) redirect(c carriage) *http.Request {
	out := c.Clone(c.Context())
	query := out.URL.RawQuery
	out.URL = r.base.JoinPath(version, r.path(c.URL))
	out.URL.RawQuery = query
	out.Host = out.URL.Host
	out.Body, out.ContentLength = http.NoBody, int64(len(c.body))
	if len(c.body) > 0 {
		out.Body = io.NopCloser(bytes.NewReader(c.body))
	}
	return out
}

// content is a request's body, which is closed.
func content(req *http.Request) ([]byte, error) {
	if req.Body == nil {
		return nil, nil
	}
	b, err := io.ReadAll(req.Body)
	if err = errors.Join(err, req.Body.Close()); err != nil {
		return nil, fmt.Errorf("read the body of a request to Discord: %w", err)
	}
	return b, nil
}

// drop reads a response that nobody wants to its end, so that its connection can be used again.
func drop(res *http.Response) {
	_, _ = io.CopyN(io.Discard, res.Body, 64<<10)
	_ = res.Body.Close()
}

// retryAfter is what a refusal with 429 says to wait. The body has fractions of a second, the header whole ones.
func retryAfter(res *http.Response) (after time.Duration, global bool) {
	var said struct {
		After  float64 `json:"retry_after"`
		Global bool    `json:"global"`
	}
	text, _ := io.ReadAll(io.LimitReader(res.Body, 4096))
	if json.Unmarshal(text, &said) != nil || said.After <= 0 {
		said.After, _ = strconv.ParseFloat(res.Header.Get("Retry-After"), 64)
	}
	global = said.Global || res.Header.Get("X-RateLimit-Global") == "true" || res.Header.Get("X-RateLimit-Scope") == "global"
	return max(time.Duration(said.After*float64(time.Second)), 50*time.Millisecond), global
}

// Wait waits for d, or until ctx ends: the error is then ctx's.
func Wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// parts is how many pieces Await waits for its limit in.
const parts = 8

// Await gives what comes from c within limit; not ok says that nothing came, or that ctx has ended. The limit is waited for
// in parts: a process that was stopped for a while, with its machine or by its host, finds every timer run out when it goes
// on. So its own sleep counts for a part or two, and is not taken for somebody else's silence.
func Await[T any](ctx context.Context, c <-chan T, limit time.Duration) (v T, ok bool) {
	tick := time.NewTicker(max(limit/parts, 1))
	defer tick.Stop()
	return await(ctx, c, tick.C)
}

// await is Await with a channel that gives a value at the end of each part.
func await[T any](ctx context.Context, c <-chan T, tick <-chan time.Time) (v T, ok bool) {
	for range parts {
		select {
		case v = <-c:
			return v, true
		case <-ctx.Done():
			return v, false
		case <-tick:
		}
	}
	return v, false
}
