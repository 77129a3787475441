package chattest_test

import (
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"testing"

	"careerbot/bot/chat"
	"careerbot/bot/chat/chattest"
)

func TestGalleryCoversEveryShape(t *testing.T) {
	t.Parallel()
	name := regexp.MustCompile(`^[a-z_]+$`)
	names, blocks := map[string]bool{}, map[string]bool{}
	for _, e := range chattest.Gallery() {
		if names[e.Name] || !name.MatchString(e.Name) {
			t.Errorf("name %q is taken or no file name", e.Name)
		}
		names[e.Name] = true
		if len(e.Answer.Actions) > chat.MaxActions {
			t.Errorf("%s offers %d actions", e.Name, len(e.Answer.Actions))
		}
		offered := slices.Clone(e.Answer.Actions)
		for _, f := range e.Answer.Facets {
			if f.Name == "" || len(f.Options) == 0 {
				t.Errorf("%s has a facet without a name or options", e.Name)
			}
			offered = append(offered, f.Options...)
		}
		for _, a := range offered {
			if len(a.Token) > chat.MaxToken {
				t.Errorf("%s: token %q is too long", e.Name, a.Token)
			}
		}
		for _, b := range e.Answer.Blocks {
			blocks[reflect.TypeOf(b).Name()] = true
		}
	}
	for _, want := range []string{"Text", "List", "Table", "Quote", "Chart"} {
		if !blocks[want] {
			t.Errorf("no answer has a %s", want)
		}
	}
}

// TestGalleryIsFresh guards parallel tests: nobody can change another's answers.
func TestGalleryIsFresh(t *testing.T) {
	t.Parallel()
	chattest.Gallery()[0].Answer.Blocks[0] = nil
	if chattest.Gallery()[0].Answer.Blocks[0] == nil {
		t.Error("two calls share their blocks")
	}
}

func TestScript(t *testing.T) {
	t.Parallel()
	bad := errors.New("bad")
	s := chattest.NewScript(map[string]chattest.Reply{
		"hello":         {Answer: chat.Answer{Lead: "free"}},
		"salary senior": {Answer: chat.Answer{Lead: "topic"}},
		"tok":           {Answer: chat.Answer{Lead: "action"}},
		"fail":          {Err: bad},
	})
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	tests := []struct {
		ctx  context.Context
		q    chat.Question
		want string
		err  error
	}{
		{t.Context(), chat.Question{Text: "hello"}, "free", nil},
		{t.Context(), chat.Question{Topic: chat.TopicSalary, Text: "senior"}, "topic", nil},
		{t.Context(), chat.Question{Action: "tok", Text: "hello"}, "action", nil},
		{t.Context(), chat.Question{Text: "fail"}, "", bad},
		{ended, chat.Question{Text: "hello"}, "", context.Canceled},
	}
	for _, tt := range tests {
		a, err := s.Ask(tt.ctx, tt.q)
		if a.Lead != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("Ask(%+v) = %q, %v", tt.q, a.Lead, err)
		}
	}
	var fault *chat.Fault
	if _, err := s.Ask(t.Context(), chat.Question{Text: "?"}); !errors.As(err, &fault) {
		t.Errorf("an unscripted question gives %v", err)
	}
	if got := s.Asked(); len(got) != len(tests)+1 || got[0].Text != "hello" {
		t.Errorf("Asked() = %+v", got)
	}
}

func TestGolden(t *testing.T) {
	t.Parallel()
	if flag.Lookup("update").Value.String() == "true" {
		t.Skip("with -update every text is right")
	}
	path := filepath.Join(t.TempDir(), "golden.txt")
	if err := os.WriteFile(path, []byte("one\ntwo\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	chattest.Golden(t, path, []byte("one\ntwo\n"))
	for _, got := range []string{"one\ntwo", "one\nthree\n", "one\ntwo\n\n", ""} {
		r := &recorder{TB: t}
		chattest.Golden(r, path, []byte(got))
		if !r.failed {
			t.Errorf("Golden took %q for the file", got)
		}
	}
}

// recorder notes a failure instead of failing the test.
type recorder struct {
	testing.TB
	failed bool
}

func (r *recorder) Errorf(string, ...any) { r.failed = true }
func (r *recorder) Helper()               {}
