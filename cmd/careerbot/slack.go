package main

import (
	"careerbot/adapters/slack/manifest"
	"careerbot/bot"

	"github.com/spf13/cobra"
)

func (p *program) slackCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:                        "slack",
		SuggestionsMinimumDistance: typos,
		Short:                      "Set careerbot up in Slack",
		Args:                       unknownCommand,
		RunE:                       func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	var o manifest.Options
	manifest := &cobra.Command{
		Use:   "manifest",
		Short: "Print the app manifest to create the Slack app from",
		Long: `Print the app manifest, as JSON: name, slash command, shortcuts, scopes and events of
the Slack app. Paste it at https://api.slack.com/apps: Create New App, From a manifest,
JSON. Each pack has a slash command of its own, such as /backend.

Without --http the app uses Socket Mode, which needs no public address: give the server
the tokens SLACK_BOT_TOKEN and SLACK_APP_TOKEN. With --http Slack calls that address:
give the server SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET, or, for many workspaces,
SLACK_SIGNING_SECRET, SLACK_CLIENT_ID, SLACK_CLIENT_SECRET and STATE_KEY.`,
		Example: `  careerbot slack manifest
  careerbot slack manifest --agent
  careerbot slack manifest --http https://bot.example.com > manifest.json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.withLibrary(cmd.Context(), func(lib *bot.Library) error {
				pack := lib.Pack()
				o.Command, o.Subject, o.More = pack.Command, pack.Subject, lib.Packs()
				data, err := manifest.New(o)
				if err != nil {
					return misused("%v", err)
				}
				_, err = p.out.Write(data)
				return err
			})
		},
	}
	flags := manifest.Flags()
	flags.StringVar(&o.HTTP, "http", "", "the https `ADDRESS` at which Slack reaches the server; without it, Socket Mode")
	flags.BoolVar(&o.Agent, "agent", false, "a place among Slack's agents, with suggested prompts (scope assistant:write)")
	flags.BoolVar(&o.Follow, "follow", false, "hear follow-ups in threads without a mention (scope channels:history)")
	flags.BoolVar(&o.Minimal, "minimal", false, "leave out users:read, by which admins are known: no settings, no report in Slack")
	cmd.AddCommand(manifest)
	return cmd
}
