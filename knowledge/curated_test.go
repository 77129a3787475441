package knowledge_test

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"careerbot/knowledge"
)

const meetup = `---
title: Next meetup
author: Asha Rao
date: 2026-11-02
---
## Questions

- When is our next **meetup**?
* Where do we meet?

## Answer

On Saturday. See [the plan](https://example.org/plan).

- Doors open at six.

### What to bring

A laptop.
`

// loadOver is the embedded pack with others over it.
func loadOver(packs []fstest.MapFS) (*knowledge.Pack, error) {
	dirs := []fs.FS{knowledge.BuiltinFS()}
	for _, p := range packs {
		dirs = append(dirs, p)
	}
	return knowledge.Load(dirs...)
}

func TestCurated(t *testing.T) {
	t.Parallel()
	p, err := loadOver([]fstest.MapFS{{"curated/meetup.md": {Data: []byte(meetup)}}})
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Curated) != 1 {
		t.Fatalf("%d curated answers, want 1", len(p.Curated))
	}
	c := p.Curated[0]
	if c.ID != "curated/meetup" || c.Title != "Next meetup" || c.Author != "Asha Rao" || c.Date != "2026-11-02" || c.File != "curated/meetup.md" {
		t.Errorf("got %+v", c)
	}
	if want := []string{"When is our next meetup?", "Where do we meet?"}; !slices.Equal(c.Questions, want) {
		t.Errorf("questions %q, want %q", c.Questions, want)
	}
	if want := "On Saturday. See the plan.\n\n- Doors open at six.\n\nWhat to bring\n\nA laptop."; c.Text != want {
		t.Errorf("text %q, want %q", c.Text, want)
	}
}

// TestCuratedLeavesTheRest: the pack below is the same but for its version and the words it knows.
func TestCuratedLeavesTheRest(t *testing.T) {
	t.Parallel()
	bare, err := knowledge.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	p, err := loadOver([]fstest.MapFS{{"curated/meetup.md": {Data: []byte(strings.ReplaceAll(meetup, "meetup", "zumbanight"))}}})
	if err != nil {
		t.Fatal(err)
	}
	if p.Name != bare.Name || p.Command != bare.Command || p.Scope != bare.Scope || len(p.Articles) != len(bare.Articles) {
		t.Errorf("the pack below is changed: %s, %d articles", p.Name, len(p.Articles))
	}
	if p.Version == bare.Version {
		t.Error("the version is that of the pack without curated answers: nothing would be loaded anew")
	}
	if got, want := slices.Collect(p.Documents()), slices.Collect(bare.Documents()); !slices.Equal(got, want) {
		t.Errorf("%d documents, want the same %d as without", len(got), len(want))
	}
	if !p.Lexicon.Known("zumbanight") || p.Lexicon.InDomain("zumbanight") || bare.Lexicon.Known("zumbanight") {
		t.Error("the words of the questions should be known, and not as words of the articles")
	}
}

func TestCuratedTwice(t *testing.T) {
	t.Parallel()
	other := strings.NewReplacer("When is our next **meetup**", "Who comes", "Where do we meet", "May guests come").Replace(meetup)
	for _, tt := range []struct{ name, text, want string }{
		{"same name", other, `curated/meetup.md: two packs hold a curated answer of the name "curated/meetup"; rename one of the files`},
		{"all the same", meetup, `two packs hold a curated answer`},
	} {
		_, err := loadOver([]fstest.MapFS{{"curated/meetup.md": {Data: []byte(meetup)}}, {"curated/meetup.md": {Data: []byte(tt.text)}}})
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %s", tt.name, err, tt.want)
		}
	}
}

// FuzzCurated: nothing in a curated answer makes Load panic, and what is taken has all its parts.
func FuzzCurated(f *testing.F) {
	f.Add([]byte(meetup))
	f.Add([]byte("---\ntitle: [\n---\n## Questions\n## Answer"))
	f.Add([]byte("## Questions\n- \n1. \n### x\n## Answer\n### y\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		p, err := load([]fstest.MapFS{pack("a"), {"curated/a.md": {Data: src}}})
		if err != nil {
			if !strings.Contains(err.Error(), "; ") {
				t.Errorf("no remedy in %v", err)
			}
			return
		}
		for _, c := range p.Curated {
			if c.Title == "" || c.Author == "" || len(c.Date) != len("2006-01-02") || len(c.Questions) == 0 || c.Text == "" {
				t.Errorf("taken without all its parts: %+v", c)
			}
		}
	})
}
