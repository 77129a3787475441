package slacktest

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"careerbot/adapters/slack/slacktest/blockkit"
)

// trigger is a trigger_id: one view may be opened with it, for three seconds.
type trigger struct {
	team    string
	user    string
	view    string // the modal that it was pressed in, "" for none
	expires time.Time
	used    bool
}

// view is an opened modal or a Home tab.
type view struct {
	View
	content object
}

// View is a modal or Home tab as it stands.
type View struct {
	ID, Team, User, Kind, Hash string // Kind is "modal" or "home"
	CallbackID, ExternalID     string
	Root, Previous             string // ids of views below it
	Raw                        json.RawMessage
	Changes                    int // how often it was updated or published again
}

// Views are all that were opened or published, in the order of their ids.
func (s *Slack) Views() []View {
	s.mu.Lock()
	defer s.mu.Unlock()
	var views []View
	for _, v := range s.views {
		views = append(views, v.View)
	}
	slices.SortFunc(views, func(a, b View) int { return cmp.Compare(a.ID, b.ID) })
	return views
}

// Home is the Home tab that somebody sees; ok is false where none was published.
func (s *Slack) Home(team, user string) (v View, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, v := range s.views {
		if v.Kind == "home" && v.Team == team && v.User == user {
			return v.View, true
		}
	}
	return View{}, false
}

// checkView refuses what is no view.
func (s *Slack) checkView(raw json.RawMessage) (object, refusal) {
	var o object
	if json.Unmarshal(raw, &o) != nil {
		return nil, refuse("invalid_arguments", "[ERROR] must provide an object [json-pointer:/view]")
	}
	if r := refuseKit(blockkit.View(raw, s.options.Reject)); r != nil {
		return nil, r
	}
	return o, nil
}

// viewsOpen opens a modal, or with views.push one above it.
func (s *Slack) viewsOpen(r request) reply {
	t, known := s.triggers[r.args["trigger_id"]]
	switch {
	case r.args["trigger_id"] == "":
		return refuse("invalid_arguments", "[ERROR] missing required field: trigger_id")
	case !known || t.team != r.team().ID:
		return refuse("invalid_trigger_id")
	case t.used:
		return refuse("exchanged_trigger_id")
	case s.now().After(t.expires):
		return refuse("expired_trigger_id")
	case r.method == "views.push" && t.view == "":
		return refuse("not_found")
	}
	o, refused := s.checkView(r.args.raw("view"))
	if refused != nil {
		return refused
	}
	if text(o, "type") != "modal" {
		return refuse("invalid_arguments", "[ERROR] unsupported type: home [json-pointer:/view/type]")
	}
	t.used = true
	s.triggers[r.args["trigger_id"]] = t
	v := s.addView(View{Team: t.team, User: t.user, Kind: "modal"}, o, r.args.raw("view"))
	if r.method == "views.push" {
		v.Previous, v.Root = t.view, s.views[t.view].Root
	}
	return reply{"ok": true, "view": s.viewOf(v)}
}

func (s *Slack) addView(with View, o object, raw json.RawMessage) *view {
	v := &view{View: with}
	v.ID = s.next("V")
	v.Root = v.ID
	s.views[v.ID] = v
	s.fill(v, o, raw)
	return v
}

// fill gives a view content and a new hash.
func (s *Slack) fill(v *view, o object, raw json.RawMessage) {
	v.content, v.Raw, v.Hash = o, raw, s.next("hash.")
	v.CallbackID, v.ExternalID = text(o, "callback_id"), text(o, "external_id")
	s.tell()
}

func (s *Slack) viewsPublish(r request) reply {
	o, refused := s.checkView(r.args.raw("view"))
	if refused != nil {
		return refused
	}
	user := r.args["user_id"]
	if user == "" || text(o, "type") != "home" {
		return refuse("invalid_arguments", "[ERROR] a home view and user_id are needed")
	}
	for _, v := range s.views {
		if v.Kind == "home" && v.User == user && v.Team == r.team().ID {
			return s.change(r, v, o)
		}
	}
	v := s.addView(View{Team: r.team().ID, User: user, Kind: "home"}, o, r.args.raw("view"))
	return reply{"ok": true, "view": s.viewOf(v)}
}

func (s *Slack) viewsUpdate(r request) reply {
	v := s.views[r.args["view_id"]]
	for _, other := range s.views {
		if v == nil && r.args["external_id"] != "" && other.ExternalID == r.args["external_id"] {
			v = other
		}
	}
	if v == nil || v.Team != r.team().ID {
		return refuse("not_found")
	}
	o, refused := s.checkView(r.args.raw("view"))
	if refused != nil {
		return refused
	}
	return s.change(r, v, o)
}

// change replaces a view's content, unless the caller's hash is an older one's.
func (s *Slack) change(r request, v *view, o object) reply {
	if h := r.args["hash"]; h != "" && h != v.Hash {
		return refuse("hash_conflict")
	}
	v.Changes++
	s.fill(v, o, r.args.raw("view"))
	return reply{"ok": true, "view": s.viewOf(v)}
}

// viewOf is a view as the API and interactions show it.
func (s *Slack) viewOf(v *view) object {
	o := object{}
	for name, value := range v.content {
		o[name] = value
	}
	o["id"], o["hash"], o["team_id"], o["app_id"] = v.ID, v.Hash, v.Team, s.options.App.ID
	o["root_view_id"], o["previous_view_id"], o["app_installed_team_id"] = v.Root, v.Previous, v.Team
	o["bot_id"] = s.installs[v.Team].BotID
	if o["state"] == nil {
		o["state"] = object{"values": object{}}
	}
	return o
}

// Assistant is what assistant.threads.* set, as far as it had an effect.
type Assistant struct {
	Method, Channel, ThreadTS, Text string // Text is the status or title
	Prompts                         json.RawMessage
}

// assistantSet is setStatus and setTitle.
func (s *Slack) assistantSet(r request) reply {
	a := r.args
	if _, refused := s.reach(r.team(), a["channel_id"]); refused != nil {
		return refused
	}
	if !aStamp.MatchString(a["thread_ts"]) {
		return refuse("invalid_thread_ts")
	}
	var loading []string
	if raw := a["loading_messages"]; raw != "" && json.Unmarshal([]byte(raw), &loading) != nil {
		loading = strings.Split(raw, ",") // slack-go joins them with commas
	}
	if len(loading) > 10 {
		return refuse("invalid_arguments", "[ERROR] no more than 10 items allowed [json-pointer:/loading_messages]")
	}
	s.assistant(Assistant{r.method, a["channel_id"], a["thread_ts"], a["status"] + a["title"], nil})
	return reply{"ok": true}
}

// suggestedPrompts takes at most four. With agent_view and a thread_ts it says ok and does nothing, as the method's
// page warns.
func (s *Slack) suggestedPrompts(r request) reply {
	var prompts []struct{ Title, Message string }
	raw := r.args.raw("prompts")
	if json.Unmarshal(raw, &prompts) != nil || len(prompts) == 0 || len(prompts) > 4 {
		return refuse("invalid_arguments", "[ERROR] between 1 and 4 items allowed [json-pointer:/prompts]")
	}
	for _, p := range prompts {
		if p.Title == "" || p.Message == "" {
			return refuse("invalid_arguments", "[ERROR] missing required field [json-pointer:/prompts]")
		}
	}
	thread := r.args["thread_ts"]
	if !s.options.App.Agent && !aStamp.MatchString(thread) {
		return refuse("invalid_thread_ts")
	}
	if !s.options.App.Agent || thread == "" {
		s.assistant(Assistant{r.method, r.args["channel_id"], thread, r.args["title"], raw})
	}
	return reply{"ok": true}
}

func (s *Slack) assistant(a Assistant) {
	s.assisted = append(s.assisted, a)
	if keep := s.options.Keep; keep > 0 && len(s.assisted) > 2*keep {
		s.assisted = slices.Delete(s.assisted, 0, keep)
	}
	s.tell()
}

// Assistant is what assistant.threads.* did, oldest first.
func (s *Slack) Assistant() []Assistant {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.assisted)
}
