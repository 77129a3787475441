package slacktest

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"careerbot/adapters/slack/slacktest/history"
)

// Types of envelopes.
const (
	SlashCommands = "slash_commands"
	EventsAPI     = "events_api"
	Interactive   = "interactive"
)

// Envelope is what Slack delivers, over a socket or signed over HTTP. The builders make them; a test may change
// everything before it sends one.
type Envelope struct {
	Type    string // SlashCommands, EventsAPI, Interactive, or what no client knows
	Payload map[string]any
	Raw     string // over a socket, this frame instead, with %s for the envelope id; for malformed ones
	Accepts bool   // accepts_response_payload

	Key                         string // names the question; the same for the mention and its message twin
	Team, Channel, Thread, User string
	hook                        *hook
}

// Outcome is how a delivery ended.
type Outcome struct {
	Acked    bool
	Payload  json.RawMessage // what came with the acknowledgement, nil for nothing
	Attempts int
	Took     time.Duration // from the attempt that was acknowledged
	Status   int           // of HTTP
	Failure  string        // what somebody was told, or the last retry_reason: "operation_timeout", "http_error", …
}

// Delivery is an envelope on its way.
type Delivery struct {
	Envelope
	slack *Slack
	on    int // the socket that it must take, 0 for any
	done  chan struct{}

	// Under the lock of slack:
	ids      []string // envelope ids, one for each attempt
	timer    *time.Timer
	sent     time.Time
	reason   string
	noRetry  bool
	settled  bool
	waiting  bool // for a socket
	outcome  Outcome
	question *history.Question
}

// Done is closed when it is acknowledged, or is not sent again.
func (d *Delivery) Done() <-chan struct{} { return d.done }

// Wait waits for the outcome.
func (d *Delivery) Wait(ctx context.Context) (Outcome, error) {
	select {
	case <-d.done:
		return d.outcome, nil
	case <-ctx.Done():
		return Outcome{}, fmt.Errorf("wait for the acknowledgement of %s %q: %w", d.Type, d.Key, ctx.Err())
	}
}

// stop keeps the delivery from being tried again. The caller holds the lock.
func (d *Delivery) stop() {
	if d.timer != nil {
		d.timer.Stop()
	}
}

// Send delivers an envelope: over HTTP where Connect was called, else to one of the sockets, picked from the seed.
// Where there is no socket it waits for one, as long as for an acknowledgement. Events come back until they are
// acknowledged; commands and interactions do not.
func (s *Slack) Send(e Envelope) *Delivery { return s.send(e, 0, false) }

// SendOn is Send to the socket of that number, counted from 1 in the order of connecting.
func (s *Slack) SendOn(socket int, e Envelope) *Delivery { return s.send(e, socket, false) }

// Ask is Send of a question: it is lost until something answers it.
func (s *Slack) Ask(e Envelope) *Delivery { return s.send(e, 0, true) }

// AskOn is SendOn of a question.
func (s *Slack) AskOn(socket int, e Envelope) *Delivery { return s.send(e, socket, true) }

func (s *Slack) send(e Envelope, on int, ask bool) *Delivery {
	d := &Delivery{Envelope: e, slack: s, on: on, done: make(chan struct{})}
	s.mu.Lock()
	if ask {
		d.question = s.history.Ask(history.Question{
			Key: e.Key, Type: e.Type, Team: e.Team, Channel: e.Channel, Thread: e.Thread, User: e.User,
		})
	} else {
		d.question = s.history.Asked(e.Key) // the twin of a question
	}
	s.mu.Unlock()
	s.attempt(d)
	return d
}

// attempt tries a delivery once more.
func (s *Slack) attempt(d *Delivery) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || d.settled {
		return
	}
	id := s.next("envelope-")
	d.ids = append(d.ids, id)
	d.outcome.Attempts++
	d.sent = time.Now()
	if d.question != nil && d.question.Sent.IsZero() {
		d.question.Sent = d.sent
	}
	s.open[id] = d
	if s.target.Base != "" {
		s.work.Go(func() { s.deliverHTTP(d, id) })
		return
	}
	d.timer = time.AfterFunc(s.options.Ack, func() { s.expire(d, "timeout") })
	d.waiting = true
	s.flush(d)
}

// Resend delivers an envelope that was sent already once more, with the same envelope_id and retry_attempt 0, as live
// Slack sometimes does (slackapi/bolt-js#2487).
func (s *Slack) Resend(d *Delivery) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if k := s.pick(d.on); k != nil {
		k.push(d.frame(d.ids[0], 0))
	}
}

// flush puts a waiting delivery on a socket, where there is one. The caller holds the lock.
func (s *Slack) flush(d *Delivery) {
	k := s.pick(d.on)
	if k == nil || !d.waiting {
		return
	}
	d.waiting = false
	d.sent = time.Now()
	k.delivered++
	k.push(d.frame(d.ids[len(d.ids)-1], d.outcome.Attempts-1))
}

// frame is what a socket carries.
func (d *Delivery) frame(id string, retry int) []byte {
	if d.Raw != "" {
		return fmt.Appendf(nil, d.Raw, id)
	}
	envelope := map[string]any{
		"envelope_id": id, "type": d.Type, "payload": d.Payload, "accepts_response_payload": d.Accepts,
	}
	if d.Type == EventsAPI {
		envelope["retry_attempt"], envelope["retry_reason"] = retry, d.reason
	}
	frame, _ := json.Marshal(envelope) // payloads are made of strings, numbers and maps
	return frame
}

// expire ends an attempt that was not acknowledged.
func (s *Slack) expire(d *Delivery, reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || d.settled {
		return
	}
	d.waiting, d.reason = false, reason
	retry := d.outcome.Attempts - 1
	if d.Type != EventsAPI || d.noRetry || retry >= len(s.options.Retries) {
		d.outcome.Failure = reason
		if d.Type != EventsAPI {
			d.outcome.Failure = "operation_" + reason // what Slack tells the person
		}
		s.settle(d)
		return
	}
	d.timer = time.AfterFunc(s.options.Retries[retry], func() { s.attempt(d) })
	s.tell()
}

// settle ends a delivery. The caller holds the lock.
func (s *Slack) settle(d *Delivery) {
	if d.settled {
		return
	}
	d.settled = true
	d.stop()
	for _, id := range d.ids {
		delete(s.open, id)
	}
	if d.question != nil {
		s.history.Settled(d.question, d.outcome.Acked, d.outcome.Failure)
	}
	close(d.done)
	s.tell()
}

// acked takes an acknowledgement with what came along. The caller holds the lock.
func (s *Slack) acked(d *Delivery, payload json.RawMessage) {
	if d.settled {
		return
	}
	d.outcome.Acked, d.outcome.Took = true, time.Since(d.sent)
	s.history.Acknowledged(d.outcome.Took)
	if len(payload) > 0 && string(payload) != "null" && string(payload) != "{}" {
		d.outcome.Payload = payload
		s.take(d)
	}
	s.settle(d)
}

// take does what an acknowledgement's payload says: a message for a command, a change of views for a submission.
// Slack ignores the rest.
func (s *Slack) take(d *Delivery) {
	given := args{}
	if given.readJSON(d.outcome.Payload) != nil {
		given["text"] = string(d.outcome.Payload) // over HTTP a command may be answered in plain text
	}
	switch {
	case d.Type == SlashCommands && d.hook != nil:
		m := draft(given)
		if refused := s.check(m); refused != nil {
			d.outcome.Failure, _ = refused["error"].(string)
			return
		}
		s.respond(d.hook, m, given["response_type"], "ack")
	case d.Payload["type"] == "view_submission" && given.raw("view") != nil:
		s.takeView(d, given)
	}
}

// takeView is response_action "update" and "push".
func (s *Slack) takeView(d *Delivery, given args) {
	o, refused := s.checkView(given.raw("view"))
	if refused != nil {
		d.outcome.Failure = fmt.Sprint(refused["response_metadata"])
		return
	}
	before, _ := d.Payload["view"].(object)
	v := s.views[text(before, "id")]
	if v == nil {
		return
	}
	if given["response_action"] == "push" {
		above := s.addView(View{Team: v.Team, User: v.User, Kind: "modal"}, o, given.raw("view"))
		above.Previous, above.Root = v.ID, v.Root
	} else {
		v.Changes++
		s.fill(v, o, given.raw("view"))
	}
	if d.question != nil {
		s.history.Answered(d.question)
	}
}
