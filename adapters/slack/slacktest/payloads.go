package slacktest

import (
	"cmp"
	"strconv"
	"time"

	"careerbot/adapters/slack/slacktest/history"
)

// Place is where somebody does something.
type Place struct {
	Team    string // "" is the first team
	Channel string // "" is C0GENERAL
	Thread  string // timestamp of the thread that it is in, "" for none
	User    string // "" is U0ASKER
}

func (s *Slack) at(p Place) Place {
	p.Team = cmp.Or(p.Team, s.options.Teams[0].ID)
	p.Channel = cmp.Or(p.Channel, "C0GENERAL")
	p.User = cmp.Or(p.User, "U0ASKER")
	return p
}

// Slash is somebody's command: "/backend", "salary senior".
func (s *Slack) Slash(p Place, command, text string) Envelope {
	s.mu.Lock()
	defer s.mu.Unlock()
	p = s.at(p)
	t := s.installs[p.Team]
	trigger := s.newTrigger(p.Team, p.User, "")
	h := s.newHook(hook{team: t, channel: p.Channel, user: p.User, question: trigger})
	payload := object{
		"token": s.options.App.VerificationToken, "team_id": t.ID, "team_domain": t.Domain, "channel_id": p.Channel,
		"channel_name": channelName(p.Channel), "user_id": p.User, "user_name": s.person(p.User).Name, "command": command,
		"text": text, "api_app_id": s.options.App.ID, "is_enterprise_install": strconv.FormatBool(t.OrgWide), "response_url": s.hookURL(h.id),
		"trigger_id": trigger,
	}
	if t.Enterprise != "" {
		payload["enterprise_id"], payload["enterprise_name"] = t.Enterprise, "Enterprise"
	}
	return Envelope{
		Type: SlashCommands, Payload: payload, Accepts: true, Key: trigger,
		Team: p.Team, Channel: p.Channel, User: p.User, hook: h,
	}
}

func channelName(id string) string {
	if kindOf(id) == "im" {
		return "directmessage"
	}
	return "general"
}

// Event wraps an event of the Events API. The first authorization and the outer team_id name the workspace, as the
// event itself need not.
func (s *Slack) Event(p Place, event map[string]any) Envelope {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.event(s.at(p), event)
}

func (s *Slack) event(p Place, event object) Envelope {
	t := s.installs[p.Team]
	var enterprise any
	if t.Enterprise != "" {
		enterprise = t.Enterprise
	}
	payload := object{
		"token": s.options.App.VerificationToken, "team_id": t.ID, "api_app_id": s.options.App.ID, "event": event,
		"type": "event_callback", "event_id": s.next("Ev"), "event_time": s.now().Unix(),
		"is_ext_shared_channel": false, "event_context": "4-test",
		"authorizations": []any{object{
			"enterprise_id": enterprise, "team_id": t.ID, "user_id": t.BotUser, "is_bot": true, "is_enterprise_install": t.OrgWide,
		}},
	}
	if t.Enterprise != "" {
		payload["enterprise_id"] = t.Enterprise
	}
	e := Envelope{Type: EventsAPI, Payload: payload, Team: p.Team, Channel: p.Channel, User: p.User}
	if ts := text(event, "ts"); ts != "" {
		e.Key = QuestionKey(p.Team, p.Channel, ts)
		e.Thread = cmp.Or(p.Thread, ts)
	}
	return e
}

// QuestionKey is the key of a question that is a message.
func QuestionKey(team, channel, ts string) string { return team + " " + channel + " " + ts }

// said puts somebody's message into the channel and gives the event that tells of it. The caller holds the lock.
func (s *Slack) said(p Place, kind, words string) object {
	m := s.history.Add(history.Message{
		Team: p.Team, Channel: p.Channel, TS: s.stamp(), ThreadTS: p.Thread, User: p.User, Text: words,
	})
	event := object{
		"type": kind, "user": p.User, "text": words, "ts": m.TS, "channel": p.Channel, "event_ts": m.TS,
		"client_msg_id": s.next("msg-"),
		"blocks": []any{object{"type": "rich_text", "block_id": s.next("b"), "elements": []any{object{
			"type": "rich_text_section", "elements": []any{object{"type": "text", "text": words}},
		}}}},
	}
	if p.Thread != "" {
		event["thread_ts"] = p.Thread
		if parent := s.history.Find(p.Team, p.Channel, p.Thread); parent != nil {
			parent.ThreadTS = parent.TS
			event["parent_user_id"] = parent.User
		}
	}
	return event
}

// Mention is app_mention: words should name the bot, as "<@U0BOT> salary".
func (s *Slack) Mention(p Place, words string) Envelope {
	s.mu.Lock()
	defer s.mu.Unlock()
	p = s.at(p)
	event := s.said(p, "app_mention", words)
	event["team"] = p.Team
	return s.event(p, event)
}

// Twin is the message event of a mention, as an app with message.channels gets it too: another event_id, the same
// channel and ts.
func (s *Slack) Twin(mention Envelope) Envelope {
	s.mu.Lock()
	defer s.mu.Unlock()
	event := object{}
	for name, v := range mention.Payload["event"].(object) {
		event[name] = v
	}
	event["type"], event["channel_type"] = "message", channelType(mention.Channel)
	delete(event, "team")
	return s.event(Place{mention.Team, mention.Channel, mention.Thread, mention.User}, event)
}

// Say is a message event: in a channel, in a thread where Place has one, or with SayIM directly to the bot.
func (s *Slack) Say(p Place, words string) Envelope {
	s.mu.Lock()
	defer s.mu.Unlock()
	p = s.at(p)
	event := s.said(p, "message", words)
	event["channel_type"] = channelType(p.Channel)
	return s.event(p, event)
}

// SayIM is somebody's direct message to the bot.
func (s *Slack) SayIM(p Place, words string) Envelope {
	p = s.at(p)
	p.Channel = DM(p.User)
	return s.Say(p, words)
}

// Malformed is a message event with a block that no client can read.
func (s *Slack) Malformed(p Place) Envelope {
	p = s.at(p)
	return s.Event(p, object{
		"type": "message", "channel": p.Channel, "user": p.User, "text": "", "ts": s.eventTS(),
		"blocks": []any{object{"type": "section", "text": 1}},
	})
}

func channelType(channel string) string {
	switch kindOf(channel) {
	case "im":
		return "im"
	case "groups":
		return "group"
	}
	return "channel"
}

// Subtype is a message event of a subtype: file_share and thread_broadcast hold words somebody wrote; channel_join,
// channel_topic and the like are for nobody to answer.
func (s *Slack) Subtype(p Place, subtype, words string) Envelope {
	e := s.Say(p, words)
	event := e.Payload["event"].(object)
	event["subtype"] = subtype
	if subtype == "file_share" {
		event["files"] = []any{object{"id": "F0SHARED", "name": "cv.pdf", "mimetype": "application/pdf", "filetype": "pdf"}}
	}
	if subtype == "thread_broadcast" {
		event["root"] = object{"ts": e.Thread, "thread_ts": e.Thread}
	}
	return e
}

// FromBot is a message of some bot: with own, of this app's, as its posts to a response_url come back: bot_message
// without a user.
func (s *Slack) FromBot(p Place, words string, own bool) Envelope {
	e := s.Say(p, words)
	event := e.Payload["event"].(object)
	event["bot_id"], event["subtype"], event["user"] = "B0OTHER", "bot_message", ""
	if own {
		event["bot_id"] = s.botID(e.Team)
	}
	delete(event, "client_msg_id")
	return e
}

func (s *Slack) botID(team string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.installs[team].BotID
}

// Changed tells that the message of e was edited.
func (s *Slack) Changed(e Envelope, words string) Envelope {
	before := e.Payload["event"].(object)
	after := object{"type": "message", "user": e.User, "text": words, "ts": before["ts"], "edited": object{"user": e.User}}
	return s.hidden(e, "message_changed", object{"message": after, "previous_message": before})
}

// Removed tells that the message of e was deleted.
func (s *Slack) Removed(e Envelope) Envelope {
	before := e.Payload["event"].(object)
	return s.hidden(e, "message_deleted", object{"deleted_ts": before["ts"], "previous_message": before})
}

func (s *Slack) hidden(e Envelope, subtype string, event object) Envelope {
	s.mu.Lock()
	defer s.mu.Unlock()
	ts := s.stamp()
	event["type"], event["subtype"], event["hidden"] = "message", subtype, true
	event["channel"], event["ts"], event["event_ts"], event["channel_type"] = e.Channel, ts, ts, channelType(e.Channel)
	return s.event(Place{Team: e.Team, Channel: e.Channel, User: e.User}, event)
}

// HomeOpened is app_home_opened with tab "home" or "messages".
func (s *Slack) HomeOpened(p Place, tab string) Envelope {
	p = s.at(p)
	p.Channel = DM(p.User)
	return s.Event(p, object{
		"type": "app_home_opened", "user": p.User, "channel": p.Channel, "tab": tab, "event_ts": s.eventTS(),
	})
}

// ContextChanged is app_context_changed, of apps with agent_view: the person looks at another channel.
func (s *Slack) ContextChanged(p Place, channel string) Envelope {
	p = s.at(p)
	return s.Event(p, object{
		"type": "app_context_changed", "user": p.User, "event_ts": s.eventTS(),
		"context": object{"entities": []any{object{"type": "slack#/types/channel_id", "value": channel, "team_id": p.Team}}},
	})
}

// Uninstall takes the app off a team: its tokens die, and app_uninstalled tells of it.
func (s *Slack) Uninstall(team string) Envelope {
	s.Revoke(team, "account_inactive")
	return s.Event(Place{Team: team}, object{"type": "app_uninstalled", "event_ts": s.eventTS()})
}

// TokensRevoked revokes a team's bot tokens, and tells of it.
func (s *Slack) TokensRevoked(team string) Envelope {
	s.Revoke(team, "token_revoked")
	s.mu.Lock()
	bot := s.installs[team].BotUser
	s.mu.Unlock()
	return s.Event(Place{Team: team}, object{
		"type": "tokens_revoked", "tokens": object{"oauth": []any{}, "bot": []any{bot}}, "event_ts": s.eventTS(),
	})
}

func (s *Slack) eventTS() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stamp()
}

// RateLimited is the event app_rate_limited: more than 30,000 events in an hour.
func (s *Slack) RateLimited(team string) Envelope {
	return Envelope{Type: EventsAPI, Team: team, Payload: object{
		"token": s.options.App.VerificationToken, "type": "app_rate_limited", "team_id": team,
		"minute_rate_limited": s.now().Truncate(time.Minute).Unix(), "api_app_id": s.options.App.ID,
	}}
}
