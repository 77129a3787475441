// Package adaptertest is a small chat platform on loopback, for tests of what every adapter must get right: it
// delivers questions over HTTP again and again until they are acknowledged, 64 at a time, and sometimes after that; it takes posts,
// slows, refuses or swallows some of them; and it keeps the history that shows whether each question was answered
// once.
//
// It resembles no real platform, knows nothing of the bot, and is for tests only.
package adaptertest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Options are the platform's manners. Chances are between 0 and 1 and drawn from Seed; the zero value is a platform
// that behaves well.
type Options struct {
	Seed         uint64
	EnforceNonce bool          // a second post with one key is taken for the first
	Redeliver    time.Duration // wait before an event that was not acknowledged is delivered again; 0 is 20 ms
	Duplicate    float64       // chance that an acknowledged event is delivered again
	Twins        float64       // chance that an event is delivered by two deliveries at once
	Busy         float64       // chance that a post is refused with 429 and a Retry-After of 10 ms
	Broken       float64       // chance that a post is refused with 500
	Lost         float64       // chance that a post is taken, but its sender is told 500
	Delay        time.Duration // longest time until a post is taken, whether its sender lives to see it or not
}

// Event is a question as the platform delivers it: a POST of this as JSON to the address given to Connect. Any status
// of 2xx acknowledges it.
type Event struct {
	Key     string `json:"key"`
	Channel string `json:"channel"`
	Text    string `json:"text"`
}

// Post is an answer as the platform has it.
type Post struct {
	Key     string `json:"key"` // nonce and metadata in one
	Channel string `json:"channel"`
	Text    string `json:"text"`
}

// Platform is a running platform. Close it.
type Platform struct {
	options Options
	server  *http.Server
	address string
	client  *http.Client
	ctx     context.Context
	end     context.CancelFunc
	work    sync.WaitGroup
	slots   chan struct{} // one for each delivery that may be on its way
	peers   *peers

	mu      sync.Mutex
	random  *rand.Rand
	hook    string
	changed chan struct{} // closed whenever something happens that one may wait for
	asked   map[string]Event
	order   []string       // keys of asked
	acked   map[string]int // acknowledged deliveries, by key
	posts   []Post
	byKey   map[string][]Post
	stats   Stats
}

// Stats counts what happened.
type Stats struct {
	Deliveries   int // tried
	Acknowledged int // deliveries, repeats included
	Posts        int // tried
	Repeats      int // posts that the nonce showed to be repeats
	Refused      int // posts not taken
	Lookups      int
}

// New starts a platform on a free port of 127.0.0.1.
func New(o Options) (*Platform, error) {
	if o.Redeliver <= 0 {
		o.Redeliver = 20 * time.Millisecond
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start the test platform: %w", err)
	}
	p := &Platform{
		options: o,
		address: "http://" + listener.Addr().String(),
		client:  &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}, Timeout: 5 * time.Second},
		slots:   make(chan struct{}, 64),
		peers:   newPeers(),
		random:  rand.New(rand.NewPCG(o.Seed, 1)),
		changed: make(chan struct{}),
		asked:   map[string]Event{},
		acked:   map[string]int{},
		byKey:   map[string][]Post{},
	}
	p.ctx, p.end = context.WithCancel(context.Background())
	mux := http.NewServeMux()
	mux.HandleFunc("POST /posts", p.takePost)
	mux.HandleFunc("GET /posts", p.findPosts)
	p.server = &http.Server{Handler: mux, ReadHeaderTimeout: time.Minute, ConnState: p.peers.note}
	p.work.Go(func() { _ = p.server.Serve(listener) }) // until Close
	return p, nil
}

// Close stops deliveries and the server.
func (p *Platform) Close() {
	p.end()
	_ = p.server.Close() // there is nothing to do about a listener that will not close
	p.work.Wait()
	p.client.CloseIdleConnections()
}

// URL is the address of the platform's own interface.
func (p *Platform) URL() string { return p.address }

// Connect has events delivered to the address from now on; "" keeps them until the next Connect.
func (p *Platform) Connect(hook string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.hook = hook
	p.tell()
}

// Ask has somebody ask: e is delivered until it is acknowledged, in the background.
func (p *Platform) Ask(e Event) {
	p.mu.Lock()
	p.asked[e.Key] = e
	p.order = append(p.order, e.Key)
	twins := p.chance(p.options.Twins)
	p.mu.Unlock()
	p.work.Go(func() { p.deliver(e) })
	if twins {
		p.work.Go(func() { p.deliver(e) })
	}
}

// Replay delivers the last n events again, newest first, as a platform may after a reconnect.
func (p *Platform) Replay(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, key := range slices.Backward(p.order[max(0, len(p.order)-n):]) {
		e := p.asked[key]
		p.work.Go(func() { p.deliver(e) })
	}
}

// deliver posts e to the bot until it is acknowledged.
func (p *Platform) deliver(e Event) {
	for {
		hook, changed := p.connected()
		if hook == "" {
			if !p.wait(changed, 0) {
				return
			}
			continue
		}
		if p.try(hook, e) {
			p.mu.Lock()
			p.acked[e.Key]++
			p.stats.Acknowledged++
			again := p.chance(p.options.Duplicate)
			p.tell()
			p.mu.Unlock()
			if !again {
				return
			}
		}
		if !p.wait(nil, p.options.Redeliver) {
			return
		}
	}
}

func (p *Platform) connected() (hook string, changed <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.hook, p.changed
}

// wait waits for changed or, where it is not zero, for d; false says that the platform closes.
func (p *Platform) wait(changed <-chan struct{}, d time.Duration) bool {
	var passed <-chan time.Time
	if d > 0 {
		timer := time.NewTimer(d)
		defer timer.Stop()
		passed = timer.C
	}
	select {
	case <-changed:
	case <-passed:
	case <-p.ctx.Done():
		return false
	}
	return true
}

// try delivers e once and says whether it was acknowledged.
func (p *Platform) try(hook string, e Event) bool {
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-p.ctx.Done():
		return false
	}
	p.mu.Lock()
	p.stats.Deliveries++
	p.mu.Unlock()
	body, err := json.Marshal(e)
	if err != nil {
		return false
	}
	request, err := http.NewRequestWithContext(p.ctx, http.MethodPost, hook, bytes.NewReader(body))
	if err != nil {
		return false
	}
	response, err := p.client.Do(request)
	if err != nil {
		return false
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, response.Body) // to use the connection again
	return response.StatusCode/100 == 2
}

// chance draws whether something of chance c happens. The caller holds the lock.
func (p *Platform) chance(c float64) bool { return c > 0 && p.random.Float64() < c }

// tell wakes who waits for a change. The caller holds the lock.
func (p *Platform) tell() {
	close(p.changed)
	p.changed = make(chan struct{})
}
