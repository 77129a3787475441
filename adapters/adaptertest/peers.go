package adaptertest

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
)

// peers are the connections that a server has.
type peers struct {
	mu      sync.Mutex
	open    map[string]bool // by the peer's address
	changed chan struct{}   // closed when one comes or goes
}

func newPeers() *peers { return &peers{open: map[string]bool{}, changed: make(chan struct{})} }

// note is the server's ConnState.
func (p *peers) note(c net.Conn, state http.ConnState) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch state {
	case http.StateNew:
		p.open[c.RemoteAddr().String()] = true
	case http.StateClosed, http.StateHijacked:
		delete(p.open, c.RemoteAddr().String())
	case http.StateActive, http.StateIdle:
		return
	}
	close(p.changed)
	p.changed = make(chan struct{})
}

// gone waits until all have gone that came to address before: a server takes connections in the order in which they
// came, and ends one when what was sent by it is done with, though nobody is there to see it.
func (p *peers) gone(ctx context.Context, address string) error {
	last, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err != nil {
		return fmt.Errorf("wait for what is on its way: %w", err)
	}
	defer last.Close() //nolint:errcheck // nothing was sent by it
	self := last.LocalAddr().String()
	for {
		p.mu.Lock()
		done, changed := p.open[self] && len(p.open) == 1, p.changed
		p.mu.Unlock()
		if done {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("wait for what is on its way: %w", ctx.Err())
		}
	}
}

// Drain waits until what processes that are no more had sent before they ended is taken. No other process may be
// connected.
func (p *Platform) Drain(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return p.peers.gone(ctx, strings.TrimPrefix(p.address, "http://"))
}
