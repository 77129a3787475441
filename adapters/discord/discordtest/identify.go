package discordtest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"careerbot/adapters/discord/discordtest/object"
)

// identify begins a session. The caller holds the lock.
func (s *Server) identify(c *conn, data json.RawMessage) {
	var d struct {
		Token    string  `json:"token"`
		Compress bool    `json:"compress"`
		Shard    *[2]int `json:"shard"`
		Intents  *int    `json:"intents"`
	}
	if json.Unmarshal(data, &d) != nil {
		c.close(decodeError)
		return
	}
	if d.Shard == nil {
		d.Shard = &[2]int{0, 1}
	}
	if s.stats.Identifies > s.o.SessionStarts {
		s.world.revoked = true // Discord resets the token of a bot that starts too many sessions
	}
	switch fast := s.tooFast(d.Shard[0]); {
	case s.world.revoked || strings.TrimPrefix(d.Token, "Bot ") != s.o.Token:
		c.close(AuthenticationFailed)
	case d.Shard[1] < 1 || d.Shard[0] < 0 || d.Shard[0] >= d.Shard[1]:
		c.close(InvalidShard)
	case d.Intents == nil || *d.Intents&^allIntents != 0:
		c.close(InvalidIntents)
	case *d.Intents&^s.o.AllowedIntents != 0:
		c.close(DisallowedIntents)
	case fast:
		s.stats.TooFast++
		c.send(frameOf(opInvalid, false))
	case c.obstruct():
		s.begin(c, d.Shard[0], d.Shard[1], *d.Intents, d.Compress)
	}
}

// tooFast says whether an Identify came before its bucket's time: shard_id modulo max_concurrency is the bucket.
func (s *Server) tooFast(shard int) bool {
	bucket := shard % s.gateway.concurrency
	now := time.Now()
	last, known := s.gateway.last[bucket]
	if known && now.Sub(last) < s.o.IdentifyEvery {
		return true
	}
	s.gateway.last[bucket] = now
	return false
}

// begin makes a session and says READY. The caller holds the lock.
func (s *Server) begin(c *conn, shard, shards, intents int, compress bool) {
	for _, old := range s.gateway.sessions {
		if old.shard == shard && old.shards == shards && old.conn == nil {
			old.die() // its client will not come back for it
		}
	}
	s.minted++
	session := &Session{
		server: s, id: fmt.Sprintf("%016x%016x", s.random.Uint64(), s.random.Uint64()), number: s.minted,
		shard: shard, shards: shards, intents: intents, compress: compress, conn: c,
	}
	s.gateway.sessions[session.id], c.session = session, session
	c.packs.Store(compress)
	guilds := []any{}
	var mine []object.Guild
	for _, id := range slices.Sorted(maps.Keys(s.world.guilds)) {
		if g := s.world.guilds[id]; g.Member && guildShard(id)(shards) == shard {
			guilds, mine = append(guilds, map[string]any{"id": id, "unavailable": true}), append(mine, *g)
		}
	}
	session.dispatch("READY", object.JSON(map[string]any{
		"v": 10, "user": s.me(), "guilds": guilds, "session_id": session.id, "resume_gateway_url": s.resumeURL(),
		"shard": []int{shard, shards}, "application": map[string]any{"id": s.world.app, "flags": 1 << 23},
		"session_type": "normal", "relationships": []any{}, "private_channels": []any{}, "presences": []any{},
		"user_settings": map[string]any{}, "guild_join_requests": []any{}, "geo_ordered_rtc_regions": []string{}, "_trace": []string{"discordtest"},
	}), nil)
	for _, g := range mine {
		if intents&intentGuilds != 0 {
			session.dispatch("GUILD_CREATE", s.guildCreate(g), nil)
		}
	}
}

// resume goes on with a session. The caller holds the lock.
func (s *Server) resume(c *conn, data json.RawMessage) {
	var d struct {
		Token string `json:"token"`
		ID    string `json:"session_id"`
		Seq   int64  `json:"seq"`
	}
	_ = json.Unmarshal(data, &d) // what cannot be read names no session
	if c.viaResume {
		s.stats.ResumeURL++
	}
	session, known := s.gateway.sessions[d.ID]
	switch {
	case s.world.revoked || strings.TrimPrefix(d.Token, "Bot ") != s.o.Token:
		c.close(AuthenticationFailed)
	case !known || d.Seq > session.seq || !session.covers(d.Seq):
		s.stats.Refused++
		c.send(frameOf(opInvalid, false))
	case c.turn == InvalidSession:
		s.stats.Refused++
		session.die()
		c.obstruct()
	case c.obstruct():
		s.stats.Resumes++
		session.resume(c, d.Seq)
	}
}
