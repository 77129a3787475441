// Package ledger counts the questions that were put to a bot against its answers: which are open, lost, answered twice, and how
// long answers took.
//
// It knows neither messages nor sessions: who sends and receives tells it. It locks nothing, so its owner does. It is for
// tests only.
package ledger

import (
	"fmt"
	"slices"
	"time"
)

// Question is something that was put to the bot and asks for an answer. Its ledger changes it.
type Question struct {
	id        string
	message   bool // a message; else an interaction
	at        time.Time
	got       bool // the client has shown that it received it
	late      bool // it was delivered, maybe not for the first time, when its time was over
	holders   int  // sessions that have it and whose client has not shown so
	killed    bool // it was open when its bot was killed
	responded bool // an interaction's first answer was taken
	answers   int
	withdrawn bool // deleted before it was answered
}

func (q *Question) settled() bool { return q.answers > 0 || q.withdrawn }

// adrift says that nobody owes an answer: the question never arrived, or too late, or its bot died with it.
func (q *Question) adrift() bool {
	return !q.settled() && (!q.got && q.holders == 0 || (q.late || q.killed) && !q.responded)
}

// Ledger counts questions against answers. What is settled can be forgotten: only the counts stay.
type Ledger struct {
	keep    int
	open    map[string]*Question
	order   []string
	next    int     // length of order at which it is looked through again
	counts  Verdict // of Asked, Answered, Withdrawn and Doubled alone
	adrift  int
	strays  []string
	waits   spread
	slowest time.Duration
}

// New makes an empty ledger. It keeps so many questions that are settled, and up to twice as many before it forgets any; 0
// keeps all.
func New(keep int) *Ledger { return &Ledger{keep: keep, open: map[string]*Question{}} }

// Find gives a question, nil where there was none of this id or it is forgotten.
func (l *Ledger) Find(id string) *Question { return l.open[id] }

// change changes a question that is not nil.
func (l *Ledger) change(q *Question, how func(q *Question)) {
	if q == nil {
		return
	}
	before := q.adrift()
	how(q)
	switch after := q.adrift(); {
	case after && !before:
		l.adrift++
	case before && !after:
		l.adrift--
	}
}

// Verdict says whether every question was answered once.
type Verdict struct {
	Asked     int // questions: interactions, direct messages, mentions, replies to the bot
	Answered  int
	Withdrawn int // deleted before they were answered

	// Undelivered had no session to go to, or went to one that ended before its client showed that it had received
	// them, or was resumed when their time was over: Discord itself loses those. What was open at Kill is
	// here too. They are not among Lost.
	Undelivered []string
	Lost        []string // delivered and without an answer, deferred ones that were never filled in too
	Silent      []string // of Lost: interactions with no answer at all, "the application did not respond"
	Doubled     []string // answered more than once, one entry for each answer too many

	Half, Most time.Duration // waits for an answer from the dispatch: the median, and what 99% keep below; to 9%
	Slowest    time.Duration // the longest
}

// OK says that nothing is lost or doubled.
func (v Verdict) OK() bool { return len(v.Lost)+len(v.Doubled) == 0 }

// String gives the counts.
func (v Verdict) String() string {
	return fmt.Sprintf("%d asked, %d answered, %d withdrawn, %d undelivered, %d lost, %d silent, %d doubled, waits %s, %s, %s",
		v.Asked, v.Answered, v.Withdrawn, len(v.Undelivered), len(v.Lost), len(v.Silent), len(v.Doubled),
		v.Half.Round(time.Microsecond), v.Most.Round(time.Microsecond), v.Slowest.Round(time.Microsecond))
}

// Ask enters a question: a message, or an interaction. One that is known already is a duplicate, which counts for nothing.
func (l *Ledger) Ask(id string, message bool, at time.Time) {
	if _, known := l.open[id]; known {
		return
	}
	l.counts.Asked++
	l.adrift++ // nobody has it yet
	l.open[id] = &Question{id: id, message: message, at: at}
	l.order = append(l.order, id)
	if l.keep == 0 || len(l.order) < max(2*l.keep, l.next) {
		return
	}
	kept := make([]string, 0, l.keep)
	for i, id := range l.order {
		if l.open[id].settled() && i < len(l.order)-l.keep {
			delete(l.open, id)
			continue
		}
		kept = append(kept, id)
	}
	l.order, l.next = kept, 2*len(kept) // not after each question where many stay open
}

// Answer enters an answer to a question at a time. One to a question that is forgotten, or never was, counts as one too many.
func (l *Ledger) Answer(id string, now time.Time) {
	q, known := l.open[id]
	if !known {
		if id != "" {
			l.strays = append(l.strays, id) // answered and forgotten, or never a question
		}
		return
	}
	if q.withdrawn { // answered while it was being deleted
		l.counts.Withdrawn--
	}
	l.change(q, func(q *Question) { q.got, q.responded, q.withdrawn, q.answers = true, true, false, q.answers+1 })
	if q.answers > 1 {
		l.counts.Doubled = append(l.counts.Doubled, id)
		return
	}
	l.counts.Answered++
	l.waits.add(now.Sub(q.at))
	l.slowest = max(l.slowest, now.Sub(q.at))
}

// Respond enters a first answer that shows nothing yet, such as "thinking".
func (l *Ledger) Respond(id string) {
	l.change(l.open[id], func(q *Question) { q.got, q.responded = true, true })
}

// Withdraw notes that a question was deleted; one that has its answer stays answered.
func (l *Ledger) Withdraw(id string) {
	q := l.open[id]
	if q == nil || q.settled() {
		return
	}
	l.change(q, func(q *Question) { q.withdrawn = true })
	l.counts.Withdrawn++
}

// Kill notes that the bot has died: what it had not said a word to is its own to know of.
func (l *Ledger) Kill() {
	for _, id := range l.order {
		l.change(l.open[id], func(q *Question) { q.killed = q.killed || !q.settled() })
	}
}

// Receive notes that a client has shown it has a question. A nil one is none, as for Hold, Overdue and HandOver.
func (l *Ledger) Receive(q *Question) {
	l.change(q, func(q *Question) { q.got, q.holders = true, q.holders-1 })
}

// Hold notes that one more session has a question, or one less.
func (l *Ledger) Hold(q *Question, sessions int) {
	l.change(q, func(q *Question) { q.holders += sessions })
}

// Overdue notes that a question is delivered again: an interaction is late when it was asked longer ago than within.
func (l *Ledger) Overdue(q *Question, now time.Time, within time.Duration) {
	l.change(q, func(q *Question) { q.late = !q.message && now.Sub(q.at) > within })
}

// HandOver notes that a question is on its way by so many requests more, or that it has arrived.
func (l *Ledger) HandOver(q *Question, requests int, arrived bool) {
	l.change(q, func(q *Question) {
		q.holders += requests
		q.got = q.got || arrived
	})
}

// Verdict says how questions and answers compare at this moment: what is under way counts as lost.
func (l *Ledger) Verdict() Verdict {
	v := l.counts
	v.Doubled = slices.Concat(v.Doubled, l.strays)
	v.Half, v.Most, v.Slowest = l.waits.below(0.5), l.waits.below(0.99), l.slowest
	for _, id := range l.order {
		q := l.open[id]
		switch {
		case q.settled():
		case q.adrift():
			v.Undelivered = append(v.Undelivered, id)
		default:
			v.Lost = append(v.Lost, id)
			if !q.message && !q.responded {
				v.Silent = append(v.Silent, id)
			}
		}
	}
	return v
}

// Open is how many questions have no answer yet, undelivered ones included.
func (l *Ledger) Open() int { return l.counts.Asked - l.counts.Answered - l.counts.Withdrawn }

// Owed is how many questions were delivered and have no answer yet.
func (l *Ledger) Owed() int { return l.Open() - l.adrift }

// Unanswered says whether a question has no answer yet.
func (l *Ledger) Unanswered(id string) bool {
	q, known := l.open[id]
	return known && q.answers == 0
}
