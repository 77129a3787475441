package compose

import (
	"slices"
	"strings"

	"careerbot/bot/chat"
	"careerbot/bot/intent"
	"careerbot/knowledge"
	"careerbot/knowledge/lexicon"
)

// When a fact stands beside a list or table that it is no part of, read off the judged questions: how much of the
// question it must meet, by how much its score must exceed that of anything shown, and how near it must come to the best.
const (
	besideCover = 0.5
	besideStory = 0.35 // of a long one, which mentions much in passing
	besideLead  = 1.2
	besideScore = 0.8
	besideAlone = 1.4
	maxBeside   = 2
)

// beside puts the facts the search found best before a list or table that does not show them, where nothing shown
// answers to the question nearly as well: "who manages the databases" is met by a role, not by the list of databases
// that its words ask for as well.
func (c *composer) beside(a *chat.Answer) {
	switch c.in.Topic {
	case chat.TopicCompare, chat.TopicNext, chat.TopicSources, chat.TopicHelp: // what they show was chosen by other things than words
		return
	}
	cover, shown := besideCover, 0.0
	if c.in.Content > storyWords {
		cover = besideStory
	}
	for _, h := range c.hits {
		if c.seen[h.ID()] {
			shown = h.Score // the best: hits are in order
			break
		}
	}
	var items []chat.Item
	for _, h := range c.hits[:min(len(c.hits), 2*maxBeside)] {
		if len(items) == maxBeside || h.Score < max(besideScore*c.hits[0].Score, besideLead*shown) {
			break
		}
		if f := h.Fact; f != nil && f.Kind != knowledge.KindSalary && h.Coverage >= cover && !c.covered(f) && (c.tells(h) || c.alone(h)) {
			items = append(items, c.subjectItem(f))
		}
	}
	if len(items) > 0 {
		a.Blocks = slices.Insert(a.Blocks, 0, chat.Block(chat.List{Title: "Closest to your words", Items: items}))
	}
}

// tells says whether a hit met a word of the question that says more than its topic, its level, its country and the
// pack's subject do.
func (c *composer) tells(h Hit) bool {
	return slices.ContainsFunc(c.in.Specific(), func(t intent.Term) bool {
		return t.Domain && !counting[t.Word] && slices.Contains(h.Matched, t.Word) && (!t.Entity || !c.placed(t.Stem))
	})
}

// covered says whether what is shown speaks of all that a fact is about.
func (c *composer) covered(f *knowledge.Fact) bool {
	return c.in.Topic == chat.TopicTools && len(f.About) > 0 && !slices.ContainsFunc(f.About, func(id string) bool {
		return !slices.ContainsFunc(c.used, func(o *knowledge.Fact) bool { return slices.Contains(o.About, id) })
	})
}

// alone says whether a hit meets nearly all of the question, and far better than any other does.
func (c *composer) alone(h Hit) bool {
	return h.Coverage >= coverSure && len(c.hits) > 1 && h.Score >= besideAlone*c.hits[1].Score
}

// placed says whether a word is of the name of the level or country asked about.
func (c *composer) placed(stem string) bool {
	return slices.ContainsFunc(slices.Concat(c.in.Levels, c.in.Regions), func(id string) bool {
		return slices.ContainsFunc(c.b.lex.Entity(id).Tokens(), func(t lexicon.Token) bool { return t.Stem == stem })
	})
}

// counting holds words that say how many are asked for, or for how long: overviews have them too.
var counting = map[string]bool{
	"month": true, "months": true, "monthly": true, "year": true, "years": true, "yearly": true,
	"one": true, "two": true, "three": true, "four": true, "five": true, "six": true, "seven": true, "ten": true,
	"list": true, "name": true,
}

// subjectItem is a fact as a line of a list that says what it is about, though the list is about something else.
func (c *composer) subjectItem(f *knowledge.Fact) chat.Item {
	it := c.item(f)
	if !strings.Contains(strings.ToLower(it.Text), strings.ToLower(f.Subject)) && !strings.Contains(it.Text, ": ") {
		it.Text = f.Subject + ": " + c.b.lower(it.Text)
	}
	return it
}
