package main

import (
	"context"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestBench measures a little, on a server of its own and on one that runs.
func TestBench(t *testing.T) {
	t.Parallel()
	url, _ := sqliteFile(t)
	s := serve(t, map[string]string{"DATABASE_URL": url, "HTTP_KEY": "k", "USER_RATE": "0", "CHANNEL_RATE": "0"})
	for _, args := range [][]string{
		{"--count", "101", "--inflight", "4", "--threads", "5"},
		{"--count", "101", "--inflight", "4", "--threads", "5", "--url", s.url, "--key", "k"},
		{"--count", "101", "--inflight", "4", "--ids"},
	} {
		var out, complaint strings.Builder
		code := run(t.Context(), append([]string{"bench"}, args...), strings.NewReader(""), &out, &complaint, env(nil))
		if code != exitOK || complaint.Len() > 0 {
			t.Errorf("%q: status %d: %s", args, code, complaint.String())
		}
		for _, want := range []string{`(?m)^asked +101 in .* 4 in flight; 6 declined, 0 failed$`, `answers +[\d,]+ a second`, `median [\d.]+ ms, p99`, `memory +([\d.]+ MiB|unknown) before`} {
			if !regexp.MustCompile(want).MatchString(out.String()) {
				t.Errorf("%q: no %s in %s", args, want, out.String())
			}
		}
	}
}

// TestBenchRefuses wants addresses of others and loads without bounds refused before anything is sent.
func TestBenchRefuses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		args, want string
	}{
		{"--url http://example.org", "loopback"},
		{"--url http://192.0.2.1:8080", "loopback"},
		{"--url http://127.0.0.1.example.org:8080", "loopback"},
		{"--url http://localhost.example.org", "loopback"},
		{"--url http://0.0.0.0:8080", "loopback"},
		{"--url http://[2001:db8::1]:8080", "loopback"},
		{"--url http://127.0.0.1@example.org/", "loopback"},
		{"--url https://127.0.0.1", "no address"},
		{"--url 127.0.0.1:8080", "no address"},
		{"--inflight 0", "--inflight"},
		{"--inflight 100000", "--inflight"},
		{"--seconds 0", "--seconds"},
		{"--seconds 86400", "--seconds"},
		{"--count -1", "--count"},
		{"--count 100000000", "--count"},
		{"--threads 100000000", "--threads"},
	} {
		var complaint strings.Builder
		args := append([]string{"bench", "--key", "k"}, strings.Fields(test.args)...)
		if code := run(t.Context(), args, strings.NewReader(""), io.Discard, &complaint, env(nil)); code != exitUsage || !strings.Contains(complaint.String(), test.want) {
			t.Errorf("%s: status %d: %s", test.args, code, complaint.String())
		}
	}
}

func TestLoopback(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"http://localhost:81":  "127.0.0.1:81",
		"http://127.0.0.9":     "127.0.0.9:80",
		"http://[::1]:8080/v1": "[::1]:8080",
	} {
		if got, err := loopback(address); got != want || err != nil {
			t.Errorf("%s: %q, %v", address, got, err)
		}
	}
}

// TestBenchWrongKey wants a wrong key told at once, and failures to be a failure.
func TestBenchWrongKey(t *testing.T) {
	t.Parallel()
	url, _ := sqliteFile(t)
	s := serve(t, map[string]string{"DATABASE_URL": url, "HTTP_KEY": "k"})
	var complaint strings.Builder
	if code := run(t.Context(), []string{"bench", "--url", s.url}, strings.NewReader(""), io.Discard, &complaint, env(map[string]string{"HTTP_KEY": "other"})); code != exitFailure ||
		!strings.Contains(complaint.String(), "status 401") {
		t.Errorf("status %d: %s", code, complaint.String())
	}
	complaint.Reset()
	args := []string{"bench", "--url", s.url, "--key", "k", "--threads", "1", "--count", "200"}
	if code := run(t.Context(), args, strings.NewReader(""), io.Discard, &complaint, env(nil)); code != exitFailure || !strings.Contains(complaint.String(), "failed") {
		t.Errorf("over the rate: status %d: %s", code, complaint.String())
	}
}

// TestBenchOne wants one question to be one, of which nothing is left for the first half.
func TestBenchOne(t *testing.T) {
	t.Parallel()
	var out, complaint strings.Builder
	code := run(t.Context(), []string{"bench", "--count", "1"}, strings.NewReader(""), &out, &complaint, env(nil))
	if code != exitOK || !regexp.MustCompile(`(?m)^asked +1 in `).MatchString(out.String()) {
		t.Errorf("status %d: %s%s", code, out.String(), complaint.String())
	}
}

// TestBenchInterrupted wants a measurement to end when it is told to.
func TestBenchInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var complaint strings.Builder
	if code := run(ctx, []string{"bench", "--seconds", "600"}, strings.NewReader(""), io.Discard, &complaint, env(nil)); code != exitInterrupted || complaint.Len() > 0 {
		t.Errorf("status %d: %s", code, complaint.String())
	}
}

func TestLatencies(t *testing.T) {
	t.Parallel()
	var l, other latencies
	if got := l.at(0.99); got != 0 {
		t.Errorf("of none: %v", got)
	}
	for ms := 1; ms <= 100; ms++ {
		l.add(time.Duration(ms) * time.Millisecond)
	}
	other.add(time.Hour)
	l.merge(&other)
	for part, want := range map[float64]time.Duration{0.01: 2 * time.Millisecond, 0.5: 51 * time.Millisecond, 0.99: 100 * time.Millisecond} {
		if got := l.at(part); got < want || got > want+want/50 {
			t.Errorf("%v of all: %v, want about %v", part, got, want)
		}
	}
	if got := l.at(1); got < time.Minute {
		t.Errorf("longest: %v", got)
	}
}

func TestGrouped(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567"} {
		if got := grouped(n); got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
}
