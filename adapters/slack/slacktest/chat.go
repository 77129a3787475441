package slacktest

import (
	"cmp"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"unicode/utf8"

	"careerbot/adapters/slack/slacktest/blockkit"
	"careerbot/adapters/slack/slacktest/history"
)

// maxText is where Slack cuts a message's text, in characters; it advises 4,000 (chat.postMessage). Here what is longer
// is refused, so that nothing is cut unseen.
const maxText = 40_000

// place is a channel of a team.
type place struct{ team, channel string }

var aStamp = regexp.MustCompile(`^\d+\.\d+$`)

// draft is a message as a method, a response_url or an acknowledgement brings it.
func draft(a args) history.Message {
	return history.Message{
		Text: a["text"], Blocks: a.raw("blocks"), Metadata: a.raw("metadata"), ThreadTS: a["thread_ts"],
		UnfurlLinks: a["unfurl_links"], UnfurlMedia: a["unfurl_media"], Broadcast: a.yes("reply_broadcast"),
	}
}

// check refuses a message that Slack would not take.
func (s *Slack) check(m history.Message) refusal {
	if m.Text == "" && len(m.Blocks) == 0 {
		return refuse("no_text")
	}
	if utf8.RuneCountInString(m.Text) > maxText {
		return refuse("msg_too_long")
	}
	if m.ThreadTS != "" && !aStamp.MatchString(m.ThreadTS) {
		return refuse("invalid_thread_ts")
	}
	if r := checkMetadata(m.Metadata); r != nil {
		return r
	}
	if len(m.Blocks) == 0 {
		return nil
	}
	return refuseKit(blockkit.Message(m.Blocks, s.options.Reject))
}

// checkMetadata wants an event_type and an object beside it; the empty ones that slack-go sends along count as none.
func checkMetadata(raw json.RawMessage) refusal {
	if len(raw) == 0 {
		return nil
	}
	var metadata struct {
		Type    string                     `json:"event_type"`
		Payload map[string]json.RawMessage `json:"event_payload"`
	}
	if json.Unmarshal(raw, &metadata) != nil {
		return refuse("invalid_metadata_format")
	}
	if metadata.Type == "" && len(metadata.Payload) > 0 {
		return refuse("invalid_metadata_schema")
	}
	return nil
}

// reach finds the channel that an id means for a team's bot; a person's id means their direct messages.
func (s *Slack) reach(t *Team, id string) (string, refusal) {
	if id == "" {
		return "", refuse("channel_not_found")
	}
	switch id[0] {
	case 'U', 'W':
		id = DM(id)
	case 'C', 'D', 'G':
	default:
		return "", refuse("channel_not_found")
	}
	if slices.Contains(s.installs[t.ID].Absent, id) {
		return "", refuse("not_in_channel")
	}
	return id, nil
}

// DM is the channel of somebody's direct messages with the bot.
func DM(user string) string { return "D" + user[min(1, len(user)):] }

func (s *Slack) postMessage(r request) reply {
	channel, refused := s.reach(r.team(), r.args["channel"])
	if refused != nil {
		return refused
	}
	m := draft(r.args)
	if refused := s.check(m); refused != nil {
		return refused
	}
	if refused := s.paceOf(place{r.team().ID, channel}); refused != nil {
		return refused
	}
	m.Team, m.Channel, m.Via = r.team().ID, channel, r.method
	p := s.post(r.team(), m)
	return reply{"ok": true, "channel": channel, "ts": p.TS, "message": messageOf(p, true)}
}

func (s *Slack) postEphemeral(r request) reply {
	channel, refused := s.reach(r.team(), r.args["channel"])
	if refused != nil {
		return refused
	}
	m := draft(r.args)
	if r.args["user"] == "" {
		return refuse("user_not_in_channel")
	}
	if refused := s.check(m); refused != nil {
		return refused
	}
	m.Team, m.Channel, m.Via, m.Ephemeral = r.team().ID, channel, r.method, r.args["user"]
	return reply{"ok": true, "message_ts": s.post(r.team(), m).TS}
}

// post puts a message of the bot into the history, which sees what it answers.
func (s *Slack) post(t *Team, m history.Message) *history.Message {
	m.TS, m.User, m.BotID = s.stamp(), t.BotUser, t.BotID
	p := s.history.Add(m)
	s.tell()
	return p
}

// messageOf is a message as the API shows it.
func messageOf(m *history.Message, metadata bool) object {
	v := object{"type": "message", "ts": m.TS, "text": m.Text, "team": m.Team, "user": m.User}
	set := func(name, value string) {
		if value != "" {
			v[name] = value
		}
	}
	set("thread_ts", m.ThreadTS)
	set("bot_id", m.BotID)
	set("subtype", m.Subtype)
	if m.Blocks != nil {
		v["blocks"] = m.Blocks
	}
	if metadata && m.Metadata != nil {
		v["metadata"] = m.Metadata
	}
	if m.Edits > 0 {
		v["edited"] = object{"user": m.User, "ts": m.TS}
	}
	return v
}

func (s *Slack) updateMessage(r request) reply {
	m, refused := s.own(r, "cant_update_message")
	if refused != nil {
		return refused
	}
	next := draft(r.args)
	if next.Text == "" && next.Blocks == nil {
		return refuse("no_text")
	}
	if next.Text == "" {
		next.Text = m.Text
	}
	if next.Blocks == nil {
		next.Blocks = m.Blocks // those left out stay; an empty list takes them away
	}
	if next.Metadata == nil {
		next.Metadata = m.Metadata
	}
	if refused := s.check(next); refused != nil {
		return refused
	}
	s.edit(m, next)
	return reply{"ok": true, "channel": m.Channel, "ts": m.TS, "text": m.Text, "message": messageOf(m, true)}
}

// edit gives a message the content of another.
func (s *Slack) edit(m *history.Message, next history.Message) {
	m.Text, m.Blocks, m.Metadata = next.Text, next.Blocks, next.Metadata
	m.Edits++
	s.history.Updated(m)
	s.tell()
}

func (s *Slack) deleteMessage(r request) reply {
	m, refused := s.own(r, "cant_delete_message")
	if refused != nil {
		return refused
	}
	m.Deleted = true
	s.tell()
	return reply{"ok": true, "channel": m.Channel, "ts": m.TS}
}

// own finds the message of this bot that a call names.
func (s *Slack) own(r request, otherwise string) (*history.Message, refusal) {
	channel, refused := s.reach(r.team(), r.args["channel"])
	if refused != nil {
		return nil, refused
	}
	m := s.history.Find(r.team().ID, channel, r.args["ts"])
	if m == nil || m.Deleted || m.Ephemeral != "" {
		return nil, refuse("message_not_found")
	}
	if m.BotID != r.team().BotID {
		return nil, refuse(otherwise)
	}
	return m, nil
}

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
	var found []*history.Message
	for _, m := range slices.Backward(s.history.Channel(p.team, p.channel)) {
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
	if m := s.history.Find(p.team, p.channel, root); m != nil && m.ThreadTS != "" {
		root = m.ThreadTS // Slack takes the timestamp of any message of the thread
	}
	found := s.history.Thread(p.team, p.channel, root)
	if len(found) == 0 {
		return refuse("thread_not_found")
	}
	return paged(r.args, found)
}

// paged picks by oldest, latest, inclusive, cursor and limit. Others' ephemeral messages are in no history.
func paged(a args, found []*history.Message) reply {
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
		views = append(views, messageOf(m, a.yes("include_all_metadata")))
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
