package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"careerbot/adapters"
	"careerbot/adapters/slack/blocks"
	"careerbot/adapters/slack/manifest"
	"careerbot/adapters/slack/payload"
	"careerbot/adapters/slack/webapi"
	"careerbot/bot/chat"

	"github.com/slack-go/slack"
)

// What the checks look at.
const (
	prefixBot     = "xoxb-"
	prefixRotated = "xoxe.xoxb-"
	prefixApp     = "xapp-"
	clockMost     = 2 * time.Minute // that clocks may differ by: Slack refuses what is five minutes off
)

// optionalScopes are those that add to what the bot does, with what they add.
var optionalScopes = []struct{ scope, adds string }{
	{"channels:history", "follow-ups in threads without a mention, and looking posts up in channels after a crash"},
	{"users:read", "knowing who manages the workspace, for settings and report"},
	{"assistant:write", "suggested prompts on the agent surface"},
}

// Check looks at the shapes of tokens, and at what does not go together.
func (a *Adapter) Check(context.Context) []adapters.Finding {
	c := a.cfg
	var all findings
	switch bot := string(c.BotToken); {
	case bot == "" && !a.installs():
		all.problem("Slack token", "there is no SLACK_BOT_TOKEN, and no way to install the app",
			"set SLACK_BOT_TOKEN, or SLACK_CLIENT_ID, SLACK_CLIENT_SECRET and STATE_KEY")
	case strings.HasPrefix(bot, prefixRotated):
		all.problem("SLACK_BOT_TOKEN", "it is a rotating token, which is over after 12 hours",
			"set SLACK_CLIENT_ID, SLACK_CLIENT_SECRET and STATE_KEY instead and install the app at /slack/install")
	case bot != "":
		all.shape("SLACK_BOT_TOKEN", bot, prefixBot, "the Bot User OAuth Token of the app's OAuth & Permissions page")
	}
	if app := string(c.AppToken); app != "" {
		all.shape("SLACK_APP_TOKEN", app, prefixApp, "an App-Level Token with connections:write, of the app's Basic Information page")
	}
	if c.AppToken == "" && c.SigningSecret == "" {
		all.problem("Slack transport", "neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set, so no event arrives",
			"set SLACK_APP_TOKEN for Socket Mode, which needs no public address, or SLACK_SIGNING_SECRET for HTTP")
	}
	if secret := string(c.SigningSecret); secret != "" {
		if strings.HasPrefix(secret, "xox") || strings.HasPrefix(secret, "xapp") || strings.TrimSpace(secret) != secret {
			all.problem("SLACK_SIGNING_SECRET", "it is a token, or has blanks around it",
				"copy the Signing Secret of the app's Basic Information page")
		} else {
			all.ok("SLACK_SIGNING_SECRET: has the shape of one")
		}
	}
	if (c.ClientID == "") != (c.ClientSecret == "") {
		all.problem("SLACK_CLIENT_ID and SLACK_CLIENT_SECRET", "one of them is missing", "set both, or neither")
	} else if c.ClientID != "" && c.Installations == nil {
		all.problem("SLACK_CLIENT_ID", "installations cannot be kept", "set STATE_KEY, which encrypts their tokens")
	}
	return all
}

type findings []adapters.Finding

func (f *findings) ok(format string, args ...any) {
	*f = append(*f, adapters.Finding{What: fmt.Sprintf(format, args...), OK: true})
}

func (f *findings) problem(what, problem, remedy string) {
	*f = append(*f, adapters.Finding{What: what, Problem: problem, Remedy: remedy})
}

func (f *findings) shape(what, token, prefix, where string) {
	switch {
	case strings.TrimSpace(token) != token || strings.ContainsAny(token, "\r\n\t \"'"):
		f.problem(what, "it has blanks or quotes in it", "copy it again: "+where)
	case !strings.HasPrefix(token, prefix):
		f.problem(what, "it does not begin with "+prefix+", so it is another kind of token", "copy "+where)
	default:
		f.ok("%s: has the shape of one", what)
	}
}

// Probe asks Slack: whose the tokens are, which scopes they have, whether a socket may be opened, what time it is.
func (a *Adapter) Probe(ctx context.Context) []adapters.Finding {
	var all findings
	if a.cfg.BotToken != "" {
		a.probeBot(ctx, &all)
	}
	if a.cfg.AppToken != "" {
		client := a.api.With("", slack.OptionAppLevelToken(string(a.cfg.AppToken)))
		_, _, err := client.StartSocketModeContext(ctx)
		all.called("apps.connections.open", a.api.Count("apps.connections.open", err), "a socket may be opened")
	}
	a.probeBlocks(ctx, &all)
	return all
}

// called makes a finding of a call.
func (f *findings) called(what string, err error, good string) bool {
	if err == nil {
		f.ok("Slack %s: %s", what, good)
		return true
	}
	remedy := webapi.Advice(err)
	if remedy == "" {
		remedy = "see that this machine reaches Slack, and try again"
	}
	f.problem("Slack "+what, err.Error(), remedy)
	return false
}

func (a *Adapter) probeBot(ctx context.Context, all *findings) {
	who, err := a.api.With(a.cfg.BotToken).AuthTestContext(ctx)
	if !all.called("auth.test", a.api.Count("auth.test", err), "the token is good") {
		return
	}
	a.probeClock(who.Header, all)
	if who.Header.Get("X-OAuth-Scopes") == "" {
		all.ok("Slack scopes: not told, so not compared")
		return
	}
	granted := splitScopes(who.Header.Get("X-OAuth-Scopes"))
	lacking := slices.DeleteFunc(manifest.Scopes(), func(s string) bool { return slices.Contains(granted, s) })
	if len(lacking) > 0 {
		all.problem("Slack scopes", "the token lacks "+strings.Join(lacking, ", "),
			"add them under OAuth & Permissions and install the app again, or take the manifest of \"careerbot slack manifest\"")
	} else {
		all.ok("Slack scopes: all that are needed")
	}
	for _, o := range optionalScopes {
		if !slices.Contains(granted, o.scope) {
			all.ok("Slack scope %s: not granted, which is allowed; it would give %s", o.scope, o.adds)
		}
	}
}

func splitScopes(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
}

func (a *Adapter) probeClock(h http.Header, all *findings) {
	theirs, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return
	}
	if off := a.cfg.Now().Sub(theirs).Abs(); off > clockMost {
		all.problem("clock", fmt.Sprintf("it differs from Slack's by %s", off.Round(time.Second)),
			"set it by NTP: requests whose time is five minutes off are refused")
		return
	}
	all.ok("clock: agrees with Slack's")
}

// probeBlocks has Slack's public validator look at what the bot sends: https://docs.slack.dev/reference/methods/blocks.validate.
// It wants no token and tells nothing of the workspace.
func (a *Adapter) probeBlocks(ctx context.Context, all *findings) {
	p := payload.Place{Team: "T0", Channel: "C0", User: "U0", Feedback: true, Sharable: true, Repeat: true, Words: "what does it pay?"}
	message := blocks.Render(sample(), blocks.Look{Place: p, Question: chat.Question{Text: p.Words}})
	home := blocks.Home{Command: a.cfg.Command, Sources: sample(), Recent: []string{p.Words}, Admin: true}
	view := func(v any) url.Values { return url.Values{"view": {encoded(v)}} }
	for _, drawn := range []struct {
		what string
		form url.Values
	}{
		{"an answer", url.Values{"blocks": {encoded(message.Blocks)}}},
		{"the Home tab", view(blocks.RenderHome(home))},
		{"the question's window", view(blocks.RenderAsk(a.cfg.Command))},
		{"the reason's window", view(blocks.RenderReason(p, "token"))},
		{"the settings", view(blocks.RenderSettings(p, adapters.Preferences{}, []chat.Pack{{Name: "a"}, {Name: "b"}}))},
	} {
		var said slack.SlackResponse
		err := a.api.Call(ctx, "blocks.validate", "", drawn.form, &said)
		if webapi.OneOf(err, "unknown_method") {
			all.ok("Slack blocks.validate: not there, so nothing is compared")
			return
		}
		if err != nil && len(webapi.Pointers(err)) > 0 {
			err = fmt.Errorf("%w: %s", err, strings.Join(webapi.Pointers(err), "; "))
		}
		if err == nil || !webapi.BlocksRefused(err) {
			all.called("blocks.validate", err, "takes "+drawn.what)
			continue
		}
		all.problem("Slack blocks.validate, "+drawn.what, err.Error(), "answers are sent with plainer blocks where they are refused; please report this")
	}
}

func encoded(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return "{}" // which the validator refuses
	}
	return string(text)
}

// sample is an answer with a block of every kind.
func sample() chat.Answer {
	return chat.Answer{
		ID: "sample", Topic: chat.TopicSalary, Title: "Back-end developer pay", Answered: true, Confidence: 1,
		Lead: "Senior back-end developers: 7 to 17 lakh a year across 2 articles.",
		Blocks: []chat.Block{
			chat.Text{Text: "Figures of different sources are shown side by side."},
			chat.List{Title: "Skills", Ordered: true, Items: []chat.Item{{Text: "Python", Of: "5 of 5"}, {Text: "SQL & <NoSQL>", Of: "4 of 5"}}},
			chat.Table{Title: "Pay", Columns: []string{"source", "a year"}, Rows: [][]string{{"upGrad", "7 to 12"}, {"GfG", "8 to 17"}}},
			chat.Quote{Text: "Pay rises with experience.", Source: "upgrad"},
			chat.Chart{
				Title: "Pay", Unit: "lakh a year", Note: "Sources: upGrad, GfG.",
				Bars: []chat.Bar{{Label: "upGrad", Low: 7, High: 12, HasLow: true, HasHigh: true}, {Label: "GfG", Low: 8, High: 17, Mean: 12, HasLow: true, HasHigh: true, HasMean: true}},
			},
		},
		Sources: []chat.Source{{ID: "upgrad", Title: "Salaries", Publisher: "upGrad", Date: "2025-05-12", URL: "https://example.com/a"}},
		Actions: []chat.Action{{Label: "In the US", Token: "us"}},
		Facets: []chat.Facet{
			{Name: "Region", Options: []chat.Action{{Label: "In the US", Token: "us"}}},
			{Name: "Level", Options: []chat.Action{{Label: "Mid-level", Token: "mid"}}},
		},
		About: chat.About{More: "more", Why: "why", Sources: "sources", Up: "up", Down: "down"},
	}
}
