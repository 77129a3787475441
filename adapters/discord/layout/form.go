package layout

import (
	"careerbot/adapters/discord/lint"
	"careerbot/adapters/discord/markdown"
	"careerbot/adapters/discord/wire"
)

// ReasonField is the custom_id of the only field of the form that asks why.
const ReasonField = "why"

// ReasonForm asks why an answer was no good: token is the button's. Its one field may stay empty.
func ReasonForm(token, locale string) wire.Callback {
	w := wordsOf(locale)
	return wire.Modal(wire.Form{
		CustomID: PressReason + token, Title: markdown.Label(w.reasonTitle, lint.MaxModalTitle),
		Components: []wire.Component{{Type: wire.TypeRow, Components: []wire.Component{{
			Type: wire.TypeInput, CustomID: ReasonField, Style: wire.StyleParagraph, Label: markdown.Label(w.reasonLabel, lint.MaxInputLabel),
			Placeholder: markdown.Label(w.reasonHint, lint.MaxInputHint), MaxLength: MaxReason, Required: new(false),
		}}}},
	})
}
