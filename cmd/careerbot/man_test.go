package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// manual writes the manual into dir and gives its pages by file name.
func manual(t *testing.T, dir string, vars map[string]string) map[string][]byte {
	t.Helper()
	var out, complaint strings.Builder
	if code := run(t.Context(), []string{"man", dir}, strings.NewReader(""), &out, &complaint, env(vars)); code != exitOK || out.Len()+complaint.Len() > 0 {
		t.Fatalf("status %d, output %q, errors %q", code, out.String(), complaint.String())
	}
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	pages := map[string][]byte{}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		pages[filepath.Base(name)] = b
	}
	return pages
}

func TestManual(t *testing.T) {
	t.Parallel()
	vars := map[string]string{"HOME": "/home/somebody"}
	pages := manual(t, filepath.Join(t.TempDir(), "share", "man1"), vars)
	for _, name := range []string{"careerbot.1", "careerbot-ask.1", "careerbot-serve.1", "careerbot-doctor.1", "careerbot-health.1", "careerbot-config-print.1"} {
		page := pages[name]
		if !bytes.Contains(page, []byte("\n.TH ")) || !bytes.Contains(page, []byte(".SH NAME")) {
			t.Errorf("%s is no page: %q", name, page)
		}
	}
	if pages["careerbot-man.1"] != nil {
		t.Error("the hidden command has a page")
	}
	again := manual(t, t.TempDir(), vars)
	for name, page := range pages {
		if !bytes.Equal(page, again[name]) {
			t.Errorf("%s is not the same when it is made again", name)
		}
		if bytes.Contains(page, []byte("somebody")) {
			t.Errorf("%s tells of the machine it was made on", name)
		}
	}
}

func TestManualRefused(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"man"}, exitUsage, "careerbot man ./man1"},
		{[]string{"man", filepath.Join(file, "man1")}, exitFailure, "name one that can be written"},
	} {
		var complaint strings.Builder
		if code := run(t.Context(), test.args, strings.NewReader(""), &complaint, &complaint, env(nil)); code != test.code || !strings.Contains(complaint.String(), test.says) {
			t.Errorf("%v: status %d, %q", test.args, code, complaint.String())
		}
	}
}
