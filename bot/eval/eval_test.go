package eval_test

import (
	"os"
	"strings"
	"testing"

	"careerbot/bot/eval"
)

// load reads a question file; it skips t where the file is one of ../shared and absent.
func load(t *testing.T, path string) []eval.Judged {
	t.Helper()
	f, err := os.Open(path)
	if os.IsNotExist(err) && strings.HasPrefix(path, shared) {
		t.Skipf("no %s beside this repository", strings.TrimPrefix(path, shared))
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	qs, err := eval.Load(f)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return qs
}

// shared is the folder beside the repository that a fresh clone may not have.
const shared = "../../../shared/"

func TestLoad(t *testing.T) {
	t.Parallel()
	qs := load(t, "testdata/tiny.jsonl")
	if len(qs) != 10 {
		t.Fatalf("%d questions, want 10", len(qs))
	}
	if q := qs[5]; q.ID != "t6" || len(q.Turns) != 2 || q.Intent != "faq" || q.Style != "followup" || q.Source[0] != "gfg" {
		t.Errorf("the sixth question is %+v", q)
	}
	if q := qs[6]; q.Expect != eval.ExpectDecline || q.Kind != "far" {
		t.Errorf("the seventh question is %+v", q)
	}
}

func TestLoadFaults(t *testing.T) {
	t.Parallel()
	const good = `{"id":"a","turns":["x"],"expect":"answer","must":["x"]}` + "\n"
	tests := []struct{ name, in, want string }{
		{"not JSON", good + "\nplain words", "line 3: not a question"},
		{"another shape", `{"id":1}`, "line 1: not a question"},
		{"two on a line", `{"id":"a"} {"id":"b"}`, "write one JSON object a line"},
		{"no id", `{"turns":["x"]}`, `add "id"`},
		{"no turns", `{"id":"a"}`, `add "turns"`},
		{"unknown verdict", `{"id":"a","turns":["x"],"expect":"maybe"}`, `write "answer" or "decline"`},
		{"no must", `{"id":"a","turns":["x"],"expect":"answer"}`, `add "must"`},
		{"must for a decline", `{"id":"a","turns":["x"],"expect":"decline","must":["x"]}`, "leave both empty"},
		{"look-around", `{"id":"a","turns":["x"],"expect":"answer","must":["x","(?<=a)b"]}`, "correct must[1]"},
		{"twice", good + good, `line 2: id "a" stands in line 1 already`},
		{"endless line", good + strings.Repeat(" ", 2<<20), "line 2: longer than"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			qs, err := eval.Load(strings.NewReader(tt.in))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %d questions and error %v, want one with %q", len(qs), err, tt.want)
			}
		})
	}
}

func FuzzLoad(f *testing.F) {
	f.Add(`{"id":"a","turns":["x"],"expect":"answer","must":["(x|y)+","z"]}`)
	f.Add("\n\n{}")
	f.Add(`{"id":"a","turns":null,"expect":"decline","must":[null]}`)
	f.Fuzz(func(t *testing.T, s string) {
		qs, err := eval.Load(strings.NewReader(s))
		if err != nil && !strings.Contains(err.Error(), "line ") {
			t.Errorf("error names no line: %v", err)
		}
		for _, q := range qs {
			if q.ID == "" || len(q.Turns) == 0 {
				t.Errorf("accepted %+v", q)
			}
		}
	})
}
