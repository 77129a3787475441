package payload

import (
	"encoding/json"
	"strings"

	"careerbot/adapters"
	"careerbot/bot/chat"
)

// ReadInteraction reads a payload of /slack/interactions or of an interactive envelope:
// https://docs.slack.dev/reference/interaction-payloads.
func ReadInteraction(payload []byte) Request {
	var i interaction
	if !decode(payload, &i) {
		return Request{Kind: KindUnknown, Why: "an interaction that is no JSON object"}
	}
	q := Request{Place: i.place(), Trigger: i.Trigger, View: i.View.ID}
	switch i.Type {
	case "block_actions":
		return q.pressed(payload, &i)
	case "message_action":
		return q.onMessage(payload, &i)
	case "shortcut":
		if i.Callback != CallbackAsk || i.Trigger == "" {
			return q.ignored("a shortcut that is none of the bot's")
		}
		q.Kind, q.Key = KindAskModal, key(payload, "s", i.Trigger)
		return q
	case "view_submission":
		return q.submitted(payload, &i)
	case "":
		return q.unknown("an interaction without a type")
	}
	return q.ignored("an interaction of the type " + name(i.Type))
}

// Place is where something was pressed. A view says where the app is installed; team is null where that is the organisation.
func (i *interaction) place() Place {
	p := Place{Team: string(i.Team), Enterprise: string(i.Enterprise), Org: i.Org, User: string(i.User.ID), Hook: i.Hook}
	if i.View.Team != "" {
		p.Team = string(i.View.Team)
	}
	if p.Team == "" {
		p.Team = string(i.User.Team)
	}
	if p.Channel = string(i.Channel); p.Channel == "" {
		p.Channel = string(i.Container.Channel)
	}
	if p.Message = i.Container.Message; p.Message == "" {
		p.Message = i.Message.TS
	}
	if p.Thread = i.Container.Thread; p.Thread == "" {
		p.Thread = i.Message.Thread
	}
	p.Ephemeral = i.Container.Ephemeral
	p.Direct = strings.HasPrefix(p.Channel, "D")
	return p
}

// pressed reads a button, a choice of a menu, or feedback.
func (q Request) pressed(raw []byte, i *interaction) Request {
	if len(i.Actions) == 0 {
		return q.unknown("a press of nothing")
	}
	a := i.Actions[0]
	id, _, _ := strings.Cut(a.ID, ":")
	if !strings.HasPrefix(id, prefix) {
		return q.ignored("a press of something that is not the bot's")
	}
	if id == ActField {
		return q.ignored("an input that is read when its modal is submitted")
	}
	if q.Place.User == "" || q.Place.Channel == "" && i.View.ID == "" && q.Place.Hook == "" {
		return q.unknown("a press without a user or a place to answer")
	}
	q.Key = key(raw, "a", i.Trigger)
	token, label := a.Value, a.Text.Text
	if token == "" {
		token, label = a.Selected.Value, a.Selected.Text.Text
	}
	q.Place.Words = typed(label, "")
	q.within()
	switch id {
	case ActHome, ActTopic, ActSettings, ActReport:
		return q.pressedHome(id, token)
	case ActShare:
		return q.share(token)
	}
	thumb, voted := strings.CutPrefix(token, ThumbDown)
	if !voted {
		thumb = strings.TrimPrefix(token, ThumbUp)
	}
	if id == ActVote {
		token = thumb
	}
	if token == "" || len(token) > chat.MaxToken {
		return q.unknown("a press of a button without a token")
	}
	q.Kind, q.Question.Action = KindQuestion, token
	switch id {
	case ActAsk:
		q.Place.Repeat, q.Place.Sharable = true, q.Place.Ephemeral && !q.Place.Direct
	case ActMore:
		q.Place.Paged = true
	case ActPage:
		q.Place.Paged, q.Place.Replace = true, true
	case ActWhy, ActSources:
		q.Place.Ephemeral = !q.Place.Direct
	case ActVote, ActUp, ActDown:
		return q.vote(id == ActDown || id == ActVote && voted)
	default:
		q.Kind, q.Say = KindSay, "I no longer know that button. Please ask again in your own words."
		q.Place.Ephemeral = !q.Place.Direct
	}
	return q.complete()
}

// within places the answer to a press: in the thread of the message, and in the conversation that belongs to.
func (q *Request) within() {
	p := &q.Place
	if p.Thread == "" && !p.Ephemeral {
		p.Thread = p.Message
	}
	q.Question.Thread = p.Channel
	if p.Thread != "" && !p.Direct {
		q.Question.Thread += ":" + p.Thread
	}
	if p.Channel == "" && p.Hook == "" { // the Home tab: the answer goes to the person's direct messages
		p.Channel, p.Direct, p.Repeat = p.User, true, true
		q.Question.Thread = p.User
	}
}

// vote is about the message, but who voted what is nobody else's business.
func (q Request) vote(down bool) Request {
	q.Kind = KindVote
	if down {
		q.Kind = KindVoteDown
	}
	q.Place.Ephemeral = !q.Place.Direct
	return q.complete()
}

// pressedHome reads the buttons of the Home tab.
func (q Request) pressedHome(id, value string) Request {
	switch id {
	case ActSettings:
		q.Kind = KindSettings
		return q
	case ActReport:
		q.Kind, q.Days = KindReport, reportDays
		q.Place.Repeat = false
		return q.complete()
	case ActTopic:
		q.Question.Topic, q.Question.Text = subcommand(value)
	default:
		q.Question.Text = value
	}
	if value == "" {
		return q.unknown("a press of an example without a question")
	}
	if q.Place.Words == "" {
		q.Place.Words = value
	}
	q.Kind, q.Place.Ephemeral = KindQuestion, false
	return q.complete()
}

// share reads Share in Channel: the question is asked again, and everybody sees the answer.
func (q Request) share(value string) Request {
	var s Share
	if json.Unmarshal([]byte(value), &s) != nil || s.Text == "" && s.Action == "" && s.Topic == "" || len(s.Action) > chat.MaxToken {
		return q.unknown("a share without a question")
	}
	q.Kind, q.Public = KindShare, true
	q.Question.Topic, q.Question.Text, q.Question.Action = s.Topic, s.Text, s.Action
	p := &q.Place
	if p.Words = s.Words; p.Words == "" {
		p.Words = s.Text
	}
	if p.Words == "" {
		p.Words = string(s.Topic)
	}
	p.Ephemeral, p.Delete, p.Repeat = false, true, true
	if s.Thread != "" {
		p.Thread = s.Thread
		q.Question.Thread = p.Channel + ":" + p.Thread
	}
	return q.complete()
}

// onMessage reads the message shortcut: the message is the question, the answer is for who used it, who may share it in the
// message's thread.
func (q Request) onMessage(raw []byte, i *interaction) Request {
	if i.Callback != CallbackAnswer {
		return q.ignored("a shortcut that is none of the bot's")
	}
	p := &q.Place
	if p.User == "" || p.Hook == "" && p.Channel == "" {
		return q.unknown("a message shortcut without a user or a place to answer")
	}
	q.Key = key(raw, "s", i.Trigger)
	if p.Thread == "" {
		p.Thread = i.Message.TS
	}
	p.ShareTo, p.Ephemeral, p.Sharable, p.Direct = p.Thread, true, true, false
	q.Question.Thread = p.Channel + ":" + p.Thread
	text := i.Message.Text
	if strings.TrimSpace(text) == "" {
		text = blocksText(i.Message.Blocks)
	}
	if q.Question.Text = typed(text, ""); q.Question.Text == "" {
		q.Kind, q.Say = KindSay, "That message has no text that I can read. Ask me in your own words instead."
		p.Sharable = false
		return q.complete()
	}
	q.Kind, p.Words, p.Repeat = KindQuestion, q.Question.Text, true
	return q.complete()
}

// blocksText is the text in blocks, in order, as far as it is easy to find.
func blocksText(blocks json.RawMessage) string {
	var v any
	if json.Unmarshal(blocks, &v) != nil {
		return ""
	}
	var parts []string
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, e := range v {
				walk(e)
			}
		case map[string]any:
			if s, ok := v["text"].(string); ok {
				parts = append(parts, s)
			}
			for _, k := range []string{"text", "fields", "elements"} {
				if _, ok := v[k].(string); !ok {
					walk(v[k])
				}
			}
		}
	}
	walk(v)
	return strings.Join(parts, " ")
}

// submitted reads a modal.
func (q Request) submitted(raw []byte, i *interaction) Request {
	if !strings.HasPrefix(i.View.Callback, prefix) {
		return q.ignored("a modal that is none of the bot's")
	}
	if q.Place.User == "" {
		return q.unknown("a modal without a user")
	}
	q.Key = key(raw, "v", i.Trigger)
	switch i.View.Callback {
	case CallbackAsk:
		return q.submittedAsk(i)
	case CallbackReason:
		return q.submittedReason(i)
	case CallbackSettings:
		q.Kind, q.Preferences = KindSave, i.preferences()
		var of SettingsMetadata
		if json.Unmarshal([]byte(i.View.Private), &of) == nil && IsID(of.Channel) {
			q.Place.Channel, q.HerePacks = of.Channel, i.chosen(FieldHere)
		}
		return q
	}
	return q.unknown("a modal of the name " + name(i.View.Callback))
}

// submittedReason reads the modal that asks what was wrong; what it is about travels in the modal.
func (q Request) submittedReason(i *interaction) Request {
	var c ReasonMetadata
	if json.Unmarshal([]byte(i.View.Private), &c) != nil || c.Token == "" || len(c.Token) > chat.MaxToken {
		return q.unknown("a reason for no vote")
	}
	q.Kind, q.Question.Action, q.Question.Text = KindVote, c.Token, strings.TrimSpace(i.input(FieldReason).Value)
	if q.Question.Text == "" {
		return q.ignored("a modal that was sent without a reason")
	}
	c.Place.User, c.Place.Team, c.Place.Enterprise, c.Place.Org = q.Place.User, q.Place.Team, q.Place.Enterprise, q.Place.Org
	q.Place = c.Place
	return q.complete()
}

// submittedAsk reads the modal of the global shortcut: the answer goes to the channel that was chosen there, or to the
// person's direct messages.
func (q Request) submittedAsk(i *interaction) Request {
	q.Kind = KindQuestion
	p := &q.Place
	p.Channel, p.Direct, p.Repeat = p.User, true, true
	if len(i.Hooks) > 0 && i.Hooks[0].URL != "" {
		p.Channel, p.Hook, p.Direct = string(i.Hooks[0].Channel), i.Hooks[0].URL, false
		q.Public = true
	}
	q.Question.Thread = p.Channel
	q.Question.Text = strings.TrimSpace(i.input(FieldQuestion).Value)
	if q.Question.Text == "" {
		q.Question.Topic = chat.TopicHelp
	}
	p.Words = q.Question.Text
	return q.complete()
}

// input is the state of the input in a block: each has one.
func (i *interaction) input(block string) field {
	for _, f := range i.View.State.Values[block] {
		return f
	}
	return field{}
}

// preferences are the ones in the settings modal.
func (i *interaction) preferences() adapters.Preferences {
	p := adapters.Preferences{
		NoFeedback: true, Quiet: i.input(FieldQuiet).Conversations, Only: i.input(FieldOnly).Conversations,
	}
	for _, o := range i.input(FieldAnswers).Options {
		switch o.Value {
		case ChoicePrivate:
			p.Private = true
		case ChoiceFeedback:
			p.NoFeedback = false
		}
	}
	p.Packs = i.chosen(FieldPacks)
	return p
}

// chosen are the values chosen in a block.
func (i *interaction) chosen(block string) (values []string) {
	for _, o := range i.input(block).Options {
		values = append(values, o.Value)
	}
	return values
}
