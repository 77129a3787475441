package web

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// visit is one request under way, with buffers that serve again.
type visit struct {
	w    http.ResponseWriter
	r    *http.Request
	id   string // of the request, in every log line and in the response
	body *bytes.Buffer
	out  []byte
}

// route makes a handler of serve, which gets a request that may come in, with its body read. What keeps a request
// out, or what serve returns, is told to the peer.
func (a *Adapter) route(serve func(*visit) *problem) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v := a.visits.Get().(*visit)
		defer a.release(v)
		v.w, v.r, v.id = w, r, a.requestID(r.Header.Get("X-Request-Id"))
		a.dress(v)
		if a.preflight(v) {
			return
		}
		p := a.admit(r)
		if p == nil {
			p = a.readBody(v)
		}
		if p == nil {
			p = serve(v)
		}
		if p != nil {
			a.refuse(v, p)
		}
	}
}

// release puts v back for the next request, without what it held.
func (a *Adapter) release(v *visit) {
	if v.body.Cap() > maxKept || cap(v.out) > maxKept {
		return
	}
	v.body.Reset()
	*v = visit{body: v.body, out: v.out[:0]}
	a.visits.Put(v)
}

// dress sets the headers every response has: its request's id, and what keeps a browser from guessing, storing,
// framing or leaking it.
func (a *Adapter) dress(v *visit) {
	h := v.w.Header()
	h.Set("X-Request-Id", v.id)
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	if len(a.cfg.Origins) == 0 {
		return
	}
	h.Add("Vary", "Origin")
	if origin := v.r.Header.Get("Origin"); slices.Contains(a.cfg.Origins, origin) {
		h.Set("Access-Control-Allow-Origin", origin)
		h.Set("Access-Control-Expose-Headers", "X-Request-Id, Retry-After, Idempotent-Replayed")
	}
}

// preflight answers a browser that asks whether a page of an allowed origin may ask.
func (a *Adapter) preflight(v *visit) bool {
	h := v.w.Header()
	if v.r.Method != http.MethodOptions || h.Get("Access-Control-Allow-Origin") == "" {
		return false
	}
	h.Set("Access-Control-Allow-Methods", http.MethodPost)
	h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, X-Request-Id")
	h.Set("Access-Control-Max-Age", "600")
	v.w.WriteHeader(http.StatusNoContent)
	return true
}

// admit says why r may not come in; nil where it may.
func (a *Adapter) admit(r *http.Request) *problem {
	if r.Method != http.MethodPost {
		return wrongMethod(r.Method, http.MethodPost)
	}
	scheme, key, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	sum := sha256.Sum256([]byte(strings.TrimSpace(key)))
	right := subtle.ConstantTimeCompare(sum[:], a.key[:]) == 1
	switch {
	case !strings.EqualFold(scheme, "Bearer"):
		return &problem{
			status: http.StatusUnauthorized, code: "unauthorized", message: "The request carries no key.",
			remedy: `Send the header "Authorization: Bearer KEY" with the key whoever runs careerbot gave you.`,
		}
	case !right:
		return &problem{
			status: http.StatusUnauthorized, code: "unauthorized", message: "The key is not the right one.",
			remedy: "Ask whoever runs careerbot for the key of its HTTP adapter.",
		}
	case !isJSON(r.Header):
		return &problem{
			status: http.StatusUnsupportedMediaType, code: "unsupported_media_type", message: "The body has to be plain JSON.",
			remedy: `Send the header "Content-Type: application/json" and an uncompressed body.`,
		}
	}
	return nil
}

// isJSON holds where the body is said to be JSON in UTF-8, as it stands.
func isJSON(h http.Header) bool {
	if h.Get("Content-Encoding") != "" {
		return false
	}
	given := h.Get("Content-Type")
	if given == "application/json" {
		return true // as nearly all say it; the general way is 20 times slower
	}
	kind, params, err := mime.ParseMediaType(given)
	charset, set := params["charset"]
	return err == nil && kind == "application/json" && (!set || strings.EqualFold(charset, "utf-8"))
}

func wrongMethod(method, allowed string) *problem {
	return &problem{
		status: http.StatusMethodNotAllowed, code: "method_not_allowed", allow: allowed,
		message: fmt.Sprintf("%s is not possible here.", method),
		remedy:  "Use " + allowed + "; GET /openapi.json describes every route.",
	}
}

func (a *Adapter) readBody(v *visit) *problem {
	_, err := v.body.ReadFrom(http.MaxBytesReader(v.w, v.r.Body, a.cfg.MaxBody))
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return &problem{
			status: http.StatusRequestEntityTooLarge, code: "too_large",
			message: fmt.Sprintf("The body is larger than %d bytes.", a.cfg.MaxBody),
			remedy:  "Send a shorter question.",
		}
	}
	if err != nil {
		return invalid("The body did not arrive whole.", "Send it again.")
	}
	return nil
}

// requestID takes the peer's own id where it is fit for a log line and a header, and makes one where it is not.
func (a *Adapter) requestID(given string) string {
	if given == "" || len(given) > maxID {
		return a.makeID()
	}
	for i := range len(given) {
		if given[i] <= ' ' || given[i] > '~' {
			return a.makeID()
		}
	}
	return given
}

// makeID gives an id no other request of any process has.
func (a *Adapter) makeID() string {
	return a.prefix + strconv.FormatUint(a.serial.Add(1), 36)
}

// describe serves the OpenAPI document. It holds no secret, so it needs no key.
func (a *Adapter) describe(w http.ResponseWriter, r *http.Request) {
	v := &visit{w: w, r: r, id: a.requestID(r.Header.Get("X-Request-Id"))}
	a.dress(v)
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		a.refuse(v, wrongMethod(r.Method, "GET, HEAD"))
		return
	}
	send(w, http.StatusOK, []byte(document))
}
