// Package layout draws answers, notices, settings and the form for feedback as messages of Discord, within its limits, and
// reads the buttons it has drawn.
//
// It is pure, but for the pictures it remembers: it touches no network and no clock. It does not decide who sees a
// message or where it goes.
//
// Every message is drawn with layout components (flag IS_COMPONENTS_V2), also a single sentence. The flag cannot be taken
// from a message and does not go with content, so mixing would leave messages that no edit can mend. On a deferred answer
// (type 5) only EPHEMERAL is allowed; the edit that follows carries the V2 flag.
package layout

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"careerbot/adapters/discord/lint"
	"careerbot/adapters/discord/markdown"
	"careerbot/adapters/discord/wire"
	"careerbot/bot/chart"
	"careerbot/bot/chat"
)

// Component ids of ours: a pressed button brings its message along, and we find them in it again.
const (
	QuestionID = 2       // the line that repeats the question
	idOwner    = 1 << 20 // the container's id, from here on, is a mark of who asked
)

// Colours of a container's edge: the blue of the charts, and grey for what is no answer.
const (
	blue = 0x0b6bb0
	grey = 0x6e6e6e
)

// Look says how an answer is drawn. It is plain JSON, so that an answer that is sent after a restart looks the same.
type Look struct {
	Locale   string `json:"locale,omitempty"`
	Private  bool   `json:"private,omitempty"`  // ephemeral: only the asker sees it
	Share    bool   `json:"share,omitempty"`    // offer to post a private answer for everybody
	By       string `json:"by,omitempty"`       // who asked, named above the answer where Question is
	Question string `json:"question,omitempty"` // repeated above the answer
	Owner    string `json:"owner,omitempty"`    // user id of who asked: buttons of a public answer know them again
	Page     int    `json:"page,omitempty"`     // from 0
	Feedback bool   `json:"feedback,omitempty"` // 👍 and 👎
	Bare     bool   `json:"bare,omitempty"`     // without pictures: files may not be attached here
}

// Render draws an answer: the question where it is repeated, title and lead, evidence with charts as pictures, sources,
// then buttons. What Discord would refuse is drawn as plain text instead, so there is always something to send, within
// Discord's limits.
func (p *Pictures) Render(a chat.Answer, l Look) wire.Reply { return orPlain(p.answer(a, l), a, l) }

// orPlain is r, or the answer as plain text where Discord would refuse r.
func orPlain(r wire.Reply, a chat.Answer, l Look) wire.Reply {
	problems := lint.Message(r)
	if len(problems) == 0 {
		return r
	}
	say := chat.Plain(a)
	if strings.TrimSpace(say) == "" {
		say = a.Title
	}
	plain := Sentence(say, l)
	plain.Problems = problems
	return plain
}

func message(l Look, components []wire.Component) wire.Reply {
	r := wire.Reply{
		Components: components, Flags: wire.FlagV2, Mentions: wire.AllowedMentions{Parse: []string{}}, Attachments: []wire.Attachment{},
	}
	if l.Private {
		r.Flags |= wire.FlagEphemeral
	}
	return r
}

// sheet is a message that is being drawn.
type sheet struct {
	wire.Reply
	box      wire.Component // what is in the frame
	pictures *Pictures
	look     Look
	words    words
	ids      ids
}

// answer draws a, as large as it comes out.
func (p *Pictures) answer(a chat.Answer, l Look) wire.Reply {
	s := &sheet{Reply: message(l, nil), pictures: p, look: l, words: wordsOf(l.Locale), ids: ids{}}
	all := pages(parts(a), a.About.Again != "", s.words)
	n := min(max(l.Page, 0), len(all)-1)
	s.box = wire.Component{Type: wire.TypeContainer, Accent: new(grey), Components: make([]wire.Component, 0, usualParts)}
	if a.Answered {
		s.box.Accent = new(blue)
	}
	if !l.Private && l.Owner != "" {
		s.box.ID = OwnerMark(l.Owner)
	}
	if text := questionLine(l, s.words); text != "" {
		s.put(wire.Component{Type: wire.TypeText, ID: QuestionID, Content: text})
	}
	s.body(heading(a, n, len(all), s.words), all[n])
	s.foot(a)
	if len(s.box.Components) == 0 {
		s.put(wire.Component{Type: wire.TypeText, Content: s.words.undrawn})
	}
	s.Components = append([]wire.Component{s.box}, rows(a, l, n, len(all), s.words, s.ids)...)
	return s.Reply
}

// usualParts is how many components most frames hold: the question, the text, its sources and their links.
const usualParts = 4

// put adds to the frame.
func (s *sheet) put(c wire.Component) { s.box.Components = append(s.box.Components, c) }

// questionLine repeats the question, small, above its answer.
func questionLine(l Look, w words) string {
	asked := markdown.ShortenEscaped(markdown.Escape(l.Question), maxQuestion)
	switch {
	case asked == "":
		return ""
	case l.Private || l.By == "":
		return "-# " + fmt.Sprintf(w.youAsked, asked)
	}
	return "-# " + fmt.Sprintf(w.asked, markdown.ShortenEscaped(markdown.Escape(l.By), maxName), asked)
}

// heading is the title; from the second page on it says which page this is.
func heading(a chat.Answer, n, of int, w words) string {
	title := markdown.ShortenEscaped(markdown.Escape(a.Title), maxTitle)
	if of > 1 && n > 0 {
		title = strings.TrimPrefix(fmt.Sprintf(w.page, title, n+1, of), " · ")
	}
	if title == "" {
		return ""
	}
	return "### " + title
}

// body draws the parts of a page; texts that follow each other become one.
func (s *sheet) body(head string, page []part) {
	var lines []string
	if head != "" {
		lines = append(lines, head)
	}
	flush := func() {
		if text := strings.Trim(strings.Join(lines, "\n"), "\n"); text != "" {
			s.put(wire.Component{Type: wire.TypeText, Content: text})
		}
		lines = nil
	}
	for _, p := range page {
		if p.chart == nil {
			lines = append(lines, p.text)
			continue
		}
		if picture, ok := s.picture(p.chart); ok {
			flush()
			s.put(wire.Component{Type: wire.TypeGallery, Items: []wire.Item{picture}})
		}
	}
	flush()
}

// picture attaches a chart; not ok where it cannot be drawn or may not be attached.
func (s *sheet) picture(c *chat.Chart) (picture wire.Item, ok bool) {
	if s.look.Bare || len(s.Files) >= maxCharts {
		return wire.Item{}, false
	}
	data, err := s.pictures.draw(*c)
	if err != nil || len(data) > lint.MaxFileSize {
		return wire.Item{}, false
	}
	n, alt := len(s.Files), markdown.Label(chart.Alt(*c), lint.MaxAltText)
	name := "chart-" + strconv.Itoa(n+1) + ".png"
	s.Files = append(s.Files, wire.File{Name: name, ContentType: "image/png", Data: data})
	s.Attachments = append(s.Attachments, wire.Attachment{ID: n, Filename: name, Description: alt})
	return wire.Item{Media: wire.Media{URL: "attachment://" + name}, Description: alt}, true
}

// foot names the sources, with links to those that can be read.
func (s *sheet) foot(a chat.Answer) {
	var names []string
	links := make([]wire.Component, 0, lint.MaxRowButtons)
	room := lint.MaxRowButtons
	if b := button(PressQuiet, a.About.Sources, s.words.sources); a.About.Sources != "" && s.ids.take(b.CustomID) {
		links, room = append(links, b), 1+maxLinks
	}
	for _, from := range a.Sources {
		name := credit(from)
		if slices.Contains(names, name) {
			continue
		}
		names = append(names, name)
		if to := link(from); to.URL != "" && len(links) < room &&
			!slices.ContainsFunc(links, func(b wire.Component) bool { return b.URL == to.URL }) {
			links = append(links, to)
		}
	}
	if more := len(names) - maxCredits; more > 0 {
		names = append(names[:maxCredits], fmt.Sprintf(s.words.moreSources, more))
	}
	if len(names) > 0 && a.Topic != chat.TopicSources { // which names them all
		s.put(wire.Component{Type: wire.TypeText, Content: "-# " + fmt.Sprintf(s.words.cited, strings.Join(names, ", "))})
	}
	if len(links) > 0 {
		s.put(wire.Component{Type: wire.TypeRow, Components: links})
	}
}

// credit names a source and its date, escaped: "upGrad (12 May 2025)". Without a publisher its title says more.
func credit(s chat.Source) string {
	name := chat.Line(s.Publisher)
	if title := chat.Line(s.Title); title != "" && (name == "" || name == "publisher unknown") {
		name = title + ", publisher unknown"
	}
	return markdown.ShortenEscaped(markdown.Escape(cmp.Or(name, "publisher unknown")), 80) + " (" + markdown.ShortenEscaped(markdown.Escape(chat.Day(chat.Line(s.Date))), 30) + ")"
}

// link is a button to a source's page, without URL where there is none that may be linked.
func link(s chat.Source) wire.Component {
	name := s.Publisher
	if name == "" || name == "publisher unknown" {
		name = s.Title
	}
	to := wire.Component{Type: wire.TypeButton, Style: wire.StyleLink, Label: markdown.Label(name, maxShare)}
	u, err := url.Parse(s.URL)
	if err != nil || to.Label == "" || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil {
		return to
	}
	if full := u.String(); markdown.Units(full) <= lint.MaxURL && !strings.ContainsAny(full, " <>\"") {
		to.URL = full
	}
	return to
}

// OwnerMark is a number for who asked, the id of a public answer's container: whose buttons they are is known from the
// message alone, by any replica. Two people in 2^31 share one; all that gives away is a public reply.
func OwnerMark(user string) int {
	h := fnv.New32a()
	h.Write([]byte(user))
	return idOwner + int(h.Sum32()%(lint.MaxComponentID-idOwner))
}
