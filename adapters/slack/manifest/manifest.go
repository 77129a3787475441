// Package manifest writes the app manifest, from which Slack makes an app: its commands, shortcuts, events and scopes.
//
// It changes no app, and sends nothing to Slack.
package manifest

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"careerbot/adapters/slack/blocks"
	"careerbot/adapters/slack/payload"
	"careerbot/bot/chat"
)

// Options say what an app is to be able to do.
type Options struct {
	Command string      // word of the slash command, without "/": "backend"
	Subject string      // what the bot knows about: "back-end careers"
	More    []chat.Pack // with commands of their own
	HTTP    string      // https address under which Slack reaches the bot; "" is Socket Mode
	Agent   bool        // a place in Slack's list of agents, with suggested prompts
	Follow  bool        // follow-ups in threads without a mention; the app then reads the channels it is in
	Minimal bool        // no scope that can be done without: nobody sees settings and report
}

// New gives the app manifest to paste at https://api.slack.com/apps, as JSON. What is false is written as false: Slack
// takes what is missing for true in some places (messages_tab_read_only_enabled), and slack-go's type leaves it out.
// The error says what is wrong with the options.
func New(o Options) ([]byte, error) {
	if !commandWord.MatchString(o.Command) {
		return nil, fmt.Errorf("%q is no word for a slash command: up to %d small letters, digits, - and _", o.Command, maxCommand-1)
	}
	m := socketManifest(o)
	if o.HTTP != "" {
		base, err := publicBase(o.HTTP)
		if err != nil {
			return nil, err
		}
		m.serve(base)
	}
	data, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the manifest: %w", err)
	}
	return append(data, '\n'), nil
}

// Limits of a manifest: https://github.com/slackapi/manifest-schema schemas/manifest.schema.2.0.0.json.
const (
	maxAppName          = 35
	maxDescription      = 140
	minLong             = 175
	maxLong             = 4000
	maxCommand          = 32
	maxCommands         = 50
	maxShortcut         = 24
	maxAgent            = 300
	maxShortDescription = 150 // of a shortcut
)

// commandWord has room for the slash: manifest schema, slash_commands.
var commandWord = regexp.MustCompile(`^[a-z0-9_-]{1,31}$`)

// Scopes are those without which the bot does not work: https://docs.slack.dev/reference/scopes.
func Scopes() []string { return []string{"commands", "chat:write", "app_mentions:read", "im:history"} }

// publicBase is an address without a slash at its end.
func publicBase(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return "", fmt.Errorf("%.200q is no https address at which Slack could reach the bot, such as https://bot.example.com", address)
	}
	return strings.TrimRight(u.String(), "/"), nil
}

// manifest is the part of https://github.com/slackapi/manifest-schema that is used.
type manifest struct {
	Metadata struct {
		Major int `json:"major_version"`
		Minor int `json:"minor_version"`
	} `json:"_metadata"`
	Display struct {
		Name        string `json:"name"`
		Description string `json:"description"`
		Long        string `json:"long_description"`
		Background  string `json:"background_color"`
	} `json:"display_information"`
	Features manifestFeatures `json:"features"`
	OAuth    struct {
		Redirects []string `json:"redirect_urls,omitempty"`
		Scopes    struct {
			Bot []string `json:"bot"`
		} `json:"scopes"`
	} `json:"oauth_config"`
	Settings manifestSettings `json:"settings"`
}

type manifestFeatures struct {
	Home struct {
		Home     bool `json:"home_tab_enabled"`
		Messages bool `json:"messages_tab_enabled"`
		ReadOnly bool `json:"messages_tab_read_only_enabled"`
	} `json:"app_home"`
	Bot struct {
		Name   string `json:"display_name"`
		Online bool   `json:"always_online"`
	} `json:"bot_user"`
	Agent     *manifestAgent     `json:"agent_view,omitempty"`
	Shortcuts []manifestShortcut `json:"shortcuts"`
	Commands  []manifestCommand  `json:"slash_commands"`
}

type manifestAgent struct {
	Description string           `json:"agent_description"`
	Prompts     []manifestPrompt `json:"suggested_prompts"`
}

type manifestPrompt struct {
	Title   string `json:"title"`
	Message string `json:"message"`
}

type manifestShortcut struct {
	Name        string `json:"name"`
	Type        string `json:"type"`
	Callback    string `json:"callback_id"`
	Description string `json:"description"`
}

type manifestCommand struct {
	Command     string `json:"command"`
	URL         string `json:"url,omitempty"`
	Description string `json:"description"`
	Hint        string `json:"usage_hint"`
	Escape      bool   `json:"should_escape"`
}

type manifestSettings struct {
	Events struct {
		URL string   `json:"request_url,omitempty"`
		Bot []string `json:"bot_events"`
	} `json:"event_subscriptions"`
	Interactivity struct {
		Enabled bool   `json:"is_enabled"`
		URL     string `json:"request_url,omitempty"`
	} `json:"interactivity"`
	Org      bool `json:"org_deploy_enabled"`
	Socket   bool `json:"socket_mode_enabled"`
	Rotation bool `json:"token_rotation_enabled"`
}

// socketManifest is that of Socket Mode.
func socketManifest(o Options) *manifest {
	about := chat.Line(o.Subject)
	if about == "" {
		about = "careers"
	}
	m := &manifest{}
	m.Metadata.Major = 2
	m.Display.Name, m.Display.Background = "careerbot", "#2c2d72"
	m.Display.Description = chat.Clip("Answers questions about "+about+", with sources", maxDescription)
	m.Display.Long = chat.Clip("Ask about "+about+" in your own words or with /"+o.Command+": pay, skills, tools, roles, what to learn next, "+
		"and what the articles disagree on. Every answer names its sources and their dates, and what the articles do not say is said to be missing. "+
		"Answers to commands are seen by you alone until you share them.", maxLong)
	f := &m.Features
	f.Home.Home, f.Home.Messages, f.Home.ReadOnly = true, true, false
	f.Bot.Name, f.Bot.Online = "careerbot", true
	f.Shortcuts = []manifestShortcut{
		{"Answer This Question", "message", payload.CallbackAnswer, "Answers somebody's question, for you alone until you share it"},
		{"Ask a Question", "global", payload.CallbackAsk, "Asks about " + chat.Clip(about, maxShortDescription/2)},
	}
	names := make([]string, 0, len(chat.Commands()))
	for _, c := range chat.Commands() {
		names = append(names, c.Name)
	}
	f.Commands = []manifestCommand{{
		Command: "/" + o.Command, Description: chat.Clip("Ask about "+about, maxDescription), Hint: "[" + strings.Join(names, "|") + "] your question [--public]",
	}}
	for _, p := range o.More {
		if c := "/" + p.Command; commandWord.MatchString(p.Command) && c != f.Commands[0].Command && len(f.Commands) < maxCommands {
			f.Commands = append(f.Commands, manifestCommand{Command: c, Description: chat.Clip("Ask about "+chat.Line(p.Subject), maxDescription), Hint: f.Commands[0].Hint})
		}
	}
	m.OAuth.Scopes.Bot = Scopes()
	m.Settings.Events.Bot = []string{"app_home_opened", "app_mention", "message.im"}
	m.Settings.Interactivity.Enabled, m.Settings.Socket = true, true
	m.optional(o, about)
	return m
}

// optional adds what was asked for, with the scopes it takes.
func (m *manifest) optional(o Options, about string) {
	scope, events := &m.OAuth.Scopes.Bot, &m.Settings.Events.Bot
	if !o.Minimal {
		*scope = append(*scope, "users:read")
	}
	if o.Follow {
		*scope, *events = append(*scope, "channels:history"), append(*events, "message.channels")
	}
	if !o.Agent {
		return
	}
	*scope, *events = append(*scope, "assistant:write"), append(*events, "app_context_changed")
	agent := &manifestAgent{Description: chat.Clip("Answers questions about "+about+" from articles, and names them.", maxAgent)}
	for _, p := range blocks.Prompts() {
		agent.Prompts = append(agent.Prompts, manifestPrompt{p.Title, p.Message})
	}
	m.Features.Agent = agent
}

// serve turns m into that of an app that Slack reaches over HTTP, and that many workspaces may install.
func (m *manifest) serve(base string) {
	for i := range m.Features.Commands {
		m.Features.Commands[i].URL = base + "/slack/commands"
	}
	m.Settings.Events.URL, m.Settings.Interactivity.URL = base+"/slack/events", base+"/slack/interactions"
	m.Settings.Events.Bot = append(m.Settings.Events.Bot, "app_uninstalled", "tokens_revoked")
	m.Settings.Socket = false
	m.OAuth.Redirects = []string{base + "/slack/oauth_redirect"}
}
