package wire

// Component is a component of a message or a form, of any type we send.
type Component struct {
	Type       int         `json:"type"`
	ID         int         `json:"id,omitempty"` // ours where we look for it again, see package layout; else Discord numbers it
	Components []Component `json:"components,omitempty"`

	Content string `json:"content,omitempty"` // text display
	Accent  *int   `json:"accent_color,omitempty"`
	Divider *bool  `json:"divider,omitempty"`
	Spacing int    `json:"spacing,omitempty"`
	Items   []Item `json:"items,omitempty"` // media gallery

	CustomID    string   `json:"custom_id,omitempty"`
	Style       int      `json:"style,omitempty"`
	Label       string   `json:"label,omitempty"`
	Emoji       *Emoji   `json:"emoji,omitempty"`
	URL         string   `json:"url,omitempty"`
	Disabled    bool     `json:"disabled,omitempty"`
	Options     []Option `json:"options,omitempty"`
	Placeholder string   `json:"placeholder,omitempty"`
	MaxLength   int      `json:"max_length,omitempty"`
	Required    *bool    `json:"required,omitempty"`

	// What we send none of, but lint knows.
	Accessory   *Component `json:"accessory,omitempty"`
	Media       *Media     `json:"media,omitempty"`
	Description string     `json:"description,omitempty"`
	Value       string     `json:"value,omitempty"`
	MinLength   int        `json:"min_length,omitempty"`
	MinValues   *int       `json:"min_values,omitempty"`
	MaxValues   int        `json:"max_values,omitempty"`
	Spoiler     bool       `json:"spoiler,omitempty"`
}

// Emoji is one of Unicode, by Name, or of a server, by ID.
type Emoji struct {
	ID   string `json:"id,omitempty"`
	Name string `json:"name"`
}

// Item is a picture of a media gallery; Description is the alternative text.
type Item struct {
	Media       Media  `json:"media"`
	Description string `json:"description,omitempty"`
	Spoiler     bool   `json:"spoiler,omitempty"`
}

// Media is a file: its address, or "attachment://" and the name of one that is sent along.
type Media struct {
	URL string `json:"url"`
}

// Option is one of a select menu.
type Option struct {
	Label       string `json:"label"`
	Value       string `json:"value"`
	Description string `json:"description,omitempty"`
	Emoji       *Emoji `json:"emoji,omitempty"`
	Default     bool   `json:"default,omitempty"`
}

// Types of components: https://discord.com/developers/docs/components/reference#component-object-component-types.
const (
	TypeRow       = 1
	TypeButton    = 2
	TypeSelect    = 3
	TypeInput     = 4
	TypeLastMenu  = 8 // 5 to 8 are menus of users, roles and channels
	TypeSection   = 9
	TypeText      = 10
	TypeThumbnail = 11
	TypeGallery   = 12
	TypeFile      = 13
	TypeSeparator = 14
	TypeContainer = 17
)

// Styles of buttons: https://discord.com/developers/docs/components/reference#button-button-styles.
const (
	StylePrimary   = 1
	StyleSecondary = 2
	StyleLink      = 5
)

// StyleParagraph is a field of several lines: https://discord.com/developers/docs/components/reference#text-input.
const StyleParagraph = 2
