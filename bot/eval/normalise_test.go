package eval_test

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"unicode/utf8"

	"careerbot/bot/eval"
)

func normalised() map[string]string {
	return map[string]string{
		"":                                  "",
		"  \n ":                             "",
		"₹10,00,000":                        "₹1000000",
		"$80,000 – $150,000":                "$80000 - $150000",
		"1,1":                               "1,1",
		"1,0000 and 1,23":                   "1,0000 and 123",
		"1,0,00":                            "1,000",
		"a,123 1, 234 1,234x 1,,234":        "a,123 1, 234 1234x 1,,234",
		"१,२३४":                             "१२३४",
		"‐‑‒–—―⁃−﹘﹣－":                       strings.Repeat("-", 11),
		"**Bold** `code` ~x~ snake_case":    "bold code x snake case",
		"a | b\t|\r\nc\u00a0d\u2009e\u3000": "a b c d e",
		"a\x1cb\x1fc\u0085d\u2028e":         "a b c d e",
		"zero\u200bwidth\u200d \ufeffx":     "zerowidth x",
		"a*\u200b b * c":                    "a b c",
		"“Don’t” ‘x’":                       `"don't" 'x'`,
		"|_a_|":                             "a",
		"İstanbul IŞIK":                     "i\u0307stanbul işik",
		"ΟΔΟΣ ΟΔΟΣ. Σ ΣΑΣ’Α ΑΣ\u0301": "οδος οδος. σ σασ'α ας\u0301",
		"Straße ǅ K":  "straße ǆ k",
		"x\x1by\x00z": "x\x1by\x00z",
	}
}

func TestNormalise(t *testing.T) {
	t.Parallel()
	for in, want := range normalised() {
		if got := eval.Normalise(in); got != want {
			t.Errorf("Normalise(%q) = %q, want %q", in, got, want)
		}
	}
	if got := eval.Normalise("A\xff\xfeB"); got != "a\ufffd\ufffdb" {
		t.Errorf("what is not UTF-8 becomes %q", got)
	}
}

// grader is the path of grade.py; it skips t where that or Python is absent.
func grader(t *testing.T) (python, script string) {
	t.Helper()
	script = shared + "questions/grade.py"
	if _, err := os.Stat(script); err != nil {
		t.Skip("no questions/grade.py beside this repository")
	}
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3 to run grade.py with")
	}
	return python, script
}

// TestNormaliseAgrees compares with grade.py's own function on the table above and on random text made of the
// characters that matter.
func TestNormaliseAgrees(t *testing.T) {
	t.Parallel()
	python, _ := grader(t)
	var texts []string
	for in := range normalised() {
		texts = append(texts, in)
	}
	alphabet := []rune("aB1234567890,,,,..''  \t\n\v\f\r_|*`~-–—−‐⁃“”‘’₹$१ΣσΑİıſKÉé\u0301\u00ad·:ʰªⅧǅ𝔸Ꭰ" +
		"\x00\x1b\x1c\x1f\u0085\u00a0\u1680\u180e\u2000\u200b\u200c\u200d\u2028\u2029\u202e\u202f\u205f\u2060\u3000\ufeff\ufe58\uff0d\uff0c")
	random := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		rs := make([]rune, random.IntN(20))
		for i := range rs {
			rs[i] = alphabet[random.IntN(len(alphabet))]
		}
		texts = append(texts, string(rs))
	}
	in, err := json.Marshal(texts)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python, "-B", "-c",
		"import json, sys\nfrom grade import normalise\nprint(json.dumps([normalise(s) for s in json.load(sys.stdin)]))")
	cmd.Dir = shared + "questions"
	cmd.Env = append(os.Environ(), "PYTHONIOENCODING=utf-8")
	cmd.Stdin, cmd.Stderr = bytes.NewReader(in), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	if err := json.Unmarshal(out, &want); err != nil || len(want) != len(texts) {
		t.Fatalf("grade.py gave %d texts of %d: %v", len(want), len(texts), err)
	}
	for i, text := range texts {
		if got := eval.Normalise(text); got != want[i] {
			t.Errorf("Normalise(%+q) = %+q, grade.py says %+q", text, got, want[i])
		}
	}
}

func FuzzNormalise(f *testing.F) {
	for in := range normalised() {
		f.Add(in)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := eval.Normalise(s)
		if !utf8.ValidString(got) || strings.ContainsAny(got, "*`~_|–—’\n\tABCXYZ") || strings.Contains(got, "  ") ||
			got != strings.TrimSpace(got) {
			t.Errorf("Normalise(%q) = %q", s, got)
		}
	})
}

func BenchmarkNormalise(b *testing.B) {
	text := strings.Repeat("Senior back-end developers in India: ₹7–17 lakh a year, **upGrad** says ₹10,00,000. ", 25)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		eval.Normalise(text)
	}
}
