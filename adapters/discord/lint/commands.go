package lint

import (
	"fmt"
	"regexp"

	"careerbot/adapters/discord/markdown"
	"careerbot/adapters/discord/wire"

	"github.com/bwmarrin/discordgo"
)

// commandName is Discord's pattern of names of slash commands and options, which are lower case where a script has cases:
// https://discord.com/developers/docs/interactions/application-commands#application-command-object-application-command-naming.
var commandName = regexp.MustCompile(`^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]{1,32}$`)

var upperCase = regexp.MustCompile(`\p{Lu}`)

// Commands says what is wrong with what PUT /applications/{id}/commands is to be sent, nothing where it may be.
func Commands(list []*discordgo.ApplicationCommand) []string {
	l := &linter{}
	count, seen := map[discordgo.ApplicationCommandType]int{}, map[string]bool{}
	for _, c := range list {
		count[c.Type]++
		if key := fmt.Sprint(c.Type, c.Name); seen[key] {
			l.add("command %q stands twice", c.Name)
		} else {
			seen[key] = true
		}
		l.command(c)
	}
	if count[discordgo.ChatApplicationCommand] > maxChatCommands ||
		max(count[discordgo.MessageApplicationCommand], count[discordgo.UserApplicationCommand]) > maxMenuCommands {
		l.add("too many commands: %v", count)
	}
	return l.problems
}

func (l *linter) command(c *discordgo.ApplicationCommand) {
	names, descriptions := localised(c.NameLocalizations), localised(c.DescriptionLocalizations)
	if c.Type == discordgo.MessageApplicationCommand || c.Type == discordgo.UserApplicationCommand {
		l.most("a menu command's name", c.Name, 1, maxCommandName)
		l.locales(names, func(s string) { l.most("a menu command's name", s, 1, maxCommandName) })
		if c.Description != "" || len(c.Options) > 0 {
			l.add("menu command %q has a description or options", c.Name)
		}
		return
	}
	l.named("command", c.Name, c.Description, names, descriptions)
	size := longest(c.Name, names) + longest(c.Description, descriptions) + l.options(c.Name, c.Options)
	if size > maxCommandSize {
		l.add("command %q has %d characters, more than %d", c.Name, size, maxCommandSize)
	}
}

func localised(m *map[discordgo.Locale]string) map[discordgo.Locale]string {
	if m == nil {
		return nil
	}
	return *m
}

// named judges the name and the description of a command or an option, in every language.
func (l *linter) named(what, name, description string, names, descriptions map[discordgo.Locale]string) {
	good := func(s string) {
		if !commandName.MatchString(s) || upperCase.MatchString(s) {
			l.add("%s name %q does not keep to the pattern", what, s)
		}
	}
	good(name)
	l.locales(names, good)
	l.most("the description of "+what+" "+name, description, 1, MaxDescription)
	l.locales(descriptions, func(s string) { l.most("a description of "+what+" "+name, s, 1, MaxDescription) })
}

// locales calls judge with every text of a known locale.
func (l *linter) locales(texts map[discordgo.Locale]string, judge func(string)) {
	for locale, s := range texts {
		if _, known := discordgo.Locales[locale]; !known && locale != "id" || locale == "" { // the library has no Indonesian
			l.add("locale %q is not known", string(locale))
		}
		judge(s)
	}
}

// options judges the options of a command and gives the characters they count with.
func (l *linter) options(of string, list []*discordgo.ApplicationCommandOption) (size int) {
	if len(list) > maxCommandOptions {
		l.add("%q has %d options, more than %d", of, len(list), maxCommandOptions)
	}
	seen, optional, subs := map[string]bool{}, false, 0
	for _, o := range list {
		if seen[o.Name] {
			l.add("option %q of %q stands twice", o.Name, of)
		}
		seen[o.Name] = true
		if o.Required && optional {
			l.add("required option %q of %q comes after an optional one", o.Name, of)
		}
		optional = optional || !o.Required
		if o.Type <= discordgo.ApplicationCommandOptionSubCommandGroup {
			subs++
		}
		l.named("option", o.Name, o.Description, o.NameLocalizations, o.DescriptionLocalizations)
		size += longest(o.Name, o.NameLocalizations) + longest(o.Description, o.DescriptionLocalizations)
		size += l.choices(o) + l.options(of+" "+o.Name, o.Options)
	}
	if subs > 0 && subs < len(list) {
		l.add("%q has subcommands beside options", of)
	}
	return size
}

func (l *linter) choices(o *discordgo.ApplicationCommandOption) (size int) {
	if o.Autocomplete && len(o.Choices) > 0 {
		l.add("option %q has choices and completion", o.Name)
	}
	if len(o.Choices) > MaxChoices {
		l.add("option %q has %d choices, more than %d", o.Name, len(o.Choices), MaxChoices)
	}
	for _, c := range o.Choices {
		l.most("a choice of "+o.Name, c.Name, 1, MaxChoiceText)
		l.locales(c.NameLocalizations, func(s string) { l.most("a choice of "+o.Name, s, 1, MaxChoiceText) })
		value := fmt.Sprint(c.Value)
		l.most("a value of "+o.Name, value, 1, MaxChoiceText)
		size += longest(c.Name, c.NameLocalizations) + markdown.Units(value)
	}
	return size
}

// longest is the length of a text in the language where it is longest, as Discord counts.
func longest(s string, m map[discordgo.Locale]string) int {
	n := markdown.Units(s)
	for _, t := range m {
		n = max(n, markdown.Units(t))
	}
	return n
}

// Choices says what is wrong with completions, nothing where they may be sent.
func Choices(list wire.ChoiceList) []string {
	l := &linter{}
	if len(list.Choices) > MaxChoices {
		l.add("%d choices, more than %d", len(list.Choices), MaxChoices)
	}
	for _, c := range list.Choices {
		l.most("a choice", c.Name, 1, MaxChoiceText)
		l.most("a choice's value", c.Value, 1, MaxChoiceText)
	}
	return l.problems
}
