package discordtest

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ed25519"
	_ "embed" // of the vectors
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"

	"careerbot/adapters/discord/discordtest/object"
	"careerbot/adapters/discord/discordtest/rest"
)

// newKey is the application's key, the same for one seed.
func newKey(seed uint64) ed25519.PrivateKey {
	var b [ed25519.SeedSize]byte
	binary.LittleEndian.PutUint64(b[:], seed)
	copy(b[8:], "discordtest")
	return ed25519.NewKeyFromSeed(b[:])
}

// PublicKey is the application's public key in hexadecimal, as the developer portal shows it.
func (s *Server) PublicKey() string {
	return hex.EncodeToString(s.key[ed25519.SeedSize:])
}

// Signed is a request for interactions: its body and what its two headers say.
type Signed struct {
	Timestamp string // X-Signature-Timestamp: seconds of Unix; "" leaves the header out
	Signature string // X-Signature-Ed25519 in hexadecimal; "" leaves the header out
	Body      []byte
}

// Sign signs a body as Discord does at a time: over the timestamp and the body after it.
func (s *Server) Sign(body []byte, at time.Time) Signed { return sign(s.key, body, at) }

func sign(key ed25519.PrivateKey, body []byte, at time.Time) Signed {
	stamp := strconv.FormatInt(at.Unix(), 10)
	return Signed{stamp, hex.EncodeToString(ed25519.Sign(key, append([]byte(stamp), body...))), body}
}

// Foreign signs with a key that is not the application's.
func (s *Server) Foreign(body []byte, at time.Time) Signed { return sign(newKey(s.o.Seed+1), body, at) }

// Oversized signs a body that blanks fill up to so many bytes.
func (s *Server) Oversized(body []byte, size int, at time.Time) Signed {
	return s.Sign(append(bytes.Clone(body), bytes.Repeat([]byte(" "), max(0, size-len(body)))...), at)
}

// Tampered is the request with one byte of its body changed after signing.
func (r Signed) Tampered() Signed {
	r.Body = bytes.Clone(r.Body)
	r.Body[len(r.Body)/2] ^= 1
	return r
}

// Unsigned is the request without its headers.
func (r Signed) Unsigned() Signed { return Signed{Body: r.Body} }

// Do sends the request and reads its answer, 25 MiB of it at most.
func (r Signed) Do(ctx context.Context, client *http.Client, url string) (Reply, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(r.Body))
	if err != nil {
		return Reply{}, fmt.Errorf("post an interaction: %w", err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "Discord-Interactions/1.0 (+https://discord.com)")
	for name, value := range map[string]string{"X-Signature-Timestamp": r.Timestamp, "X-Signature-Ed25519": r.Signature} {
		if value != "" {
			request.Header.Set(name, value)
		}
	}
	begun := time.Now()
	response, err := client.Do(request)
	if err != nil {
		return Reply{}, fmt.Errorf("post an interaction: %w", err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, rest.MaxRequest))
	if err != nil {
		return Reply{}, fmt.Errorf("read the response to an interaction: %w", err)
	}
	return Reply{response.StatusCode, response.Header.Get("Content-Type"), body, time.Since(begun)}, nil
}

// Reply is what came back for an interaction that was posted.
type Reply struct {
	Status      int
	ContentType string
	Body        []byte
	After       time.Duration
}

// Endpoint is the address of [Server.SetEndpoint], "" where interactions go over the gateway.
func (s *Server) Endpoint() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.gateway.endpoint
}

// SetEndpoint has interactions posted to an address from now on, as the developer portal's "interactions endpoint url"
// does: the gateway gets none any more. "" is the gateway again.
func (s *Server) SetEndpoint(url string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gateway.endpoint = url
}

// Post posts an interaction, signed, to an address, and enters what comes back into the history, as if it had been
// sent to the REST interface: with status 200 the body is the first answer, with 202 the answer comes by REST. The gate
// sees the answer too. The error says that there was no answer within 3 s (Options.AnswerWithin), or that it was not taken.
func (s *Server) Post(ctx context.Context, url string, i object.Interaction) (Reply, error) {
	s.enterInteraction(i)
	ctx, cancel := context.WithTimeout(ctx, s.o.AnswerWithin)
	defer cancel()
	s.handOver(i.ID, 1, false)
	reply, err := s.Sign(object.JSON(i), time.Now()).Do(ctx, s.client, url)
	dial, isNet := errors.AsType[*net.OpError](err)
	s.handOver(i.ID, -1, !isNet || dial.Op != "dial")
	if err != nil {
		return reply, err
	}
	return reply, s.takeReply(i, reply)
}

// handOver notes that a question is on its way, or has arrived.
func (s *Server) handOver(id string, holders int, arrived bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.tell()
	s.history.ledger.HandOver(s.history.ledger.Find(id), holders, arrived)
}

// missed notes why a posted interaction was not answered.
func (s *Server) missed(id string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.history.exchanges[id]; e != nil && err != nil {
		e.missed = append(e.missed, err.Error())
	}
}

// takeReply enters the answer to a posted interaction.
func (s *Server) takeReply(i object.Interaction, reply Reply) error {
	switch {
	case reply.Status == http.StatusAccepted:
		return nil
	case reply.Status != http.StatusOK:
		return fmt.Errorf("interaction %s: the application answered %d", i.ID, reply.Status)
	}
	path := "/interactions/" + i.ID + "/" + i.Token + "/callback"
	if s.o.Gate != nil {
		if err := s.o.Gate.Check(http.MethodPost, path, reply.ContentType, reply.Body); err != nil {
			s.mu.Lock()
			s.stats.Rejected++
			s.mu.Unlock()
			return fmt.Errorf("interaction %s: %w", i.ID, err)
		}
	}
	raw, files, wrong := rest.Unpack(reply.ContentType, reply.Body)
	if wrong != nil {
		return fmt.Errorf("interaction %s: %s", i.ID, wrong.Text)
	}
	var body callback
	if err := json.Unmarshal(raw, &body); err != nil {
		return fmt.Errorf("interaction %s: read the answer: %w", i.ID, err)
	}
	s.mu.Lock()
	e := s.history.exchanges[i.ID]
	if e == nil {
		s.mu.Unlock()
		return fmt.Errorf("interaction %s: it is forgotten", i.ID)
	}
	p, wrong := s.respond(e, body, files, true)
	s.tell()
	s.mu.Unlock()
	if wrong != nil {
		return fmt.Errorf("interaction %s: Discord answered %d: %s", i.ID, wrong.Code, wrong.Text)
	}
	s.told(p, body.Type)
	return nil
}

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
