package payload

import (
	"slices"
	"strings"

	"careerbot/bot/chat"
)

// ReadEvent reads the body of an event_callback: https://docs.slack.dev/reference/events.
func ReadEvent(payload []byte, r Options) Request {
	var b eventBody
	if !decode(payload, &b) {
		return Request{Kind: KindUnknown, Why: "an event that is no JSON object"}
	}
	q := Request{Place: b.place(), Self: r.Self}
	if q.Self == "" {
		q.Self = b.self()
	}
	e := &b.Event
	if b.Type == "app_rate_limited" {
		return q.unknown("Slack holds events back: there were more than 30,000 in an hour (app_rate_limited)")
	}
	switch e.Type {
	case "":
		return q.unknown("an event without a type, of the kind " + name(b.Type))
	case "app_mention":
		return q.mention(payload, e)
	case "message":
		return q.message(payload, e, r)
	case "app_home_opened":
		return q.opened(payload, e)
	case "app_context_changed", "assistant_thread_started":
		return q.prompts(payload, e)
	case "app_uninstalled":
		q.Kind, q.Key = KindUninstalled, key(payload, "u", b.EventID)
		return q
	case "tokens_revoked":
		q.Kind, q.Key, q.Bots = KindRevoked, key(payload, "r", b.EventID), e.Tokens.Bot
		return q
	}
	return q.ignored("an event of the type " + name(e.Type))
}

// Place is the workspace that an event belongs to. In a channel shared between workspaces, team_id may be that of the author;
// the authorization is always that of the installation. An organisation's has no team, but then team_id is right.
func (b *eventBody) place() Place {
	p := Place{Team: string(b.Team), Enterprise: string(b.Enterprise)}
	if len(b.Authorizations) == 0 {
		return p
	}
	a := b.Authorizations[0]
	p.Org = a.Org
	if a.Team != "" {
		p.Team = string(a.Team)
	}
	if a.Enterprise != "" {
		p.Enterprise = string(a.Enterprise)
	}
	return p
}

// self is the bot's user id, as far as the event tells.
func (b *eventBody) self() string {
	for _, a := range b.Authorizations {
		if a.Bot {
			return string(a.User)
		}
	}
	return ""
}

// mention reads an app_mention: in its thread, or beginning one.
func (q Request) mention(raw []byte, e *event) Request {
	if why := e.notAPerson(); why != "" {
		return q.ignored(why)
	}
	return q.ask(raw, e)
}

// message reads a message event: of a direct message all that people write; of channels what mentions the bot, which comes
// as an app_mention too, with the same key; and follow-ups in threads.
func (q Request) message(raw []byte, e *event, r Options) Request {
	if why := e.notAPerson(); why != "" {
		return q.ignored(why)
	}
	if string(e.User) == q.Self && q.Self != "" {
		return q.ignored("a message of the bot itself")
	}
	mentioned := mentions(e.Text)
	switch {
	case e.direct(), q.Self != "" && slices.Contains(mentioned, q.Self):
		return q.ask(raw, e)
	case e.Thread == "" || e.Thread == e.TS:
		return q.ignored("a message of a channel that does not mention the bot")
	case !r.Follow:
		return q.ignored("a message of a thread that does not mention the bot")
	case len(mentioned) > 0:
		return q.ignored("a message of a thread that mentions somebody else")
	case strings.TrimSpace(e.Text) == "":
		return q.ignored("a message of a thread without text")
	}
	q = q.ask(raw, e)
	if q.Kind == KindQuestion {
		q.Kind = KindFollow
	}
	return q
}

// notAPerson says why nobody waits for an answer to a message, or "". What the bot posts over a response_url comes back as
// a bot_message without a user.
func (e *event) notAPerson() string {
	switch {
	case e.Bot != "" || e.Subtype == "bot_message":
		return "a message of a bot"
	case e.Hidden:
		return "a hidden message"
	case e.Subtype != "" && e.Subtype != "file_share" && e.Subtype != "thread_broadcast":
		return "a message of the subtype " + name(e.Subtype)
	case e.User == "USLACKBOT":
		return "a message of Slackbot"
	case e.User == "":
		return "a message without an author"
	}
	return ""
}

// direct says whether the message stands between one person and the bot. Direct messages have ids that begin with D.
func (e *event) direct() bool {
	return e.ChannelType == "im" || e.ChannelType == "app_home" || e.ChannelType == "" && strings.HasPrefix(string(e.Channel), "D")
}

// ask makes a question of a message.
func (q Request) ask(raw []byte, e *event) Request {
	if e.Channel == "" || e.TS == "" {
		return q.unknown("a message without a channel or a time")
	}
	q.Kind, q.Key = KindQuestion, key(raw, "m", q.Place.Server(), string(e.Channel), e.TS)
	p := &q.Place
	p.Channel, p.User, p.Direct = string(e.Channel), string(e.User), e.direct()
	if p.Thread = e.Thread; p.Thread == "" {
		p.Thread = e.TS
	}
	q.Question = chat.Question{Thread: p.Channel + ":" + p.Thread, Text: typed(e.Text, q.Self)}
	if p.Direct {
		q.Question.Thread = p.Channel // people go on outside of the thread too
	}
	if e.Type == "app_mention" || slices.Contains(mentions(e.Text), q.Self) {
		q.Question.Text = strings.TrimLeft(q.Question.Text, ",:;–—- ") // "@Careerbot: what …"
	}
	p.Words = q.Question.Text
	if q.Question.Text == "" {
		if len(e.Files) > 0 || e.Subtype == "file_share" {
			q.Kind, q.Say = KindSay, "I read text only, not files. What would you like to know?"
			return q.complete()
		}
		q.Question.Topic = chat.TopicHelp
	}
	return q.complete()
}

// opened reads app_home_opened: the Home tab, or with agent_view the beginning of a conversation.
func (q Request) opened(raw []byte, e *event) Request {
	if e.User == "" {
		return q.ignored("a Home tab opened by nobody")
	}
	q.Place.User = string(e.User)
	switch e.Tab {
	case "home":
		q.Kind, q.Key = KindHome, key(raw, "h", q.Place.User, e.EventTS)
		return q
	case "messages":
		return q.prompts(raw, e)
	}
	return q.ignored("an opened tab of the kind " + name(e.Tab))
}

// prompts reads that a person looks at an empty conversation with the agent. assistant_thread_started is the older event;
// with agent_view there is no thread yet, and prompts must not name one.
func (q Request) prompts(raw []byte, e *event) Request {
	p := &q.Place
	p.Channel, p.Direct = string(e.Channel), true
	if p.User == "" {
		p.User = string(e.User)
	}
	if e.Assistant.Channel != "" {
		p.Channel, p.Thread, p.User = string(e.Assistant.Channel), e.Assistant.Thread, string(e.Assistant.User)
	}
	if p.Channel == "" {
		return q.ignored("an agent's conversation without a channel")
	}
	q.Kind, q.Key = KindPrompts, key(raw, "p", p.Channel, e.EventTS)
	return q
}
