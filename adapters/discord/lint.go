package discord

import (
	"encoding/json"
	"fmt"
	"net/url"
	"path"
	"strings"
	"unicode/utf8"
)

// body is a message as lint judges it: also what we send none of.
type body struct {
	Content     string           `json:"content"`
	Embeds      []embed          `json:"embeds"`
	Components  []component      `json:"components"`
	Flags       int              `json:"flags"`
	Mentions    *allowedMentions `json:"allowed_mentions"`
	Attachments []attachment     `json:"attachments"`
	Poll        *poll            `json:"poll"`
	TTS         bool             `json:"tts"`
	Nonce       json.RawMessage  `json:"nonce"`
	Enforce     bool             `json:"enforce_nonce"`
	Reference   json.RawMessage  `json:"message_reference"`
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
	if n := units(s); n < least || n > most {
		l.add("%s has %d characters, not %d to %d", what, n, least, most)
	}
	if !utf8.ValidString(s) {
		l.add("%s is not UTF-8", what)
	}
}

// lintMessage judges a reply. Ours must carry the V2 flag and may ping nobody.
func lintMessage(r reply) []string {
	l := &linter{}
	l.message(body{Components: r.Components, Flags: r.Flags, Mentions: &r.Mentions, Attachments: r.Attachments, files: len(r.files)})
	if r.Flags&flagV2 == 0 {
		l.add("the V2 flag is missing")
	}
	if len(r.Mentions.Parse)+len(r.Mentions.Users)+len(r.Mentions.Roles) > 0 || r.Mentions.RepliedUser {
		l.add("it may ping")
	}
	if len(r.files) != len(r.Attachments) {
		l.add("%d files for %d attachments", len(r.files), len(r.Attachments))
	}
	for _, f := range r.files {
		if len(f.data) > maxFileSize {
			l.add("file %s has %d bytes, more than %d", f.name, len(f.data), maxFileSize)
		}
	}
	return l.problems
}

// lintJSON judges the body of a message as it stands in a request. Members that Discord does not know are problems.
func lintJSON(raw []byte) []string {
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
	v2 := b.Flags&flagV2 != 0
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
	if t.text > maxText {
		l.add("%d characters of text, more than %d", t.text, maxText)
	}
}

func (l *linter) mentions(m *allowedMentions) {
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
		sum += units(e.Title) + units(e.Description) + units(e.Footer.Text) + units(e.Author.Name)
		for _, f := range e.Fields {
			sum += units(f.Name) + units(f.Value)
		}
	}
	if sum > maxEmbedSum {
		l.add("%d characters of embeds, more than %d", sum, maxEmbedSum)
	}
}

func (l *linter) attachments(list []attachment) {
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
		l.most("an alternative text", a.Description, 0, maxAltText)
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
	attached    []attachment
}

// top judges a component that is in no other.
func (t *tree) top(c component) {
	switch {
	case c.Type == typeRow:
	case t.modal || !t.v2:
		t.add("component type %d stands outside a row", c.Type)
	case c.Type == typeButton || c.Type >= typeSelect && c.Type <= typeLastMenu || c.Type == typeThumbnail:
		t.add("component type %d stands outside a row", c.Type)
	}
	t.walk(c)
}

func (t *tree) walk(c component) {
	t.count++
	if c.ID != 0 && t.ids[c.ID] || c.ID < 0 || c.ID > maxComponentID {
		t.add("component id %d stands twice or is out of range", c.ID)
	}
	t.ids[c.ID] = true
	switch {
	case c.Type == typeRow:
		t.row(c)
	case c.Type == typeButton:
		t.button(c)
	case c.Type == typeInput:
		t.input(c)
	case c.Type >= typeSelect && c.Type <= typeLastMenu:
		t.menu(c)
	case c.Type == typeText:
		t.most("a text", c.Content, 1, maxText)
		t.text += units(c.Content)
	case c.Type == typeGallery:
		t.gallery(c)
	case c.Type == typeContainer:
		if len(c.Components) == 0 {
			t.add("a container is empty")
		}
		if c.Accent != nil && (*c.Accent < 0 || *c.Accent > 0xffffff) {
			t.add("colour %#x", *c.Accent)
		}
	case c.Type == typeSection:
		if len(c.Components) == 0 || len(c.Components) > 3 || c.Accessory == nil {
			t.add("a section has %d texts, or no accessory", len(c.Components))
		}
	case c.Type != typeSeparator && c.Type != typeThumbnail && c.Type != typeFile:
		t.add("component type %d is not known", c.Type)
	}
	for _, in := range c.Components {
		if c.Type == typeContainer && (in.Type == typeContainer || in.Type == typeButton || in.Type == typeSelect) {
			t.add("component type %d stands in a container", in.Type)
		}
		t.walk(in)
	}
	if c.Accessory != nil {
		t.walk(*c.Accessory)
	}
}

func (t *tree) row(c component) {
	n := len(c.Components)
	if n == 0 || n > maxRowButtons {
		t.add("a row has %d components", n)
	}
	for _, in := range c.Components {
		switch {
		case in.Type != typeButton && n > 1:
			t.add("a menu or field shares its row")
		case in.Type == typeInput != t.modal:
			t.add("component type %d stands in a row of this", in.Type)
		case in.Type != typeButton && in.Type != typeInput && (in.Type < typeSelect || in.Type > typeLastMenu):
			t.add("component type %d stands in a row", in.Type)
		}
	}
}

func (t *tree) customID(c component) {
	t.most("a custom_id", c.CustomID, 1, maxCustomID)
	if t.seen[c.CustomID] {
		t.add("custom_id %q stands twice", c.CustomID)
	}
	t.seen[c.CustomID] = true
}

func (t *tree) button(c component) {
	t.most("a label", c.Label, 0, maxLabel)
	if c.Label == "" && c.Emoji == nil {
		t.add("a button has neither label nor emoji")
	}
	if c.Style != styleLink {
		t.customID(c)
		if c.URL != "" || c.Style < stylePrimary || c.Style > styleLink {
			t.add("a button of style %d has URL %q", c.Style, c.URL)
		}
		return
	}
	t.most("a URL", c.URL, 1, maxURL)
	if c.CustomID != "" {
		t.add("a link has custom_id %q", c.CustomID)
	}
	if u, err := url.Parse(c.URL); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		t.add("a link leads to %q", c.URL)
	}
}

func (t *tree) menu(c component) {
	t.customID(c)
	t.most("a placeholder", c.Placeholder, 0, maxPlaceholder)
	if c.Type != typeSelect {
		return
	}
	if n := len(c.Options); n == 0 || n > maxOptions {
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

func (t *tree) gallery(c component) {
	if n := len(c.Items); n == 0 || n > maxGallery {
		t.add("a gallery has %d pictures", n)
	}
	for _, i := range c.Items {
		t.most("an alternative text", i.Description, 0, maxAltText)
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

func (t *tree) input(c component) {
	t.customID(c)
	t.most("a field's label", c.Label, 1, maxInputLabel)
	t.most("a field's hint", c.Placeholder, 0, maxInputHint)
	t.most("a field's value", c.Value, 0, maxInputText)
	if c.MaxLength < 0 || c.MaxLength > maxInputText || c.MinLength > c.MaxLength && c.MaxLength > 0 {
		t.add("a field takes %d to %d characters", c.MinLength, c.MaxLength)
	}
}

// form is the data of a modal.
type form struct {
	CustomID   string      `json:"custom_id"`
	Title      string      `json:"title"`
	Components []component `json:"components"`
}

func lintForm(f form) []string {
	l := &linter{}
	l.most("a form's title", f.Title, 1, maxModalTitle)
	l.most("a form's custom_id", f.CustomID, 1, maxCustomID)
	if n := len(f.Components); n == 0 || n > maxModalRows {
		l.add("a form has %d rows", n)
	}
	t := &tree{linter: l, modal: true, seen: map[string]bool{}, ids: map[int]bool{}}
	for _, c := range f.Components {
		t.top(c)
	}
	return l.problems
}
