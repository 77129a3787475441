package discordtest

import (
	"bytes"
	"compress/zlib"
	"encoding/json"
	"errors"
	"net"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"careerbot/adapters/discord/discordtest/ledger"
	"careerbot/adapters/discord/discordtest/object"

	"github.com/gorilla/websocket"
)

// Session is a client's session with the gateway. It outlives its connections.
type Session struct {
	server        *Server
	id            string
	number        uint64 // later ones are greater
	shard, shards int
	intents       int
	compress      bool

	// Guarded by the server's lock.
	conn  *conn // nil while there is none
	seq   int64
	acked int64
	log   []frame // sent and not acknowledged, and some before
	dead  bool
}

// frame is a dispatch that a Resume may ask for again.
type frame struct {
	seq      int64
	kind     string
	data     json.RawMessage
	question *ledger.Question
}

// Frames that are kept: after they are acknowledged, for [Session.Replay]; and at most, for a client that does not
// come back.
const (
	keptFrames = 256
	maxFrames  = 200_000
)

func (f frame) bytes() []byte {
	b := make([]byte, 0, len(f.data)+len(f.kind)+48)
	b = append(b, `{"t":"`...)
	b = append(b, f.kind...)
	b = append(b, `","s":`...)
	b = strconv.AppendInt(b, f.seq, 10)
	b = append(b, `,"op":0,"d":`...)
	b = append(b, f.data...)
	return append(b, '}')
}

func frameOf(op int, data any) []byte {
	return object.JSON(map[string]any{"op": op, "d": data, "s": nil, "t": nil})
}

// ID is the session's id.
func (n *Session) ID() string { return n.id }

// Shard is the session's shard and how many there are.
func (n *Session) Shard() (id, of int) { return n.shard, n.shards }

// Intents is what the client asked to be told of.
func (n *Session) Intents() int { return n.intents }

// Connected says whether the session has a connection and can still be resumed.
func (n *Session) Connected() bool {
	n.server.mu.Lock()
	defer n.server.mu.Unlock()
	return n.conn != nil && !n.dead
}

// dispatch numbers an event and sends it. The caller holds the server's lock, as for all unexported methods.
func (n *Session) dispatch(kind string, data json.RawMessage, q *ledger.Question) {
	n.seq++
	f := frame{n.seq, kind, data, q}
	n.log = append(n.log, f)
	n.server.history.ledger.Hold(q, 1)
	n.server.stats.Dispatches++
	if n.conn != nil {
		n.conn.send(f.bytes())
	}
	if len(n.log) > maxFrames {
		n.die()
	}
}

// acknowledge notes that the client has shown it received all up to seq.
func (n *Session) acknowledge(seq int64) {
	for i := range n.log {
		f := &n.log[i]
		if f.seq > n.acked && f.seq <= seq && f.question != nil {
			n.server.history.ledger.Receive(f.question)
			f.question = nil
		}
	}
	n.acked = max(n.acked, min(seq, n.seq))
	old, _ := slices.BinarySearchFunc(n.log, n.acked-keptFrames, func(f frame, seq int64) int { return int(f.seq - seq) })
	if old > keptFrames {
		n.log = slices.Clone(n.log[old:])
	}
}

// covers says whether everything after seq is still there.
func (n *Session) covers(seq int64) bool {
	return seq == n.seq || len(n.log) > 0 && n.log[0].seq <= seq+1
}

// resume takes a new connection and sends what the old one missed.
func (n *Session) resume(c *conn, seq int64) {
	if n.conn != nil {
		n.conn.session = nil
		n.conn.cut()
	}
	n.conn, c.session = c, n
	c.packs.Store(n.compress)
	n.acknowledge(seq)
	for _, f := range n.log {
		if f.seq > seq {
			n.server.stats.Replayed++
			n.server.overdue(f.question)
			c.send(f.bytes())
		}
	}
	n.dispatch("RESUMED", json.RawMessage(`{"_trace":["discordtest"]}`), nil)
}

// overdue notes that an interaction is sent again when nobody can answer it any more.
func (s *Server) overdue(q *ledger.Question) {
	s.history.ledger.Overdue(q, s.o.Now(), s.o.AnswerWithin)
}

// die ends the session for good.
func (n *Session) die() {
	if n.dead {
		return
	}
	n.dead = true
	delete(n.server.gateway.sessions, n.id)
	for _, f := range n.log {
		n.server.history.ledger.Hold(f.question, -1)
	}
	n.log = nil
}

// with calls do with the session's connection, if it has one.
func (n *Session) with(do func(c *conn)) {
	n.server.mu.Lock()
	defer n.server.mu.Unlock()
	defer n.server.tell()
	if n.conn != nil {
		do(n.conn)
	}
}

// Reconnect asks the client to come again, by op 7.
func (n *Session) Reconnect() { n.with(func(c *conn) { c.send(frameOf(opReconnect, nil)) }) }

// Invalidate sends op 9. Where it is not resumable the session is over.
func (n *Session) Invalidate(resumable bool) {
	n.with(func(c *conn) {
		c.send(frameOf(opInvalid, resumable))
		c.session, n.conn = nil, nil
		if !resumable {
			n.die()
		}
	})
}

// Close closes the connection with a code. [AuthenticationFailed], [InvalidSequence], [SessionTimedOut] and those from
// [InvalidShard] up end the session too.
func (n *Session) Close(code int) {
	n.with(func(c *conn) {
		if code == AuthenticationFailed || code == InvalidSequence || code == SessionTimedOut || code >= InvalidShard {
			n.die()
		}
		c.close(code)
	})
}

// Cut ends the connection without a word, as a broken network does.
func (n *Session) Cut() { n.with((*conn).cut) }

// CutFrame ends the connection in the middle of a frame.
func (n *Session) CutFrame() { n.with(func(c *conn) { c.push(parcel{half: true}) }) }

// Garble sends a frame that is no JSON.
func (n *Session) Garble() { n.with(func(c *conn) { c.send([]byte(`{"t":"MESSAGE_CREATE","s":`)) }) }

// Zombie leaves the connection open and acknowledges no heartbeat any more; events still come.
func (n *Session) Zombie() { n.with(func(c *conn) { c.zombie = true }) }

// Mute leaves the connection open and sends nothing at all any more. A Resume on another one gives what was missed.
func (n *Session) Mute() { n.with(func(c *conn) { c.zombie, c.mute = true, true }) }

// Lag delays each frame from now on, until the next connection.
func (n *Session) Lag(d time.Duration) { n.with(func(c *conn) { c.lag.Store(int64(d)) }) }

// Beat asks for a heartbeat, by op 1.
func (n *Session) Beat() { n.with(func(c *conn) { c.send(frameOf(opHeartbeat, nil)) }) }

// Replay sends the last events again, newest last, with new sequence numbers: as Discord does after some of its own
// failures.
func (n *Session) Replay(events int) {
	n.with(func(*conn) {
		recent := slices.DeleteFunc(slices.Clone(n.log), func(f frame) bool { return f.kind == "READY" || f.kind == "RESUMED" })
		for _, f := range recent[max(0, len(recent)-events):] {
			n.server.stats.Replayed++
			n.dispatch(f.kind, f.data, nil)
		}
	})
}

// conn is one connection to the gateway.
type conn struct {
	server    *Server
	ws        *websocket.Conn
	turn      Turn
	viaResume bool
	packs     atomic.Bool // the client asked for payloads to be compressed
	closing   atomic.Bool // the server is the one that closes
	lag       atomic.Int64
	minute    time.Time // since when received counts
	received  int

	// Guarded by the server's lock.
	session      *Session
	zombie, mute bool

	mu      sync.Mutex
	out     []parcel
	more    chan struct{} // holds one where out has grown
	done    chan struct{} // closed when reading ended
	refused bool
}

// parcel is something to write: a frame, or an end.
type parcel struct {
	frame []byte
	code  int
	half  bool
}

func (c *conn) send(b []byte) {
	if !c.mute {
		c.push(parcel{frame: b})
	}
}

func (c *conn) close(code int) { c.push(parcel{code: code}) }

func (c *conn) push(p parcel) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.refused {
		return // the connection is being closed
	}
	c.refused = p.frame == nil
	c.closing.Store(c.refused)
	c.out = append(c.out, p)
	select {
	case c.more <- struct{}{}:
	default:
	}
}

// cut ends the connection with a reset.
func (c *conn) cut() {
	if tcp, ok := c.ws.NetConn().(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // a reset is the rougher way, no more
	}
	_ = c.ws.NetConn().Close() // it is to be gone
}

// write writes what is pushed, until the connection ends.
func (c *conn) write() {
	var packer *zlib.Writer
	for {
		c.mu.Lock()
		out := c.out
		c.out = nil
		c.mu.Unlock()
		for _, p := range out {
			c.server.pause(time.Duration(c.lag.Load()))
			if err := c.deliver(p, &packer); err != nil {
				c.cut()
				return
			}
		}
		if len(out) > 0 {
			continue
		}
		select {
		case <-c.more:
		case <-c.done:
			return
		}
	}
}

var errEnd = errors.New("the connection ends here")

func (c *conn) deliver(p parcel, packer **zlib.Writer) error {
	_ = c.ws.SetWriteDeadline(time.Now().Add(20 * time.Second)) // writing tells
	switch {
	case p.half: // the head of a text frame of 1000 bytes, and 12 of them
		_, _ = c.ws.NetConn().Write(append([]byte{0x81, 126, 0x03, 0xe8}, `{"t":"MESSAG`...)) // it ends in any case
		return errEnd
	case p.code != 0:
		_ = c.ws.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(p.code, "discordtest")) // likewise
		select {                                                                                           // the client closes its side
		case <-c.done:
		case <-time.After(time.Second):
		case <-c.server.ctx.Done():
		}
		return errEnd
	}
	if !c.packs.Load() || len(p.frame) < 1024 {
		return c.ws.WriteMessage(websocket.TextMessage, p.frame)
	}
	var packed bytes.Buffer
	if *packer == nil {
		*packer, _ = zlib.NewWriterLevel(&packed, zlib.BestSpeed) // the level is a valid one
	} else {
		(*packer).Reset(&packed)
	}
	if _, err := (*packer).Write(p.frame); err != nil {
		return err
	}
	if err := (*packer).Close(); err != nil {
		return err
	}
	return c.ws.WriteMessage(websocket.BinaryMessage, packed.Bytes())
}

// left notes how the client went: who closes with 1000 or 1001, without being asked to, gives the session up.
func (c *conn) left(err error) {
	s := c.server
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.session == nil || c.session.conn != c {
		return
	}
	c.session.conn = nil
	if !c.closing.Load() && websocket.IsCloseError(err, websocket.CloseNormalClosure, websocket.CloseGoingAway) {
		c.session.die()
	}
}

// end cleans up behind the reader.
func (c *conn) end() {
	close(c.done)
	_ = c.ws.Close() // it has ended
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	delete(c.server.gateway.conns, c)
	c.server.tell()
}
