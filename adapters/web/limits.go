package web

import "time"

// Limits of this adapter. The lengths count characters, as the OpenAPI document's maxLength does.
const (
	// MaxBody is how many bytes a request's body may have where Config.MaxBody is zero. The longest question, every
	// character of it written as two \u escapes, takes 48,000.
	MaxBody = 64 << 10

	// Deadline is how long a request may take where Config.Deadline is zero. An answer takes milliseconds; what
	// takes longer waits for a busy machine.
	Deadline = 5 * time.Second

	// maxID bounds what names something: id, thread, user, answer and the X-Request-Id header.
	maxID = 128

	// maxReason bounds the reason of a vote.
	maxReason = 1000

	// maxAnswers is how many ranked answers a reply holds, as in "careerbot ask --json".
	maxAnswers = 5

	// maxKept is the largest buffer, in bytes, that waits for the next request. Replies have about 5,000.
	maxKept = 256 << 10

	// grace is what Run waits for beyond the deadline of the last request: its response is still to be written.
	grace = time.Second
)
