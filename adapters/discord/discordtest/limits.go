package discordtest

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"net/http"
	"path"
	"strconv"
	"strings"
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

// limiter holds the buckets: one for each route and major parameter.
type limiter struct {
	o       Limits
	buckets map[string]*bucket
	global  bucket
	swept   time.Time
}

type bucket struct {
	used  int
	reset time.Time
}

func newLimiter(o Limits) limiter {
	if o.Global.Requests == 0 {
		o.Global = Limit{50, time.Second}
	}
	return limiter{o: o, buckets: map[string]*bucket{}}
}

// take uses the bucket up by one; false says that it was empty.
func (b *bucket) take(l Limit, now time.Time) bool {
	if !now.Before(b.reset) {
		b.used, b.reset = 0, now.Add(l.In)
	}
	b.used++
	return b.used <= l.Requests
}

// admit counts a request against its limits and writes the headers that say so.
func (s *Server) admit(c *call) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := &s.limiter
	if l.o.Off {
		return true
	}
	if !exempt(c.route) && l.o.Global.Requests > 0 && !l.global.take(l.o.Global, c.at) {
		c.limited(l.global.reset.Sub(c.at), "global")
		return false
	}
	limit, ok := l.o.Routes[c.route]
	if !ok {
		limit, ok = usual[c.route]
	}
	if !ok || limit.Requests <= 0 {
		return true
	}
	l.sweep(c.at)
	b := l.buckets[c.route+c.major()]
	if b == nil {
		b = &bucket{}
		l.buckets[c.route+c.major()] = b
	}
	free := b.take(limit, c.at)
	wait := b.reset.Sub(c.at)
	c.header.Set("X-Ratelimit-Limit", strconv.Itoa(limit.Requests))
	c.header.Set("X-Ratelimit-Remaining", strconv.Itoa(max(0, limit.Requests-b.used)))
	c.header.Set("X-Ratelimit-Reset", fmt.Sprintf("%.3f", float64(b.reset.UnixMilli())/1000))
	c.header.Set("X-Ratelimit-Reset-After", seconds(wait))
	c.header.Set("X-Ratelimit-Bucket", hash(c.route))
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
func (c *call) major() string {
	for _, name := range []string{"channel", "guild", "token"} {
		if v := pathValue(c.route, c.path, name); v != "" {
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
func (c *call) limited(wait time.Duration, scope string) {
	global := scope == "global"
	c.header.Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
	c.header.Set("X-Ratelimit-Scope", scope)
	if global {
		c.header.Set("X-Ratelimit-Global", "true")
	}
	retry, _ := strconv.ParseFloat(seconds(wait), 64) // written a moment ago
	c.reply(http.StatusTooManyRequests, map[string]any{"message": "You are being rate limited.", "retry_after": retry, "global": global})
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f", max(0, d.Seconds())) }

// hash names a bucket as Discord does: by something that says nothing.
func hash(route string) string {
	h := fnv.New128a()
	_, _ = h.Write([]byte(route)) // it never fails
	return fmt.Sprintf("%x", h.Sum(nil))
}

// sweep forgets full buckets now and then. The caller holds the lock.
func (l *limiter) sweep(now time.Time) {
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

// Fault spoils requests. What is done first: Delay, then the request unless Before is set, then Cut, Status or nothing more.
type Fault struct {
	// Route says which requests: a method, or "*", and a path as [path.Match] knows it: "POST /channels/*/messages". "" is all.
	Route string

	Chance float64 // between 0 and 1, drawn from Options.Seed; 0 is always
	Times  int     // how many requests are spoiled at most; 0 is no end
	After  int     // how many requests it lets through first

	Delay  time.Duration
	Before bool // the request has no effect; else it has, and only its answer is spoiled
	Cut    bool // the connection ends without an answer
	Status int  // of the answer instead of the true one: 429, 500, 502, 503, 504, 401 …

	RetryAfter time.Duration // with 429; 0 is 1 s
	Scope      string        // with 429: "user", "global" or "shared"; "" is "user"
}

// early says whether the request is spoiled before it has an effect.
func (f *Fault) early() bool {
	return f.Before && (f.Cut || f.Status != 0) || f.Status == http.StatusTooManyRequests
}

// late says whether the answer is spoiled.
func (f *Fault) late() bool { return f.Cut || f.Status != 0 }

// spoil writes the fault's answer; false says that the connection is to be cut.
func (f *Fault) spoil(c *call) bool {
	if f.Cut {
		return false
	}
	c.content, c.header = nil, http.Header{}
	switch f.Status {
	case http.StatusTooManyRequests:
		wait := f.RetryAfter
		if wait <= 0 {
			wait = time.Second
		}
		c.header.Set("X-Ratelimit-Reset-After", seconds(wait))
		c.header.Set("X-Ratelimit-Remaining", "0")
		c.limited(wait, or(f.Scope, "user"))
	case http.StatusUnauthorized:
		c.fail(unauthorized)
	default:
		c.reply(f.Status, map[string]any{"message": "discordtest: " + http.StatusText(f.Status), "code": 0})
	}
	return true
}

// Injected is a fault in force.
type Injected struct {
	Fault
	server *Server
	seen   int
	done   int
	off    bool
}

// faults are those in force.
type faults struct {
	random *rand.Rand
	list   []*Injected
}

// Inject puts a fault in force until it is removed. Of several that match, the first one injected spoils a request.
func (s *Server) Inject(f Fault) *Injected {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := &Injected{Fault: f, server: s}
	s.faults.list = append(s.faults.list, i)
	return i
}

// Remove ends the fault.
func (i *Injected) Remove() {
	i.server.mu.Lock()
	defer i.server.mu.Unlock()
	i.off = true
}

// Done is how many requests the fault has spoiled.
func (i *Injected) Done() int {
	i.server.mu.Lock()
	defer i.server.mu.Unlock()
	return i.done
}

// pick gives the fault that spoils a request, nil for none. The caller holds the lock.
func (f *faults) pick(c *call) *Fault {
	for _, i := range f.list {
		if i.off || i.Times > 0 && i.done >= i.Times || !i.matches(c) {
			continue
		}
		i.seen++
		if i.seen <= i.After || i.Chance > 0 && f.random.Float64() >= i.Chance {
			continue
		}
		i.done++
		return &i.Fault
	}
	return nil
}

func (f *Fault) matches(c *call) bool {
	if f.Route == "" {
		return true
	}
	method, pattern, ok := strings.Cut(f.Route, " ")
	if !ok {
		method, pattern = "*", f.Route
	}
	fits, err := path.Match(pattern, c.path)
	return err == nil && fits && (method == "*" || method == c.Method)
}
