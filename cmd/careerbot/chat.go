package main

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"

	"careerbot/adapters/terminal"
	"careerbot/bot"

	"github.com/spf13/cobra"
)

func (p *program) chatCommand() *cobra.Command {
	noHistory := false
	cmd := &cobra.Command{
		Use:   "chat",
		Short: "Talk, with follow-up questions",
		Long: `Talk with careerbot. A follow-up is picked by its number or put in your own
words ("and in the US?"); /help says what else there is. Ctrl-D leaves.

What was typed is kept in $XDG_STATE_HOME/careerbot/history (without that
variable: ~/.local/state/careerbot/history), readable by you alone.`,
		Example: `  careerbot chat
  careerbot chat --no-history
  careerbot chat < questions.txt`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.withLibrary(cmd.Context(), func(lib *bot.Library) error {
				history := ""
				if !noHistory && p.interactive() {
					history = p.historyFile()
				}
				pack := lib.Pack()
				chat := terminal.New(terminal.Config{
					In: p.stdin, Out: p.out, Color: p.colored(), History: history, Command: pack.Command,
					Log:      slog.New(slog.NewTextHandler(p.err, &slog.HandlerOptions{Level: slog.LevelWarn})),
					Greeting: fmt.Sprintf("Ask me about %s. /help says how, Ctrl-D leaves.", pack.Subject),
				})
				return chat.Run(cmd.Context(), bot.New(lib))
			})
		},
	}
	cmd.Flags().BoolVar(&noHistory, "no-history", false, "do not keep what is typed")
	return cmd
}

// historyFile is where typed questions are kept, by the XDG base directory specification (and in the local
// application data of Windows). It makes the directory. Where that fails there is a word about it and no history.
func (p *program) historyFile() string {
	dir := p.env("XDG_STATE_HOME")
	switch home := p.env("HOME"); {
	case filepath.IsAbs(dir): // the specification has relative paths ignored
	case runtime.GOOS == "windows" && p.env("LOCALAPPDATA") != "":
		dir = p.env("LOCALAPPDATA")
	case home != "":
		dir = filepath.Join(home, ".local", "state")
	default:
		return ""
	}
	dir = filepath.Join(dir, "careerbot")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		fmt.Fprintf(p.err, "careerbot: no history: %v\n", err)
		return ""
	}
	return filepath.Join(dir, "history")
}
