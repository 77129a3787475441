package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"careerbot/bot"
	"careerbot/bot/eval"

	"github.com/spf13/cobra"
)

// evalFlags are the flags of eval.
type evalFlags struct {
	show, all, json bool
	require         string
}

func (p *program) evalCommand() *cobra.Command {
	var f evalFlags
	cmd := &cobra.Command{
		Use:   "eval FILE…",
		Short: "Put judged questions and say how good the answers are",
		Long: `Put the questions of each FILE ("-": standard input) and print how many answers
are right, cite an accepted article, and are declined as they should be. A file
has one JSON object a line:
  {"id":"q1","turns":["what is REST?"],"expect":"answer","must":["api"],"source":["gfg"]}

With --require, the exit status is 1 where a figure is worse.`,
		Example: `  careerbot eval bot/eval/testdata/questions.jsonl
  careerbot eval --show questions.jsonl
  careerbot eval --require acc1=0.95,acc3=0.98,decline=0.95,false_decline=0.02 questions.jsonl
  careerbot eval --json questions.jsonl`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return misused("there is no file of questions; try: careerbot eval questions.jsonl")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.withLibrary(cmd.Context(), func(lib *bot.Library) error {
				return p.evalFiles(cmd.Context(), lib, f, args)
			})
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&f.show, "show", false, "list the questions that were answered wrongly")
	flags.BoolVar(&f.all, "all", false, "list every question with its answer")
	flags.BoolVar(&f.json, "json", false, "print one JSON object for each file: the figures alone")
	flags.StringVar(&f.require, "require", "", "`FIGURES` that must be reached, such as acc1=0.95,false_decline=0.02")
	return cmd
}

// evalFiles reports on every file before it says that one of them falls short.
func (p *program) evalFiles(ctx context.Context, lib *bot.Library, f evalFlags, names []string) error {
	short := false
	for _, name := range names {
		questions, err := p.loadQuestions(name)
		if err != nil {
			return err
		}
		report, err := eval.Run(ctx, bot.New(lib), questions)
		if err != nil {
			return fmt.Errorf("evaluate %s: %w", name, err)
		}
		if err := p.writeReport(f, name, report); err != nil {
			return err
		}
		if err := report.Figures.Require(f.require); err != nil {
			fmt.Fprintf(p.err, "careerbot: %s: %v\n", name, err)
			short = true
		}
	}
	if short {
		return errFaults
	}
	return nil
}

func (p *program) loadQuestions(name string) ([]eval.Judged, error) {
	in := p.in
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, fmt.Errorf("read the questions: %w", err)
		}
		defer f.Close()
		in = f
	}
	questions, err := eval.Load(in)
	if err != nil {
		return nil, fmt.Errorf("read the questions of %s: %w", name, err)
	}
	if len(questions) == 0 {
		return nil, fmt.Errorf("read the questions of %s: there are none; see careerbot eval --help for the format", name)
	}
	return questions, nil
}

// writeReport prints what a file came to.
func (p *program) writeReport(f evalFlags, name string, r eval.Report) error {
	if !f.json {
		return r.Write(p.out, eval.WriteOptions{Name: filepath.Base(name), Failures: f.show, All: f.all})
	}
	line := struct {
		File    string       `json:"file"`
		Figures eval.Figures `json:"figures"`
	}{name, r.Figures}
	if err := json.NewEncoder(p.out).Encode(line); err != nil {
		return fmt.Errorf("print the figures of %s: %w", name, err)
	}
	return nil
}
