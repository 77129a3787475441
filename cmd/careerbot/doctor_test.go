package main

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"careerbot/adapters"
	"careerbot/bot/chat"
	"careerbot/bot/store"
)

// examined runs "careerbot doctor" in an environment that knows nothing but vars.
func examined(t *testing.T, vars map[string]string, args ...string) (code int, out, complaint string) {
	t.Helper()
	var o, e strings.Builder
	code = run(t.Context(), append([]string{"doctor"}, args...), strings.NewReader(""), &o, &e, env(vars))
	return code, o.String(), e.String()
}

// database is a state that has been used, closed again, and its address.
func database(t *testing.T) (url, path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "careerbot.db")
	st, err := store.Open(t.Context(), "sqlite:"+path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	return "sqlite:" + path, path
}

// taken is an address of this machine that a server with this handler listens on.
func taken(t *testing.T, h http.Handler) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.Listener.Addr().String()
}

// pages are those a careerbot has, with these parts.
func pages(parts ...readiness) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		if slices.ContainsFunc(parts, func(p readiness) bool { return !p.Ready }) {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		_ = json.NewEncoder(w).Encode(parts)
	})
	return mux
}

const anyPort = "127.0.0.1:0"

func TestDoctorWell(t *testing.T) {
	t.Parallel()
	url, _ := database(t)
	vars := map[string]string{"DATABASE_URL": url, "LISTEN_ADDR": anyPort, "HTTP_KEY": "bearer-of-good-news", "STATE_KEY": strings.Repeat("0a", 32)}
	code, out, complaint := examined(t, vars)
	if code != exitOK || complaint != "" {
		t.Fatalf("status %d, errors %q:\n%s", code, complaint, out)
	}
	for _, want := range []string{
		"ok settings: all", "4 of them set", "ok address 127.0.0.1:0: free", "ok clock: ",
		"ok state " + url + ": opens, can be written, its schema is current", "ok knowledge, built in: ", "ok index: ", "ok answers: ", "ok adapter web: ",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not in\n%s", want, out)
		}
	}
	for _, secret := range []string{vars["HTTP_KEY"], vars["STATE_KEY"]} {
		if strings.Contains(out, secret) {
			t.Errorf("a secret is printed:\n%s", out)
		}
	}
	for l := range strings.Lines(out) {
		if !strings.HasPrefix(l, "ok ") {
			t.Errorf("a line is %q", l)
		}
	}
}

// TestDoctorLeavesNoTrace wants a state that is not there to be looked for, and not made.
func TestDoctorLeavesNoTrace(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	code, out, _ := examined(t, map[string]string{"DATABASE_URL": "sqlite:" + filepath.Join(dir, "new", "careerbot.db"), "LISTEN_ADDR": anyPort})
	if code != exitOK || !strings.Contains(out, "there is none yet; the first start can make it") {
		t.Errorf("status %d:\n%s", code, out)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestDoctorProblems(t *testing.T) {
	t.Parallel()
	url, path := database(t)
	bad := t.TempDir()
	if err := os.WriteFile(filepath.Join(bad, "pack.yaml"), []byte("title: [\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	broken := filepath.Join(t.TempDir(), "broken.db")
	if err := os.WriteFile(broken, []byte(strings.Repeat("this is no database ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	ahead := filepath.Join(t.TempDir(), "ahead.db")
	copyFile(t, path, ahead)
	if err := os.Chtimes(ahead, time.Time{}, time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	other := taken(t, http.NotFoundHandler())
	sick := taken(t, pages(readiness{Part: "knowledge", Ready: true}, readiness{Part: "store", Say: "reach the state: the disk is full; free some space"}))
	for _, test := range []struct {
		name  string
		vars  map[string]string
		args  []string
		want  []string // lines that are there, each with its remedy
		not   string   // what is not examined
		packs bool     // with the built-in pack, whose index takes a while
	}{
		{
			name: "settings", not: "state ",
			vars: map[string]string{"LOG_LEVEL": "loud", "STATE_KEY": "guess", "DATABASE_URL": "mysql://u:hunter2@h/d", "LISTEN_ADDR": anyPort, "KNOWLEDGE_DIRS": filepath.Join(bad, "none")},
			want: []string{
				`PROBLEM settings: LOG_LEVEL (from environment): "loud" is no level → write debug, info, warn or error`,
				`PROBLEM settings: STATE_KEY (from environment): it is no key of 32 bytes → make one with "openssl rand -hex 32"`,
				"PROBLEM settings: DATABASE_URL (from environment): it is no database → write sqlite:PATH or postgres://",
				"is no directory → name folders that hold a pack",
			},
		},
		{
			name: "settings file", vars: map[string]string{"DATABASE_URL": url, "LISTEN_ADDR": anyPort},
			args: []string{"--config", filepath.Join(bad, "none.yaml")},
			want: []string{"PROBLEM settings: settings file ", "none.yaml", "→ mend it where it is set", "ok state "},
		},
		{
			name: "address of another program", vars: map[string]string{"DATABASE_URL": url, "LISTEN_ADDR": other},
			want: []string{"PROBLEM address " + other + ": ", "→ end the program that has it, or set LISTEN_ADDR"},
		},
		{
			name: "a server that is not ready", vars: map[string]string{"DATABASE_URL": url, "LISTEN_ADDR": sick},
			want: []string{
				"ok address " + sick + ": a careerbot serves there", "ok running server, knowledge: ready",
				"PROBLEM running server, store: reach the state: the disk is full → free some space",
			},
		},
		{
			name: "a state that is no state", vars: map[string]string{"DATABASE_URL": "sqlite:" + broken, "LISTEN_ADDR": anyPort},
			want: []string{"PROBLEM state sqlite:" + broken + ": the file is not a careerbot state (", "→ name another one in DATABASE_URL"},
		},
		{
			name: "no room for a state", vars: map[string]string{"DATABASE_URL": "sqlite:" + filepath.Join(broken, "x.db"), "LISTEN_ADDR": anyPort},
			want: []string{"PROBLEM state sqlite:" + broken, "→ "},
		},
		{
			name: "clock", vars: map[string]string{"DATABASE_URL": "sqlite:" + ahead, "LISTEN_ADDR": anyPort},
			want: []string{"PROBLEM clock: it says ", "the last write to the state sqlite:", "→ set it, and have it kept by NTP"},
		},
		{
			name: "no server", vars: map[string]string{"DATABASE_URL": "postgres://bot:hunter2@127.0.0.1:1/careerbot?password=hunter3", "LISTEN_ADDR": anyPort}, not: "hunter",
			want: []string{"/careerbot: PostgreSQL at 127.0.0.1 cannot be reached (", "→ check that it runs and that DATABASE_URL names it"},
		},
		{
			name: "knowledge", packs: true, vars: map[string]string{"DATABASE_URL": url, "LISTEN_ADDR": anyPort, "KNOWLEDGE_DIRS": bad}, not: "ok index",
			want: []string{"PROBLEM knowledge " + bad + ": pack.yaml:2: ", "PROBLEM index: it cannot be built: ", "→ mend the knowledge first", "ok knowledge, built in"},
		},
		{
			name: "no knowledge", vars: map[string]string{"DATABASE_URL": url, "LISTEN_ADDR": anyPort},
			want: []string{"PROBLEM index: it cannot be built: no knowledge"},
		},
	} {
		t.Run(test.name, func(t *testing.T) { // one after the other: some share a state
			if !test.packs {
				test.args = append(test.args, "--no-builtin")
			}
			code, out, complaint := examined(t, test.vars, test.args...)
			if code != exitFailure || complaint != "" {
				t.Errorf("status %d, errors %q", code, complaint)
			}
			for _, want := range test.want {
				if !strings.Contains(out, want) {
					t.Errorf("%q is not in\n%s", want, out)
				}
			}
			if test.not != "" && strings.Contains(out, test.not) {
				t.Errorf("%q is in\n%s", test.not, out)
			}
			for l := range strings.Lines(out) {
				if strings.HasPrefix(l, "PROBLEM ") != strings.Contains(l, " → ") {
					t.Errorf("a problem without a remedy, or the other way round: %q", l)
				}
			}
		})
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	b, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestDoctorBesideServer wants a state that a server has to be told of, and to be no problem.
func TestDoctorBesideServer(t *testing.T) {
	t.Parallel()
	url, _ := database(t)
	st, err := store.Open(t.Context(), url, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	addr := taken(t, pages(readiness{Part: "knowledge", Ready: true}, readiness{Part: "store", Ready: true}))
	code, out, _ := examined(t, map[string]string{"DATABASE_URL": url, "LISTEN_ADDR": addr})
	if code != exitOK || !strings.Contains(out, "another careerbot has it") || !strings.Contains(out, "ok running server, store: ready") {
		t.Errorf("status %d:\n%s", code, out)
	}
}

func TestDoctorJSON(t *testing.T) {
	t.Parallel()
	url, _ := database(t)
	for _, test := range []struct {
		level string
		code  int
	}{{"info", exitOK}, {"loud", exitFailure}} {
		code, out, _ := examined(t, map[string]string{"DATABASE_URL": url, "LISTEN_ADDR": anyPort, "LOG_LEVEL": test.level}, "--json")
		var got struct {
			OK       *bool
			Findings []struct {
				What, Problem, Remedy string
				OK                    *bool
			}
		}
		d := json.NewDecoder(strings.NewReader(out))
		d.DisallowUnknownFields()
		if err := d.Decode(&got); err != nil || got.OK == nil || len(got.Findings) < 5 {
			t.Fatalf("%v in\n%s", err, out)
		}
		if well := test.code == exitOK; code != test.code || *got.OK != well {
			t.Errorf("status %d, ok %v", code, *got.OK)
		}
		for _, f := range got.Findings {
			if f.OK == nil || *f.OK != (f.Problem == "") || *f.OK != (f.Remedy == "") || f.What == "" {
				t.Errorf("a finding is %+v", f)
			}
		}
	}
}

// TestDoctorUnwritable wants a failure where the findings cannot be printed.
func TestDoctorUnwritable(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"doctor"}, {"doctor", "--json"}} {
		var complaint strings.Builder
		vars := map[string]string{"DATABASE_URL": "sqlite::memory:", "LISTEN_ADDR": anyPort}
		code := run(t.Context(), args, strings.NewReader(""), full{}, &complaint, env(vars))
		if code != exitFailure || !strings.Contains(complaint.String(), "disk full") {
			t.Errorf("%v: status %d, errors %q", args, code, complaint.String())
		}
	}
}

// patient is an adapter that has something to say of itself.
type patient struct{}

func (patient) Name() string                          { return "patient" }
func (patient) Run(context.Context, chat.Asker) error { return nil }
func (patient) Check(context.Context) []adapters.Finding {
	return []adapters.Finding{{What: "token: of a bot", OK: true}}
}

func (patient) Probe(context.Context) []adapters.Finding {
	return []adapters.Finding{{What: "token", Problem: "the platform refuses it", Remedy: "make a new one"}}
}

func TestDoctorAdapter(t *testing.T) {
	t.Parallel()
	var _ interface {
		adapters.Adapter
		adapters.Checker
		adapters.Prober
	} = patient{}
	for online, want := range map[bool][]string{
		false: {"ok adapter patient, token: of a bot"},
		true:  {"ok adapter patient, token: of a bot", "PROBLEM adapter patient, token: the platform refuses it → make a new one"},
	} {
		var got []string
		d := doctor{online: online, out: func(f adapters.Finding) error {
			got = append(got, line(f))
			return nil
		}}
		d.adapter(t.Context(), patient{})
		if !slices.Equal(got, want) || d.faults != len(want)-1 {
			t.Errorf("online %v: %q, %d faults", online, got, d.faults)
		}
	}
}

func TestSplitRemedy(t *testing.T) {
	t.Parallel()
	for _, test := range [][3]string{
		{"it is full; free some space", "it is full", "free some space"},
		{"it is full; free some space: SQLITE_FULL (13)", "it is full (SQLITE_FULL (13))", "free some space"},
		{`X: "a; b" is no level: write debug or info`, `X: "a; b" is no level`, "write debug or info"},
		{"nothing to be done", "nothing to be done", ""},
		{"", "", ""},
	} {
		if problem, remedy := splitRemedy(test[0]); problem != test[1] || remedy != test[2] {
			t.Errorf("%q: %q, %q", test[0], problem, remedy)
		}
	}
}

// TestLine wants one line whatever a library says.
func TestLine(t *testing.T) {
	t.Parallel()
	got := line(adapters.Finding{What: "state", Problem: "one\n\ttwo", Remedy: "three\nfour"})
	if want := "PROBLEM state: one two → three four"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestDialable(t *testing.T) {
	t.Parallel()
	for addr, want := range map[string]string{
		":8080": "127.0.0.1:8080", "0.0.0.0:1": "127.0.0.1:1", "[::]:1": "[::1]:1", "10.0.0.1:1": "10.0.0.1:1",
		"bot.internal:80": "bot.internal:80", "[fe80::1]:9": "[fe80::1]:9",
	} {
		if got := dialable(addr); got != want {
			t.Errorf("%s: %s, want %s", addr, got, want)
		}
		if _, _, err := net.SplitHostPort(dialable(addr)); err != nil {
			t.Error(err)
		}
	}
}
