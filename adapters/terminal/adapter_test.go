package terminal_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"careerbot/adapters/terminal"
	"careerbot/bot/chat"
	"careerbot/bot/chat/chattest"
)

// gallery is a script that answers a name of the gallery, and everything a conversation needs.
func gallery() *chattest.Script {
	replies := map[string]chattest.Reply{
		"broken": {Err: errors.New("disk on fire")},
		"faulty": {Err: &chat.Fault{Say: "I am asked too much at once; try again in a minute.", Err: errors.New("limit")}},
	}
	for _, e := range chattest.Gallery() {
		replies[e.Name] = chattest.Reply{Answer: e.Answer}
	}
	replies["offer:junior"] = chattest.Reply{Answer: chat.Answer{ID: "junior", Lead: "Juniors: ₹3–5 LPA (upGrad)."}}
	replies["salary senior india"] = replies["salary"]
	return chattest.NewScript(replies)
}

func TestConversation(t *testing.T) {
	t.Parallel()
	lines := strings.Join([]string{
		"", "   ", "/why", "/more", "salary", "9", "[2]", "2", "/salary senior india", "/why", "/more", "/sources", "declined", "3.",
		"broken", "faulty", "/backend", "/backend skills", "/ask", "/nothing", "/", "definition", "1", "/more", "/sources x", "/quit", "not read",
	}, "\n")
	script := gallery()
	var out, log bytes.Buffer
	a := terminal.New(terminal.Config{
		In: strings.NewReader(lines), Out: &out, Log: slog.New(slog.NewTextHandler(&log, nil)),
		Greeting: "Ask about back-end careers.", Command: "backend", Session: "s", User: "u",
	})
	if err := a.Run(t.Context(), script); err != nil {
		t.Fatal(err)
	}
	chattest.Golden(t, "testdata/conversation.txt", out.Bytes())
	check(t, strings.ReplaceAll(out.String(), "> \n", ">\n"), terminal.Options{})
	if got := log.String(); !strings.Contains(got, "disk on fire") || strings.Contains(out.String(), "disk on fire") {
		t.Errorf("the cause of an error belongs in the log, not on the screen: %s", got)
	}
	checkQuestions(t, script.Asked())
}

func checkQuestions(t *testing.T, asked []chat.Question) {
	t.Helper()
	ids := map[string]bool{}
	for _, q := range asked {
		if ids[q.ID] || !strings.HasPrefix(q.ID, "s-") || q.Platform != "terminal" || q.Thread != "terminal" || q.User != "u" {
			t.Errorf("question %+v", q)
		}
		ids[q.ID] = true
	}
	for i, want := range []chat.Question{
		{Text: "salary"},
		{Action: "offer:junior"},
		{Text: "2"},
		{Topic: chat.TopicSalary, Text: "senior india"},
		{Text: "declined"},
		{Action: "offer:what raises pay?"},
		{Text: "broken"},
		{Text: "faulty"},
		{Topic: chat.TopicSkills},
		{Text: "definition"},
		{Text: "1"},
		{Topic: chat.TopicSources, Text: "x"},
	} {
		if i >= len(asked) {
			t.Fatalf("%d questions asked, want more", len(asked))
		}
		q := asked[i]
		if q.Text != want.Text || q.Action != want.Action || q.Topic != want.Topic {
			t.Errorf("question %d is %+v, want %+v", i, q, want)
		}
	}
}

func TestLinesOfAPipe(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in string
		want     []string
	}{
		{"nothing", "", nil},
		{"no line end", "definition", []string{"definition"}},
		{"carriage returns", "definition\r\nskills\r\n", []string{"definition", "skills"}},
		{"leaving in words", "exit\ndefinition", nil},
		{"Ctrl-D is the end", "definition\n", []string{"definition"}},
		{"very long", strings.Repeat("x", 1<<20) + "\nskills\n", []string{strings.Repeat("x", 64<<10), "skills"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			script := gallery()
			if err := terminal.New(terminal.Config{In: strings.NewReader(tt.in), Out: io.Discard}).Run(t.Context(), script); err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, q := range script.Asked() {
				got = append(got, q.Text)
			}
			if strings.Join(got, "|") != strings.Join(tt.want, "|") {
				t.Errorf("asked %.100q, want %.100q", got, tt.want)
			}
		})
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	t.Parallel()
	in, keyboard := io.Pipe()
	defer keyboard.Close()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	asked := make(chan struct{})
	ask := askerFunc(func(ctx context.Context, _ chat.Question) (chat.Answer, error) {
		close(asked)
		<-ctx.Done()
		return chat.Answer{}, ctx.Err()
	})
	go func() { done <- terminal.New(terminal.Config{In: in, Out: io.Discard}).Run(ctx, ask) }()
	if _, err := io.WriteString(keyboard, "a question that takes long\n"); err != nil {
		t.Fatal(err)
	}
	<-asked
	cancel()
	if err := <-done; err != nil {
		t.Errorf("Run = %v", err)
	}
}

type askerFunc func(context.Context, chat.Question) (chat.Answer, error)

func (f askerFunc) Ask(ctx context.Context, q chat.Question) (chat.Answer, error) { return f(ctx, q) }

func TestRunReportsItsEnds(t *testing.T) {
	t.Parallel()
	bad := errors.New("gone")
	if err := terminal.New(terminal.Config{In: strings.NewReader("skills\n"), Out: writerFunc(func([]byte) (int, error) { return 0, bad })}).
		Run(t.Context(), gallery()); !errors.Is(err, bad) {
		t.Errorf("a broken output gives %v", err)
	}
	if err := terminal.New(terminal.Config{In: errReader{bad}, Out: io.Discard}).Run(t.Context(), gallery()); !errors.Is(err, bad) {
		t.Errorf("a broken input gives %v", err)
	}
	if err := terminal.New(terminal.Config{}).Run(t.Context(), gallery()); err == nil {
		t.Error("no input and no output, and no error")
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

type errReader struct{ err error }

func (r errReader) Read([]byte) (int, error) { return 0, r.err }

// TestConcurrentChats shares one Asker, for the race detector.
func TestConcurrentChats(t *testing.T) {
	t.Parallel()
	script := gallery()
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			in := strings.NewReader("salary\n2\nskills\n/help\n")
			if err := terminal.New(terminal.Config{In: in, Out: io.Discard, Color: true}).Run(t.Context(), script); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := len(script.Asked()); n != 12 {
		t.Errorf("%d questions", n)
	}
}
