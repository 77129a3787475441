package index_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"careerbot/index"
	"careerbot/knowledge"
	"careerbot/knowledge/lexicon"
)

// passages makes documents with the given texts and ids a, b, c, …; a text may begin with a title and a bar.
func passages(texts ...string) []knowledge.Document {
	docs := make([]knowledge.Document, len(texts))
	for i, text := range texts {
		title, body, ok := strings.Cut(text, "|")
		if !ok {
			title, body = "", text
		}
		docs[i] = knowledge.Document{ID: string(rune('a' + i)), Kind: knowledge.KindPassage, Title: title, Text: body}
	}
	return docs
}

func search(t testing.TB, x *index.Index, q index.Query) []index.Hit {
	t.Helper()
	hits, err := x.Search(context.Background(), q)
	if err != nil {
		t.Fatalf("Search(%+v): %v", q, err)
	}
	return hits
}

func ids(hits []index.Hit) string {
	var out []string
	for _, h := range hits {
		out = append(out, h.ID)
	}
	return strings.Join(out, " ")
}

func TestRanking(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, query string
		docs        []string
		want        string // ids in order
	}{
		{"rare words count more", "salary kafka", []string{"salary in general", "salary and pay", "kafka streams", "salary facts"}, "c a b d"},
		{"the title counts more", "redis", []string{"cache|redis keeps data in memory", "redis|a cache keeps data in memory"}, "b a"},
		{"more of the words is better", "python web framework", []string{"python language", "python framework", "python web framework"}, "c b a"},
		{"short texts are more about a word", "docker", []string{"docker and many other things that one may learn about some day", "docker containers"}, "b a"},
		{"a word said often is more of a topic", "mongo", []string{"mongo stores things, some stores do not", "mongo is mongo and mongo again here"}, "b a"},
		{"inflected forms are found, the form itself first", "deploying", []string{"we deploy", "we are deploying", "deployment"}, "b a c"},
		{"equal scores come by id", "queue", []string{"message queue", "message queue", "message queue"}, "a b c"},
		{"stop words find nothing", "what is the", []string{"what is the web", "how do they"}, ""},
		{"unknown words find nothing", "zzqx", []string{"python"}, ""},
		{"no words", "  ?! ", []string{"python"}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			x := build(t, passages(test.docs...))
			if got := ids(search(t, x, index.Query{Text: test.query})); got != test.want {
				t.Errorf("%q finds %q, want %q", test.query, got, test.want)
			}
		})
	}
}

// TestNames searches for what search engines usually lose, in several spellings.
func TestNames(t *testing.T) {
	t.Parallel()
	docs := []knowledge.Document{
		{ID: "csharp", Text: "C# is a language of Microsoft"},
		{ID: "cpp", Text: "C++ is close to the machine"},
		{ID: "c", Text: "C is older than both"},
		{ID: "dotnet", Text: ".NET runs it"},
		{ID: "node", Text: "Node.js runs on a server"},
		{ID: "next", Text: "Next.js renders pages"},
		{ID: "cicd", Text: "CI/CD pipelines ship every change"},
		{ID: "rest", Text: "REST is a style of API"},
		{ID: "k8s", Text: "k8s schedules containers"},
		{ID: "lpa", Text: "freshers get ₹3–5 LPA"},
		{ID: "lakh", Text: "some reach 10,00,000 rupees"},
		{ID: "usd", Text: "the mean is $87K"},
		{ID: "go", Text: "Go has goroutines"},
		{ID: "git", Text: "Git keeps history"},
		{ID: "java", Text: "Java has a virtual machine"},
		{ID: "javascript", Text: "JavaScript fills every browser"},
		{ID: "it", Text: "IT departments hire"},
		{ID: "backend", Text: "back-end work pays"},
	}
	x := build(t, docs)
	tests := map[string]string{ // question: ids that are found, in any order
		"C#": "csharp", "c sharp": "csharp", "c++": "cpp", "C": "c",
		".NET": "dotnet", "dotnet": "dotnet", "dot net": "dotnet",
		"Node.js": "node", "nodejs": "node", "node js": "node", "NODE.JS?": "node", "next.js": "next",
		"CI/CD": "cicd", "cicd": "cicd", "ci cd": "cicd", "REST": "rest", "k8s": "k8s", "K8S": "k8s",
		"₹3–5 LPA": "lpa", "3-5 lpa": "lpa", "10,00,000": "lakh", "1000000": "lakh", "$87K": "usd", "87k": "usd",
		"Go": "go", "git": "git", "java": "java", "Java": "java", "javascript": "javascript", "JavaScript": "javascript",
		"IT": "it", "it": "", "backend": "backend", "back end": "backend", "Back-End": "backend",
	}
	for query, want := range tests {
		if got := ids(search(t, x, index.Query{Text: query})); got != want {
			t.Errorf("%q finds %q, want %q", query, got, want)
		}
	}
}

func TestSpelling(t *testing.T) {
	t.Parallel()
	x := build(t, passages("python language", "kubernetes clusters", "javascript and typescript", "the wide net, a thrust",
		"developers write code", "developer pay", "git history", "postgresql 2024 release"))
	tests := []struct{ query, want string }{
		{"pyhton", "a"},                 // swapped letters are one error
		{"pythn", "a"},                  // a letter left out
		{"pythoon", "a"},                // one too many
		{"pythom", "a"},                 // another letter
		{"pytohm", ""},                  // two errors in a short word
		{"kuberntes", "b"},              //
		{"kubrenetse", "b"},             // two errors in a long word
		{"xython", ""},                  // the first letter must be right
		{"wife trust", ""},              // words, not errors
		{"gi", ""},                      // too short
		{"devloper", "f e"},             // then ranked as the word it is
		{"git2024", ""},                 // digits
		{"go", ""},                      // not git
		{"java", ""},                    // not javascript
		{strings.Repeat("p", 5000), ""}, // no word at all
	}
	for _, test := range tests {
		if got := ids(search(t, x, index.Query{Text: test.query})); got != test.want {
			t.Errorf("%.20q finds %q, want %q", test.query, got, test.want)
		}
	}
	if hits := search(t, x, index.Query{Terms: []index.Term{{Word: "pyhton"}}}); len(hits) > 0 {
		t.Errorf("a term given by the caller is repaired: %+v", hits)
	}
}

func TestLexicon(t *testing.T) {
	t.Parallel()
	lex, problems, err := lexicon.Load(fstest.MapFS{
		"synonyms.yaml": {Data: []byte("synonyms:\n  - [kubernetes, k8s]\nstop: [yaar]\n")},
		"common.txt":    {Data: []byte("slary")},
	})
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	docs := passages("k8s clusters", "kubernetes clusters", "salary", "yaar")
	tests := []struct{ query, with, without string }{
		{"kubernetes", "b a", "b"}, // the word itself first
		{"K8S", "a b", "a"},
		{"yaar", "", "d"},
		{"slary", "", "c"}, // a word the lexicon knows is no error
		{"salry", "c", "c"},
	}
	plain, err := index.New(context.Background(), slices.Values(docs), index.WithLexicon(nil))
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	rich, err := index.New(context.Background(), slices.Values(docs), index.WithLexicon(lex))
	if err != nil {
		t.Fatal(err)
	}
	defer rich.Close()
	for _, test := range tests {
		if got := ids(search(t, rich, index.Query{Text: test.query})); got != test.with {
			t.Errorf("%q finds %q with a lexicon, want %q", test.query, got, test.with)
		}
		if got := ids(search(t, plain, index.Query{Text: test.query})); got != test.without {
			t.Errorf("%q finds %q without a lexicon, want %q", test.query, got, test.without)
		}
	}
}

func TestHit(t *testing.T) {
	t.Parallel()
	x := build(t, passages("python web", "python data", "java web", "sql", "css"))
	hits := search(t, x, index.Query{Text: "web Python zzqx"})
	if got := ids(hits); got != "a b c" && got != "a c b" {
		t.Fatalf("found %q, want a first", got)
	}
	if got, want := strings.Join(hits[0].Matched, " "), "web python"; got != want {
		t.Errorf("matched %q, want %q", got, want)
	}
	if c := hits[0].Coverage; c < 0.4 || c > 0.7 {
		t.Errorf("coverage %v, want about half: the unknown word is the rarest of three", c)
	}
	if h := search(t, x, index.Query{Text: "python web"})[0]; h.Coverage != 1 || h.Kind != knowledge.KindPassage {
		t.Errorf("%+v, want coverage 1 and kind %q", h, knowledge.KindPassage)
	}
	if one := search(t, x, index.Query{Text: "web Python zzqx"}); one[0].Score != hits[0].Score {
		t.Errorf("the score changes from %v to %v", hits[0].Score, one[0].Score)
	}
}

func TestTerms(t *testing.T) {
	t.Parallel()
	x := build(t, passages("golang services", "go services", "rust services", "salary of a package"))
	term := index.Term{Word: "golang", Stem: "golang", Also: []index.Alt{{Stem: "go", Weight: 0.5}, {Stem: "golang", Weight: 9}}}
	tests := []struct {
		name  string
		query index.Query
		want  string
	}{
		{"an alternative counts less than the word", index.Query{Terms: []index.Term{term}}, "a b"},
		{"a weight decides", index.Query{Terms: []index.Term{{Word: "go"}, {Word: "rust", Weight: 3}}}, "c b"},
		{"a negative weight leaves the term out", index.Query{Terms: []index.Term{{Word: "go", Weight: -1}, {Word: "rust"}}}, "c"},
		{"a missing stem is made", index.Query{Terms: []index.Term{{Word: "service"}}, Size: 1}, "a"},
		{"terms win over text", index.Query{Terms: []index.Term{{Word: "rust"}}, Text: "go"}, "c"},
	}
	for _, test := range tests {
		if got := ids(search(t, x, test.query)); got != test.want {
			t.Errorf("%s: found %q, want %q", test.name, got, test.want)
		}
	}
	var many []index.Term
	for i := range 100 {
		many = append(many, index.Term{Word: fmt.Sprint("w", i)})
	}
	if hits := search(t, x, index.Query{Terms: append(many, index.Term{Word: "rust"})}); len(hits) != 0 {
		t.Errorf("term 101 counts: %+v", hits)
	}
}

func TestKinds(t *testing.T) {
	t.Parallel()
	x := build(t, []knowledge.Document{
		{ID: "1", Kind: "skill", Text: "python"},
		{ID: "2", Kind: "tool", Text: "python tool"},
		{ID: "3", Text: "python without a kind"},
	})
	tests := []struct {
		name  string
		query index.Query
		want  string
	}{
		{"all", index.Query{}, "1 2 3"},
		{"one kind", index.Query{Kinds: []string{"tool"}}, "2"},
		{"a kind nobody has", index.Query{Kinds: []string{"news"}}, ""},
		{"the empty kind", index.Query{Kinds: []string{""}}, "3"},
		{"a factor", index.Query{Boost: map[string]float64{"tool": 5}}, "2 1 3"},
		{"a factor below one", index.Query{Boost: map[string]float64{"skill": 0.1}}, "2 3 1"},
		{"useless factors", index.Query{Boost: map[string]float64{"skill": -1, "tool": 0}}, "1 2 3"},
		{"a size", index.Query{Size: 2}, "1 2"},
	}
	for _, test := range tests {
		test.query.Text = "python"
		if got := ids(search(t, x, test.query)); got != test.want {
			t.Errorf("%s: found %q, want %q", test.name, got, test.want)
		}
	}
}

// TestPruning holds the pruned search of several windows and parts against one that cannot prune.
func TestPruning(t *testing.T) {
	t.Parallel()
	x := build(t, corpus(12_000))
	for i, q := range questions()[:100] {
		query := index.Query{Text: q, Size: 1000}
		if i%2 == 0 {
			query.Boost = map[string]float64{"salary": 2, "skill": 0.3}
		}
		if i%5 == 0 {
			query.Kinds = []string{"salary", "passage"}
		}
		all := search(t, x, query)
		query.Size = 7
		few := search(t, x, query)
		if want := all[:min(7, len(all))]; !slices.EqualFunc(few, want, same) {
			t.Fatalf("%q: the best of few are\n%+v\nthe best of all are\n%+v", q, few, want)
		}
	}
}

func same(a, b index.Hit) bool {
	return a.ID == b.ID && a.Kind == b.Kind && a.Score == b.Score && a.Coverage == b.Coverage && slices.Equal(a.Matched, b.Matched)
}

// TestOrder builds the same documents in other orders: the answer may not depend on it.
func TestOrder(t *testing.T) {
	t.Parallel()
	docs := corpus(300)
	want, r := build(t, docs), rand.New(rand.NewPCG(8, 9))
	for range 3 {
		r.Shuffle(len(docs), func(i, j int) { docs[i], docs[j] = docs[j], docs[i] })
		got := build(t, docs)
		for _, q := range questions()[:50] {
			a, b := search(t, want, index.Query{Text: q}), search(t, got, index.Query{Text: q})
			if !slices.EqualFunc(a, b, same) {
				t.Fatalf("%q: %v, in another order %v", q, a, b)
			}
		}
	}
}
