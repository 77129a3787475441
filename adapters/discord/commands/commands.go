// Package commands makes the commands that people call the bot by in Discord, in English and Hindi, compares them with
// those that Discord has, and completes their options.
//
// It registers nothing and reads no interactions: the adapter does both.
package commands

import (
	"strings"

	"careerbot/adapters/discord/lint"
	"careerbot/adapters/discord/markdown"
	"careerbot/bot/chat"

	"github.com/bwmarrin/discordgo"
)

// Names of options. They are the same in every locale in what Discord sends; people see the localised ones.
const (
	optionRole    = "role"
	optionLevel   = "level"
	optionRegion  = "region"
	optionTool    = "tool"
	optionFirst   = "first"
	optionSecond  = "second"
	optionKnown   = "known"
	optionText    = "question"
	OptionPrivate = "private"
)

// AdminSuffix is added to the command's word for the settings; menuName is the command in the menu of a message.
const (
	AdminSuffix = "-admin"
	menuName    = "Answer this question"
)

// What our commands take, as Discord counts.
const (
	maxFurther = 90  // commands of packs, within the 100 of an app
	MaxTyped   = 100 // characters of an option that is a name
	maxList    = 500 // characters of an option that lists names
)

// Kinds of completion beyond those of package chat.
const (
	completeAny  = "any"  // tools, then roles
	completeList = "list" // tools, the last of those parted by commas
)

// Completes says what an option is completed with, a kind for Complete; "" is nothing.
func Completes(option string) string {
	switch option {
	case optionRole, optionLevel, optionRegion, optionTool:
		return option // as package chat calls them
	case optionFirst, optionSecond:
		return completeAny
	case optionKnown:
		return completeList
	}
	return ""
}

// said is a text in English and in Hindi.
type said struct{ en, hi string }

// takes are the options of a subcommand; those that end in "!" are required, and come first.
func takes(command string) []string {
	switch command {
	case "salary":
		return []string{optionRole, optionLevel, optionRegion}
	case "roles":
		return []string{optionRole, optionLevel}
	case "skills", "roadmap":
		return []string{optionRole}
	case "tools":
		return []string{optionTool}
	case "compare":
		return []string{optionFirst + "!", optionSecond + "!"}
	case "next":
		return []string{optionKnown + "!"}
	case "ask":
		return []string{optionText + "!"}
	case "sources", "help":
		return nil
	}
	return []string{optionText} // a command that is newer than this list
}

// Phrase puts the options of a subcommand, by name, in words, as they would be typed in a terminal.
func Phrase(command string, v map[string]string) string {
	if a, b := v[optionFirst], v[optionSecond]; command == "compare" && a != "" && b != "" {
		return a + " vs " + b
	}
	region := v[optionRegion]
	if region != "" {
		region = "in " + region
	}
	var words []string
	for _, w := range []string{v[optionLevel], v[optionRole], v[optionTool], v[optionFirst], v[optionSecond], v[optionKnown], v[optionText], region} {
		if w != "" {
			words = append(words, w)
		}
	}
	return strings.Join(words, " ")
}

// optionNames and optionTexts say what people see. Hindi names keep to Discord's pattern: letters and signs of
// Devanagari, no space.
var optionNames = map[string]string{
	optionRole: "भूमिका", optionLevel: "स्तर", optionRegion: "देश", optionTool: "टूल", optionFirst: "पहला",
	optionSecond: "दूसरा", optionKnown: "आता-है", optionText: "सवाल", OptionPrivate: "निजी",
}

var optionTexts = map[string]said{
	optionRole:    {"Which role, such as back-end developer", "कौन-सी भूमिका, जैसे back-end developer"},
	optionLevel:   {"Which level: entry, junior, mid, senior, …", "कौन-सा स्तर: entry, junior, mid, senior, …"},
	optionRegion:  {"Which country", "कौन-सा देश"},
	optionTool:    {"A language, framework, database, tool or idea", "कोई भाषा, फ़्रेमवर्क, डेटाबेस, टूल या विचार"},
	optionFirst:   {"The one: a tool, role or idea", "पहला: कोई टूल, भूमिका या विचार"},
	optionSecond:  {"The other", "दूसरा"},
	optionKnown:   {"What you know already, parted by commas", "जो आपको पहले से आता है, अल्पविराम से अलग"},
	optionText:    {"Your question, in your own words", "आपका सवाल, अपने शब्दों में"},
	OptionPrivate: {"Only you see the answer", "उत्तर केवल आपको दिखे"},
}

// commandWords are names and descriptions of the subcommands in Hindi.
var commandWords = map[string]said{
	"salary":  {"वेतन", "किसी भूमिका का वेतन, हर स्रोत से अलग"},
	"skills":  {"कौशल", "लेख कौन-से कौशल माँगते हैं"},
	"tools":   {"टूल", "भाषाएँ, फ़्रेमवर्क, डेटाबेस और टूल"},
	"roles":   {"भूमिकाएँ", "कौन-सी भूमिकाएँ हैं और वे क्या करती हैं"},
	"compare": {"तुलना", "दो भूमिकाएँ, टूल या स्तर आमने-सामने"},
	"roadmap": {"रोडमैप", "शुरुआत कैसे करें, क़दम-दर-क़दम"},
	"next":    {"आगे", "जो आता है उसके बाद क्या सीखें"},
	"ask":     {"पूछें", "कोई भी सवाल, अपने शब्दों में"},
	"sources": {"स्रोत", "उत्तर किन लेखों से आते हैं"},
	"help":    {"मदद", "आप क्या पूछ सकते हैं"},
}

// all are our commands: the one people ask with, the one in the menu of messages, the settings, and those of
// further packs.
func all(word string, packs ...chat.Pack) []*discordgo.ApplicationCommand {
	everywhere := &[]discordgo.InteractionContextType{
		discordgo.InteractionContextGuild, discordgo.InteractionContextBotDM, discordgo.InteractionContextPrivateChannel,
	}
	both := &[]discordgo.ApplicationIntegrationType{
		discordgo.ApplicationIntegrationGuildInstall, discordgo.ApplicationIntegrationUserInstall,
	}
	slash := func(word, subject string) *discordgo.ApplicationCommand {
		c := &discordgo.ApplicationCommand{
			Type: discordgo.ChatApplicationCommand, Name: word, Contexts: everywhere, IntegrationTypes: both,
			Description:              markdown.Shorten("Ask about "+subject+": pay, skills, tools, roles", lint.MaxDescription),
			DescriptionLocalizations: new(hindiFor("करियर के सवाल पूछें: वेतन, कौशल, टूल, भूमिकाएँ")),
		}
		for _, sub := range chat.Commands() {
			c.Options = append(c.Options, subcommand(sub))
		}
		return c
	}
	subject := "careers"
	var further []*discordgo.ApplicationCommand
	for _, p := range packs {
		switch {
		case p.Command == word:
			subject = p.Subject
		case p.Command != "" && len(further) < maxFurther:
			further = append(further, slash(p.Command, p.Subject))
		}
	}
	main := slash(word, subject)
	menu := &discordgo.ApplicationCommand{
		Type: discordgo.MessageApplicationCommand, Name: menuName, NameLocalizations: new(hindiFor("इस सवाल का जवाब दें")),
		Contexts: everywhere, IntegrationTypes: both,
	}
	return append([]*discordgo.ApplicationCommand{main, menu, adminCommand(word)}, further...)
}

func hindiFor(s string) map[discordgo.Locale]string {
	return map[discordgo.Locale]string{discordgo.Hindi: s}
}

func subcommand(c chat.Command) *discordgo.ApplicationCommandOption {
	sub := &discordgo.ApplicationCommandOption{
		Type: discordgo.ApplicationCommandOptionSubCommand, Name: c.Name, Description: markdown.Shorten(c.Summary, lint.MaxDescription),
	}
	if w, ok := commandWords[c.Name]; ok {
		sub.NameLocalizations, sub.DescriptionLocalizations = hindiFor(w.en), hindiFor(w.hi)
	}
	for _, name := range takes(c.Name) {
		name, required := strings.CutSuffix(name, "!")
		o := typed(discordgo.ApplicationCommandOptionString, name)
		o.Required, o.Autocomplete = required, Completes(name) != ""
		o.MaxLength = MaxTyped
		switch name {
		case optionText:
			o.MaxLength = chat.MaxText
		case optionKnown:
			o.MaxLength = maxList
		}
		sub.Options = append(sub.Options, o)
	}
	sub.Options = append(sub.Options, typed(discordgo.ApplicationCommandOptionBoolean, OptionPrivate))
	return sub
}

func typed(kind discordgo.ApplicationCommandOptionType, name string) *discordgo.ApplicationCommandOption {
	return &discordgo.ApplicationCommandOption{
		Type: kind, Name: name, NameLocalizations: hindiFor(optionNames[name]),
		Description: optionTexts[name].en, DescriptionLocalizations: hindiFor(optionTexts[name].hi),
	}
}
