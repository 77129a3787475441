package index_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"careerbot/index"
	"careerbot/knowledge"
)

// collections is where the judged collections lie; they may not be part of this repository.
var collections = filepath.Join("..", "..", "shared", "search", "collections")

// TestQuality holds the ranking against the judged collections. Lucene 8.7 reaches 0.381, 0.579 and 0.435.
func TestQuality(t *testing.T) {
	if testing.Short() {
		t.Skip("reads and indexes two collections")
	}
	tests := []struct {
		collection string
		floors     map[string]float64 // by file of questions
	}{
		{"cranfield", map[string]float64{"queries.jsonl": 0.385}},
		{"medquad", map[string]float64{"queries.jsonl": 0.66, "queries-original.jsonl": 0.57}},
	}
	for _, test := range tests {
		t.Run(test.collection, func(t *testing.T) {
			dir := filepath.Join(collections, test.collection)
			if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
				t.Skipf("%s is not here: the collection may not be in the repository", dir)
			}
			x := collection(t, filepath.Join(dir, "corpus.jsonl"))
			judged := judgements(t, filepath.Join(dir, "qrels.tsv"))
			for file, floor := range test.floors {
				questions := lines[question](t, filepath.Join(dir, file))
				clean := ndcg(t, x, questions, judged, 0)
				typo := ndcg(t, x, questions, judged, 1)
				t.Logf("%s: nDCG@10 %.4f, with a typo per question %.4f (%.1f %%)", file, clean, typo, 100*(typo/clean-1))
				if clean < floor {
					t.Errorf("%s: nDCG@10 %.4f, want at least %.3f", file, clean, floor)
				}
				if typo < 0.98*clean {
					t.Errorf("%s: one typo takes nDCG@10 from %.4f to %.4f, want at most 2 %% less", file, clean, typo)
				}
			}
		})
	}
}

type question struct {
	ID   string `json:"_id"`
	Text string `json:"text"`
}

func lines[T any](t testing.TB, path string) []T {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []T
	dec := json.NewDecoder(bufio.NewReader(f))
	for dec.More() {
		var v T
		if err := dec.Decode(&v); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		out = append(out, v)
	}
	return out
}

func collection(t testing.TB, path string) *index.Index {
	t.Helper()
	var docs []knowledge.Document
	type passage struct {
		ID    string `json:"_id"`
		Title string `json:"title"`
		Text  string `json:"text"`
	}
	for _, p := range lines[passage](t, path) {
		docs = append(docs, knowledge.Document{ID: p.ID, Kind: knowledge.KindPassage, Title: p.Title, Text: p.Text})
	}
	began := time.Now()
	x, err := index.New(context.Background(), slices.Values(docs))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d documents, %d words in %v", len(docs), x.Info().Terms, time.Since(began))
	t.Cleanup(func() { x.Close() })
	return x
}

// judgements reads lines of question, document and grade.
func judgements(t testing.TB, path string) map[string]map[string]int {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]map[string]int{}
	for line := range strings.Lines(string(data)) {
		f := strings.Fields(line)
		grade, err := strconv.Atoi(f[2])
		if err != nil {
			continue // the heading
		}
		if out[f[0]] == nil {
			out[f[0]] = map[string]int{}
		}
		out[f[0]][f[1]] = grade
	}
	return out
}

// ndcg is the mean nDCG@10 over the questions that have a relevant document.
func ndcg(t testing.TB, x *index.Index, questions []question, judged map[string]map[string]int, typos int) float64 {
	t.Helper()
	sum, n := 0.0, 0
	for _, q := range questions {
		ideal := gain(slices.Collect(values(judged[q.ID])))
		if ideal == 0 {
			continue
		}
		hits, err := x.Search(context.Background(), index.Query{Text: misspell(q.Text, q.ID, typos)})
		if err != nil {
			t.Fatalf("question %s: %v", q.ID, err)
		}
		var grades []int
		for _, h := range hits {
			grades = append(grades, judged[q.ID][h.ID])
		}
		sum += dcg(grades) / ideal
		n++
	}
	return sum / float64(n)
}

func values(m map[string]int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for _, v := range m {
			if !yield(v) {
				return
			}
		}
	}
}

func gain(grades []int) float64 {
	slices.SortFunc(grades, func(a, b int) int { return b - a })
	return dcg(grades)
}

func dcg(grades []int) float64 {
	sum := 0.0
	for i, g := range grades[:min(10, len(grades))] {
		sum += (math.Exp2(float64(max(g, 0))) - 1) / math.Log2(float64(i+2))
	}
	return sum
}

// misspell makes n words of five letters and more wrong by one edit each, the same way every time.
func misspell(text, seed string, n int) string {
	words := strings.Fields(text)
	r := rand.New(rand.NewPCG(7, uint64(len(text))+uint64(len(seed))<<32))
	for _, i := range r.Perm(len(words)) {
		if n == 0 {
			break
		}
		if w := words[i]; len(w) >= 5 && strings.Trim(strings.ToLower(w), "abcdefghijklmnopqrstuvwxyz") == "" {
			words[i] = edit(w, r)
			n--
		}
	}
	return strings.Join(words, " ")
}

func edit(w string, r *rand.Rand) string {
	i := 1 + r.IntN(len(w)-2)
	letter := fmt.Sprintf("%c", 'a'+r.IntN(26))
	switch r.IntN(4) {
	case 0:
		return w[:i] + w[i+1:]
	case 1:
		return w[:i] + letter + w[i:]
	case 2:
		return w[:i] + letter + w[i+1:]
	}
	return w[:i] + w[i+1:i+2] + w[i:i+1] + w[i+2:]
}
