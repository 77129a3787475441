package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"careerbot/bot"

	"careerbot/adapters"

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// typos is how many letters a command may be wrong by and still be guessed.
const typos = 2

// program is one run of careerbot: what it is connected to and the flags every command knows.
type program struct {
	stdin    io.Reader // as it was given; the line editor wants the terminal itself
	in       io.Reader // the same, but reading ends with the context
	out, err io.Writer
	env      func(string) string

	knowledge []string
	noBuiltin bool
	indexDir  string
	noColor   bool
	progress  func(documents int) // told how far building an index is; nil for nobody

	extra func(*server) []adapters.Adapter // further adapters of serve, in tests

	began bool // a command has taken over: the command line was understood
}

// run is the whole program. It returns the exit status, and touches nothing of the process but what it is given and
// the files that args name.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer, env func(string) string) int {
	in := &lazyPipe{ctx: ctx, from: stdin}
	defer in.close()
	p := &program{stdin: stdin, in: in, out: stdout, err: stderr, env: env}
	return p.run(ctx, args)
}

// run understands args and runs the command they name.
func (p *program) run(ctx context.Context, args []string) int {
	stderr := p.err
	root := p.root()
	root.SetArgs(args)
	root.SetIn(p.in)
	root.SetOut(p.out)
	root.SetErr(stderr)
	cmd, err := root.ExecuteContextC(ctx)
	if err != nil && !p.began {
		err = usageError{err} // cobra has no type for what it finds wrong with a command line
	}
	code, tell := status(ctx, err)
	if tell {
		fmt.Fprintf(stderr, "careerbot: %v\n", err)
	}
	if code == exitUsage {
		fmt.Fprintf(stderr, "See \"%s --help\" for examples.\n", cmd.CommandPath())
	}
	return code
}

func (p *program) root() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "careerbot",
		Short: "Answers questions about back-end careers, with sources",
		Long: `careerbot answers questions about back-end careers: pay, skills, tools, roles,
what to learn next, and what the articles it knows disagree on. Every answer
names its sources. It works offline, without an account and without a model.

Exit status: 0 answered, 3 declined (outside what the articles hold),
2 wrong usage, 1 failure.`,
		Example: `  careerbot ask how much does a junior back-end developer make in india
  careerbot ask "I know Python and SQL, what next?"
  careerbot chat`,
		Version:                    readBuild().String(),
		SuggestionsMinimumDistance: typos,
		SilenceErrors:              true,
		SilenceUsage:               true,
		Args:                       unknownCommand,
		RunE:                       func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		PersistentPreRun: func(*cobra.Command, []string) {
			p.began = true
		},
	}
	cmd.SetVersionTemplate("careerbot {{.Version}}\n")
	flags := cmd.PersistentFlags()
	flags.StringArrayVar(&p.knowledge, "knowledge", nil, "also answer from the pack in `DIR` (may be repeated; later ones win)")
	flags.BoolVar(&p.noBuiltin, "no-builtin", false, "leave the built-in knowledge out")
	flags.StringVar(&p.indexDir, "index-dir", "", "keep the search index in `DIR` instead of building it in memory")
	flags.BoolVar(&p.noColor, "no-color", false, "print without colour (as does the variable NO_COLOR)")
	for _, dir := range []string{"knowledge", "index-dir"} {
		_ = cmd.MarkPersistentFlagDirname(dir) // fails only for a flag that is not there
	}
	cmd.AddCommand(p.askCommand(), p.chatCommand(), p.evalCommand(), p.knowledgeCommand(), p.indexCommand(), p.serveCommand(),
		p.discordCommand(), p.slackCommand(), p.configCommand(), p.doctorCommand(), p.healthCommand(), p.reportCommand(),
		p.dataCommand(), p.benchCommand(), p.manCommand(), p.versionCommand())
	return cmd
}

// unknownCommand refuses words that are no command, with the nearest one and the way to ask.
func unknownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	near := "."
	if s := cmd.SuggestionsFor(args[0]); len(s) > 0 {
		near = fmt.Sprintf("; did you mean %q?", s[0])
	}
	if cmd.HasParent() {
		return misused("there is no command %q in %q%s", args[0], cmd.CommandPath(), near)
	}
	return misused("there is no command %q%s A question is put like this: careerbot ask %s", args[0], near, strings.Join(args, " "))
}

// withLibrary opens the knowledge the flags name, for as long as do takes.
func (p *program) withLibrary(ctx context.Context, do func(*bot.Library) error) (err error) {
	lib, err := bot.OpenLibrary(ctx, p.library(p.indexDir))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lib.Close()) }()
	return do(lib)
}

func (p *program) library(indexDir string) bot.LibraryConfig {
	return bot.LibraryConfig{Builtin: !p.noBuiltin, Dirs: p.knowledge, IndexDir: indexDir, Progress: p.progress}
}

// colored says whether to draw in colour: only where a person looks on who has not asked for none.
func (p *program) colored() bool {
	f, ok := p.out.(*os.File)
	return ok && term.IsTerminal(int(f.Fd())) && !p.noColor && p.env("NO_COLOR") == "" && p.env("TERM") != "dumb"
}

// interactive says whether a person types the input.
func (p *program) interactive() bool {
	f, ok := p.stdin.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
