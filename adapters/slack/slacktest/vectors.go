package slacktest

import (
	_ "embed" // of the vectors
	"encoding/json"
	"fmt"
)

// Vector is one signed request, the time at which it comes, and what is to become of it.
type Vector struct {
	Name      string `json:"name"`
	Secret    string `json:"secret"`
	Timestamp string `json:"timestamp"` // header X-Slack-Request-Timestamp
	Body      string `json:"body"`
	Signature string `json:"signature"` // header X-Slack-Signature
	Clock     int64  `json:"clock"`     // the receiver's, Unix seconds
	Verdict   string `json:"verdict"`   // "accept", "refuse", or "either" where Slack's own libraries differ
}

//go:embed testdata/signatures.json
var vectors []byte

// Vectors are the stored signatures: genuine, forged, stale, future and malformed.
func Vectors() ([]Vector, error) {
	var list []Vector
	if err := json.Unmarshal(vectors, &list); err != nil {
		return nil, fmt.Errorf("read the signature vectors: %w", err)
	}
	return list, nil
}
