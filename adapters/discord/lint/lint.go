// Package lint says what Discord would refuse of messages, forms, completions and commands that are to be sent, by rules
// that Discord's OpenAPI document cannot express and by the lengths it can, and it names Discord's limits.
//
// It mends nothing and sends nothing. Production asks it before each message, as it has no document at hand.
package lint

import (
	"encoding/json"
	"fmt"
	"net/url"
	"path"
	"strings"
	"unicode/utf8"

	"careerbot/adapters/discord/markdown"
	"careerbot/adapters/discord/wire"
)

// body is a message as lint judges it: also what we send none of.
type body struct {
	Content     string                `json:"content"`
	Embeds      []embed               `json:"embeds"`
	Components  []wire.Component      `json:"components"`
	Flags       int                   `json:"flags"`
	Mentions    *wire.AllowedMentions `json:"allowed_mentions"`
	Attachments []wire.Attachment     `json:"attachments"`
	Poll        *poll                 `json:"poll"`
	TTS         bool                  `json:"tts"`
	Nonce       json.RawMessage       `json:"nonce"`
	Enforce     bool                  `json:"enforce_nonce"`
	Reference   json.RawMessage       `json:"message_reference"`
	files       int
}

type embed struct {
	Type        string                `json:"type"`
	Title       string                `json:"title"`
	Description string                `json:"description"`
	URL         string                `json:"url"`
	Color       int                   `json:"color"`
	Timestamp   string                `json:"timestamp"`
	Footer      struct{ Text string } `json:"footer"`
	Author      struct{ Name string } `json:"author"`
	Fields      []struct {
		Name, Value string
		Inline      bool
	} `json:"fields"`
	Image, Thumbnail json.RawMessage
}

type poll struct {
	Question struct{ Text string } `json:"question"`
	Answers  []struct {
		Media struct{ Text string } `json:"poll_media"`
	} `json:"answers"`
	Duration         int  `json:"duration"`
	AllowMultiselect bool `json:"allow_multiselect"`
	LayoutType       int  `json:"layout_type"`
}

// linter collects what is wrong with something that is to be sent. It knows what Discord's OpenAPI document cannot say
// (sums, nested counts, what excludes what, what must be unique) and the lengths it can, for production has no document.
type linter struct{ problems []string }

func (l *linter) add(format string, args ...any) {
	l.problems = append(l.problems, fmt.Sprintf(format, args...))
}

// most notes a text that is too long, or empty where it must not be.
func (l *linter) most(what, s string, least, most int) {
	if n := markdown.Units(s); n < least || n > most {
		l.add("%s has %d characters, not %d to %d", what, n, least, most)
	}
	if !utf8.ValidString(s) {
		l.add("%s is not UTF-8", what)
	}
}

// Message says in words what is wrong with a message of ours, nothing where it may be sent. It must carry the V2 flag and
// may ping nobody.
func Message(r wire.Reply) []string {
	l := &linter{}
	l.message(body{Components: r.Components, Flags: r.Flags, Mentions: &r.Mentions, Attachments: r.Attachments, files: len(r.Files)})
	if r.Flags&wire.FlagV2 == 0 {
		l.add("the V2 flag is missing")
	}
	if len(r.Mentions.Parse)+len(r.Mentions.Users)+len(r.Mentions.Roles) > 0 || r.Mentions.RepliedUser {
		l.add("it may ping")
	}
	if len(r.Files) != len(r.Attachments) {
		l.add("%d files for %d attachments", len(r.Files), len(r.Attachments))
	}
	for _, f := range r.Files {
		if len(f.Data) > MaxFileSize {
			l.add("file %s has %d bytes, more than %d", f.Name, len(f.Data), MaxFileSize)
		}
	}
	return l.problems
}

// rawMessage judges the body of a message as it stands in a request. Members that Discord does not know are problems.
func rawMessage(raw []byte) []string {
	l := &linter{}
	var b body
	dec := json.NewDecoder(strings.NewReader(string(raw)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&b); err != nil {
		l.add("it cannot be read: %v", err)
		return l.problems
	}
	b.files = len(b.Attachments)
	l.message(b)
	return l.problems
}

func (l *linter) message(b body) {
	l.mentions(b.Mentions)
	l.embeds(b.Embeds)
	if b.Content != "" {
		l.most("content", b.Content, 0, maxContent)
	}
	if b.Poll != nil {
		for _, a := range b.Poll.Answers {
			l.most("a poll answer", a.Media.Text, 0, maxPollText)
		}
	}
	v2 := b.Flags&wire.FlagV2 != 0
	switch {
	case v2 && (b.Content != "" || len(b.Embeds) > 0 || b.Poll != nil):
		l.add("V2 components exclude content, embeds and polls")
	case v2 && len(b.Components) == 0:
		l.add("a V2 message without components is empty")
	case !v2 && len(b.Components) > maxPlainRows:
		l.add("%d rows, more than %d without V2", len(b.Components), maxPlainRows)
	}
	if b.Content == "" && len(b.Embeds)+len(b.Components)+len(b.Attachments) == 0 && b.Poll == nil {
		l.add("the message is empty")
	}
	l.attachments(b.Attachments)
	t := &tree{linter: l, v2: v2, seen: map[string]bool{}, ids: map[int]bool{}, attached: b.Attachments}
	for _, c := range b.Components {
		t.top(c)
	}
	if t.count > maxComponents {
		l.add("%d components, more than %d", t.count, maxComponents)
	}
	if t.text > MaxText {
		l.add("%d characters of text, more than %d", t.text, MaxText)
	}
}

func (l *linter) mentions(m *wire.AllowedMentions) {
	if m == nil {
		l.add("allowed_mentions is missing: anybody could be pinged")
		return
	}
	for _, p := range m.Parse {
		if p == "users" && len(m.Users) > 0 || p == "roles" && len(m.Roles) > 0 {
			l.add("allowed_mentions parses %s and lists them too", p)
		}
	}
	if len(m.Users) > maxMentions || len(m.Roles) > maxMentions {
		l.add("allowed_mentions lists more than %d", maxMentions)
	}
}

func (l *linter) embeds(embeds []embed) {
	if len(embeds) > maxEmbeds {
		l.add("%d embeds, more than %d", len(embeds), maxEmbeds)
	}
	sum := 0
	for _, e := range embeds {
		sum += markdown.Units(e.Title) + markdown.Units(e.Description) + markdown.Units(e.Footer.Text) + markdown.Units(e.Author.Name)
		for _, f := range e.Fields {
			sum += markdown.Units(f.Name) + markdown.Units(f.Value)
		}
	}
	if sum > maxEmbedSum {
		l.add("%d characters of embeds, more than %d", sum, maxEmbedSum)
	}
}

func (l *linter) attachments(list []wire.Attachment) {
	if len(list) > maxFiles {
		l.add("%d attachments, more than %d", len(list), maxFiles)
	}
	ids, names := map[int]bool{}, map[string]bool{}
	for _, a := range list {
		if ids[a.ID] || names[a.Filename] {
			l.add("attachment %d %q stands twice", a.ID, a.Filename)
		}
		ids[a.ID], names[a.Filename] = true, true
		l.most("a file name", a.Filename, 1, maxFileName)
		l.most("an alternative text", a.Description, 0, MaxAltText)
		if path.Base(a.Filename) != a.Filename {
			l.add("file name %q is a path", a.Filename)
		}
	}
}

// tree walks the components of one message or form.
type tree struct {
	*linter
	v2, modal   bool
	count, text int
	seen        map[string]bool
	ids         map[int]bool
	attached    []wire.Attachment
}

// top judges a component that is in no other.
func (t *tree) top(c wire.Component) {
	switch {
	case c.Type == wire.TypeRow:
	case t.modal || !t.v2:
		t.add("component type %d stands outside a row", c.Type)
	case c.Type == wire.TypeButton || c.Type >= wire.TypeSelect && c.Type <= wire.TypeLastMenu || c.Type == wire.TypeThumbnail:
		t.add("component type %d stands outside a row", c.Type)
	}
	t.walk(c)
}

func (t *tree) walk(c wire.Component) {
	t.count++
	if c.ID != 0 && t.ids[c.ID] || c.ID < 0 || c.ID > MaxComponentID {
		t.add("component id %d stands twice or is out of range", c.ID)
	}
	t.ids[c.ID] = true
	switch {
	case c.Type == wire.TypeRow:
		t.row(c)
	case c.Type == wire.TypeButton:
		t.button(c)
	case c.Type == wire.TypeInput:
		t.input(c)
	case c.Type >= wire.TypeSelect && c.Type <= wire.TypeLastMenu:
		t.menu(c)
	case c.Type == wire.TypeText:
		t.most("a text", c.Content, 1, MaxText)
		t.text += markdown.Units(c.Content)
	case c.Type == wire.TypeGallery:
		t.gallery(c)
	case c.Type == wire.TypeContainer:
		if len(c.Components) == 0 {
			t.add("a container is empty")
		}
		if c.Accent != nil && (*c.Accent < 0 || *c.Accent > 0xffffff) {
			t.add("colour %#x", *c.Accent)
		}
	case c.Type == wire.TypeSection:
		if len(c.Components) == 0 || len(c.Components) > 3 || c.Accessory == nil {
			t.add("a section has %d texts, or no accessory", len(c.Components))
		}
	case c.Type != wire.TypeSeparator && c.Type != wire.TypeThumbnail && c.Type != wire.TypeFile:
		t.add("component type %d is not known", c.Type)
	}
	for _, in := range c.Components {
		if c.Type == wire.TypeContainer && (in.Type == wire.TypeContainer || in.Type == wire.TypeButton || in.Type == wire.TypeSelect) {
			t.add("component type %d stands in a container", in.Type)
		}
		t.walk(in)
	}
	if c.Accessory != nil {
		t.walk(*c.Accessory)
	}
}

func (t *tree) row(c wire.Component) {
	n := len(c.Components)
	if n == 0 || n > MaxRowButtons {
		t.add("a row has %d components", n)
	}
	for _, in := range c.Components {
		switch {
		case in.Type != wire.TypeButton && n > 1:
			t.add("a menu or field shares its row")
		case in.Type == wire.TypeInput != t.modal:
			t.add("component type %d stands in a row of this", in.Type)
		case in.Type != wire.TypeButton && in.Type != wire.TypeInput && (in.Type < wire.TypeSelect || in.Type > wire.TypeLastMenu):
			t.add("component type %d stands in a row", in.Type)
		}
	}
}

func (t *tree) customID(c wire.Component) {
	t.most("a custom_id", c.CustomID, 1, MaxCustomID)
	if t.seen[c.CustomID] {
		t.add("custom_id %q stands twice", c.CustomID)
	}
	t.seen[c.CustomID] = true
}

func (t *tree) button(c wire.Component) {
	t.most("a label", c.Label, 0, MaxLabel)
	if c.Label == "" && c.Emoji == nil {
		t.add("a button has neither label nor emoji")
	}
	if c.Style != wire.StyleLink {
		t.customID(c)
		if c.URL != "" || c.Style < wire.StylePrimary || c.Style > wire.StyleLink {
			t.add("a button of style %d has URL %q", c.Style, c.URL)
		}
		return
	}
	t.most("a URL", c.URL, 1, MaxURL)
	if c.CustomID != "" {
		t.add("a link has custom_id %q", c.CustomID)
	}
	if u, err := url.Parse(c.URL); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		t.add("a link leads to %q", c.URL)
	}
}

func (t *tree) menu(c wire.Component) {
	t.customID(c)
	t.most("a placeholder", c.Placeholder, 0, maxPlaceholder)
	if c.Type != wire.TypeSelect {
		return
	}
	if n := len(c.Options); n == 0 || n > MaxOptions {
		t.add("a menu has %d options", n)
	}
	values := map[string]bool{}
	for _, o := range c.Options {
		t.most("an option", o.Label, 1, maxOptionLabel)
		t.most("an option's value", o.Value, 1, maxOptionLabel)
		if values[o.Value] {
			t.add("option %q stands twice", o.Value)
		}
		values[o.Value] = true
	}
}

func (t *tree) gallery(c wire.Component) {
	if n := len(c.Items); n == 0 || n > maxGallery {
		t.add("a gallery has %d pictures", n)
	}
	for _, i := range c.Items {
		t.most("an alternative text", i.Description, 0, MaxAltText)
		name, ours := strings.CutPrefix(i.Media.URL, "attachment://")
		found := false
		for _, a := range t.attached {
			found = found || a.Filename == name
		}
		if ours && !found {
			t.add("picture %q is not attached", name)
		}
	}
}

func (t *tree) input(c wire.Component) {
	t.customID(c)
	t.most("a field's label", c.Label, 1, MaxInputLabel)
	t.most("a field's hint", c.Placeholder, 0, MaxInputHint)
	t.most("a field's value", c.Value, 0, maxInputText)
	if c.MaxLength < 0 || c.MaxLength > maxInputText || c.MinLength > c.MaxLength && c.MaxLength > 0 {
		t.add("a field takes %d to %d characters", c.MinLength, c.MaxLength)
	}
}

// Form says what is wrong with a form, nothing where it may be sent.
func Form(f wire.Form) []string {
	l := &linter{}
	l.most("a form's title", f.Title, 1, MaxModalTitle)
	l.most("a form's custom_id", f.CustomID, 1, MaxCustomID)
	if n := len(f.Components); n == 0 || n > maxModalRows {
		l.add("a form has %d rows", n)
	}
	t := &tree{linter: l, modal: true, seen: map[string]bool{}, ids: map[int]bool{}}
	for _, c := range f.Components {
		t.top(c)
	}
	return l.problems
}
