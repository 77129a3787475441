package terminal

import (
	"fmt"
	"strings"
	"time"

	"careerbot/bot/chat"
)

// maxHits is how many found documents a trace shows.
const maxHits = 8

// trace says how an answer came about: what was understood, the words searched for, what was found and how well
// it fits, and the time each step took.
func (p *page) trace(t chat.Trace) []string {
	var lines []string
	add := func(name, text string) {
		if text = chat.Line(text); text != "" {
			lines = append(lines, hang(indent+name+" ", text, p.width)...)
		}
	}
	add("understood:", t.Understood)
	add("words:", strings.Join(t.Terms, ", "))
	for i, h := range t.Hits {
		if i == maxHits {
			add("found:", fmt.Sprintf("and %d more", len(t.Hits)-maxHits))
			break
		}
		text := fmt.Sprintf("%.2f %s", h.Score, h.ID)
		if len(h.Matched) > 0 {
			text += " by " + strings.Join(h.Matched, ", ")
		}
		add("found:", text)
	}
	var steps []string
	for _, s := range t.Steps {
		steps = append(steps, s.Name+" "+micros(s.Took))
	}
	if len(steps) > 0 {
		add("took:", micros(t.Took())+" ("+strings.Join(steps, ", ")+")")
	}
	if len(lines) == 0 {
		return nil
	}
	return append([]string{"Why this answer:"}, p.paint(dim, lines...)...)
}

func micros(d time.Duration) string { return fmt.Sprintf("%d µs", d.Microseconds()) }
