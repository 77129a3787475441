package eval_test

import (
	"encoding/json"
	"errors"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"careerbot/bot/chat"
	"careerbot/bot/chat/chattest"
	"careerbot/bot/eval"
)

func TestWrite(t *testing.T) {
	t.Parallel()
	replies := script()
	replies["declined"] = chattest.Reply{Err: errors.New("index closed")}
	r := run(t, chattest.NewScript(replies), load(t, "testdata/tiny.jsonl"))
	r.Figures.Median, r.Figures.P99 = 45_400, 1_234_000
	chattest.Golden(t, "testdata/tiny.golden", written(t, r, eval.WriteOptions{Name: "tiny.jsonl · script", Failures: true}))

	all := string(written(t, r, eval.WriteOptions{All: true}))
	if n := strings.Count(all, "\n["); n != len(r.Results) || !strings.Contains(all, "[t1] ok · salary/plain") {
		t.Errorf("All lists %d of %d questions:\n%s", n, len(r.Results), all)
	}
	if short := written(t, r, eval.WriteOptions{}); strings.Contains(string(short), "[t4]") {
		t.Errorf("nothing asked for lists questions:\n%s", short)
	}
	if err := r.Write(fullDisk{}, eval.WriteOptions{}); err == nil {
		t.Error("a failing writer is no error")
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func written(t *testing.T, r eval.Report, o eval.WriteOptions) []byte {
	t.Helper()
	var b strings.Builder
	if err := r.Write(&b, o); err != nil {
		t.Fatal(err)
	}
	return []byte(b.String())
}

func TestWriteNothing(t *testing.T) {
	t.Parallel()
	r := run(t, chattest.NewScript(nil), nil)
	if !math.IsNaN(r.Figures.Acc1) || !math.IsNaN(r.Figures.Soft) {
		t.Errorf("shares of nothing: %+v", r.Figures)
	}
	got := string(written(t, r, eval.WriteOptions{All: true}))
	if !strings.HasPrefix(got, "0 in scope, 0 out of scope; missing outputs 0\n  accuracy@1    – % (95 % interval 0.0–0.0)") {
		t.Errorf("report of nothing:\n%s", got)
	}
	out, err := json.Marshal(r.Figures)
	if err != nil || !strings.HasPrefix(string(out), `{"n":0,"acc1":null,`) {
		t.Errorf("figures of nothing in JSON: %s %v", out, err)
	}
}

// varied is a bot that is right, wrong, late, split or silent by turns, made from the questions' ideal answers.
func varied(qs []eval.Judged) *chattest.Script {
	replies := make(map[string]chattest.Reply)
	for i, q := range qs {
		ideal, source := q.Ideal, "gfg"
		if len(q.Source) > 0 {
			source = strings.ToUpper(q.Source[0])
		}
		half := len([]rune(ideal)) / 2
		var r chattest.Reply
		switch i % 8 {
		case 0, 1:
			r = reply(ideal, source)
		case 2:
			r = reply("The articles do not give that.", "elsewhere", ideal)
		case 3:
			r = reply(string([]rune(ideal)[:half]), source, "–", string([]rune(ideal)[half:]))
		case 4:
			r = declined(ideal)
		case 5:
			r = reply(strings.Repeat("_long_ ", 290)+ideal, source, "a", "b", ideal)
		case 6:
			r = reply(ideal, "elsewhere")
			r.Answer.Blocks = []chat.Block{chat.Table{Title: "T", Rows: [][]string{{"ΑΣ", "1,000"}}}, chat.Text{Text: ideal}}
		case 7:
			r = chattest.Reply{Err: errors.New("no answer")}
		}
		replies[strings.TrimSpace(q.Turns[len(q.Turns)-1])] = r
		for _, turn := range q.Turns[:len(q.Turns)-1] {
			replies[strings.TrimSpace(turn)] = reply("Go on.", "gfg")
		}
	}
	return chattest.NewScript(replies)
}

// outputs writes r as `careerbot ask --json --batch` would; a failed question has no line.
func outputs(t *testing.T, r eval.Report) string {
	t.Helper()
	type source struct {
		ID string `json:"id"`
	}
	type answer struct {
		Title   string   `json:"title"`
		Text    string   `json:"text"`
		Sources []source `json:"sources"`
	}
	type line struct {
		ID       string   `json:"id"`
		Answered bool     `json:"answered"`
		Answers  []answer `json:"answers"`
	}
	var b strings.Builder
	enc := json.NewEncoder(&b)
	for _, res := range r.Results {
		if res.Err != nil {
			continue
		}
		a := res.Answer
		l := line{ID: res.Question.ID, Answered: a.Answered, Answers: []answer{{Title: a.Title, Text: chat.Plain(a)}}}
		for _, s := range a.Sources {
			l.Answers[0].Sources = append(l.Answers[0].Sources, source{s.ID})
		}
		for _, o := range a.Others {
			l.Answers = append(l.Answers, answer{o.Title, o.Text, []source{{o.Source.ID}}})
		}
		if err := enc.Encode(l); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "out.jsonl")
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestAgrees compares report and figures with grade.py's on the same answers.
func TestAgrees(t *testing.T) {
	t.Parallel()
	python, script := grader(t)
	for name, path := range map[string]string{
		"tiny": "testdata/tiny.jsonl", "ours": "testdata/questions.jsonl", "dev": shared + "questions/dev.jsonl",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := run(t, varied(load(t, path)), load(t, path))
			out := outputs(t, r)
			figures := filepath.Join(t.TempDir(), "figures.json")
			cmd := exec.Command(python, "-B", script, path, out, "--show=all", "--json", figures)
			cmd.Env = append(os.Environ(), "PYTHONIOENCODING=utf-8")
			cmd.Stderr = os.Stderr
			report, err := cmd.Output()
			if err != nil {
				t.Fatal(err)
			}
			got := written(t, r, eval.WriteOptions{Name: filepath.Base(path) + " · " + out, All: true})
			compareLines(t, alike(string(got)), alike(string(report)))
			compareFigures(t, r.Figures, figures)
		})
	}
}

// alike drops what differs by design: our line for nDCG and latency, the way turns are quoted, and the words for
// errors, which grade.py knows as missing outputs only. Intents grade.py has no line for are dropped too.
func alike(report string) []string {
	head := regexp.MustCompile(`^(\[.*?\] .*? · .*?) · .*$`)
	as := strings.NewReplacer("] error · none/", "] ok · none/", "] error · ", "] declined · ")
	var lines []string
	for l := range strings.SplitSeq(strings.TrimSuffix(report, "\n"), "\n") {
		switch {
		case strings.HasPrefix(l, "  nDCG@3 "), strings.HasPrefix(l, "    error "),
			strings.HasPrefix(l, "    next "), strings.HasPrefix(l, "    sources "), strings.HasPrefix(l, "    help "):
		case strings.HasPrefix(l, "["):
			lines = append(lines, as.Replace(head.ReplaceAllString(l, "$1")))
		default:
			lines = append(lines, l)
		}
	}
	return lines
}

func compareLines(t *testing.T, got, want []string) {
	t.Helper()
	for i := range max(len(got), len(want)) {
		switch {
		case i >= len(got) || i >= len(want):
			t.Fatalf("%d lines, grade.py writes %d", len(got), len(want))
		case got[i] != want[i]:
			t.Fatalf("line %d\n     got %s\ngrade.py %s", i+1, got[i], want[i])
		}
	}
}

func compareFigures(t *testing.T, f eval.Figures, path string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	ours, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	var want, got map[string]float64
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(ours, &got); err != nil {
		t.Fatal(err)
	}
	for key, x := range want {
		if y, ok := got[key]; !ok || x != y {
			t.Errorf("%s is %v, grade.py says %v", key, y, x)
		}
	}
}
