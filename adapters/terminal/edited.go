package terminal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/peterh/liner"

	"careerbot/bot/chat"
)

// edited reads lines with editing and history from the process's terminal.
type edited struct {
	editor  *liner.State
	keys    *keys
	feed    *os.File // to the editor: closing it ends a prompt; nil where the editor reads the keyboard itself
	history string
	log     *slog.Logger
}

// openEdited puts the terminal into the editor's mode; close puts it back.
func openEdited(cfg Config) (lineReader, error) {
	e := &edited{keys: &keys{}, history: cfg.History, log: cfg.Log}
	e.keys.blank.Store(true)
	if runtime.GOOS == "windows" { // there the editor asks the console for keys, not a file
		e.editor = liner.NewLiner()
	} else if err := e.filtered(); err != nil {
		return nil, err
	}
	e.editor.SetCtrlCAborts(true)
	e.editor.SetMultiLineMode(true)
	e.loadHistory()
	return e, nil
}

// filtered makes an editor that gets its keys through e.keys.
func (e *edited) filtered() error {
	r, w, err := os.Pipe()
	if err != nil {
		return fmt.Errorf("open the keyboard: %w", err)
	}
	// The editor takes os.Stdin once, when it is made, and the terminal's mode from descriptor 0; there is no other
	// way to put keys between them.
	keyboard := os.Stdin
	os.Stdin = r
	e.editor = liner.NewLiner()
	os.Stdin = keyboard
	e.feed = w
	fmt.Fprint(os.Stdout, pasteOn)
	go e.pump(keyboard)
	return nil
}

// pump carries keys to the editor until the keyboard or the editor is gone. A read of the keyboard cannot be
// broken off, so it may outlive the chat, by one key.
func (e *edited) pump(keyboard io.Reader) {
	buf := make([]byte, 4096)
	for {
		n, err := keyboard.Read(buf)
		if _, werr := e.feed.Write(e.keys.filter(buf[:n])); werr != nil {
			return
		}
		if err != nil {
			e.feed.Close() // the editor sees the end of input
			return
		}
	}
}

func (e *edited) read(ctx context.Context, prompt string) (string, error) {
	got := make(chan result, 1)
	go func() {
		line, err := e.editor.Prompt(prompt)
		got <- result{line, err}
	}()
	var r result
	select {
	case r = <-got:
	case <-ctx.Done():
		if e.feed != nil {
			e.feed.Close()
			<-got // the editor has put the terminal back
		}
		return "", ctx.Err()
	}
	switch {
	case errors.Is(r.err, liner.ErrPromptAborted) && e.keys.blank.Load():
		return "", errInterrupted
	case errors.Is(r.err, liner.ErrPromptAborted):
		return "", errCleared
	case r.err == nil && strings.TrimSpace(r.line) != "":
		e.editor.AppendHistory(chat.Line(r.line))
	}
	return r.line, r.err
}

func (e *edited) close() error {
	e.saveHistory()
	if e.feed != nil {
		fmt.Fprint(os.Stdout, pasteOff)
		e.feed.Close()
	}
	return e.editor.Close()
}

// loadHistory and saveHistory only log what fails: a chat without yesterday's lines is a chat.
func (e *edited) loadHistory() {
	if e.history == "" {
		return
	}
	f, err := os.Open(e.history)
	if errors.Is(err, os.ErrNotExist) {
		return
	}
	if err == nil {
		defer f.Close()
		_, err = e.editor.ReadHistory(f)
	}
	if err != nil {
		e.log.Warn("history not read", "file", e.history, "err", err)
	}
}

func (e *edited) saveHistory() {
	if e.history == "" {
		return
	}
	if err := e.writeHistory(); err != nil {
		e.log.Warn("history not kept", "file", e.history, "err", err)
	}
}

// writeHistory replaces the file in one step, readable by its owner only: questions are private.
func (e *edited) writeHistory() error {
	dir := filepath.Dir(e.history)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".history-*")
	if err != nil {
		return err
	}
	_, err = e.editor.WriteHistory(f)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), e.history)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}
