package adapters

import (
	"context"
	"time"
)

// Promise is an answer that was promised to a platform by acknowledging an event.
type Promise struct {
	Key      string // of the event, unique among all platforms
	Platform string // Adapter.Name
	Payload  string // JSON: the question and where its answer goes
	Deadline time.Time
	Tries    int // how often it was taken, where it comes from Pending
}

// Standing is how a claim turned out.
type Standing int

// The standings, in the order that every outbox has them in.
const (
	Repeated Standing = iota // answered, or held by a process that lives
	First                    // new: whoever claimed it owes the answer
	Again                    // promised by a process that is gone: whoever claimed it owes the answer, if it was not sent
)

// Outbox keeps promises until they are kept. Its two halves make and hold promises, and end them. A process that
// claims or takes over a promise holds it as long as it lives, or about so.
type Outbox interface {
	Promises
	Outcomes
}

// Promises makes promises, and hands on those that nobody holds.
type Promises interface {
	// Take claims p.Key and records the promise, in one step that survives a power loss. An error leaves open
	// whether that has happened.
	Take(ctx context.Context, p Promise) (Standing, error)

	// Finish is Take and Outcomes.Delivered in one step, of an answer that is about to leave with its acknowledgement.
	// Repeated says that somebody else has answered, or is about to; then it must not leave.
	Finish(ctx context.Context, p Promise) (Standing, error)

	// Hold is called before an answer is sent late, and says whether this process holds the promise still.
	Hold(ctx context.Context, key string) (ours bool, err error)

	// Pending takes over promises of platform that are older than this and that no living process holds, some at
	// a time.
	Pending(ctx context.Context, platform string, olderThan time.Duration) ([]Promise, error)
}

// Outcomes ends promises; the claims stay, so that later ones are repeats. An ending of a key that was never claimed
// claims it: its claim may have failed. One of a key that has ended changes nothing.
type Outcomes interface {
	// Delivered records that the answer was sent.
	Delivered(ctx context.Context, key string) error

	// Expired records that no answer was or will be sent, and why.
	Expired(ctx context.Context, key, why string) error
}

// promised is any package's own type of a [Promise]: a store does not import adapters, nor adapters a store.
type promised interface {
	~struct {
		Key      string
		Platform string
		Payload  string
		Deadline time.Time
		Tries    int
	}
}

// keeps is an [Outbox] with its own types.
type keeps[P promised, S ~int] interface {
	Outcomes
	Take(ctx context.Context, p P) (S, error)
	Finish(ctx context.Context, p P) (S, error)
	Hold(ctx context.Context, key string) (ours bool, err error)
	Pending(ctx context.Context, platform string, olderThan time.Duration) ([]P, error)
}

// OutboxOf lets a store that has its own types of the same shape be an [Outbox].
func OutboxOf[P promised, S ~int](store keeps[P, S]) Outbox { return translated[P, S]{store} }

type translated[P promised, S ~int] struct{ keeps[P, S] }

func (t translated[P, S]) Take(ctx context.Context, p Promise) (Standing, error) {
	s, err := t.keeps.Take(ctx, P(p))
	return Standing(s), err
}

func (t translated[P, S]) Finish(ctx context.Context, p Promise) (Standing, error) {
	s, err := t.keeps.Finish(ctx, P(p))
	return Standing(s), err
}

func (t translated[P, S]) Pending(ctx context.Context, platform string, olderThan time.Duration) ([]Promise, error) {
	taken, err := t.keeps.Pending(ctx, platform, olderThan)
	promises := make([]Promise, len(taken))
	for i, p := range taken {
		promises[i] = Promise(p)
	}
	return promises, err
}
