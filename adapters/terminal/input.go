package terminal

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/peterh/liner"
	"golang.org/x/term"

	"careerbot/bot/chat"
)

// errInterrupted is Ctrl-C on an empty line; errCleared is Ctrl-C that threw away what was typed.
var (
	errInterrupted = errors.New("interrupted")
	errCleared     = errors.New("line cleared")
)

// lineReader gives one typed line after the other: edited on a terminal, piped otherwise.
type lineReader interface {
	// read shows prompt and gives the next line without its end; io.EOF says there is none.
	read(ctx context.Context, prompt string) (string, error)
	close() error
}

func open(cfg Config) (lineReader, error) {
	if cfg.In == nil || cfg.Out == nil {
		return nil, errors.New("open the terminal: no input or no output was given")
	}
	shown := isTerminal(cfg.In) && isTerminal(cfg.Out) // what is typed is on the screen already
	if shown && cfg.In == io.Reader(os.Stdin) && cfg.Out == io.Writer(os.Stdout) && liner.TerminalSupported() {
		return openEdited(cfg)
	}
	return &piped{in: bufio.NewReader(cfg.In), out: cfg.Out, shown: shown}, nil
}

func isTerminal(f any) bool {
	file, ok := f.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// maxLine is how many bytes of a piped line are kept; a bot reads fewer.
const maxLine = 64 << 10

// piped reads lines of a script and writes them back after the prompt; on a terminal that cannot be edited on,
// such as TERM=dumb, it only prompts.
type piped struct {
	in    *bufio.Reader
	out   io.Writer
	shown bool
}

type result struct {
	line string
	err  error
}

func (p *piped) read(ctx context.Context, prompt string) (string, error) {
	if p.shown {
		if _, err := io.WriteString(p.out, prompt); err != nil {
			return "", err
		}
	}
	got := make(chan result, 1)
	go func() {
		line, err := p.next()
		got <- result{line, err}
	}()
	select {
	case <-ctx.Done():
		return "", ctx.Err()
	case r := <-got:
		if r.err == nil && !p.shown {
			_, r.err = fmt.Fprintln(p.out, prompt+chat.Line(r.line))
		}
		return r.line, r.err
	}
}

// next reads a line and drops what is beyond maxLine.
func (p *piped) next() (string, error) {
	var line []byte
	for {
		part, err := p.in.ReadSlice('\n')
		line = append(line, part[:min(len(part), maxLine-len(line))]...)
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil && len(line) == 0:
			return "", err
		case err != nil && !errors.Is(err, io.EOF):
			return "", err
		}
		return string(trimEnd(line)), nil
	}
}

func trimEnd(line []byte) []byte {
	for len(line) > 0 && (line[len(line)-1] == '\n' || line[len(line)-1] == '\r') {
		line = line[:len(line)-1]
	}
	return line
}

func (p *piped) close() error { return nil }
