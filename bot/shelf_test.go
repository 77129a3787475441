package bot_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"careerbot/bot"
	"careerbot/bot/chat"
)

// honey is a pack about another work than the built-in one.
func honey(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"pack.yaml": "name: honey\ncommand: honey\nsubject: beekeeping\nscope: I answer from one article on beekeeping.\nrole: beekeeper\n",
		"articles/bees.md": "---\nid: bees\npublisher: Hive Weekly\ntitle: Working with bees\nauthor: B. Keeper\ndate: 2026-03-01\n" +
			"date_kind: published\nurl: https://example.org/bees\n---\n## What it takes\n\nA steady hand and a veil.\n",
		"lexicon/words.yaml": "entities:\n  - {id: beekeeper, kind: role, name: beekeeper, words: [beekeeper, apiarist]}\n" +
			"  - {id: smoker, kind: tool, name: bee smoker, words: [bee smoker, smoker]}\n",
		"facts/bees.yaml": "article: bees\nsections:\n  - section: what-it-takes\n    facts:\n" +
			"      - {id: h1, kind: skill, subject: Calm hands, text: \"A beekeeper needs calm hands.\", asks: [\"What skills does a beekeeper need?\"], about: [beekeeper]}\n" +
			"      - {id: h2, kind: tool, subject: Bee smoker, text: \"A bee smoker keeps the hive calm.\", asks: [\"What is a bee smoker for?\"], about: [smoker]}\n",
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestPacksApart asks all packs, each alone, and buttons of answers from one of them.
func TestPacksApart(t *testing.T) {
	t.Parallel()
	lib, err := bot.OpenLibrary(t.Context(), bot.LibraryConfig{Builtin: true, Dirs: []string{honey(t)}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { lib.Close() })
	want := []chat.Pack{{Name: "backend", Command: "backend", Subject: "back-end careers"}, {Name: "honey", Command: "honey", Subject: "beekeeping"}}
	if got := lib.Packs(); !slices.Equal(got, want) {
		t.Errorf("the packs are %v", got)
	}
	state := remembering(t)
	b := bot.New(lib, bot.WithClock(noon), bot.WithTurns(state), bot.WithCache(100))
	n := 0
	from := func(text string, packs ...string) chat.Answer {
		n++
		return ask(t, b, chat.Question{ID: fmt.Sprint("q", n), Platform: "test", Thread: fmt.Sprint("t", n), Text: text, Packs: packs})
	}
	sources := func(a chat.Answer) (ids []string) {
		for _, s := range a.Sources {
			ids = append(ids, s.ID)
		}
		return ids
	}
	if a := from("what is a bee smoker for?"); !slices.Contains(sources(a), "bees") {
		t.Errorf("all packs answer from %v: %s", sources(a), a.Lead)
	}
	if a := from("what is Redis?", "honey"); a.Answered && slices.Contains(sources(a), "gfg") {
		t.Errorf("the honey pack answers from %v: %s", sources(a), a.Lead)
	}
	if a := from("what is a bee smoker for?", "backend"); slices.Contains(sources(a), "bees") {
		t.Errorf("the back-end pack answers from %v: %s", sources(a), a.Lead)
	}
	skills := from("what skills do I need?", "honey", "gone")
	if !slices.Equal(sources(skills), []string{"bees"}) {
		t.Errorf("skills in honey come from %v: %s", sources(skills), skills.Lead)
	}
	again := ask(t, b, chat.Question{ID: "p", Platform: "test", Action: skills.About.Sources})
	if !slices.Equal(sources(again), []string{"bees"}) {
		t.Errorf("its button answers from %v: %s", sources(again), again.Lead)
	}
	if a := from("what is Redis?", "gone"); !a.Answered {
		t.Errorf("a pack that is gone: %s", a.Lead)
	}
}

// TestPacksApartWhileReloading asks for single packs from many goroutines while the knowledge is replaced.
func TestPacksApartWhileReloading(t *testing.T) {
	t.Parallel()
	dir := honey(t)
	lib, err := bot.OpenLibrary(t.Context(), bot.LibraryConfig{Dirs: []string{dir, second(t)}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { lib.Close() })
	b := bot.New(lib, bot.WithCache(10))
	var asking sync.WaitGroup
	stop := make(chan struct{})
	for i := range 4 {
		asking.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-stop:
					return
				default:
				}
				pack := []string{"honey", "wax"}[(i+n)%2]
				a, err := b.Ask(t.Context(), chat.Question{Text: "what is a bee smoker for?", Packs: []string{pack}})
				if err != nil || len(a.Sources) > 0 && !strings.HasPrefix(a.Sources[0].ID, map[string]string{"honey": "bees", "wax": "candles"}[pack]) {
					t.Errorf("%s answers %v, %v", pack, a.Sources, err)
					return
				}
			}
		})
	}
	for n := range 30 {
		path := filepath.Join(dir, "facts", "more.yaml")
		text := fmt.Sprintf("article: bees\nsections:\n  - section: what-it-takes\n    facts:\n"+
			"      - {id: m1, kind: skill, subject: Patience, text: \"Edition %d.\", asks: [\"Is patience needed?\"], about: [beekeeper]}\n", n)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if changed, err := lib.Reload(t.Context()); err != nil || !changed {
			t.Fatalf("reload: %v, %v", changed, err)
		}
	}
	close(stop)
	asking.Wait()
}

// second is the honey pack under other names.
func second(t testing.TB) string {
	t.Helper()
	dir := honey(t)
	other := strings.NewReplacer("honey", "wax", "id: bees", "id: candles", "article: bees", "article: candles", "id: beekeeper", "id: chandler",
		"role: beekeeper", "role: chandler", "about: [beekeeper]", "about: [chandler]", "id: smoker", "id: wick", "about: [smoker]", "about: [wick]",
		"id: h1", "id: w1", "id: h2", "id: w2", "[beekeeper, apiarist]", "[chandler]", "[bee smoker, smoker]", "[wick]")
	for _, name := range []string{"pack.yaml", "articles/bees.md", "lexicon/words.yaml", "facts/bees.yaml"} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		src, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(other.Replace(string(src))), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
