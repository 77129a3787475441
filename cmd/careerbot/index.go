package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"careerbot/bot"
	"careerbot/index"

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

func (p *program) indexCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:                        "index",
		SuggestionsMinimumDistance: typos,
		Short:                      "Keep the search index on disk, for large packs",
		Long: `The search index of the built-in knowledge is built in memory in a moment. For
large packs, keep it on disk and name its directory with --index-dir: it is
opened as it is while the knowledge stays the same; where that changed, only the
changed articles are read again. A build that was interrupted goes on where it
was, a damaged part is built anew.`,
		Args: unknownCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	build := &cobra.Command{
		Use:   "build DIR",
		Short: "Build the index in a directory of its own, unless it is there already",
		Example: `  careerbot index build ~/.cache/careerbot/index
  careerbot index build --knowledge my-pack ./index
  careerbot ask --index-dir ./index --knowledge my-pack "what does a data engineer earn?"`,
		Args: oneDirectory("careerbot index build ./index"),
		RunE: func(cmd *cobra.Command, args []string) error { return p.buildIndex(cmd.Context(), args[0]) },
	}
	info := &cobra.Command{
		Use:   "info [DIR]",
		Short: "Say what an index holds; without DIR, the one that --index-dir names or that would be built in memory",
		Example: `  careerbot index info
  careerbot index info ./index`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir := p.indexDir
			if len(args) == 1 {
				dir = args[0]
			}
			return p.showIndex(cmd.Context(), dir)
		},
	}
	for _, c := range []*cobra.Command{build, info} {
		c.ValidArgsFunction = completeDirectory
		cmd.AddCommand(c)
	}
	return cmd
}

// oneDirectory wants one argument; example shows how to give it.
func oneDirectory(example string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) != 1 || args[0] == "" {
			return misused("one directory is wanted; try: %s", example)
		}
		return nil
	}
}

// completeDirectory has the shell offer directories.
func completeDirectory(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return nil, cobra.ShellCompDirectiveFilterDirs
}

func (p *program) buildIndex(ctx context.Context, dir string) error {
	p.indexDir = dir
	p.progress = p.counter()
	return p.withLibrary(ctx, func(lib *bot.Library) error {
		info := lib.Index()
		verb := "built"
		if !info.Rebuilt {
			verb = "up to date"
		}
		return p.printIndex(verb, dir, info)
	})
}

// counter writes how far a build is, over and over on one line where a person looks on, else every minute.
func (p *program) counter() func(int) {
	step := time.Minute
	f, ok := p.err.(*os.File)
	live := ok && term.IsTerminal(int(f.Fd()))
	if live {
		step = time.Second / 5
	}
	began := time.Now()
	last := began
	return func(documents int) {
		now := time.Now()
		if now.Sub(last) < step {
			return
		}
		last = now
		rate := float64(documents) / now.Sub(began).Seconds()
		line := fmt.Sprintf("%s documents, %s a second", grouped(int64(documents)), grouped(int64(rate)))
		if live {
			fmt.Fprintf(p.err, "\r\x1b[K%s", line)
		} else {
			fmt.Fprintln(p.err, line)
		}
	}
}

// showIndex opens an index without ever building one on disk: who asks what is there wants nothing changed.
func (p *program) showIndex(ctx context.Context, dir string) (err error) {
	if dir == "" {
		return p.withLibrary(ctx, func(lib *bot.Library) error {
			return p.printIndex("in memory", "", lib.Index())
		})
	}
	version, err := bot.Version(p.library(dir))
	if err != nil {
		return err
	}
	x, err := index.Open(ctx, dir, version, nil)
	if err != nil {
		return fmt.Errorf("%w\nTo build it: careerbot index build %s", err, dir)
	}
	defer func() { err = errors.Join(err, x.Close()) }()
	return p.printIndex("up to date", dir, x.Info())
}

func (p *program) printIndex(state, dir string, i index.Info) error {
	where := state
	if dir != "" {
		where += ": " + dir
	}
	_, err := fmt.Fprintf(p.out, "%s\n  documents  %d\n  words      %d\n  segments   %d\n", where, i.Documents, i.Terms, i.Segments)
	if err == nil && dir != "" {
		_, err = fmt.Fprintf(p.out, "  size       %.1f MB\n  built      %s\n  knowledge  %s\n",
			float64(i.Bytes)/1e6, i.Built.Format(time.RFC3339), i.Version)
	}
	if err == nil {
		_, err = fmt.Fprintf(p.out, "  took       %s\n", i.Took.Round(10*time.Microsecond))
	}
	if err != nil {
		return fmt.Errorf("print the figures: %w", err)
	}
	return nil
}
