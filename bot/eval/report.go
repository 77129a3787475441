package eval

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"
)

// WriteOptions say how much of a Report is written.
type WriteOptions struct {
	Name     string // of the questions and what answered them; the first words of the report
	Failures bool   // list every question that failed: what is lacking, what was got, what were ideal
	All      bool   // list every question
}

// Write writes r for people, in the layout of grade.py: the totals with the 95 % interval of accuracy, one line for
// nDCG and latency, the figures by intent and by style, the kinds of out-of-scope questions, and the questions asked
// for in o. It fails where w does.
func (r Report) Write(w io.Writer, o WriteOptions) error {
	var b strings.Builder
	name := ""
	if o.Name != "" {
		name = o.Name + ": "
	}
	writeTotals(&b, r.Figures, name)
	writeGroups(&b, r.Results, "intent", func(q Judged) string { return q.Intent }, intents())
	writeGroups(&b, r.Results, "style", func(q Judged) string { return q.Style }, styles())
	writeKinds(&b, r.Results)
	for _, res := range r.Results {
		if o.All || o.Failures && !res.Right() {
			writeResult(&b, res)
		}
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

// intents and styles are the orders of grade.py; others follow as they come.
func intents() []string {
	return strings.Fields("salary skills tools roles responsibilities compare roadmap education jobs trends challenges " +
		"faq definition best_practice none")
}

func styles() []string {
	return strings.Fields("plain keyword typo abbrev hinglish followup compare yesno list long oos")
}

func writeTotals(b *strings.Builder, f Figures, name string) {
	low, high := wilson(f.Acc1, f.N)
	fmt.Fprintf(b, "%s%d in scope, %d out of scope; missing outputs %d\n", name, f.N, f.NOOS, f.Missing)
	fmt.Fprintf(b, "  accuracy@1 %s %% (95 %% interval %.1f–%.1f)   accuracy@3 %s %%   MRR@3 %s\n",
		percent(f.Acc1), 100*low, 100*high, percent(f.Acc3), decimal(f.MRR3))
	fmt.Fprintf(b, "  source accuracy@1 %s %% of answered, %s %% of right answers\n", percent(f.Src1), percent(f.SrcRight))
	fmt.Fprintf(b, "  decline recall %s %% (with worded refusals %s %%)   false decline rate %s %%\n",
		percent(f.Decline), percent(f.Soft), percent(f.FalseDecline))
	fmt.Fprintf(b, "  nDCG@3 %s   latency median %s, p99 %s\n", decimal(f.NDCG), micros(f.Median), micros(f.P99))
}

func writeGroups(b *strings.Builder, rs []Result, field string, of func(Judged) string, order []string) {
	groups := make(map[string][]Result)
	for _, r := range rs {
		if r.Question.Expect == ExpectDecline {
			continue
		}
		key := of(r.Question)
		groups[key] = append(groups[key], r)
		if !slices.Contains(order, key) {
			order = append(order, key)
		}
	}
	fmt.Fprintf(b, "  by %-16s   n  acc@1  acc@3  MRR@3  src@1  declined\n", field)
	for _, key := range order {
		if part := groups[key]; len(part) > 0 {
			f := summarise(part)
			fmt.Fprintf(b, "    %-17s%4d  %s  %s  %s  %s     %s\n",
				key, f.N, percent(f.Acc1), percent(f.Acc3), decimal(f.MRR3), percent(f.Src1), percent(f.FalseDecline))
		}
	}
}

func writeKinds(b *strings.Builder, rs []Result) {
	var kinds []string
	declined, all := make(map[string]int), make(map[string]int)
	for _, r := range rs {
		if r.Question.Expect != ExpectDecline {
			continue
		}
		kind := r.Question.Kind
		if kind == "" {
			kind = "other"
		}
		if all[kind] == 0 {
			kinds = append(kinds, kind)
		}
		all[kind]++
		if r.Declined {
			declined[kind]++
		}
	}
	slices.Sort(kinds)
	for i, kind := range kinds {
		kinds[i] = fmt.Sprintf("%s %d/%d", kind, declined[kind], all[kind])
	}
	fmt.Fprintf(b, "  out of scope, declined: %s\n", strings.Join(kinds, ", "))
}

const (
	maxLacks = 160 // characters of an expression shown
	maxGot   = 220 // characters of an answer shown
)

func writeResult(b *strings.Builder, r Result) {
	q := r.Question
	fmt.Fprintf(b, "\n[%s] %s · %s/%s · %q\n", q.ID, r.verdict(), q.Intent, q.Style, strings.Join(q.Turns, " ⏎ "))
	if r.Err != nil {
		fmt.Fprintf(b, "    error %v\n", r.Err)
	}
	if q.Expect == ExpectAnswer && !r.Right() && !r.Declined {
		for i, re := range q.must {
			if !re.MatchString(r.Text) {
				fmt.Fprintf(b, "    lacks %s\n", clip(q.Must[i], maxLacks))
			}
		}
	}
	if r.Text != "" {
		fmt.Fprintf(b, "    got   %s\n", clip(r.Text, maxGot))
	}
	if q.Ideal != "" {
		fmt.Fprintf(b, "    ideal %s\n", q.Ideal)
	}
}

func (r Result) verdict() string {
	switch {
	case r.Err != nil:
		return "error"
	case r.Right():
		return "ok"
	case r.Question.Expect == ExpectDecline:
		return "answered, should decline"
	case r.Declined:
		return "declined"
	case r.Rank > 0:
		return "right at 2–3"
	}
	return "wrong"
}

// percent is five characters wide, a dash where nothing was measured.
func percent(share float64) string {
	if math.IsNaN(share) {
		return "   –"
	}
	return fmt.Sprintf("%5.1f", 100*share)
}

func decimal(x float64) string {
	if math.IsNaN(x) {
		return "nan"
	}
	return fmt.Sprintf("%.3f", x)
}

func micros(d time.Duration) string { return fmt.Sprintf("%.0f µs", float64(d)/1e3) }
