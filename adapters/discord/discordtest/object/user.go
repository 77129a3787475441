package object

// User is a person or a bot. Its JSON is Discord's user object.
type User struct {
	ID            string  `json:"id"`
	Username      string  `json:"username"`
	Discriminator string  `json:"discriminator"`
	GlobalName    *string `json:"global_name"`
	Avatar        *string `json:"avatar"`
	Bot           bool    `json:"bot"`
	PublicFlags   int     `json:"public_flags"`
	Flags         int     `json:"flags"`
	AccentColor   *int    `json:"accent_color"`
	Banner        *string `json:"banner"`
	Clan          *string `json:"clan"`
	PrimaryGuild  *string `json:"primary_guild"`
	Avatar2       *string `json:"avatar_decoration_data"`
	Collectibles  *string `json:"collectibles"`

	// Locale is the language the person set in the client, "en-US" where it is "". Discord says it in interactions.
	Locale string `json:"-"`
}

// Member is a user's membership of a guild, as messages and interactions carry it.
type Member struct {
	User        *User    `json:"user,omitempty"`
	Nick        *string  `json:"nick"`
	Avatar      *string  `json:"avatar"`
	Banner      *string  `json:"banner"`
	Roles       []string `json:"roles"`
	JoinedAt    string   `json:"joined_at"`
	Premium     *string  `json:"premium_since"`
	Deaf        bool     `json:"deaf"`
	Mute        bool     `json:"mute"`
	Flags       int      `json:"flags"`
	Pending     bool     `json:"pending"`
	Silenced    *string  `json:"communication_disabled_until"`
	Permissions string   `json:"permissions,omitempty"` // in interactions only
}

// NewMember is a user's membership as messages and interactions carry it. The user is nil in messages, which name their author.
func NewMember(user *User, permissions string) *Member {
	return &Member{User: user, Roles: []string{}, JoinedAt: "2026-01-01T00:00:00.000000+00:00", Permissions: permissions}
}
