package commands

import "github.com/bwmarrin/discordgo"

// Subcommands of the settings, their options, and what holds in a channel.
const (
	AdminShow     = "show"
	AdminPrivate  = "private"
	AdminFeedback = "feedback"
	AdminChannel  = "channel"
	AdminPacks    = "packs"
	AdminReport   = "report"

	OptionOn    = "on"
	OptionMode  = "mode"
	OptionPacks = "names"
	OptionDays  = "days"

	ModeOnly  = "only"
	ModeQuiet = "quiet"
	modeUsual = "usual"
)

// Days of a report: what is meant where none are given, and the most.
const (
	DefaultDays = 7
	MaxDays     = 90
)

// adminCommand lets those who manage a server choose: Discord shows and runs it for nobody else, unless the server's
// owners allow more people in its own settings.
func adminCommand(word string) *discordgo.ApplicationCommand {
	c := &discordgo.ApplicationCommand{
		Type: discordgo.ChatApplicationCommand, Name: word + AdminSuffix,
		DefaultMemberPermissions: new(int64(discordgo.PermissionManageGuild)),
		Contexts:                 &[]discordgo.InteractionContextType{discordgo.InteractionContextGuild},
		IntegrationTypes:         &[]discordgo.ApplicationIntegrationType{discordgo.ApplicationIntegrationGuildInstall},
		Description:              "How the bot behaves on this server",
		DescriptionLocalizations: new(hindiFor("इस सर्वर पर बॉट कैसे चले")),
	}
	yes := admin(discordgo.ApplicationCommandOptionBoolean, OptionOn, said{"Yes or no", "हाँ या नहीं"})
	mode := admin(discordgo.ApplicationCommandOptionString, OptionMode, said{"What holds in this channel", "इस चैनल में क्या हो"})
	mode.Choices = []*discordgo.ApplicationCommandOptionChoice{
		{Name: "answer for everybody only here", NameLocalizations: hindiFor("सबके लिए उत्तर केवल यहाँ"), Value: ModeOnly},
		{Name: "be quiet here", NameLocalizations: hindiFor("यहाँ चुप रहो"), Value: ModeQuiet},
		{Name: "as usual", NameLocalizations: hindiFor("जैसा सामान्य है"), Value: modeUsual},
	}
	channel := admin(discordgo.ApplicationCommandOptionChannel, AdminChannel, said{"The channel; this one if left out", "चैनल; न दें तो यही"})
	names := admin(discordgo.ApplicationCommandOptionString, OptionPacks, said{"Names parted by commas; all for every pack", "नाम अल्पविराम से अलग; सभी के लिए all"})
	only := admin(discordgo.ApplicationCommandOptionChannel, AdminChannel, said{"In this channel alone; everywhere if left out", "केवल इस चैनल में; न दें तो हर जगह"})
	days := admin(discordgo.ApplicationCommandOptionInteger, OptionDays, said{"Of how many days, 1 to 90", "कितने दिनों की, 1 से 90"})
	days.MinValue, days.MaxValue = new(1.0), MaxDays
	yes.Required, mode.Required, names.Required = true, true, true
	names.MaxLength = maxList
	for _, s := range []struct {
		name    string
		text    said
		options []*discordgo.ApplicationCommandOption
	}{
		{AdminShow, said{"Show the settings", "सेटिंग दिखाएँ"}, nil},
		{AdminPrivate, said{"Show answers to commands to the asker alone", "कमांड के उत्तर केवल पूछने वाले को दिखें"}, []*discordgo.ApplicationCommandOption{yes}},
		{AdminFeedback, said{"Put 👍 and 👎 under answers", "उत्तर के नीचे 👍 और 👎 हों"}, []*discordgo.ApplicationCommandOption{yes}},
		{AdminChannel, said{"Where the bot answers for everybody", "बॉट सबके लिए कहाँ उत्तर दे"}, []*discordgo.ApplicationCommandOption{mode, channel}},
		{AdminPacks, said{"Which knowledge answers", "कौन-सा ज्ञान उत्तर दे"}, []*discordgo.ApplicationCommandOption{names, only}},
		{AdminReport, said{"What was asked here, and what in vain", "यहाँ क्या पूछा गया, और क्या बेकार गया"}, []*discordgo.ApplicationCommandOption{days}},
	} {
		o := admin(discordgo.ApplicationCommandOptionSubCommand, s.name, s.text)
		o.Options = s.options
		c.Options = append(c.Options, o)
	}
	return c
}

func admin(kind discordgo.ApplicationCommandOptionType, name string, text said) *discordgo.ApplicationCommandOption {
	return &discordgo.ApplicationCommandOption{
		Type: kind, Name: name, Description: text.en, DescriptionLocalizations: hindiFor(text.hi),
	}
}
