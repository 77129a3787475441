package transport

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"
)

// Line makes the connections of one gateway session and listens along: what the client library does not tell (when a
// heartbeat was acknowledged, with which code the gateway closed) is heard here, and what would lock it up for ever
// is kept from it. It is safe for concurrent use.
type Line struct {
	now   func() time.Time
	proxy func(*http.Request) (*url.URL, error)

	mu       sync.Mutex
	url      string // where the library is sent to
	lookup   bool   // the next dial fails, so that the library asks for the address again
	conn     net.Conn
	open     bool // the session has had an event, so the library is past its opening
	interval time.Duration
	heard    time.Time // last frame
	acked    time.Time // last acknowledged heartbeat
	end      End
	session  string // to resume instead of beginning one; "" is none
	seq      int64  // of its last event
}

// End is how a connection ended, as far as its last frames say.
type End struct {
	Code    int    // of the gateway's close frame; 0 is none
	Reason  string // of the close frame
	Invalid bool   // the gateway said that the session is not valid
	Resume  bool   // and that it can still be resumed
}

// Errors that a Line ends a connection with.
var (
	errLookup  = errors.New("the gateway has another address by now")
	errInvalid = errors.New("the gateway says that the session is not valid")
	errEarly   = errors.New("the gateway asks for a new connection before the session has begun")
	errLong    = errors.New("the gateway sent a frame longer than 16 MiB")
)

// NewLine makes the line of a session whose gateway is at address, such as wss://gateway.discord.gg; now may be nil.
// Connections go through the proxy that HTTPS_PROXY or HTTP_PROXY names, unless NO_PROXY excepts the address.
func NewLine(address string, now func() time.Time) *Line {
	if now == nil {
		now = time.Now
	}
	return &Line{url: address, now: now, proxy: http.ProxyFromEnvironment}
}

// Redirect has the next connection go to another address: resume_gateway_url. The first dial after it fails, which is
// what makes the library ask for an address; dial again at once.
func (l *Line) Redirect(address string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if address != "" && address != l.url {
		l.url, l.lookup = address, true
	}
}

// Moved says that the next dial will fail for the sake of Redirect.
func (l *Line) Moved() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lookup
}

// RoundTrip answers the library's GET /gateway, the only thing that a gateway session asks of the REST interface. The
// library appends "?v=9…" to the address; behind a "#" that is no part of it.
func (l *Line) RoundTrip(req *http.Request) (*http.Response, error) {
	l.mu.Lock()
	text, err := json.Marshal(map[string]string{"url": l.url + "/?v=" + version[1:] + "&encoding=json#"})
	l.mu.Unlock()
	if err != nil {
		return nil, err
	}
	return &http.Response{
		Status: "200 OK", StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: req,
		Header: http.Header{"Content-Type": {"application/json"}}, ContentLength: int64(len(text)),
		Body: io.NopCloser(bytes.NewReader(text)),
	}, nil
}

// asks says, once after a Redirect, that the dial is to fail.
func (l *Line) asks() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	asks := l.lookup
	l.lookup = false
	return asks
}

// Dial connects without TLS.
func (l *Line) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	if l.asks() {
		return nil, errLookup
	}
	conn, err := dial(ctx, l.proxy, network, "http", address)
	if err != nil {
		return nil, err
	}
	return l.listen(conn), nil
}

// DialTLS connects with TLS.
func (l *Line) DialTLS(ctx context.Context, network, address string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("dial the gateway: %w", err)
	}
	if l.asks() {
		return nil, errLookup
	}
	plain, err := dial(ctx, l.proxy, network, "https", address)
	if err != nil {
		return nil, err
	}
	conn := tls.Client(plain, &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12})
	if err := conn.HandshakeContext(ctx); err != nil {
		_ = plain.Close()
		return nil, err
	}
	return l.listen(conn), nil
}

// listen begins a connection.
func (l *Line) listen(conn net.Conn) net.Conn {
	now := l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.conn, l.open, l.end, l.heard, l.acked = conn, false, End{}, now, now
	return &ear{Conn: conn, line: l, in: bufio.NewReaderSize(conn, 4096), greeting: true}
}

// Opened says that the session has had its first event: from now on the library can take what it could not before.
func (l *Line) Opened() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open = true
}

// Cut ends the connection.
func (l *Line) Cut() {
	l.mu.Lock()
	conn := l.conn
	l.mu.Unlock()
	if conn != nil {
		_ = conn.Close() // there is nothing to do about a connection that will not close
	}
}

// Interval is that of heartbeats, as the gateway told it; 0 is not yet.
func (l *Line) Interval() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.interval
}

// Silence is how long no heartbeat was acknowledged. The library sends one in every Interval.
func (l *Line) Silence() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.now().Sub(l.acked)
}

// End is how the last connection ended, or ends.
func (l *Line) End() End {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.end
}

// ear is a connection that gives the library whole frames, once it has looked at them.
type ear struct {
	net.Conn
	line     *Line
	in       *bufio.Reader
	greeting bool   // the HTTP response is not over
	first    bool   // and its first line was read
	refused  bool   // it is no upgrade: what follows are no frames
	out      []byte // for the library, not read yet

	introduced atomic.Bool // the library has said which session it wants
}

// Read gives what is left of a frame, or the next one.
func (e *ear) Read(p []byte) (int, error) {
	for len(e.out) == 0 {
		if err := e.next(); err != nil {
			return 0, err
		}
	}
	n := copy(p, e.out)
	e.out = e.out[n:]
	return n, nil
}

// next reads a line of the greeting or a frame into out. One that is to be kept from the library leaves out empty.
func (e *ear) next() (err error) {
	if e.greeting {
		e.out, err = e.in.ReadBytes('\n')
		if !e.first {
			e.first, e.refused = true, !bytes.Contains(e.out, []byte(" 101 "))
		}
		e.greeting = e.refused || len(bytes.TrimSpace(e.out)) > 0
		if len(e.out) > 0 {
			return nil // an error comes back at the next read
		}
		return err
	}
	frame, payload, err := e.frame()
	if err != nil {
		return err
	}
	keep, err := e.line.hear(frame[0], payload)
	if keep {
		e.out = frame
	}
	return err
}

// maxFrame is longer than any event; READY of a bot in 2500 servers has some 200 KB.
const maxFrame = 16 << 20

// frame reads one frame of RFC 6455, and gives it whole and its payload. Those of a server are not masked.
func (e *ear) frame() (frame, payload []byte, err error) {
	var head [14]byte
	if _, err := io.ReadFull(e.in, head[:2]); err != nil {
		return nil, nil, err
	}
	size, n := uint64(head[1]&0x7f), 2
	switch size {
	case 126:
		n = 4
	case 127:
		n = 10
	}
	if _, err := io.ReadFull(e.in, head[2:n]); err != nil {
		return nil, nil, err
	}
	switch n {
	case 4:
		size = uint64(binary.BigEndian.Uint16(head[2:]))
	case 10:
		size = binary.BigEndian.Uint64(head[2:])
	}
	if size > maxFrame {
		return nil, nil, errLong
	}
	frame = make([]byte, n+int(size)) //nolint:gosec // at most maxFrame
	copy(frame, head[:n])
	if _, err := io.ReadFull(e.in, frame[n:]); err != nil {
		return nil, nil, err
	}
	return frame, frame[n:], nil
}

// Kinds of frames, with the bit that says that they are whole.
const (
	wholeText  = 0x80 | 0x1
	wholeClose = 0x80 | 0x8
)

// Operations of the gateway: https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway.
const (
	opIdentify  = 2
	opResume    = 6
	opReconnect = 7
	opInvalid   = 9
	opHello     = 10
	opAck       = 11
)

// longestOperation is longer than any message of the gateway that is no event: Hello with its _trace.
const longestOperation = 1024

// hear looks at a frame and says whether the library is to have it. An error ends the connection.
func (l *Line) hear(kind byte, payload []byte) (keep bool, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.heard = l.now()
	if kind == wholeClose && len(payload) >= 2 {
		l.end.Code, l.end.Reason = int(binary.BigEndian.Uint16(payload)), string(payload[2:])
	}
	if kind != wholeText || len(payload) > longestOperation {
		return true, nil
	}
	var said struct {
		Op   int             `json:"op"`
		Data json.RawMessage `json:"d"`
	}
	if json.Unmarshal(payload, &said) != nil {
		return true, nil // the library says what it thinks of it
	}
	switch said.Op {
	case opHello:
		var hello struct {
			Interval float64 `json:"heartbeat_interval"`
		}
		if json.Unmarshal(said.Data, &hello) == nil {
			l.interval, l.acked = time.Duration(hello.Interval*float64(time.Millisecond)), l.heard
		}
	case opAck:
		l.acked = l.heard
		return l.open, nil // while it opens, the library locks itself up over one: bwmarrin/discordgo#513
	case opReconnect:
		if !l.open {
			return false, errEarly // the same
		}
	case opInvalid: // the library would identify at once on this connection, past all pacing
		l.end.Invalid, l.end.Resume = true, string(said.Data) == "true"
		return false, errInvalid
	}
	return true, nil
}
