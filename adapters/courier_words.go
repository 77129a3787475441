package adapters

import (
	"context"
	"errors"

	"careerbot/bot/chat"
)

// What is said where there is no answer: never nothing.
const (
	failedWords  = "Something went wrong on my side, so I have no answer to this. Please ask again."
	slowWords    = "This took me too long, so I stopped. Please ask again in a minute, or ask for one thing at a time."
	refusedWords = "I have an answer to this, but it cannot be shown here. Please ask again in other words."
)

// ask asks the bot. An error of the bot becomes words; the error returned is that ctx has ended.
func (c *Courier) ask(ctx context.Context, q chat.Question) (chat.Answer, error) {
	within, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	a, err := c.askSafely(within, q)
	if err == nil {
		return a, nil
	}
	if ctx.Err() != nil {
		return chat.Answer{}, ctx.Err()
	}
	c.options.Logger.Error("a question has no answer", "platform", c.platform, "question", q.ID, "error", err)
	say := failedWords
	fault := (*chat.Fault)(nil)
	switch {
	case errors.As(err, &fault) && fault.Say != "":
		say = fault.Say
	case errors.Is(err, context.DeadlineExceeded):
		say = slowWords
	}
	return words(q, say), nil
}

func (c *Courier) askSafely(ctx context.Context, q chat.Question) (a chat.Answer, err error) {
	defer c.caught("ask", Event{Key: q.ID}, &err)
	return c.asker.Ask(ctx, q)
}

// words is say as an answer to q.
func words(q chat.Question, say string) chat.Answer {
	return chat.Answer{Lead: say, Topic: q.Topic, Private: q.Private}
}
