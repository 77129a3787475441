package discord

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"careerbot/adapters/discord/wire"
)

// Limits of interactions over HTTP.
const (
	maxBody  = 1 << 20                 // bytes of a request; an interaction with a long message and its embeds has some 50 KB
	maxAge   = 30 * time.Second        // of a signature, either way: what was recorded cannot be played again later
	bodyWait = 2800 * time.Millisecond // for something to say in the response: Discord waits 3 s
)

// errBodyGone says that the HTTP response was over before there was something to say in it.
var errBodyGone = errors.New("the HTTP response is over")

// handover is a first answer on its way into the HTTP response.
type handover struct {
	wire.Callback
	done chan error
}

// serveInteraction takes an interaction that Discord sends over HTTP. The answer goes out in the response if it is there
// in time, and else, like the answers of the gateway's, by calls.
func (a *Adapter) serveInteraction(w http.ResponseWriter, r *http.Request) {
	body, status := a.verified(w, r)
	if status != http.StatusOK {
		refuse(w, status)
		return
	}
	s := a.shift.Load()
	if s == nil {
		refuse(w, http.StatusServiceUnavailable)
		return
	}
	q, err := s.reader().interaction(body)
	if err != nil {
		s.log.Error("an interaction cannot be read", "err", err)
		refuse(w, http.StatusBadRequest)
		return
	}
	ctx := context.WithoutCancel(r.Context())
	handovers, over, through := make(chan handover), make(chan struct{}), make(chan struct{})
	defer close(over)
	v := newVisit(q.place)
	v.body = into(handovers, over)
	work := func(f func(context.Context, asked, *visit)) func() {
		return func() {
			defer close(through)
			f(ctx, q, v)
		}
	}
	s.taken(0, work(s.interaction), work(s.tooBusy))
	late := time.NewTimer(s.cfg.Times.Body)
	defer late.Stop()
	select {
	case h := <-handovers:
		h.done <- write(w, h.Callback)
	case <-through: // a repeat: it was answered before
		w.WriteHeader(http.StatusAccepted)
	case <-late.C: // the answer comes by a call
		w.WriteHeader(http.StatusAccepted)
	case <-r.Context().Done():
	}
}

// into gives first answers to the handler that waits for one.
func into(handovers chan<- handover, over <-chan struct{}) func(context.Context, wire.Callback) error {
	return func(ctx context.Context, c wire.Callback) error {
		h := handover{c, make(chan error, 1)}
		select {
		case handovers <- h:
		case <-over:
			return errBodyGone
		case <-ctx.Done():
			return ctx.Err()
		}
		return <-h.done
	}
}

// verified reads a request and checks who signed it and when:
// https://discord.com/developers/docs/interactions/overview#setting-up-an-endpoint-validating-security-request-headers.
func (a *Adapter) verified(w http.ResponseWriter, r *http.Request) ([]byte, int) {
	stamp := r.Header.Get("X-Signature-Timestamp")
	signature, err := hex.DecodeString(r.Header.Get("X-Signature-Ed25519"))
	if err != nil || len(signature) != ed25519.SignatureSize || stamp == "" {
		return nil, http.StatusUnauthorized
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return nil, http.StatusRequestEntityTooLarge
	}
	if err != nil {
		return nil, http.StatusBadRequest
	}
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || a.cfg.Now().Sub(time.Unix(seconds, 0)).Abs() > maxAge {
		return nil, http.StatusUnauthorized
	}
	if !ed25519.Verify(a.key, append([]byte(stamp), body...), signature) {
		return nil, http.StatusUnauthorized
	}
	return body, http.StatusOK
}

// refuse answers with words for whoever looks.
func refuse(w http.ResponseWriter, status int) {
	says := map[int]string{
		http.StatusUnauthorized:          "the request is not signed by Discord for this application, or its time is over",
		http.StatusRequestEntityTooLarge: "the request is larger than an interaction can be",
		http.StatusBadRequest:            "the request is no interaction",
		http.StatusServiceUnavailable:    "the bot is starting or stopping",
	}[status]
	http.Error(w, says, status)
}

// write puts a first answer into the response.
func write(w http.ResponseWriter, c wire.Callback) error {
	content, kind, err := encode(c, c.Files)
	if err != nil {
		refuse(w, http.StatusInternalServerError)
		return err
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Length", strconv.Itoa(len(content)))
	if _, err = w.Write(content); err != nil {
		return errors.Join(errBodyGone, err)
	}
	return nil
}
