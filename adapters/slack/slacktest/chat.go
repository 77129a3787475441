package slacktest

import (
	"encoding/json"
	"regexp"
	"slices"
	"unicode/utf8"
)

// maxText is where Slack cuts a message's text, in characters; it advises 4,000 (chat.postMessage). Here what is longer
// is refused, so that nothing is cut unseen.
const maxText = 40_000

var aStamp = regexp.MustCompile(`^\d+\.\d+$`)

// draft is a message as a method, a response_url or an acknowledgement brings it.
func draft(a args) Message {
	return Message{
		Text: a["text"], Blocks: a.raw("blocks"), Metadata: a.raw("metadata"), ThreadTS: a["thread_ts"],
		UnfurlLinks: a["unfurl_links"], UnfurlMedia: a["unfurl_media"], Broadcast: a.yes("reply_broadcast"),
	}
}

// check refuses a message that Slack would not take.
func (s *Slack) check(m Message) refusal {
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
	return s.checkBlocks(m.Blocks, inMessage)
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
	return reply{"ok": true, "channel": channel, "ts": p.TS, "message": p.view(true)}
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

// post puts a message of the bot into the history and sees what it answers.
func (s *Slack) post(t *Team, m Message) *Message {
	m.TS, m.User, m.BotID = s.stamp(), t.BotUser, t.BotID
	p := s.log.add(&m, s.options.Keep)
	s.answered(p)
	s.tell()
	return p
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
	return reply{"ok": true, "channel": m.Channel, "ts": m.TS, "text": m.Text, "message": m.view(true)}
}

// edit gives a message the content of another.
func (s *Slack) edit(m *Message, next Message) {
	m.Text, m.Blocks, m.Metadata = next.Text, next.Blocks, next.Metadata
	m.Edits++
	s.updated(m)
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
func (s *Slack) own(r request, otherwise string) (*Message, refusal) {
	channel, refused := s.reach(r.team(), r.args["channel"])
	if refused != nil {
		return nil, refused
	}
	m := s.log.find(place{r.team().ID, channel}, r.args["ts"])
	if m == nil || m.Deleted || m.Ephemeral != "" {
		return nil, refuse("message_not_found")
	}
	if m.BotID != r.team().BotID {
		return nil, refuse(otherwise)
	}
	return m, nil
}
