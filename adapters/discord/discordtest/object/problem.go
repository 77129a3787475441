package object

import "strings"

// Problem is an error of Discord's.
type Problem struct {
	Status int // of HTTP
	Code   int
	Text   string
	Errors any // what is wrong where, with code 50035
}

// Object is the error as Discord answers it.
func (p Problem) Object() map[string]any {
	o := map[string]any{"message": p.Text, "code": p.Code}
	if p.Errors != nil {
		o["errors"] = p.Errors
	}
	return o
}

// Discord's errors: https://discord.com/developers/docs/topics/opcodes-and-status-codes#json.
var (
	Unauthorized       = Problem{401, 0, "401: Unauthorized", nil}
	NotFound           = Problem{404, 0, "404: Not Found", nil}
	UnknownChannel     = Problem{404, 10003, "Unknown Channel", nil}
	UnknownGuild       = Problem{404, 10004, "Unknown Guild", nil}
	UnknownMessage     = Problem{404, 10008, "Unknown Message", nil}
	UnknownWebhook     = Problem{404, 10015, "Unknown Webhook", nil}
	UnknownInteraction = Problem{404, 10062, "Unknown interaction", nil}
	UnknownCommand     = Problem{404, 10063, "Unknown application command", nil}
	TooLarge           = Problem{413, 40005, "Request entity too large", nil}
	Acknowledged       = Problem{400, 40060, "Interaction has already been Acknowledged.", nil}
	TooManyFollowUps   = Problem{400, 40094, "This interaction has reached the maximum number of follow up messages.", nil}
	MissingAccess      = Problem{403, 50001, "Missing Access", nil}
	NotTheAuthor       = Problem{403, 50005, "Cannot edit a message authored by another user", nil}
	EmptyMessage       = Problem{400, 50006, "Cannot send an empty message", nil}
	NoDirectMessages   = Problem{403, 50007, "Cannot send messages to this user", nil}
	MissingPermissions = Problem{403, 50013, "Missing Permissions", nil}
	DeadToken          = Problem{401, 50027, "Invalid Webhook Token", nil}
	NoJSON             = Problem{400, 50109, "The request body contains invalid JSON.", nil}
	ThreadExists       = Problem{400, 160004, "A thread has already been created for this message", nil}
)

// Invalid is the error of a body that has the right form and says something wrong.
func Invalid(field, code, text string) Problem {
	var tree any = map[string]any{"_errors": []any{map[string]any{"code": code, "message": text}}}
	parts := strings.Split(field, ".")
	for i := len(parts) - 1; i >= 0; i-- {
		tree = map[string]any{parts[i]: tree}
	}
	return Problem{400, 50035, "Invalid Form Body", tree}
}
