package discordtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"regexp"
	"strings"
	"time"
)

// call is one request with the answer it will get. Answers are written when all is done, so that a fault can spoil
// them after the effect.
type call struct {
	*http.Request
	path    string // without /api and version
	route   string // "POST /channels/{channel}/messages"
	at      time.Time
	raw     []byte
	body    []byte // JSON, of the payload_json part where there are parts
	files   map[string]File
	status  int
	header  http.Header
	content []byte
}

// reply answers with JSON; nil is no content.
func (c *call) reply(status int, v any) {
	c.status = status
	if v != nil {
		c.content = encode(v)
	}
}

// problem answers with an error of Discord's.
type problem struct {
	status, code int
	text         string
	errors       any // what is wrong where, with code 50035
}

func (c *call) fail(p problem) {
	o := map[string]any{"message": p.text, "code": p.code}
	if p.errors != nil {
		o["errors"] = p.errors
	}
	c.reply(p.status, o)
}

// Discord's errors: https://discord.com/developers/docs/topics/opcodes-and-status-codes#json.
var (
	unauthorized       = problem{401, 0, "401: Unauthorized", nil}
	notFound           = problem{404, 0, "404: Not Found", nil}
	unknownChannel     = problem{404, 10003, "Unknown Channel", nil}
	unknownGuild       = problem{404, 10004, "Unknown Guild", nil}
	unknownMessage     = problem{404, 10008, "Unknown Message", nil}
	unknownWebhook     = problem{404, 10015, "Unknown Webhook", nil}
	unknownInteraction = problem{404, 10062, "Unknown interaction", nil}
	unknownCommand     = problem{404, 10063, "Unknown application command", nil}
	tooLarge           = problem{413, 40005, "Request entity too large", nil}
	acknowledged       = problem{400, 40060, "Interaction has already been acknowledged.", nil}
	tooManyFollowUps   = problem{400, 40094, "This interaction has reached the maximum number of follow up messages.", nil}
	missingAccess      = problem{403, 50001, "Missing Access", nil}
	notTheAuthor       = problem{403, 50005, "Cannot edit a message authored by another user", nil}
	emptyMessage       = problem{400, 50006, "Cannot send an empty message", nil}
	noDirectMessages   = problem{403, 50007, "Cannot send messages to this user", nil}
	missingPermissions = problem{403, 50013, "Missing Permissions", nil}
	deadToken          = problem{401, 50027, "Invalid Webhook Token", nil}
	noJSON             = problem{400, 50109, "The request body contains invalid JSON.", nil}
	threadExists       = problem{400, 160004, "A thread has already been created for this message", nil}
)

// invalid is the error of a body that has the right form and says something wrong.
func invalid(field, code, text string) problem {
	var tree any = map[string]any{"_errors": []any{map[string]any{"code": code, "message": text}}}
	parts := strings.Split(field, ".")
	for i := len(parts) - 1; i >= 0; i-- {
		tree = map[string]any{parts[i]: tree}
	}
	return problem{400, 50035, "Invalid Form Body", tree}
}

var versioned = regexp.MustCompile(`^/api(?:/v(\d+))?(/.*)$`)

// serve answers every request.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	if !s.hold() {
		cutRequest(w)
		return
	}
	defer s.work.Done()
	switch {
	case strings.HasPrefix(r.URL.Path, gatewayPath), strings.HasPrefix(r.URL.Path, resumePath):
		s.serveGateway(w, r)
		return
	case strings.HasPrefix(r.URL.Path, "/attachments/"):
		s.serveFile(w, r)
		return
	}
	c := &call{Request: r, at: s.o.Now(), status: http.StatusOK, header: http.Header{}}
	parts := versioned.FindStringSubmatch(r.URL.Path)
	switch {
	case parts == nil:
		c.fail(notFound)
	case parts[1] != "" && parts[1] != "9" && parts[1] != "10":
		c.fail(problem{400, 50041, "Invalid API version", nil})
	default:
		c.path = parts[2]
		if !s.handle(c) {
			cutRequest(w)
			return
		}
	}
	write(w, c)
}

// handle does what a request asks for; false says that its connection is to be cut.
func (s *Server) handle(c *call) bool {
	target := c.Clone(c.Context())
	target.URL.Path, target.URL.RawPath = c.path, ""
	_, pattern := s.mux.Handler(target)
	c.route = pattern
	read := c.read()
	s.mu.Lock()
	s.stats.Requests++
	fault := s.faults.pick(c)
	if fault != nil {
		s.stats.Faulted++
	}
	s.mu.Unlock()
	if fault != nil && !s.pause(fault.Delay) {
		return false
	}
	if fault != nil && fault.early() {
		return fault.spoil(c)
	}
	s.answer(c, target, read)
	s.count(c)
	if fault != nil && fault.late() {
		return fault.spoil(c)
	}
	return true
}

// answer passes a request through gate, door and limits to its handler.
func (s *Server) answer(c *call, target *http.Request, read *problem) {
	switch {
	case c.route == "":
		c.fail(notFound)
	case read != nil:
		c.fail(*read)
	case !open(c.route) && !s.known(c.Header.Get("Authorization")):
		c.fail(unauthorized)
	case !s.judge(c):
	case !s.admit(c):
	default:
		s.mux.ServeHTTP(answerer{c}, target)
	}
}

// judge lets the gate look at a request.
func (s *Server) judge(c *call) bool {
	if s.o.Gate == nil {
		return true
	}
	err := s.o.Gate.Check(c.Method, c.path, c.Header.Get("Content-Type"), c.raw)
	if err == nil {
		return true
	}
	s.mu.Lock()
	s.stats.Rejected++
	s.mu.Unlock()
	c.fail(invalid("_gate", "REJECTED", err.Error()))
	return false
}

// count adds up the answers that Discord blocks addresses for.
func (s *Server) count(c *call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch c.status {
	case http.StatusUnauthorized:
		s.stats.Unauthorized++
	case http.StatusForbidden:
		s.stats.Forbidden++
	case http.StatusTooManyRequests:
		s.stats.Limited++
	}
	s.history.keepRequest(s.o.Keep, c)
	s.tell()
}

// open says whether a route asks for no bot token: those of interactions carry their own.
func open(route string) bool {
	return strings.Contains(route, " /interactions/") || strings.Contains(route, " /webhooks/") || route == "GET /gateway"
}

func (s *Server) known(authorization string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return authorization == "Bot "+s.o.Token && !s.world.revoked
}

// answerer gives a handler its call, through the interface that http.ServeMux has.
type answerer struct{ *call }

func (a answerer) Header() http.Header { return a.header }
func (a answerer) Write(b []byte) (int, error) {
	a.content = append(a.content, b...)
	return len(b), nil
}
func (a answerer) WriteHeader(status int) { a.status = status }

func write(w http.ResponseWriter, c *call) {
	for name, values := range c.header {
		w.Header()[name] = values
	}
	if c.content != nil {
		w.Header().Set("Content-Type", "application/json")
	}
	w.WriteHeader(c.status)
	_, _ = w.Write(c.content) // a client that is gone does not want it
}

// cutRequest ends a request's connection without an answer.
func cutRequest(w http.ResponseWriter) {
	if hijacker, ok := w.(http.Hijacker); ok {
		if connection, _, err := hijacker.Hijack(); err == nil {
			_ = connection.Close() // what was to be sent is not wanted
		}
	}
}

// read takes the body apart.
func (c *call) read() *problem {
	raw, err := io.ReadAll(http.MaxBytesReader(nil, c.Body, maxRequest))
	if err != nil {
		if _, large := errors.AsType[*http.MaxBytesError](err); large {
			return &tooLarge
		}
		return &noJSON
	}
	c.raw = raw
	return c.unpack(c.Header.Get("Content-Type"))
}

// unpack gives body and files of what was read.
func (c *call) unpack(contentType string) *problem {
	c.body = c.raw
	kind, parameters, err := mime.ParseMediaType(contentType)
	if err == nil && kind == "multipart/form-data" {
		c.body, c.files, err = readParts(c.raw, parameters["boundary"])
		if err != nil {
			return &problem{400, 50035, "Invalid Form Body", err.Error()}
		}
	}
	if len(c.body) > 0 && !json.Valid(c.body) {
		return &noJSON
	}
	return nil
}

// readParts gives the payload_json and the files of a form, by the names of their parts.
func readParts(raw []byte, boundary string) ([]byte, map[string]File, error) {
	reader := multipart.NewReader(bytes.NewReader(raw), boundary)
	var payload []byte
	files := map[string]File{}
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return payload, files, nil
		}
		if err != nil {
			return nil, nil, fmt.Errorf("read the form: %w", err)
		}
		content, err := io.ReadAll(part)
		if err != nil {
			return nil, nil, fmt.Errorf("read part %q: %w", part.FormName(), err)
		}
		if part.FormName() == "payload_json" {
			payload = content
			continue
		}
		files[part.FormName()] = File{Name: part.FileName(), ContentType: part.Header.Get("Content-Type"), Bytes: content}
	}
}

// into reads the body of a call; where it is something else, that is answered.
func (c *call) into(v any) bool {
	err := json.Unmarshal(c.body, v)
	if err != nil {
		c.fail(invalid("_", "WRONG_TYPE", err.Error()))
	}
	return err == nil
}
