package history

import (
	"fmt"
	"slices"
	"time"
)

// Verdict counts what became of the questions.
type Verdict struct {
	Asked    int
	Acked    int
	Answered int
	Failed   int // not acknowledged, but the person was told that it failed: commands and presses of buttons
	Unacked  int // events that were never acknowledged, so far
	Lost     int // without an answer, though nobody was told that it failed
	Doubled  int // with several answers
	Stray    int // messages of the bot that answer no question that is known (any more)
}

// String is one line for logs and failures.
func (v Verdict) String() string {
	return fmt.Sprintf("%d asked, %d acknowledged, %d answered, %d failed in sight, %d unacknowledged, %d lost, "+
		"%d doubled, %d stray",
		v.Asked, v.Acked, v.Answered, v.Failed, v.Unacked, v.Lost, v.Doubled, v.Stray)
}

func (v *Verdict) add(q *Question) {
	count := func(n *int, yes bool) {
		if yes {
			*n++
		}
	}
	told := q.failure != "" && q.Type != event
	v.Asked++
	count(&v.Acked, q.acked)
	count(&v.Answered, q.answers > 0)
	count(&v.Failed, told)
	count(&v.Unacked, !q.acked && !told)
	count(&v.Lost, q.answers == 0 && !told)
	count(&v.Doubled, q.answers > 1)
}

// Verdict judges everything so far, also what fell out.
func (h *History) Verdict() Verdict {
	v := h.book.past
	v.Stray = h.book.stray
	for _, q := range h.book.order {
		v.add(q)
	}
	return v
}

// Keys are those of the questions, in the order of asking, whose own verdict is wanted. What fell out is not among them.
func (h *History) Keys(wanted func(Verdict) bool) []string {
	var keys []string
	for _, q := range h.book.order {
		var v Verdict
		if v.add(q); wanted(v) {
			keys = append(keys, q.Key)
		}
	}
	return keys
}

// Open is how many questions still wait: for the end of their delivery, or for an answer.
func (h *History) Open() int { return h.book.open }

// AckTime is a quantile, between 0 and 1, of the times to an acknowledgement, over the last 65,536; 0 without any.
func (h *History) AckTime(quantile float64) time.Duration { return h.book.acks.quantile(quantile) }

// AnswerTime is the same from a question's first attempt to the first answer to it.
func (h *History) AnswerTime(quantile float64) time.Duration {
	return h.book.answers.quantile(quantile)
}

// times keeps the last durations, for quantiles.
type times struct {
	last []time.Duration
	n    int
}

const maxTimes = 1 << 16

func (t *times) add(d time.Duration) {
	if len(t.last) < maxTimes {
		t.last = append(t.last, d)
	} else {
		t.last[t.n%maxTimes] = d
	}
	t.n++
}

func (t *times) quantile(q float64) time.Duration {
	if len(t.last) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(t.last))
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
}
