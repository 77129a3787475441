package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"careerbot/adapters/terminal"
	"careerbot/bot"
	"careerbot/bot/chat"

	"github.com/spf13/cobra"
)

// maxInput is how many bytes of a question are read from a file or a pipe. The bot reads less of it: chat.MaxText.
const maxInput = 1 << 20

// platform is the name this program's questions carry.
const platform = "terminal"

// oneShotGC lets the heap triple before it is cleared: a process that ends after one answer need not tidy up, but must
// stay below 64 MiB. Against Go's 100 it took a tenth off the time from start to exit, for 2 MiB.
const oneShotGC = 200

// askFlags are the flags of ask.
type askFlags struct {
	json      bool
	batch     string
	why, more bool
	topic     string
}

func (p *program) askCommand() *cobra.Command {
	var f askFlags
	cmd := &cobra.Command{
		Use:   "ask QUESTION…",
		Short: "Answer one question",
		Long: `Answer one question, put in your own words; quotes are only needed where the
shell would read a word itself. Without words, or with "-", the question is read
from standard input.

With --json --batch FILE, every line of FILE is a conversation of its own:
  {"id": "q1", "turns": ["what does a backend dev earn?", "and in the US?"]}
and one line is printed for each, in order, with the answer to its last turn. A
line that cannot be read gives {"id","error"}, and the exit status is 1.

Exit status: 0 answered, 3 declined, 2 wrong usage, 1 failure.`,
		Example: `  careerbot ask how much does a junior back-end developer make in india
  careerbot ask "do I need a degree?" --why
  careerbot ask --topic skills
  echo "rest vs graphql" | careerbot ask
  careerbot ask --json "python or java?"
  careerbot ask --json --batch questions.jsonl > answers.jsonl`,
		RunE: func(cmd *cobra.Command, args []string) error { return p.ask(cmd.Context(), f, args) },
	}
	flags := cmd.Flags()
	flags.BoolVar(&f.json, "json", false, "print one JSON object")
	flags.StringVar(&f.batch, "batch", "", "with --json: answer every line of `FILE`, or of standard input for \"-\"")
	flags.BoolVar(&f.why, "why", false, "say how the answer came about")
	flags.BoolVar(&f.more, "more", false, "show the further answers in full")
	flags.StringVar(&f.topic, "topic", "", "what the question is about: `NAME` is one of "+strings.Join(topicNames(), ", "))
	_ = cmd.RegisterFlagCompletionFunc("topic", cobra.FixedCompletions(topicNames(), cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// topicNames are the subcommands that fix a topic on other platforms.
func topicNames() []string {
	var names []string
	for _, c := range chat.Commands() {
		if c.Topic != "" {
			names = append(names, c.Name)
		}
	}
	return names
}

func readTopic(name string) (chat.Topic, error) {
	for _, c := range chat.Commands() {
		if c.Name == name && c.Topic != "" {
			return c.Topic, nil
		}
	}
	return "", misused("there is no topic %q: take one of %s", name, strings.Join(topicNames(), ", "))
}

// ask runs the command: one question, or a batch of them.
func (p *program) ask(ctx context.Context, f askFlags, args []string) error {
	if f.batch != "" {
		if !f.json || len(args) > 0 || f.topic != "" || f.why || f.more {
			return misused("--batch FILE goes with --json and with nothing else: careerbot ask --json --batch FILE")
		}
		return p.askBatch(ctx, f.batch)
	}
	q, err := p.question(f, args)
	if err != nil {
		return err
	}
	debug.SetGCPercent(oneShotGC)
	return p.withLibrary(ctx, func(lib *bot.Library) error {
		began := time.Now()
		a, err := bot.New(lib).Ask(ctx, q)
		if err != nil {
			return err
		}
		if err := p.show(f, a, time.Since(began)); err != nil {
			return fmt.Errorf("print the answer: %w", err)
		}
		if !a.Answered {
			return errDeclined
		}
		return nil
	})
}

// question puts the words of the command line, or standard input, into a chat.Question.
func (p *program) question(f askFlags, args []string) (chat.Question, error) {
	q := chat.Question{Platform: platform, Text: strings.Join(args, " ")}
	if f.topic != "" {
		t, err := readTopic(f.topic)
		if err != nil {
			return q, err
		}
		q.Topic = t
	}
	piped := slices.Equal(args, []string{"-"})
	if !piped && (len(args) > 0 || q.Topic != "") {
		return q, nil
	}
	const missing = "there is no question; try: careerbot ask what does a back-end developer do"
	if !piped && p.interactive() {
		return q, misused(missing)
	}
	text, err := readAtMost(p.in, maxInput)
	if err != nil {
		return q, err
	}
	if q.Text = strings.TrimSpace(text); q.Text == "" && q.Topic == "" {
		return q, misused(missing)
	}
	return q, nil
}

// show prints the answer for a person or, with --json, for a program.
func (p *program) show(f askFlags, a chat.Answer, took time.Duration) error {
	if f.json {
		r := newReply(a, took)
		if f.why {
			r.Why = newReason(a.Trace)
		}
		return encodeLine(p.out, r)
	}
	text := terminal.Render(a, terminal.Options{
		Color: p.colored(), Width: terminal.Width(p.out), Why: f.why, More: f.more,
	})
	_, err := io.WriteString(p.out, strings.TrimRight(text, "\n")+"\n")
	return err
}

// encodeLine writes v as one line of JSON, with "<" and "&" as they are: no browser reads it.
func encodeLine(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
