package discord

import (
	"context"
	"encoding/json"
	"net/http"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"

	"careerbot/adapters/discord/transport"
)

// session is one session of the library, and what is known of it. The library never connects on its own: left to itself it
// tries for ever with a token that was revoked (bwmarrin/discordgo#1544), and comes back to life when it is closed.
type session struct {
	*shard
	client     *discordgo.Session
	line       *transport.Line
	down       chan struct{} // the library has closed the connection
	identified func()        // ends the turn to identify
	home       string        // where to identify
	behind     atomic.Bool   // what was missed comes, all at once: until RESUMED

	mu    sync.Mutex
	given bool     // up: the library is locked up
	begun bool     // there is a session that can be resumed
	at    bookmark // Seq is of the last event that was taken
}

// session makes a session that is not connected.
func (s *shard) session(url string) *session {
	l := &session{shard: s, line: transport.NewLine(url, nil), home: url, down: make(chan struct{}, 1)}
	l.client, _ = discordgo.New("Bot " + string(s.cfg.Token)) // it never fails
	l.client.LogLevel = quiet
	l.client.UserAgent = userAgent
	l.client.StateEnabled = false
	l.client.SyncEvents = true // our handler is quick, and the library would start a goroutine for each event
	l.client.ShouldReconnectOnError = false
	l.client.Compress, l.client.Identify.Compress = false, false // the line reads along
	l.client.Identify.Intents = intents
	l.client.Identify.Properties.Browser, l.client.Identify.Properties.Device = "careerbot", "careerbot"
	l.client.ShardID, l.client.ShardCount = s.id, s.count
	l.client.Client = &http.Client{Transport: l.line}
	l.client.Dialer = &websocket.Dialer{
		NetDialContext: l.line.Dial, NetDialTLSContext: l.line.DialTLS, HandshakeTimeout: 10 * time.Second,
	}
	l.client.AddHandler(func(_ *discordgo.Session, e *discordgo.Event) { l.handle(e) })
	l.client.AddHandler(func(*discordgo.Session, *discordgo.Disconnect) {
		select {
		case l.down <- struct{}{}:
		default:
		}
	})
	return l
}

func (l *session) hasBegun() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.begun
}

// abandon gives the session up: it will not be resumed, and its closing is not waited for.
func (l *session) abandon() {
	l.line.Cut()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.begun, l.given = false, true
}

// resumable says whether the gateway will take the session again. Where another process may have taken the shard over it may
// have taken up the session too: they would take it from each other for ever.
func (l *session) resumable() bool {
	end := l.line.End()
	switch end.Code {
	case 4003, 4007, 4009: // not authenticated, invalid sequence, timed out
		return false
	}
	return l.hasBegun() && (!end.Invalid || end.Resume) && (l.cfg.Sessions == nil || !l.lease.doubtful())
}

// leave closes the connection. A session that somebody else may go on with stays at Discord; one that is of no more use
// ends.
func (l *session) leave(ctx context.Context) {
	code := websocket.CloseNormalClosure
	if ctx.Err() != nil && l.cfg.Sessions != nil {
		code = resumeLater
	}
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		_ = l.client.CloseWithCode(code) // the connection may be gone already
	}()
	l.mu.Lock()
	given := l.given
	l.mu.Unlock()
	if !given {
		transport.Await(context.Background(), closed, closeLimit) // or it is locked up
	}
	l.line.Cut()
}

// handle takes every event, in the goroutine that reads the connection: it must not panic, as the library has no recover,
// and waits only while what was missed comes, which may be more than can be under way at once. It reads the raw event,
// since the library's own is emptied by one field that it does not expect (bwmarrin/discordgo#1683).
func (l *session) handle(e *discordgo.Event) {
	defer func() {
		if r := recover(); r != nil {
			l.log.Error("panic in an event of the gateway", "type", e.Type, "panic", r, "stack", string(debug.Stack()))
		}
	}()
	if e.Operation != 0 {
		return
	}
	l.line.Opened()
	if e.Type == "READY" {
		l.begin(e.RawData, e.Sequence)
		return
	}
	s := l.shift.Load()
	if s == nil {
		return // and not taken: it comes again when the session is taken up
	}
	wait := time.Duration(0)
	if l.behind.Load() {
		wait = catchUp
	}
	s.dispatch(context.Background(), e.Type, e.RawData, l.lease, wait)
	if e.Type == "RESUMED" {
		l.behind.Store(false)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.at.Seq = max(l.at.Seq, e.Sequence)
}

// begin notes the session that has begun.
func (l *session) begin(raw json.RawMessage, seq int64) {
	var r struct {
		ID          string `json:"session_id"`
		Resume      string `json:"resume_gateway_url"`
		User        struct{ ID string }
		Application struct{ ID string }
	}
	if err := json.Unmarshal(raw, &r); err != nil {
		l.log.Error("READY cannot be read", "err", err)
	}
	l.mu.Lock()
	l.behind.Store(false)
	l.begun, l.at = true, bookmark{r.ID, seq, r.Resume}
	l.mu.Unlock()
	l.learn(identity{application: r.Application.ID, user: r.User.ID})
	l.log.Info("connected to Discord's gateway", "shard", l.id, "shards", l.count)
}
