package adapters

import (
	"log/slog"
	"math/rand/v2"
	"time"
)

// CourierOptions are what a [Courier] may be told; the zero value is right for a platform that enforces nonces and
// an outbox that several processes share.
type CourierOptions struct {
	Logger *slog.Logger     // nil logs nothing
	Meter  Meter            // nil counts nothing
	Now    func() time.Time // nil is time.Now

	// Backoff is the wait after the n-th failed attempt, n from 1. Nil doubles from 250 ms up to 30 s, each a
	// random part shorter, at most half.
	Backoff func(n int) time.Duration

	// Attempts is how often one Deliver tries to send before it leaves the event to Run; 0 is 4.
	Attempts int

	// Window is how long after Accept an event without a deadline may be answered; 0 is 15 minutes, the life of a
	// Discord interaction token (https://discord.com/developers/docs/interactions/receiving-and-responding).
	Window time.Duration

	// Settle is how long a post may take to be seen by Sender.Sent, for one that its sender saw fail or did not
	// live to see. The courier waits this long before it looks: 2 s or more where Sent looks up, 0 where the
	// platform enforces nonces.
	Settle time.Duration

	// Every is how often Run looks for promises to deliver again; 0 is 5 s.
	Every time.Duration

	// Outbox is how long the outbox may take for one operation before the event goes on without it; 0 is 2 s, as Slack
	// and Discord wait 3 s for an acknowledgement. What did not end by then is tried once more for a quarter of it.
	Outbox time.Duration

	// Drain is how long Run waits for deliveries under way when its ctx ends; 0 is 10 s.
	Drain time.Duration

	// Memory is how many events the courier remembers: as many under way, and as many answered ones to know a
	// repeat by when the outbox fails. 0 is 32,768, about 5 MB with keys of 60 bytes.
	Memory int
}

func (o CourierOptions) withDefaults() CourierOptions {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	o.Meter = Metered(o.Meter)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Backoff == nil {
		o.Backoff = doubling
	}
	orInt := func(p *int, n int) {
		if *p <= 0 {
			*p = n
		}
	}
	or := func(p *time.Duration, d time.Duration) {
		if *p <= 0 {
			*p = d
		}
	}
	orInt(&o.Attempts, 4)
	orInt(&o.Memory, 1<<15)
	or(&o.Window, 15*time.Minute)
	or(&o.Every, 5*time.Second)
	or(&o.Outbox, 2*time.Second)
	or(&o.Drain, 10*time.Second)
	return o
}

// doubling is the wait after the n-th failed attempt: random, so that those who failed together do not come back
// together.
func doubling(n int) time.Duration {
	const shortest, longest = 250 * time.Millisecond, 30 * time.Second
	d := longest
	if n < 8 { // 250 ms doubled seven times is longer than the longest
		d = min(longest, shortest<<max(n-1, 0))
	}
	return d - rand.N(d/2)
}
