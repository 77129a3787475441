package slacktest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"careerbot/adapters/slack/slacktest/history"
)

// ResponseURL is the name that posts to a response_url have in faults and in the history.
const ResponseURL = "response_url"

// Upload is the name that sending a file's bytes has in faults and in the history.
const Upload = "upload"

// Fault is something that goes wrong with calls of one method. With no Status, Error or Cut it only delays.
type Fault struct {
	Method string  // a Web API method, ResponseURL or Upload; "" is any
	Times  int     // calls that it strikes; 0 is all until ClearFaults
	Chance float64 // that it strikes a call, drawn from the seed; 0 is always

	Late       bool          // strikes after the call took effect: posted, but the caller is told otherwise
	Delay      time.Duration // before the answer (Late) or before everything
	Status     int           // of HTTP: 429, 500, 503, 404
	RetryAfter string        // the header of a 429, as it is sent; "" sends none
	Error      string        // {"ok":false,"error":…}
	Messages   []string      // response_metadata.messages beside Error
	Cut        bool          // the connection ends before the answer, or in the midst of it where Late

	struck int
}

// Fault adds a fault. Where several fit a call, the one added first strikes.
func (s *Slack) Fault(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &f)
}

// ClearFaults makes everything work again.
func (s *Slack) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// draw gives the fault that strikes this call, nil for none. The caller holds the lock.
func (s *Slack) draw(method string) *Fault {
	for _, f := range s.faults {
		if f.Method != "" && f.Method != method || f.Times > 0 && f.struck >= f.Times {
			continue
		}
		if f.Chance > 0 && !s.chance(f.Chance) {
			continue
		}
		f.struck++
		return f
	}
	return nil
}

// strike draws the fault for a call and has it strike ahead of the effect; over says that this was all there is to answer.
func (s *Slack) strike(w http.ResponseWriter, call *history.Call) (f *Fault, over bool) {
	s.mu.Lock()
	f = s.draw(call.Method)
	s.mu.Unlock()
	return f, f.before(s, w, call)
}

// before strikes ahead of the effect and says whether that was all there is to answer.
func (f *Fault) before(s *Slack, w http.ResponseWriter, call *history.Call) bool {
	if f == nil || f.Late {
		return false
	}
	s.pause(f.Delay)
	return f.strike(s, w, call, nil)
}

// after strikes once the effect is there and says whether it answered.
func (f *Fault) after(s *Slack, w http.ResponseWriter, call *history.Call, answer reply) bool {
	if f == nil || !f.Late {
		return false
	}
	s.pause(f.Delay)
	return f.strike(s, w, call, answer)
}

func (f *Fault) strike(s *Slack, w http.ResponseWriter, call *history.Call, answer reply) bool {
	switch {
	case f.Cut:
		call.Status, call.Error = 0, "cut"
		s.note(call)
		cut(w, answer)
	case f.Status != 0:
		call.Status, call.Error = f.Status, "status "+strconv.Itoa(f.Status)
		s.note(call)
		if f.RetryAfter != "" {
			w.Header().Set("Retry-After", f.RetryAfter)
		}
		w.Header().Set("Content-Type", "text/html") // as Slack's front does, which answers before its API is reached
		w.WriteHeader(f.Status)
		_, _ = fmt.Fprintf(w, "<html><body>%s</body></html>", http.StatusText(f.Status))
	case f.Error != "":
		call.Status, call.Error = http.StatusOK, f.Error
		s.note(call)
		writeJSON(w, http.StatusOK, refuse(f.Error, f.Messages...))
	default:
		return false
	}
	return true
}

// cut ends the connection, after half of the answer where there is one.
func cut(w http.ResponseWriter, answer reply) {
	conn, buffer, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	if answer != nil {
		body, _ := json.Marshal(answer)
		_, _ = fmt.Fprintf(buffer, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
			len(body), body[:len(body)/2])
		_ = buffer.Flush()
	}
	_ = conn.Close()
}

// pause waits, or until Close.
func (s *Slack) pause(d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-s.ctx.Done():
	}
}
