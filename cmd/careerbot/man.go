package main

import (
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

// manCommand writes the manual. It is hidden: who packages a release needs it, who asks questions does not.
func (p *program) manCommand() *cobra.Command {
	return &cobra.Command{
		Use:               "man DIR",
		Short:             "Write the manual pages into a directory",
		Hidden:            true,
		Example:           `  careerbot man share/man/man1`,
		Args:              oneDirectory("careerbot man ./man1"),
		ValidArgsFunction: completeDirectory,
		RunE:              func(cmd *cobra.Command, args []string) error { return p.writeManual(cmd.Root(), args[0]) },
	}
}

// writeManual writes a page for every command. The pages carry the day of the commit they describe, so that the same commit
// gives the same bytes; without one SOURCE_DATE_EPOCH or, failing that, today.
func (p *program) writeManual(root *cobra.Command, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("make the manual's directory: %w; name one that can be written", err)
	}
	b := readBuild()
	header := &doc.GenManHeader{Title: "CAREERBOT", Section: "1", Source: "careerbot " + b.Version, Manual: "careerbot"}
	if t, err := time.Parse(time.RFC3339, b.Date); err == nil && p.env("SOURCE_DATE_EPOCH") == "" {
		header.Date = &t
	}
	root.DisableAutoGenTag = true // it would carry today's date
	if err := doc.GenManTree(root, header, dir); err != nil {
		return fmt.Errorf("write the manual into %s: %w", dir, err)
	}
	return nil
}
