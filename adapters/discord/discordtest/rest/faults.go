package rest

import (
	"cmp"
	"math/rand/v2"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"

	"careerbot/adapters/discord/discordtest/object"
)

// Fault spoils requests. What is done first: Delay, then the request unless Before is set, then Cut, Status or nothing more.
type Fault struct {
	// Route says which requests: a method, or "*", and a path as [path.Match] knows it: "POST /channels/*/messages". "" is all.
	Route string

	Chance float64 // between 0 and 1, drawn from the seed of [NewFaults]; 0 is always
	Times  int     // how many requests are spoiled at most; 0 is no end
	After  int     // how many requests it lets through first

	Delay  time.Duration
	Before bool // the request has no effect; else it has, and only its answer is spoiled
	Cut    bool // the connection ends without an answer
	Status int  // of the answer instead of the true one: 429, 500, 502, 503, 504, 401 …

	RetryAfter time.Duration // with 429; 0 is 1 s
	Scope      string        // with 429: "user", "global" or "shared"; "" is "user"
}

// Early says whether the request is spoiled before it has an effect.
func (f *Fault) Early() bool {
	return f.Before && (f.Cut || f.Status != 0) || f.Status == http.StatusTooManyRequests
}

// Late says whether the answer is spoiled.
func (f *Fault) Late() bool { return f.Cut || f.Status != 0 }

// Spoil writes the fault's answer; false says that the connection is to be cut.
func (f *Fault) Spoil(c *Call) bool {
	if f.Cut {
		return false
	}
	c.Answer, c.header = nil, http.Header{}
	switch f.Status {
	case http.StatusTooManyRequests:
		wait := f.RetryAfter
		if wait <= 0 {
			wait = time.Second
		}
		c.header.Set("X-Ratelimit-Reset-After", seconds(wait))
		c.header.Set("X-Ratelimit-Remaining", "0")
		c.limited(wait, cmp.Or(f.Scope, "user"))
	case http.StatusUnauthorized:
		c.Fail(object.Unauthorized)
	default:
		c.Reply(f.Status, map[string]any{"message": "discordtest: " + http.StatusText(f.Status), "code": 0})
	}
	return true
}

// Injected is a fault in force.
type Injected struct {
	Fault
	all  *Faults
	seen int
	done int
	off  bool
}

// Faults are those in force. They may be used by any number of goroutines.
type Faults struct {
	mu     sync.Mutex
	random *rand.Rand
	list   []*Injected
}

// NewFaults makes an empty list, for which chances are drawn from a seed.
func NewFaults(seed uint64) *Faults { return &Faults{random: rand.New(rand.NewPCG(seed, 5))} }

// Inject puts a fault in force until it is removed. Of several that match, the first one injected spoils a request.
func (f *Faults) Inject(fault Fault) *Injected {
	f.mu.Lock()
	defer f.mu.Unlock()
	i := &Injected{Fault: fault, all: f}
	f.list = append(f.list, i)
	return i
}

// Remove ends the fault.
func (i *Injected) Remove() {
	i.all.mu.Lock()
	defer i.all.mu.Unlock()
	i.off = true
}

// Done is how many requests the fault has spoiled.
func (i *Injected) Done() int {
	i.all.mu.Lock()
	defer i.all.mu.Unlock()
	return i.done
}

// Pick gives the fault that spoils a request, nil for none.
func (f *Faults) Pick(c *Call) *Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
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

func (f *Fault) matches(c *Call) bool {
	if f.Route == "" {
		return true
	}
	method, pattern, ok := strings.Cut(f.Route, " ")
	if !ok {
		method, pattern = "*", f.Route
	}
	fits, err := path.Match(pattern, c.Path)
	return err == nil && fits && (method == "*" || method == c.Method)
}
