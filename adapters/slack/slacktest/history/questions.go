package history

import (
	"cmp"
	"slices"
	"time"
)

// Types of envelopes that make a difference to a question.
const (
	event       = "events_api"
	interaction = "interactive"
)

// Question is what somebody asked.
type Question struct {
	Key                         string // no other question has it
	Type                        string // of its envelope: slash_commands, events_api, interactive
	Team, Channel, Thread, User string
	Sent                        time.Time // first attempt; whoever delivers it sets it

	acked   bool
	settled bool
	failure string // what the person was told in place of an answer
	answers int    // messages that answer it
	done    bool
}

// thread names a conversation.
type thread struct{ team, channel, ts string }

func (q *Question) thread() thread { return thread{q.Team, q.Channel, q.Thread} }

// book holds questions and what became of them.
type book struct {
	questions map[string]*Question
	order     []*Question // in the order of asking; those that are settled and answered fall out
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

// Ask notes a question and gives it back, or the one with that key that was asked already.
func (h *History) Ask(question Question) *Question {
	b := &h.book
	if q := b.questions[question.Key]; q != nil {
		return q // the twin
	}
	q := &question
	b.questions[q.Key] = q
	b.order = append(b.order, q)
	b.open++
	t := q.thread()
	b.threads[t] = append(b.threads[t], q)
	return q
}

// Asked is the question of that key, nil for none.
func (h *History) Asked(key string) *Question { return h.book.questions[key] }

// Settled notes the end of one of a question's deliveries: acknowledged, or with what the person was told.
func (h *History) Settled(q *Question, acked bool, failure string) {
	q.settled = true
	q.acked = q.acked || acked
	if !q.acked {
		q.failure = failure
	}
	h.book.finish(q)
	if h.keep > 0 && len(h.book.order) > 2*h.keep {
		h.book.forget(h.keep)
	}
}

// Acknowledged notes how long an acknowledgement took, of whatever was delivered.
func (h *History) Acknowledged(took time.Duration) { h.book.acks.add(took) }

// Answered counts an answer that is no new message.
func (h *History) Answered(q *Question) { h.book.answered(q) }

// Updated notes that a message was changed: an answer to somebody who pressed a button on it.
func (h *History) Updated(m *Message) {
	for _, q := range h.book.threads[thread{m.Team, m.Channel, m.TS}] {
		if q.Type == interaction && q.answers == 0 {
			h.book.answered(q)
			return
		}
	}
}

// Replaced notes that a message, changed, now answers the question of a key. Where that has an answer, this is no second.
func (h *History) Replaced(m *Message, key string) {
	if q := h.book.questions[key]; q != nil {
		m.Answers = key
		if q.answers == 0 {
			h.book.answered(q)
		}
	}
}

// answer finds the question that a message of the bot answers: the one that the message names itself, as it came by that
// one's response_url, the one that the app's owner names, or the oldest open one of its thread.
func (h *History) answer(m *Message) {
	key := m.Answers
	if key == "" && h.answers != nil {
		key = h.answers(*m)
	}
	q := h.book.questions[key]
	if q == nil {
		q = h.book.oldest(thread{m.Team, m.Channel, cmp.Or(m.ThreadTS, m.TS)})
	}
	if q == nil {
		h.book.stray++
		return
	}
	m.Answers = q.Key
	h.book.answered(q)
}

// oldest is a thread's first question without an answer, or its last where all have one; nil for none.
func (b *book) oldest(t thread) *Question {
	asked := b.threads[t]
	for _, q := range asked {
		if q.answers == 0 {
			return q
		}
	}
	if len(asked) == 0 {
		return nil
	}
	return asked[len(asked)-1]
}

// answered counts an answer.
func (b *book) answered(q *Question) {
	q.answers++
	if q.answers == 1 {
		b.answers.add(time.Since(q.Sent))
	}
	b.finish(q)
}

// finish notes that nothing more has to come: it is settled, and answered or failed in sight.
func (b *book) finish(q *Question) {
	if !q.done && q.settled && (q.answers > 0 || q.failure != "") {
		q.done = true
		b.open--
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
