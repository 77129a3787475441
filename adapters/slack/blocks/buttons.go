package blocks

import (
	"fmt"
	"strings"

	"careerbot/adapters/slack/payload"
	"careerbot/bot/chat"

	"github.com/slack-go/slack"
)

// button has no emoji; its text is at most 75 characters.
func button(id, label, value string) *slack.ButtonBlockElement {
	return slack.NewButtonBlockElement(id, value, plainText(label))
}

func actions(buttons ...slack.BlockElement) *actionBlock {
	return &actionBlock{Type: slack.MBTAction, Elements: buttons}
}

// followUps are what a person would ask next.
func (d *drawing) followUps(a chat.Answer) {
	var row []slack.BlockElement
	n := 0
	for i, act := range a.Actions {
		label := line(act.Label, maxButton)
		if label == "" || act.Token == "" || len(act.Token) > chat.MaxToken || len(row) == maxActions-1 { // the last may be a menu
			continue
		}
		row = append(row, button(fmt.Sprintf("%s:%d", payload.ActAsk, i), label, act.Token))
		n += runes(label)
	}
	if m, size := menu(a.Facets); m != nil {
		row = append(row, m)
		n += size
	}
	if len(row) > 0 {
		d.add(n, actions(row...))
	}
}

// menu offers the question for something else, nil where there is nothing else; size is its text in characters. Slack shows
// options in groups under their names where there are several.
func menu(facets []chat.Facet) (m *slack.SelectBlockElement, size int) {
	var groups []*slack.OptionGroupBlockObject
	var names []string
	left := maxMenu
	for _, f := range facets {
		g := slack.NewOptionGroupBlockElement(plainText(line(f.Name, maxOption)))
		for _, o := range f.Options {
			label := line(o.Label, maxOption)
			if label == "" || o.Token == "" || len(o.Token) > chat.MaxToken || left == 0 {
				continue
			}
			g.Options = append(g.Options, choice(o.Token, label, ""))
			size += runes(label)
			left--
		}
		if g.Label.Text != "" && len(g.Options) > 0 {
			groups = append(groups, g)
			names = append(names, strings.ToLower(g.Label.Text))
			size += 2 * runes(g.Label.Text)
		}
	}
	placeholder := plainText(chat.Clip("Another "+strings.Join(names, " or "), maxPlaceholder))
	switch len(groups) {
	case 0:
		return nil, 0
	case 1:
		m = slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, placeholder, payload.ActAsk+":menu", groups[0].Options...)
	default:
		m = slack.NewOptionsGroupSelectBlockElement(slack.OptTypeStatic, placeholder, payload.ActAsk+":menu", groups...)
	}
	return m, size + len("Another ") + len(" or ")*len(groups)
}

// about is the row of buttons about this answer. Sharing is the one that stands out: it is what a private answer lacks.
func (d *drawing) about(a chat.Answer) {
	var row []slack.BlockElement
	n := 0
	put := func(id, label, value string) *slack.ButtonBlockElement {
		b := button(id, label, value)
		row = append(row, b)
		n += len(label)
		return b
	}
	if value := d.shareValue(a.About.Again); value != "" && a.Answered {
		put(payload.ActShare, "Share in Channel", value).Style = slack.StylePrimary
	}
	more := payload.ActMore
	if d.Place.Paged {
		more = payload.ActPage
	}
	for _, b := range []struct{ id, label, token string }{
		{more, "Show More", a.About.More},
		{payload.ActWhy, "Explain Answer", a.About.Why},
		{payload.ActSources, "List Sources", a.About.Sources},
	} {
		if b.token != "" && len(b.token) <= chat.MaxToken {
			put(b.id, b.label, b.token)
		}
	}
	if len(row) > 0 {
		d.add(n, actions(row...))
	}
}

// shareValue is "" where there is nothing to share, or nobody to share it with. again is the token that gives the same
// answer once more; without one the question is asked again.
func (d *drawing) shareValue(again string) string {
	p, q := d.Place, d.Question
	if !p.Sharable || !p.Ephemeral || p.Direct {
		return ""
	}
	s := payload.Share{Topic: q.Topic, Text: q.Text, Action: q.Action, Words: chat.Clip(p.Words, maxWords), Thread: p.ShareTo}
	if s.Thread == "" {
		s.Thread = p.Thread
	}
	if again != "" && len(again) <= chat.MaxToken {
		s.Topic, s.Text, s.Action = "", "", again
	}
	if s.Topic == "" && s.Text == "" && s.Action == "" {
		return ""
	}
	value := s.Value()
	if len(value) >= maxValue {
		return ""
	}
	return value
}

// feedback is Slack's own pair of thumbs; where blocks are refused, plain buttons.
func (d *drawing) feedback(a chat.Answer) {
	up, down := a.About.Up, a.About.Down
	if !d.Place.Feedback || up == "" || down == "" || max(len(up), len(down)) > chat.MaxToken {
		return
	}
	const (
		good, bad       = "Good Answer", "Bad Answer"
		saidGood, notOK = "This answer is good", "This answer is bad or incomplete"
	)
	if d.Level >= LevelNoTable {
		d.add(len(good+bad), actions(button(payload.ActUp, good, up), button(payload.ActDown, bad, down)))
		return
	}
	d.add(len(good+bad+saidGood+notOK), slack.NewContextActionsBlock("", slack.NewFeedbackButtonsBlockElement(payload.ActVote,
		slack.NewFeedbackButton(plainText(good), payload.ThumbUp+up).WithAccessibilityLabel(saidGood),
		slack.NewFeedbackButton(plainText(bad), payload.ThumbDown+down).WithAccessibilityLabel(notOK),
	)))
}
