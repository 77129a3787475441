package web

import (
	"math"
	"strconv"
	"time"
	"unicode/utf8"

	"careerbot/bot/chat"
)

// appendAnswer writes a as JSON, by hand: encoding/json takes several times as long, and this is most of what the
// adapter does. A test reads it back with encoding/json.
func appendAnswer(b []byte, a *chat.Answer, took time.Duration) []byte {
	intent := a.Topic
	if intent == "" {
		intent = chat.TopicNone
	}
	b = appendString(append(b, `{"id":`...), a.ID)
	b = strconv.AppendBool(append(b, `,"answered":`...), a.Answered)
	b = appendString(append(b, `,"intent":`...), string(intent))
	b = appendString(append(b, `,"title":`...), a.Title)
	b = appendString(append(b, `,"lead":`...), a.Lead)
	b = append(b, `,"text":`...)
	from := len(b)
	b = appendString(b, chat.Plain(*a))
	to := len(b)
	b = appendFloat(append(b, `,"confidence":`...), a.Confidence)
	b = appendRanked(append(b, `,"answers":[`...), a, from, to)
	b = append(b, `],"suggestions":[`...)
	for i, act := range a.Actions {
		b = appendString(append(comma(b, i), `{"label":`...), act.Label)
		b = append(appendString(append(b, `,"token":`...), act.Token), '}')
	}
	b = appendSources(append(b, `],"sources":`...), a.Sources)
	b = strconv.AppendInt(append(b, `,"took_us":`...), took.Microseconds(), 10)
	return append(b, '}')
}

// appendRanked writes the ranked answers, as "careerbot ask --json" has them: the answer as a whole, whose text
// stands in b from from to to, then further passages; none where the question was not answered.
func appendRanked(b []byte, a *chat.Answer, from, to int) []byte {
	if !a.Answered {
		return b
	}
	b = appendFloat(append(b, `{"rank":1,"score":`...), a.Confidence)
	b = appendString(append(b, `,"title":`...), a.Title)
	b = append(append(b, `,"text":`...), b[from:to]...)
	b = appendSources(append(b, `,"sources":`...), a.Sources)
	b = append(b, '}')
	for i := range min(len(a.Others), maxAnswers-1) {
		o := &a.Others[i]
		b = strconv.AppendInt(append(b, `,{"rank":`...), int64(i)+2, 10)
		b = appendFloat(append(b, `,"score":`...), o.Score)
		b = appendString(append(b, `,"title":`...), o.Title)
		b = appendString(append(b, `,"text":`...), o.Text)
		b = append(appendSource(append(b, `,"sources":[`...), &o.Source), "]}"...)
	}
	return b
}

func appendSources(b []byte, sources []chat.Source) []byte {
	b = append(b, '[')
	for i := range sources {
		b = appendSource(comma(b, i), &sources[i])
	}
	return append(b, ']')
}

func appendSource(b []byte, s *chat.Source) []byte {
	b = appendString(append(b, `{"id":`...), s.ID)
	b = appendString(append(b, `,"title":`...), s.Title)
	b = appendString(append(b, `,"publisher":`...), s.Publisher)
	b = appendString(append(b, `,"date":`...), s.Date)
	b = appendString(append(b, `,"section":`...), s.Section)
	b = appendString(append(b, `,"url":`...), s.URL)
	return append(b, '}')
}

func appendProblem(b []byte, p *problem) []byte {
	b = appendString(append(b, `{"error":{"code":`...), p.code)
	b = appendString(append(b, `,"message":`...), p.message)
	b = appendString(append(b, `,"remedy":`...), p.remedy)
	return append(b, "}}"...)
}

// comma goes before every entry of a list but the first.
func comma(b []byte, i int) []byte {
	if i > 0 {
		return append(b, ',')
	}
	return b
}

// appendFloat keeps four digits after the point. JSON has no word for what is not a number; it becomes 0.
func appendFloat(b []byte, x float64) []byte {
	if x = math.Round(x*1e4) / 1e4; math.IsNaN(x) || math.IsInf(x, 0) {
		x = 0
	}
	return strconv.AppendFloat(b, x, 'f', -1, 64)
}

const hex = "0123456789abcdef"

// appendString writes s as a JSON string. Bytes that are no UTF-8 become U+FFFD; controls and the two line ends
// that are no line ends to JSON, but are to JavaScript, are escaped.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	start := 0 // of what is still to be copied
	for i := 0; i < len(s); {
		c, size := rune(s[i]), 1
		if c >= utf8.RuneSelf {
			c, size = utf8.DecodeRuneInString(s[i:])
		}
		if c >= ' ' && c != '"' && c != '\\' && (c < 0x7f || size > 1 && c > 0x9f && c != '\u2028' && c != '\u2029') {
			i += size
			continue
		}
		b = appendEscaped(append(b, s[start:i]...), c)
		i += size
		start = i
	}
	return append(append(b, s[start:]...), '"')
}

func appendEscaped(b []byte, c rune) []byte {
	switch c {
	case '"', '\\':
		return append(b, '\\', byte(c))
	case '\n':
		return append(b, '\\', 'n')
	}
	return append(b, '\\', 'u', hex[c>>12&15], hex[c>>8&15], hex[c>>4&15], hex[c&15])
}
