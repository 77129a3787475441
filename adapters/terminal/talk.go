package terminal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"careerbot/bot/chat"
)

// talk is one chat under way.
type talk struct {
	Config
	ask        chat.Asker
	last       chat.Answer
	asked      int
	interrupts int   // Ctrl-C on an empty line, in a row
	err        error // of the output, the first
}

// turn answers one line and reports whether the person wants to leave.
func (t *talk) turn(ctx context.Context, line string) (leave bool) {
	if strings.TrimSpace(line) == "" {
		return false
	}
	in := read(line, t.last, t.Command)
	p := newPage(t.options())
	switch in.local {
	case localQuit:
		return true
	case localHelp:
		p.section(p.help(t.Command))
	case localWhy:
		p.section(orElse(p.trace(t.last.Trace), "Nothing was noted about how this answer came about."))
	case localMore:
		p.section(orElse(p.others(t.last.Others), "There is nothing more on this."))
	case localSources:
		p.section(p.sourceList(t.last.Sources))
	default:
		if in.remark == "" {
			t.answer(ctx, in.question)
			return false
		}
		p.section(wrap(in.remark, p.width))
	}
	t.show(p.String())
	return false
}

func orElse(lines []string, other string) []string {
	if len(lines) == 0 {
		return []string{other}
	}
	return lines
}

// answer asks and shows the answer, or, where that failed, what a person can know of it.
func (t *talk) answer(ctx context.Context, q chat.Question) {
	t.asked++
	q.ID = fmt.Sprintf("%s-%d", t.Session, t.asked)
	q.Platform, q.Thread, q.User = "terminal", "terminal", t.User
	a, err := t.ask.Ask(ctx, q)
	if err != nil {
		t.fail(ctx, q, err)
		return
	}
	t.last = a
	t.show(Render(a, t.options()))
}

func (t *talk) fail(ctx context.Context, q chat.Question, err error) {
	if ctx.Err() != nil {
		return // leaving: nobody waits for this answer
	}
	t.Log.Error("question failed", "id", q.ID, "err", err)
	var fault *chat.Fault
	if errors.As(err, &fault) && fault.Say != "" {
		t.say(fault.Say)
		return
	}
	t.say("That did not work, and I cannot say why. Please ask again, perhaps in other words.")
}

func (t *talk) options() Options {
	n := t.Width
	if n <= 0 {
		n = Width(t.Out)
	}
	return Options{Color: t.Color, Width: n}
}

// say shows a sentence of the adapter's own or of a fault.
func (t *talk) say(s string) {
	p := newPage(t.options())
	p.section(paragraphs(s, p.width))
	t.show(p.String())
}

// show prints text between empty lines.
func (t *talk) show(text string) { t.print("\n" + text + "\n") }

func (t *talk) print(s string) {
	if _, err := io.WriteString(t.Out, s); err != nil && t.err == nil {
		t.err = fmt.Errorf("write to the terminal: %w", err)
	}
}

// interrupted counts Ctrl-C on an empty line and reports whether it was the second.
func (t *talk) interrupted() bool {
	t.interrupts++
	if t.interrupts == 1 {
		t.print("To leave, press Ctrl-C again or Ctrl-D, or type /quit.\n")
	}
	return t.interrupts > 1
}
