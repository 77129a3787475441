package slack

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"careerbot/adapters/slack/webapi"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
)

// Bounds of Socket Mode.
const (
	readers  = 24      // envelopes worked on at once
	waiting  = 64      // envelopes waiting for that; what comes when it is full is not acknowledged, so Slack retries it
	maxFrame = 4 << 20 // bytes of a frame; envelopes of 70 kB have been seen, views may hold more
	young    = time.Minute
)

// sockets keeps connections of Socket Mode open. It is this package's own loop around slack-go's apps.connections.open,
// since slack-go's socketmode.Client closes the old socket as soon as Slack asks for a new one and drops what is on it,
// reconnects without a pause after every disconnect, hides the reason, and tries forever what can never succeed.
type sockets struct {
	a     *Adapter
	queue chan envelope
	pace  *pace

	mu    sync.Mutex
	open  []*conn
	since time.Time // the last moment when a socket was open, or the start
	last  error     // why the last socket failed
}

// envelope is a frame that wants an acknowledgement, on the socket that it came by.
type envelope struct {
	frame
	on *conn
}

func newSockets(a *Adapter) *sockets {
	return &sockets{a: a, queue: make(chan envelope, waiting), pace: &pace{every: a.cfg.Times.Open}}
}

// run keeps cfg.Sockets sockets open until ctx ends; then it reads no more, finishes what was read, acknowledges it
// and closes. The error is one that trying again does not mend.
func (s *sockets) run(ctx context.Context) error {
	s.mu.Lock()
	s.since = s.a.cfg.Now()
	s.mu.Unlock()
	working := sync.WaitGroup{}
	for range readers {
		working.Go(func() {
			for e := range s.queue {
				s.work(e)
			}
		})
	}
	lines, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	reading := sync.WaitGroup{} // lines and the sockets that they left behind
	for range s.a.cfg.Sockets {
		reading.Go(func() {
			if err := s.line(lines, &reading); err != nil {
				cancel(err)
			}
		})
	}
	reading.Wait() // no line, and nothing reads any more
	close(s.queue)
	working.Wait()
	for _, c := range s.all() {
		c.close()
		s.drop(c, nil)
	}
	if cause := context.Cause(lines); ctx.Err() == nil && cause != nil {
		return cause
	}
	return nil
}

// line keeps one socket open. When Slack asks for a new one, the old one is read until its successor has said hello and
// for a while after, so that nothing sent to either is lost.
func (s *sockets) line(ctx context.Context, reading *sync.WaitGroup) error {
	failures := 0
	for first := true; ctx.Err() == nil; first = false {
		c, err := s.connect(ctx)
		if advice := webapi.Advice(err); advice != "" && ctx.Err() == nil {
			s.a.log.Error("Slack refuses Socket Mode", "err", err, "advice", advice)
			return fmt.Errorf("SLACK_APP_TOKEN: %w; %s", err, advice)
		}
		if err != nil {
			failures++
			s.fail(err)
			if ctx.Err() == nil {
				s.a.log.Warn("a socket does not open; trying again", "err", err, "failures", failures)
			}
			wait(ctx, max(backoff(failures, s.a.cfg.Times.Open), webapi.RetryAfter(err)))
			continue
		}
		if !first {
			s.a.cfg.Meter.Reconnected("slack")
		}
		s.join(c)
		began := s.a.cfg.Now()
		reading.Go(func() {
			err := c.read(ctx)
			if ctx.Err() == nil { // at the end, sockets stay open for the last acknowledgements
				c.close()
				s.drop(c, err)
			}
		})
		select {
		case <-c.leaving:
		case <-ctx.Done():
			return nil
		}
		reason := c.why()
		s.a.log.Info("a socket is to be replaced", "reason", reason, "lived", s.a.cfg.Now().Sub(began))
		if s.a.cfg.Now().Sub(began) >= young {
			failures = 0 // as Slack does every few hours
			continue
		}
		failures++ // accepting and dropping at once is how storms look
		if reason == "too_many_websockets" {
			s.a.log.Error("more sockets are open than Slack allows for one app", "remedy", "run fewer processes, or fewer sockets in each: 10 in all")
		}
		wait(ctx, backoff(failures, s.a.cfg.Times.Open))
	}
	return nil
}

// connect opens a socket and waits for its hello.
func (s *sockets) connect(ctx context.Context) (*conn, error) {
	if !s.pace.wait(ctx) {
		return nil, ctx.Err()
	}
	within, cancel := context.WithTimeout(ctx, s.a.cfg.Times.Call)
	defer cancel()
	api := s.a.api.With("", slack.OptionAppLevelToken(string(s.a.cfg.AppToken)))
	_, address, err := api.StartSocketModeContext(within)
	if err = s.a.api.Count("apps.connections.open", err); err != nil {
		return nil, err
	}
	dialer := websocket.Dialer{Proxy: http.ProxyFromEnvironment, HandshakeTimeout: s.a.cfg.Times.Call}
	ws, response, err := dialer.DialContext(within, address, nil)
	if response != nil {
		_ = response.Body.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("dial the socket: %w", webapi.NoURL(err)) // its address is a secret
	}
	c := newConn(s, ws)
	if err := c.greet(s.a.cfg.Times.Hello); err != nil {
		c.close()
		return nil, err
	}
	return c, nil
}

// join adds an open socket, and lets those that are to be replaced linger no longer than it takes.
func (s *sockets) join(c *conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, old := range s.open {
		if old.isLeaving() {
			old.expire(s.a.cfg.Times.Linger)
		}
	}
	s.open = append(s.open, c)
	s.last = nil
}

func (s *sockets) drop(c *conn, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, o := range s.open {
		if o == c {
			s.open = append(s.open[:i:i], s.open[i+1:]...)
			break
		}
	}
	if len(s.open) == 0 {
		s.since = s.a.cfg.Now()
	}
	if err != nil {
		s.last = err
	}
}

func (s *sockets) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last = err
}

func (s *sockets) all() []*conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]*conn(nil), s.open...)
}

// ready is nil while a socket is open, or says since when none is, and why.
func (s *sockets) ready() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.open) > 0 {
		return nil
	}
	why := s.last
	if why == nil {
		why = errors.New("it is being opened")
	}
	return fmt.Errorf("slack: no socket is open since %s: %w", s.since.UTC().Format(time.RFC3339), why)
}

// take queues an envelope. Where the queue is full it is left to Slack, which sends events again and tells the person of
// a command that did not work.
func (s *sockets) take(e envelope) {
	select {
	case s.queue <- e:
	default:
		s.a.log.Warn("too much at once: an envelope is not acknowledged", "type", e.Type, "retry", e.Retry)
	}
}

// work handles an envelope and acknowledges it.
func (s *sockets) work(e envelope) {
	d := delivery{kind: e.Type, payload: e.Payload, retry: e.Retry, inline: e.Accepts, room: maxAck}
	v := s.a.handle(context.Background(), d)
	if !v.ack {
		return
	}
	err := e.on.ack(e.ID, v.body)
	for _, c := range s.all() {
		if err == nil {
			break
		}
		if c != e.on {
			err = c.ack(e.ID, v.body) // Slack knows the envelope, whatever socket it was sent by
		}
	}
	if err != nil {
		s.a.log.Warn("an acknowledgement did not get through", "type", e.Type, "err", err)
		if v.unsent != nil {
			v.unsent()
		}
	}
	if v.then != nil {
		v.then()
	}
}

// pace spaces calls. Slack allows about one call of apps.connections.open a minute in the long run and some at once
// (docs.slack.dev/apis/web-api/rate-limits, tier 1); the waits after failures keep to that.
type pace struct {
	every time.Duration

	mu   sync.Mutex
	next time.Time
}

func (p *pace) wait(ctx context.Context) bool {
	p.mu.Lock()
	now := time.Now()
	at := p.next
	if at.Before(now) {
		at = now
	}
	p.next = at.Add(p.every)
	p.mu.Unlock()
	return wait(ctx, at.Sub(now))
}

// isClosed says whether err is how a socket ends that nobody broke.
func isClosed(err error) bool {
	return websocket.IsCloseError(err, websocket.CloseNormalClosure, websocket.CloseGoingAway) ||
		strings.Contains(err.Error(), "use of closed network connection")
}
