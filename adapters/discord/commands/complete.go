package commands

import (
	"slices"
	"strings"

	"careerbot/adapters/discord/lint"
	"careerbot/adapters/discord/markdown"
	"careerbot/adapters/discord/wire"
	"careerbot/bot/chat"
)

// Complete answers what has been typed into an option with what there is of a kind, as Completes says it. Without a
// Completer there is nothing to choose, and people type freely.
func Complete(c chat.Completer, kind, typed string) wire.Callback {
	var list wire.ChoiceList
	seen := map[string]bool{}
	add := func(before string, found []chat.Choice) {
		for _, f := range found {
			ch := wire.Choice{Name: markdown.Label(before+f.Label, lint.MaxChoiceText), Value: before + chat.Line(f.Value)}
			if ch.Name == "" || ch.Value == "" || markdown.Units(ch.Value) > lint.MaxChoiceText || seen[ch.Name] || len(list.Choices) == lint.MaxChoices {
				continue
			}
			seen[ch.Name] = true
			list.Choices = append(list.Choices, ch)
		}
	}
	if c != nil {
		switch kind {
		case "":
		case completeAny:
			half := c.Complete(chat.CompleteTool, typed, lint.MaxChoices)
			add("", slices.Concat(half, c.Complete(chat.CompleteRole, typed, lint.MaxChoices)))
		case completeList:
			at := strings.LastIndex(typed, ",") + 1
			before := chat.Line(typed[:at])
			if before != "" {
				before += " "
			}
			add(before, c.Complete(chat.CompleteTool, strings.TrimSpace(typed[at:]), lint.MaxChoices))
		default:
			add("", c.Complete(kind, typed, lint.MaxChoices))
		}
	}
	return wire.Completed(list)
}
