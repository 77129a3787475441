package adapters_test

import (
	"context"
	"testing"

	"go.uber.org/goleak"

	"careerbot/bot/chat"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// echo answers every question at once.
type echo struct{}

func (echo) Ask(_ context.Context, q chat.Question) (chat.Answer, error) {
	return chat.Answer{Answered: true, Lead: "You asked: " + q.Text}, nil
}
