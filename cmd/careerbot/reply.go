package main

import (
	"encoding/json"
	"math"
	"time"

	"careerbot/bot/chat"
)

// maxAnswers is how many ranked answers a reply holds.
const maxAnswers = 5

// reply is a chat.Answer as --json prints it. Programs read it: fields are added, never renamed.
type reply struct {
	ID          json.RawMessage `json:"id,omitempty"` // as the batch gave it; none for a single question
	Answered    bool            `json:"answered"`
	Intent      chat.Topic      `json:"intent"`
	Confidence  float64         `json:"confidence"`        // 0 … 1
	Message     string          `json:"message,omitempty"` // what is said when there is no answer
	Answers     []ranked        `json:"answers"`           // best first; none when there is no answer
	Suggestions []string        `json:"suggestions"`       // what could be asked next
	TookUS      int64           `json:"took_us"`           // from question to answer, in microseconds
	Why         *reason         `json:"why,omitempty"`     // with --why
}

// ranked is one of a reply's answers. The first is the whole answer as a person would read it; the others are
// further passages and facts that fit.
type ranked struct {
	Rank    int      `json:"rank"` // from 1
	Score   float64  `json:"score"`
	Title   string   `json:"title"`
	Text    string   `json:"text"`
	Sources []source `json:"sources"`
}

// source is a chat.Source.
type source struct {
	ID        string `json:"id"`
	Title     string `json:"title"`
	Publisher string `json:"publisher"`
	Date      string `json:"date"`
	Section   string `json:"section"`
	URL       string `json:"url"`
}

// reason is a chat.Trace.
type reason struct {
	Understood string   `json:"understood"`
	Terms      []string `json:"terms"`
	Hits       []hit    `json:"hits"`
	Steps      []step   `json:"steps"`
}

type hit struct {
	ID      string   `json:"id"`
	Score   float64  `json:"score"`
	Matched []string `json:"matched"`
}

type step struct {
	Name   string `json:"name"`
	TookUS int64  `json:"took_us"`
}

// mistake is what a batch prints for a line it cannot answer.
type mistake struct {
	ID    json.RawMessage `json:"id"`
	Error string          `json:"error"`
}

func newReply(a chat.Answer, took time.Duration) reply {
	r := reply{
		Answered: a.Answered, Intent: a.Topic, Confidence: round(a.Confidence),
		Answers: []ranked{}, Suggestions: []string{}, TookUS: took.Microseconds(),
	}
	for _, act := range a.Actions {
		r.Suggestions = append(r.Suggestions, act.Label)
	}
	if !a.Answered {
		r.Message = chat.Plain(a)
		return r
	}
	first := ranked{Rank: 1, Score: r.Confidence, Title: a.Title, Text: chat.Plain(a), Sources: []source{}}
	for _, s := range a.Sources {
		first.Sources = append(first.Sources, source(s))
	}
	r.Answers = append(r.Answers, first)
	for i, o := range a.Others[:min(len(a.Others), maxAnswers-1)] {
		r.Answers = append(r.Answers, ranked{
			Rank: i + 2, Score: round(o.Score), Title: o.Title, Text: o.Text, Sources: []source{source(o.Source)},
		})
	}
	return r
}

func newReason(t chat.Trace) *reason {
	r := &reason{Understood: t.Understood, Terms: append([]string{}, t.Terms...), Hits: []hit{}, Steps: []step{}}
	for _, h := range t.Hits {
		r.Hits = append(r.Hits, hit{ID: h.ID, Score: round(h.Score), Matched: append([]string{}, h.Matched...)})
	}
	for _, s := range t.Steps {
		r.Steps = append(r.Steps, step{Name: s.Name, TookUS: s.Took.Microseconds()})
	}
	return r
}

// round keeps four digits after the point. JSON has no word for what is not a number; it becomes 0.
func round(x float64) float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return 0
	}
	return math.Round(x*1e4) / 1e4
}
