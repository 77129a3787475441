// Package markdown makes texts safe for Discord's messages, which read markdown, mentions, links and more in them, and
// measures and cuts what is safe.
//
// It lays nothing out and knows no message: what stands where is package layout's.
package markdown

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"careerbot/bot/chat"
)

// Apart is put between characters that Discord would read together, such as "@" and "everyone". It has no width.
const Apart = "\u200b"

// Texts from articles and from people are shown as they are: Discord finds no markdown, mention, timestamp, emoji,
// command or link in them. Markdown is escaped with a backslash (https://support.discord.com/hc/en-us/articles/210298617);
// a backslash does not keep Discord's servers from reading a mention, so these are taken apart instead. Links are too: the
// bot would lend its name to an address that a server's own filters have no say in.
var (
	pinging = regexp.MustCompile(`(?i)@(everyone|here)`)
	tagged  = regexp.MustCompile(`<([@#:/!&=A-Za-z0-9]|$)`) // users, roles, channels, emoji, times, commands, "<https://…>"
	schemed = regexp.MustCompile(`(?i)([a-z0-9])://`)
	invited = regexp.MustCompile(`(?i)(discord(?:app)?)\.(gg|com|me|new|gift)`)
	signs   = strings.NewReplacer(`\`, `\\`, `*`, `\*`, `_`, `\_`, `~`, `\~`, "`", "\\`", `|`, `\|`, `[`, `\[`, `]`, `\]`)
)

// Label makes s safe where there is no markdown: labels, options, alternative texts. It has at most max units.
func Label(s string, max int) string {
	return Shorten(defang(chat.Line(s)), max)
}

// defang takes apart what Discord might act on. Most texts have no sign of any, and are spared the search for it, which
// took half of the time of drawing an answer.
func defang(s string) string {
	if strings.Contains(s, "@") {
		s = pinging.ReplaceAllString(s, "@"+Apart+"$1")
	}
	if strings.Contains(s, "<") {
		s = tagged.ReplaceAllString(s, "<"+Apart+"$1")
	}
	if strings.Contains(s, "://") {
		s = schemed.ReplaceAllString(s, "$1:"+Apart+"//")
	}
	if mayInvite(s) {
		s = invited.ReplaceAllString(s, "$1"+Apart+".$2")
	}
	return s
}

// mayInvite holds for all texts that invited is found in: a dot after the last letter of discord or discordapp.
func mayInvite(s string) bool {
	for i := 1; i < len(s); i++ {
		if s[i] == '.' && strings.IndexByte("dDpP", s[i-1]) >= 0 {
			return true
		}
	}
	return false
}

// Escape makes one line of markdown that shows s, within a line.
func Escape(s string) string {
	s = defang(chat.Line(s))
	if !strings.ContainsAny(s, "\\*_~`|[]") {
		return s
	}
	return signs.Replace(s)
}

// StartLine makes what Escape gave safe at the start of a line, where headings, quotes and lists begin.
func StartLine(s string) string {
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

// Lines makes every line of s show as it is; runs of empty lines become one.
func Lines(s string) []string {
	var lines []string
	for line := range strings.SplitSeq(s, "\n") {
		if line = StartLine(Escape(line)); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// Unescape gives back what Escape was given, of a message of our own.
func Unescape(s string) string {
	s = strings.ReplaceAll(s, Apart, "")
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// Units is the length of s in UTF-16 units: at least its characters.
func Units(s string) int {
	i := 0
	for i < len(s) && s[i] < utf8.RuneSelf {
		i++
	}
	n := i
	for _, r := range s[i:] {
		n += width(r)
	}
	return n
}

func width(r rune) int { return max(1, utf16.RuneLen(r)) }

// Shorten cuts s to at most max units, after a whole word where it can.
func Shorten(s string, max int) string {
	if Units(s) <= max {
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

// ShortenEscaped is Shorten of escaped text: no escape is cut in half.
func ShortenEscaped(s string, max int) string {
	if Units(s) <= max {
		return s
	}
	head, _ := Cut(s, max-1)
	return strings.TrimRight(head, " ,;:·-–—") + "…"
}

// Cut parts escaped text so that head has at most room units: between words, or inside one that is longer than
// half of the room. Head is never empty, so that who cuts on gets to the end.
func Cut(s string, room int) (head, rest string) {
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
		return s[:space], StartLine(strings.TrimLeft(s[space:], " "))
	}
	end = letterEnd(s, end)
	return s[:end], StartLine(s[end:])
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
