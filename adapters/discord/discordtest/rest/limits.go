package rest

import (
	"fmt"
	"hash/fnv"
	"math"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Limit is so many requests in a time.
type Limit struct {
	Requests int
	In       time.Duration
}

// Limits are the rate limits of REST.
type Limits struct {
	Off    bool             // nothing is limited
	Global Limit            // over all but interactions; zero is 50 in 1 s, a negative number none
	Routes map[string]Limit // by route, such as "POST /channels/{channel}/messages", instead of the usual ones
}

// usual are limits as seen at Discord, where the documentation gives no numbers: bots are to go by the headers.
var usual = map[string]Limit{
	"POST /channels/{channel}/messages":                         {5, 5 * time.Second},
	"PATCH /channels/{channel}/messages/{message}":              {5, 5 * time.Second},
	"DELETE /channels/{channel}/messages/{message}":             {5, time.Second},
	"POST /channels/{channel}/typing":                           {5, 5 * time.Second},
	"POST /channels/{channel}/messages/{message}/threads":       {50, 300 * time.Second},
	"POST /channels/{channel}/threads":                          {50, 300 * time.Second},
	"POST /webhooks/{application}/{token}":                      {5, 2 * time.Second},
	"PATCH /webhooks/{application}/{token}/messages/{message}":  {5, 2 * time.Second},
	"DELETE /webhooks/{application}/{token}/messages/{message}": {5, 2 * time.Second},
	"POST /users/@me/channels":                                  {10, 10 * time.Second},
	"GET /gateway/bot":                                          {2, 5 * time.Second},
	"PUT /applications/{application}/commands":                  {2, 60 * time.Second},
	"PUT /applications/{application}/guilds/{guild}/commands":   {2, 60 * time.Second},
	"POST /interactions/{interaction}/{token}/callback":         {5, time.Second},
}

// Limiter holds the buckets: one for each route and major parameter. It may be used by any number of goroutines.
type Limiter struct {
	o Limits

	mu      sync.Mutex
	buckets map[string]*bucket
	global  bucket
	swept   time.Time
}

type bucket struct {
	used  int
	reset time.Time
}

// NewLimiter makes a limiter whose buckets are full.
func NewLimiter(o Limits) *Limiter {
	if o.Global.Requests == 0 {
		o.Global = Limit{50, time.Second}
	}
	return &Limiter{o: o, buckets: map[string]*bucket{}}
}

// take uses the bucket up by one; false says that it was empty.
func (b *bucket) take(l Limit, now time.Time) bool {
	if !now.Before(b.reset) {
		b.used, b.reset = 0, now.Add(l.In)
	}
	b.used++
	return b.used <= l.Requests
}

// Admit counts a call against its limits and writes the headers that say so; where it has to wait, it is answered so and
// false returned.
func (l *Limiter) Admit(c *Call) bool {
	if l.o.Off {
		return true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if !exempt(c.Route) && l.o.Global.Requests > 0 && !l.global.take(l.o.Global, c.At) {
		c.limited(l.global.reset.Sub(c.At), "global")
		return false
	}
	limit, ok := l.o.Routes[c.Route]
	if !ok {
		limit, ok = usual[c.Route]
	}
	if !ok || limit.Requests <= 0 {
		return true
	}
	l.sweep(c.At)
	b := l.buckets[c.Route+c.major()]
	if b == nil {
		b = &bucket{}
		l.buckets[c.Route+c.major()] = b
	}
	free := b.take(limit, c.At)
	wait := b.reset.Sub(c.At)
	c.header.Set("X-Ratelimit-Limit", strconv.Itoa(limit.Requests))
	c.header.Set("X-Ratelimit-Remaining", strconv.Itoa(max(0, limit.Requests-b.used)))
	c.header.Set("X-Ratelimit-Reset", fmt.Sprintf("%.3f", float64(b.reset.UnixMilli())/1000))
	c.header.Set("X-Ratelimit-Reset-After", seconds(wait))
	c.header.Set("X-Ratelimit-Bucket", hash(c.Route))
	if !free {
		c.limited(wait, "user")
	}
	return free
}

// exempt says whether a route does not count against the global limit:
// https://discord.com/developers/docs/topics/rate-limits#global-rate-limit.
func exempt(route string) bool {
	return strings.Contains(route, " /interactions/") || strings.Contains(route, " /webhooks/")
}

// major is the part of a path that has buckets of its own.
func (c *Call) major() string {
	for _, name := range []string{"channel", "guild", "token"} {
		if v := pathValue(c.Route, c.Path, name); v != "" {
			return " " + v
		}
	}
	return ""
}

// pathValue finds a parameter before the handler has.
func pathValue(route, target, name string) string {
	_, pattern, _ := strings.Cut(route, " ")
	values := strings.Split(target, "/")
	for i, part := range strings.Split(pattern, "/") {
		if part == "{"+name+"}" && i < len(values) {
			return values[i]
		}
	}
	return ""
}

// limited answers 429. The scope is "user", "global" or "shared".
func (c *Call) limited(wait time.Duration, scope string) {
	global := scope == "global"
	c.header.Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
	c.header.Set("X-Ratelimit-Scope", scope)
	if global {
		c.header.Set("X-Ratelimit-Global", "true")
	}
	retry, _ := strconv.ParseFloat(seconds(wait), 64) // written a moment ago
	c.Reply(http.StatusTooManyRequests, map[string]any{"message": "You are being rate limited.", "retry_after": retry, "global": global})
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f", max(0, d.Seconds())) }

// hash names a bucket as Discord does: by something that says nothing.
func hash(route string) string {
	h := fnv.New128a()
	_, _ = h.Write([]byte(route)) // it never fails
	return fmt.Sprintf("%x", h.Sum(nil))
}

// sweep forgets full buckets now and then. The caller holds the lock.
func (l *Limiter) sweep(now time.Time) {
	if len(l.buckets) < 1024 || now.Sub(l.swept) < 10*time.Second {
		return
	}
	l.swept = now
	for name, b := range l.buckets {
		if now.After(b.reset) {
			delete(l.buckets, name)
		}
	}
}
