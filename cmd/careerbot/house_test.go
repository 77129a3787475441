package main_test

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

// root is the directory of go.mod, seen from this package.
const root = "../.."

// module is the module's path.
const module = "careerbot"

// anything stands in the map for a package that may import every other.
const anything = "*"

// owners are the libraries, and one package of ours, that only certain packages may import, by the beginnings of their import paths. A longer
// beginning goes before a shorter one.
var owners = map[string][]string{
	"github.com/blevesearch/":             {"index/segment"},
	"github.com/blevesearch/snowballstem": {"knowledge/lexicon"}, // word stems alone: no part of the searcher
	"go.etcd.io/bbolt":                    {"index/disk"},
	"github.com/bwmarrin/discordgo":       {"adapters/discord", "adapters/discord/commands", "adapters/discord/lint"},
	"github.com/go-shiori/go-readability": {"knowledge/markup"},
	"github.com/valyala/fastjson":         {"adapters/discord"},
	"github.com/slack-go/slack":           {"adapters/slack", "adapters/slack/blocks", "adapters/slack/webapi"},
	"database/sql":                        {"bot/store", "bot/store/engine"}, // the store scans rows, and knows no driver
	"database/sql/driver":                 {"bot/store/engine"},
	"modernc.org/sqlite":                  {"bot/store/engine"},
	"github.com/mattn/go-sqlite3":         {"bot/store/engine"},
	"github.com/jackc/pgx":                {"bot/store/engine"},
	"github.com/lib/pq":                   {"bot/store/engine"},
	"github.com/pressly/goose":            {"bot/store/engine"},
	module + "/bot/store/engine":          {"bot/store"}, // even where the map allows anything
}

// TestHouse compares the imports of every file with the map in the README. It reads the files themselves: "go list"
// in a test would be answered from the test cache although a file has changed.
func TestHouse(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	arrows, err := readMap(string(readme))
	if err != nil {
		t.Fatalf("README.md: %v", err)
	}
	imports, err := readImports(os.DirFS(root))
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range compare(arrows, imports) {
		t.Error(fault)
	}
}

// readMap takes the arrows from the first block of code under "## The house": "package -> its imports".
func readMap(readme string) (map[string][]string, error) {
	_, section, ok := strings.Cut(readme, "\n## The house\n")
	if !ok {
		return nil, fmt.Errorf("there is no section \"## The house\"")
	}
	section, _, _ = strings.Cut(section, "\n## ")
	_, block, ok := strings.Cut(section, "\n```\n")
	block, _, closed := strings.Cut(block, "\n```")
	if !ok || !closed {
		return nil, fmt.Errorf("the section \"The house\" has no block of code with the map")
	}
	arrows := map[string][]string{}
	for line := range strings.SplitSeq(block, "\n") {
		from, to, ok := strings.Cut(line, "->")
		from = strings.TrimSpace(from)
		if _, twice := arrows[from]; !ok || from == "" || twice {
			return nil, fmt.Errorf("the map's line %q is not \"package -> imports\", or its package has two", line)
		}
		arrows[from] = strings.Fields(to)
	}
	return arrows, nil
}

// file is where an import stands.
type file struct {
	name  string // relative to the module
	line  int
	works string // what it imports
}

// readImports gives the imports of every package with a file that is no test, by the package's directory.
func readImports(tree fs.FS) (map[string][]file, error) {
	packages := map[string][]file{}
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := d.Name()
		hidden := name != "." && (strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_"))
		if d.IsDir() && (hidden || base == "testdata" || base == "vendor" || base == "dist") {
			return fs.SkipDir
		}
		if d.IsDir() || hidden || !strings.HasSuffix(base, ".go") || strings.HasSuffix(base, "_test.go") {
			return nil
		}
		source, err := fs.ReadFile(tree, name)
		if err != nil {
			return err
		}
		found, err := fileImports(name, source)
		dir := path.Dir(name)
		packages[dir] = append(packages[dir], found...) // no imports make a package too
		return err
	})
	return packages, err
}

func fileImports(name string, source []byte) ([]file, error) {
	set := token.NewFileSet()
	parsed, err := parser.ParseFile(set, name, source, parser.ImportsOnly)
	if err != nil {
		return nil, err
	}
	var found []file
	for _, spec := range parsed.Imports {
		works, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, err
		}
		found = append(found, file{name, set.Position(spec.Pos()).Line, works})
	}
	return found, nil
}

// compare says in words where packages and map differ.
func compare(arrows map[string][]string, packages map[string][]file) []string {
	var faults []string
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...).Error()) }
	for _, from := range slices.Sorted(maps.Keys(packages)) {
		allowed, drawn := arrows[from]
		if !drawn {
			fault("package %s is missing in the README's map: add a line \"%s -> …\" under \"The house\"", from, from)
		}
		for _, f := range packages[from] {
			to, inside := strings.CutPrefix(f.works, module+"/")
			if inside && drawn && !slices.Contains(allowed, to) && !slices.Contains(allowed, anything) {
				fault("%s:%d: %s imports %s, which the README's map does not allow", f.name, f.line, from, to)
			}
			if owned := owner(f.works); owned != nil && !slices.Contains(owned, from) {
				fault("%s:%d: only %s may import %s", f.name, f.line, strings.Join(owned, " and "), f.works)
			}
		}
	}
	for _, from := range slices.Sorted(maps.Keys(arrows)) {
		if _, ok := packages[from]; !ok {
			fault("the README's map has a line for %s, which is no package", from)
		}
		for _, to := range arrows[from] {
			if _, ok := packages[to]; !ok && to != anything {
				fault("the README's map has an arrow from %s to %s, which is no package", from, to)
			}
		}
	}
	return faults
}

// owner gives the packages that may import a library, nil where every package may.
func owner(works string) []string {
	longest := ""
	for prefix := range owners {
		if strings.HasPrefix(works, prefix) && len(prefix) > len(longest) {
			longest = prefix
		}
	}
	return owners[longest]
}

// TestHouseNotices proves that the comparison finds what it is there for.
func TestHouseNotices(t *testing.T) {
	t.Parallel()
	const readme = "# x\n\n## The house\n\nWords.\n\n```\n%s\n```\n\n## More\n"
	const clean = "a -> b\nb ->\ncmd/x -> *"
	tree := map[string]string{
		"a/a.go":          `package a; import ("fmt"; "careerbot/b")`,
		"a/a_test.go":     `package a_test; import "careerbot/cmd/x"`,
		"a/testdata/t.go": `package t; import "careerbot/cmd/x"`,
		"b/b.go":          `package b`,
		"cmd/x/x.go":      `package main; import ("careerbot/a"; "careerbot/b")`,
	}
	tests := []struct {
		name, arrows string
		file, source string // a file more
		want         []string
	}{
		{name: "as drawn", arrows: clean},
		{
			name: "arrow outward", arrows: clean, file: "b/c.go", source: "package b\n\nimport \"careerbot/a\"",
			want: []string{"b/c.go:3: b imports a, which the README's map does not allow"},
		},
		{
			name: "package not drawn", arrows: clean, file: "c/c.go", source: "package c",
			want: []string{`package c is missing in the README's map: add a line "c -> …" under "The house"`},
		},
		{
			name: "no such package", arrows: clean + "\nd ->",
			want: []string{"the README's map has a line for d, which is no package"},
		},
		{
			name: "arrow to nowhere", arrows: "a -> b d\nb ->\ncmd/x -> *",
			want: []string{"the README's map has an arrow from a to d, which is no package"},
		},
		{
			name: "library of another room", arrows: clean, file: "a/s.go",
			source: `package a; import _ "github.com/blevesearch/bleve/v2/search"`,
			want:   []string{"a/s.go:1: only index/segment may import github.com/blevesearch/bleve/v2/search"},
		},
		{
			name: "even where all is allowed", arrows: clean, file: "cmd/x/s.go", source: `package main; import _ "database/sql/driver"`,
			want: []string{"cmd/x/s.go:1: only bot/store/engine may import database/sql/driver"},
		},
		{
			name: "a package of one other", arrows: clean, file: "cmd/x/s.go",
			source: `package main; import _ "careerbot/bot/store/engine"`,
			want:   []string{"cmd/x/s.go:1: only bot/store may import careerbot/bot/store/engine"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			files := fstest.MapFS{}
			for name, source := range tree {
				files[name] = &fstest.MapFile{Data: []byte(source)}
			}
			if test.file != "" {
				files[test.file] = &fstest.MapFile{Data: []byte(test.source)}
			}
			arrows, err := readMap(fmt.Sprintf(readme, test.arrows))
			if err != nil {
				t.Fatal(err)
			}
			imports, err := readImports(files)
			if err != nil {
				t.Fatal(err)
			}
			if got := compare(arrows, imports); !slices.Equal(got, test.want) {
				t.Errorf("faults are\n%q, want\n%q", got, test.want)
			}
		})
	}
}

func TestHouseMapFaults(t *testing.T) {
	t.Parallel()
	for name, readme := range map[string]string{
		"no section":      "# x\n",
		"no block":        "# x\n\n## The house\n\nWords.\n\n## More\n\n```\na ->\n```\n",
		"no arrow":        "# x\n\n## The house\n\n```\na b\n```\n",
		"a package twice": "# x\n\n## The house\n\n```\na ->\na ->\n```\n",
	} {
		if arrows, err := readMap(readme); err == nil {
			t.Errorf("%s: read as %v", name, arrows)
		}
	}
}
