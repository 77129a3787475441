package discord

import (
	"slices"

	"careerbot/adapters"
	"careerbot/adapters/discord/layout"
	"careerbot/bot/chat"
)

// kind is what an event wants to be done.
type kind int

const (
	ignored   kind = iota // nothing: not for us
	pinged                // HTTP only: answer with wire.Pong
	question              // ask the Asker, draw it with look()
	completed             // autocomplete: answer with commands.Complete, never an error
	vote                  // ask the Asker with asked.question, draw what it says: ephemeral
	reason                // 👎: answer with layout.ReasonForm at once; then ask the Asker with asked.question, which counts
	//                       the vote without a reason, so that a form that is closed loses nothing; send no second reply
	turned   // another page: ask asked.question, then asked.inPlace says whether to update the message or to answer anew
	shared   // ask asked.question, then draw it: everybody sees it
	settings // asked.change on the server's Preferences, Set them, then renderSettings
	report   // Reporter.Report(…, asked.question.Server, asked.days), drawn: ephemeral
	unknown  // a button or command of another version: layout.Notify(asked.notice(), …), ephemeral
)

// asked is one event, understood. Its question has ID set: "i" or "m" and the snowflake, at most 21 characters, so that it
// serves as courier key and as nonce.
type asked struct {
	kind     kind
	question chat.Question
	place    place

	pack     string // that the command asks alone; "" asks those that are chosen
	private  *bool  // the asker chose; nil leaves it to the topic and the server
	repeat   string // the question in words, as it is repeated above the answer; "" where everybody sees it anyway
	by       string // display name of who asks
	crowd    bool   // an interaction where others see what is posted: a server, a group
	pressed  bool   // it is a button, a menu or a form
	owner    bool   // a pressed button: who presses is who asked
	inPlace  bool   // turned: update the message (type 7), else answer with a message of its own
	page     int    // turned: from 0
	days     int    // report
	option   string // completed: what is completed, see commands.Completes
	typed    string // completed: what has been typed so far
	change   change // settings
	feedback bool   // 👍 and 👎 are shown
	quiet    bool   // under: nothing is posted for everybody in this channel; a message is then of kind ignored
}

// place says where an event came from and so where its reply goes. It is stored with the question until it is answered.
type place struct {
	Application string      `json:"app,omitempty"`
	Interaction string      `json:"interaction,omitempty"` // id; "" for messages
	Token       string      `json:"token,omitempty"`       // of the interaction: secret for its 15 minutes
	Guild       string      `json:"guild,omitempty"`       // where it happened, also where we are not a member; "" in direct messages
	Channel     string      `json:"channel,omitempty"`
	Parent      string      `json:"parent,omitempty"`  // channel of the thread, where known
	Message     string      `json:"message,omitempty"` // to reply to, or whose button was pressed
	User        string      `json:"user,omitempty"`
	Name        string      `json:"name,omitempty"` // display name of User
	Look        layout.Look `json:"look"`
}

// change is what a settings command asks for.
type change struct {
	show  bool // change nothing
	apply func(adapters.Preferences) (adapters.Preferences, error)
}

// under is a as a server's settings want it.
func (a asked) under(p adapters.Preferences) asked {
	if a.question.Packs = p.PacksIn(a.place.Channel); a.pack != "" {
		a.question.Packs = []string{a.pack}
	}
	a.feedback = !p.NoFeedback
	a.quiet = a.place.Guild != "" && quieted(p, a.place)
	if a.place.Interaction == "" {
		if a.quiet {
			a.kind = ignored
		}
		return a
	}
	switch {
	case a.kind == settings || a.kind == report || a.kind == vote || a.kind == unknown || a.quiet:
		a.question.Private = true
	case a.private != nil:
		a.question.Private = *a.private
	case a.crowd:
		a.question.Private = p.Private || a.question.Topic == chat.TopicSalary // what somebody may earn is their own business
	}
	return a
}

// quieted says whether nothing is to be posted for everybody here: a thread is as quiet as its channel.
func quieted(p adapters.Preferences, at place) bool {
	if at.Parent != "" && len(p.Only) > 0 && slices.Contains(p.Only, at.Parent) {
		p.Only = nil
	}
	return p.Quieted(at.Channel) || slices.Contains(p.Quiet, at.Parent)
}

// notice is what is said to an event of kind unknown.
func (a asked) notice() layout.Notice {
	if a.question.Action == "" && a.pressed {
		return layout.Expired
	}
	return layout.Missing
}

// look is how the answer to a is drawn; call under first.
func (a asked) look() layout.Look {
	l := layout.Look{
		Locale: a.question.Locale, Private: a.question.Private, Question: a.repeat, Owner: a.place.User, Page: a.page,
		Feedback: a.feedback, Share: a.crowd && !a.quiet,
	}
	if !l.Private {
		l.By = a.by
	}
	return l
}
