package bot

import (
	"cmp"
	"slices"
	"strings"

	"careerbot/bot/chat"
	"careerbot/knowledge/lexicon"
)

var _ chat.Completer = (*Library)(nil)

// Complete implements [chat.Completer] from the lexicon held now: names that begin with what was typed come first, then
// those with a word or another name that does; within that, what more facts are about.
func (l *Library) Complete(kind, typed string, n int) []chat.Choice {
	v := l.open()
	if v == nil {
		return nil
	}
	defer v.release()
	type match struct {
		e           *lexicon.Entity
		rank, facts int
	}
	typed = strings.ToLower(strings.TrimSpace(typed))
	var found []match
	for _, e := range v.pack.Lexicon.All() {
		if e.Absent || !completes(kind, e) {
			continue
		}
		if rank := begins(e, typed); rank >= 0 {
			found = append(found, match{e, rank, v.book.Facts(e.ID)})
		}
	}
	slices.SortStableFunc(found, func(a, b match) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(b.facts, a.facts))
	})
	out := make([]chat.Choice, 0, min(n, len(found)))
	for _, m := range found[:min(n, len(found))] {
		name := chat.Clip(strings.TrimPrefix(m.e.Name, "the "), maxChoice)
		out = append(out, chat.Choice{Label: name, Value: name})
	}
	return out
}

// maxChoice is the room of a choice at Discord, in characters: discord.com/developers/docs/interactions/application-commands.
const maxChoice = 100

// completes says whether an entity is of a kind that people are asked for.
func completes(kind string, e *lexicon.Entity) bool {
	switch kind {
	case chat.CompleteRole, chat.CompleteLevel, chat.CompleteRegion:
		return e.Kind == kind
	case chat.CompleteTool:
		switch e.Kind {
		case "language", "framework", "database", "platform", "tool", lexicon.KindConcept:
			return true
		}
	}
	return false
}

// begins ranks how typed begins one of an entity's names: 0 its name, 1 a word of its name, 2 another name, -1 none.
func begins(e *lexicon.Entity, typed string) int {
	name := strings.ToLower(e.Name)
	switch {
	case strings.HasPrefix(name, typed):
		return 0
	case strings.Contains(name, " "+typed), strings.Contains(name, "-"+typed):
		return 1
	}
	for _, w := range e.Words {
		if strings.HasPrefix(strings.ToLower(w), typed) {
			return 2
		}
	}
	return -1
}
