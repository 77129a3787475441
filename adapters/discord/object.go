package discord

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"
)

// object is a JSON object whose members are read one by one: a member that is missing, or of a type we do not expect,
// reads as nothing, and the others are not lost with it.
type object map[string]json.RawMessage

func readObject(raw []byte) (object, bool) {
	var o object
	ok := json.Unmarshal(raw, &o) == nil
	return o, ok && o != nil
}

func get[T any](o object, name string) T {
	var v, none T
	raw, ok := o[name]
	if !ok || json.Unmarshal(raw, &v) != nil {
		return none
	}
	return v
}

// str reads a string. Most are ids and short words without an escape, for which the decoder is slow: an interaction has
// some thirty.
func (o object) str(name string) string {
	raw := o[name]
	if n := len(raw); n >= 2 && raw[0] == '"' && bytes.IndexByte(raw, '\\') < 0 && utf8.Valid(raw) {
		return string(raw[1 : n-1])
	}
	return get[string](o, name)
}

func (o object) num(name string) int    { return get[int](o, name) }
func (o object) flag(name string) bool  { return get[bool](o, name) }
func (o object) has(name string) bool   { return len(o[name]) > 0 && string(o[name]) != "null" }
func (o object) obj(name string) object { return get[object](o, name) }
func (o object) text(names ...string) string {
	for _, name := range names {
		if s := o.str(name); s != "" {
			return s
		}
	}
	return ""
}

// list gives the objects of an array; what is no object is passed over.
func (o object) list(name string) []object {
	var out []object
	for _, raw := range get[[]json.RawMessage](o, name) {
		if in, ok := readObject(raw); ok {
			out = append(out, in)
		}
	}
	return out
}
