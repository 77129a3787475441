// Package adapters is what every adapter of the bot has in common.
//
// An adapter turns one platform's events into questions and draws the answers. It decides nothing: what is asked
// and what is answered is the business of the [chat.Asker] it is given. This package knows no platform.
package adapters

import (
	"context"

	"careerbot/bot/chat"
)

// Adapter joins one platform to the bot.
type Adapter interface {
	// Name is the platform as it appears in Question.Platform, in configuration and in logs: "terminal".
	Name() string

	// Run serves the platform until ctx ends or, where the platform has an end of its own, until that; then it
	// returns nil, after the answers under way are sent. An error says why it could not go on.
	Run(ctx context.Context, ask chat.Asker) error
}
