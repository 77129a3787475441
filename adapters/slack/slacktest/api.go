package slacktest

import (
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"careerbot/adapters/slack/slacktest/blockkit"
	"careerbot/adapters/slack/slacktest/history"
)

// maxBody bounds a request, in bytes: a message of 40,000 characters with 50 full blocks is far below.
const maxBody = 4 << 20

// object is a JSON object as encoding/json reads it.
type object = map[string]any

// text is a string in an object, "" where there is none.
func text(o object, name string) string {
	t, _ := o[name].(string)
	return t
}

// reply is an answer of the Web API.
type reply map[string]any

// refusal is a reply that says no; nil refuses nothing.
type refusal = reply

// refuse is the plain refusal, with the pointers into what was wrong.
func refuse(name string, pointers ...string) refusal {
	r := refusal{"ok": false, "error": name}
	if len(pointers) > 0 {
		r["response_metadata"] = map[string]any{"messages": pointers}
		r["errors"] = pointers
	}
	return r
}

// refuseKit puts what is wrong with blocks and views as Slack does: plain in errors, marked in
// response_metadata.messages.
func refuseKit(wrong *blockkit.Refusal) refusal {
	if wrong == nil {
		return nil
	}
	if wrong.Errors == nil {
		return refuse(wrong.Name)
	}
	marked := make([]string, len(wrong.Errors))
	for i, e := range wrong.Errors {
		marked[i] = "[ERROR] " + e
	}
	r := refuse(wrong.Name, marked...)
	r["errors"] = wrong.Errors
	return r
}

// args are a method's arguments: what was no string in a JSON body is the JSON text here, as it is in a form.
type args map[string]string

// raw is an argument that holds JSON, nil where it is absent.
func (a args) raw(name string) json.RawMessage {
	if a[name] == "" || a[name] == "null" {
		return nil
	}
	return json.RawMessage(a[name])
}

// yes says whether an argument is true as Slack reads it.
func (a args) yes(name string) bool { return a[name] == "true" || a[name] == "1" }

// request is one call of a method, admitted.
type request struct {
	method string
	args   args
	grant  *grant // nil for app-level methods
}

func (r request) team() *Team { return r.grant.team }

// method is what a name does. It is called with the lock held.
type method func(*Slack, request) reply

func methodOf(name string) method {
	switch name {
	case "api.test":
		return func(*Slack, request) reply { return reply{"ok": true} }
	case "auth.test":
		return (*Slack).authTest
	case "auth.revoke":
		return (*Slack).authRevoke
	case "apps.connections.open":
		return (*Slack).connectionsOpen
	case "chat.postMessage":
		return (*Slack).postMessage
	case "chat.postEphemeral":
		return (*Slack).postEphemeral
	case "chat.update":
		return (*Slack).updateMessage
	case "chat.delete":
		return (*Slack).deleteMessage
	case "conversations.history":
		return (*Slack).conversationsHistory
	case "conversations.replies":
		return (*Slack).conversationsReplies
	case "conversations.info":
		return (*Slack).conversationsInfo
	case "conversations.open":
		return (*Slack).conversationsOpen
	case "users.info":
		return (*Slack).usersInfo
	case "bots.info":
		return (*Slack).botsInfo
	case "views.open", "views.push":
		return (*Slack).viewsOpen
	case "views.publish":
		return (*Slack).viewsPublish
	case "views.update":
		return (*Slack).viewsUpdate
	case "assistant.threads.setStatus", "assistant.threads.setTitle":
		return (*Slack).assistantSet
	case "assistant.threads.setSuggestedPrompts":
		return (*Slack).suggestedPrompts
	case "files.getUploadURLExternal":
		return (*Slack).uploadURL
	case "files.completeUploadExternal":
		return (*Slack).completeUpload
	case "oauth.v2.access":
		return (*Slack).oauthAccess
	case "blocks.validate":
		return (*Slack).blocksValidate
	}
	return nil
}

// serveAPI answers a call: faults before, the method, faults after.
func (s *Slack) serveAPI(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("method")
	call := &history.Call{Method: name, At: s.now()}
	given, token, err := readArgs(w, r)
	if err != nil {
		s.finish(w, call, refuse("invalid_json"), nil)
		return
	}
	call.Args = given
	fault, over := s.strike(w, call)
	if over {
		return
	}
	answer := s.call(name, token, given, call)
	if granted := s.scopes(token); granted != "" {
		w.Header().Set("X-OAuth-Scopes", granted) // as Slack's answers to good tokens have it
	}
	s.finish(w, call, answer, fault)
}

// scopes lists what a token is good for.
func (s *Slack) scopes(token string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if g := s.grants[token]; g != nil && g.gone == "" {
		return strings.Join(g.scopes, ",")
	}
	return ""
}

// call runs a method under the lock.
func (s *Slack) call(name, token string, given args, call *history.Call) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	do := methodOf(name)
	if do == nil {
		return refuse("unknown_method")
	}
	g, refused := s.admit(name, token)
	if g != nil {
		call.Team = g.team.ID
	}
	if refused != nil {
		return refused
	}
	return do(s, request{name, given, g})
}

// finish notes the call and writes its reply, unless a fault does something else with it.
func (s *Slack) finish(w http.ResponseWriter, call *history.Call, answer reply, fault *Fault) {
	call.OK = answer["ok"] == true
	call.Error, _ = answer["error"].(string)
	call.Status = http.StatusOK
	wait, limited := answer["retry_after"].(string)
	if limited {
		call.Status = http.StatusTooManyRequests
	}
	if fault.after(s, w, call, answer) {
		return
	}
	s.note(call)
	if limited {
		w.Header().Set("Retry-After", wait)
	}
	writeJSON(w, call.Status, answer)
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // a caller that is gone needs no reply
}

// readArgs reads both encodings, and finds the token in the header, the form or the query.
func readArgs(w http.ResponseWriter, r *http.Request) (given args, token string, err error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return nil, "", err
	}
	given = args{}
	for name, values := range r.URL.Query() {
		given[name] = values[0]
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch kind {
	case "application/json":
		err = given.readJSON(body)
	default:
		err = given.readForm(body)
	}
	token = given["token"]
	delete(given, "token") // no secret in the history
	if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok && bearer != "" {
		token = bearer
	}
	if id, secret, ok := r.BasicAuth(); ok { // how OAuth clients may name themselves
		given["client_id"], given["client_secret"] = id, secret
	}
	return given, token, err
}

func (a args) readJSON(body []byte) error {
	if len(body) == 0 {
		return nil
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(body, &fields); err != nil {
		return err
	}
	for name, value := range fields {
		var text string
		if json.Unmarshal(value, &text) != nil {
			text = string(value)
		}
		a[name] = text
	}
	return nil
}

func (a args) readForm(body []byte) error {
	values, err := url.ParseQuery(string(body))
	for name, v := range values {
		a[name] = v[0]
	}
	return err
}

func (s *Slack) authTest(r request) reply {
	t := r.team()
	return reply{
		"ok": true, "url": "https://" + t.Domain + ".slack.com/", "team": t.Name, "team_id": t.ID, "user": "careerbot",
		"user_id": t.BotUser, "bot_id": t.BotID, "enterprise_id": t.Enterprise, "is_enterprise_install": t.OrgWide,
	}
}

func (s *Slack) authRevoke(r request) reply {
	if !r.args.yes("test") {
		r.grant.gone = "token_revoked"
		delete(s.refresh, r.grant.refresh)
	}
	return reply{"ok": true, "revoked": !r.args.yes("test")}
}

// connectionsOpen gives the address of one socket, good for one dial.
func (s *Slack) connectionsOpen(request) reply {
	ticket := s.next("ticket")
	s.tickets[ticket] = true
	address := "ws" + strings.TrimPrefix(s.base, "http") + "/link/?ticket=" + ticket + "&app_id=" + s.options.App.ID
	return reply{"ok": true, "url": address}
}

// paceOf says how long a channel must wait for its next post, as Retry-After; the caller holds the lock.
func (s *Slack) paceOf(p place) refusal {
	if s.options.Pace <= 0 {
		return nil
	}
	now := s.now()
	if wait := s.options.Pace - now.Sub(s.paced[p]); wait > 0 {
		limited := refuse("ratelimited")
		limited["retry_after"] = seconds(wait)
		return limited
	}
	s.paced[p] = now
	return nil
}

// seconds writes a Retry-After: whole seconds, rounded up.
func seconds(d time.Duration) string {
	n := (d + time.Second - 1) / time.Second
	return strconv.Itoa(int(n))
}

// blocksValidate is the validator that Slack offers to everybody, without a token.
func (s *Slack) blocksValidate(r request) reply {
	refused := refuse("invalid_arguments")
	switch {
	case r.args.raw("blocks") != nil:
		refused = refuseKit(blockkit.Message(r.args.raw("blocks"), s.options.Reject))
	case r.args.raw("view") != nil:
		_, refused = s.checkView(r.args.raw("view"))
	case r.args.raw("message") != nil:
		var message struct {
			Blocks json.RawMessage `json:"blocks"`
		}
		if json.Unmarshal(r.args.raw("message"), &message) == nil {
			refused = refuseKit(blockkit.Message(message.Blocks, s.options.Reject))
		}
	}
	if refused != nil {
		return refused
	}
	return reply{"ok": true}
}
