package slack

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"careerbot/bot/chat"
)

// entities are the three characters that Slack escapes: https://docs.slack.dev/messaging/formatting-message-text#escaping.
var (
	toEntities   = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	fromEntities = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">")
)

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

// typed is what a person wrote, from the form that Slack sends it in: references become their names, the bot's own
// mention goes, entities become characters. self may be "".
func typed(s, self string) string {
	var b strings.Builder
	for s != "" {
		open := strings.IndexByte(s, '<')
		if open < 0 {
			break
		}
		b.WriteString(fromEntities.Replace(s[:open]))
		s = s[open:]
		if end := strings.IndexByte(s[:min(len(s), maxReference)], '>'); end > 0 {
			if name, ok := reference(s[1:end], self); ok {
				b.WriteString(fromEntities.Replace(name))
				s = s[end+1:]
				continue
			}
		}
		b.WriteByte('<')
		s = s[1:]
	}
	b.WriteString(fromEntities.Replace(s))
	return strings.TrimSpace(b.String())
}

// maxReference is the longest reference that is looked for, in bytes: an address and its label.
const maxReference = 2 * maxURL

// reference is what stands between < and > as a person sees it: https://docs.slack.dev/messaging/formatting-message-text.
// ok is false for what is no reference.
func reference(s, self string) (name string, ok bool) {
	ref, label, _ := strings.Cut(s, "|")
	if ref == "" {
		return "", false
	}
	switch ref[0] {
	case '@':
		if ref[1:] == self {
			label = ""
		}
		return prefixed("@", label), isID(ref[1:])
	case '#':
		return prefixed("#", label), isID(ref[1:])
	case '!': // <!here>, <!subteam^S1|@group>, <!date^1^{date}|1 May>
		return label, len(ref) > 1
	}
	for _, scheme := range []string{"http://", "https://", "mailto:", "tel:"} {
		rest, found := strings.CutPrefix(ref, scheme)
		switch {
		case found && label != "":
			return label, true
		case found && strings.HasSuffix(scheme, ":"):
			return rest, true
		case found:
			return ref, true
		}
	}
	return "", false
}

func prefixed(mark, label string) string {
	if label == "" {
		return ""
	}
	return mark + strings.TrimPrefix(label, mark)
}

// isID holds for ids as Slack makes them: capitals and digits, and in its own examples a line.
func isID(s string) bool {
	return s != "" && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == ""
}

// mentions lists the users that a message mentions, by id.
func mentions(s string) []string {
	var ids []string
	for {
		_, rest, ok := strings.Cut(s, "<@")
		if !ok {
			return ids
		}
		s = rest
		ref, _, ok := strings.Cut(rest[:min(len(rest), maxLabel)], ">")
		if id, _, _ := strings.Cut(ref, "|"); ok && isID(id) {
			ids = append(ids, id)
		}
	}
}
