package slacktest

import (
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"careerbot/adapters/slack/slacktest/history"
)

// hookUses is how often a response_url may be used (docs.slack.dev/interactivity/handling-user-interaction).
const hookUses = 5

// hook is a response_url.
type hook struct {
	id       string
	team     *Team
	channel  string
	thread   string
	user     string
	original string // timestamp of the message that the button was on, "" for commands
	question string
	last     string // what it posted last: replace_original replaces it where there was no original
	uses     int
	expires  time.Time
}

// HookURL is a response_url's address; the builders put it into payloads.
func (s *Slack) hookURL(id string) string { return s.base + "/hooks/" + id }

// newHook makes a response_url. The caller holds the lock.
func (s *Slack) newHook(h hook) *hook {
	h.id = s.next("hook")
	if s.serial%4096 < 4 {
		s.forget()
	}
	h.expires = s.now().Add(s.options.HookLife)
	s.hooks[h.id] = &h
	return &h
}

// newTrigger makes a trigger_id. The caller holds the lock.
func (s *Slack) newTrigger(team, user, view string) string {
	id := s.next("1337.42.")
	s.triggers[id] = trigger{team: team, user: user, view: view, expires: s.now().Add(s.options.TriggerLife)}
	return id
}

// forget drops hooks and triggers that ran out. The caller holds the lock.
func (s *Slack) forget() {
	now := s.now()
	for id, h := range s.hooks {
		if now.After(h.expires) {
			delete(s.hooks, id)
		}
	}
	for id, t := range s.triggers {
		if now.After(t.expires) {
			delete(s.triggers, id)
		}
	}
}

// serveHook takes a post to a response_url.
func (s *Slack) serveHook(w http.ResponseWriter, r *http.Request) {
	call := &history.Call{Method: ResponseURL, At: s.now()}
	given, _, err := readArgs(w, r)
	if err != nil {
		s.finishHook(w, call, http.StatusBadRequest, refuse("invalid_payload"), nil)
		return
	}
	call.Args = given
	fault, over := s.strike(w, call)
	if over {
		return
	}
	s.mu.Lock()
	status, answer := s.useHook(r.PathValue("id"), given, call)
	s.mu.Unlock()
	s.finishHook(w, call, status, answer, fault)
}

func (s *Slack) finishHook(w http.ResponseWriter, call *history.Call, status int, answer reply, fault *Fault) {
	call.Status, call.OK = status, answer["ok"] == true
	call.Error, _ = answer["error"].(string)
	if fault.after(s, w, call, answer) {
		return
	}
	s.note(call)
	writeJSON(w, status, answer)
}

// useHook posts, replaces or deletes. That a used or expired address gives 404 with these names is from memory of live
// Slack, and 400 for refused blocks is what incoming webhooks give (seen in louislam/uptime-kuma#941).
func (s *Slack) useHook(id string, a args, call *history.Call) (int, reply) {
	h := s.hooks[id]
	if h == nil {
		return http.StatusNotFound, refuse("no_service")
	}
	call.Team = h.team.ID
	switch {
	case s.now().After(h.expires):
		return http.StatusNotFound, refuse("expired_url")
	case h.uses >= hookUses:
		return http.StatusNotFound, refuse("used_url")
	}
	if a.yes("delete_original") {
		h.uses++
		return http.StatusOK, s.deleteOriginal(h)
	}
	m := draft(a)
	if refused := s.check(m); refused != nil {
		return http.StatusBadRequest, refused
	}
	h.uses++
	original := s.history.Find(h.team.ID, h.channel, h.replaces())
	if a.yes("replace_original") && original != nil && !original.Deleted {
		original.Answers = "" // it now answers this question
		s.edit(original, m)
		s.history.Replaced(original, h.question)
		return http.StatusOK, reply{"ok": true}
	}
	s.respond(h, m, a["response_type"], ResponseURL)
	return http.StatusOK, reply{"ok": true}
}

func (h *hook) replaces() string {
	if h.original != "" {
		return h.original
	}
	return h.last
}

// respond posts the answer to an interaction: for one person unless it says in_channel.
func (s *Slack) respond(h *hook, m history.Message, responseType, via string) {
	m.Team, m.Channel, m.Via = h.team.ID, h.channel, via
	if responseType != "in_channel" {
		m.Ephemeral = h.user
	}
	m.Answers = h.question
	h.last = s.post(h.team, m).TS
}

func (s *Slack) deleteOriginal(h *hook) reply {
	m := s.history.Find(h.team.ID, h.channel, h.replaces())
	if m == nil || m.Deleted {
		return refuse("message_not_found")
	}
	m.Deleted = true
	s.tell()
	return reply{"ok": true}
}

// upload is a file on its way.
type upload struct {
	name, title string
	length      string
	data        []byte
	done        bool
}

func (s *Slack) uploadURL(r request) reply {
	if r.args["filename"] == "" || r.args["length"] == "" {
		return refuse("invalid_arguments")
	}
	id := s.next("F")
	s.uploads[id] = &upload{name: r.args["filename"], length: r.args["length"]}
	return reply{"ok": true, "file_id": id, "upload_url": s.base + "/upload/" + id}
}

// serveUpload takes a file's bytes, as they are or in a form.
func (s *Slack) serveUpload(w http.ResponseWriter, r *http.Request) {
	call := &history.Call{Method: Upload, At: s.now(), Status: http.StatusOK, OK: true}
	s.mu.Lock()
	fault := s.draw(Upload)
	s.mu.Unlock()
	if fault.before(s, w, call) {
		return
	}
	data, err := fileOf(http.MaxBytesReader(w, r.Body, maxBody), r)
	s.mu.Lock()
	u := s.uploads[r.PathValue("id")]
	if u != nil && err == nil {
		u.data = data
	}
	s.mu.Unlock()
	if u == nil || err != nil {
		call.Status, call.OK = http.StatusBadRequest, false
	}
	s.note(call)
	w.WriteHeader(call.Status)
	_, _ = io.WriteString(w, "OK - "+u.size())
}

func (u *upload) size() string {
	if u == nil {
		return "0"
	}
	return u.length
}

func fileOf(body io.Reader, r *http.Request) ([]byte, error) {
	r.Body = io.NopCloser(body)
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); !strings.HasPrefix(kind, "multipart/") {
		return io.ReadAll(body)
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, err
	}
	for {
		part, err := parts.NextPart()
		if err != nil {
			return nil, err
		}
		if part.FileName() != "" {
			return io.ReadAll(part)
		}
	}
}

// completeUpload shares uploaded files in a channel.
func (s *Slack) completeUpload(r request) reply {
	var files []struct {
		ID    string `json:"id"`
		Title string `json:"title"`
	}
	if json.Unmarshal(r.args.raw("files"), &files) != nil || len(files) == 0 {
		return refuse("invalid_arguments")
	}
	var ids []string
	for _, f := range files {
		u := s.uploads[f.ID]
		if u == nil || u.data == nil || u.done {
			return refuse("file_not_found")
		}
		u.title, u.done = f.Title, true
		ids = append(ids, f.ID)
	}
	if r.args["channel_id"] != "" {
		channel, refused := s.reach(r.team(), r.args["channel_id"])
		if refused != nil {
			return refused
		}
		s.post(r.team(), history.Message{
			Team: r.team().ID, Channel: channel, ThreadTS: r.args["thread_ts"], Text: r.args["initial_comment"],
			Via: r.method, Subtype: "file_share", Files: ids,
		})
	}
	return reply{"ok": true, "files": files}
}

// File is what was uploaded under an id, nil for nothing.
func (s *Slack) File(id string) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u := s.uploads[id]; u != nil {
		return u.data
	}
	return nil
}
