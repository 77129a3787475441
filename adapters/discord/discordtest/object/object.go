// Package object has Discord's objects as a Discord on loopback sends and takes them: users, channels, servers, messages,
// interactions, errors. It says which messages Discord would refuse, and whom a message pings.
//
// It keeps none of them, sends nothing, and knows no route: that is the server's. It is for tests only.
package object

import (
	"encoding/json"
	"strconv"
	"time"
)

// JSON writes what cannot fail to be written: values of this package, maps of such, and JSON that was read before. Where it
// fails all the same, the JSON is an error of Discord's that says why.
func JSON(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		return json.RawMessage(`{"message":"discordtest cannot write this: ` + strconv.Quote(err.Error()) + `"}`)
	}
	return b
}

// Stamp is a time as Discord writes it.
func Stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000-07:00") }
