// Package discord joins Discord to the bot: commands, mentions, direct messages and buttons become questions, answers
// become messages with buttons and charts.
//
// It does not answer anything itself, keeps no context and remembers no message: what a button needs stands in its id
// and in the bot's state. With its packages commands and lint it alone imports discordgo.
//
// One half of it is pure: it reads what Discord sends, in asked.go, question.go and settings.go. A reader makes an asked of
// an interaction or a message; under is the same as the server's settings want it, and comes before anything else; look
// says how the answer is drawn, which is package layout's. This half touches no network, no clock and no state, and knows
// Discord's JSON by itself, in object.go: discordgo's typed events are emptied by one field of an unexpected type, and
// their accessors panic then (bwmarrin/discordgo#1683, #1562).
//
// The other half carries: it claims, acknowledges, asks, sends, retries. It decides neither words nor layout.
package discord
