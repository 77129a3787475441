// Package rest is the outside of Discord's REST interface: it takes requests apart, JSON and forms alike, sends them to
// whoever serves their route, counts them against rate limits, spoils them on order and writes their answers.
//
// It knows no route but for the usual limits, and no object that a request is about, and does not look at who asks. It is
// for tests only.
package rest

import (
	"encoding/json"
	"net/http"
	"regexp"
	"time"

	"careerbot/adapters/discord/discordtest/object"
)

// Call is one request with the answer it will get. Answers are written when all is done, so that a fault can spoil
// them after the effect. It is used by one goroutine.
type Call struct {
	*http.Request
	Path   string // without /api and version
	Route  string // "POST /channels/{channel}/messages"; "" where there is none
	At     time.Time
	Raw    []byte
	Body   []byte // JSON, of the payload_json part where there are parts
	Files  map[string]object.File
	Status int
	Answer []byte

	header http.Header   // of the answer
	target *http.Request // with Path, for the routes
}

// New takes a request up that came at a time, as far as to see where it goes. The error is what Discord says where that is
// nowhere; the call is good all the same to be answered by.
func New(r *http.Request, at time.Time) (*Call, *object.Problem) {
	c := &Call{Request: r, At: at, Status: http.StatusOK, header: http.Header{}}
	version, path, ok := Versioned(r.URL.Path)
	switch {
	case !ok:
		return c, &object.NotFound
	case version != "" && version != "9" && version != "10":
		return c, &object.Problem{Status: http.StatusBadRequest, Code: 50041, Text: "Invalid API version"}
	}
	c.Path = path
	return c, nil
}

var versioned = regexp.MustCompile(`^/api(?:/v(\d+))?(/.*)$`)

// Versioned takes "/api/v10" off a path. The version is "" where the path has none; ok is false where it is not under /api.
func Versioned(path string) (version, inner string, ok bool) {
	m := versioned.FindStringSubmatch(path)
	if m == nil {
		return "", "", false
	}
	return m[1], m[2], true
}

// Reply answers with JSON; nil is no content.
func (c *Call) Reply(status int, v any) {
	c.Status = status
	if v != nil {
		c.Answer = object.JSON(v)
	}
}

// Fail answers with an error of Discord's.
func (c *Call) Fail(p object.Problem) { c.Reply(p.Status, p.Object()) }

// Into reads the body of a call; where it is something else, that is answered and false returned.
func (c *Call) Into(v any) bool {
	err := json.Unmarshal(c.Body, v)
	if err != nil {
		c.Fail(object.Invalid("_", "WRONG_TYPE", err.Error()))
	}
	return err == nil
}

// Write writes the answer.
func (c *Call) Write(w http.ResponseWriter) {
	for name, values := range c.header {
		w.Header()[name] = values
	}
	if c.Answer != nil {
		w.Header().Set("Content-Type", "application/json")
	}
	w.WriteHeader(c.Status)
	_, _ = w.Write(c.Answer) // a client that is gone does not want it
}

// Cut ends a request's connection without an answer.
func Cut(w http.ResponseWriter) {
	if hijacker, ok := w.(http.Hijacker); ok {
		if connection, _, err := hijacker.Hijack(); err == nil {
			_ = connection.Close() // what was to be sent is not wanted
		}
	}
}

// Routes is what serves which calls. The zero value serves none.
type Routes struct{ mux *http.ServeMux }

// NewRoutes makes routes of patterns such as "GET /channels/{channel}", as [http.ServeMux] knows them. What is found in place
// of a name in braces is PathValue's of the call.
func NewRoutes(serve map[string]func(*Call)) *Routes {
	mux := http.NewServeMux()
	for pattern, handle := range serve {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			a, ok := w.(answerer)
			if !ok {
				http.NotFound(w, r)
				return
			}
			a.Request = r
			handle(a.Call)
		})
	}
	return &Routes{mux}
}

// Find finds a call's route, and reads its body. The error is what Discord says of a body that it cannot read.
func (r *Routes) Find(c *Call) *object.Problem {
	c.target = c.Clone(c.Context())
	c.target.URL.Path, c.target.URL.RawPath = c.Path, ""
	_, c.Route = r.mux.Handler(c.target)
	return c.read()
}

// Serve has a call that was found served.
func (r *Routes) Serve(c *Call) { r.mux.ServeHTTP(answerer{c}, c.target) }

// answerer gives a handler its call, through the interface that http.ServeMux has.
type answerer struct{ *Call }

func (a answerer) Header() http.Header { return a.header }
func (a answerer) Write(b []byte) (int, error) {
	a.Answer = append(a.Answer, b...)
	return len(b), nil
}
func (a answerer) WriteHeader(status int) { a.Status = status }
