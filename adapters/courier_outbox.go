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
}

// Outbox keeps promises until they are kept. Two halves, since making and ending them need different things.
type Outbox interface {
	Promises
	Outcomes
}

// Promises makes promises and hands back those that were not kept.
type Promises interface {
	// Claim records p, claim and promise in one step that survives a power loss, and says whether its key is new.
	// An error leaves open whether it was recorded.
	Claim(ctx context.Context, p Promise) (first bool, err error)

	// Pending takes over the promises of platform that are older than this, under a lease: no other process gets
	// them for a while. With an age of zero the leases of processes that are gone do not hold either.
	Pending(ctx context.Context, platform string, olderThan time.Duration) ([]Promise, error)
}

// Outcomes ends promises; the claims stay. A key that is not promised, or no more, is no error.
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
	}
}

// keeps is an [Outbox] with its own type of promise.
type keeps[P promised] interface {
	Outcomes
	Claim(ctx context.Context, p P) (first bool, err error)
	Pending(ctx context.Context, platform string, olderThan time.Duration) ([]P, error)
}

// OutboxOf lets a store that has its own type of promise be an [Outbox].
func OutboxOf[P promised](store keeps[P]) Outbox { return translated[P]{store} }

type translated[P promised] struct{ keeps[P] }

func (t translated[P]) Claim(ctx context.Context, p Promise) (bool, error) {
	return t.keeps.Claim(ctx, P(p))
}

func (t translated[P]) Pending(ctx context.Context, platform string, olderThan time.Duration) ([]Promise, error) {
	taken, err := t.keeps.Pending(ctx, platform, olderThan)
	promises := make([]Promise, len(taken))
	for i, p := range taken {
		promises[i] = Promise(p)
	}
	return promises, err
}
