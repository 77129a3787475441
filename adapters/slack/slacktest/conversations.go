package slacktest

import (
	"cmp"
	"slices"
	"strconv"
)

// Person is somebody in a workspace.
type Person struct {
	ID, Name, Locale, Zone string // Locale as "en-US", Zone as "Asia/Kolkata"
	Admin                  bool
}

// page is the most messages that one call gives: Slack's own limit is 999, its default 100.
const page = 999

// readable refuses who lacks the scope for a kind of channel: what is "history" or "read".
func (s *Slack) readable(r request, what string) (place, refusal) {
	channel, refused := s.reach(r.team(), r.args["channel"])
	if refused == nil {
		refused = missing([]string{kindOf(channel) + ":" + what}, r.grant.scopes)
	}
	return place{r.team().ID, channel}, refused
}

func (s *Slack) conversationsHistory(r request) reply {
	p, refused := s.readable(r, "history")
	if refused != nil {
		return refused
	}
	var found []*Message
	for _, m := range slices.Backward(s.log.channels[p]) {
		if m.ThreadTS == "" || m.ThreadTS == m.TS || m.Broadcast {
			found = append(found, m)
		}
	}
	return paged(r.args, found)
}

func (s *Slack) conversationsReplies(r request) reply {
	p, refused := s.readable(r, "history")
	if refused != nil {
		return refused
	}
	root := r.args["ts"]
	if m := s.log.find(p, root); m != nil && m.ThreadTS != "" {
		root = m.ThreadTS // Slack takes the timestamp of any message of the thread
	}
	found := s.log.threads[p][root]
	if len(found) == 0 {
		return refuse("thread_not_found")
	}
	return paged(r.args, found)
}

// paged picks by oldest, latest, inclusive, cursor and limit. Others' ephemeral messages are in no history.
func paged(a args, found []*Message) reply {
	limit, err := strconv.Atoi(cmp.Or(a["limit"], "100"))
	if err != nil || limit < 1 {
		limit = 100
	}
	limit = min(limit, page)
	skip, _ := strconv.Atoi(a["cursor"]) // "" skips none
	views := []map[string]any{}
	more := false
	for _, m := range found {
		if m.Deleted || m.Ephemeral != "" || !within(a, m.TS) {
			continue
		}
		if skip > 0 {
			skip--
			continue
		}
		if more = len(views) == limit; more {
			break
		}
		views = append(views, m.view(a.yes("include_all_metadata")))
	}
	answer := reply{"ok": true, "messages": views, "has_more": more}
	if more {
		before, _ := strconv.Atoi(a["cursor"])
		answer["response_metadata"] = map[string]any{"next_cursor": strconv.Itoa(before + limit)}
	}
	return answer
}

// within says whether a timestamp is between oldest and latest. Timestamps have one length, so they compare as text.
func within(a args, ts string) bool {
	low, high := a["oldest"], a["latest"]
	if a.yes("inclusive") {
		return (low == "" || low == "0" || ts >= low) && (high == "" || ts <= high)
	}
	return (low == "" || low == "0" || ts > low) && (high == "" || ts < high)
}

func (s *Slack) conversationsInfo(r request) reply {
	p, refused := s.readable(r, "read")
	if refused != nil {
		return refused
	}
	kind := kindOf(p.channel)
	return reply{"ok": true, "channel": map[string]any{
		"id": p.channel, "name": "channel-" + p.channel, "is_channel": kind == "channels", "is_group": kind == "groups",
		"is_im": kind == "im", "is_member": true, "is_private": kind != "channels", "context_team_id": p.team,
	}}
}

func (s *Slack) conversationsOpen(r request) reply {
	if r.args["users"] == "" {
		return refuse("users_list_not_supplied")
	}
	return reply{"ok": true, "channel": map[string]any{"id": DM(r.args["users"]), "user": r.args["users"], "is_im": true}}
}

func (s *Slack) usersInfo(r request) reply {
	id := r.args["user"]
	if id == "" || id[0] != 'U' && id[0] != 'W' {
		return refuse("user_not_found")
	}
	p := s.person(id)
	user := map[string]any{
		"id": id, "team_id": r.team().ID, "name": p.Name, "real_name": p.Name, "tz": p.Zone, "is_admin": p.Admin,
		"is_owner": false, "is_bot": id == r.team().BotUser, "profile": map[string]any{"display_name": p.Name},
	}
	if r.args.yes("include_locale") {
		user["locale"] = p.Locale
	}
	return reply{"ok": true, "user": user}
}

// person is who Options.People says, or somebody made up.
func (s *Slack) person(id string) Person {
	for _, p := range s.options.People {
		if p.ID == id {
			return p
		}
	}
	return Person{ID: id, Name: "person-" + id, Locale: "en-US", Zone: "Europe/London"}
}

func (s *Slack) botsInfo(r request) reply {
	t := r.team()
	if b := r.args["bot"]; b != "" && b != t.BotID {
		return refuse("bot_not_found")
	}
	return reply{"ok": true, "bot": map[string]any{
		"id": t.BotID, "app_id": s.options.App.ID, "name": "careerbot", "user_id": t.BotUser, "deleted": false,
	}}
}
