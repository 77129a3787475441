package bot_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"careerbot/bot"
	"careerbot/bot/chat"
	"careerbot/bot/chat/chattest"
)

// TestTalk holds the conversations of testdata/talk. Each part of a file is one conversation: a line "> text", below
// it what the bot answers: title, text, and the follow-ups it offers in brackets. The line "> [label]" presses the
// follow-up of that label. -update rewrites the answers.
func TestTalk(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/talk/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no conversations in testdata/talk: %v", err)
	}
	b := newBot(t)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			ar := txtar.Parse(src)
			for i := range ar.Files {
				f := &ar.Files[i]
				f.Data = hold(t, b, file+f.Name, string(f.Data))
			}
			chattest.Golden(t, file, txtar.Format(ar))
		})
	}
}

// hold asks what the lines of a conversation ask and writes it anew.
func hold(t *testing.T, b *bot.Bot, thread, src string) []byte {
	t.Helper()
	var out strings.Builder
	var last chat.Answer
	for line := range strings.Lines(src) {
		text, asks := strings.CutPrefix(strings.TrimSuffix(line, "\n"), ">")
		if !asks {
			continue
		}
		text = strings.TrimPrefix(text, " ")
		q := chat.Question{Platform: "test", Thread: thread, User: "u", Text: text}
		if label, pressed := strings.CutPrefix(text, "["); pressed {
			q.Text, q.Action = "", token(t, last, strings.TrimSuffix(label, "]"))
		}
		last = ask(t, b, q)
		out.WriteString(strings.TrimRight("> "+text, " ") + "\n" + drawn(last) + "\n")
	}
	return []byte(out.String())
}

func token(t *testing.T, a chat.Answer, label string) string {
	t.Helper()
	for _, action := range a.Actions {
		if action.Label == label {
			return action.Token
		}
	}
	t.Fatalf("nothing labelled %q among %v", label, a.Actions)
	return ""
}

// took matches how long a step took, which "why?" tells and no file can hold.
var took = regexp.MustCompile(`\d+ µs`)

// drawn is an answer as the files show it.
func drawn(a chat.Answer) string {
	var out strings.Builder
	mark := "="
	if !a.Answered {
		mark = "?" // declined, greeted or not understood
	}
	fmt.Fprintf(&out, "%s %s\n%s\n", mark, a.Title, took.ReplaceAllString(chat.Plain(a), "… µs"))
	for _, block := range a.Blocks {
		if c, ok := block.(chat.Chart); ok {
			fmt.Fprintf(&out, "(chart: %s, %d bars, in %s)\n", c.Title, len(c.Bars), c.Unit)
		}
	}
	for _, action := range a.Actions {
		fmt.Fprintf(&out, "[%s] ", action.Label)
	}
	return strings.TrimRight(out.String(), " ") + "\n"
}
