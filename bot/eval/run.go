package eval

import (
	"context"
	"crypto/rand"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"careerbot/bot/chat"
)

const (
	maxRank  = 3    // answers of one reply that are graded
	maxChars = 2000 // characters of an answer that count, one Discord message
	leadIn   = 400  // characters of a reply in which a refusal in words stands
)

// refusal finds a reply flagged answered that says outright that the articles hold nothing.
var refusal = regexp.MustCompile(
	`\b(no|not any|don't have|do not have|haven't got|without) (a |any )?([\p{L}\p{N}_]+ )?(figures?|data|numbers?|information|` +
		`answers?|salary|pay)\b|(articles?|sources?) (do not|don't|does not|doesn't) (cover|give|mention|say|have)|` +
		`\b(outside|beyond) (of )?(what|my|the scope)|not (covered|in scope)|only (cover|answer|help)`)

// Result is one question's marks.
type Result struct {
	Question Judged
	Answer   chat.Answer   // to the last turn
	Err      error         // of the Asker; the marks are then those of a decline
	Took     time.Duration // by the last turn, on the wall clock
	Declined bool
	Soft     bool   // declined, or a question to decline answered with a refusal in words
	Rank     int    // of the first right answer, or of the first two or three that are right together; 0: none
	Cited    bool   // the first answer cites an article that may be cited
	Text     string // the first answer as graded
}

// Right holds where the first answer is right, or a question to decline was declined.
func (r Result) Right() bool {
	if r.Question.Expect == ExpectDecline {
		return r.Declined && r.Err == nil
	}
	return r.Rank == 1
}

// Report is what Run found, in the order of the questions.
type Report struct {
	Figures Figures
	Results []Result
}

// Run puts each question's turns to ask, one after the other, as one person in one conversation of its own, and marks
// the answer to the last turn. No id is used twice, in one run or in several. A question the Asker fails on is marked
// as a decline and counted in Figures.Missing, and the run goes on; Run fails where an expression does not compile or
// ctx ends, and then reports what was asked so far.
func Run(ctx context.Context, ask chat.Asker, qs []Judged) (Report, error) {
	run := rand.Text()
	var results []Result
	for i, q := range qs {
		if err := q.compile(); err != nil {
			return newReport(results), err
		}
		r := converse(ctx, ask, q, run+"-"+strconv.Itoa(i))
		if err := ctx.Err(); err != nil {
			return newReport(results), fmt.Errorf("put question %s: %w", q.ID, err)
		}
		results = append(results, r)
	}
	return newReport(results), nil
}

func newReport(rs []Result) Report { return Report{Figures: summarise(rs), Results: rs} }

// converse asks the turns of q in the thread named and grades the last answer. The first error ends it.
func converse(ctx context.Context, ask chat.Asker, q Judged, thread string) Result {
	r := Result{Question: q}
	for i, turn := range q.Turns {
		start := time.Now()
		r.Answer, r.Err = ask.Ask(ctx, chat.Question{
			ID: thread + "-" + strconv.Itoa(i), Platform: "eval", Thread: thread, User: "eval", Text: turn,
		})
		r.Took = time.Since(start)
		if r.Err != nil {
			break
		}
	}
	r.grade()
	return r
}

// grade marks r.Answer as grade.py's grade does.
func (r *Result) grade() {
	r.Declined = r.Err != nil || !r.Answer.Answered
	r.Soft = r.Declined
	if r.Err != nil {
		return
	}
	texts := graded(r.Answer)
	r.Text = texts[0]
	if r.Question.Expect == ExpectDecline {
		r.Soft = r.Declined || refusal.MatchString(clip(r.Text, leadIn))
		return
	}
	if r.Declined {
		return
	}
	for rank := 1; rank <= len(texts); rank++ {
		if r.Question.satisfied(texts[rank-1]) || r.Question.satisfied(strings.Join(texts[:rank], "\n")) {
			r.Rank = rank
			break
		}
	}
	r.Cited = len(r.Question.Source) == 0 || slices.ContainsFunc(r.Answer.Sources, func(s chat.Source) bool {
		return slices.Contains(r.Question.Source, strings.ToLower(s.ID))
	})
}

// graded are the answers in a, best first and at most maxRank, as the expressions read them.
func graded(a chat.Answer) []string {
	texts := []string{clip(Normalise(a.Title+"\n"+chat.Plain(a)), maxChars)}
	for _, other := range a.Others[:min(len(a.Others), maxRank-1)] {
		texts = append(texts, clip(Normalise(other.Title+"\n"+other.Text), maxChars))
	}
	return texts
}

// clip gives the first n characters of s.
func clip(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
