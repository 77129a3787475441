package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"careerbot/bot/store"
)

// Times of these tests: generous, as they pass on busy machines too.
const (
	startWait = 2 * time.Minute
	promised  = 10 * time.Second // from SIGTERM to the end, as serve's help says
	endWait   = time.Minute      // the same where it is not measured
)

// served is a server that run started.
type served struct {
	url, key string
	log      *serveLog
	stop     context.CancelFunc
	ended    chan int // the exit status
}

// serve runs "careerbot serve" with settings from vars, on a loopback port of its choice, until the test ends.
func serve(t *testing.T, vars map[string]string, args ...string) *served {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	s := &served{key: vars["HTTP_KEY"], log: &serveLog{}, stop: stop, ended: make(chan int, 1)}
	args = append([]string{"serve", "--listen-addr", "127.0.0.1:0"}, args...)
	go func() { s.ended <- run(ctx, args, strings.NewReader(""), io.Discard, s.log, env(vars)) }()
	t.Cleanup(func() { s.end(t) })
	addr := regexp.MustCompile(`addr(?:=|":")(127\.0\.0\.1:\d+)`)
	within(t, startWait, "the server listens", func() bool {
		select {
		case code := <-s.ended:
			s.ended <- code
			t.Fatalf("ended with status %d: %s", code, s.log)
		default:
		}
		found := addr.FindStringSubmatch(s.log.String())
		if found != nil {
			s.url = "http://" + found[1]
		}
		return found != nil
	})
	return s
}

// end stops the server as SIGTERM does and gives its exit status.
func (s *served) end(t *testing.T) int {
	t.Helper()
	s.stop()
	select {
	case code := <-s.ended:
		s.ended <- code // for whoever asks again
		return code
	case <-time.After(endWait):
		t.Fatalf("not ended within %v: %s", endWait, s.log)
		return 0
	}
}

// get fetches a page.
func (s *served) get(t *testing.T, path string) (status int, body string) {
	t.Helper()
	return s.do(t, http.MethodGet, path, nil)
}

func (s *served) do(t *testing.T, method, path string, body any) (int, string) {
	t.Helper()
	sent, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), method, s.url+path, bytes.NewReader(sent))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+s.key)
	r.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(got)
}

// webAnswer is what these tests read of a reply.
type webAnswer struct {
	ID, Title, Text string
	Answered        bool
}

// ask asks and wants an answer.
func (s *served) ask(t *testing.T, question, thread, id string) webAnswer {
	t.Helper()
	fields := map[string]string{"question": question, "user": "u-1"}
	if thread != "" {
		fields["thread"] = thread
	}
	if id != "" {
		fields["id"] = id
	}
	status, body := s.do(t, http.MethodPost, "/v1/ask", fields)
	var a webAnswer
	if err := json.Unmarshal([]byte(body), &a); err != nil || status != http.StatusOK || a.Text == "" {
		t.Fatalf("%q: status %d: %s\n%s", question, status, body, s.log)
	}
	return a
}

// serveLog is what a server logs.
type serveLog struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (l *serveLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(p)
}

func (l *serveLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.String()
}

// within looks again and again until something holds.
func within(t *testing.T, limit time.Duration, what string, holds func() bool) time.Duration {
	t.Helper()
	began := time.Now()
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for !holds() {
		if time.Since(began) > limit {
			t.Fatalf("not within %v: %s", limit, what)
		}
		<-look.C
	}
	return time.Since(began)
}

// sqliteFile is a state of its own.
func sqliteFile(t *testing.T) (url, file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "state", "careerbot.db")
	return "sqlite:" + file, file
}

func TestServeSQLite(t *testing.T) {
	t.Parallel()
	url, _ := sqliteFile(t)
	serveTwice(t, url)
}

// TestServePostgres is TestServeSQLite on the database that TEST_DATABASE_URL names.
func TestServePostgres(t *testing.T) {
	t.Parallel()
	url := os.Getenv("TEST_DATABASE_URL")
	if url == "" {
		t.Skip("TEST_DATABASE_URL names no PostgreSQL database")
	}
	serveTwice(t, url)
}

// serveTwice asks, votes, starts again on the same state, follows up, and looks at what was kept and logged.
func serveTwice(t *testing.T, url string) {
	began := time.Now()
	key, thread, id := rand.Text(), rand.Text(), rand.Text()
	secret := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(secret, []byte(key+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	vars := map[string]string{"HTTP_KEY_FILE": secret, "DATABASE_URL": url, "LOG_FORMAT": "json"}
	first := serve(t, vars)
	first.key = key
	checkPages(t, first)
	const question = "How much does a backend developer earn in India, zanzibar?"
	answered := first.ask(t, question, thread, id)
	if status, body := first.do(t, http.MethodPost, "/v1/vote", map[string]any{"answer": id, "up": true, "user": "u-1", "reason": "zanzibar"}); status != http.StatusNoContent {
		t.Errorf("vote: status %d: %s", status, body)
	}
	if code := first.end(t); code != exitOK {
		t.Errorf("status %d: %s", code, first.log)
	}

	second := serve(t, vars)
	second.key = key
	if again := second.ask(t, "another question", thread, id); again != answered {
		t.Errorf("the same id is answered a second time after a restart, with\n%s", again.Text)
	}
	const followUp = "and in the US?"
	alone := second.ask(t, followUp, "", "")
	recalled := second.ask(t, followUp, thread, "")
	if recalled.Text == alone.Text || !strings.Contains(recalled.Text, "$") {
		t.Errorf("after a restart %q is answered with\n%s\nwithout a thread with\n%s", followUp, recalled.Text, alone.Text)
	}
	if code := second.end(t); code != exitOK {
		t.Errorf("status %d: %s", code, second.log)
	}
	checkJournal(t, url, id, began)
	checkLog(t, first.log.String()+second.log.String(), key, "zanzibar", "u-1")
}

// shows waits until /readyz has a status and holds words: it may take two seconds only, which a machine that stands still
// makes it miss.
func (s *served) shows(t *testing.T, status int, words string) {
	t.Helper()
	within(t, startWait, fmt.Sprintf("/readyz has status %d with %q", status, words), func() bool {
		got, body := s.get(t, "/readyz")
		return got == status && strings.Contains(body, words)
	})
}

// checkPages looks at what operators see of a server that is well.
func checkPages(t *testing.T, s *served) {
	t.Helper()
	s.shows(t, http.StatusOK, `"part": "web",`)
	for path, want := range map[string]string{
		"/livez":        "ok",
		"/metrics":      "careerbot_build_info",
		"/openapi.json": "/v1/ask",
	} {
		if status, body := s.get(t, path); status != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("%s: status %d: %.300s", path, status, body)
		}
	}
	if status, _ := (&served{url: s.url, key: "wrong"}).do(t, http.MethodPost, "/v1/ask", map[string]string{"question": "pay"}); status != http.StatusUnauthorized {
		t.Errorf("with a wrong key: status %d", status)
	}
}

// checkJournal wants the question with its vote in the state.
func checkJournal(t *testing.T, url, id string, since time.Time) {
	t.Helper()
	st, err := store.Open(t.Context(), url, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	for a, err := range st.Journal(t.Context(), since.Add(-time.Minute)) {
		if err != nil {
			t.Fatal(err)
		}
		if a.Answer != id {
			continue
		}
		if !a.Answered || a.Up != 1 || a.Down != 0 || a.Platform != "web" || !strings.HasPrefix(a.Text, "how much does a backend") {
			t.Errorf("the journal has %+v", a)
		}
		return
	}
	t.Errorf("the journal has no answer %s", id)
}

// checkLog wants JSON without any of the words.
func checkLog(t *testing.T, log string, words ...string) {
	t.Helper()
	for _, word := range words {
		if strings.Contains(strings.ToLower(log), strings.ToLower(word)) {
			t.Errorf("the log has %q in it: %s", word, log)
		}
	}
	for line := range strings.Lines(log) {
		if !json.Valid([]byte(line)) {
			t.Errorf("the log's line is no JSON: %s", line)
		}
	}
}

// TestServeSecond wants a second process to leave a SQLite file alone and to say why.
func TestServeSecond(t *testing.T) {
	t.Parallel()
	url, _ := sqliteFile(t)
	serve(t, map[string]string{"DATABASE_URL": url})
	var complaint strings.Builder
	code := run(t.Context(), []string{"serve", "--listen-addr", "127.0.0.1:0", "--database-url", url}, strings.NewReader(""), io.Discard, &complaint, env(nil))
	if said := complaint.String(); code != exitFailure || !strings.Contains(said, "in use by another careerbot") || !strings.Contains(said, "postgres://") {
		t.Errorf("status %d: %s", code, said)
	}
}

// TestServeTaken wants an address that is taken to be named.
func TestServeTaken(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	url, _ := sqliteFile(t)
	var complaint strings.Builder
	args := []string{"serve", "--listen-addr", taken.Addr().String(), "--database-url", url}
	code := run(t.Context(), args, strings.NewReader(""), io.Discard, &complaint, env(nil))
	if said := complaint.String(); code != exitFailure || !strings.Contains(said, taken.Addr().String()) || !strings.Contains(said, "LISTEN_ADDR") {
		t.Errorf("status %d: %s", code, said)
	}
}

// TestServeWithoutKey wants no way to ask where no key is set.
func TestServeWithoutKey(t *testing.T) {
	t.Parallel()
	url, _ := sqliteFile(t)
	s := serve(t, map[string]string{"DATABASE_URL": url})
	if status, _ := s.do(t, http.MethodPost, "/v1/ask", map[string]string{"question": "pay"}); status != http.StatusNotFound {
		t.Errorf("status %d", status)
	}
}

// TestServeLosesState takes the state's file away: answers go on, and operators see it.
func TestServeLosesState(t *testing.T) {
	t.Parallel()
	url, file := sqliteFile(t)
	s := serve(t, map[string]string{"DATABASE_URL": url, "HTTP_KEY": "k"})
	s.ask(t, "What is Redis?", "t", "")
	if err := os.Rename(file, file+".away"); err != nil {
		t.Skipf("a file in use cannot be renamed here: %v", err)
	}
	s.shows(t, http.StatusServiceUnavailable, "removed or replaced")
	if status, _ := s.get(t, "/livez"); status != http.StatusOK {
		t.Errorf("livez: status %d", status)
	}
	for i := range 5 {
		if a := s.ask(t, "What is Redis?", fmt.Sprint("t", i), ""); a.Title != "Redis" {
			t.Errorf("the answer is %q", a.Title)
		}
	}
	if err := os.Rename(file+".away", file); err != nil {
		t.Fatal(err)
	}
	s.shows(t, http.StatusOK, "")
}
