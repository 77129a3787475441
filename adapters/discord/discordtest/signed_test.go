package discordtest_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"careerbot/adapters/discord/discordtest"
	"careerbot/adapters/discord/discordtest/campaign"
	"careerbot/adapters/discord/discordtest/object"
	"careerbot/adapters/discord/discordtest/rest"
)

var update = flag.Bool("update", false, "write testdata/verdicts.jsonl anew")

const (
	oldest  = 5 * time.Minute // difference of clocks that the application of the tests puts up with
	largest = 1 << 20         // bytes of its requests
)

// verdict is what a careful application says of a request.
func verdict(key string, now time.Time, r discordtest.Signed) string {
	public, _ := hex.DecodeString(key)
	signature, err := hex.DecodeString(r.Signature)
	seconds, atErr := strconv.ParseInt(r.Timestamp, 10, 64)
	switch {
	case len(r.Body) > largest:
		return "oversized"
	case r.Signature == "" || r.Timestamp == "":
		return "unsigned"
	case err != nil || len(signature) != ed25519.SignatureSize || atErr != nil:
		return "malformed"
	case !ed25519.Verify(public, append([]byte(r.Timestamp), r.Body...), signature):
		return "forged"
	case now.Sub(time.Unix(seconds, 0)).Abs() > oldest:
		return "stale"
	}
	return "good"
}

func vectors(t *testing.T) []discordtest.Vector {
	t.Helper()
	now := time.Unix(1_780_000_000, 0)
	s := discordtest.Start(t, discordtest.Options{Seed: 42, Now: func() time.Time { return now }})
	user := s.NewUser("asha")
	marshal := func(v any) []byte {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	direct := discordtest.Caller{User: user, Channel: s.Direct(user)}
	ping := marshal(s.Ping())
	command := marshal(s.Command(direct, "backend", object.Sub("salary", object.Str("region", "India – भारत"))))
	modal := marshal(s.Modal(direct, nil, "v1:why:1", map[string]string{"reason": "“quotes”, \n lines and \u0000 zero"}))
	good := s.Sign(command, now)
	var all []discordtest.Vector
	add := func(name, verdict string, r discordtest.Signed, answer int) {
		pad := 0
		body := strings.TrimRight(string(r.Body), " ")
		pad = len(r.Body) - len(body)
		all = append(all, discordtest.Vector{
			Name: name, Key: s.PublicKey(), Now: now.Unix(), Timestamp: r.Timestamp, Signature: r.Signature, Body: body, Pad: pad,
			Verdict: verdict, Answer: answer,
		})
	}
	changed := func(change func(*discordtest.Signed)) discordtest.Signed {
		r := good
		change(&r)
		return r
	}
	add("ping", "good", s.Sign(ping, now), object.Pong)
	add("command", "good", good, 0)
	add("modal", "good", s.Sign(modal, now), 0)
	add("a minute old", "good", s.Sign(command, now.Add(-time.Minute)), 0)
	add("upper case signature", "good", changed(func(r *discordtest.Signed) { r.Signature = strings.ToUpper(r.Signature) }), 0)
	add("tampered body", "forged", good.Tampered(), 0)
	add("tampered timestamp", "forged", changed(func(r *discordtest.Signed) { r.Timestamp = strconv.FormatInt(now.Unix()+1, 10) }), 0)
	add("blank at the end", "forged", changed(func(r *discordtest.Signed) { r.Body = append(bytes.Clone(r.Body), ' ') }), 0)
	add("foreign key", "forged", s.Foreign(command, now), 0)
	add("signature of another body", "forged", changed(func(r *discordtest.Signed) { r.Signature = s.Sign(ping, now).Signature }), 0)
	add("signature of zeros", "forged", changed(func(r *discordtest.Signed) { r.Signature = strings.Repeat("0", 128) }), 0)
	add("an hour old", "stale", s.Sign(command, now.Add(-time.Hour)), 0)
	add("of the next hour", "stale", s.Sign(command, now.Add(time.Hour)), 0)
	add("no headers", "unsigned", good.Unsigned(), 0)
	add("no timestamp", "unsigned", changed(func(r *discordtest.Signed) { r.Timestamp = "" }), 0)
	add("no signature", "unsigned", changed(func(r *discordtest.Signed) { r.Signature = "" }), 0)
	add("short signature", "malformed", changed(func(r *discordtest.Signed) { r.Signature = r.Signature[:126] }), 0)
	add("signature in no hexadecimal", "malformed", changed(func(r *discordtest.Signed) { r.Signature = "zz" + r.Signature[2:] }), 0)
	add("timestamp with a letter", "malformed", changed(func(r *discordtest.Signed) { r.Timestamp += "x" }), 0)
	add("oversized", "oversized", s.Oversized(command, 2*largest, now), 0)
	return all
}

// TestVectors compares the stored vectors with those made now, and each verdict with a verifier that is no part of the
// package: the standard library's.
func TestVectors(t *testing.T) {
	t.Parallel()
	const file = "testdata/verdicts.jsonl"
	var made bytes.Buffer
	lines := json.NewEncoder(&made)
	lines.SetEscapeHTML(false)
	for _, v := range vectors(t) {
		if err := lines.Encode(v); err != nil {
			t.Fatal(err)
		}
	}
	if *update {
		if err := os.WriteFile(file, made.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	stored, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(stored, made.Bytes()) {
		t.Error("the vectors are not those that the seed gives: look why, or run with -update")
	}
	all, err := discordtest.Vectors()
	if err != nil || len(all) == 0 {
		t.Fatalf("%d vectors, %v", len(all), err)
	}
	for _, v := range all {
		if got := verdict(v.Key, v.Time(), v.Request()); got != v.Verdict {
			t.Errorf("%s: %s, want %s", v.Name, got, v.Verdict)
		}
	}
}

// application answers interactions over HTTP as a careful one does.
func application(t testing.TB, s *discordtest.Server, answer http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(io.LimitReader(r.Body, largest+1))
		signed := discordtest.Signed{Timestamp: r.Header.Get("X-Signature-Timestamp"), Signature: r.Header.Get("X-Signature-Ed25519"), Body: body}
		if v := verdict(s.PublicKey(), time.Now(), signed); v != "good" {
			http.Error(w, v, http.StatusUnauthorized)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		answer(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestInteractionsOverHTTP(t *testing.T) {
	t.Parallel()
	s := quick(t, discordtest.Options{Gate: document(t)})
	url := application(t, s, func(w http.ResponseWriter, r *http.Request) {
		var i object.Interaction
		_ = json.NewDecoder(r.Body).Decode(&i)
		w.Header().Set("Content-Type", "application/json")
		if i.Type == object.Ping {
			io.WriteString(w, `{"type":1}`)
			return
		}
		io.WriteString(w, `{"type":4,"data":{"content":"hello","flags":64}}`)
	})
	reply, err := s.Post(t.Context(), url, s.Ping())
	if err != nil || reply.Status != http.StatusOK {
		t.Errorf("the ping: %+v, %v", reply, err)
	}
	s.SetEndpoint(url)
	i := s.Command(place(s), "backend")
	s.Send(i)
	if err := s.Quiet(limited(t)); err != nil {
		t.Fatal(err)
	}
	got, _ := s.Exchange(i.ID)
	if got.Original == nil || !got.Response.HTTP || got.Original.Message.Content != "hello" || !got.Original.Ephemeral() {
		t.Errorf("the answer is %+v", got)
	}
	if reply, err := s.Post(t.Context(), url, i); err == nil { // a duplicate
		t.Errorf("a second answer was taken: %+v", reply)
	}
	body, _ := json.Marshal(i)
	for name, r := range map[string]discordtest.Signed{
		"tampered": s.Sign(body, time.Now()).Tampered(),
		"foreign":  s.Foreign(body, time.Now()),
		"unsigned": s.Sign(body, time.Now()).Unsigned(),
		"stale":    s.Sign(body, time.Now().Add(-time.Hour)),
	} {
		if reply, err := r.Do(t.Context(), http.DefaultClient, url); err != nil || reply.Status != http.StatusUnauthorized {
			t.Errorf("%s: %+v, %v", name, reply, err)
		}
	}
	http.DefaultClient.CloseIdleConnections()
}

func TestHTTPFailures(t *testing.T) {
	t.Parallel()
	s := quick(t, discordtest.Options{AnswerWithin: 200 * time.Millisecond})
	for name, answer := range map[string]http.HandlerFunc{
		"500":        func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) },
		"no JSON":    func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "hello") },
		"wrong type": func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, `{"type":8}`) },
	} {
		if _, err := s.Post(t.Context(), application(t, s, answer), s.Command(place(s), "x")); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	url := application(t, s, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	if _, err := s.Post(t.Context(), url, s.Command(place(s), "x")); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("no answer at all: %v", err)
	}
	if got := len(s.Verdict().Undelivered) + len(s.Lost()); got != 4 {
		t.Errorf("%d questions without an answer, want 4", got)
	}
}

// BenchmarkSigned is an interaction over HTTP to an application that answers at once.
func BenchmarkSigned(b *testing.B) {
	s := discordtest.Start(b, discordtest.Options{Limits: rest.Limits{Off: true}, Keep: 1000})
	s.SetEndpoint(application(b, s, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, said) }))
	outcome, err := campaign.Run(b.Context(), s, campaign.Settings{Questions: b.N, InFlight: 16})
	if err != nil || !outcome.Verdict.OK() {
		b.Fatal(outcome, err)
	}
	b.ReportMetric(float64(b.N)/outcome.Took.Seconds(), "answers/s")
	b.ReportMetric(float64(outcome.Verdict.Most.Microseconds()), "p99-µs")
}
