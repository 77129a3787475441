package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
)

// lazyPipe passes on what it reads of from, and gives up waiting when ctx ends: a read of a terminal or of a pipe
// cannot be broken off otherwise. It starts with the first Read, so that commands without input leave it untouched.
type lazyPipe struct {
	ctx   context.Context
	from  io.Reader
	start sync.Once
	pipe  *io.PipeReader
	free  func() bool
}

func (l *lazyPipe) Read(b []byte) (int, error) {
	l.start.Do(func() {
		r, w := io.Pipe()
		l.pipe = r
		l.free = context.AfterFunc(l.ctx, func() { w.CloseWithError(l.ctx.Err()) })
		go func() {
			_, err := io.Copy(w, l.from)
			w.CloseWithError(err) // nil means the end of input
		}()
	})
	return l.pipe.Read(b)
}

// close lets the copying end at its next write.
func (l *lazyPipe) close() {
	l.start.Do(func() { l.pipe, _ = io.Pipe() })
	if l.free != nil {
		l.free()
	}
	l.pipe.Close()
}

// readAtMost reads all of r, of which there may be limit bytes.
func readAtMost(r io.Reader, limit int64) (string, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return "", fmt.Errorf("read standard input: %w", err)
	}
	if int64(len(data)) > limit {
		return "", fmt.Errorf("read standard input: more than %d bytes; ask something shorter", limit)
	}
	return string(data), nil
}

// errLong is a line that is over its limit. The line has been passed over.
var errLong = errors.New("the line is too long")

// lines reads lines of at most limit bytes, in memory of about that size however long the input is.
type lines struct {
	r     *bufio.Reader
	limit int
	n     int // of the line read last, from 1
}

func newLines(r io.Reader, limit int) *lines {
	return &lines{r: bufio.NewReaderSize(r, 64<<10), limit: limit}
}

// next gives the next line that is not blank, without its end, in a slice of its own. It returns errLong for a line
// over the limit, after which reading can go on, and io.EOF at the end of input.
func (l *lines) next() ([]byte, error) {
	for {
		line, err := l.line()
		if l.n == 1 {
			line = bytes.TrimPrefix(line, []byte("\ufeff")) // editors on Windows put this mark before the first line
		}
		line = bytes.TrimSpace(line)
		if len(line) > 0 || err != nil {
			return line, err
		}
	}
}

// line reads up to the next newline. A last line without one is a line all the same.
func (l *lines) line() ([]byte, error) {
	var line []byte
	long := false
	l.n++
	for {
		part, err := l.r.ReadSlice('\n')
		if !long && len(line)+len(part) > l.limit+1 { // the newline does not count
			line, long = nil, true
		}
		if !long {
			line = append(line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case long && (err == nil || errors.Is(err, io.EOF)):
			return nil, errLong
		case errors.Is(err, io.EOF) && len(line) > 0:
			return line, nil
		}
		return line, err
	}
}
