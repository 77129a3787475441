package terminal

import (
	"fmt"
	"strconv"
	"strings"

	"careerbot/bot/chat"
)

// local is a command the adapter answers by itself, from the last answer.
type local string

const (
	localNone    local = ""
	localHelp    local = "help"
	localWhy     local = "why"
	localMore    local = "more"
	localSources local = "sources"
	localQuit    local = "quit"
)

// input is what one line asks for: a local command, a remark on what was typed wrong, or else a question.
type input struct {
	local    local
	remark   string
	question chat.Question // Topic, Text and Action only
}

// read understands a line that is not empty. last is the answer on the screen, whose follow-ups the numbers mean;
// pack is the word that may stand before a command, as in "/backend skills".
func read(line string, last chat.Answer, pack string) input {
	line = strings.TrimSpace(line)
	if n, ok := number(line); ok && len(last.Actions) > 0 {
		if n < 1 || n > len(last.Actions) {
			return input{remark: fmt.Sprintf("There is no [%d] here: type a number from 1 to %d, or ask in your own words.", n, len(last.Actions))}
		}
		return input{question: chat.Question{Action: last.Actions[n-1].Token}}
	}
	if rest, ok := strings.CutPrefix(line, "/"); ok {
		return command(rest, last, pack)
	}
	if word := strings.ToLower(line); word == "exit" || word == "quit" {
		return input{local: localQuit}
	}
	return input{question: chat.Question{Text: line}}
}

func command(line string, last chat.Answer, pack string) input {
	name, rest := firstWord(line)
	if pack != "" && name == pack {
		if name, rest = firstWord(rest); name == "" {
			name = string(localHelp)
		}
	}
	answered := last.ID != "" || last.Lead != ""
	switch l := local(name); l {
	case localHelp, localQuit:
		return input{local: l}
	case "?", "":
		return input{local: localHelp}
	case "exit", "q":
		return input{local: localQuit}
	case localWhy, localMore:
		if !answered {
			return input{remark: "Ask something first; /" + name + " is about the answer before it."}
		}
		return input{local: l}
	case localSources:
		if rest == "" && len(last.Sources) > 0 {
			return input{local: l}
		}
	}
	for _, c := range chat.Commands() {
		if c.Name != name {
			continue
		}
		if c.Topic == "" && rest == "" {
			return input{remark: fmt.Sprintf("Type the question after /%s: /%s %s", c.Name, c.Name, c.Example)}
		}
		return input{question: chat.Question{Topic: c.Topic, Text: rest}}
	}
	return input{remark: fmt.Sprintf("There is no /%s; /help lists what there is.", chat.Clip(chat.Line(name), maxLabel))}
}

func firstWord(s string) (word, rest string) {
	word, rest, _ = strings.Cut(strings.TrimSpace(s), " ")
	return strings.ToLower(word), strings.TrimSpace(rest)
}

// number reads "2", "[2]" and "2.", at most two digits: longer ones belong to questions.
func number(s string) (int, bool) {
	s = strings.TrimSuffix(strings.TrimSuffix(strings.TrimPrefix(s, "["), "]"), ".")
	if len(s) == 0 || len(s) > 2 || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}

// help lists the commands and the keys of a chat.
func (p *page) help(pack string) []string {
	list := chat.List{Title: "Commands"}
	for _, c := range chat.Commands() {
		list.Items = append(list.Items, chat.Item{Text: strings.TrimSpace("/" + c.Name + " " + c.Example), Of: c.Summary})
	}
	list.Items = append(list.Items,
		chat.Item{Text: "1, 2, …", Of: "Ask a follow-up by its number"},
		chat.Item{Text: "/more", Of: "Further answers to the last question"},
		chat.Item{Text: "/why", Of: "How the last answer came about"},
		chat.Item{Text: "/quit", Of: "Leave; Ctrl-D does too"},
	)
	lines := p.list(list)
	if pack != "" {
		lines = append(lines, hang(indent, "/"+pack+" may stand before a command, as on other platforms: /"+pack+" skills", p.width)...)
	}
	return lines
}

// sourceList gives every source of an answer in full, with its section and address.
func (p *page) sourceList(sources []chat.Source) []string {
	list := chat.List{Title: "Sources", Ordered: true}
	for _, s := range sources {
		text := chat.Line(s.Title)
		if s.Section != "" {
			text += " › " + chat.Line(s.Section)
		}
		if s.URL != "" {
			text += " " + chat.Line(s.URL)
		}
		publisher := chat.Line(s.Publisher)
		if publisher == "" {
			publisher = "publisher unknown"
		}
		list.Items = append(list.Items, chat.Item{Text: text + " (" + publisher + ", " + chat.Day(chat.Line(s.Date)) + ")"})
	}
	return p.list(list)
}
