package slacktest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// maxAck is the size in bytes from which Slack drops what an app sends over a socket without a word (measured by
// others; slack-go refuses to send it).
const maxAck = 20 * 1024

// Reasons of a disconnect.
const (
	Warning           = "warning" // it will be refreshed in about 10 s
	RefreshRequested  = "refresh_requested"
	LinkDisabled      = "link_disabled"
	TooManyWebsockets = "too_many_websockets"
)

// socket is one connection of the app.
type socket struct {
	number    int
	conn      *websocket.Conn
	wake      chan struct{} // there is something in queue
	ended     chan struct{}
	delivered int

	mu     sync.Mutex
	queue  [][]byte
	pings  int // sent since the last pong
	missed int // most pings in a row without a pong
	pongs  int
}

// push queues a frame. It never waits, so that it may be called under the lock of Slack.
func (k *socket) push(frame []byte) {
	k.mu.Lock()
	k.queue = append(k.queue, frame)
	k.mu.Unlock()
	select {
	case k.wake <- struct{}{}:
	default:
	}
}

// serveSocket is the websocket's address.
func (s *Slack) serveSocket(w http.ResponseWriter, r *http.Request) {
	ticket := r.URL.Query().Get("ticket")
	s.mu.Lock()
	known := s.tickets[ticket] && !s.closed
	delete(s.tickets, ticket)
	s.mu.Unlock()
	if !known {
		http.Error(w, "unknown ticket", http.StatusNotFound)
		return
	}
	upgrader := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // Upgrade answered already
	}
	k := &socket{conn: conn, wake: make(chan struct{}, 1), ended: make(chan struct{})}
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		_ = conn.Close()
		return
	}
	s.counts.Opened++
	k.number = s.counts.Opened
	s.sockets = append(s.sockets, k)
	k.push(s.hello())
	reason := s.storm
	if len(s.sockets) > s.options.Sockets {
		reason = TooManyWebsockets
	}
	if reason != "" {
		k.push(disconnectFrame(reason))
		time.AfterFunc(s.options.Linger, func() { _ = conn.Close() })
	} else {
		for _, d := range s.waiting() {
			s.flush(d)
		}
	}
	s.work.Go(func() { s.write(k) })
	s.work.Go(func() { s.read(k) })
	s.tell()
	s.mu.Unlock()
}

// waiting are the deliveries that have no socket yet, oldest first. The caller holds the lock.
func (s *Slack) waiting() []*Delivery {
	var waiting []*Delivery
	for _, d := range s.open {
		if d.waiting {
			waiting = append(waiting, d)
		}
	}
	slices.SortFunc(waiting, func(a, b *Delivery) int { return a.sent.Compare(b.sent) })
	return waiting
}

func (s *Slack) hello() []byte {
	frame, _ := json.Marshal(map[string]any{
		"type": "hello", "num_connections": len(s.sockets), "connection_info": map[string]any{"app_id": s.options.App.ID},
		"debug_info": map[string]any{
			"host": "applink-test", "build_number": 1, "approximate_connection_time": int(s.options.Lifetime.Seconds()),
		},
	})
	return frame
}

func disconnectFrame(reason string) []byte {
	return fmt.Appendf(nil, `{"type":"disconnect","reason":%q,"debug_info":{"host":"applink-test"}}`, reason)
}

// write sends frames and pings until the socket ends.
func (s *Slack) write(k *socket) {
	ticker := time.NewTicker(s.options.Ping)
	defer ticker.Stop()
	for {
		select {
		case <-k.wake:
			k.mu.Lock()
			frames := k.queue
			k.queue = nil
			k.mu.Unlock()
			for _, frame := range frames {
				_ = k.conn.SetWriteDeadline(time.Now().Add(10 * time.Second))
				if k.conn.WriteMessage(websocket.TextMessage, frame) != nil {
					_ = k.conn.Close()
				}
			}
		case now := <-ticker.C:
			if s.ping(k) {
				text := "Ping from applink-test " + strconv.FormatInt(now.Unix(), 10)
				_ = k.conn.WriteControl(websocket.PingMessage, []byte(text), time.Now().Add(10*time.Second)) // the tick may be old
			}
		case <-k.ended:
			return
		}
	}
}

// ping counts a ping that is about to be sent; false sends none.
func (s *Slack) ping(k *socket) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.mute {
		return false
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.pings++
	k.missed = max(k.missed, k.pings-1)
	s.tell()
	return true
}

// Mute stops the pings of all sockets, or starts them again.
func (s *Slack) Mute(mute bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mute = mute
}

// read takes acknowledgements until the app or Slack closes.
func (s *Slack) read(k *socket) {
	k.conn.SetPongHandler(func(string) error {
		k.mu.Lock()
		defer k.mu.Unlock()
		k.pings = 0
		k.pongs++
		return nil
	})
	for {
		_, frame, err := k.conn.ReadMessage()
		if err != nil {
			break
		}
		s.hear(frame)
	}
	_ = k.conn.Close()
	close(k.ended)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sockets = slices.DeleteFunc(s.sockets, func(other *socket) bool { return other == k })
	s.counts.Missed, s.counts.Pongs = max(s.counts.Missed, k.missed), s.counts.Pongs+k.pongs
	s.tell()
}

// hear takes one frame of the app.
func (s *Slack) hear(frame []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(frame) >= maxAck {
		s.counts.Dropped++
		return
	}
	var ack struct {
		ID      string          `json:"envelope_id"`
		Payload json.RawMessage `json:"payload"`
	}
	if json.Unmarshal(frame, &ack) != nil {
		s.counts.Dropped++
		return
	}
	d := s.open[ack.ID]
	if d == nil {
		s.counts.Needless++
		s.tell()
		return
	}
	s.acked(d, ack.Payload)
}

// pick draws a socket, or takes the one of that number. The caller holds the lock.
func (s *Slack) pick(number int) *socket {
	if number > 0 {
		for _, k := range s.sockets {
			if k.number == number {
				return k
			}
		}
		return nil
	}
	if len(s.sockets) == 0 {
		return nil
	}
	return s.sockets[s.random.IntN(len(s.sockets))]
}

// Disconnect tells the socket of that number, or all for 0, to go, and closes it after Options.Linger. Until it is
// closed it gets envelopes like any other: an app that closes at once without a second socket loses them.
func (s *Slack) Disconnect(number int, reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range s.sockets {
		if number != 0 && k.number != number {
			continue
		}
		k.push(disconnectFrame(reason))
		if reason != Warning {
			time.AfterFunc(s.options.Linger, func() { _ = k.conn.Close() })
		}
	}
}

// Cut closes the socket of that number, or all for 0, without a word.
func (s *Slack) Cut(number int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range s.sockets {
		if number == 0 || k.number == number {
			_ = k.conn.Close()
		}
	}
}

// Push writes a frame to the socket of that number as it is.
func (s *Slack) Push(number int, frame string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if k := s.pick(number); k != nil {
		k.push([]byte(frame))
	}
}

// Storm has every socket that connects from now on told to go at once, for this reason; "" ends the storm.
func (s *Slack) Storm(reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.storm = reason
}

// Sockets are the numbers of those that are open, in the order of connecting.
func (s *Slack) Sockets() []int {
	s.mu.Lock()
	defer s.mu.Unlock()
	var numbers []int
	for _, k := range s.sockets {
		numbers = append(numbers, k.number)
	}
	return numbers
}

// Reachable says whether what is sent now finds the app: a socket is open, or Connect named an address.
func (s *Slack) Reachable() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.sockets) > 0 || s.target.Base != ""
}

// SocketStats counts what happened on all sockets so far.
type SocketStats struct {
	Opened   int // sockets
	Dropped  int // frames of the app that were too long or no JSON
	Needless int // acknowledgements of what was settled already, or was never sent
	Missed   int // most pings in a row that a socket left without a pong, of those that are closed
	Pongs    int // answers to pings
}

// SocketStats counts.
func (s *Slack) SocketStats() SocketStats {
	s.mu.Lock()
	defer s.mu.Unlock()
	counts := s.counts
	for _, k := range s.sockets {
		k.mu.Lock()
		counts.Missed, counts.Pongs = max(counts.Missed, k.missed), counts.Pongs+k.pongs
		k.mu.Unlock()
	}
	return counts
}
