package adaptertest

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Load sends posts to a bot as fast as it answers. Its requests are written to kept connections by hand, as load
// generators do: an http.Client would cost as much as the bot itself, on the same processors.
type Load struct {
	Address  string // host:port
	Path     string
	InFlight int // connections, each with one post on its way
	Posts    int // in all
	// Post gives header lines, each ended by "\r\n", and the body of post n, counted from 1. Several are asked for at once.
	Post func(n int) (header string, body []byte)
	// Want judges the body of a reply, which it must not keep; nil takes any. The status has to be 200.
	Want func(body []byte) error
}

// Took is what a load took.
type Took struct {
	All   time.Duration
	Posts []time.Duration // shortest first, from the request to the reply in hand
}

// Quantile is that of the posts, q between 0 and 1; 0 where there were none.
func (t *Took) Quantile(q float64) time.Duration {
	if len(t.Posts) == 0 {
		return 0
	}
	return t.Posts[min(len(t.Posts)-1, int(q*float64(len(t.Posts))))]
}

// PerSecond is how many posts were answered in a second.
func (t *Took) PerSecond() float64 { return float64(len(t.Posts)) / t.All.Seconds() }

// Run ends when all posts were answered, or at the first that was not, with its error.
func (l *Load) Run(ctx context.Context) (Took, error) {
	var (
		mu   sync.Mutex
		took Took
		errs error
		all  sync.WaitGroup
		sent atomic.Int64
	)
	begin := time.Now()
	for range l.InFlight {
		all.Go(func() {
			mine, err := l.peer(ctx, &sent)
			mu.Lock()
			defer mu.Unlock()
			took.Posts, errs = append(took.Posts, mine...), errors.Join(errs, err)
		})
	}
	all.Wait()
	took.All = time.Since(begin)
	slices.Sort(took.Posts)
	return took, errs
}

// peer sends posts over one connection, one after the other.
func (l *Load) peer(ctx context.Context, sent *atomic.Int64) (took []time.Duration, err error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", l.Address)
	if err != nil {
		return nil, fmt.Errorf("connect to the bot: %w", err)
	}
	defer func() { _ = conn.Close() }()
	in := bufio.NewReader(conn)
	var request []byte
	var reply bytes.Buffer // as a client that reads them one after the other needs one
	for n := int(sent.Add(1)); n <= l.Posts; n = int(sent.Add(1)) {
		header, body := l.Post(n)
		begin := time.Now()
		request = fmt.Appendf(request[:0], "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Length: %d\r\n%s\r\n", l.Path, l.Address, len(body), header)
		if _, err := conn.Write(append(request, body...)); err != nil {
			return took, fmt.Errorf("post %d: %w", n, err)
		}
		if err := l.reply(in, &reply); err != nil {
			return took, fmt.Errorf("post %d: %w", n, err)
		}
		took = append(took, time.Since(begin))
	}
	return took, nil
}

func (l *Load) reply(in *bufio.Reader, body *bytes.Buffer) error {
	response, err := http.ReadResponse(in, nil)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	body.Reset()
	_, err = body.ReadFrom(response.Body)
	switch {
	case err != nil:
		return err
	case response.StatusCode != http.StatusOK:
		return fmt.Errorf("status %d: %.200s", response.StatusCode, body.Bytes())
	case l.Want != nil:
		return l.Want(body.Bytes())
	}
	return nil
}
