package adapters

import "context"

// Finding is what one check came to, in words for the operator who runs the program.
type Finding struct {
	What    string // what was looked at and, where all is well, what was found: "Slack token: of a bot, as it must be"
	Problem string // what is wrong, in half a sentence; "" where OK
	Remedy  string // what to do about it; never "" where there is a problem
	OK      bool
}

// Checker is an [Adapter] that can look over how it is set up: the shapes of tokens, settings that do not go together.
type Checker interface {
	// Check gives a finding for each thing it looked at, good and bad. It reaches for no network, may be called
	// before Run and without it, and never puts a secret into a finding.
	Check(ctx context.Context) []Finding
}

// Prober is an [Adapter] that can also ask its platform whether it will be let in: that tokens are good, that permissions
// and addresses are as they must be. An operator asks for that, as it leaves the machine.
type Prober interface {
	// Probe gives findings as Check does. It changes nothing at the platform and ends with ctx; a platform that
	// cannot be reached is a problem like any other.
	Probe(ctx context.Context) []Finding
}
