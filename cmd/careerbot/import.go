package main

import (
	"context"
	"fmt"
	"os"

	"careerbot/knowledge/importer"

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

func (p *program) importCommand() *cobra.Command {
	o := importer.Options{}
	cmd := &cobra.Command{
		Use:   "import SOURCE... --to DIR",
		Short: "Make a pack of web pages, Markdown and plain text",
		Long: `Read saved web pages (HTML), Markdown and plain text copied from a page, take out
menus, adverts and what else is no part of the article, find facts such as salaries,
steps and questions with their answers, and write a pack to DIR: articles/*.md and
facts/*.yaml, which you can edit, and "careerbot --knowledge DIR ask ..." answers from.

SOURCE is a file, a directory (every .html, .md and .txt below it), or - for standard
input. "name=FILE" gives the article an id of your choice. The same input gives the same
pack. A file you have edited since is not overwritten.`,
		Example: `  careerbot knowledge import saved-pages/ --to my-pack
  careerbot knowledge import survey=notes.txt --to my-pack --dry-run
  careerbot --no-builtin --knowledge my-pack ask "what does a data analyst earn?"`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.To == "" {
				return misused("import to where? name a directory: careerbot knowledge import %s --to my-pack", args[0])
			}
			o.Sources = args
			return p.importPages(cmd.Context(), o)
		},
	}
	cmd.Flags().StringVar(&o.To, "to", "", "write the pack to `DIR`")
	cmd.Flags().BoolVar(&o.DryRun, "dry-run", false, "write nothing; show what would change")
	_ = cmd.MarkFlagDirname("to") // fails only for a flag that is not there
	return cmd
}

// importPages imports and says what came of it. The exit status is 1 where a source was skipped.
func (p *program) importPages(ctx context.Context, o importer.Options) error {
	o.Stdin = p.in
	if f, ok := p.err.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		o.Progress = p.bar
	}
	r, err := importer.Import(ctx, o)
	r.Print(p.out)
	if err != nil {
		return err
	}
	if len(r.Skipped) > 0 {
		return errFaults
	}
	return nil
}

// barWidth is how many characters a bar of progress has.
const barWidth = 30

// bar draws a bar over the one before; the last is wiped away.
func (p *program) bar(done, total int, name string) {
	if done == total || total < 3 {
		fmt.Fprint(p.err, "\r\x1b[K")
		return
	}
	full := barWidth * done / total
	bar := make([]rune, barWidth)
	for i := range bar {
		bar[i] = '░'
		if i < full {
			bar[i] = '█'
		}
	}
	fmt.Fprintf(p.err, "\r\x1b[K%s %d of %d %.40s", string(bar), done, total, name)
}
