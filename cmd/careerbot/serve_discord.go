package main

import (
	"careerbot/adapters"
	"careerbot/adapters/discord"
)

// makeDiscord makes the adapter of Discord from the settings, nil where there is no token.
func (s *server) makeDiscord() adapters.Adapter {
	token := s.config.get("DISCORD_TOKEN")
	if token == "" {
		return nil
	}
	c := discord.Config{
		Token: discord.Secret(token), ApplicationID: s.config.get("DISCORD_APPLICATION_ID"),
		PublicKey: s.config.get("DISCORD_PUBLIC_KEY"), APIURL: s.config.get("DISCORD_API_URL"), Logger: s.log,
	}
	if s.store != nil {
		c.Outbox, c.Sessions, c.Settings = adapters.OutboxOf(s.store), s.store, s.store
		if s.store.Dialect() == "postgres" { // SQLite has one process: it need not wait for the leases of the one before it
			c.Leases = s.store
		}
	}
	if s.lib != nil { // the doctor has none
		c.Completer, c.Command, c.Packs = s.lib, s.lib.Pack().Command, s.lib.Packs
		c.Reporter = reporter{store: s.store, lib: s.lib}
	}
	if s.metrics != nil {
		c.Meter = s.metrics
	}
	return discord.New(c)
}
