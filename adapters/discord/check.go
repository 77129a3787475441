package discord

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"careerbot/adapters"
	"careerbot/adapters/discord/transport"
)

// Check looks at the shapes of the settings.
func (a *Adapter) Check(context.Context) []adapters.Finding {
	token := adapters.Finding{What: "token: has the shape of a bot's", OK: true}
	_, ok := userOf(string(a.cfg.Token))
	if !ok {
		token = adapters.Finding{
			What: "token", Problem: "it has not the shape of a bot token, three parts with dots between",
			Remedy: "copy the token of the app's Bot page, not the client secret and not the public key, into DISCORD_TOKEN",
		}
	}
	all := []adapters.Finding{token}
	if id := a.cfg.ApplicationID; id != "" {
		f := adapters.Finding{What: "application id: " + id, OK: true}
		if _, err := strconv.ParseUint(id, 10, 64); err != nil {
			f = adapters.Finding{
				What: "application id", Problem: "it is no number", OK: false,
				Remedy: "copy the Application ID of the app's General Information page into DISCORD_APPLICATION_ID, or leave it unset",
			}
		}
		all = append(all, f)
	}
	transports := "transport: the gateway alone; a token is all it takes"
	if a.key != nil {
		transports = "transport: /discord/interactions for commands and buttons, the gateway for messages"
	}
	f := adapters.Finding{What: transports, OK: true}
	if a.wrong != nil && a.cfg.Token != "" {
		f = adapters.Finding{What: "settings", Problem: a.wrong.Error(), Remedy: "correct the setting"}
	}
	return append(all, f)
}

// userOf is the bot's user id, which a token begins with.
func userOf(token string) (id string, ok bool) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 || len(parts[1]) < 6 || len(parts[2]) < 27 {
		return "", false
	}
	b, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(parts[0], "="))
	if err != nil {
		return "", false
	}
	_, err = strconv.ParseUint(string(b), 10, 64)
	return string(b), err == nil
}

// Probe asks Discord whether the token is good, whether application id and public key are the app's, whether the
// commands are registered, how many starts are left, and what time it is.
func (a *Adapter) Probe(ctx context.Context) []adapters.Finding {
	if a.wrong != nil {
		return nil // Check says what
	}
	begin := a.cfg.Now()
	app, err := a.application(ctx)
	if err != nil {
		remedy := "see that " + a.host() + " can be reached from here"
		if a.rest.Revoked() {
			return []adapters.Finding{{
				What: "token", Problem: "Discord does not take it",
				Remedy: "copy a new one from the app's Bot page into DISCORD_TOKEN",
			}}
		}
		return []adapters.Finding{{What: "Discord itself", Problem: err.Error(), Remedy: remedy}}
	}
	took := a.cfg.Now().Sub(begin)
	all := []adapters.Finding{{What: fmt.Sprintf("token: of %q, answered in %s", app.Name, took.Round(time.Millisecond)), OK: true}}
	if id := a.cfg.ApplicationID; id != "" && id != app.ID {
		all = append(all, adapters.Finding{
			What: "application id", Problem: "it is " + id + ", and the token is of " + app.ID,
			Remedy: "take both from the same app, or leave DISCORD_APPLICATION_ID unset",
		})
	}
	a.learn(identity{application: app.ID, user: app.Bot.ID})
	all = append(all, a.probeEndpoint(app)...)
	all = append(all, a.probeCommands(ctx), a.probeServers(ctx), a.probeGateway(ctx), a.probeClock(ctx))
	return all
}

// host is where the REST interface is.
func (a *Adapter) host() string {
	if a.cfg.APIURL != "" {
		return a.cfg.APIURL
	}
	return transport.DefaultURL
}

// probeEndpoint compares the app's public key and endpoint with how this adapter is set up.
func (a *Adapter) probeEndpoint(app application) []adapters.Finding {
	switch {
	case a.key == nil && app.Endpoint != "":
		return []adapters.Finding{{
			What:    "interactions",
			Problem: "the app sends them to " + app.Endpoint + ", so none come over the gateway, and there is no public key to take them there",
			Remedy:  "set DISCORD_PUBLIC_KEY, or empty the Interactions Endpoint URL of the app's General Information page",
		}}
	case a.key == nil:
		return nil
	case !strings.EqualFold(app.VerifyKey, a.cfg.PublicKey):
		return []adapters.Finding{{
			What: "public key", Problem: "it is not the app's, so every interaction would be refused",
			Remedy: "copy the Public Key of the app's General Information page into DISCORD_PUBLIC_KEY",
		}}
	case app.Endpoint == "":
		return []adapters.Finding{{
			What: "public key: the app's; its Interactions Endpoint URL is not set, so interactions come over the gateway", OK: true,
		}}
	}
	return []adapters.Finding{{What: "public key: the app's; interactions go to " + app.Endpoint, OK: true}}
}

func (a *Adapter) probeCommands(ctx context.Context) adapters.Finding {
	plan, err := a.Sync(ctx, "", false)
	switch {
	case err != nil:
		return adapters.Finding{
			What: "commands", Problem: err.Error(),
			Remedy: "install the app with the scope applications.commands; careerbot discord invite prints the link",
		}
	case len(plan.Changes) > 0:
		return adapters.Finding{
			What: "commands", Problem: "they are not as registered: " + excerpt(strings.Join(plan.Changes, "; "), 300),
			Remedy: "run careerbot discord commands sync, or start careerbot serve, which does the same",
		}
	}
	return adapters.Finding{What: "commands: registered as they are", OK: true}
}

// probeServers looks at what the bot may do in the servers it is in; at most the first 200 of them.
func (a *Adapter) probeServers(ctx context.Context) adapters.Finding {
	var servers []struct{ ID, Name, Permissions string }
	if err := a.api.get(ctx, "/users/@me/guilds?limit=200", &servers); err != nil {
		return adapters.Finding{What: "permissions", Problem: err.Error(), Remedy: "see that " + a.host() + " can be reached from here"}
	}
	var lacks []string
	for _, s := range servers {
		has, err := strconv.ParseUint(s.Permissions, 10, 64)
		for _, p := range needed {
			if err == nil && has&(p.bit|administrator) == 0 {
				lacks = append(lacks, fmt.Sprintf("%s in %q (%s)", p.name, s.Name, s.ID))
			}
		}
	}
	if len(lacks) > 0 {
		return adapters.Finding{
			What: "permissions", Problem: "the bot lacks " + excerpt(strings.Join(lacks, ", "), 400),
			Remedy: "give its role the permission in the server's settings; careerbot discord invite prints a link with all it needs",
		}
	}
	return adapters.Finding{What: fmt.Sprintf("permissions: all that are needed, in %d servers", len(servers)), OK: true}
}

func (a *Adapter) probeGateway(ctx context.Context) adapters.Finding {
	about, err := a.api.gatewayBot(ctx)
	switch {
	case err != nil:
		return adapters.Finding{What: "gateway", Problem: err.Error(), Remedy: "see that " + a.host() + " can be reached from here"}
	case about.Limit.Total > 0 && about.Limit.Remaining < max(about.Shards, a.cfg.Shards):
		return adapters.Finding{
			What:    "gateway",
			Problem: fmt.Sprintf("only %d of today's %d connections are left", about.Limit.Remaining, about.Limit.Total),
			Remedy:  "find what restarts so often, and wait until tomorrow: Discord resets the token when they are used up",
		}
	}
	return adapters.Finding{What: fmt.Sprintf(
		"gateway: %d shards, %d of %d connections left today; asks for messages in servers and direct messages alone, which need no approval",
		about.Shards, about.Limit.Remaining, about.Limit.Total), OK: true}
}

// clockSlack is how far a clock may be off: signatures older than maxAge are refused.
const clockSlack = maxAge / 3

// probeClock compares clocks by the Date of an answer.
func (a *Adapter) probeClock(ctx context.Context) adapters.Finding {
	const doing = "clock against Discord's"
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, apiBase+"/gateway", nil)
	if err != nil {
		return adapters.Finding{What: doing, Problem: err.Error(), Remedy: "report this"}
	}
	res, err := a.rest.RoundTrip(req)
	if err != nil {
		return adapters.Finding{What: doing, Problem: err.Error(), Remedy: "see that " + a.host() + " can be reached from here"}
	}
	_ = res.Body.Close()
	date, err := http.ParseTime(res.Header.Get("Date"))
	if err != nil {
		return adapters.Finding{What: doing + ": not told", OK: true}
	}
	if off := a.cfg.Now().Sub(date); off.Abs() > clockSlack {
		return adapters.Finding{
			What: doing, Problem: "it is off by " + off.Round(time.Second).String(), Remedy: "set it by NTP: signatures of other times are refused",
		}
	}
	return adapters.Finding{What: doing + ": together within seconds", OK: true}
}
