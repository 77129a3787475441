package transport_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	"careerbot/adapters/discord/transport"
)

// TestLineResumes: what begins a session on a line that is to resume one becomes a Resume, and all else goes out as it is.
func TestLineResumes(t *testing.T) {
	t.Parallel()
	const (
		identify = `{"op":2,"d":{"token":"secret","intents":1}}`
		beat     = `{"op":1,"d":7}`
		resume   = `{"op":6,"d":{"token":"secret","session_id":"","seq":%}}`
	)
	long := `{"op":2,"d":{"token":"secret","pad":"` + strings.Repeat("x", 200) + `"}}`
	tests := map[string]struct {
		session string
		says    []string
		want    []string
	}{
		"a session of its own": {says: []string{identify, beat}, want: []string{identify, beat}},
		"another's":            {session: "abc", says: []string{identify, beat}, want: []string{taken("7"), beat}},
		"a long introduction":  {session: "abc", says: []string{long, beat}, want: []string{taken("7"), beat}},
		"and later":            {session: "abc", says: []string{strings.Replace(resume, "%", "9", 1)}, want: []string{taken("9")}},
		"nothing newer":        {session: "abc", says: []string{strings.Replace(resume, "%", "3", 1)}, want: []string{taken("7")}},
		"only the first":       {session: "abc", says: []string{identify, identify}, want: []string{taken("7"), identify}},
		"after other words":    {session: "abc", says: []string{beat, "{", identify}, want: []string{beat, "{", taken("7")}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			line := transport.NewLine("", nil)
			if test.session != "" {
				line.Resume(test.session, 7)
			}
			for i, got := range heard(t, line, test.says) {
				if !sameJSON(got, test.want[i]) {
					t.Errorf("message %d is %s, want %s", i, got, test.want[i])
				}
			}
		})
	}
}

func taken(seq string) string {
	return `{"op":6,"d":{"token":"secret","session_id":"abc","seq":` + seq + `}}`
}

// heard is what a WebSocket server hears of what a client says over the line.
func heard(t *testing.T, line *transport.Line, says []string) (got []string) {
	t.Helper()
	messages := make(chan string, len(says))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer close(messages)
		conn, err := new(websocket.Upgrader).Upgrade(w, r, nil)
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		for range says {
			_, text, err := conn.ReadMessage()
			if err != nil {
				t.Error(err)
				return
			}
			messages <- string(text)
		}
	}))
	defer server.Close()
	dialer := websocket.Dialer{NetDialContext: line.Dial}
	conn, greeting, err := dialer.DialContext(t.Context(), "ws"+strings.TrimPrefix(server.URL, "http"), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer greeting.Body.Close()
	defer conn.Close()
	for _, text := range says {
		if err := conn.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	for text := range messages {
		got = append(got, text)
	}
	if len(got) != len(says) {
		t.Fatalf("%d messages of %d are heard", len(got), len(says))
	}
	return got
}

// sameJSON says whether two texts are one, or mean one thing.
func sameJSON(a, b string) bool {
	var x, y any
	if json.Unmarshal([]byte(a), &x) != nil || json.Unmarshal([]byte(b), &y) != nil {
		return a == b
	}
	one, _ := json.Marshal(x) // both were JSON
	other, _ := json.Marshal(y)
	return string(one) == string(other)
}
