package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// WriteCSV writes the questions of r by day and topic: a header, then a row for each topic of each day, oldest first.
// Days without questions have no row. Latencies are in microseconds. It fails where w does.
func (r Report) WriteCSV(w io.Writer) error {
	rows := [][]string{strings.Split("day,topic,questions,answered,declined,talk,up,down,median_us,p99_us", ",")}
	for _, d := range r.Days {
		for _, t := range d.Topics {
			row := []string{d.Date, harmless(t.Topic)}
			for _, n := range []int{t.Questions, t.Answered, t.Declined, t.Talk, t.Up, t.Down, int(t.MedianUS), int(t.P99US)} {
				row = append(row, strconv.Itoa(n))
			}
			rows = append(rows, row)
		}
	}
	return table(w, rows)
}

// WriteGapsCSV writes the gaps of r: a header, then a row for each, most asked first. Topics are separated by blanks;
// examples have a column each, and so have reasons. It fails where w does.
func (r Report) WriteGapsCSV(w io.Writer) error {
	rows := [][]string{strings.Split("missing,sort,entity,kind,asked,declined,disliked,people,last,topics,"+
		"example_1,example_2,example_3,reason_1,reason_2,reason_3", ",")}
	for _, p := range r.Gaps {
		row := []string{
			harmless(p.Missing), string(p.Sort), p.Entity, p.Kind, strconv.Itoa(p.Asked), strconv.Itoa(p.Declined),
			strconv.Itoa(p.Disliked), strconv.Itoa(p.People), p.Last, harmless(strings.Join(p.Topics, " ")),
		}
		var examples [maxExamples]string
		var reasons [maxReasons]string
		for i, e := range p.Examples {
			examples[i] = harmless(e.Text)
		}
		for i, reason := range p.Reasons {
			reasons[i] = harmless(reason)
		}
		rows = append(rows, append(append(row, examples[:]...), reasons[:]...))
	}
	return table(w, rows)
}

// harmless keeps a spreadsheet from taking what a stranger wrote for a formula.
func harmless(s string) string {
	if s != "" && strings.ContainsRune("=+-@", rune(s[0])) {
		return "'" + s
	}
	return s
}

func table(w io.Writer, rows [][]string) error {
	if err := csv.NewWriter(w).WriteAll(rows); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}
