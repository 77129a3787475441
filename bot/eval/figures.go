package eval

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Figures sums up a run. Shares are 0 … 1, and NaN where no question counts; in JSON they have the keys of grade.py's
// summary, and null for NaN.
type Figures struct {
	N            int     // questions in scope                                                       n
	Acc1         float64 // share of N whose first answer is right                                   acc1
	Acc3         float64 // … of which one of the first three is, or the first two or three together  acc3
	MRR3         float64 // mean of 1/rank of that answer, 0 beyond the third                         mrr3
	NDCG         float64 // mean of 1/log2(1+rank): one right answer is sought; not in grade.py       ndcg3
	Src1         float64 // share of the answered whose first answer cites an accepted article        src1
	SrcRight     float64 // … of those answered rightly                                               src_right
	FalseDecline float64 // share of N declined                                                       false_decline
	NOOS         int     // questions out of scope                                                    n_oos
	Decline      float64 // share of NOOS declined                                                    decline
	Soft         float64 // … declined, or answered with a refusal in words                           soft
	Missing      int     // questions the Asker failed on; they count as declined                     missing

	Median, P99 time.Duration // of the last turns' answers                               median_us, p99_us
}

// figure is one of Figures by its JSON key.
type figure struct {
	key   string
	value float64
	low   bool // lower is better
}

func (f Figures) list() []figure {
	return []figure{
		{key: "n", value: float64(f.N)},
		{key: "acc1", value: f.Acc1},
		{key: "acc3", value: f.Acc3},
		{key: "mrr3", value: f.MRR3},
		{key: "ndcg3", value: f.NDCG},
		{key: "src1", value: f.Src1},
		{key: "src_right", value: f.SrcRight},
		{key: "false_decline", value: f.FalseDecline, low: true},
		{key: "n_oos", value: float64(f.NOOS)},
		{key: "decline", value: f.Decline},
		{key: "soft", value: f.Soft},
		{key: "missing", value: float64(f.Missing), low: true},
		{key: "median_us", value: float64(f.Median) / 1e3, low: true},
		{key: "p99_us", value: float64(f.P99) / 1e3, low: true},
	}
}

// MarshalJSON writes one object with the keys named at the fields.
func (f Figures) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i, g := range f.list() {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(strconv.AppendQuote(b, g.key), ':')
		if math.IsNaN(g.value) {
			b = append(b, "null"...)
		} else {
			b = strconv.AppendFloat(b, g.value, 'f', -1, 64)
		}
	}
	return append(b, '}'), nil
}

// Require checks the figures against spec, such as "acc1=0.95,false_decline=0.02": an error names every figure that is
// worse. False declines, missing answers and latencies (median_us, p99_us, in microseconds) are best low. Stricter
// than grade.py, a figure no question counts for is worse than any, and so is a run with missing answers, which would
// otherwise pass for declines.
func (f Figures) Require(spec string) error {
	list := f.list()
	var worse []string
	for want := range strings.SplitSeq(spec, ",") {
		if want = strings.TrimSpace(want); want == "" {
			continue
		}
		key, text, _ := strings.Cut(want, "=")
		bar, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
		if err != nil || math.IsNaN(bar) {
			return fmt.Errorf("read %q: no number behind a '='; write figures like acc1=0.95,false_decline=0.02", want)
		}
		i := slices.IndexFunc(list, func(g figure) bool { return g.key == strings.TrimSpace(key) })
		if i < 0 {
			return fmt.Errorf("read %q: there is no such figure; there are %s", want, keys(list))
		}
		if s := list[i].short(bar); s != "" {
			worse = append(worse, s)
		}
	}
	if f.Missing > 0 && strings.Trim(spec, ", ") != "" {
		worse = append(worse, fmt.Sprintf("%d questions got an error instead of an answer", f.Missing))
	}
	if len(worse) > 0 {
		return fmt.Errorf("not reached: %s", strings.Join(worse, "; "))
	}
	return nil
}

// short says in words how g falls short of bar; "" where it does not.
func (g figure) short(bar float64) string {
	value := strconv.FormatFloat(g.value, 'f', 3, 64)
	switch {
	case math.IsNaN(g.value):
		return fmt.Sprintf("%s cannot be measured, no question counts for it", g.key)
	case g.low && g.value > bar:
		return fmt.Sprintf("%s is %s, wanted at most %v", g.key, value, bar)
	case !g.low && g.value < bar:
		return fmt.Sprintf("%s is %s, wanted at least %v", g.key, value, bar)
	}
	return ""
}

func keys(list []figure) string {
	names := make([]string, len(list))
	for i, g := range list {
		names[i] = g.key
	}
	return strings.Join(names, ", ")
}

// mean adds up values and counts them.
type mean struct {
	sum float64
	n   int
}

func (m *mean) add(x float64) { m.sum += x; m.n++ }

func (m *mean) hit(yes bool) {
	m.n++
	if yes {
		m.sum++
	}
}

func (m *mean) value() float64 {
	if m.n == 0 {
		return math.NaN()
	}
	return m.sum / float64(m.n)
}

// summarise is grade.py's summary, with nDCG, latency and missing answers.
func summarise(rs []Result) Figures {
	var acc1, acc3, mrr3, ndcg, src1, srcRight, falseDecline, decline, soft mean
	var f Figures
	var took []time.Duration
	for _, r := range rs {
		if r.Err != nil {
			f.Missing++
		} else {
			took = append(took, r.Took)
		}
		if r.Question.Expect == ExpectDecline {
			decline.hit(r.Declined)
			soft.hit(r.Soft)
			continue
		}
		acc1.hit(r.Rank == 1)
		acc3.hit(r.Rank > 0)
		mrr3.add(gain(r.Rank, func(rank float64) float64 { return rank }))
		ndcg.add(gain(r.Rank, func(rank float64) float64 { return math.Log2(1 + rank) }))
		falseDecline.hit(r.Declined)
		if !r.Declined {
			src1.hit(r.Cited)
		}
		if r.Rank == 1 {
			srcRight.hit(r.Cited)
		}
	}
	f.N, f.Acc1, f.Acc3, f.MRR3, f.NDCG = acc1.n, acc1.value(), acc3.value(), mrr3.value(), ndcg.value()
	f.Src1, f.SrcRight, f.FalseDecline = src1.value(), srcRight.value(), falseDecline.value()
	f.NOOS, f.Decline, f.Soft = decline.n, decline.value(), soft.value()
	slices.Sort(took)
	f.Median, f.P99 = quantile(took, 0.5), quantile(took, 0.99)
	return f
}

// gain is what an answer at rank is worth, nothing at rank 0 (not found).
func gain(rank int, discount func(float64) float64) float64 {
	if rank == 0 {
		return 0
	}
	return 1 / discount(float64(rank))
}

// quantile is the nearest-rank quantile of sorted, 0 where it is empty.
func quantile(sorted []time.Duration, p float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[max(0, int(math.Ceil(p*float64(len(sorted))))-1)]
}

// wilson is the 95 % score interval of a share p of n: E. B. Wilson, 1927. Without questions it is 0–0.
func wilson(p float64, n int) (low, high float64) {
	if n == 0 {
		return 0, 0
	}
	const z = 1.96 // of the normal distribution, two-sided
	nf := float64(n)
	d := 1 + z*z/nf
	half := z * math.Sqrt(p*(1-p)/nf+z*z/(4*nf*nf)) / d
	mid := (p + z*z/(2*nf)) / d
	return mid - half, mid + half
}
