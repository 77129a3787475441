package terminal

import (
	"bytes"
	"sync/atomic"
)

// Bracketed paste: the terminal says where pasted text begins and ends, once asked to.
// https://invisible-island.net/xterm/ctlseqs/ctlseqs.html#h2-Bracketed-Paste-Mode
const (
	pasteOn    = "\x1b[?2004h"
	pasteOff   = "\x1b[?2004l"
	pasteBegin = "\x1b[200~"
	pasteEnd   = "\x1b[201~"
)

const ctrlC = 3

// keys stands between the keyboard and the line editor, which knows no bracketed paste: it makes pasted text one
// line, whatever line ends, tabs and control keys are in it. It also notes whether Ctrl-C met an empty line,
// which the editor does not tell.
type keys struct {
	pasting bool
	held    []byte // the beginning of a paste mark that may go on in the next bytes
	typed   bool   // something was typed since the line began
	blank   atomic.Bool
}

// filter gives what the editor is to see of the bytes in.
func (k *keys) filter(in []byte) []byte {
	in = append(k.held, in...)
	k.held = nil
	var out []byte
	for len(in) > 0 {
		mark := pasteBegin
		if k.pasting {
			mark = pasteEnd
		}
		switch {
		case bytes.HasPrefix(in, []byte(mark)):
			k.pasting = !k.pasting
			in = in[len(mark):]
			continue
		case k.mayBe(in, mark):
			k.held = bytes.Clone(in)
			return out
		case k.pasting:
			out = k.pasted(out, in[0])
		default:
			k.pressed(in[0])
			out = append(out, in[0])
		}
		in = in[1:]
	}
	return out
}

// mayBe holds where in could go on to be mark. A lone Esc, which is also a key, is not held back.
func (k *keys) mayBe(in []byte, mark string) bool {
	return len(in) < len(mark) && bytes.HasPrefix([]byte(mark), in) && (k.pasting || len(in) > 1)
}

func (k *keys) pasted(out []byte, b byte) []byte {
	k.typed = true
	switch {
	case b == '\r' || b == '\n' || b == '\t':
		if n := len(out); n > 0 && out[n-1] == ' ' {
			return out
		}
		return append(out, ' ')
	case b < ' ' || b == 0x7f:
		return out
	}
	return append(out, b)
}

func (k *keys) pressed(b byte) {
	switch b {
	case ctrlC:
		k.blank.Store(!k.typed)
		k.typed = false
	case '\r', '\n':
		k.typed = false
	default:
		k.typed = true
	}
}
