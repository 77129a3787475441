// Package importer makes a knowledge pack of pages: saved web pages, Markdown, and plain text copied from a browser.
//
// It reads the sources, has [careerbot/knowledge/importer/extract] find what they say, and writes a pack that keeps their
// own words, that a person can edit and that "careerbot knowledge check" accepts. It has no rule of its own for what a text
// means, fetches nothing from the web, runs no model, does not answer questions, and overwrites no file that a person has
// edited.
package importer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"careerbot/knowledge"
	"careerbot/knowledge/importer/extract"
	"careerbot/knowledge/lexicon"
)

// Options say what to import and where to.
type Options struct {
	Sources  []string                           // files, directories, or "-" for Stdin; "id=file" names the article
	Stdin    io.Reader                          // for "-"
	To       string                             // the pack's directory; made where it is not there
	DryRun   bool                               // write nothing, report what would change
	Progress func(done, total int, name string) // called before each file and after the last; nil for none
}

// Import reads the sources and writes the pack. A source that cannot be read is reported and passed over; the error is
// for what stops the whole: no source could be read, or the pack cannot be written.
func Import(ctx context.Context, o Options) (*Report, error) {
	r := &Report{To: o.To, DryRun: o.DryRun}
	st, err := openStage(o.To)
	if err != nil {
		return r, err
	}
	defer st.close()
	articles, err := readAll(ctx, &o, st, r)
	if err != nil {
		return r, err
	}
	if len(articles) == 0 {
		return r, errors.New("nothing was imported: none of the sources holds an article")
	}
	if err := build(ctx, articles, st, r); err != nil {
		return r, err
	}
	base, err := knowledge.Builtin()
	if err != nil {
		return r, err
	}
	if err := manifest(st, base, articles, r); err != nil {
		return r, err
	}
	pack, problems := knowledge.Check(os.DirFS(st.dir))
	if len(problems) > 0 {
		return r, fmt.Errorf("the pack would not load: %s", problems[0])
	}
	r.count(pack, base, articles)
	return r, st.commit(r)
}

// readAll reads every source.
func readAll(ctx context.Context, o *Options, st *stage, r *Report) ([]*article, error) {
	files := sources(o.Sources, o.To, r)
	var articles []*article
	taken, same := map[string]bool{}, map[string]string{}
	for i, f := range files {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if o.Progress != nil {
			o.Progress(i, len(files), f.name)
		}
		a, err := f.read(o.Stdin)
		if err != nil {
			r.skip(f.name, err)
			continue
		}
		sum := a.sum()
		if other := same[sum]; other != "" {
			r.skip(f.name, fmt.Errorf("it holds the same article as %s", other))
			continue
		}
		same[sum] = f.name
		articles = append(articles, a)
	}
	if o.Progress != nil {
		o.Progress(len(files), len(files), "")
	}
	for _, a := range articles {
		if id := st.record.Articles[a.key()].ID; id != "" && !taken[id] {
			a.id, taken[id] = id, true
		}
	}
	for id := range st.foreign(articles) {
		taken[id] = true
	}
	for _, a := range articles {
		a.name(taken)
		st.remember(a)
	}
	return articles, nil
}

// build finds what each article says and writes its files.
func build(ctx context.Context, articles []*article, st *stage, r *Report) error {
	var ids []string
	for _, a := range articles {
		if a.kept = st.editedArticle(a.id); !a.kept {
			ids = append(ids, a.id)
		}
	}
	lex, err := st.lexicon(ids...)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, a := range articles {
		var entities []lexicon.Entity
		a.role, entities = extract.Names(&a.page, lex)
		entities = slices.DeleteFunc(entities, func(e lexicon.Entity) bool { return known[e.ID] })
		for i := range entities {
			known[entities[i].ID] = true // in the words of this article; those after it use them
		}
		if a.kept {
			continue
		}
		if err := st.write(path.Join("lexicon", a.id+".yaml"), lexiconFile(a.id, entities)); err != nil {
			return err
		}
	}
	if lex, err = st.lexicon(); err != nil {
		return err
	}
	for _, a := range articles {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := a.find(lex); err != nil {
			r.Notes = append(r.Notes, fmt.Sprintf("no facts were looked for in %s: %v", a.id, err))
		}
		if err := st.article(a); err != nil {
			return err
		}
	}
	return nil
}

// manifest writes pack.yaml for all the articles there are now.
func manifest(st *stage, base *knowledge.Pack, articles []*article, r *Report) error {
	if err := st.write("pack.yaml", []byte("name: imported\nsubject: imported\nlexicon: builtin\n")); err != nil {
		return err
	}
	if err := withoutBroken(st, articles, r); err != nil {
		return err
	}
	pack, problems := knowledge.Check(os.DirFS(st.dir))
	if len(problems) > 0 {
		return fmt.Errorf("the pack would not load: %s", problems[0])
	}
	return st.write("pack.yaml", packFile(pack, base, mainRole(pack, st)))
}

// withoutBroken takes out the facts of articles that the pack would not load with, and says so: one page of many must not
// stop the others. Its passages are searched all the same.
func withoutBroken(st *stage, articles []*article, r *Report) error {
	_, problems := knowledge.Check(os.DirFS(st.dir))
	for _, p := range problems {
		i := slices.IndexFunc(articles, func(a *article) bool { return articleFiles(a.id)[2] == p.File && !a.kept && len(a.facts) > 0 })
		if i < 0 {
			continue
		}
		a := articles[i]
		a.facts = nil
		if err := st.write(p.File, nil); err != nil {
			return err
		}
		r.Notes = append(r.Notes, fmt.Sprintf("the facts found in %s were left out, as the pack would not load with them: %s", a.id, p))
	}
	return nil
}

// mainRole is the role that most articles are about.
func mainRole(p *knowledge.Pack, st *stage) string {
	counts := map[string]int{}
	for _, known := range st.record.Articles {
		if p.Lexicon.Kind(known.Role) == lexicon.KindRole {
			counts[known.Role]++
		}
	}
	roles := slices.Sorted(maps.Keys(counts))
	if len(roles) == 0 {
		return ""
	}
	return slices.MaxFunc(roles, func(a, b string) int { return cmp.Compare(counts[a], counts[b]) })
}

// isText says by its ending how a file is read.
func isText(name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".txt", ".md", ".markdown", ".html", ".htm", ".xhtml", ".text":
		return true
	}
	return false
}
