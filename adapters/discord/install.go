package discord

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"

	"careerbot/adapters/discord/commands"
	"careerbot/adapters/discord/transport"
)

// register learns who the bot is, and registers its commands where they differ from those registered. That it fails is
// logged and stops nothing: what is registered goes on to work.
func (a *Adapter) register(ctx context.Context) error {
	for n := 0; ; n++ {
		err := a.sync(ctx)
		if err == nil || ctx.Err() != nil || n == 5 || a.rest.Revoked() {
			return nil
		}
		a.log.Error("the commands are not registered", "err", err)
		if transport.Wait(ctx, pause(n+1)) != nil {
			return nil
		}
	}
}

// sync registers the commands everywhere, if they changed.
func (a *Adapter) sync(ctx context.Context) error {
	plan, err := a.Sync(ctx, "", true)
	if err == nil && len(plan.Changes) > 0 {
		a.log.Info("the commands are registered anew", "changes", plan.Changes)
	}
	return err
}

// Sync compares the commands with those that Discord has, everywhere or in one server (guild), and with apply registers
// them where they differ. It needs no Run.
func (a *Adapter) Sync(ctx context.Context, guild string, apply bool) (commands.Registration, error) {
	if a.wrong != nil {
		return commands.Registration{}, a.wrong
	}
	if err := a.identify(ctx); err != nil {
		return commands.Registration{}, err
	}
	path := "/applications/" + a.who().application
	if guild != "" {
		path += "/guilds/" + guild
	}
	path += "/commands"
	have, err := a.api.do(ctx, http.MethodGet, path+"?with_localizations=true", nil, nil)
	if err != nil {
		return commands.Registration{}, err
	}
	plan, err := commands.Plan(have, a.cfg.Command, guild != "", a.packs()...)
	if err != nil || plan.Body == nil || !apply {
		return plan, err
	}
	_, err = a.api.do(ctx, http.MethodPut, path, json.RawMessage(plan.Body), nil)
	return plan, err
}

// identify asks Discord who the bot is, where that is not known.
func (a *Adapter) identify(ctx context.Context) error {
	if id := a.who(); id.application != "" && id.user != "" {
		return nil
	}
	app, err := a.application(ctx)
	if err != nil {
		return err
	}
	a.learn(identity{application: app.ID, user: app.Bot.ID})
	return nil
}

// ApplicationID is the app's id, as it is set, or as Discord says whose the token is.
func (a *Adapter) ApplicationID(ctx context.Context) (string, error) {
	if a.wrong != nil {
		return "", a.wrong
	}
	if id := a.who().application; id != "" {
		return id, nil
	}
	err := a.identify(ctx)
	return a.who().application, err
}

// application is what Discord tells of the app that the token is of.
type application struct {
	ID        string
	Name      string
	VerifyKey string `json:"verify_key"`
	Endpoint  string `json:"interactions_endpoint_url"`
	Bot       struct{ ID string }
	Install   struct {
		Permissions string `json:"permissions"`
	} `json:"install_params"`
}

func (a *Adapter) application(ctx context.Context) (app application, err error) {
	err = a.api.get(ctx, "/applications/@me", &app)
	if err == nil && app.Bot.ID == "" {
		app.Bot.ID = app.ID // as with all apps since 2016
	}
	return app, err
}

// Permissions that the bot asks for, and why: https://discord.com/developers/docs/topics/permissions.
const (
	permViewChannel   = 1 << 10 // to see the messages that mention it
	permSend          = 1 << 11 // to reply to them
	permAttachFiles   = 1 << 15 // charts
	permReadHistory   = 1 << 16 // a reply must see what it replies to
	permSendInThreads = 1 << 38
	invitePermissions = permViewChannel | permSend | permAttachFiles | permReadHistory | permSendInThreads
)

// InviteURL is the address at which those who manage a server add the bot to it, with exactly the scopes and permissions
// it uses. Anybody can open it; Discord asks which server.
func InviteURL(application string) string {
	return "https://discord.com/oauth2/authorize?client_id=" + application +
		"&permissions=" + strconv.FormatInt(invitePermissions, 10) + "&integration_type=0&scope=bot+applications.commands"
}

// UserInviteURL is the address at which a person adds the bot's commands to their own account, for every server and chat.
func UserInviteURL(application string) string {
	return "https://discord.com/oauth2/authorize?client_id=" + application + "&integration_type=1&scope=applications.commands"
}

// needed are the permissions that the bot uses, by the names that Discord's settings have for them.
var needed = []struct {
	bit  uint64
	name string
}{
	{permViewChannel, "View Channels"},
	{permSend, "Send Messages"},
	{permSendInThreads, "Send Messages in Threads"},
	{permAttachFiles, "Attach Files"},
	{permReadHistory, "Read Message History"},
}

// administrator has every permission.
const administrator = 1 << 3
