package adaptertest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// Campaign kills a process that answers the platform's questions, at random points and under load, and starts it again
// on the same state. In the end every question that was acknowledged must have exactly one answer.
type Campaign struct {
	Platform *Platform
	Command  func() *exec.Cmd     // a process that takes events at Address and ends at SIGTERM
	Address  string               // host:port, see FreeAddress
	Life     time.Duration        // longest, of a process
	Seed     uint64               // of when it is killed
	Text     func(n int) string   // of the n-th question
	Log      func(string, ...any) // gets one line at the end
}

// openQuestions is how many questions wait for their answer at most.
const openQuestions = 64

// FreeAddress is an address on loopback where nobody listens just now. Where all of 127.0.0.0/8 is loopback, as on Linux, it
// is one of an address of its own: on 127.0.0.1 another test, or its client, may be given the port while a process that was
// killed is not back yet.
func FreeAddress() (string, error) {
	own := fmt.Sprintf("127.%d.%d.%d:0", 1+rand.IntN(254), rand.IntN(256), 1+rand.IntN(254))
	l, err := net.Listen("tcp", own)
	if err != nil {
		l, err = net.Listen("tcp", "127.0.0.1:0")
	}
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	return l.Addr().String(), l.Close()
}

// patience is how long a campaign waits for anything: much, as only a failure waits for it, and machines are busy.
const patience = 2 * time.Minute

// Run kills the process so many times and gives what is wrong in the end: lost or doubled answers, and what processes
// wrote to their standard error.
func (c *Campaign) Run(ctx context.Context, kills int) error {
	begin, random, asked := time.Now(), rand.New(rand.NewPCG(c.Seed, 2)), 0
	c.Platform.Connect("http://" + c.Address + Hook)
	var problems []error
	for n := range kills {
		p, err := c.start()
		if err != nil {
			return err
		}
		asked = c.load(ctx, asked, time.Duration(random.Int64N(int64(c.Life))))
		// Else, on a busy machine, the next process may look for a post before the platform has got round to taking it.
		problems = append(problems, p.kill(), c.Platform.Drain(ctx))
		if n%10 == 9 {
			c.Platform.Replay(100)
		}
	}
	open := asked - c.Platform.Answered()
	last, err := c.start()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := c.up(ctx); err != nil { // it must know SIGTERM by the time it gets it
		problems = append(problems, err)
	}
	if err := c.Platform.Quiet(ctx); err != nil {
		problems = append(problems, fmt.Errorf("after the last start: %w", err))
	}
	problems = append(problems, last.stop())
	for _, problem := range c.Platform.Problems() {
		problems = append(problems, errors.New(problem))
	}
	c.Log("%d kills in %s: %d questions, %d of them open after the last kill; %+v",
		kills, time.Since(begin).Round(time.Millisecond), asked, open, c.Platform.Stats())
	return errors.Join(problems...)
}

// up waits until the process takes events.
func (c *Campaign) up(ctx context.Context) error {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		if conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", c.Address); err == nil {
			return conn.Close()
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("the last process did not come up: %w", ctx.Err())
		}
	}
}

// load asks for as long as d and gives how many questions were asked in all.
func (c *Campaign) load(ctx context.Context, asked int, d time.Duration) int {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	end := time.NewTimer(d)
	defer end.Stop()
	for {
		select {
		case <-tick.C:
		case <-end.C:
			return asked
		case <-ctx.Done():
			return asked
		}
		if asked-c.Platform.Answered() < openQuestions {
			asked++
			c.Platform.Ask(Event{Key: fmt.Sprint("q", asked), Channel: fmt.Sprint("c", asked%7), Text: c.Text(asked)})
		}
	}
}

// process is one life of what is killed.
type process struct {
	cmd *exec.Cmd
	err strings.Builder
}

func (c *Campaign) start() (*process, error) {
	p := &process{cmd: c.Command()}
	p.cmd.Stderr = &p.err
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start a process: %w", err)
	}
	return p, nil
}

// kill ends the process as a crash does.
func (p *process) kill() error {
	if err := p.cmd.Process.Kill(); err != nil {
		return fmt.Errorf("kill a process: %w", err)
	}
	_ = p.cmd.Wait() // it says that it was killed
	return p.said()
}

// stop ends the process as an operator does.
func (p *process) stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return fmt.Errorf("stop a process: %w", err)
	}
	if err := p.cmd.Wait(); err != nil {
		return fmt.Errorf("a process that was stopped ended with %w\n%s", err, &p.err)
	}
	return p.said()
}

func (p *process) said() error {
	if p.err.Len() == 0 {
		return nil
	}
	return fmt.Errorf("a process said\n%s", &p.err)
}
