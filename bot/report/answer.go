package report

import (
	"fmt"
	"strconv"
	"strings"

	"careerbot/bot/chat"
)

// Rows of a report in a chat: what a person reads there; the rest is printed by "careerbot report".
const (
	chatTopics = 10
	chatGaps   = 8
)

// Answer is r as an answer that adapters can draw: the totals, the topics, and what was asked in vain.
func (r Report) Answer() chat.Answer {
	a := chat.Answer{Topic: chat.TopicHelp, Title: "Questions from " + r.From + " to " + r.To, Answered: true, Confidence: 1, Private: true}
	t := r.Total
	if t.Questions == 0 {
		a.Lead = "No question was asked here in this time, or none was kept."
		return a
	}
	asked := t.Answered + t.Declined
	a.Lead = fmt.Sprintf("%s from %s: %s answered, %s declined.", many(t.Questions, "question"), many(r.People, "person"),
		percent(t.Answered, asked), percent(t.Declined, asked))
	if votes := t.Up + t.Down; votes > 0 {
		a.Lead += fmt.Sprintf(" Of %s %s were 👍.", many(votes, "vote"), percent(t.Up, votes))
	}
	table := chat.Table{Title: "By topic", Columns: []string{"topic", "questions", "answered", "👍", "👎"}}
	for _, topic := range r.Topics[:min(len(r.Topics), chatTopics)] {
		table.Rows = append(table.Rows, []string{
			topic.Topic, strconv.Itoa(topic.Questions), strconv.Itoa(topic.Answered), strconv.Itoa(topic.Up), strconv.Itoa(topic.Down),
		})
	}
	a.Blocks = append(a.Blocks, table)
	if len(r.Gaps) == 0 {
		return a
	}
	gaps := chat.List{Title: "Asked in vain, most asked first", Ordered: true}
	for _, g := range r.Gaps[:min(len(r.Gaps), chatGaps)] {
		var examples []string
		for _, e := range g.Examples[:min(2, len(g.Examples))] {
			examples = append(examples, "“"+e.Text+"”")
		}
		text := strings.Join(examples, ", ")
		if g.Missing != "" {
			text = g.Missing + ": " + text
		}
		gaps.Items = append(gaps.Items, chat.Item{Text: text, Of: many(g.Asked, "question")})
	}
	a.Blocks = append(a.Blocks, gaps)
	return a
}
