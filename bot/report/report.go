// Package report makes of the journal of questions what an operator wants to know: how many were asked on which day
// and topic, how they went, what people thought of the answers, and which subjects people ask for in vain, so that
// somebody can write the article that is lacking.
//
// It is pure: it does not open the journal, does not answer, does not read the clock, and knows of people only the
// hashes it is given. The same journal always gives the same report, byte for byte.
package report

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"time"

	"careerbot/knowledge/lexicon"
)

// Question is one entry of the journal with the votes on its answer.
type Question struct {
	At       time.Time
	Topic    string // as the bot understood it; "" where it did not
	Text     string // as the journal keeps it; "" for a command without words
	Answered bool   // false: declined, or small talk
	Took     time.Duration
	User     string // a hash, the same for the same person; "" where nobody is known
	Up, Down int
	Reasons  []string // given with votes, oldest first
}

// Topics of the journal that are treated apart. They are values of package chat, which never change.
const (
	topicTalk = "chat" // greetings and thanks
	topicNone = "none" // not understood
	topicFree = "faq"  // anything else: as a heading it says nothing
)

const maxTopic = 40 // bytes of a topic's name: package chat's are far shorter

// day is the grain of a report. Days are counted in UTC, as the journal's times are.
const day = 24 * time.Hour

// Options say what a report covers.
type Options struct {
	Since   time.Time        // any moment of the first day
	Days    int              // how many days from there, at least 1
	Lexicon *lexicon.Lexicon // the vocabulary questions are read with; required
	Role    string           // lexicon id of what the whole pack is about, which tells no questions apart; may be ""
	Gaps    int              // the most gaps to keep; 0: all
}

// Report is what a stretch of the journal comes to. It is also the JSON that is printed: fields are added to it, never
// renamed. Dates are days of UTC, YYYY-MM-DD.
type Report struct {
	From     string  `json:"from"` // first day
	To       string  `json:"to"`   // last day, included
	Total    Count   `json:"total"`
	People   int     `json:"people"`    // different askers
	Days     []Day   `json:"days"`      // every day of the stretch, oldest first
	Topics   []Topic `json:"topics"`    // most asked first
	Gaps     []Gap   `json:"gaps"`      // most asked first
	MoreGaps int     `json:"more_gaps"` // left out for Options.Gaps
}

// Count is how a number of questions went.
type Count struct {
	Questions int `json:"questions"` // the three below together
	Answered  int `json:"answered"`
	Declined  int `json:"declined"`
	Talk      int `json:"talk"` // greetings, thanks and the like: there is nothing to answer
	Up        int `json:"up"`   // votes
	Down      int `json:"down"`
	// Accepted is the share of the votes that are up, 0 … 1; null where nobody voted.
	Accepted *float64 `json:"accepted"`
	// MedianUS and P99US are how long an answer took, in microseconds: half of the questions, and all but one in a
	// hundred, took no longer. 0 without questions.
	MedianUS int64 `json:"median_us"`
	P99US    int64 `json:"p99_us"`
}

// Day is the questions of one day, by topic.
type Day struct {
	Date string `json:"date"`
	Count
	Topics []Topic `json:"topics"` // most asked first; none on a day without questions
}

// Topic is the questions of one topic; "none" where it was not understood.
type Topic struct {
	Topic string `json:"topic"`
	Count
}

// Make reads a journal and reports on it. Questions outside the days of o are passed over; those inside may come in
// any order. An error is the journal's.
func Make(journal iter.Seq2[Question, error], o Options) (Report, error) {
	if o.Days < 1 {
		return Report{}, fmt.Errorf("report on %d days: it takes at least one", o.Days)
	}
	since := o.Since.UTC().Truncate(day)
	days, people, gaps := make([]topics, o.Days), map[string]bool{}, newGaps(o)
	for q, err := range journal {
		if err != nil {
			return Report{}, err
		}
		ago := q.At.Sub(since)
		if ago < 0 || ago >= time.Duration(o.Days)*day {
			continue
		}
		if q.Topic = line(q.Topic, maxTopic); q.Topic == "" {
			q.Topic = topicNone
		}
		at := &days[ago/day]
		*at = at.add(q)
		if q.User != "" {
			people[q.User] = true
		}
		gaps.add(q)
	}
	r := Report{From: date(since), To: date(since.AddDate(0, 0, o.Days-1)), People: len(people)}
	all := topics{}
	for i, d := range days {
		total, list := d.count()
		r.Days = append(r.Days, Day{date(since.AddDate(0, 0, i)), total, list})
		for name, tallies := range d {
			all[name] = append(all[name], tallies...)
		}
	}
	r.Total, r.Topics = all.count()
	r.Gaps, r.MoreGaps = gaps.list(o.Gaps)
	return r, nil
}

func date(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// tally counts the questions of one topic on one day.
type tally struct {
	Count
	took []time.Duration
}

// topics holds tallies by topic: one each for a day, one for each day of a longer time.
type topics map[string][]*tally

// add counts a question of one day.
func (ts topics) add(q Question) topics {
	if ts == nil {
		ts = topics{} // most days of a long report are empty
	}
	if ts[q.Topic] == nil {
		ts[q.Topic] = []*tally{{}}
	}
	t := ts[q.Topic][0]
	t.Questions++
	switch {
	case q.Answered:
		t.Answered++
	case q.Topic == topicTalk:
		t.Talk++
	default:
		t.Declined++
	}
	t.Up += q.Up
	t.Down += q.Down
	t.took = append(t.took, q.Took)
	return ts
}

// count adds up everything, and each topic, most asked first.
func (ts topics) count() (Count, []Topic) {
	list := make([]Topic, 0, len(ts))
	var all []*tally
	for _, name := range slices.Sorted(maps.Keys(ts)) {
		list = append(list, Topic{name, sum(ts[name])})
		all = append(all, ts[name]...)
	}
	slices.SortStableFunc(list, func(a, b Topic) int { return b.Questions - a.Questions })
	return sum(all), list
}

func sum(list []*tally) Count {
	var c Count
	var took []time.Duration
	for _, t := range list {
		c.Questions += t.Questions
		c.Answered += t.Answered
		c.Declined += t.Declined
		c.Talk += t.Talk
		c.Up += t.Up
		c.Down += t.Down
		took = append(took, t.took...)
	}
	if votes := c.Up + c.Down; votes > 0 {
		share := float64(c.Up) / float64(votes)
		c.Accepted = &share
	}
	slices.Sort(took)
	c.MedianUS, c.P99US = rank(took, 50).Microseconds(), rank(took, 99).Microseconds()
	return c
}

// rank is the smallest of the sorted times that percent of them do not exceed.
func rank(sorted []time.Duration, percent int) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[(len(sorted)*percent+99)/100-1]
}
