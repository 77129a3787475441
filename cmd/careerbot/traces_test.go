package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	otlp "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"careerbot/adapters/adaptertest"
)

// TestServeTraces runs the real program with a collector on loopback: a question over HTTP is a span in the trace of who
// asked, with a span for each step, and nowhere in it stands what was asked. Spans have a second to leave when the program
// ends, which a machine that stands still makes them miss at one try or the other.
func TestServeTraces(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("there is no SIGTERM on Windows")
	}
	c := &spanSink{}
	for try := 0; try < 5 && len(c.spans) == 0; try++ {
		c.collect(t)
	}
	var names []string
	for _, span := range c.spans {
		names = append(names, span.GetName())
		if id := span.GetTraceId(); !bytes.Equal(id, []byte("\x0a\xf7\x65\x19\x16\xcd\x43\xdd\x84\x48\xeb\x21\x1c\x80\x31\x9c")) {
			t.Errorf("span %s is of trace %x, want %s", span.GetName(), id, askedTrace)
		}
	}
	for _, want := range []string{"ask", "read", "find", "compose"} {
		if !slices.Contains(names, want) {
			t.Errorf("no span %q among %q", want, names)
		}
	}
	for _, want := range []string{"careerbot", "deployment", "q1", "definition", "answered"} {
		if !bytes.Contains(c.raw.Bytes(), []byte(want)) {
			t.Errorf("%q is nowhere in the spans", want)
		}
	}
	if bytes.Contains(bytes.ToLower(c.raw.Bytes()), []byte("redis")) {
		t.Error("a span holds what was asked")
	}
}

// askedTrace is the trace of who asks.
const askedTrace = "0af7651916cd43dd8448eb211c80319c"

// spanSink collects spans.
type spanSink struct {
	mu    sync.Mutex
	spans []*otlp.Span
	raw   bytes.Buffer
}

func (c *spanSink) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	var sent collector.ExportTraceServiceRequest
	_ = proto.Unmarshal(body, &sent) // what is no request has no spans
	c.mu.Lock()
	defer c.mu.Unlock()
	c.raw.Write(body)
	for _, resource := range sent.GetResourceSpans() {
		for _, scope := range resource.GetScopeSpans() {
			c.spans = append(c.spans, scope.GetSpans()...)
		}
	}
}

// collect runs the program, asks it one question and stops it.
func (c *spanSink) collect(t *testing.T) {
	t.Helper()
	sink := httptest.NewServer(c)
	defer sink.Close() // and with it what is being collected
	address, err := adaptertest.FreeAddress()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "careerbot", "serve", "--listen-addr", address)
	cmd.Env = append(os.Environ(), "HTTP_KEY=k", "DATABASE_URL=sqlite:"+filepath.Join(t.TempDir(), "s.db"),
		"OTEL_EXPORTER_OTLP_ENDPOINT="+sink.URL, "OTEL_RESOURCE_ATTRIBUTES=deployment=here")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	s := &served{url: "http://" + address, key: "k"}
	within(t, startWait, "ready", func() bool {
		resp, err := http.Get(s.url + "/readyz")
		if err != nil {
			return false
		}
		defer resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
	req, _ := http.NewRequest(http.MethodPost, s.url+"/v1/ask", strings.NewReader(`{"question": "what is redis?", "id": "q1"}`))
	req.Header.Set("Authorization", "Bearer k")
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("traceparent", "00-"+askedTrace+"-b7ad6b7169203331-01")
	resp, err := http.DefaultClient.Do(req)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("asked: %v, %v", resp, err)
	}
	resp.Body.Close()
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("it ended with %v", err)
	}
}
