package chattest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"careerbot/bot/chat"
)

// Reply is what a Script says to one question: an answer or an error.
type Reply struct {
	Answer chat.Answer
	Err    error
}

// Script is an Asker that gives fixed replies and remembers what it was asked. It is safe for concurrent use.
type Script struct {
	replies map[string]Reply
	mu      sync.Mutex
	asked   []chat.Question
}

var _ chat.Asker = (*Script)(nil)

// NewScript makes a Script. The key of a reply is the question's action token, or else its topic and text with
// a space between: "salary senior india" for /salary senior india, "what is REST?" for free text.
func NewScript(replies map[string]Reply) *Script {
	return &Script{replies: replies}
}

// Ask gives the scripted reply, the error of an ended ctx, or a [chat.Fault] where the script has no reply.
func (s *Script) Ask(ctx context.Context, q chat.Question) (chat.Answer, error) {
	s.mu.Lock()
	s.asked = append(s.asked, q)
	s.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return chat.Answer{}, err
	}
	key := q.Action
	if key == "" {
		key = strings.TrimSpace(string(q.Topic) + " " + q.Text)
	}
	r, ok := s.replies[key]
	if !ok {
		return chat.Answer{}, &chat.Fault{Say: fmt.Sprintf("The script has no reply to %q.", key)}
	}
	return r.Answer, r.Err
}

// Asked lists the questions so far, in order.
func (s *Script) Asked() []chat.Question {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.asked)
}
