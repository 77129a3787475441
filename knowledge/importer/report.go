package importer

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"careerbot/knowledge"

	"github.com/rogpeppe/go-internal/diff"
)

// Report is what an import did.
type Report struct {
	To       string
	DryRun   bool
	Articles []ArticleReport
	Skipped  []Skipped
	Changes  []Change
	Kept     []string // files a person has edited, which were left alone
	Notes    []string // what the operator should look at
}

// ArticleReport is what became of one source.
type ArticleReport struct {
	ID, Title, Source string
	Sections          int
	Facts             map[string]int // by kind
	Dropped           map[string]int // pieces that are no part of the article, by reason
}

// Skipped is a source that could not be read, and why.
type Skipped struct{ Source, Why string }

func (r *Report) skip(source string, err error) {
	r.Skipped = append(r.Skipped, Skipped{source, err.Error()})
}

// count notes what the articles hold.
func (r *Report) count(pack, base *knowledge.Pack, articles []*article) {
	roles := map[string][]string{}
	for _, a := range articles {
		ar := ArticleReport{ID: a.id, Title: a.title(), Source: a.source, Sections: a.passages, Facts: map[string]int{}, Dropped: map[string]int{}}
		for i := range a.facts {
			ar.Facts[string(a.facts[i].Kind)]++
		}
		for _, d := range a.page.Dropped {
			ar.Dropped[d.Why]++
		}
		r.Articles = append(r.Articles, ar)
		if base != nil && base.Article(a.id) != nil {
			r.Notes = append(r.Notes, fmt.Sprintf("%s is the id of a built-in article, too: ask with --no-builtin, or choose another id with other-id=%s", a.id, a.source))
		}
		if a.role == "" {
			r.Notes = append(r.Notes, fmt.Sprintf("no role was found in %s; its figures of pay stay text. Name one under role in pack.yaml, and in the facts", a.id))
		} else {
			roles[pack.Lexicon.Name(a.role)] = append(roles[pack.Lexicon.Name(a.role)], a.id)
		}
		if len(a.facts) == 0 {
			r.Notes = append(r.Notes, fmt.Sprintf("no fact was found in %s; its passages are searched all the same", a.id))
		}
	}
	if len(roles) > 1 {
		r.Notes = append(r.Notes, fmt.Sprintf("the articles are about %s; a pack answers best on one of them, so import each to a directory of its own", strings.Join(slices.Sorted(maps.Keys(roles)), ", ")))
	}
}

// Print writes the report for a person.
func (r *Report) Print(w io.Writer) {
	facts, dropped, passages := map[string]int{}, map[string]int{}, 0
	for _, a := range r.Articles {
		fmt.Fprintf(w, "%s: %q from %s\n  %d passages, %d facts: %s\n", a.ID, a.Title, a.Source, a.Sections, total(a.Facts), counts(a.Facts))
		if len(a.Dropped) > 0 {
			fmt.Fprintf(w, "  dropped: %s\n", counts(a.Dropped))
		}
		passages += a.Sections
		add(facts, a.Facts)
		add(dropped, a.Dropped)
	}
	for _, s := range r.Skipped {
		fmt.Fprintf(w, "skipped %s: %s\n", s.Source, s.Why)
	}
	for _, n := range r.Notes {
		fmt.Fprintf(w, "note: %s\n", n)
	}
	for _, name := range r.Kept {
		fmt.Fprintf(w, "kept %s: it was edited since it was imported; delete it to import it anew\n", name)
	}
	if len(r.Articles) > 1 {
		fmt.Fprintf(w, "%d articles, %d passages, %d facts: %s\n", len(r.Articles), passages, total(facts), counts(facts))
		fmt.Fprintf(w, "dropped in all: %s\n", counts(dropped))
	}
	r.printChanges(w)
}

// printChanges says what was written, or for a dry run what would be, line by line.
func (r *Report) printChanges(w io.Writer) {
	switch n := len(r.Changes); {
	case len(r.Articles) == 0:
	case n == 0:
		fmt.Fprintf(w, "%s holds all of it already; nothing was written\n", r.To)
	case !r.DryRun:
		fmt.Fprintf(w, "wrote %s to %s\n", plural(n, "file"), r.To)
	default:
		for _, c := range r.Changes {
			was, will := "a/"+c.File, "b/"+c.File
			if c.Old == nil {
				was = "/dev/null"
			}
			if c.New == nil {
				will = "/dev/null"
			}
			_, _ = w.Write(diff.Diff(was, c.Old, will, c.New)) // a terminal that is gone is noticed by the last line
		}
		fmt.Fprintf(w, "would write %s to %s; nothing was written\n", plural(n, "file"), r.To)
	}
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func add(to, from map[string]int) {
	for k, v := range from {
		to[k] += v
	}
}

func total(m map[string]int) int {
	n := 0
	for _, v := range m {
		n += v
	}
	return n
}

// counts writes counts, largest first.
func counts(m map[string]int) string {
	if len(m) == 0 {
		return "none"
	}
	keys := slices.Sorted(maps.Keys(m))
	slices.SortStableFunc(keys, func(a, b string) int { return cmp.Compare(m[b], m[a]) })
	for i, k := range keys {
		keys[i] = fmt.Sprintf("%d %s", m[k], strings.ReplaceAll(k, "_", " "))
	}
	return strings.Join(keys, ", ")
}
