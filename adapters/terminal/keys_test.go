package terminal_test

import (
	"strings"
	"testing"

	"careerbot/adapters/terminal"
)

func TestKeys(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		in   []string // as the terminal sends it, read by read
		want string
	}{
		{"typed", []string{"hello\r"}, "hello\r"},
		{"arrows and a lone Esc", []string{"\x1b", "\x1b[A\x1b[D", "x"}, "\x1b\x1b[A\x1b[Dx"},
		{"Insert begins like a paste", []string{"\x1b[2", "~x"}, "\x1b[2~x"},
		{"paste of one line", []string{"\x1b[200~hello\x1b[201~\r"}, "hello\r"},
		{"paste of lines", []string{"\x1b[200~one\r\ntwo\n\n\tthree\n\x1b[201~\r"}, "one two three \r"},
		{"keys in a paste do nothing", []string{"\x1b[200~a\x03b\x04c\x1b[Ad\x7f\x1b[201~"}, "abc[Ad"},
		{"marks in pieces", []string{"\x1b[20", "0~on", "e\n", "two\x1b", "[201", "~\r"}, "one two\r"},
		{"letters in pieces", []string{"\x1b[200~\xe2\x82", "\xb9\x1b[201~"}, "₹"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var k terminal.Keys
			got := ""
			for _, in := range tt.in {
				got += k.Filter(in)
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestCtrlC(t *testing.T) {
	t.Parallel()
	for in, blank := range map[string]bool{
		"\x03": true, "x\x03": false, "x\x03\x03": true, "x\r\x03": true, "\x1b[200~x\x1b[201~\x03": false, "x\ry\x03": false,
	} {
		var k terminal.Keys
		k.Filter(in)
		if k.Blank() != blank {
			t.Errorf("after %q the line was empty: %t", in, !blank)
		}
	}
}

func FuzzKeys(f *testing.F) {
	f.Add("\x1b[200~one\r\ntwo\x1b[201~\r", 5)
	f.Fuzz(func(t *testing.T, in string, cut int) {
		cut = min(max(cut, 0), len(in))
		var whole, parts terminal.Keys
		a := whole.Filter(in + ".")
		b := parts.Filter(in[:cut]) + parts.Filter(in[cut:]+".")
		// Blanks that end two reads of one paste are not joined, and an Esc that ends a read is a key.
		squeeze := func(s string) string { return strings.Join(strings.Fields(s), " ") }
		if squeeze(a) != squeeze(b) && !strings.HasSuffix(in[:cut], "\x1b") {
			t.Errorf("%q cut at %d gives %q, whole %q", in, cut, b, a)
		}
		if typed, paste, ok := strings.Cut(in, "\x1b[200~"); ok && !strings.Contains(paste, "\x1b[201~") {
			if _, rest, _ := strings.Cut(a, typed); strings.ContainsAny(rest, "\r\n\x1b") {
				t.Errorf("paste %q gives %q", paste, rest)
			}
		}
	})
}
