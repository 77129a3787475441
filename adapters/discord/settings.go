package discord

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"careerbot/adapters"

	"github.com/bwmarrin/discordgo"
)

// Subcommands of the settings, and their options.
const (
	adminShow     = "show"
	adminPrivate  = "private"
	adminFeedback = "feedback"
	adminChannel  = "channel"
	adminPacks    = "packs"
	adminReport   = "report"

	optionOn    = "on"
	optionMode  = "mode"
	optionPacks = "names"
	optionDays  = "days"

	modeOnly, modeQuiet, modeUsual = "only", "quiet", "usual"

	defaultDays, maxDays = 7, 90
)

// packError says that a change names a pack there is none of.
type packError struct{ packs []string } // that there are

// Error names those that there are.
func (e *packError) Error() string {
	return "there is no such pack; there are: " + strings.Join(e.packs, ", ")
}

// adminCommand lets those who manage a server choose: Discord shows and runs it for nobody else, unless the server's
// owners allow more people in its own settings.
func adminCommand(word string) *discordgo.ApplicationCommand {
	c := &discordgo.ApplicationCommand{
		Type: discordgo.ChatApplicationCommand, Name: word + adminSuffix,
		DefaultMemberPermissions: new(int64(discordgo.PermissionManageGuild)),
		Contexts:                 &[]discordgo.InteractionContextType{discordgo.InteractionContextGuild},
		IntegrationTypes:         &[]discordgo.ApplicationIntegrationType{discordgo.ApplicationIntegrationGuildInstall},
		Description:              "How the bot behaves on this server",
		DescriptionLocalizations: new(hindiFor("इस सर्वर पर बॉट कैसे चले")),
	}
	yes := admin(discordgo.ApplicationCommandOptionBoolean, optionOn, said{"Yes or no", "हाँ या नहीं"})
	mode := admin(discordgo.ApplicationCommandOptionString, optionMode, said{"What holds in this channel", "इस चैनल में क्या हो"})
	mode.Choices = []*discordgo.ApplicationCommandOptionChoice{
		{Name: "answer for everybody only here", NameLocalizations: hindiFor("सबके लिए उत्तर केवल यहाँ"), Value: modeOnly},
		{Name: "be quiet here", NameLocalizations: hindiFor("यहाँ चुप रहो"), Value: modeQuiet},
		{Name: "as usual", NameLocalizations: hindiFor("जैसा सामान्य है"), Value: modeUsual},
	}
	channel := admin(discordgo.ApplicationCommandOptionChannel, adminChannel, said{"The channel; this one if left out", "चैनल; न दें तो यही"})
	names := admin(discordgo.ApplicationCommandOptionString, optionPacks, said{"Names parted by commas; all for every pack", "नाम अल्पविराम से अलग; सभी के लिए all"})
	only := admin(discordgo.ApplicationCommandOptionChannel, adminChannel, said{"In this channel alone; everywhere if left out", "केवल इस चैनल में; न दें तो हर जगह"})
	days := admin(discordgo.ApplicationCommandOptionInteger, optionDays, said{"Of how many days, 1 to 90", "कितने दिनों की, 1 से 90"})
	days.MinValue, days.MaxValue = new(1.0), maxDays
	yes.Required, mode.Required, names.Required = true, true, true
	names.MaxLength = maxReason
	for _, s := range []struct {
		name    string
		text    said
		options []*discordgo.ApplicationCommandOption
	}{
		{adminShow, said{"Show the settings", "सेटिंग दिखाएँ"}, nil},
		{adminPrivate, said{"Show answers to commands to the asker alone", "कमांड के उत्तर केवल पूछने वाले को दिखें"}, []*discordgo.ApplicationCommandOption{yes}},
		{adminFeedback, said{"Put 👍 and 👎 under answers", "उत्तर के नीचे 👍 और 👎 हों"}, []*discordgo.ApplicationCommandOption{yes}},
		{adminChannel, said{"Where the bot answers for everybody", "बॉट सबके लिए कहाँ उत्तर दे"}, []*discordgo.ApplicationCommandOption{mode, channel}},
		{adminPacks, said{"Which knowledge answers", "कौन-सा ज्ञान उत्तर दे"}, []*discordgo.ApplicationCommandOption{names, only}},
		{adminReport, said{"What was asked here, and what in vain", "यहाँ क्या पूछा गया, और क्या बेकार गया"}, []*discordgo.ApplicationCommandOption{days}},
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

// admin reads a subcommand of the settings.
func (r reader) admin(a *asked, sub object) {
	options := map[string]object{}
	for _, o := range sub.list("options") {
		options[o.str("name")] = o
	}
	a.kind, a.private = settings, new(true)
	on := options[optionOn].flag("value")
	switch sub.str("name") {
	case adminShow:
		a.change = change{show: true, apply: same}
	case adminPrivate:
		a.change.apply = func(p adapters.Preferences) (adapters.Preferences, error) { p.Private = on; return p, nil }
	case adminFeedback:
		a.change.apply = func(p adapters.Preferences) (adapters.Preferences, error) { p.NoFeedback = !on; return p, nil }
	case adminChannel:
		a.change.apply = inChannel(options[optionMode].str("value"), first(options[adminChannel].str("value"), a.place.Channel))
	case adminPacks:
		a.change.apply = r.choosePacks(options[optionPacks].str("value"), options[adminChannel].str("value"))
	case adminReport:
		a.kind, a.days = report, defaultDays
		if n := options[optionDays].num("value"); n > 0 {
			a.days = min(n, maxDays)
		}
	default:
		a.kind = unknown
	}
}

func same(p adapters.Preferences) (adapters.Preferences, error) { return p, nil }

func inChannel(mode, channel string) func(adapters.Preferences) (adapters.Preferences, error) {
	without := func(list []string) []string {
		return slices.DeleteFunc(slices.Clone(list), func(c string) bool { return c == channel })
	}
	return func(p adapters.Preferences) (adapters.Preferences, error) {
		p.Only, p.Quiet = without(p.Only), without(p.Quiet)
		switch mode {
		case modeOnly:
			p.Only = append(p.Only, channel)
		case modeQuiet:
			p.Quiet = append(p.Quiet, channel)
		}
		return p, nil
	}
}

// choosePacks reads names parted by commas; "all" and nothing are every pack, or in a channel what holds everywhere.
func (r reader) choosePacks(text, channel string) func(adapters.Preferences) (adapters.Preferences, error) {
	return func(p adapters.Preferences) (adapters.Preferences, error) {
		chosen, err := r.named(text)
		switch {
		case err != nil:
			return p, err
		case channel != "":
			return p.InChannel(channel, chosen), nil
		}
		p.Packs = chosen
		return p, nil
	}
}

// named are the packs that a text names; none where it names all.
func (r reader) named(text string) (chosen []string, err error) {
	var there []string
	for _, p := range r.packs {
		there = append(there, p.Name)
	}
	for n := range strings.SplitSeq(text, ",") {
		n = strings.TrimSpace(n)
		switch {
		case strings.EqualFold(n, "all"):
			return nil, nil
		case n == "" || slices.Contains(chosen, n):
			continue
		case there != nil && !slices.Contains(there, n):
			return nil, &packError{there}
		}
		chosen = append(chosen, n)
	}
	return chosen, nil
}

// refusedChange is why a change was not made, in words.
func refusedChange(err error, w words) string {
	if e, ok := errors.AsType[*packError](err); ok {
		return fmt.Sprintf(w.noPack, strings.Join(e.packs, ", "))
	}
	if errors.Is(err, adapters.ErrTooMuch) {
		return w.tooMany
	}
	return w.failed
}

// renderSettings shows the settings of a server; err says that they could not be read or changed.
func renderSettings(p adapters.Preferences, err error, l look) reply {
	w := wordsOf(l.Locale)
	l.Private = true
	if err != nil {
		return renderWords(refusedChange(err, w), l)
	}
	lines := []string{"### " + w.settings}
	line := func(ok bool, yes, no string) {
		if !ok {
			yes = no
		}
		lines = append(lines, "- "+yes)
	}
	line(p.Private, w.privately, w.openly)
	line(p.NoFeedback, w.noThumbs, w.thumbs)
	line(len(p.Only) > 0, fmt.Sprintf(w.onlyIn, channels(p.Only)), w.everywhere)
	if len(p.Quiet) > 0 {
		lines = append(lines, "- "+fmt.Sprintf(w.quietIn, channels(p.Quiet)))
	}
	line(len(p.Packs) > 0, fmt.Sprintf(w.packs, escape(strings.Join(p.Packs, ", "))), w.packsAll)
	text := shortenEscaped(strings.Join(lines, "\n"), maxText)
	return message(l, []component{{Type: typeContainer, Accent: new(grey), Components: []component{{Type: typeText, Content: text}}}})
}

// channels links channels by their ids, which a person sees as their names; only they do, and nobody is told.
func channels(ids []string) string {
	var out []string
	for _, id := range ids {
		if id != "" && strings.Trim(id, "0123456789") == "" {
			out = append(out, "<#"+id+">")
		}
	}
	return strings.Join(out, ", ")
}
