package discord

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/valyala/fastjson"

	"careerbot/adapters/discord/commands"
	"careerbot/adapters/discord/layout"
	"careerbot/adapters/discord/markdown"
	"careerbot/adapters/discord/wire"
	"careerbot/bot/chat"
)

// reader understands what Discord sends. It is plain data, but for the parsers.
type reader struct {
	parsers          *fastjson.ParserPool // what one takes to read an interaction, the next takes again
	application, bot string               // our ids; without them we are never mentioned
	word             string               // of the command; "" is "backend"
	packs            []chat.Pack          // there are; nil takes any name in settings
}

// Types of interactions and of commands: https://discord.com/developers/docs/interactions/receiving-and-responding and
// https://discord.com/developers/docs/interactions/application-commands.
const (
	interactionPing      = 1
	interactionCommand   = 2
	interactionComponent = 3
	interactionComplete  = 4
	interactionForm      = 5

	commandMessage = 3
)

// slash is the word of the command.
func (r reader) slash() string { return first(r.word, "backend") }

// errNoInteraction is returned for what cannot be replied to.
var errNoInteraction = errors.New("it is no interaction: id or token is missing")

// interaction reads an interaction. The error says that it cannot be replied to; whatever else is odd about it becomes
// an asked of kind unknown.
func (r reader) interaction(raw []byte) (asked, error) {
	by := r.parsers.Get()
	defer r.parsers.Put(by)
	o, _ := readObject(by, raw)
	a := asked{kind: unknown, place: placeOf(o)}
	if o.num("type") == interactionPing {
		a.kind = pinged
		return a, nil
	}
	if a.place.Interaction == "" || a.place.Token == "" {
		return a, errNoInteraction
	}
	a.question = chat.Question{
		ID: "i" + a.place.Interaction, Platform: name, Thread: a.place.Channel, User: a.place.User,
		Server: a.place.Guild, Locale: o.str("locale"),
	}
	if owners := o.obj("authorizing_integration_owners"); !owners.empty() && !owners.has(installedInServer) {
		a.question.Server = "" // somebody's own app: this server has no say, and no part, in what they ask
	}
	a.by, a.crowd = a.place.Name, a.place.Guild != "" || o.num("context") == privateChannel
	data := o.obj("data")
	switch o.num("type") {
	case interactionCommand:
		r.command(&a, data)
	case interactionComplete:
		r.complete(&a, data)
	case interactionComponent:
		a.pressed = true
		press(&a, data, o.obj("message"))
	case interactionForm:
		a.pressed = true
		submit(&a, data)
	}
	return a, nil
}

// privateChannel is the context of direct messages and groups among people, where the app is somebody's own.
const privateChannel = 2

// installedInServer is the key of the server in authorizing_integration_owners; "1" is a person's own installation.
const installedInServer = "0"

func placeOf(o object) place {
	member, channel := o.obj("member"), o.obj("channel") // each read once: half of the time goes into this
	user := member.obj("user")
	if user.str("id") == "" {
		user = o.obj("user")
	}
	return place{
		Application: o.str("application_id"), Interaction: o.str("id"), Token: o.str("token"), Guild: o.str("guild_id"),
		Channel: first(o.str("channel_id"), channel.str("id")), Parent: channel.str("parent_id"), Message: o.obj("message").str("id"),
		User: user.str("id"), Name: first(member.str("nick"), user.text("global_name", "username")),
	}
}

// command reads a slash command, or the message command, whose name differs by locale but whose type does not.
func (r reader) command(a *asked, data object) {
	if data.num("type") == commandMessage {
		target := data.obj("resolved").obj("messages").obj(data.str("target_id"))
		a.kind, a.question.Text = question, r.plain(target.str("content"))
		a.repeat = a.question.Text
		if a.question.Text == "" {
			a.question.Topic = chat.TopicHelp
		}
		return
	}
	options := data.list("options")
	switch {
	case len(options) == 0:
	case data.str("name") == r.slash()+commands.AdminSuffix:
		r.admin(a, options[0])
	case r.asks(data.str("name")):
		ask(a, options[0])
		a.pack = r.packOf(data.str("name"))
	}
}

// asks says whether a command is one that people ask with: the bot's, or that of a pack.
func (r reader) asks(command string) bool {
	return command == r.slash() || slices.ContainsFunc(r.packs, func(p chat.Pack) bool { return p.Command == command })
}

// packOf is the pack that a command asks alone; "" where there is only one.
func (r reader) packOf(command string) string {
	if i := slices.IndexFunc(r.packs, func(p chat.Pack) bool { return p.Command == command }); i >= 0 && len(r.packs) > 1 {
		return r.packs[i].Name
	}
	return ""
}

// ask reads a subcommand: its topic, and its options in plain words, as they would be typed in a terminal.
func ask(a *asked, sub object) {
	for _, c := range chat.Commands() {
		if c.Name != sub.str("name") {
			continue
		}
		a.kind = question
		values := map[string]string{}
		for _, o := range sub.list("options") {
			values[o.str("name")] = strings.TrimSpace(o.str("value"))
			if o.str("name") == commands.OptionPrivate && o.has("value") {
				a.private = new(o.flag("value"))
			}
		}
		a.question.Topic, a.question.Text = c.Topic, commands.Phrase(c.Name, values)
		if a.repeat = a.question.Text; a.repeat != "" && c.Topic != "" {
			a.repeat = c.Name + ": " + a.repeat
		}
	}
}

// complete reads what has been typed into an option so far.
func (r reader) complete(a *asked, data object) {
	a.kind = completed
	if !r.asks(data.str("name")) {
		return
	}
	for _, sub := range data.list("options") {
		for _, o := range sub.list("options") {
			if o.flag("focused") {
				a.option, a.typed = commands.Completes(o.str("name")), markdown.Shorten(o.str("value"), commands.MaxTyped)
			}
		}
	}
}

// press reads a button or a menu of ours.
func press(a *asked, data, message object) {
	id := data.str("custom_id")
	if values := data.strs("values"); strings.HasPrefix(id, layout.PressMenu) && len(values) > 0 {
		id = values[0]
	}
	what, token, page, ok := layout.Pressed(id)
	if !ok {
		return
	}
	a.question.Action, a.page = token, page
	ephemeral := message.num("flags")&wire.FlagEphemeral != 0
	a.owner = ephemeral || !a.crowd || asker(message) == a.place.User || marked(message) == layout.OwnerMark(a.place.User)
	if ephemeral || !a.owner {
		a.private = new(true)
	}
	switch what {
	case layout.PressAsk:
		a.kind, a.repeat = question, labelOf(message, id)
	case layout.PressQuiet:
		a.kind, a.private = question, new(true)
	case layout.PressVote:
		a.kind, a.private = vote, new(true)
	case layout.PressReason:
		a.kind, a.private = reason, new(true)
	case layout.PressPage:
		a.kind, a.inPlace = turned, a.owner
	case layout.PressShare:
		a.kind, a.private = shared, new(false)
		a.repeat = asks(message)
	}
}

// labelOf is what stands on a button or option of a message.
func labelOf(message object, id string) string {
	for _, c := range slices.Concat(message.list("components"), message.list("options")) {
		if c.str("custom_id") == id || c.str("value") == id {
			return c.str("label")
		}
		if text := labelOf(c, id); text != "" {
			return text
		}
	}
	return ""
}

// asker is who a message of ours answers, as Discord says it of replies to interactions; "" where it does not.
func asker(message object) string {
	return first(message.obj("interaction_metadata").obj("user").str("id"), message.obj("interaction").obj("user").str("id"), "?")
}

// marked is the mark of who asked, on the container of a public answer.
func marked(message object) int {
	for _, c := range message.list("components") {
		if c.num("type") == wire.TypeContainer {
			return c.num("id")
		}
	}
	return 0
}

// asks is the question that a message of ours repeats, without "You asked: ".
func asks(message object) string {
	for _, box := range message.list("components") {
		for _, c := range box.list("components") {
			if _, asked, ok := strings.Cut(c.str("content"), ": "); ok && c.num("id") == layout.QuestionID {
				return markdown.Unescape(asked)
			}
		}
	}
	return ""
}

// submit reads the form that asks why an answer was no good.
func submit(a *asked, data object) {
	what, token, _, ok := layout.Pressed(data.str("custom_id"))
	if !ok || what != layout.PressReason {
		return
	}
	a.kind, a.private = vote, new(true)
	a.question.Action = token
	for _, row := range data.list("components") {
		for _, field := range append(row.list("components"), row.obj("component")) {
			if field.str("custom_id") == layout.ReasonField {
				a.question.Text = markdown.Shorten(strings.TrimSpace(field.str("value")), layout.MaxReason)
			}
		}
	}
}

// Types of messages that people write: https://discord.com/developers/docs/resources/message#message-object-message-types.
const (
	messageDefault = 0
	messageReply   = 19
)

// message reads a message; false is one that is not for us: of a bot, a webhook or the system, in a server without
// a mention of us or a reply to us. A mention of everybody is none of us.
func (r reader) message(raw []byte) (asked, bool) {
	by := r.parsers.Get()
	defer r.parsers.Put(by)
	o, ok := readObject(by, raw)
	author, kind := o.obj("author"), o.num("type")
	switch {
	case !ok || o.str("id") == "" || o.str("channel_id") == "" || author.str("id") == "":
		return asked{}, false
	case author.flag("bot") || author.flag("system") || r.is(author.str("id")) || o.has("webhook_id"):
		return asked{}, false
	case kind != messageDefault && kind != messageReply:
		return asked{}, false
	}
	before := o.obj("referenced_message")
	toUs := r.is(before.obj("author").str("id"))
	if o.str("guild_id") != "" && !r.mentioned(o) {
		return asked{}, false
	}
	text := r.plain(o.str("content"))
	if text == "" && !toUs {
		text = r.plain(before.str("content")) // "@bot" in reply to somebody: answer them
	}
	for _, s := range o.list("message_snapshots") {
		text = first(text, r.plain(s.obj("message").str("content"))) // forwarded to us
	}
	a := asked{kind: question, place: placeOf(o)}
	a.place.Interaction, a.place.Message = "", o.str("id")
	a.place.User = author.str("id")
	a.place.Name = first(o.obj("member").str("nick"), author.text("global_name", "username"))
	a.by = a.place.Name
	a.question = chat.Question{
		ID: "m" + o.str("id"), Platform: name, Thread: a.place.Channel, Server: a.place.Guild, User: a.place.User, Text: text,
	}
	if text == "" {
		a.question.Topic = chat.TopicHelp
	}
	return a, true
}

// mentioned says whether a message names us. Discord lists us also where somebody replies to us and leaves the ping on.
func (r reader) mentioned(o object) bool {
	return slices.ContainsFunc(o.list("mentions"), func(m object) bool { return r.is(m.str("id")) })
}

// is says whether an id is ours. Our user has the application's id but for the oldest applications.
func (r reader) is(id string) bool {
	return id != "" && (id == r.bot || r.bot == "" && id == r.application)
}

// Marks in the text of a message: mentions of users, roles, channels and commands, emoji of servers, times.
var marks = regexp.MustCompile(`<(?:@[!&]?[0-9]+|#[0-9]+|a?:[A-Za-z0-9_~]+:[0-9]+|/[^<>:]+:[0-9]+|t:-?[0-9]+(?::[A-Za-z])?|id:[a-z]+)>`)

// plain is the text of a message without marks, which are no words.
func (reader) plain(content string) string {
	return strings.TrimSpace(marks.ReplaceAllString(content, " "))
}

// first is the first of texts that has something in it.
func first(texts ...string) string {
	for _, t := range texts {
		if strings.TrimSpace(t) != "" {
			return t
		}
	}
	return ""
}
