package layout

// How we draw, within the limits of package lint.
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
	shortItem    = 24  // characters of list items that are drawn side by side
	maxShare     = 30  // characters of a label of a link
	MaxReason    = 500 // UTF-16 units of a reason why an answer was no good
	shownLabel   = 34  // of a label that a phone shows: "34 characters max with icon or emoji, 38 without"
)
