package adapters

import (
	"context"

	"careerbot/bot/chat"
)

// Reporter tells those who manage a server what was asked there.
type Reporter interface {
	// Report is about the questions asked on one server of a platform in the last days: how many, how they went, and
	// which were asked in vain, drawn like any answer.
	Report(ctx context.Context, platform, server string, days int) (chat.Answer, error)
}

// Meter counts what an adapter does. It is safe for concurrent use and quick; nil is no Meter, see [Metered].
type Meter interface {
	// Called counts a call to the platform's API, by one of the Call outcomes.
	Called(adapter, outcome string)
	// Reconnected counts a connection made anew after a loss.
	Reconnected(adapter string)
	// Claimed counts an event that was claimed or was not, by one of the Claim results; a [Courier] calls it.
	Claimed(result string)
}

// Outcomes of a call to a platform.
const (
	CallOK      = "ok"
	CallLimited = "limited" // status 429
	CallRefused = "refused" // other status 4xx: the call is wrong, and again will not help
	CallFailed  = "failed"  // status 5xx, or no answer
)

// Results of claiming an event.
const (
	ClaimNew       = "new"
	ClaimDuplicate = "duplicate" // delivered by the platform before
	ClaimFailed    = "failed"    // the outbox could not say: the claim stands in memory alone
)

// Metered is m, or a Meter that counts nothing where m is nil.
func Metered(m Meter) Meter {
	if m == nil {
		return unmetered{}
	}
	return m
}

type unmetered struct{}

func (unmetered) Called(string, string) {}
func (unmetered) Reconnected(string)    {}
func (unmetered) Claimed(string)        {}

// Readier is an [Adapter] that knows whether its platform reaches it, by facts of the transport: a session that is
// open and acknowledged, not "no events lately".
type Readier interface {
	// Ready is nil, or what is wrong since when. It is quick and touches no network.
	Ready() error
}
