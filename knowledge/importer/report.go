package importer

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"careerbot/knowledge"
)

// Report is what an import did.
type Report struct {
	To       string
	DryRun   bool
	Articles []ArticleReport
	Skipped  []Skipped
	Changes  []Change
	Kept     []string // files a person has edited, which were left alone
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
func (r *Report) count(_ *knowledge.Pack, articles []*article) {
	for _, a := range articles {
		ar := ArticleReport{ID: a.id, Title: a.title(), Source: a.source, Sections: len(a.sections), Facts: map[string]int{}, Dropped: map[string]int{}}
		for i := range a.facts {
			ar.Facts[string(a.facts[i].Kind)]++
		}
		for _, d := range a.page.Dropped {
			ar.Dropped[d.Why]++
		}
		r.Articles = append(r.Articles, ar)
	}
}

// Print writes the report for a person.
func (r *Report) Print(w io.Writer) {
	for _, a := range r.Articles {
		fmt.Fprintf(w, "%s: %q from %s\n", a.ID, a.Title, a.Source)
		fmt.Fprintf(w, "  %d passages, %d facts: %s\n", a.Sections, total(a.Facts), counts(a.Facts))
		if len(a.Dropped) > 0 {
			fmt.Fprintf(w, "  dropped: %s\n", counts(a.Dropped))
		}
	}
	for _, s := range r.Skipped {
		fmt.Fprintf(w, "skipped %s: %s\n", s.Source, s.Why)
	}
	for _, name := range r.Kept {
		fmt.Fprintf(w, "kept %s: it was edited since it was imported; delete it to import it anew\n", name)
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
	keys := sorted(m)
	slices.SortStableFunc(keys, func(a, b string) int { return cmp.Compare(m[b], m[a]) })
	for i, k := range keys {
		keys[i] = fmt.Sprintf("%d %s", m[k], strings.ReplaceAll(k, "_", " "))
	}
	return strings.Join(keys, ", ")
}
