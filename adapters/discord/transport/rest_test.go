package transport_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"careerbot/adapters/discord/transport"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// platform answers requests without a network, so that time in a bubble stands still meanwhile.
type platform func(r *http.Request) *http.Response

func (p platform) RoundTrip(r *http.Request) (*http.Response, error) {
	res := p(r)
	if res == nil {
		return nil, io.ErrUnexpectedEOF
	}
	res.Request = r
	return res, nil
}

// reply is a response with headers as "Name: value".
func reply(status int, body string, headers ...string) *http.Response {
	w := httptest.NewRecorder()
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		w.Header().Set(name, value)
	}
	w.WriteHeader(status)
	_, _ = w.WriteString(body) // into memory
	return w.Result()
}

// calls counts calls by outcome.
type calls struct{ ok, limited, refused, failed atomic.Int32 }

func (c *calls) Called(_, outcome string) {
	map[string]*atomic.Int32{"ok": &c.ok, "limited": &c.limited, "refused": &c.refused, "failed": &c.failed}[outcome].Add(1)
}
func (*calls) Reconnected(string) {}
func (*calls) Claimed(string)     {}

func newREST(t *testing.T, o transport.Options) *transport.REST {
	t.Helper()
	r, err := transport.NewREST(o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// call makes a request and gives its status, and how long it took.
func call(t *testing.T, r *transport.REST, method, path, body string) (int, time.Duration, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, "https://discord.com/api/v9"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	res, err := r.RoundTrip(req)
	took := time.Since(begin)
	if err != nil {
		return 0, took, err
	}
	if err := res.Body.Close(); err != nil {
		t.Error(err)
	}
	return res.StatusCode, took, nil
}

func TestRedirect(t *testing.T) {
	t.Parallel()
	for base, want := range map[string]string{
		"":                              "https://discord.com/api/v10/users/@me?with=1",
		"http://127.0.0.1:9/api/":       "http://127.0.0.1:9/api/v10/users/@me?with=1",
		"https://proxy.example/discord": "https://proxy.example/discord/v10/users/@me?with=1",
	} {
		var got, host string
		r := newREST(t, transport.Options{URL: base, Base: platform(func(r *http.Request) *http.Response {
			got, host = r.URL.String(), r.Host
			return reply(200, "{}")
		})})
		if _, _, err := call(t, r, http.MethodGet, "/users/@me?with=1", ""); err != nil || got != want || !strings.Contains(want, host) {
			t.Errorf("%q: sent to %q with host %q, want %q: %v", base, got, host, want, err)
		}
	}
	if _, err := transport.NewREST(transport.Options{URL: "nowhere"}); err == nil {
		t.Error("an address without a host is taken")
	}
}

// TestRetries: failures are retried within the patience and with the same body, where the request may be repeated.
func TestRetries(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		method, path string
		answers      []int // 0 is a lost connection; the last one repeats
		want, tries  int
	}{
		"once":               {"POST", "/interactions/1/t/callback", []int{500, 204}, 204, 2},
		"each kind":          {"POST", "/channels/1/messages", []int{502, 503, 504, 200}, 200, 4},
		"lost":               {"PATCH", "/webhooks/1/t/messages/@original", []int{0, 200}, 200, 2},
		"in vain":            {"GET", "/users/@me", []int{503}, 503, 4},
		"lost in vain":       {"GET", "/users/@me", []int{0}, 0, 4},
		"refused":            {"POST", "/channels/1/messages", []int{400}, 400, 1},
		"follow-ups are not": {"POST", "/webhooks/1/t", []int{503, 200}, 503, 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				tries, count := 0, &calls{}
				r := newREST(t, transport.Options{Meter: count, Base: platform(func(r *http.Request) *http.Response {
					if body, err := io.ReadAll(r.Body); err != nil || string(body) != "the body" {
						t.Errorf("try %d has the body %q: %v", tries, body, err)
					}
					status := test.answers[min(tries, len(test.answers)-1)]
					tries++
					if status == 0 {
						return nil
					}
					return reply(status, "{}")
				})})
				got, took, err := call(t, r, test.method, test.path, "the body")
				if got != test.want || tries != test.tries || (test.want == 0) != (err != nil) || took > 2600*time.Millisecond {
					t.Errorf("%d tries in %s give %d, %v; want %d tries and %d", tries, took, got, err, test.tries, test.want)
				}
				if sum := count.ok.Load() + count.refused.Load() + count.failed.Load(); sum != int32(tries) {
					t.Errorf("%d calls are counted", sum)
				}
			})
		})
	}
}

// TestDoubt: where an earlier try may have arrived, nobody is told that nothing has: who hears so makes the request again
// without looking.
func TestDoubt(t *testing.T) {
	t.Parallel()
	for name, first := range map[string]*http.Response{"lost": nil, "answered with 503": reply(503, "{}")} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				tries := 0
				r := newREST(t, transport.Options{Base: platform(func(*http.Request) *http.Response {
					if tries++; tries == 1 {
						return first
					}
					return reply(429, `{"retry_after": 30}`)
				})})
				_, _, err := call(t, r, http.MethodPost, "/channels/1/messages", "{}")
				if _, limited := errors.AsType[*transport.LimitedError](err); err == nil || limited || tries != 2 {
					t.Errorf("%d tries give %v", tries, err)
				}
				_, _, err = call(t, r, http.MethodPost, "/channels/1/messages", "{}")
				if _, limited := errors.AsType[*transport.LimitedError](err); !limited || tries != 2 {
					t.Errorf("the next request: %d tries give %v", tries, err)
				}
			})
		})
	}
}

// TestStopped: a process that is stopped between two tries, for longer than its patience, makes the second one all the same.
func TestStopped(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var asleep atomic.Int64
		tries := 0
		r := newREST(t, transport.Options{
			Now: func() time.Time { return time.Now().Add(time.Duration(asleep.Load())) },
			Base: platform(func(*http.Request) *http.Response {
				if tries++; tries > 1 {
					return reply(200, "{}")
				}
				time.AfterFunc(time.Millisecond, func() { asleep.Store(int64(time.Minute)) })
				return nil
			}),
		})
		if status, _, err := call(t, r, http.MethodPost, "/channels/1/messages", "{}"); status != 200 || err != nil {
			t.Errorf("%d tries give %d, %v", tries, status, err)
		}
	})
}

// TestBucket: the limit that Discord tells is kept, without one request too many.
func TestBucket(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const limit, window = 5, 2 * time.Second
		var reset time.Time
		used := 0
		r := newREST(t, transport.Options{Patience: time.Minute, Base: platform(func(*http.Request) *http.Response {
			if now := time.Now(); !now.Before(reset) {
				used, reset = 0, now.Add(window)
			}
			used++
			if used > limit {
				t.Error("one request too many")
			}
			return reply(200, "{}", "X-RateLimit-Limit: 5", "X-RateLimit-Remaining: "+string(rune('0'+limit-used)),
				"X-RateLimit-Reset-After: "+time.Until(reset).String()[:len(time.Until(reset).String())-1])
		})})
		begin := time.Now()
		for range 3 * limit {
			if status, _, err := call(t, r, http.MethodPost, "/channels/1/messages", "{}"); status != 200 {
				t.Fatal(err)
			}
		}
		if took := time.Since(begin); took < 2*window || took > 3*window {
			t.Errorf("it took %s", took)
		}
	})
}

// TestLimited: a limit that is longer than the patience, and a ctx, is told at once.
func TestLimited(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := 0
		r := newREST(t, transport.Options{Base: platform(func(*http.Request) *http.Response {
			n++
			if n == 2 {
				return reply(429, `{"retry_after": 0.5, "global": false}`, "X-RateLimit-Scope: user")
			}
			return reply(429, `{"retry_after": 30.5, "global": true}`, "X-RateLimit-Global: true")
		})})
		_, took, err := call(t, r, http.MethodPost, "/channels/1/messages", "{}")
		limited, ok := errors.AsType[*transport.LimitedError](err)
		if !ok || limited.After != 30500*time.Millisecond || took > 0 {
			t.Fatalf("after %s: %v", took, err)
		}
		// It is global: other channels need not ask, and interactions are exempt.
		if _, _, err = call(t, r, http.MethodPost, "/channels/2/messages", "{}"); err == nil || n != 1 {
			t.Errorf("%d requests, %v", n, err)
		}
		if _, took, _ = call(t, r, http.MethodPost, "/interactions/1/t/callback", "{}"); n != 3 || took != 500*time.Millisecond {
			t.Errorf("%d requests in %s", n, took)
		}
	})
}

// TestPerSecond: no second has more than fifty requests in the bot's name.
func TestPerSecond(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var at []time.Time
		r := newREST(t, transport.Options{Patience: time.Minute, Base: platform(func(*http.Request) *http.Response {
			at = append(at, time.Now())
			return reply(200, "{}")
		})})
		for range 200 {
			if _, _, err := call(t, r, http.MethodGet, "/users/@me", ""); err != nil {
				t.Fatal(err)
			}
		}
		for i := 50; i < len(at); i++ {
			if at[i].Sub(at[i-50]) < time.Second {
				t.Fatalf("requests %d to %d are in one second", i-50, i)
			}
		}
		if took := at[199].Sub(at[0]); took > 5*time.Second {
			t.Errorf("200 requests took %s", took)
		}
	})
}

// TestRefusals: long before Discord blocks the address nothing is sent any more, and later it is again.
func TestRefusals(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := 0
		r := newREST(t, transport.Options{Refusals: 100, PerSecond: 1000, Base: platform(func(*http.Request) *http.Response {
			n++
			switch n % 3 {
			case 0:
				return reply(429, `{"retry_after": 100}`, "X-RateLimit-Scope: shared") // does not count
			case 1:
				return reply(401, "{}") // of an interaction's token
			}
			return reply(403, "{}")
		})})
		var err error
		for err == nil || !errors.Is(err, transport.ErrTooManyRefusals) {
			_, _, err = call(t, r, http.MethodPost, "/webhooks/1/t", "{}")
		}
		if n != 149 && n != 150 {
			t.Errorf("%d requests were made, 100 of them counting", n)
		}
		if r.Revoked() {
			t.Error("an interaction's token is taken for the bot's")
		}
		time.Sleep(11 * time.Minute) // in the bubble
		if _, _, err = call(t, r, http.MethodPost, "/webhooks/1/t", "{}"); errors.Is(err, transport.ErrTooManyRefusals) {
			t.Error("nothing is sent after eleven minutes")
		}
	})
}

// TestRevoked: after one 401 nothing goes out in the bot's name, interactions do.
func TestRevoked(t *testing.T) {
	t.Parallel()
	n := 0
	r := newREST(t, transport.Options{Logger: slog.New(slog.DiscardHandler), Base: platform(func(*http.Request) *http.Response {
		n++
		return reply(401, "{}")
	})})
	if status, _, err := call(t, r, http.MethodGet, "/users/@me", ""); status != 401 || err != nil {
		t.Errorf("%d %v", status, err)
	}
	if _, _, err := call(t, r, http.MethodGet, "/users/@me", ""); !errors.Is(err, transport.ErrRevoked) || n != 1 {
		t.Errorf("%d requests: %v", n, err)
	}
	if _, _, err := call(t, r, http.MethodPost, "/interactions/1/t/callback", ""); err != nil || n != 2 {
		t.Errorf("%d requests: %v", n, err)
	}
	if err := r.Wait(context.Background()); !errors.Is(err, transport.ErrRevoked) {
		t.Error(err)
	}
}

// TestCancelled: a request whose ctx ends while it waits ends with it (discordgo slept on).
func TestCancelled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newREST(t, transport.Options{Patience: time.Hour, Base: platform(func(*http.Request) *http.Response {
			return reply(429, `{"retry_after": 4}`)
		})})
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://discord.com/api/v9/users/@me", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		begin := time.Now()
		if _, err := r.RoundTrip(req); err == nil { //nolint:bodyclose // there is none
			t.Error("there is an answer")
		}
		if took := time.Since(begin); took > 5*time.Second {
			t.Errorf("it took %s", took)
		}
	})
}

// BenchmarkBuckets asks in a hundred thousand channels and for a hundred thousand interactions: nothing of them stays.
func BenchmarkBuckets(b *testing.B) {
	r, err := transport.NewREST(transport.Options{PerSecond: 1 << 30, Base: platform(func(*http.Request) *http.Response {
		return &http.Response{StatusCode: 200, Header: http.Header{"X-Ratelimit-Remaining": {"4"}, "X-Ratelimit-Limit": {"5"}, "X-Ratelimit-Reset-After": {"0"}}, Body: http.NoBody}
	})})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		req := httptest.NewRequest(http.MethodPost, "https://discord.com/api/v9/channels/"+strings.Repeat("1", n%20+1)+"/messages", http.NoBody)
		if _, err := r.RoundTrip(req); err != nil {
			b.Fatal(err)
		}
	}
}
