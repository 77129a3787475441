package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"careerbot/bot/chat"
)

// stopping is a server that was opened for a test of how it ends, with one asker in front of it.
func stopping(t *testing.T, wrap func(chat.Asker) chat.Asker) (s *served, cancel context.CancelFunc) {
	t.Helper()
	log := &serveLog{}
	p := &program{env: env(nil), err: log, out: io.Discard}
	srv, err := p.open(t.Context(), benchConfig(t.TempDir(), "k", false))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(srv.closeAll)
	srv.ask = wrap(srv.ask)
	ctx, cancel := context.WithCancel(t.Context())
	s = &served{url: "http://" + srv.listener.Addr().String(), key: "k", log: log, stop: cancel, ended: make(chan int, 1)}
	go func() {
		code, _ := status(t.Context(), srv.run(ctx))
		s.ended <- code
	}()
	t.Cleanup(func() { s.end(t) })
	within(t, startWait, "ready", func() bool {
		status, _ := s.get(t, "/readyz")
		return status == http.StatusOK
	})
	return s, cancel
}

// held lets a question through once it is told to.
type held struct {
	next          chat.Asker
	came, release chan struct{}
}

func (h *held) Ask(ctx context.Context, q chat.Question) (chat.Answer, error) {
	close(h.came)
	<-h.release
	return h.next.Ask(ctx, q)
}

// TestServeFinishes stops a server with a question under way, which gets its answer while nothing new is taken.
func TestServeFinishes(t *testing.T) {
	t.Parallel()
	h := &held{came: make(chan struct{}), release: make(chan struct{})}
	s, cancel := stopping(t, func(next chat.Asker) chat.Asker {
		h.next = next
		return h
	})
	answered := make(chan webAnswer, 1)
	go func() { answered <- s.ask(t, "What is Redis?", "t", "") }()
	<-h.came
	cancel()
	within(t, endWait, "new connections are refused", func() bool {
		c, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
		if err == nil {
			_ = c.Close()
		}
		return err != nil
	})
	close(h.release)
	if a := <-answered; a.Title != "Redis" {
		t.Errorf("the answer is %q", a.Title)
	}
	if code := s.end(t); code != exitOK {
		t.Errorf("status %d: %s", code, s.log)
	}
}

// TestServeStalledPeer stops a server on which a peer hangs in the middle of a request. It is in time at one of several
// tries: the machine may stand still for some of them.
func TestServeStalledPeer(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes as long as a server waits when it is told to stop")
	}
	soonest := stalledPeer(t)
	for try := 1; try < 5 && soonest > promised && !t.Failed(); try++ {
		soonest = min(soonest, stalledPeer(t))
	}
	if soonest > promised {
		t.Errorf("ended after %v, want %v", soonest, promised)
	}
}

// stalledPeer stops a server with such a peer and says how long that took.
func stalledPeer(t *testing.T) time.Duration {
	t.Helper()
	s, cancel := stopping(t, func(next chat.Asker) chat.Asker { return next })
	c, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	const half = "POST /v1/ask HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer k\r\nContent-Type: application/json\r\nContent-Length: 99\r\nExpect: 100-continue\r\n\r\n"
	if _, err := io.WriteString(c, half); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(c, make([]byte, 9)); err != nil { // the server reads the body now
		t.Fatal(err)
	}
	began := time.Now()
	cancel()
	if code := s.end(t); code != exitOK {
		t.Errorf("status %d: %s", code, s.log)
	}
	return time.Since(began)
}

// TestServeSignals runs the real program: SIGHUP reads the knowledge again, SIGTERM ends it with status 0.
func TestServeSignals(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("there are no such signals")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	pack := newEditions(t)
	url, _ := sqliteFile(t)
	cmd := exec.Command(self, "serve", "--listen-addr", "127.0.0.1:0", "--no-builtin", "--database-url", url, "--knowledge", pack.dir)
	cmd.Args[0] = "careerbot" // the name by which TestMain runs the program instead of the tests
	log := &serveLog{}
	cmd.Stderr, cmd.Env = log, []string{"HTTP_KEY=k"}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cmd.Process.Kill() }() // has ended where all went well
	within(t, startWait, "the program serves", func() bool { return strings.Contains(log.String(), "msg=serving") })
	pack.write(t, "facts/one.yaml", "article: nowhere\n")
	if err := cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	within(t, startWait, "the signal is heeded", func() bool { return strings.Contains(log.String(), "why=SIGHUP") })
	began := time.Now()
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil || time.Since(began) > promised {
		t.Errorf("ended after %v: %v: %s", time.Since(began), err, log)
	}
}
