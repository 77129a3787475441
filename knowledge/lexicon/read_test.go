package lexicon_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"careerbot/knowledge"
	"careerbot/knowledge/lexicon"
)

// builtin is the embedded pack's vocabulary, loaded once: it is immutable.
var builtin = sync.OnceValues(func() (*lexicon.Lexicon, error) {
	p, err := knowledge.Builtin()
	if err != nil {
		return nil, err
	}
	return p.Lexicon, nil
})

func real(t testing.TB) *lexicon.Lexicon {
	t.Helper()
	l, err := builtin()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func named(r lexicon.Reading) string {
	var out []string
	for _, m := range r.Mentions {
		out = append(out, m.Entity.ID)
	}
	return strings.Join(out, " ")
}

func hinted(r lexicon.Reading) string {
	var out []string
	for _, c := range r.Cues {
		out = append(out, c.ID)
	}
	return strings.Join(out, " ")
}

func fixed(r lexicon.Reading) string {
	var out []string
	for _, f := range r.Fixes {
		out = append(out, f.From+">"+f.To)
	}
	return strings.Join(out, " ")
}

// small is a lexicon in which every rule has one example.
const small = `
entities:
  - {id: backend, kind: role, name: Back-end developer, words: [back-end developer, backend], caps: [BE]}
  - {id: software-architect, kind: role, name: Software architect, words: [software architect]}
  - {id: go, kind: language, name: Go, words: [golang], caps: [Go, GO]}
  - {id: git, kind: tool, name: Git, words: [git]}
  - {id: java, kind: language, name: Java, words: [java]}
  - {id: javascript, kind: language, name: JavaScript, words: [javascript]}
  - {id: postgresql, kind: database, name: PostgreSQL, words: [postgresql, postgres], typos: [postgress]}
  - {id: kubernetes, kind: tool, name: Kubernetes, words: [kubernetes, k8s]}
  - {id: api, kind: concept, name: API, words: [api]}
  - {id: rest, kind: concept, name: REST API, words: [rest api]}
  - {id: msi, kind: degree, name: Master, words: [master]}
  - {id: scrum-master, kind: role, name: Scrum master, words: [scrum master]}
absent:
  - {id: rust, kind: technology, name: Rust, words: [rust]}
  - {id: blockchain, kind: technology, name: Blockchain, words: [blockchain]}
hinglish: {kitna: how much, kitna milega: how much salary, kaise bane: how to become, hai: "", aur: and}
shorthand: {dev: developer, sr: senior, btw: between, db: database}
cues:
  salary: [salary, pay]
  salary.weak: [how much]
  roadmap: [how to become]
stop: [the, is, a, to, me]
synonyms:
  - [pay, salary, wage]
  - [fast, quick]
`

func TestMatch(t *testing.T) {
	t.Parallel()
	l := load(t, folder("small.yaml", small, "common.txt", "learn going want database how become market senior developer\n"))
	tests := []struct{ in, names, cues string }{
		{"salary of a Back End Developer", "backend", "salary"},
		{"backend developers and back-ends", "backend backend", ""},
		{"a software architect", "software-architect", ""},
		{"software, then an architect", "", ""},
		{"rest api and api", "rest api", ""}, // the longest name wins
		{"scrum master or master", "scrum-master msi", ""},
		{"BE salary", "backend", "salary"}, // capitals only
		{"to be, be me", "", ""},
		{"GO", "go", ""},
		{"going, go, goes, gone", "", ""},
		{"golang", "go", ""},
		{"APIs and apis", "api api", ""},               // plurals of short names
		{"gits, javas", "git java", ""},                // likewise
		{"java script or java", "javascript java", ""}, // two words that only together are a name
		{"postgre sql", "postgresql", ""},
		{"postgress", "postgresql", ""},
		{"is rust used", "rust", ""},
		{"how much pay", "", "salary.weak salary"},
		{"how to become", "", "roadmap"},
		{"paying salaries", "", "salary salary"},
	}
	for _, tt := range tests {
		r := l.Read(tt.in)
		if got := named(r); got != tt.names {
			t.Errorf("%q names %q, want %q", tt.in, got, tt.names)
		}
		if got := hinted(r); got != tt.cues {
			t.Errorf("%q hints at %q, want %q", tt.in, got, tt.cues)
		}
	}
	if got := strings.Join(l.Entities("Java, rust, Java Script and again java"), " "); got != "java javascript" {
		t.Errorf("Entities = %q, want each once and nothing absent", got)
	}
}

func TestTranslate(t *testing.T) {
	t.Parallel()
	l := load(t, folder("small.yaml", small))
	tests := []struct {
		in, want string
		foreign  bool
	}{
		{"kitna milega", "how much salary", true}, // the longest phrase wins
		{"kitna hai", "how much", true},
		{"backend dev kaise bane", "backend developer how to become", true},
		{"sr dev", "senior developer", false}, // shorthand is no other language
		{"db btw", "database between", false},
		{"aur", "and", false}, // one word makes no language
		{"developer", "developer", false},
	}
	for _, tt := range tests {
		r := l.Read(tt.in)
		if got := words(r.Tokens); got != tt.want || r.Foreign != tt.foreign {
			t.Errorf("%q reads %q, foreign %v; want %q, %v", tt.in, got, r.Foreign, tt.want, tt.foreign)
		}
	}
}

func TestSynonymsAndStop(t *testing.T) {
	t.Parallel()
	l := load(t, folder("small.yaml", small))
	if got := strings.Join(l.Synonyms(lexicon.Stem("salary")), " "); got != "pay wage" {
		t.Errorf("synonyms of salary: %q", got)
	}
	if got := l.Synonyms("backend"); len(got) != 0 {
		t.Errorf("synonyms of backend: %q", got)
	}
	r := l.Read("the pay")
	if !r.Tokens[0].Stop || r.Tokens[1].Stop || !l.Stop("the") || l.Stop("pay") {
		t.Errorf("stop words: %+v", r.Tokens)
	}
}

func TestRepair(t *testing.T) {
	t.Parallel()
	l := load(t, folder("small.yaml", small, "common.txt", "learn weather house go\n"))
	tests := []struct{ in, fixes string }{
		{"bakend salery", "bakend>backend salery>salary"},
		{"kubernates", "kubernates>kubernetes"},
		{"kuberntes", "kuberntes>kubernetes"},
		{"javasript", "javasript>javascript"},
		{"gti", ""}, // three letters are too few to guess
		{"go", ""},
		{"goo", ""},
		{"jav", ""},
		{"java", ""},
		{"weather", ""},
		{"learning houses", ""}, // other forms of known words
		{"rsut", ""},            // absent and short: a slip must not become it
		{"blokchain", "blokchain>blockchain"},
		{"xylophone", ""},
		{"12345", ""},
		{"बैकंड", ""},
		{"postgress", "postgress>postgresql"}, // listed
	}
	for _, tt := range tests {
		if got := fixed(l.Read(tt.in)); got != tt.fixes {
			t.Errorf("%q is repaired as %q, want %q", tt.in, got, tt.fixes)
		}
	}
}

func TestSentences(t *testing.T) {
	t.Parallel()
	l := load(t, folder("small.yaml", small))
	tests := []struct{ in, want string }{
		{"", ""},
		{"pay", "pay."},
		{"I learn Java. What is the pay?", "i learn java. what is the pay?"},
		{"Hello! Is it so?! Yes", "hello. is it so? yes."},
		{"one line\nanother; and 3.5 more", "one line. another. and 3.5 more."},
		{"pay: 5 lpa", "pay. 5 lpa."},
		{"ends with dots...", "ends with dots."},
		{"kitna milega? kaise bane", "how much salary? how to become."},
	}
	for _, tt := range tests {
		r := l.Read(tt.in)
		var got []string
		for _, s := range r.Sentences {
			end := "."
			if s.Asks {
				end = "?"
			}
			got = append(got, words(r.Tokens[s.From:s.To])+end)
		}
		if g := strings.Join(got, " "); g != tt.want {
			t.Errorf("%q has the sentences %q, want %q", tt.in, g, tt.want)
		}
	}
}

// TestBuiltinWords reads what people type with the words of the embedded pack.
func TestBuiltinWords(t *testing.T) {
	t.Parallel()
	l := real(t)
	tests := []struct{ in, words, names string }{
		{"bakend devloper salery", "backend developer salary", "backend"},
		{"kubernates", "kubernetes", "kubernetes"},
		{"k8s vs docker", "k8s versus docker", "kubernetes docker"},
		{"postgre sql", "postgre sql", "postgresql"},
		{"java script or java", "javascript or java", "javascript java"},
		{"golang", "golang", "go"},
		{"Go developer", "go developer", "go"},
		{"i go home", "i go home", ""},
		{"going to market", "going to market", ""},
		{"BE salary", "be salary", "backend"},
		{"to be or not to be", "to be or not to be", ""},
		{"pyhton and djnago", "python and django", "python django"},
		{"javascrpt", "javascript", "javascript"},
		{"C# or .NET", "csharp or dotnet", "csharp dotnet"},
		{"apis", "apis", "api"},
		{"bangalore", "bangalore", "bangalore"},
		{"tell us about pay", "tell us about pay", ""},
		{"pay in the US", "pay in the us", "us"},
		{"fresher ko kitna package milega", "fresher how much package get", "entry"},
		{"बैकएंड डेवलपर सैलरी", "backend developer salary", "backend"},
	}
	for _, tt := range tests {
		r := l.Read(tt.in)
		if got := words(r.Tokens); got != tt.words {
			t.Errorf("%q reads %q, want %q", tt.in, got, tt.words)
		}
		if got := named(r); got != tt.names {
			t.Errorf("%q names %q, want %q", tt.in, got, tt.names)
		}
	}
}

// TestBuiltinKeepsNames checks that no name of the pack is taken for a misspelling of another word.
func TestBuiltinKeepsNames(t *testing.T) {
	t.Parallel()
	l := real(t)
	for _, e := range l.All() {
		for _, w := range e.Words {
			if got := fixed(l.Read(w)); got != "" {
				t.Errorf("%q, a name of %s, is repaired: %s", w, e.ID, got)
			}
		}
	}
}

// TestBuiltinFindsNames checks that what the articles hold is found under its names and its listed misspellings. A few
// names mean something else first ("server admin" is also work on servers), hence a floor.
func TestBuiltinFindsNames(t *testing.T) {
	t.Parallel()
	l := real(t)
	const floor = 0.98
	found, all := 0, 0
	var lost []string
	for _, e := range l.All() {
		for _, w := range slices.Concat(e.Words, e.Typos) {
			if e.Absent {
				continue
			}
			all++
			if strings.Contains(" "+named(l.Read(w))+" ", " "+e.ID+" ") {
				found++
			} else {
				lost = append(lost, w+" ("+e.ID+")")
			}
		}
	}
	if share := float64(found) / float64(all); share < floor {
		t.Errorf("%.3f of %d names are found, want %.2f; not found: %s", share, all, floor, strings.Join(lost, ", "))
	}
}

// FuzzRead checks that places of mentions, cues and sentences lie within the tokens, whatever is typed.
func FuzzRead(f *testing.F) {
	for _, s := range []string{
		"bakend devloper salery in inda?", "fresher ko kitna package milega", "C# vs .NET; node js", "बैकएंड डेवलपर सैलरी",
		"hi. i know python, what next?", "postgre sql java script", "\x00\u202e\xff", "vs code u.s. sde 1", strings.Repeat("kuberntes ", 40),
	} {
		f.Add(s)
	}
	l := real(f)
	f.Fuzz(func(t *testing.T, s string) {
		r := l.Read(s)
		n := len(r.Tokens)
		for _, m := range r.Mentions {
			if m.Entity == nil || m.From < 0 || m.From >= m.To || m.To > n {
				t.Fatalf("%q: mention %+v of %d tokens", s, m, n)
			}
		}
		for _, c := range r.Cues {
			if c.ID == "" || c.From < 0 || c.From >= c.To || c.To > n {
				t.Fatalf("%q: cue %+v of %d tokens", s, c, n)
			}
		}
		at := 0
		for _, x := range r.Sentences {
			if x.From != at || x.To <= x.From || x.To > n {
				t.Fatalf("%q: sentence %+v after token %d of %d", s, x, at, n)
			}
			at = x.To
		}
		if at != n {
			t.Fatalf("%q: sentences end at token %d of %d", s, at, n)
		}
		for _, tok := range r.Tokens {
			if tok.Word == "" || !utf8.ValidString(tok.Word) {
				t.Fatalf("%q: token %+v", s, tok)
			}
		}
	})
}

// TestCountryInSmallLetters wants "us" to be the country between names, cues and the ends of a text, and a pronoun
// after a verb: people type "salary senior us" as the README's example has it for India.
func TestCountryInSmallLetters(t *testing.T) {
	for text, want := range map[string]bool{
		"salary us": true, "us salary": true, "salary senior us": true, "junior salary us": true,
		"backend developer us salary": true, "senior us pay": true, "and in the us?": true, "salary US": true,
		"what do they pay us": false, "tell us about salaries": false, "give us the salary": false, "us": true, "us?": true,
		"can you tell us the salary of a backend developer": false, "teach us backend": false,
	} {
		got := slices.ContainsFunc(real(t).Read(text).Mentions, func(m lexicon.Mention) bool { return m.Entity.ID == "us" })
		if got != want {
			t.Errorf("%q names the US: %v, want %v", text, got, want)
		}
	}
}
