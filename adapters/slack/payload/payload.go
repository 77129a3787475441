package payload

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"unicode"
)

// The payloads as far as they are read. They are decoded here and not by slack-go, whose types refuse a whole event for one
// block they do not know. Field by field: what has a form of its own is taken for absent.

// loose is a string, or the id of an object: Slack sends users, teams and channels as both. Everything else is "".
type loose string

// UnmarshalJSON never fails.
func (l *loose) UnmarshalJSON(data []byte) error {
	*l = ""
	if len(data) == 0 {
		return nil
	}
	switch data[0] {
	case '"':
		var s string
		if json.Unmarshal(data, &s) == nil {
			*l = loose(s)
		}
	case '{':
		var o struct{ ID string }
		if json.Unmarshal(data, &o) == nil {
			*l = loose(o.ID)
		}
	}
	return nil
}

// grantor is one entry of authorizations: an installation that the event is for.
type grantor struct {
	Enterprise loose `json:"enterprise_id"`
	Team       loose `json:"team_id"`
	User       loose `json:"user_id"`
	Bot        bool  `json:"is_bot"`
	Org        bool  `json:"is_enterprise_install"`
}

// eventBody is the body of an event_callback.
type eventBody struct {
	Type           string    `json:"type"`
	Team           loose     `json:"team_id"`
	Enterprise     loose     `json:"enterprise_id"`
	App            loose     `json:"api_app_id"`
	EventID        string    `json:"event_id"`
	Authorizations []grantor `json:"authorizations"`
	Event          event     `json:"event"`
}

// event is the inner event, of every type.
type event struct {
	Type        string `json:"type"`
	Subtype     string `json:"subtype"`
	Text        string `json:"text"`
	User        loose  `json:"user"`
	Bot         loose  `json:"bot_id"`
	App         loose  `json:"app_id"`
	Channel     loose  `json:"channel"`
	ChannelType string `json:"channel_type"`
	TS          string `json:"ts"`
	Thread      string `json:"thread_ts"`
	EventTS     string `json:"event_ts"`
	Hidden      bool   `json:"hidden"`
	Tab         string `json:"tab"`
	Files       []any  `json:"files"`
	Tokens      struct {
		Bot []string `json:"bot"`
	} `json:"tokens"`
	Assistant struct {
		User    loose  `json:"user_id"`
		Channel loose  `json:"channel_id"`
		Thread  string `json:"thread_ts"`
	} `json:"assistant_thread"`
}

// textObject is a plain_text or mrkdwn object.
type textObject struct {
	Text string `json:"text"`
}

// option is one entry of a select or of checkboxes.
type option struct {
	Text  textObject `json:"text"`
	Value string     `json:"value"`
}

// action is what was pressed or chosen.
type action struct {
	Type     string     `json:"type"`
	ID       string     `json:"action_id"`
	Value    string     `json:"value"`
	Text     textObject `json:"text"`
	Selected option     `json:"selected_option"`
	TS       string     `json:"action_ts"`
}

// field is the state of one input of a view.
type field struct {
	Value         string   `json:"value"`
	Option        option   `json:"selected_option"`
	Options       []option `json:"selected_options"`
	Conversations []string `json:"selected_conversations"`
}

// interaction is a payload of /slack/interactions, of every type.
type interaction struct {
	Type       string `json:"type"`
	Callback   string `json:"callback_id"`
	Trigger    string `json:"trigger_id"`
	ActionTS   string `json:"action_ts"`
	Team       loose  `json:"team"`
	Enterprise loose  `json:"enterprise"`
	Org        bool   `json:"is_enterprise_install"`
	User       struct {
		ID   loose `json:"id"`
		Team loose `json:"team_id"`
	} `json:"user"`
	Channel   loose    `json:"channel"`
	Hook      string   `json:"response_url"`
	Actions   []action `json:"actions"`
	Container struct {
		Type      string `json:"type"`
		Message   string `json:"message_ts"`
		Thread    string `json:"thread_ts"`
		Channel   loose  `json:"channel_id"`
		Ephemeral bool   `json:"is_ephemeral"`
	} `json:"container"`
	Message struct {
		TS     string          `json:"ts"`
		Thread string          `json:"thread_ts"`
		Text   string          `json:"text"`
		Blocks json.RawMessage `json:"blocks"`
	} `json:"message"`
	View struct {
		ID       string `json:"id"`
		Callback string `json:"callback_id"`
		Private  string `json:"private_metadata"`
		Team     loose  `json:"app_installed_team_id"`
		State    struct {
			Values map[string]map[string]field `json:"values"`
		} `json:"state"`
	} `json:"view"`
	Hooks []struct {
		URL     string `json:"response_url"`
		Channel loose  `json:"channel_id"`
	} `json:"response_urls"`
}

// decode reads payload into v as far as it goes; false says that it is no JSON object.
func decode(payload []byte, v any) bool {
	err := json.Unmarshal(payload, v)
	if _, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		// What has another type than expected is passed over and everything else is read: so encoding/json promises.
		return strings.HasPrefix(strings.TrimLeftFunc(string(payload[:min(len(payload), 64)]), unicode.IsSpace), "{")
	}
	return err == nil
}

// maxKey is how long a key may be in bytes, so that the tokens that name an answer fit chat.MaxToken.
const maxKey = 80

// key makes the name of an event of its parts. A key that would be too long for a button's token, has what a store would
// not take, or lacks a part, is of its hash.
func key(raw []byte, parts ...string) string {
	k := strings.Join(parts, ":")
	whole := true
	for _, p := range parts {
		whole = whole && p != "" && strings.Trim(p, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") == ""
	}
	if whole && len(k) <= maxKey {
		return k
	}
	if whole {
		raw = []byte(k)
	}
	sum := sha256.Sum256(raw)
	return parts[0] + ":" + base64.RawURLEncoding.EncodeToString(sum[:])
}
