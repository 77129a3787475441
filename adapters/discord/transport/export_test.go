package transport

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"time"
)

// Through has the line connect by a proxy, which the environment does not name for this machine's own addresses.
func (l *Line) Through(by *url.URL) {
	l.proxy = func(*http.Request) (*url.URL, error) { return by, nil }
}

// Listen makes a connection that was not dialled the line's, and gives what the library would read of it.
func (l *Line) Listen(conn net.Conn) net.Conn { return l.listen(conn) }

// AwaitParts is Await whose parts end when tick says so, and how many it takes.
func AwaitParts[T any](ctx context.Context, c <-chan T, tick <-chan time.Time) (v T, ok bool) {
	return await(ctx, c, tick)
}

// Parts is how many parts Await waits.
const Parts = parts
