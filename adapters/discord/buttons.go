package discord

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"careerbot/bot/chat"
)

// A custom_id begins with what pressing it does and the version of this table; the bot's token follows. So buttons work
// after a restart and on every replica, and one of a version we do not know gets a polite reply.
const (
	pressAsk    = "c1:" // a follow-up: asked as a question
	pressQuiet  = "q1:" // about the answer; the presser alone sees what comes
	pressVote   = "v1:" // 👍
	pressReason = "r1:" // 👎; also the form that asks why
	pressShare  = "h1:"
	pressPage   = "p1:" // then the page from 0 and ":"
	pressMenu   = "s1:" // a menu; the value chosen is a custom_id of its own
)

// Styles of buttons: https://discord.com/developers/docs/components/reference#button-button-styles.
const (
	stylePrimary   = 1
	styleSecondary = 2
	styleLink      = 5
)

// inputReason is the custom_id of the only field of the form that asks why.
const inputReason = "why"

func button(press, token, text string) component {
	return component{Type: typeButton, Style: styleSecondary, Label: label(text, maxLabel), CustomID: press + token}
}

func thumb(press, token, sign string) component {
	return component{Type: typeButton, Style: styleSecondary, Emoji: &emoji{Name: sign}, CustomID: press + token}
}

// ids are the custom_ids of a message, each of which stands once.
type ids map[string]bool

// take notes an id; false is one that there is already or that Discord would not take.
func (s ids) take(id string) bool {
	if s[id] || utf8.RuneCountInString(id) > maxCustomID || !utf8.ValidString(id) {
		return false
	}
	s[id] = true
	return true
}

// rows are the buttons under an answer: pages, follow-ups, then what is about the answer.
func rows(a chat.Answer, l look, page, pages int, w words, taken ids) []component {
	var out []component
	add := func(buttons ...component) {
		var row []component
		for _, b := range buttons {
			if len(row) < maxRowButtons && taken.take(b.CustomID) {
				row = append(row, b)
			}
		}
		if len(row) > 0 {
			out = append(out, component{Type: typeRow, Components: row})
		}
	}
	add(turning(a.About.Again, page, pages, w)...)
	if menu, ok := followMenu(a.Actions, w); ok {
		add(menu)
	} else {
		add(follows(a.Actions)...)
	}
	add(about(a.About, l, w)...)
	return out
}

// turning are the buttons to the pages before and after.
func turning(again string, page, pages int, w words) []component {
	var out []component
	if again == "" {
		return nil
	}
	if page > 0 {
		out = append(out, button(pressPage, strconv.Itoa(page-1)+":"+again, w.back))
	}
	if page < pages-1 {
		on := button(pressPage, strconv.Itoa(page+1)+":"+again, w.forward)
		on.Style = stylePrimary
		out = append(out, on)
	}
	return out
}

func follows(actions []chat.Action) []component {
	var out []component
	for _, a := range actions {
		if b := button(pressAsk, a.Token, a.Label); a.Token != "" && b.Label != "" {
			out = append(out, b)
		}
	}
	return out
}

// followMenu offers the follow-ups as a menu where a phone would cut the label of a button.
func followMenu(actions []chat.Action, w words) (component, bool) {
	menu := component{Type: typeSelect, CustomID: pressMenu + "next", Placeholder: w.follow}
	values, long := ids{}, false
	for _, b := range follows(actions) {
		long = long || units(b.Label) > shownLabel
		if len(menu.Options) < maxOptions && values.take(b.CustomID) {
			menu.Options = append(menu.Options, option{Label: b.Label, Value: b.CustomID})
		}
	}
	return menu, long && len(menu.Options) > 1
}

func about(t chat.About, l look, w words) []component {
	var out []component
	add := func(ok bool, token string, b component) {
		if ok && token != "" {
			out = append(out, b)
		}
	}
	add(true, t.More, button(pressAsk, t.More, w.more))
	add(true, t.Why, button(pressQuiet, t.Why, w.why))
	add(l.Private && l.Share, t.Again, button(pressShare, t.Again, w.share))
	add(l.Feedback, t.Up, thumb(pressVote, t.Up, "👍"))
	add(l.Feedback, t.Down, thumb(pressReason, t.Down, "👎"))
	return out
}

// pressed reads a custom_id; ok is false for one of another version.
func pressed(id string) (press, token string, page int, ok bool) {
	if len(id) < 4 {
		return "", "", 0, false
	}
	press, token = id[:3], id[3:]
	switch press {
	case pressAsk, pressQuiet, pressVote, pressReason, pressShare, pressMenu:
		return press, token, 0, true
	case pressPage:
		n, rest, found := strings.Cut(token, ":")
		page, err := strconv.Atoi(n)
		if !found || err != nil || page < 0 || page >= maxPages || rest == "" {
			return "", "", 0, false
		}
		return press, rest, page, true
	}
	return "", "", 0, false
}
