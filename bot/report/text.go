package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// width is how many columns a text report takes at most.
const width = 80

// barWidth is how many columns the bar of the busiest day takes.
const barWidth = 26

// WriteText writes r for people, in 80 columns: the totals, the days with a bar each, the topics and the gaps. A stretch
// without questions is said in words. It fails where w does.
func (r Report) WriteText(w io.Writer) error {
	return r.write(w, r.totals, r.days, r.topics, r.gaps)
}

// WriteGaps writes only the gaps of r for people, as WriteText does.
func (r Report) WriteGaps(w io.Writer) error { return r.write(w, r.gaps) }

func (r Report) write(w io.Writer, parts ...func(*strings.Builder)) error {
	var b strings.Builder
	fmt.Fprintf(&b, "Questions from %s to %s (%s, UTC)\n", r.From, r.To, many(len(r.Days), "day"))
	if r.Total.Questions == 0 {
		b.WriteString("\nNo question was asked in this time, or none was kept.\n")
		return put(w, b.String())
	}
	for _, part := range parts {
		b.WriteString("\n")
		part(&b)
	}
	return put(w, b.String())
}

func put(w io.Writer, s string) error {
	if _, err := io.WriteString(w, s); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

func (r Report) totals(b *strings.Builder) {
	t := r.Total
	asked := t.Answered + t.Declined
	from := ""
	if r.People > 0 {
		from = " from " + many(r.People, "person")
	}
	fmt.Fprintf(b, "%s%s\n", many(t.Questions, "question"), from)
	fmt.Fprintf(b, "  answered  %7s  %s\n", thousands(t.Answered), percent(t.Answered, asked))
	fmt.Fprintf(b, "  declined  %7s  %s\n", thousands(t.Declined), percent(t.Declined, asked))
	if t.Talk > 0 {
		fmt.Fprintf(b, "  small talk%7s  not counted in the shares\n", thousands(t.Talk))
	}
	if votes := t.Up + t.Down; votes > 0 {
		fmt.Fprintf(b, "  accepted  %7s  of %s: %s up, %s down\n", percent(t.Up, votes), many(votes, "vote"), thousands(t.Up), thousands(t.Down))
	} else {
		b.WriteString("  accepted        –  nobody voted\n")
	}
	fmt.Fprintf(b, "  latency   %7s  median; p99 %s\n", took(t.MedianUS), took(t.P99US))
}

// days draws a bar for each day from the first one with a question; of the bar, what was declined is light.
func (r Report) days(b *strings.Builder) {
	days, most := r.Days, 0
	for len(days) > 0 && days[0].Questions == 0 {
		days = days[1:]
	}
	for _, d := range days {
		most = max(most, d.Questions)
	}
	fmt.Fprintf(b, "%-10s %9s %9s %9s %5s %5s\n", "Day", "questions", "answered", "declined", "up", "down")
	for _, d := range days {
		row := fmt.Sprintf("%-10s %9s %9s %9s %5s %5s  %s", d.Date, thousands(d.Questions), thousands(d.Answered), thousands(d.Declined),
			thousands(d.Up), thousands(d.Down), bar(d.Questions-d.Declined, d.Declined, most))
		b.WriteString(strings.TrimRight(row, " ") + "\n")
	}
	if len(days) < len(r.Days) {
		fmt.Fprintf(b, "No question before %s. Of a bar, the light part was declined.\n", days[0].Date)
	} else {
		b.WriteString("Of a bar, the light part was declined.\n")
	}
}

// bar draws dark and light in proportion to most; what is not nothing is seen.
func bar(dark, light, most int) string {
	scale := func(n int) int { return (2*n*barWidth + most) / (2 * most) }
	all := scale(dark + light)
	if dark+light > 0 {
		all = max(all, 1)
	}
	faint := scale(light)
	if light > 0 {
		faint = max(faint, 1)
	}
	faint = min(faint, all)
	if dark > 0 && faint == all && all > 1 {
		faint--
	}
	return strings.Repeat("█", all-faint) + strings.Repeat("░", faint)
}

func (r Report) topics(b *strings.Builder) {
	fmt.Fprintf(b, "%-17s%10s%9s%9s%6s%6s%10s%9s\n", "Topic", "questions", "answered", "declined", "up", "down", "median", "p99")
	for _, t := range r.Topics {
		fmt.Fprintf(b, "%-17s%10s%9s%9s%6s%6s%10s%9s\n", fit(t.Topic, 17), thousands(t.Questions), thousands(t.Answered),
			thousands(t.Declined), thousands(t.Up), thousands(t.Down), took(t.MedianUS), took(t.P99US))
	}
}

func (r Report) gaps(b *strings.Builder) {
	if len(r.Gaps) == 0 {
		b.WriteString("Coverage gaps: none. No question was declined or voted down.\n")
		return
	}
	b.WriteString("Coverage gaps, most asked first\n")
	for i, p := range r.Gaps {
		fmt.Fprintf(b, "\n%3d. %s\n", i+1, fit(p.title(), width-5))
		indent(b, p.figures())
		for _, e := range p.Examples {
			times := ""
			if e.Asked > 1 {
				times = fmt.Sprintf(" (%s times)", thousands(e.Asked))
			}
			fmt.Fprintf(b, "       - %s%s\n", fit(e.Text, width-9-len(times)), times)
		}
		for _, reason := range p.Reasons {
			fmt.Fprintf(b, "       why not: %s\n", fit(reason, width-16))
		}
		indent(b, "Missing: "+p.lack())
	}
	if r.MoreGaps > 0 {
		fmt.Fprintf(b, "\nand %s that fewer asked for.\n", many(r.MoreGaps, "gap"))
	}
}

func indent(b *strings.Builder, s string) {
	for _, l := range wrap(s, width-5) {
		b.WriteString("     " + l + "\n")
	}
}

func (p Gap) title() string {
	if p.Missing == "" {
		return "(no word that tells)"
	}
	return p.Missing
}

// figures says how often a gap was asked, by whom and when.
func (p Gap) figures() string {
	s := "asked once"
	if p.Asked > 1 {
		s = "asked " + many(p.Asked, "time")
	}
	if p.People > 1 {
		s += " by " + many(p.People, "person")
	}
	switch {
	case p.Declined == 0:
		s += ", answered and voted down"
	case p.Disliked > 0:
		s += fmt.Sprintf(" (%s declined, %s voted down)", thousands(p.Declined), thousands(p.Disliked))
	}
	s += ", last on " + p.Last
	topics := slices.DeleteFunc(slices.Clone(p.Topics), func(t string) bool { return t == topicFree })
	if len(topics) > 0 {
		s += "; " + strings.Join(topics[:min(len(topics), 3)], ", ")
	}
	return s
}

// lack says what an article would have to be about.
func (p Gap) lack() string {
	switch p.Sort {
	case Absent:
		return fmt.Sprintf("an article on %s: a %s known by name, in no article", p.Missing, p.Kind)
	case Outside:
		return fmt.Sprintf("nothing, unless %s should belong to the subject", p.Missing)
	case Unknown:
		return fmt.Sprintf("an article on %s: neither articles nor lexicon have the word", p.Missing)
	case Disliked:
		return fmt.Sprintf("a better answer on %s: the one there is was voted down", p.title())
	}
	if p.Missing == "" {
		return "unclear; read the examples"
	}
	return fmt.Sprintf("an answer on %s: the words are known, nothing was found", p.Missing)
}
