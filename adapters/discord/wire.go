package discord

import (
	"careerbot/adapters"
	"careerbot/bot/chat"
)

// This file is the border between the two halves of the package.
//
// The pure half reads what Discord sent and draws what Discord is to be sent. It touches no network, no clock and no
// state, and knows Discord's JSON by structs of its own: discordgo's typed events are emptied by one field of an
// unexpected type, and their accessors panic then (bwmarrin/discordgo#1683, #1562). Its entries are
//
//	(reader) interaction(raw []byte) (asked, error)  an interaction, from the gateway (the "d" of INTERACTION_CREATE) or HTTP
//	(reader) message(raw []byte) (asked, bool)       the "d" of MESSAGE_CREATE; false: not for us, do nothing
//	(asked) under(p adapters.Preferences) asked      the same, as the server's settings want it; call it before anything else
//	(asked) look() look                              how its answer is drawn
//	(*pictures) render(a chat.Answer, l look) reply  never fails and is always within Discord's limits; one *pictures
//	                                                 for each adapter, as drawing a chart takes 8 ms
//	render(a chat.Answer, l look) reply              the same without remembering pictures
//	renderWords(say string, l look) reply            one sentence: faults, "busy", "please ask again"
//	renderSettings(p, err, l look) reply             the settings of a server, or why they were not changed
//	bare(r reply) reply                              without pictures, where files may not be attached
//	(asked) modal() callback                         the form that asks why an answer was no good
//	completions(c chat.Completer, a asked) callback  what an option is completed with
//	commands(word string) []*discordgo.ApplicationCommand
//
// The transport half carries: it claims, acknowledges, asks, sends, retries. It decides neither words nor layout.
//
// Every message is drawn with layout components (flag IS_COMPONENTS_V2), also a single sentence. The flag cannot be taken
// from a message and does not go with content, so mixing would leave messages that no edit can mend. On a deferred answer
// (type 5) only EPHEMERAL is allowed; the edit that follows carries the V2 flag.

// kind is what an event wants to be done.
type kind int

const (
	ignored   kind = iota // nothing: not for us
	pinged                // HTTP only: answer with pong()
	question              // ask the Asker, send render(answer, look)
	completed             // autocomplete: answer with completions(…), never an error
	vote                  // ask the Asker with asked.question, show its words with render: ephemeral
	reason                // 👎: answer with asked.modal() at once; then ask the Asker with asked.question, which counts
	//                       the vote without a reason, so that a form that is closed loses nothing; send no second reply
	turned   // another page: ask asked.question, then asked.inPlace says whether to update the message or to answer anew
	shared   // ask asked.question, then answer with render: everybody sees it
	settings // asked.change on the server's Preferences, Set them, then answer with renderSettings
	report   // Reporter.Report(…, asked.question.Server, asked.days), then render: ephemeral
	unknown  // a button or command of another version: answer with renderWords(asked.words(), …), ephemeral
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
	option   string // completed: what is completed, see completes
	typed    string // completed: what has been typed so far
	change   change // settings
	feedback bool   // 👍 and 👎 are shown
	quiet    bool   // under: nothing is posted for everybody in this channel; a message is then of kind ignored
}

// place says where an event came from and so where its reply goes. It is stored with the question until it is answered.
type place struct {
	Application string `json:"app,omitempty"`
	Interaction string `json:"interaction,omitempty"` // id; "" for messages
	Token       string `json:"token,omitempty"`       // of the interaction: secret for its 15 minutes
	Guild       string `json:"guild,omitempty"`       // where it happened, also where we are not a member; "" in direct messages
	Channel     string `json:"channel,omitempty"`
	Parent      string `json:"parent,omitempty"`  // channel of the thread, where known
	Message     string `json:"message,omitempty"` // to reply to, or whose button was pressed
	User        string `json:"user,omitempty"`
	Name        string `json:"name,omitempty"` // display name of User
	Look        look   `json:"look"`
}

// look says how an answer is drawn. It is plain JSON, so that an answer that is sent after a restart looks the same.
type look struct {
	Locale   string `json:"locale,omitempty"`
	Private  bool   `json:"private,omitempty"`  // ephemeral: only the asker sees it
	Share    bool   `json:"share,omitempty"`    // offer to post a private answer for everybody
	By       string `json:"by,omitempty"`       // who asked, named above the answer where Question is
	Question string `json:"question,omitempty"` // repeated above the answer
	Owner    string `json:"owner,omitempty"`    // user id of who asked: buttons of a public answer know them again
	Page     int    `json:"page,omitempty"`     // from 0
	Feedback bool   `json:"feedback,omitempty"` // 👍 and 👎
	Bare     bool   `json:"bare,omitempty"`     // without pictures: files may not be attached here
}

// change is what a settings command asks for.
type change struct {
	show  bool // change nothing
	apply func(adapters.Preferences) (adapters.Preferences, error)
}

// reply is a message as Discord's JSON has it: the body of POST and PATCH of messages and the data of callbacks 4 and 7.
type reply struct {
	Components  []component     `json:"components"`
	Flags       int             `json:"flags"`
	Mentions    allowedMentions `json:"allowed_mentions"`
	Attachments []attachment    `json:"attachments"` // always present: an edit without it would keep old pictures
	files       []file
	problems    []string // what lint found in the drawing that this plainer one replaces: to be logged
}

// forEdit is r as the body of an edit, where EPHEMERAL is no flag.
func (r reply) forEdit() reply {
	r.Flags &^= flagEphemeral
	return r
}

// bare is r without its pictures, whose figures are in the text beside them too.
func bare(r reply) reply {
	list := make([]component, len(r.Components))
	for i, c := range r.Components {
		var in []component
		alt := ""
		for _, part := range c.Components {
			if part.Type != typeGallery {
				in = append(in, part)
				continue
			}
			alt = part.Items[0].Description
		}
		if len(in) == 0 && alt != "" {
			in = []component{{Type: typeText, Content: "-# " + escape(alt)}}
		}
		c.Components = in
		list[i] = c
	}
	r.Components, r.Attachments, r.files = list, []attachment{}, nil
	return r
}

// ephemeral says whether only the asker sees r.
func (r reply) ephemeral() bool { return r.Flags&flagEphemeral != 0 }

// file is sent as part "files[n]" of a multipart body, n being its attachment's ID; the JSON is part "payload_json".
type file struct {
	name, contentType string
	data              []byte
}

// attachment describes files[ID]. Description is the alternative text.
type attachment struct {
	ID          int    `json:"id,string"`
	Filename    string `json:"filename"`
	Description string `json:"description,omitempty"`
}

// allowedMentions with an empty Parse, which is always sent, pings nobody.
type allowedMentions struct {
	Parse       []string `json:"parse"`
	Users       []string `json:"users,omitempty"`
	Roles       []string `json:"roles,omitempty"`
	RepliedUser bool     `json:"replied_user"`
}

// callback is the body of POST /interactions/{id}/{token}/callback and of the HTTP response to an interaction.
type callback struct {
	Type int `json:"type"`
	Data any `json:"data,omitempty"`

	files []file // of Data, where it is a reply
}

// Types of callbacks: https://discord.com/developers/docs/interactions/receiving-and-responding.
const (
	callbackPong    = 1
	callbackMessage = 4
	callbackDefer   = 5
	callbackWait    = 6 // acknowledges a button; an edit follows
	callbackUpdate  = 7 // replaces the message of the button
	callbackChoices = 8
	callbackModal   = 9
)

// Flags of messages: https://discord.com/developers/docs/resources/message#message-object-message-flags.
const (
	flagEphemeral = 1 << 6
	flagV2        = 1 << 15
)

func pong() callback { return callback{Type: callbackPong} }

// answered answers an interaction with a message of its own.
func answered(r reply) callback {
	return callback{Type: callbackMessage, Data: r, files: r.files}
}

// updated replaces the message whose button was pressed.
func updated(r reply) callback {
	r = r.forEdit()
	return callback{Type: callbackUpdate, Data: r, files: r.files}
}

// deferred promises an answer: a message of its own, or for a page in place nothing that shows.
func deferred(ephemeral, inPlace bool) callback {
	switch {
	case inPlace:
		return callback{Type: callbackWait}
	case ephemeral:
		return callback{Type: callbackDefer, Data: map[string]int{"flags": flagEphemeral}}
	}
	return callback{Type: callbackDefer}
}

// component is a message or modal component of any type we send.
type component struct {
	Type       int         `json:"type"`
	ID         int         `json:"id,omitempty"` // ours where we look for it again, see render.go; else Discord numbers it
	Components []component `json:"components,omitempty"`

	Content string `json:"content,omitempty"` // text display
	Accent  *int   `json:"accent_color,omitempty"`
	Divider *bool  `json:"divider,omitempty"`
	Spacing int    `json:"spacing,omitempty"`
	Items   []item `json:"items,omitempty"` // media gallery

	CustomID    string   `json:"custom_id,omitempty"`
	Style       int      `json:"style,omitempty"`
	Label       string   `json:"label,omitempty"`
	Emoji       *emoji   `json:"emoji,omitempty"`
	URL         string   `json:"url,omitempty"`
	Disabled    bool     `json:"disabled,omitempty"`
	Options     []option `json:"options,omitempty"`
	Placeholder string   `json:"placeholder,omitempty"`
	MaxLength   int      `json:"max_length,omitempty"`
	Required    *bool    `json:"required,omitempty"`

	// What we send none of, but lint knows.
	Accessory   *component `json:"accessory,omitempty"`
	Media       *media     `json:"media,omitempty"`
	Description string     `json:"description,omitempty"`
	Value       string     `json:"value,omitempty"`
	MinLength   int        `json:"min_length,omitempty"`
	MinValues   *int       `json:"min_values,omitempty"`
	MaxValues   int        `json:"max_values,omitempty"`
	Spoiler     bool       `json:"spoiler,omitempty"`
}

type emoji struct {
	ID   string `json:"id,omitempty"`
	Name string `json:"name"`
}

// item is a picture of a media gallery; Description is the alternative text.
type item struct {
	Media       media  `json:"media"`
	Description string `json:"description,omitempty"`
	Spoiler     bool   `json:"spoiler,omitempty"`
}

type media struct {
	URL string `json:"url"`
}

// option is one of a select menu.
type option struct {
	Label       string `json:"label"`
	Value       string `json:"value"`
	Description string `json:"description,omitempty"`
	Emoji       *emoji `json:"emoji,omitempty"`
	Default     bool   `json:"default,omitempty"`
}

// Types of components: https://discord.com/developers/docs/components/reference#component-object-component-types.
const (
	typeRow       = 1
	typeButton    = 2
	typeSelect    = 3
	typeInput     = 4
	typeLastMenu  = 8 // 5 to 8 are menus of users, roles and channels
	typeSection   = 9
	typeText      = 10
	typeThumbnail = 11
	typeGallery   = 12
	typeFile      = 13
	typeSeparator = 14
	typeContainer = 17
)
