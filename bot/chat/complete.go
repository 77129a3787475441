package chat

// Choice is one completion of what a person has begun to type.
type Choice struct {
	Label string // as shown, at most 100 characters
	Value string // what the question then says
}

// Kinds of what a Completer completes: the typed options of the commands.
const (
	CompleteRole   = "role"
	CompleteLevel  = "level"
	CompleteRegion = "region"
	CompleteTool   = "tool" // languages, frameworks, databases, platforms, tools, ideas of the field
)

// Completer completes what people type. It is safe for concurrent use and answers in well under a millisecond.
type Completer interface {
	// Complete gives at most n choices of a kind for what has been typed so far, best first; for "" those most often
	// wanted, and none for a kind that is not known.
	Complete(kind, typed string, n int) []Choice
}
