package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"testing"

	"careerbot/bot/chat"
	"careerbot/bot/chat/chattest"
)

// parrot answers every question with its text.
type parrot struct{ asked atomic.Int64 }

func (p *parrot) Ask(_ context.Context, q chat.Question) (chat.Answer, error) {
	p.asked.Add(1)
	return chat.Answer{Answered: true, Topic: chat.TopicHelp, Lead: q.Text, Confidence: 1}, nil
}

// always gives the same Asker.
func always(a chat.Asker) func() chat.Asker { return func() chat.Asker { return a } }

func TestBatchLines(t *testing.T) {
	t.Parallel()
	declined := chat.Answer{Topic: chat.TopicNone, Lead: "I can't say.", Actions: []chat.Action{{Label: "help"}}}
	script := map[string]chattest.Reply{
		"a":      {Answer: chat.Answer{Answered: true, Topic: chat.TopicSalary, Lead: "₹3–5 LPA <&>", Confidence: 0.98765}},
		"b":      {Answer: declined},
		"broken": {Err: errors.New("no search")},
	}
	tests := []struct{ name, line, want string }{
		{
			"answered", `{"id":"q1","turns":["a"]}`,
			`{"id":"q1","answered":true,"intent":"salary","confidence":0.9877,` +
				`"answers":[{"rank":1,"score":0.9877,"title":"","text":"₹3–5 LPA <&>","sources":[]}],"suggestions":[],"took_us":0}`,
		},
		{
			"declined", `{"id":"q1","turns":["a","b"]}`,
			`{"id":"q1","answered":false,"intent":"none","confidence":0,"message":"I can't say.","answers":[],"suggestions":["help"],"took_us":0}`,
		},
		{
			"more fields, no id", ` {"turns":["b"],"must":["x"],"expect":"decline"} `,
			`{"id":"line 1","answered":false,"intent":"none","confidence":0,"message":"I can't say.","answers":[],"suggestions":["help"],"took_us":0}`,
		},
		{
			"number for an id", `{"id":7,"turns":["b"]}`,
			`{"id":7,"answered":false,"intent":"none","confidence":0,"message":"I can't say.","answers":[],"suggestions":["help"],"took_us":0}`,
		},
		{"no JSON", `hello`, `{"id":"line 1","error":"the line is no JSON object`},
		{"no object", `["a"]`, `{"id":"line 1","error":"the line is no JSON object`},
		{"nothing", `null`, `{"id":"line 1","error":"\"turns\" must be`},
		{"cut off", `{"id":"q1","turns":["a"`, `{"id":"line 1","error":"the line is no JSON object`},
		{"no turns", `{"id":"q1"}`, `{"id":"q1","error":"\"turns\" must be`},
		{"empty turns", `{"id":"q1","turns":[]}`, `{"id":"q1","error":"\"turns\" must be`},
		{"turns of numbers", `{"id":"q1","turns":["a",2]}`, `{"id":"q1","error":"\"turns\" must be`},
		{"turns of null", `{"id":"q1","turns":["a",null]}`, `{"id":"q1","error":"\"turns\" must be`},
		{"turns are a string", `{"id":"q1","turns":"a"}`, `{"id":"q1","error":"\"turns\" must be`},
		{"id is an object", `{"id":{},"turns":["a"]}`, `{"id":"line 1","error":"\"id\" must be`},
		{"id is null", `{"id":null,"turns":["b","b","a"]}`, `{"id":"line 1","answered":true`},
		{"asker fails", `{"id":"q1","turns":["a","broken"]}`, `{"id":"q1","error":"turn 2: no search"}`},
		{"too long", `{"id":"q1","turns":["` + strings.Repeat("a", maxLine) + `"]}`, `{"id":"line 1","error":"the line is longer`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			err := answerLines(t.Context(), always(chattest.NewScript(script)), strings.NewReader(test.line+"\n"), &out)
			if bad := strings.Contains(test.want, `"error"`); bad != errors.Is(err, errFaults) {
				t.Errorf("the batch ended with %v", err)
			}
			got := strings.TrimSuffix(out.String(), "\n")
			if _, rest, ok := strings.Cut(got, `"took_us":`); ok { // the only thing that is never the same
				got = strings.TrimSuffix(got, rest) + "0}"
			}
			if got != test.want && (strings.HasSuffix(test.want, "}") || !strings.HasPrefix(got, test.want)) {
				t.Errorf("got\n%s, want\n%s", got, test.want)
			}
		})
	}
}

// TestBatchThreads wants each line to be a conversation of its own, its turns under different ids.
func TestBatchThreads(t *testing.T) {
	t.Parallel()
	script := chattest.NewScript(map[string]chattest.Reply{"a": {}, "b": {}})
	in := `{"turns":["a","b"]}` + "\n" + `{"turns":["a","b","a"]}` + "\n" + `{"turns":["a"]}`
	if err := answerLines(t.Context(), always(script), strings.NewReader(in), io.Discard); err != nil {
		t.Fatal(err)
	}
	threads, ids := map[string]int{}, map[string]bool{}
	for _, q := range script.Asked() {
		threads[q.Thread]++
		if ids[q.ID] {
			t.Errorf("the id %q came twice", q.ID)
		}
		ids[q.ID] = true
	}
	if threads["line 1"] != 2 || threads["line 2"] != 3 || threads[""] != 1 {
		t.Errorf("questions by thread: %v", threads)
	}
}

func TestBatchKeepsOrder(t *testing.T) {
	t.Parallel()
	const n = 2000
	var in, out strings.Builder
	for i := range n {
		fmt.Fprintf(&in, "{\"id\":%d,\"turns\":[\"%d\"]}\n", i, i)
	}
	if err := answerLines(t.Context(), always(&parrot{}), strings.NewReader(in.String()), &out); err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(strings.TrimSpace(out.String()), "\n") {
		var r struct {
			ID      int
			Answers []struct{ Text string }
		}
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		if r.ID != i || len(r.Answers) != 1 || r.Answers[0].Text != fmt.Sprint(i) {
			t.Fatalf("line %d is %s", i, line)
		}
	}
}

// TestBatchStreams wants an answer while the input is still open, and an end to waiting when the context ends.
func TestBatchStreams(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	in, write := io.Pipe()
	defer write.Close()
	read, out := io.Pipe()
	done := make(chan error, 1)
	from := &lazyPipe{ctx: ctx, from: in}
	defer from.close()
	go func() { done <- answerLines(ctx, always(&parrot{}), from, out) }()
	answers := bufio.NewScanner(read)
	for i := range 3 {
		if _, err := fmt.Fprintf(write, "{\"turns\":[\"q%d\"]}\n", i); err != nil {
			t.Fatal(err)
		}
		if !answers.Scan() || !strings.Contains(answers.Text(), fmt.Sprintf(`"q%d"`, i)) {
			t.Fatalf("answer %d is %q", i, answers.Text())
		}
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("the batch ended with %v", err)
	}
}

// TestBatchWaitsForItsReader wants no more lines to be worked on than the queue holds while nobody takes the answers.
func TestBatchWaitsForItsReader(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	read, out := io.Pipe()
	p := &parrot{}
	done := make(chan error, 1)
	go func() {
		endless := repeat("{\"turns\":[\"q\"]}\n")
		done <- answerLines(ctx, always(p), endless, out)
	}()
	if !bufio.NewScanner(read).Scan() {
		t.Fatal("no answer")
	}
	cancel()
	read.Close()
	<-done
	if n := p.asked.Load(); n > 1000 {
		t.Errorf("%d questions were asked ahead of a reader that took one answer", n)
	}
}

// repeat is input without an end.
type repeat string

func (r repeat) Read(b []byte) (int, error) { return copy(b, r), nil }

func TestReplyHoldsFive(t *testing.T) {
	t.Parallel()
	a := chat.Answer{
		Answered: true, Title: "Pay", Lead: "Well.",
		Sources: []chat.Source{{ID: "gfg", Title: "What", Publisher: "GeeksforGeeks", Date: "2024-04-23", Section: "Pay", URL: "https://example.org"}},
	}
	for i := range 9 {
		a.Others = append(a.Others, chat.Extract{Title: fmt.Sprint(i), Text: "More.", Score: 1 / float64(i+2), Source: chat.Source{ID: "upgrad"}})
	}
	r := newReply(a, 0)
	if len(r.Answers) != maxAnswers {
		t.Fatalf("%d answers, want %d", len(r.Answers), maxAnswers)
	}
	for i, got := range r.Answers {
		if got.Rank != i+1 || len(got.Sources) != 1 {
			t.Errorf("answer %d is %+v", i, got)
		}
	}
	want := source{"gfg", "What", "GeeksforGeeks", "2024-04-23", "Pay", "https://example.org"}
	if r.Answers[0].Sources[0] != want || r.Answers[1].Title != "0" || r.Answers[4].Score != 0.2 {
		t.Errorf("the reply is %+v", r)
	}
}
