package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"careerbot/bot/chat"
)

// member is one that an object may have: its name, and where its value goes. One of text and flag is set.
type member struct {
	name string
	text *string
	max  int // characters of text
	flag **bool
}

// readAsk reads the body of POST /v1/ask. The question's ID is "" where the peer gave none.
func readAsk(body []byte, topics []string) (chat.Question, *problem) {
	q := chat.Question{Platform: "web"}
	var topic string
	members := [...]member{
		{name: "question", text: &q.Text, max: chat.MaxText},
		{name: "topic", text: &topic, max: maxID},
		{name: "action", text: &q.Action, max: chat.MaxToken},
		{name: "thread", text: &q.Thread, max: maxID},
		{name: "user", text: &q.User, max: maxID},
		{name: "id", text: &q.ID, max: maxID},
	}
	if p := readObject(body, members[:]); p != nil {
		return chat.Question{}, p
	}
	if topic != "" && !slices.Contains(topics, topic) {
		return chat.Question{}, invalid(fmt.Sprintf("There is no topic %q.", topic), "The topics are "+strings.Join(topics, ", ")+".")
	}
	q.Topic = chat.Topic(topic)
	if q.Action == "" && topic == "" && strings.TrimSpace(q.Text) == "" {
		return chat.Question{}, invalid("The question is missing.",
			fmt.Sprintf(`Send {"question": "…"} with 1 to %d characters, a topic, or a suggestion's token as "action".`, chat.MaxText))
	}
	return q, nil
}

// ballot is the body of POST /v1/vote.
type ballot struct {
	answer, user, reason string
	up                   bool
}

func readBallot(body []byte) (ballot, *problem) {
	var b ballot
	var up *bool
	members := [...]member{
		{name: "answer", text: &b.answer, max: maxID},
		{name: "up", flag: &up},
		{name: "reason", text: &b.reason, max: maxReason},
		{name: "user", text: &b.user, max: maxID},
	}
	p := readObject(body, members[:])
	switch {
	case p != nil:
		return ballot{}, p
	case b.answer == "":
		return ballot{}, invalid("The answer's id is missing.", `Send "answer" with the "id" of the answer.`)
	case up == nil:
		return ballot{}, invalid("The vote is missing.", `Send "up": true for 👍 or "up": false for 👎.`)
	}
	b.up = *up
	return b, nil
}

// readObject reads a flat object. It is stricter than json.Unmarshal: names match exactly, each stands once, and what
// is not known is refused. A null counts as left out.
func readObject(body []byte, members []member) *problem {
	if !utf8.Valid(body) {
		return notJSON(body, badUTF8(body), "it is not UTF-8")
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber() // a number is refused as what it is, not as too large
	if tok, err := dec.Token(); err != nil {
		return syntax(body, err)
	} else if tok != json.Delim('{') {
		return invalid("The body is no JSON object.", `Send an object, such as {"question": "what is REST?"}.`)
	}
	seen := make([]bool, len(members))
	for dec.More() {
		if p := readMember(body, dec, members, seen); p != nil {
			return p
		}
	}
	if _, err := dec.Token(); err != nil { // the closing brace
		return syntax(body, err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return syntax(body, err)
	}
	return nil
}

func readMember(body []byte, dec *json.Decoder, members []member, seen []bool) *problem {
	at := skip(body, dec.InputOffset(), " \t\r\n,")
	name, err := dec.Token()
	if err != nil {
		return syntax(body, err)
	}
	i := slices.IndexFunc(members, func(m member) bool { return m.name == name })
	if i < 0 {
		return unknown(body, at, name, members)
	}
	if seen[i] {
		return invalid(fmt.Sprintf("The field %q stands twice%s.", name, place(body, at)), "Send it once.")
	}
	seen[i] = true
	at = skip(body, dec.InputOffset(), " \t\r\n:")
	value, err := dec.Token()
	if err != nil {
		return syntax(body, err)
	}
	return take(&members[i], value, body, at)
}

// take puts value, the token at an offset of body, where m wants it.
func take(m *member, value json.Token, body []byte, at int) *problem {
	switch value := value.(type) {
	case nil:
		return nil
	case bool:
		if m.flag != nil {
			*m.flag = &value
			return nil
		}
	case string:
		if m.text == nil {
			break
		}
		if len(value) > m.max && utf8.RuneCountInString(value) > m.max {
			return invalid(fmt.Sprintf("The field %q has more than %d characters.", m.name, m.max), "Send a shorter one.")
		}
		*m.text = value
		return nil
	}
	want := "a string"
	if m.flag != nil {
		want = "true or false"
	}
	return invalid(fmt.Sprintf("The field %q has to be %s%s.", m.name, want, place(body, at)), "GET /openapi.json describes every field.")
}

func unknown(body []byte, at int, name json.Token, members []member) *problem {
	names := make([]string, len(members))
	for i, m := range members {
		names[i] = m.name
	}
	said := chat.Clip(fmt.Sprint(name), maxID)
	return invalid(fmt.Sprintf("There is no field %q%s.", said, place(body, at)), "The fields are "+strings.Join(names, ", ")+".")
}

// syntax says where body stops being JSON, after err of the decoder. It reads the body again, all at once: unlike the
// decoder's tokens, that gives one position for every mistake.
func syntax(body []byte, err error) *problem {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return notJSON(body, len(body), "it ends too early")
	}
	var whole any
	if wrong, ok := errors.AsType[*json.SyntaxError](json.Unmarshal(body, &whole)); ok {
		return notJSON(body, max(0, int(wrong.Offset)-1), wrong.Error()) // Offset counts the wrong byte too
	}
	return notJSON(body, 0, "it cannot be read")
}

func notJSON(body []byte, at int, why string) *problem {
	return invalid("The body is not valid JSON: "+why+place(body, at)+".", `Send an object, such as {"question": "what is REST?"}.`)
}

// badUTF8 is the offset of the first byte of body that is part of no character.
func badUTF8(body []byte) int {
	at := 0
	for at < len(body) {
		r, size := utf8.DecodeRune(body[at:])
		if r == utf8.RuneError && size <= 1 {
			break
		}
		at += size
	}
	return at
}

// skip gives the offset of the first byte at or after from that is none of over.
func skip(body []byte, from int64, over string) int {
	at := int(from)
	for at < len(body) && strings.IndexByte(over, body[at]) >= 0 {
		at++
	}
	return at
}

// place puts the byte at an offset in words: line and column, in characters, from 1.
func place(body []byte, at int) string {
	before := body[:min(at, len(body))]
	line := 1 + bytes.Count(before, []byte("\n"))
	column := 1 + utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])
	return fmt.Sprintf(" (line %d, column %d)", line, column)
}
