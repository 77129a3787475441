package lint

// Limits of messages and components: https://discord.com/developers/docs/components/reference. Discord does not say
// whether it counts characters or UTF-16 units; we count units, of which there are never fewer.
const (
	maxComponents  = 40   // of a message, nested ones counted
	MaxText        = 4000 // of all text displays of a message: discord/discord-api-docs#8562
	MaxRowButtons  = 5
	MaxCustomID    = 100
	MaxLabel       = 80
	MaxURL         = 512
	MaxOptions     = 25
	maxOptionLabel = 100
	maxPlaceholder = 150
	maxGallery     = 10
	MaxAltText     = 1024
	MaxComponentID = 1<<31 - 1

	MaxModalTitle = 45
	maxModalRows  = 5
	MaxInputLabel = 45
	maxInputText  = 4000
	MaxInputHint  = 100
)

// Limits of messages: https://discord.com/developers/docs/resources/message#create-message, and
// https://discord.com/developers/docs/reference#uploading-files.
const (
	maxFiles    = 10
	MaxFileSize = 10 << 20 // the least of all servers
	maxFileName = 260      // of what we name it is far less
)

// Limits of embeds, content and polls. We send none, but any body is judged.
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
	MaxDescription    = 100
	maxCommandOptions = 25
	MaxChoices        = 25
	MaxChoiceText     = 100
	maxCommandSize    = 8000 // names, descriptions and values, the longest localisation of each
	maxChatCommands   = 100
	maxMenuCommands   = 15 // of messages; the same of users
)
