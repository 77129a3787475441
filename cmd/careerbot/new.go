package main

import (
	"fmt"
	"time"

	"careerbot/knowledge"

	"github.com/spf13/cobra"
)

func (p *program) newPackCommand() *cobra.Command {
	role, to := "", ""
	cmd := &cobra.Command{
		Use:   "new NAME",
		Short: "Make a commented pack to begin with",
		Long: `Make a pack of one article, one fact, one curated answer and the words for them, in the
directory NAME or the one --to names. Comments in each file say what belongs there. NAME is
the word of its slash command, too: /NAME skills.`,
		Example: `  careerbot knowledge new frontend
  careerbot knowledge new data --role "data analyst" --to packs/data
  careerbot knowledge check frontend
  careerbot --knowledge frontend serve`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if to == "" {
				to = args[0]
			}
			if err := (knowledge.Starter{Name: args[0], Role: role, Now: time.Now()}).Write(to); err != nil {
				return err
			}
			fmt.Fprintf(p.out, "made %s; edit its files, look them over with \"careerbot knowledge check %s\",\n"+
				"and answer from it with \"careerbot --knowledge %s ask …\" or serve\n", to, to, to)
			return nil
		},
	}
	cmd.Flags().StringVar(&role, "role", "", "the role it is about, such as \"data analyst\" (default: NAME)")
	cmd.Flags().StringVar(&to, "to", "", "write it to `DIR` (default: NAME)")
	_ = cmd.MarkFlagDirname("to") // fails only for a flag that is not there
	return cmd
}
