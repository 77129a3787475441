package blocks

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"careerbot/bot/chat"
)

// toEntities escapes the three characters that Slack wants escaped: https://docs.slack.dev/messaging/formatting-message-text#escaping.
var toEntities = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// escape makes s safe in mrkdwn and in a message's text: nothing in it can mention, notify or link. What it does not
// stop is *bold* and the like, for which Slack has no escape; text by others goes into blocks without markup.
func escape(s string) string { return toEntities.Replace(s) }

// literal makes s safe where Slack takes text as it stands: plain_text, rich_text, cells. Nothing there is an
// instruction, so nothing is escaped; but should a client, a copy or an export read the text as mrkdwn, what looks
// like a mention is none.
func literal(s string) string {
	if !strings.Contains(s, "<") {
		return s
	}
	return defused.Replace(s)
}

var defused = strings.NewReplacer("<!", "‹!", "<@", "‹@", "<#", "‹#", "<http", "‹http", "<mailto", "‹mailto")

// line is text by others on one line for blocks without markup, at most most characters long.
func line(s string, most int) string { return literal(chat.Clip(chat.Line(s), most)) }

// escaped is text by others on one line for mrkdwn, at most most characters long after escaping.
func escaped(s string, most int) string {
	s = chat.Line(s)
	for room := most; ; {
		e := escape(chat.Clip(s, room))
		over := utf8.RuneCountInString(e) - most
		if over <= 0 {
			return e
		}
		room = max(0, room-(over+4)/5-1) // an entity has at most five characters
	}
}

// paragraphs is text by others with its line ends, each line cleaned; empty lines part paragraphs, one at a time.
func paragraphs(s string) string {
	var lines []string
	for l := range strings.SplitSeq(s, "\n") {
		l = chat.Line(l)
		if l == "" && (len(lines) == 0 || lines[len(lines)-1] == "") {
			continue
		}
		lines = append(lines, l)
	}
	return literal(strings.TrimRight(strings.Join(lines, "\n"), "\n"))
}

// link is an address that may stand in <address|text>, or "" for one that is no address of a web page.
func link(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return ""
	}
	s := u.String() // escapes blanks, quotes, < and >
	if len(s) > maxURL || strings.ContainsAny(s, "<>| \t\r\n") || chat.Line(s) != s {
		return ""
	}
	return s
}
