package slack

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Bounds of requests. Slack signs them with their time, and refuses to be trusted with one older than five minutes:
// https://docs.slack.dev/authentication/verifying-requests-from-slack.
const (
	maxRequest = 1 << 20 // bytes of a body; interactions with large messages have been seen with 70 kB
	skew       = 5 * time.Minute
)

// bodies are buffers that serve again.
var bodies = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// signed makes a handler of serve that gets requests of Slack alone, with their bodies read.
func (a *Adapter) signed(serve func(http.ResponseWriter, *http.Request, []byte)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		buffer := bodies.Get().(*bytes.Buffer)
		buffer.Reset()
		defer func() {
			if buffer.Cap() <= 64<<10 {
				bodies.Put(buffer)
			}
		}()
		if r.Method != http.MethodPost && !isCheck([]byte(r.URL.RawQuery)) {
			w.Header().Set("Allow", http.MethodPost)
			a.refuse(w, http.StatusMethodNotAllowed, "Slack posts here; there is nothing to see.")
			return
		}
		_, err := buffer.ReadFrom(http.MaxBytesReader(w, r.Body, maxRequest))
		body := buffer.Bytes()
		switch _, large := errors.AsType[*http.MaxBytesError](err); {
		case large:
			a.refuse(w, http.StatusRequestEntityTooLarge, "The request is too large.")
		case err != nil:
			http.Error(w, "The request did not arrive whole.", http.StatusBadRequest) // Slack may try again
		case isCheck(body) || isCheck([]byte(r.URL.RawQuery)):
			w.WriteHeader(http.StatusOK) // Slack looks whether the certificate is good, without signing: nothing is done
		case !a.isSigned(r.Header, body):
			a.log.Warn("a request is not signed by Slack", "path", r.URL.Path, "remedy",
				"if it is Slack's: compare SLACK_SIGNING_SECRET with the app's Basic Information page, and this machine's clock with the world's")
			a.refuse(w, http.StatusUnauthorized, "The signature is not right.")
		default:
			serve(w, r, body)
		}
	})
}

// isCheck says whether body is the form of ssl_check.
func isCheck(body []byte) bool {
	return bytes.HasPrefix(body, []byte("ssl_check=1")) || bytes.Contains(body, []byte("&ssl_check=1"))
}

// refuse says no for good: trying again would not help.
func (a *Adapter) refuse(w http.ResponseWriter, status int, words string) {
	w.Header().Set("X-Slack-No-Retry", "1")
	http.Error(w, words, status)
}

// isSigned checks the signature, v0, over the raw body. It is stricter than Slack asks for: one way of writing each
// number and digit, and the time may not be in the future by more than it may be in the past.
func (a *Adapter) isSigned(h http.Header, body []byte) bool {
	given, stamp := h.Get("X-Slack-Signature"), h.Get("X-Slack-Request-Timestamp")
	at, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || strconv.FormatInt(at, 10) != stamp || a.cfg.Now().Sub(time.Unix(at, 0)).Abs() > skew {
		return false
	}
	mac := hmac.New(sha256.New, []byte(a.cfg.SigningSecret))
	_, _ = io.WriteString(mac, "v0:"+stamp+":") // a hash takes everything
	_, _ = mac.Write(body)
	want := make([]byte, 3, 3+2*sha256.Size)
	copy(want, "v0=")
	want = hex.AppendEncode(want, mac.Sum(nil))
	return hmac.Equal(want, []byte(given))
}

// serveCommand serves /slack/commands.
func (a *Adapter) serveCommand(w http.ResponseWriter, r *http.Request, body []byte) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		a.refuse(w, http.StatusBadRequest, "The body is no form.")
		return
	}
	a.reply(w, r, delivery{kind: viaCommand, form: form, inline: true, room: maxAck})
}

// serveInteraction serves /slack/interactions.
func (a *Adapter) serveInteraction(w http.ResponseWriter, r *http.Request, body []byte) {
	form, err := url.ParseQuery(string(body))
	if err != nil || form.Get("payload") == "" {
		a.refuse(w, http.StatusBadRequest, "The body is no form with a payload.")
		return
	}
	a.reply(w, r, delivery{kind: viaInteraction, payload: []byte(form.Get("payload"))})
}

// serveEvent serves /slack/events.
func (a *Adapter) serveEvent(w http.ResponseWriter, r *http.Request, body []byte) {
	var outer struct {
		Type      string `json:"type"`
		Challenge string `json:"challenge"`
		Team      string `json:"team_id"`
	}
	if err := json.Unmarshal(body, &outer); err != nil {
		if _, other := errors.AsType[*json.UnmarshalTypeError](err); !other {
			a.refuse(w, http.StatusBadRequest, "The body is no JSON.")
			return
		}
	}
	switch outer.Type {
	case "url_verification":
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		_, _ = io.WriteString(w, outer.Challenge) // Slack asks again if it does not arrive
		return
	case "app_rate_limited":
		a.log.Error("Slack holds events back: the workspace has more than 30,000 an hour", "team", outer.Team)
		w.WriteHeader(http.StatusOK)
		return
	}
	retry, _ := strconv.Atoi(r.Header.Get("X-Slack-Retry-Num")) // 0 where it is the first time
	a.reply(w, r, delivery{kind: viaEvents, payload: bytes.Clone(body), retry: retry})
}

// reply handles a delivery and answers the request. What is not acknowledged gets a 503, after which Slack sends events
// again, and tells the person of a command or press that did not work.
func (a *Adapter) reply(w http.ResponseWriter, r *http.Request, d delivery) {
	v := a.handle(r.Context(), d)
	switch {
	case !v.ack:
		w.Header().Set("Retry-After", "1")
		http.Error(w, "Not now; please try again.", http.StatusServiceUnavailable)
		return
	case v.body == nil:
		w.WriteHeader(http.StatusOK)
	default:
		h := w.Header()
		h.Set("Content-Type", "application/json; charset=utf-8")
		h.Set("Content-Length", strconv.Itoa(len(v.body)))
		w.WriteHeader(http.StatusOK)
		if _, err := w.Write(v.body); (err != nil || r.Context().Err() != nil) && v.unsent != nil {
			v.unsent() // Slack has hung up
		}
	}
	if v.then != nil {
		v.then()
	}
}

// origin is the address that a request came to, as its caller sees it: the process may stand behind a proxy. Who forges
// it reaches nobody else, as Slack sends people to registered addresses alone.
func origin(r *http.Request) string {
	scheme := "https"
	if host, _, _ := strings.Cut(r.Host, ":"); r.TLS == nil && (host == "localhost" || host == "127.0.0.1") {
		scheme = "http"
	}
	if p := r.Header.Get("X-Forwarded-Proto"); p == "http" || p == "https" {
		scheme = p
	}
	return scheme + "://" + r.Host
}
