package payload

import "strings"

// Place is where an answer goes and how it is shown there. It is what the adapter stores in adapters.Event.Reply.
type Place struct {
	Team       string `json:"team,omitempty"`       // the workspace; "" where only the organisation is known
	Enterprise string `json:"enterprise,omitempty"` // the organisation, of Enterprise Grid
	Org        bool   `json:"org,omitempty"`        // installed for the whole organisation: the token is the organisation's

	Channel   string `json:"channel,omitempty"`    // a user's id where the answer goes to a direct message not yet open
	Thread    string `json:"thread,omitempty"`     // thread_ts to answer in, "" for the channel itself
	User      string `json:"user,omitempty"`       // who asked or pressed
	Hook      string `json:"hook,omitempty"`       // response_url, a secret: 5 uses within 30 minutes
	Ephemeral bool   `json:"ephemeral,omitempty"`  // User alone sees it
	Replace   bool   `json:"replace,omitempty"`    // it takes the place of the message whose button was pressed
	Paged     bool   `json:"paged,omitempty"`      // the answer is a page: the next one takes its place
	Delete    bool   `json:"delete,omitempty"`     // the message whose button was pressed goes: it was shared
	Direct    bool   `json:"direct,omitempty"`     // in a direct message or the agent surface: nobody else is there
	Repeat    bool   `json:"repeat,omitempty"`     // say who asked what, as it stands nowhere else
	Words     string `json:"words,omitempty"`      // what was asked, as shown by Repeat: typed text or a button's label
	Feedback  bool   `json:"feedback,omitempty"`   // offer 👍 and 👎
	Sharable  bool   `json:"sharable,omitempty"`   // offer Share in Channel
	ShareTo   string `json:"share_to,omitempty"`   // thread that Share in Channel posts to, "" for the channel itself
	Message   string `json:"message_ts,omitempty"` // ts of the message that was pressed, for chat.update
}

// Server is the workspace, or the organisation where only that is known.
func (p Place) Server() string {
	if p.Team == "" {
		return p.Enterprise
	}
	return p.Team
}

// IsID holds for ids as Slack makes them: capitals and digits, and in its own examples a line.
func IsID(s string) bool {
	return s != "" && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == ""
}
