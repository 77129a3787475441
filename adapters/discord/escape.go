package discord

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"careerbot/bot/chat"
)

// apart is put between characters that Discord would read together, such as "@" and "everyone". It has no width.
const apart = "\u200b"

// Texts from articles and from people are shown as they are: Discord finds no markdown, mention, timestamp, emoji,
// command or link in them. Markdown is escaped with a backslash (https://support.discord.com/hc/en-us/articles/210298617);
// a backslash does not keep Discord's servers from reading a mention, so these are taken apart instead. Links are too: the
// bot would lend its name to an address that a server's own filters have no say in.
var (
	pinging  = regexp.MustCompile(`(?i)@(everyone|here)`)
	tagged   = regexp.MustCompile(`<([@#:/!&=A-Za-z0-9]|$)`) // users, roles, channels, emoji, times, commands, "<https://…>"
	schemed  = regexp.MustCompile(`(?i)([a-z0-9])://`)
	invited  = regexp.MustCompile(`(?i)(discord(?:app)?)\.(gg|com|me|new|gift)`)
	markdown = strings.NewReplacer(`\`, `\\`, `*`, `\*`, `_`, `\_`, `~`, `\~`, "`", "\\`", `|`, `\|`, `[`, `\[`, `]`, `\]`)
)

// label makes s safe where there is no markdown: labels, options, alternative texts. It has at most max units.
func label(s string, max int) string {
	return shorten(defang(chat.Line(s)), max)
}

// defang takes apart what Discord might act on.
func defang(s string) string {
	for _, d := range [...]struct {
		sign  string // without it there is nothing to find, and most texts have none
		found *regexp.Regexp
		by    string
	}{
		{"@", pinging, "@" + apart + "$1"},
		{"<", tagged, "<" + apart + "$1"},
		{"://", schemed, "$1:" + apart + "//"},
		{".", invited, "$1" + apart + ".$2"},
	} {
		if strings.Contains(s, d.sign) {
			s = d.found.ReplaceAllString(s, d.by)
		}
	}
	return s
}

// escape makes one line of markdown that shows s, within a line.
func escape(s string) string {
	s = defang(chat.Line(s))
	if !strings.ContainsAny(s, "\\*_~`|[]") {
		return s
	}
	return markdown.Replace(s)
}

// startLine makes what escape gave safe at the start of a line, where headings, quotes and lists begin.
func startLine(s string) string {
	body := strings.TrimLeft(s, " ")
	digits := len(body) - len(strings.TrimLeft(body, "0123456789"))
	switch {
	case body == "":
		return s
	case digits > 0 && digits < len(body) && (body[digits] == '.' || body[digits] == ')'):
		return body[:digits] + `\` + body[digits:]
	case strings.IndexByte("#>+-", body[0]) >= 0:
		return `\` + body
	}
	return s
}

// escapeLines makes every line of s show as it is; runs of empty lines become one.
func escapeLines(s string) []string {
	var lines []string
	for line := range strings.SplitSeq(s, "\n") {
		if line = startLine(escape(line)); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// unescape gives back what escape was given, of a message of our own.
func unescape(s string) string {
	s = strings.ReplaceAll(s, apart, "")
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// units is the length of s in UTF-16 units: at least its characters.
func units(s string) int {
	n := 0
	for _, r := range s {
		n += width(r)
	}
	return n
}

func width(r rune) int { return max(1, utf16.RuneLen(r)) }

// shorten cuts s to at most max units, after a whole word where it can.
func shorten(s string, max int) string {
	if units(s) <= max {
		return s
	}
	fit, n := 0, 0 // characters, and their units, that leave room for "…"
	for _, r := range s {
		if n += width(r); n > max-1 {
			break
		}
		fit++
	}
	return chat.Clip(s, min(fit+1, utf8.RuneCountInString(s)-1))
}

// shortenEscaped is shorten of escaped text: no escape is cut in half.
func shortenEscaped(s string, max int) string {
	if units(s) <= max {
		return s
	}
	head, _ := cutEscaped(s, max-1)
	return strings.TrimRight(head, " ,;:·-–—") + "…"
}

// cutEscaped parts escaped text so that head has at most room units: between words, or inside one that is longer than
// half of the room. Head is never empty, so that who cuts on gets to the end.
func cutEscaped(s string, room int) (head, rest string) {
	end, n, space, full := 0, 0, 0, false
	for i, r := range s {
		size := width(r)
		if full = n+size > room; full {
			break
		}
		if r == ' ' {
			space = i
		}
		n += size
		end = i + utf8.RuneLen(r)
		if r == utf8.RuneError {
			_, w := utf8.DecodeRuneInString(s[i:])
			end = i + w
		}
	}
	if !full {
		return s, ""
	}
	if s[end] == ' ' {
		space = end
	}
	if space > end/2 {
		return s[:space], startLine(strings.TrimLeft(s[space:], " "))
	}
	end = letterEnd(s, end)
	return s[:end], startLine(s[end:])
}

// letterEnd moves a cut back to where a letter with its accents and its escape ends; where there is no such place it is
// after the first character.
func letterEnd(s string, end int) int {
	for at := end; at > 0; {
		prev, size := utf8.DecodeLastRuneInString(s[:at])
		next, _ := utf8.DecodeRuneInString(s[at:])
		slashes := at - len(strings.TrimRight(s[:at], `\`))
		if slashes%2 == 0 && !joined(prev, next) {
			return at
		}
		at -= size
	}
	if end == 0 {
		_, end = utf8.DecodeRuneInString(s)
	}
	return end
}

// joined holds where a and b are drawn as one: b is an accent, a modifier or a joiner, or a joins it to b.
func joined(a, b rune) bool {
	const zwj = '\u200d'
	return a == zwj || b == zwj || unicode.In(b, unicode.Mn, unicode.Me, unicode.Mc) ||
		b >= 0x1f3fb && b <= 0x1f3ff || b >= 0xfe00 && b <= 0xfe0f
}
