package object

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"
)

// Limits that Discord checks and its document cannot express:
// https://discord.com/developers/docs/resources/message and …/components/reference.
const (
	maxContent    = 2000
	maxEmbeds     = 10
	maxEmbedText  = 6000 // of all embeds of a message together
	maxRows       = 5
	maxComponents = 40 // with ComponentsV2, nested ones too
	maxV2Text     = 4000
	maxFiles      = 10
)

// part is what [Refuse] looks at in components and embeds.
type part struct {
	Type        int     `json:"type"`
	CustomID    string  `json:"custom_id"`
	Style       int     `json:"style"`
	URL         string  `json:"url"`
	Content     string  `json:"content"`
	Components  []part  `json:"components"`
	Component   *part   `json:"component"`
	Accessory   *part   `json:"accessory"`
	Title       string  `json:"title"`
	Description string  `json:"description"`
	Fields      []field `json:"fields"`
	Footer      *field  `json:"footer"`
	Author      *field  `json:"author"`
	Options     []field `json:"options"`
}

type field struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	Text  string `json:"text"`
}

func (p part) text() int {
	n := Length(p.Title) + Length(p.Description)
	for _, f := range p.Fields {
		n += Length(f.Name) + Length(f.Value)
	}
	for _, f := range []*field{p.Footer, p.Author} {
		if f != nil {
			n += Length(f.Name) + Length(f.Text)
		}
	}
	return n
}

// Length counts as Discord's clients do. That its servers do so too is not documented; it is the stricter reading.
func Length(s string) int { return len(utf16.Encode([]rune(s))) }

// Refuse says why Discord would not take m, nil where it would.
func Refuse(m Message) *Problem {
	rows, embeds := read(m.Components), read(m.Embeds)
	seen := look(rows)
	sum := 0
	for _, e := range embeds {
		sum += e.text()
	}
	wrong := func(field, code, text string) *Problem { return new(Invalid(field, code, text)) }
	v2 := m.Flags&ComponentsV2 != 0
	switch {
	case Length(m.Content) > maxContent:
		return wrong("content", "BASE_TYPE_MAX_LENGTH", "Must be 2000 or fewer in length.")
	case len(embeds) > maxEmbeds:
		return wrong("embeds", "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.")
	case sum > maxEmbedText:
		return wrong("embeds", "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000")
	case len(m.Attachments) > maxFiles:
		return wrong("attachments", "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.")
	case seen.twice:
		return wrong("components", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
	case seen.wrong != "":
		return wrong("components", "COMPONENT_VALIDATION_FAILED", seen.wrong)
	case v2 && (m.Content != "" || len(embeds) > 0 || m.Poll != nil):
		return wrong("flags", "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", "Content, embeds and polls cannot be used with it")
	case v2 && seen.count > maxComponents:
		return wrong("components", "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", "The maximum number of components is 40")
	case v2 && seen.text > maxV2Text:
		return wrong("components", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", "The maximum is 4000 characters")
	case !v2 && slices.ContainsFunc(rows, func(p part) bool { return p.Type != 1 }):
		return wrong("components", "UNION_TYPE_CHOICES", "Value of field \"type\" must be one of (1,).")
	case !v2 && len(rows) > maxRows:
		return wrong("components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
	case m.Content == "" && len(embeds)+len(rows)+len(m.Attachments) == 0 && m.Poll == nil && m.Flags&Loading == 0:
		return &EmptyMessage
	}
	return nil
}

func read(raw []json.RawMessage) []part {
	parts := make([]part, len(raw))
	for i, r := range raw {
		_ = json.Unmarshal(r, &parts[i]) // a gate is there to find what has the wrong form
	}
	return parts
}

// sight is what look saw.
type sight struct {
	count, text int
	ids         map[string]bool
	twice       bool
	wrong       string
	shown       []string // text that can ping
}

func look(parts []part) *sight {
	s := &sight{ids: map[string]bool{}}
	s.walk(parts)
	return s
}

func (s *sight) walk(parts []part) {
	for _, p := range parts {
		s.count++
		s.one(p)
		s.walk(p.Components)
		for _, inner := range []*part{p.Component, p.Accessory} {
			if inner != nil {
				s.walk([]part{*inner})
			}
		}
	}
}

const (
	actionRow   = 1
	button      = 2
	textDisplay = 10
	linkStyle   = 5
	premium     = 6
)

func (s *sight) one(p part) {
	if p.CustomID != "" {
		s.twice = s.twice || s.ids[p.CustomID]
		s.ids[p.CustomID] = true
	}
	switch p.Type {
	case button:
		switch {
		case p.Style == linkStyle && (p.CustomID != "" || p.URL == ""):
			s.wrong = "A link button has a url and no custom_id"
		case p.Style != linkStyle && p.Style != premium && p.CustomID == "":
			s.wrong = "A button without a link has a custom_id"
		}
	case textDisplay:
		s.text += Length(p.Content)
		s.shown = append(s.shown, p.Content)
	case actionRow:
		buttons := 0
		for _, inner := range p.Components {
			if inner.Type == button {
				buttons++
			}
		}
		if others := len(p.Components) - buttons; len(p.Components) == 0 || buttons > 5 || others > 1 || others == 1 && buttons > 0 {
			s.wrong = "A row has 1 to 5 buttons, or one select"
		}
	}
}

var pinging = regexp.MustCompile(`<@!?(\d+)>|<@&(\d+)>|@(everyone|here)`)

// Ping finds out whom m pings, by its allowed_mentions, nil where there are none: what its text names, as far as they let
// it. It sets the mentions of m, and gives ids of users and roles, "everyone" and "here".
func (m *Message) Ping(mentions json.RawMessage) []string {
	allowed := struct {
		Parse        []string `json:"parse"`
		Users, Roles []string
	}{}
	if mentions == nil {
		allowed.Parse = []string{"users", "roles", "everyone"}
	} else {
		_ = json.Unmarshal(mentions, &allowed) // a gate is there to find what has the wrong form
	}
	var pings []string
	m.Mentions, m.MentionRoles, m.Everyone = []User{}, []string{}, false
	text := strings.Join(append(look(read(m.Components)).shown, m.Content), "\n")
	for _, found := range pinging.FindAllStringSubmatch(text, -1) {
		switch user, role, all := found[1], found[2], found[3]; {
		case user != "" && (slices.Contains(allowed.Parse, "users") || slices.Contains(allowed.Users, user)):
			pings = append(pings, user)
			m.Mentions = append(m.Mentions, User{ID: user, Username: "somebody", Discriminator: "0"})
		case role != "" && (slices.Contains(allowed.Parse, "roles") || slices.Contains(allowed.Roles, role)):
			pings = append(pings, role)
			m.MentionRoles = append(m.MentionRoles, role)
		case all != "" && slices.Contains(allowed.Parse, "everyone"):
			pings = append(pings, all)
			m.Everyone = true
		}
	}
	return pings
}

// Control is a component that a person can use.
type Control struct {
	CustomID string
	Button   bool
	Values   []string // of a menu's options, which are none where the client fills it
}

// Controls are the components of m that have a custom id, the nested ones too.
func (m Message) Controls() []Control { return controls(nil, read(m.Components)) }

func controls(all []Control, parts []part) []Control {
	for _, p := range parts {
		all = control(all, p)
		all = controls(all, p.Components)
		for _, inner := range []*part{p.Component, p.Accessory} {
			if inner != nil {
				all = control(all, *inner)
			}
		}
	}
	return all
}

func control(all []Control, p part) []Control {
	if p.CustomID == "" {
		return all
	}
	c := Control{CustomID: p.CustomID, Button: p.Type == button}
	for _, o := range p.Options {
		c.Values = append(c.Values, o.Value)
	}
	return append(all, c)
}
