package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"

	"careerbot/bot"
	"careerbot/bot/report"
	"careerbot/bot/store"

	"github.com/spf13/cobra"
)

// Bounds of a report.
const (
	reportDays = 30
	mostDays   = 3660 // ten years
	reportGaps = 10   // shown unless asked otherwise
)

// reportFlags are the flags of report.
type reportFlags struct {
	days, top       int
	until           string
	json, csv, gaps bool
}

func (p *program) reportCommand() *cobra.Command {
	var f reportFlags
	cmd := &cobra.Command{
		Use:   "report",
		Short: "Say what was asked, how it went, and which articles are lacking",
		Long: `Read the journal of questions that "careerbot serve" keeps and print how many were
asked by day and topic, answered and declined, what the votes say, and how long the
answers took. Then the coverage gaps: questions that were declined or voted down,
similar ones together, most asked first, with examples and with what is missing, so
that you know which article to add. Days are days of UTC.

The journal reaches as far back as RETENTION. A SQLite state belongs to one process
at a time: stop the server first, or keep the state in PostgreSQL.`,
		Example: `  careerbot report
  careerbot report --days 7 --gaps
  careerbot report --until 2026-05-31 --days 31 --csv
  DATABASE_URL=postgres://bot@db/careerbot careerbot report --json`,
		Args: cobra.NoArgs,
	}
	flags := cmd.Flags()
	flags.IntVar(&f.days, "days", reportDays, "how many days to report on")
	flags.StringVar(&f.until, "until", "", "the last day, as `YYYY-MM-DD` (default: today)")
	flags.IntVar(&f.top, "top", reportGaps, "how many gaps to print; 0 prints all")
	flags.BoolVar(&f.gaps, "gaps", false, "print the coverage gaps alone")
	flags.BoolVar(&f.json, "json", false, "print one JSON object")
	flags.BoolVar(&f.csv, "csv", false, "print a table of questions by day and topic, or of the gaps with --gaps")
	values, path := p.addSettings(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		since, err := f.since(time.Now())
		if err != nil {
			return err
		}
		c, err := p.load(cmd, values, *path)
		if err != nil {
			return err
		}
		return p.report(cmd.Context(), c, f, since)
	}
	return cmd
}

// since is the first day to report on.
func (f reportFlags) since(now time.Time) (time.Time, error) {
	last := now.UTC()
	if f.until != "" {
		var err error
		if last, err = time.Parse(time.DateOnly, f.until); err != nil {
			return last, misused("--until %q is no day: write it as 2026-05-31", f.until)
		}
	}
	switch {
	case f.json && f.csv:
		return last, misused("--json and --csv exclude each other: choose one")
	case f.days < 1 || f.days > mostDays:
		return last, misused("--days %d is no number of days from 1 to %d", f.days, mostDays)
	case f.top < 0:
		return last, misused("--top %d is no number of gaps: write 0 for all", f.top)
	}
	y, m, d := last.Date()
	return time.Date(y, m, d-f.days+1, 0, 0, 0, 0, time.UTC), nil
}

// report opens the knowledge before the state, which a server may be waiting for, and prints after giving it back.
func (p *program) report(ctx context.Context, c config, f reportFlags, since time.Time) (err error) {
	lib, err := bot.OpenLibrary(ctx, bot.LibraryConfig{Builtin: !p.noBuiltin, Dirs: append(listed(c.get("KNOWLEDGE_DIRS")), p.knowledge...)})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lib.Close()) }()
	pack := lib.Pack()
	var r report.Report
	err = p.withState(ctx, c, func(s *store.Store) (err error) {
		journal := questions(s.Journal(ctx, since), since.AddDate(0, 0, f.days))
		r, err = report.Make(journal, report.Options{Since: since, Days: f.days, Lexicon: pack.Lexicon, Role: pack.Role, Gaps: f.top})
		return err
	})
	if err != nil {
		return err
	}
	return p.printReport(r, f)
}

// questions gives the entries of a journal before end as a report reads them.
func questions(journal iter.Seq2[store.Asked, error], end time.Time) iter.Seq2[report.Question, error] {
	return func(yield func(report.Question, error) bool) {
		for a, err := range journal {
			if err == nil && !a.At.Before(end) {
				return // the rest is later still
			}
			q := report.Question{
				At: a.At, Topic: a.Topic, Text: a.Text, Answered: a.Answered, Took: a.Took, User: a.User,
				Up: a.Up, Down: a.Down, Reasons: a.Reasons,
			}
			if !yield(q, err) {
				return
			}
		}
	}
}

func (p *program) printReport(r report.Report, f reportFlags) error {
	switch {
	case f.csv && f.gaps:
		return r.WriteGapsCSV(p.out)
	case f.csv:
		return r.WriteCSV(p.out)
	case !f.json && f.gaps:
		return r.WriteGaps(p.out)
	case !f.json:
		return r.WriteText(p.out)
	}
	out := any(r)
	if f.gaps {
		out = struct {
			From     string       `json:"from"`
			To       string       `json:"to"`
			Gaps     []report.Gap `json:"gaps"`
			MoreGaps int          `json:"more_gaps"`
		}{r.From, r.To, r.Gaps, r.MoreGaps}
	}
	enc := json.NewEncoder(p.out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(out); err != nil {
		return fmt.Errorf("print the report: %w", err)
	}
	return nil
}
