// Package eval puts judged questions to an Asker and says how good its answers are: accuracy at 1 and 3, MRR,
// nDCG, source accuracy, declines and latency.
//
// The marks are those of the reference grader that comes with the judged questions (grade.py), so that both print
// the same figures for the same answers. It does not know the bot behind the Asker, does not search or compose, and
// does not open files or exit: the caller gives readers and writers.
package eval

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
)

// What a question expects of an answer.
const (
	ExpectAnswer  = "answer"
	ExpectDecline = "decline" // outside what the bot knows: Answer.Answered is false
)

// Judged is a conversation with a verdict on the answer to its last turn. The JSON names are those of a question
// file, one object a line.
type Judged struct {
	ID     string   `json:"id"`
	Turns  []string `json:"turns"`  // what one person types, in order; the last is graded
	Intent string   `json:"intent"` // a chat.Topic's value; "none" out of scope
	Style  string   `json:"style"`  // how it is worded: plain, keyword, typo, abbrev, hinglish, followup, …
	Expect string   `json:"expect"` // ExpectAnswer or ExpectDecline
	Must   []string `json:"must"`   // regular expressions that all match a right answer, see Normalise; case is ignored
	Source []string `json:"source"` // articles that may be cited; none: any
	Note   string   `json:"note"`   // where the answer stands
	Ideal  string   `json:"ideal"`  // a right answer in own words
	Fact   string   `json:"fact"`   // which fact is asked
	Kind   string   `json:"kind"`   // sort of out-of-scope question: near, far, task, chat, junk, attack

	must []*regexp.Regexp // Must compiled; see compile
}

// maxLine is the longest line of a question file in bytes. A question of 10,000 characters in any script fits twenty
// times over.
const maxLine = 1 << 20

// Load reads a question file: one JSON object a line; empty lines are passed over, and so are unknown fields. The
// regular expressions are compiled here, once. An error names the line, counted from 1, and what to do about it.
func Load(r io.Reader) ([]Judged, error) {
	var qs []Judged
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine)
	seen := make(map[string]int)
	n := 0
	for lines.Scan() {
		n++
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 {
			continue
		}
		q, err := parse(line)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		if first, twice := seen[q.ID]; twice {
			return nil, fmt.Errorf("line %d: id %q stands in line %d already; give every question an id of its own", n, q.ID, first)
		}
		seen[q.ID] = n
		qs = append(qs, q)
	}
	if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
		return nil, fmt.Errorf("line %d: longer than %d bytes; write one JSON object a line", n+1, maxLine)
	} else if err != nil {
		return nil, fmt.Errorf("read line %d of the questions: %w", n+1, err)
	}
	return qs, nil
}

func parse(line []byte) (Judged, error) {
	var q Judged
	if err := json.Unmarshal(line, &q); err != nil {
		return q, fmt.Errorf(`not a question: %w; write one JSON object a line, such as `+
			`{"id":"q1","turns":["what is REST?"],"expect":"answer","must":["api"]}`, err)
	}
	switch {
	case q.ID == "":
		return q, errors.New(`no id; add "id": "…"`)
	case len(q.Turns) == 0:
		return q, fmt.Errorf(`question %q has no turns; add "turns": ["…"]`, q.ID)
	case q.Expect != ExpectAnswer && q.Expect != ExpectDecline:
		return q, fmt.Errorf("question %q expects %q; write %q or %q", q.ID, q.Expect, ExpectAnswer, ExpectDecline)
	case q.Expect == ExpectAnswer && len(q.Must) == 0:
		return q, fmt.Errorf(`question %q would call any answer right; add "must": ["…"]`, q.ID)
	case q.Expect == ExpectDecline && len(q.Must)+len(q.Source) > 0:
		return q, fmt.Errorf("question %q is to be declined and has must or source; leave both empty", q.ID)
	}
	return q, q.compile()
}

// compile compiles Must where it is not yet: a Judged may also be written as a literal.
func (q *Judged) compile() error {
	if len(q.must) == len(q.Must) {
		return nil
	}
	must := make([]*regexp.Regexp, len(q.Must))
	for i, expr := range q.Must {
		re, err := regexp.Compile("(?i)" + expr)
		if err != nil {
			return fmt.Errorf("question %q: %w; correct must[%d] (Go's syntax: no look-around, no back-references)", q.ID, err, i)
		}
		must[i] = re
	}
	q.must = must
	return nil
}

// satisfied holds where text, normalised, matches every expression of q.
func (q *Judged) satisfied(text string) bool {
	for _, re := range q.must {
		if !re.MatchString(text) {
			return false
		}
	}
	return true
}
