package report_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"

	"careerbot/bot/chat/chattest"
	"careerbot/bot/report"
	"careerbot/knowledge/lexicon"
)

// vocabulary is a small lexicon, so that golden files change with the reports only.
const vocabulary = `
entities:
  - {id: backend, kind: role, name: back-end developer, words: [backend, backend developer, backend dev]}
  - {id: dba, kind: role, name: database administrator, words: [dba, database administrator]}
  - {id: python, kind: language, name: Python, words: [python], typos: [pyhton]}
  - {id: india, kind: region, name: India, words: [india]}
absent:
  - {id: germany, kind: place, name: Germany, words: [germany, german, munich]}
  - {id: france, kind: place, name: France, words: [france]}
  - {id: nurse, kind: profession, name: nurse, words: [nurse]}
  - {id: everyday-weather, kind: subject, name: the weather, words: [weather, rain]}
  - {id: hello, kind: chat, name: greeting, words: [hello]}
cues:
  salary: [salary, pay, earn, make]
  salary.weak: [how much]
  jobs: [job, jobs]
hinglish: {kitna milta: how much salary}
synonyms:
  - [mentor, coach]
stop: [a, the, is, in, for, do, does, what, how, i, to, as, and, of, me, my]
`

const everydayWords = "mentor\ncoach\nfind\nnight\nshift\nwork\ngood\nbecome\ntomorrow\nwill\nit\nam\n"

func words(t testing.TB) *lexicon.Lexicon {
	t.Helper()
	l, problems, err := lexicon.Load(fstest.MapFS{
		"words.yaml": {Data: []byte(vocabulary)},
		"common.txt": {Data: []byte(everydayWords)},
	})
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	return l
}

var first = time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)

// declined is one question that was declined, asked on a day.
func declined(day int, user, topic, text string) report.Question {
	return report.Question{At: first.Add(time.Duration(24*day+9) * time.Hour), Topic: topic, Text: text, User: user, Took: 200 * time.Microsecond}
}

func answered(day int, user, topic, text string, up, down int, reasons ...string) report.Question {
	q := declined(day, user, topic, text)
	q.Answered, q.Up, q.Down, q.Reasons, q.Took = true, up, down, reasons, time.Millisecond
	return q
}

// journal is a week with a little of everything.
func journal() []report.Question {
	list := []report.Question{
		declined(0, "a", "salary", "backend salary in germany"),
		declined(1, "b", "salary", "Backend  salary in GERMANY"),
		declined(1, "c", "salary", "how much do i earn in munich"),
		declined(2, "d", "jobs", "python jobs germany"),
		declined(2, "d", "salary", "germany kitna milta"),
		declined(2, "e", "jobs", "jobs in france"),
		declined(2, "e", "faq", "htmx"),
		declined(3, "f", "faq", "what is htmx"),
		declined(3, "f", "", "will it rain tomorrow"),
		declined(3, "a", "faq", "find me a mentor"),
		declined(4, "b", "faq", "how do i find a coach"),
		declined(4, "b", "chat", "hello"),
		declined(4, "b", "none", "?!"),
		declined(4, "b", "none", ""),
		answered(4, "c", "salary", "dba salary india", 0, 2, "too old", "wrong\x1b[2J city"),
		answered(5, "c", "salary", "what does a dba earn in india", 1, 1, "too old"),
		answered(5, "d", "salary", "python salary", 3, 1),
		answered(5, "d", "skills", "", 0, 1),
		answered(5, "d", "roadmap", "i am a nurse, become a backend dev", 0, 1),
	}
	for i := range 20 {
		list = append(list, answered(i%5+1, fmt.Sprint(i), "salary", "backend salary", i%3, 0))
	}
	return append(list, declined(-1, "z", "salary", "the day before"), declined(7, "z", "salary", "the day after"))
}

func each(list []report.Question) iter.Seq2[report.Question, error] {
	return func(yield func(report.Question, error) bool) {
		for _, q := range list {
			if !yield(q, nil) {
				return
			}
		}
	}
}

func options(t testing.TB) report.Options {
	return report.Options{Since: first, Days: 7, Lexicon: words(t), Role: "backend"}
}

func build(t testing.TB, list []report.Question, o report.Options) report.Report {
	t.Helper()
	r, err := report.Make(each(list), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func written(t testing.TB, write func(w *bytes.Buffer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestGolden(t *testing.T) {
	t.Parallel()
	r := build(t, journal(), options(t))
	for name, write := range map[string]func(*bytes.Buffer) error{
		"week.txt":      func(b *bytes.Buffer) error { return r.WriteText(b) },
		"week.csv":      func(b *bytes.Buffer) error { return r.WriteCSV(b) },
		"week-gaps.csv": func(b *bytes.Buffer) error { return r.WriteGapsCSV(b) },
		"week.json": func(b *bytes.Buffer) error {
			enc := json.NewEncoder(b)
			enc.SetIndent("", "  ")
			return enc.Encode(r)
		},
	} {
		chattest.Golden(t, "testdata/"+name, written(t, write))
	}
}

// TestOrder wants the same report whatever order the journal comes in: replicas write at the same moment.
func TestOrder(t *testing.T) {
	t.Parallel()
	list := journal()
	for i := range list {
		list[i].Reasons = nil // those are kept oldest first
	}
	want := written(t, func(b *bytes.Buffer) error { return build(t, list, options(t)).WriteText(b) })
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 1))
		r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		if got := written(t, func(b *bytes.Buffer) error { return build(t, list, options(t)).WriteText(b) }); !bytes.Equal(got, want) {
			t.Fatalf("shuffled, the report is\n%s\nwant\n%s", got, want)
		}
	}
}

func TestGaps(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		list []report.Question
		want []string // sort, missing, asked
	}{
		{"nothing", nil, nil},
		{"answered", []report.Question{answered(1, "a", "salary", "python salary", 0, 0)}, nil},
		{"more up than down", []report.Question{answered(1, "a", "salary", "python salary", 2, 1)}, nil},
		{"as many down", []report.Question{answered(1, "a", "salary", "python salary", 1, 1)}, []string{"disliked Python (salary) 1"}},
		{"small talk", []report.Question{declined(1, "a", "chat", "hello")}, nil},
		{"nothing said", []report.Question{declined(1, "a", "none", ""), declined(1, "a", "faq", "?? …")}, nil},
		{"no telling word", []report.Question{declined(1, "a", "faq", "what is"), declined(1, "a", "faq", "how do i")}, []string{"unanswered  2"}},
		{"a command without words", []report.Question{answered(1, "a", "jobs", "", 0, 1)}, []string{"disliked jobs 1"}},
		{
			"misspelt and of other words",
			[]report.Question{
				declined(1, "a", "faq", "python night shift"), declined(1, "b", "faq", "night shifts for pyhton?"),
				declined(1, "c", "faq", "find a mentor"), declined(1, "d", "faq", "find a coach"), declined(1, "d", "faq", "find a mentor"),
			},
			[]string{"unanswered find, mentor 3", "unanswered Python, night, shifts 2"},
		},
		{
			"a sort of word for each",
			[]report.Question{
				declined(1, "a", "faq", "htmx job"), declined(1, "a", "jobs", "dba job"), declined(1, "a", "jobs", "dba job in france"),
				declined(1, "a", "faq", "weather"),
			},
			[]string{"absent France 1", "unanswered database administrator (jobs) 1", "unknown htmx 1", "outside the weather 1"},
		},
		{
			"of two absent things the one that more ask for",
			[]report.Question{
				declined(1, "a", "salary", "salary germany or france"), declined(1, "b", "salary", "france"),
			},
			[]string{"absent France 2"},
		},
		{"a profession one has", []report.Question{answered(1, "a", "roadmap", "nurse become backend dev", 0, 1)}, []string{"disliked become (roadmap) 1"}},
		{"a profession one asks for", []report.Question{declined(1, "a", "salary", "nurse salary")}, []string{"absent nurse 1"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, p := range build(t, test.list, options(t)).Gaps {
				got = append(got, fmt.Sprintf("%s %s %d", p.Sort, p.Missing, p.Asked))
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("gaps are\n%q, want\n%q", got, test.want)
			}
		})
	}
}

func TestTop(t *testing.T) {
	t.Parallel()
	o := options(t)
	all := build(t, journal(), o)
	o.Gaps = 2
	r := build(t, journal(), o)
	if len(r.Gaps) != 2 || r.MoreGaps != len(all.Gaps)-2 || r.Gaps[0].Missing != all.Gaps[0].Missing {
		t.Errorf("%d gaps and %d more, of %d", len(r.Gaps), r.MoreGaps, len(all.Gaps))
	}
}

func TestLatency(t *testing.T) {
	t.Parallel()
	var list []report.Question
	for i := range 200 {
		q := answered(1, "", "salary", "x", 0, 0)
		q.Took = time.Duration(200-i) * time.Millisecond
		list = append(list, q)
	}
	total := build(t, list, options(t)).Total
	if total.MedianUS != 100_000 || total.P99US != 198_000 || total.Accepted != nil {
		t.Errorf("median %d µs, p99 %d µs, accepted %v", total.MedianUS, total.P99US, total.Accepted)
	}
}

func TestEmpty(t *testing.T) {
	t.Parallel()
	r := build(t, nil, options(t))
	for _, got := range [][]byte{
		written(t, func(b *bytes.Buffer) error { return r.WriteText(b) }),
		written(t, func(b *bytes.Buffer) error { return r.WriteGaps(b) }),
	} {
		const want = "Questions from 2026-05-01 to 2026-05-07 (7 days, UTC)\n\nNo question was asked in this time, or none was kept.\n"
		if string(got) != want {
			t.Errorf("text is %q", got)
		}
	}
	if raw, err := json.Marshal(r); err != nil || bytes.Contains(raw, []byte(`"gaps":null`)) || len(r.Days) != 7 {
		t.Errorf("JSON is %s, %v", raw, err)
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	_, err := report.Make(func(yield func(report.Question, error) bool) { yield(report.Question{}, broken) }, options(t))
	if !errors.Is(err, broken) {
		t.Errorf("a journal that breaks gives %v", err)
	}
	o := options(t)
	o.Days = 0
	if _, err := report.Make(each(nil), o); err == nil {
		t.Error("no days are a report")
	}
	r := build(t, journal(), options(t))
	for name, err := range map[string]error{"text": r.WriteText(full{}), "gaps": r.WriteGaps(full{}), "CSV": r.WriteCSV(full{}), "gaps CSV": r.WriteGapsCSV(full{})} {
		if err == nil || !strings.Contains(err.Error(), "disk full") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// full is a writer that takes nothing more.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("disk full") }

// TestMany bounds how long a flood of different questions takes, and wants it complete.
func TestMany(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	vocabulary := strings.Fields("python dba india mentor night shift work good find job salary htmx zig elm")
	var list []report.Question
	for i := range 7_000 {
		text := fmt.Sprint(vocabulary[r.IntN(len(vocabulary))], " ", vocabulary[r.IntN(len(vocabulary))], " word", i)
		list = append(list, declined(1, "a", "faq", text))
	}
	began, n := time.Now(), 0
	for _, p := range build(t, list, options(t)).Gaps {
		n += p.Asked
	}
	if took := time.Since(began); n != len(list) || took > 2*time.Minute {
		t.Errorf("%d of %d questions in %v", n, len(list), took)
	}
}

// FuzzText wants no question to break a report: not its width, not its lines, not a spreadsheet.
func FuzzText(f *testing.F) {
	for _, s := range []string{"=cmd|' /C calc'!A0", "\x1b[31mred", "a\u202eb", "गरीब 后端开发 薪水 多少", strings.Repeat("x", 5000), "\xff\xfe", "a\nb\tc,\"d\"", "-1+2"} {
		f.Add(s, "faq", s)
	}
	lex := words(f)
	f.Fuzz(func(t *testing.T, text, topic, reason string) {
		q := declined(1, "a", topic, text)
		q.Down, q.Reasons = 1, []string{reason}
		r := build(t, []report.Question{q, declined(2, "b", "faq", text+" germany")}, report.Options{Since: first, Days: 3, Lexicon: lex})
		out := string(written(t, func(b *bytes.Buffer) error { return r.WriteText(b) }))
		if !utf8.ValidString(out) {
			t.Fatalf("invalid text %q", out)
		}
		for l := range strings.Lines(out) {
			l = strings.TrimSuffix(l, "\n")
			if runewidth.StringWidth(l) > 80 || strings.ContainsFunc(l, func(r rune) bool { return r < ' ' || r == 0x7f || r == 0x202e }) {
				t.Fatalf("line %q of %d columns", l, runewidth.StringWidth(l))
			}
		}
		rows, err := csv.NewReader(bytes.NewReader(written(t, func(b *bytes.Buffer) error { return r.WriteGapsCSV(b) }))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			for _, c := range row {
				if strings.HasPrefix(c, "=") || strings.HasPrefix(c, "+") || strings.HasPrefix(c, "-") || strings.HasPrefix(c, "@") {
					t.Fatalf("cell %q is a formula", c)
				}
			}
		}
	})
}
