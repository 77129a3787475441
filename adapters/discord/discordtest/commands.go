package discordtest

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"careerbot/adapters/discord/discordtest/object"
	"careerbot/adapters/discord/discordtest/rest"
)

// scope is where a call's commands are: "" for everywhere, else a guild. The caller holds the lock.
func (s *Server) scope(c *rest.Call) (string, *object.Problem) {
	if c.PathValue("application") != s.world.app {
		return "", &object.MissingAccess
	}
	guild := c.PathValue("guild")
	if guild == "" {
		return "", nil
	}
	if g, ok := s.world.guilds[guild]; !ok || !g.Member {
		return "", &object.MissingAccess
	}
	return guild, nil
}

// Commands is what is registered everywhere (guild "") or in one server.
func (s *Server) Commands(guild string) []map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.world.commands[guild])
}

// command makes a registered command of what a request says: with an id, without nulls, with Discord's defaults.
func (s *Server) command(body map[string]any, guild string) map[string]any {
	o := prune(body)
	for name, usual := range map[string]any{
		"type": float64(1), "description": "", "default_member_permissions": nil, "nsfw": false, "dm_permission": true,
		"contexts": nil, "integration_types": []any{float64(0)}, "name_localizations": nil, "description_localizations": nil,
	} {
		if _, ok := o[name]; !ok {
			o[name] = usual
		}
	}
	o["id"], o["application_id"], o["version"] = s.mint(), s.world.app, s.mint()
	if guild != "" {
		o["guild_id"] = guild
		delete(o, "dm_permission")
	}
	return o
}

// prune leaves out nulls, as Discord does when it gives a command back.
func prune(o map[string]any) map[string]any {
	out := map[string]any{}
	for name, value := range o {
		switch value := value.(type) {
		case nil:
		case map[string]any:
			out[name] = prune(value)
		case []any:
			list := slices.Clone(value)
			for i, item := range list {
				if inner, ok := item.(map[string]any); ok {
					list[i] = prune(inner)
				}
			}
			out[name] = list
		default:
			out[name] = value
		}
	}
	return out
}

// scoped runs f for the commands of a call, everywhere (guild "") or in a server, with the lock held.
func (s *Server) scoped(c *rest.Call, f func(guild string)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	guild, wrong := s.scope(c)
	if wrong != nil {
		c.Fail(*wrong)
		return
	}
	f(guild)
}

func (s *Server) getCommands(c *rest.Call) {
	s.scoped(c, func(guild string) {
		list := []any{}
		for _, o := range s.world.commands[guild] {
			list = append(list, localised(o, c.URL.Query().Get("with_localizations") == "true"))
		}
		c.Reply(http.StatusOK, list)
	})
}

// localised leaves the translations out unless they were asked for.
func localised(o map[string]any, with bool) map[string]any {
	if with {
		return o
	}
	o = maps.Clone(o)
	delete(o, "name_localizations")
	delete(o, "description_localizations")
	return o
}

func (s *Server) putCommands(c *rest.Call) {
	var bodies []map[string]any
	if !c.Into(&bodies) {
		return
	}
	s.scoped(c, func(guild string) {
		list := []map[string]any{}
		for _, body := range bodies {
			o := s.command(body, guild)
			if old, _ := find(s.world.commands[guild], same(o)); old != nil {
				o["id"] = old["id"] // an update in place
			}
			if twice, _ := find(list, same(o)); twice != nil {
				c.Fail(object.Invalid("name", "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique"))
				return
			}
			list = append(list, o)
		}
		s.world.commands[guild] = list
		c.Reply(http.StatusOK, list)
	})
}

// same finds the command with the name and type of o.
func same(o map[string]any) func(map[string]any) bool {
	return func(other map[string]any) bool { return other["name"] == o["name"] && other["type"] == o["type"] }
}

func find(list []map[string]any, is func(map[string]any) bool) (map[string]any, int) {
	if i := slices.IndexFunc(list, is); i >= 0 {
		return list[i], i
	}
	return nil, -1
}

func (s *Server) postCommand(c *rest.Call) {
	var body map[string]any
	if !c.Into(&body) {
		return
	}
	s.scoped(c, func(guild string) {
		o := s.command(body, guild)
		if old, i := find(s.world.commands[guild], same(o)); old != nil {
			o["id"] = old["id"]
			s.world.commands[guild][i] = o
			c.Reply(http.StatusOK, o)
			return
		}
		s.world.commands[guild] = append(s.world.commands[guild], o)
		c.Reply(http.StatusCreated, o)
	})
}

// one runs f for the command of a call, the i-th of those there are in its scope, with the lock held.
func (s *Server) one(c *rest.Call, f func(guild string, o map[string]any, i int)) {
	s.scoped(c, func(guild string) {
		o, i := find(s.world.commands[guild], func(o map[string]any) bool { return o["id"] == c.PathValue("command") })
		if o == nil {
			c.Fail(object.UnknownCommand)
			return
		}
		f(guild, o, i)
	})
}

func (s *Server) getCommand(c *rest.Call) {
	s.one(c, func(_ string, o map[string]any, _ int) { c.Reply(http.StatusOK, o) })
}

func (s *Server) patchCommand(c *rest.Call) {
	var body map[string]any
	if !c.Into(&body) {
		return
	}
	s.one(c, func(guild string, o map[string]any, i int) {
		changed := maps.Clone(o)
		maps.Copy(changed, prune(body))
		changed["version"] = s.mint()
		s.world.commands[guild][i] = changed
		c.Reply(http.StatusOK, changed)
	})
}

func (s *Server) deleteCommand(c *rest.Call) {
	s.one(c, func(guild string, _ map[string]any, i int) {
		s.world.commands[guild] = slices.Delete(s.world.commands[guild], i, i+1)
		c.Reply(http.StatusNoContent, nil)
	})
}

// commandID is the id that an interaction with a command of this name carries: that of the registered one where there
// is one. The caller holds the lock.
func (s *Server) commandID(name string, kind int, guild string) (id string, inGuild bool) {
	for _, scope := range []string{guild, ""} {
		o, _ := find(s.world.commands[scope], func(o map[string]any) bool {
			return o["name"] == strings.TrimSpace(name) && o["type"] == float64(kind)
		})
		if o != nil {
			id, _ = o["id"].(string)
			return id, scope != ""
		}
	}
	return s.mint(), false
}
