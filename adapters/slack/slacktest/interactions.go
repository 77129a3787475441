package slacktest

import (
	"cmp"
	"encoding/json"

	"careerbot/adapters/slack/slacktest/history"
)

// interaction is what every payload of an interaction has. The caller holds the lock.
func (s *Slack) interaction(p Place, kind, trigger string) object {
	t := s.installs[p.Team]
	team := object{"id": t.ID, "domain": t.Domain}
	payload := object{
		"type": kind, "token": s.options.App.VerificationToken, "api_app_id": s.options.App.ID, "trigger_id": trigger,
		"team": team, "enterprise": nil, "is_enterprise_install": t.OrgWide,
		"user": object{"id": p.User, "username": s.person(p.User).Name, "name": s.person(p.User).Name, "team_id": t.ID},
	}
	if t.Enterprise != "" {
		team["enterprise_id"], team["enterprise_name"] = t.Enterprise, "Enterprise"
		payload["enterprise"] = object{"id": t.Enterprise, "name": "Enterprise"}
	}
	return payload
}

// Action is what somebody pressed or picked.
type Action struct {
	Type     string // "button", "static_select", "feedback_buttons", "overflow", …
	ActionID string
	BlockID  string
	Value    string // of the button, or of the option that was picked
	Label    string // its text
}

func (a Action) payload(ts string) object {
	o := object{"type": a.Type, "action_id": a.ActionID, "block_id": cmp.Or(a.BlockID, "b1"), "action_ts": ts}
	label := object{"type": "plain_text", "text": cmp.Or(a.Label, "Button"), "emoji": true}
	switch a.Type {
	case "static_select", "overflow", "radio_buttons":
		o["selected_option"] = object{"text": label, "value": a.Value}
	case "multi_static_select", "checkboxes":
		o["selected_options"] = []any{object{"text": label, "value": a.Value}}
	default:
		o["text"], o["value"] = label, a.Value
	}
	return o
}

// Click is block_actions on a message of the bot. The place's user presses; team and channel are the message's.
func (s *Slack) Click(p Place, m history.Message, a Action) Envelope {
	s.mu.Lock()
	defer s.mu.Unlock()
	p.Team, p.Channel = m.Team, m.Channel
	p = s.at(p)
	trigger := s.newTrigger(p.Team, p.User, "")
	h := s.newHook(hook{
		team: s.installs[p.Team], channel: p.Channel, thread: m.ThreadTS, user: p.User, original: m.TS, question: trigger,
	})
	payload := s.interaction(p, "block_actions", trigger)
	payload["channel"] = object{"id": p.Channel, "name": channelName(p.Channel)}
	payload["container"] = object{
		"type": "message", "message_ts": m.TS, "channel_id": p.Channel, "is_ephemeral": m.Ephemeral != "", "thread_ts": m.ThreadTS,
	}
	if m.Ephemeral == "" {
		payload["message"] = messageOf(&m, false) // Slack does not show an app its own ephemeral messages again
	}
	payload["response_url"] = s.hookURL(h.id)
	payload["state"] = object{"values": object{}}
	payload["actions"] = []any{a.payload(s.stamp())}
	return Envelope{
		Type: Interactive, Payload: payload, Accepts: true, Key: trigger, hook: h,
		Team: p.Team, Channel: p.Channel, Thread: cmp.Or(m.ThreadTS, m.TS), User: p.User,
	}
}

// ClickView is block_actions in a modal or Home tab.
func (s *Slack) ClickView(p Place, v View, a Action) Envelope {
	s.mu.Lock()
	defer s.mu.Unlock()
	p.Team, p.User = v.Team, cmp.Or(p.User, v.User)
	p = s.at(p)
	modal := v.ID
	if v.Kind == "home" {
		modal = ""
	}
	trigger := s.newTrigger(p.Team, p.User, modal)
	payload := s.interaction(p, "block_actions", trigger)
	payload["container"] = object{"type": "view", "view_id": v.ID}
	payload["view"] = s.viewOf(s.views[v.ID])
	payload["actions"] = []any{a.payload(s.stamp())}
	return Envelope{Type: Interactive, Payload: payload, Key: trigger, Team: p.Team, Channel: DM(p.User), User: p.User}
}

// MessageShortcut is message_action on a message, of anybody.
func (s *Slack) MessageShortcut(p Place, m history.Message, callbackID string) Envelope {
	s.mu.Lock()
	defer s.mu.Unlock()
	p.Team, p.Channel = m.Team, m.Channel
	p = s.at(p)
	trigger := s.newTrigger(p.Team, p.User, "")
	h := s.newHook(hook{team: s.installs[p.Team], channel: p.Channel, user: p.User, question: trigger})
	payload := s.interaction(p, "message_action", trigger)
	payload["callback_id"], payload["action_ts"], payload["message_ts"] = callbackID, s.stamp(), m.TS
	payload["channel"] = object{"id": p.Channel, "name": channelName(p.Channel)}
	payload["message"], payload["response_url"] = messageOf(&m, false), s.hookURL(h.id)
	return Envelope{
		Type: Interactive, Payload: payload, Key: trigger, hook: h,
		Team: p.Team, Channel: p.Channel, Thread: cmp.Or(m.ThreadTS, m.TS), User: p.User,
	}
}

// Shortcut is a global shortcut: it has no channel and no response_url.
func (s *Slack) Shortcut(p Place, callbackID string) Envelope {
	s.mu.Lock()
	defer s.mu.Unlock()
	p = s.at(p)
	trigger := s.newTrigger(p.Team, p.User, "")
	payload := s.interaction(p, "shortcut", trigger)
	payload["callback_id"], payload["action_ts"] = callbackID, s.stamp()
	return Envelope{Type: Interactive, Payload: payload, Key: trigger, Team: p.Team, Channel: DM(p.User), User: p.User}
}

// Submit is view_submission of a modal. values are its state: block_id, then action_id, then what the element holds,
// as {"type":"plain_text_input","value":"…"}.
func (s *Slack) Submit(v View, values map[string]map[string]any) Envelope {
	e := s.viewed(v, "view_submission")
	view := e.Payload["view"].(object)
	view["state"] = object{"values": values}
	e.Payload["response_urls"] = []any{}
	e.Accepts = true
	return e
}

// Dismiss is view_closed of a modal with notify_on_close.
func (s *Slack) Dismiss(v View) Envelope {
	e := s.viewed(v, "view_closed")
	e.Payload["is_cleared"] = false
	return e
}

func (s *Slack) viewed(v View, kind string) Envelope {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.at(Place{Team: v.Team, User: v.User})
	trigger := s.newTrigger(p.Team, p.User, v.ID)
	payload := s.interaction(p, kind, trigger)
	payload["view"] = s.viewOf(s.views[v.ID])
	return Envelope{Type: Interactive, Payload: payload, Key: trigger, Team: p.Team, Channel: DM(p.User), User: p.User}
}

// Actions are the interactive elements of a message's blocks, ready to be clicked: buttons, each option of selects, and
// both feedback buttons.
func Actions(m history.Message) []Action {
	var blocks []any
	if json.Unmarshal(m.Blocks, &blocks) != nil {
		return nil
	}
	var actions []Action
	for _, b := range blocks {
		block, _ := b.(object)
		elements, _ := block["elements"].([]any)
		if block["accessory"] != nil {
			elements = append(elements, block["accessory"])
		}
		for _, e := range elements {
			element, _ := e.(object)
			actions = append(actions, actionsOf(element, text(block, "block_id"))...)
		}
	}
	return actions
}

func actionsOf(e object, block string) []Action {
	a := Action{Type: text(e, "type"), ActionID: text(e, "action_id"), BlockID: block}
	label := func(o object) string {
		t, _ := o["text"].(object)
		return text(t, "text")
	}
	switch a.Type {
	case "button":
		a.Value, a.Label = text(e, "value"), label(e)
		return []Action{a}
	case "feedback_buttons":
		up, _ := e["positive_button"].(object)
		down, _ := e["negative_button"].(object)
		bad := a
		a.Value, a.Label = text(up, "value"), label(up)
		bad.Value, bad.Label = text(down, "value"), label(down)
		return []Action{a, bad}
	case "static_select", "overflow":
		var picks []Action
		for _, o := range optionsOf(e) {
			option, _ := o.(object)
			a.Value, a.Label = text(option, "value"), label(option)
			picks = append(picks, a)
		}
		return picks
	}
	return nil
}

// optionsOf are the options of a select, of all its groups where it has such.
func optionsOf(e object) []any {
	options, _ := e["options"].([]any)
	groups, _ := e["option_groups"].([]any)
	for _, g := range groups {
		group, _ := g.(object)
		more, _ := group["options"].([]any)
		options = append(options, more...)
	}
	return options
}
