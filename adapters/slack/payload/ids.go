package payload

import (
	"encoding/json"
	"strings"

	"careerbot/bot/chat"
)

// Action ids of the buttons: kept for good, as messages keep their buttons. What follows a colon only makes them differ.
const (
	prefix      = "careerbot."
	ActAsk      = prefix + "ask"      // value: a token; the label is what was asked
	ActMore     = prefix + "more"     // value: a token; the answer is a message of its own
	ActPage     = prefix + "page"     // value: a token; the answer takes the place of the message
	ActWhy      = prefix + "why"      // value: a token; the answer is for who pressed
	ActSources  = prefix + "sources"  // the same
	ActShare    = prefix + "share"    // value: a Share
	ActVote     = prefix + "vote"     // of feedback_buttons; value: a token
	ActUp       = prefix + "up"       // of a plain button, where there are no feedback_buttons
	ActDown     = prefix + "down"     // the same
	ActHome     = prefix + "home"     // of the Home tab; value: a question
	ActTopic    = prefix + "topic"    // of the Home tab; value: a command's name
	ActSettings = prefix + "settings" // opens the settings
	ActReport   = prefix + "report"   // gives the report
	ActField    = prefix + "field"    // an input of a modal, read when it is submitted
)

// Callback ids of shortcuts and modals.
const (
	CallbackAnswer   = prefix + "answer"   // message shortcut Answer This Question
	CallbackAsk      = prefix + "ask"      // global shortcut, and its modal
	CallbackReason   = prefix + "reason"   // what was wrong with an answer
	CallbackSettings = prefix + "settings" // what a workspace has chosen
)

// Inputs of the modals, by block_id.
const (
	FieldQuestion = "question"
	FieldWhere    = "where"
	FieldReason   = "reason"
	FieldAnswers  = "answers" // checkboxes
	FieldQuiet    = "quiet"
	FieldOnly     = "only"
	FieldPacks    = "packs"
	FieldHere     = "here"

	ChoicePrivate  = "private"
	ChoiceFeedback = "feedback"
)

// What stands before the token in the values of feedback_buttons: the payload does not tell otherwise which was pressed.
const (
	ThumbUp   = "+"
	ThumbDown = "-"
)

// Share is what the value of Share in Channel holds: the question, to be asked again.
type Share struct {
	Topic  chat.Topic `json:"t,omitempty"`
	Text   string     `json:"q,omitempty"`
	Action string     `json:"a,omitempty"`
	Words  string     `json:"w,omitempty"` // as shown, where they are not the text
	Thread string     `json:"th,omitempty"`
}

// Value is s as it stands in the button, in bytes more than a button takes (2,000) where the question is long.
func (s Share) Value() string {
	if s.Words == s.Text {
		s.Words = ""
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)  // six characters for one, of 2,000
	if e.Encode(s) != nil { // strings always encode
		return ""
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// ReasonMetadata is what the modal of KindVoteDown carries along.
type ReasonMetadata struct {
	Place Place  `json:"p"`
	Token string `json:"t"`
}

// SettingsMetadata travels in the settings modal: the channel it was opened in, where packs are chosen for it.
type SettingsMetadata struct {
	Channel string `json:"channel,omitempty"`
}
