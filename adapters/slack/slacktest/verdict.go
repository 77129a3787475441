package slacktest

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Question is what somebody asked with Ask.
type Question struct {
	Key, Type                   string
	Team, Channel, Thread, User string
	Sent                        time.Time // first attempt
	Acked                       bool
	Settled                     bool
	Failure                     string // what the person was told in place of an answer
	Answers                     int    // messages that answer it

	done bool
}

// thread names a conversation.
type thread struct{ team, channel, ts string }

// book holds questions and what became of them.
type book struct {
	questions map[string]*Question
	order     []*Question // in the order of asking; those that are settled and answered fall out beyond Options.Keep
	threads   map[thread][]*Question
	past      Verdict // of the questions that fell out
	open      int     // questions that are not done
	stray     int
	acks      times
	answers   times
}

func newBook() book {
	return book{questions: map[string]*Question{}, threads: map[thread][]*Question{}}
}

func (b *book) ask(e Envelope) *Question {
	if q := b.questions[e.Key]; q != nil {
		return q // the twin
	}
	q := &Question{Key: e.Key, Type: e.Type, Team: e.Team, Channel: e.Channel, Thread: e.Thread, User: e.User}
	b.questions[e.Key] = q
	b.order = append(b.order, q)
	b.open++
	t := q.thread()
	b.threads[t] = append(b.threads[t], q)
	return q
}

func (q *Question) thread() thread { return thread{q.Team, q.Channel, q.Thread} }

// settled notes the end of one of a question's deliveries.
func (b *book) settled(q *Question, d *Delivery, keep int) {
	q.Settled = true
	q.Acked = q.Acked || d.outcome.Acked
	if !q.Acked {
		q.Failure = d.outcome.Failure
	}
	b.finish(q)
	if keep > 0 && len(b.order) > 2*keep {
		b.forget(keep)
	}
}

// forget lets the oldest questions that are settled and answered fall out.
func (b *book) forget(n int) {
	b.order = slices.DeleteFunc(b.order, func(q *Question) bool {
		if n <= 0 || !q.done {
			return false
		}
		n--
		b.past.add(q)
		delete(b.questions, q.Key)
		t := q.thread()
		b.threads[t] = slices.DeleteFunc(b.threads[t], func(other *Question) bool { return other == q })
		if len(b.threads[t]) == 0 {
			delete(b.threads, t)
		}
		return true
	})
}

// answered counts an answer.
func (b *book) answered(q *Question) {
	q.Answers++
	if q.Answers == 1 {
		b.answers.add(time.Since(q.Sent))
	}
	b.finish(q)
}

// finish notes that nothing more has to come: it is settled, and answered or failed in sight.
func (b *book) finish(q *Question) {
	if !q.done && q.Settled && (q.Answers > 0 || q.Failure != "") {
		q.done = true
		b.open--
	}
}

// answered finds the question that a message of the bot answers: the one that its response_url belongs to, the one
// that Options.Answers names, or the oldest open one of its thread. The caller holds the lock.
func (s *Slack) answered(m *Message) {
	key := m.Answers
	if key == "" && s.options.Answers != nil {
		key = s.options.Answers(*m)
	}
	if q := s.book.questions[key]; q != nil {
		s.answeredBy(key, m, false)
		return
	}
	open := s.book.threads[thread{m.Team, m.Channel, cmp.Or(m.ThreadTS, m.TS)}]
	for _, q := range open {
		if q.Answers == 0 {
			s.answeredBy(q.Key, m, false)
			return
		}
	}
	if len(open) > 0 {
		s.answeredBy(open[len(open)-1].Key, m, false)
		return
	}
	s.book.stray++
}

// answeredBy notes that m answers a question; a change of what answers it already is not a second answer.
func (s *Slack) answeredBy(key string, m *Message, change bool) {
	q := s.book.questions[key]
	if q == nil {
		return
	}
	m.Answers = key
	if change && q.Answers > 0 {
		return
	}
	s.book.answered(q)
}

// updated notes that a message was changed: an answer to somebody who pressed a button on it.
func (s *Slack) updated(m *Message) {
	for _, q := range s.book.threads[thread{m.Team, m.Channel, m.TS}] {
		if q.Type == Interactive && q.Answers == 0 {
			s.book.answered(q)
			return
		}
	}
}

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
	told := q.Failure != "" && q.Type != EventsAPI
	v.Asked++
	count(&v.Acked, q.Acked)
	count(&v.Answered, q.Answers > 0)
	count(&v.Failed, told)
	count(&v.Unacked, !q.Acked && !told)
	count(&v.Lost, q.Answers == 0 && !told)
	count(&v.Doubled, q.Answers > 1)
}

// Verdict judges the history so far.
func (s *Slack) Verdict() Verdict {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.book.past
	v.Stray = s.book.stray
	for _, q := range s.book.order {
		v.add(q)
	}
	return v
}

// Lost are the keys of questions without an answer, in the order of asking.
func (s *Slack) Lost() []string {
	return s.keys(func(v Verdict) bool { return v.Lost > 0 })
}

// Doubled are the keys of questions with several answers that did not fall out of the history.
func (s *Slack) Doubled() []string {
	return s.keys(func(v Verdict) bool { return v.Doubled > 0 })
}

// Unacked are the keys of events that were not acknowledged.
func (s *Slack) Unacked() []string {
	return s.keys(func(v Verdict) bool { return v.Unacked > 0 })
}

func (s *Slack) keys(wanted func(Verdict) bool) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var keys []string
	for _, q := range s.book.order {
		var v Verdict
		if v.add(q); wanted(v) {
			keys = append(keys, q.Key)
		}
	}
	return keys
}

// Question is what became of one, by Envelope.Key.
func (s *Slack) Question(key string) (Question, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := s.book.questions[key]
	if q == nil {
		return Question{}, false
	}
	return *q, true
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

// AckTime is a quantile, between 0 and 1, of the times from an envelope to its acknowledgement, over the last 65,536.
func (s *Slack) AckTime(q float64) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.book.acks.quantile(q)
}

// AnswerTime is the same from an envelope to the first answer to it.
func (s *Slack) AnswerTime(q float64) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.book.answers.quantile(q)
}
