// Package payload reads what Slack sends: slash commands, events, interactions. Each becomes a [Request], which says what is
// asked and where the answer goes. What stands in buttons and modals for it to read again is named here too.
//
// It is pure. It asks nobody and draws nothing; it takes no payload for an error, and it does not know whether Slack signed
// one, or whether it was there before.
package payload

import (
	"careerbot/adapters"
	"careerbot/bot/chat"
)

// Kind says what a payload asks of the adapter.
type Kind string

// The kinds. Every payload is one of them; none is an error.
const (
	KindIgnored     Kind = "ignored"     // nothing to do but to acknowledge; why is in Request.Why
	KindUnknown     Kind = "unknown"     // not understood: acknowledge, log Request.Why
	KindQuestion    Kind = "question"    // ask the bot, answer at Request.Place
	KindFollow      Kind = "follow"      // the same, if the bot has answered in that thread before; else ignore
	KindVote        Kind = "vote"        // tell the bot; its answer is shown to the voter alone
	KindVoteDown    Kind = "vote_down"   // the same, and open the modal for a reason with Request.Trigger
	KindShare       Kind = "share"       // ask again, post for everybody (Place says where), delete the private original
	KindSay         Kind = "say"         // say Request.Say at Request.Place; nothing is asked
	KindHome        Kind = "home"        // publish the Home tab for Place.User
	KindPrompts     Kind = "prompts"     // agent surface opened: suggest prompts in Place.Channel
	KindAskModal    Kind = "ask_modal"   // open the modal for a question with Request.Trigger
	KindSettings    Kind = "settings"    // open the settings with Request.Trigger, for admins
	KindSave        Kind = "save"        // keep Request.Preferences of the workspace, for admins
	KindReport      Kind = "report"      // Reporter.Report of Request.Days days, for admins, at Request.Place
	KindUninstalled Kind = "uninstalled" // forget the installation of Place.Team and Place.Enterprise
	KindRevoked     Kind = "revoked"     // the same, where Request.Bots is not empty: a bot token was revoked
)

// Request is what one payload asks. It is read by one of the readers and then settled.
type Request struct {
	Kind Kind
	Why  string // of an ignored or unknown payload: in words, for logs; holds nothing of what people wrote

	// Key names the event among all of Slack's, the same for each delivery of it, and for the two events that Slack
	// sends for one message: app_mention and message. At most 80 bytes.
	Key      string
	Question chat.Question // complete but for Locale; ID is the Key
	Place    Place         // where the answer goes

	Word        string               // of the slash command, without "/"; "" for anything else
	Public      bool                 // the person asked for an answer that everybody sees
	Trigger     string               // trigger_id: opens a modal within three seconds
	View        string               // id of the view that was open
	Say         string               // of KindSay
	Preferences adapters.Preferences // of KindSave
	HerePacks   []string             // of KindSave: packs that may answer in Place.Channel; none: as everywhere
	Days        int                  // of KindReport
	Bots        []string             // of KindRevoked: users of the bot tokens that are gone
	Self        string               // the bot's own user id as far as the payload tells, else ""
}

// Options are what [ReadEvent] needs to know beside the payload.
type Options struct {
	Self   string // the bot's user id in this workspace where it is known, "" else; the payload may tell too
	Follow bool   // read messages of threads that do not mention the bot (KindFollow)
}

func (q Request) ignored(why string) Request {
	q.Kind, q.Why = KindIgnored, why
	return q
}

func (q Request) unknown(why string) Request {
	q.Kind, q.Why = KindUnknown, why
	return q
}

// UnknownType is what an envelope of a type that no reader is for is read as.
func UnknownType(kind string) Request {
	return Request{Kind: KindUnknown, Why: "an envelope of the type " + name(kind)}
}

// name is a name that came with a payload, for logs.
func name(s string) string {
	if s == "" {
		return "\"\""
	}
	return chat.Clip(chat.Line(s), 60)
}

// complete fills in what follows from the rest.
func (q Request) complete() Request {
	q.Question.ID, q.Question.Platform = q.Key, "slack"
	q.Question.Server, q.Question.User = q.Place.Server(), q.Place.User
	q.Question.Private = q.Place.Ephemeral
	return q
}

// Settle applies what those who manage the workspace have chosen. Where there are several packs, a pack's own command asks
// it alone.
func Settle(q Request, p adapters.Preferences, packs []chat.Pack) Request {
	q.Question.Packs = p.PacksIn(q.Place.Channel)
	for _, pack := range packs {
		if len(packs) > 1 && q.Word != "" && q.Word == pack.Command {
			q.Question.Packs = []string{pack.Name}
		}
	}
	q.Place.Feedback = !p.NoFeedback
	if q.Place.Direct || q.Place.Channel == "" {
		return q
	}
	quiet := p.Quieted(q.Place.Channel)
	switch {
	case q.Kind == KindShare && quiet:
		q.Kind, q.Say = KindSay, "In this channel I answer in private only; those who manage the workspace have chosen that."
		q.Place.Ephemeral, q.Place.Delete, q.Place.Repeat = true, false, false
	case q.Kind != KindShare && (quiet || p.Private && !q.Public):
		// What was for one person already is shared no more than before: how an answer came about, a page, a vote.
		q.Place.Sharable = !quiet && (q.Place.Sharable || !q.Place.Ephemeral)
		q.Place.Ephemeral = true
	}
	q.Question.Private = q.Place.Ephemeral
	return q
}
