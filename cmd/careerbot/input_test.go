package main

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

func TestLines(t *testing.T) {
	t.Parallel()
	const limit = 8
	tests := []struct {
		name, in string
		want     []string // "!" is a line that is too long
	}{
		{"nothing", "", nil},
		{"blank lines", "\n  \n\r\n", nil},
		{"one", "a\n", []string{"a"}},
		{"without an end", "a\nb", []string{"a", "b"}},
		{"from Windows", "\ufeffa\r\nb\r\n", []string{"a", "b"}},
		{"a mark further on stays", "a\n\ufeffb\n", []string{"a", "\ufeffb"}},
		{"at the limit", "12345678\nx\n", []string{"12345678", "x"}},
		{"over the limit", "123456789\nx\n", []string{"!", "x"}},
		{"far over the limit", strings.Repeat("y", 300_000) + "\nx\n", []string{"!", "x"}},
		{"over the limit at the end", "x\n" + strings.Repeat("y", 300_000), []string{"x", "!"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := allLines(newLines(iotest.HalfReader(strings.NewReader(test.in)), limit))
			if err != nil || !slices.Equal(got, test.want) {
				t.Errorf("lines are %q, %v; want %q", got, err, test.want)
			}
		})
	}
}

func TestLinesBroken(t *testing.T) {
	t.Parallel()
	broken := errors.New("unplugged")
	got, err := allLines(newLines(io.MultiReader(strings.NewReader("a\nb"), iotest.ErrReader(broken)), 8))
	if !errors.Is(err, broken) || !slices.Equal(got, []string{"a"}) {
		t.Errorf("lines are %q, %v", got, err)
	}
}

// allLines reads to the end; "!" stands for a line over the limit.
func allLines(l *lines) ([]string, error) {
	var all []string
	for {
		line, err := l.next()
		switch {
		case errors.Is(err, io.EOF):
			return all, nil
		case errors.Is(err, errLong):
			all = append(all, "!")
		case err != nil:
			return all, err
		default:
			all = append(all, string(line))
		}
	}
}

func FuzzLines(f *testing.F) {
	f.Add("a\n\nb\r\n", 3)
	f.Add("\ufeff{\"id\":1}", 100)
	f.Add(strings.Repeat("x", 70_000)+"\ny", 9)
	f.Fuzz(func(t *testing.T, in string, limit int) {
		limit = max(1, limit%100_000)
		all, err := allLines(newLines(strings.NewReader(in), limit))
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range all {
			if len(line) > limit+1 || strings.Contains(line, "\n") || strings.TrimSpace(line) == "" {
				t.Fatalf("line %q of %q, limit %d", line, in, limit)
			}
		}
	})
}

func TestReadAtMost(t *testing.T) {
	t.Parallel()
	if got, err := readAtMost(strings.NewReader("12345"), 5); got != "12345" || err != nil {
		t.Errorf("at the limit: %q, %v", got, err)
	}
	if got, err := readAtMost(strings.NewReader("123456"), 5); err == nil {
		t.Errorf("over the limit: %q, want an error", got)
	}
}

// TestLazyPipe has a read wait on a pipe that nobody writes to.
func TestLazyPipe(t *testing.T) {
	t.Parallel()
	from, to := io.Pipe()
	defer to.Close()
	ctx, cancel := context.WithCancel(t.Context())
	in := &lazyPipe{ctx: ctx, from: from}
	defer in.close()
	got := make(chan error)
	go func() {
		_, err := in.Read(make([]byte, 1))
		got <- err
	}()
	cancel()
	if err := <-got; !errors.Is(err, context.Canceled) {
		t.Errorf("the read ended with %v", err)
	}
}
