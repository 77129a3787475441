package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"careerbot/bot"
	"careerbot/bot/chat"
	"careerbot/knowledge"
	"careerbot/knowledge/lexicon"

	"github.com/spf13/cobra"
)

func (p *program) knowledgeCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:                        "knowledge",
		SuggestionsMinimumDistance: typos,
		Short:                      "Check, list, begin and import what careerbot knows",
		Args:                       unknownCommand,
		RunE:                       func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	check := &cobra.Command{
		Use:   "check [DIR]",
		Short: "Check the pack in DIR, or the built-in one: each fault with its file, line and remedy",
		Long: `Check the pack in DIR, or the built-in one without DIR. Each fault is printed as
  file:line: what is wrong; what to do about it
and the exit status is then 1.`,
		Example: `  careerbot knowledge check
  careerbot knowledge check my-pack`,
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: completeDirectory,
		RunE:              func(_ *cobra.Command, args []string) error { return p.checkKnowledge(args) },
	}
	list := &cobra.Command{
		Use:   "list [WHAT [KIND]]",
		Short: "List articles, facts, or the roles, tools, languages … they name",
		Long: `List what careerbot knows. Without WHAT: how much there is of what. "articles" and
"facts" are listed one by one, facts also of one KIND alone. Anything else, such as
roles, tools or languages, lists what is named in the facts, and in how many articles.`,
		Example: `  careerbot knowledge list
  careerbot knowledge list articles
  careerbot knowledge list facts salary
  careerbot knowledge list databases`,
		Args:              cobra.MaximumNArgs(2),
		ValidArgsFunction: completeList,
		RunE:              func(cmd *cobra.Command, args []string) error { return p.listKnowledge(cmd.Context(), args) },
	}
	cmd.AddCommand(check, list, p.newPackCommand(), p.importCommand())
	return cmd
}

// completeList has the shell offer what is listed most; a pack may hold more.
func completeList(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return []string{"articles", "facts", "roles", "languages", "frameworks", "databases", "tools", "platforms"},
		cobra.ShellCompDirectiveNoFileComp
}

// checkKnowledge prints the faults of a pack.
func (p *program) checkKnowledge(args []string) error {
	files, dir := knowledge.BuiltinFS(), ""
	if len(args) == 1 {
		dir = args[0]
		if st, err := os.Stat(dir); err != nil || !st.IsDir() {
			return fmt.Errorf("check %s: it is no directory; name the folder that holds pack.yaml", dir)
		}
		files = os.DirFS(dir)
	}
	return p.checkFiles(files, dir)
}

func (p *program) checkFiles(files fs.FS, dir string) error {
	pack, problems := knowledge.Check(files)
	for _, problem := range problems {
		problem.File = filepath.Join(dir, filepath.FromSlash(problem.File))
		fmt.Fprintln(p.out, problem)
	}
	if len(problems) > 0 {
		fmt.Fprintf(p.err, "careerbot: %d faults in the pack\n", len(problems))
		return errFaults
	}
	curated := ""
	if n := len(pack.Curated); n > 0 {
		curated = fmt.Sprintf(", %d curated answers", n)
	}
	_, err := fmt.Fprintf(p.out, "ok: %d articles, %d facts%s\n", len(pack.Articles), len(pack.Facts), curated)
	return err
}

// listKnowledge prints a table of what the flags' knowledge holds.
func (p *program) listKnowledge(ctx context.Context, args []string) error {
	p.indexDir = "" // nothing is searched here, so nothing need be written
	return p.withLibrary(ctx, func(lib *bot.Library) error {
		t := tabwriter.NewWriter(p.out, 0, 0, 2, ' ', 0)
		if err := listPack(t, lib.Pack(), args); err != nil {
			return err
		}
		return t.Flush()
	})
}

func listPack(t *tabwriter.Writer, pack *knowledge.Pack, args []string) error {
	what := ""
	if len(args) > 0 {
		what = strings.ToLower(args[0])
	}
	if len(args) == 2 && what != "facts" {
		return misused("only facts have a kind: careerbot knowledge list facts %s", args[1])
	}
	switch what {
	case "":
		listCounts(t, pack)
	case "articles":
		for _, a := range pack.Articles {
			fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", a.ID, orElse(a.Publisher, "publisher unknown"), chat.Day(a.Date), a.Title, a.URL)
		}
	case "facts":
		return listFacts(t, pack, args[1:])
	default:
		return listEntities(t, pack, what)
	}
	return nil
}

// listCounts says how many there are of what, and by that what there is to list.
func listCounts(t *tabwriter.Writer, pack *knowledge.Pack) {
	fmt.Fprintf(t, "articles\t%d\nfacts\t%d\n", len(pack.Articles), len(pack.Facts))
	kinds, counts := []string{}, map[string]int{}
	for _, m := range mentioned(pack) {
		if counts[m.entity.Kind] == 0 {
			kinds = append(kinds, m.entity.Kind)
		}
		counts[m.entity.Kind]++
	}
	slices.Sort(kinds)
	for _, k := range kinds {
		fmt.Fprintf(t, "%s\t%d\n", plural(k), counts[k])
	}
}

func listFacts(t *tabwriter.Writer, pack *knowledge.Pack, kind []string) error {
	n := 0
	for _, f := range pack.Facts {
		if len(kind) > 0 && !named(string(f.Kind), kind[0]) {
			continue
		}
		n++
		fmt.Fprintf(t, "%s\t%s\t%s\t%s: %s\n", f.ID, f.Article, f.Kind, f.Subject, f.Text)
	}
	if n > 0 {
		return nil
	}
	var kinds []string
	for _, f := range pack.Facts {
		kinds = append(kinds, string(f.Kind))
	}
	return misused("there are no facts of that kind; there are %s", choices(kinds))
}

// listEntities prints what the facts name of one kind, what most articles name first.
func listEntities(t *tabwriter.Writer, pack *knowledge.Pack, what string) error {
	all := mentioned(pack)
	found := slices.DeleteFunc(slices.Clone(all), func(m mention) bool { return !named(m.entity.Kind, what) })
	if len(found) == 0 {
		kinds := []string{}
		for _, m := range all {
			kinds = append(kinds, plural(m.entity.Kind))
		}
		return misused("there is nothing called %q to list; there are articles, facts, %s", what, choices(kinds))
	}
	for _, m := range found {
		fmt.Fprintf(t, "%s\t%d of %d\t%s\n", m.entity.Name, len(m.articles), len(pack.Articles), strings.Join(m.articles, ", "))
	}
	return nil
}

// mention is an entity with the articles whose facts name it.
type mention struct {
	entity   *lexicon.Entity
	articles []string
}

// mentioned gives all entities that facts name: those more articles name first, then in the order of the lexicon.
func mentioned(pack *knowledge.Pack) []mention {
	articles := map[string][]string{}
	for _, f := range pack.Facts {
		for _, id := range f.About {
			if !slices.Contains(articles[id], f.Article) {
				articles[id] = append(articles[id], f.Article)
			}
		}
	}
	var found []mention
	for _, e := range pack.Lexicon.All() {
		if a := articles[e.ID]; len(a) > 0 {
			found = append(found, mention{e, a})
		}
	}
	slices.SortStableFunc(found, func(a, b mention) int { return len(b.articles) - len(a.articles) })
	return found
}

// named says whether word is a kind's name, in the singular or the plural, with blanks, dashes or underscores.
func named(kind, word string) bool {
	word = strings.ToLower(strings.NewReplacer(" ", "_", "-", "_").Replace(word))
	return word == kind || word == plural(kind)
}

func plural(kind string) string {
	stem, ok := strings.CutSuffix(kind, "y")
	switch {
	case ok:
		return stem + "ies"
	case strings.HasSuffix(kind, "s"):
		return kind
	}
	return kind + "s"
}

// choices lists words once each, in order.
func choices(words []string) string {
	slices.Sort(words)
	return strings.Join(slices.Compact(words), ", ")
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
