package main

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// env is an environment of its own.
func env(vars map[string]string) func(string) string {
	return func(name string) string { return vars[name] }
}

// TestRunInterrupted wants a program that waits for its input to end when it is told to, without a word.
func TestRunInterrupted(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"ask"}, {"ask", "--json", "--batch", "-"}, {"eval", "-"}} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			in := &waiting{asked: make(chan struct{}), done: make(chan struct{})}
			defer close(in.done)
			go func() {
				<-in.asked
				cancel()
			}()
			var out, complaint strings.Builder
			code := run(ctx, args, in, &out, &complaint, env(nil))
			if code != exitInterrupted || out.Len()+complaint.Len() > 0 {
				t.Errorf("status %d, output %q, errors %q", code, out.String(), complaint.String())
			}
		})
	}
}

// waiting is input that does not come.
type waiting struct{ asked, done chan struct{} }

func (w *waiting) Read([]byte) (int, error) {
	close(w.asked)
	<-w.done
	return 0, io.EOF
}

// TestRunUnwritable wants a failure, not a status of success, when the answer cannot be printed.
func TestRunUnwritable(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"ask", "which", "skills"},
		{"ask", "--json", "which skills"},
		{"version"},
		{"index", "info"},
		{"knowledge", "list"},
		{"knowledge", "check"},
	} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			t.Parallel()
			var complaint strings.Builder
			if code := run(t.Context(), args, strings.NewReader(""), full{}, &complaint, env(nil)); code != exitFailure {
				t.Errorf("status %d", code)
			}
			if !strings.Contains(complaint.String(), "disk full") {
				t.Errorf("errors are %q", complaint.String())
			}
		})
	}
}

// full is output that takes nothing more.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestHistoryFile(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("the local application data come first there")
	}
	dir := t.TempDir()
	state, home := filepath.Join(dir, "state"), filepath.Join(dir, "home")
	for _, test := range []struct {
		name string
		vars map[string]string
		want string
	}{
		{"XDG", map[string]string{"XDG_STATE_HOME": state, "HOME": home}, filepath.Join(state, "careerbot", "history")},
		{"home", map[string]string{"HOME": home}, filepath.Join(home, ".local", "state", "careerbot", "history")},
		{"relative", map[string]string{"XDG_STATE_HOME": "state", "HOME": home}, filepath.Join(home, ".local", "state", "careerbot", "history")},
		{"nowhere", nil, ""},
	} {
		p := program{env: env(test.vars), err: io.Discard}
		if got := p.historyFile(); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

func TestHistoryRefused(t *testing.T) {
	t.Parallel()
	var complaint strings.Builder
	blocked := filepath.Join(t.TempDir(), "file\x00name") // no file system has such a name
	p := program{env: env(map[string]string{"XDG_STATE_HOME": blocked}), err: &complaint}
	if got := p.historyFile(); got != "" || !strings.Contains(complaint.String(), "no history") {
		t.Errorf("%q, errors %q", got, complaint.String())
	}
}

func TestPlural(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]string{"role": "roles", "industry": "industries", "soft-skills": "soft-skills"} {
		if got := plural(kind); got != want {
			t.Errorf("plural of %q is %q, want %q", kind, got, want)
		}
	}
}
