package chattest

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update", false, "rewrite golden files with what the tests got")

// Golden compares got with the file at path, byte for byte, and fails t where they differ. Run the tests with
// -update to write the file instead.
func Golden(t testing.TB, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatalf("make the folder of a golden file: %v", err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatalf("write golden file: %v", err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("read golden file: %v; write it with: go test -run '%s' . -update", err, t.Name())
	}
	if !bytes.Equal(got, want) {
		n, g, w := difference(got, want)
		t.Errorf("%s differs from line %d on\n got: %q\nwant: %q\nif the new text is right, run the test with -update", path, n, g, w)
	}
}

// difference gives the first line, counted from 1, in which a and b differ, and that line of both.
func difference(a, b []byte) (n int, lineA, lineB []byte) {
	for n = 1; ; n++ {
		var moreA, moreB bool
		lineA, a, moreA = bytes.Cut(a, []byte("\n"))
		lineB, b, moreB = bytes.Cut(b, []byte("\n"))
		if !bytes.Equal(lineA, lineB) || moreA != moreB || !moreA {
			return n, lineA, lineB
		}
	}
}
