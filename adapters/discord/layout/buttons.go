package layout

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"careerbot/adapters/discord/lint"
	"careerbot/adapters/discord/markdown"
	"careerbot/adapters/discord/wire"
	"careerbot/bot/chat"
)

// A custom_id begins with what pressing it does and the version of this table; the bot's token follows. So buttons work
// after a restart and on every replica, and one of a version we do not know gets a polite reply.
const (
	PressAsk    = "c1:" // a follow-up: asked as a question
	PressQuiet  = "q1:" // about the answer; the presser alone sees what comes
	PressVote   = "v1:" // 👍
	PressReason = "r1:" // 👎; also the form that asks why
	PressShare  = "h1:"
	PressPage   = "p1:" // then the page from 0 and ":"
	PressMenu   = "s1:" // a menu; the value chosen is a custom_id of its own
)

func button(press, token, text string) wire.Component {
	return wire.Component{Type: wire.TypeButton, Style: wire.StyleSecondary, Label: markdown.Label(text, lint.MaxLabel), CustomID: press + token}
}

func thumb(press, token, sign string) wire.Component {
	return wire.Component{Type: wire.TypeButton, Style: wire.StyleSecondary, Emoji: &wire.Emoji{Name: sign}, CustomID: press + token}
}

// ids are the custom_ids of a message, each of which stands once.
type ids map[string]bool

// take notes an id; false is one that there is already or that Discord would not take.
func (s ids) take(id string) bool {
	if s[id] || utf8.RuneCountInString(id) > lint.MaxCustomID || !utf8.ValidString(id) {
		return false
	}
	s[id] = true
	return true
}

// rows are the buttons under an answer: pages, follow-ups, then what is about the answer.
func rows(a chat.Answer, l Look, page, pages int, w words, taken ids) []wire.Component {
	out := make([]wire.Component, 0, 4) // one for each add
	add := func(buttons ...wire.Component) {
		row := make([]wire.Component, 0, min(len(buttons), lint.MaxRowButtons))
		for _, b := range buttons {
			if len(row) < lint.MaxRowButtons && taken.take(b.CustomID) {
				row = append(row, b)
			}
		}
		if len(row) > 0 {
			out = append(out, wire.Component{Type: wire.TypeRow, Components: row})
		}
	}
	add(turning(a.About.Again, page, pages, w)...)
	if menu, ok := followMenu(a.Actions, w); ok {
		add(menu)
	} else {
		add(follows(a.Actions)...)
	}
	if menu, ok := facetMenu(a.Facets, w); ok {
		add(menu)
	}
	add(about(a.About, l, w)...)
	return out
}

// turning are the buttons to the pages before and after.
func turning(again string, page, pages int, w words) []wire.Component {
	var out []wire.Component
	if again == "" {
		return nil
	}
	if page > 0 {
		out = append(out, button(PressPage, strconv.Itoa(page-1)+":"+again, w.back))
	}
	if page < pages-1 {
		on := button(PressPage, strconv.Itoa(page+1)+":"+again, w.forward)
		on.Style = wire.StylePrimary
		out = append(out, on)
	}
	return out
}

func follows(actions []chat.Action) []wire.Component {
	out := make([]wire.Component, 0, len(actions))
	for _, a := range actions {
		if b := button(PressAsk, a.Token, a.Label); a.Token != "" && b.Label != "" {
			out = append(out, b)
		}
	}
	return out
}

// followMenu offers the follow-ups as a menu where a phone would cut the label of a button.
func followMenu(actions []chat.Action, w words) (wire.Component, bool) {
	menu := wire.Component{Type: wire.TypeSelect, CustomID: PressMenu + "next", Placeholder: w.follow}
	values, long := ids{}, false
	for _, b := range follows(actions) {
		long = long || markdown.Units(b.Label) > shownLabel
		if len(menu.Options) < lint.MaxOptions && values.take(b.CustomID) {
			menu.Options = append(menu.Options, wire.Option{Label: b.Label, Value: b.CustomID})
		}
	}
	return menu, long && len(menu.Options) > 1
}

// facetMenu offers the same question for another region or level, each with the name of its facet below it.
func facetMenu(facets []chat.Facet, w words) (wire.Component, bool) {
	menu := wire.Component{Type: wire.TypeSelect, CustomID: PressMenu + "else", Placeholder: w.facets}
	values := ids{}
	for _, f := range facets {
		for _, b := range follows(f.Options) {
			if len(menu.Options) < lint.MaxOptions && values.take(b.CustomID) {
				menu.Options = append(menu.Options, wire.Option{
					Label: b.Label, Value: b.CustomID, Description: markdown.Label(f.Name, lint.MaxLabel),
				})
			}
		}
	}
	return menu, len(menu.Options) > 0
}

func about(t chat.About, l Look, w words) []wire.Component {
	out := make([]wire.Component, 0, lint.MaxRowButtons)
	add := func(ok bool, token string, b wire.Component) {
		if ok && token != "" {
			out = append(out, b)
		}
	}
	add(true, t.More, button(PressAsk, t.More, w.more))
	add(true, t.Why, button(PressQuiet, t.Why, w.why))
	add(l.Private && l.Share, t.Again, button(PressShare, t.Again, w.share))
	add(l.Feedback, t.Up, thumb(PressVote, t.Up, "👍"))
	add(l.Feedback, t.Down, thumb(PressReason, t.Down, "👎"))
	return out
}

// Pressed reads a custom_id: what pressing it does, the bot's token, and the page of PressPage, from 0. For one of another
// version ok is false.
func Pressed(id string) (press, token string, page int, ok bool) {
	if len(id) < 4 {
		return "", "", 0, false
	}
	press, token = id[:3], id[3:]
	switch press {
	case PressAsk, PressQuiet, PressVote, PressReason, PressShare, PressMenu:
		return press, token, 0, true
	case PressPage:
		n, rest, found := strings.Cut(token, ":")
		page, err := strconv.Atoi(n)
		if !found || err != nil || page < 0 || page >= maxPages || rest == "" {
			return "", "", 0, false
		}
		return press, rest, page, true
	}
	return "", "", 0, false
}
