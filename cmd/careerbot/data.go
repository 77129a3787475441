package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"careerbot/bot/store"

	"github.com/spf13/cobra"
)

// dataCommand answers requests of people for what is kept of them.
func (p *program) dataCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "data",
		Short: "Export or erase what is kept of one person",
		Long: `Answer a person's request for what is kept of them: the questions they asked, their
votes, and the last turns of their conversations. People are named by platform and
id, as in discord:80351110224678912; the state holds only a hash of that name.

A SQLite state belongs to one process at a time: stop the server first, or keep the
state in PostgreSQL.`,
		Example: `  careerbot data export --user discord:80351110224678912
  careerbot data erase --user slack:U012AB3CD --yes`,
		Args: unknownCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(p.dataExportCommand(), p.dataEraseCommand())
	return cmd
}

func (p *program) dataExportCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "export --user PLATFORM:ID",
		Short: "Print everything kept of a person as JSON",
		Long: `Print everything kept of a person as one JSON object: "user" (the hash they are kept
under), "journal", "votes" and "turns", each oldest first.`,
		Example: `  careerbot data export --user discord:80351110224678912 > export.json`,
		Args:    cobra.NoArgs,
	}
	return p.onUser(cmd, func(ctx context.Context, s *store.Store, user string) error {
		out, err := s.ExportUser(ctx, user)
		if err != nil {
			return err
		}
		if n, err := rows(out); err == nil && n == 0 {
			fmt.Fprintf(p.err, "careerbot: %s\n", nothingOf(user))
		}
		if _, err := p.out.Write(out); err != nil {
			return fmt.Errorf("print the export: %w", err)
		}
		return nil
	})
}

func (p *program) dataEraseCommand() *cobra.Command {
	yes := false
	cmd := &cobra.Command{
		Use:   "erase --user PLATFORM:ID --yes",
		Short: "Remove everything kept of a person, for good",
		Long: `Remove the questions a person asked, their votes and the turns of their
conversations, and say how many rows that were. Without --yes nothing is removed; it
only says how many rows would be. Copies in backups stay, and a running server
remembers a conversation for up to half an hour after its last question.`,
		Example: `  careerbot data erase --user slack:U012AB3CD --yes`,
		Args:    cobra.NoArgs,
	}
	cmd.Flags().BoolVar(&yes, "yes", false, "really remove it")
	return p.onUser(cmd, func(ctx context.Context, s *store.Store, user string) error {
		if !yes {
			return asks(ctx, s, user)
		}
		n, err := s.EraseUser(ctx, user)
		if err != nil {
			return err
		}
		said := fmt.Sprintf("%s of %s erased", counted(n), user)
		if n == 0 {
			said = nothingOf(user)
		}
		if _, err := fmt.Fprintln(p.out, said); err != nil {
			return fmt.Errorf("say what was erased: %w", err) // it is gone all the same
		}
		return nil
	})
}

// asks says what would be erased and how to confirm it.
func asks(ctx context.Context, s *store.Store, user string) error {
	out, err := s.ExportUser(ctx, user)
	if err != nil {
		return err
	}
	n, err := rows(out)
	if err != nil {
		return err
	}
	if n == 0 {
		return misused("nothing was erased: %s", nothingOf(user))
	}
	return misused("nothing was erased yet: %s of %s would be removed for good; add --yes to remove them", counted(n), user)
}

func nothingOf(user string) string {
	return "nothing is kept of " + user + "; check the platform and the id"
}

func counted(n int) string {
	if n == 1 {
		return "1 row"
	}
	return fmt.Sprintf("%d rows", n)
}

// rows counts what an export holds.
func rows(export []byte) (int, error) {
	var kept struct{ Journal, Votes, Turns []json.RawMessage }
	if err := json.Unmarshal(export, &kept); err != nil {
		return 0, fmt.Errorf("count what is kept: %w", err)
	}
	return len(kept.Journal) + len(kept.Votes) + len(kept.Turns), nil
}

// onUser completes a command that does something with what is kept of the person --user names.
func (p *program) onUser(cmd *cobra.Command, do func(context.Context, *store.Store, string) error) *cobra.Command {
	user := ""
	cmd.Flags().StringVar(&user, "user", "", "whose data, as `PLATFORM:ID`")
	values, path := p.addSettings(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if platform, id, ok := strings.Cut(user, ":"); !ok || platform == "" || id == "" {
			return misused("--user %q names nobody: write platform and id, such as discord:80351110224678912", user)
		}
		c, err := p.load(cmd, values, *path)
		if err != nil {
			return err
		}
		return p.withState(cmd.Context(), c, func(s *store.Store) error { return do(cmd.Context(), s, user) })
	}
	return cmd
}

// withState opens the state the settings name, for as long as do takes. A state that is not there is not made: a
// mistyped path would pass for one that holds nothing.
func (p *program) withState(ctx context.Context, c config, do func(*store.Store) error) (err error) {
	key, err := stateKey(c.get("STATE_KEY"))
	if err != nil {
		return err
	}
	url := c.get("DATABASE_URL")
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok && path != ":memory:" {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("there is no state at %s yet: \"careerbot serve\" makes it; name another with DATABASE_URL", path)
		}
	}
	s, err := store.Open(ctx, url, store.Options{
		Key: key, Retention: c.duration("RETENTION"),
		Logger: newLogger(p.err, c.get("LOG_FORMAT"), c.get("LOG_LEVEL")),
	})
	if errors.Is(err, store.ErrInUse) {
		return fmt.Errorf("%w: stop the server while this command runs, or move the state to PostgreSQL", err)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return do(s)
}
