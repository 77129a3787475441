package discordtest

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"
)

// question is something that was put to the bot and asks for an answer.
type question struct {
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

func (q *question) settled() bool { return q.answers > 0 || q.withdrawn }

// adrift says that nobody owes an answer: the question never arrived, or too late, or its bot died with it.
func (q *question) adrift() bool {
	return !q.settled() && (!q.got && q.holders == 0 || (q.late || q.killed) && !q.responded)
}

// ledger counts questions against answers. What is settled can be forgotten: only the counts stay.
type ledger struct {
	open    map[string]*question
	order   []string
	next    int     // length of order at which it is looked through again
	counts  Verdict // of Asked, Answered, Withdrawn and Doubled alone
	adrift  int
	strays  []string
	waits   spread
	slowest time.Duration
}

func newLedger() ledger { return ledger{open: map[string]*question{}} }

// change changes a question that is not nil. The caller holds the server's lock, as for all methods.
func (l *ledger) change(q *question, how func(q *question)) {
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
	// them, or was resumed when their time was over: Discord itself loses those. What was open at [Server.Killed] is
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

// ask enters a question. The caller holds the server's lock, as for all methods.
func (l *ledger) ask(keep int, q *question) {
	if _, known := l.open[q.id]; known {
		return // a duplicate
	}
	l.counts.Asked++
	l.adrift++ // nobody has it yet
	l.open[q.id] = q
	l.order = append(l.order, q.id)
	if keep == 0 || len(l.order) < max(2*keep, l.next) {
		return
	}
	kept := make([]string, 0, keep)
	for i, id := range l.order {
		if l.open[id].settled() && i < len(l.order)-keep {
			delete(l.open, id)
			continue
		}
		kept = append(kept, id)
	}
	l.order, l.next = kept, 2*len(kept) // not after each question where many stay open
}

// answer enters an answer.
func (l *ledger) answer(id string, now time.Time) {
	q, known := l.open[id]
	if !known {
		if id != "" {
			l.strays = append(l.strays, id) // answered and forgotten, or never a question
		}
		return
	}
	if q.withdrawn && q.answers == 0 { // answered while it was being deleted
		q.withdrawn = false
		l.counts.Withdrawn--
	}
	l.change(q, func(q *question) { q.got, q.responded, q.answers = true, true, q.answers+1 })
	if q.answers > 1 {
		l.counts.Doubled = append(l.counts.Doubled, id)
		return
	}
	l.counts.Answered++
	l.waits.add(now.Sub(q.at))
	l.slowest = max(l.slowest, now.Sub(q.at))
}

// respond enters a first answer that shows nothing yet, such as "thinking".
func (l *ledger) respond(id string) {
	l.change(l.open[id], func(q *question) { q.got, q.responded = true, true })
}

func (l *ledger) withdraw(id string) {
	q := l.open[id]
	if q == nil || q.settled() {
		return
	}
	l.change(q, func(q *question) { q.withdrawn = true })
	l.counts.Withdrawn++
}

// kill notes that the bot has died: what it had not said a word to is its own to know of.
func (l *ledger) kill() {
	for _, id := range l.order {
		l.change(l.open[id], func(q *question) { q.killed = q.killed || !q.settled() })
	}
}

// receive notes that a client has shown it has a question.
func (l *ledger) receive(q *question) {
	l.change(q, func(q *question) { q.got, q.holders = true, q.holders-1 })
}

// hold notes that one more session has a question, or one less.
func (l *ledger) hold(q *question, sessions int) {
	l.change(q, func(q *question) { q.holders += sessions })
}

// verdict sums up.
func (l *ledger) verdict() Verdict {
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

// waiting is how many questions the bot still owes an answer to.
func (l *ledger) waiting() int { return l.counts.Asked - l.counts.Answered - l.counts.Withdrawn }

// Verdict says how questions and answers compare at this moment: what is under way counts as lost.
func (s *Server) Verdict() Verdict {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.history.ledger.verdict()
}

// Killed notes that the bot was killed, before it is started again. What is open then is Undelivered and no longer owed,
// unless it was told to wait: a client shows by its next heartbeat that it has read a message, and by a connection that
// it has read a request, before the bot has made the question its own. Whether it had, only its own state can tell.
func (s *Server) Killed() {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.tell()
	s.history.ledger.kill()
}

// Lost is the ids of questions that were delivered and have no answer.
func (s *Server) Lost() []string { return s.Verdict().Lost }

// Doubled is the ids of questions with several answers.
func (s *Server) Doubled() []string { return s.Verdict().Doubled }

// Open is how many questions have no answer yet, undelivered ones included.
func (s *Server) Open() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.history.ledger.waiting()
}

// Owed is how many questions were delivered and have no answer yet.
func (s *Server) Owed() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.history.ledger.waiting() - s.history.ledger.adrift
}

// Quiet waits until every question that was delivered has an answer, or until ctx ends.
func (s *Server) Quiet(ctx context.Context) error {
	err := s.Until(ctx, func() bool { return s.Owed() == 0 })
	if err != nil {
		return fmt.Errorf("%s: %w", s.Verdict(), err)
	}
	return nil
}

// unanswered says whether a question has no answer yet.
func (l *ledger) unanswered(id string) bool {
	q, known := l.open[id]
	return known && q.answers == 0
}

// spread counts durations by their size, in steps of 9%.
type spread struct {
	counts [256]int
	all    int
}

func (s *spread) add(d time.Duration) {
	s.counts[step(d)]++
	s.all++
}

func step(d time.Duration) int {
	return min(255, int(8*math.Log2(float64(max(d, time.Microsecond))/float64(time.Microsecond))))
}

// below is what this part of the durations keeps below.
func (s *spread) below(part float64) time.Duration {
	sum := 0
	for i, n := range s.counts {
		sum += n
		if n > 0 && float64(sum) >= part*float64(s.all) {
			return time.Duration(math.Exp2(float64(i+1)/8) * float64(time.Microsecond))
		}
	}
	return 0
}
