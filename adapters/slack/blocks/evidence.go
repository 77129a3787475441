package blocks

import (
	"fmt"
	"slices"
	"strings"

	"careerbot/bot/chart"
	"careerbot/bot/chat"

	"github.com/slack-go/slack"
)

// evidence draws one block of an answer; false says that there is no room for it, nor for what follows.
func (d *drawing) evidence(b chat.Block, a chat.Answer) bool {
	switch b := b.(type) {
	case chat.Text:
		return d.text(b)
	case chat.List:
		return d.list(b)
	case chat.Quote:
		return d.quote(b, a.Sources)
	case chat.Table:
		if d.Level < LevelNoTable && d.table(b, a) {
			return true
		}
		return d.tableText(b)
	case chat.Chart:
		if d.Level < LevelNoChart && d.chart(b) {
			return true
		}
		return d.chartText(b)
	}
	return true
}

// text is at most what is left of the room.
func (d *drawing) text(t chat.Text) bool {
	text := paragraphs(t.Text)
	if text == "" {
		return true
	}
	clipped := chat.Clip(text, min(d.room, 2*maxSection))
	d.cut = d.cut || clipped != text
	return clipped != "" && d.add(runes(clipped), richText(words(clipped)))
}

// list has its title in bold before it.
func (d *drawing) list(l chat.List) bool {
	title := line(strings.TrimRight(chat.Line(l.Title), ":"), maxHeader)
	items := &listElement{Type: slack.RTEList, Style: slack.RTEListBullet}
	if l.Ordered {
		items.Style = slack.RTEListOrdered
	}
	n, left := runes(title), 0
	for _, it := range l.Items {
		text, of := line(it.Text, maxItem), line(it.Of, maxCell)
		if text == "" {
			continue
		}
		if of != "" {
			of = " (" + of + ")"
		}
		size := runes(text) + runes(of)
		if len(items.Elements) == maxItems || n+size+len(moreOfList) > d.room {
			left++
			continue
		}
		n += size
		items.Elements = append(items.Elements, slack.NewRichTextSection(spans(span(text), faint(of))...))
	}
	if len(items.Elements) == 0 {
		d.cut = d.cut || left > 0
		return left == 0
	}
	parts := []slack.RichTextElement{items}
	if title != "" {
		parts = []slack.RichTextElement{slack.NewRichTextSection(bold(title)), items}
	}
	if left > 0 {
		more := fmt.Sprintf(moreOfList, left)
		n += runes(more)
		parts = append(parts, slack.NewRichTextSection(faint(more)))
	}
	return d.add(n, richText(parts...))
}

// quote ends in its source.
func (d *drawing) quote(q chat.Quote, sources []chat.Source) bool {
	text := line(q.Text, min(d.room/2, maxSection))
	if text == "" {
		return true
	}
	text = "“" + text + "”"
	by := ""
	if i := slices.IndexFunc(sources, func(s chat.Source) bool { return s.ID == q.Source }); i >= 0 {
		by = "\n" + line(credit(sources[i])+", "+chat.Day(chat.Line(sources[i].Date)), maxCell)
	}
	quote := &slack.RichTextQuote{Type: slack.RTEQuote, Elements: spans(span(text), faint(by))}
	return d.add(runes(text)+runes(by), richText(quote))
}

// tableText is a table as a list: "upGrad: ₹7–12 LPA · range · May 2025". Where the cells do not say what they are, the
// names of the columns do: of many, or of things side by side.
func (d *drawing) tableText(t chat.Table) bool {
	l := chat.List{Title: t.Title}
	named := len(t.Columns) > 4 || len(t.Columns) > 2 && chat.Line(t.Columns[0]) == ""
	for _, row := range t.Rows {
		var head string
		var cells []string
		for i, cell := range row {
			cell = chat.Line(cell)
			switch {
			case i == 0:
				head = cell
				continue
			case cell == "":
				continue
			case named && i < len(t.Columns):
				cell = strings.TrimPrefix(chat.Line(t.Columns[i])+": "+cell, ": ")
			}
			cells = append(cells, cell)
		}
		l.Items = append(l.Items, chat.Item{Text: strings.TrimPrefix(strings.TrimSuffix(head+": "+strings.Join(cells, " · "), ": "), ": ")})
	}
	return d.list(l)
}

// chartText says a chart in words.
func (d *drawing) chartText(c chat.Chart) bool {
	if len(c.Bars) == 0 {
		return true
	}
	return d.text(chat.Text{Text: chat.Clip(chart.Alt(c), maxSection)})
}

// listElement is slack.RichTextList without the fields that Slack's own types do not have.
type listElement struct {
	Type     slack.RichTextElementType     `json:"type"`
	Style    slack.RichTextListElementType `json:"style"`
	Elements []slack.RichTextElement       `json:"elements"`
}

// RichTextElementType is always that of a list.
func (l *listElement) RichTextElementType() slack.RichTextElementType { return l.Type }

func richText(parts ...slack.RichTextElement) *slack.RichTextBlock {
	return slack.NewRichTextBlock("", parts...)
}

func words(s string) slack.RichTextElement { return slack.NewRichTextSection(span(s)) }

// span is text without style.
func span(s string) slack.RichTextSectionElement {
	return slack.NewRichTextSectionTextElement(s, nil)
}

func bold(s string) slack.RichTextSectionElement {
	return slack.NewRichTextSectionTextElement(s, &slack.RichTextSectionTextStyle{Bold: true})
}

func faint(s string) slack.RichTextSectionElement {
	return slack.NewRichTextSectionTextElement(s, &slack.RichTextSectionTextStyle{Italic: true})
}

// spans leaves out those without text, which Slack refuses.
func spans(all ...slack.RichTextSectionElement) []slack.RichTextSectionElement {
	return slices.DeleteFunc(all, func(e slack.RichTextSectionElement) bool {
		t, ok := e.(*slack.RichTextSectionTextElement)
		return ok && t.Text == ""
	})
}
