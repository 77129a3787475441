// Package discord joins Discord to the bot: commands, mentions, direct messages and buttons become questions, answers
// become messages with buttons and charts.
//
// It does not answer anything itself, keeps no context and remembers no message: what a button needs stands in its id
// and in the bot's state. It alone imports discordgo.
package discord
