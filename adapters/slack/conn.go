package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// writeWait is how long a frame may take to leave.
const writeWait = 5 * time.Second

// frame is what Slack sends over a socket: https://docs.slack.dev/apis/events-api/using-socket-mode.
type frame struct {
	Type    string          `json:"type"` // hello, disconnect, events_api, slash_commands, interactive, …
	ID      string          `json:"envelope_id"`
	Payload json.RawMessage `json:"payload"`
	Accepts bool            `json:"accepts_response_payload"`
	Retry   int             `json:"retry_attempt"`
	Reason  string          `json:"reason"` // of a disconnect or a retry
	Sockets int             `json:"num_connections"`
}

// conn is one socket. Its reading goroutine is the only one that reads; anybody may write.
type conn struct {
	s       *sockets
	ws      *websocket.Conn
	leaving chan struct{} // closed when the socket is to be replaced

	mu     sync.Mutex // of writing
	once   sync.Once  // of leaving
	state  sync.Mutex
	ended  bool // nothing is read any more
	reason string
	expiry *time.Timer
}

func newConn(s *sockets, ws *websocket.Conn) *conn {
	c := &conn{s: s, ws: ws, leaving: make(chan struct{})}
	ws.SetReadLimit(maxFrame)
	c.alive()
	ws.SetPingHandler(func(data string) error {
		c.alive()
		_ = ws.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(writeWait)) // a broken socket shows when read
		return nil
	})
	ws.SetPongHandler(func(string) error { c.alive(); return nil })
	return c
}

// alive gives the socket until Times.Silent to show life again. Slack pings every few seconds.
func (c *conn) alive() {
	c.state.Lock()
	defer c.state.Unlock()
	if !c.ended {
		_ = c.ws.SetReadDeadline(time.Now().Add(c.s.a.cfg.Times.Silent)) // a broken socket shows when read
	}
}

// end ends reading, at once. Writing goes on.
func (c *conn) end() {
	c.state.Lock()
	defer c.state.Unlock()
	c.ended = true
	_ = c.ws.SetReadDeadline(time.Now())
}

// greet waits for hello: only then does Slack send envelopes here.
func (c *conn) greet(limit time.Duration) error {
	_ = c.ws.SetReadDeadline(time.Now().Add(limit))
	for {
		f, err := c.next()
		switch {
		case err != nil:
			return fmt.Errorf("wait for hello: %w", err)
		case f.Type == "hello":
			c.alive()
			c.s.a.log.Info("a socket is open", "sockets", f.Sockets)
			return nil
		case f.Type == "disconnect":
			return fmt.Errorf("wait for hello: Slack disconnects: %s", f.Reason)
		}
		c.got(f)
	}
}

// next reads a frame; one that is no JSON has no type.
func (c *conn) next() (frame, error) {
	_, data, err := c.ws.ReadMessage()
	if err != nil {
		return frame{}, err
	}
	var f frame
	if err := json.Unmarshal(data, &f); err != nil {
		var id struct { // of what has a member of a type nobody expects
			ID string `json:"envelope_id"`
		}
		_ = json.Unmarshal(data, &id)
		c.s.a.log.Warn("a frame is not understood", "bytes", len(data), "err", err)
		return frame{ID: id.ID}, nil
	}
	return f, nil
}

// read takes frames until the socket ends, or ctx.
func (c *conn) read(ctx context.Context) error {
	stop := context.AfterFunc(ctx, c.end)
	defer stop()
	defer c.leave("closed")
	for {
		f, err := c.next()
		if err != nil {
			if isClosed(err) || ctx.Err() != nil {
				return nil
			}
			c.leave(err.Error())
			return fmt.Errorf("read the socket: %w", err)
		}
		if ctx.Err() != nil {
			return nil // what was read just now is not acknowledged: Slack sends it to another process, or again
		}
		c.alive()
		c.got(f)
	}
}

// got sorts a frame. Whatever has an envelope id is acknowledged in the end, known or not: Slack counts what is not as
// a failure and sends it again.
func (c *conn) got(f frame) {
	switch {
	case f.Type == "disconnect":
		c.leave(f.Reason)
	case f.ID != "":
		c.s.take(envelope{f, c})
	}
}

// leave says that the socket is to be replaced; it is read on until it ends or expires.
func (c *conn) leave(reason string) {
	c.once.Do(func() {
		c.state.Lock()
		c.reason = reason
		c.state.Unlock()
		close(c.leaving)
	})
}

func (c *conn) isLeaving() bool {
	select {
	case <-c.leaving:
		return true
	default:
		return false
	}
}

func (c *conn) why() string {
	c.state.Lock()
	defer c.state.Unlock()
	return c.reason
}

// expire closes the socket after d, unless it ends before.
func (c *conn) expire(d time.Duration) {
	c.state.Lock()
	defer c.state.Unlock()
	if c.expiry == nil {
		c.expiry = time.AfterFunc(d, c.close)
	}
}

// ack acknowledges an envelope, with a payload or with none.
func (c *conn) ack(id string, payload json.RawMessage) error {
	data, err := json.Marshal(struct {
		ID      string          `json:"envelope_id"`
		Payload json.RawMessage `json:"payload,omitempty"`
	}{id, payload})
	if err != nil {
		return fmt.Errorf("acknowledge: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.ws.SetWriteDeadline(time.Now().Add(writeWait)); err != nil {
		return fmt.Errorf("acknowledge: %w", err)
	}
	if err := c.ws.WriteMessage(websocket.TextMessage, data); err != nil {
		return fmt.Errorf("acknowledge: %w", err)
	}
	return nil
}

// close says goodbye and closes. It may be called again.
func (c *conn) close() {
	c.state.Lock()
	if c.expiry != nil {
		c.expiry.Stop()
	}
	c.state.Unlock()
	bye := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
	err := c.ws.WriteControl(websocket.CloseMessage, bye, time.Now().Add(writeWait))
	if err = errors.Join(err, c.ws.Close()); err != nil && !isClosed(err) {
		c.s.a.log.Debug("closing a socket", "err", err)
	}
}
