package discordtest

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"careerbot/adapters/discord/discordtest/object"

	"github.com/gorilla/websocket"
)

// Intents that the server looks at: https://discord.com/developers/docs/events/gateway#list-of-intents.
const (
	intentGuilds         = 1 << 0
	guildMembers         = 1 << 1
	guildPresences       = 1 << 8
	intentGuildMessages  = 1 << 9
	intentDirectMessages = 1 << 12
	messageContent       = 1 << 15
	allIntents           = 1<<17 - 1 | 1<<20 | 1<<21 | 1<<24 | 1<<25
)

// Operations of the gateway.
const (
	opDispatch  = 0
	opHeartbeat = 1
	opIdentify  = 2
	opResume    = 6
	opReconnect = 7
	opInvalid   = 9
	opHello     = 10
	opAck       = 11
)

const (
	gatewayPath = "/gateway"
	resumePath  = "/resume"
)

// Codes with which the gateway closes:
// https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes.
const (
	UnknownError         = 4000
	unknownOpcode        = 4001
	decodeError          = 4002
	notAuthenticated     = 4003
	AuthenticationFailed = 4004
	alreadyAuthenticated = 4005
	InvalidSequence      = 4007
	RateLimited          = 4008
	SessionTimedOut      = 4009
	InvalidShard         = 4010
	ShardingRequired     = 4011
	invalidVersion       = 4012
	InvalidIntents       = 4013
	DisallowedIntents    = 4014
)

// Turn is what the gateway does with a connection instead of what it should. A number from 1000 up closes it with that
// code when it identifies or resumes.
type Turn int

// Turns.
const (
	Welcome          Turn = iota // nothing special
	Unreachable                  // the connection is refused with 503
	Silent                       // it is made, and no frame ever comes
	NoReady                      // Identify or Resume is never answered
	ReconnectFirst               // op 7 before READY or RESUMED: discordgo#513
	AckFirst                     // op 11 before READY or RESUMED: discordgo#513
	InvalidSession               // Identify or Resume is answered by op 9, not resumable
	InvalidResumable             // Identify or Resume is answered by op 9, resumable
)

type gateway struct {
	endpoint            string // of interactions over HTTP
	shards, concurrency int
	sessions            map[string]*Session
	conns               map[*conn]bool
	turns               []Turn
	last                map[int]time.Time // of the last Identify, by bucket
}

func newGateway(o Options) gateway {
	return gateway{
		shards: o.Shards, concurrency: o.MaxConcurrency,
		sessions: map[string]*Session{}, conns: map[*conn]bool{}, last: map[int]time.Time{},
	}
}

// Recommend changes what /gateway/bot says.
func (s *Server) Recommend(shards, maxConcurrency int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gateway.shards, s.gateway.concurrency = max(1, shards), max(1, maxConcurrency)
}

// Next sets what happens to the next connections, one turn each; after them all are welcome.
func (s *Server) Next(turns ...Turn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gateway.turns = append(s.gateway.turns, turns...)
}

func (s *Server) gatewayURL() string { return "ws://" + s.address + gatewayPath }
func (s *Server) resumeURL() string  { return "ws://" + s.address + resumePath }

// Sessions is those with a connection, by shard.
func (s *Server) Sessions() []*Session {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []*Session
	for _, session := range s.gateway.sessions {
		if session.conn != nil {
			list = append(list, session)
		}
	}
	slices.SortFunc(list, func(a, b *Session) int { return a.shard - b.shard })
	return list
}

// Held is every session that can be resumed, with a connection or without one, in no order.
func (s *Server) Held() []*Session {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Collect(maps.Values(s.gateway.sessions))
}

// Session is the newest session of a shard that has a connection, nil where there is none.
func (s *Server) Session(shard int) *Session {
	var newest *Session
	for _, session := range s.Sessions() {
		if session.shard == shard && (newest == nil || session.number > newest.number) {
			newest = session
		}
	}
	return newest
}

func (s *Server) connections() []*conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Collect(maps.Keys(s.gateway.conns))
}

// serveGateway serves one connection for as long as it lasts.
func (s *Server) serveGateway(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.stats.Dials++
	turn := Welcome
	if len(s.gateway.turns) > 0 {
		turn, s.gateway.turns = s.gateway.turns[0], s.gateway.turns[1:]
	}
	s.tell()
	s.mu.Unlock()
	if turn == Unreachable {
		http.Error(w, "upstream connect error", http.StatusServiceUnavailable)
		return
	}
	upgrader := websocket.Upgrader{HandshakeTimeout: 10 * time.Second}
	ws, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // the client was told
	}
	ws.SetReadLimit(64 << 10)
	c := &conn{
		server: s, ws: ws, turn: turn, viaResume: strings.HasPrefix(r.URL.Path, resumePath),
		more: make(chan struct{}, 1), done: make(chan struct{}),
	}
	s.mu.Lock()
	s.gateway.conns[c] = true
	closed := s.ctx.Err() != nil
	s.mu.Unlock()
	if closed {
		c.cut()
	}
	s.work.Go(c.write) // serve counts this goroutine, so the group is not waited for yet
	v, _ := strconv.Atoi(r.URL.Query().Get("v"))
	c.serve(v)
}

// read takes one frame apart.
type payload struct {
	Op   int             `json:"op"`
	Data json.RawMessage `json:"d"`
}

// serve greets and reads until the connection ends.
func (c *conn) serve(version int) {
	defer c.end()
	if version != 9 && version != 10 {
		c.close(invalidVersion)
	}
	if c.turn != Silent {
		c.send(frameOf(opHello, map[string]any{"heartbeat_interval": c.server.o.Heartbeat.Milliseconds(), "_trace": []string{"discordtest"}}))
	}
	for {
		_ = c.ws.SetReadDeadline(time.Now().Add(2*c.server.o.Heartbeat + 5*time.Second)) // reading tells
		_, raw, err := c.ws.ReadMessage()
		if err != nil {
			c.left(err)
			return
		}
		var p payload
		switch {
		case len(raw) > 4096 || json.Unmarshal(raw, &p) != nil:
			c.close(decodeError)
		case !c.pace():
			c.close(RateLimited)
		default:
			c.take(p)
		}
	}
}

// pace counts what the client sends: 120 in 60 s are allowed.
func (c *conn) pace() bool {
	now := c.server.o.Now()
	if now.Sub(c.minute) > time.Minute {
		c.minute, c.received = now, 0
	}
	c.received++
	return c.received <= 120
}

// take does what one frame of the client's asks for.
func (c *conn) take(p payload) {
	s := c.server
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.tell()
	switch {
	case p.Op == opHeartbeat:
		s.stats.Heartbeats++
		var seq int64
		_ = json.Unmarshal(p.Data, &seq) // null is none
		if c.session != nil {
			c.session.acknowledge(seq)
		}
		if !c.zombie && c.turn != Silent {
			c.send(frameOf(opAck, nil))
		}
	case p.Op == opIdentify && c.session != nil, p.Op == opResume && c.session != nil:
		c.close(alreadyAuthenticated)
	case p.Op == opIdentify:
		s.stats.Identifies++
		s.identify(c, p.Data)
	case p.Op == opResume:
		s.resume(c, p.Data)
	case p.Op < 0 || p.Op > opAck && p.Op != 31 && p.Op != 43:
		c.close(unknownOpcode)
	case c.session == nil:
		c.close(notAuthenticated)
	}
}

// obstruct takes the connection's turn; false says that nothing more is to be done. The caller holds the lock.
func (c *conn) obstruct() bool {
	turn := c.turn
	c.turn = Welcome
	switch {
	case turn >= 1000:
		c.close(int(turn))
	case turn == Silent, turn == NoReady:
		c.turn = turn
	case turn == ReconnectFirst:
		c.send(frameOf(opReconnect, nil))
	case turn == AckFirst:
		c.send(frameOf(opAck, nil))
		return true
	case turn == InvalidSession:
		c.send(frameOf(opInvalid, false))
	case turn == InvalidResumable:
		c.send(frameOf(opInvalid, true))
	default:
		return true
	}
	return false
}

// dispatch puts an event on the sessions of its shard that have the intent, 0 being none needed. A question is the id of
// what the event asks, "" where it asks nothing.
func (s *Server) dispatch(shard func(shards int) int, kind string, intent int, data json.RawMessage, question string) {
	s.dispatchEvent(event{shard: shard, kind: kind, intent: intent, data: data, question: question})
}

type event struct {
	shard    func(shards int) int
	kind     string
	intent   int
	data     json.RawMessage
	hidden   json.RawMessage // for sessions that may not read content; nil where that makes no difference
	question string
}

func (s *Server) dispatchEvent(e event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.tell()
	q := s.history.ledger.Find(e.question)
	taken := false
	for _, session := range s.gateway.sessions {
		if e.shard(session.shards) != session.shard || e.intent != 0 && session.intents&e.intent == 0 {
			continue
		}
		taken = true
		data := e.data
		if e.hidden != nil && session.intents&messageContent == 0 {
			data = e.hidden
		}
		session.dispatch(e.kind, data, q)
	}
	if !taken && e.question != "" {
		s.stats.Undeliverable++
	}
}

// Dispatch sends an event of any kind to every session of a shard, whatever its intents: what no other method makes.
func (s *Server) Dispatch(shard int, kind string, data any) {
	s.dispatch(func(shards int) int { return shard % shards }, kind, 0, object.JSON(data), "")
}

// echo tells the sessions of a message of the bot's: they hear their own bot too.
func (s *Server) echo(kind string, m object.Message) {
	s.mu.Lock()
	c, ok := s.world.channels[m.ChannelID]
	heard := ok && m.Flags&object.Ephemeral == 0 && c.Permissions&object.ViewChannel != 0 && !s.abroad(c) // where the bot is not, there is nothing to see
	if ok {
		m.GuildID = c.GuildID
	}
	s.mu.Unlock()
	if !heard {
		return
	}
	if m.GuildID != "" {
		m.Member = &object.Member{Roles: []string{}, JoinedAt: "2026-01-01T00:00:00+00:00"}
	}
	s.dispatch(guildShard(m.GuildID), kind, messageIntent(m), object.JSON(m), "")
}

// messageIntent is the intent that a message's events need.
func messageIntent(m object.Message) int {
	if m.GuildID == "" {
		return intentDirectMessages
	}
	return intentGuildMessages
}
