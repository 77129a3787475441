package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strconv"
	"time"

	"careerbot/bot"
	"careerbot/bot/chat"
)

// maxLine is how long a line of a batch may be, in bytes.
const maxLine = 1 << 20

// queuePerWorker is how many lines are read ahead for each worker. It bounds the memory a batch needs, whatever its
// length: as many lines, and their answers.
const queuePerWorker = 4

// conversationsPerBot is how many conversations a worker puts to one bot, which remembers each for its next turn that
// never comes. 20,000 of two turns took 465 MiB with one bot for all.
const conversationsPerBot = 256

// conversation is one line of a batch.
type conversation struct {
	ID    json.RawMessage `json:"id"`
	Turns []string        `json:"turns"`
}

// job is a line on its way through the workers.
type job struct {
	line []byte
	err  error // the line cannot be answered
	n    int   // of the line, from 1
	out  chan any
}

// askBatch answers the conversations of a file, in order, as they come.
func (p *program) askBatch(ctx context.Context, name string) error {
	in := p.in
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return fmt.Errorf("read the batch: %w", err)
		}
		defer f.Close()
		in = f
	}
	return p.withLibrary(ctx, func(lib *bot.Library) error {
		return answerLines(ctx, func() chat.Asker { return bot.New(lib) }, in, p.out)
	})
}

// answerLines prints one line for each line of in, in the same order. It reads on while answers are still being
// worked out, but never further than the queue is long. fresh makes a bot that remembers nothing. The error is errFaults
// when a line could not be answered.
func answerLines(ctx context.Context, fresh func() chat.Asker, in io.Reader, out io.Writer) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // sends the reader and the workers home
	workers := runtime.GOMAXPROCS(0)
	work := make(chan job)
	order := make(chan job, workers*queuePerWorker)
	readErr := make(chan error, 1)
	go func() {
		readErr <- readJobs(ctx, in, work, order)
		close(work)
		close(order)
	}()
	for range workers {
		go answerJobs(ctx, fresh, work)
	}
	faults := false
	for j := range order {
		var v any
		select {
		case v = <-j.out:
		case <-ctx.Done():
		}
		if err := ctx.Err(); err != nil {
			return err // what v says may only be that
		}
		if _, bad := v.(mistake); bad {
			faults = true
		}
		if err := encodeLine(out, v); err != nil {
			return fmt.Errorf("print an answer: %w", err)
		}
	}
	if err := <-readErr; err != nil {
		return fmt.Errorf("read the batch: %w", err)
	}
	if faults {
		return errFaults
	}
	return nil
}

// answerJobs is one worker.
func answerJobs(ctx context.Context, fresh func() chat.Asker, work <-chan job) {
	var asker chat.Asker
	n := 0
	for j := range work {
		if n%conversationsPerBot == 0 {
			asker = fresh()
		}
		n++
		j.out <- answerLine(ctx, asker, j)
	}
}

// readJobs reads lines and hands each to the printer, which keeps the order, and to a worker.
func readJobs(ctx context.Context, in io.Reader, work, order chan<- job) error {
	for l := newLines(in, maxLine); ; {
		line, err := l.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		j := job{line: line, n: l.n, out: make(chan any, 1)}
		if errors.Is(err, errLong) {
			j.err = fmt.Errorf("the line is longer than %d bytes", maxLine)
		} else if err != nil {
			return err
		}
		for _, to := range []chan<- job{order, work} {
			select {
			case to <- j:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
}

// answerLine gives the reply to a conversation's last turn, or a mistake.
func answerLine(ctx context.Context, asker chat.Asker, j job) any {
	thread := "line " + strconv.Itoa(j.n)
	name, _ := json.Marshal(thread) // a string always has a form in JSON
	if j.err != nil {
		return mistake{name, j.err.Error()}
	}
	c, err := readConversation(j.line)
	if c.ID == nil {
		c.ID = name
	}
	if err != nil {
		return mistake{c.ID, err.Error()}
	}
	if len(c.Turns) == 1 {
		thread = "" // nothing comes after it, so the bot need not remember it
	}
	var r reply
	for i, text := range c.Turns {
		began := time.Now()
		q := chat.Question{ID: fmt.Sprintf("line %d turn %d", j.n, i+1), Platform: "batch", Thread: thread, Text: text}
		a, err := asker.Ask(ctx, q)
		if err != nil {
			return mistake{c.ID, fmt.Sprintf("turn %d: %v", i+1, err)}
		}
		if i == len(c.Turns)-1 {
			r = newReply(a, time.Since(began))
		}
	}
	r.ID = c.ID
	return r
}

// readConversation reads a line. Its id comes back with an error too, where it can be read, and is nil where the
// line has none that is a string or a number.
func readConversation(line []byte) (conversation, error) {
	var loose struct {
		ID    json.RawMessage `json:"id"`
		Turns json.RawMessage `json:"turns"`
	}
	if err := json.Unmarshal(line, &loose); err != nil {
		return conversation{}, fmt.Errorf(`the line is no JSON object; write {"id": "…", "turns": ["…"]}: %w`, err)
	}
	var c conversation
	switch {
	case len(loose.ID) == 0 || string(loose.ID) == "null":
	case loose.ID[0] == '{' || loose.ID[0] == '[' || loose.ID[0] == 't' || loose.ID[0] == 'f':
		return c, errors.New(`"id" must be a string or a number`)
	default:
		c.ID = loose.ID
	}
	var turns []*string // a null among them is no string
	if err := json.Unmarshal(loose.Turns, &turns); err != nil || len(turns) == 0 {
		return c, errors.New(`"turns" must be a list of one or more strings: {"id": "…", "turns": ["…"]}`)
	}
	for _, t := range turns {
		if t == nil {
			return c, errors.New(`"turns" must be a list of strings, and one of them is null`)
		}
		c.Turns = append(c.Turns, *t)
	}
	return c, nil
}
