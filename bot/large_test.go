package bot_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"careerbot/bot"
	"careerbot/bot/chat"
)

// TestLarge answers from a pack whose articles are too large together to be held: they stay in their files and come
// back from the index with their sources. A changed article is live after a reload, which reads nothing else.
func TestLarge(t *testing.T) {
	if testing.Short() {
		t.Skip("writes 40 MB of articles")
	}
	t.Parallel()
	dir, index := t.TempDir(), filepath.Join(t.TempDir(), "index")
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, d := range []string{"articles", "facts"} {
		if err := os.Mkdir(filepath.Join(dir, d), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	write("pack.yaml", "name: bees\ncommand: bees\nsubject: keeping bees\nscope: Keeping bees.\n")
	filler := strings.Repeat("The hive hums along and nothing else happens here today. ", 18_000)
	for i := range 40 {
		write(fmt.Sprintf("articles/hive%02d.md", i), fmt.Sprintf("---\nid: hive%02d\ntitle: Hive diary %d\npublisher: The Apiary\ndate: 2026-03-01\n---\n\n## Filler\n\n%s\n", i, i, filler))
	}
	article := func(say string) string {
		return "---\nid: smoke\ntitle: On smokers\npublisher: Meadow Press\ndate: 2026-05-02\n---\n\n## Lighting a smoker\n\n" + say + "\n"
	}
	write("articles/smoke.md", article("A smoker burns dry burlap best, as burlap smoulders for long."))
	write("articles/cited.md", "---\nid: cited\ntitle: Propolis\npublisher: Queen Weekly\ndate: 2026-05-02\n---\n\n## Propolis\n\nBees seal cracks with propolis.\n")
	write("facts/queens.yaml", "article: cited\nsections:\n  - section: propolis\n    facts:\n      - id: q1\n        kind: faq\n        subject: Propolis\n        text: Propolis seals the cracks of a hive against draught.\n        asks: [\"what does propolis seal\"]\n")

	lib, err := bot.OpenLibrary(t.Context(), bot.LibraryConfig{Builtin: true, Dirs: []string{dir}, IndexDir: index})
	if err != nil {
		t.Fatal(err)
	}
	defer lib.Close()
	if p := lib.Pack(); p.Shelved() != 41 || p.Article("cited") == nil || p.Article("smoke") != nil {
		t.Fatalf("%d articles are left in their files, want 41: all but the one that is cited", p.Shelved())
	}
	x := bot.New(lib)
	asks := func(question, say, publisher string) {
		t.Helper()
		a, err := x.Ask(t.Context(), chat.Question{Text: question})
		if err != nil {
			t.Fatal(err)
		}
		all := fmt.Sprintf("%+v", a)
		if !a.Answered || !strings.Contains(all, say) || !strings.Contains(all, publisher) {
			t.Errorf("%q: want %q of %q, got %s", question, say, publisher, all)
		}
	}
	asks("which burlap for a smoker", "burlap smoulders", "Meadow Press")
	asks("what does propolis seal", "cracks of a hive", "Queen Weekly")
	if changed, err := lib.Reload(t.Context()); changed || err != nil {
		t.Errorf("reloaded without a change: %v, %v", changed, err)
	}
	write("articles/smoke.md", article("A smoker burns dry pine needles best, for pine needles smell good."))
	began := time.Now()
	if changed, err := lib.Reload(t.Context()); !changed || err != nil {
		t.Errorf("a changed article: %v, %v", changed, err)
	}
	t.Logf("live after %v", time.Since(began))
	asks("which pine needles for a smoker", "pine needles smell", "Meadow Press")
	write("articles/smoke.md", "no front matter")
	if changed, err := lib.Reload(t.Context()); changed || err == nil || !strings.Contains(err.Error(), "articles/smoke.md") {
		t.Errorf("a broken article: %v, %v", changed, err)
	}
	asks("which pine needles for a smoker", "pine needles smell", "Meadow Press")
}
