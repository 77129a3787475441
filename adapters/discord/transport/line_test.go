package transport_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"careerbot/adapters/discord/transport"
)

const greeting = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"

// frame is a frame of a server's.
func frame(kind byte, payload string) string {
	var b bytes.Buffer
	b.WriteByte(kind)
	switch n := len(payload); {
	case n < 126:
		b.WriteByte(byte(n))
	case n < 1<<16:
		b.WriteByte(126)
		b.Write(binary.BigEndian.AppendUint16(nil, uint16(n)))
	default:
		b.WriteByte(127)
		b.Write(binary.BigEndian.AppendUint64(nil, uint64(n)))
	}
	b.WriteString(payload)
	return b.String()
}

func text(payload string) string { return frame(0x81, payload) }

// connected dials a server that says these bytes and hangs up, and reads what the library would.
func connected(t *testing.T, line *transport.Line, says string) (string, error) {
	t.Helper()
	server, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		conn, err := server.Accept()
		if err != nil {
			return
		}
		_, _ = io.WriteString(conn, says) // a client that has heard enough is gone
		_ = conn.Close()
	}()
	defer func() { <-done }()
	defer server.Close()
	conn, err := line.Dial(t.Context(), "tcp", server.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	var got bytes.Buffer
	_, err = io.Copy(&got, iotest.OneByteReader(conn))
	return got.String(), err
}

func TestLine(t *testing.T) {
	t.Parallel()
	hello := text(`{"t":null,"s":null,"op":10,"d":{"heartbeat_interval":41250,"_trace":["x"]}}`)
	event, ack := text(`{"t":"READY","s":1,"op":0,"d":{}}`), text(`{"op":11,"d":null,"s":null,"t":null}`)
	long, longer := text(strings.Repeat(" ", 3000)+"{}"), text(strings.Repeat("x", 1<<17))
	reconnect := text(`{"op":7,"d":null}`)
	closing := frame(0x88, "\x0f\xa4Authentication failed.")
	tests := map[string]struct {
		says, hears string
		opened      bool
		end         transport.End
		fails       bool
	}{
		"all passes":         {says: greeting + hello + event + long + longer, hears: greeting + hello + event + long + longer},
		"ack too early":      {says: greeting + hello + ack + event, hears: greeting + hello + event},
		"ack":                {says: greeting + hello + ack + event, opened: true, hears: greeting + hello + ack + event},
		"reconnect too soon": {says: greeting + hello + reconnect + event, hears: greeting + hello, fails: true},
		"reconnect":          {says: greeting + hello + reconnect, opened: true, hears: greeting + hello + reconnect},
		"invalid":            {says: greeting + text(`{"op":9,"d":false}`), opened: true, hears: greeting, fails: true, end: transport.End{Invalid: true}},
		"invalid, resumable": {says: greeting + text(`{"op":9,"d":true}`), opened: true, hears: greeting, fails: true, end: transport.End{Invalid: true, Resume: true}},
		"closed":             {says: greeting + closing, hears: greeting + closing, end: transport.End{Code: 4004, Reason: "Authentication failed."}},
		"cut in a frame":     {says: greeting + event[:7], hears: greeting, fails: true},
		"no JSON":            {says: greeting + text("{"), hears: greeting + text("{")},
		"too long":           {says: greeting + "\x81\x7f\x00\x00\x00\x00\x7f\xff\xff\xff", hears: greeting, fails: true},
		"no upgrade":         {says: "HTTP/1.1 503 No\r\nContent-Length: 3\r\n\r\nno!", hears: "HTTP/1.1 503 No\r\nContent-Length: 3\r\n\r\nno!"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			line := transport.NewLine("ws://gateway", nil)
			got, err := hears(t, line, test.says, test.opened)
			if got != test.hears || (err != nil) != test.fails {
				t.Errorf("the library hears %q, %v; want %q", got, err, test.hears)
			}
			if line.End() != test.end {
				t.Errorf("the end is %+v, want %+v", line.End(), test.end)
			}
			if strings.Contains(test.says, "41250") && line.Interval() != 41250*time.Millisecond {
				t.Errorf("the interval is %s", line.Interval())
			}
		})
	}
}

// hears reads what the library would; opened marks the session as begun once connected.
func hears(t *testing.T, line *transport.Line, says string, opened bool) (string, error) {
	t.Helper()
	if !opened {
		return connected(t, line, says)
	}
	client, server := net.Pipe()
	conn := line.Listen(client)
	line.Opened()
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = io.WriteString(server, says) // likewise
		_ = server.Close()
	}()
	got, err := io.ReadAll(conn)
	_ = conn.Close()
	<-done
	return string(got), err
}

// TestRedirectedLine: an address to resume at is given to the library when it asks, and it is made to ask.
func TestRedirectedLine(t *testing.T) {
	t.Parallel()
	line := transport.NewLine("wss://gateway.discord.gg", nil)
	ask := func() string {
		res, err := line.RoundTrip(&http.Request{})
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		var said struct{ URL string }
		if err := json.NewDecoder(res.Body).Decode(&said); err != nil {
			t.Fatal(err)
		}
		return said.URL
	}
	if got := ask(); got != "wss://gateway.discord.gg/?v=10&encoding=json#" {
		t.Errorf("the gateway is at %q", got)
	}
	line.Redirect("wss://resume.discord.gg")
	if !line.Moved() {
		t.Error("the library is not made to ask")
	}
	if _, err := line.DialTLS(context.Background(), "tcp", "gateway.discord.gg:443"); err == nil || line.Moved() {
		t.Error("the first dial goes through")
	}
	if got := ask(); !strings.HasPrefix(got, "wss://resume.discord.gg/") {
		t.Errorf("the gateway is at %q", got)
	}
	if _, err := line.Dial(t.Context(), "tcp", "127.0.0.1:1"); err == nil || errors.Is(err, context.Canceled) {
		t.Errorf("the second dial gives %v", err)
	}
}

// FuzzLine: whatever comes in whatever pieces, what the library hears is what was said, or less.
func FuzzLine(f *testing.F) {
	f.Add([]byte(greeting + text(`{"op":11}`) + text(`{"op":0}`)))
	f.Add([]byte(greeting + "\x81\x7e\x00"))
	f.Fuzz(func(t *testing.T, says []byte) {
		line := transport.NewLine("ws://gateway", nil)
		client, server := net.Pipe()
		conn := line.Listen(client)
		go func() {
			_, _ = server.Write(says) // a client that has heard enough is gone
			_ = server.Close()
		}()
		got, _ := io.ReadAll(conn)
		_ = conn.Close()
		if len(got) > len(says) {
			t.Errorf("%q becomes %q", says, got)
		}
	})
}
