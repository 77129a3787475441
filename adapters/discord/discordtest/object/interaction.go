package object

import "encoding/json"

// Types of interactions and of their responses, as Discord numbers them.
const (
	Ping         = 1
	Command      = 2
	Component    = 3
	Autocomplete = 4
	ModalSubmit  = 5

	Pong            = 1
	MessageResponse = 4
	Deferred        = 5
	DeferredUpdate  = 6
	Update          = 7
	Choices         = 8
	Modal           = 9
)

// Interaction is an interaction as Discord sends it, over the gateway and over HTTP alike.
type Interaction struct {
	ID             string            `json:"id"`
	ApplicationID  string            `json:"application_id"`
	Type           int               `json:"type"`
	Data           json.RawMessage   `json:"data,omitempty"`
	Guild          map[string]any    `json:"guild,omitempty"`
	GuildID        string            `json:"guild_id,omitempty"`
	GuildLocale    string            `json:"guild_locale,omitempty"`
	Channel        map[string]any    `json:"channel,omitempty"`
	ChannelID      string            `json:"channel_id,omitempty"`
	Member         *Member           `json:"member,omitempty"` // in servers
	User           *User             `json:"user,omitempty"`   // elsewhere
	Token          string            `json:"token"`
	Version        int               `json:"version"`
	Message        *Message          `json:"message,omitempty"` // whose component was used
	AppPermissions string            `json:"app_permissions"`
	Locale         string            `json:"locale,omitempty"`
	Entitlements   []any             `json:"entitlements"`
	SKUs           []any             `json:"entitlement_sku_ids"`
	Owners         map[string]string `json:"authorizing_integration_owners"` // "0" the server, "1" the user who installed the application
	Context        *int              `json:"context,omitempty"`              // 0 server, 1 direct message, 2 other private channel
	AttachmentMax  int               `json:"attachment_size_limit"`          // bytes
}

// Asker is who used the bot; the zero User where nobody did.
func (i Interaction) Asker() User {
	switch {
	case i.Member != nil && i.Member.User != nil:
		return *i.Member.User
	case i.User != nil:
		return *i.User
	}
	return User{}
}

// Option is an option of a command: a subcommand, or a value.
type Option struct {
	Name    string   `json:"name"`
	Type    int      `json:"type"`
	Value   any      `json:"value,omitempty"`
	Options []Option `json:"options,omitempty"`
	Focused bool     `json:"focused,omitempty"` // in autocomplete, the one being typed
}

// Sub is a subcommand with its options.
func Sub(name string, options ...Option) Option { return Option{Name: name, Type: 1, Options: options} }

// Group is a subcommand group with its one subcommand.
func Group(name string, sub Option) Option {
	return Option{Name: name, Type: 2, Options: []Option{sub}}
}

// Str is a string option.
func Str(name, value string) Option { return Option{Name: name, Type: 3, Value: value} }

// Int is an integer option.
func Int(name string, value int) Option { return Option{Name: name, Type: 4, Value: value} }

// Bool is a boolean option.
func Bool(name string, value bool) Option { return Option{Name: name, Type: 5, Value: value} }

// Typed is the string option that is being typed, for [Server.Autocomplete].
func Typed(name, value string) Option {
	return Option{Name: name, Type: 3, Value: value, Focused: true}
}
