package blocks

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
	maxOptions     = 100    // of a select, or of a group of its options
	maxGroups      = 100    // of options of a select: …/block-elements/select-menu-element
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

// maxText is how long the text of a message is, in characters: advised; Slack cuts at 40,000: …/methods/chat.postMessage.
const maxText = 4000

// maxPrompts is how many first questions the agent surface may suggest: …/methods/assistant.threads.setSuggestedPrompts.
const maxPrompts = 4
