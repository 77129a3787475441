package discord

// Limits of messages and components: https://discord.com/developers/docs/components/reference. Discord does not say
// whether it counts characters or UTF-16 units; we count units, of which there are never fewer.
const (
	maxComponents  = 40   // of a message, nested ones counted
	maxText        = 4000 // of all text displays of a message: discord/discord-api-docs#8562
	maxRowButtons  = 5
	maxCustomID    = 100
	maxLabel       = 80
	shownLabel     = 34 // of a label that a phone shows: "34 characters max with icon or emoji, 38 without"
	maxURL         = 512
	maxOptions     = 25
	maxOptionLabel = 100
	maxPlaceholder = 150
	maxGallery     = 10
	maxAltText     = 1024
	maxComponentID = 1<<31 - 1

	maxModalTitle = 45
	maxModalRows  = 5
	maxInputLabel = 45
	maxInputText  = 4000
	maxInputHint  = 100
)

// Limits of messages: https://discord.com/developers/docs/resources/message#create-message, and
// https://discord.com/developers/docs/reference#uploading-files.
const (
	maxFiles    = 10
	maxFileSize = 10 << 20 // the least of all servers
	maxFileName = 260      // of what we name it is far less
)

// Limits of embeds, content and polls. We send none; lint knows them, as it judges any body.
const (
	maxContent   = 2000
	maxEmbeds    = 10
	maxEmbedSum  = 6000 // https://discord.com/developers/docs/resources/message#embed-object-embed-limits
	maxPlainRows = 5    // without IS_COMPONENTS_V2
	maxPollText  = 55   // https://discord.com/developers/docs/resources/poll
	maxMentions  = 100
)

// Limits of commands: https://discord.com/developers/docs/interactions/application-commands.
const (
	maxCommandName    = 32
	maxDescription    = 100
	maxFurther        = 90 // commands of packs, within the 100 of an app
	maxCommandOptions = 25
	maxChoices        = 25
	maxChoiceText     = 100
	maxCommandSize    = 8000 // names, descriptions and values, the longest localisation of each
	maxChatCommands   = 100
	maxMenuCommands   = 15 // of messages; the same of users
)

// How we draw, within those limits.
const (
	pageText     = 1500 // units of evidence on one page: two screens of a phone
	onlyPageText = 2600 // where pages cannot be turned
	maxTitle     = 200
	maxQuestion  = 300 // of the question repeated above an answer
	maxName      = 40
	maxCredits   = 6 // sources named in the last line
	maxCharts    = 3 // pictures on a page
	maxLinks     = 2 // buttons to sources beside the one that lists them all; a phone has a line for each two
	maxPages     = 50
	shortItem    = 24 // characters of list items that are drawn side by side
	maxShare     = 30 // characters of a label of a link
	maxTypedName = 100
	maxReason    = 500
)
