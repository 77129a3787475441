package blocks

import (
	"fmt"
	"math"
	"strings"

	"careerbot/bot/chat"

	"github.com/slack-go/slack"
)

// table draws a table: a plain one where it is the answer's only one and short, else ones that can be sorted and paged.
// False says that it has no form that Slack takes.
func (d *drawing) table(t chat.Table, a chat.Answer) bool {
	rows := grid(t)
	if len(rows) < 2 {
		return false
	}
	n := 0
	for i, row := range rows {
		size := 0
		for _, cell := range row {
			size += runes(cell)
		}
		if n += size; n > min(maxTableText, d.room-maxHeader) {
			rows, n, d.cut = rows[:i], n-size, true
			break
		}
	}
	if len(rows) < 2 {
		return false
	}
	title := line(strings.TrimRight(chat.Line(t.Title), ":"), maxHeader)
	if only(a) && len(rows) <= shortTable {
		if title == "" {
			return d.add(n, plainTable(rows))
		}
		return d.add(n+runes(title), richText(slack.NewRichTextSection(bold(title))), plainTable(rows))
	}
	if title == "" {
		title = line(a.Title, maxHeader)
	}
	if title == "" {
		title = "Figures by source"
	}
	return d.add(n+runes(title), dataTable(title, rows))
}

// shortTable is the longest table, with its header, that is shown whole.
const shortTable = 9

// only says whether an answer has one table: Slack takes one plain table for each message.
func only(a chat.Answer) bool {
	n := 0
	for _, b := range a.Blocks {
		if _, ok := b.(chat.Table); ok {
			n++
		}
	}
	return n == 1
}

// grid is a table's header and rows, all of the same length and within the limits. Slack takes no empty cells.
func grid(t chat.Table) [][]string {
	width := len(t.Columns)
	for _, r := range t.Rows {
		width = max(width, len(r))
	}
	if width = min(width, maxColumns); width == 0 {
		return nil
	}
	rows := make([][]string, 0, min(len(t.Rows)+1, maxTableRows))
	for i := range min(len(t.Rows)+1, maxTableRows) {
		from := t.Columns
		if i > 0 {
			from = t.Rows[i-1]
		}
		row := make([]string, width)
		for j := range row {
			if j < len(from) {
				row[j] = line(from[j], maxCell)
			}
			if i == 0 {
				row[j] = titled(row[j])
			}
			if row[j] == "" {
				row[j] = "–"
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// plainTable has its header in bold and wraps its cells, so that a phone shows all of them.
func plainTable(rows [][]string) *slack.TableBlock {
	t := slack.NewTableBlock("")
	for range rows[0] {
		t.ColumnSettings = append(t.ColumnSettings, slack.ColumnSetting{Align: slack.ColumnAlignmentLeft, IsWrapped: true})
	}
	for i, row := range rows {
		cells := make([]slack.TableCell, len(row))
		for j, cell := range row {
			cells[j] = slack.NewTableRawTextCell(cell)
			if i == 0 {
				cells[j] = slack.NewTableRichTextCell(slack.NewRichTextSection(bold(cell)))
			}
		}
		t.AddRow(cells...)
	}
	return t
}

// dataTable names itself and its rows for screen readers.
func dataTable(caption string, rows [][]string) *slack.DataTableBlock {
	t := slack.NewDataTableBlock(caption).WithPageSize(min(10, maxPageSize))
	for _, row := range rows {
		cells := make([]slack.DataTableCell, len(row))
		for j, cell := range row {
			cells[j] = slack.NewDataTableRawTextCell(cell)
		}
		t.AddRow(cells...)
	}
	return t
}

// chart draws bars from zero, as Slack has none that begin above it: the lowest and the highest figure of each source side by
// side, where two or more give both; else one bar for each figure. A figure that a source does not give is no bar of height
// zero, and an average alone no range: what is not drawn is named below, and its figures stand in the table beside.
func (d *drawing) chart(c chat.Chart) bool {
	if d.charts == maxCharts {
		return false
	}
	bars, missing := plot(c)
	if bars == nil {
		return false
	}
	title := line(c.Title, maxChartTitle)
	if title == "" {
		title = "Figures by source"
	}
	b := &slack.DataVisualizationBlock{Type: slack.MBTDataVisualization, Title: title, Chart: bars}
	n := runes(title) + runes(bars.AxisConfig.YLabel)
	for _, s := range bars.Series {
		n += runes(s.Name)
	}
	for _, label := range bars.AxisConfig.Categories {
		n += runes(label) * (1 + len(bars.Series))
	}
	blocks := []slack.Block{b}
	note := strings.TrimPrefix(chat.Line(c.Note), "Dot: average. ") // of charts that have dots
	if len(missing) > 0 {
		note = strings.TrimSpace(strings.TrimSuffix(note, ".") + ". Not drawn: " + strings.Join(missing, "; ") + ".")
		note = strings.TrimPrefix(note, ". ")
	}
	if note = line(note, maxSection/2); note != "" {
		blocks = append(blocks, context(plainText(note)))
		n += runes(note)
	}
	if !d.add(n, blocks...) {
		return false
	}
	d.charts++
	return true
}

// figure is one number of a bar.
type figure struct {
	label, kind string
	value       float64
}

// plot is nil for a chart without a figure. missing names the bars that are not drawn, if they have figures.
func plot(c chat.Chart) (p *slack.DataVisualizationBarChart, missing []string) {
	var ranges, single []figure // of ranges two each
	for _, b := range c.Bars {
		f := figures(b)
		single = append(single, f...)
		switch {
		case len(f) > 0 && (f[0].kind == "" || b.HasLow && b.HasHigh && len(f) > 1):
			ranges = append(ranges, f[0], f[len(f)-1])
		case len(f) > 0:
			missing = append(missing, chat.Clip(chat.Line(b.Label), maxHeader))
		}
	}
	axis := slack.DataVisualizationAxisConfig{YLabel: line(c.Unit, maxChartTitle)}
	labels := labeller{}
	switch {
	case len(single) == 0:
		return nil, nil
	case len(ranges) >= 4:
		low, high := slack.DataVisualizationDataSeries{Name: "Lowest"}, slack.DataVisualizationDataSeries{Name: "Highest"}
		for i := 0; i < len(ranges) && i/2 < maxPoints; i += 2 {
			label := labels.name(ranges[i].label, "")
			axis.Categories = append(axis.Categories, label)
			low.Data = append(low.Data, slack.NewDataVisualizationDataPoint(label, ranges[i].value))
			high.Data = append(high.Data, slack.NewDataVisualizationDataPoint(label, ranges[i+1].value))
		}
		return slack.NewDataVisualizationBarChart(axis, low, high), missing
	}
	one := slack.DataVisualizationDataSeries{Name: chat.Clip(axis.YLabel, maxChartLabel)}
	if one.Name == "" {
		one.Name = "Figure"
	}
	for _, f := range single[:min(len(single), maxPoints)] {
		label := labels.name(f.label, f.kind)
		axis.Categories = append(axis.Categories, label)
		one.Data = append(one.Data, slack.NewDataVisualizationDataPoint(label, f.value))
	}
	return slack.NewDataVisualizationBarChart(axis, one), nil
}

// figures are those a bar has, from low to high; a kind is "" for one that stands alone.
func figures(b chat.Bar) []figure {
	var out []figure
	put := func(has bool, kind string, v float64) {
		if has && !math.IsNaN(v) && !math.IsInf(v, 0) {
			out = append(out, figure{b.Label, kind, v})
		}
	}
	if b.HasLow && b.HasHigh && b.Low == b.High {
		put(true, "", b.Low)
		return out
	}
	put(b.HasLow, "from", b.Low)
	put(b.HasMean, "average", b.Mean)
	put(b.HasHigh, "up to", b.High)
	return out
}

// labeller makes labels that differ, as Slack wants them.
type labeller map[string]bool

func (l labeller) name(label, kind string) string {
	label = short(chat.Line(label))
	if kind != "" && !strings.HasSuffix(label, kind) {
		kind = ", " + kind
	} else {
		kind = ""
	}
	if label = line(label, maxChartLabel-runes(kind)); label == "" {
		label = "?"
	}
	full := label + kind
	for n := 2; l[full]; n++ {
		number := fmt.Sprintf(" %d", n)
		full = chat.Clip(label, maxChartLabel-runes(kind)-len(number)) + kind + number
	}
	l[full] = true
	return full
}

// short makes "Randstad India, entry-level" that is too long "Randstad entry-level": what follows the comma tells bars of one
// source apart, so that it is the source that is cut.
func short(label string) string {
	who, what, ok := strings.Cut(label, ", ")
	if !ok || runes(label) <= maxChartLabel {
		return label
	}
	who, _, _ = strings.Cut(who, " ")
	return chat.Clip(who, max(3, maxChartLabel-runes(what)-1)) + " " + what
}
