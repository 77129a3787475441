package discordtest

import (
	"bufio"
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"time"
)

//go:embed testdata/verdicts.jsonl
var verdicts []byte

// Vector is a request for interactions and what is to become of it. The vectors are made once, from a fixed seed, and
// kept in testdata/verdicts.jsonl, so that signer and verifier cannot go wrong together.
type Vector struct {
	Name      string `json:"name"`
	Key       string `json:"key"`       // the application's public key, in hexadecimal
	Now       int64  `json:"now"`       // when the request arrives, in seconds of Unix
	Timestamp string `json:"timestamp"` // "" leaves the header out
	Signature string `json:"signature"` // likewise
	Body      string `json:"body"`
	Pad       int    `json:"pad,omitempty"` // blanks after Body, signed with it
	Verdict   string `json:"verdict"`       // "good", or why it is to be refused: "unsigned", "malformed", "forged", "stale", "oversized"
	Answer    int    `json:"answer"`        // type of the response that a good one asks for; 0 leaves it to the application
}

// Vectors are the vectors.
func Vectors() ([]Vector, error) {
	var all []Vector
	lines := bufio.NewScanner(bytes.NewReader(verdicts))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var v Vector
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			return nil, fmt.Errorf("read test vector %d: %w", len(all)+1, err)
		}
		all = append(all, v)
	}
	return all, lines.Err()
}

// Request is the request of the vector.
func (v Vector) Request() Signed {
	return Signed{v.Timestamp, v.Signature, append([]byte(v.Body), bytes.Repeat([]byte(" "), v.Pad)...)}
}

// Time is when the request arrives.
func (v Vector) Time() time.Time { return time.Unix(v.Now, 0) }
