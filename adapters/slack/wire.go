package slack

import (
	"careerbot/adapters"
	"careerbot/bot/chat"

	"github.com/slack-go/slack"
)

// This file is the border between the pure half of the package, which reads payloads and draws messages, and the half
// that talks to Slack. What crosses it is plain data: a request in, what is [asked] out; an answer in, a [reply] out.

// kind says what an event asks of the adapter.
type kind string

// The kinds. Every payload is one of them; none is an error.
const (
	kindIgnored     kind = "ignored"     // nothing to do but to acknowledge; why is in asked.Why
	kindUnknown     kind = "unknown"     // not understood: acknowledge, log asked.Why
	kindQuestion    kind = "question"    // ask the bot, answer at asked.Place
	kindFollow      kind = "follow"      // the same, if the bot has answered in that thread before; else ignore
	kindVote        kind = "vote"        // tell the bot; its answer is shown to the voter alone
	kindVoteDown    kind = "vote_down"   // the same, and open renderReason with asked.Trigger
	kindShare       kind = "share"       // ask again, post for everybody (Place says where), delete the private original
	kindSay         kind = "say"         // say asked.Say at asked.Place; nothing is asked
	kindHome        kind = "home"        // publish renderHome for Place.User
	kindPrompts     kind = "prompts"     // agent surface opened: suggest prompts in Place.Channel
	kindAskModal    kind = "ask_modal"   // open renderAsk with asked.Trigger
	kindSettings    kind = "settings"    // open renderSettings with asked.Trigger, for admins
	kindSave        kind = "save"        // keep asked.Preferences of the workspace, for admins
	kindReport      kind = "report"      // Reporter.Report of asked.Days days, for admins, at asked.Place
	kindUninstalled kind = "uninstalled" // forget the installation of Place.Team and Place.Enterprise
	kindRevoked     kind = "revoked"     // the same, where asked.Bots is not empty: a bot token was revoked
)

// asked is what one payload asks.
type asked struct {
	Kind kind
	Why  string // of an ignored or unknown payload: in words, for logs; holds nothing of what people wrote

	// Key names the event among all of Slack's, the same for each delivery of it, and for the two events that Slack
	// sends for one message: app_mention and message. At most maxKey bytes.
	Key      string
	Question chat.Question // complete but for Locale; ID is the Key
	Place    place         // where the answer goes

	Word        string               // of the slash command, without "/"; "" for anything else
	Public      bool                 // the person asked for an answer that everybody sees
	Trigger     string               // trigger_id: opens a modal within three seconds
	View        string               // id of the view that was open
	Say         string               // of kindSay
	Preferences adapters.Preferences // of kindSave
	HerePacks   []string             // of kindSave: packs that may answer in Place.Channel; none: as everywhere
	Days        int                  // of kindReport
	Bots        []string             // of kindRevoked: users of the bot tokens that are gone
	Self        string               // the bot's own user id as far as the payload tells, else ""
}

// place is where an answer goes and how it is shown there. It is what the adapter stores in adapters.Event.Reply.
type place struct {
	Team       string `json:"team,omitempty"`       // the workspace; "" where only the organisation is known
	Enterprise string `json:"enterprise,omitempty"` // the organisation, of Enterprise Grid
	Org        bool   `json:"org,omitempty"`        // installed for the whole organisation: the token is the organisation's

	Channel   string `json:"channel,omitempty"`    // a user's id where the answer goes to a direct message not yet open
	Thread    string `json:"thread,omitempty"`     // thread_ts to answer in, "" for the channel itself
	User      string `json:"user,omitempty"`       // who asked or pressed
	Hook      string `json:"hook,omitempty"`       // response_url, a secret: 5 uses within 30 minutes
	Ephemeral bool   `json:"ephemeral,omitempty"`  // User alone sees it
	Replace   bool   `json:"replace,omitempty"`    // it takes the place of the message whose button was pressed
	Paged     bool   `json:"paged,omitempty"`      // the answer is a page: the next one takes its place
	Delete    bool   `json:"delete,omitempty"`     // the message whose button was pressed goes: it was shared
	Direct    bool   `json:"direct,omitempty"`     // in a direct message or the agent surface: nobody else is there
	Repeat    bool   `json:"repeat,omitempty"`     // say who asked what, as it stands nowhere else
	Words     string `json:"words,omitempty"`      // what was asked, as shown by Repeat: typed text or a button's label
	Feedback  bool   `json:"feedback,omitempty"`   // offer 👍 and 👎
	Sharable  bool   `json:"sharable,omitempty"`   // offer Share in Channel
	ShareTo   string `json:"share_to,omitempty"`   // thread that Share in Channel posts to, "" for the channel itself
	Message   string `json:"message_ts,omitempty"` // ts of the message that was pressed, for chat.update
}

// level is how much of an answer is drawn with blocks. Slack rolls new blocks out by stages, so a workspace may refuse
// one: the message is then drawn again at the next level, with the same facts.
type level int

// The levels, best first.
const (
	levelFull    level = iota // with charts and tables
	levelNoChart              // tables, and charts as text
	levelNoTable              // both as text
	levelText                 // no blocks at all: Reply.Text says everything
)

// next is the level to try after l was refused; ok is false after the last.
func (l level) next() (n level, ok bool) { return l + 1, l < levelText }

// look is what a drawing depends on beside the answer.
type look struct {
	Place    place
	Question chat.Question // for Share in Channel, which asks it again
	Level    level
}

// reply is a message to send. Text states the answer by itself, for notifications and screen readers.
type reply struct {
	Text   string
	Blocks []slack.Block // none at levelText
	Level  level
}

// reading is what the readers need to know beside the payload.
type reading struct {
	Self   string // the bot's user id in this workspace where it is known, "" else; the payload may tell too
	Follow bool   // read messages of threads that do not mention the bot (kindFollow)
}

// The readers and renderers, each pure:
//
//	readCommand(form url.Values) asked                   a slash command, of HTTP
//	readCommandJSON(payload []byte) asked                the same, of Socket Mode
//	readEvent(payload []byte, r reading) asked           the body of an event_callback
//	readInteraction(payload []byte) asked                block_actions, shortcuts, view_submission, …
//	settle(q asked, p adapters.Preferences, packs) asked applies what the workspace has chosen; call it after reading
//	render(a chat.Answer, l look) reply
//	say(words string, p place) reply
//	renderHome(h home) slack.HomeTabViewRequest
//	renderAsk(p place, command string) slack.ModalViewRequest
//	renderReason(p place, token string) slack.ModalViewRequest
//	renderSettings(p place, now adapters.Preferences, packs []string) slack.ModalViewRequest
//	(reply) hook(p place) hookMessage                    the JSON of response_url, and of an acknowledgement
//
// A body of more than maxAck bytes may not ride on an acknowledgement.

// home is what the Home tab shows.
type home struct {
	Command string      // of the slash command, "/backend"
	Sources chat.Answer // the answer to chat.TopicSources: what the bot knows and how current that is
	Recent  []string    // what this person asked last, newest first
	Admin   bool        // offer the settings and the report
}

// hookMessage is the body of a post to a response_url, and of an acknowledgement that carries the answer:
// https://docs.slack.dev/interactivity/handling-user-interaction#message_responses.
type hookMessage struct {
	ResponseType    string        `json:"response_type"`
	Text            string        `json:"text"`
	Blocks          []slack.Block `json:"blocks,omitempty"`
	ReplaceOriginal bool          `json:"replace_original"`
	DeleteOriginal  bool          `json:"delete_original,omitempty"`
	Thread          string        `json:"thread_ts,omitempty"`
	UnfurlLinks     bool          `json:"unfurl_links"`
	UnfurlMedia     bool          `json:"unfurl_media"`
}
