package compose

import (
	"fmt"
	"strings"

	"careerbot/bot/chat"
	"careerbot/bot/intent"
)

// More answers "more" after an earlier question: the next documents its search found, beyond the first shown ones.
// It declines when there are none left.
func More(in intent.Intent, ev Evidence, shown int) chat.Answer {
	c := &composer{b: ev.Book.with(ev.Hits), in: &in, hits: ev.Hits, now: ev.Now, seen: map[string]bool{}}
	pinned := c.takeCurated()
	c.grounds = c.weighGrounds()
	c.rerank()
	if pinned != nil { // the articles come only now, where they have anything to say
		shown -= Page
		if _, declined := c.decline(); declined {
			c.hits = nil
		}
		c.used = nil
	}
	a := c.answer("More on this")
	l := chat.List{}
	for _, h := range c.hits[min(max(shown, 0), len(c.hits)):] {
		if len(l.Items) == maxRows || h.Score < moreShare*c.hits[0].Score {
			break
		}
		if h.Fact != nil {
			l.Items = append(l.Items, c.item(h.Fact))
			continue
		}
		l.Items = append(l.Items, chat.Item{
			Text: h.Section.Title + ": " + chat.Clip(h.Section.Text, 200),
			Of:   c.b.cite(h.Article.ID, c.now), Sources: []string{h.Article.ID},
		})
	}
	if len(l.Items) == 0 {
		a = c.say("That was all", "My articles say no more on that.")
	} else {
		a.Lead = fmt.Sprintf("%d more on %s.", len(l.Items), plainTopic(in.Topic))
		a.Blocks = append(a.Blocks, l)
	}
	a.Topic = in.Topic
	c.hits = nil
	c.finish(&a)
	return a
}

// Further says whether More has anything beyond the first shown hits, which come in the order of their scores. It errs only
// towards a last page that says that was all.
func Further(hits []Hit, shown int) bool {
	return shown < len(hits) && hits[shown].Score >= moreShare*hits[0].Score
}

// moreShare is the share of the best hit's score below which a hit has nothing to do with the question any more.
const moreShare = 0.2

// Page is how many documents one "more" shows.
const Page = maxRows

// plainTopic is a topic as a sentence has it.
func plainTopic(t chat.Topic) string {
	switch t {
	case chat.TopicFAQ, chat.TopicDefinition, "":
		return "this"
	case chat.TopicPractices:
		return "good practice"
	case chat.TopicCompare:
		return "the comparison"
	case chat.TopicRoadmap:
		return "how to start"
	case chat.TopicNext:
		return "what to learn next"
	}
	return string(t)
}

// Why explains the answer before: what was understood, which words met which passages, with what score and how fast.
func Why(topic chat.Topic, trace chat.Trace, sources []chat.Source) chat.Answer {
	a := chat.Answer{Topic: topic, Title: "Why this answer", Answered: true, Confidence: 1, Sources: sources}
	a.Lead = "I understood: " + trace.Understood + "."
	if len(trace.Terms) > 0 {
		a.Blocks = append(a.Blocks, chat.Text{Text: "Searched for: " + strings.Join(trace.Terms, ", ") + "."})
	}
	t := chat.Table{Title: "Best passages", Columns: []string{"passage", "score", "matched"}}
	for _, h := range trace.Hits {
		t.Rows = append(t.Rows, []string{fmt.Sprintf("%s, %s (%s)", h.Title, h.Source, h.ID), fmt.Sprintf("%.1f", h.Score), strings.Join(h.Matched, ", ")})
	}
	if len(t.Rows) > 0 {
		a.Blocks = append(a.Blocks, t)
	}
	var steps []string
	for _, s := range trace.Steps {
		steps = append(steps, fmt.Sprintf("%s %d µs", s.Name, s.Took.Microseconds()))
	}
	g := trace.Grounds
	a.Blocks = append(a.Blocks, chat.Text{Text: fmt.Sprintf("The best passage meets %.0f %% of the question; %d of its words name something of the field, %d are in no article. %s.",
		100*g.Coverage, g.Anchors, g.Strange, strings.Join(steps, ", "))})
	return a
}
