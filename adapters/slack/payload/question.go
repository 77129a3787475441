package payload

import (
	"net/url"
	"strconv"
	"strings"

	"careerbot/bot/chat"
)

// ReadCommand reads a slash command from the form that Slack posts:
// https://docs.slack.dev/interactivity/implementing-slash-commands.
func ReadCommand(form url.Values) Request {
	c := command{
		team: form.Get("team_id"), enterprise: form.Get("enterprise_id"), org: form.Get("is_enterprise_install") == "true",
		channel: form.Get("channel_id"), user: form.Get("user_id"), text: form.Get("text"), word: form.Get("command"),
		hook: form.Get("response_url"), trigger: form.Get("trigger_id"),
	}
	raw := []byte(c.trigger)
	if len(raw) == 0 { // live Slack always sends one
		raw = []byte(form.Encode())
	}
	return c.read(raw)
}

// ReadCommandJSON reads a slash command from the payload of a Socket Mode envelope.
func ReadCommandJSON(payload []byte) Request {
	var p struct {
		Team       loose `json:"team_id"`
		Enterprise loose `json:"enterprise_id"`
		Org        any   `json:"is_enterprise_install"` // "true", as in a form, or true
		Channel    loose `json:"channel_id"`
		User       loose `json:"user_id"`
		Text       string
		Word       string `json:"command"`
		Hook       string `json:"response_url"`
		Trigger    string `json:"trigger_id"`
	}
	if !decode(payload, &p) {
		return Request{Kind: KindUnknown, Why: "a slash command that is no JSON object"}
	}
	c := command{
		team: string(p.Team), enterprise: string(p.Enterprise), org: p.Org == true || p.Org == "true",
		channel: string(p.Channel), user: string(p.User), text: p.Text, word: p.Word, hook: p.Hook, trigger: p.Trigger,
	}
	return c.read(payload)
}

// command is a slash command.
type command struct {
	team, enterprise, channel, user string
	org                             bool
	text, word, hook, trigger       string
}

func (c command) read(raw []byte) Request {
	if c.user == "" || c.channel == "" && c.hook == "" {
		return Request{Kind: KindUnknown, Why: "a slash command without a user or a place to answer"}
	}
	q := Request{
		Kind: KindQuestion, Key: key(raw, "c", c.trigger), Trigger: c.trigger, Word: strings.TrimPrefix(c.word, "/"),
		Place: Place{
			Team: c.team, Enterprise: c.enterprise, Org: c.org, Channel: c.channel, User: c.user, Hook: c.hook,
			Ephemeral: true, Sharable: true,
		},
	}
	text := typed(c.text, "")
	text, q.Public = flags(text)
	q.Place.Ephemeral, q.Place.Sharable, q.Place.Repeat = !q.Public, !q.Public, q.Public
	q.Place.Words = text
	q.Question = chat.Question{Thread: c.channel}
	if q.operator(text) {
		return q
	}
	q.Question.Topic, q.Question.Text = subcommand(text)
	return q.complete()
}

// operator reads the commands that are for those who manage the workspace: "settings" and "report 30".
func (q *Request) operator(text string) bool {
	first, rest, _ := strings.Cut(strings.ToLower(text), " ")
	switch first {
	case "settings":
		if rest != "" {
			return false // a question that begins with the word
		}
		q.Kind = KindSettings
		return true
	case "report":
		days := reportDays
		if rest = strings.TrimSpace(rest); rest != "" {
			n, err := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(strings.TrimSuffix(rest, "s"), "day")))
			if err != nil || n < 1 || n > mostDays {
				return false
			}
			days = n
		}
		q.Kind, q.Days = KindReport, days
		q.Place.Ephemeral, q.Place.Sharable, q.Place.Repeat = true, false, false
		return true
	}
	return false
}

// Days that a report is about: a month unless said otherwise, a year at most.
const (
	reportDays = 30
	mostDays   = 366
)

// flags takes --public, -p and --private out of a command's text. Slack's own clients turn "--" into a dash as people type.
func flags(text string) (rest string, public bool) {
	words := strings.Fields(text)
	kept := words[:0:0]
	for _, w := range words {
		switch strings.ToLower(w) {
		case "--public", "—public", "–public", "-p":
			public = true
		case "--private", "—private", "–private":
			public = false
		default:
			kept = append(kept, w)
		}
	}
	if len(kept) == len(words) {
		return text, false
	}
	return strings.Join(kept, " "), public
}

// subcommand takes a command's first word for a topic, where it is one; "" asks for help.
func subcommand(text string) (chat.Topic, string) {
	name, rest := text, ""
	if i := strings.IndexAny(text, " \t\r\n"); i >= 0 {
		name, rest = text[:i], strings.TrimSpace(text[i:])
	}
	if name == "" {
		return chat.TopicHelp, ""
	}
	for _, c := range chat.Commands() {
		if !strings.EqualFold(c.Name, name) {
			continue
		}
		if c.Topic == "" && rest == "" {
			return chat.TopicHelp, ""
		}
		return c.Topic, rest
	}
	return "", text
}
