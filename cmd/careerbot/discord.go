package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"careerbot/adapters/discord"
	"careerbot/adapters/discord/commands"
	"careerbot/bot"

	"github.com/spf13/cobra"
)

// discordWait is how long Discord may take for what a command asks of it, its retries included.
const discordWait = 30 * time.Second

func (p *program) discordCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "discord",
		Short: "Install the Discord app and register its commands",
		Long: `What a Discord app needs beside "careerbot serve", which registers the commands itself
whenever they have changed. None of it changes what people have chosen on their servers.`,
		Args: unknownCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	group := &cobra.Command{
		Use:   "commands",
		Short: "Compare and register the commands: print, diff, sync",
		Args:  unknownCommand,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	group.AddCommand(p.discordPrintCommand(), p.discordSyncCommand("diff", false), p.discordSyncCommand("sync", true))
	cmd.AddCommand(group, p.discordInviteCommand())
	return cmd
}

func (p *program) discordPrintCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "print",
		Short: "Print the commands as Discord is told of them, as JSON",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.withLibrary(cmd.Context(), func(lib *bot.Library) error {
				text, err := commands.JSON(lib.Pack().Command, lib.Packs()...)
				if err != nil {
					return err
				}
				_, err = p.out.Write(text)
				return err
			})
		},
	}
}

// discordSyncCommand is diff, or with apply sync, which differ in little else.
func (p *program) discordSyncCommand(use string, apply bool) *cobra.Command {
	guild := ""
	cmd := &cobra.Command{
		Use:   use,
		Short: "Say how the commands that Discord has differ from those of this version; status 1 where they do",
		Long: `Compare the commands that Discord has with those of this version and print each
difference: "+" is new, "-" is gone, "~" has changed. Nothing is changed.`,
		Example: `  DISCORD_TOKEN=… careerbot discord commands diff
  DISCORD_TOKEN=… careerbot discord commands diff --guild 81384788765712384`,
		Args: cobra.NoArgs,
	}
	if apply {
		cmd.Short = "Register the commands with Discord where they differ"
		cmd.Long = `Register the commands with Discord, all at once, if any of them differs from what Discord
has, and print the differences. Where nothing differs, nothing is sent: Discord allows 200
new commands a day. Commands of one server (--guild) show there at once, beside the others.`
		cmd.Example = `  DISCORD_TOKEN=… careerbot discord commands sync
  DISCORD_TOKEN=… careerbot discord commands sync --guild 81384788765712384`
	}
	cmd.Flags().StringVar(&guild, "guild", "", "of the server with this `ID` alone, for a trial")
	flags, path := p.addSettings(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if guild != "" && isSnowflake(guild) != nil {
			return misused("--guild %q is no id of a server: switch Developer Mode on in Discord, then choose Copy Server ID", guild)
		}
		c, err := p.load(cmd, flags, *path)
		if err != nil {
			return err
		}
		return p.discordSync(cmd.Context(), c, guild, apply)
	}
	return cmd
}

// discordSync compares the commands with those of the packs that serve would answer from.
func (p *program) discordSync(ctx context.Context, c config, guild string, apply bool) error {
	p.knowledge = append(listed(c.get("KNOWLEDGE_DIRS")), p.knowledge...)
	return p.withLibrary(ctx, func(lib *bot.Library) error { return p.discordSyncOf(ctx, c, lib, guild, apply) })
}

func (p *program) discordSyncOf(ctx context.Context, c config, lib *bot.Library, guild string, apply bool) error {
	a, err := discordApp(c, lib)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, discordWait)
	defer cancel()
	done, err := a.Sync(ctx, guild, apply)
	if err != nil {
		return fmt.Errorf("commands of the Discord app: %w", err)
	}
	for _, change := range done.Changes {
		fmt.Fprintln(p.out, change)
	}
	switch {
	case len(done.Changes) == 0:
		fmt.Fprintln(p.out, "The commands are registered as they are.")
	case apply:
		fmt.Fprintln(p.out, "The commands are registered anew. People may have to reload Discord to see them.")
	default:
		return errFaults
	}
	return nil
}

func (p *program) discordInviteCommand() *cobra.Command {
	own := false
	cmd := &cobra.Command{
		Use:   "invite",
		Short: "Print the link that installs the app on a server",
		Long: `Print the link at which whoever may manage a server adds the app to it, with the
scopes "bot" and "applications.commands" and these permissions, no more: View Channels,
Send Messages, Send Messages in Threads, Attach Files, Read Message History.

DISCORD_APPLICATION_ID names the app; where it is not set, Discord is asked by
DISCORD_TOKEN.`,
		Example: `  DISCORD_APPLICATION_ID=… careerbot discord invite
  DISCORD_TOKEN=… careerbot discord invite --user`,
		Args: cobra.NoArgs,
	}
	cmd.Flags().BoolVar(&own, "user", false, "print the link that adds the commands to one's own account instead")
	flags, path := p.addSettings(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		c, err := p.load(cmd, flags, *path)
		if err != nil {
			return err
		}
		id := c.get("DISCORD_APPLICATION_ID")
		if id == "" {
			a, err := discordApp(c, nil)
			if err != nil {
				return err
			}
			ctx, cancel := context.WithTimeout(cmd.Context(), discordWait)
			defer cancel()
			if id, err = a.ApplicationID(ctx); err != nil {
				return fmt.Errorf("id of the Discord app: %w", err)
			}
		}
		link := discord.InviteURL(id)
		if own {
			link = discord.UserInviteURL(id)
		}
		fmt.Fprintln(p.out, link)
		return nil
	}
	return cmd
}

// errNoDiscord says that a command has nobody to talk to Discord as.
var errNoDiscord = errors.New("DISCORD_TOKEN is not set: copy the token of the app's Bot page " +
	"(https://discord.com/developers/applications) into it")

// discordApp is the app as a command talks for it; nothing is answered. lib may be nil where its commands do not matter.
func discordApp(c config, lib *bot.Library) (*discord.Adapter, error) {
	if c.get("DISCORD_TOKEN") == "" {
		return nil, errNoDiscord
	}
	app := discord.Config{
		Token: discord.Secret(c.get("DISCORD_TOKEN")), ApplicationID: c.get("DISCORD_APPLICATION_ID"), APIURL: c.get("DISCORD_API_URL"),
	}
	if lib != nil {
		app.Command, app.Packs = lib.Pack().Command, lib.Packs
	}
	return discord.New(app), nil
}
