package wire

// Callback is the body of POST /interactions/{id}/{token}/callback and of the HTTP response to an interaction.
type Callback struct {
	Type int `json:"type"`
	Data any `json:"data,omitempty"`

	Files []File `json:"-"` // of Data, where it is a reply
}

// Types of callbacks: https://discord.com/developers/docs/interactions/receiving-and-responding.
const (
	callbackPong    = 1
	callbackMessage = 4
	callbackDefer   = 5
	callbackWait    = 6 // acknowledges a button; an edit follows
	callbackUpdate  = 7 // replaces the message of the button
	callbackChoices = 8
	callbackModal   = 9
)

// Pong answers the ping by which Discord tries an endpoint.
func Pong() Callback { return Callback{Type: callbackPong} }

// Answered answers an interaction with a message of its own.
func Answered(r Reply) Callback {
	return Callback{Type: callbackMessage, Data: r, Files: r.Files}
}

// Updated replaces the message whose button was pressed.
func Updated(r Reply) Callback {
	r = r.ForEdit()
	return Callback{Type: callbackUpdate, Data: r, Files: r.Files}
}

// Deferred promises an answer: a message of its own, or for a page in place nothing that shows.
func Deferred(ephemeral, inPlace bool) Callback {
	switch {
	case inPlace:
		return Callback{Type: callbackWait}
	case ephemeral:
		return Callback{Type: callbackDefer, Data: map[string]int{"flags": FlagEphemeral}}
	}
	return Callback{Type: callbackDefer}
}

// Modal opens a form.
func Modal(f Form) Callback { return Callback{Type: callbackModal, Data: f} }

// Completed answers with what an option may be completed with.
func Completed(list ChoiceList) Callback { return Callback{Type: callbackChoices, Data: list} }

// Choice is a completion as Discord's JSON has it.
type Choice struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// ChoiceList is the data of completions. It leaves an empty list out: Discord is reported to refuse an empty one (interactions.py#756).
type ChoiceList struct {
	Choices []Choice `json:"choices,omitempty"`
}

// Form is the data of a modal.
type Form struct {
	CustomID   string      `json:"custom_id"`
	Title      string      `json:"title"`
	Components []Component `json:"components"`
}
