package lint

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"careerbot/adapters/discord/wire"

	"github.com/bwmarrin/discordgo"
)

const none = `"allowed_mentions":{"parse":[]}`

// v2 is the body of a message with layout components.
func v2(components string) string {
	return `{"flags":32768,` + none + `,"components":[` + components + `]}`
}

func row(components ...string) string {
	return `{"type":1,"components":[` + strings.Join(components, ",") + `]}`
}

func say(n int) string { return fmt.Sprintf(`{"type":10,"content":%q}`, strings.Repeat("x", n)) }

func times(n int, s string) string { return strings.Join(repeated(n, s), ",") }

// repeated gives n copies of s, each "%d" in it its number.
func repeated(n int, s string) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = strings.ReplaceAll(s, "%d", fmt.Sprint(i))
	}
	return out
}

const press1 = `{"type":2,"style":2,"label":"x","custom_id":"c%d"}`

// TestLint plants each mistake that Discord's document cannot express, and those it can which production must see too.
func TestLint(t *testing.T) {
	t.Parallel()
	press := strings.ReplaceAll(press1, "%d", "0")
	menu := `{"type":3,"custom_id":"m","options":[{"label":"a","value":"a"}]}`
	embeds := times(3, `{"title":"`+strings.Repeat("t", 200)+`","description":"`+strings.Repeat("d", 1900)+`"}`)
	for name, tt := range map[string]struct{ raw, want string }{
		"good, with layout":         {v2(say(10) + "," + row(press, `{"type":2,"style":5,"label":"x","url":"https://x.example"}`)), ""},
		"good, of old":              {`{"content":"x",` + none + `,"components":[` + row(press) + `]}`, ""},
		"embeds in all":             {`{"embeds":[` + embeds + `],` + none + `}`, "characters of embeds"},
		"components in all":         {v2(times(4, `{"type":17,"components":[`+times(10, say(1))+`]}`)), "44 components"},
		"text in all":               {v2(say(3000) + "," + say(1001)), "4001 characters of text"},
		"V2 with content":           {`{"content":"x","flags":32768,` + none + `,"components":[` + say(1) + `]}`, "exclude content"},
		"V2 with embeds":            {`{"embeds":[{"title":"x"}],"flags":32768,` + none + `,"components":[` + say(1) + `]}`, "exclude content"},
		"layout without V2":         {`{` + none + `,"components":[` + say(1) + `]}`, "outside a row"},
		"nothing":                   {`{` + none + `}`, "empty"},
		"V2 with nothing":           {`{"flags":32768,` + none + `}`, "empty"},
		"six rows":                  {`{"content":"x",` + none + `,"components":[` + times(6, row(press1)) + `]}`, "6 rows"},
		"custom_id twice":           {v2(row(press, press)), "stands twice"},
		"custom_id twice, far":      {v2(row(press) + `,{"type":17,"components":[` + row(press) + `]}`), "stands twice"},
		"button without custom_id":  {v2(row(`{"type":2,"style":1,"label":"x"}`)), "custom_id has 0"},
		"link with custom_id":       {v2(row(`{"type":2,"style":5,"label":"x","url":"https://x.example","custom_id":"x"}`)), "a link has custom_id"},
		"link to a script":          {v2(row(`{"type":2,"style":5,"label":"x","url":"javascript:alert(1)"}`)), "leads to"},
		"button with nothing on it": {v2(row(`{"type":2,"style":1,"custom_id":"x"}`)), "neither label nor emoji"},
		"menu beside a button":      {v2(row(press, menu)), "shares its row"},
		"six buttons":               {v2(`{"type":1,"components":[` + times(6, press1) + `]}`), "6 components"},
		"empty row":                 {v2(row()), "0 components"},
		"poll answer":               {`{"poll":{"question":{"text":"q"},"answers":[{"poll_media":{"text":"` + strings.Repeat("x", 56) + `"}}]},` + none + `}`, "poll answer has 56"},
		"parse and users":           {`{"content":"x","allowed_mentions":{"parse":["users"],"users":["1"]}}`, "parses users"},
		"parse and roles":           {`{"content":"x","allowed_mentions":{"parse":["roles"],"roles":["1"]}}`, "parses roles"},
		"no allowed_mentions":       {`{"content":"x"}`, "could be pinged"},
		"a key of nobody":           {`{"content":"x",` + none + `,"colour":"red"}`, "unknown field"},
		"a key of nobody, deep":     {v2(row(`{"type":2,"style":1,"label":"x","custom_id":"x","colour":3}`)), "unknown field"},
		"2001 characters":           {`{"content":"` + strings.Repeat("x", 2001) + `",` + none + `}`, "2001 characters"},
		"label of 81":               {v2(row(`{"type":2,"style":1,"label":"` + strings.Repeat("x", 81) + `","custom_id":"x"}`)), "label has 81"},
		"custom_id of 101":          {v2(row(`{"type":2,"style":1,"label":"x","custom_id":"` + strings.Repeat("x", 101) + `"}`)), "custom_id has 101"},
		"26 options":                {v2(row(`{"type":3,"custom_id":"m","options":[` + times(26, `{"label":"a","value":"%d"}`) + `]}`)), "26 options"},
		"an option twice":           {v2(row(`{"type":3,"custom_id":"m","options":[` + times(2, `{"label":"a","value":"a"}`) + `]}`)), "stands twice"},
		"component id twice":        {v2(`{"type":10,"id":4,"content":"a"},{"type":10,"id":4,"content":"b"}`), "id 4 stands twice"},
		"a button in a frame":       {v2(`{"type":17,"components":[` + press + `]}`), "stands in a container"},
		"a frame in a frame":        {v2(`{"type":17,"components":[{"type":17,"components":[` + say(1) + `]}]}`), "stands in a container"},
		"an empty frame":            {v2(`{"type":17,"components":[]}`), "container is empty"},
		"a picture of nothing":      {v2(`{"type":12,"items":[{"media":{"url":"attachment://x.png"}}]}`), "not attached"},
		"11 pictures":               {v2(`{"type":12,"items":[` + times(11, `{"media":{"url":"https://x.example/%d"}}`) + `]}`), "11 pictures"},
		"a section of four":         {v2(`{"type":9,"components":[` + times(4, say(1)) + `],"accessory":` + press + `}`), "a section has 4"},
		"a type of tomorrow":        {v2(`{"type":99}`), "type 99 is not known"},
		"a field in a message":      {v2(row(`{"type":4,"custom_id":"x","label":"x","style":1}`)), "type 4 stands in a row of this"},
		"text of nothing":           {v2(`{"type":10,"content":""}`), "a text has 0"},
		"emoji count twice":         {v2(`{"type":10,"content":"` + strings.Repeat("😀", 2001) + `"}`), "4002 characters"},
		"alternative text":          {`{"flags":32768,` + none + `,"components":[` + say(1) + `],"attachments":[{"id":"0","filename":"x.png","description":"` + strings.Repeat("x", 1025) + `"}]}`, "alternative text has 1025"},
		"one file twice":            {`{"content":"x",` + none + `,"attachments":[{"id":"0","filename":"x"},{"id":"0","filename":"x"}]}`, "stands twice"},
	} {
		expect(t, name, rawMessage([]byte(tt.raw)), tt.want)
	}
}

func expect(t *testing.T, name string, problems []string, want string) {
	t.Helper()
	all := strings.Join(problems, "; ")
	if want == "" && all != "" || !strings.Contains(all, want) {
		t.Errorf("%s: %q, want %q", name, all, want)
	}
}

func TestLintForm(t *testing.T) {
	t.Parallel()
	field := `{"type":4,"custom_id":"f%d","label":"x","style":1}`
	for name, tt := range map[string]struct{ raw, want string }{
		"good":             {`{"custom_id":"x","title":"x","components":[` + times(5, row(field)) + `]}`, ""},
		"six rows":         {`{"custom_id":"x","title":"x","components":[` + times(6, row(field)) + `]}`, "6 rows"},
		"none":             {`{"custom_id":"x","title":"x","components":[]}`, "0 rows"},
		"long title":       {`{"custom_id":"x","title":"` + strings.Repeat("x", 46) + `","components":[` + row(field) + `]}`, "title has 46"},
		"long label":       {`{"custom_id":"x","title":"x","components":[` + row(`{"type":4,"custom_id":"f","label":"`+strings.Repeat("x", 46)+`"}`) + `]}`, "label has 46"},
		"a button":         {`{"custom_id":"x","title":"x","components":[` + row(press1) + `]}`, "type 2 stands in a row of this"},
		"one field twice":  {`{"custom_id":"x","title":"x","components":[` + row(`{"type":4,"custom_id":"f","label":"x"}`) + "," + row(`{"type":4,"custom_id":"f","label":"x"}`) + `]}`, "stands twice"},
		"more than 4000":   {`{"custom_id":"x","title":"x","components":[` + row(`{"type":4,"custom_id":"f","label":"x","max_length":4001}`) + `]}`, "0 to 4001"},
		"no row around it": {`{"custom_id":"x","title":"x","components":[{"type":4,"custom_id":"f","label":"x"}]}`, "outside a row"},
	} {
		var f wire.Form
		if err := json.Unmarshal([]byte(tt.raw), &f); err != nil {
			t.Fatal(name, err)
		}
		expect(t, name, Form(f), tt.want)
	}
}

func TestLintReply(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		spoil func(*wire.Reply)
		want  string
	}{
		"good":             {func(*wire.Reply) {}, ""},
		"without the flag": {func(r *wire.Reply) { r.Flags = 0 }, "V2 flag is missing"},
		"may ping":         {func(r *wire.Reply) { r.Mentions.Parse = []string{"everyone"} }, "may ping"},
		"pings the asker":  {func(r *wire.Reply) { r.Mentions.RepliedUser = true }, "may ping"},
		"a file too few":   {func(r *wire.Reply) { r.Attachments = []wire.Attachment{{Filename: "x"}} }, "0 files for 1"},
		"a file too large": {func(r *wire.Reply) {
			r.Attachments, r.Files = []wire.Attachment{{Filename: "x"}}, []wire.File{{Name: "x", Data: make([]byte, MaxFileSize+1)}}
		}, "more than"},
	} {
		r := wire.Reply{
			Components: []wire.Component{{Type: wire.TypeText, Content: "x"}}, Flags: wire.FlagV2, Mentions: wire.AllowedMentions{Parse: []string{}},
		}
		tt.spoil(&r)
		expect(t, name, Message(r), tt.want)
	}
}

func TestLintCommands(t *testing.T) {
	t.Parallel()
	type command = discordgo.ApplicationCommand
	type opt = discordgo.ApplicationCommandOption
	text := func(names ...string) (out []*opt) {
		for _, n := range names {
			out = append(out, &opt{Type: discordgo.ApplicationCommandOptionString, Name: n, Description: "x"})
		}
		return out
	}
	choice := func(name string, value any) []*discordgo.ApplicationCommandOptionChoice {
		return []*discordgo.ApplicationCommandOptionChoice{{Name: name, Value: value}}
	}
	for name, tt := range map[string]struct {
		spoil func(*command)
		want  string
	}{
		"good":            {func(*command) {}, ""},
		"capital letters": {func(c *command) { c.Name = "Backend" }, "pattern"},
		"a space":         {func(c *command) { c.Options = text("two words") }, "pattern"},
		"33 letters":      {func(c *command) { c.Name = strings.Repeat("x", 33) }, "pattern"},
		"a space in Hindi": {func(c *command) {
			c.NameLocalizations = &map[discordgo.Locale]string{discordgo.Hindi: "दो शब्द"}
		}, "pattern"},
		"no description":          {func(c *command) { c.Description = "" }, "description of command x has 0"},
		"description of 101":      {func(c *command) { c.Description = strings.Repeat("x", 101) }, "has 101"},
		"Klingon":                 {func(c *command) { c.NameLocalizations = &map[discordgo.Locale]string{"tlh": "x"} }, `locale "tlh"`},
		"Indonesian":              {func(c *command) { c.NameLocalizations = &map[discordgo.Locale]string{"id": "x"} }, ""},
		"26 options":              {func(c *command) { c.Options = text(repeated(26, "o%d")...) }, "26 options"},
		"an option twice":         {func(c *command) { c.Options = text("a", "a") }, "stands twice"},
		"required after optional": {func(c *command) { c.Options = text("a", "b"); c.Options[1].Required = true }, "comes after"},
		"choices and completion": {func(c *command) {
			c.Options = text("a")
			c.Options[0].Autocomplete, c.Options[0].Choices = true, choice("x", "x")
		}, "choices and completion"},
		"choice of 101":         {func(c *command) { c.Options = text("a"); c.Options[0].Choices = choice(strings.Repeat("x", 101), "x") }, "a choice of a has 101"},
		"value of 101":          {func(c *command) { c.Options = text("a"); c.Options[0].Choices = choice("x", strings.Repeat("x", 101)) }, "a value of a has 101"},
		"a menu that describes": {func(c *command) { c.Type = discordgo.MessageApplicationCommand }, "has a description"},
		"subcommand and option": {func(c *command) {
			c.Options = text("a", "b")
			c.Options[0].Type = discordgo.ApplicationCommandOptionSubCommand
		}, "beside options"},
		"8000 characters and more": {func(c *command) {
			c.Options = text(repeated(25, "o%d")...)
			for _, o := range c.Options {
				for n := range 4 {
					o.Choices = append(o.Choices, choice(strings.Repeat("x", 100), fmt.Sprint(n))...)
				}
			}
		}, "characters, more than 8000"},
	} {
		c := &command{Type: discordgo.ChatApplicationCommand, Name: "x", Description: "x"}
		tt.spoil(c)
		expect(t, name, Commands([]*command{c}), tt.want)
	}
	twice := &command{Type: discordgo.ChatApplicationCommand, Name: "x", Description: "x"}
	expect(t, "a command twice", Commands([]*command{twice, twice}), "stands twice")
	var menus []*command
	for i := range 16 {
		menus = append(menus, &command{Type: discordgo.MessageApplicationCommand, Name: fmt.Sprint(i)})
	}
	expect(t, "16 menus", Commands(menus), "too many")
}
