package blocks

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"careerbot/adapters"
	"careerbot/adapters/slack/payload"
	"careerbot/bot/chat"

	"github.com/slack-go/slack"
)

// MaxRecent is how many questions of a person the Home tab shows.
const MaxRecent = 5

// Home is what the Home tab shows.
type Home struct {
	Command string      // of the slash command, "/backend"
	Sources chat.Answer // the answer to chat.TopicSources: what the bot knows and how current that is
	Recent  []string    // what this person asked last, newest first
	Admin   bool        // offer the settings and the report
}

// RenderHome draws the Home tab: what the bot knows and how current that is, how to ask, examples to press, what the person
// asked last, and for those who manage the workspace the settings.
func RenderHome(h Home) slack.HomeTabViewRequest {
	d := newDrawing(Look{Place: payload.Place{Direct: true}, Level: LevelNoTable}) // charts and tables do not make a good Home tab
	d.places = maxViewBlocks - 20
	d.header("What I Know")
	if lead := paragraphs(chat.Clip(h.Sources.Lead, maxLead)); lead != "" {
		d.add(runes(lead), richText(words(lead)))
	}
	for _, b := range h.Sources.Blocks {
		d.evidence(b, h.Sources)
	}
	d.header("How to Ask")
	how := chat.List{Items: []chat.Item{
		{Text: "Write to me in Messages, in your own words."},
		{Text: "Type " + h.Command + " and a question in any channel. Only you see the answer, until you share it."},
		{Text: "Mention me in a channel; I answer in the thread."},
		{Text: "Use Answer This Question in the menu of somebody's message."},
	}}
	d.list(how)
	d.header("Examples")
	var row []slack.BlockElement
	for _, c := range chat.Commands() {
		if c.Example == "" || c.Topic == "" {
			continue
		}
		label := line(titled(c.Name)+": "+c.Example, maxButton)
		row = append(row, button(payload.ActTopic+":"+c.Name, label, c.Name+" "+c.Example))
	}
	row = append(row,
		button(payload.ActTopic+":skills", "List Skills", "skills"),
		button(payload.ActTopic+":roadmap", "Show the Roadmap", "roadmap"))
	d.add(0, actions(row...))
	d.recent(h.Recent)
	if h.Admin {
		d.header("For Those Who Manage This Workspace")
		d.add(0, actions(button(payload.ActSettings, "Open Settings", "settings"), button(payload.ActReport, "Show Report", "report")))
	}
	return slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: d.blocks}}
}

func (d *drawing) header(title string) { d.add(len(title), slack.NewHeaderBlock(plainText(title))) }

// recent lists what a person asked last, each to be asked again by a press.
func (d *drawing) recent(questions []string) {
	shown := false
	for i, q := range questions[:min(len(questions), MaxRecent)] {
		text := line(q, maxWords)
		if text == "" || len(q) > maxValue {
			continue
		}
		if !shown {
			d.header("Your Last Questions")
			shown = true
		}
		again := button(payload.ActHome+":"+string(rune('0'+i)), "Ask Again", chat.Line(q))
		d.add(runes(text), slack.NewSectionBlock(plainText(text), nil, slack.NewAccessory(again)))
	}
}

// titled begins s with a capital, if it is a letter that has one.
func titled(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	if size == 0 || r == utf8.RuneError {
		return s
	}
	return string(unicode.ToTitle(r)) + s[size:]
}

// Prompts are first questions, from the list of commands.
func Prompts() []slack.AssistantThreadsPrompt {
	var out []slack.AssistantThreadsPrompt
	for _, c := range chat.Commands() {
		if c.Example != "" && len(out) < maxPrompts {
			out = append(out, slack.AssistantThreadsPrompt{Title: c.Summary, Message: strings.TrimPrefix(c.Name+" "+c.Example, "ask ")})
		}
	}
	return out
}

// modal is an empty modal.
func modal(callback, title, submit string, carried any) slack.ModalViewRequest {
	m := slack.ModalViewRequest{
		Type: slack.VTModal, CallbackID: callback, Title: plainText(title), Submit: plainText(submit), Close: plainText("Cancel"),
	}
	if data, err := json.Marshal(carried); err == nil && carried != nil && len(data) <= maxPrivate {
		m.PrivateMetadata = string(data)
	}
	return m
}

func input(block, label string, e slack.BlockElement, optional bool) *slack.InputBlock {
	return &slack.InputBlock{Type: slack.MBTInput, BlockID: block, Label: plainText(label), Element: e, Optional: optional}
}

// RenderAsk is the modal of the global shortcut. The channel for the answer is chosen in it: none is the person's direct
// messages.
func RenderAsk(command string) slack.ModalViewRequest {
	m := modal(payload.CallbackAsk, "Ask a Question", "Ask", nil)
	question := &slack.PlainTextInputBlockElement{
		Type: slack.METPlainTextInput, ActionID: payload.ActField, Multiline: true, MaxLength: maxInput, FocusOnLoad: true,
		Placeholder: plainText("In your own words"),
	}
	where := &slack.SelectBlockElement{
		Type: slack.OptTypeConversations, ActionID: payload.ActField, Placeholder: plainText("Only me, as a direct message"),
		ResponseURLEnabled: true, Filter: &slack.SelectBlockElementFilter{Include: []string{"public", "private", "mpim"}, ExcludeBotUsers: true},
	}
	hint := line("In a channel you can also type "+command+" and your question.", maxHeader)
	m.Blocks.BlockSet = []slack.Block{
		input(payload.FieldQuestion, "Your question", question, false),
		input(payload.FieldWhere, "Post the answer in", where, true),
		context(plainText(hint)),
	}
	return m
}

// RenderReason is the modal that asks what was wrong with an answer, after a vote against it: token.
func RenderReason(p payload.Place, token string) slack.ModalViewRequest {
	p.Words = "" // not needed, and long
	m := modal(payload.CallbackReason, "What Was Wrong?", "Send", payload.ReasonMetadata{Place: p, Token: token})
	why := &slack.PlainTextInputBlockElement{
		Type: slack.METPlainTextInput, ActionID: payload.ActField, Multiline: true, MaxLength: maxReason, FocusOnLoad: true,
		Placeholder: plainText("A figure is out of date, a source is missing, …"),
	}
	m.Blocks.BlockSet = []slack.Block{
		input(payload.FieldReason, "What was wrong or missing?", why, true),
		context(plainText("Your vote is noted. The reason goes to those who look after my articles.")),
	}
	return m
}

// maxReason is how much of a reason is wanted, in characters.
const maxReason = 500

// RenderSettings is the modal in which those who manage a workspace choose; packs are those there are to choose from.
func RenderSettings(p payload.Place, now adapters.Preferences, packs []chat.Pack) slack.ModalViewRequest {
	here := p.Channel
	if p.Direct || len(packs) < 2 {
		here = ""
	}
	m := modal(payload.CallbackSettings, "Settings", "Save", payload.SettingsMetadata{Channel: here})
	private := choice(payload.ChoicePrivate, "Answer in private", "Only who asked sees answers to mentions, until they share them.")
	feedback := choice(payload.ChoiceFeedback, "Ask for feedback", "Show the buttons Good Answer and Bad Answer.")
	answers := &slack.CheckboxGroupsBlockElement{
		Type: slack.METCheckboxGroups, ActionID: payload.ActField, Options: []*slack.OptionBlockObject{private, feedback},
	}
	if now.Private {
		answers.InitialOptions = append(answers.InitialOptions, private)
	}
	if !now.NoFeedback {
		answers.InitialOptions = append(answers.InitialOptions, feedback)
	}
	m.Blocks.BlockSet = []slack.Block{
		input(payload.FieldAnswers, "Answers", answers, true),
		input(payload.FieldQuiet, "Quiet channels: answer there in private only", channels(now.Quiet), true),
		input(payload.FieldOnly, "Answer everybody in these channels only (none: in all)", channels(now.Only), true),
	}
	if e := packChoice(now.Packs, packs); len(e.Options) > 1 {
		m.Blocks.BlockSet = append(m.Blocks.BlockSet, input(payload.FieldPacks, "Packs that may answer (none: all)", e, true))
	}
	if e := packChoice(now.ChannelPacks[here], packs); here != "" && len(e.Options) > 1 {
		m.Blocks.BlockSet = append(m.Blocks.BlockSet, input(payload.FieldHere, "Packs that may answer in this channel (none: as above)", e, true))
	}
	return m
}

func choice(value, label, description string) *slack.OptionBlockObject {
	o := slack.NewOptionBlockObject(value, plainText(label), nil)
	if description != "" {
		o.Description = plainText(description)
	}
	return o
}

func channels(now []string) *slack.MultiSelectBlockElement {
	return &slack.MultiSelectBlockElement{
		Type: slack.MultiOptTypeConversations, ActionID: payload.ActField, Placeholder: plainText("Choose channels"),
		InitialConversations: slices.DeleteFunc(slices.Clone(now), func(id string) bool { return !payload.IsID(id) }),
		Filter:               &slack.SelectBlockElementFilter{Include: []string{"public", "private"}},
	}
}

func packChoice(now []string, packs []chat.Pack) *slack.MultiSelectBlockElement {
	e := &slack.MultiSelectBlockElement{Type: slack.MultiOptTypeStatic, ActionID: payload.ActField, Placeholder: plainText("All packs")}
	for _, p := range packs {
		label := line(p.Name+": "+p.Subject, maxOption)
		if p.Name == "" || len(p.Name) > maxOptionID || len(e.Options) == maxOptions {
			continue
		}
		o := choice(p.Name, label, "")
		e.Options = append(e.Options, o)
		if slices.Contains(now, p.Name) {
			e.InitialOptions = append(e.InitialOptions, o)
		}
	}
	return e
}
