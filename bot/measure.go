package bot

import (
	"context"
	"errors"
	"time"

	"careerbot/bot/chat"
)

// What becomes of a question, as a [Meter] hears of it and as metrics name it. They do not change.
const (
	OutcomeAnswered = "answered"
	OutcomeDeclined = "declined" // not known, not understood, or only greeted
	OutcomeLimited  = "limited"  // who asked is over a rate
	OutcomeBusy     = "busy"     // overload
	OutcomeFault    = "fault"
	OutcomeGone     = "gone" // who asked did not wait for the answer
)

// Outcomes are all there are.
func Outcomes() []string {
	return []string{OutcomeAnswered, OutcomeDeclined, OutcomeLimited, OutcomeBusy, OutcomeFault, OutcomeGone}
}

// Meter counts. It is safe for concurrent use and quick, as every question waits for it.
type Meter interface {
	// Answered is called once for each question: topic is "" where it is not known, outcome is one of
	// [Outcomes], took is all the time from question to answer, time in the line included.
	Answered(platform string, topic chat.Topic, outcome string, took time.Duration)

	// Step is called for each step of an answer's trace.
	Step(name string, took time.Duration)
}

// Measure tells m of everything next is asked. It changes nothing. To count refusals and panics too it goes around
// the other decorators:
//
//	asker := bot.Measure(bot.Limit(bot.Guard(b, log), limits), meter)
func Measure(next chat.Asker, m Meter) chat.Asker { return &measure{next, m} }

type measure struct {
	next  chat.Asker
	meter Meter
}

// Ask asks next.
func (m *measure) Ask(ctx context.Context, q chat.Question) (chat.Answer, error) {
	began := time.Now()
	a, err := m.next.Ask(ctx, q)
	took := time.Since(began)
	topic := a.Topic
	if topic == "" {
		topic = q.Topic
	}
	m.meter.Answered(q.Platform, topic, Outcome(a, err), took)
	for _, s := range a.Trace.Steps {
		m.meter.Step(s.Name, s.Took)
	}
	return a, err
}

// Outcome says what became of a question, from what an Asker returned for it: one of [Outcomes].
func Outcome(a chat.Answer, err error) string {
	if err != nil {
		return failed(err)
	}
	switch {
	case a.Trace.Understood == understoodLimit:
		return OutcomeLimited
	case a.Trace.Understood == understoodBusy:
		return OutcomeBusy
	case a.Answered:
		return OutcomeAnswered
	default:
		return OutcomeDeclined
	}
}

// failed tells errors apart.
func failed(err error) string {
	var limit *LimitError
	switch {
	case errors.As(err, &limit):
		return OutcomeLimited
	case errors.Is(err, errBusy):
		return OutcomeBusy
	case errors.Is(err, context.Canceled):
		return OutcomeGone
	default:
		return OutcomeFault
	}
}
