package blockkit

import (
	"fmt"
	"slices"
)

// accessories are the elements that sections and actions take; inputs are those that only input blocks take.
var (
	accessories = []string{
		"button", "workflow_button", "overflow", "checkboxes", "radio_buttons", "static_select", "multi_static_select",
		"external_select", "multi_external_select", "users_select", "multi_users_select", "conversations_select",
		"multi_conversations_select", "channels_select", "multi_channels_select", "datepicker", "timepicker",
		"datetimepicker", "image",
	}
	inputs = []string{"plain_text_input", "rich_text_input", "email_text_input", "url_text_input", "number_input", "file_input"}
)

// element looks at an interactive element, one of the kinds.
func (c *checker) element(p string, v any, kinds []string) {
	e, ok := v.(object)
	if !ok {
		c.fault(p, "must be an object")
		return
	}
	kind := text(e, "type")
	if !slices.Contains(kinds, kind) {
		c.fault(p+"/type", "unsupported type: %s", kind)
		return
	}
	if id := text(e, "action_id"); id != "" {
		c.length(p+"/action_id", id, 1, maxID)
	}
	if e["confirm"] != nil {
		c.confirm(p+"/confirm", e["confirm"])
	}
	switch kind {
	case "button":
		c.button(p, e)
	case "feedback_buttons":
		c.thumb(p+"/positive_button", e["positive_button"])
		c.thumb(p+"/negative_button", e["negative_button"])
	case "overflow":
		c.options(p+"/options", e["options"], maxOverflow)
	case "static_select", "multi_static_select", "checkboxes", "radio_buttons":
		if e["option_groups"] == nil {
			c.options(p+"/options", e["options"], maxOptions)
			break
		}
		for i, g := range c.list(p+"/option_groups", e["option_groups"], 1, maxOptions) {
			at := fmt.Sprintf("%s/option_groups/%d", p, i)
			group, _ := g.(object)
			c.object(at+"/label", group["label"], maxOptionText, "plain_text")
			c.options(at+"/options", group["options"], maxOptions)
		}
	case "image":
		c.image(p, e)
	}
}

func (c *checker) button(p string, e object) {
	c.object(p+"/text", e["text"], maxButtonText, "plain_text")
	c.length(p+"/value", text(e, "value"), 0, maxButtonValue)
	c.length(p+"/accessibility_label", text(e, "accessibility_label"), 0, maxButtonText)
	if address := text(e, "url"); address != "" {
		c.address(p+"/url", address)
	}
	if style := text(e, "style"); style != "" && style != "primary" && style != "danger" {
		c.fault(p+"/style", "unsupported value: %s", style)
	}
}

func (c *checker) thumb(p string, v any) {
	e, ok := v.(object)
	if !ok {
		c.fault(p, "missing required field")
		return
	}
	c.object(p+"/text", e["text"], maxButtonText, "plain_text")
	c.length(p+"/value", text(e, "value"), 1, maxButtonValue)
}

func (c *checker) confirm(p string, v any) {
	o, _ := v.(object)
	c.object(p+"/title", o["title"], 100, "plain_text")
	c.object(p+"/text", o["text"], 300, "plain_text", "mrkdwn")
	c.object(p+"/confirm", o["confirm"], 30, "plain_text")
	c.object(p+"/deny", o["deny"], 30, "plain_text")
}

func (c *checker) options(p string, v any, most int) {
	for i, o := range c.list(p, v, 1, most) {
		at := fmt.Sprintf("%s/%d", p, i)
		option, _ := o.(object)
		c.object(at+"/text", option["text"], maxOptionText, "plain_text", "mrkdwn")
		c.length(at+"/value", text(option, "value"), 1, maxOptionValue)
	}
}

func (c *checker) table(p string, b object) {
	rows := c.list(p+"/rows", b["rows"], 1, maxTableRows)
	c.rows(p, rows, []string{"raw_text", "rich_text"}, maxTableText)
}

// dataTable: the first row is the header, which holds plain text or numbers only.
func (c *checker) dataTable(p string, b object) {
	c.length(p+"/caption", text(b, "caption"), 1, maxSection)
	rows := c.list(p+"/rows", b["rows"], 2, maxDataRows)
	c.rows(p, rows, []string{"raw_text", "raw_number", "rich_text", "action_cell"}, maxDataText)
	if len(rows) > 0 {
		c.rows(p, rows[:1], []string{"raw_text", "raw_number"}, maxDataText)
	}
	if size, ok := b["page_size"].(float64); ok && (size < 1 || size > maxPageSize) {
		c.fault(p+"/page_size", "must be between 1 and %d", maxPageSize)
	}
}

func (c *checker) rows(p string, rows []any, kinds []string, longest int) {
	if n := runes(rows); n > longest {
		c.fault(p+"/rows", "no more than %d characters allowed", longest)
	}
	for i, r := range rows {
		row, _ := r.([]any)
		at := fmt.Sprintf("%s/rows/%d", p, i)
		if len(row) == 0 || len(row) > maxColumns {
			c.fault(at, "no more than %d items allowed", maxColumns)
		}
		if first, _ := rows[0].([]any); len(row) != len(first) {
			c.fault(at, "must have as many cells as the first row")
		}
		for j, v := range row {
			if cell, _ := v.(object); !slices.Contains(kinds, text(cell, "type")) {
				c.fault(fmt.Sprintf("%s/%d/type", at, j), "unsupported type: %s", text(cell, "type"))
			}
		}
	}
}

// chart looks at a data_visualization: a pie's segments, or series over categories.
func (c *checker) chart(p string, b object) {
	c.length(p+"/title", text(b, "title"), 1, maxChartTitle)
	chart, _ := b["chart"].(object)
	p += "/chart"
	kind := text(chart, "type")
	switch kind {
	case "pie":
		for i, v := range c.list(p+"/segments", chart["segments"], 1, maxSeries) {
			c.point(fmt.Sprintf("%s/segments/%d", p, i), v, true)
		}
		return
	case "bar", "line", "area":
	default:
		c.fault(p+"/type", "unsupported type: %s", kind)
		return
	}
	axis, _ := chart["axis_config"].(object)
	categories := c.list(p+"/axis_config/categories", axis["categories"], 1, maxPoints)
	for _, name := range []string{"x_label", "y_label"} {
		c.length(p+"/axis_config/"+name, text(axis, name), 0, maxChartTitle)
	}
	for i, v := range c.list(p+"/series", chart["series"], 1, maxSeries) {
		at := fmt.Sprintf("%s/series/%d", p, i)
		series, _ := v.(object)
		c.length(at+"/name", text(series, "name"), 1, maxChartLabel)
		points := c.list(at+"/data", series["data"], 1, maxPoints)
		if len(points) != len(categories) {
			c.fault(at+"/data", "must have one point for each category")
		}
		for j, point := range points {
			c.point(fmt.Sprintf("%s/data/%d", at, j), point, false)
		}
	}
}

func (c *checker) point(p string, v any, positive bool) {
	o, _ := v.(object)
	c.length(p+"/label", text(o, "label"), 1, maxChartLabel)
	n, ok := o["value"].(float64)
	if !ok || positive && n <= 0 {
		c.fault(p+"/value", "must be a number, above zero in a pie")
	}
}
