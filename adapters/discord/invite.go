package discord

import "strconv"

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
