package discord

import (
	"fmt"
	"hash/fnv"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"careerbot/bot/chart"
	"careerbot/bot/chat"
)

// Component ids of ours: a pressed button brings its message along, and we find them in it again.
const (
	idQuestion = 2       // the line that repeats the question
	idOwner    = 1 << 20 // the container's id, from here on, is a mark of who asked
)

// Colours of a container's edge: the blue of the charts, and grey for what is no answer.
const (
	blue = 0x0b6bb0
	grey = 0x6e6e6e
)

// render draws an answer: the question where it is repeated, title and lead, evidence with charts as pictures, sources,
// then buttons. What Discord would refuse is drawn as plain text instead, so there is always something to send.
func render(a chat.Answer, l look) reply { return (*pictures)(nil).render(a, l) }

// render is render with the pictures drawn before.
func (p *pictures) render(a chat.Answer, l look) reply { return p.answer(a, l).orPlain(a, l) }

// orPlain is r, or the answer as plain text where Discord would refuse r.
func (r reply) orPlain(a chat.Answer, l look) reply {
	problems := lintMessage(r)
	if len(problems) == 0 {
		return r
	}
	plain := renderWords(first(chat.Plain(a), a.Title, wordsOf(l.Locale).undrawn), l)
	plain.problems = problems
	return plain
}

// renderWords draws a sentence or a few.
func renderWords(say string, l look) reply {
	lines := escapeLines(say)
	if len(lines) == 0 {
		lines = []string{wordsOf(l.Locale).undrawn}
	}
	text := shortenEscaped(strings.Join(lines, "\n"), maxText)
	return message(l, []component{{Type: typeContainer, Accent: new(grey), Components: []component{{Type: typeText, Content: text}}}})
}

func message(l look, components []component) reply {
	r := reply{
		Components: components, Flags: flagV2, Mentions: allowedMentions{Parse: []string{}}, Attachments: []attachment{},
	}
	if l.Private {
		r.Flags |= flagEphemeral
	}
	return r
}

// sheet is a message that is being drawn.
type sheet struct {
	reply
	box      component // what is in the frame
	pictures *pictures
	look     look
	words    words
	ids      ids
}

// answer draws a, as large as it comes out.
func (p *pictures) answer(a chat.Answer, l look) reply {
	s := &sheet{reply: message(l, nil), pictures: p, look: l, words: wordsOf(l.Locale), ids: ids{}}
	all := pages(parts(a), a.About.Again != "", s.words)
	n := min(max(l.Page, 0), len(all)-1)
	s.box = component{Type: typeContainer, Accent: new(grey)}
	if a.Answered {
		s.box.Accent = new(blue)
	}
	if !l.Private && l.Owner != "" {
		s.box.ID = ownerMark(l.Owner)
	}
	if text := questionLine(l, s.words); text != "" {
		s.put(component{Type: typeText, ID: idQuestion, Content: text})
	}
	s.body(heading(a, n, len(all), s.words), all[n])
	s.foot(a)
	if len(s.box.Components) == 0 {
		s.put(component{Type: typeText, Content: s.words.undrawn})
	}
	s.Components = append([]component{s.box}, rows(a, l, n, len(all), s.words, s.ids)...)
	return s.reply
}

// put adds to the frame.
func (s *sheet) put(c component) { s.box.Components = append(s.box.Components, c) }

// questionLine repeats the question, small, above its answer.
func questionLine(l look, w words) string {
	asked := shortenEscaped(escape(l.Question), maxQuestion)
	switch {
	case asked == "":
		return ""
	case l.Private || l.By == "":
		return "-# " + fmt.Sprintf(w.youAsked, asked)
	}
	return "-# " + fmt.Sprintf(w.asked, shortenEscaped(escape(l.By), maxName), asked)
}

// heading is the title; from the second page on it says which page this is.
func heading(a chat.Answer, n, of int, w words) string {
	title := shortenEscaped(escape(a.Title), maxTitle)
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
			s.put(component{Type: typeText, Content: text})
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
			s.put(component{Type: typeGallery, Items: []item{picture}})
		}
	}
	flush()
}

// picture attaches a chart; not ok where it cannot be drawn or may not be attached.
func (s *sheet) picture(c *chat.Chart) (picture item, ok bool) {
	if s.look.Bare || len(s.files) >= maxCharts {
		return item{}, false
	}
	data, err := s.pictures.draw(*c)
	if err != nil || len(data) > maxFileSize {
		return item{}, false
	}
	n, alt := len(s.files), label(chart.Alt(*c), maxAltText)
	name := "chart-" + strconv.Itoa(n+1) + ".png"
	s.files = append(s.files, file{name: name, contentType: "image/png", data: data})
	s.Attachments = append(s.Attachments, attachment{ID: n, Filename: name, Description: alt})
	return item{Media: media{URL: "attachment://" + name}, Description: alt}, true
}

// foot names the sources, with links to those that can be read.
func (s *sheet) foot(a chat.Answer) {
	var names []string
	var links []component
	room := maxRowButtons
	if b := button(pressQuiet, a.About.Sources, s.words.sources); a.About.Sources != "" && s.ids.take(b.CustomID) {
		links, room = append(links, b), 1+maxLinks
	}
	for _, from := range a.Sources {
		name := credit(from)
		if slices.Contains(names, name) {
			continue
		}
		names = append(names, name)
		if to := link(from); to.URL != "" && len(links) < room &&
			!slices.ContainsFunc(links, func(b component) bool { return b.URL == to.URL }) {
			links = append(links, to)
		}
	}
	if more := len(names) - maxCredits; more > 0 {
		names = append(names[:maxCredits], fmt.Sprintf(s.words.moreSources, more))
	}
	if len(names) > 0 && a.Topic != chat.TopicSources { // which names them all
		s.put(component{Type: typeText, Content: "-# " + fmt.Sprintf(s.words.cited, strings.Join(names, ", "))})
	}
	if len(links) > 0 {
		s.put(component{Type: typeRow, Components: links})
	}
}

// credit names a source and its date, escaped: "upGrad (12 May 2025)". Without a publisher its title says more.
func credit(s chat.Source) string {
	name := chat.Line(s.Publisher)
	if title := chat.Line(s.Title); title != "" && (name == "" || name == "publisher unknown") {
		name = title + ", publisher unknown"
	}
	return shortenEscaped(escape(first(name, "publisher unknown")), 80) + " (" + shortenEscaped(escape(chat.Day(chat.Line(s.Date))), 30) + ")"
}

// link is a button to a source's page, without URL where there is none that may be linked.
func link(s chat.Source) component {
	name := s.Publisher
	if name == "" || name == "publisher unknown" {
		name = s.Title
	}
	to := component{Type: typeButton, Style: styleLink, Label: label(name, maxShare)}
	u, err := url.Parse(s.URL)
	if err != nil || to.Label == "" || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil {
		return to
	}
	if full := u.String(); units(full) <= maxURL && !strings.ContainsAny(full, " <>\"") {
		to.URL = full
	}
	return to
}

// ownerMark is a number for who asked, the id of a public answer's container: whose buttons they are is known from the
// message alone, by any replica. Two people in 2^31 share one; all that gives away is a public reply.
func ownerMark(user string) int {
	h := fnv.New32a()
	h.Write([]byte(user))
	return idOwner + int(h.Sum32()%(maxComponentID-idOwner))
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
