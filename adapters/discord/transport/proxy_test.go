package transport_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"careerbot/adapters/discord/transport"
)

// proxy connects to wherever a CONNECT asks, for who knows the password; it notes where.
func proxy(t *testing.T, asked chan<- string) *url.URL {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if name, password, ok := credentials(r); r.Method != http.MethodConnect || !ok || name != "bot" || password != "s3cret" {
			w.WriteHeader(http.StatusProxyAuthRequired)
			return
		}
		asked <- r.Host
		to, err := new(net.Dialer).DialContext(r.Context(), "tcp", r.Host)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		defer to.Close()
		from, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer from.Close()
		_, _ = io.WriteString(from, "HTTP/1.1 200 Connection established\r\n\r\n")
		go func() { _, _ = io.Copy(to, from) }()
		_, _ = io.Copy(from, to)
	}))
	t.Cleanup(s.Close)
	by, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	by.User = url.UserPassword("bot", "s3cret")
	return by
}

func credentials(r *http.Request) (name, password string, ok bool) {
	r.Header.Set("Authorization", r.Header.Get("Proxy-Authorization"))
	return r.BasicAuth()
}

func TestProxy(t *testing.T) {
	t.Parallel()
	asked := make(chan string, 1)
	server, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	go func() {
		conn, err := server.Accept()
		if err != nil {
			return
		}
		_, _ = io.ReadFull(conn, make([]byte, 2)) // a client speaks first
		_, _ = io.WriteString(conn, greeting+text("hello"))
		_ = conn.Close()
	}()
	line := transport.NewLine("ws://gateway", nil)
	line.Through(proxy(t, asked))
	conn, err := line.Dial(t.Context(), "tcp", server.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "hi"); err != nil {
		t.Fatal(err)
	}
	said, err := io.ReadAll(conn)
	if err != nil || string(said) != greeting+text("hello") || <-asked != server.Addr().String() {
		t.Errorf("%q, %v", said, err)
	}
}

// TestProxyRefuses: what is wrong is said, without the password.
func TestProxyRefuses(t *testing.T) {
	t.Parallel()
	by := proxy(t, make(chan string, 9))
	wrong := *by
	wrong.User = url.UserPassword("bot", "wr0ng")
	silent, err := net.Listen("tcp", "127.0.0.1:0") // accepts and says nothing
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	soon, cancel := context.WithCancel(t.Context())
	cancel()
	for _, c := range []struct {
		name string
		ctx  context.Context
		by   *url.URL
		want string
	}{
		{"a wrong password", t.Context(), &wrong, "407"},
		{"no way on", t.Context(), by, "502"},
		{"another kind", t.Context(), &url.URL{Scheme: "socks5", Host: by.Host}, "NO_PROXY"},
		{"no answer", soon, &url.URL{Scheme: "http", Host: silent.Addr().String()}, "canceled"},
	} {
		line := transport.NewLine("wss://gateway", nil)
		line.Through(c.by)
		_, err := line.DialTLS(c.ctx, "tcp", "127.0.0.1:1")
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "s3cret") || strings.Contains(err.Error(), "wr0ng") {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
