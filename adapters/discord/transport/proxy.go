package transport

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"
)

// proxyLimit is how long a proxy may take to connect.
const proxyLimit = 10 * time.Second

// dial connects to address for a URL of that scheme, through the proxy that the operator has for it, as the calls of the
// REST interface go: many a company lets nothing out past its own.
func dial(ctx context.Context, proxy func(*http.Request) (*url.URL, error), network, scheme, address string) (net.Conn, error) {
	by, err := proxy(&http.Request{URL: &url.URL{Scheme: scheme, Host: address}})
	if err != nil {
		return nil, fmt.Errorf("read the proxy's address: %w", err)
	}
	if by == nil {
		return new(net.Dialer).DialContext(ctx, network, address)
	}
	ctx, cancel := context.WithTimeout(ctx, proxyLimit)
	defer cancel()
	conn, err := toProxy(ctx, network, by)
	if err != nil {
		return nil, fmt.Errorf("connect to the proxy %s: %w", by.Host, err)
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	err = tunnel(conn, by, address)
	if !stop() && err == nil {
		err = ctx.Err()
	}
	if err != nil {
		_ = conn.Close()
		return nil, fmt.Errorf("through the proxy %s: %w", by.Host, err)
	}
	return conn, nil
}

func toProxy(ctx context.Context, network string, by *url.URL) (net.Conn, error) {
	port := by.Port()
	switch by.Scheme {
	case "http":
		if port == "" {
			port = "80"
		}
		return new(net.Dialer).DialContext(ctx, network, net.JoinHostPort(by.Hostname(), port))
	case "https":
		if port == "" {
			port = "443"
		}
		d := tls.Dialer{Config: &tls.Config{ServerName: by.Hostname(), MinVersion: tls.VersionTLS12}}
		return d.DialContext(ctx, network, net.JoinHostPort(by.Hostname(), port))
	}
	return nil, fmt.Errorf("it is of kind %q; set HTTPS_PROXY to one that begins with http:// or https://, or NO_PROXY=gateway.discord.gg,*.discord.gg", by.Scheme)
}

// tunnel asks a proxy for a connection to address.
func tunnel(conn net.Conn, by *url.URL, address string) error {
	ask := &http.Request{Method: http.MethodConnect, URL: &url.URL{Opaque: address}, Host: address, Header: http.Header{}}
	if by.User != nil {
		password, _ := by.User.Password()
		ask.Header.Set("Proxy-Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(by.User.Username()+":"+password)))
	}
	if err := ask.Write(conn); err != nil {
		return err
	}
	in := bufio.NewReader(conn)
	said, err := http.ReadResponse(in, ask)
	if err != nil {
		return err
	}
	_ = said.Body.Close() // of a CONNECT there is none
	switch {
	case said.StatusCode != http.StatusOK:
		return fmt.Errorf("it answers %q", said.Status)
	case in.Buffered() > 0:
		return fmt.Errorf("it speaks before it is spoken to")
	}
	return nil
}
