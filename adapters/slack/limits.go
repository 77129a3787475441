package slack

// Limits of Block Kit, from https://docs.slack.dev/reference/block-kit where nothing else is said. Lengths are in
// characters.
const (
	maxBlocks      = 50     // of a message: …/blocks
	maxViewBlocks  = 100    // of a modal or Home tab: …/views
	maxBlocksText  = 13_000 // in all blocks of a message; about 13,202 is refused as msg_blocks_too_long: bolt-js#2509
	maxSection     = 3000   // …/blocks/section-block
	maxHeader      = 150    // …/blocks/header-block
	maxContext     = 10     // elements: …/blocks/context-block
	maxActions     = 25     // elements: …/blocks/actions-block
	maxButton      = 75     // text and accessibility label: …/block-elements/button-element
	maxValue       = 2000   // of a button
	maxURL         = 3000   // of a button, of a link
	maxOption      = 75     // text of an option: …/composition-objects/option-object
	maxOptionID    = 150    // value of an option, as the documentation of it has it
	maxOptions     = 100    // of a select
	maxID          = 255    // action_id, block_id, callback_id
	maxModalTitle  = 24     // title, submit and close: …/views/modal-views
	maxPrivate     = 3000   // private_metadata
	maxInput       = 3000   // max_length of a plain_text_input
	maxPlaceholder = 150    // …/block-elements/plain-text-input-element
	maxLabel       = 2000   // of an input block: …/blocks/input-block
)

// Limits of charts and tables: …/blocks/data-visualization-block, table-block, data-table-block.
const (
	maxCharts     = 2      // of a message; vercel/chat#696
	maxSeries     = 6      // Slack takes 12 since 2026, slack-go's Validate and older roll-outs 6
	maxPoints     = 20     // of a series, one for each category
	maxChartLabel = 20     // of a point, category, series
	maxChartTitle = 50     // and of an axis
	maxTableRows  = 100    // with the header
	maxDataRows   = 201    // of a data_table, with the header
	maxColumns    = 20     // of both
	maxTableText  = 10_000 // in all cells
	maxPageSize   = 100    // rows of a data_table's page
)

// Limits of messages.
const (
	maxText = 4000 // of text, advised; Slack cuts at 40,000: …/methods/chat.postMessage
	// maxAck is what an acknowledgement over Socket Mode may have in bytes: from 20,480 on Slack drops it, and slack-go
	// v0.34.0 refuses it. The envelope around the payload and what it escapes have the rest.
	maxAck = 19_000
	// maxKey is how long a key may be in bytes, so that the tokens that name an answer fit chat.MaxToken.
	maxKey = 80
)

// Limits of a manifest: https://github.com/slackapi/manifest-schema schemas/manifest.schema.2.0.0.json.
const (
	maxAppName     = 35
	maxDescription = 140
	minLong        = 175
	maxLong        = 4000
	maxCommand     = 32
	maxCommands    = 50
	maxShortcut    = 24
	maxPrompts     = 4
	maxAgent       = 300
)
