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
func render(a chat.Answer, l look) reply {
	r := draw(a, l)
	if problems := lintMessage(r); len(problems) > 0 {
		plain := renderWords(first(chat.Plain(a), a.Title, wordsOf(l.Locale).undrawn), l)
		plain.problems = problems
		return plain
	}
	return r
}

// renderWords draws a sentence or a few.
func renderWords(say string, l look) reply {
	lines := escapeLines(say)
	if len(lines) == 0 {
		lines = []string{wordsOf(l.Locale).undrawn}
	}
	text := clipEscaped(strings.Join(lines, "\n"), maxText)
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

func draw(a chat.Answer, l look) reply {
	w := wordsOf(l.Locale)
	all := pages(parts(a), a.About.Again != "", w)
	n := min(max(l.Page, 0), len(all)-1)
	box := component{Type: typeContainer, Accent: new(grey)}
	if a.Answered {
		box.Accent = new(blue)
	}
	if !l.Private && l.Owner != "" {
		box.ID = ownerMark(l.Owner)
	}
	if text := questionLine(l, w); text != "" {
		box.Components = append(box.Components, component{Type: typeText, ID: idQuestion, Content: text})
	}
	r := message(l, nil)
	r.body(&box, heading(a, n, len(all), w), all[n], l)
	foot(&box, a, w)
	if len(box.Components) == 0 {
		box.Components = []component{{Type: typeText, Content: w.undrawn}}
	}
	r.Components = append([]component{box}, rows(a, l, n, len(all), w)...)
	return r
}

// questionLine repeats the question, small, above its answer.
func questionLine(l look, w words) string {
	asked := clipEscaped(escape(l.Question), maxQuestion)
	switch {
	case asked == "":
		return ""
	case l.Private || l.By == "":
		return "-# " + fmt.Sprintf(w.youAsked, asked)
	}
	return "-# " + fmt.Sprintf(w.asked, clipEscaped(escape(l.By), maxName), asked)
}

// heading is the title; from the second page on it says which page this is.
func heading(a chat.Answer, n, of int, w words) string {
	title := clipEscaped(escape(a.Title), maxTitle)
	if of > 1 && n > 0 {
		title = strings.TrimPrefix(fmt.Sprintf(w.page, title, n+1, of), " · ")
	}
	if title == "" {
		return ""
	}
	return "### " + title
}

// body puts a page's parts into box: texts that follow each other become one.
func (r *reply) body(box *component, head string, page []part, l look) {
	var lines []string
	if head != "" {
		lines = append(lines, head)
	}
	flush := func() {
		if text := strings.Trim(strings.Join(lines, "\n"), "\n"); text != "" {
			box.Components = append(box.Components, component{Type: typeText, Content: text})
		}
		lines = nil
	}
	for _, p := range page {
		if p.chart == nil {
			lines = append(lines, p.text)
			continue
		}
		if name, ok := r.picture(p.chart, l); ok {
			flush()
			box.Components = append(box.Components, component{Type: typeGallery, Items: []item{{
				Media: media{URL: "attachment://" + name}, Description: r.Attachments[len(r.Attachments)-1].Description,
			}}})
			if !p.told {
				continue
			}
		}
		if p.told {
			lines = append(lines, p.text)
		}
	}
	flush()
}

// picture attaches a chart; not ok where it cannot be drawn or may not be attached.
func (r *reply) picture(c *chat.Chart, l look) (name string, ok bool) {
	if l.Bare || len(r.files) >= maxCharts {
		return "", false
	}
	data, err := chart.PNG(*c, chart.Options{})
	if err != nil || len(data) > maxFileSize {
		return "", false
	}
	n := len(r.files)
	name = "chart-" + strconv.Itoa(n+1) + ".png"
	r.files = append(r.files, file{name: name, contentType: "image/png", data: data})
	r.Attachments = append(r.Attachments, attachment{ID: n, Filename: name, Description: label(chart.Alt(*c), maxAltText)})
	return name, true
}

// foot names the sources, with links to those that can be read.
func foot(box *component, a chat.Answer, w words) {
	var names []string
	var links []component
	if a.About.Sources != "" {
		links = append(links, button(pressQuiet, a.About.Sources, w.sources))
	}
	for _, s := range a.Sources {
		name := credit(s)
		if slices.Contains(names, name) {
			continue
		}
		names = append(names, name)
		if to := link(s); to.URL != "" && len(links) < maxRowButtons &&
			!slices.ContainsFunc(links, func(b component) bool { return b.URL == to.URL }) {
			links = append(links, to)
		}
	}
	if more := len(names) - maxCredits; more > 0 {
		names = append(names[:maxCredits], fmt.Sprintf(w.moreSources, more))
	}
	if len(names) > 0 {
		box.Components = append(box.Components, component{Type: typeText, Content: "-# " + fmt.Sprintf(w.cited, strings.Join(names, ", "))})
	}
	if len(links) > 0 {
		box.Components = append(box.Components, component{Type: typeRow, Components: links})
	}
}

// credit names a source and its date, escaped: "upGrad (12 May 2025)". Without a publisher its title says more.
func credit(s chat.Source) string {
	name := chat.Line(s.Publisher)
	if title := chat.Line(s.Title); title != "" && (name == "" || name == "publisher unknown") {
		name = title + ", publisher unknown"
	}
	return clipEscaped(escape(first(name, "publisher unknown")), 80) + " (" + clipEscaped(escape(chat.Day(chat.Line(s.Date))), 30) + ")"
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
