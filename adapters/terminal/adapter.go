// Package terminal draws answers on a text screen and holds a chat there.
//
// [Render] is pure; [Adapter] reads lines, asks and prints. It decides nothing about answers: it has no colours
// or wording of its own for topics, keeps no state but the last answer, whose follow-ups are numbered, and
// measures nothing.
package terminal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"

	"golang.org/x/term"

	"careerbot/adapters"
	"careerbot/bot/chat"
)

// Config of an Adapter. The zero value chats on nothing: In and Out are needed, all else may be left out.
type Config struct {
	In  io.Reader // lines of text; the process's terminal gets line editing and history
	Out io.Writer
	Log *slog.Logger // for causes that are not shown; nil logs nothing

	History  string // file that keeps what was typed on a terminal; "" keeps nothing
	Greeting string // printed first; may be ""
	Command  string // the pack's word, which may stand before a command: "backend"
	Session  string // begins every question's id, so it differs between runs; "" is "terminal"
	User     string // in Question.User; "" is "terminal"

	Color bool
	Width int // columns; 0 is the width of Out, read anew for each answer, at most MaxWidth
}

// MaxWidth is the widest text on a screen of unknown reader: longer lines are hard to follow.
const MaxWidth = 100

// prompt stands before what is typed.
const prompt = "> "

// Adapter chats on a terminal, or with a script on the other end of a pipe.
type Adapter struct{ cfg Config }

var _ adapters.Adapter = (*Adapter)(nil)

// New makes an Adapter.
func New(cfg Config) *Adapter {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Session == "" {
		cfg.Session = "terminal"
	}
	if cfg.User == "" {
		cfg.User = "terminal"
	}
	return &Adapter{cfg: cfg}
}

// Name is "terminal".
func (a *Adapter) Name() string { return "terminal" }

// Run chats until the person leaves, the input ends or ctx ends. On a terminal, Ctrl-C clears what was typed and,
// pressed twice with nothing typed, leaves; Ctrl-D leaves; pasted lines become one question. From a pipe, every
// line is a question, and what is read is written back after the prompt, so that the output reads as a
// conversation; where ctx ends before the pipe does, the read under way is abandoned. An error of Out ends the chat.
func (a *Adapter) Run(ctx context.Context, ask chat.Asker) error {
	lines, err := open(a.cfg)
	if err != nil {
		return err
	}
	defer func() {
		if err := lines.close(); err != nil {
			a.cfg.Log.Warn("terminal not put back as it was", "err", err)
		}
	}()
	t := talk{Config: a.cfg, ask: ask}
	if a.cfg.Greeting != "" {
		t.say(a.cfg.Greeting)
	}
	for t.err == nil {
		line, err := lines.read(ctx, prompt)
		switch {
		case ctx.Err() != nil || errors.Is(err, io.EOF):
			t.print("\n")
			return t.err
		case errors.Is(err, errInterrupted):
			if t.interrupted() {
				return t.err
			}
			continue
		case errors.Is(err, errCleared):
			t.interrupts = 0
			continue
		case err != nil:
			return fmt.Errorf("read from the terminal: %w", err)
		}
		t.interrupts = 0
		if leave := t.turn(ctx, line); leave {
			return t.err
		}
	}
	return t.err
}

// Width is how many columns w shows, at most MaxWidth; 80 where w is no terminal.
func Width(w io.Writer) int {
	if f, ok := w.(*os.File); ok {
		if n, _, err := term.GetSize(int(f.Fd())); err == nil && n > 0 {
			return min(n, MaxWidth)
		}
	}
	return 80
}
