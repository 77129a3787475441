package discord

import (
	"errors"
	"slices"
	"strings"

	"careerbot/adapters"
	"careerbot/adapters/discord/commands"
	"careerbot/adapters/discord/layout"
	"careerbot/adapters/discord/wire"
)

// packError says that a change names a pack there is none of.
type packError struct{ packs []string } // that there are

// Error names those that there are.
func (e *packError) Error() string {
	return "there is no such pack; there are: " + strings.Join(e.packs, ", ")
}

// admin reads a subcommand of the settings.
func (r reader) admin(a *asked, sub object) {
	options := map[string]object{}
	for _, o := range sub.list("options") {
		options[o.str("name")] = o
	}
	a.kind, a.private = settings, new(true)
	on := options[commands.OptionOn].flag("value")
	switch sub.str("name") {
	case commands.AdminShow:
		a.change = change{show: true, apply: same}
	case commands.AdminPrivate:
		a.change.apply = func(p adapters.Preferences) (adapters.Preferences, error) { p.Private = on; return p, nil }
	case commands.AdminFeedback:
		a.change.apply = func(p adapters.Preferences) (adapters.Preferences, error) { p.NoFeedback = !on; return p, nil }
	case commands.AdminChannel:
		a.change.apply = inChannel(options[commands.OptionMode].str("value"), first(options[commands.AdminChannel].str("value"), a.place.Channel))
	case commands.AdminPacks:
		a.change.apply = r.choosePacks(options[commands.OptionPacks].str("value"), options[commands.AdminChannel].str("value"))
	case commands.AdminReport:
		a.kind, a.days = report, commands.DefaultDays
		if n := options[commands.OptionDays].num("value"); n > 0 {
			a.days = min(n, commands.MaxDays)
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
		case commands.ModeOnly:
			p.Only = append(p.Only, channel)
		case commands.ModeQuiet:
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

// renderSettings shows the settings of a server, to who asked alone; err says that they could not be read or changed.
func renderSettings(p adapters.Preferences, err error, l layout.Look) wire.Reply {
	l.Private = true
	if e, ok := errors.AsType[*packError](err); ok {
		return layout.NoPack(e.packs, l)
	}
	switch {
	case errors.Is(err, adapters.ErrTooMuch):
		return layout.Notify(layout.TooMany, l)
	case err != nil:
		return layout.Notify(layout.Failed, l)
	}
	return layout.Settings(p, l)
}
