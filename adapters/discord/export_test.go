package discord

import "github.com/bwmarrin/discordgo"

// Client is the client library's session of a shard of a's, for tests that do to it what its own defects do.
func (a *Adapter) Client(shard int) *discordgo.Session {
	a.gateway.mu.Lock()
	defer a.gateway.mu.Unlock()
	for _, s := range a.gateway.shards {
		s.mu.Lock()
		now := s.now
		s.mu.Unlock()
		if s.id == shard && now != nil {
			return now.client
		}
	}
	return nil
}
