// Package wire is the JSON that Discord is sent: messages, their components, and answers to interactions.
//
// It knows Discord's names and numbers and nothing else: it draws nothing, judges nothing (package lint does), and makes
// no requests. What Discord sends is not here: the adapter reads it member by member.
package wire

// Reply is a message as Discord's JSON has it: the body of POST and PATCH of messages and the data of callbacks 4 and 7.
type Reply struct {
	Components  []Component     `json:"components"`
	Flags       int             `json:"flags"`
	Mentions    AllowedMentions `json:"allowed_mentions"`
	Attachments []Attachment    `json:"attachments"` // always present: an edit without it would keep old pictures
	Files       []File          `json:"-"`           // of Attachments, each at the place that is its ID
	Problems    []string        `json:"-"`           // what lint found in the drawing that this plainer one replaces: to be logged
}

// ForEdit is r as the body of an edit, where EPHEMERAL is no flag.
func (r Reply) ForEdit() Reply {
	r.Flags &^= FlagEphemeral
	return r
}

// Ephemeral says whether only the asker sees r.
func (r Reply) Ephemeral() bool { return r.Flags&FlagEphemeral != 0 }

// File is sent as part "files[n]" of a multipart body, n being its attachment's ID; the JSON is part "payload_json".
type File struct {
	Name, ContentType string
	Data              []byte
}

// Attachment describes Files[ID]. Description is the alternative text.
type Attachment struct {
	ID          int    `json:"id,string"`
	Filename    string `json:"filename"`
	Description string `json:"description,omitempty"`
}

// AllowedMentions with an empty Parse, which is always sent, pings nobody.
type AllowedMentions struct {
	Parse       []string `json:"parse"`
	Users       []string `json:"users,omitempty"`
	Roles       []string `json:"roles,omitempty"`
	RepliedUser bool     `json:"replied_user"`
}

// Flags of messages: https://discord.com/developers/docs/resources/message#message-object-message-flags.
const (
	FlagEphemeral = 1 << 6
	FlagV2        = 1 << 15
)
