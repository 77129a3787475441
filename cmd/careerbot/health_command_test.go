package main

import (
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestHealth(t *testing.T) {
	t.Parallel()
	well := taken(t, pages(readiness{Part: "knowledge", Ready: true}))
	sick := taken(t, pages(readiness{Part: "knowledge", Ready: true}, readiness{Part: "store", Say: "the disk is full"}))
	other := taken(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("welcome")) }))
	moved := taken(t, http.RedirectHandler("http://"+well+"/livez", http.StatusFound))
	failing := taken(t, http.NotFoundHandler())
	file := filepath.Join(t.TempDir(), "careerbot.yaml")
	if err := os.WriteFile(file, []byte("listen_addr: "+well+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name      string
		args      []string
		listen    string
		code      int
		out, says string
	}{
		{name: "alive", listen: well, out: "ok\n"},
		{name: "alive and ready", args: []string{"--ready"}, listen: well, out: "ready\n"},
		{name: "by flag", args: []string{"--addr", well}, listen: failing, out: "ok\n"},
		{name: "by file", args: []string{"--config", file}, out: "ok\n"},
		{name: "alive though not ready", listen: sick, out: "ok\n"},
		{name: "not ready", args: []string{"--ready"}, listen: sick, code: exitFailure, says: "is not ready: store: the disk is full"},
		{name: "another program", listen: other, code: exitFailure, says: "is no careerbot"},
		{name: "another program, ready", args: []string{"--ready"}, listen: other, code: exitFailure, says: "is no careerbot"},
		{name: "elsewhere", listen: moved, code: exitFailure, says: "302 Found"},
		{name: "no such page", listen: failing, code: exitFailure, says: "404 Not Found"},
		{name: "no address", listen: "nonsense", code: exitUsage, says: "is no address"},
		{name: "words", args: []string{"please"}, listen: well, code: exitUsage, says: "please"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var out, complaint strings.Builder
			vars := map[string]string{"LISTEN_ADDR": test.listen, "LOG_LEVEL": "what is wrong elsewhere does not matter here"}
			code := run(t.Context(), append([]string{"health"}, test.args...), strings.NewReader(""), &out, &complaint, env(vars))
			if code != test.code || out.String() != test.out || !strings.Contains(complaint.String(), test.says) {
				t.Errorf("status %d, output %q, errors %q", code, out.String(), complaint.String())
			}
		})
	}
}

// TestHealthNobody wants a remedy where nothing listens.
func TestHealthNobody(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", anyPort)
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	for _, args := range [][]string{{"health"}, {"health", "--ready"}} {
		var complaint strings.Builder
		code := run(t.Context(), args, strings.NewReader(""), full{}, &complaint, env(map[string]string{"LISTEN_ADDR": addr}))
		if code != exitFailure || !strings.Contains(complaint.String(), `start it with "careerbot serve"`) {
			t.Errorf("%v: status %d, errors %q", args, code, complaint.String())
		}
	}
}
