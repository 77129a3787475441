package lexicon_test

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"careerbot/knowledge/lexicon"
)

// folder makes a lexicon folder of name and content pairs.
func folder(files ...string) fstest.MapFS {
	dir := fstest.MapFS{}
	for i := 0; i+1 < len(files); i += 2 {
		dir[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	return dir
}

// load loads folders that hold no mistakes.
func load(t testing.TB, dirs ...fs.FS) *lexicon.Lexicon {
	t.Helper()
	l, problems, err := lexicon.Load(dirs...)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s:%d: %s (%s)", p.File, p.Line, p.Say, p.Remedy)
	}
	return l
}

func TestLoadProblems(t *testing.T) {
	t.Parallel()
	const dock = "entities:\n  - id: docker\n    kind: tool\n    name: Docker\n    words: [docker]\n"
	tests := []struct {
		name, in string
		line     int    // of the problem; 0 where the words name it
		say      string // part of what is said
	}{
		{"broken yaml", "entities:\n  - id: a\n    kind: [b\n    name: x\n", 0, "line "},
		{"tabs", "entities:\n\t- id: a\n", 0, "line 2"},
		{"unknown part", "entitys:\n  - id: a\n", 0, "line 1: field entitys"},
		{"unknown key of an entity", dock + "    wrods: [moby]\n", 0, `line 6: unknown key "wrods"`},
		{"wrong type", "stop: {the: 1}\n", 0, "line 1"},
		{"no name", "entities:\n  - id: docker\n    kind: tool\n", 2, "without id, kind or name"},
		{"no id", "# a note\nentities:\n  - name: Docker\n    kind: tool\n", 3, "without id, kind or name"},
		{"twice", dock + "  - id: docker\n    kind: tool\n    name: Moby\n", 6, `"docker" stands twice`},
		{"twice, once absent", dock + "absent:\n  - id: docker\n    kind: technology\n    name: Docker\n", 7, `"docker" stands twice`},
		{"dangling group", dock + "    groups: [containers]\n", 2, `names "containers"`},
		{"dangling same", dock + "    same: [podman]\n", 2, `names "podman"`},
		{"dangling of", dock + "    of: moby\n", 2, `names "moby"`},
		{"typos of nothing", "entities:\n  - id: docker\n    kind: tool\n    name: Docker\n    typos: [doker]\n", 2, "typos but no words"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l, problems, err := lexicon.Load(folder("words.yaml", tt.in))
			if err != nil || l == nil {
				t.Fatalf("Load gives %v, %v; a mistake in a file is a problem, not an error", l, err)
			}
			if !slices.ContainsFunc(problems, func(p lexicon.Problem) bool {
				return p.File == "words.yaml" && p.Remedy != "" && strings.Contains(p.Say, tt.say) && (tt.line == 0 || p.Line == tt.line)
			}) {
				t.Errorf("problems %+v, want one on line %d that says %q", problems, tt.line, tt.say)
			}
			l.Read("docker still reads") // what was loaded is usable
		})
	}
}

func TestLoadSeveral(t *testing.T) {
	t.Parallel()
	l := load(t,
		folder("a.yaml", "entities:\n  - {id: tools, kind: group, name: Tools}\n  - {id: git, kind: tool, name: Git, words: [git], groups: [tools]}\n",
			"common.txt", "weather\nlovely\n", "notes.md", "this: is [not read"),
		folder("b.yaml", "entities:\n  - {id: docker, kind: tool, name: Docker, words: [docker], groups: [tools]}\n"+
			"absent:\n  - {id: rust, kind: technology, name: Rust, words: [rust]}\n"),
		folder(),
	)
	var ids []string
	for _, e := range l.All() {
		ids = append(ids, e.ID)
	}
	if want := []string{"tools", "git", "docker", "rust"}; !slices.Equal(ids, want) {
		t.Errorf("All() = %v, want %v", ids, want)
	}
	if m := l.Members("tools"); len(m) != 2 || m[0].ID != "git" || m[1].ID != "docker" {
		t.Errorf("Members(tools) = %v", m)
	}
	if e := l.Entity("rust"); e == nil || !e.Absent || l.Entity("docker").Absent {
		t.Errorf("rust is %+v, want it absent; docker not", e)
	}
	if got := l.Name("docker") + "," + l.Name("no-such-thing"); got != "Docker,no such thing" {
		t.Errorf("names %q", got)
	}
	if !l.Known("weather") || l.InDomain("weather") || !l.InDomain("docker") || l.Known("wether") {
		t.Error("everyday words are known and not of the field; words of entities are both")
	}
}

func TestLoadUnreadable(t *testing.T) {
	t.Parallel()
	_, _, err := lexicon.Load(unreadable{})
	if !errors.Is(err, fs.ErrPermission) || !strings.Contains(err.Error(), "words.yaml") {
		t.Errorf("Load of an unreadable folder gives %v, want its cause and the file's name", err)
	}
}

// unreadable is a folder whose one file cannot be opened.
type unreadable struct{}

func (unreadable) Open(name string) (fs.File, error) {
	if name == "." {
		return fstest.MapFS{"words.yaml": {}}.Open(".")
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
}

func TestNothingLoaded(t *testing.T) {
	t.Parallel()
	empty := load(t)
	for _, l := range []*lexicon.Lexicon{empty, load(t, folder())} {
		if r := l.Read("how much does a developer earn?"); len(r.Tokens) != 6 || len(r.Mentions)+len(r.Cues)+len(r.Fixes) != 0 {
			t.Errorf("an empty lexicon reads %+v", r)
		}
	}
	var none *lexicon.Lexicon
	if none.Entity("a") != nil || none.All() != nil || none.Known("a") || none.InDomain("a") || none.Stop("a") ||
		none.Synonyms("a") != nil || none.Entities("a") != nil || none.Members("a") != nil {
		t.Error("no lexicon knows something")
	}
}

// nothing yields no text.
func nothing(func(string) bool) {}

func TestLearn(t *testing.T) {
	t.Parallel()
	before := load(t, folder("a.yaml", "entities:\n  - {id: docker, kind: tool, name: Docker, words: [docker]}\n", "b.txt", "house\n"))
	after := before.Learn(func(yield func(string) bool) {
		_ = yield("Throughput matters.") && yield("Latency and throughput; throughput again. Hose.")
	}, func(yield func(string) bool) { yield("How was the wedding?") })
	if !after.Known("wedding") || after.InDomain("wedding") {
		t.Error("a word people ask with should be known, and not count as a word of the pack")
	}
	for _, w := range []string{"throughput", "latency"} {
		if before.Known(w) || !after.Known(w) || !after.InDomain(w) {
			t.Errorf("%q should be known and of the field after learning it, and not before", w)
		}
	}
	if fixed(before.Read("throughptu")) != "" {
		t.Error("learning changed the lexicon it began with")
	}
	for in, want := range map[string]string{
		"throughptu": "throughptu>throughput", "latncy": "latncy>latency", "dokcer": "dokcer>docker",
		"hose": "", "house": "", "docker": "",
	} {
		if got := fixed(after.Read(in)); got != want {
			t.Errorf("%q is repaired as %q, want %q", in, got, want)
		}
	}
	if l := before.Learn(nothing, nothing); l.Entity("docker") == nil || fixed(l.Read("dokcer")) == "" {
		t.Error("learning nothing loses something")
	}
}

// TestLoadPresent checks that what a later pack holds is no longer absent: an entity of the same id takes the absent
// one's place, and one of the same word takes the word.
func TestLoadPresent(t *testing.T) {
	t.Parallel()
	base := fstest.MapFS{"a.yaml": {Data: []byte("absent:\n  - {id: germany, kind: place, name: Germany, words: [germany, munich]}\n" +
		"  - {id: chef, kind: profession, name: chef, words: [chef, baker]}\n")}}
	own := fstest.MapFS{"b.yaml": {Data: []byte("entities:\n  - {id: germany, kind: region, name: Germany, words: [germany]}\n  - {id: baker, kind: role, name: baker, words: [baker]}\n")}}
	l, problems, err := lexicon.Load(base, own)
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	if e := l.Entity("germany"); e == nil || e.Absent || e.Kind != lexicon.KindRegion {
		t.Errorf("germany is %+v", e)
	}
	if got := l.Entities("a baker in munich"); !slices.Equal(got, []string{"baker", "germany"}) {
		t.Errorf("named %v, want the baker and Germany", got)
	}
	for _, m := range l.Read("baker salary").Mentions {
		if m.Entity.Absent {
			t.Errorf("%q is still absent", m.Entity.ID)
		}
	}
	if ms := l.Read("chef salary").Mentions; len(ms) != 1 || !ms[0].Entity.Absent {
		t.Errorf("a chef is %v, want absent as before", ms)
	}
}
