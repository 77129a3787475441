package main

import (
	"strings"
	"testing"

	"careerbot/adapters/discord/discordtest"
)

// TestDiscordCommands registers the commands with a Discord on loopback: first all of them, then nothing.
func TestDiscordCommands(t *testing.T) {
	t.Parallel()
	d := discordtest.Start(t, discordtest.Options{})
	vars := map[string]string{"DISCORD_TOKEN": discordtest.Token, "DISCORD_API_URL": d.URL()}
	called := func(want int, args ...string) string {
		t.Helper()
		var out, complaint strings.Builder
		if code := run(t.Context(), append([]string{"discord"}, args...), strings.NewReader(""), &out, &complaint, env(vars)); code != want {
			t.Errorf("%v: status %d, want %d: %s%s", args, code, want, out.String(), complaint.String())
		}
		if all := out.String() + complaint.String(); strings.Contains(all, discordtest.Token) {
			t.Errorf("%v prints the token: %s", args, all)
		}
		return out.String() + complaint.String()
	}
	const all = "+ /backend\n+ /backend-admin\n+ menu \"Answer this question\"\n"
	if got := called(exitFailure, "commands", "diff"); got != all {
		t.Errorf("diff says %q", got)
	}
	if n := len(d.Commands("")); n != 0 {
		t.Errorf("diff has registered %d commands", n)
	}
	if got := called(exitOK, "commands", "sync"); !strings.HasPrefix(got, all+"The commands are registered anew") {
		t.Errorf("sync says %q", got)
	}
	if n := len(d.Commands("")); n != 3 {
		t.Errorf("%d commands are registered", n)
	}
	for _, again := range []string{"sync", "diff"} {
		if got := called(exitOK, "commands", again); got != "The commands are registered as they are.\n" {
			t.Errorf("%s after sync says %q", again, got)
		}
	}
	if got := called(exitOK, "invite"); !strings.Contains(got, "client_id=") || !strings.HasSuffix(got, "scope=bot+applications.commands\n") {
		t.Errorf("invite says %q", got)
	}
	if got := called(exitOK, "commands", "print"); !strings.HasPrefix(got, "[\n") {
		t.Errorf("print says %.80q", got)
	}
	if got := called(exitUsage, "commands", "sync", "--guild", "my server"); !strings.Contains(got, "Copy Server ID") {
		t.Errorf("of a server by name: %q", got)
	}
	vars["DISCORD_TOKEN"] = ""
	if got := called(exitFailure, "commands", "sync"); !strings.Contains(got, "DISCORD_TOKEN is not set") {
		t.Errorf("without a token: %q", got)
	}
	vars["DISCORD_APPLICATION_ID"] = "812345678901234567"
	if got := called(exitOK, "invite", "--user"); !strings.Contains(got, "client_id=812345678901234567&") {
		t.Errorf("invite without a token says %q", got)
	}
}
