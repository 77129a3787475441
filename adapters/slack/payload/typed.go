package payload

import "strings"

// fromEntities undoes Slack's escaping: https://docs.slack.dev/messaging/formatting-message-text#escaping.
var fromEntities = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">")

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

// The longest references that are looked for, in bytes: an address and its label, of 3,000 each, and a mention.
const (
	maxReference = 6000
	maxMention   = 2000
)

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
		return prefixed("@", label), IsID(ref[1:])
	case '#':
		return prefixed("#", label), IsID(ref[1:])
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

// mentions lists the users that a message mentions, by id.
func mentions(s string) []string {
	var ids []string
	for {
		_, rest, ok := strings.Cut(s, "<@")
		if !ok {
			return ids
		}
		s = rest
		ref, _, ok := strings.Cut(rest[:min(len(rest), maxMention)], ">")
		if id, _, _ := strings.Cut(ref, "|"); ok && IsID(id) {
			ids = append(ids, id)
		}
	}
}
