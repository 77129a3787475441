package compose

import (
	"fmt"
	"strings"

	"careerbot/bot/chat"
)

// sources lists the articles, newest first, with what is known of each.
func (c *composer) sources() chat.Answer {
	a := c.answer("Where the answers come from")
	l := chat.List{}
	for _, id := range c.b.newest {
		art := c.b.articles[id]
		parts := []string{art.Title}
		if art.Author != "" {
			parts = append(parts, "by "+art.Author)
		}
		parts = append(parts, fmt.Sprintf("%d facts", c.facts(id)))
		if art.URL != "" {
			parts = append(parts, art.URL)
		}
		publisher := art.Publisher
		if publisher == "" {
			publisher = "Publisher unknown"
		}
		l.Items = append(l.Items, chat.Item{Text: publisher + ": " + strings.Join(parts, ", "), Of: c.b.date(id, c.now), Sources: []string{id}})
		a.Sources = append(a.Sources, c.source(id, ""))
	}
	a.Lead = fmt.Sprintf("%d articles and %d facts drawn from them; every answer names which, and how old they are.",
		len(c.b.newest), len(c.b.pack.Facts))
	a.Blocks = append(a.Blocks, l)
	a.Confidence = 1
	return a
}

func (c *composer) facts(article string) int {
	n := 0
	for i := range c.b.pack.Facts {
		if c.b.pack.Facts[i].Article == article {
			n++
		}
	}
	return n
}

// help says what can be asked, with an example for each command.
func (c *composer) help() chat.Answer {
	a := c.answer("What you can ask")
	a.Lead = c.scope()
	l := chat.List{Title: "Commands"}
	for _, cmd := range chat.Commands() {
		example := "/" + c.b.pack.Command + " " + strings.TrimSpace(cmd.Name+" "+cmd.Example)
		l.Items = append(l.Items, chat.Item{Text: example, Of: c.b.lower(cmd.Summary)})
	}
	a.Blocks = append(a.Blocks, l, chat.Text{Text: "Plain questions work too, also short, misspelt or in Hinglish: “fresher ko kitna package milega”."})
	a.Confidence = 1
	return a
}
