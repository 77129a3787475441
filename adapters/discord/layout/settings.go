package layout

import (
	"fmt"
	"strings"

	"careerbot/adapters"
	"careerbot/adapters/discord/markdown"
	"careerbot/adapters/discord/wire"
)

// Settings shows the settings of a server.
func Settings(p adapters.Preferences, l Look) wire.Reply {
	w := wordsOf(l.Locale)
	lines := []string{"### " + w.settings}
	line := func(ok bool, yes, no string) {
		if !ok {
			yes = no
		}
		lines = append(lines, "- "+yes)
	}
	line(p.Private, w.privately, w.openly)
	line(p.NoFeedback, w.noThumbs, w.thumbs)
	line(len(p.Only) > 0, fmt.Sprintf(w.onlyIn, channels(p.Only)), w.everywhere)
	if len(p.Quiet) > 0 {
		lines = append(lines, "- "+fmt.Sprintf(w.quietIn, channels(p.Quiet)))
	}
	line(len(p.Packs) > 0, fmt.Sprintf(w.packs, markdown.Escape(strings.Join(p.Packs, ", "))), w.packsAll)
	return framed(lines, l)
}

// NoPack says that a change names a pack there is none of, and names those that there are.
func NoPack(there []string, l Look) wire.Reply {
	return Sentence(fmt.Sprintf(wordsOf(l.Locale).noPack, strings.Join(there, ", ")), l)
}

// channels links channels by their ids, which a person sees as their names; only they do, and nobody is told.
func channels(ids []string) string {
	var out []string
	for _, id := range ids {
		if id != "" && strings.Trim(id, "0123456789") == "" {
			out = append(out, "<#"+id+">")
		}
	}
	return strings.Join(out, ", ")
}
