// Package bot answers questions: it understands one, searches for it, composes the answer and remembers the turn.
// It does not know any platform; adapters turn their events into a [chat.Question] and draw the [chat.Answer].
//
// # A tour of the house, bottom up
//
// [careerbot/knowledge/lexicon] is the vocabulary: how text becomes words, which words name which entity, what is
// Hinglish or shorthand for what, how a misspelt word is put right. All of it is read from files.
//
// [careerbot/knowledge/markup] turns an article written in Markdown into titled sections of plain text, and saved web
// pages and copied text into articles.
//
// [careerbot/knowledge] loads packs: articles, facts that cite their sections, a lexicon. It checks them and names
// file, line and remedy for whatever is wrong. The pack on back-end careers is embedded.
//
// [careerbot/knowledge/importer] makes packs of pages: it reads the sources and writes articles and facts as files. The
// facts are found by [careerbot/knowledge/importer/extract], which reads and writes no file.
//
// [careerbot/index/segment] holds facts and sections in Bleve's segments, in memory or as files. It alone knows Bleve.
//
// [careerbot/index/disk] keeps segments in a directory, under a manifest that says which of them count, and reads only
// what changed.
//
// [careerbot/index] ranks what they hold with a scorer of its own, and puts misspelt words right.
//
// [careerbot/bot/chat] is the language of the house: Question, Answer and its blocks, Asker, Fault. It imports nothing,
// so that an adapter links neither the index nor a database.
//
// [careerbot/bot/intent] understands: text and the turns before become an Intent. It is pure.
//
// [careerbot/bot/compose] answers: an Intent and the evidence found for it become a chat.Answer. It is pure, never
// searches, and shows no figure without source, date, region and kind. One file for each topic. Sums are written by
// [careerbot/bot/compose/money].
//
// [careerbot/bot/store] keeps what must not be forgotten: claims, turns, settings, the journal. Below it
// [careerbot/bot/store/engine] opens SQLite or PostgreSQL and runs its statements; it alone knows their drivers.
//
// Package bot ties them together in [Bot.Ask]: recall the thread, read the question, find evidence, compose, remember.
// [Library] holds one volume, a pack with its index, and lends it to each question for as long as it takes.
//
// [careerbot/bot/chart] draws a range chart as text, SVG or PNG. [careerbot/bot/eval] puts judged questions to an Asker
// and counts. [careerbot/bot/chat/chattest] is a gallery of answers that every renderer is tested with.
//
// [careerbot/adapters] says what an adapter is; [careerbot/adapters/terminal] is the one for a terminal,
// [careerbot/adapters/slack] the one for Slack: [careerbot/adapters/slack/payload] reads what Slack sends,
// [careerbot/adapters/slack/blocks] draws answers, [careerbot/adapters/slack/webapi] calls Slack, and
// [careerbot/adapters/slack/manifest] writes what the app is made from. It is tried on a Slack on loopback,
// [careerbot/adapters/slack/slacktest]: [careerbot/adapters/slack/slacktest/blockkit] is what Slack takes,
// [careerbot/adapters/slack/slacktest/history] what happened, [careerbot/adapters/slack/slacktest/soak] a long run on it,
// and [careerbot/adapters/slack/slacktest/judge] has what others wrote judge the adapter.
//
// [careerbot/adapters/discord] is the one for Discord, over its gateway and over HTTP. [careerbot/adapters/discord/wire] is
// the JSON it sends, [careerbot/adapters/discord/markdown] texts that are safe in it, [careerbot/adapters/discord/lint] what
// Discord would refuse. [careerbot/adapters/discord/layout] draws answers, [careerbot/adapters/discord/commands] makes the
// commands. What lies between the client library and the network is [careerbot/adapters/discord/transport]; its tests run
// against a Discord on loopback, [careerbot/adapters/discord/discordtest]: [careerbot/adapters/discord/discordtest/object] is
// what it sends and takes, [careerbot/adapters/discord/discordtest/rest] the outside of its REST interface,
// [careerbot/adapters/discord/discordtest/ledger] counts questions against answers,
// [careerbot/adapters/discord/discordtest/campaign] makes long runs, and [careerbot/adapters/discord/discordtest/spec] has
// Discord's own document judge requests.
//
// cmd/careerbot is the command line: one file for each subcommand, and the wiring.
//
// # Where to touch
//
// A fact: knowledge/pack/facts. A wording, synonym or misspelling: knowledge/pack/lexicon. A new topic: a cue in the
// lexicon, a constant in chat, a file in compose, judged questions in eval. Ranking: index, then read
// bot/eval/testdata/score.golden. A platform: a folder under adapters and one line in cmd/careerbot.
package bot
